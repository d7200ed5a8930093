//! Precedence of the grounds of commands on partners, customers, relationships and access.

use super::precedence;
use crate::ground::granular as g;
use crate::ground::relationship as r;
use crate::ground::subscription as s;

precedence! {
    "RegisterPartner" => any [
        r::ONLY_REGISTRAR,
        r::PARTNER_ALREADY_REGISTERED,
        r::VALUE_NOT_RECOGNISED,
    ];
    "UpdatePartner" => any [
        r::ONLY_REGISTRAR,
        r::PARTNER_NOT_REGISTERED,
        r::VALUE_NOT_RECOGNISED,
    ];
    "SuspendPartnerAccount" => any [
        r::ONLY_MICROSOFT_MAY_SUSPEND,
        r::PARTNER_NOT_REGISTERED,
    ];
    "ReinstatePartnerAccount" => any [
        r::ONLY_MICROSOFT_MAY_SUSPEND,
        r::PARTNER_NOT_REGISTERED,
        r::PARTNER_ACCOUNT_NOT_SUSPENDED,
    ];
    "AcceptPartnerAgreement" => any [
        r::ACTOR_NOT_PARTY_TO_AGREEMENT,
        r::PARTNER_NOT_REGISTERED,
    ];
    "InvitePartner" => relationship [
        r::ACTOR_NOT_PARTY_TO_PARTNERSHIP,
        r::PARTNER_NOT_REGISTERED,
        r::ONLY_PROVIDER_MAY_INVITE,
        r::PROVIDER_EQUALS_RESELLER,
        r::NOT_AN_INDIRECT_RESELLER,
        r::PARTNERSHIP_ALREADY_ACTIVE,
    ];
    "AcceptPartnership" => relationship [
        r::ACTOR_NOT_PARTY_TO_PARTNERSHIP,
        r::PARTNER_NOT_REGISTERED,
        r::NOT_AN_INDIRECT_RESELLER,
        r::ONLY_PROVIDER_MAY_INVITE,
        r::PARTNERSHIP_ALREADY_ACTIVE,
        r::NO_PARTNERSHIP_INVITATION,
        r::RESELLER_PROGRAMME_NOT_ACTIVE,
        r::RESELLER_AGREEMENT_MISSING,
        r::PARTNERSHIP_MARKET_MISMATCH,
    ];
    "RemovePartnership" => relationship [
        r::ACTOR_NOT_PARTY_TO_PARTNERSHIP,
        r::PARTNERSHIP_NOT_ACTIVE,
    ];
    "RequestResellerRelationship" => relationship [
        r::ACTOR_NOT_PARTY_TO_RELATIONSHIP,
        r::ROLE_MAY_NOT_REQUEST,
        r::PARTNER_NOT_REGISTERED,
        r::PARTNER_ACCOUNT_SUSPENDED,
        r::PROGRAMME_NOT_ACTIVE,
        r::INDIRECT_RESELLER_MUST_USE_PROVIDER_INVITATION,
        r::NO_PROVIDER_PARTNERSHIP,
        r::PARTNER_TYPE_CANNOT_RESELL,
        r::PARTNER_EQUALS_CUSTOMER,
        r::INVITATION_EXPIRES_BEFORE_IT_IS_MADE,
        r::DAP_NAMES_NO_SERVICE,
        r::DAP_NOT_OFFERED,
        r::DAP_COVERS_WHOLE_TENANT,
        r::DAP_REQUIRED_IN_CLOUD,
    ];
    "RegisterCustomer" => any [
        r::ONLY_REGISTRAR,
        r::CUSTOMER_ALREADY_REGISTERED,
        r::VALUE_NOT_RECOGNISED,
    ];
    "UpdateCustomer" => any [
        r::ONLY_REGISTRAR,
        r::CUSTOMER_NOT_REGISTERED,
        r::VALUE_NOT_RECOGNISED,
    ];
    "AcceptResellerRelationship" => relationship [
        r::CUSTOMER_GLOBAL_ADMIN_REQUIRED,
        r::PARTNER_EQUALS_CUSTOMER,
        r::CUSTOMER_TENANT_TYPE_NOT_SUPPORTED,
        r::VALUE_NOT_RECOGNISED,
        r::CUSTOMER_IS_CSP_PARTNER_TENANT,
        r::NO_INVITATION,
        r::INDIRECT_RESELLER_MUST_USE_PROVIDER_INVITATION,
        r::NO_PROVIDER_PARTNERSHIP,
        r::MARKET_MISMATCH,
        r::ALREADY_ESTABLISHED,
        r::SINGLE_PARTNER_CLOUD,
        r::DAP_EXCEEDS_INVITATION,
        r::DAP_NAMES_NO_SERVICE,
        r::DAP_NOT_OFFERED,
        r::DAP_COVERS_WHOLE_TENANT,
        r::DAP_REQUIRED_IN_CLOUD,
        r::ONE_CSP_PARTNER_WITH_DAP_PER_SERVICE,
    ];
    "ExtendResellerRelationship" => relationship [
        r::ACTOR_NOT_PARTY_TO_RELATIONSHIP,
        r::ROLE_MAY_NOT_REQUEST,
        r::PARTNER_NOT_REGISTERED,
        r::PARTNER_ACCOUNT_SUSPENDED,
        r::PROGRAMME_NOT_ACTIVE,
        r::EXTENSION_REQUIRES_ENROLMENT,
        r::NO_RELATIONSHIP_TO_EXTEND,
        r::EXTENSION_ONLY_FOR_DIRECT_CUSTOMERS,
        r::NO_PARTNERSHIP_TO_EXTEND,
        r::CONSENT_REQUIRED,
        r::PARTNER_EQUALS_CUSTOMER,
        r::MARKET_MISMATCH,
        r::SINGLE_PARTNER_CLOUD,
        r::ALREADY_ESTABLISHED,
    ];
    "CreateCustomer" => relationship [
        r::ACTOR_NOT_PARTY_TO_RELATIONSHIP,
        r::ROLE_MAY_NOT_REQUEST,
        r::PARTNER_NOT_REGISTERED,
        r::PARTNER_ACCOUNT_SUSPENDED,
        r::PROGRAMME_NOT_ACTIVE,
        r::ONLY_PROVIDER_MAY_CREATE_CUSTOMER,
        r::PARTNER_TYPE_CANNOT_RESELL,
        r::PARTNER_EQUALS_CUSTOMER,
        r::CUSTOMER_TENANT_TYPE_NOT_SUPPORTED,
        r::VALUE_NOT_RECOGNISED,
        r::CUSTOMER_IS_CSP_PARTNER_TENANT,
        r::MARKET_MISMATCH,
        r::CUSTOMER_ALREADY_EXISTS,
        r::DAP_NAMES_NO_SERVICE,
        r::DAP_NOT_OFFERED,
        r::DAP_COVERS_WHOLE_TENANT,
        r::ONLY_INDIRECT_PROVIDER,
        s::PROVIDER_CANNOT_BE_PARTNER_ON_RECORD,
        s::NOT_VALID_INDIRECT_RESELLER,
    ];
    "RemoveResellerRelationship" => relationship [
        r::APP_USER_REQUIRED,
        r::ACTOR_NOT_PARTY_TO_REMOVAL,
        r::ROLE_MAY_NOT_REMOVE,
        r::PARTNER_NOT_REGISTERED,
        r::INDIRECT_PROVIDER_MUST_REMOVE,
        r::NOT_A_RESELLER,
        r::ACTIVE_SUBSCRIPTIONS_EXIST,
        r::AZURE_RESERVATION_ACTIVE,
        r::SOFTWARE_PURCHASE_ACTIVE,
        r::NEW_COMMERCE_SUBSCRIPTION_NOT_CANCELLED,
    ];
    "DeleteCustomer" => relationship [
        r::ACTOR_NOT_PARTY_TO_DELETION,
        r::PARTNER_NOT_REGISTERED,
        r::ONLY_SANDBOX_MAY_DELETE,
        r::NOT_A_RESELLER,
    ];
    "SetAssociatedPartner" => relationship [
        r::ACTOR_NOT_PARTY_TO_ASSOCIATION,
        r::PARTNER_NOT_REGISTERED,
        r::ONLY_INDIRECT_PROVIDER,
        r::NO_RELATIONSHIP_TO_ASSOCIATE,
        s::PROVIDER_CANNOT_BE_PARTNER_ON_RECORD,
        s::NOT_VALID_INDIRECT_RESELLER,
    ];
    "GrantDap" => relationship [
        r::CUSTOMER_GLOBAL_ADMIN_REQUIRED,
        r::NO_RESELLER_RELATIONSHIP,
        r::DAP_NAMES_NO_SERVICE,
        r::DAP_NOT_OFFERED,
        r::DAP_COVERS_WHOLE_TENANT,
        r::ONE_CSP_PARTNER_WITH_DAP_PER_SERVICE,
    ];
    "RemoveDap" => relationship [
        r::CUSTOMER_GLOBAL_ADMIN_REQUIRED,
        r::ACTOR_NOT_PARTY_TO_DAP,
        r::PARTNER_NOT_REGISTERED,
        r::DAP_NAMES_NO_SERVICE,
        r::DAP_NOT_ACTIVE,
        r::DAP_COVERS_WHOLE_TENANT,
    ];
    "RecordMicrosoftDapTermination" => relationship [
        r::ONLY_MICROSOFT_MAY,
        r::DAP_NOT_ACTIVE,
        g::TRANSITION_NOT_OVER,
        r::VALUE_NOT_RECOGNISED,
        r::DAP_NOT_INACTIVE,
    ];
    "RecordAzureRoleAssignment" => any [
        r::ACTOR_NOT_PARTY_TO_AZURE_ROLE,
    ];
    "RecordAzureRoleRemoval" => any [
        r::ACTOR_NOT_PARTY_TO_AZURE_ROLE,
        r::AZURE_ROLE_NOT_ASSIGNED,
    ];
}
