//! Folding what was told of granular relationships into what they are at an instant (rules G-14, G-18, G-19, A-8).

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::vocabulary::{AssignmentStatus, GdapAutoExtend, GdapDuration, GdapStatus};
use ofrecord_core::{
    AccessAssignmentId, CustomerId, GdapRelationshipId, PartnerTenantId, RoleId, SecurityGroupId, Timestamp,
};

use super::cloud;
use super::fold::in_order;
use super::granular::{Led, OnAssignment, Seen, Terms, Told, What};
use super::terms::end_after;
use super::world::{AssignmentPicture, Dated, GranularPicture};
use crate::role::GLOBAL_ADMINISTRATOR;

/// Relationships by partner and id.
pub(super) type Granulars = BTreeMap<(PartnerTenantId, GdapRelationshipId), Granular>;

/// A granular relationship as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Granular {
    pub(super) customer: Option<CustomerId>,
    pub(super) name: Option<String>,
    pub(super) duration: Option<GdapDuration>,
    pub(super) extension: Option<GdapAutoExtend>,
    pub(super) roles: Option<BTreeSet<RoleId>>,
    pub(super) provider: Option<PartnerTenantId>,
    /// Whether the reseller agreed to what its provider made; none where no provider did.
    pub(super) agreed: Option<bool>,
    /// Status as last told, and since when.
    told: Option<(GdapStatus, Timestamp)>,
    asked: Option<Timestamp>,
    /// Who approved, or for whom Microsoft did without asking, of whom there should be one.
    pub(super) approved_by: BTreeSet<CustomerId>,
    begun: Option<Timestamp>,
    /// The end, with the extensions that were due at the newest change.
    end: Option<Timestamp>,
    /// The end as last told, without those.
    pub(super) end_told: Option<Timestamp>,
    pub(super) led: Option<Timestamp>,
    pub(super) cleaned_up: bool,
    changed_at: Option<Timestamp>,
    /// The entries that changed it: as many as its version says.
    entries: BTreeSet<u64>,
    pub(super) assignments: BTreeMap<AccessAssignmentId, Assigned>,
}

/// An access assignment as far as it is known.
#[derive(Debug, Clone, Default)]
pub(super) struct Assigned {
    pub(super) group: Option<SecurityGroupId>,
    pub(super) roles: Option<BTreeSet<RoleId>>,
    pub(super) status: Option<AssignmentStatus>,
    entries: BTreeSet<u64>,
}

/// What a command can see of granular relationships, folded when it is asked for.
pub(super) struct Sight<'a> {
    happened: &'a [Dated<Told>],
    customer: Option<CustomerId>,
    at: Timestamp,
    known: OnceCell<Granulars>,
    shared: OnceCell<Granulars>,
    ever: OnceCell<Granulars>,
    ever_shared: OnceCell<Granulars>,
}

impl<'a> Sight<'a> {
    pub(super) fn new(happened: &'a [Dated<Told>], customer: Option<CustomerId>, at: Timestamp) -> Self {
        let (known, shared, ever, ever_shared) = Default::default();
        Self { happened, customer, at, known, shared, ever, ever_shared }
    }

    /// Those of every partner at the instant of the command.
    pub(super) fn known(&self) -> &Granulars {
        self.known.get_or_init(|| of_partners(self.happened, self.at, u64::MAX))
    }

    /// Those of the customer at that instant, as its own record has them.
    pub(super) fn shared(&self) -> &Granulars {
        self.shared.get_or_init(|| of_customer(self.happened, self.customer, self.at, u64::MAX))
    }

    /// Those of every partner by what is known of any time, later ones too.
    pub(super) fn ever(&self) -> &Granulars {
        self.ever.get_or_init(|| of_partners(self.happened, Timestamp::MAX, u64::MAX))
    }

    /// Those of the customer by what is known of any time.
    pub(super) fn ever_shared(&self) -> &Granulars {
        self.ever_shared.get_or_init(|| of_customer(self.happened, self.customer, Timestamp::MAX, u64::MAX))
    }
}

/// Folds what was told: of all partners, as far as it is about the relationships themselves.
pub(super) fn of_partners(happened: &[Dated<Told>], as_of: Timestamp, known_below: u64) -> Granulars {
    fold(happened, as_of, known_below, &|told| !matches!(told.what, What::OnAssignment(..)))
}

/// Folds what was told about one customer, assignments included. An id is the partner's of whom it was told first.
pub(super) fn of_customer(
    happened: &[Dated<Told>],
    customer: Option<CustomerId>,
    as_of: Timestamp,
    known_below: u64,
) -> Granulars {
    let told_of_it = |told: &Told| customer.is_some() && told.customer == customer;
    let mut owners = BTreeMap::new();
    for one in in_order(happened, as_of, known_below).into_iter().filter(|one| told_of_it(&one.change)) {
        owners.entry(one.change.relationship.clone()).or_insert(one.change.partner);
    }
    fold(happened, as_of, known_below, &|told| {
        told_of_it(told) && owners.get(&told.relationship) == Some(&told.partner)
    })
}

