//! Tickets of further help desks.

use recon_samples::json::{Json, object};
use recon_samples::rng::Rng;
use recon_samples::time::{Time, Zone};
use std::collections::BTreeMap;

pub(super) fn write(
    rng: &Rng,
    tickets: &[(Time, String, String)],
    files: &mut BTreeMap<String, String>,
) {
    if rng.fork("desks").chance(500) {
        files.insert("support/tickets.json".to_owned(), zendesk(tickets));
    } else {
        files.insert("support/queue.csv".to_owned(), table(tickets));
    }
}

fn zendesk(tickets: &[(Time, String, String)]) -> String {
    let one = |(n, (at, user, subject)): (usize, &(Time, String, String))| {
        object([
            ("id", (40_000 + i64::try_from(n).unwrap_or(0)).into()),
            ("created_at", super::second(*at).into()),
            ("updated_at", super::second(at.plus_min(9)).into()),
            ("subject", subject.clone().into()),
            ("priority", "normal".into()),
            ("status", "open".into()),
            ("requester_id", user.clone().into()),
            ("via", object([("channel", "web".into())])),
        ])
    };
    let list: Json = tickets.iter().enumerate().map(one).collect();
    object([("tickets", list)]).pretty(2)
}

fn table(tickets: &[(Time, String, String)]) -> String {
    let head = "Ticket ID,Opened,Subject,Priority,Status,Customer,Channel\n";
    tickets
        .iter()
        .enumerate()
        .fold(head.to_owned(), |out, (n, (at, user, subject))| {
            let at = at.show(Zone::UTC, "%Y-%m-%d %H:%M:%S");
            format!(
                "{out}T-{},{at},\"{subject}\",medium,new,{user},mail\n",
                900 + n
            )
        })
}
