//! Traefik's access log in JSON.

use super::json_lines;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::token::json;
use std::borrow::Cow;

/// See the module.
pub(super) static FORMAT: Format = Format {
    name: "traefik-json",
    title: "Traefik access log in JSON",
    reference: "https://doc.traefik.io/traefik/observability/access-logs/",
    cut: Cut::Json,
    specificity: 85,
    hint: |i| i.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{'),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/traefik-json/input.jsonl"),
};

fn parse<'a>(entry: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    let object = json::object(entry)?;
    let own = ["DownstreamStatus", "OriginStatus"];
    if object.get("RequestMethod").is_none() || !own.iter().any(|n| object.get(n).is_some()) {
        return None;
    }
    let mut record = json_lines::record(&object, entry)?;
    record.kind = Kind::Access;
    // `basket@docker`: where the configuration comes from is no part of the name.
    if let Some(service) = &record.service
        && let Some((name, _)) = service.split_once('@')
    {
        record.service = Some(Cow::Owned(name.to_owned()));
    }
    out.push(record);
    Some(())
}
