//! What counts about a request: what it asked for, how it ended, how long it took.

use super::What;
use recon_parsers::record::field;
use recon_parsers::{Kind, Record};

/// The step that a duration falls on; two steps double it. Steps, unlike quantiles, can be
/// counted in parts.
#[must_use]
pub fn took(milliseconds: f64) -> Option<u8> {
    if !milliseconds.is_finite() || milliseconds < 0.0 {
        return None;
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let micros = (milliseconds * 1000.0).min(1e15) as u64;
    let Some(high) = micros.checked_ilog2() else {
        return Some(0);
    };
    let half = high
        .checked_sub(1)
        .map_or(0, |below| u8::from(micros >> below & 1 == 1));
    u8::try_from(high).ok().map(|h| 2 * h + half)
}

/// How a request ended: [`What::Requests`] if well, [`What::Failed`], [`What::Denied`],
/// [`What::Gone`];
/// `None` if the record is no request. Health checks are none.
pub(super) fn outcome(record: &Record<'_>) -> Option<What> {
    if record.kind != Kind::Access {
        return None;
    }
    let status = record.fields.get(field::STATUS)?.as_f64()?;
    #[allow(clippy::cast_possible_truncation)]
    outcome_of(Some(status as i64), record.fields.text(field::PATH))
}

/// The same of a request with this status and path.
#[must_use]
pub fn outcome_of(status: Option<i64>, path: Option<&str>) -> Option<What> {
    if path.is_some_and(is_probe) {
        return None;
    }
    Some(match status? {
        500.. => What::Failed,
        401 | 403 | 408 | 429 => What::Denied,
        // What nginx and a load balancer of AWS write where the client left first.
        460 | 499 => What::Gone,
        // Envoy and CloudFront write no status then; to a remote call zero is that all went well.
        ..=0 if path.is_some_and(|p| !is_call(p)) => What::Gone,
        _ => What::Requests,
    })
}

/// Whether a path names a method of a package rather than a page: `/harbour.v1.Berths/List`.
fn is_call(path: &str) -> bool {
    let service = path.trim_start_matches('/').split_once('/');
    service.is_some_and(|(name, _)| name.contains('.'))
}

/// Paths that monitoring asks for rather than people.
fn is_probe(path: &str) -> bool {
    const PROBES: [&str; 9] = [
        "/health",
        "/healthz",
        "/healthcheck",
        "/ready",
        "/readyz",
        "/livez",
        "/ping",
        "/metrics",
        "/status",
    ];
    PROBES.contains(&path.trim_end_matches('/'))
}

/// Spells out what a request asked for: its method and its path with the values masked.
pub fn operation_into(text: &mut String, method: Option<&str>, path: Option<&str>) {
    let path = path.unwrap_or("*");
    let path = path.split(['?', '#']).next().unwrap_or(path);
    text.push_str(method.unwrap_or("*"));
    text.push(' ');
    for (n, segment) in path.split('/').enumerate() {
        if n > 0 {
            text.push('/');
        }
        let version = segment.len() <= 3 && segment.starts_with('v');
        let value = segment.bytes().any(|b| b.is_ascii_digit()) && !version || segment.len() > 40;
        text.push_str(if value { "*" } else { segment });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_went_away_was_not_refused() {
        let of = |status: i64, path: &str| outcome_of(Some(status), Some(path));
        assert_eq!(of(499, "/berths"), Some(What::Gone));
        assert_eq!(of(460, "/berths"), Some(What::Gone));
        assert_eq!(of(0, "/berths/7"), Some(What::Gone));
        assert_eq!(of(429, "/berths"), Some(What::Denied));
        assert_eq!(of(503, "/berths"), Some(What::Failed));
        assert_eq!(of(404, "/berths"), Some(What::Requests));
    }

    #[test]
    fn zero_is_well_for_a_remote_call() {
        let call = Some("/harbour.v1.Berths/List");
        assert_eq!(outcome_of(Some(0), call), Some(What::Requests));
        assert_eq!(outcome_of(Some(0), None), Some(What::Requests));
    }
}
