//! `ofrecord stats`: how much there is, what it occupies, and how the ledger is.

use std::ops::ControlFlow;

use clap::Args;
use ofrecord_core::Timestamp;
use ofrecord_ledger::Progress as _;
use ofrecord_ledger::answers::health_sentence;
use ofrecord_ledger::drift::Verified;
use ofrecord_log::entry::EnvelopeRef;
use ofrecord_log::{EventLog as _, Hash, LogReader as _};
use serde::Deserialize;
use serde::Serialize;
use serde::de::IgnoredAny;

use crate::failure::{Failure, Verdict};
use crate::open::{self, Opened};
use crate::render;
use crate::session::Session;

/// Entries between two looks at the progress and at Ctrl-C.
const LOOK_EVERY: u64 = 4_096;

/// Arguments of `stats`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord stats --format json")]
pub(crate) struct Arguments {}

/// What is said of a ledger.
#[derive(Debug, Serialize)]
struct Stats {
    origin: String,
    cloud: &'static str,
    created_at: String,
    health: String,
    notes: Vec<String>,
    tree_size: u64,
    root: Hash,
    accepted: u64,
    refused: u64,
    customers: u64,
    partners: u64,
    entry_bytes: u64,
    blocks: u64,
    segments: u64,
    sealed_through: u64,
    indexed_through: u64,
    verified_through: u64,
    views_verified_through: u64,
    views_compared_at: Option<Timestamp>,
    views_drifted: Option<u64>,
    all_verified_through: u64,
    log_bytes: u64,
    segment_bytes: u64,
    index_bytes: u64,
    views_bytes: u64,
    bytes_per_entry: Option<u64>,
    free_bytes: u64,
}

/// What a scan counts.
#[derive(Default)]
struct Counted {
    accepted: u64,
    refused: u64,
    bytes: u64,
}

/// The only field of a decision that counting needs.
#[derive(Deserialize)]
struct Outcome {
    refusal: Option<IgnoredAny>,
}

/// Says how much there is.
pub(super) fn run(_: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let opened = open::log(session)?;
    let counted = count(&opened, session)?;
    let stats = stats(&opened, &counted)?;
    render::pairs(&mut session.output(), session.global.format, &stats)?;
    Ok(Verdict::Done)
}

fn stats(opened: &Opened, counted: &Counted) -> Result<Stats, Failure> {
    let sizes = opened.log.stats().map_err(Failure::Measure)?;
    let health = opened.log.health();
    let head = opened.log.head();
    let identity = opened.log.identity();
    let (customers, partners) = streams(opened)?;
    let verified = Verified::of(opened.log.reader().as_ref(), opened.views.as_deref());
    let stored = sizes.log_bytes + sizes.segment_bytes + sizes.views_bytes;
    Ok(Stats {
        origin: identity.origin.clone(),
        cloud: opened.cloud.as_str(),
        created_at: identity.created_at.clone(),
        health: health_sentence(&health.write_state),
        notes: health.notes.iter().map(|note| format!("{}: {}", note.path.display(), note.finding)).collect(),
        tree_size: head.size,
        root: head.root,
        accepted: counted.accepted,
        refused: counted.refused,
        customers,
        partners,
        entry_bytes: counted.bytes,
        blocks: sizes.blocks,
        segments: sizes.segments,
        sealed_through: sizes.sealed_through,
        indexed_through: sizes.indexed_through,
        verified_through: verified.log,
        views_verified_through: verified.views,
        views_compared_at: verified.mark.as_ref().map(|mark| mark.ended_at),
        views_drifted: verified.mark.as_ref().map(|mark| mark.drifted),
        all_verified_through: verified.through(),
        log_bytes: sizes.log_bytes,
        segment_bytes: sizes.segment_bytes,
        index_bytes: sizes.index_bytes,
        views_bytes: sizes.views_bytes,
        bytes_per_entry: stored.checked_div(head.size),
        free_bytes: sizes.free_bytes,
    })
}

fn count(opened: &Opened, session: &Session) -> Result<Counted, Failure> {
    let bar = session.bar("counting");
    let size = opened.log.tree_size();
    let mut counted = Counted::default();
    let mut stopped = false;
    opened.log.scan(0, size, &mut |position, bytes| {
        if position.is_multiple_of(LOOK_EVERY) {
            bar.advance("counting", position, size);
            stopped = bar.is_stopped();
        }
        if stopped {
            return ControlFlow::Break(());
        }
        counted.bytes += bytes.len() as u64;
        let outcome = EnvelopeRef::parse_canonical(bytes)
            .ok()
            .filter(|envelope| envelope.redacted.is_none())
            .and_then(|envelope| serde_json::from_str::<Outcome>(envelope.decision).ok());
        match outcome {
            Some(Outcome { refusal: Some(_) }) => counted.refused += 1,
            Some(Outcome { refusal: None }) => counted.accepted += 1,
            // `verify` names entries that cannot be read; here they are simply neither.
            None => {}
        }
        ControlFlow::Continue(())
    })?;
    if stopped { Err(Failure::Stopped) } else { Ok(counted) }
}

fn streams(opened: &Opened) -> Result<(u64, u64), Failure> {
    let reader = opened.reader();
    let (mut customers, mut partners) = (0, 0);
    reader.customers(&mut |_| {
        customers += 1;
        Ok(())
    })?;
    reader.partners(&mut |_| {
        partners += 1;
        Ok(())
    })?;
    Ok((customers, partners))
}
