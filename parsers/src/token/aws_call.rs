//! Calls of AWS's interfaces as CloudTrail records them: which of them change something, what, and of whom.

mod kinds;

pub use kinds::kind;

use super::change;
use super::json::Object;
use std::borrow::Cow;

/// What a call was made upon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// As the call names it.
    pub target: Option<String>,
    /// Whose it is.
    pub service: Option<String>,
    /// What it has after the call.
    pub version: Option<String>,
    /// Where.
    pub environment: Option<String>,
}

/// The parameters that name what the interfaces of a product are called upon, the most telling first.
const NAMED: &[(&str, &[&str])] = &[
    ("appconfig", &["applicationId", "application"]),
    ("apigateway", &["restApiId", "apiId", "domainName"]),
    ("autoscaling", &["autoScalingGroupName"]),
    ("application-autoscaling", &["resourceId"]),
    ("codedeploy", &["applicationName"]),
    ("cloudformation", &["stackName", "stackSetName"]),
    (
        "ecs",
        &["service", "serviceName", "family", "taskDefinition"],
    ),
    ("eks", &["clusterName", "name"]),
    (
        "elasticbeanstalk",
        &[
            "environmentName",
            "sourceEnvironmentName",
            "applicationName",
        ],
    ),
    (
        "elasticloadbalancing",
        &[
            "targetGroupArn",
            "ruleArn",
            "listenerArn",
            "loadBalancerArn",
            "loadBalancerName",
        ],
    ),
    ("lambda", &["functionName"]),
    ("route53", &["name"]),
    ("s3", &["bucketName"]),
    ("secretsmanager", &["secretId", "name"]),
    ("ssm", &["name"]),
    ("states", &["stateMachineArn", "name"]),
];

impl Called {
    /// Reads a call upon the interface of `product`.
    #[must_use]
    pub fn of(call: &Object<'_>, product: &str) -> Self {
        let empty = Object::default();
        let parameters = call.object("requestParameters").unwrap_or(&empty);
        let target = target(parameters, product)
            .or_else(|| Some(call.text(&["additionalEventData.SecretId"])?.into_owned()));
        let (service, place) = match (product, target.as_deref()) {
            (_, None) => (None, None),
            ("ecs", Some(name)) if parameters.get("service").is_none() => (task(name), None),
            // The product draws ids; what is deployed has a name.
            ("appconfig", Some(id)) if is_drawn(id) => profile(call),
            (_, Some(name)) => owner(name),
        };
        let place = place.or_else(|| placed(parameters));
        Self {
            version: version(parameters),
            environment: place,
            target,
            service,
        }
    }
}

/// What was called upon: the parameter that names or identifies something, rather than what
/// that stands in.
fn target(parameters: &Object<'_>, product: &str) -> Option<String> {
    let known = NAMED.iter().find(|(p, _)| *p == product);
    if let Some(found) = known.and_then(|(_, names)| parameters.text(names)) {
        return Some(found.into_owned());
    }
    if let Some(record) = record_set(parameters) {
        return Some(record);
    }
    let endings = [
        "service",
        "name",
        "identifier",
        "id",
        "arn",
        "url",
        "cluster",
    ];
    let found = endings.iter().find_map(|end| {
        parameters
            .iter()
            .filter(|(name, _)| name.to_ascii_lowercase().ends_with(end))
            .find_map(|(_, value)| value.text())
    });
    let listed = || parameters.list("instancesSet.items").first()?.object();
    let instance = || listed()?.text(&["instanceId"]);
    found.or_else(instance).map(Cow::into_owned)
}

/// The name that a call for Route 53 gives another address.
fn record_set(parameters: &Object<'_>) -> Option<String> {
    let change = parameters.list("changeBatch.changes").first()?.object()?;
    let name = change.text(&["resourceRecordSet.name"])?;
    Some(name.trim_end_matches('.').to_owned())
}

/// `quay-migrate:41`, with or without what a resource's identity has in front: the task of a service.
fn task(name: &str) -> Option<String> {
    const DOES: [&str; 9] = [
        "db-migrate",
        "db-migration",
        "db-migrations",
        "migrate",
        "migration",
        "migrations",
        "migrator",
        "task",
        "td",
    ];
    let name = name.rsplit('/').next()?;
    let family = name.split(':').next()?;
    let (family, _) = change::parted(family);
    let does = |d: &&str| {
        let before = family.strip_suffix(*d)?;
        before
            .strip_suffix(['-', '_', '.'])
            .filter(|b| !b.is_empty())
    };
    let own = DOES.iter().find_map(does).unwrap_or(family);
    (!own.is_empty()).then(|| own.to_owned())
}

