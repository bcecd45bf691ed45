//! Tickets as help desks export them to CSV.

use crate::cut;
use crate::format::{Context, Cut, Format, Layout};
use crate::record::{Actor, Kind, Record, field};
use crate::token::csv;
use crate::token::payload;
use crate::token::table::Heading;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "tickets-csv",
    title: "Tickets (CSV)",
    reference: "https://www.rfc-editor.org/rfc/rfc4180",
    cut: Cut::Csv,
    specificity: 80,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/tickets-csv/input.csv"),
};

/// What a column holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Id,
    Created,
    Subject,
    Description,
    Requester,
    Priority,
    Other,
}

fn column(header: &str) -> Column {
    // What stands behind a name in brackets is the zone of its times: `Created time (UTC)`.
    let bare = header.split(['(', '[']).next().map(str::trim);
    let bare = bare.filter(|b| !b.is_empty()).unwrap_or(header);
    // Remedy marks what must be filled in, and what is looked up: `Incident ID*+`.
    let bare = bare.trim().trim_end_matches(['*', '+']);
    let name = bare.to_lowercase().replace(['_', '-', '.'], " ");
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    // GLPI puts the group before the name: `Requester - Requester`.
    let name = match name.split_at_checked(name.len() / 2) {
        Some((one, two)) if one.trim() == two.trim() => one.trim(),
        _ => name.as_str(),
    };
    let zoned = [" utc", " gmt"].iter().find_map(|z| name.strip_suffix(z));
    match zoned.unwrap_or(name) {
        "id" | "ticket id" | "ticket" | "ticket #" | "ticket#" | "ticket number"
        | "ticketnumber" | "ticket no" | "number" | "key" | "issue key" | "case number"
        | "incident number" | "incident id" | "incident no" | "call number" | "call id"
        | "interaction id" | "case id" | "#" | "reference" | "ticketnummer" | "nummer" => {
            Column::Id
        }
        "created at" | "created" | "opened" | "opened at" | "date" | "time" | "timestamp"
        | "created time" | "created on" | "date created" | "creation date" | "submitted"
        | "submitted at" | "submit date" | "submit time" | "submitted date" | "submitted on"
        | "reported date" | "open time" | "reported" | "reported at" | "received"
        | "received at" | "open date" | "requested at" | "date/time opened" | "created date"
        | "opening date" | "date opened" | "create time" | "createtime" | "opened on"
        | "reported on" | "erstellt" | "erstellt am" | "erstellungsdatum" | "eröffnungsdatum"
        | "eröffnet" | "eingang" | "date d'ouverture" | "date de création"
        | "fecha de apertura" | "fecha de creación" => Column::Created,
        "subject" | "summary" | "title" | "short description" | "issue" | "topic" | "betreff"
        | "titel" | "titre" | "objet" | "sujet" | "título" | "asunto" => Column::Subject,
        "description" | "body" | "message" | "text" | "comment" | "details" | "content" => {
            Column::Description
        }
        "requester" | "customer" | "user" | "requester id" | "user id" | "customer id"
        | "requester email" | "email" | "customer email" | "contact" | "reporter" | "caller"
        | "requester name" | "customer name" | "requested by" | "opened by" | "from"
        | "username" | "account" | "submitter" | "requestor" | "requestors" | "customeruserid"
        | "customeruser" | "customer user" | "customer user id" | "from email" | "from name"
        | "full name" | "contact name" | "client" | "reported by" | "submitted by" | "kunde"
        | "kundenbenutzer" | "absender" | "melder" | "anforderer" | "anfragesteller"
        | "demandeur" | "solicitante" => Column::Requester,
        "priority" | "severity" | "urgency" | "priorität" | "priorité" | "prioridad" => {
            Column::Priority
        }
        _ => Column::Other,
    }
}

