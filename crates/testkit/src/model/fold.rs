//! Folding what happened into pictures: all changes sorted by instant and place, applied one after the other.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, CustomerAccountStatus, PartnerType, ProductFamily, Services, SubscriptionStatus,
    TenantType,
};
use ofrecord_core::{Cloud, Market, PartnerId, PartnerTenantId, SecurityGroupId, SubscriptionId, Timestamp, UserName};

use super::cloud;
use super::world::{Coverage, CustomerChange, Dated, PartnerChange, Purchase, Sighting, SubscriptionPicture};

/// Partner accounts at an instant.
#[derive(Debug, Clone, Default)]
pub(super) struct PartnerPicture {
    pub(super) accounts: BTreeMap<PartnerTenantId, Account>,
    pub(super) invited: BTreeSet<(PartnerTenantId, PartnerTenantId)>,
    pub(super) partnerships: BTreeSet<(PartnerTenantId, PartnerTenantId)>,
    pub(super) groups: BTreeMap<(PartnerTenantId, SecurityGroupId), Group>,
}

/// A security group of a partner's tenant.
#[derive(Debug, Clone, Default)]
pub(super) struct Group {
    pub(super) name: Option<String>,
    pub(super) members: BTreeSet<UserName>,
}

/// A partner account.
#[derive(Debug, Clone, Default)]
pub(super) struct Account {
    pub(super) partner_type: Option<PartnerType>,
    pub(super) digits: Option<PartnerId>,
    pub(super) markets: BTreeSet<Market>,
    pub(super) programme_known: Option<bool>,
    pub(super) suspended: bool,
    pub(super) agreement: bool,
    pub(super) links: Vec<Link>,
}

/// A reusable link.
#[derive(Debug, Clone)]
pub(super) struct Link {
    pub(super) dap: Option<Services>,
    pub(super) via: Option<PartnerTenantId>,
    pub(super) until: Option<Timestamp>,
}

/// A customer at an instant.
#[derive(Debug, Clone, Default)]
pub(super) struct CustomerPicture {
    pub(super) known: bool,
    pub(super) anything: bool,
    pub(super) market: Option<Market>,
    pub(super) tenant_type: Option<TenantType>,
    pub(super) status: Option<CustomerAccountStatus>,
    pub(super) resellers: BTreeMap<PartnerTenantId, Reseller>,
    pub(super) dap: BTreeMap<PartnerTenantId, BTreeSet<Coverage>>,
    pub(super) azure: BTreeSet<PartnerTenantId>,
    pub(super) agreements: Vec<(AgreementType, AgreementMethod, Option<PartnerTenantId>)>,
    pub(super) subscriptions: BTreeMap<SubscriptionId, Bought>,
}

/// A reseller relationship.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reseller {
    pub(super) stands: bool,
    pub(super) generation: u32,
}

/// A subscription.
#[derive(Debug, Clone, Default)]
pub(super) struct Bought {
    pub(super) owner: Option<PartnerTenantId>,
    pub(super) family: Option<ProductFamily>,
    pub(super) quantity_max: Option<u64>,
    pub(super) quantity: Option<u64>,
    pub(super) status: Option<(SubscriptionStatus, Timestamp)>,
    pub(super) bought_at: Option<Timestamp>,
    pub(super) term_months: Option<u32>,
    pub(super) renews: bool,
    pub(super) batches: Vec<(Timestamp, u64)>,
    pub(super) seen: bool,
    pub(super) digits: Option<PartnerId>,
    pub(super) dpor: Option<PartnerId>,
    pub(super) pal: Option<PartnerId>,
}

impl Account {
    /// Active unless something says otherwise.
    pub(super) fn not_in_programme(&self) -> bool {
        self.programme_known == Some(false)
    }
}

