//! Customers and what belongs to them, as Partner Center answers below `/partnercenter/v1`.

pub(super) mod audit;
mod filter;

use std::collections::BTreeMap;

use ofrecord_core::{Customer, CustomerId, Partner, PartnerTenantId, SubscriptionId, TransferId};
use ofrecord_interop::write::{self, Collection, Seen, Shape};
use ofrecord_views::CustomerRecord;

use self::filter::{Compared, Filter};
use super::paging::{self, Page};
use super::standpoint::Standpoint;
use crate::asked::Asked;
use crate::problem::Problem;
use crate::reply::Reply;

/// Customers that are read for one page, at most: most may be none of the partner's.
const READ_MAX: usize = 5_000;
/// What customers are looked for by.
const CUSTOMER_FIELDS: &[Compared] =
    &[Compared::text("CompanyName", "companyProfile/companyName"), Compared::text("Domain", "companyProfile/domain")];

/// The words for the two sides of a partnership.
pub(super) const PROVIDER_OF: &str = "IsIndirectCloudSolutionProviderOf";
/// The other one.
pub(super) const RESELLER_OF: &str = "IsIndirectResellerOf";

/// On which side of its partnerships a partner is asked about.
#[derive(Debug, Clone, Copy)]
enum Side {
    Provider,
    Reseller,
}

/// What is seen of a customer, and its state at the instant asked about.
struct Known<'a> {
    standpoint: &'a Standpoint<'a>,
    record: CustomerRecord,
    state: Customer,
}

impl<'a> Known<'a> {
    fn of(standpoint: &'a Standpoint<'a>, record: CustomerRecord) -> Self {
        Self { state: record.state(&standpoint.viewpoint()), record, standpoint }
    }

    fn asked(standpoint: &'a Standpoint<'a>, asked: &Asked) -> Result<Self, Problem> {
        Ok(Self::of(standpoint, standpoint.record(asked.needed("customer")?)?))
    }

    fn seen(&self) -> Seen<'_> {
        Seen {
            customer: self.record.id(),
            state: &self.state,
            as_of: self.standpoint.as_of,
            policy: self.standpoint.reader.policy(),
            by: self.standpoint.partner,
        }
    }

    /// The accounts of the partners that it names; of a share, the own one alone.
    fn partners(&self) -> Result<BTreeMap<PartnerTenantId, Partner>, Problem> {
        let standpoint = self.standpoint;
        let viewpoint = standpoint.viewpoint();
        let mut partners = standpoint.reader.partners_of(&self.record, &standpoint.snapshot, &viewpoint)?;
        partners.retain(|partner, _| standpoint.partner.is_none_or(|own| own == *partner));
        Ok(partners)
    }

    fn user_of(&self, position: u64) -> Option<String> {
        self.record.entry(position)?.actor.user.clone()
    }
}

/// Every customer that is seen, or those in the list of the partner, page by page.
pub(super) fn customers(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let page: Page<CustomerId> = Page::of(asked)?;
    let filter = Filter::of(asked, CUSTOMER_FIELDS)?;
    let (mut items, mut last, mut read) = (Vec::new(), None, 0);
    let mut customers = standpoint.customers()?.into_iter().filter(|id| page.after.is_none_or(|after| *id > after));
    for customer in customers.by_ref() {
        read += 1;
        last = Some(customer);
        if let Some(record) = standpoint.listed_record_if_any(customer)? {
            let known = Known::of(standpoint, record);
            let is_listed = standpoint.partner.is_none_or(|partner| write::stands_in_list(&known.state, partner));
            items.extend(Some(write::customer_listed(&known.seen())).filter(|shape| is_listed && filter.holds(shape)));
        }
        if items.len() == page.size || read == READ_MAX {
            break;
        }
    }
    let goes_on = customers.next().is_some();
    let last = last.filter(|_| goes_on).map(|last| last.to_string());
    Ok(paging::answer(standpoint, "/customers", items, last))
}

/// One customer.
pub(super) fn customer(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    Ok(Reply::shape(&write::customer(&Known::asked(standpoint, asked)?.seen())))
}

