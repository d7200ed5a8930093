//! The dossier of a customer: every answer about it at one viewpoint, for documents.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::state::Partner;
use ofrecord_core::{CustomerId, PartnerId, PartnerTenantId, PolicyRef, SubscriptionId, Timestamp};
use serde::Serialize;

use crate::histories::{AccessKey, OfRecordKey, ResellerSpell, TermsSpell};
use crate::intervals::Interval;
use crate::record::{CustomerRecord, PartnerRecord};
use crate::viewpoint::{Period, Viewpoint};
use crate::{
    AccessRow, AccountRow, AgreementRow, BillingRow, CoverageRow, DapTermination, EntryRow, FOLD_VERSION, Finding,
    GranularRow, GranularSpell, GranularSpellKey, HeldRole, Interference, ProfileRow, ResellerGap, ResellerRow,
    SourcedFact, StatusSpell, SubscriptionRow, TimelineQuery, TimelineRow, TransferRow, UserAccessRow,
};

/// What a dossier's answers are computed from.
struct Scene<'a> {
    record: &'a CustomerRecord,
    partners: Vec<&'a PartnerRecord>,
    states: BTreeMap<PartnerTenantId, Partner>,
    viewpoint: &'a Viewpoint<'a>,
    period: Period,
}

impl Scene<'_> {
    fn known(&self) -> u64 {
        self.viewpoint.known_below
    }
}

