//! Granular relationships: what each allowed, its status at an instant, until when it ran, and whether Microsoft still shows it.

use std::collections::BTreeSet;

use ofrecord_core::state::granular::Consent;
use ofrecord_core::state::{Customer, GdapRelationship, GdapStatusAt};
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration, GdapStatus, RemovedBy};
use ofrecord_core::{CustomerId, GdapRelationshipId, PartnerTenantId, Policy, RoleId, SecurityGroupId, Timestamp};
use serde::Serialize;

use crate::access::granular::{approved, at_end, end_cells};
use crate::access::{Approved, AtEnd};
use crate::cells::Cells;
use crate::record::{CustomerRecord, PartnerRecord};
use crate::roles;
use crate::viewpoint::Viewpoint;

mod assignments;
mod entries;
pub(crate) mod history;

pub use self::assignments::{AssignmentRow, Effect};
pub use self::entries::entries_on;
pub use self::history::{GranularSpell, GranularSpellKey, granular_history};

/// Since when a relationship held Global Administrator, and until when (question 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct GlobalAdministratorHeld {
    /// Since when it was in the relationship, as the ledger saw it.
    pub since: Timestamp,
    /// When it was taken out, or the relationship was over; none while it is in.
    pub until: Option<Timestamp>,
}

/// Whether the reseller agreed to what its provider made for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ResellerConsent {
    /// Not yet.
    Pending,
    /// It did.
    Given,
}

/// Whether Microsoft shows a relationship; the ledger keeps it either way (rule G-24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AtMicrosoft {
    /// It does, as far as known.
    Shown,
    /// It was told to have been cleaned up.
    CleanedUp,
    /// It is deleted, rejected, unanswered, or over for longer than Microsoft keeps it; no source says more.
    NoLongerShown,
}

/// One granular relationship at an instant. What no source says is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct GranularRow {
    /// The relationship.
    pub relationship: GdapRelationshipId,
    /// The partner who administers.
    pub partner: PartnerTenantId,
    /// The customer, once known.
    pub customer: Option<CustomerId>,
    /// Its name.
    pub display_name: Option<String>,
    /// Its status at the instant.
    pub status: Option<GdapStatus>,
    /// Since when.
    pub status_since: Timestamp,
    /// The rule by which time alone brought the status or the end about.
    pub rule: Option<&'static str>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it was locked for approval.
    pub submitted_at: Option<Timestamp>,
    /// The customer's side; none where the ledger has no approval.
    pub approved: Option<Approved>,
    /// When it came into force.
    pub activated_at: Option<Timestamp>,
    /// How long it was made for.
    pub duration: Option<GdapDuration>,
    /// When it ends or ended, with every extension due by the instant.
    pub ends_at: Option<Timestamp>,
    /// What happens then; none unless it is in force.
    pub at_end: Option<AtEnd>,
    /// How often its end has moved by the instant.
    pub extensions: u32,
    /// By how much it goes on at its end.
    pub auto_extend: Option<GdapAutoExtend>,
    /// Since when that is so (question 10).
    pub auto_extend_since: Option<Timestamp>,
    /// The roles it may give.
    pub roles: Option<BTreeSet<RoleId>>,
    /// Their published names; an id where none is published.
    pub role_names: BTreeSet<String>,
    /// Global Administrator in it; none where it never was, as far as known.
    pub global_administrator: Option<GlobalAdministratorHeld>,
    /// Which side asked for its end.
    pub termination: Option<RemovedBy>,
    /// Its access assignments; none in a partner's own record, which does not have them.
    pub assignments: Option<Vec<AssignmentRow>>,
    /// The groups that have roles by it at the instant.
    pub groups: BTreeSet<SecurityGroupId>,
    /// The provider who made it for its reseller.
    pub provider: Option<PartnerTenantId>,
    /// Whether the reseller agreed to what its provider made for it.
    pub partner_consent: Option<ResellerConsent>,
    /// Whether Microsoft shows it.
    pub at_microsoft: AtMicrosoft,
    /// Since when it does not.
    pub gone_since: Option<Timestamp>,
    /// When it was last changed, as a source says.
    pub modified_at: Option<Timestamp>,
    /// The source's entity tag, verbatim.
    pub etag: Option<String>,
    /// The entries that set the fields, by field.
    pub cells: Cells,
    /// All of them.
    pub positions: Vec<u64>,
}

/// A customer's granular relationships at a viewpoint, ended ones included, by their ids (questions 10, 12, 14, 15).
#[must_use]
pub fn granular_relationships(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Vec<GranularRow> {
    of_state(&record.state(viewpoint), viewpoint)
}

/// A partner's granular relationships with all customers at a viewpoint, from its own record: those in force first,
/// the nearest end first (question 10).
#[must_use]
pub fn partner_granular_relationships(record: &PartnerRecord, viewpoint: &Viewpoint<'_>) -> Vec<GranularRow> {
    let state = record.state(viewpoint);
    let own = state.granular.by_id.iter().map(|(id, known)| Known { id, known, viewpoint }.row());
    let mut rows: Vec<GranularRow> = own.map(|row| GranularRow { assignments: None, ..row }).collect();
    let place = |row: &GranularRow| (row.at_end.is_none(), row.ends_at.unwrap_or(Timestamp::MAX));
    rows.sort_by(|left, right| (place(left), &left.relationship).cmp(&(place(right), &right.relationship)));
    rows
}

pub(crate) fn of_state(customer: &Customer, viewpoint: &Viewpoint<'_>) -> Vec<GranularRow> {
    customer.access.granular.by_id.iter().map(|(id, known)| Known { id, known, viewpoint }.row()).collect()
}

/// A relationship as a state has it.
struct Known<'a> {
    id: &'a GdapRelationshipId,
    known: &'a GdapRelationship,
    viewpoint: &'a Viewpoint<'a>,
}

