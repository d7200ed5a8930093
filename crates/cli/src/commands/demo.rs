//! `ofrecord demo`: a generated history through real commands, one customer's answers, a rebuild and a replay.

mod answers;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::Args;
use ofrecord_core::{Cloud, CustomerId};
use ofrecord_ledger::clock::ScriptClock;
use ofrecord_ledger::replay::replay;
use ofrecord_ledger::{
    Clock, Ledger, LedgerOptions, Progress as _, Receipt, ReceiptOutcome, StoredViews, Window, rebuild,
};
use ofrecord_log::{Directory, EventLog as _, Identity, OpenOptions, SledLog};
use ofrecord_market::History;

use crate::failure::{Failure, Verdict};
use crate::open::CLOUD_LABEL;
use crate::output::Output;
use crate::session::Session;

/// Commands on their way to the writer.
const IN_FLIGHT: usize = 1_024;

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
    /// The cloud of the market
    #[arg(long, default_value = "worldwide", value_parser = crate::arguments::cloud())]
    cloud: Cloud,
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
    let history = History::new(arguments.seed, arguments.customers, arguments.cloud);
    output.line(&format!(
        "A ledger for {} customers in {}: {} commands of the years 2017 to 2025, under a simulated clock.",
        arguments.customers,
        folder.display(),
        history.len()
    ))?;
    output.flush()?;

    let labels = BTreeMap::from([(CLOUD_LABEL.to_owned(), arguments.cloud.as_str().to_owned())]);
    let identity = Identity::new("ofrecord.local/demo", &session.clock().now().to_string(), labels);
    let log = SledLog::create(&folder, &identity, &OpenOptions::default())?;
    let stored = Arc::new(StoredViews::open(&Directory::new(&folder))?);
    let log_reader = log.reader();
    let clock = ScriptClock::default();
    let options = LedgerOptions {
        cloud: arguments.cloud,
        clock: Clock::Script(clock.clone()),
        views: Some(Arc::clone(&stored)),
        sealer: None,
    };
    let ledger = Ledger::start(Box::new(log), options)?;
    let recorded = Instant::now();
    let tally = record(session, &ledger, &clock, &history)?;
    let seconds = recorded.elapsed().as_secs_f64();
    show_tally(&mut output, &tally, seconds)?;

    if let Some(customer) = history.most_telling_customer() {
        answers::show(&mut output, &ledger, customer)?;
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
            format!("ofrecord access {customer} --as-of 2023-06-15 --users"),
            format!("ofrecord gdap {customer} --history"),
            format!("ofrecord timeline {customer}"),
            format!("ofrecord explain resellers {customer}"),
            format!("ofrecord interference {customer}"),
        ] {
            output.line(&format!("  {question}"))?;
        }
    }
    output.line("  ofrecord findings --code former_reseller_still_has_access")?;
    output.line("  ofrecord findings --code global_administrator_granted")?;
    output.line("  ofrecord verify")?;
    output.line("From the source tree, put `cargo run --release -- ` in the place of `ofrecord `.")
}