fn fold(happened: &[Dated<Told>], as_of: Timestamp, known_below: u64, about: &dyn Fn(&Told) -> bool) -> Granulars {
    let mut granulars = Granulars::new();
    for one in in_order(happened, as_of, known_below).into_iter().filter(|one| about(&one.change)) {
        let key = (one.change.partner, one.change.relationship.clone());
        granulars.entry(key).or_default().apply(&one.change.what, one.at, one.position);
    }
    granulars
}

impl Granular {
    fn apply(&mut self, what: &What, at: Timestamp, position: u64) {
        if let What::OnAssignment(assignment, what) = what {
            self.assignments.entry(*assignment).or_default().apply(what, position);
            return;
        }
        if self.told.as_ref().is_some_and(|(status, _)| *status == GdapStatus::Active) {
            self.end = self.end_by(at);
        }
        self.changed_at = Some(at);
        self.entries.insert(position);
        match what {
            What::Made { customer, provider, terms } => {
                self.agree_on(terms);
                self.customer = customer.or(self.customer);
                self.provider = provider.or(self.provider);
                self.agreed = provider.map(|_| false).or(self.agreed);
                self.tell(GdapStatus::Created, at);
            }
            What::Changed { customer, terms } => {
                self.agree_on(terms);
                self.customer = customer.or(self.customer);
            }
            What::Deleted => self.tell(GdapStatus::Deleted, at),
            What::Locked => {
                self.asked = Some(at);
                self.tell(GdapStatus::ApprovalPending, at);
            }
            What::Agreed => self.agreed = Some(true),
            What::Approved { customer, terms } => {
                terms.iter().for_each(|terms| self.agree_on(terms));
                self.customer = Some(*customer);
                self.approved_by.insert(*customer);
                self.tell(GdapStatus::Approved, at);
            }
            What::Rejected => self.tell(GdapStatus::Rejected, at),
            What::Begun { customer, end, terms, led } => {
                terms.iter().for_each(|terms| self.agree_on(terms));
                self.customer = customer.or(self.customer);
                self.begin(at, *end);
                if *led == Led::ByMicrosoft {
                    self.led = Some(at);
                    self.approved_by.extend(customer);
                }
            }
            What::EndAsked => self.tell(GdapStatus::TerminationRequested, at),
            What::Ended => self.tell(GdapStatus::Terminated, at),
            What::Expired => self.tell(GdapStatus::Expired, at),
            What::Extended { end } => self.ends(*end),
            What::GlobalAdministratorOut => {
                self.roles = self.roles.take().map(|roles| &roles - &BTreeSet::from([GLOBAL_ADMINISTRATOR]));
            }
            What::ExtensionSet(extension) => self.extension = Some(extension.clone()),
            What::CleanedUp => self.cleaned_up = true,
            What::Seen(seen) => self.see(seen, at),
            What::OnAssignment(..) => {}
        }
    }

    fn agree_on(&mut self, terms: &Terms) {
        self.name = Some(terms.name.clone());
        self.duration = Some(terms.duration.clone());
        self.extension = Some(terms.extension.clone());
        self.roles = Some(terms.roles.clone());
    }

    fn tell(&mut self, status: GdapStatus, at: Timestamp) {
        self.told = Some((status, at));
    }

    fn ends(&mut self, end: Timestamp) {
        (self.end, self.end_told) = (Some(end), Some(end));
    }

    /// It comes into force once, and its end follows from that (rule G-19).
    fn begin(&mut self, at: Timestamp, end: Option<Timestamp>) {
        let first = self.begun.is_none();
        let begun = *self.begun.get_or_insert(at);
        if first || self.end.is_none() {
            let computed = self.duration.as_ref().and_then(|duration| end_after(duration, begun));
            end.or(computed).into_iter().for_each(|end| self.ends(end));
        }
        self.tell(GdapStatus::Active, at);
    }

    fn see(&mut self, seen: &Seen, at: Timestamp) {
        self.customer = seen.customer.or(self.customer);
        self.name = seen.name.clone().or(self.name.take());
        self.duration = seen.duration.clone().or(self.duration.take());
        self.extension = seen.extension.clone().or(self.extension.take());
        self.roles = seen.roles.clone().or(self.roles.take());
        self.begun = seen.begun.or(self.begun);
        seen.end.into_iter().for_each(|end| self.ends(end));
        if let Some(status) = &seen.status {
            // What is shown again unchanged has held since it was first told.
            if self.told.as_ref().is_none_or(|(told, _)| told != status) {
                self.tell(status.clone(), at);
            }
            if *status == GdapStatus::ApprovalPending {
                self.asked.get_or_insert(at);
            }
        }
    }

