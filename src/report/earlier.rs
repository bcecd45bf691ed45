//! Reports that an earlier run wrote, found among the inputs of this one.

use super::json::{Report, SCHEMA};
use crate::source::{Extent, Found, Input, Unread};
use std::io;

/// The schema is the first key of a report; a file that does not name it this early is a log.
const HEAD: u64 = 4096;

/// Takes the reports out of the inputs. One that names the schema but cannot be read as such
/// moves to the unread: taken for a log, its quotations would be counted as new evidence.
pub fn take(found: &mut Found) -> io::Result<Vec<Report>> {
    let mut reports = Vec::new();
    let mut rest = Vec::new();
    for input in std::mem::take(&mut found.inputs) {
        if !claims_to_be_one(&input)? {
            rest.push(input);
            continue;
        }
        match read(&input)? {
            Ok(report) => reports.push(report),
            Err(reason) => found.unread.push(Unread {
                path: input.path,
                reason,
                extent: Extent::Whole,
            }),
        }
    }
    found.inputs = rest;
    found.unread.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(reports)
}

fn claims_to_be_one(input: &Input) -> io::Result<bool> {
    let mut head = Vec::new();
    input.text.read(0, HEAD, &mut head)?;
    let object = head
        .trim_ascii_start()
        .strip_prefix(b"{")
        .map(<[u8]>::trim_ascii_start);
    let value = object
        .and_then(|o| o.strip_prefix(b"\"schema\""))
        .map(<[u8]>::trim_ascii_start)
        .and_then(|o| o.strip_prefix(b":"))
        .map(<[u8]>::trim_ascii_start);
    Ok(value.is_some_and(|v| v.starts_with(b"\"recon.report/")))
}

fn read(input: &Input) -> io::Result<Result<Report, String>> {
    let mut bytes = Vec::new();
    input.text.read(0, input.text.len(), &mut bytes)?;
    Ok(match serde_json::from_slice::<Report>(&bytes) {
        Ok(report) if report.schema == SCHEMA => Ok(report),
        Ok(report) => Err(format!(
            "is a report of schema {}, and this recon reads {SCHEMA}; write it anew from its inputs",
            report.schema
        )),
        Err(e) => Err(format!("names schema {SCHEMA} but is no such report: {e}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Limits, discover};

    #[test]
    fn reports_are_told_from_logs_and_from_other_schemas() {
        let folder = tempfile::tempdir().expect("a folder");
        let put = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("a file");
        };
        put(
            "a.json",
            "{\n  \"schema\": \"recon.report/1\", \"incidents\": []\n}\n",
        );
        put("b.json", "{\"schema\":\"recon.report/9\"}");
        put("c.json", "{\"schema\":\"recon.report/1\", \"incid");
        put(
            "d.log",
            "{\"msg\":\"wrote it\",\"schema\":\"recon.report/1\"}\n",
        );
        let mut found = discover(&[folder.path().to_owned()], Limits::default());
        let reports = take(&mut found).expect("readable files");
        assert_eq!(reports.len(), 1);
        let rest: Vec<_> = found.inputs.iter().map(|i| &i.path[..]).collect();
        assert!(matches!(rest[..], [d] if d.ends_with("d.log")), "{rest:?}");
        let reasons: Vec<_> = found.unread.iter().map(|u| &u.reason[..]).collect();
        assert!(
            matches!(reasons[..], [b, c] if b.contains("recon.report/9") && c.contains("no such")),
            "{reasons:?}"
        );
    }
}
