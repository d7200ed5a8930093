//! Questions about one customer at past instants, in process, through the reader that every answer goes through.

use std::path::Path;
use std::time::Instant;

use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_ledger::{KnownAt, Reader};
use ofrecord_testkit::Random;
use ofrecord_views::{CustomerRecord, Viewpoint};
use serde::{Deserialize, Serialize};

use crate::RaceError;
use crate::fill::{Extent, failed, open, reader};
use crate::reckoning::{milliseconds, quantile};
use crate::results::complain;

/// Questions about customers drawn from all.
const QUESTIONS: usize = 2_000;
/// Questions about the largest customer.
const QUESTIONS_BUSY: usize = 200;
/// The seed of what is drawn.
const SEED: u64 = 1;
/// Years of the generated history.
const YEARS: (i32, i32) = (2018, 2026);

/// Median and 99th percentile in milliseconds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Latency {
    /// Median.
    pub(crate) p50_ms: f64,
    /// 99th percentile.
    pub(crate) p99_ms: f64,
}

/// How long answers took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Asked {
    /// Customers of the ledger.
    pub(crate) customers: u64,
    /// Resellers of any customer.
    pub(crate) resellers: Latency,
    /// Subscriptions of any customer.
    pub(crate) subscriptions: Latency,
    /// The same of the largest customer, where it is there.
    pub(crate) busy: Option<BusyAsked>,
}

/// How long answers about the largest customer took.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct BusyAsked {
    /// Its entries.
    pub(crate) entries: u64,
    /// The first question of a process: its entries are read and folded, and kept for the next one. In milliseconds;
    /// older results do not have it.
    #[serde(default)]
    pub(crate) first_ms: Option<f64>,
    /// Its resellers, by everything known.
    pub(crate) resellers: Latency,
    /// Its subscriptions, by everything known.
    pub(crate) subscriptions: Latency,
    /// Its resellers, by what was known at one of its entries.
    pub(crate) resellers_known_before: Latency,
    /// Its subscriptions, by what was known at one of its entries.
    pub(crate) subscriptions_known_before: Latency,
}

type Question = fn(&Reader, CustomerId, KnownAt, Timestamp) -> Result<usize, RaceError>;

/// Asks about random customers at random instants, then about the largest.
pub(super) fn ask(folder: &Path, extent: Extent) -> Result<Asked, RaceError> {
    let log = open(folder)?;
    let reader = reader(folder, &log)?;
    complain(&format!("questions of seed {SEED}"));
    let mut customers: Vec<CustomerId> = Vec::new();
    let listed = reader.customers(&mut |customer| {
        customers.push(customer);
        Ok(())
    });
    listed.map_err(failed)?;
    let mut random = Random::new(SEED);
    let years = span(Timestamp::from_date(YEARS.0, 1, 1), Timestamp::from_date(YEARS.1, 1, 1));
    let mut of_all = |question: Question| {
        latency(QUESTIONS, || {
            let customer = *random.one_of(&customers);
            let as_of = instant(years, &mut random);
            question(&reader, customer, KnownAt::Now, as_of)
        })
    };
    Ok(Asked {
        customers: customers.len() as u64,
        resellers: of_all(resellers)?,
        subscriptions: of_all(subscriptions)?,
        busy: extent.busy_customer().map(|customer| ask_busy(&reader, customer)).transpose()?,
    })
}

fn ask_busy(reader: &Reader, customer: CustomerId) -> Result<BusyAsked, RaceError> {
    let snapshot = reader.snapshot(KnownAt::Now).map_err(failed)?;
    let began = Instant::now();
    std::hint::black_box(resellers(reader, customer, KnownAt::Now, snapshot.known_at)?);
    let first_ms = Some(milliseconds(began));
    let record = reader.customer(customer, &snapshot).map_err(failed)?;
    let entries = record.entries();
    let places: Vec<(u64, Timestamp)> = entries.iter().map(|entry| (entry.position, entry.effective_at)).collect();
    let span = span(places.first().map(|place| place.1), places.last().map(|place| place.1));
    let count = places.len() as u64;
    drop(record);
    let mut random = Random::new(SEED);
    let mut now = |question: Question| {
        latency(QUESTIONS_BUSY, || question(reader, customer, KnownAt::Now, instant(span, &mut random)))
    };
    let (of_resellers, of_subscriptions) = (now(resellers)?, now(subscriptions)?);
    let mut before = |question: Question| {
        latency(QUESTIONS_BUSY, || {
            let (position, effective_at) = *random.one_of(&places);
            question(reader, customer, KnownAt::TreeSize(position + 1), effective_at)
        })
    };
    Ok(BusyAsked {
        entries: count,
        first_ms,
        resellers: of_resellers,
        subscriptions: of_subscriptions,
        resellers_known_before: before(resellers)?,
        subscriptions_known_before: before(subscriptions)?,
    })
}

fn latency(questions: usize, mut ask: impl FnMut() -> Result<usize, RaceError>) -> Result<Latency, RaceError> {
    let mut taken = Vec::with_capacity(questions);
    for _ in 0..questions {
        let began = Instant::now();
        std::hint::black_box(ask()?);
        taken.push(milliseconds(began));
    }
    Ok(Latency { p50_ms: quantile(&mut taken, 0.5), p99_ms: quantile(&mut taken, 0.99) })
}

/// The resellers of a customer at an instant, by some knowledge; says how many.
pub(super) fn resellers(
    reader: &Reader,
    customer: CustomerId,
    known_at: KnownAt,
    as_of: Timestamp,
) -> Result<usize, RaceError> {
    asked(reader, customer, known_at, as_of, |record, at| ofrecord_views::resellers(record, at).len())
}

fn subscriptions(
    reader: &Reader,
    customer: CustomerId,
    known_at: KnownAt,
    as_of: Timestamp,
) -> Result<usize, RaceError> {
    asked(reader, customer, known_at, as_of, |record, at| ofrecord_views::subscriptions(record, at).len())
}

/// What a view counts of a customer's record, read as for every answer.
fn asked(
    reader: &Reader,
    customer: CustomerId,
    known_at: KnownAt,
    as_of: Timestamp,
    count: impl FnOnce(&CustomerRecord, &Viewpoint<'_>) -> usize,
) -> Result<usize, RaceError> {
    let snapshot = reader.snapshot(known_at).map_err(failed)?;
    let record = reader.customer(customer, &snapshot).map_err(failed)?;
    Ok(count(&record, &reader.viewpoint(&snapshot, as_of)))
}

fn span(from: Option<Timestamp>, to: Option<Timestamp>) -> (u64, u64) {
    let from = from.unwrap_or(Timestamp::MIN).ticks();
    (from, to.map_or(from, Timestamp::ticks).saturating_sub(from))
}

fn instant((from, length): (u64, u64), random: &mut Random) -> Timestamp {
    Timestamp::from_ticks(from + random.below(length.max(1))).unwrap_or(Timestamp::MAX)
}
