//! Notifications that HCP Terraform (Terraform Cloud) and Terraform Enterprise send of the runs of a workspace.

use crate::format::{Context, Cut, Format};
use crate::record::{ChangeState, Kind, Level, Record, field};
use crate::token::change;
use crate::token::json::{Json, Object};
use crate::token::payload::{self, Payload};
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "terraform-cloud",
    title: "HCP Terraform (Terraform Cloud) run notification",
    reference: "https://developer.hashicorp.com/terraform/cloud-docs/workspaces/settings/notifications",
    cut: Cut::Json,
    specificity: 90,
    hint: |i| memmem::find(i, b"run_status").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/terraform-cloud/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    payload::read(entry, is_mine, records, out)
}

fn is_mine(object: &Object<'_>) -> bool {
    let told = notifications(object).any(|n| n.get("run_status").is_some());
    told && (object.get("workspace_name").is_some() || object.get("run_id").is_some())
}

fn notifications<'o, 'a>(object: &'o Object<'a>) -> impl Iterator<Item = &'o Object<'a>> {
    object.list("notifications").iter().filter_map(Json::object)
}

fn records<'x>(payload: &Payload<'x>, out: &mut Vec<Record<'x>>) {
    let object = &payload.object;
    let several = object.list("notifications").len() > 1;
    for told in notifications(object) {
        let Some(status) = told.text(&["run_status"]) else {
            continue;
        };
        let mut record = record(object, told, &status);
        if several {
            record.part = payload.place(told);
        }
        out.push(record);
    }
}

/// How far a run has come. A plan that is finished without anything to apply changes nothing.
fn state(status: &str) -> Option<ChangeState> {
    Some(match status {
        "applied" => ChangeState::Finished,
        "applying" => ChangeState::Started,
        "errored" | "canceled" | "force_canceled" | "discarded" => ChangeState::Failed,
        "pending"
        | "fetching"
        | "fetching_completed"
        | "queuing"
        | "plan_queued"
        | "planning"
        | "planned"
        | "planned_and_saved"
        | "cost_estimating"
        | "cost_estimated"
        | "policy_checking"
        | "policy_checked"
        | "policy_override"
        | "policy_soft_failed"
        | "pre_plan_running"
        | "pre_plan_completed"
        | "post_plan_running"
        | "post_plan_completed"
        | "confirmed"
        | "apply_queued"
        | "queuing_apply" => ChangeState::Requested,
        _ => return None,
    })
}

fn record<'x>(run: &Object<'x>, told: &Object<'x>, status: &str) -> Record<'x> {
    let state = state(status);
    let kind = state.map_or(Kind::Log, Kind::Change);
    let workspace = run.text(&["workspace_name"]);
    let said = run.text(&["run_message"]).filter(|m| !m.trim().is_empty());
    let how = told.text(&["message"]).unwrap_or_default();
    let name = workspace.as_deref().unwrap_or_default();
    let words = [name, how.as_ref(), said.as_deref().unwrap_or_default()];
    let words: Vec<&str> = words.into_iter().filter(|w| !w.is_empty()).collect();
    let mut record = Record::new(kind, words.join(": "));
    let times = ["run_updated_at"];
    record.at =
        payload::time_at(told, &times).or_else(|| payload::time_at(run, &["run_created_at"]));
    record.level = (status == "errored").then_some(Level::Error);
    let (service, place) = change::parted(name);
    record.service = (!service.is_empty()).then(|| service.to_owned().into());
    let who = told
        .text(&["run_updated_by"])
        .or_else(|| run.text(&["run_created_by"]));
    record.actor = who.map(|who| payload::actor(who, false));
    let fields = &mut record.fields;
    if state.is_some() {
        // What is applied is whatever the workspace keeps; its message may tell what that is.
        let of_text = said.as_deref().and_then(change::title).map(|t| t.kind);
        let back = of_text.filter(|k| *k == "rollback");
        fields.push(field::CHANGE, back.unwrap_or("infrastructure"));
    }
    payload::file_first(fields, field::ID, run, &["run_id"]);
    if let Some(place) = place {
        fields.push(field::ENVIRONMENT, place.to_owned());
    }
    fields.push("run_status", status.to_owned());
    payload::file_first(fields, "workspace", run, &["workspace_name"]);
    payload::file_first(fields, "organization", run, &["organization_name"]);
    payload::file_first(fields, "trigger", told, &["trigger"]);
    payload::file_first(fields, "url", run, &["run_url"]);
    record
}
