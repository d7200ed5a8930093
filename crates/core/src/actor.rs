//! Who asked: the actor of a command and the roles that rules look at.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::id::{CustomerId, PartnerTenantId};
use crate::wire::wire_enum;

wire_enum! {
    /// In which capacity an actor acts.
    pub enum ActorKind {
        /// A person signed in at the partner (App+User token).
        PartnerUser = "partner_user",
        /// An application of the partner without a person (App-only token, rule M-8).
        PartnerApplication = "partner_application",
        /// An administrator of the customer's tenant.
        CustomerAdmin = "customer_admin",
        /// Microsoft, or 21Vianet as operator of the Chinese cloud.
        Microsoft = "microsoft",
        /// A system process that is nobody's decision.
        System = "system",
        /// An import of existing evidence (rule L-12).
        Importer = "importer",
        /// A person running this ledger: an operator or a compliance officer.
        Operator = "operator",
    }
}

wire_enum! {
    /// The role in which a person acted, as far as the source says.
    pub enum Role {
        /// Global administrator, of the partner or the customer.
        GlobalAdmin = "global_admin",
        /// User management administrator.
        UserManagementAdmin = "user_management_admin",
        /// Billing administrator.
        BillingAdmin = "billing_admin",
        /// Account administrator.
        AccountAdmin = "account_admin",
        /// Partner programme (MPN) administrator.
        PartnerProgramAdmin = "partner_program_admin",
        /// Admin agent.
        AdminAgent = "admin_agent",
        /// Sales agent.
        SalesAgent = "sales_agent",
        /// Helpdesk agent.
        HelpdeskAgent = "helpdesk_agent",
        /// A compliance officer of this ledger (rule L-1).
        ComplianceOfficer = "compliance_officer",
    }
}

/// Who asked for a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// In which capacity.
    pub kind: ActorKind,
    /// The tenant on whose behalf: the partner's or the customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<Uuid>,
    /// User principal name or application id, where the source has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The role acted in, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
}

impl Actor {
    /// An actor without tenant, user and role.
    #[must_use]
    pub fn new(kind: ActorKind) -> Self {
        Self { kind, tenant_id: None, user: None, role: None }
    }

    /// The partner acted for, when the actor is a partner's user or application.
    #[must_use]
    pub fn partner(&self) -> Option<PartnerTenantId> {
        matches!(self.kind, ActorKind::PartnerUser | ActorKind::PartnerApplication)
            .then_some(self.tenant_id)
            .flatten()
            .map(PartnerTenantId::new)
    }

    /// The customer acted for, when the actor is a customer's administrator.
    #[must_use]
    pub fn customer(&self) -> Option<CustomerId> {
        (self.kind == ActorKind::CustomerAdmin).then_some(self.tenant_id).flatten().map(CustomerId::new)
    }
}
