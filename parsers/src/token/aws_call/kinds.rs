//! Which calls change what runs, by their names and, where those leave it open, by what they are given.

use crate::token::json::{Json, Object};

/// Names of calls by how they begin, and the kind of change that each is, in the words of
/// [`crate::field::CHANGE`]; those with none are what programs do all day to data, sessions and their own upkeep, or
/// prepare and do not yet change anything. The first that fits counts.
#[rustfmt::skip]
const STEMS: &[(&str, &str)] = &[
    ("PutObject", ""), ("DeleteObject", ""), ("PutItem", ""), ("UpdateItem", ""), ("DeleteItem", ""),
    ("PutMetricData", ""), ("PutLogEvents", ""), ("PutRecord", ""), ("PutEvents", ""), ("PutTraceSegments", ""),
    ("PutTelemetryRecords", ""), ("PutImage", ""), ("PutInventory", ""), ("PutComplianceItems", ""),
    ("PutEvaluations", ""), ("PutApprovalResult", ""), ("CreateLogStream", ""), ("CreateLogGroup", ""),
    ("CreateNetworkInterface", ""), ("DeleteNetworkInterface", ""), ("CreateDataChannel", ""),
    ("CreateControlChannel", ""), ("CreateTags", ""), ("DeleteTags", ""), ("CreateGrant", ""), ("CreateSession", ""),
    ("CreateToken", ""), ("CreateMultipartUpload", ""), ("CreateSnapshot", ""), ("DeleteSnapshot", ""),
    ("CreateDBSnapshot", ""), ("CreateDBClusterSnapshot", ""), ("CreateImage", ""), ("CreateChangeSet", ""),
    ("DeleteChangeSet", ""), ("DeleteMessage", ""), ("UpdateInstanceInformation", ""),
    ("UpdateInstanceAssociationStatus", ""), ("UpdateUserAttributes", ""), ("SetAlarmState", ""),
    ("DisassociateEncryptionConfig", "config"),

    ("UpdateFunctionCode", "deploy"), ("PublishVersion", "deploy"), ("PutFunctionConcurrency", "scale"),
    ("PutProvisionedConcurrency", "scale"), ("UpdateService", "deploy"), ("RegisterTaskDefinition", "deploy"),
    ("UpdateTaskSet", "deploy"), ("CreateDeployment", "deploy"), ("StartPipelineExecution", "deploy"),
    ("UpdateStack", "deploy"), ("CreateStack", "deploy"), ("ExecuteChangeSet", "deploy"),
    ("StartInstanceRefresh", "deploy"), ("UpdateStateMachine", "deploy"), ("SwapEnvironment", "deploy"),
    ("StopDeployment", "rollback"), ("RollbackStack", "rollback"), ("CancelUpdateStack", "rollback"),
    ("ContinueUpdateRollback", "rollback"), ("RollbackInstanceRefresh", "rollback"),
    ("SetDesiredCapacity", "scale"), ("UpdateAutoScalingGroup", "scale"), ("RegisterScalableTarget", "scale"),
    ("PutScalingPolicy", "scale"), ("RunInstances", "scale"), ("TerminateInstance", "scale"),
    ("IncreaseReplicaCount", "scale"), ("DecreaseReplicaCount", "scale"), ("UpdateNodegroupConfig", "scale"),
    ("UpdateBrokerCount", "scale"), ("UpdateShardCount", "scale"),
    ("UpdateNodegroupVersion", "infrastructure"), ("UpdateClusterVersion", "infrastructure"),
    ("UpdateAddon", "infrastructure"),
    ("Reboot", "restart"), ("StartInstances", "restart"), ("StopInstances", "restart"), ("StartDBInstance", "restart"),
    ("StopDBInstance", "restart"), ("StartDBCluster", "restart"), ("StopDBCluster", "restart"), ("StopTask", "restart"),
    ("RestartAppServer", "restart"), ("RebuildEnvironment", "restart"),
    ("Failover", "failover"), ("TestFailover", "failover"), ("PromoteReadReplica", "failover"),
    ("Switchover", "failover"), ("StartZonalShift", "failover"),
    ("ApplyPendingMaintenanceAction", "maintenance"), ("BatchApplyUpdateAction", "maintenance"),
    ("PutSecret", "secret"), ("UpdateSecret", "secret"), ("RotateSecret", "secret"), ("RotationSucceeded", "secret"),
    ("CreateSecret", "secret"), ("DeleteSecret", "secret"), ("RestoreSecret", "secret"),
    ("ScheduleKeyDeletion", "secret"), ("CancelKeyDeletion", "secret"), ("DisableKey", "secret"),
    ("RotateKey", "secret"), ("CreateAccessKey", "secret"), ("UpdateAccessKey", "secret"),
    ("DeleteAccessKey", "secret"), ("ImportCertificate", "secret"), ("RenewCertificate", "secret"),
    ("DeleteCertificate", "secret"), ("UploadServerCertificate", "secret"), ("UpdateServerCertificate", "secret"),
    ("DeleteServerCertificate", "secret"),
    ("ChangeResourceRecordSets", "infrastructure"), ("AuthorizeSecurityGroup", "infrastructure"),
    ("RevokeSecurityGroup", "infrastructure"), ("ModifySecurityGroup", "infrastructure"),
    ("CreateRoute", "infrastructure"), ("ReplaceRoute", "infrastructure"), ("DeleteRoute", "infrastructure"),
    ("CreateNetworkAcl", "infrastructure"), ("ReplaceNetworkAcl", "infrastructure"),
    ("DeleteNetworkAcl", "infrastructure"), ("UpdateWebACL", "infrastructure"), ("UpdateIPSet", "infrastructure"),
    ("UpdateRuleGroup", "infrastructure"), ("AssociateWebACL", "infrastructure"),
    ("DisassociateWebACL", "infrastructure"), ("SetSecurityGroups", "infrastructure"),
    ("AddPermission", "config"), ("RemovePermission", "config"), ("ResetDB", "config"), ("PurgeQueue", "config"),
    ("SuspendProcesses", "config"), ("ResumeProcesses", "config"), ("Modify", "config"), ("Update", "config"),
    ("Put", "config"), ("Set", "config"), ("Delete", "config"), ("Create", "config"), ("Attach", "config"),
    ("Detach", "config"), ("Associate", "config"), ("Disassociate", "config"), ("Enable", "config"),
    ("Disable", "config"), ("Replace", "config"), ("Deregister", "config"),
];

