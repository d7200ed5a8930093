//! Grounds on granular delegated administration (families G, A, and rules D-6, U-14).

use super::grounds;

grounds! {
    /// The cloud has no granular delegated administration.
    GDAP_NOT_AVAILABLE = "G-1", "gdap_not_available", None,
        "granular delegated administration is not available in this cloud";
    /// Somebody who does not act for the partner prepares or changes its relationship.
    ACTOR_NOT_PARTY_TO_GDAP = "G-1", "actor_not_party", None,
        "only a user or an application of the partner named, or of its provider where the provider makes it, may do this";
    /// An empty or too long name.
    DISPLAY_NAME_INVALID = "G-1", "display_name_invalid", None,
        "the name of a granular relationship has 1 to 50 characters; one that Microsoft makes begins with MLT_ and three groups of eight";
    /// The partner has a relationship of that name.
    DISPLAY_NAME_NOT_UNIQUE = "G-2", "display_name_not_unique", None,
        "the partner has a granular relationship of this name already; choose another name";
    /// The id is in use.
    GDAP_RELATIONSHIP_EXISTS = "G-2", "gdap_relationship_exists", None,
        "a granular relationship with this id is on record already";
    /// A duration that is none, too short or too long.
    DURATION_OUT_OF_RANGE = "G-4", "duration_out_of_range", None,
        "the duration is an ISO 8601 duration from P1D to P2Y (730 days)";
    /// No roles, or roles that are not built-in.
    ROLE_NOT_SUPPORTED = "G-5", "role_not_supported", None,
        "name at least one role, each by the template id of an Entra built-in role";
    /// A word for the extension that is not published.
    AUTO_EXTEND_INVALID = "G-6", "auto_extend_invalid", None,
        "a granular relationship is extended by P180D, or not at all by P0D or PT0S";
    /// An extension together with Global Administrator.
    AUTO_EXTEND_NOT_ALLOWED_WITH_GLOBAL_ADMINISTRATOR = "G-7", "auto_extend_not_allowed_with_global_administrator", None,
        "a granular relationship with Global Administrator is not extended by itself; take the role out first";
    /// The status no longer allows the change.
    NOT_EDITABLE_IN_STATUS = "G-8", "not_editable_in_status", None,
        "name, duration, customer and roles change only while the relationship is created and not yet locked";
    /// The status does not allow switching the extension.
    AUTO_EXTEND_NOT_EDITABLE_IN_STATUS = "G-9", "not_editable_in_status", None,
        "the extension is switched only while the relationship is created or active";
    /// The status does not allow deletion.
    DELETE_ONLY_IN_CREATED = "G-10", "delete_only_in_created", None,
        "a granular relationship is deleted only while it is created and not yet locked; terminate an active one";
    /// A change that names no version.
    PRECONDITION_REQUIRED = "G-11", "precondition_required", None,
        "name the version of the relationship that was read";
    /// A change that names another version.
    PRECONDITION_FAILED = "G-11", "precondition_failed", None,
        "the relationship has changed since it was read; read it again";
    /// The status does not lead where the command wants to go.
    INVALID_TRANSITION = "G-12", "invalid_transition", None,
        "the relationship is not in a status from which this follows";
    /// Somebody else than the customer's global administrator approves.
    ONLY_CUSTOMER_MAY_APPROVE = "G-13", "only_customer_may_approve", None,
        "only a global administrator of the customer approves a granular relationship, and only the reseller named one that its provider made for it";
    /// The reseller has not agreed yet.
    PARTNER_CONSENT_PENDING = "G-13", "partner_consent_pending", None,
        "the reseller for whom the provider made the relationship has not agreed to it yet";
    /// Somebody else than the reseller says no.
    ONLY_RESELLER_MAY_REJECT = "G-13", "only_reseller_may_reject", None,
        "only the reseller for whom a provider made the relationship can say no to it; a customer leaves it unanswered";
    /// Nobody answered in time.
    REQUEST_EXPIRED = "G-14", "request_expired", None,
        "the request was not answered in time and is gone; the partner has to make a new relationship";
    /// Somebody who is neither side asks for the end.
    ACTOR_NOT_PARTY_TO_GDAP_TERMINATION = "G-15", "actor_not_party", None,
        "only a user or an application of the partner, or a global administrator of the customer, may end a granular relationship";
    /// The relationship is not active.
    GDAP_NOT_ACTIVE = "G-15", "invalid_transition", None,
        "only an active granular relationship is terminated";
    /// Global Administrator is not in it.
    ROLE_NOT_IN_RELATIONSHIP = "G-16", "role_not_in_relationship", None,
        "the relationship does not hold Global Administrator";
    /// The relationship is not active, so nothing is taken out of it.
    GLOBAL_ADMINISTRATOR_NOT_REMOVABLE = "G-16", "not_editable_in_status", None,
        "only out of an active relationship is Global Administrator taken; change the roles of one that is not locked yet";
    /// Roles are added to an active relationship.
    ROLES_CAN_ONLY_SHRINK = "G-17", "roles_can_only_shrink", None,
        "an active relationship gets no further roles; make a new relationship";
    /// Its end is not there yet, or it goes on.
    END_NOT_REACHED = "G-18", "end_not_reached", None,
        "the relationship has not reached the end of which this is recorded";
    /// Somebody else than Microsoft or this ledger records what the system did.
    ONLY_MICROSOFT_RECORDS = "G-19", "only_microsoft_may", None,
        "only Microsoft, a system process, an operator or an import of this ledger may record what provisioning did";
    /// The relationship is not on record.
    GDAP_RELATIONSHIP_NOT_FOUND = "G-20", "gdap_relationship_not_found", None,
        "the partner has no such granular relationship on record";
    /// Another customer has used the link.
    INVITATION_ALREADY_USED = "G-20", "invitation_already_used", None,
        "another customer has approved this relationship already; its link is used up";
    /// The relationship is for another customer.
    CUSTOMER_MISMATCH = "G-21", "customer_mismatch", None,
        "the relationship is made for a customer; name that customer";
    /// The relationship is not in force.
    RELATIONSHIP_NOT_ACTIVE = "A-1", "relationship_not_active", None,
        "roles are assigned only while the relationship is active or being activated";
    /// A role that the relationship does not hold.
    ROLE_NOT_IN_ASSIGNABLE = "A-2", "role_not_in_relationship", None,
        "an assignment gives roles of its relationship, at least one and no others";
    /// Something that is not a security group.
    ACCESS_CONTAINER_INVALID = "A-3", "access_container_invalid", None,
        "roles are assigned to security groups only";
    /// The group has an assignment.
    ASSIGNMENT_EXISTS = "A-4", "assignment_exists", None,
        "the group has an assignment in this relationship already, or the assignment's id is in use; change that one";
    /// The assignment is not on record.
    ASSIGNMENT_NOT_FOUND = "A-4", "assignment_not_found", None,
        "the relationship has no such assignment on record";
    /// The assignment is gone or failed.
    ASSIGNMENT_NOT_LIVE = "A-4", "assignment_not_live", None,
        "the assignment is deleted, being deleted, or could not be provisioned";
    /// A change that names no version.
    ASSIGNMENT_PRECONDITION_REQUIRED = "A-6", "precondition_required", None,
        "name the version of the assignment that was read";
    /// A change that names another version.
    ASSIGNMENT_PRECONDITION_FAILED = "A-6", "precondition_failed", None,
        "the assignment has changed since it was read; read it again";
    /// Another group.
    GROUP_IS_IMMUTABLE = "A-7", "group_is_immutable", None,
        "the group of an assignment does not change; delete it and assign the other group";
    /// Somebody without a part in it says who is in a group.
    ACTOR_NOT_PARTY_TO_GROUP = "A-9", "actor_not_party", None,
        "only the partner whose group it is, Microsoft or this ledger may record who is in it";
    /// The user is not in the group.
    NOT_A_MEMBER = "A-9", "not_a_member", None,
        "the user is not in the group";
    /// Somebody else than Microsoft leads a transition.
    ONLY_MICROSOFT_LEADS = "D-6", "only_microsoft_may", None,
        "only Microsoft leads a transition from delegated to granular administration";
    /// The partner has had its transition.
    TRANSITION_ALREADY_STARTED = "D-6", "transition_already_started", None,
        "this partner has had its transition with this customer already";
    /// The days of the transition are not over, or there is none.
    TRANSITION_NOT_OVER = "D-6", "transition_not_over", None,
        "delegated administration ends by a transition only after the days that the cloud sets from its start";
    /// The partner may not write the customer's directory.
    INSUFFICIENT_GRANULAR_ADMIN_PERMISSIONS = "U-14", "insufficient_granular_admin_permissions", None,
        "a transition with the users' licences needs a partner who may write the customer's directory: by delegated administration, or by a granular assignment with Directory writers or Global administrator";
}
