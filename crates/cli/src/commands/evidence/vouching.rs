//! What vouches for a pack: its checkpoint, the keys from older ones to the present, time stamps, and its manifest.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use ofrecord_core::CheckpointKey;
use ofrecord_ledger::commitment::Recorded;
use ofrecord_ledger::evidence::{self, Files};
use ofrecord_ledger::signing::{SignError, Signed, Signer};
use ofrecord_ledger::{Ledger, Reader};
use ofrecord_log::Directory;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::VerifierKey;

use crate::custody;
use crate::failure::Failure;
use crate::session::Session;

/// The first checkpoint that covers the commitment and is by a key that signs now; one that is signed now where there
/// is none. The same keys sign the manifest, so that whoever believes the one believes the other.
pub(super) fn checkpoint(
    ledger: &Ledger,
    recorded: &Recorded,
    signer: &mut Signer,
    session: &Session,
) -> Result<Signed, Failure> {
    let reader = ledger.reader();
    let allowed = allowed(&reader)?;
    let present: Vec<VerifierKey> = verifier_keys(signer.keys().iter().filter(|key| allowed.contains(*key)));
    let by_present = |signed: &Signed| {
        let opened = Checkpoint::open(&signed.note, &present);
        opened.is_ok_and(|opened| opened.checkpoint.origin() == signer.origin())
    };
    let (folder, log) = (&session.global.ledger, reader.log().as_ref());
    if let Some(signed) = custody::checkpoint_by(folder, log, recorded.position, &by_present)? {
        return Ok(signed);
    }
    session.remark("no checkpoint by a present key covers the commitment; one is signed now");
    custody::sign(ledger, signer, session)
}

/// For each key that the log named after its first: the first checkpoint that covers the entry which names it, and was
/// signed by a key that was named before. One that has none can be believed by itself alone.
pub(super) fn chain(reader: &Reader, folder: &Path, pack: &Signed) -> Result<Vec<(u64, Signed)>, Failure> {
    let custody = custody::custody(reader)?;
    let mut named: Vec<(u64, &CheckpointKey)> =
        custody.checkpoint_keys.iter().map(|(key, standing)| (standing.added.at.position, key)).collect();
    named.sort_unstable();
    let mut chain = Vec::new();
    for (position, _) in named.iter().skip(1).filter(|(position, _)| *position < pack.size) {
        let before = verifier_keys(named.iter().filter(|(older, _)| older < position).map(|(_, key)| *key));
        let by_an_older = |signed: &Signed| signed.size <= pack.size && Checkpoint::open(&signed.note, &before).is_ok();
        let signed = custody::checkpoint_by(folder, reader.log().as_ref(), *position, &by_an_older)?;
        chain.extend(signed.map(|signed| (*position, signed)));
    }
    Ok(chain)
}

/// The replies of authorities that are kept beside a checkpoint, in the order in which they came.
pub(super) fn stamps(folder: &Path, size: u64) -> Result<Vec<Vec<u8>>, Failure> {
    let mut stamps = Vec::new();
    for path in custody::stamp_files(Directory::new(folder).checkpoints(), size).take_while(|path| path.is_file()) {
        stamps.push(fs::read(&path).map_err(|error| Failure::File { doing: "read", path, error })?);
    }
    Ok(stamps)
}

/// The files with the note by which the ledger's present keys vouch for their manifest.
pub(super) fn vouched(files: Files, reader: &Reader, signer: &Signer) -> Result<Files, Failure> {
    let unusable = |problem: String| SignError::Unusable { problem };
    let certificate = evidence::manifest_certificate(&files).map_err(|error| unusable(error.to_string()))?;
    let note = signer.certify(reader.log().as_ref(), &allowed(reader)?, &certificate)?;
    Ok(evidence::vouched(files, &note))
}

fn allowed(reader: &Reader) -> Result<BTreeSet<CheckpointKey>, Failure> {
    Ok(custody::custody(reader)?.signing_keys().cloned().collect())
}

fn verifier_keys<'a>(keys: impl Iterator<Item = &'a CheckpointKey>) -> Vec<VerifierKey> {
    keys.filter_map(|key| key.as_str().parse().ok()).collect()
}
