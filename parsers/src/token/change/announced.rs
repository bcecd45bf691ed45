//! Changes that a program tells of in its own log: it starts, perhaps in another version; it has read its
//! settings, its flags or its certificates anew.
//!
//! Whether a message does is told by its words alone, never by its digits: what is known of one message holds for
//! all that differ from it in numbers and ids.

use super::names::{is_key, is_name, is_setting, is_version};
use super::vocabulary::{
    CERTIFICATES, DENIALS, EACH, FLAGS, PARTS, READS, SECRETS, SETTINGS, STARTS, SWITCHES,
    VERSIONS, WHOLES,
};

/// What a program tells of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced<'a> {
    /// The kind of change in the words of [`crate::field::CHANGE`]; `start` where the version before
    /// decides: the same one again is a restart; `image` where a container's is told.
    pub kind: &'static str,
    /// What starts, where its name is another than that of who tells.
    pub named: Option<&'a str>,
    /// The version that starts, or the serial number of a certificate.
    pub version: Option<&'a str>,
    /// The version before, where it is told.
    pub was: Option<&'a str>,
    /// The flag or the setting.
    pub item: Option<&'a str>,
    /// Its value.
    pub value: Option<&'a str>,
}

/// Words that are looked at.
const LONG: usize = 24;

/// What a message tells of the program that wrote it, which goes by the name of `service`.
#[must_use]
pub fn announced<'a>(message: &'a str, service: &str) -> Option<Announced<'a>> {
    let line = message.lines().next().unwrap_or_default();
    let words: Vec<Word<'a>> = line
        .split(is_gap)
        .filter_map(Word::of)
        .take(LONG + 1)
        .collect();
    if words.len() > LONG || words.iter().any(|w| w.is_among(DENIALS)) || line.ends_with('?') {
        return None;
    }
    let words = Words(&words);
    let found = words.image().or_else(|| words.start(service));
    found.or_else(|| words.switch()).or_else(|| words.reading())
}

