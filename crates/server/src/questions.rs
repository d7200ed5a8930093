//! Questions about a customer: each is one call of a view, and its answer the JSON that the program prints.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ofrecord_core::id::PartnerId;
use ofrecord_core::{CustomerId, GdapRelationshipId, Partner, PartnerTenantId, StreamId, SubscriptionId, Timestamp};
use ofrecord_ledger::answers::{CustomerFinding, Document, Explained};
use ofrecord_ledger::{Answer, KnownAt, ReadFailure, Reader, Snapshot};
use ofrecord_log::Hash;
use ofrecord_views::{
    self as views, AboutWhat, CustomerRecord, FindingCode, Mechanism, Period, Shown, TimelineQuery, Viewpoint,
};
use serde::Serialize;

use crate::access::{Caller, Sight};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;

pub(crate) mod everyone;
pub(crate) mod periods;

/// A question, answered from its ground.
pub(crate) type Question = fn(&Ground<'_>, &Asked) -> Result<Reply, Problem>;

/// Digits of the digest in the mark of an answer.
const TAG_DIGITS: usize = 32;

/// What a question about a customer rests on.
pub(crate) struct Ground<'a> {
    reader: &'a Reader,
    snapshot: Snapshot,
    as_of: Timestamp,
    sight: Sight,
    /// What the caller sees of the customer: every view is asked of this, and of nothing else.
    record: CustomerRecord,
}

/// Answers a question once the log holds what the asker has seen of it.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    question: Question,
    caller: Caller,
    asked: Asked,
) -> Result<Reply, Problem> {
    shared.holding_what_was_seen(&asked).await?;
    let of = Arc::clone(&shared);
    shared
        .in_turn(move || {
            let ground = Ground::of(&of, &caller, &asked)?;
            let reply = question(&ground, &asked)?;
            let tag = ground.tag(reply.content());
            Ok(reply.tagged(tag))
        })
        .await
}

impl<'a> Ground<'a> {
    fn of(shared: &'a Shared, caller: &Caller, asked: &Asked) -> Result<Self, Problem> {
        let reader = &shared.reader;
        let customer: CustomerId = asked.needed("customer")?;
        let sight = caller.sight(customer)?;
        let as_of = asked.as_of()?.unwrap_or_else(|| shared.ledger.clock().now());
        let snapshot = reader.snapshot(asked.known_at()?)?;
        let record = seen(reader, customer, &snapshot, sight)?;
        Ok(Self { reader, snapshot, as_of, sight, record })
    }

    fn viewpoint(&self) -> Viewpoint<'_> {
        self.reader.viewpoint(&self.snapshot, self.as_of)
    }

    fn known_below(&self) -> u64 {
        self.snapshot.basis.tree_size
    }

    fn partners(&self) -> Result<BTreeMap<PartnerTenantId, Partner>, Problem> {
        let mut partners = self.reader.partners_of(&self.record, &self.snapshot, &self.viewpoint())?;
        if let Sight::Share(own) = self.sight {
            partners.retain(|partner, _| *partner == own);
        }
        Ok(partners)
    }

    fn answer<Row>(&self, rows: Vec<Row>) -> Answer<Row> {
        Answer { basis: self.snapshot.basis.clone(), as_of: self.as_of, known_at: self.snapshot.known_at, rows }
    }

    fn reply<Row: Serialize>(&self, rows: Vec<Row>) -> Result<Reply, Problem> {
        Reply::json(&self.answer(rows))
    }

    /// The mark of an answer: the version of the customer's stream, by which the next command can be conditioned, and
    /// a digest of the bytes. It is weak, as the bytes may be compressed on their way. Of a share it has no version:
    /// that would count the entries of others.
    fn tag(&self, bytes: &[u8]) -> String {
        let digest = digest(bytes, TAG_DIGITS);
        match self.sight {
            Sight::Whole => format!("W/\"{}-{digest}\"", self.record.entries().len()),
            Sight::Share(_) => format!("W/\"{digest}\""),
        }
    }
}

/// The first digits of the digest of some bytes.
fn digest(bytes: &[u8], digits: usize) -> String {
    Hash::of(bytes).to_string().chars().take(digits).collect()
}

/// What is seen of a customer. Of whom nothing is seen, there is no telling whether the ledger knows them.
pub(crate) fn seen(
    reader: &Reader,
    customer: CustomerId,
    snapshot: &Snapshot,
    sight: Sight,
) -> Result<CustomerRecord, ReadFailure> {
    let Sight::Share(partner) = sight else { return reader.customer(customer, snapshot) };
    let share = share_of(reader, customer, partner, snapshot.basis.tree_size)?;
    if share.entries().is_empty() {
        let stream = StreamId::Customer(customer).to_string();
        return Err(ReadFailure::NotFound { stream, size: snapshot.basis.tree_size });
    }
    Ok(share)
}

