//! `ofrecord demo`: a generated history through real commands, one customer's answers, a rebuild and a replay.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use ofrecord_core::{Cloud, CustomerId, Timestamp};
use ofrecord_ledger::clock::ScriptClock;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{
    Clock, KnownAt, Ledger, LedgerOptions, Progress as _, Receipt, ReceiptOutcome, StoredViews, rebuild,
};
use ofrecord_log::{Directory, EventLog as _, Identity, OpenOptions, SledLog};
use ofrecord_views as views;
use ofrecord_views::TimelineQuery;

use crate::demo::History;
use crate::failure::{Failure, Verdict};
use crate::open::CLOUD_LABEL;
use crate::output::Output;
use crate::session::Session;
use crate::window::Window;

/// Commands on their way to the writer.
const IN_FLIGHT: usize = 1_024;
/// Lines of the timeline that are shown.
const TIMELINE_SHOWN: usize = 18;

/// Arguments of `demo`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord demo --customers 1000 --seed 7 --dir /tmp/demo-ledger")]
pub(crate) struct Arguments {
    /// How many customers live through it
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    customers: u32,
    /// The seed: the same one gives the same ledger, byte for byte
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder of the ledger to create; without it, one below the system's temporary folder
    #[arg(long, value_name = "DIR", value_parser = crate::arguments::folder())]
    dir: Option<PathBuf>,
}

/// What became of the commands.
#[derive(Debug, Default)]
struct Tally {
    accepted: u64,
    refused: BTreeMap<String, u64>,
}

/// Tells the whole story once.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let began = Instant::now();
    let folder = arguments.dir.clone().unwrap_or_else(|| {
        std::env::temp_dir().join(format!(
            "ofrecord-demo-{}-{}-{}",
            arguments.customers,
            arguments.seed,
            std::process::id()
        ))
    });
    let mut output = session.output();
    let history = History::new(arguments.seed, arguments.customers);
    output.line(&format!(
        "A ledger for {} customers in {}: {} commands of the years 2017 to 2025, under a simulated clock.",
        arguments.customers,
        folder.display(),
        history.len()
    ))?;
    output.flush()?;

    let labels = BTreeMap::from([(CLOUD_LABEL.to_owned(), Cloud::China21Vianet.as_str().to_owned())]);
    let identity = Identity::new("ofrecord.local/demo", &session.clock().now().to_string(), labels);
    let log = SledLog::create(&folder, &identity, &OpenOptions::default())?;
    let stored = Arc::new(StoredViews::open(&Directory::new(&folder))?);
    let log_reader = log.reader();
    let clock = ScriptClock::default();
    let options = LedgerOptions {
        cloud: Cloud::China21Vianet,
        clock: Clock::Script(clock.clone()),
        views: Some(Arc::clone(&stored)),
    };
    let ledger = Ledger::start(Box::new(log), options)?;
    let recorded = Instant::now();
    let tally = record(session, &ledger, &clock, &history)?;
    let seconds = recorded.elapsed().as_secs_f64();
    show_tally(&mut output, &tally, seconds)?;

    if let Some(customer) = history.most_telling_customer() {
        show_customer(&mut output, &ledger, customer)?;
    }
    let size = log_reader.tree_size();
    let bar = session.bar("rebuilding views");
    let timed = Instant::now();
    let report = rebuild::rebuild(log_reader.as_ref(), &stored, &bar)?;
    drop(bar);
    output.line(&format!(
        "rebuilt  {} entries into {} rows in {:.1} s: {}",
        report.through,
        report.rows,
        timed.elapsed().as_secs_f64(),
        if report.drifted == 0 {
            "equal to the live views, row by row".to_owned()
        } else {
            format!("{} rows drifted", report.drifted)
        }
    ))?;
    output.flush()?;
    let bar = session.bar("replaying");
    let timed = Instant::now();
    let replayed = replay(&log_reader, 0, size, &bar)?;
    drop(bar);
    output.line(&format!(
        "replayed {} commands in {:.1} s: {}",
        replayed.commands,
        timed.elapsed().as_secs_f64(),
        match &replayed.difference {
            None => "every decision came out the same, byte for byte".to_owned(),
            Some(difference) => format!("position {} came out differently", difference.position),
        }
    ))?;
    ledger.close();
    show_next(&mut output, &folder, history.most_telling_customer(), began.elapsed().as_secs_f64())?;
    output.flush()?;
    let sound = report.drifted == 0 && replayed.difference.is_none();
    Ok(if sound { Verdict::Done } else { Verdict::Found })
}