/// The columns, after the separator they stand between; empty if this is no table of tickets.
fn learn(head: &[u8]) -> Layout {
    let head = csv::unmarked(head);
    let Some(header) = cut::lines(head).next().and_then(|r| head.get(r)) else {
        return Layout::default();
    };
    let separator = csv::separator(header);
    let names = csv::cells(header, separator);
    let has = |c: Column| names.iter().any(|n| column(n) == c);
    // A log in a table has a time and a message too, but a level or a thread beside them.
    let logged = names.iter().any(|n| {
        let name = n.trim().to_ascii_lowercase();
        let marks = [
            "level",
            "loglevel",
            "log_level",
            "logger",
            "thread",
            "pod",
            "trace_id",
        ];
        marks.contains(&name.as_str())
    });
    let about = has(Column::Id) || has(Column::Requester) || has(Column::Priority);
    let said = has(Column::Subject) && about || has(Column::Description) && has(Column::Id);
    if !has(Column::Created) || !said || logged {
        return Layout::default();
    }
    Layout::of_table(separator, names.into_iter().map(Cow::into_owned))
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let (names, cells) = cx.layout.row(entry)?;
    if cells.iter().zip(names).all(|(cell, name)| cell == name) {
        return Some(()); // the header
    }
    if cells.len() > names.len() || cells.len() < 2 {
        return None;
    }
    let mut record = Record::new(Kind::Ticket, "");
    let mut described = None;
    for (cell, name) in cells.into_iter().zip(names) {
        let wanted = column(name);
        if cell.trim().is_empty() {
            continue;
        }
        match wanted {
            Column::Created if record.at.is_none() => record.at = Heading::of(name).time(&cell),
            Column::Subject if record.message.is_empty() => record.message = cell,
            Column::Description if described.is_none() => described = Some(cell),
            _ => file(&mut record, wanted, name, cell),
        }
    }
    match described {
        Some(text) if record.message.is_empty() => record.message = text,
        Some(text) => record.fields.push("description", text),
        None => {}
    }
    record.at?;
    out.push(record);
    Some(())
}

fn file<'a>(record: &mut Record<'a>, column: Column, name: &str, cell: Cow<'a, str>) {
    match column {
        Column::Id => record.fields.push(field::ID, cell),
        Column::Priority => {
            record.level = payload::severity(&cell);
            record.fields.push(field::SEVERITY, cell);
        }
        Column::Requester if record.actor.is_none() => {
            record.fields.push(field::USER, cell.clone());
            record.actor = Some(Actor {
                name: cell,
                bot: false,
            });
        }
        _ => {
            let lower = name.trim().to_ascii_lowercase().replace(' ', "_");
            let service = matches!(lower.as_str(), "service" | "product" | "component");
            if service && record.service.is_none() {
                record.service = Some(cell.clone());
            }
            record.fields.push(lower, cell);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::learn;

    #[test]
    fn the_header_tells_tickets_from_logs() {
        let tickets = [
            &b"id,created_at,subject,priority\n"[..],
            b"\xef\xbb\xbfKey;Created;Summary;Reporter\n",
            b"Number\tOpened\tShort description\tCaller\n",
            b"\"ID\";\"Title\";\"Status\";\"Opening date\";\"Requester - Requester\";\n",
            b"Ticket ID,Subject,Status,Created time (UTC),Requester ID\n",
            b"\"Ticket#\";\"Created\";\"State\";\"CustomerUserID\";\"Title\"\n",
            b"Incident ID*+,Reported Date,Summary*,Status*,Priority,Customer\n",
            b"Interaction ID;Open Time;Title;Status\n",
            b"id\tSubject\tStatus\tQueueName\tRequestors\tCreated\n",
        ];
        for header in tickets {
            assert!(!learn(header).columns.is_empty());
        }
        let others = [
            &b"timestamp,level,user,message\n"[..],
            b"time,service,error,count\n",
            b"id,name,email\n",
            b"",
        ];
        for header in others {
            assert!(learn(header).columns.is_empty());
        }
    }
}
