//! Every field that may say who somebody is, whose it is, and whether it is sealed; and every other text, with the
//! reason why it says nothing of a person.
//!
//! A test compares both lists with the declarations of commands and events: a new text stands in one of them.

/// A field that may say who somebody is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PersonalField {
    /// The type that declares it, and its name.
    pub field: &'static str,
    /// Who the subject is.
    pub subject: &'static str,
    /// From what the subject's id is derived, by the secret that lies with the keys.
    pub derived: &'static str,
    /// Which rule, fold or answer compares it; none for a field that is only shown.
    pub compared: Option<&'static str>,
    /// What becomes of it.
    pub kept: Kept,
}

/// What becomes of a personal field in a ledger that has keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// It is sealed.
    Sealed,
    /// It is sealed when it has an `@`; otherwise it is an object id or an application.
    SealedByAt,
    /// It stays as it came, for this reason.
    Clear(&'static str),
}

const ADDRESS: &str = "customer and the text in lower case, as the same e-mail address of a contact";
const CONTACT: &str = "customer and e-mail address, or else names and telephone number";
const USER_ID: &str = "rules and answers know the user by it, and it is too short for a sealed text; use object ids";

const fn contact(field: &'static str) -> PersonalField {
    PersonalField { field, subject: "the contact person", derived: CONTACT, compared: None, kept: Kept::Sealed }
}

const fn user(field: &'static str, subject: &'static str) -> PersonalField {
    PersonalField { field, subject, derived: ADDRESS, compared: None, kept: Kept::SealedByAt }
}

const fn member(field: &'static str) -> PersonalField {
    let compared = Some("membership of the group, and which users could administer");
    PersonalField { field, subject: "the partner's user", derived: "none", compared, kept: Kept::Clear(USER_ID) }
}

/// The personal fields.
pub const FIELDS: &[PersonalField] = &[
    user("Actor.user", "who asked, or acted as a source says"),
    contact("Contact.first_name"),
    contact("Contact.last_name"),
    contact("Contact.email"),
    contact("Contact.phone_number"),
    user("ResellerRelationshipAcceptedByCustomer.accepted_by", "who accepted"),
    user("ResellerRelationshipReestablished.accepted_by", "who accepted"),
    user("ResellerRelationshipRemovedByPartner.removed_by", "who removed"),
    user("GdapRelationshipApproved.approved_by", "who approved"),
    PersonalField {
        field: "TransferSignature.name",
        subject: "who signed",
        derived: "customer and the name in lower case",
        compared: None,
        kept: Kept::Sealed,
    },
    PersonalField {
        field: "SourceRecordKept.raw",
        subject: "everybody whose address or contact stands in the record; the record itself where nobody is found",
        derived: "customer and each address or contact in it, or else the record's hash",
        compared: None,
        kept: Kept::Sealed,
    },
    member("SecurityGroupMemberAdded.user"),
    member("SecurityGroupMemberRemoved.user"),
    member("AddSecurityGroupMember.user"),
    member("RemoveSecurityGroupMember.user"),
    PersonalField {
        field: "DelegatedAccessUsed.user",
        subject: "the partner's user",
        derived: "none",
        compared: None,
        kept: Kept::Clear("the customer's log shows a technician as `user_` and digits; too short for a sealed text"),
    },
];