pub(super) fn in_order<T>(happened: &[Dated<T>], as_of: Timestamp, known_below: u64) -> Vec<&Dated<T>> {
    let mut ordered: Vec<&Dated<T>> =
        happened.iter().filter(|one| one.at <= as_of && one.position < known_below).collect();
    ordered.sort_by_key(|one| (one.at, one.position, one.index));
    ordered
}

pub(super) fn partners(happened: &[Dated<PartnerChange>], as_of: Timestamp, known_below: u64) -> PartnerPicture {
    let mut picture = PartnerPicture::default();
    for one in in_order(happened, as_of, known_below) {
        picture.apply(&one.change);
    }
    picture
}

pub(super) fn customer(happened: &[Dated<CustomerChange>], as_of: Timestamp, known_below: u64) -> CustomerPicture {
    let mut picture = CustomerPicture::default();
    for one in in_order(happened, as_of, known_below) {
        picture.anything = true;
        picture.apply(&one.change, one.at);
    }
    picture
}

impl PartnerPicture {
    fn account(&mut self, partner: PartnerTenantId) -> &mut Account {
        self.accounts.entry(partner).or_default()
    }

    fn apply(&mut self, change: &PartnerChange) {
        match change {
            PartnerChange::Registered { partner, partner_type, digits, markets } => {
                let account = self.account(*partner);
                account.partner_type = Some(partner_type.clone());
                account.digits.clone_from(digits);
                account.markets.clone_from(markets);
            }
            PartnerChange::Markets { partner, markets } => self.account(*partner).markets.clone_from(markets),
            PartnerChange::Programme { partner, active } => self.account(*partner).programme_known = Some(*active),
            PartnerChange::Suspended { partner } => self.account(*partner).suspended = true,
            PartnerChange::Reinstated { partner } => self.account(*partner).suspended = false,
            PartnerChange::AgreementAccepted { partner } => self.account(*partner).agreement = true,
            PartnerChange::Linked { partner, dap, via, until } => {
                self.account(*partner).links.push(Link { dap: dap.clone(), via: *via, until: *until });
            }
            PartnerChange::Invited { provider, reseller } => {
                self.invited.insert((*provider, *reseller));
            }
            PartnerChange::Joined { provider, reseller } => {
                self.partnerships.insert((*provider, *reseller));
            }
            PartnerChange::Parted { provider, reseller } => {
                self.partnerships.remove(&(*provider, *reseller));
                self.invited.remove(&(*provider, *reseller));
            }
            PartnerChange::MemberIn { partner, group, user, name } => {
                let group = self.groups.entry((*partner, *group)).or_default();
                group.name = name.clone().or(group.name.take());
                group.members.insert(user.clone());
            }
            PartnerChange::MemberOut { partner, group, user } => {
                self.groups.entry((*partner, *group)).or_default().members.remove(user);
            }
        }
    }
}

impl CustomerPicture {
    fn apply(&mut self, change: &CustomerChange, at: Timestamp) {
        match change {
            CustomerChange::Known { market, tenant_type, status } => {
                self.known = true;
                self.market = market.clone().or(self.market.take());
                self.tenant_type = tenant_type.clone().or(self.tenant_type.take());
                self.status = status.clone().or(self.status.take());
            }
            CustomerChange::ResellerJoined { partner } => {
                let reseller = self.resellers.entry(*partner).or_default();
                if !reseller.stands {
                    reseller.stands = true;
                    reseller.generation += 1;
                }
            }
            CustomerChange::ResellerLeft { partner } => {
                if let Some(reseller) = self.resellers.get_mut(partner) {
                    reseller.stands = false;
                }
                // Rule M-9: DAP ends with the relationship, also what is learned of only afterwards.
                self.dap.remove(partner);
            }
            CustomerChange::DapOn { partner, services } => {
                self.dap.entry(*partner).or_default().extend(coverages(services));
            }
            CustomerChange::DapOff { partner, services } => {
                let on = self.dap.entry(*partner).or_default();
                match services {
                    Services::All => on.clear(),
                    Services::Names(_) => on.retain(|one| !coverages(services).contains(one)),
                }
            }
            CustomerChange::AzureRole { partner } => {
                self.azure.insert(*partner);
            }
            CustomerChange::AzureRoleGone { partner } => {
                self.azure.remove(partner);
            }
            CustomerChange::Agreed { agreement, method, by } => {
                self.agreements.push((agreement.clone(), method.clone(), *by));
            }
            CustomerChange::Bought(purchase) => self.buy(purchase, at),
            CustomerChange::Seen(sighting) => self.see(sighting, at),
            CustomerChange::SeatsAdded { .. }
            | CustomerChange::SeatsRemoved { .. }
            | CustomerChange::Suspended { .. }
            | CustomerChange::Reactivated { .. }
            | CustomerChange::Cancelled { .. }
            | CustomerChange::AutoRenew { .. }
            | CustomerChange::ResellerOfRecord { .. }
            | CustomerChange::Dpor { .. }
            | CustomerChange::Pal { .. } => self.apply_to_subscription(change, at),
        }
    }

