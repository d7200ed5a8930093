//! That content leaves as it is recorded is an entry of its own, once for each who takes it while the server runs.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ofrecord_core::command::custody::{DisclosureKind, RecordDisclosure};
use ofrecord_core::{Actor, ActorKind, Command, CustomerId, Request};

use crate::access::{Caller, Reach};
use crate::commands::drawn_id;
use crate::problem::Problem;
use crate::shared::Shared;

/// How entries leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Leaving {
    /// As events, as they are recorded.
    Feed,
    /// As tiles of entries.
    Tiles,
    /// As tables of the console, in files.
    Tables,
    /// As events that are sent to a receiver.
    Webhook,
}

impl Leaving {
    /// What the entry on it gives as the purpose.
    fn purpose(self) -> &'static str {
        match self {
            Self::Feed => "followed as events over HTTP",
            Self::Tiles => "read as tiles of entries over HTTP",
            Self::Tables => "taken as tables from the console",
            Self::Webhook => "sent as events to a webhook",
        }
    }
}

/// Who takes, how, and of whom.
type Taking = (Option<String>, Leaving, Option<CustomerId>);

/// The disclosures that were recorded since the server was started.
#[derive(Debug, Default)]
pub(crate) struct Disclosures(Mutex<BTreeSet<Taking>>);

impl Disclosures {
    /// Records that somebody who sees everything takes something, before it leaves; none where it is of all customers.
    /// Where the ledger takes no entries, that is logged, and what is left can be taken all the same.
    pub(crate) async fn record(
        &self,
        shared: &Shared,
        caller: &Caller,
        leaving: Leaving,
        customer: Option<CustomerId>,
    ) -> Result<(), Problem> {
        if caller.reach() != Reach::Everything {
            return Ok(());
        }
        let user = caller.name().map(str::to_owned);
        let taking = (user.clone(), leaving, customer);
        if !self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(taking.clone()) {
            return Ok(());
        }
        let recorded = shared.ledger.decide(request(shared, user, leaving, customer)?).await;
        shared.tell_growth();
        if let Err(error) = recorded {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&taking);
            tracing::warn!(%error, "that entries are taken out is not recorded in the ledger");
        }
        Ok(())
    }
}

fn request(
    shared: &Shared,
    user: Option<String>,
    leaving: Leaving,
    customer: Option<CustomerId>,
) -> Result<Request, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::internal("record that entries are taken out", error);
    let command = RecordDisclosure {
        kind: DisclosureKind::Export,
        customer,
        tree_size: shared.reader.log().tree_size(),
        as_of: None,
        digest: None,
        purpose: Some(leaving.purpose().parse().map_err(|error| failed(&error))?),
    };
    Ok(Request {
        command_id: drawn_id()?,
        actor: Actor { user, ..Actor::new(ActorKind::Operator) },
        customer: None,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::RecordDisclosure(command).into(),
    })
}