/// The kind of change that a call upon `product` is; reading is none.
#[must_use]
pub fn kind(call: &Object<'_>, product: &str, name: &str) -> Option<&'static str> {
    let said = |path: &str, word: &str| call.scalar(&[path]).is_some_and(|t| t == word);
    // What a service does to itself, and the roles that exist for that alone.
    let by_itself = said("userIdentity.type", "AWSService")
        || call
            .text(&["userIdentity.sessionContext.sessionIssuer.userName"])
            .is_some_and(|role| role.starts_with("AWSServiceRoleFor"));
    if said("readOnly", "true")
        || said("managementEvent", "false")
        || said("eventCategory", "Data")
        || by_itself && name != "RotationSucceeded"
    {
        return None;
    }
    let given = |name: &str| {
        call.get("requestParameters").is_some() && {
            let path = format!("requestParameters.{name}");
            call.scalar(&[path.as_str()]).is_some()
        }
    };
    let words = |names: &[&str], word: &str| {
        let mut said = names.iter().filter_map(|n| {
            let path = format!("requestParameters.{n}");
            Some(call.text(&[path.as_str()])?.to_ascii_lowercase())
        });
        said.any(|s| s.contains(word))
    };
    let open = match (product, name) {
        ("ecs", "RunTask") => {
            let told = ["taskDefinition", "startedBy", "group"];
            let commands = call.list("requestParameters.overrides.containerOverrides");
            let mut commands = commands.iter().filter_map(Json::object);
            let asked = commands.any(|o| {
                let words = o.list("command").iter().filter_map(Json::text);
                words.into_iter().any(|w| w.contains("migrat"))
            });
            return (asked || words(&told, "migrat")).then_some("migration");
        }
        ("ecs", "UpdateService") if !given("taskDefinition") => {
            let anew = said("requestParameters.forceNewDeployment", "true");
            match (anew, given("desiredCount")) {
                (true, _) => Some("restart"),
                (false, true) => Some("scale"),
                _ => None,
            }
        }
        ("appconfig", "StartDeployment") => {
            let told = [
                "description",
                "configurationProfileId",
                "configurationVersion",
                "deploymentStrategyId",
            ];
            let flag = words(&told, "flag") || words(&told, "feature");
            Some(if flag { "flag" } else { "config" })
        }
        ("apprunner" | "amplify", "StartDeployment" | "StartJob") => Some("deploy"),
        ("lambda", name) if name.starts_with("UpdateAlias") => Some("deploy"),
        ("elasticbeanstalk", "UpdateEnvironment") if given("versionLabel") => Some("deploy"),
        _ => None,
    };
    let stem = || {
        let (_, kind) = STEMS.iter().find(|(stem, _)| name.starts_with(stem))?;
        (!kind.is_empty()).then_some(*kind)
    };
    open.or_else(stem)
}

#[cfg(test)]
mod tests {
    use super::kind;
    use crate::token::json;

    #[test]
    fn calls_that_change_what_runs_are_told_from_others() {
        for (product, name, parameters, expected) in [
            (
                "ecs",
                "RunTask",
                r#"{"taskDefinition":"quay-migrate:41"}"#,
                Some("migration"),
            ),
            (
                "ecs",
                "RunTask",
                r#"{"taskDefinition":"quay:7","overrides":{"containerOverrides":[{"command":["rails","db:migrate"]}]}}"#,
                Some("migration"),
            ),
            (
                "ecs",
                "RunTask",
                r#"{"taskDefinition":"nightly-export:7"}"#,
                None,
            ),
            (
                "ecs",
                "UpdateService",
                r#"{"service":"quay","taskDefinition":"quay:9"}"#,
                Some("deploy"),
            ),
            (
                "ecs",
                "UpdateService",
                r#"{"service":"quay","desiredCount":9}"#,
                Some("scale"),
            ),
            (
                "ecs",
                "UpdateService",
                r#"{"service":"quay","forceNewDeployment":true}"#,
                Some("restart"),
            ),
            (
                "appconfig",
                "StartDeployment",
                r#"{"applicationId":"quay"}"#,
                Some("config"),
            ),
            (
                "appconfig",
                "StartDeployment",
                r#"{"applicationId":"quay","description":"flag bulk-labels on"}"#,
                Some("flag"),
            ),
            ("lambda", "UpdateAlias20150331", "{}", Some("deploy")),
            (
                "lambda",
                "UpdateFunctionConfiguration20150331v2",
                "{}",
                Some("config"),
            ),
            (
                "ec2",
                "AuthorizeSecurityGroupIngress",
                "{}",
                Some("infrastructure"),
            ),
            ("ec2", "CreateTags", "{}", None),
            ("kms", "CreateGrant", "{}", None),
            ("acm", "ImportCertificate", "{}", Some("secret")),
            (
                "eks",
                "UpdateNodegroupVersion",
                "{}",
                Some("infrastructure"),
            ),
            ("cloudformation", "CreateChangeSet", "{}", None),
            ("states", "StartExecution", "{}", None),
            ("rds", "DescribeDBInstances", "{}", None),
        ] {
            let call = format!(r#"{{"requestParameters":{parameters}}}"#);
            let object = json::object(call.as_bytes()).unwrap();
            assert_eq!(
                kind(&object, product, name),
                expected,
                "{name} {parameters}"
            );
        }
        let role = r#"{"userIdentity":{"sessionContext":{"sessionIssuer":{"userName":"AWSServiceRoleForECS"}}}}"#;
        let object = json::object(role.as_bytes()).unwrap();
        assert_eq!(kind(&object, "ecs", "UpdateService"), None);
    }
}
