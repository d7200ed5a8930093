//! `ofrecord coverage`: which sources cover which periods; "no event" and "no record read" are different answers.

use clap::Args;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_ledger::answers::{CustomerCoverage, period};
use ofrecord_views::{self as views, CustomerRecord};

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names, Partners};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `coverage`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ofrecord coverage 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --from 2024-01-01 --to 2024-07-01")]
pub(crate) struct Arguments {
    /// The customer's tenant; without it, every customer
    #[arg(value_name = "CUSTOMER", required_if_eq("facts", "true"))]
    customer: Option<CustomerId>,
    /// From this instant on; without it, from the customer's first entry
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Before this instant; without it, up to --as-of
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Instead, for each fact, whether one source states it, several agree, or they conflict
    #[arg(long)]
    facts: bool,
    #[command(flatten)]
    remote: Remote,
}

const COVERAGE: Layout = Layout {
    empty: "no source was read",
    columns: &[
        Column::of("customer", "customer"),
        Column::of("source", "source"),
        Column::of("covered", "covered"),
        Column::of("not covered", "uncovered"),
        Column::of("positions", "positions"),
    ],
};

const FACTS: Layout = Layout {
    empty: "no fact",
    columns: &[
        Column::of("position", "position"),
        Column::csv("index"),
        Column::of("effective at", "effective_at"),
        Column::of("event", "event"),
        Column::of("sources", "sources"),
        Column::of("agreement", "agreement"),
        Column::of("positions", "positions"),
    ],
};

impl Arguments {
    /// The question as a server takes it.
    fn question(&self) -> Question<'static> {
        let path = match self.customer {
            Some(customer) => format!("customers/{customer}/coverage"),
            None => "coverage".to_owned(),
        };
        let (from, to) = (self.from.map(|from| from.to_string()), self.to.map(|to| to.to_string()));
        let facts = self.facts.then(|| true.to_string());
        Question { path, parameters: vec![("from", from), ("to", to), ("facts", facts)] }
    }
}

/// Answers what is covered.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    check(arguments.from, arguments.to)?;
    let layout = if arguments.facts { &FACTS } else { &COVERAGE };
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), layout, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let (mut output, format) = (session.output(), session.global.format);
    if let Some(customer) = arguments.customer.filter(|_| arguments.facts) {
        let record = inquiry.customer(customer)?;
        let answer = inquiry.answer(views::sources_of_facts(&record, &inquiry.viewpoint()));
        render::answer(&mut output, format, &FACTS, &answer, &Names::default())?;
        return Ok(Verdict::Done);
    }
    let mut rows = Vec::new();
    let mut partners = Partners::default();
    let mut covered = |record: CustomerRecord| -> Result<(), Failure> {
        let customer = record.id();
        partners.learn(&inquiry, &record)?;
        let period = period(arguments.from, arguments.to, &record, inquiry.as_of);
        let known_below = inquiry.snapshot.basis.tree_size;
        let coverage = views::coverage(&record, &partners.records_of(&record), period, known_below);
        rows.extend(coverage.into_iter().map(|coverage| CustomerCoverage { customer, coverage }));
        Ok(())
    };
    match arguments.customer {
        Some(customer) => covered(inquiry.customer(customer)?)?,
        None => inquiry.each_customer(session, &mut covered)?,
    }
    render::answer(&mut output, format, &COVERAGE, &inquiry.answer(rows), &Names::default())?;
    Ok(Verdict::Done)
}

/// Refuses a period that ends before it begins: its answer would be empty and look like one.
pub(super) fn check(from: Option<Timestamp>, to: Option<Timestamp>) -> Result<(), Failure> {
    match (from, to) {
        (Some(from), Some(to)) if from > to => Err(Failure::Period { from, to }),
        (Some(_) | None, Some(_) | None) => Ok(()),
    }
}
