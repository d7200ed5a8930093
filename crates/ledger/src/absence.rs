//! That a customer and a partner never had a reseller relationship: a proof that needs no ledger to be checked.
//!
//! A commitment in the log is to the sorted list of all pairs that ever had one. Where two neighbours of that list
//! stand on either side of a pair, the pair is not in it.

use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_log::LogReader;
use ofrecord_proof::commitment::{Absence, KeyLine, Standing};
use ofrecord_proof::note::VerifierKey;
use serde::{Deserialize, Serialize};

use crate::anchored::{AnchoredCommitment, Vouched};
use crate::certificate::{Checked, Kind, NotHolding, ProveError};
use crate::commitment::{CommittedState, Recorded, relationship_key};
use crate::signing::Signed;

/// The proof, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceProof {
    kind: Kind,
    customer: CustomerId,
    partner: PartnerTenantId,
    commitment: AnchoredCommitment,
    /// The lines between which the pair would stand.
    neighbours: Absence<KeyLine>,
}

impl AbsenceProof {
    /// Proves it of a pair at the size that a recorded commitment speaks of, by what it was made of. None when the two
    /// had a relationship.
    ///
    /// # Errors
    /// [`ProveError`].
    pub fn of(
        log: &dyn LogReader,
        (customer, partner): (CustomerId, PartnerTenantId),
        recorded: &Recorded,
        state: &CommittedState,
        signed: &Signed,
    ) -> Result<Option<Self>, ProveError> {
        let commitment = AnchoredCommitment::of(log, recorded, signed)?;
        ProveError::unless_same(log, &recorded.commitment, &state.commitment())?;
        Ok(match state.relationship((customer, partner))? {
            Standing::Present(_) => None,
            Standing::Absent(neighbours) => {
                Some(Self { kind: Kind::Absence, customer, partner, commitment, neighbours })
            }
        })
    }

    /// Whom it is about.
    pub(crate) fn pair(&self) -> (CustomerId, PartnerTenantId) {
        (self.customer, self.partner)
    }

    /// The commitment that it rests on.
    pub(crate) fn commitment(&self) -> &AnchoredCommitment {
        &self.commitment
    }

    /// Checks it by the keys that are known, and nothing else.
    ///
    /// # Errors
    /// [`NotHolding`] with the first thing that does not hold.
    pub fn verify(&self, keys: &[VerifierKey]) -> Result<Checked, NotHolding> {
        if self.kind != Kind::Absence {
            return Err(NotHolding::Kind);
        }
        let vouched = self.commitment.verify(keys)?;
        let key = relationship_key(self.customer, self.partner);
        vouched.commitment.relationships.verify_absence(&key, &self.neighbours)?;
        let mut proven = vouched.proven();
        proven.push(format!(
            "customer {} and partner {} are not among the {} pairs that the ledger says ever had a reseller relationship",
            self.customer, self.partner, vouched.commitment.relationships.count
        ));
        let mut not_proven = vouched.not_proven();
        let whole = "that the list of pairs is sorted and whole: whoever has all entries makes it again and compares";
        not_proven.insert(0, whole.to_owned());
        let Vouched { checkpoint, signed_by, .. } = vouched;
        Ok(Checked::of_log(self.kind, &checkpoint, signed_by, proven, not_proven))
    }
}
