//! Access logs of AWS load balancers, application and classic:
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
            .is_some_and(|b| b.is_ascii_digit() || b"hgw".contains(b))
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/aws-elb/input.log"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
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
    let status: i64 = std::str::from_utf8(status).ok()?.parse().ok()?;
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
    record.fields.push(field::STATUS, status);
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
