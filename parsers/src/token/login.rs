//! Logins at servers of mail, of networks and of directories, which are what their users ask of them: Dovecot's
//! `imap-login: Login: user=<ana>, …`, FreeRADIUS' `Login OK: [ana] (from client …)`, Postfix' SASL, OpenLDAP's answer to
//! a bind. Each is a request that went well, was refused (a wrong password) or failed, since the server could not tell.
//!
//! They have no status of HTTP. What counts requests gets the one that means the same.

use super::text::part_of;
use crate::record::{Kind, Record, field};
use memchr::memmem;

/// How a login ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    Well,
    Refused,
    Failed,
}

impl Outcome {
    /// The status of HTTP that means the same, and the word for it.
    const fn told(self) -> (i64, &'static str) {
        match self {
            Self::Well => (200, "success"),
            Self::Refused => (401, "refused"),
            Self::Failed => (503, "failure"),
        }
    }
}

/// What a message says of a login.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Login<'m> {
    /// Where somebody logged in: `imap`.
    at: &'m str,
    user: Option<&'m str>,
    client: Option<&'m str>,
    outcome: Outcome,
}

/// How far into a message it says what it is about.
const REACH: usize = 48;
/// Words of a server that could not tell whether somebody may log in.
#[rustfmt::skip]
const TROUBLE: [&str; 25] = [
    "temporary", "temp fail", "tempfail", "internal", "request failed", "unavailable", "unreachable", "timed out", "timeout",
    "no connections", "connection lost", "connection refused", "failed to connect", "can't contact", "cannot contact",
    "couldn't connect", "can't connect", "server down", "not responding", "failed to respond", "no response",
    "generic failure", "auth process", "failed retrieving", "winbind reply failed",
];
/// Words of somebody who may not log in.
#[rustfmt::skip]
const REFUSED: [&str; 10] = [
    "auth failed", "auth_failed", "authorization failed", "authentication failed", "disallowed", "user disabled",
    "password expired", "unknown user", "maximum number of connections", "proxy dest auth failed",
];
/// Answers of a directory that are its own trouble: operations error, time limit, administrative limit, busy,
/// unavailable, loop, and whatever is called other.
const LDAP_TROUBLE: [u32; 7] = [1, 3, 11, 51, 52, 54, 80];
/// An answer that asks for more.
const LDAP_GOES_ON: u32 = 14;

/// Whether a message may tell of a login: a cheap look that never turns one away.
#[must_use]
#[inline]
pub fn may(said: &[u8]) -> bool {
    let head = said.get(..REACH).unwrap_or(said);
    match said.first() {
        Some(b'c') => head.starts_with(b"conn=") && memmem::find(head, b"RESULT tag=97").is_some(),
        Some(_) => memmem::find(head, b"ogin").is_some() || head.starts_with(b"Disconnected"),
        None => false,
    }
}

/// Files what a message says of a login. What the record has already stays.
pub fn file(record: &mut Record<'_>) {
    if record.kind != Kind::Log || !may(record.message.as_bytes()) {
        return;
    }
    let whole = record.message.clone();
    let program = record.service.clone().unwrap_or_default();
    let Some(login) = read(&program, whole.lines().next().unwrap_or_default()) else {
        return;
    };
    let at = login.at.to_owned();
    let part = |text| part_of(&whole, text);
    put(record, at, login, part);
}

/// Whether a message of a server of mail may tell who may send.
#[must_use]
pub fn may_sasl(said: &[u8]) -> bool {
    memmem::find(said, b"sasl_username=").is_some() || memmem::find(said, b": SASL ").is_some()
}

/// The same of what a server of mail says of who may send.
pub fn file_sasl(record: &mut Record<'_>) {
    if !may_sasl(record.message.as_bytes()) {
        return;
    }
    let whole = record.message.clone();
    if let Some(login) = sasl(&whole).filter(|_| record.kind == Kind::Log) {
        put(record, login.at.to_owned(), login, |t| part_of(&whole, t));
    }
}

