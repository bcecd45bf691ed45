//! Requests for change as service desks (ServiceNow, Jira Service Management and their like) export them
//! to CSV, by the names of columns that [`Request`] knows.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::token::change::{Request, plain};
use crate::token::csv;
use crate::token::table::Heading;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "change-requests",
    title: "Requests for change (CSV)",
    reference: "https://www.servicenow.com/docs/bundle/washingtondc-it-service-management/page/product/change-management/concept/c_ITILChangeManagement.html",
    cut: Cut::Csv,
    specificity: 84,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/change-requests/input.csv"),
};

fn learn(head: &[u8]) -> Layout {
    let head = csv::unmarked(head);
    let mut rows = cut::csv(head, 0, true).0.into_iter();
    let mut row = || rows.next().and_then(|r| head.get(r));
    let Some(header) = row() else {
        return Layout::default();
    };
    let separator = csv::separator(header);
    let header = csv::cells(header, separator);
    let names: Vec<String> = header.iter().map(|n| plain(n)).collect();
    let first = row().map(|r| csv::cells(r, separator)).unwrap_or_default();
    if !Request::is_told_by(&names, Request::id(&names, &first)) {
        return Layout::default();
    }
    Layout::of_table(separator, header.into_iter().map(Cow::into_owned))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (names, cells) = cx.layout.row(entry)?;
    if cells.iter().zip(names).all(|(cell, name)| cell == name) {
        return Some(()); // the header
    }
    if cells.len() > names.len() {
        return None;
    }
    // Jira repeats a column for each of several values.
    let plain: Vec<String> = names.iter().map(|n| plain(n)).collect();
    let place = |wanted: &str| {
        let mut all = plain.iter().zip(&cells).enumerate();
        all.find_map(|(at, (n, c))| (n == wanted && !c.trim().is_empty()).then_some(at))
    };
    let text = |wanted: &str| Some(cells.get(place(wanted)?)?.trim().to_owned());
    let time = |wanted: &str| {
        let at = place(wanted)?;
        // Jira's own fields stand in brackets.
        let name = names.get(at).filter(|n| !n.starts_with("Custom field"));
        let heading = name.map_or_else(Heading::default, |n| Heading::of(n));
        heading.time(cells.get(at)?.trim())
    };
    let request = Request {
        text: &text,
        time: &time,
    };
    out.push(request.record()?);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::learn;

    #[test]
    fn the_header_and_the_first_number_tell_changes_from_incidents_and_calendars() {
        for table in [
            &b"number,short_description,state,cmdb_ci,start_date,end_date\nCHG0001204,x,Closed,y,,\n"[..],
            b"Number;Short description;State;Configuration item;Planned start date;Planned end date\n",
            b"\"Issue key\",\"Summary\",\"Status\",\"Assignee\",\"Custom field (Change start date)\"\n\"CHANGE-7\",\"x\",\"Done\",\"y\",\"\"\n",
            b"\xef\xbb\xbfChange ID,Title,Service,Status,Actual start,Actual end,Change type\n4711,x,y,z,,\n",
        ] {
            assert!(!learn(table).columns.is_empty());
        }
        for table in [
            &b"number,short_description,state,cmdb_ci,work_start,work_end\nINC0001204,x,Closed,y,,\n"[..],
            b"number,opened_at,short_description,cmdb_ci,priority\nINC0001204,,x,y,1\n",
            b"title,start,end,owner\nstand-up,2025-01-01 09:00,2025-01-01 09:15,ada\n",
            b"time,type,service,version,author,status\n",
            b"start_time,level,service,summary\n",
            b"",
        ] {
            assert!(learn(table).columns.is_empty());
        }
    }
}
