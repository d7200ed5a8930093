//! What leaves the ledger is recorded in it: who took it, in which form, by which entries, and why (rule L-17).

use clap::Args;
use ofrecord_core::command::custody::{DisclosureKind, RecordDisclosure};
use ofrecord_core::{Command, CustomerId, Reason, Timestamp};
use ofrecord_ledger::Ledger;
use ofrecord_log::Hash;

use crate::custody::{self, Person};
use crate::failure::Failure;
use crate::open::Held;
use crate::session::Session;

/// Who takes information out of the ledger, and why.
#[derive(Debug, Args)]
pub(crate) struct Taking {
    /// Why, or for whom, as the entry on this disclosure will say
    #[arg(long, global = true, value_name = "TEXT")]
    purpose: Option<Reason>,
    #[command(flatten)]
    pub(crate) person: Person,
}

/// What is taken out.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    /// In which form.
    pub(crate) kind: DisclosureKind,
    /// Of which customer; none where it is of more than one.
    pub(crate) customer: Option<CustomerId>,
    /// The size of the log that it rests on.
    pub(crate) tree_size: u64,
    /// The instant asked about, where one was.
    pub(crate) as_of: Option<Timestamp>,
    /// SHA-256 of what is written, where it is one file that is whole before anything of it leaves.
    pub(crate) digest: Option<Hash>,
}

impl Taking {
    /// By somebody of a name, for a purpose, where there are such.
    pub(crate) fn of(by: Option<String>, purpose: Option<Reason>) -> Self {
        Self { purpose, person: Person::named(by) }
    }

    /// Records it where the ledger takes entries, before anything leaves. Where it does not, that is said, and what is
    /// left of the ledger can be taken out all the same.
    pub(crate) fn disclose(&self, held: &Held, taken: Taken, session: &Session) -> Result<(), Failure> {
        let Some(ledger) = held.ledger() else { return Ok(()) };
        match self.record(ledger, taken) {
            Err(failure) if failure.leaves_reading() => {
                warn_not_recorded(session, &failure);
                Ok(())
            }
            outcome => outcome,
        }
    }

    /// Records it, before anything leaves.
    pub(crate) fn record(&self, ledger: &Ledger, taken: Taken) -> Result<(), Failure> {
        let Taken { kind, customer, tree_size, as_of, digest } = taken;
        let digest = digest.map(|digest| digest.to_string().parse()).transpose().map_err(Failure::Reason)?;
        let command = RecordDisclosure { kind, customer, tree_size, as_of, digest, purpose: self.purpose.clone() };
        custody::ask(ledger, self.person.operator(), Command::RecordDisclosure(command)).map(|_| ())
    }
}

/// Says that what is taken out leaves no entry.
pub(crate) fn warn_not_recorded(session: &Session, failure: &Failure) {
    session.warn(
        &format!("what is taken out now is not recorded in the ledger: could not {failure}"),
        "keep a note of who took it and why, and mend the ledger",
    );
}
