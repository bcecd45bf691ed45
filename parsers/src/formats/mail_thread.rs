//! Mails of people as a mailbox (mbox), as files of one each (.eml), or pasted below each other: what everybody says of their
//! own. Where monitoring writes among them, that is an alert.

use super::alert_mail;
use super::postmortem;
use crate::format::{Context, Cut, Format};
use crate::record::{Kind, Record};
use crate::token::mail::{self, Mail};
use std::borrow::Cow;

/// The format.
pub(super) static FORMAT: Format = Format {
    name: "mail-thread",
    title: "Mails of people (mbox, eml)",
    reference: "https://www.rfc-editor.org/rfc/rfc4155",
    cut: Cut::Document,
    // Below alerts by mail.
    specificity: 70,
    hint: |i| memchr::memmem::find(i, b"ubject:").is_some(),
    parse,
    learn: None,
    sample: include_str!("../../../samples/formats/mail-thread/input.mbox"),
};

fn parse<'a>(entry: &'a [u8], cx: &Context<'_>, out: &mut Vec<Record<'a>>) -> Option<()> {
    (FORMAT.hint)(entry).then_some(())?;
    match legible(entry) {
        Cow::Borrowed(text) => records(text, entry, cx, out),
        Cow::Owned(text) => {
            let mut found = Vec::new();
            records(&text, entry, cx, &mut found)?;
            for record in found {
                out.push(record.into_owned());
            }
            Some(())
        }
    }
}

/// The text, with a mark for every byte that is none, so that everything stays in its place.
fn legible(entry: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(entry) {
        return Cow::Borrowed(text);
    }
    let mut text = String::with_capacity(entry.len());
    for chunk in entry.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|_| '?'));
    }
    Cow::Owned(text)
}

fn records<'a>(
    text: &'a str,
    entry: &[u8],
    cx: &Context<'_>,
    out: &mut Vec<Record<'a>>,
) -> Option<()> {
    let mails = mail::mails(text)?;
    // A note that begins with four lines like a mail's head is a note.
    let sent = mails.len() > 1 || mails.first().is_some_and(is_sent);
    sent.then_some(())?;
    if mails.len() == 1 && is_report(entry, cx) {
        return None;
    }
    let mut subjects: Vec<String> = Vec::new();
    for mail in &mails {
        let (_, mut record) = alert_mail::record(mail, text);
        if record.kind == Kind::Chat {
            opened(mail, &mut subjects, &mut record);
        }
        out.push(record);
    }
    Some(())
}

/// Whether mail servers or programs had to do with it.
fn is_sent(mail: &Mail<'_>) -> bool {
    let headers = [
        "message-id",
        "received",
        "mime-version",
        "content-type",
        "return-path",
    ];
    mail.envelope.is_some() || headers.iter().any(|h| mail.has(h))
}

/// Whether a mail is a postmortem that somebody sent around.
fn is_report(entry: &[u8], cx: &Context<'_>) -> bool {
    (postmortem::FORMAT.parse)(entry, cx, &mut Vec::new()).is_some()
}

/// Who opens a thread says its subject, too.
fn opened(mail: &Mail<'_>, subjects: &mut Vec<String>, record: &mut Record<'_>) {
    let subject = mail.header("subject").unwrap_or_default();
    let topic = alert_mail::topic(&subject).to_lowercase();
    let known = subjects.contains(&topic);
    let answers = ["in-reply-to", "references"].iter().any(|h| mail.has(h));
    let answers = answers || alert_mail::topic(&subject).len() < subject.trim().len();
    if !known {
        subjects.push(topic);
    }
    let worded = subject.split_whitespace().count() > 1;
    if !known && !answers && worded && record.message != subject.trim() {
        record.message = Cow::Owned(format!("{}\n{}", subject.trim(), record.message));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Layout;

    fn read(text: &[u8]) -> Option<Vec<String>> {
        let layout = Layout::default();
        let mut out = Vec::new();
        parse(text, &Context { layout: &layout }, &mut out)?;
        let line = |r: &Record<'_>| {
            let who = r.actor.as_ref().map_or("-", |a| a.name.as_ref());
            format!("{} {who}: {}", r.kind.name(), r.message)
        };
        Some(out.iter().map(line).collect())
    }

    fn mail(from: &str, subject: &str, body: &str) -> String {
        format!(
            "From: {from}\nTo: it@example.com\nDate: Tue, 17 Jun 2025 08:41:12 +0200\nSubject: {subject}\nMessage-ID: <7@example.com>\n\n{body}\n"
        )
    }

    #[test]
    fn who_opens_a_thread_says_its_subject() {
        let first = mail(
            "Mira Lund <mira@example.com>",
            "Kiosk is down",
            "since nine",
        );
        let second = mail(
            "\"Lind, Ola\" <ola@example.com>",
            "AW: Kiosk is down",
            "looking",
        );
        assert_eq!(
            read(format!("{first}\n{second}").as_bytes()).unwrap_or_default(),
            [
                "chat Mira Lund: Kiosk is down\nsince nine",
                "chat Ola Lind: looking"
            ]
        );
    }

    #[test]
    fn alerts_among_mails_are_alerts() {
        let alert = mail(
            "nagios@mon.example.com",
            "** PROBLEM Service Alert: quay-1/kiosk is CRITICAL **",
            "Host: quay-1",
        );
        let answer = mail(
            "mira at example.com (Mira Lund)",
            "Re: ** PROBLEM Service Alert: quay-1/kiosk is CRITICAL **",
            "on it",
        );
        let read = read(format!("{alert}\n{answer}").as_bytes()).unwrap_or_default();
        assert!(read[0].starts_with("alert "), "{read:?}");
        assert_eq!(read[1], "chat Mira Lund: on it");
    }

    #[test]
    fn what_is_no_utf8_stays_in_place() {
        let mut text = mail("Mira <mira@example.com>", "Re: kiosk", "f\u{1}r me, too").into_bytes();
        for byte in text.iter_mut().filter(|b| **b == 1) {
            *byte = 0xfc;
        }
        assert_eq!(read(&text).unwrap_or_default(), ["chat Mira: f?r me, too"]);
    }

    #[test]
    fn notes_are_no_mails() {
        for text in [
            "From: Mira\nTo: all\nDate: 17 June 2025\nSubject: the kiosk\n\nIt was down.\n",
            "Subject: the kiosk\n\nIt was down.\n",
            "2025-06-17 08:41:12 From: a To: b Subject: c\n",
        ] {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
