//! Google Cloud's audit log: who called which method upon which resource, as `gcloud logging read` prints it, as the
//! interface lists it (`{"entries":[…]}`), or an entry a line.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "google-audit",
    title: "Google Cloud audit log",
    reference: "https://cloud.google.com/logging/docs/reference/audit/auditlog/rest/Shared.Types/AuditLog",
    cut: Cut::Json,
    specificity: 92,
    hint: |i| memmem::find(i, b"protoPayload").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/google-audit/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    entries(object).next().is_some()
}

fn entries<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    let listed = object.list("entries").iter().filter_map(Json::object);
    std::iter::once(object).chain(listed).filter(|o| {
        o.text(&["protoPayload.methodName"]).is_some()
            && (o.text(&["protoPayload.serviceName"]).is_some()
                || o.text(&["protoPayload.@type"])
                    .is_some_and(|t| t.ends_with("AuditLog")))
    })
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let own = is_one(&payload.object);
    for entry in entries(&payload.object) {
        let mut record = record(entry);
        if !own {
            record.part = payload.place(entry);
        }
        out.push(record);
    }
}

fn is_one(object: &Object<'_>) -> bool {
    object.object("protoPayload").is_some()
}

fn record<'x>(entry: &Object<'x>) -> Record<'x> {
    let text = |path: &str| entry.text(&[path]);
    let method = text("protoPayload.methodName").unwrap_or_default();
    let product = text("protoPayload.serviceName").unwrap_or_default();
    let product = product.split('.').next().unwrap_or_default().to_owned();
    let resource = text("protoPayload.resourceName").unwrap_or_default();
    let caller = text("protoPayload.authenticationInfo.principalEmail");
    // What the cluster does to itself all day.
    let by_itself = caller.as_deref().is_some_and(|c| c.starts_with("system:"));
    let change = kind(&method).filter(|_| !by_itself);
    let failed = entry
        .scalar(&["protoPayload.status.code"])
        .is_some_and(|code| code != "0");
    let begins = entry
        .scalar(&["operation.first"])
        .is_some_and(|f| f == "true")
        && entry
            .scalar(&["operation.last"])
            .is_none_or(|l| l != "true");
    let kind = match change {
        None => Kind::Log,
        Some(_) if failed => Kind::Change(ChangeState::Failed),
        Some(_) if begins => Kind::Change(ChangeState::Started),
        Some(_) => Kind::Change(ChangeState::Finished),
    };
    let (name, place) = owner(&resource);
    let verb = method.rsplit('.').next().unwrap_or(&method);
    let mut message = format!("{product} {verb}");
    let said = entry.text(&["protoPayload.status.message"]);
    for word in [name.as_deref(), said.as_deref()].into_iter().flatten() {
        message = format!("{message} {word}");
    }
    let mut record = Record::new(kind, message);
    record.at = payload::time_at(entry, &["timestamp", "receiveTimestamp"]);
    record.level = Some(if failed { Level::Error } else { Level::Info });
    let owned = change.and(name);
    record.service = owned
        .or_else(|| Some(product).filter(|p| !p.is_empty()))
        .map(Cow::Owned);
    if let (Some(caller), true) = (&caller, change.is_some()) {
        let robot = caller.contains("gserviceaccount.com");
        record.actor = Some(payload::actor(caller.clone(), robot));
    }
    let fields = &mut record.fields;
    fields.push_known([
        (field::CHANGE, change.map(str::to_owned)),
        (field::USER, caller.map(Cow::into_owned)),
        (field::VERSION, change.and_then(|_| version(entry))),
        (field::ENVIRONMENT, place.filter(|_| change.is_some())),
        ("operation", Some(method.into_owned())),
        (
            "resource",
            Some(resource.into_owned()).filter(|r| !r.is_empty()),
        ),
    ]);
    payload::file_first(fields, field::ID, entry, &["insertId"]);
    payload::file_first(
        fields,
        field::CLIENT,
        entry,
        &["protoPayload.requestMetadata.callerIp"],
    );
    record
}

/// How methods that change something begin.
#[rustfmt::skip]
const WRITES: &[&str] = &[
    "create", "update", "replace", "insert", "patch", "delete", "set", "add", "destroy", "disable", "enable",
    "restart", "reset", "resize", "failover", "promote", "rollback", "import", "deploy", "publish", "start",
    "stop", "reboot", "switchover", "abandon", "recreate", "apply", "rollout",
];
/// Parts of methods that are called all day, or that keep and build and do not yet change what runs.
#[rustfmt::skip]
const DAILY: &[&str] = &[
    "publisher.publish", "logging", "monitoring", "createbuild", "runjob", "jobs.", "tableservice", "jobservice",
    "serviceaccountcredentials", "objects.", "snapshot", "session",
];
/// Parts of methods by what they change.
#[rustfmt::skip]
const SORTS: &[(&str, &[&str])] = &[
    ("secret", &["secretmanager", "cryptokey", "certificate", "serviceaccountkey"]),
    ("deploy", &["cloud.run", "cloudfunctions", "cloud.functions", "appengine", "clouddeploy", "cloud.deploy"]),
    ("infrastructure", &[
        "dns", "firewall", "routes.", "routers.", "forwardingrules", "urlmaps", "securitypolic", "networks.",
    ]),
];
/// What the verb alone tells.
#[rustfmt::skip]
const VERBS: &[(&str, &[&str])] = &[
    ("rollback", &["rollback"]),
    ("failover", &["failover", "promote", "switchover"]),
    ("restart", &["restart", "reset", "start", "stop", "reboot", "recreate"]),
    ("scale", &["resize", "setsize", "setnodepoolsize", "setnodepoolautoscaling"]),
];

