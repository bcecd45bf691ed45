//! `schema/recon.report.1.json` against what recon writes.
//!
//! The validator knows the keywords that the schema uses and refuses any other, so that no rule
//! of the schema goes unchecked; a crate for all of JSON Schema would bring forty others along.

use super::util::{root, run, samples};
use regex::Regex;
use serde_json::{Value as Json, json};
use std::fs;

fn schema() -> Json {
    let text = fs::read_to_string(root().join("schema/recon.report.1.json"));
    serde_json::from_str(&text.expect("the schema")).expect("JSON")
}

/// Everything in `value` that breaks `rule`.
fn check(whole: &Json, rule: &Json, value: &Json, at: &str, broken: &mut Vec<String>) {
    for (keyword, wanted) in rule.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let pointer = wanted.as_str().and_then(|r| r.strip_prefix('#'));
                let target = whole.pointer(pointer.expect("a local reference"));
                check(whole, target.expect("a definition"), value, at, broken);
            }
            "anyOf" => {
                let fits = |rule: &Json| {
                    let mut own = Vec::new();
                    check(whole, rule, value, at, &mut own);
                    own.is_empty()
                };
                if !wanted.as_array().expect("a list").iter().any(fits) {
                    broken.push(format!("{at}: {value} fits nothing of {wanted}"));
                }
            }
            "items" => {
                for (n, item) in value.as_array().into_iter().flatten().enumerate() {
                    check(whole, wanted, item, &format!("{at}/{n}"), broken);
                }
            }
            "properties" => {
                for (name, rule) in wanted.as_object().expect("properties") {
                    if let Some(part) = value.get(name) {
                        check(whole, rule, part, &format!("{at}/{name}"), broken);
                    }
                }
            }
            "additionalProperties" => {
                let known = rule.get("properties").and_then(Json::as_object);
                for (name, part) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|k| k.contains_key(name)) {
                        continue;
                    }
                    if wanted == false {
                        broken.push(format!("{at}: {name} is not in the schema"));
                    } else {
                        check(whole, wanted, part, &format!("{at}/{name}"), broken);
                    }
                }
            }
            plain => broken.extend(fault(plain, wanted, value).map(|why| format!("{at}: {why}"))),
        }
    }
}

/// Why a value breaks a keyword that looks at nothing but the value.
fn fault(keyword: &str, wanted: &Json, value: &Json) -> Option<String> {
    let len = || value.as_array().map_or(0, Vec::len) as u64;
    let bound = || wanted.as_u64().expect("a number");
    let holds = match keyword {
        "const" => value == wanted,
        "enum" => wanted.as_array().expect("a list").contains(value),
        "type" => is(value, wanted.as_str().expect("one type")),
        "minimum" => value.as_f64().is_none_or(|v| Some(v) >= wanted.as_f64()),
        "maximum" => value.as_f64().is_none_or(|v| Some(v) <= wanted.as_f64()),
        "minItems" => len() >= bound(),
        "maxItems" => len() <= bound(),
        "pattern" => {
            let pattern = Regex::new(wanted.as_str().expect("a pattern")).expect("a pattern");
            value.as_str().is_none_or(|t| pattern.is_match(t))
        }
        "required" => {
            let names = wanted.as_array().expect("names").iter();
            let mut names = names.map(|n| n.as_str().expect("a name"));
            names.all(|name| value.get(name).is_some())
        }
        other => panic!("the validator does not know `{other}`"),
    };
    (!holds).then(|| format!("{value} breaks {keyword} {wanted}"))
}

fn is(value: &Json, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("no type `{other}`"),
    }
}

fn broken(value: &Json) -> Vec<String> {
    let schema = schema();
    let mut broken = Vec::new();
    check(&schema, &schema, value, "", &mut broken);
    broken
}

#[test]
fn reports_of_all_samples_keep_to_the_schema() {
    for sample in samples() {
        let report = run(&[&sample.folder, "--format", "json"]).json();
        assert_eq!(
            report["incidents"]
                .as_array()
                .is_some_and(|i| !i.is_empty()),
            sample.is_incident()
        );
        assert_eq!(broken(&report), Vec::<String>::new(), "{}", sample.name);
    }
    let postmortem = "samples/formats/postmortem/input.md";
    let report = run(&[postmortem, "--format", "json"]).json();
    assert!(report["incidents"][0]["stated"].is_object());
    assert_eq!(broken(&report), Vec::<String>::new());
}

#[test]
fn the_schema_turns_away_what_is_wrong() {
    let sample = &samples()[0];
    let good = run(&[&sample.folder, "--format", "json"]).json();
    let spoil: [(&str, Json); 6] = [
        ("/schema", json!("recon.report/2")),
        ("/incidents/0/status", json!("over")),
        ("/incidents/0/timeline/0/evidence", json!([])),
        ("/incidents/0/timeline/0/time", json!("19 January")),
        ("/inputs/0/lines", json!(-1)),
        ("/incidents/0/impact", json!({})),
    ];
    for (place, wrong) in spoil {
        let mut bad = good.clone();
        *bad.pointer_mut(place)
            .unwrap_or_else(|| panic!("no {place}")) = wrong;
        assert!(!broken(&bad).is_empty(), "{place}");
    }
    let mut bad = good;
    bad["incidents"][0]["surprise"] = json!(1);
    assert_eq!(
        broken(&bad),
        ["/incidents/0: surprise is not in the schema"]
    );
}