fn is_gap(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            ',' | ';' | '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '`'
        )
}

/// A word, and in small letters what is before its sign of equality.
struct Word<'a> {
    text: &'a str,
    lower: String,
}

impl<'a> Word<'a> {
    fn of(word: &'a str) -> Option<Self> {
        let text =
            word.trim_matches(|c: char| matches!(c, '.' | ':' | '!' | '*' | '-' | '=' | '<' | '>'));
        let text = if matches!(word, "->" | "=>" | "→" | "=") {
            "to"
        } else {
            text
        };
        let lower = text
            .split(['=', ':'])
            .next()
            .unwrap_or(text)
            .to_ascii_lowercase();
        (!text.is_empty()).then_some(Self { text, lower })
    }

    fn is_among(&self, list: &[&str]) -> bool {
        list.contains(&self.lower.as_str())
    }

    /// Behind its sign of equality or its colon, or all of it.
    fn value(&self) -> &'a str {
        self.text
            .split_once(['=', ':'])
            .map_or(self.text, |(_, v)| v)
    }

    /// A name and its value: `pool.max=40`.
    fn pair(&self) -> Option<(&'a str, &'a str)> {
        self.text
            .split_once('=')
            .filter(|(n, v)| !n.is_empty() && !v.is_empty())
    }
}

struct Words<'w, 'a>(&'w [Word<'a>]);

impl<'a> Words<'_, 'a> {
    fn at(&self, n: usize) -> Option<&Word<'a>> {
        self.0.get(n)
    }

    fn place(&self, list: &[&str]) -> Option<usize> {
        self.0.iter().position(|w| w.is_among(list))
    }

    /// `starting quay version 2.4.1`, `quay 2.4.1 started`, `booted build 5512 (was 5498)`, `server started`.
    fn start(&self, service: &str) -> Option<Announced<'a>> {
        let at = self.place(STARTS)?;
        let whole = |w: &Word<'a>| w.is_among(WHOLES) || is_named(w.text, service);
        let next = self.at(at + 1);
        let version = self.version(at);
        // `starting job 7`, but `booted build 5512`.
        let numbered = next.is_some_and(|w| w.lower == "build") && version.is_some();
        let part = next.is_some_and(|w| w.is_among(PARTS)) && !numbered;
        // Of something else, if it does not stand near the front.
        if at > 3 || part || self.0.get(..at)?.iter().any(|w| w.is_among(PARTS)) {
            return None;
        }
        let runs = self.at(at).is_some_and(|w| w.lower == "running");
        let itself = next.is_some_and(|w| whole(w) || w.lower == "up")
            || next.is_none() && at == 0
            || self.0.get(..at)?.iter().any(whole);
        (version.is_some() || itself && !runs && self.0.len() <= 9).then_some(Announced {
            kind: "start",
            named: self.named(at).filter(|n| !is_named(n, service)),
            version,
            was: self
                .after(&["was", "previously", "previous", "from"])
                .filter(|v| has_digit(v)),
            item: None,
            value: None,
        })
    }

    /// `Successfully pulled image "registry.example/quay:3.1.0"`: what a container starts from.
    fn image(&self) -> Option<Announced<'a>> {
        let at = self.0.iter().position(|w| w.lower == "image")?;
        let pulled = self
            .0
            .iter()
            .any(|w| w.lower == "pulled" || w.lower == "present");
        let name = self.at(at + 1).filter(|_| pulled && at <= 2)?.text;
        let (_, tag) = name.rsplit('/').next()?.split_once(':')?;
        Some(Announced {
            kind: "image",
            named: None,
            version: Some(tag).filter(|t| !t.is_empty()),
            was: None,
            item: None,
            value: None,
        })
    }

    /// The word behind one of these.
    fn after(&self, list: &[&str]) -> Option<&'a str> {
        let at = self.place(list)?;
        match self.at(at)?.text.split_once(['=', ':']) {
            Some((_, value)) => Some(value).filter(|v| !v.is_empty()),
            None => Some(self.at(at + 1)?.value()),
        }
    }

    /// The name between a word of starting and a version: `starting quay version 3.1.0`, `quay 3.1.0 started`.
    fn named(&self, at: usize) -> Option<&'a str> {
        let versioned = |n: usize| {
            let word = self.at(n);
            word.is_some_and(|w| w.is_among(VERSIONS) || is_release(w.value()))
        };
        let name = |n: usize| {
            let word = self
                .at(n)
                .filter(|w| is_name(w.text) && !w.is_among(WHOLES))?;
            (!word.is_among(VERSIONS) && !word.is_among(STARTS)).then_some(word.text)
        };
        let behind = name(at + 1).filter(|_| versioned(at + 2));
        behind.or_else(|| name(0).filter(|_| at > 0 && versioned(1)))
    }

    /// The version near a word of starting, but for the one that was before.
    fn version(&self, at: usize) -> Option<&'a str> {
        let named = self.after(VERSIONS).filter(|v| has_digit(v));
        let versions = self.0.iter().enumerate().filter(|(n, w)| {
            let before = n.checked_sub(1).and_then(|b| self.at(b));
            // `using Java 17.0.2` is of what it runs on.
            let other = before.is_some_and(|b| {
                b.is_among(&[
                    "was",
                    "previously",
                    "previous",
                    "from",
                    "java",
                    "jvm",
                    "python",
                    "node",
                    "go",
                    "ruby",
                    "on",
                    "port",
                ])
            });
            *n <= at + 6 && !other && is_release(w.value())
        });
        named.or_else(|| versions.map(|(_, w)| w.value()).next())
    }

    /// `feature bulk-labels set to on`, `flag bulk-labels = off`.
    fn switch(&self) -> Option<Announced<'a>> {
        let at = self.place(FLAGS)?;
        let flag = if self.at(at + 1)?.is_among(FLAGS) {
            at + 1
        } else {
            at
        };
        let switched = self.0.iter().position(|w| w.is_among(SWITCHES));
        let own = self.at(flag)?.pair().map(|(_, v)| v);
        let item = own.or_else(|| Some(self.at(flag + 1)?.text))?;
        let (item, paired) = item
            .split_once('=')
            .map_or((item, None), |(n, v)| (n, Some(v)));
        let named = (is_name(item) || is_key(item) || is_setting(item))
            && !SWITCHES.contains(&item.to_ascii_lowercase().as_str());
        let each = self.0.iter().any(|w| w.is_among(EACH));
        let last = self.0.last().map(Word::value).filter(|v| *v != item);
        (named && !each && at <= 3 && (switched.is_some() || paired.is_some())).then_some(
            Announced {
                kind: "flag",
                named: None,
                version: None,
                was: None,
                item: Some(item),
                value: paired.or(last),
            },
        )
    }

    /// `config reloaded: pool.max=40`, `reloaded configuration from …`, `loaded certificate serial 4711`.
    fn reading(&self) -> Option<Announced<'a>> {
        let read = self.place(READS)?;
        let about = |list: &[&str]| self.place(list).filter(|n| *n <= 5);
        let (kind, at) = [
            ("config", SETTINGS),
            ("secret", CERTIFICATES),
            ("secret", SECRETS),
        ]
        .into_iter()
        .find_map(|(kind, list)| Some((kind, about(list)?)))?;
        // What is loaded once is loaded when it starts; only of certificates that is news.
        let word = &self.at(read)?.lower;
        let once = ["loaded", "set", "applied"].contains(&word.as_str()) && kind == "config";
        let pair = self
            .0
            .iter()
            .filter_map(Word::pair)
            .find(|(n, _)| *n != "file" && *n != "path");
        let (item, value) = pair.unzip();
        let key = || {
            self.0
                .iter()
                .map(|w| w.text)
                .find(|w| is_key(w) && !w.contains('/') || is_setting(w))
        };
        let item = item.or_else(|| key().filter(|_| kind == "config"));
        let near = read.abs_diff(at) <= 4 && read <= 6;
        (near && !(once && item.is_none())).then_some(Announced {
            kind,
            named: None,
            version: self.after(&["serial", "revision", "generation", "version"]),
            was: None,
            item,
            value: value.or_else(|| self.after(&["to"])),
        })
    }
}

/// What a program calls a version: with a stop between digits, or with a word before them.
fn is_release(word: &str) -> bool {
    let dotted = word.contains('.')
        && word
            .trim_start_matches(['v', 'V'])
            .starts_with(|c: char| c.is_ascii_digit());
    let named = word.starts_with(['v', 'V', 'r', 'b']) && !dotted;
    // An address and a duration are none.
    let quads =
        word.split('.').count() == 4 && word.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    is_version(word) && (dotted && word.split('.').count() > 2 || named) && !quads
}

fn has_digit(word: &str) -> bool {
    word.bytes().any(|b| b.is_ascii_digit())
}

/// Whether a word names a service as programs call it: `QuayApplication` is `quay`, `quay-api` is `quay_api`.
fn is_named(word: &str, service: &str) -> bool {
    let plain = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let (word, service) = (plain(word), plain(service));
    let bare = word
        .strip_suffix("application")
        .or_else(|| word.strip_suffix("service"));
    service.len() > 1
        && (word == service
            || bare.is_some_and(|b| b.is_empty() || b == service)
            || word.ends_with("application"))
}

#[cfg(test)]
mod tests {
    use super::announced;

    fn told(message: &str) -> Option<String> {
        let a = announced(message, "quay-api")?;
        let parts = [a.version, a.was, a.item, a.value].map(|p| p.unwrap_or("-"));
        Some(format!("{} {}", a.kind, parts.join(" ")))
    }

    #[test]
    fn programs_tell_of_themselves() {
        for (message, expected) in [
            ("Starting quay-api version 3.1.0", "start 3.1.0 - - -"),
            (
                "quay-api v3.1.0 started in 4.2 seconds",
                "start v3.1.0 - - -",
            ),
            (
                "Starting QuayApiApplication v3.1.0 using Java 17.0.2 on web-1",
                "start v3.1.0 - - -",
            ),
            ("booted build 6120 (was 6118)", "start 6120 6118 - -"),
            ("now running release-31", "start release-31 - - -"),
            (
                "starting up, version=2025.05.07-2",
                "start 2025.05.07-2 - - -",
            ),
            (
                "Successfully pulled image \"registry.example/berths/quay-api:3.1.0\" in 2.1s",
                "image 3.1.0 - - -",
            ),
            ("Server started on port 8080", "start - - - -"),
            ("Started QuayApiApplication in 4.2 seconds", "start - - - -"),
            ("starting quay_api", "start - - - -"),
            ("config reloaded: berth.max=40", "config - - berth.max 40"),
            (
                "reloaded configuration from /etc/quay/app.yaml",
                "config - - - -",
            ),
            (
                "setting berth.max changed from 20 to 40",
                "config - - berth.max 40",
            ),
            ("feature bulk-berths set to on", "flag - - bulk-berths on"),
            (
                "feature flag bulk_berths is now off",
                "flag - - bulk_berths off",
            ),
            ("loaded certificate serial 4711", "secret 4711 - - -"),
            ("TLS certificate renewed", "secret - - - -"),
        ] {
            assert_eq!(told(message).as_deref(), Some(expected), "{message}");
        }
    }

    #[test]
    fn one_log_tells_of_several_programs() {
        let named = |message| announced(message, "backend").and_then(|a| a.named);
        assert_eq!(
            named("starting tide-tables version 2.0.1"),
            Some("tide-tables")
        );
        assert_eq!(named("tide-tables release-12 started"), Some("tide-tables"));
        assert_eq!(named("starting backend version 2.0.1"), None);
        assert_eq!(named("starting up, version 2.0.1"), None);
        assert_eq!(named("server started"), None);
    }

    #[test]
    fn programs_mostly_tell_of_their_work() {
        for message in [
            "Starting job 17 version 3",
            "started session 88 of user 12",
            "running query 1.2.3",
            "Starting health check",
            "could not reload configuration",
            "config unchanged, not reloaded",
            "configuration loaded",
            "feature bulk-berths enabled for user 71",
            "feature flags loaded",
            "booking 17 started",
            "certificate of 192.0.2.7 failed to be loaded",
            "berth.max is 40",
            "connected to 192.0.2.17",
            "request started",
            "the server told us that it had been restarted by somebody in the night before",
        ] {
            assert_eq!(told(message), None, "{message}");
        }
    }
}
