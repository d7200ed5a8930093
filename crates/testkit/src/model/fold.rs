//! Folding what happened into pictures: all changes sorted by instant and place, applied one after the other.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::vocabulary::{
    AgreementMethod, AgreementType, CustomerAccountStatus, PartnerType, ProductFamily, Services, SubscriptionStatus,
    TenantType, TransferFamily, TransferStatus,
};
use ofrecord_core::{
    Cloud, Market, PartnerId, PartnerTenantId, ProductId, SecurityGroupId, SubscriptionId, Timestamp, TransferId,
    UserName,
};

use super::cloud;
use super::world::{
    Coverage, CustomerChange, Dated, Moved, PartnerChange, Purchase, Sighting, SubscriptionPicture, TransferAsked,
    TransferPicture, Turned,
};

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
    /// Whether it has completed its enrolment as an indirect reseller.
    pub(super) enrolled: bool,
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
    pub(super) transfers: BTreeMap<TransferId, Transfer>,
}

/// A reseller relationship.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reseller {
    pub(super) stands: bool,
    pub(super) generation: u32,
    /// Whether it came about by a joint link or by an extension.
    pub(super) through_provider: bool,
}

/// A transfer.
#[derive(Debug, Clone)]
pub(super) struct Transfer {
    pub(super) family: TransferFamily,
    pub(super) source: PartnerTenantId,
    pub(super) target: PartnerTenantId,
    /// What was asked for.
    pub(super) asked: BTreeSet<SubscriptionId>,
    /// What is still to be carried out.
    pub(super) open: BTreeSet<SubscriptionId>,
    pub(super) digits: Option<PartnerId>,
    digits_of_lines: BTreeMap<SubscriptionId, PartnerId>,
    told: TransferStatus,
    asked_at: Timestamp,
}