impl Known<'_> {
    fn row(&self) -> GranularRow {
        let Self { known, viewpoint, .. } = *self;
        let holds = known.status_at(viewpoint.as_of, viewpoint.policy);
        let mut cells = Cells::default();
        status_cells(known, &holds, "status", &mut cells);
        end_cells(known, "ends_at", &mut cells);
        let roles = cells.read("roles", known.roles.as_ref());
        let assignments = assignments::rows(known, &holds, &mut cells);
        let (at_microsoft, gone_since) = at_microsoft(known, &holds, viewpoint.policy, viewpoint.as_of);
        if let Some(cleaned_up) = known.cleaned_up {
            cells.stamp("at_microsoft", cleaned_up);
        }
        GranularRow {
            relationship: self.id.clone(),
            partner: known.partner,
            customer: cells.read("customer", known.customer.as_ref()),
            display_name: cells.read("display_name", known.display_name.as_ref()),
            status: holds.status.clone(),
            status_since: holds.since,
            rule: holds.rule,
            created_at: cells.read("created_at", known.created_at.as_ref()),
            submitted_at: known.submitted.map(|submitted| {
                cells.stamp("submitted_at", submitted);
                submitted.effective_at
            }),
            approved: approved(known.approval.as_ref(), &mut cells),
            activated_at: cells.read("activated_at", known.activated_at.as_ref()),
            duration: cells.read("duration", known.duration.as_ref()),
            ends_at: holds.ends_at,
            at_end: holds.is_active().then(|| at_end(known, &holds, viewpoint.policy)),
            extensions: holds.extensions,
            auto_extend: cells.read("auto_extend", known.auto_extend.as_ref()),
            auto_extend_since: known.auto_extend.as_ref().map(|cell| cell.set.effective_at),
            role_names: roles.iter().flatten().map(|role| roles::name(*role)).collect(),
            roles,
            global_administrator: global_administrator(known, &holds, &mut cells),
            termination: cells.read("termination", known.termination.as_ref()),
            groups: assignments::groups_in_force(&assignments),
            assignments: Some(assignments),
            provider: cells.read("provider", known.provider.as_ref()),
            partner_consent: cells.read("partner_consent", known.partner_consent.as_ref()).map(ResellerConsent::of),
            at_microsoft,
            gone_since,
            modified_at: cells.read("modified_at", known.modified_at.as_ref()),
            etag: cells.read("etag", known.etag.as_ref()),
            positions: cells.positions(),
            cells,
        }
    }
}

impl ResellerConsent {
    fn of(consent: Consent) -> Self {
        match consent {
            Consent::Pending => Self::Pending,
            Consent::Given => Self::Given,
        }
    }
}

/// Notes what the status at an instant follows from.
pub(crate) fn status_cells(known: &GdapRelationship, holds: &GdapStatusAt, field: &'static str, cells: &mut Cells) {
    cells.stamp(field, holds.set);
    match (holds.rule, &holds.status) {
        (Some(_), Some(GdapStatus::RequestExpired)) => {
            known.submitted.into_iter().for_each(|at| cells.stamp(field, at))
        }
        (Some(_), _) => end_cells(known, field, cells),
        (None, _) => {}
    }
}

fn global_administrator(
    known: &GdapRelationship,
    holds: &GdapStatusAt,
    cells: &mut Cells,
) -> Option<GlobalAdministratorHeld> {
    let spell = known.global_administrator.as_ref()?;
    cells.stamp("global_administrator", spell.since);
    if let Some(removed) = spell.removed {
        cells.stamp("global_administrator", removed);
    }
    let over = holds.status.as_ref().filter(|status| status.is_final()).map(|_| holds.since);
    let until = spell.removed.map(|removed| removed.effective_at).or(over);
    Some(GlobalAdministratorHeld { since: spell.since.effective_at, until })
}

/// Rule G-24, and the year for which Microsoft keeps what is over.
fn at_microsoft(
    known: &GdapRelationship,
    holds: &GdapStatusAt,
    policy: &Policy,
    at: Timestamp,
) -> (AtMicrosoft, Option<Timestamp>) {
    if let Some(cleaned_up) = known.cleaned_up {
        return (AtMicrosoft::CleanedUp, Some(cleaned_up.effective_at));
    }
    if known.is_visible_at(at, policy) {
        return (AtMicrosoft::Shown, None);
    }
    let kept = match holds.status {
        Some(GdapStatus::Expired | GdapStatus::Terminated) => policy.gdap_kept_days,
        Some(_) | None => 0,
    };
    (AtMicrosoft::NoLongerShown, Some(holds.since.plus_days(kept)))
}

#[cfg(test)]
mod tests;
