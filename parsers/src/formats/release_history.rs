//! What was released when, as `helm history`, `helm list` and `argocd app history` print it.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{ChangeState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::pod;
use crate::token::text::first_line;
use crate::token::{Found, NOT, date, time};
use memchr::memmem;
use nom::Parser;
use nom::branch::alt;
use nom::bytes::complete::{tag, take_while1};
use nom::character::complete::digit1;
use nom::combinator::{opt, rest, verify};
use nom::sequence::{preceded, terminated};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "release-history",
    title: "Release history (Helm, Argo CD)",
    reference: "https://helm.sh/docs/helm/helm_history/",
    cut: Cut::Line,
    specificity: 85,
    hint: |i| {
        i.first().is_some_and(u8::is_ascii_digit)
            || STATUSES
                .iter()
                .any(|s| memmem::find(i, s.as_bytes()).is_some())
            || is_header(i)
    },
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/release-history/input.txt"),
};

/// Those of Helm, the longer before what they begin with. A release that another has superseded
/// was live once.
const STATUSES: &[&str] = &[
    "deployed",
    "superseded",
    "failed",
    "uninstalled",
    "uninstalling",
    "pending-install",
    "pending-upgrade",
    "pending-rollback",
    "unknown",
];

struct Row<'a> {
    /// The release, where the table has several.
    name: Option<&'a [u8]>,
    namespace: Option<&'a [u8]>,
    id: &'a [u8],
    at: Reading,
    status: Option<&'a [u8]>,
    /// Name and version.
    chart: Option<&'a [u8]>,
    version: Option<&'a [u8]>,
    description: &'a [u8],
}

/// A row of which a command line or a heading above it tells more: `$ helm history basket -n staging`.
struct Above<'a> {
    release: Option<&'a str>,
    place: Option<&'a str>,
}

/// The commands whose output a file is: for each row the row, the release and the namespace, where they are told.
fn learn(head: &[u8]) -> Layout {
    let mut above = None;
    let mut columns: Vec<String> = Vec::new();
    for range in cut::lines(head) {
        let line = head.get(range).unwrap_or_default().trim_ascii();
        let Ok(text) = std::str::from_utf8(line) else {
            continue;
        };
        if let Some(found) = asked(text) {
            above = Some(found);
        } else if let (Some(above), false) = (&above, is_header(line)) {
            let told = [Some(text), above.release, above.place];
            columns.extend(told.map(|t| t.unwrap_or_default().to_owned()));
        }
    }
    Layout {
        columns,
        ..Layout::default()
    }
}

/// What a line says of the table below it: a command, or a heading with an environment's name.
fn asked(line: &str) -> Option<Above<'_>> {
    const LONGEST: usize = 200;
    if line.len() > LONGEST {
        return None;
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let valued = |names: &[&str]| {
        words
            .iter()
            .enumerate()
            .find_map(|(n, word)| match word.split_once('=') {
                Some((name, value)) if names.contains(&name) => Some(value),
                None if names.contains(word) => words.get(n + 1).copied(),
                _ => None,
            })
    };
    let Some(at) = words.iter().position(|w| *w == "helm") else {
        let mark = |c: char| !c.is_ascii_alphanumeric();
        let bare = words.iter().map(|w| w.trim_matches(mark));
        let mut bare: Vec<&str> = bare.filter(|w| !w.is_empty()).collect();
        bare.retain(|w| !["environment", "namespace", "env"].contains(w));
        let place = match *bare.as_slice() {
            [word] => pod::environment(word),
            _ => None,
        };
        return place.map(|place| Above {
            release: None,
            place: Some(place),
        });
    };
    let place = valued(&["-n", "--namespace", "--kube-context"]);
    let asks = words
        .iter()
        .skip(at)
        .position(|w| ["history", "hist", "list", "ls"].contains(w))?;
    let release = words.get(at + asks + 1).copied();
    let release = release.filter(|w| {
        words.get(at + asks).is_some_and(|c| c.starts_with("hist")) && !w.starts_with('-')
    });
    Some(Above { release, place })
}