/// AppConfig's ids: `339ohji`.
fn is_drawn(id: &str) -> bool {
    id.len() <= 7 && id.bytes().any(|b| b.is_ascii_digit()) && !id.contains(['-', '_', '.'])
}

/// Of which parameter, document or profile a deployment of AppConfig is.
fn profile(call: &Object<'_>) -> (Option<String>, Option<String>) {
    let uri = call.text(&["responseElements.configurationLocationUri"]);
    let path = uri.as_deref().and_then(|u| u.split_once("://"));
    if let (Some(service), place) = path.map_or((None, None), |(_, p)| owner(p)) {
        return (Some(service), place);
    }
    let name = call.text(&["responseElements.configurationName"]);
    (name.map(Cow::into_owned), None)
}

/// The environment that a call says it is for.
fn placed(parameters: &Object<'_>) -> Option<String> {
    const NAMES: [&str; 9] = [
        "cluster",
        "environmentId",
        "environmentName",
        "environment",
        "stageName",
        "deploymentGroupName",
        "tags.env",
        "tags.environment",
        "tags.Environment",
    ];
    NAMES.iter().find_map(|name| {
        let said = parameters.text(&[name])?;
        let name = said.rsplit(['/', ':']).next().unwrap_or(&said);
        change::environment_of(name).map(str::to_owned)
    })
}

/// What runs after the call: the tag of an image, the label of a version, the revision of a task.
fn version(parameters: &Object<'_>) -> Option<String> {
    let image = parameters.list("containerDefinitions").first();
    let image = image.and_then(|c| c.object()?.text(&["image"]));
    let image = image.or_else(|| parameters.text(&["imageUri"]));
    let tag = image.as_deref().and_then(|i| {
        let (_, last) = i.rsplit_once('/').unwrap_or(("", i));
        last.split_once(':').map(|(_, tag)| tag.to_owned())
    });
    let named = || {
        let names = [
            "versionLabel",
            "configurationVersion",
            "functionVersion",
            "engineVersion",
            "version",
            "revision.gitHubLocation.commitId",
            "sourceVersion",
        ];
        Some(parameters.scalar(&names)?.into_owned())
    };
    let bundle = || {
        let key = parameters.text(&["revision.s3Location.key", "s3Key"])?;
        let name = key.rsplit('/').next()?;
        let bare = [".zip", ".tar.gz", ".tgz", ".jar", ".tar"];
        let name = bare
            .iter()
            .find_map(|e| name.strip_suffix(e))
            .unwrap_or(name);
        let mut starts = name.char_indices().filter(|(n, c)| {
            let before = name.get(..*n).and_then(|b| b.chars().last());
            (c.is_ascii_digit() || *c == 'v') && before.is_none_or(|b| matches!(b, '-' | '_'))
        });
        starts
            .find_map(|(n, _)| name.get(n..).filter(|v| change::is_version(v)))
            .map(str::to_owned)
    };
    let revision = || {
        let task = parameters.text(&["taskDefinition"])?;
        let (_, revision) = task.rsplit_once(':')?;
        revision
            .bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| revision.to_owned())
    };
    tag.or_else(named).or_else(bundle).or_else(revision)
}

