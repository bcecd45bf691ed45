//! What somebody says in a mail, apart from what they quote and from how they greet and sign.

/// What a mail says of its own, and the words of the one before that it quotes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// What it says of its own.
    pub said: String,
    /// What it quotes directly, if that is little.
    pub quoted: Option<String>,
}

/// More is quoted by programs: it was not chosen to be answered.
const QUOTED: usize = 400;
/// A line that breaks behind so many characters was broken for its length.
const WRAPPED: usize = 55;
/// Lines behind a closing that name who writes, at most, and how long they are.
const SIGNED: usize = 6;
const SIGNED_LONG: usize = 60;

/// Reads a mail's text. `author` is who wrote it: their name at the end says nothing.
#[must_use]
pub fn reply(body: &str, author: &str) -> Reply {
    let lines: Vec<&str> = body.lines().map(str::trim_end).collect();
    let mut own: Vec<&str> = Vec::new();
    let mut quoted: Vec<&str> = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at).copied() {
        let rest = lines.get(at..).unwrap_or_default();
        if ends(rest) {
            break;
        }
        if let Some(words) = repeated(line) {
            unattributed(&mut own);
            // What was quoted there already is older.
            if !words.starts_with('>') {
                quoted.push(words);
            }
        } else if let Some(len) = attribution(rest) {
            let next = rest.iter().skip(len).find(|l| !l.trim().is_empty());
            if next.is_some_and(|l| repeated(l).is_none()) {
                break;
            }
            at += len;
            continue;
        } else if !is_device(line) {
            own.push(
                line.strip_prefix(">From ")
                    .map_or(line, |_| line.trim_start_matches('>')),
            );
        }
        at += 1;
    }
    let quoted = quoted.join("\n").trim().to_owned();
    Reply {
        said: joined(unsigned(&own, author)),
        quoted: (!quoted.is_empty() && quoted.len() <= QUOTED).then_some(quoted),
    }
}

/// Whether what the author says ends here: at a signature, or at an older mail in whole.
fn ends(rest: &[&str]) -> bool {
    let Some(line) = rest.first() else {
        return true;
    };
    let bare = line.trim();
    let lettered = bare.contains(char::is_alphabetic);
    let titled = bare.starts_with("---") && bare.ends_with("---") && lettered;
    bare == "--" || titled || bare.starts_with("-----") || is_head(rest)
}

/// `From: …` and `Sent: …` below each other, in the languages that mail programs speak.
fn is_head(rest: &[&str]) -> bool {
    const FROM: &[&str] = &[
        "from",
        "von",
        "de",
        "da",
        "van",
        "från",
        "fra",
        "od",
        "lähettäjä",
        "от",
    ];
    #[rustfmt::skip]
    const SENT: &[&str] = &[
        "sent", "date", "gesendet", "datum", "envoyé", "enviado", "enviado el", "fecha", "inviato", "data", "verzonden",
        "skickat", "sendt", "dato", "wysłano", "odesláno", "lähetetty", "отправлено", "enviada em",
    ];
    let named = |line: &&str, names: &[&str]| {
        let bare = line.trim().trim_start_matches('*').to_lowercase();
        let name = bare
            .split_once(':')
            .map(|(n, _)| n.trim_matches([' ', '*', '\u{a0}']));
        name.is_some_and(|n| names.contains(&n))
    };
    let mut filled = rest.iter().filter(|l| !l.trim().is_empty());
    let first = filled.next().is_some_and(|l| named(l, FROM));
    first && filled.take(4).any(|l| named(l, SENT))
}

/// The words of a line that repeats some. `> 90 %` compares.
fn repeated(line: &str) -> Option<&str> {
    let words = line.trim_start().strip_prefix('>')?;
    let compares = words
        .trim_start()
        .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '=' | '$' | '€'));
    let mbox = line.starts_with(">From ");
    (!compares && !mbox).then_some(words.trim())
}

