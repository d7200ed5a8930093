//! `ofrecord subscriptions`: a customer's subscriptions at an instant, or who owned them when.

use clap::{Args, ValueEnum};
use ofrecord_core::{CustomerId, SubscriptionId};
use ofrecord_views as views;

use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::remote::{Question, Remote};
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Arguments of `subscriptions`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  ofrecord subscriptions 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01")]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// Only this subscription; with --history, under any id that it had before or after a transfer
    #[arg(long, value_name = "SUBSCRIPTION")]
    subscription: Option<SubscriptionId>,
    /// Every interval on both times instead: of the owner, or of the partners of record
    #[arg(long, value_enum, value_name = "OF")]
    history: Option<History>,
    #[command(flatten)]
    remote: Remote,
}

/// Whose history.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum History {
    /// The partner who sold it and is billed for it
    Owner,
    /// The partners of record, by kind
    PartnerOfRecord,
}

impl History {
    /// The word by which a server knows it.
    fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::PartnerOfRecord => "partner-of-record",
        }
    }
}

const SUBSCRIPTIONS: Layout = Layout {
    empty: "no subscription at this instant",
    columns: &[
        Column::of("subscription", "subscription"),
        Column::of("owner", "owner"),
        Column::name("owner name", "owner"),
        Column::of("status", "status"),
        Column::of("since", "status_since"),
        Column::csv("status_rule"),
        Column::csv("suspension_reason"),
        Column::of("next", "next_change.change"),
        Column::of("at", "next_change.at"),
        Column::of("quantity", "quantity"),
        Column::csv("product"),
        Column::of("product", "product_name"),
        Column::csv("family"),
        Column::csv("friendly_name"),
        Column::of("term", "term"),
        Column::csv("term_start"),
        Column::of("commitment end", "commitment_end"),
        Column::of("billing", "billing_cycle"),
        Column::of("auto-renew", "auto_renew"),
        Column::csv("trial"),
        Column::csv("bought_at"),
        Column::csv("order"),
        Column::csv("agreement"),
        Column::csv("price_terms"),
        Column::csv("cancellation_allowed_until"),
        Column::csv("data_kept_until"),
        Column::of("reseller of record", "partner_of_record.reseller_of_record"),
        Column::of("dpor", "partner_of_record.dpor"),
        Column::of("pal", "partner_of_record.pal"),
        Column::csv("partner_of_record.additional"),
        Column::csv("support_contact"),
        Column::csv("support_contact_partner_id"),
        Column::csv("support_contact_name"),
        Column::csv("parent"),
        Column::csv("converted_into"),
        Column::csv("transferred_to"),
        Column::csv("transferred_from"),
        Column::csv("entitlement"),
        Column::of("positions", "positions"),
    ],
};

const OWNERS: Layout = Layout {
    empty: "no owner at any time",
    columns: &[
        Column::of("subscription", "key"),
        Column::of("owner", "value"),
        Column::name("name", "value"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

const OF_RECORD: Layout = Layout {
    empty: "no source says anything about a partner of record",
    columns: &[
        Column::of("subscription", "key.subscription"),
        Column::of("kind", "key.kind"),
        Column::of("workload", "key.workload"),
        Column::of("partner id", "value"),
        Column::of("valid from", "valid_from"),
        Column::of("valid to", "valid_to"),
        Column::of("known from", "known_from"),
        Column::of("known to", "known_to"),
        Column::of("positions", "positions"),
        Column::of("ended by", "ended_by"),
    ],
};

impl Arguments {
    fn question(&self) -> Question<'static> {
        Question {
            path: format!("customers/{}/subscriptions", self.customer),
            parameters: vec![
                ("subscription", self.subscription.map(|id| id.to_string())),
                ("history", self.history.map(|history| history.word().to_owned())),
            ],
        }
    }
}

/// Answers which subscriptions there were, and under which terms.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let layout = match arguments.history {
        None => &SUBSCRIPTIONS,
        Some(History::Owner) => &OWNERS,
        Some(History::PartnerOfRecord) => &OF_RECORD,
    };
    if let Some(verdict) = arguments.remote.answer(&arguments.question(), layout, session)? {
        return Ok(verdict);
    }
    let inquiry = Inquiry::open(session)?;
    let record = inquiry.customer(arguments.customer)?;
    let names = inquiry.names(&record)?;
    let (mut output, format) = (session.output(), session.global.format);
    let known_below = inquiry.snapshot.basis.tree_size;
    let ids = arguments.subscription.map(|only| match arguments.history {
        None => [only].into(),
        Some(History::Owner | History::PartnerOfRecord) => views::lineage(&record, only, &inquiry.viewpoint()),
    });
    let wanted = |id: SubscriptionId| ids.as_ref().is_none_or(|ids| ids.contains(&id));
    match arguments.history {
        None => {
            let mut rows = views::subscriptions(&record, &inquiry.viewpoint());
            rows.retain(|row| wanted(row.subscription));
            render::answer(&mut output, format, &SUBSCRIPTIONS, &inquiry.answer(rows), &names)?;
        }
        Some(History::Owner) => {
            let mut rows = views::owner_history(&record, known_below);
            rows.retain(|row| wanted(row.key));
            render::answer(&mut output, format, &OWNERS, &inquiry.answer(rows), &names)?;
        }
        Some(History::PartnerOfRecord) => {
            let mut rows = views::partner_of_record_history(&record, known_below);
            rows.retain(|row| wanted(row.key.subscription));
            render::answer(&mut output, format, &OF_RECORD, &inquiry.answer(rows), &names)?;
        }
    }
    Ok(Verdict::Done)
}