/// The customer's subscriptions.
pub(super) fn subscriptions(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let known = Known::asked(standpoint, asked)?;
    let wanted = [("orderId", asked.text("order_id")), ("partnerId", asked.text("mpn_id"))];
    let is_wanted = |shape: &Shape| {
        wanted.iter().all(|(property, text)| {
            text.is_none_or(
                |text| matches!(shape.at(property), Some(Shape::Text(said)) if said.eq_ignore_ascii_case(text)),
            )
        })
    };
    let all = write::subscriptions(&known.seen()).map(|(_, shape)| shape).filter(is_wanted).collect();
    Ok(Reply::shape(&Collection::at(format!("/customers/{}/subscriptions", known.record.id())).of(all)))
}

/// One subscription of the customer.
pub(super) fn subscription(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (known, id): (Known<'_>, SubscriptionId) = (Known::asked(standpoint, asked)?, asked.needed("subscription")?);
    one(write::subscription(&known.seen(), id), &format!("the customer has no subscription {id}"))
}

/// Who supports one subscription of the customer.
pub(super) fn support_contact(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (known, id): (Known<'_>, SubscriptionId) = (Known::asked(standpoint, asked)?, asked.needed("subscription")?);
    let shape = write::support_contact(&known.seen(), id, &known.partners()?);
    one(shape, &format!("no support contact of subscription {id} is known"))
}

/// The customer's attested agreements.
pub(super) fn agreements(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let known = Known::asked(standpoint, asked)?;
    let items = write::agreements(&known.seen(), |position| known.user_of(position));
    Ok(Reply::shape(&Collection::at(format!("/customers/{}/agreements", known.record.id())).of(items)))
}

/// Whether the customer itself signed the agreement.
pub(super) fn direct_signed_status(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    Ok(Reply::shape(&write::direct_signed_status(&Known::asked(standpoint, asked)?.seen())))
}

/// The company behind the customer.
pub(super) fn company(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    Ok(Reply::shape(&write::company(&Known::asked(standpoint, asked)?.seen())))
}

/// The indirect resellers that the customer has a relationship with.
pub(super) fn resellers(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let known = Known::asked(standpoint, asked)?;
    let items = write::resellers_of_customer(&known.seen(), &known.partners()?);
    Ok(Reply::shape(&Collection::at(format!("/customers/{}/relationships", known.record.id())).of(items)))
}

/// The customer's transfers. Their list has nothing around it.
pub(super) fn transfers(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let known = Known::asked(standpoint, asked)?;
    let user_of = |position| known.user_of(position);
    Ok(Reply::shape(&write::transfers(&known.seen(), &known.partners()?, &user_of).into()))
}

/// One transfer of the customer.
pub(super) fn transfer(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let (known, id): (Known<'_>, TransferId) = (Known::asked(standpoint, asked)?, asked.needed("transfer")?);
    let shape = write::transfer(&known.seen(), &id, &known.partners()?, &|position| known.user_of(position));
    one(shape, &format!("the customer has no transfer {id}"))
}

/// The partners that work with the partner: its indirect resellers, or the providers that it resells through. What is
/// told of them stands in the partner's own account.
pub(super) fn partnerships(standpoint: &Standpoint<'_>, asked: &Asked) -> Result<Reply, Problem> {
    let words = [(PROVIDER_OF, Side::Provider), (RESELLER_OF, Side::Reseller)];
    let side = asked.word("relationship_type", &words)?.unwrap_or(Side::Provider);
    let partner = named(standpoint)?;
    let account = standpoint.account(partner)?;
    let (word, items) = match side {
        Side::Provider => (PROVIDER_OF, write::indirect_resellers(partner, &account, &BTreeMap::new())),
        Side::Reseller => (RESELLER_OF, write::indirect_providers(partner, &account, &BTreeMap::new())),
    };
    Ok(Reply::shape(&Collection::at(format!("/relationships?relationship_type={word}")).of(items)))
}

/// The newest link of the partner that works.
pub(super) fn relationship_request(standpoint: &Standpoint<'_>, _: &Asked) -> Result<Reply, Problem> {
    let partner = named(standpoint)?;
    let shape = write::relationship_request(&standpoint.account(partner)?, standpoint.as_of);
    one(shape, "no link that works is known")
}

fn named(standpoint: &Standpoint<'_>) -> Result<PartnerTenantId, Problem> {
    standpoint.partner.ok_or_else(|| Problem::malformed("partner", &"say which partner's it is"))
}

fn one(shape: Option<Shape>, nothing: &str) -> Result<Reply, Problem> {
    shape.map(|shape| Reply::shape(&shape)).ok_or_else(|| Problem::not_found(nothing))
}
