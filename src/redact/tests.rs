//! What is redacted and, just as much, what is not.

use super::{Choice, Redactor};
use proptest::prelude::*;

fn redactor(choice: &str) -> Redactor {
    let people = ["Ines Okafor", "jbarrow"].map(str::to_owned);
    Redactor::new(choice.parse().expect("a choice"), people)
}

/// What a text becomes.
fn redacted(choice: &str, text: &str) -> String {
    redactor(choice).redact(text).into_owned()
}

#[test]
fn secrets_become_pseudonyms() {
    // Written in parts, so that no scanner of repositories takes them for real.
    let aws = format!("AKIA{}", "Q3EXAMPLE7ABCDEF");
    let github = format!("ghp_{}", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8");
    let slack = format!("xoxb-{}", "204857364512-hT5rKq9Zw2");
    let stripe = format!("sk_live_{}", "9aBcDeFgHiJkLmNoPqRs");
    let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1LTQ0MSJ9.c2lnbmF0dXJlLWhlcmU";
    for (text, expected) in [
        (format!("uploading with {aws}"), "uploading with <token-1>"),
        (format!("cloning with {github}."), "cloning with <token-1>."),
        (format!("post by {slack}"), "post by <token-1>"),
        (
            format!("charge ({stripe}) failed"),
            "charge (<token-1>) failed",
        ),
        (format!("jwt {jwt} expired"), "jwt <token-1> expired"),
        (
            format!("Authorization: Bearer {jwt}"),
            "Authorization: Bearer <token-1>",
        ),
    ] {
        assert_eq!(redacted("secrets", &text), expected, "{text}");
    }
    for (text, expected) in [
        ("password=hunter2 user=8", "password=<password-1> user=8"),
        (
            r#"{"db_password":"p w,d","n":1}"#,
            r#"{"db_password":"<password-1>","n":1}"#,
        ),
        (
            r#"body={\"userPassword\":\"letmein\"}"#,
            r#"body={\"userPassword\":\"<password-1>\"}"#,
        ),
        ("api_key: 9f8e7d6c5b4a3210ff", "api_key: <key-1>"),
        (
            "GET /cb?access_token=a8f3kk20d9&x=1",
            "GET /cb?access_token=<token-1>&x=1",
        ),
        (
            "GET /blob?se=9&sig=Zk3%2Fab81Qx HTTP",
            "GET /blob?se=9&sig=<token-1> HTTP",
        ),
        (
            "postgres://app:s3cr@et@db:5432/x",
            "postgres://app:<password-1>@db:5432/x",
        ),
        (
            "Cookie: sid=ab12; theme=dark HTTP/1.1",
            "Cookie: <cookie-1> HTTP/1.1",
        ),
        (
            r#"{"set-cookie":"sid=ab12; Path=/; HttpOnly"}"#,
            r#"{"set-cookie":"<cookie-1>"}"#,
        ),
        (
            "run --password tr0ub4dor --dry",
            "run --password <password-1> --dry",
        ),
        (
            "the password is Tr0ub4dor&3, sorry",
            "the password is <password-1>, sorry",
        ),
        (
            "Authorization: Basic dXNlcjpwYXNzd29yZA==",
            "Authorization: Basic <token-1>",
        ),
        (
            "<soap:Password>pa55</soap:Password>",
            "<soap:Password><password-1></soap:Password>",
        ),
        ("paid with 4111 1111 1111 1111.", "paid with <card-1>."),
        ("pan=5555555555554444,", "pan=<card-1>,"),
        ("amex 3782-822463-10005", "amex <card-1>"),
        (
            "aws_secret_access_key = wJalrXUtnFEMI/K7MDENGbPxRfiCY",
            "aws_secret_access_key = <key-1>",
        ),
        (
            "-----BEGIN EC PRIVATE KEY-----\\nMHcCAQ\\n-----END EC PRIVATE KEY----- ok",
            "<key-1> ok",
        ),
    ] {
        assert_eq!(redacted("secrets", text), expected, "{text}");
    }
}

#[test]
fn what_only_looks_like_a_secret_stays() {
    for text in [
        "token expired for user 8812",
        "invalid password for admin from 192.0.2.4",
        "password: incorrect",
        "unexpected token: '}' at line 3",
        "max_tokens=4096 token_count=17",
        "token=null password= secret=***",
        "password=$DB_PASSWORD token=${TOKEN} key=%s",
        "request_id=550e8400-e29b-41d4-a716-446655440000 trace=4bf92f3577b34da6a3ce929d0e0e4736",
        "commit 9f2c1e0b7a6d5c4e3f2a1b0c9d8e7f6a5b4c3d2e deployed",
        "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "version 10.4.2.1 of tokenizer 1.2.3",
        "order 4111111111111112 shipped",
        "trace_id=4111111111111111 span 5",
        "4111111111111111.pdf",
        "took 1718000000123 ns at 1718000000123456",
        "key=user:8812 cache_key=session-list",
        "primary key violation: Key (id)=(17) already exists",
        "session_id=48213 keepalive",
        "http://db.example:5432/a@b basic authentication failed",
        "POST /token 200 and /password/reset 302",
        "cookie: rejected by the browser",
        "foreign_key=orders_customer partition_key=eu-west-1",
        "idempotency-key: 550e8400-e29b-41d4-a716-446655440000",
    ] {
        assert_eq!(redacted("secrets", text), text);
    }
}

#[test]
fn addresses_and_names_on_request() {
    let text =
        "jbarrow (ines@mail.example) from 198.51.100.7:4242 and 2001:db8::7 paged Ines Okafor";
    assert_eq!(redacted("secrets", text), text);
    assert_eq!(
        redacted("all", text),
        "<name-1> (<email-1>) from <ip-1>:4242 and <ip-2> paged <name-2>"
    );
    assert_eq!(
        redacted(
            "ip",
            "node-1/203.0.113.9:9092 ip-203-0-113-9 [::ffff:203.0.113.9]"
        ),
        "node-1/<ip-1>:9092 ip-<ip-2> [<ip-3>]"
    );
    for text in [
        "Agent/6.1.0.2 on 127.0.0.1 at 10:30:02 std::vec::Vec 1.2.3.4.5 v1.2.3.4 ::1",
        "release 4.18.0.1 of pkg-1.2.3.4-r0",
    ] {
        assert_eq!(redacted("ip", text), text);
    }
    assert_eq!(
        redacted("name", "username=mkhan acked, Okafor too"),
        "username=<name-1> acked, <name-2> too"
    );
    assert_eq!(redacted("none", "password=hunter2"), "password=hunter2");
    assert!("none,ip".parse::<Choice>().is_err());
    assert!("phone".parse::<Choice>().is_err());
}

#[test]
fn a_value_keeps_its_pseudonym_and_is_known_again() {
    let redactor = redactor("secrets");
    assert_eq!(
        redactor.redact("password=abcd1234"),
        "password=<password-1>"
    );
    assert_eq!(redactor.redact("password=other9"), "password=<password-2>");
    assert_eq!(
        redactor.redact("used abcd1234 again"),
        "used <password-1> again"
    );
    assert_eq!(redactor.redact("xabcd12345"), "xabcd12345");
    let tally = redactor.tally();
    assert_eq!(
        (tally[0].kind, tally[0].values, tally.len()),
        ("password", 2, 1)
    );
}

#[test]
fn marks_are_numbered_in_the_order_of_the_output() {
    let redactor = redactor("secrets");
    let late = redactor.mark("password=zz late").into_owned();
    let early = redactor
        .mark_field("client_secret", "aa11bb22")
        .into_owned();
    assert!(
        !late.contains("zz") && !early.contains("aa11"),
        "{late} {early}"
    );
    assert_eq!(redactor.settle(&early), "<key-1>");
    assert_eq!(redactor.settle(&late), "password=<password-1> late");
    assert_eq!(redactor.mark_field("password_attempts", "3"), "3");
    assert_eq!(redactor.mark_field("message", "all well"), "all well");
}

#[test]
fn a_key_over_many_lines() {
    let body = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
    let lines = [
        "before",
        "-----BEGIN PRIVATE KEY-----",
        body,
        "aB3=",
        "-----END PRIVATE KEY-----",
        "after",
    ];
    let redact = |lines: &[&str]| {
        let mut lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        redactor("secrets").redact_lines(&mut lines);
        lines
    };
    let all = redact(&lines);
    assert_eq!((all[0].as_str(), all[5].as_str()), ("before", "after"));
    assert!(all[1..5].iter().all(|l| l.starts_with("<key-")), "{all:?}");
    // Only its end, or its middle, is in view.
    let tail = redact(&lines[2..]);
    assert!(tail[..3].iter().all(|l| l.starts_with("<key-")), "{tail:?}");
    assert_eq!(tail[3], "after");
    assert!(
        redact(&lines[..3])[1..]
            .iter()
            .all(|l| l.starts_with("<key-"))
    );
    let hash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(redact(&[hash]), [hash]);
}

proptest! {
    /// Nothing panics, and a text without secrets is itself.
    #[test]
    fn any_text_is_harmless(text in "\\PC{0,60}|(password=|Bearer |://a:|4111 |\"|\\\\|=|é|…|::|@|[0-9]{1,5}|[.:-]){0,12}") {
        let redactor = redactor("all");
        let _ = redactor.redact(&text);
        let marked = redactor.mark(&text).into_owned();
        let _ = redactor.settle(&marked);
        prop_assert_eq!(redacted("none", &text), text);
    }
}

proptest! {
    /// Numbers are marked exactly when their digits would be.
    #[test]
    fn numbers_are_marked_as_their_digits(
        name in proptest::sample::select(vec!["user", "api_key", "order_id", "bytes", "password", "n"]),
        value in prop_oneof![any::<i64>(), 0i64..1_000_000, Just(4_111_111_111_111_111), Just(378_282_246_310_005)],
    ) {
        for choice in ["secrets", "names", "all"] {
            let redactor = redactor(choice);
            let digits = value.to_string();
            let marked = match redactor.mark_field(name, &digits) {
                std::borrow::Cow::Owned(marked) => Some(marked),
                std::borrow::Cow::Borrowed(_) => None,
            };
            prop_assert_eq!(redactor.mark_number(name, value), marked, "{} {}", name, value);
        }
    }
}

/// What begins in a hexadecimal id and ends outside of it, or the other way round, must be found in outlines too.
#[test]
fn no_hint_reaches_into_an_id() {
    let secret = super::RULES
        .iter()
        .filter(|r| r.class == super::Class::Secret);
    for hint in secret.flat_map(|r| r.hints) {
        let words: Vec<&str> = hint.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        let ends = [words.first(), words.last()].into_iter().flatten();
        let whole = words.len() == 1;
        for word in ends {
            let hex = !word.is_empty() && word.bytes().all(|b| b.is_ascii_hexdigit());
            assert!(!hex || !whole && word.bytes().all(|b| b == b'a'), "{hint}");
        }
    }
}

proptest! {
    /// What is clear of secrets by its outline is clear.
    #[test]
    fn outlines_hide_no_secret(
        parts in proptest::collection::vec(prop_oneof![
            "[0-9]{1,6}", "[0-9]{4}[ -]", "[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{4}", "[ :=,./_-]{1,2}", "[a-z]{1,5}", "[0-9a-f]{6,20}",
            Just("sq0atp-".to_owned()), Just("dop_v1_".to_owned()), Just("ya29.".to_owned()), Just(" 4111111111111111 ".to_owned()),
            Just("12345678:AA".to_owned()), Just("token=".to_owned()), Just("123456789:aab1c2d3".to_owned()),
        ], 0..12),
    ) {
        let text = parts.concat();
        let redactor = redactor("secrets");
        let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
        let outline: String = words.map(|with| {
            let word = with.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
            let id = word.len() >= 6
                && word.bytes().all(|b| b.is_ascii_hexdigit())
                && word.bytes().any(|b| b.is_ascii_digit())
                && word.bytes().any(|b| b.is_ascii_alphabetic());
            let blank = |c: char| match c {
                _ if id => 'a',
                '0'..='9' => '0',
                _ => c,
            };
            word.chars().map(blank).collect::<String>() + &with[word.len()..]
        }).collect();
        if redactor.is_clear_alike(&outline) {
            prop_assert!(redactor.is_clear(&text), "{} | {}", text, outline);
        }
    }
}
