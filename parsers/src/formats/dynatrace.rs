//! Dynatrace's problems: as its API lists them, each with its beginning and, once it is closed, its end, and the
//! notification that it sends to a webhook.

use crate::format::{Context, Cut, Format};
use crate::record::{AlertState, Kind, Record, field};
use crate::stamp::Reading;
use crate::token::change::is_environment;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "dynatrace",
    title: "Dynatrace problem (API, notification)",
    reference: "https://docs.dynatrace.com/docs/discover-dynatrace/references/dynatrace-api/environment-api/problems-v2",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| {
        memmem::find(i, b"roblemI").is_some()
            || memmem::find(i, b"ProblemTitle").is_some()
            || memmem::find(i, b"severityLevel").is_some()
    },
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/dynatrace/input.json"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    problems(object).next().is_some() || is_notification(object)
}

/// Those of a list, or the object itself.
fn problems<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let lists = ["problems", "result.problems"].into_iter();
    let listed = lists
        .flat_map(|name| object.list(name))
        .filter_map(Json::object);
    std::iter::once(object)
        .chain(listed)
        .filter(|p| is_problem(p))
}

fn is_problem(object: &Object<'_>) -> bool {
    let named = object.text(&["problemId", "id"]).is_some();
    let graded =
        object.text(&["severityLevel"]).is_some() && object.text(&["impactLevel"]).is_some();
    named && graded && object.get("startTime").is_some()
}

const TITLES: &[&str] = &["ProblemTitle", "problemTitle", "problem_title"];
const STATES: &[&str] = &["State", "ProblemStatus", "state", "problemStatus", "status"];

/// Its fields are chosen by whoever sets it up, mostly under the names of their placeholders.
fn is_notification(object: &Object<'_>) -> bool {
    object.text(TITLES).is_some() && object.text(STATES).is_some_and(|s| notified(&s).is_some())
}

fn notified(state: &str) -> Option<AlertState> {
    match state.trim().to_ascii_uppercase().as_str() {
        "OPEN" => Some(AlertState::Firing),
        "RESOLVED" | "CLOSED" => Some(AlertState::Resolved),
        "MERGED" => Some(AlertState::Unknown),
        _ => None,
    }
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let before = out.len();
    for one in problems(object) {
        let begin = time(one, "startTime");
        // It is -1 as long as the problem is open.
        let end = time(one, "endTime").filter(|_| !is_open(one));
        let steps = [(AlertState::Firing, begin), (AlertState::Resolved, end)];
        for (state, at) in steps.into_iter().filter(|(_, at)| at.is_some()) {
            let mut record = problem(one, state);
            record.at = at;
            record.part = payload.place(one);
            out.push(record);
        }
    }
    if out.len() == before && is_notification(object) {
        out.push(notification(object));
    }
}

fn time(problem: &Object<'_>, name: &str) -> Option<Reading> {
    payload::time_at(problem, &[name])
}

fn is_open(problem: &Object<'_>) -> bool {
    let ends = problem.scalar(&["endTime"]);
    ends.is_none_or(|e| e.starts_with('-') || e == "0")
}

fn problem<'x>(problem: &Object<'x>, state: AlertState) -> Record<'x> {
    let title = problem.text(&["title", "displayName", "problemId"]);
    let title = title.unwrap_or_default();
    let ranked = problem
        .list("rankedImpacts")
        .iter()
        .chain(problem.list("rankedEvents"));
    let ranked = ranked.filter_map(Json::object);
    let message = match title.bytes().all(|b| b.is_ascii_digit()) {
        // The first version of the API has a number for a name, and says what it is at the impacts.
        true => ranked
            .clone()
            .find_map(|r| r.text(&["eventType"]))
            .unwrap_or(title),
        false => title,
    };
    let mut record = Record::new(Kind::Alert(state), message.clone());
    let lists = ["affectedEntities", "impactedEntities"];
    let entities = lists.into_iter().flat_map(|name| problem.list(name));
    let entities: Vec<Entity<'x>> = entities
        .filter_map(Json::object)
        .chain(problem.object("rootCauseEntity"))
        .filter_map(Entity::of)
        .chain(ranked.filter_map(Entity::of))
        .collect();
    place(&mut record, &entities);
    severe(&mut record, problem.text(&["severityLevel"]));
    let fields = &mut record.fields;
    payload::file_first(
        fields,
        field::ID,
        problem,
        &["displayId", "displayName", "problemId", "id"],
    );
    fields.push(field::ALERT, message);
    if let Some(environment) = environment(problem) {
        fields.push(field::ENVIRONMENT, environment);
    }
    let root = problem.text(&["rootCauseEntity.name"]);
    fields.push_known([
        ("impact", problem.text(&["impactLevel"])),
        ("root_cause", root),
        ("problem_id", problem.text(&["problemId"])),
    ]);
    record
}

/// What a problem is about, and of which type that is.
struct Entity<'x> {
    name: Cow<'x, str>,
    sort: Cow<'x, str>,
}

impl<'x> Entity<'x> {
    fn of(entity: &Object<'x>) -> Option<Self> {
        let name = entity.text(&["name", "entityName"])?;
        let sort = entity.text(&["entityId.type", "type"]);
        // Identities begin with their type: `SERVICE-BDDF9672BB07827F`.
        let id = entity.text(&["entityId.id", "entityId", "entity"]);
        let begin = id.and_then(|id| Some(id.rsplit_once('-')?.0.to_owned()));
        let sort = sort.or(begin.map(Cow::Owned)).unwrap_or_default();
        Some(Self { name, sort })
    }