/// Whose it is that was called upon, and where: a resource is called by its own name, however it is identified, and a
/// parameter or a secret stands under the name of whoever reads it.
fn owner(target: &str) -> (Option<String>, Option<String>) {
    let own = |t: &str| (!t.is_empty()).then(|| t.to_owned());
    if let Some(queue) = target.strip_prefix("https://") {
        return (queue.rsplit('/').next().and_then(own), None);
    }
    let name = match target.strip_prefix("arn:") {
        // `arn:aws:lambda:eu-west-1:41:function:tide`, `…:service/CLUSTER/NAME`
        Some(arn) => arn.splitn(5, ':').last().unwrap_or(arn),
        None => target,
    };
    // What is named first behind these, and what last.
    const FIRST: [&str; 16] = [
        "function:",
        "stack/",
        "stateMachine:",
        "targetgroup/",
        "listener/app/",
        "listener/net/",
        "listener-rule/app/",
        "listener-rule/net/",
        "loadbalancer/app/",
        "loadbalancer/net/",
        "task-definition/",
        "replicationgroup:",
        "cluster/",
        "distribution/",
        "nodegroup/",
        "table/",
    ];
    const REST: [&str; 4] = ["secret:", "parameter", "db:", "cluster:"];
    let within = name.len() < target.len();
    let behind = |sorts: &[&str]| {
        let mut all = sorts.iter().filter(|_| within);
        all.find_map(|s| name.strip_prefix(s))
    };
    if let Some(path) = Some(name).filter(|n| n.starts_with("service/")) {
        let path = path.trim_start_matches("service/");
        let (cluster, service) = path.rsplit_once('/').unwrap_or(("", path));
        return (own(service), change::environment_of(cluster).and_then(own));
    }
    if let Some(found) = behind(&FIRST) {
        return (found.split(['/', ':']).next().and_then(own), None);
    }
    let name = behind(&REST).unwrap_or(name);
    if !name.contains('/') || name.contains(':') {
        return (own(name), None);
    }
    let (service, place) = change::of_path(name);
    (service.and_then(own), place.and_then(own))
}

#[cfg(test)]
mod tests {
    use super::{Called, owner};
    use crate::token::json;

    #[test]
    fn what_was_called_upon_is_somebodys() {
        for (target, service, place) in [
            ("quay-fn", Some("quay-fn"), None),
            (
                "arn:aws:lambda:eu-west-1:41:function:quay-fn:live",
                Some("quay-fn"),
                None,
            ),
            (
                "arn:aws:ecs:eu-west-1:41:service/prod/quay",
                Some("quay"),
                Some("prod"),
            ),
            (
                "arn:aws:ssm:eu-west-1:41:parameter/uat/quay/pool",
                Some("quay"),
                Some("uat"),
            ),
            (
                "arn:aws:cloudformation:eu-west-1:41:stack/quay-net/5d0c",
                Some("quay-net"),
                None,
            ),
            (
                "arn:aws:elasticloadbalancing:eu-west-1:41:targetgroup/quay/73e2",
                Some("quay"),
                None,
            ),
            (
                "https://sqs.eu-west-1.amazonaws.com/41/quay-jobs",
                Some("quay-jobs"),
                None,
            ),
            (
                "/production/quay/settings",
                Some("quay"),
                Some("production"),
            ),
            ("prod/quay-api/db-password", Some("quay-api"), Some("prod")),
            ("/pool_size", None, None),
            ("sg-41", Some("sg-41"), None),
        ] {
            let (found, at) = owner(target);
            assert_eq!(
                (found.as_deref(), at.as_deref()),
                (service, place),
                "{target}"
            );
        }
    }

    #[test]
    fn what_it_has_after_the_call() {
        for (product, call, service, version, place) in [
            (
                "ecs",
                r#"{"requestParameters":{"cluster":"prod","taskDefinition":"quay-migrate:41"}}"#,
                Some("quay"),
                Some("41"),
                Some("prod"),
            ),
            (
                "appconfig",
                r#"{"requestParameters":{"environmentId":"54j1r29","applicationId":"339ohji","configurationVersion":"7"},"responseElements":{"configurationLocationUri":"ssm-parameter:///prod/quay/switches"}}"#,
                Some("quay"),
                Some("7"),
                Some("prod"),
            ),
            (
                "appconfig",
                r#"{"requestParameters":{"applicationId":"quay","environmentId":"production","configurationVersion":"41"}}"#,
                Some("quay"),
                Some("41"),
                Some("production"),
            ),
            (
                "lambda",
                r#"{"requestParameters":{"functionName":"quay","imageUri":"41.dkr.ecr/quay:2.6.0"}}"#,
                Some("quay"),
                Some("2.6.0"),
                None,
            ),
            (
                "codedeploy",
                r#"{"requestParameters":{"deploymentGroupName":"quay-staging","applicationName":"quay","revision":{"s3Location":{"bucket":"b","key":"quay/quay-2.6.1.zip"}}}}"#,
                Some("quay"),
                Some("2.6.1"),
                Some("staging"),
            ),
        ] {
            let object = json::object(call.as_bytes()).unwrap();
            let found = Called::of(&object, product);
            let found = (
                found.service.as_deref(),
                found.version.as_deref(),
                found.environment.as_deref(),
            );
            assert_eq!(found, (service, version, place), "{call}");
        }
    }
}
