//! Who logged in, who failed to, and who ran what as whom: the messages of sshd, PAM, sudo,
//! su, login and logind, which say it in words.

use super::text::{part_of, text, without_port};
use crate::record::{Record, field};
use std::borrow::Cow;

/// What a message says about an account.
#[derive(Debug, Default, PartialEq)]
struct Said<'m> {
    user: Option<&'m str>,
    client: Option<&'m str>,
    outcome: Option<&'static str>,
}

/// The programs whose messages are about accounts.
const PROGRAMS: &[&str] = &[
    "sshd",
    "sshd-session",
    "sudo",
    "su",
    "login",
    "systemd-logind",
    "cron",
    "CRON",
    "dropbear",
    "vsftpd",
    "gdm-password",
    "polkitd",
];

/// The beginnings of messages, what they mean, and the word before the user's name.
const FORMS: &[(&str, Option<&str>, &str)] = &[
    ("Accepted ", Some("success"), " for "),
    ("Failed ", Some("failure"), " for invalid user "),
    ("Failed ", Some("failure"), " for "),
    ("Invalid user ", Some("failure"), "Invalid user "),
    ("Illegal user ", Some("failure"), "Illegal user "),
    ("Postponed ", None, " for "),
    ("Bad password attempt", Some("failure"), " for '"),
    ("Password auth succeeded", Some("success"), " for '"),
    (
        "error: maximum authentication attempts exceeded",
        Some("failure"),
        " for invalid user ",
    ),
    (
        "error: maximum authentication attempts exceeded",
        Some("failure"),
        " for ",
    ),
    ("Connection closed by", None, " user "),
    ("Connection reset by", None, " user "),
    ("Disconnected from", None, " user "),
    ("Received disconnect from", None, " from "),
    ("User ", Some("failure"), "User "),
    ("New session ", Some("success"), " of user "),
    ("FAILED LOGIN", Some("failure"), " FOR '"),
    ("ROOT LOGIN", Some("success"), ""),
    ("FAILED su for ", Some("failure"), " by "),
    ("Successful su for ", Some("success"), " by "),
];

/// Files in `record` what its message says about an account, if a program for that says it.
pub fn file(record: &mut Record<'_>) {
    let known = record
        .service
        .as_deref()
        .is_some_and(|s| PROGRAMS.contains(&s));
    if !known && !record.message.starts_with("pam_") {
        return;
    }
    let message = record.message.clone();
    let said = read(&message);
    let part = |part| part_of(&message, part);
    let found = [
        (field::USER, said.user.map(part)),
        (field::CLIENT, said.client.map(without_port).map(part)),
        ("outcome", said.outcome.map(Cow::Borrowed)),
    ];
    record.fields.push_known(found);
}

fn read(message: &str) -> Said<'_> {
    // `message repeated 5 times: [ Failed password for root …]`
    let message = message
        .strip_prefix("message repeated ")
        .and_then(|m| m.split_once("[ "))
        .map_or(message, |(_, inner)| inner.trim_end_matches(']'));
    if message.starts_with("pam_") {
        return pam(message);
    }
    let message = message.trim_start();
    if let Some((who, what)) = message.split_once(" : ")
        && what.contains("COMMAND=")
    {
        let denied = what.contains("NOT in sudoers")
            || what.contains("command not allowed")
            || what.contains("incorrect password");
        return Said {
            user: Some(who.trim()),
            client: None,
            outcome: Some(if denied { "failure" } else { "success" }),
        };
    }
    let form = FORMS
        .iter()
        .find(|(start, _, before)| message.starts_with(start) && message.contains(before));
    let Some((start, outcome, before)) = form else {
        return Said::default();
    };
    let refused = *start != "User " || message.contains("not allowed");
    let user = (*before != " from " && !before.is_empty() && refused)
        .then(|| behind(message, before))
        .flatten();
    Said {
        user,
        client: address(message),
        outcome: outcome.filter(|_| refused),
    }
}

