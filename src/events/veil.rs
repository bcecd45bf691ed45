//! Entries without what must not be printed. Threads mark it; the writer, who alone sees the
//! entries in their order, numbers the marks.

use super::Sink;
use crate::redact::Redactor;
use recon_parsers::record::Fields;
use recon_parsers::{Actor, Record, Value};
use std::borrow::Cow;
use std::io;
use std::sync::Arc;

/// The record with marks; none if there is nothing to mark.
pub(super) fn veiled<'a>(record: &Record<'a>, redactor: &Redactor) -> Option<Record<'a>> {
    let mut changed = false;
    let mut mark = |marked: Cow<'_, str>| match marked {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => {
            changed = true;
            Some(text)
        }
    };
    let message = mark(redactor.mark(&record.message));
    let host = record.host.as_deref().and_then(|h| mark(redactor.mark(h)));
    let service = record.service.as_deref();
    let service = service.and_then(|s| mark(redactor.mark(s)));
    let person = record.actor.as_ref().filter(|a| !a.bot);
    let actor = person.and_then(|a| mark(redactor.mark_field("actor", &a.name)));
    let values = record.fields.iter().map(|(name, value)| match value {
        Value::Text(text) => mark(redactor.mark_field(name, text)),
        Value::Int(number) => {
            let marked = redactor.mark_number(name, *number);
            marked.and_then(|text| mark(Cow::Owned(text)))
        }
        Value::Float(_) | Value::Time(_) => None,
    });
    let values: Vec<Option<String>> = values.collect();
    if !changed {
        return None;
    }
    let mut veiled = record.clone();
    let put = |slot: &mut Option<Cow<'a, str>>, text: Option<String>| {
        if let Some(text) = text {
            *slot = Some(text.into());
        }
    };
    put(&mut veiled.host, host);
    put(&mut veiled.service, service);
    if let (Some(slot), Some(name)) = (&mut veiled.actor, actor) {
        *slot = Actor {
            name: name.into(),
            bot: slot.bot,
        };
    }
    if let Some(message) = message {
        veiled.message = message.into();
    }
    let mut fields = Fields::default();
    for ((name, value), marked) in record.fields.iter().zip(values) {
        let value = marked.map_or_else(|| value.clone(), |text| Value::Text(text.into()));
        fields.push(name.to_owned(), value);
    }
    veiled.fields = fields;
    Some(veiled)
}

/// Numbers the marks of textual forms.
pub(super) struct Settled<S> {
    pub(super) to: S,
    pub(super) redactor: Option<Arc<Redactor>>,
}

impl<S: Sink> Sink for Settled<S> {
    fn entry(&mut self, entry: &[u8]) -> io::Result<()> {
        let marked = self
            .redactor
            .as_ref()
            .filter(|_| memchr::memchr(b'~', entry).is_some());
        match marked.zip(std::str::from_utf8(entry).ok()) {
            Some((redactor, text)) => self.to.entry(redactor.settle(text).as_bytes()),
            None => self.to.entry(entry),
        }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.to.finish()
    }
}
