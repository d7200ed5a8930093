//! `ofrecord access`: who could administer a customer, and through what.

use clap::{Args, ValueEnum};
use ofrecord_core::CustomerId;
use ofrecord_views::{self as views, Mechanism};

use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Partners};
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `access`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  ofrecord access 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01
  ofrecord access 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --users --mechanism gdap")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Each user of the partners' security groups, as far as members are known
    #[arg(long, conflicts_with = "history")]
    users: bool,
    /// Delegated administration privileges that Microsoft ended, and what replaced them
    #[arg(long, conflicts_with_all = ["users", "history", "mechanism"])]
    terminated: bool,
    /// Every interval on both times, what was believed and corrected included
    #[arg(long)]
    history: bool,
    /// Only what rests on this mechanism
    #[arg(long, value_enum, value_name = "MECHANISM")]
    mechanism: Option<Through>,
    #[command(flatten)]
    remote: Remote,
}

/// Through what a partner could administer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Through {
    /// Delegated administration privileges
    Dap,
    /// Granular relationships
    Gdap,
    /// Azure roles
    AzureRole,
}

impl Through {
    /// The word by which a server knows it.
    fn word(self) -> &'static str {
        match self {
            Self::Dap => "dap",
            Self::Gdap => "gdap",
            Self::AzureRole => "azure_role",
        }
    }

    fn is(self, mechanism: Mechanism) -> bool {
        match self {
            Self::Dap => mechanism == Mechanism::Dap,
            Self::Gdap => mechanism == Mechanism::Gdap,
            Self::AzureRole => mechanism == Mechanism::AzureRole,
        }
    }
}

const ACCESS: Layout = Layout {
    empty: "nobody could administer this customer at this instant",
    columns: &[
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("mechanism", "mechanism"),
        Column::of("coverage", "coverage"),
        Column::of("relationship", "granular.display_name"),
        Column::csv("granular.relationship"),
        Column::csv("granular.assignment"),
        Column::of("group", "granular.group"),
        Column::of("roles", "roles"),
        Column::csv("granular.roles"),
        Column::of("since", "since"),
        Column::of("started at", "started_at"),
        Column::of("until", "until"),
        Column::of("then", "granular.at_end"),
        Column::of("approved on", "granular.approved.basis"),
        Column::csv("granular.approved.by"),
        Column::of("standing", "standing"),
        Column::of("positions", "positions"),
    ],
};

const USERS: Layout = Layout {
    empty: "no user could administer this customer at this instant",
    columns: &[
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("user", "user"),
        Column::of("members", "members"),
        Column::of("mechanism", "mechanism"),
        Column::of("coverage", "coverage"),
        Column::of("relationship", "granular.display_name"),
        Column::csv("granular.relationship"),
        Column::csv("granular.assignment"),
        Column::of("group", "group"),
        Column::of("group name", "group_name"),
        Column::of("roles", "roles"),
        Column::csv("granular.roles"),
        Column::of("since", "since"),
        Column::of("until", "until"),
        Column::of("then", "granular.at_end"),
        Column::of("positions", "positions"),
    ],
};

const TERMINATIONS: Layout = Layout {
    empty: "Microsoft ended no delegated administration privileges of this customer",
    columns: &[
        Column::of("partner", "partner"),
        Column::name("name", "partner"),
        Column::of("terminated at", "terminated_at"),
        Column::of("cause", "cause"),
        Column::of("last sign-in", "last_sign_in_at"),
        Column::of("replaced by", "replaced_by"),
        Column::of("replaced at", "replaced_at"),
        Column::of("relationship", "relationship"),
        Column::of("positions", "positions"),
    ],
};

const HISTORY: Layout = Layout {
    empty: "nobody could administer this customer at any time",
    columns: &[
        Column::of("partner", "key.partner"),
        Column::name("name", "key.partner"),
        Column::of("mechanism", "key.mechanism"),
        Column::of("coverage", "key.coverage"),
        Column::of("relationship", "key.granular.relationship"),
        Column::csv("key.granular.assignment"),
        Column::of("group", "key.granular.group"),
        Column::of("roles", "value"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

impl Arguments {
    /// What is shown in place of the partners, by the word of a server.
    fn shown(&self) -> Option<&'static str> {
        let words = [(self.history, "history"), (self.terminated, "terminated"), (self.users, "users")];
        words.into_iter().find(|(is_asked, _)| *is_asked).map(|(_, word)| word)
    }

    fn question(&self) -> Question<'static> {
        Question {
            path: format!("customers/{}/access", self.customer),
            parameters: vec![
                ("show", self.shown().map(str::to_owned)),
                ("mechanism", self.mechanism.map(|through| through.word().to_owned())),
            ],
        }
    }
}

/// Answers who could administer.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let layout = match arguments.shown() {
        Some("history") => &HISTORY,
        Some("terminated") => &TERMINATIONS,
        Some("users") => &USERS,
        Some(_) | None => &ACCESS,
    };
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), layout, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let (mut output, format) = (session.output(), session.global.format);
    let wanted = |mechanism| arguments.mechanism.is_none_or(|through| through.is(mechanism));
    if arguments.history {
        let known_below = inquiry.snapshot.basis.tree_size;
        let mut rows = views::access_history(&record, known_below, inquiry.reader.policy());
        rows.retain(|interval| wanted(interval.key.mechanism));
        render::answer(&mut output, format, &HISTORY, &inquiry.answer(rows), &names)?;
    } else if arguments.terminated {
        let rows = views::dap_terminations(&record, &inquiry.viewpoint());
        render::answer(&mut output, format, &TERMINATIONS, &inquiry.answer(rows), &names)?;
    } else if arguments.users {
        let mut partners = Partners::default();
        partners.learn(&inquiry, &record)?;
        let mut rows =
            partners.with_states_of(&record, |states| views::user_access(&record, states, &inquiry.viewpoint()));
        rows.retain(|row| wanted(row.mechanism));
        render::answer(&mut output, format, &USERS, &inquiry.answer(rows), &names)?;
    } else {
        let mut rows = views::access(&record, &inquiry.viewpoint());
        rows.retain(|row| wanted(row.mechanism));
        render::answer(&mut output, format, &ACCESS, &inquiry.answer(rows), &names)?;
    }
    Ok(Verdict::Done)
}