    fn apply_to_subscription(&mut self, change: &CustomerChange, at: Timestamp) {
        let subscriptions = &mut self.subscriptions;
        let mut of = |id: &SubscriptionId| subscriptions.entry(*id).or_default().clone();
        let (id, bought) = match change {
            CustomerChange::SeatsAdded { subscription, seats, after } => {
                (subscription, of(subscription).add(*seats, *after, at))
            }
            CustomerChange::SeatsRemoved { subscription, seats, after } => {
                (subscription, of(subscription).remove(*seats, *after, at))
            }
            CustomerChange::Suspended { subscription } => {
                let status = Some((SubscriptionStatus::Suspended, at));
                (subscription, Bought { status, renews: false, ..of(subscription) })
            }
            CustomerChange::Reactivated { subscription } => {
                (subscription, Bought { status: Some((SubscriptionStatus::Active, at)), ..of(subscription) })
            }
            CustomerChange::Cancelled { subscription } => {
                (subscription, Bought { status: Some((SubscriptionStatus::Deleted, at)), ..of(subscription) })
            }
            CustomerChange::AutoRenew { subscription, renews } => {
                (subscription, Bought { renews: *renews, ..of(subscription) })
            }
            CustomerChange::ResellerOfRecord { subscription, digits } => {
                (subscription, Bought { digits: digits.clone(), ..of(subscription) })
            }
            CustomerChange::Dpor { subscription, digits } => {
                (subscription, Bought { dpor: digits.clone(), ..of(subscription) })
            }
            CustomerChange::Pal { subscription, digits } => {
                (subscription, Bought { pal: digits.clone(), ..of(subscription) })
            }
            CustomerChange::Known { .. }
            | CustomerChange::ResellerJoined { .. }
            | CustomerChange::ResellerLeft { .. }
            | CustomerChange::DapOn { .. }
            | CustomerChange::DapOff { .. }
            | CustomerChange::AzureRole { .. }
            | CustomerChange::AzureRoleGone { .. }
            | CustomerChange::Agreed { .. }
            | CustomerChange::Bought(_)
            | CustomerChange::Seen(_) => return,
        };
        self.subscriptions.insert(*id, bought);
    }

    fn buy(&mut self, purchase: &Purchase, at: Timestamp) {
        let batches = vec![(at.plus_hours(7 * 24), purchase.quantity)];
        let before = self.subscriptions.remove(&purchase.subscription).unwrap_or_default();
        self.subscriptions.insert(
            purchase.subscription,
            Bought {
                owner: Some(purchase.owner),
                family: Some(purchase.product.family.clone()),
                quantity_max: purchase.product.quantity_max,
                quantity: Some(purchase.quantity),
                status: Some((SubscriptionStatus::Active, at)),
                bought_at: Some(at),
                term_months: purchase.term_months,
                renews: purchase.renews,
                batches,
                seen: before.seen,
                digits: purchase.digits.clone(),
                dpor: before.dpor,
                pal: before.pal,
            },
        );
    }