fn put<'a, 'm>(
    record: &mut Record<'a>,
    at: String,
    login: Login<'m>,
    part: impl Fn(&'m str) -> std::borrow::Cow<'a, str>,
) {
    let (status, word) = login.outcome.told();
    record.kind = Kind::Access;
    let fields = &mut record.fields;
    fields.push(field::METHOD, "LOGIN");
    fields.push(field::PATH, at);
    fields.push(field::STATUS, status);
    for (name, value) in [(field::USER, login.user), (field::CLIENT, login.client)] {
        if let (None, Some(value)) = (fields.get(name), value) {
            fields.push(name, part(value));
        }
    }
    fields.push("outcome", word);
}

fn read<'m>(program: &'m str, line: &'m str) -> Option<Login<'m>> {
    dovecot(program, line)
        .or_else(|| radius(line))
        .or_else(|| ldap(line))
}

/// `imap-login: Login: user=<ana>, …`, or the same of a program that is called `imap-login`.
fn dovecot<'m>(program: &'m str, line: &'m str) -> Option<Login<'m>> {
    let (at, said) = match line.split_once("-login: ") {
        Some((at, said)) if !at.contains([' ', '=']) => (at, said),
        _ => (program.strip_suffix("-login")?, line),
    };
    let said = said.strip_prefix("Info: ").unwrap_or(said);
    let (_, behind) = said.split_once("user=<")?;
    let user = behind.split('>').next().filter(|u| !u.is_empty());
    let client = behind.split_once("rip=").map(|(_, c)| c);
    let client = client.and_then(|c| c.split([',', ' ']).next());
    if said.starts_with("Login: user=<") {
        let outcome = Outcome::Well;
        return Some(Login {
            at,
            user,
            client,
            outcome,
        });
    }
    let ends = ["Disconnected", "Aborted login", "Login aborted"];
    let reason = said.split("user=<").next()?;
    ends.iter().any(|e| said.starts_with(e)).then_some(())?;
    let outcome = of_reason(reason)?;
    Some(Login {
        at,
        user,
        client,
        outcome,
    })
}

/// How a login ended by the reason that is given; `None` if nobody tried.
fn of_reason(reason: &str) -> Option<Outcome> {
    let reason = reason.to_lowercase();
    let says = |list: &[&str]| list.iter().any(|w| reason.contains(w));
    if says(&TROUBLE) {
        return Some(Outcome::Failed);
    }
    says(&REFUSED).then_some(Outcome::Refused)
}

/// `Auth: (5359) Login OK: [ana] (from client ap-1 port 9 cli 192.0.2.7)`.
fn radius(line: &str) -> Option<Login<'_>> {
    let said = line.strip_prefix("Auth: ").unwrap_or(line);
    let numbered = said.strip_prefix('(').and_then(|s| s.split_once(") "));
    let number = |n: &str| n.bytes().all(|b| b.is_ascii_digit());
    let said = match numbered {
        Some((n, rest)) if number(n) => rest,
        _ => said,
    };
    let (outcome, rest) = if let Some(rest) = said.strip_prefix("Login OK: [") {
        (Outcome::Well, rest)
    } else {
        let rest = said
            .strip_prefix("Login incorrect")
            .or_else(|| said.strip_prefix("Invalid user"))?;
        let (reason, rest) = rest.split_once(": [")?;
        let trouble = of_reason(reason) == Some(Outcome::Failed);
        let outcome = if trouble {
            Outcome::Failed
        } else {
            Outcome::Refused
        };
        (outcome, rest)
    };
    let (user, behind) = rest.split_once(']')?;
    // A password or how it was asked for may stand behind the name.
    let user = match user.split_once("/<") {
        Some((user, _)) => user,
        None if user.starts_with("host/") => user,
        None => user.split('/').next().unwrap_or(user),
    };
    let client = behind.split_once(" cli ").map(|(_, c)| c);
    let client = client.and_then(|c| c.split([')', ' ']).next());
    behind
        .trim_start()
        .starts_with("(from client ")
        .then_some(Login {
            at: "radius",
            user: Some(user).filter(|u| !u.is_empty()),
            client,
            outcome,
        })
}

/// `conn=1034 op=0 RESULT tag=97 err=49 text=`: the answer to a bind.
fn ldap(line: &str) -> Option<Login<'_>> {
    let rest = line.strip_prefix("conn=")?;
    let (_, rest) = rest.split_once(" RESULT tag=97 err=")?;
    let code: u32 = rest.split(' ').next()?.parse().ok()?;
    let outcome = match code {
        LDAP_GOES_ON => return None,
        0 => Outcome::Well,
        code if LDAP_TROUBLE.contains(&code) => Outcome::Failed,
        _ => Outcome::Refused,
    };
    Some(Login {
        at: "ldap",
        user: None,
        client: None,
        outcome,
    })
}

/// `client=desk[192.0.2.7], sasl_method=PLAIN, sasl_username=ana`, `… SASL LOGIN authentication failed: …`.
fn sasl(message: &str) -> Option<Login<'_>> {
    let address = |text: &'_ str| Some((text.find('[')? + 1, text.find(']')?));
    let client = |text| {
        let (from, to) = address(text)?;
        message.get(from..to)
    };
    let named = message.split_once("sasl_username=").map(|(_, u)| u);
    let user = named.and_then(|u| u.split([',', ' ']).next());
    let failed = message
        .split_once(": SASL ")
        .and_then(|(_, rest)| rest.split_once(" authentication failed"));
    let outcome = match failed {
        Some((_, reason)) => match of_reason(reason) {
            Some(Outcome::Failed) => Outcome::Failed,
            _ => Outcome::Refused,
        },
        // One line a mail, whose queue id stands in front.
        None if user.is_some() && message.contains("client=") => Outcome::Well,
        None => return None,
    };
    Some(Login {
        at: "smtp",
        user,
        client: client(message),
        outcome,
    })
}

