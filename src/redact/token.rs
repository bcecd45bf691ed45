//! Tokens that tell by their form what they are: those that issuers mark with a prefix so that
//! scanners find them, and JSON web tokens.

use super::{Class, Found, Rule, pattern};
use regex::Regex;
use std::sync::OnceLock;

pub(super) const KIND: &str = "token";

pub(super) const RULE: Rule = Rule {
    class: Class::Secret,
    hints: &[
        "eyj",
        "gh",
        "github_pat_",
        "glpat-",
        "gldt-",
        "xox",
        "xapp-",
        "akia",
        "asia",
        "aiza",
        "ya29.",
        "_live_",
        "_test_",
        "whsec_",
        "npm_",
        "pypi-",
        "sg.",
        "dop_v1_",
        "hvs.",
        "hvb.",
        "sk-",
        "shp",
        "hooks.slack",
        "webhooks/",
        "glsa_",
        "glc_",
        "dapi",
        "hf_",
        "nrak-",
        "dckr_pat_",
        "atatt3",
        "lin_api_",
        "age-secret-key-",
        "key-",
        "sq0",
        "bearer",
        "basic",
        ":aa",
        "sbp_",
        "rubygems_",
        "sntrys_",
        "dp.",
    ],
    find,
};

/// Each with the reference of its issuer's prefix in mind; lengths are the least that are issued,
/// and a prefix followed by an ellipsis is what somebody cut.
const FORMS: &str = r"(?x)
    \b(?:
        eyJ[A-Za-z0-9_-]{8,}\.(?:eyJ)?[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?    # JWT
      | gh[pousr]_[A-Za-z0-9]{20,} | github_pat_[A-Za-z0-9_]{20,}
      | gl(?:pat|dt|rt|ptt|cbt)-[A-Za-z0-9_-]{16,}
      | xox[abeoprs]-[A-Za-z0-9-]{10,} | xapp-\d-[A-Za-z0-9-]{10,}
      | (?:AKIA|ASIA)[A-Z0-9]{16}\b
      | AIza[A-Za-z0-9_-]{35} | ya29\.[A-Za-z0-9_-]{20,}
      | (?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{10,} | whsec_[A-Za-z0-9+/=]{16,}
      | npm_[A-Za-z0-9]{30,} | pypi-[A-Za-z0-9_-]{30,} | rubygems_[a-f0-9]{40,}
      | SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}
      | do[opr]_v1_[a-f0-9]{40,} | hv[sb]\.[A-Za-z0-9_-]{20,}
      | sk-(?:proj-|ant-|svcacct-)?[A-Za-z0-9_-]{20,}
      | shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}
      | glsa_[A-Za-z0-9_]{30,} | glc_[A-Za-z0-9+/=]{30,}
      | dapi[a-f0-9]{32} | hf_[A-Za-z0-9]{30,} | NRAK-[A-Z0-9]{27}
      | dckr_pat_[A-Za-z0-9_-]{20,} | ATATT3[A-Za-z0-9_=-]{30,} | lin_api_[A-Za-z0-9]{30,}
      | AGE-SECRET-KEY-1[A-Z0-9]{50,} | key-[a-f0-9]{32}\b
      | sq0(?:atp|csp)-[A-Za-z0-9_-]{20,} | sbp_[a-f0-9]{40} | sntrys_[A-Za-z0-9+/=_]{30,}
      | dp\.(?:pt|st|ct|sa)\.[A-Za-z0-9_.-]{30,}
      | \d{8,10}:AA[A-Za-z0-9_-]{32,}                                           # Telegram
      | (?:gh[pousr]_|glpat-|xox[abeoprs]-|AKIA|sk_live_|eyJ)[A-Za-z0-9_.-]{4,}… # cut
    )
  | (?i:\bbearer|\bbasic)[ \t]+(?P<scheme>[A-Za-z0-9._~+/-]{12,}={0,2})
  | hooks\.slack\.com/(?:services|workflows)/(?P<slack>[A-Za-z0-9/]{20,})
  | /api/webhooks/\d+/(?P<hook>[A-Za-z0-9_-]{40,})";

fn find(text: &str, found: &mut Vec<Found>) {
    static TOKEN: OnceLock<Option<Regex>> = OnceLock::new();
    for token in pattern(&TOKEN, FORMS)
        .into_iter()
        .flat_map(|p| p.captures_iter(text))
    {
        let part = ["slack", "hook", "scheme"]
            .into_iter()
            .find_map(|n| token.name(n));
        let Some(part) = part.or_else(|| token.get(0)) else {
            continue;
        };
        // "basic authentication": words are no credentials.
        let word = token.name("scheme").is_some()
            && !part
                .as_str()
                .bytes()
                .any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
        if !word {
            found.push(Found {
                range: part.range(),
                kind: KIND,
            });
        }
    }
}
