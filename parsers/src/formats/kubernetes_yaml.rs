//! What `kubectl get … -o yaml` prints of events and Argo CD's applications: the same objects as
//! in JSON, read by the same rules.

use super::{argocd, kubernetes_event};
use crate::format::{Context, Cut, Format};
use crate::record::Record;
use crate::token::json::Json;
use crate::token::payload::Payload;
use crate::token::yaml;
use memchr::memmem;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "kubernetes-yaml",
    title: "Kubernetes events and Argo CD applications in YAML",
    reference: "https://kubernetes.io/docs/reference/kubectl/#output-options",
    cut: Cut::Document,
    specificity: 90,
    hint,
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/kubernetes-yaml/input.yaml"),
};

fn hint(text: &[u8]) -> bool {
    let about = [
        &b"involvedObject:"[..],
        b"regarding:",
        b"deployedAt:",
        b"operationState:",
    ];
    about.iter().any(|word| memmem::find(text, word).is_some())
        && text.iter().find(|b| !b.is_ascii_whitespace()) != Some(&b'{')
}

fn parse<'a>(text: &'a [u8], _: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    hint(text).then_some(())?;
    let mut mine = false;
    for value in yaml::documents(text) {
        let objects = match value {
            Json::Object(object) => vec![object],
            Json::List(list) => {
                let objects = list.iter().filter_map(Json::object);
                objects.cloned().collect()
            }
            _ => continue,
        };
        for object in objects {
            let records = if kubernetes_event::is_mine(&object) {
                kubernetes_event::records
            } else if argocd::is_mine(&object) {
                argocd::records
            } else {
                continue;
            };
            mine = true;
            let from = out.len();
            let place = object.part(text);
            records(&Payload::new(object, text), out);
            for record in out.iter_mut().skip(from) {
                record.part.get_or_insert_with(|| place.clone());
            }
        }
    }
    mine.then_some(())
}
