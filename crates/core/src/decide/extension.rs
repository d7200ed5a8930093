//! Deciding on extensions: a direct-bill partner who becomes an indirect reseller brings its provider to the customer (rule R-17).

use super::partner::known_partnership;
use super::relationship::{
    account_that_begins, known_market, require_distinct, require_market, require_single_partner,
};
use super::{Case, Ruling};
use crate::command::relationship::ExtendResellerRelationship;
use crate::event::Event;
use crate::event::relationship::ResellerRelationshipExtended;
use crate::ground::relationship as ground;
use crate::refusal::{Ground, Refusal};
use crate::state::{Establishment, Partnership, Relationship};

/// The provider becomes reseller beside the partner, without delegated administration and without a
/// subscription. Precedence: the partner (acting, role, account, programme), its enrolment, the relationship
/// and how it came about, the partnership, consent, customer, market, other partners, the provider's standing.
pub(super) fn extend(case: &Case<'_>, command: &ExtendResellerRelationship) -> Ruling {
    let customer = case.customer_named()?;
    let account = account_that_begins(case, command.partner)?;
    let refused =
        |ground: &Ground| Refusal::because(ground).with("partner", command.partner).with("provider", command.provider);
    if !account.has_completed_enrolment() {
        let enrolment = account.indirect_reseller_enrolment.as_ref().map(|known| &known.value);
        return Err(refused(&ground::EXTENSION_REQUIRES_ENROLMENT).with_all("enrolment", enrolment));
    }
    let relationship = case.require_relationship(command.partner, &ground::NO_RELATIONSHIP_TO_EXTEND)?;
    require_direct(relationship).map_err(|refusal| refusal.with("partner", command.partner))?;
    if !known_partnership(case, command.provider, command.partner).is_some_and(Partnership::is_active) {
        return Err(refused(&ground::NO_PARTNERSHIP_TO_EXTEND));
    }
    if command.consent_reference.trim().is_empty() {
        return Err(refused(&ground::CONSENT_REQUIRED));
    }
    require_distinct(command.provider, customer)?;
    require_market(case, command.provider, known_market(case))?;
    require_single_partner(case, &[command.partner, command.provider])?;
    let known = case.customer.resellers.relationships.get(&command.provider);
    if known.is_some_and(Relationship::stands) {
        return Err(Refusal::because(&ground::ALREADY_ESTABLISHED).with("partner", command.provider));
    }
    let generation = known.map_or(1, Relationship::next_generation);
    Ok(vec![Event::ResellerRelationshipExtended(ResellerRelationshipExtended {
        provider: command.provider,
        from_partner: command.partner,
        consent_reference: Some(command.consent_reference.clone()),
        generation,
    })])
}

/// A customer that came through a provider, or is seen to stand through one, is the provider's already. How an
/// observed relationship came about is else not known, and does not refuse.
fn require_direct(relationship: &Relationship) -> Result<(), Refusal> {
    let refusal = || Refusal::because(&ground::EXTENSION_ONLY_FOR_DIRECT_CUSTOMERS);
    match &relationship.established.value {
        Establishment::JointLink { provider } | Establishment::ObservedThrough { provider } => {
            Err(refusal().with("acquired_through", provider))
        }
        Establishment::Extension { from } => Err(refusal().with("extended_from", from)),
        Establishment::AcceptedByCustomer | Establishment::AccountCreated | Establishment::Observed => Ok(()),
    }
}
