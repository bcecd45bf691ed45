//! Settings files that are sound, and those that are not: each error says where and what next.

use super::*;

const TRAM: &str = r#"
[[format]]
name = "tram"
pattern = '(?<time>\d+) (?<level>\w) (?<service>[a-z]+): (?<message>.+)'
time = "epoch-ms"
zone = "Europe/Lisbon"
levels = { Q = "warn" }
files = ["tram*.log"]
samples = [
  { line = "1936000800250 Q depot: slow", time = "2031-05-08T10:00:00.250Z", level = "warn" },
]
"#;

fn config(text: &str) -> Result<Config, Error> {
    let mut config = Config::default();
    config.add("recon.toml", text)?;
    Ok(config)
}

/// The place and message of the error after one thing was spoilt.
fn spoilt(from: &str, to: &str) -> String {
    let text = TRAM.replacen(from, to, 1);
    assert_ne!(text, TRAM, "{from}");
    let error = config(&text).expect_err(to).to_string();
    error.lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_sound_file_declares_its_formats() {
    let config = config(TRAM).expect("sound");
    let [tram] = config.formats.as_slice() else {
        panic!("{config:?}")
    };
    assert_eq!(tram.format.format().name, "tram");
    assert!(tram.applies("logs/tram-4.log") && !tram.applies("logs/bus.log"));
    assert_eq!(
        tram.zone.map(|z| z.to_string()).as_deref(),
        Some("Europe/Lisbon")
    );
}

#[test]
fn errors_say_where_and_what_next() {
    for (from, to, expected) in [
        (
            "pattern",
            "patern",
            "recon.toml:4:1: unknown key of a format `patern`; did you mean `pattern`?",
        ),
        (
            "[[format]]",
            "[[formats]]",
            "recon.toml:2:3: unknown section `formats`; did you mean `format`?",
        ),
        (
            "[[format]]",
            "[format]",
            "recon.toml:2:1: a format is declared by [[format]], in two pairs of brackets",
        ),
        ("Europe/Lisbon", "Europe/Lisboa", "recon.toml:6:8: "),
        (
            "epoch-ms",
            "epoch",
            "recon.toml:5:8: `epoch` is no form of time: ",
        ),
        (
            "\"warn\"",
            "\"warning\"",
            "recon.toml:7:16: `warning` is none of trace, debug, info, warn, error, fatal",
        ),
        (
            "\"warn\"",
            "3",
            "recon.toml:7:16: expected a text in quotes, found integer",
        ),
        (
            "[a-z]+",
            "[a-z+",
            "recon.toml:4:49: no regular expression: unclosed character class",
        ),
        (
            "\"tram\"",
            "\"logfmt\"",
            "recon.toml:3:8: a format `logfmt` is built in; choose another name, such as our-logfmt",
        ),
        (
            "\"tram\"",
            "\"Tram 4\"",
            "recon.toml:3:8: `Tram 4` is no name of a format",
        ),
        (
            "samples",
            "sample",
            "recon.toml:9:1: unknown key of a format `sample`; did you mean `samples`?",
        ),
        (
            "level = \"warn\" }",
            "level = \"info\" }",
            "recon.toml:10:86: the sample says `info`, and `warn` is read from its line",
        ),
        (
            "time = \"2031",
            "time = \"2032",
            "recon.toml:10:50: the sample says ",
        ),
        (
            " Q depot",
            " Q Depot",
            "recon.toml:10:12: the pattern does not take it:",
        ),
        (
            "\"tram\"",
            "\"tram",
            "recon.toml:3:13: invalid basic string",
        ),
    ] {
        let got = spoilt(from, to);
        assert!(
            got.starts_with(expected),
            "{to}\n  want {expected}\n  got  {got}"
        );
    }
}

#[test]
fn an_error_shows_the_line_it_is_about() {
    let error = config(&TRAM.replacen("zone", "zones", 1))
        .expect_err("a slip")
        .to_string();
    let shown = "\n  |\n6 | zones = \"Europe/Lisbon\"\n  | ^";
    assert!(error.ends_with(shown), "{error}");
}

#[test]
fn a_name_is_declared_once() {
    let error = config(&format!("{TRAM}{TRAM}"))
        .expect_err("twice")
        .to_string();
    assert!(error.contains("`tram` is declared already"), "{error}");
}