/// A partner's share of a customer's record, by what stands below a position.
pub(crate) fn share_of(
    reader: &Reader,
    customer: CustomerId,
    partner: PartnerTenantId,
    known_below: u64,
) -> Result<CustomerRecord, ReadFailure> {
    let ids = partner_ids(reader, partner, known_below)?;
    share_by(reader, customer, (partner, &ids), known_below)
}

/// The same of a partner that orders name by these IDs.
pub(crate) fn share_by(
    reader: &Reader,
    customer: CustomerId,
    (partner, ids): (PartnerTenantId, &BTreeSet<PartnerId>),
    known_below: u64,
) -> Result<CustomerRecord, ReadFailure> {
    let record = reader.customer(customer, &reader.snapshot(KnownAt::TreeSize(known_below))?)?;
    Ok(views::share(&record, partner, ids, known_below))
}

/// The IDs by which orders name a partner, by what stands below a position.
pub(crate) fn partner_ids(
    reader: &Reader,
    partner: PartnerTenantId,
    known_below: u64,
) -> Result<BTreeSet<PartnerId>, ReadFailure> {
    let account = reader.partner(partner, &reader.snapshot(KnownAt::TreeSize(known_below))?)?;
    let named = account.state_at(Timestamp::MAX, known_below).partner_id;
    Ok(named.into_iter().map(|id| id.value).collect())
}

/// Who the resellers were.
pub(crate) fn resellers(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    match (asked.wants("history")?, asked.wants("gaps")?) {
        (true, true) => Err(Problem::malformed("gaps", &"cannot be asked for together with `history`")),
        (true, false) => ground.reply(views::reseller_history(&ground.record, ground.known_below())),
        (false, true) => ground.reply(views::reseller_gaps(&ground.record, &ground.viewpoint())),
        (false, false) => ground.reply(views::resellers(&ground.record, &ground.viewpoint())),
    }
}

/// Whose history a question about subscriptions asks for.
#[derive(Debug, Clone, Copy)]
enum Whose {
    Owner,
    PartnerOfRecord,
}

/// Which subscriptions there were, and under which terms.
pub(crate) fn subscriptions(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (record, viewpoint) = (&ground.record, ground.viewpoint());
    let only: Option<SubscriptionId> = asked.read("subscription")?;
    let words = [("owner", Whose::Owner), ("partner-of-record", Whose::PartnerOfRecord)];
    let Some(history) = asked.word("history", &words)? else {
        let mut rows = views::subscriptions(record, &viewpoint);
        rows.retain(|row| only.is_none_or(|only| only == row.subscription));
        return ground.reply(rows);
    };
    let ids = only.map(|only| views::lineage(record, only, &viewpoint));
    let wanted = |id: SubscriptionId| ids.as_ref().is_none_or(|ids| ids.contains(&id));
    match history {
        Whose::Owner => {
            let mut rows = views::owner_history(record, ground.known_below());
            rows.retain(|row| wanted(row.key));
            ground.reply(rows)
        }
        Whose::PartnerOfRecord => {
            let mut rows = views::partner_of_record_history(record, ground.known_below());
            rows.retain(|row| wanted(row.key.subscription));
            ground.reply(rows)
        }
    }
}

/// What a question about access asks for.
#[derive(Debug, Clone, Copy)]
enum AccessOf {
    Partners,
    Users,
    Terminated,
    History,
}

/// Who could administer, and through what.
pub(crate) fn access(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (record, viewpoint) = (&ground.record, ground.viewpoint());
    let mechanisms = [("dap", Mechanism::Dap), ("gdap", Mechanism::Gdap), ("azure_role", Mechanism::AzureRole)];
    let only = asked.word("mechanism", &mechanisms)?;
    let wanted = |mechanism| only.is_none_or(|only| only == mechanism);
    let shown = [("users", AccessOf::Users), ("terminated", AccessOf::Terminated), ("history", AccessOf::History)];
    match asked.word("show", &shown)?.unwrap_or(AccessOf::Partners) {
        AccessOf::Partners => {
            let mut rows = views::access(record, &viewpoint);
            rows.retain(|row| wanted(row.mechanism));
            ground.reply(rows)
        }
        AccessOf::Users => {
            let mut rows = views::user_access(record, &ground.partners()?, &viewpoint);
            rows.retain(|row| wanted(row.mechanism));
            ground.reply(rows)
        }
        AccessOf::Terminated if only.is_some() => {
            Err(Problem::malformed("mechanism", &"cannot be asked for together with `show=terminated`"))
        }
        AccessOf::Terminated => ground.reply(views::dap_terminations(record, &viewpoint)),
        AccessOf::History => {
            let mut rows = views::access_history(record, ground.known_below(), ground.reader.policy());
            rows.retain(|row| wanted(row.key.mechanism));
            ground.reply(rows)
        }
    }
}

