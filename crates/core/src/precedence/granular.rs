//! Precedence of the grounds of commands on granular delegated administration.

use super::precedence;
use crate::ground::granular as g;
use crate::ground::relationship as r;

precedence! {
    "CreateGdapRelationship" => relationship [
        g::GDAP_NOT_AVAILABLE,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        r::NO_PROVIDER_PARTNERSHIP,
        r::PARTNER_NOT_REGISTERED,
        r::PARTNER_EQUALS_CUSTOMER,
        g::GDAP_RELATIONSHIP_EXISTS,
        g::DISPLAY_NAME_INVALID,
        g::DISPLAY_NAME_NOT_UNIQUE,
        g::DURATION_OUT_OF_RANGE,
        g::ROLE_NOT_SUPPORTED,
        g::AUTO_EXTEND_INVALID,
        g::AUTO_EXTEND_NOT_ALLOWED_WITH_GLOBAL_ADMINISTRATOR,
    ];
    "UpdateGdapRelationship" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::PRECONDITION_REQUIRED,
        g::PRECONDITION_FAILED,
        g::ROLES_CAN_ONLY_SHRINK,
        g::NOT_EDITABLE_IN_STATUS,
        g::CUSTOMER_MISMATCH,
        r::PARTNER_EQUALS_CUSTOMER,
        g::GDAP_RELATIONSHIP_EXISTS,
        g::DISPLAY_NAME_INVALID,
        g::DISPLAY_NAME_NOT_UNIQUE,
        g::DURATION_OUT_OF_RANGE,
        g::ROLE_NOT_SUPPORTED,
        g::AUTO_EXTEND_INVALID,
        g::AUTO_EXTEND_NOT_ALLOWED_WITH_GLOBAL_ADMINISTRATOR,
    ];
    "DeleteGdapRelationship" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::PRECONDITION_REQUIRED,
        g::PRECONDITION_FAILED,
        g::DELETE_ONLY_IN_CREATED,
    ];
    "LockGdapForApproval" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::INVALID_TRANSITION,
    ];
    "ApproveGdap" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ONLY_CUSTOMER_MAY_APPROVE,
        g::INVITATION_ALREADY_USED,
        g::CUSTOMER_MISMATCH,
        r::PARTNER_EQUALS_CUSTOMER,
        g::GDAP_RELATIONSHIP_EXISTS,
        g::REQUEST_EXPIRED,
        g::INVALID_TRANSITION,
        g::PARTNER_CONSENT_PENDING,
    ];
    "RejectGdap" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::ONLY_RESELLER_MAY_REJECT,
        g::REQUEST_EXPIRED,
        g::INVALID_TRANSITION,
    ];
    "ActivateGdap" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::INVALID_TRANSITION,
    ];
    "TerminateGdap" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        r::CUSTOMER_GLOBAL_ADMIN_REQUIRED,
        g::ACTOR_NOT_PARTY_TO_GDAP_TERMINATION,
        g::GDAP_NOT_ACTIVE,
    ];
    "RecordGdapTermination" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::INVALID_TRANSITION,
    ];
    "RemoveGlobalAdministratorRole" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::PRECONDITION_REQUIRED,
        g::PRECONDITION_FAILED,
        g::GLOBAL_ADMINISTRATOR_NOT_REMOVABLE,
        g::ROLE_NOT_IN_RELATIONSHIP,
    ];
    "SetGdapAutoExtend" => relationship [
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::PRECONDITION_REQUIRED,
        g::PRECONDITION_FAILED,
        g::AUTO_EXTEND_NOT_EDITABLE_IN_STATUS,
        g::AUTO_EXTEND_INVALID,
        g::AUTO_EXTEND_NOT_ALLOWED_WITH_GLOBAL_ADMINISTRATOR,
    ];
    "ExtendGdap" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::END_NOT_REACHED,
    ];
    "ExpireGdap" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::END_NOT_REACHED,
    ];
    "RecordGdapCleanUp" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::CUSTOMER_MISMATCH,
        g::INVALID_TRANSITION,
    ];
    "CreateAccessAssignment" => relationship [
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::RELATIONSHIP_NOT_ACTIVE,
        g::ACCESS_CONTAINER_INVALID,
        g::ROLE_NOT_IN_ASSIGNABLE,
        g::ASSIGNMENT_EXISTS,
    ];
    "ActivateAccessAssignment" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ASSIGNMENT_NOT_FOUND,
        g::RELATIONSHIP_NOT_ACTIVE,
        g::ASSIGNMENT_NOT_LIVE,
    ];
    "RecordAccessAssignmentFailure" => relationship [
        g::ONLY_MICROSOFT_RECORDS,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ASSIGNMENT_NOT_FOUND,
        g::ASSIGNMENT_NOT_LIVE,
    ];
    "UpdateAccessAssignment" => relationship [
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ASSIGNMENT_NOT_FOUND,
        g::ASSIGNMENT_PRECONDITION_REQUIRED,
        g::ASSIGNMENT_PRECONDITION_FAILED,
        g::ASSIGNMENT_NOT_LIVE,
        g::RELATIONSHIP_NOT_ACTIVE,
        g::GROUP_IS_IMMUTABLE,
        g::ROLE_NOT_IN_ASSIGNABLE,
    ];
    "DeleteAccessAssignment" => relationship [
        g::ACTOR_NOT_PARTY_TO_GDAP,
        g::GDAP_RELATIONSHIP_NOT_FOUND,
        g::ASSIGNMENT_NOT_FOUND,
        g::ASSIGNMENT_PRECONDITION_REQUIRED,
        g::ASSIGNMENT_PRECONDITION_FAILED,
        g::ASSIGNMENT_NOT_LIVE,
    ];
    "AddSecurityGroupMember" => any [
        g::ACTOR_NOT_PARTY_TO_GROUP,
    ];
    "RemoveSecurityGroupMember" => any [
        g::ACTOR_NOT_PARTY_TO_GROUP,
        g::NOT_A_MEMBER,
    ];
    "StartMicrosoftLedTransition" => relationship [
        g::GDAP_NOT_AVAILABLE,
        g::ONLY_MICROSOFT_LEADS,
        r::DAP_NOT_ACTIVE,
        g::TRANSITION_ALREADY_STARTED,
        g::GDAP_RELATIONSHIP_EXISTS,
        g::DISPLAY_NAME_INVALID,
        g::DISPLAY_NAME_NOT_UNIQUE,
        g::ROLE_NOT_SUPPORTED,
    ];
}
