//! One lane of a replay: decides the commands of its customers in the order of the log, and takes in what happened in
//! the streams of partners.

use std::collections::BTreeMap;
use std::sync::Arc;

use ofrecord_core::{Event, Fact, Request};
use ofrecord_log::LogReader;
use ofrecord_log::canonical::CanonicalError;

use super::ReplayError;
use super::judged::Judged;
use super::parting::Parting;
use super::recorded::{Happened, Question, Whole};
use crate::codec::{Opening, decode_decision};
use crate::redaction::Logged;
use crate::streams::StreamCache;

/// What a lane is given of one entry.
pub(super) enum Work<'p> {
    /// To decide it again; what happened by it comes along where others are told too.
    Decide(Box<Whole<'p>>, Option<Arc<Happened>>),
    /// To note that its bytes were taken away.
    Redacted(Arc<Happened>),
    /// To take in what happened in the streams of partners; it is decided elsewhere.
    TakeIn(Arc<Happened>),
}

impl Work<'_> {
    fn position(&self) -> u64 {
        match self {
            Self::Decide(whole, _) => whole.position,
            Self::Redacted(happened) | Self::TakeIn(happened) => happened.position,
        }
    }

    fn request(&self) -> Option<&Request> {
        match self {
            Self::Decide(whole, _) => Some(&whole.question.request),
            Self::Redacted(_) | Self::TakeIn(_) => None,
        }
    }
}

/// What came of one entry: how it was judged, or nothing where nothing was decided again.
pub(super) struct Outcome {
    pub(super) position: u64,
    pub(super) came: Result<Option<Judged>, Halt>,
}

/// Why a lane goes no further.
#[derive(Debug)]
pub(super) enum Halt {
    /// An entry cannot be decided again.
    Failed(ReplayError),
    /// An entry stands in other streams than its envelope names: customers cannot be told apart by these.
    OtherStreams,
}

impl<E: Into<ReplayError>> From<E> for Halt {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

pub(super) struct Lane<'a> {
    streams: StreamCache,
    parting: Parting,
    gone: &'a BTreeMap<u64, Logged>,
}

impl<'a> Lane<'a> {
    pub(super) fn new(log: &Arc<dyn LogReader>, from: u64, parting: Parting, gone: &'a BTreeMap<u64, Logged>) -> Self {
        let log = Arc::clone(log);
        let streams = if from == 0 && parting.rests_on_names() {
            StreamCache::from_the_first(log, parting.room())
        } else {
            StreamCache::new(log, from, parting.room())
        };
        Self { streams, parting, gone }
    }

    /// Goes through its part of a round, up to the first entry that came out differently or not at all.
    pub(super) fn take(&mut self, works: Vec<Work<'_>>) -> Vec<Outcome> {
        self.prepare(&works);
        let mut outcomes = Vec::with_capacity(works.len());
        for work in works {
            let (position, came) = match work {
                Work::Decide(whole, happened) => {
                    let came = self.again(&whole, happened.as_deref()).map(Some);
                    (whole.position, came.map_err(|halt| told_of(&whole, halt)))
                }
                Work::Redacted(happened) => {
                    self.streams.push(&happened.facts.iter().cloned(), &happened.streams, None);
                    (happened.position, Ok(None))
                }
                Work::TakeIn(happened) => {
                    self.streams.push(&happened.facts.iter().cloned(), &happened.partners(), None);
                    continue;
                }
            };
            let goes_on =
                matches!(&came, Ok(judged) if judged.as_ref().is_none_or(|judged| judged.difference.is_none()));
            outcomes.push(Outcome { position, came });
            if !goes_on {
                break;
            }
        }
        outcomes
    }

    /// Makes room, and reads the streams that this part of a round needs, each part of the log once for all of them.
    fn prepare(&mut self, works: &[Work<'_>]) {
        self.streams.shrink();
        let Some(first) = works.first() else { return };
        self.streams.set_loaded_below(first.position());
        let requests = works.iter().filter_map(Work::request);
        // What cannot be read is told of the command that needs it.
        drop(self.streams.load_for(requests));
    }

    /// Decides a command again, compares it with what is recorded, and takes in what happened by it then.
    fn again(&mut self, whole: &Whole<'_>, happened: Option<&Happened>) -> Result<Judged, Halt> {
        let position = whole.position;
        let Question { recorded_at, request, request_hash, policy, .. } = &whole.question;
        let not_readable = |problem: String| ReplayError::Command { position, problem };
        let not_written = |error: CanonicalError| not_readable(error.to_string());
        let opening = Opening::of(request).map_err(not_written)?;
        if opening.request_hash(request).map_err(not_written)? != *request_hash {
            return Err(not_readable("its request hash is not the one recorded".to_owned()).into());
        }
        self.streams.set_loaded_below(position);
        let decided = self
            .streams
            .decide(request, policy, *recorded_at)
            .map_err(ReplayError::from)?
            .ok_or_else(|| not_readable("it names no stream".to_owned()))?;
        if self.parting.rests_on_names() && decided.streams != whole.streams {
            return Err(Halt::OtherStreams);
        }
        let again =
            opening.decision_bytes(request, &decided.outcome, policy.reference, &decided.read).map_err(not_written)?;
        let (judged, events) = if again == whole.decision.as_bytes() {
            debug_assert!(is_read_as(whole, decided.outcome.events()), "what is stored is what was decided");
            (Judged::same(whole), decided.outcome.into_events())
        } else {
            let recorded = decode_decision(position, &whole.decision).map_err(ReplayError::from)?;
            let judged = Judged::other(whole, &recorded, &again, self.gone);
            (judged, recorded.events.unwrap_or_default())
        };
        match happened {
            Some(happened) => self.streams.push(&happened.facts.iter().cloned(), &decided.streams, None),
            None => {
                let effective_at = request.effective_at.unwrap_or(*recorded_at);
                let events: Vec<Arc<Event>> = events.into_iter().map(Arc::new).collect();
                let facts = Fact::of_events(position, effective_at, events.into_iter());
                self.streams.push(&facts, &decided.streams, None);
            }
        }
        Ok(judged)
    }
}

/// Why a command cannot be decided again; where its entry cannot be understood at all, that.
fn told_of(whole: &Whole<'_>, halt: Halt) -> Halt {
    decode_decision(whole.position, &whole.decision).map_or_else(Halt::from, |_| halt)
}

/// Whether readers read these events out of the bytes that are recorded.
fn is_read_as(whole: &Whole<'_>, events: &[Event]) -> bool {
    decode_decision(whole.position, &whole.decision).is_ok_and(|recorded| recorded.events() == events)
}