/// A subscription.
#[derive(Debug, Clone, Default)]
pub(super) struct Bought {
    pub(super) owner: Option<PartnerTenantId>,
    pub(super) product: Option<ProductId>,
    pub(super) family: Option<ProductFamily>,
    pub(super) quantity_max: Option<u64>,
    pub(super) quantity: Option<u64>,
    pub(super) status: Option<(SubscriptionStatus, Timestamp)>,
    pub(super) term_months: Option<u32>,
    /// The first instant after the term: the day after the inclusive commitment end.
    pub(super) over: Option<Timestamp>,
    /// From when the window for cancelling counts.
    pub(super) window_from: Option<Timestamp>,
    pub(super) pending_since: Option<Timestamp>,
    /// Whether it came out of a conversion, of which no window is said to open.
    pub(super) converted: bool,
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
            PartnerChange::Registered { partner, partner_type, digits, markets, enrolled } => {
                let account = self.account(*partner);
                account.enrolled = *enrolled;
                account.partner_type = Some(partner_type.clone());
                account.digits.clone_from(digits);
                account.markets.clone_from(markets);
            }
            PartnerChange::Markets { partner, markets } => self.account(*partner).markets.clone_from(markets),
            PartnerChange::Programme { partner, active } => self.account(*partner).programme_known = Some(*active),
            PartnerChange::Enrolled { partner, completed } => self.account(*partner).enrolled = *completed,
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
                    reseller.through_provider = false;
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
            CustomerChange::CameThroughProvider { partner } => {
                self.resellers.entry(*partner).or_default().through_provider = true;
            }
            CustomerChange::TransferAsked(_)
            | CustomerChange::TransferAccepted { .. }
            | CustomerChange::TransferEnded { .. }
            | CustomerChange::TransferDone { .. } => self.apply_to_transfer(change, at),
            CustomerChange::TurnedInto(turned) => self.turn(turned, at),
            CustomerChange::SeatsAdded { .. }
            | CustomerChange::SeatsRemoved { .. }
            | CustomerChange::Suspended { .. }
            | CustomerChange::Reactivated { .. }
            | CustomerChange::Cancelled { .. }
            | CustomerChange::AutoRenew { .. }
            | CustomerChange::ResellerOfRecord { .. }
            | CustomerChange::Renewed { .. }
            | CustomerChange::Pending { .. }
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
            CustomerChange::Renewed { subscription, quantity, over, window_from } => {
                let before = of(subscription);
                let renewed = Bought {
                    quantity: Some(*quantity),
                    status: Some((SubscriptionStatus::Active, at)),
                    over: Some(*over),
                    window_from: Some(*window_from),
                    batches: vec![(window_from.plus_hours(7 * 24), *quantity)],
                    converted: false,
                    ..before
                };
                (subscription, renewed)
            }
            CustomerChange::Pending { subscription } => {
                (subscription, Bought { pending_since: Some(at), ..of(subscription) })
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
            | CustomerChange::CameThroughProvider { .. }
            | CustomerChange::TurnedInto(_)
            | CustomerChange::TransferAsked(_)
            | CustomerChange::TransferAccepted { .. }
            | CustomerChange::TransferEnded { .. }
            | CustomerChange::TransferDone { .. }
            | CustomerChange::Seen(_) => return,
        };
        self.subscriptions.insert(*id, bought);
    }

    fn apply_to_transfer(&mut self, change: &CustomerChange, at: Timestamp) {
        if let CustomerChange::TransferAsked(asked) = change {
            self.transfers.insert(asked.transfer.clone(), Transfer::asked(asked, at));
        } else if let CustomerChange::TransferAccepted { transfer, items } = change {
            self.transfers.entry(transfer.clone()).and_modify(|known| {
                known.told = TransferStatus::InProgress;
                if !items.is_empty() {
                    known.open.clone_from(items);
                }
            });
        } else if let CustomerChange::TransferEnded { transfer, status } = change {
            self.transfers.entry(transfer.clone()).and_modify(|known| known.told = status.clone());
        } else if let CustomerChange::TransferDone { transfer, target, moved, failed } = change {
            self.transfers.entry(transfer.clone()).and_modify(|known| {
                known.told = match (moved.is_empty(), failed.is_empty()) {
                    (true, _) => TransferStatus::Failed,
                    (false, true) => TransferStatus::Complete,
                    (false, false) => TransferStatus::PartiallyComplete,
                };
                known.open.clear();
            });
            moved.iter().for_each(|moved| self.carry_over(*target, moved, at));
        }
    }

    /// Owner and reseller of record change, nothing else; under another id the old one ends (rules T-13, S-12).
    fn carry_over(&mut self, target: PartnerTenantId, moved: &Moved, at: Timestamp) {
        let old = self.subscriptions.entry(moved.from).or_default();
        let mut new = Bought { owner: Some(target), digits: moved.digits.clone(), ..old.clone() };
        let Some(to) = moved.to else {
            *old = new;
            return;
        };
        // A licence stays suspended with the source; Azure and what new commerce names anew disappear there.
        let left = match old.family {
            Some(ProductFamily::LegacyLicense) => SubscriptionStatus::Suspended,
            Some(_) | None => SubscriptionStatus::Deleted,
        };
        *old = Bought { status: Some((left, at)), renews: false, ..old.clone() };
        new.status = Some((SubscriptionStatus::Active, at));
        // What links partners to the old id says nothing of the new one.
        (new.dpor, new.pal) = (None, None);
        self.subscriptions.insert(to, new);
    }

    /// Another product under the same id; or the seats go to another subscription, and this one ends.
    fn turn(&mut self, turned: &Turned, at: Timestamp) {
        let old = self.subscriptions.entry(turned.subscription).or_default();
        let of_product = Bought {
            product: Some(turned.product.id.clone()),
            family: Some(turned.product.family.clone()),
            quantity_max: turned.product.quantity_max,
            converted: true,
            ..old.clone()
        };
        let Some(into) = &turned.into else {
            *old = of_product;
            return;
        };
        old.status = Some((SubscriptionStatus::Deleted, at));
        let target = self.subscriptions.entry(into.subscription).or_default();
        if let Some((owner, over, digits)) = &into.made {
            *target = Bought {
                owner: Some(*owner),
                status: Some((SubscriptionStatus::Active, at)),
                window_from: Some(at),
                over: *over,
                digits: digits.clone(),
                batches: Vec::new(),
                pending_since: None,
                dpor: None,
                pal: None,
                ..of_product
            };
        }
        target.quantity = Some(into.quantity);
        target.converted = true;
    }

    fn buy(&mut self, purchase: &Purchase, at: Timestamp) {
        let batches = vec![(at.plus_hours(7 * 24), purchase.quantity)];
        let before = self.subscriptions.remove(&purchase.subscription).unwrap_or_default();
        self.subscriptions.insert(
            purchase.subscription,
            Bought {
                owner: Some(purchase.owner),
                product: Some(purchase.product.id.clone()),
                family: Some(purchase.product.family.clone()),
                quantity_max: purchase.product.quantity_max,
                quantity: Some(purchase.quantity),
                status: Some((SubscriptionStatus::Active, at)),
                term_months: purchase.term_months,
                over: purchase.term_months.map(|months| at.start_of_day().plus_months(months)),
                window_from: Some(at),
                pending_since: None,
                converted: false,
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

impl Transfer {
    fn asked(asked: &TransferAsked, at: Timestamp) -> Self {
        Self {
            family: asked.family.clone(),
            source: asked.source,
            target: asked.target,
            asked: asked.lines.clone(),
            open: asked.lines.clone(),
            digits: asked.digits.clone(),
            digits_of_lines: asked.digits_of_lines.clone(),
            told: TransferStatus::Pending,
            asked_at: at,
        }
    }

    /// A new-commerce request that nobody answers within thirty days is over (rule T-11).
    pub(super) fn status_at(&self, at: Timestamp) -> TransferStatus {
        let over = self.family.is_new_commerce() && self.asked_at.plus_days(30) <= at;
        if over && self.told == TransferStatus::Pending { TransferStatus::Expired } else { self.told.clone() }
    }

    pub(super) fn is_open_at(&self, at: Timestamp) -> bool {
        matches!(self.status_at(at), TransferStatus::Pending | TransferStatus::InProgress)
    }

    /// The partner ID to which a line is attributed at the target: its own, or the transfer's.
    pub(super) fn digits_of(&self, line: SubscriptionId) -> Option<PartnerId> {
        self.digits_of_lines.get(&line).or(self.digits.as_ref()).cloned()
    }

    pub(super) fn shown(&self, at: Timestamp) -> TransferPicture {
        let (source, target, open) = (self.source, self.target, self.open.clone());
        TransferPicture { status: self.status_at(at), source, target, open }
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

    /// Whether an operation is under way, which blocks others for a day (rule U-9).
    pub(super) fn is_pending_at(&self, at: Timestamp) -> bool {
        self.pending_since.is_some_and(|since| since <= at && at < since.plus_hours(24))
    }

    /// The status at an instant, as time alone brings it about (rule U-17).
    pub(super) fn status_at(&self, at: Timestamp, cloud: Cloud) -> Option<SubscriptionStatus> {
        use SubscriptionStatus::{Active, Deleted, Disabled, Expired, Suspended};
        let (recorded, since) = self.status.clone()?;
        if self.family.is_some() && !self.is_new_commerce() {
            let gone = recorded == Suspended && at >= since.plus_days(cloud::legacy_days(cloud));
            return Some(if gone { Deleted } else { recorded });
        }
        let Some(over) = self.over.filter(|over| at >= *over && since < *over) else { return Some(recorded) };
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