    /// Days since a suspension count from the first that told of it (U-17); any other status shown holds from there.
    fn see(&mut self, sighting: &Sighting, at: Timestamp) {
        let bought = self.subscriptions.entry(sighting.subscription).or_default();
        bought.seen = true;
        bought.owner = sighting.owner.or(bought.owner);
        bought.quantity = sighting.quantity.or(bought.quantity);
        if let Some(status) = &sighting.status
            && (*status != SubscriptionStatus::Suspended
                || bought.status.as_ref().is_none_or(|(known, _)| *known != SubscriptionStatus::Suspended))
        {
            bought.status = Some((status.clone(), at));
        }
    }
}

pub(super) fn coverages(services: &Services) -> BTreeSet<Coverage> {
    match services {
        Services::All => [Coverage::Tenant].into(),
        Services::Names(names) => names.iter().cloned().map(Coverage::Service).collect(),
    }
}

impl Bought {
    /// The record says how many there were afterwards; a change learned of later does not move that.
    fn add(mut self, seats: u64, after: u64, at: Timestamp) -> Self {
        self.quantity = Some(after);
        self.batches.push((at.plus_hours(7 * 24), seats));
        self
    }

    /// Seats are taken from the batches whose window closes first.
    fn remove(mut self, seats: u64, after: u64, at: Timestamp) -> Self {
        self.quantity = Some(after);
        let mut left = seats;
        self.batches.sort_by_key(|(until, _)| *until);
        for (until, batch) in &mut self.batches {
            if *until >= at {
                let taken = left.min(*batch);
                *batch -= taken;
                left -= taken;
            }
        }
        self
    }

    /// Seats that may still be taken away (rule U-2).
    pub(super) fn removable(&self, at: Timestamp) -> u64 {
        self.batches.iter().filter(|(until, _)| *until >= at).map(|(_, seats)| *seats).sum()
    }

    pub(super) fn is_new_commerce(&self) -> bool {
        self.family.as_ref().is_some_and(ProductFamily::is_new_commerce)
    }

    /// The first instant after the term: the day after the inclusive commitment end.
    pub(super) fn term_over(&self) -> Option<Timestamp> {
        Some(self.bought_at?.start_of_day().plus_months(self.term_months?))
    }

    /// The status at an instant, as time alone brings it about (rule U-17).
    pub(super) fn status_at(&self, at: Timestamp, cloud: Cloud) -> Option<SubscriptionStatus> {
        use SubscriptionStatus::{Active, Deleted, Disabled, Expired, Suspended};
        let (recorded, since) = self.status.clone()?;
        if self.family.is_some() && !self.is_new_commerce() {
            let gone = recorded == Suspended && at >= since.plus_days(cloud::legacy_days(cloud));
            return Some(if gone { Deleted } else { recorded });
        }
        let Some(over) = self.term_over().filter(|over| at >= *over && since < *over) else { return Some(recorded) };
        let days = at.days_since(over);
        let later = |first: SubscriptionStatus| match days {
            0..30 => first,
            30..120 => Disabled,
            _ => Deleted,
        };
        Some(match recorded {
            Active if self.renews => Active,
            Active => later(Expired),
            Suspended => later(Disabled),
            ended @ (SubscriptionStatus::None
            | Deleted
            | Expired
            | SubscriptionStatus::Pending
            | Disabled
            | SubscriptionStatus::Unrecognised(_)) => ended,
        })
    }

    pub(super) fn shown(&self, at: Timestamp, cloud: Cloud) -> SubscriptionPicture {
        SubscriptionPicture {
            owner: self.owner,
            status: self.status_at(at, cloud),
            quantity: self.quantity,
            reseller_of_record: self.digits.clone(),
            dpor: self.dpor.clone(),
            pal: self.pal.clone(),
        }
    }
}