/// What is known of a row from above it.
fn above<'l>(line: &[u8], layout: &'l Layout) -> Above<'l> {
    let rows = layout.columns.chunks_exact(3);
    let mut own = rows.filter(|row| {
        row.first()
            .is_some_and(|r| r.as_bytes() == line.trim_ascii())
    });
    let told =
        |row: &'l [String], n: usize| row.get(n).map(String::as_str).filter(|t| !t.is_empty());
    match (own.next(), own.next()) {
        (Some(row), None) => Above {
            release: told(row, 1),
            place: told(row, 2),
        },
        _ => Above {
            release: None,
            place: None,
        },
    }
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (line, _) = first_line(entry);
    if is_header(line) {
        return Some(());
    }
    let above = above(line, cx.layout);
    let own = |told: Option<&str>| told.map(|t| Cow::Owned(t.to_owned()));
    let (_, row) = alt((helm_history, helm_list, argocd)).parse(line).ok()?;
    let text = |bytes: &'a [u8]| String::from_utf8_lossy(bytes);
    let state = match row.status {
        Some(b"failed") => ChangeState::Failed,
        Some(status) if status.starts_with(b"pending") || status == b"uninstalling" => {
            ChangeState::Started
        }
        _ => ChangeState::Finished,
    };
    let description = text(row.description.trim_ascii());
    let kind = if description.starts_with("Rollback to") {
        "rollback"
    } else {
        "deploy"
    };
    let (chart, chart_version) = row.chart.and_then(chart).unzip();
    let service = row.name.map(text).or_else(|| own(above.release));
    let service = service.or_else(|| chart.map(text));
    let version = row.version.or(chart_version).map(text);
    let mut said = vec![kind];
    said.extend(service.as_deref());
    said.extend(version.as_deref());
    let mut message = said.join(" ");
    if !description.is_empty() {
        message = format!("{message}: {description}");
    }
    let mut record = Record::new(Kind::Change(state), message);
    record.at = Some(row.at);
    record.service = service;
    record.fields.push(field::CHANGE, kind);
    record.fields.push(field::ID, text(row.id));
    let named = [
        (
            "namespace",
            row.namespace.map(text).or_else(|| own(above.place)),
        ),
        ("chart", row.chart.map(text)),
        ("status", row.status.map(text)),
        (field::VERSION, version),
    ];
    record.fields.push_known(named);
    out.push(record);
    Some(())
}

fn is_header(line: &[u8]) -> bool {
    let mut words = line
        .split(u8::is_ascii_whitespace)
        .filter(|w| !w.is_empty());
    match words.next() {
        Some(b"SOURCE") => {
            words.next().is_some_and(|w| w.contains(&b':')) && words.next().is_none()
        }
        Some(b"ID") => words.eq([b"DATE".as_slice(), b"REVISION"]),
        Some(b"REVISION") => words.next() == Some(b"UPDATED"),
        Some(b"NAME") => {
            words
                .by_ref()
                .take(3)
                .eq([b"NAMESPACE".as_slice(), b"REVISION", b"UPDATED"])
        }
        _ => false,
    }
}

/// `3  Mon Jun  3 10:14:20 2024  superseded  basket-1.4.2  2024.6.1  Upgrade complete`
fn helm_history(i: &[u8]) -> Found<'_, Row<'_>> {
    let ctime = preceded((date::weekday, gap), time::any(date::Order::default()));
    let (i, id) = terminated(digit1, gap).parse(i)?;
    let (i, at) = terminated(ctime, gap).parse(i)?;
    let (i, status) = terminated(status, gap).parse(i)?;
    let (i, chart) = chart_name(i)?;
    // Nothing tells an application's version from a description but where the column begins.
    let (i, version) = opt(preceded(gap, terminated(is_version, columns))).parse(i)?;
    let (i, description) = rest(i)?;
    let row = Row {
        name: None,
        namespace: None,
        id,
        at,
        status: Some(status),
        chart: Some(chart),
        version,
        description,
    };
    Ok((i, row))
}

/// `basket  shop  3  2024-06-03 10:14:20.123456789 +0000 UTC  deployed  basket-1.4.2  2024.6.1`
fn helm_list(i: &[u8]) -> Found<'_, Row<'_>> {
    let (i, name) = terminated(word, gap).parse(i)?;
    let (i, namespace) = terminated(word, gap).parse(i)?;
    let (i, id) = terminated(digit1, gap).parse(i)?;
    let (i, at) = terminated(go_time, gap).parse(i)?;
    let (i, status) = terminated(status, gap).parse(i)?;
    let (i, chart) = chart_name(i)?;
    let (i, version) = opt(preceded(gap, is_version)).parse(i)?;
    let row = Row {
        name: Some(name),
        namespace: Some(namespace),
        id,
        at,
        status: Some(status),
        chart: Some(chart),
        version,
        description: b"",
    };
    Ok((i, row))
}

/// `8  2024-06-03 12:14:20 +0200 CEST  main (b7d0e44)`
fn argocd(i: &[u8]) -> Found<'_, Row<'_>> {
    let (i, id) = terminated(digit1, columns).parse(i)?;
    let (i, at) = terminated(go_time, columns).parse(i)?;
    let (i, version) = verify(rest, |v: &[u8]| !v.trim_ascii().is_empty()).parse(i)?;
    let row = Row {
        name: None,
        namespace: None,
        id,
        at,
        status: None,
        chart: None,
        version: Some(version.trim_ascii()),
        description: b"",
    };
    Ok((i, row))
}

/// A time as Go prints it: date, time, offset and the zone's abbreviation, which says no more.
fn go_time(i: &[u8]) -> Found<'_, Reading> {
    let zone =
        take_while1(|b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b"+-".contains(&b));
    let (rest, at) = time::iso(i)?;
    let (rest, _) = opt(preceded(tag(" "), zone)).parse(rest)?;
    let words = i[..i.len() - rest.len()].split(|b| *b == b' ').count();
    match rest.first() {
        Some(b' ' | b'\t') if words == 4 => Ok((rest, at)),
        _ => Err(NOT),
    }
}

