//! `ofrecord diff`: what differs between two instants, two states of knowledge, or both.

use clap::Args;
use ofrecord_core::{CustomerId, Timestamp};
use ofrecord_ledger::answers::{Document, Side, Sides, differences};
use ofrecord_ledger::{KnownAt, Snapshot};
use ofrecord_views as views;

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names};
use crate::remote::{Question, Remote, knowledge};
use crate::render::{self, Column, Layout};
use crate::session::Session;
use ofrecord_ledger::known::{KnownArgument, known_at};

/// Arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord diff 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --from-as-of 2024-01-01 --to-as-of 2024-06-30
  ofrecord diff 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-04-30 --from-known-at 2024-05-31")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// The first instant; without it, the one of --as-of
    #[arg(long, value_name = "TIME")]
    from_as_of: Option<Timestamp>,
    /// The second instant; without it, the one of --as-of
    #[arg(long, value_name = "TIME")]
    to_as_of: Option<Timestamp>,
    /// What was known first; without it, what --known-at says
    #[arg(long, value_name = "TIME|POSITION|@SIZE", value_parser = known_at)]
    from_known_at: Option<KnownArgument>,
    /// What was known second; without it, what --known-at says
    #[arg(long, value_name = "TIME|POSITION|@SIZE", value_parser = known_at)]
    to_known_at: Option<KnownArgument>,
    #[command(flatten)]
    remote: Remote,
}

const CHANGES: Layout = Layout {
    empty: "no difference",
    columns: &[
        Column::of("because", "because"),
        Column::of("view", "view"),
        Column::of("kind", "kind"),
        Column::of("row", "key"),
        Column::of("fields", "fields"),
    ],
};

impl Arguments {
    /// The question as a server takes it.
    fn question(&self) -> Question<'static> {
        let instant = |instant: Option<Timestamp>| instant.map(|instant| instant.to_string());
        Question {
            path: format!("customers/{}/diff", self.customer),
            parameters: vec![
                ("from_as_of", instant(self.from_as_of)),
                ("to_as_of", instant(self.to_as_of)),
                ("from_known_at", self.from_known_at.map(knowledge)),
                ("to_known_at", self.to_known_at.map(knowledge)),
            ],
        }
    }
}

/// Answers what differs.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), &CHANGES, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let first = snapshot(arguments.from_known_at, &inquiry)?;
    let second = snapshot(arguments.to_known_at, &inquiry)?;
    let from = inquiry.viewpoint_at(arguments.from_as_of.unwrap_or(inquiry.as_of), &first);
    let to = inquiry.viewpoint_at(arguments.to_as_of.unwrap_or(inquiry.as_of), &second);
    let newest = if first.basis.tree_size > second.basis.tree_size { &first } else { &second };
    let record = inquiry.reader.customer(arguments.customer, newest)?;
    let mut answer = inquiry.answer(differences(views::diff(&record, &from, &to)));
    answer.basis = newest.basis.clone();
    answer.known_at = newest.known_at;
    answer.as_of = to.as_of;
    let extra = Sides { from: Side::of(from.as_of, &first), to: Side::of(to.as_of, &second) };
    let (mut output, format) = (session.output(), session.global.format);
    let document = Document { answer: &answer, extra: &extra };
    render::document(&mut output, format, &CHANGES, &document, &Names::default())?;
    Ok(Verdict::Done)
}

fn snapshot(known: Option<KnownArgument>, inquiry: &Inquiry) -> Result<Snapshot, Failure> {
    match known {
        None => Ok(inquiry.snapshot.clone()),
        Some(known) => {
            let known_at: KnownAt = known.known_at();
            Ok(inquiry.reader.snapshot(known_at)?)
        }
    }
}
