//! The heartbeats of Uptime Kuma's database as a table: `id,important,monitor_id,status,msg,time,ping,duration`. Of all
//! beats only those that change a monitor's state are important. Times are UTC and do not say so.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{AlertState, Kind, Record, field};
use crate::stamp::{Reading, When};
use crate::token::table::{Head, Row};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "uptime-kuma-csv",
    title: "Uptime Kuma's heartbeats (CSV)",
    reference: "https://github.com/louislam/uptime-kuma",
    cut: Cut::Csv,
    specificity: 88,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/uptime-kuma-csv/input.csv"),
};

const NAMES: &[&str] = &["monitorname", "name", "monitor", "pathname"];
const IDS: &[&str] = &["monitorid"];
const TIMES: &[&str] = &["time", "datetime", "timestamp"];

fn learn(head: &[u8]) -> Layout {
    let Some(head) = Head::of(head) else {
        return Layout::default();
    };
    let named = head.has(IDS) || head.has(&["monitorname", "monitor"]);
    let beats = head.has(&["important"]) || head.has(&["downcount"]);
    if !(named && beats && head.has(&["status"]) && head.has(TIMES)) {
        return Layout::default();
    }
    head.layout()
}

fn state(cell: &str) -> Option<AlertState> {
    Some(match cell.to_ascii_lowercase().as_str() {
        "0" | "down" | "false" => AlertState::Firing,
        "1" | "up" | "true" => AlertState::Resolved,
        "2" | "pending" => AlertState::Pending,
        "3" | "maintenance" => AlertState::Unknown,
        _ => return None,
    })
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let Some(row) = Row::of(entry, cx.layout)? else {
        return Some(()); // the header
    };
    let state = state(row.text(&["status"])?)?;
    let at = universal(row.time(TIMES)?);
    let important = row.text(&["important"]);
    // Between two changes it only says the same again.
    if important.is_some_and(|i| matches!(i, "0" | "false" | "False")) {
        return Some(());
    }
    let id = row.text(IDS).map(str::to_owned);
    let name = row.text(NAMES).map(str::to_owned);
    let name = name.or_else(|| Some(format!("monitor {}", id.as_deref()?)))?;
    let said = row.text(&["msg", "message"]).map(str::to_owned);
    let mut record = Record::new(Kind::Alert(state), said.unwrap_or_else(|| name.clone()));
    record.at = Some(at);
    record.service = Some(name.clone().into());
    record.fields.push(field::ID, name.clone());
    record.fields.push(field::ALERT, name);
    record.fields.push_known([("monitor_id", id)]);
    out.push(record);
    Some(())
}

fn universal(at: Reading) -> Reading {
    match at.when {
        When::Local(_) => at.at_offset(0),
        _ => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_heartbeats() {
        for (head, beats) in [
            (
                "id,important,monitor_id,status,msg,time,ping\n1,1,7,0,x,2025-06-02 13:02:11,\n",
                true,
            ),
            (
                "monitor_name,status,time,important\nKiosk,0,2025-06-02 13:02:11,1\n",
                true,
            ),
            (
                "id,monitor,status,opened\n1,Kiosk,down,2025-06-02 13:02:11\n",
                false,
            ),
            ("time,important,message\n2025-06-02 13:02:11,1,x\n", false),
        ] {
            assert_eq!(learn(head.as_bytes()) != Layout::default(), beats, "{head}");
        }
    }
}
