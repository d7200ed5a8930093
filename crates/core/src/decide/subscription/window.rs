//! Ends of terms, and the windows in which a purchase may be undone (rules U-1, U-2, U-18).

use crate::policy::Policy;
use crate::state::Terms;
use crate::state::subscription::TRIAL_DAYS;
use crate::time::Timestamp;
use crate::vocabulary::{ProductFamily, TermDuration, Trial};

/// Days in which perpetual software may be cancelled.
const PERPETUAL_SOFTWARE_DAYS: i64 = 30;
/// Days in which a software subscription may be cancelled.
const SOFTWARE_SUBSCRIPTION_DAYS: i64 = 7;
/// Hours in which marketplace software with a monthly term may be cancelled.
const MARKETPLACE_MONTHLY_HOURS: i64 = 24;
/// Days in which marketplace software with a longer term may be cancelled.
const MARKETPLACE_DAYS: i64 = 14;

/// The last instant of a term that begins at `start`; none without a term.
pub(crate) fn commitment_end(start: Timestamp, term: &TermDuration, trial: &Trial) -> Option<Timestamp> {
    if *trial == Trial::Trial {
        return Some(start.plus_days(TRIAL_DAYS - 1).end_of_day());
    }
    term.months().map(|months| start.plus_months(months).plus_days(-1).end_of_day())
}

/// Until when what begins at `start` may be cancelled; none where there is no window.
pub(crate) fn cancellation_end(
    start: Timestamp,
    family: &ProductFamily,
    term: &TermDuration,
    policy: &Policy,
) -> Option<Timestamp> {
    match family {
        ProductFamily::NewCommerceLicense => Some(start.plus_hours(policy.change_window_hours)),
        ProductFamily::PerpetualSoftware => Some(start.plus_days(PERPETUAL_SOFTWARE_DAYS)),
        ProductFamily::SoftwareSubscription => Some(start.plus_days(SOFTWARE_SUBSCRIPTION_DAYS)),
        ProductFamily::MarketplaceSaas if *term == TermDuration::P1M => {
            Some(start.plus_hours(MARKETPLACE_MONTHLY_HOURS))
        }
        ProductFamily::MarketplaceSaas => Some(start.plus_days(MARKETPLACE_DAYS)),
        ProductFamily::LegacyLicense
        | ProductFamily::LegacyAzure
        | ProductFamily::AzurePlan
        | ProductFamily::AzureReservation
        | ProductFamily::NotStated
        | ProductFamily::Unrecognised(_) => None,
    }
}

/// Until when a subscription may be cancelled: as recorded, otherwise from the beginning of its term.
pub(crate) fn known_cancellation_end(terms: &Terms, policy: &Policy) -> Option<Timestamp> {
    if let Some(until) = &terms.cancellation_allowed_until {
        return Some(until.value);
    }
    let start = terms.term_start.as_ref().or(terms.bought_at.as_ref())?;
    let term = terms.term.as_ref().map_or(TermDuration::None, |term| term.value.clone());
    cancellation_end(start.value, &terms.product.as_ref()?.value.family, &term, policy)
}

/// Until when seats added at `at` may be taken away again; none where they never may or always may.
pub(crate) fn seats_end(at: Timestamp, terms: &Terms, policy: &Policy) -> Option<Timestamp> {
    let family = &terms.product.as_ref()?.value.family;
    let term = terms.term.as_ref().map_or(TermDuration::None, |term| term.value.clone());
    cancellation_end(at, family, &term, policy).filter(|_| family.sells_reducible_seats())
}

/// How many seats may be taken away at an instant, where a window decides.
pub(crate) fn seats_reducible(at: Timestamp, terms: &Terms, policy: &Policy) -> u64 {
    if terms.refundable.is_empty() {
        // No batch is on record: the window of the whole purchase speaks for all its seats.
        let open = known_cancellation_end(terms, policy).is_some_and(|until| at <= until);
        return terms.quantity.as_ref().filter(|_| open).map_or(0, |quantity| quantity.value);
    }
    let open = terms.refundable.iter().filter(|batch| at <= batch.until);
    open.fold(0, |sum: u64, batch| sum.saturating_add(batch.quantity))
}