fn record(session: &Session, ledger: &Ledger, clock: &ScriptClock, history: &History) -> Result<Tally, Failure> {
    let bar = session.bar("recording");
    let total = u64::try_from(history.len()).unwrap_or(u64::MAX);
    let mut tally = Tally::default();
    let mut window = Window::of(ledger, IN_FLIGHT);
    for (number, next) in (0_u64..).zip(history.requests()) {
        if bar.cancelled() {
            break;
        }
        clock.push(next.recorded_at);
        if let Some(receipt) = window.submit(next.request)? {
            tally.count(receipt);
        }
        if number % 1_024 == 0 {
            bar.advance("recording", number, total);
        }
    }
    for receipt in window.rest() {
        tally.count(receipt?);
    }
    drop(bar);
    Ok(tally)
}

impl Tally {
    fn count(&mut self, receipt: Receipt) {
        match receipt.outcome {
            ReceiptOutcome::Accepted { .. } | ReceiptOutcome::Repeated { .. } => self.accepted += 1,
            ReceiptOutcome::Refused { refusal, .. } | ReceiptOutcome::Conflict { refusal } => {
                *self.refused.entry(format!("{} ({})", refusal.code, refusal.rule)).or_default() += 1;
            }
        }
    }
}

fn show_tally(output: &mut Output, tally: &Tally, seconds: f64) -> Result<(), Failure> {
    let refused: u64 = tally.refused.values().sum();
    #[expect(clippy::cast_precision_loss, reason = "a count of commands is far below 2^52")]
    let rate = (tally.accepted + refused) as f64 / seconds.max(f64::EPSILON);
    output.line(&format!(
        "recorded {} accepted and {refused} refused in {seconds:.1} s: {rate:.0} durable decisions a second",
        tally.accepted
    ))?;
    let mut codes: Vec<(&String, &u64)> = tally.refused.iter().collect();
    codes.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
    for (code, count) in codes.iter().take(8) {
        output.line(&format!("  {count:>7} × {code}"))?;
    }
    output.flush()
}

fn show_customer(output: &mut Output, ledger: &Ledger, customer: CustomerId) -> Result<(), Failure> {
    let reader = ledger.reader();
    let snapshot = reader.snapshot(KnownAt::Now)?;
    let record = reader.customer(customer, &snapshot)?;
    let as_of = record.entries().last().map_or(Timestamp::MAX, |entry| entry.recorded_at);
    let viewpoint = reader.viewpoint(&snapshot, as_of);
    let names: Vec<(String, String)> = reader
        .partners_of(&record, &snapshot, &viewpoint)?
        .into_iter()
        .filter_map(|(id, partner)| Some((id.to_string(), partner.name?.value)))
        .collect();
    output.line("")?;
    output.line(&format!("Customer {customer} as of {as_of}, by {} entries", snapshot.basis.tree_size))?;
    output.line("  resellers")?;
    for row in views::resellers(&record, &viewpoint) {
        output.line(&named(
            &names,
            &format!(
                "    {}  since {}  generation {}  by entries {:?}",
                row.partner,
                row.since.date_text(),
                row.generation,
                row.positions
            ),
        ))?;
    }
    output.line("  subscriptions")?;
    for row in views::subscriptions(&record, &viewpoint) {
        let owner = row.owner.map_or_else(|| "nobody known".to_owned(), |owner| owner.to_string());
        output.line(&named(
            &names,
            &format!(
                "    {}  {} seats  {}  sold by {owner}",
                row.product_name.as_deref().unwrap_or("?"),
                row.quantity.unwrap_or(0),
                row.status
            ),
        ))?;
    }
    output.line("  timeline, the newest entries")?;
    let timeline = views::timeline(&record, &TimelineQuery::all(snapshot.basis.tree_size));
    let hidden = timeline.len().saturating_sub(TIMELINE_SHOWN);
    for row in timeline.iter().skip(hidden) {
        let line = format!("    {:>8}  {}  {}", row.position, row.effective_at.date_text(), row.sentence);
        output.line(&named(&names, &line))?;
    }
    output.line("")?;
    output.flush()
}

/// The text with partners' names in the place of their ids.
fn named(names: &[(String, String)], text: &str) -> String {
    names.iter().fold(text.to_owned(), |text, (id, name)| text.replace(id, name))
}

fn show_next(
    output: &mut Output,
    folder: &std::path::Path,
    customer: Option<CustomerId>,
    seconds: f64,
) -> Result<(), Failure> {
    let folder = folder.display();
    output.line(&format!("all of it took {seconds:.1} s"))?;
    output.line("")?;
    output.line("What to try next:")?;
    output.line(&format!("  export OFRECORD_LEDGER={folder}"))?;
    if let Some(customer) = customer {
        for question in [
            format!("ofrecord resellers {customer} --as-of 2020-01-01"),
            format!("ofrecord subscriptions {customer} --format json"),
            format!("ofrecord timeline {customer}"),
            format!("ofrecord explain resellers {customer}"),
            format!("ofrecord interference {customer}"),
        ] {
            output.line(&format!("  {question}"))?;
        }
    }
    output.line("  ofrecord findings --code former_reseller_still_has_access")?;
    output.line("  ofrecord verify")?;
    output.line("From the source tree, put `cargo run --release -- ` in the place of `ofrecord `.")
}
