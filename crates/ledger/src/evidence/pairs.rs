//! Whether a partner and each customer that its entries name ever had a reseller relationship, by the commitment.
//!
//! The list of pairs is sorted by customer, so that all pairs of one partner cannot be shown without the whole list.

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_proof::commitment::{KeyLine, NotShown, Standing};
use serde::{Deserialize, Serialize};

use super::bundle::{Bundle, customers_named};
use crate::commitment::{CommitError, CommittedState, StateCommitment, relationship_key};

/// One customer, and whether the pair stands in the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pair {
    customer: CustomerId,
    standing: Standing<KeyLine>,
}

/// Those of all customers that the partner's entries name below a size, in the order of their ids.
pub(super) fn pairs(
    bundle: &Bundle,
    partner: PartnerTenantId,
    known_below: u64,
    state: &CommittedState,
) -> Result<Vec<Pair>, CommitError> {
    let customers = customers_named(bundle, partner, known_below).into_iter();
    customers.map(|customer| Ok(Pair { customer, standing: state.relationship((customer, partner))? })).collect()
}

/// Checks them, and that they are those of all customers that the partner's entries name below a size. How many had one.
pub(super) fn verify(
    pairs: &[Pair],
    bundle: &Bundle,
    partner: PartnerTenantId,
    known_below: u64,
    commitment: &StateCommitment,
) -> Result<usize, NotShown> {
    if !pairs.iter().map(|pair| pair.customer).eq(customers_named(bundle, partner, known_below)) {
        return Err(NotShown::Neighbours);
    }
    for Pair { customer, standing } in pairs {
        commitment.relationships.verify(&relationship_key(*customer, partner), standing)?;
    }
    Ok(pairs.iter().filter(|pair| matches!(pair.standing, Standing::Present(_))).count())
}
