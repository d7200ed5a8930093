//! Questions over all customers: the rows of one after the other, in the order of their ids, whole or in pages.

use std::collections::BTreeMap;
use std::sync::Arc;

use ofrecord_core::{CustomerId, Partner, PartnerTenantId, StreamId, Timestamp};
use ofrecord_ledger::answers::{CustomerCoverage, CustomerFinding, period};
use ofrecord_ledger::{Answer, ReadFailure, Reader, Snapshot};
use ofrecord_views::{self as views, CustomerRecord, FindingCode, PartnerRecord};
use serde::Serialize;

use super::periods::bounds;
use super::{TAG_DIGITS, digest};
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;

/// A question over all customers.
pub(crate) type BroadQuestion = fn(&mut Breadth<'_>, &Asked) -> Result<Reply, Problem>;

/// Customers or partners of one page, at most.
pub(crate) const LIMIT_MAX: usize = 10_000;

/// What a question over all customers rests on.
pub(crate) struct Breadth<'a> {
    reader: &'a Reader,
    snapshot: Snapshot,
    as_of: Timestamp,
    limit: Option<usize>,
    /// The accounts of partners, read once each however many customers name them.
    partners: BTreeMap<PartnerTenantId, PartnerRecord>,
    /// The last of the page, where more come after it.
    next: Option<String>,
}

/// A customer that the ledger knows.
#[derive(Debug, Serialize)]
struct KnownCustomer {
    customer: CustomerId,
}

/// A partner that the ledger knows.
#[derive(Debug, Serialize)]
struct KnownPartner {
    partner: PartnerTenantId,
}

/// Answers a question once the log holds what the asker has seen of it.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    question: BroadQuestion,
    path: &'static str,
    asked: Asked,
) -> Result<Reply, Problem> {
    shared.holding_what_was_seen(&asked).await?;
    let of = Arc::clone(&shared);
    shared
        .in_turn(move || {
            let mut breadth = Breadth::of(&of, &asked)?;
            let reply = question(&mut breadth, &asked)?;
            let tag = format!("W/\"{}\"", digest(reply.content(), TAG_DIGITS));
            let reply = reply.tagged(tag);
            // The next page rests on what this one does, however much is recorded meanwhile.
            let fixed =
                [("as_of", breadth.as_of.to_string()), ("known_at", format!("@{}", breadth.snapshot.basis.tree_size))];
            Ok(match breadth.next {
                Some(last) => {
                    reply.followed_by(&asked.again(path, &[("after", last), fixed[0].clone(), fixed[1].clone()]))
                }
                None => reply,
            })
        })
        .await
}

impl<'a> Breadth<'a> {
    fn of(shared: &'a Shared, asked: &Asked) -> Result<Self, Problem> {
        let limit: Option<usize> = asked.read("limit")?;
        if limit.is_some_and(|limit| limit == 0 || limit > LIMIT_MAX) {
            return Err(Problem::malformed("limit", &format_args!("is a number from 1 to {LIMIT_MAX}")));
        }
        let reader = &shared.reader;
        let snapshot = reader.snapshot(asked.known_at()?)?;
        let as_of = asked.as_of()?.unwrap_or_else(|| shared.ledger.clock().now());
        Ok(Self { reader, snapshot, as_of, limit, partners: BTreeMap::new(), next: None })
    }

    fn reply<Row: Serialize>(&self, rows: Vec<Row>) -> Result<Reply, Problem> {
        let basis = self.snapshot.basis.clone();
        Reply::json(&Answer { basis, as_of: self.as_of, known_at: self.snapshot.known_at, rows })
    }

    /// Whether an entry below the snapshot stands in a stream.
    fn knows(&self, stream: StreamId) -> Result<bool, ReadFailure> {
        let positions = self.reader.log().stream_positions(&stream.to_string(), 0)?;
        Ok(positions.first().is_some_and(|first| *first < self.snapshot.basis.tree_size))
    }

