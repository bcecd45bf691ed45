//! Counting what programs tell of themselves.

use super::super::Mark;
use super::super::own::{self, MOST, OWN};
use super::super::slots::Slot;
use super::Counter;
use crate::ingest::Event;
use crate::template;
use recon_parsers::glance::Glance;
use recon_parsers::stamp::SECOND;
use recon_parsers::token::change::announced;

impl Counter<'_> {
    /// Counts what a program tells of itself in an entry that was read for it.
    pub(super) fn tells(&mut self, event: &Event<'_, '_>) {
        let calm = Glance::of(event.record).is_some_and(|g| own::is_calm(&g));
        let told = calm && own::may_tell(event.record.message.as_bytes()) && self.told(event);
        let asked = self.asked.take();
        if let Some((outline, slot)) = asked.and_then(|o| Some((o, *self.slots.get(o)?)))
            && !told
        {
            let tells = Some(false);
            self.slots.put(outline, Slot { tells, ..slot });
        }
    }

    /// Counts an entry in which a program tells of a change; whether it does.
    pub(super) fn told(&mut self, event: &Event<'_, '_>) -> bool {
        let Some(at) = event.at.filter(|_| self.everything) else {
            return false;
        };
        if announced(&event.record.message, event.service).is_none() {
            return false;
        }
        let place = self.service(event.service, 0);
        let key = (OWN, template::signature(&event.record.message));
        let mark = Mark {
            nanos: at.nanos,
            cite: event.cite,
        };
        self.services.get_mut(place).is_some_and(|counts| {
            let template = counts.template(key);
            counts.said(template, at.nanos.div_euclid(SECOND), mark);
            let known = counts.templates.get(template);
            known.is_some_and(|(_, tape)| tape.total() <= MOST)
        })
    }
}
