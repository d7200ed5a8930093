//! Taking a pack out of the ledger, and recording that it was taken.

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use ofrecord_core::CustomerId;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_ledger::commitment::{KeptStates, Recorded, first_covering};
use ofrecord_ledger::evidence::{GatherError, Gathering, to_zip};
use ofrecord_ledger::signing::Signed;
use ofrecord_ledger::{KnownAt, Ledger};
use ofrecord_log::{Directory, Hash};
use serde::Serialize;

use super::Arguments;
use crate::commands::commit;
use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::instant::KnownArgument;
use crate::session::Session;
use crate::{disclosure, open, render, whole_file};

/// What was taken.
#[derive(Debug, Serialize)]
struct Taken {
    pack: PathBuf,
    sha256: Hash,
    bytes: u64,
    files: u64,
    tree_size: u64,
    commitment: u64,
    checkpoint_size: u64,
}

pub(super) fn run(
    arguments: &Arguments,
    customer: CustomerId,
    output: &Path,
    session: &Session,
) -> Result<Verdict, Failure> {
    let ledger = open::ledger(session)?;
    let taken = take(&ledger, arguments, (customer, output), session);
    open::close(ledger, session);
    render::pairs(&mut session.output(), session.global.format, &taken?)?;
    Ok(Verdict::Done)
}

fn take(
    ledger: &Ledger,
    arguments: &Arguments,
    (customer, output): (CustomerId, &Path),
    session: &Session,
) -> Result<Taken, Failure> {
    let reader = ledger.reader();
    let known_at = session.global.known_at.map_or(KnownAt::Now, KnownArgument::known_at);
    let (snapshot, as_of) = (reader.snapshot(known_at)?, session.as_of());
    reader.customer(customer, &snapshot)?;
    let since = arguments.since.map(|size| custody::checkpoint(&session.global.ledger, size)).transpose()?;
    let never: BTreeSet<_> = arguments.never.iter().copied().collect();
    let sealer = if arguments.reveal { custody::sealer(session)? } else { None };
    let tree_size = snapshot.basis.tree_size;
    let recorded = commitment(ledger, arguments, tree_size, session)?;
    let signed = checkpoint(ledger, &recorded, session)?;
    let kept = KeptStates::of(&Directory::new(&session.global.ledger));
    let state = kept.state(reader.log().as_ref(), &recorded, &session.bar("gathering"))?;
    let gathering = Gathering {
        reader: &reader,
        customer,
        as_of,
        snapshot: &snapshot,
        recorded: &recorded,
        state: &state,
        signed: &signed,
        since: since.as_ref(),
        never: &never,
        sealer: sealer.as_ref(),
    };
    let files = gathering.files()?;
    let zip = to_zip(&files).map_err(GatherError::from)?;
    let sha256 = Hash::of(&zip);
    // What is recorded and then not written was never seen; what is written was always recorded.
    let leaving = disclosure::Taken {
        kind: DisclosureKind::EvidencePack,
        customer: Some(customer),
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
    custody::signer(session)?;
    session.remark("no commitment covers what is known; one is made now");
    commit::commit(ledger, &arguments.taking.person, session)?;
    first()?.ok_or(Failure::NoCommitment { size })
}

/// The first checkpoint that covers the commitment; one that is signed now where there is none.
fn checkpoint(ledger: &Ledger, recorded: &Recorded, session: &Session) -> Result<Signed, Failure> {
    let (folder, reader) = (&session.global.ledger, ledger.reader());
    if let Some(signed) = custody::checkpoint_covering(folder, reader.log().as_ref(), recorded.position)? {
        return Ok(signed);
    }
    session.remark("no checkpoint covers the commitment; one is signed now");
    custody::sign(ledger, &mut custody::signer(session)?, session)
}