    fn is_machine(&self) -> bool {
        let sort = self.sort.to_ascii_uppercase();
        sort.contains("HOST") || sort.contains("VIRTUALMACHINE") || sort.contains("EC2")
    }
}

/// Services before what runs them.
fn place<'x>(record: &mut Record<'x>, entities: &[Entity<'x>]) {
    let service = entities.iter().find(|e| e.sort.ends_with("SERVICE"));
    let other = entities.iter().find(|e| !e.is_machine());
    record.service = service.or(other).map(|e| e.name.clone());
    let machine = entities.iter().find(|e| e.is_machine());
    record.host = machine.map(|e| e.name.clone());
}

fn environment<'x>(problem: &Object<'x>) -> Option<Cow<'x, str>> {
    let zones = problem
        .list("managementZones")
        .iter()
        .chain(problem.list("entityTags"));
    zones.filter_map(Json::object).find_map(|zone| {
        let all = [zone.text(&["name"]), zone.text(&["value"])];
        all.into_iter().flatten().find(|name| is_environment(name))
    })
}

fn severe<'x>(record: &mut Record<'x>, severity: Option<Cow<'x, str>>) {
    let Some(severity) = severity else { return };
    record.level = match severity.to_ascii_uppercase().as_str() {
        "AVAILABILITY" | "MONITORING_UNAVAILABLE" => Some(crate::Level::Fatal),
        "ERROR" => Some(crate::Level::Error),
        "PERFORMANCE" | "RESOURCE_CONTENTION" | "CUSTOM_ALERT" => Some(crate::Level::Warn),
        _ => payload::severity(&severity),
    };
    record.fields.push(field::SEVERITY, severity);
}

fn notification<'x>(object: &Object<'x>) -> Record<'x> {
    let said = object.text(STATES).unwrap_or_default();
    let state = notified(&said).unwrap_or(AlertState::Unknown);
    let title = object.text(TITLES).unwrap_or_default();
    let mut record = Record::new(Kind::Alert(state), title.clone());
    let details = [
        "ProblemDetailsJSON",
        "ProblemDetailsJSONv2",
        "problemDetails",
    ];
    let details: Vec<&Object<'x>> = details.iter().filter_map(|n| object.object(n)).collect();
    let begin = details.iter().find_map(|d| time(d, "startTime"));
    let ended = details.iter().find(|d| !is_open(d));
    let end = ended.and_then(|d| time(d, "endTime"));
    let own = payload::time_at(object, &["timestamp", "Timestamp", "time", "startTime"]);
    record.at = match state {
        AlertState::Firing => begin.or(own),
        _ => end.or(own),
    };
    let named = object
        .list("ImpactedEntities")
        .iter()
        .chain(object.list("impactedEntities"));
    let entities: Vec<Entity<'x>> = named
        .filter_map(Json::object)
        .filter_map(Entity::of)
        .collect();
    place(&mut record, &entities);
    severe(
        &mut record,
        object.text(&["ProblemSeverity", "problemSeverity"]),
    );
    let fields = &mut record.fields;
    payload::file_first(
        fields,
        field::ID,
        object,
        &["ProblemID", "problemId", "ProblemId", "PID", "pid"],
    );
    fields.push(field::ALERT, title);
    // Of one entity there is a name, of several their number: `3 impacted entities`.
    fields.push_known([
        (
            "impacted",
            object.text(&["ImpactedEntity", "impactedEntity"]),
        ),
        ("impact", object.text(&["ProblemImpact", "problemImpact"])),
        ("state", Some(said)),
    ]);
    let tags = object.text(&["Tags", "tags"]);
    let environment = tags.as_deref().and_then(tagged).map(str::to_owned);
    fields.push_known([(field::ENVIRONMENT, environment)]);
    record
}

/// The environment among tags: `shop, environment:production`.
fn tagged(tags: &str) -> Option<&str> {
    let words = tags.split([',', ' ', ':', '=']).map(str::trim);
    words.filter(|w| !w.is_empty()).find(|w| is_environment(w))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn told(entry: &str) -> Option<Vec<(Kind, Option<String>)>> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(entry.as_bytes(), &Context { layout: &layout }, &mut out)?;
        let told = |r: &Record<'_>| (r.kind, r.service.as_deref().map(str::to_owned));
        Some(out.iter().map(told).collect())
    }

    #[test]
    fn a_problem_that_is_open_has_no_end() {
        let problem = |end: &str| {
            format!(
                r#"{{"problems":[{{"problemId":"7V2","title":"Slow","severityLevel":"PERFORMANCE","impactLevel":"SERVICES",
                "affectedEntities":[{{"entityId":{{"id":"SERVICE-1","type":"SERVICE"}},"name":"print"}}],
                "startTime":1718606472118,"endTime":{end}}}]}}"#
            )
        };
        let service = Some("print".to_owned());
        let fires = (Kind::Alert(AlertState::Firing), service.clone());
        let ends = (Kind::Alert(AlertState::Resolved), service);
        assert_eq!(told(&problem("-1")), Some(vec![fires.clone()]));
        assert_eq!(told(&problem("1718607931000")), Some(vec![fires, ends]));
    }

    #[test]
    fn problems_of_others_are_none() {
        for entry in [
            r#"{"problems":[{"id":"7","title":"Slow","startTime":1718606472118}]}"#,
            r#"{"problemTitle":"Slow","state":"seen"}"#,
            r#"{"startTime":1718606472118,"severityLevel":"low","id":"7"}"#,
        ] {
            assert_eq!(told(entry), None, "{entry}");
        }
    }
}
