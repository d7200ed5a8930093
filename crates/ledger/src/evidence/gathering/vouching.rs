//! What vouches for a pack beside its checkpoint: older keys, receipts, time stamps, and the ledger's own stream.

use ofrecord_core::StreamId;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::inclusion::InclusionProof;

use super::super::archive::Files;
use super::super::bundle::Bundle;
use super::super::{CUSTODY, RECEIPT_KEY, chain_of, receipt_of, stamp_of};
use super::{GatherError, Gathering};
use crate::certificate::to_bytes;
use crate::completeness::CompletenessProof;

impl Gathering<'_> {
    /// That each later key was named while an older one signed: its entry under a checkpoint that the older one signed.
    pub(super) fn chain(&self, keys: &Bundle, files: &mut Files) -> Result<(), GatherError> {
        let log = self.reader.log();
        for (position, signed) in self.chain {
            let (position, size) = (*position, signed.size);
            let not_vouched = GatherError::NotVouched { position, size };
            let checkpoint: Checkpoint = signed.note.text().parse()?;
            let is_of_the_log = size <= self.signed.size && log.root_at(size)? == *checkpoint.root();
            if !keys.contains_key(&position) || position >= size || !is_of_the_log {
                return Err(not_vouched);
            }
            let path = log.inclusion_proof(position, size)?;
            let proof = InclusionProof::new(position, path, signed.note.clone())?;
            files.insert(chain_of(position), proof.to_string().into_bytes());
        }
        Ok(())
    }

    /// The proof of each entry once more, as COSE.
    pub(super) fn receipts<'a>(
        &self,
        checkpoint: &Checkpoint,
        positions: impl Iterator<Item = &'a u64>,
        files: &mut Files,
    ) -> Result<(), GatherError> {
        let Some(key) = self.receipt_key else { return Ok(()) };
        for position in positions {
            let path = self.reader.log().inclusion_proof(*position, checkpoint.size())?;
            let receipt = key.inclusion(checkpoint, &format!("entries/{position}"), *position, path)?;
            files.insert(receipt_of(*position), receipt.as_bytes().to_vec());
        }
        files.insert(RECEIPT_KEY.to_owned(), key.verifier().to_string().into_bytes());
        Ok(())
    }

    pub(super) fn stamps(&self, files: &mut Files) {
        files.extend((1..).zip(self.stamps).map(|(number, stamp)| (stamp_of(number), stamp.clone())));
    }

    /// All entries of the ledger's own stream, where they are asked for.
    pub(super) fn custody(&self, files: &mut Files) -> Result<(), GatherError> {
        if self.custody {
            let log = self.reader.log().as_ref();
            let proof = CompletenessProof::of(log, StreamId::Ledger, self.recorded, self.state, self.signed)?;
            files.insert(CUSTODY.to_owned(), to_bytes(&proof));
        }
        Ok(())
    }
}