/// The granular relationships.
pub(crate) fn gdap(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let partner: Option<PartnerTenantId> = asked.read("partner")?;
    let relationship: Option<GdapRelationshipId> = asked.read("relationship")?;
    let wanted = |of: PartnerTenantId, id: &GdapRelationshipId| {
        partner.is_none_or(|partner| partner == of) && relationship.as_ref().is_none_or(|wanted| wanted == id)
    };
    if asked.wants("history")? {
        let mut rows = views::granular_history(&ground.record, ground.known_below(), ground.reader.policy());
        rows.retain(|row| wanted(row.key.partner, &row.key.relationship));
        return ground.reply(rows);
    }
    let mut rows = views::granular_relationships(&ground.record, &ground.viewpoint());
    rows.retain(|row| wanted(row.partner, &row.relationship));
    ground.reply(rows)
}

/// How subscriptions went from one partner to another.
pub(crate) fn transfers(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let viewpoint = ground.viewpoint();
    let only: Option<SubscriptionId> = asked.read("subscription")?;
    let ids = only.map(|only| views::lineage(&ground.record, only, &viewpoint));
    let mut rows = views::transfers(&ground.record, &viewpoint);
    rows.retain(|row| ids.as_ref().is_none_or(|ids| row.concerns(ids)));
    ground.reply(rows)
}

/// Who was partner of record of what, and when.
pub(crate) fn partners_of_record(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let viewpoint = ground.viewpoint();
    let mut rows = views::partners_of_record(&ground.record, &ground.partners()?, &viewpoint);
    if let Some(only) = asked.read("subscription")? {
        let ids = views::lineage(&ground.record, only, &viewpoint);
        rows.retain(|row| ids.contains(&row.subscription));
    }
    ground.reply(rows)
}

/// What happened, in order, refusals included.
pub(crate) fn timeline(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (from, to) = (asked.read("from")?, asked.read("to")?);
    let period = Period { from: from.unwrap_or(Timestamp::MIN), to: to.unwrap_or(Timestamp::MAX) };
    if period.from > period.to {
        return Err(Problem::malformed("to", &"lies before `from`"));
    }
    let query = TimelineQuery {
        period,
        partner: asked.read("partner")?,
        subscription: asked.read("subscription")?,
        relationship: asked.read("relationship")?,
        shown: if asked.wants("refusals")? { Shown::RefusalsOnly } else { Shown::Everything },
        ..TimelineQuery::all(ground.known_below())
    };
    let mut rows = views::timeline(&ground.record, &query);
    if let Some(kind) = asked.text("type") {
        rows.retain(|row| {
            row.event.is_some_and(|event| event.eq_ignore_ascii_case(kind)) || row.command.eq_ignore_ascii_case(kind)
        });
    }
    ground.reply(rows)
}

/// What an auditor should look at.
pub(crate) fn findings(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let codes: Vec<(&str, FindingCode)> = FindingCode::ALL.iter().map(|code| (code.as_str(), *code)).collect();
    let only = asked.word("code", &codes)?;
    let found = views::findings(&ground.record, &ground.partners()?, &ground.viewpoint());
    let wanted = found.into_iter().filter(|finding| only.is_none_or(|only| only == finding.code));
    let customer = ground.record.id();
    ground.reply(wanted.map(|finding| CustomerFinding { customer, finding }).collect())
}

/// Which entries an answer follows from.
pub(crate) fn explain(ground: &Ground<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let words = [
        ("resellers", views::Question::Resellers),
        ("subscriptions", views::Question::Subscriptions),
        ("access", views::Question::Access),
        ("gdap", views::Question::Gdap),
        ("transfers", views::Question::Transfers),
    ];
    let question = asked.word("answer", &words)?.ok_or_else(|| Problem::malformed("answer", &"this route needs it"))?;
    let parts = [
        asked.read("partner")?.map(AboutWhat::Partner),
        asked.read("subscription")?.map(AboutWhat::Subscription),
        asked.read("relationship")?.map(AboutWhat::Relationship),
    ];
    let mut about = parts.into_iter().flatten();
    let only = about.next();
    if about.next().is_some() {
        return Err(Problem::malformed("the query", &"names more than one of partner, subscription and relationship"));
    }
    let explanation = views::explain(&ground.record, question, only, &ground.viewpoint());
    let (extra, entries) = Explained::of(explanation, &ground.record, ground.known_below());
    Reply::json(&Document { answer: &ground.answer(entries), extra: &extra })
}