    /// The terms, when all of them are known.
    pub(super) fn terms(&self) -> Option<Terms> {
        let (name, duration) = (self.name.clone()?, self.duration.clone()?);
        Some(Terms { name, duration, extension: self.extension.clone()?, roles: self.roles.clone()? })
    }

    pub(super) fn holds_global_administrator(&self) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.contains(&GLOBAL_ADMINISTRATOR))
    }

    pub(super) fn version(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap_or(u64::MAX)
    }

    /// The end by an instant: it moves by 180 days, again and again, while that is agreed and Global Administrator is out (rule G-18).
    pub(super) fn end_by(&self, at: Timestamp) -> Option<Timestamp> {
        let mut end = self.end?;
        let moves = self.extension == Some(GdapAutoExtend::P180D) && !self.holds_global_administrator();
        while moves && end <= at {
            end = end.plus_days(180);
        }
        Some(end)
    }

    pub(super) fn changed_after(&self, at: Timestamp) -> bool {
        self.changed_at.is_some_and(|changed| changed >= at)
    }

    /// The status as last told.
    pub(super) fn told(&self) -> Option<&GdapStatus> {
        self.told.as_ref().map(|(status, _)| status)
    }

    /// The status at an instant and since when, as time alone brings it about (rules G-14, G-18).
    pub(super) fn status_at(&self, at: Timestamp) -> Option<(GdapStatus, Timestamp)> {
        let (told, since) = self.told.clone()?;
        let over = if told == GdapStatus::Active {
            self.end_by(at).map(|end| (GdapStatus::Expired, end))
        } else if told == GdapStatus::ApprovalPending {
            self.asked.map(|asked| (GdapStatus::RequestExpired, asked.plus_days(cloud::GDAP_REQUEST_DAYS)))
        } else {
            None
        };
        Some(over.filter(|(_, over)| *over <= at).unwrap_or((told, since)))
    }

    pub(super) fn is_active_at(&self, at: Timestamp) -> bool {
        self.status_at(at).is_some_and(|(status, _)| status == GdapStatus::Active)
    }

    /// What the group of an assignment may do at an instant: nothing unless both are in force (rules ).
    pub(super) fn given_at(&self, assigned: &Assigned, at: Timestamp) -> BTreeSet<RoleId> {
        let in_force = self.is_active_at(at) && assigned.status == Some(AssignmentStatus::Active);
        let given = assigned.roles.iter().flatten().copied().filter(|_| in_force);
        given.filter(|role| self.roles.as_ref().is_none_or(|held| held.contains(role))).collect()
    }

    pub(super) fn shown(&self, at: Timestamp) -> GranularPicture {
        let status = self.status_at(at).map(|(status, _)| status);
        let moves = self.told() == Some(&GdapStatus::Active);
        let assignment = |assigned: &Assigned| AssignmentPicture {
            group: assigned.group,
            status: assigned.status.clone(),
            gives: self.given_at(assigned, at),
            version: assigned.version(),
        };
        GranularPicture {
            customer: self.customer,
            status,
            ends_at: if moves { self.end_by(at) } else { self.end },
            roles: self.roles.clone(),
            version: self.version(),
            assignments: self.assignments.iter().map(|(id, assigned)| (*id, assignment(assigned))).collect(),
        }
    }

    /// The instants at which time alone changes something, as far as is known at an instant.
    pub(super) fn turns(&self, at: Timestamp) -> impl Iterator<Item = Timestamp> + use<> {
        [self.end_by(at), self.asked.map(|asked| asked.plus_days(cloud::GDAP_REQUEST_DAYS))].into_iter().flatten()
    }
}

impl Assigned {
    fn apply(&mut self, what: &OnAssignment, position: u64) {
        self.entries.insert(position);
        match what {
            OnAssignment::Given { group, roles } => {
                (self.group, self.roles) = (Some(*group), Some(roles.clone()));
                self.status = Some(AssignmentStatus::Pending);
            }
            OnAssignment::InForce => self.status = Some(AssignmentStatus::Active),
            OnAssignment::Failed => self.status = Some(AssignmentStatus::Error),
            OnAssignment::Replaced(roles) => self.roles = Some(roles.clone()),
            OnAssignment::TakenBack => self.status = Some(AssignmentStatus::Deleted),
            OnAssignment::Seen { group, roles, status } => {
                self.group = group.or(self.group);
                self.roles = roles.clone().or(self.roles.take());
                self.status = status.clone().or(self.status.take());
            }
        }
    }

    pub(super) fn version(&self) -> u64 {
        u64::try_from(self.entries.len()).unwrap_or(u64::MAX)
    }

    /// Whether its group is taken by it (rule A-4).
    pub(super) fn is_live(&self) -> bool {
        matches!(self.status, Some(AssignmentStatus::Pending | AssignmentStatus::Active))
    }
}
