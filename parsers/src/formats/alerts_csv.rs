//! Alerts in a table: what Zabbix, SolarWinds, SCOM and others export, and lists that are kept by hand. A row is an
//! alert with its beginning and its end, or, where no column holds an end, a change of its state.

use crate::format::{Context, Cut, Format, Layout};
use crate::record::{AlertState, Kind, PageAct, Record, field};
use crate::stamp::Reading;
use crate::token::payload;
use crate::token::table::{Head, Row};

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "alerts-csv",
    title: "Alerts in a table (CSV)",
    reference: "https://www.zabbix.com/documentation/current/en/manual/web_interface/frontend_sections/monitoring/problems",
    cut: Cut::Csv,
    specificity: 83,
    // Any row may begin with anything; `learn` knows by the header.
    hint: |i| !i.is_empty(),
    parse,
    learn: Some(learn),
    sample: include_str!("../../../samples/formats/alerts-csv/input.csv"),
};

/// Names of what alerts, that nothing else has.
#[rustfmt::skip]
const ALERTS: &[&str] = &[
    "alertname", "alert", "alerttitle", "alertrule", "problemname", "problem", "problemtitle", "triggername",
    "trigger", "monitorname", "monitor", "checkname", "check", "alarmname", "alarm", "rulename", "conditionname",
    "sensor", "savedsearchname", "ssname", "savedsearch",
];
/// Others that it goes by.
#[rustfmt::skip]
const NAMES: &[&str] = &["rule", "condition", "eventname", "event", "name", "title"];
/// What it says besides.
const SAID: &[&str] = &[
    "message",
    "alertmessage",
    "summary",
    "description",
    "details",
    "info",
    "output",
];
#[rustfmt::skip]
const BEGINS: &[&str] = &[
    "opened", "openedat", "openedon", "opentime", "started", "startedat", "startedon", "starttime", "startdate",
    "startsat", "start", "began", "begin", "triggered", "triggeredat", "triggeredon", "triggertime", "triggeredtime",
    "fired", "firedat", "firedon", "firetime", "firedtime", "raised", "raisedat", "raisedon", "timeraised",
    "activatedat", "activesince", "activetime", "detected", "detectedat", "firstoccurrence", "firstseen", "since",
    "problemtime", "problemstarted", "alerttime", "alertdate", "created", "createdat", "createdon", "createdtime",
    "creationtime", "timecreated", "occurred", "occurredat", "eventtime", "statechangetime", "timestamp", "datetime",
    "time", "date", "when",
];
#[rustfmt::skip]
const ENDS: &[&str] = &[
    "closed", "closedat", "closedon", "closetime", "closedtime", "resolved", "resolvedat", "resolvedon",
    "resolvedtime", "resolvetime", "timeresolved", "ended", "endedat", "endedon", "endtime", "enddate", "endsat",
    "end", "recovered", "recoveredat", "recoverytime", "recovery", "cleared", "clearedat", "clearedon", "cleartime",
    "clearedtime", "timecleared", "restored", "restoredat", "resettime", "finished", "finishedat", "until",
];
const STATES: &[&str] = &[
    "alertstate",
    "alertstatus",
    "alertcondition",
    "monitorcondition",
    "problemstatus",
    "resolutionstate",
    "newstate",
    "currentstate",
    "state",
    "status",
];
const GRADES: &[&str] = &[
    "severity",
    "alertseverity",
    "criticality",
    "sev",
    "priority",
    "level",
];
#[rustfmt::skip]
const HOSTS: &[&str] = &[
    "host", "hostname", "node", "nodename", "relatednode", "server", "servername", "device", "machine", "computer",
    "instance", "parent", "resulthost",
];
/// Names of Splunk's searches; beside one, `app` is the part of Splunk that the search belongs to, and severities are numbers.
const SEARCHES: &[&str] = &["savedsearchname", "ssname", "savedsearch"];
#[rustfmt::skip]
const SERVICES: &[&str] = &[
    "resultservice", "resultapplication", "resultcomponent", "resultapp", "service", "servicename", "businessservice", "application", "applicationname", "app", "component", "system",
    "affectedservice", "affectedentity", "impactedentity", "entity", "affectedresource", "resource", "resourcename",
    "objectthattriggeredthisalert", "objectthattriggeredalert", "triggeringobject", "object", "source", "target",
    "cmdbci", "ci",
];
const ENVIRONMENTS: &[&str] = &["environment", "env", "stage"];
#[rustfmt::skip]
const IDS: &[&str] = &[
    "alertid", "problemid", "eventid", "incidentid", "displayid", "fingerprint", "alertnumber", "id",
];
#[rustfmt::skip]
const TAKEN: &[&str] = &[
    "acknowledgedat", "acknowledgedon", "acknowledgedtime", "acknowledgetime", "timeacknowledged", "ackedat",
    "acktime", "acknowledged",
];
const TAKERS: &[&str] = &["acknowledgedby", "ackedby", "ackby", "acknowledger"];
/// Whether it is an alert's by its column, whatever its name.
const TOLD: &[&str] = &[
    "resolutionstate",
    "alertstate",
    "alertstatus",
    "alertcondition",
    "monitorcondition",
    "recoverytime",
    "triggertime",
];
/// Columns of times that say that something fired.
#[rustfmt::skip]
const FIRED: &[&str] = &[
    "triggered", "triggeredat", "triggeredon", "triggertime", "triggeredtime", "fired", "firedat", "firedon",
    "firetime", "firedtime", "raised", "raisedat", "raisedon", "timeraised", "alerttime", "problemtime",
    "activetime", "activesince",
];
/// What tickets, logs and changes have and alerts have not.
#[rustfmt::skip]
const OTHERS: &[&str] = &[
    "requester", "requestername", "requesteremail", "caller", "callerid", "customer", "customeremail", "reporter",
    "reporteremail", "subject", "shortdescription", "ticket", "ticketid", "issuekey", "issuetype", "number",
    "logger", "thread", "pod", "traceid", "requestid", "version", "commit", "changetype", "workstart", "user",
    "username", "sender", "from", "body", "rootcause", "postmortem", "statuscode",
];

