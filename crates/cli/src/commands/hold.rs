//! `ofrecord hold`: what must not be erased or redacted, and until when.

use clap::{Args, Subcommand};
use ofrecord_core::command::custody::{HoldScope, PlaceHold, ReleaseHold};
use ofrecord_core::{Command, CustomerId, HoldId, SubjectId, Timestamp};
use serde::Serialize;

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::render::{self, Column, Layout};
use crate::session::Session;

const AFTER_HELP: &str = "\
A hold keeps personal fields from being erased, and entries from being redacted: a legal hold until somebody releases
it, a retention period until its date. Without a subcommand, every hold that was ever placed is listed.

Example:
  ofrecord hold place 'case 12' --customer 4b827261-d21f-4aa9-b7db-7fa1f56fb163 --reason 'a lawsuit'
  ofrecord hold place 'books 2026' --everything --until 2037-01-01 --reason 'commercial law'
  ofrecord hold release 'case 12' --reason 'settled'";

/// Arguments of `hold`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
}

/// What to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Place a hold
    Place {
        /// A name that no hold had before
        hold: HoldId,
        #[command(flatten)]
        scope: Scope,
        /// The end of a retention period; without it, the hold has to be released
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        person: Person,
    },
    /// Release a hold
    Release {
        /// The hold
        hold: HoldId,
        /// Why
        #[arg(long, value_name = "TEXT")]
        reason: String,
        #[command(flatten)]
        person: Person,
    },
}

/// What a hold is on.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct Scope {
    /// On everything in the ledger
    #[arg(long)]
    everything: bool,
    /// On everything about a customer
    #[arg(long, value_name = "CUSTOMER")]
    customer: Option<CustomerId>,
    /// On the personal fields of one subject
    #[arg(long, value_name = "SUBJECT")]
    subject: Option<SubjectId>,
}

/// A hold.
#[derive(Debug, Serialize)]
struct Row {
    hold: HoldId,
    on: HoldScope,
    standing: &'static str,
    until: Option<Timestamp>,
    placed: u64,
    released: Option<u64>,
}

const HOLDS: Layout = Layout {
    empty: "no holds",
    columns: &[
        Column::of("hold", "hold"),
        Column::of("on", "on"),
        Column::of("standing", "standing"),
        Column::of("until", "until"),
        Column::of("placed by", "placed"),
        Column::of("released by", "released"),
    ],
};

/// Does what is asked, and lists the holds.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    match &arguments.action {
        None => {}
        Some(Action::Place { hold, scope, until, reason, person }) => {
            let reason = custody::reason(reason)?;
            let command = PlaceHold { hold: hold.clone(), scope: scope.scope(), until: *until, reason };
            ask(person, Command::PlaceHold(command), session)?;
        }
        Some(Action::Release { hold, reason, person }) => {
            let command = ReleaseHold { hold: hold.clone(), reason: custody::reason(reason)? };
            ask(person, Command::ReleaseHold(command), session)?;
        }
    }
    list(session)
}

fn ask(person: &Person, command: Command, session: &Session) -> Result<(), Failure> {
    let ledger = open::ledger(session)?;
    let asked = custody::ask(&ledger, person.compliance_officer(), command);
    open::close(ledger, session);
    asked.map(|_| ())
}

fn list(session: &Session) -> Result<Verdict, Failure> {
    let opened = open::log(session)?;
    let now = session.clock().now();
    let custody = custody::custody(&opened.reader())?;
    let rows: Vec<Row> = custody
        .holds
        .iter()
        .map(|(id, hold)| Row {
            hold: id.clone(),
            on: hold.scope.clone(),
            standing: match (hold.released, hold.stands_at(now)) {
                (Some(_), _) => "released",
                (None, true) => "stands",
                (None, false) => "over",
            },
            until: hold.until,
            placed: hold.placed.at.position,
            released: hold.released.map(|released| released.at.position),
        })
        .collect();
    render::rows(&mut session.output(), session.global.format, &HOLDS, &rows)?;
    Ok(Verdict::Done)
}

impl Scope {
    fn scope(&self) -> HoldScope {
        match (self.customer, self.subject) {
            (Some(customer), _) => HoldScope::Customer(customer),
            (None, Some(subject)) => HoldScope::Subject(subject),
            (None, None) => HoldScope::Everything,
        }
    }
}
