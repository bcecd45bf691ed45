//! Access logs of AWS load balancers, application, classic and network (TLS):
//! `https 2024-01-19T10:30:02.186641Z app/shop/50dc6c 192.0.2.7:2817 10.0.0.1:80 0.001 5.048 0.000 502 502 34 366 "GET …"`.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record, field};
use crate::token::text::{first_line, quoted, text, word};
use crate::token::{blank, time};

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "aws-elb",
    title: "AWS load balancer access log",
    reference: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
    cut: Cut::Line,
    specificity: 90,
    hint: |i| {
        i.first()
            .is_some_and(|b| b.is_ascii_digit() || b"hgwt".contains(b))
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/aws-elb/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    if let Some(rest) = line.strip_prefix(b"tls ") {
        out.push(network(line, rest)?);
        return Some(());
    }
    let dated = ["https ", "http ", "h2 ", "grpcs ", "ws ", "wss "]
        .iter()
        .find_map(|scheme| line.strip_prefix(scheme.as_bytes()))
        .unwrap_or(line);
    let (rest, at) = time::iso(dated).ok()?;
    let (rest, balancer) = word(blank(rest)).ok()?;
    let (rest, client) = word(blank(rest)).ok()?;
    let (rest, target) = word(blank(rest)).ok()?;
    let (rest, latency) = latency(rest)?;
    let said = blank(rest);
    let (rest, status) = word(said).ok()?;
    // Of a connection that is no request there is none.
    let status: Option<i64> = match status {
        b"-" => None,
        status => Some(std::str::from_utf8(status).ok()?.parse().ok()?),
    };
    let open = memchr::memchr(b'"', rest)?;
    let (rest, request) = quoted(rest.get(open..)?).ok()?;
    let (address, _) = port_off(client)?;

    let mut record = Record::new(Kind::Access, text(said.get(..said.len() - rest.len())?));
    record.at = Some(at);
    record.fields.push("balancer", balancer);
    record.fields.push(field::CLIENT, address);
    if target != b"-" {
        record.fields.push("upstream", target);
    }
    if let Some(status) = status {
        record.fields.push(field::STATUS, status);
    }
    if let Some(ms) = latency {
        record.fields.push(field::LATENCY_MS, ms);
    }
    asked(&mut record, request);
    if let Some(trace) = memchr::memmem::find(rest, b"\"Root=")
        && let Some(Ok((_, id))) = rest.get(trace..).map(quoted)
    {
        record.fields.push(field::REQUEST_ID, id);
    }
    out.push(record);
    Some(())
}

/// `2.0 time balancer listener client:port target:port connection-ms handshake-ms …`.
fn network<'a>(line: &'a [u8], i: &'a [u8]) -> Option<Record<'a>> {
    let (rest, version) = word(i).ok()?;
    let numbered = version.iter().all(|b| b.is_ascii_digit() || *b == b'.');
    let (rest, at) = time::iso(blank(rest)).ok().filter(|_| numbered)?;
    let mut words = rest.split(|b| *b == b' ').filter(|w| !w.is_empty());
    let (balancer, _listener) = (words.next()?, words.next()?);
    let (client, target) = (words.next()?, words.next()?);
    let mut numbers = words.by_ref().take(4).map(|w| {
        let number = std::str::from_utf8(w).ok()?;
        number.parse::<i64>().ok()
    });
    let (took, handshake) = (numbers.next()?, numbers.next()?);
    let (received, sent) = (numbers.next()?, numbers.next()?);
    let alert = words.next()?;
    let domain = words.nth(5).filter(|d| *d != b"-");

    let mut record = Record::new(Kind::Access, text(line));
    record.at = Some(at);
    record.fields.push("balancer", balancer);
    record.fields.push(field::CLIENT, port_off(client)?.0);
    if target != b"-" {
        record.fields.push("upstream", target);
    }
    #[allow(clippy::cast_precision_loss)]
    if let Some(ms) = took.filter(|ms| *ms >= 0) {
        record.fields.push(field::LATENCY_MS, ms as f64);
    }
    for (name, number) in [
        ("handshake_ms", handshake),
        ("bytes_received", received),
        ("bytes", sent),
    ] {
        if let Some(number) = number {
            record.fields.push(name, number);
        }
    }
    if alert != b"-" {
        record.fields.push(field::ERROR, alert);
    }
    if let Some(domain) = domain {
        record.fields.push("vhost", domain);
    }
    Some(record)
}

fn port_off(i: &[u8]) -> Option<(&[u8], &[u8])> {
    let colon = i.iter().rposition(|b| *b == b':')?;
    Some((i.get(..colon)?, i.get(colon + 1..)?))
}

/// Seconds to the target, in the target and back: milliseconds in all, unless one
/// of them is -1 because the target did not answer.
fn latency(i: &[u8]) -> Option<(&[u8], Option<f64>)> {
    let (mut rest, mut total) = (i, Some(0.0));
    for _ in 0..3 {
        let (after, token) = word(blank(rest)).ok()?;
        let seconds: f64 = std::str::from_utf8(token).ok()?.parse().ok()?;
        total = total.filter(|_| seconds >= 0.0).map(|t| t + seconds);
        rest = after;
    }
    // To the microsecond, as the parts are written.
    Some((rest, total.map(|t| (t * 1e6).round() / 1e3)))
}

/// `GET https://shop.example.com:443/cart?id=7 HTTP/1.1`.
fn asked<'a>(record: &mut Record<'a>, request: &'a [u8]) {
    let mut words = request.split(|b| *b == b' ');
    let (Some(method), Some(url)) = (words.next(), words.next()) else {
        return;
    };
    let path = memchr::memmem::find(url, b"://")
        .and_then(|n| url.get(n + 3..))
        .and_then(|host| host.get(memchr::memchr(b'/', host)?..))
        .unwrap_or(url);
    if method != b"-" {
        record.fields.push(field::METHOD, method);
        let path = path.split(|b| *b == b'?').next().unwrap_or(path);
        record.fields.push(field::PATH, path);
    }
}
