//! The history of ServiceNow's records as a list is exported: the columns of `sys_audit` or `sys_history_line`, by
//! their names or by their labels.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::Record;
use crate::token::audit::Step;
use crate::token::table::{Head, Row};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "servicenow-audit-csv",
    title: "ServiceNow history of records (CSV)",
    reference: "https://www.servicenow.com/docs/bundle/washingtondc-platform-security/page/administer/security/concept/c_UnderstandingTheSysAuditTable.html",
    cut: Cut::Csv,
    specificity: 90,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/servicenow-audit-csv/input.csv"),
};

const KEYS: &[&str] = &[
    "documentkey",
    "document",
    "recordnumber",
    "number",
    "record",
    "setid",
    "set",
    "id",
];
const FIELDS: &[&str] = &["fieldname", "field", "element", "label", "fieldlabel"];
const OLD: &[&str] = &["oldvalue", "old", "previousvalue", "from"];
const NEW: &[&str] = &["newvalue", "new", "value", "to"];
const USERS: &[&str] = &[
    "username",
    "user",
    "syscreatedby",
    "createdby",
    "updatedby",
    "changedby",
];
const TIMES: &[&str] = &[
    "syscreatedon",
    "updatetime",
    "created",
    "createdon",
    "updated",
    "updatedon",
    "changedon",
    "time",
];
const TABLES: &[&str] = &["tablename", "table"];

fn learn(head: &[u8]) -> Layout {
    let mine = |head: &Head<'_>| {
        [KEYS, FIELDS, OLD, NEW, TIMES, USERS]
            .iter()
            .all(|known| head.has(known))
    };
    let Some(head) = Head::of(head).filter(mine) else {
        return Layout::default();
    };
    head.layout()
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let Some(row) = Row::of(entry, cx.layout)? else {
        return Some(()); // the header
    };
    let at = row.time(TIMES)?;
    let text = |known: &[&str]| row.text(known).map(str::to_owned);
    let step = Step {
        key: text(KEYS)?,
        table: text(TABLES),
        field: text(FIELDS)?,
        old: text(OLD).unwrap_or_default(),
        new: text(NEW).unwrap_or_default(),
        user: text(USERS),
    };
    if let Some(mut record) = step.record() {
        record.at = Some(at);
        out.push(record);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_a_history() {
        for header in [
            "\"documentkey\",\"tablename\",\"fieldname\",\"oldvalue\",\"newvalue\",\"user\",\"sys_created_on\"\n",
            "Document key,Field name,Old value,New value,User,Created\n",
            "set;field;label;old;new;user_name;update_time\n",
        ] {
            assert_ne!(learn(header.as_bytes()), Layout::default(), "{header}");
        }
        for header in [
            "id,field,value,time\n",
            "number,short_description,state,opened_at\n",
            "a,b,c\n",
        ] {
            assert_eq!(learn(header.as_bytes()), Layout::default(), "{header}");
        }
    }
}