/// Texts that are not personal: why, and which.
pub const NOT_PERSONAL: &[(&str, &[&str])] = &[
    (
        "the name or the domain of a company, a group, an agreement or a product",
        &[
            "AddSecurityGroupMember.group_name",
            "AuditHeader.customer_name",
            "AzureRole.role",
            "AzureRole.scope",
            "CreateCustomer.domain",
            "CreateCustomer.name",
            "CreateGdapRelationship.display_name",
            "CustomerAdded.domain",
            "CustomerAdded.name",
            "CustomerObserved.domain",
            "CustomerObserved.name",
            "CustomerProfileChanged.domain",
            "CustomerProfileChanged.name",
            "CustomerRegistered.domain",
            "CustomerRegistered.name",
            "DelegatedAccessUsed.application",
            "GdapRelationshipObserved.display_name",
            "GdapTerms.display_name",
            "ListedLine.friendly_name",
            "PartnerObserved.name",
            "PartnerRegistered.name",
            "PartnerRelationshipObserved.name",
            "PartnerUpdated.name",
            "Product.name",
            "RegisterCustomer.domain",
            "RegisterCustomer.name",
            "RegisterPartner.name",
            "ReplaceSubscription.friendly_name",
            "SecurityGroupMemberAdded.group_name",
            "SetSupportContact.name",
            "StartMicrosoftLedTransition.display_name",
            "SubscriptionObserved.friendly_name",
            "SubscriptionRenamed.friendly_name",
            "SupportContact.name",
            "UpdateCustomer.domain",
            "UpdateCustomer.name",
            "UpdateGdapRelationship.display_name",
            "UpdatePartner.name",
        ],
    ),
    (
        "an id, a hash, an address of the web, or a word of a source or of this ledger",
        &[
            "AnchorTime.authority",
            "AuditHeader.application_id",
            "AuditHeader.operation_status",
            "AuditHeader.operation_type",
            "AuditHeader.original_correlation_id",
            "AuditHeader.participants",
            "AuditHeader.resource_type",
            "AuditHeader.session_id",
            "CommitState.fold",
            "ConfirmCustomerAgreement.template_id",
            "CporClaimApproved.claim_id",
            "CporClaimDisputed.claim_id",
            "CporClaimRejected.claim_id",
            "CporClaimSubmitted.claim_id",
            "CustomerAgreementConfirmed.template_id",
            "CustomizedPair.key",
            "Evidence.raw_hash",
            "Evidence.record_id",
            "ExtendResellerRelationship.consent_reference",
            "GdapAccessAssignmentObserved.etag",
            "GdapOperationObserved.etag",
            "GdapOperationObserved.operation",
            "GdapRelationshipObserved.etag",
            "GdapRequestObserved.etag",
            "GdapRequestObserved.request",
            "Listing.billing_type",
            "Listing.contract_type",
            "Listing.product_type",
            "Listing.publisher",
            "Listing.unit_type",
            "ObservedTransferLine.status",
            "OrderLine.price_terms",
            "PartnerRelationshipObserved.state",
            "RecordPendingOperation.operation",
            "RefundOption.kind",
            "ResellerRelationshipExtended.consent_reference",
            "ResellerRelationshipRequested.link_url",
            "Sealed.alg",
            "Sealed.ct",
            "Sealed.nonce",
            "SourceRecordKept.operation",
            "StateCommitted.fold",
            "SubscriptionObserved.suspension_reasons",
            "SubscriptionOperationPending.operation",
            "SubscriptionPurchased.price_terms",
            "SubscriptionTransferObserved.status",
            "TimeAnchored.authority",
            "UnrecognisedWord.field",
        ],
    ),
    ("a command whole: its fields are listed by themselves", &["ParsedCommand.stated"]),
    (
        "free words, in which nobody is to be named: they are never sealed",
        &[
            "AddCheckpointKey.reason",
            "CheckpointKeyAdded.reason",
            "CheckpointKeyRetired.reason",
            "CorrectEvent.reason",
            "CporClaimRejected.reason",
            "CustomizedPair.value",
            "DisclosureRecorded.purpose",
            "EntryRedacted.reason",
            "EpochStarted.reason",
            "EraseSubject.reason",
            "EventCorrected.reason",
            "GdapOperationObserved.data",
            "HoldPlaced.reason",
            "HoldReleased.reason",
            "LineStayed.error",
            "ObservedTransferLine.error",
            "ParsedCommand.beyond_scope",
            "PlaceHold.reason",
            "RecordDisclosure.purpose",
            "RedactEntry.reason",
            "ReleaseHold.reason",
            "RetireCheckpointKey.reason",
            "SourceRecordKept.summary",
            "SourceRetentionGap.subject",
            "StartEpoch.reason",
            "SubjectErased.reason",
            "SubscriptionTransferLineFailed.error",
            "UnrecognisedWord.word",
        ],
    ),
];