    /// Those of a page that the snapshot knows, and whether more come.
    fn page<Id: Copy + Ord + ToString>(
        &mut self,
        all: Vec<Id>,
        after: Option<Id>,
        stream: fn(Id) -> StreamId,
    ) -> Result<Vec<Id>, Problem> {
        let mut page = Vec::new();
        for id in all.into_iter().filter(|id| after.is_none_or(|after| *id > after)) {
            if !self.knows(stream(id))? {
                continue;
            }
            if self.limit.is_some_and(|limit| page.len() >= limit) {
                self.next = page.last().map(Id::to_string);
                break;
            }
            page.push(id);
        }
        Ok(page)
    }

    fn customers(&mut self, asked: &Asked) -> Result<Vec<CustomerId>, Problem> {
        let mut all = Vec::new();
        self.reader.customers(&mut |customer| {
            all.push(customer);
            Ok(())
        })?;
        self.page(all, asked.read("after")?, StreamId::Customer)
    }

    /// Reads the accounts of the partners that a customer's entries name.
    fn learn(&mut self, record: &CustomerRecord) -> Result<Vec<PartnerTenantId>, Problem> {
        let named: Vec<PartnerTenantId> = views::named_partners(record).into_iter().collect();
        for partner in &named {
            if !self.partners.contains_key(partner) {
                self.partners.insert(*partner, self.reader.partner(*partner, &self.snapshot)?);
            }
        }
        Ok(named)
    }
}

/// The customers that the ledger knows.
pub(crate) fn customers(breadth: &mut Breadth<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let rows = breadth.customers(asked)?.into_iter().map(|customer| KnownCustomer { customer }).collect();
    breadth.reply(rows)
}

/// The partners that the ledger knows.
pub(crate) fn partners(breadth: &mut Breadth<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let mut all = Vec::new();
    breadth.reader.partners(&mut |partner| {
        all.push(partner);
        Ok(())
    })?;
    let page = breadth.page(all, asked.read("after")?, StreamId::Partner)?;
    breadth.reply(page.into_iter().map(|partner| KnownPartner { partner }).collect())
}

/// What an auditor should look at.
pub(crate) fn findings(breadth: &mut Breadth<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let codes: Vec<(&str, FindingCode)> = FindingCode::ALL.iter().map(|code| (code.as_str(), *code)).collect();
    let only = asked.word("code", &codes)?;
    let mut rows = Vec::new();
    for customer in breadth.customers(asked)? {
        let record = breadth.reader.customer(customer, &breadth.snapshot)?;
        let named = breadth.learn(&record)?;
        let viewpoint = breadth.reader.viewpoint(&breadth.snapshot, breadth.as_of);
        let states: BTreeMap<PartnerTenantId, Partner> = named
            .iter()
            .filter_map(|partner| Some((*partner, breadth.partners.get(partner)?.state(&viewpoint))))
            .collect();
        let found = views::findings(&record, &states, &viewpoint);
        let wanted = found.into_iter().filter(|finding| only.is_none_or(|only| only == finding.code));
        rows.extend(wanted.map(|finding| CustomerFinding { customer, finding }));
    }
    breadth.reply(rows)
}

/// Which sources cover which periods.
pub(crate) fn coverage(breadth: &mut Breadth<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (from, to) = bounds(asked)?;
    let mut rows = Vec::new();
    for customer in breadth.customers(asked)? {
        let record = breadth.reader.customer(customer, &breadth.snapshot)?;
        let named = breadth.learn(&record)?;
        let partners: Vec<&PartnerRecord> = named.iter().filter_map(|partner| breadth.partners.get(partner)).collect();
        let period = period(from, to, &record, breadth.as_of);
        let covered = views::coverage(&record, &partners, period, breadth.snapshot.basis.tree_size);
        rows.extend(covered.into_iter().map(|coverage| CustomerCoverage { customer, coverage }));
    }
    breadth.reply(rows)
}