/// How many lines say whose words follow: `On Monday Ola Lind wrote:`, often broken in two.
fn attribution(rest: &[&str]) -> Option<usize> {
    #[rustfmt::skip]
    const FIRST: &[&str] = &["on ", "am ", "le ", "el ", "op ", "il ", "em ", "den ", "dne ", "w dniu ", "dnia "];
    #[rustfmt::skip]
    const LAST: &[&str] = &[
        "wrote:", "schrieb:", "a écrit :", "a écrit:", "a écrit\u{a0}:", "escribió:", "schreef:", "scritto:", "escreveu:",
        "skrev:", "napsal:", "napsal(a):", "napisał:", "napisał(a):", "kirjoitti:",
    ];
    let first = rest.first()?.trim().to_lowercase();
    let dated =
        first.contains(|c: char| c.is_ascii_digit()) && FIRST.iter().any(|f| first.starts_with(f));
    let german = first.contains("schrieb")
        && first.ends_with(':')
        && first.contains(|c: char| c.is_ascii_digit());
    if LAST.iter().any(|l| first.ends_with(l)) || german {
        return Some(1);
    }
    // `On 17.06.25 08:41, Ola Lind <ola@example.com>` and `wrote:`
    let mut joined = first;
    for (n, line) in rest.iter().enumerate().skip(1).take(2) {
        joined.push(' ');
        joined.push_str(&line.trim().to_lowercase());
        if dated && LAST.iter().any(|l| joined.ends_with(l)) {
            return Some(n + 1);
        }
    }
    None
}

/// Forgets a line that says whose words follow, in whatever language: it ends with a colon and has a date or an address.
fn unattributed(own: &mut Vec<&str>) {
    while own.last().is_some_and(|l| l.trim().is_empty()) {
        own.pop();
    }
    let Some(last) = own.last().map(|l| l.trim()) else {
        return;
    };
    let digits = last.chars().filter(char::is_ascii_digit).count();
    if last.ends_with(':') && (digits >= 3 || last.contains('@')) {
        own.pop();
    }
}

/// `Sent from my iPhone`
fn is_device(line: &str) -> bool {
    const MARKS: &[&str] = &[
        "sent from my ",
        "sent from outlook",
        "get outlook for ",
        "von meinem ",
        "gesendet von ",
        "envoyé de mon ",
        "enviado desde mi ",
        "inviato da ",
        "verzonden vanaf ",
        "skickat från min ",
    ];
    let lower = line.trim().to_lowercase();
    lower.len() < 60 && MARKS.iter().any(|m| lower.starts_with(m))
}

/// Without the greeting above, and the closing and the name below.
fn unsigned<'l, 'a>(own: &'l [&'a str], author: &str) -> Vec<&'a str> {
    let mut lines: &'l [&'a str] = own;
    let blank = |l: &&str| l.trim().is_empty();
    while let [first, rest @ ..] = lines
        && (blank(first) || is_greeting(first) && rest.iter().any(|l| !l.trim().is_empty()))
    {
        lines = rest;
    }
    let closing = lines
        .iter()
        .rposition(|l| is_closing(l))
        .filter(|at| *at > 0);
    if let Some(at) = closing {
        let below: Vec<_> = lines.iter().skip(at + 1).filter(|l| !blank(l)).collect();
        let short = below
            .iter()
            .all(|l| l.chars().count() <= SIGNED_LONG && !l.ends_with('?'));
        if below.len() <= SIGNED && short {
            lines = lines.get(..at).unwrap_or_default();
        }
    }
    while let [rest @ .., last] = lines
        && (blank(last) || is_rule(last) || !rest.iter().all(blank) && is_name(last, author))
    {
        lines = rest;
    }
    lines.to_vec()
}

/// A line that is drawn above what is quoted.
fn is_rule(line: &str) -> bool {
    let bare = line.trim();
    bare.len() > 2 && bare.chars().all(|c| matches!(c, '_' | '-' | '=' | '*'))
}

fn is_name(line: &str, author: &str) -> bool {
    let bare = |t: &str| {
        t.trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase()
    };
    let (line, author) = (bare(line), author.to_lowercase());
    !line.is_empty() && (line == author || author.split([' ', '.', '@', ',']).any(|w| w == line))
}

/// `Hi all,`
fn is_greeting(line: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "hi", "hello", "hey", "dear", "morning", "hallo", "moin", "liebe", "lieber", "guten", "good", "servus", "bonjour",
        "salut", "hola", "buenos", "ciao", "hej", "hei", "hoi", "beste", "ahoj", "dobrý", "cześć", "all", "team",
    ];
    let lower = line.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    let first = words
        .next()
        .unwrap_or_default()
        .trim_matches([',', '!', '.']);
    let ended = lower.ends_with([',', '!', ':']) || words.clone().next().is_none();
    WORDS.contains(&first) && ended && words.count() <= 4
}

