//! Audit log of Vault and OpenBao: every request and every response, one JSON object each.

use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Level, Record, field};
use crate::token::json::{self, Object};
use crate::token::payload;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "vault-audit",
    title: "Vault / OpenBao audit log",
    reference: "https://developer.hashicorp.com/vault/docs/audit",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/vault-audit/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    let stage = object.text(&["type"])?;
    let operation = object.text(&["request.operation"])?;
    if !matches!(&*stage, "request" | "response") || !is_vault(&object) {
        return None;
    }
    let path = object.text(&["request.path"]).unwrap_or_default();
    let error = object.text(&["error"]).map(|e| said(&e));
    let message = match &error {
        Some(error) => format!("{stage} {operation} {path}: {error}"),
        None => format!("{stage} {operation} {path}"),
    };
    let mut record = Record::new(Kind::Log, message);
    record.at = payload::time_at(&object, &["time"]);
    record.level = error.as_ref().map(|_| Level::Error);
    let fields = &mut record.fields;
    fields.push(field::METHOD, operation);
    fields.push(field::PATH, path);
    for (name, paths) in [
        (
            field::USER,
            &["auth.display_name", "auth.metadata.username"][..],
        ),
        (field::CLIENT, &["request.remote_address"]),
        (field::REQUEST_ID, &["request.id"]),
    ] {
        payload::file_first(fields, name, &object, paths);
    }
    if let Some(error) = error {
        fields.push(field::ERROR, error);
    }
    // Tokens and secrets are hashed, but still nothing to spread; responses can be long.
    payload::file_all(fields, &object, &|path| {
        path.starts_with("response.")
            || path.starts_with("request.data")
            || path.contains("token")
            || path.contains("accessor")
            || matches!(
                path,
                "time" | "error" | "request.path" | "request.operation" | "request.id"
            )
            || matches!(path, "auth.display_name" | "request.remote_address")
    });
    out.push(record);
    Some(())
}

fn is_vault(object: &Object<'_>) -> bool {
    let request = |name: &str| object.get(&format!("request.{name}")).is_some();
    request("id")
        && request("path")
        && (object.get("auth").is_some() || request("mount_type") || request("client_token"))
}

/// `1 error occurred:\n\t* permission denied` without its frame.
fn said(error: &str) -> String {
    let parts: Vec<&str> = error
        .lines()
        .map(|l| l.trim().trim_start_matches("* "))
        .filter(|l| !l.is_empty() && !l.ends_with("occurred:"))
        .collect();
    parts.join("; ")
}
