//! That content of all customers is followed is recorded in the ledger, once for each who does while the server runs.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use ofrecord_core::command::custody::{DisclosureKind, RecordDisclosure};
use ofrecord_core::{Actor, ActorKind, Command, CommandId, CustomerId, Request};
use ofrecord_ledger::Entropy;
use uuid::Builder;

use super::cursor::Cursor;
use crate::access::{Caller, Reach};
use crate::problem::Problem;
use crate::shared::Shared;

/// Who follows, and whom.
type Following = (Option<String>, Option<CustomerId>);

/// The disclosures that were recorded since the server was started.
#[derive(Debug, Default)]
pub(crate) struct Disclosures(Mutex<BTreeSet<Following>>);

impl Disclosures {
    /// Records that somebody begins to follow, before anything leaves. Where the ledger takes no entries, that is
    /// logged, and what is left can be followed all the same.
    pub(super) async fn record(
        &self,
        shared: &Shared,
        caller: &Caller,
        customer: Option<CustomerId>,
        cursor: Cursor,
    ) -> Result<(), Problem> {
        if caller.reach() != Reach::Everything {
            return Ok(());
        }
        let user = caller.name().map(str::to_owned);
        let following = (user.clone(), customer);
        if !self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(following.clone()) {
            return Ok(());
        }
        let recorded = shared.ledger.decide(request(shared, user, customer, cursor)?).await;
        shared.tell_growth();
        if let Err(error) = recorded {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&following);
            tracing::warn!(%error, "that entries are followed is not recorded in the ledger");
        }
        Ok(())
    }
}

fn request(
    shared: &Shared,
    user: Option<String>,
    customer: Option<CustomerId>,
    cursor: Cursor,
) -> Result<Request, Problem> {
    let failed = |error: &dyn std::fmt::Display| Problem::internal("record that entries are followed", error);
    let drawn = Entropy::System.draw("the id of a command").map_err(|error| failed(&error))?;
    let (bytes, _) = drawn.split_at(16);
    let id = Builder::from_random_bytes(bytes.try_into().map_err(|error| failed(&error))?).into_uuid();
    let purpose = format!("followed over HTTP from {}", cursor.position());
    let command = RecordDisclosure {
        kind: DisclosureKind::Export,
        customer,
        tree_size: shared.reader.log().tree_size(),
        as_of: None,
        digest: None,
        purpose: Some(purpose.parse().map_err(|error| failed(&error))?),
    };
    Ok(Request {
        command_id: CommandId::new(id),
        actor: Actor { user, ..Actor::new(ActorKind::Operator) },
        customer: None,
        effective_at: None,
        expected_version: None,
        evidence: Vec::new(),
        command: Command::RecordDisclosure(command).into(),
    })
}
