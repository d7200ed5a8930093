//! Sealed texts as people read them: the text where its keys are, and otherwise a mark that names the subject.

use std::sync::Arc;

use ofrecord_core::personal::SealedWord;
use ofrecord_core::{Entry, Event, SubjectId};
use ofrecord_views::EntryRow;
use serde_json::Value;

use super::{Revealed, Sealer, SharedSealer};

/// Puts what may be read in place of sealed texts, in what is shown to people. What is hashed, stored, compared or
/// proven never passes here.
#[derive(Debug)]
pub struct Names {
    sealer: Option<SharedSealer>,
}

impl Names {
    /// With the keys, or without them.
    #[must_use]
    pub fn new(sealer: Option<Sealer>) -> Self {
        Self { sealer: sealer.map(SharedSealer::new) }
    }

    /// With the keys of a writer: what it seals can be read at once, and what it erases no more.
    pub(crate) fn shared(sealer: Option<SharedSealer>) -> Self {
        Self { sealer }
    }

    /// How many keys were destroyed while these names were read: what was shown before may be shown no more.
    pub(crate) fn destroyed(&self) -> u64 {
        self.sealer.as_ref().map_or(0, |sealer| sealer.held().destroyed())
    }

    /// What is shown for a text; none when it is not sealed.
    ///
    /// A text that should open and does not is shown as sealed: a view must not fail on one field that is damaged.
    #[must_use]
    pub fn shown(&self, text: &str) -> Option<String> {
        let sealed: SealedWord = text.parse().ok()?;
        let Some(sealer) = &self.sealer else { return Some(mark("sealed", &sealed.kids)) };
        let sealer = sealer.held();
        Some(match sealer.reveal_text(&sealed) {
            Ok(Revealed::Open(text)) => text.to_string(),
            Ok(Revealed::Erased) => mark("erased", &sealer.erased_of(&sealed)),
            Ok(Revealed::KeyMissing) | Err(_) => mark("sealed", &sealed.kids),
        })
    }

    /// Puts names into an entry.
    pub fn entry(&self, entry: &mut Entry) {
        let decision = &mut entry.decision;
        decision.actor.user.iter_mut().for_each(|user| self.text(user));
        if decision.command.json().contains(SealedWord::BEGINNING) {
            let mut command = decision.command.value();
            self.value(&mut command);
            decision.command = command.into();
        }
        decision.events.iter_mut().flatten().for_each(|event| self.event(event));
    }

    /// Puts names into the digest of an entry.
    pub fn row(&self, row: &mut EntryRow) {
        row.actor.user.iter_mut().for_each(|user| self.text(user));
        row.events.iter_mut().for_each(|event| self.event(Arc::make_mut(event)));
    }

    fn event(&self, event: &mut Event) {
        event.personal_texts_mut().into_iter().for_each(|text| self.text(text.into_text()));
    }

    fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(fields) => fields.values_mut().for_each(|field| self.value(field)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn text(&self, text: &mut String) {
        if let Some(shown) = self.shown(text) {
            *text = shown;
        }
    }
}

/// The mark of a text that is not shown: why not, and whose it is.
fn mark(why: &str, kids: &[SubjectId]) -> String {
    let kids: Vec<String> = kids.iter().map(SubjectId::to_string).collect();
    format!("{why} ({})", kids.join(", "))
}
