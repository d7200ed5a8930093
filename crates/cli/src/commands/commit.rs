//! `ofrecord commit`: commit to the state of all streams at the present size, or make the newest commitment again.

use clap::Args;
use ofrecord_core::Command;
use ofrecord_ledger::commitment::{KeptStates, Recorded, StateCommitment, commitment_at, newest_recorded};
use ofrecord_ledger::{KnownAt, Ledger};
use ofrecord_log::{Directory, Hash};
use ofrecord_views::FOLD_VERSION;
use serde::Serialize;

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::open;
use crate::render;
use crate::session::Session;

const AFTER_HELP: &str = "\
Records two roots: one over the end and the view of each stream, one over all pairs of a customer and a partner that
ever had a relationship. Folds the streams that have grown since the newest commitment, where what that was made of is
still kept beside the log, and every stream where it is not. Then it signs a checkpoint, where there are keys.
With nothing new since the newest commitment, it records nothing.

Examples:
  ofrecord commit
  ofrecord commit --check    # exits with 4 when the log no longer gives what was committed to";

/// Arguments of `commit`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Fold every stream again from the log, compare with the newest commitment, and record nothing
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    person: Person,
}

/// What is committed to, and where.
#[derive(Debug, Serialize)]
struct Committed {
    position: u64,
    tree_size: u64,
    fold: String,
    streams: u64,
    streams_root: Hash,
    relationships: u64,
    relationships_root: Hash,
}

impl Committed {
    fn of(Recorded { position, commitment }: &Recorded) -> Self {
        Self {
            position: *position,
            tree_size: commitment.tree_size,
            fold: commitment.fold.clone(),
            streams: commitment.streams.count,
            streams_root: commitment.streams.root,
            relationships: commitment.relationships.count,
            relationships_root: commitment.relationships.root,
        }
    }
}

/// Commits, or checks.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if arguments.check {
        return check(session);
    }
    let ledger = open::ledger(session)?;
    let recorded = commit(&ledger, &arguments.person, session);
    open::close(ledger, session);
    render::pairs(&mut session.output(), session.global.format, &Committed::of(&recorded?))?;
    Ok(Verdict::Done)
}

/// Commits to the present state and signs it; to nothing anew when nothing was appended.
pub(super) fn commit(ledger: &Ledger, person: &Person, session: &Session) -> Result<Recorded, Failure> {
    let mut signer = if custody::key_folder(session).exists() { Some(custody::signer(session)?) } else { None };
    if let Some(signer) = &signer {
        custody::name_first_key(ledger, signer, &person.operator())?;
    }
    let reader = ledger.reader();
    let snapshot = reader.snapshot(KnownAt::Now)?;
    let size = snapshot.basis.tree_size;
    let newest = newest_recorded(&reader.custody(&snapshot)?, size);
    let newest = newest.filter(|newest| newest.commitment.fold == FOLD_VERSION);
    let recorded = match newest {
        Some(newest) if newest.position.saturating_add(1) == size => {
            session.remark("nothing was appended since this commitment; none is recorded");
            newest
        }
        older => {
            let kept = KeptStates::of(&Directory::new(&session.global.ledger));
            let log = reader.log().as_ref();
            let state = kept.grown(log, older.as_ref(), size, &session.bar("committing"))?;
            record(ledger, person, state.commitment())?
        }
    };
    match &mut signer {
        Some(signer) => drop(custody::sign(ledger, signer, session)?),
        None => session.remark("not signed: there are no keys"),
    }
    Ok(recorded)
}

fn record(ledger: &Ledger, person: &Person, commitment: StateCommitment) -> Result<Recorded, Failure> {
    let command = commitment.command().map_err(Failure::Reason)?;
    let recorded = custody::ask(ledger, person.operator(), Command::CommitState(command))?;
    Ok(Recorded { position: recorded.position, commitment })
}

fn check(session: &Session) -> Result<Verdict, Failure> {
    let inquiry = Inquiry::open_stoppable(session)?;
    let recorded = inquiry.newest_commitment()?;
    let size = recorded.commitment.tree_size;
    let made = commitment_at(inquiry.reader.log().as_ref(), size, &session.bar("folding"))?;
    render::pairs(&mut session.output(), session.global.format, &Committed::of(&recorded))?;
    if made == recorded.commitment {
        session.remark("the entries give the same commitment");
        return Ok(Verdict::Done);
    }
    let Recorded { position, commitment } = &recorded;
    if made.fold != commitment.fold {
        let fold = commitment.fold.clone();
        return Err(Failure::Prove(ofrecord_ledger::certificate::ProveError::OtherFold { size, fold }));
    }
    session.remark(&format!(
        "the entries give another commitment than the one at position {position}: {} streams with root {}, {} \
         relationships with root {}",
        made.streams.count, made.streams.root, made.relationships.count, made.relationships.root
    ));
    Ok(Verdict::Found)
}