#[cfg(test)]
mod tests {
    use super::{Login, may, read, sasl};

    fn told(login: Option<Login<'_>>) -> Option<String> {
        let l = login?;
        let or = |part: Option<&str>| part.unwrap_or("-").to_owned();
        let (user, client) = (or(l.user), or(l.client));
        Some(format!("{} {user} {client} {:?}", l.at, l.outcome))
    }

    #[test]
    fn logins_end_well_are_refused_or_fail() {
        for (program, line, expected) in [
            (
                "dovecot",
                "imap-login: Login: user=<ida>, method=PLAIN, rip=192.0.2.7, lip=198.51.100.2, mpid=41, TLS, session=<x1>",
                "imap ida 192.0.2.7 Well",
            ),
            (
                "pop3-login",
                "Info: Login: user=<ida>, method=PLAIN, rip=192.0.2.7",
                "pop3 ida 192.0.2.7 Well",
            ),
            (
                "dovecot",
                "imap-login: Disconnected (auth service reported temporary failure): user=<ida>, method=PLAIN, rip=192.0.2.7",
                "imap ida 192.0.2.7 Failed",
            ),
            (
                "dovecot",
                "submission-login: Disconnected: Connection closed (auth failed, 3 attempts in 9 secs): user=<ida>, rip=192.0.2.7",
                "submission ida 192.0.2.7 Refused",
            ),
            (
                "dovecot",
                "imap-login: Aborted login (auth failed, 1 attempts in 2 secs): user=<ida>, rip=192.0.2.7",
                "imap ida 192.0.2.7 Refused",
            ),
            (
                "radiusd",
                "Auth: (71) Login OK: [ida/<via Auth-Type = eap>] (from client ap-4 port 3 cli 192.0.2.7)",
                "radius ida 192.0.2.7 Well",
            ),
            (
                "radiusd",
                "(72) Login incorrect (ldap: Can't contact LDAP server): [ida] (from client ap-4 port 3 cli 02-00-5E-10-00-01)",
                "radius ida 02-00-5E-10-00-01 Failed",
            ),
            (
                "radiusd",
                "Auth: Login incorrect (pap: Cleartext password does not match): [ida/x] (from client ap-4 port 3)",
                "radius ida - Refused",
            ),
            (
                "slapd",
                "conn=1034 op=0 RESULT tag=97 err=0 qtime=0.000009 etime=0.000101 text=",
                "ldap - - Well",
            ),
            (
                "slapd",
                "conn=1035 op=0 RESULT tag=97 err=49 text=",
                "ldap - - Refused",
            ),
            (
                "slapd",
                "conn=1036 op=0 RESULT tag=97 err=51 text=",
                "ldap - - Failed",
            ),
        ] {
            assert!(may(line.as_bytes()), "{line}");
            assert_eq!(told(read(program, line)).as_deref(), Some(expected));
        }
    }

    #[test]
    fn what_is_no_attempt_is_no_request() {
        for (program, line) in [
            (
                "dovecot",
                "imap-login: Disconnected (no auth attempts in 0 secs): user=<>, rip=192.0.2.7",
            ),
            (
                "dovecot",
                "imap-login: Disconnected: Inactivity during authentication: user=<>, rip=192.0.2.7",
            ),
            ("dovecot", "imap(ida)<7><x1>: Disconnected: Logged out"),
            ("dovecot", "auth: Error: ldap: Can't connect to server"),
            ("portal", "Login: user=<ida>, method=PLAIN, rip=192.0.2.7"),
            ("portal", "Login OK: [ida] welcome"),
            ("portal", "Login incorrect: see [ida]"),
            ("slapd", "conn=1034 op=1 RESULT tag=101 err=51 text="),
            ("slapd", "conn=1034 op=0 RESULT tag=97 err=14 text="),
            ("slapd", "conn=1034 op=0 BIND dn=\"uid=ida\" method=128"),
        ] {
            assert_eq!(told(read(program, line)), None, "{line}");
        }
    }

    #[test]
    fn who_sends_mail_logs_in_too() {
        for (line, expected) in [
            (
                "4B2F7C: client=desk[192.0.2.7], sasl_method=PLAIN, sasl_username=ida@example.net",
                Some("smtp ida@example.net 192.0.2.7 Well"),
            ),
            (
                "warning: desk[192.0.2.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6",
                Some("smtp - 192.0.2.7 Refused"),
            ),
            (
                "warning: desk[192.0.2.7]: SASL PLAIN authentication failed: Connection lost to authentication server, sasl_username=ida",
                Some("smtp ida 192.0.2.7 Failed"),
            ),
            ("4B2F7C: client=desk[192.0.2.7]", None),
            ("warning: SASL: Connect to private/auth failed", None),
        ] {
            assert_eq!(told(sasl(line)).as_deref(), expected, "{line}");
        }
    }
}