fn learn(head: &[u8]) -> Layout {
    let Some(head) = Head::of(head).filter(is_alerts) else {
        return Layout::default();
    };
    head.layout()
}

fn is_alerts(head: &Head<'_>) -> bool {
    let named = head.has(ALERTS) || head.has(NAMES) || head.has(SAID);
    let graded = head.has(GRADES) || head.has(STATES);
    if !(named && graded && head.has(BEGINS)) || head.has(OTHERS) {
        return false;
    }
    let (mut all, mut timed, mut known, mut sure) = (0, 0, 0, 0);
    for row in head.rows() {
        all += 1;
        timed += usize::from(row.time(BEGINS).is_some());
        let state = row.text(STATES).and_then(state);
        known += usize::from(state.is_some());
        sure += usize::from(state.is_some_and(|(_, sure)| sure));
    }
    let own = head.has(ALERTS) || head.has(TOLD) || sure * 2 > all;
    // Rows that tell no state need an end, or that they fired, to be more than entries of a log.
    let fired = head.has(ALERTS) && head.has(FIRED);
    let told = head.has(ENDS) || fired || known * 10 >= all * 8;
    own && told && all > 0 && timed * 10 >= all * 8
}

/// The state that a cell names, and whether only alerts have it.
fn state(cell: &str) -> Option<(AlertState, bool)> {
    use AlertState::{Firing, Pending, Resolved, Unknown};
    let lower = cell.to_ascii_lowercase();
    let word = lower.split([' ', '(', ':']).next().unwrap_or_default();
    Some(match word {
        "problem" | "firing" | "fired" | "alerting" | "alarm" | "triggered" | "down" => {
            (Firing, true)
        }
        "critical" | "crit" | "warning" | "warn" | "error" | "alert" | "major" | "minor" => {
            (Firing, true)
        }
        "open" | "opened" | "active" | "new" | "acknowledged" | "ongoing" | "0" => (Firing, false),
        "recovered" | "recovery" | "cleared" | "clear" | "ok" | "up" | "normal" | "healthy" => {
            (Resolved, true)
        }
        "resolved" | "closed" | "inactive" | "ended" | "255" => (Resolved, false),
        "pending" => (Pending, true),
        "nodata" | "no" | "unknown" | "paused" | "suppressed" | "silenced" | "muted" => {
            (Unknown, false)
        }
        _ => return None,
    })
}

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let Some(row) = Row::of(entry, cx.layout)? else {
        return Some(()); // the header
    };
    let begin = row.time(BEGINS)?;
    name(&row)?;
    let said = row.text(STATES).and_then(state).map(|(state, _)| state);
    let ended = ENDS.iter().any(|e| row.has(e));
    let first = match said {
        // A row that has both its times tells of both, whatever became of it.
        Some(AlertState::Resolved) if ended => AlertState::Firing,
        Some(state) => state,
        None => AlertState::Firing,
    };
    out.push(record(&row, Kind::Alert(first), begin));
    let taker = row.text(TAKERS);
    if let Some(at) = row.time(TAKEN) {
        let mut taken = record(&row, Kind::Page(PageAct::Acknowledged), at);
        taken.actor = taker.map(|name| payload::actor(name.to_owned(), false));
        out.push(taken);
    }
    if let Some(end) = row.time(ENDS).filter(|_| ended) {
        out.push(record(&row, Kind::Alert(AlertState::Resolved), end));
    }
    Some(())
}

