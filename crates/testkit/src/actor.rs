//! Actors by what they are: a partner's agent, a customer's administrator, Microsoft, the ledger's own people.

use ofrecord_core::{Actor, ActorKind, CustomerId, PartnerTenantId, Role};

/// A person of a partner in a role.
#[must_use]
pub fn partner_user(partner: PartnerTenantId, role: Role) -> Actor {
    Actor {
        kind: ActorKind::PartnerUser,
        tenant_id: Some(partner.guid()),
        user: Some("agent@partner.example".to_owned()),
        role: Some(role),
    }
}

/// An admin agent of a partner: the role that may request, order and remove.
#[must_use]
pub fn admin_agent(partner: PartnerTenantId) -> Actor {
    partner_user(partner, Role::AdminAgent)
}

/// An application of a partner without a person.
#[must_use]
pub fn partner_application(partner: PartnerTenantId) -> Actor {
    Actor { tenant_id: Some(partner.guid()), ..Actor::new(ActorKind::PartnerApplication) }
}

/// A person of a customer in a role.
#[must_use]
pub fn customer_admin(customer: CustomerId, role: Role) -> Actor {
    Actor {
        kind: ActorKind::CustomerAdmin,
        tenant_id: Some(customer.guid()),
        user: Some("admin@customer.example".to_owned()),
        role: Some(role),
    }
}

/// A global administrator of a customer.
#[must_use]
pub fn global_admin(customer: CustomerId) -> Actor {
    customer_admin(customer, Role::GlobalAdmin)
}

/// Microsoft, or 21Vianet as operator of the Chinese cloud.
#[must_use]
pub fn microsoft() -> Actor {
    Actor::new(ActorKind::Microsoft)
}

/// A person running the ledger.
#[must_use]
pub fn operator() -> Actor {
    Actor::new(ActorKind::Operator)
}

/// An import of existing evidence.
#[must_use]
pub fn importer() -> Actor {
    Actor::new(ActorKind::Importer)
}

/// A compliance officer of the ledger.
#[must_use]
pub fn compliance_officer() -> Actor {
    Actor { role: Some(Role::ComplianceOfficer), ..Actor::new(ActorKind::Operator) }
}
