//! Bulk logs of four services in four formats, with one incident in the middle: the same
//! seed gives the same bytes.

use chrono::{DateTime, SecondsFormat, Utc};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// 2025-09-01T06:00:00Z.
const START: i64 = 1_756_706_400;
/// Seconds that the logs cover: six hours.
const SPAN: i64 = 6 * 3600;
/// Seconds after the start between which things fail.
const FAULT: std::ops::Range<i64> = 3 * 3600..3 * 3600 + 2400;

/// splitmix64: small, seeded, good enough for traffic.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn of<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let n = self.below(choices.len() as u64);
        choices[usize::try_from(n).unwrap_or(0)]
    }
}

/// One line: the generator, the time, and whether the fault is on.
type Line = fn(&mut Rng, DateTime<Utc>, bool) -> String;

const FILES: [(&str, Line); 4] = [
    ("edge-access.log", access),
    ("checkout.log", logfmt),
    ("pricing.jsonl", json),
    ("mail.log", syslog),
];

/// Writes `size` bytes of logs and an alert into a folder; gives back the bytes written.
pub(super) fn write(folder: &Path, size: usize) -> io::Result<u64> {
    let mut total = 0;
    for (n, (name, line)) in (0..).zip(FILES) {
        let mut rng = Rng(n);
        let mut out = BufWriter::new(File::create(folder.join(name))?);
        let share = size / FILES.len();
        let mut written = 0;
        while written < share {
            let nanos = i128::from(SPAN) * 1_000_000_000 * written as i128 / share as i128;
            let nanos = i64::try_from(nanos).unwrap_or(i64::MAX);
            let at = DateTime::from_timestamp_nanos(START * 1_000_000_000 + nanos);
            let failing = FAULT.contains(&(at.timestamp() - START));
            let text = line(&mut rng, at, failing);
            writeln!(out, "{text}")?;
            written += text.len() + 1;
        }
        out.flush()?;
        total += written as u64;
    }
    std::fs::write(folder.join("alerts.jsonl"), alert())?;
    Ok(total + alert().len() as u64)
}

fn millis(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

fn access(rng: &mut Rng, at: DateTime<Utc>, failing: bool) -> String {
    let path = rng.of(&["/cart", "/checkout", "/search?q=lamp", "/item/4411", "/"]);
    let failed = failing && path == "/checkout" && rng.below(10) < 6;
    let status = if failed { 503 } else { 200 };
    format!(
        "198.51.100.{} - - [{}] \"GET {path} HTTP/1.1\" {status} {} \"-\" \"Mozilla/5.0\" rt=0.{:03} user=u{}",
        rng.below(250),
        at.format("%d/%b/%Y:%H:%M:%S %z"),
        rng.below(9000),
        rng.below(900),
        rng.below(5000)
    )
}

fn logfmt(rng: &mut Rng, at: DateTime<Utc>, failing: bool) -> String {
    let user = rng.below(5000);
    if failing && rng.below(10) < 4 {
        return format!(
            "ts={} level=error svc=checkout msg=\"price lookup timed out\" user=u{user} after_ms=3000",
            millis(at)
        );
    }
    let what = rng.of(&[
        "cart loaded",
        "address checked",
        "order stored",
        "voucher applied",
    ]);
    format!(
        "ts={} level=info svc=checkout msg=\"{what}\" user=u{user} took_ms={}",
        millis(at),
        rng.below(400)
    )
}

fn json(rng: &mut Rng, at: DateTime<Utc>, failing: bool) -> String {
    let (level, message) = if failing && rng.below(10) < 3 {
        ("error", "connection pool exhausted")
    } else {
        (
            "info",
            rng.of(&["price computed", "rate refreshed", "cache hit"]),
        )
    };
    format!(
        "{{\"time\":\"{}\",\"level\":\"{level}\",\"service\":\"pricing\",\"msg\":\"{message}\",\"sku\":{},\"request_id\":\"{:016x}\"}}",
        millis(at),
        rng.below(100_000),
        rng.next()
    )
}

fn syslog(rng: &mut Rng, at: DateTime<Utc>, _: bool) -> String {
    format!(
        "<22>1 {} mx1.example.net postfix {} - - {:010X}: to=<u{}@example.com>, status=sent (250 2.0.0 Ok)",
        millis(at),
        rng.below(30_000),
        rng.below(1 << 40),
        rng.below(5000)
    )
}

fn alert() -> String {
    let at = |after: i64| {
        millis(DateTime::from_timestamp_nanos(
            (START + FAULT.start + after) * 1_000_000_000,
        ))
    };
    format!(
        "{{\"receiver\":\"oncall\",\"status\":\"firing\",\"alerts\":[{{\"status\":\"firing\",\"labels\":{{\"alertname\":\"CheckoutErrors\",\"service\":\"checkout\",\"severity\":\"critical\"}},\"annotations\":{{\"summary\":\"checkout fails\"}},\"startsAt\":\"{}\",\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"http://prometheus.example.net/\",\"fingerprint\":\"6f1d2c3b4a596877\"}}],\"groupLabels\":{{}},\"commonLabels\":{{}},\"commonAnnotations\":{{}},\"externalURL\":\"http://alertmanager.example.net\",\"version\":\"4\",\"groupKey\":\"checkout\",\"truncatedAlerts\":0}}\n",
        at(120)
    )
}