/// The answers, one a line: what it means, its name in JSON, its type, and the view that gives it.
macro_rules! answers {
    ($($(#[$meta:meta])* $name:ident: $answer:ty = $ask:expr,)+) => {
        /// Every answer about one customer at one viewpoint.
        ///
        /// Nothing in it became true after the instant asked about, but for
        /// what time alone will bring.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        pub struct Dossier {
            /// The customer.
            pub customer: CustomerId,
            /// The instant asked about.
            pub as_of: Timestamp,
            /// The tree size known from.
            pub known_below: u64,
            /// The policy whose days count for time-driven states.
            pub policy: PolicyRef,
            /// The version of the fold and of what rows hold.
            pub fold_version: &'static str,
            /// From the first fact about the customer up to the instant asked about.
            pub period: Period,
            $($(#[$meta])* pub $name: $answer,)+
            /// The entries that an answer may cite, by position.
            #[serde(skip)]
            pub entries: BTreeMap<u64, EntryRow>,
        }

        fn ask(scene: &Scene<'_>) -> Dossier {
            $(
                let ask: fn(&Scene<'_>) -> $answer = $ask;
                let $name = ask(scene);
            )+
            Dossier {
                customer: scene.record.id(),
                as_of: scene.viewpoint.as_of,
                known_below: scene.known(),
                policy: scene.viewpoint.policy.reference,
                fold_version: FOLD_VERSION,
                period: scene.period,
                $($name,)+
                entries: BTreeMap::new(),
            }
        }
    };
}

answers! {
    /// What is known of the customer itself.
    profile: ProfileRow = |scene| crate::profile(scene.record, scene.viewpoint),
    /// What is known of the partners named, by partner.
    accounts: Vec<AccountRow> =
        |scene| scene.partners.iter().map(|partner| crate::account(partner, scene.viewpoint)).collect(),
    /// Who is reseller.
    resellers: Vec<ResellerRow> = |scene| crate::resellers(scene.record, scene.viewpoint),
    /// Who was reseller when, by what was known when.
    reseller_history: Vec<Interval<PartnerTenantId, ResellerSpell>> =
        |scene| crate::reseller_history(scene.record, scene.viewpoint),
    /// When nobody was.
    reseller_gaps: Vec<ResellerGap> = |scene| crate::reseller_gaps(scene.record, scene.viewpoint),
    /// Who can administer.
    access: Vec<AccessRow> = |scene| crate::access(scene.record, scene.viewpoint),
    /// Who could administer when, by what was known when.
    access_history: Vec<Interval<AccessKey, Vec<HeldRole>>> =
        |scene| crate::access_history(scene.record, scene.viewpoint, scene.viewpoint.policy),
    /// Which users of the partners can administer.
    user_access: Vec<UserAccessRow> = |scene| crate::user_access(scene.record, &scene.states, scene.viewpoint),
    /// The granular relationships.
    granular: Vec<GranularRow> = |scene| crate::granular_relationships(scene.record, scene.viewpoint),
    /// Which status each had when, by what was known when.
    granular_history: Vec<Interval<GranularSpellKey, GranularSpell>> =
        |scene| crate::granular_history(scene.record, scene.viewpoint, scene.viewpoint.policy),
    /// The times that Microsoft ended delegated administration, and what replaced it.
    dap_terminations: Vec<DapTermination> = |scene| crate::dap_terminations(scene.record, scene.viewpoint),
    /// The subscriptions.
    subscriptions: Vec<SubscriptionRow> = |scene| crate::subscriptions(scene.record, scene.viewpoint),
    /// Which status each had when.
    status_history: Vec<StatusSpell> = |scene| crate::status_history(scene.record, scene.viewpoint),
    /// Under which terms each ran when, by what was known when.
    terms_history: Vec<Interval<SubscriptionId, TermsSpell>> =
        |scene| crate::terms_history(scene.record, scene.viewpoint),
    /// Who owned each when, by what was known when.
    owner_history: Vec<Interval<SubscriptionId, PartnerTenantId>> =
        |scene| crate::owner_history(scene.record, scene.viewpoint),
    /// The partners of record of each when, by kind and by what was known when.
    partner_of_record_history: Vec<Interval<OfRecordKey, Option<PartnerId>>> =
        |scene| crate::partner_of_record_history(scene.record, scene.viewpoint),
    /// The transfers of subscriptions between partners.
    transfers: Vec<TransferRow> = |scene| crate::transfers(scene.record, scene.viewpoint),
    /// The agreements confirmed.
    agreements: Vec<AgreementRow> = |scene| crate::agreements(scene.record, scene.viewpoint),
    /// Who is billed for which days.
    billing: Vec<BillingRow> = |scene| crate::billing(scene.record, scene.period, scene.viewpoint),
    /// What an auditor should look at.
    findings: Vec<Finding> = |scene| crate::findings(scene.record, &scene.states, scene.viewpoint),
    /// Whether a relationship event changed a subscription.
    interference: Interference = |scene| crate::interference_at(scene.record, scene.viewpoint),
    /// Which sources were read for which parts of the period.
    coverage: Vec<CoverageRow> =
        |scene| crate::coverage(scene.record, &scene.partners, scene.period, scene.known()),
    /// On how many sources each fact rests.
    sources: Vec<SourcedFact> = |scene| crate::sources_of_facts(scene.record, scene.viewpoint),
    /// What happened, refusals included.
    timeline: Vec<TimelineRow> = |scene| {
        // A period does not hold its end, and what became true at the instant asked about has happened.
        let after = Timestamp::from_ticks(scene.viewpoint.as_of.ticks().saturating_add(1));
        let period = Period { from: Timestamp::MIN, to: after.unwrap_or(Timestamp::MAX) };
        crate::timeline(scene.record, &TimelineQuery { period, ..TimelineQuery::all(scene.known()) })
    },
}

/// Asks everything about a customer at a viewpoint.
///
/// Of the partners given, those count whom the record names by then.
#[must_use]
pub fn dossier(record: &CustomerRecord, partners: &[&PartnerRecord], viewpoint: &Viewpoint<'_>) -> Dossier {
    let named = named(record, viewpoint);
    let partners: Vec<&PartnerRecord> =
        partners.iter().copied().filter(|partner| named.contains(&partner.id())).collect();
    let states = partners.iter().map(|partner| (partner.id(), partner.state(viewpoint))).collect();
    let scene = Scene { record, partners, states, viewpoint, period: period(record, viewpoint) };
    let dossier = ask(&scene);
    let entries = citable(&scene, &dossier);
    Dossier { entries, ..dossier }
}

/// From the first fact up to the instant asked about; empty when nothing had happened by then.
fn period(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> Period {
    let first = record.facts_at(viewpoint).first().map_or(viewpoint.as_of, |fact| fact.effective_at);
    Period { from: first, to: viewpoint.as_of }
}

/// The partners that what had happened by then names.
fn named(record: &CustomerRecord, viewpoint: &Viewpoint<'_>) -> BTreeSet<PartnerTenantId> {
    let known = record.entries().iter().filter(|row| row.position < viewpoint.known_below);
    let told = known.filter(|row| row.effective_at <= viewpoint.as_of);
    let moved = record.facts_at(viewpoint).into_iter().filter_map(|fact| record.entry(fact.at.position));
    told.chain(moved).flat_map(|row| row.partners.iter().copied()).collect()
}

/// The customer's entries that are known, and those of the partners' accounts that an answer cites.
fn citable(scene: &Scene<'_>, dossier: &Dossier) -> BTreeMap<u64, EntryRow> {
    let accounts = dossier.accounts.iter().flat_map(|row| &row.positions);
    let coverage = dossier.coverage.iter().flat_map(|row| &row.positions);
    let findings = dossier.findings.iter().flat_map(|finding| &finding.positions);
    let users = dossier.user_access.iter().flat_map(|row| &row.positions);
    let cited: BTreeSet<u64> = accounts.chain(coverage).chain(findings).chain(users).copied().collect();
    let of_partners = scene.partners.iter().flat_map(|partner| cited.iter().filter_map(|at| partner.entry(*at)));
    let own = scene.record.entries().iter().filter(|row| row.position < scene.known());
    own.chain(of_partners).map(|row| (row.position, row.clone())).collect()
}

#[cfg(test)]
mod tests;