/// `pam_unix(sshd:auth): authentication failure; … rhost=198.51.100.7  user=root`,
/// `pam_unix(sshd:session): session opened for user root(uid=0) by …`.
fn pam(message: &str) -> Said<'_> {
    let value = |key: &str| {
        let (_, rest) = message.split_once(key)?;
        rest.split([' ', '(', ',']).next().filter(|v| !v.is_empty())
    };
    let outcome = if message.contains("authentication failure") || message.contains("check pass") {
        Some("failure")
    } else if message.contains("session opened") {
        Some("success")
    } else {
        None
    };
    Said {
        user: value(" user=").or_else(|| value(" for user ")),
        client: value("rhost="),
        outcome,
    }
}

/// The word behind `before`, without its quotes and full stop.
fn behind<'m>(message: &'m str, before: &str) -> Option<&'m str> {
    let (_, rest) = message.split_once(before)?;
    let word = rest.split([' ', '\'', '(']).next()?;
    let word = word.trim_end_matches(['.', ',', ':']);
    (!word.is_empty()).then_some(word)
}

/// The address behind `from`, or the word before `port`.
fn address(message: &str) -> Option<&str> {
    if let Some((before, _)) = message.split_once(" port ") {
        return before.rsplit(' ').next().filter(|a| is_address(a));
    }
    let (_, rest) = message.split_once(" from ")?;
    let word = rest.split([' ', '>']).next()?;
    let word = word.trim_start_matches('<').trim_end_matches([':', ',']);
    is_address(without_port(word)).then_some(word)
}

fn is_address(word: &str) -> bool {
    let word = word.as_bytes();
    !word.is_empty()
        && (word.iter().all(|b| b.is_ascii_digit() || *b == b'.')
            || word
                .iter()
                .all(|b| b.is_ascii_hexdigit() || b".:%".contains(b)))
        && text(word).contains(['.', ':'])
}

#[cfg(test)]
mod tests {
    use super::{Said, read};

    #[test]
    fn who_from_where_and_whether() {
        for (message, user, client, outcome) in [
            (
                "Accepted publickey for deploy from 192.0.2.10 port 50112 ssh2: ED25519 SHA256:x",
                "deploy",
                "192.0.2.10",
                "success",
            ),
            (
                "Failed password for invalid user oracle from 198.51.100.23 port 50211 ssh2",
                "oracle",
                "198.51.100.23",
                "failure",
            ),
            (
                "Failed password for root from 2001:db8::7 port 50211 ssh2",
                "root",
                "2001:db8::7",
                "failure",
            ),
            (
                "Invalid user admin from 198.51.100.24",
                "admin",
                "198.51.100.24",
                "failure",
            ),
            (
                "message repeated 5 times: [ Failed password for root from 198.51.100.23 port 7 ssh2]",
                "root",
                "198.51.100.23",
                "failure",
            ),
            (
                "Connection closed by authenticating user root 198.51.100.23 port 50211 [preauth]",
                "root",
                "198.51.100.23",
                "",
            ),
            (
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 tty=ssh ruser= rhost=198.51.100.23  user=root",
                "root",
                "198.51.100.23",
                "failure",
            ),
            (
                "pam_unix(sudo:session): session opened for user root(uid=0) by mira(uid=1001)",
                "root",
                "",
                "success",
            ),
            (
                "  mira : TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/ls",
                "mira",
                "",
                "success",
            ),
            (
                "mira : user NOT in sudoers ; TTY=pts/0 ; PWD=/srv ; USER=root ; COMMAND=/bin/ls",
                "mira",
                "",
                "failure",
            ),
            ("New session 118 of user deploy.", "deploy", "", "success"),
            (
                "User games from 198.51.100.23 not allowed because not listed in AllowUsers",
                "games",
                "198.51.100.23",
                "failure",
            ),
            ("Server listening on 0.0.0.0 port 22.", "", "", ""),
            ("User child is on pid 2501", "", "", ""),
        ] {
            let some = |t: &'static str| (!t.is_empty()).then_some(t);
            let said = read(message);
            assert_eq!(said.user, some(user), "{message}");
            assert_eq!(said.outcome, some(outcome), "{message}");
            if !(outcome.is_empty() && user.is_empty()) {
                assert_eq!(said.client, some(client), "{message}");
            }
        }
        assert_eq!(read(""), Said::default());
    }
}