/// `Kind regards,`
fn is_closing(line: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: &[&str] = &[
        "regards", "best regards", "kind regards", "warm regards", "many thanks and regards", "best", "best wishes", "br",
        "cheers", "yours", "mfg", "lg", "vg", "bg", "gruß", "gruss", "grüße", "viele grüße", "beste grüße",
        "schöne grüße", "liebe grüße", "viele gruesse", "mit freundlichen grüßen", "freundliche grüße", "mit besten grüßen",
        "cordialement", "bien cordialement", "bien à vous", "saludos", "un saludo", "saluti", "cordiali saluti", "groet",
        "groeten", "met vriendelijke groet", "mvg", "mvh", "hälsningar", "vänliga hälsningar", "med vänliga hälsningar",
        "hilsen", "med venlig hilsen", "terveisin", "pozdrawiam", "s pozdravem", "s pozdravom", "abraços", "atenciosamente",
    ];
    let lower = line.trim().to_lowercase();
    let bare = lower.trim_end_matches([',', '.', '!', ' ']);
    WORDS.contains(&bare)
}

/// The lines as they were before they were broken for their length.
fn joined(lines: Vec<&str>) -> String {
    let mut out = String::new();
    let mut long = false;
    for line in lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()) {
        let listed = line.starts_with(['-', '*', '•', '[', '|', '#']);
        if !out.is_empty() {
            out.push(if long && !listed { ' ' } else { '\n' });
        }
        out.push_str(line);
        let open = !line.ends_with(['.', '!', '?', ':', ';']);
        long = line.chars().count() >= WRAPPED && open;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(body: &str) -> (String, String) {
        let reply = reply(body, "Mira Lund");
        (reply.said, reply.quoted.unwrap_or_default())
    }

    #[test]
    fn what_others_said_is_not_said_again() {
        for (body, said, quoted) in [
            (
                "> could be the tides?\n\nno, flat\n",
                "no, flat",
                "could be the tides?",
            ),
            (
                "no, flat\n\nOn Mon, 16 Jun 2025 at 08:41, Ola Lind <ola@example.com>\nwrote:\n\n> could be the tides?\n>> or wind\n",
                "no, flat",
                "could be the tides?",
            ),
            (
                "nein\n\nAm 16.06.25 um 08:41 schrieb Ola Lind:\n> die Flut?\n",
                "nein",
                "die Flut?",
            ),
            (
                "nee\n\nOla Lind op 16-06-2025 08:41:\n> het tij?\n",
                "nee",
                "het tij?",
            ),
            (
                "non\n\nLe lun. 16 juin 2025 à 08:41, Ola <ola@example.com> a écrit :\n\nla marée ?\n",
                "non",
                "",
            ),
            (
                "no\n\n-----Original Message-----\nFrom: Ola\nSent: Monday\nTo: Mira\nSubject: kiosk\n\ntides?\n",
                "no",
                "",
            ),
            (
                "nein\n\nVon: Ola Lind\nGesendet: Montag, 16. Juni 2025 08:41\nAn: Mira\nBetreff: Kiosk\n\nFlut?\n",
                "nein",
                "",
            ),
            ("no\n-- \nMira Lund\nHarbour IT\n", "no", ""),
        ] {
            assert_eq!(told(body), (said.to_owned(), quoted.to_owned()), "{body}");
        }
    }

    #[test]
    fn greetings_and_names_are_not_said() {
        for (body, said) in [
            (
                "Hi all,\n\nthe kiosk is down\n\nKind regards,\nMira Lund\nHarbour IT, +47 00 00\n",
                "the kiosk is down",
            ),
            ("the kiosk is down\nMira\n", "the kiosk is down"),
            (
                "the kiosk is down\n\nSent from my iPhone\n",
                "the kiosk is down",
            ),
            ("Hi all\n", "Hi all"),
            ("Best\n", "Best"),
            ("Mira\n", "Mira"),
            // What follows is no signature.
            (
                "Cheers\nthe kiosk is down again since this morning and nobody on the quay can tell me why that is\n",
                "Cheers\nthe kiosk is down again since this morning and nobody on the quay can tell me why that is",
            ),
            (
                "load is\n> 90 % again\nFrom: the kiosk we hear nothing\n",
                "load is\n> 90 % again\nFrom: the kiosk we hear nothing",
            ),
            (
                "we have restarted the kiosk on the quay twice this morning\nand it is still down\n- Ola looks\n",
                "we have restarted the kiosk on the quay twice this morning and it is still down\n- Ola looks",
            ),
        ] {
            assert_eq!(told(body).0, said, "{body}");
        }
    }
}
