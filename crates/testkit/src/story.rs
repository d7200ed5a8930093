//! Stories: requests written as somebody tells them, `story.at("2018-06-01").partner("P").requests_relationship()`.

mod customer;
mod granular;
mod ledger;
mod partner;
mod transfer;

use std::cell::Cell;

use ofrecord_core::{Actor, Command, CustomerId, Request, Timestamp};

pub use self::customer::CustomerVoice;
pub use self::granular::Terms;
pub use self::ledger::{LedgerVoice, audit_evidence};
pub use self::partner::PartnerVoice;
use crate::name;

/// A story: numbers its commands, so that each has an id of its own.
#[derive(Debug)]
pub struct Story {
    family: u64,
    told: Cell<u64>,
}

/// An instant of a story.
#[derive(Debug, Clone, Copy)]
pub struct Moment<'a> {
    story: &'a Story,
    at: Timestamp,
}

/// The instant of a text like `2018-06-01` or `2024-03-08T00:00:01Z`.
#[must_use]
#[expect(clippy::expect_used, reason = "the texts are written in tests; one that is no instant is a mistake there")]
pub fn instant(text: &str) -> Timestamp {
    text.parse().expect("a text that is an instant")
}

impl Story {
    /// A story whose command ids belong to a family of their own.
    #[must_use]
    pub fn new(family: u64) -> Self {
        Self { family, told: Cell::new(0) }
    }

    /// What happens at an instant.
    #[must_use]
    pub fn at(&self, text: &str) -> Moment<'_> {
        Moment { story: self, at: instant(text) }
    }
}

impl<'a> Moment<'a> {
    /// A partner speaks, by an admin agent.
    #[must_use]
    pub fn partner(self, name: &str) -> PartnerVoice<'a> {
        PartnerVoice::new(self, name::partner(name))
    }

    /// A customer speaks, by a global administrator.
    #[must_use]
    pub fn customer(self, name: &str) -> CustomerVoice<'a> {
        CustomerVoice::new(self, name::customer(name))
    }

    /// The ledger's own people, an import, or Microsoft speak.
    #[must_use]
    pub fn ledger(self) -> LedgerVoice<'a> {
        LedgerVoice::new(self)
    }

    fn request(self, actor: Actor, customer: Option<CustomerId>, command: Command) -> Request {
        self.story.told.set(self.story.told.get() + 1);
        Request {
            command_id: name::command(self.story.family, self.story.told.get()),
            actor,
            customer,
            effective_at: Some(self.at),
            expected_version: None,
            evidence: Vec::new(),
            command: command.into(),
        }
    }
}