fn status(i: &[u8]) -> Found<'_, &[u8]> {
    verify(word, |w: &[u8]| STATUSES.iter().any(|s| s.as_bytes() == w)).parse(i)
}

fn chart_name(i: &[u8]) -> Found<'_, &[u8]> {
    verify(word, |w: &[u8]| chart(w).is_some()).parse(i)
}

/// `basket-api-1.4.2`: the version begins behind the first hyphen that a digit follows.
fn chart(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = name
        .windows(2)
        .position(|w| w[0] == b'-' && w[1].is_ascii_digit())?;
    Some((&name[..at], &name[at + 1..]))
}

fn is_version(i: &[u8]) -> Found<'_, &[u8]> {
    verify(word, |w: &[u8]| w.iter().any(u8::is_ascii_digit)).parse(i)
}

fn gap(i: &[u8]) -> Found<'_, &[u8]> {
    take_while1(|b| b == b' ' || b == b'\t').parse(i)
}

/// What stands between columns, and not between words.
fn columns(i: &[u8]) -> Found<'_, &[u8]> {
    verify(gap, |g: &[u8]| g.len() > 1 || g == b"\t").parse(i)
}

fn word(i: &[u8]) -> Found<'_, &[u8]> {
    take_while1(|b: u8| !b.is_ascii_whitespace()).parse(i)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(line: &str) -> Vec<String> {
        let mut out = Vec::new();
        let layout = Layout::default();
        (FORMAT.hint)(line.as_bytes())
            .then(|| parse(line.as_bytes(), &Context { layout: &layout }, &mut out));
        out.iter()
            .map(|r| format!("{} {}", r.service.as_deref().unwrap_or("-"), r.message))
            .collect()
    }

    #[test]
    fn tables_of_three_commands() {
        for (line, expected) in [
            (
                "4  \tWed Oct  9 16:02:11 2024\tdeployed  \tparcel-desk-0.9.1\t7.3.0      \tRollback to 2",
                "parcel-desk rollback parcel-desk 7.3.0: Rollback to 2",
            ),
            (
                "5  Wed Oct  9 16:12:00 2024  failed  parcel-desk-0.9.2  Upgrade \"p\" failed",
                "parcel-desk deploy parcel-desk 0.9.2: Upgrade \"p\" failed",
            ),
            (
                "tram\tcity\t12\t2024-10-09 16:02:11.5 +0000 UTC\tdeployed\trail-3.0.0\t",
                "tram deploy tram 3.0.0",
            ),
            (
                "17      2024-10-09 18:02:11 +0200 CEST  release (0c1d2e3)",
                "- deploy release (0c1d2e3)",
            ),
        ] {
            assert_eq!(read(line), [expected], "{line}");
        }
    }

    #[test]
    fn a_command_tells_whose_history_follows() {
        let file = b"$ helm history tram -n staging\n\
            REVISION  UPDATED  STATUS  CHART  APP VERSION  DESCRIPTION\n\
            3  Wed Oct  9 16:02:11 2024  deployed  rail-0.9.1  7.3.1  Upgrade complete\n\
            \n== production ==\n\
            8  Wed Oct  9 16:22:11 2024  deployed  rail-0.9.1  7.3.0  Rollback to 7\n\
            # helm --namespace=city hist ferry\n\
            5  Wed Oct  9 17:22:11 2024  deployed  rail-0.9.1  7.3.0  Rollback to 4\n";
        let layout = learn(file);
        let told = |row: &str| {
            let mut out = Vec::new();
            parse(row.as_bytes(), &Context { layout: &layout }, &mut out);
            let of = |r: &Record<'_>| format!("{:?} {:?}", r.service, r.fields.text("namespace"));
            out.iter().map(of).collect::<String>()
        };
        for (row, expected) in [
            (
                "3  Wed Oct  9 16:02:11 2024  deployed  rail-0.9.1  7.3.1  Upgrade complete",
                r#"Some("tram") Some("staging")"#,
            ),
            (
                "8  Wed Oct  9 16:22:11 2024  deployed  rail-0.9.1  7.3.0  Rollback to 7",
                r#"Some("rail") Some("production")"#,
            ),
            (
                "5  Wed Oct  9 17:22:11 2024  deployed  rail-0.9.1  7.3.0  Rollback to 4",
                r#"Some("ferry") Some("city")"#,
            ),
            (
                "6  Wed Oct  9 17:42:11 2024  deployed  rail-0.9.1  7.3.0  Rollback to 4",
                r#"Some("rail") None"#,
            ),
        ] {
            assert_eq!(told(row), expected, "{row}");
        }
    }

    #[test]
    fn other_lines_are_not_theirs() {
        for line in [
            "17 2024-10-09 18:02:11 +0200 worker started",
            "17  2024-10-09 18:02:11  worker started",
            "2024-10-09 18:02:11 deployed parcel-desk-0.9.1",
            "tram city 12 2024-10-09 16:02:11 +0000 UTC running rail-3.0.0",
        ] {
            assert_eq!(read(line), Vec::<String>::new(), "{line}");
        }
    }
}
