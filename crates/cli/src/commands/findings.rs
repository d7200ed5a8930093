//! `ofrecord findings`: what an auditor should look at, for one customer or all of them.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use ofrecord_core::CustomerId;
use ofrecord_ledger::answers::CustomerFinding;
use ofrecord_views::{self as views, CustomerRecord, FindingCode};

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Names, Partners};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `findings`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  ofrecord findings --code former_reseller_still_has_access --fail-on-findings")]
pub(crate) struct Arguments {
    /// The customer's tenant; without it, every customer
    #[arg(value_name = "CUSTOMER")]
    customer: Option<CustomerId>,
    /// Only findings of this kind
    #[arg(long, value_name = "CODE", value_parser = code())]
    code: Option<FindingCode>,
    /// Exit with 4 when there is one
    #[arg(long)]
    fail_on_findings: bool,
    #[command(flatten)]
    remote: Remote,
}

const FINDINGS: Layout = Layout {
    empty: "no finding",
    columns: &[
        Column::of("customer", "customer"),
        Column::of("code", "code"),
        Column::of("rule", "rule"),
        Column::of("since", "since"),
        Column::of("until", "until"),
        Column::csv("subject.partner"),
        Column::csv("subject.other_partner"),
        Column::csv("subject.subscription"),
        Column::csv("subject.service"),
        Column::csv("subject.relationship"),
        Column::csv("subject.source"),
        Column::csv("subject.field"),
        Column::of("finding", "sentence"),
        Column::of("positions", "positions"),
    ],
};

fn code() -> impl TypedValueParser<Value = FindingCode> {
    PossibleValuesParser::new(FindingCode::ALL.iter().map(|code| code.as_str()))
        .try_map(|word| FindingCode::ALL.iter().copied().find(|code| code.as_str() == word).ok_or("no such code"))
}

impl Arguments {
    fn question(&self) -> Question<'static> {
        Question {
            path: match self.customer {
                Some(customer) => format!("customers/{customer}/findings"),
                None => "findings".to_owned(),
            },
            parameters: vec![("code", self.code.map(|code| code.as_str().to_owned()))],
        }
    }
}

/// Answers what should be looked at.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), &FINDINGS, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let mut rows = Vec::new();
    let mut partners = Partners::default();
    let mut found = |record: CustomerRecord| -> Result<(), Failure> {
        let customer = record.id();
        partners.learn(&inquiry, &record)?;
        let findings =
            partners.with_states_of(&record, |states| views::findings(&record, states, &inquiry.viewpoint()));
        let wanted = findings.into_iter().filter(|finding| arguments.code.is_none_or(|code| code == finding.code));
        rows.extend(wanted.map(|finding| CustomerFinding { customer, finding }));
        Ok(())
    };
    match arguments.customer {
        Some(customer) => found(inquiry.customer(customer)?)?,
        None => inquiry.each_customer(session, &mut found)?,
    }
    let verdict = if arguments.fail_on_findings && !rows.is_empty() { Verdict::Found } else { Verdict::Done };
    let (mut output, format) = (session.output(), session.global.format);
    render::answer(&mut output, format, &FINDINGS, &inquiry.answer(rows), &Names::default())?;
    Ok(verdict)
}