/// The kind of change that a method is, in the words of [`field::CHANGE`]: reading is none, nor is what runs all day.
fn kind(method: &str) -> Option<&'static str> {
    let lower = method.to_ascii_lowercase();
    let verb = lower.rsplit('.').next()?;
    WRITES.iter().any(|w| verb.starts_with(w)).then_some(())?;
    if lower.starts_with("io.k8s.") {
        return match lower.rsplit('.').nth(1)? {
            "deployments" | "statefulsets" | "daemonsets" => Some("deploy"),
            "scale" => Some("scale"),
            "secrets" => Some("secret"),
            "configmaps" | "ingresses" | "services" => Some("config"),
            _ => None,
        };
    }
    if DAILY.iter().any(|w| lower.contains(w)) {
        return None;
    }
    let told = VERBS
        .iter()
        .find(|(_, all)| all.iter().any(|w| verb.starts_with(w)));
    let sort = || {
        SORTS
            .iter()
            .find(|(_, all)| all.iter().any(|w| lower.contains(w)))
    };
    Some(told.or_else(sort).map_or("config", |(kind, _)| kind))
}

/// What a resource is of, and where: the name behind the last part that holds things with names of their own.
fn owner(resource: &str) -> (Option<String>, Option<String>) {
    const AROUND: [&str; 12] = [
        "projects",
        "locations",
        "regions",
        "zones",
        "namespaces",
        "versions",
        "revisions",
        "operations",
        "releases",
        "rollouts",
        "folders",
        "global",
    ];
    let parts: Vec<&str> = resource.split('/').filter(|p| !p.is_empty()).collect();
    let behind = |sort: &str| {
        let at = parts.iter().position(|p| *p == sort)?;
        parts.get(at + 1).copied()
    };
    let place = behind("namespaces").and_then(change::environment_of);
    let mut last = None;
    for (sort, name) in parts.iter().zip(parts.iter().skip(1)) {
        let plural = sort.ends_with('s') && sort.bytes().all(|b| b.is_ascii_alphabetic());
        if plural && !AROUND.contains(sort) && !AROUND.contains(name) && *name != "_" {
            last = Some((*sort, *name));
        }
    }
    let name = last.map(|(_, name)| name);
    let place = place.or_else(|| change::environment_of(name?).filter(|p| Some(*p) != name));
    (name.map(str::to_owned), place.map(str::to_owned))
}

/// The tag of the image that is asked for.
fn version(entry: &Object<'_>) -> Option<String> {
    let request = entry.object("protoPayload.request")?;
    let mut found = None;
    payload::walk(request, &mut |path, value| {
        if found.is_none() && path.ends_with("image") {
            let image = value.text().unwrap_or_default();
            let last = image.rsplit('/').next().unwrap_or_default();
            found = last.split_once(':').map(|(_, tag)| tag.to_owned());
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::{kind, owner};

    #[test]
    fn methods_that_change_what_runs() {
        for (method, change) in [
            (
                "google.cloud.run.v1.Services.ReplaceService",
                Some("deploy"),
            ),
            ("google.cloud.run.v2.Services.UpdateService", Some("deploy")),
            (
                "google.cloud.functions.v1.CloudFunctionsService.UpdateFunction",
                Some("deploy"),
            ),
            ("io.k8s.apps.v1.deployments.patch", Some("deploy")),
            ("io.k8s.core.v1.configmaps.update", Some("config")),
            ("io.k8s.core.v1.pods.create", None),
            ("cloudsql.instances.update", Some("config")),
            ("cloudsql.instances.restart", Some("restart")),
            ("cloudsql.instances.failover", Some("failover")),
            (
                "google.cloud.secretmanager.v1.SecretManagerService.AddSecretVersion",
                Some("secret"),
            ),
            ("v1.compute.firewalls.patch", Some("infrastructure")),
            ("beta.compute.instanceGroupManagers.resize", Some("scale")),
            ("dns.changes.create", Some("infrastructure")),
            (
                "google.container.v1.ClusterManager.SetNodePoolSize",
                Some("scale"),
            ),
            ("google.pubsub.v1.Publisher.Publish", None),
            ("google.datastore.v1.Datastore.RunQuery", None),
            ("v1.compute.instances.list", None),
            ("storage.objects.create", None),
        ] {
            assert_eq!(kind(method), change, "{method}");
        }
    }

    #[test]
    fn a_resource_is_of_what_has_a_name_there() {
        for (resource, name, place) in [
            ("namespaces/ferry/services/quay", Some("quay"), None),
            (
                "projects/ferry/locations/europe-west1/services/quay/revisions/quay-00041",
                Some("quay"),
                None,
            ),
            (
                "projects/ferry/secrets/quay-key/versions/3",
                Some("quay-key"),
                None,
            ),
            (
                "apps/v1/namespaces/prod/deployments/quay",
                Some("quay"),
                Some("prod"),
            ),
            ("projects/ferry/instances/quay-db", Some("quay-db"), None),
            ("projects/ferry", None, None),
        ] {
            let (found, at) = owner(resource);
            assert_eq!(
                (found.as_deref(), at.as_deref()),
                (name, place),
                "{resource}"
            );
        }
    }
}
