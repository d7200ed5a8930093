//! That some entries of a stream are all there are: a proof that needs no ledger to be checked.
//!
//! A commitment in the log says how many entries a stream has and which is the newest. Each entry names the one
//! before it in the stream by its hash, so from the newest all the others follow.

use ofrecord_core::StreamId;
use ofrecord_log::entry::{Envelope, stored_leaf_hash};
use ofrecord_log::{Hash, LogReader};
use ofrecord_proof::commitment::{Membership, Standing, StreamLine};
use ofrecord_proof::note::VerifierKey;
use ofrecord_views::{EntryRow, FOLD_VERSION};
use serde::{Deserialize, Serialize};

use crate::anchored::{AnchoredCommitment, Vouched, text};
use crate::certificate::{Checked, Kind, NotHolding, ProveError};
use crate::codec::{DecodeError, decode_envelope};
use crate::commitment::{CommittedState, Recorded, view_hash};
use crate::reader::ReadFailure;
use crate::signing::Signed;
use crate::stream_record::StreamRecord;

/// The proof, as it travels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompletenessProof {
    kind: Kind,
    stream: StreamId,
    commitment: AnchoredCommitment,
    /// What is committed to of the stream.
    line: Membership<StreamLine>,
    /// All its entries, the newest first.
    entries: Vec<ChainedEntry>,
}

/// An entry, with its leaf hash beside it for programs that do not compute it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChainedEntry {
    entry: String,
    leaf: Hash,
}

impl CompletenessProof {
    /// Proves it of a stream at the size that a recorded commitment speaks of, by what it was made of.
    ///
    /// # Errors
    /// [`ProveError`]; a stream without entries at that size is not found.
    pub fn of(
        log: &dyn LogReader,
        stream: StreamId,
        recorded: &Recorded,
        state: &CommittedState,
        signed: &Signed,
    ) -> Result<Self, ProveError> {
        let size = recorded.commitment.tree_size;
        let commitment = AnchoredCommitment::of(log, recorded, signed)?;
        ProveError::unless_same(log, &recorded.commitment, &state.commitment())?;
        let line = match state.stream(stream)? {
            Standing::Present(line) => line,
            Standing::Absent(_) => {
                return Err(ProveError::Read(ReadFailure::NotFound { stream: stream.to_string(), size }));
            }
        };
        let mut entries = Vec::new();
        for position in log.stream_positions(&stream.to_string(), 0)?.into_iter().filter(|position| *position < size) {
            let bytes = log.read(position)?;
            let leaf = stored_leaf_hash(&bytes);
            entries.push(ChainedEntry { entry: text(bytes)?, leaf });
        }
        entries.reverse();
        let proof = Self { kind: Kind::Completeness, stream, commitment, line, entries };
        // The lines may have been kept from when they were made: what the log gives now has to bear them out.
        let borne_out = proof.verify_chain(size).and_then(|envelopes| proof.verify_view(&envelopes));
        borne_out.map(|()| proof).map_err(|_| ProveError::Differs { size })
    }

    /// How many entries it holds.
    #[must_use]
    pub fn count(&self) -> usize {
        self.entries.len()
    }

    /// Whose entries they are.
    pub(crate) fn stream(&self) -> StreamId {
        self.stream
    }

    /// The bytes of the entries, the newest first.
    pub(crate) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        self.entries.iter().map(|chained| chained.entry.as_bytes())
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
        if self.kind != Kind::Completeness {
            return Err(NotHolding::Kind);
        }
        let vouched = self.commitment.verify(keys)?;
        let line = &self.line.line;
        if line.stream != self.stream.to_string() {
            return Err(NotHolding::OtherStream { stream: line.stream.clone() });
        }
        vouched.commitment.streams.verify_membership(&self.line)?;
        let envelopes = self.verify_chain(vouched.commitment.tree_size)?;
        let mut proven = vouched.proven();
        proven.push(format!("{} had {} entries at that size, and these are all of them", self.stream, line.count));
        let mut not_proven = vouched.not_proven();
        let redacted: Vec<String> =
            envelopes.iter().filter(|one| one.redacted.is_some()).map(|one| one.position.to_string()).collect();
        if !redacted.is_empty() {
            not_proven.insert(
                0,
                format!("what the redacted entries said, of which only the hash is left: {}", redacted.join(", ")),
            );
        }
        if vouched.commitment.fold == FOLD_VERSION {
            self.verify_view(&envelopes)?;
            proven.push(format!("folding them gives the view that was committed to, {}", line.view));
        } else {
            let fold = &vouched.commitment.fold;
            not_proven.insert(0, format!("the view of the stream, which version {fold} of the fold made"));
        }
        let Vouched { checkpoint, signed_by, .. } = vouched;
        Ok(Checked::of_log(self.kind, &checkpoint, signed_by, proven, not_proven))
    }

    /// From the newest entry down to the first, each named by the one after it.
    fn verify_chain(&self, size: u64) -> Result<Vec<Envelope>, NotHolding> {
        let name = self.stream.to_string();
        let (mut version, mut named, mut below) = (self.line.line.count, Some(self.line.line.head), size);
        let mut envelopes = Vec::new();
        for chained in &self.entries {
            let broken = NotHolding::Chain { version: version.saturating_sub(1) };
            let leaf = stored_leaf_hash(chained.entry.as_bytes());
            if named != Some(leaf) || chained.leaf != leaf {
                return Err(broken);
            }
            let envelope = Envelope::parse_canonical(chained.entry.as_bytes()).map_err(DecodeError::from)?;
            let link = envelope.streams.iter().find(|link| link.stream == name);
            let Some(link) = link.filter(|link| version.checked_sub(1) == Some(link.version)) else {
                return Err(broken);
            };
            if envelope.position >= below {
                return Err(broken);
            }
            (version, named, below) = (link.version, link.previous, envelope.position);
            envelopes.push(envelope);
        }
        if version == 0 && named.is_none() { Ok(envelopes) } else { Err(NotHolding::Chain { version }) }
    }

    fn verify_view(&self, envelopes: &[Envelope]) -> Result<(), NotHolding> {
        let mut record = StreamRecord::new(self.stream);
        for envelope in envelopes {
            record.take_row(EntryRow::from(decode_envelope(envelope)?));
        }
        if view_hash(&record) == self.line.line.view { Ok(()) } else { Err(NotHolding::View) }
    }
}
