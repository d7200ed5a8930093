//! Taking a pack out of the ledger, and recording that it was taken.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::commitment::{KeptStates, Recorded, first_covering};
use ofrecord_ledger::evidence::{About, GatherError, Gathering, to_zip};
use ofrecord_ledger::{KnownAt, Ledger};
use ofrecord_log::{Directory, Hash};
use serde::Serialize;

use super::{Arguments, vouching};
use crate::commands::commit;
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::session::Session;
use crate::{disclosure, open, render, whole_file};
use ofrecord_ledger::known::KnownArgument;

/// What was taken.
#[derive(Debug, Serialize)]
pub(crate) struct Taken {
    pub(crate) pack: PathBuf,
    sha256: Hash,
    bytes: u64,
    files: u64,
    tree_size: u64,
    commitment: u64,
    checkpoint_size: u64,
}

pub(super) fn run(arguments: &Arguments, about: About, output: &Path, session: &Session) -> Result<Verdict, Failure> {
    let ledger = open::ledger(session)?;
    let taken = take(&ledger, arguments, (about, output), session);
    open::close(ledger, session);
    render::pairs(&mut session.output(), session.global.format, &taken?)?;
    Ok(Verdict::Done)
}

/// Takes a pack out of an open ledger.
pub(crate) fn take(
    ledger: &Ledger,
    arguments: &Arguments,
    (about, output): (About, &Path),
    session: &Session,
) -> Result<Taken, Failure> {
    let reader = ledger.reader();
    let known_at = session.global.known_at.map_or(KnownAt::Now, KnownArgument::known_at);
    let (snapshot, as_of) = (reader.snapshot(known_at)?, session.as_of());
    match about {
        About::Customer(customer) => drop(reader.customer(customer, &snapshot)?),
        About::Partner(partner) => drop(reader.partner(partner, &snapshot)?),
    }
    custody::signer(session)?;
    let folder = &session.global.ledger;
    let since = arguments.since.map(|size| custody::checkpoint(folder, size)).transpose()?;
    let never: BTreeSet<_> = arguments.never.iter().copied().collect();
    let sealer = if arguments.reveal { custody::sealer(session)? } else { None };
    let tree_size = snapshot.basis.tree_size;
    let recorded = commitment(ledger, arguments, tree_size, session)?;
    // Opened only now: a commitment that was made has been signed, and a signer must know what was signed last.
    let mut signer = custody::signer(session)?;
    let receipt_key = arguments.cose.then(|| signer.folder().receipt_key(&custody::entropy(session))).transpose()?;
    let signed = vouching::checkpoint(ledger, &recorded, &mut signer, session)?;
    let state = KeptStates::of(&Directory::new(folder));
    let state = state.state(reader.log().as_ref(), &recorded, &session.bar("gathering"))?;
    let gathering = Gathering {
        reader: &reader,
        about,
        as_of,
        snapshot: &snapshot,
        recorded: &recorded,
        state: &state,
        signed: &signed,
        since: since.as_ref(),
        never: &never,
        sealer: sealer.as_ref(),
        chain: &vouching::chain(&reader, folder, &signed)?,
        stamps: &vouching::stamps(folder, signed.size)?,
        receipt_key: receipt_key.as_ref(),
        custody: arguments.custody,
    };
    let files = vouching::vouched(gathering.files()?, &reader, &signer)?;
    let zip = to_zip(&files).map_err(GatherError::from)?;
    let sha256 = Hash::of(&zip);
    // What is recorded and then not written was never seen; what is written was always recorded.
    let leaving = disclosure::Taken {
        kind: DisclosureKind::EvidencePack,
        customer: about.customer(),
        tree_size,
        as_of: Some(as_of),
        digest: Some(sha256),
    };
    arguments.taking.record(ledger, leaving)?;
    let failed = |error: io::Error| Failure::File { doing: "write", path: output.to_owned(), error };
    whole_file::write(output, |file| file.write_all(&zip).map_err(failed))?;
    Ok(Taken {
        pack: output.to_owned(),
        sha256,
        bytes: zip.len() as u64,
        files: files.len() as u64,
        tree_size,
        commitment: recorded.position,
        checkpoint_size: signed.size,
    })
}

/// The first commitment that covers what is known; one that is made now where there is none.
fn commitment(ledger: &Ledger, arguments: &Arguments, size: u64, session: &Session) -> Result<Recorded, Failure> {
    let first = || -> Result<Option<Recorded>, Failure> {
        let reader = ledger.reader();
        Ok(first_covering(&reader.custody(&reader.snapshot(KnownAt::Now)?)?, size))
    };
    if let Some(recorded) = first()? {
        return Ok(recorded);
    }
    session.remark("no commitment covers what is known; one is made now");
    commit::commit(ledger, &arguments.taking.person, session)?;
    first()?.ok_or(Failure::NoCommitment { size })
}