fn name<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    let named = row.text(ALERTS).or_else(|| row.text(NAMES));
    // What it says differs from row to row: what it is about tells it better.
    let about = || service(row).or_else(|| row.text(HOSTS));
    named.or_else(about).or_else(|| row.text(SAID))
}

/// What it is about.
fn service<'r>(row: &'r Row<'_>) -> Option<&'r str> {
    let of_search = row.text(SEARCHES).is_some();
    let mut names = SERVICES
        .iter()
        .filter(|name| !(of_search && **name == "app"));
    names.find_map(|name| row.text(&[name]))
}

/// Splunk's severities, from one to six.
fn searched(grade: &str) -> Option<crate::Level> {
    use crate::Level::{Debug, Error, Fatal, Info, Warn};
    let number: usize = grade.parse().ok()?;
    let all = [Debug, Info, Warn, Error, Fatal, Fatal];
    all.get(number.checked_sub(1)?).copied()
}

fn record<'a>(row: &Row<'_>, kind: Kind, at: Reading) -> Record<'a> {
    let text = |known: &[&str]| row.text(known).map(str::to_owned);
    let alert = name(row).unwrap_or_default();
    let mut record = Record::new(kind, text(SAID).unwrap_or_else(|| alert.to_owned()));
    record.at = Some(at);
    record.service = service(row).map(|s| s.to_owned().into());
    record.host = text(HOSTS).map(Into::into);
    let grade = row.text(GRADES);
    record.level = grade.and_then(|g| match g.to_ascii_lowercase().as_str() {
        "disaster" => Some(crate::Level::Fatal),
        "not classified" => None,
        word if row.text(SEARCHES).is_some() => searched(word).or_else(|| payload::severity(word)),
        word => payload::severity(word),
    });
    // Without a service only the machine tells two alerts of one name apart.
    let own = || {
        let host = row.text(HOSTS).filter(|_| service(row).is_none())?;
        Some(format!("{host}/{alert}"))
    };
    record.fields.push_known([
        (field::ID, text(IDS).or_else(own)),
        (field::ALERT, Some(alert.to_owned())),
        (field::SEVERITY, grade.map(str::to_owned)),
        (field::ENVIRONMENT, text(ENVIRONMENTS)),
        ("state", text(STATES)),
    ]);
    record
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_alerts_are_known_by_their_columns_or_states() {
        for table in [
            "Severity;Time;Recovery time;Status;Host;Problem;Duration\n\
             Disaster;2025-06-17 08:41:12;2025-06-17 09:05:31;RESOLVED;label-02;Print queue is full;24m 19s\n",
            "Alert Name,Trigger Time,Object,Severity\n\"Node, down\",6/17/2025 8:41:12 AM,label-02,Critical\n",
            "name,status,started_at,ended_at,severity,service\nlabels,FIRING,2025-06-17T08:41:12Z,,page,print\n",
            "Severity,Source,Name,Resolution State,Created,Time Resolved\n\
             Critical,print,Label queue,Closed (255),2025-06-17 08:41:12,2025-06-17 09:05:31\n",
        ] {
            assert_ne!(learn(table.as_bytes()), Layout::default(), "{table}");
        }
    }

    #[test]
    fn other_tables_are_none() {
        for table in [
            "Ticket ID,Subject,Status,Priority,Created time\n7,Print,Open,High,2025-06-17 08:41:12\n",
            "number,short_description,priority,state,opened_at\nINC1,Print,1,New,2025-06-17 08:41:12\n",
            "time,check,level,took\n2025-06-17 08:41:12,print,INFO,12\n",
            "time,level,message\n2025-06-17 08:41:12,CRITICAL,print queue is full\n",
            "start_time,end_time,name,status,environment\n2025-06-17 08:41,2025-06-17 08:45,Deploy,closed,prod\n",
            "title,created,resolved,priority,status\nPrinter,2025-06-17 08:41:12,,high,closed\n",
        ] {
            assert_eq!(learn(table.as_bytes()), Layout::default(), "{table}");
        }
    }
}
