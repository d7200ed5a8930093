//! One sample of every event and of every command; a test fails when a kind has none.

use serde_json::{Value, json};

use crate::story::{C, I, IR, P, Q, S1, S2, TODAY, purchase};

const LATER: &str = "2019-01-04T00:00:00Z";
const S3: &str = "50000000-0000-0000-0000-000000000003";
const TRANSFER: &str = "67c5b05b-09b5-47ba-9047-5056fe2afa4f";

/// The fields of an event on a partner account, on a customer or on a relationship.
fn about_people(kind: &str) -> Option<Value> {
    Some(match kind {
        "PartnerRegistered" => {
            json!({"partner": P, "name": "P", "partner_type": "direct_bill", "partner_id": "1000001", "markets": ["CN"]})
        }
        "PartnerUpdated" => json!({"partner": P, "name": "P2", "programme": "not_active"}),
        "PartnerAccountSuspended" => json!({"partner": P, "reason": "abuse"}),
        "PartnerAccountReinstated" | "PartnerAgreementAccepted" => json!({"partner": P}),
        "PartnerInvited" | "PartnerRelationshipCreated" | "PartnerRelationshipRemoved" => {
            json!({"provider": I, "reseller": IR})
        }
        "PartnerRelationshipObserved" => json!({"provider": I, "reseller": IR, "name": "IR", "state": "Active"}),
        "PartnerObserved" => json!({"partner": P, "agreement_signed": true}),
        "CustomerRegistered" => json!({"name": "Contoso", "tenant_type": "organisation"}),
        "CustomerProfileChanged" => json!({"name": "Contoso", "account_status": "locked"}),
        "CustomerObserved" => json!({"partner": P, "name": "Contoso", "relationship": "reseller"}),
        "AssociatedPartnerChanged" => json!({"partner": I, "associated_partner_id": "1000004"}),
        "ResellerRelationshipRequested" => json!({"partner": P, "dap": {"with": "all"}}),
        "ResellerRelationshipAcceptedByCustomer" => json!({"partner": I, "generation": 1}),
        "ResellerRelationshipConfirmed" => json!({"partner": P, "generation": 1}),
        "ResellerRelationshipReestablished" => {
            json!({"partner": P, "generation": 2, "previous_generation_ended_at": TODAY})
        }
        "ResellerRelationshipExtended" => {
            json!({"provider": I, "from_partner": P, "consent_reference": "letter 7", "generation": 1})
        }
        "CustomerAdded" => json!({"partner": I, "name": "Contoso", "relationship": "reseller", "generation": 1}),
        "ResellerRelationshipRemovedByPartner" => {
            json!({"partner": P, "subscriptions_considered": [S1], "generation": 1})
        }
        "CustomerDeleted" => json!({"partner": P}),
        "ResellerRelationshipObserved" => json!({"partner": Q, "relationship": "none", "ended_by": "customer"}),
        "DapGranted" => json!({"partner": P, "services": "all"}),
        "DapRemovedByCustomer" | "DapRemoved" => json!({"partner": Q, "services": "all"}),
        "DapRemovedByPartner" => json!({"partner": Q, "services": "all", "cause": "requested"}),
        "DapTerminatedByMicrosoft" => json!({"partner": Q}),
        "DapObserved" => json!({"partner": P, "state": "active", "last_sign_in_at": TODAY}),
        "AzureRoleAssigned" => json!({"partner": P, "assignment": {"scope": "/subscriptions/2", "role": "Owner"}}),
        "AzureRoleRemoved" => json!({"partner": Q, "assignment": {"scope": "/subscriptions/1", "role": "Owner"}}),
        _ => return None,
    })
}

/// The fields of an event on agreements, subscriptions, partners of record or the record itself.
fn about_subscriptions(kind: &str) -> Option<Value> {
    Some(match kind {
        "CustomerAgreementConfirmed" => {
            json!({"agreement_type": "MicrosoftCustomerAgreement", "date_agreed": TODAY, "method": "direct"})
        }
        "OrderPlaced" => json!({"order": "order-1", "partner": Q, "subscriptions": [S1]}),
        "SubscriptionPurchased" => purchase(P, S3, "legacy_license"),
        "SubscriptionSeatsChanged" => json!({"subscription": S1, "before": 10, "after": 12}),
        "SubscriptionSuspended" => json!({"subscription": S1, "reason": "customer_request"}),
        "SubscriptionReactivated" | "SubscriptionDeleted" | "SubscriptionUpdateNotified" => {
            json!({"subscription": S1})
        }
        "SubscriptionCancelled" => json!({"subscription": S1, "data_kept_until": TODAY}),
        "SubscriptionRenewed" => json!({"subscription": S1, "product": "product-2", "quantity": 11, "term": "P1Y",
            "billing_cycle": "annual", "commitment_end": LATER}),
        "SubscriptionConverted" => json!({"subscription": S1, "from_product": "product-1",
            "to_product": {"id": "product-2", "name": "Other", "family": "legacy_license"},
            "transition_type": "transition_only"}),
        "TrialConverted" => json!({"subscription": S1,
            "to_product": {"id": "product-2", "name": "Other", "family": "legacy_license"},
            "quantity": 12, "term": "P1Y", "billing_cycle": "annual"}),
        "SubscriptionTermChanged" => json!({"subscription": S1, "before": "P1Y", "after": "P3Y"}),
        "SubscriptionBillingCycleChanged" => json!({"subscription": S1, "before": "monthly", "after": "annual"}),
        "SubscriptionAutoRenewChanged" => json!({"subscription": S1, "auto_renew": "off", "cause": "requested"}),
        "SubscriptionNextTermScheduled" => json!({"subscription": S1, "cause": "requested",
            "next_term": {"product": "product-2", "quantity": 9, "term": "P1Y", "billing_cycle": "annual"}}),
        "SubscriptionRenamed" => json!({"subscription": S1, "friendly_name": "mail"}),
        "SubscriptionOperationPending" => json!({"subscription": S1, "operation": "upgrade"}),
        "SubscriptionObserved" => json!({"subscription": S1, "owner": P, "quantity": 13, "status": "suspended",
            "reseller_of_record": {"partner": "1000004"}}),
        "ResellerOfRecordChanged" | "DigitalPartnerOfRecordSet" | "PartnerAdminLinked" => {
            json!({"subscription": S1, "after": "1000004"})
        }
        "CporClaimSubmitted" | "CporClaimApproved" | "CporClaimRejected" | "CporClaimDisputed" => {
            json!({"subscription": S1, "workload": "Exchange Online", "partner_id": "1000004"})
        }
        "SupportContactChanged" => json!({"version": 2, "subscription": S1,
            "contact": {"partner": P, "partner_id": "1000001", "name": "P"}}),
        "SourceRecordKept" => json!({"operation": "update_customer_qualification", "because": "out_of_scope"}),
        "SourceCoverageRecorded" => json!({"source": "graph", "from": "2018-01-01", "to": TODAY}),
        "SourceRetentionGap" => json!({"source": "graph", "subject": "audit records"}),
        "EvidenceAdded" => json!({"position": 0, "event_index": 0}),
        "EventCorrected" => json!({"position": 0, "event_index": 0, "reason": "a slip"}),
        _ => return None,
    })
}

/// A granular relationship of partner P.
pub(crate) const R1: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";
/// Directory writers.
pub(crate) const WRITERS: &str = "9360feb5-f418-4baa-8175-e2a00bac4301";
/// Global reader.
pub(crate) const READER: &str = "f2ef992c-3afb-46b9-b7cf-a126ee74c451";
/// Global Administrator.
pub(crate) const GLOBAL: &str = "62e90394-69f5-4237-9190-012177145e10";
/// An access assignment.
pub(crate) const A1: &str = "84c586df-0943-416e-b95f-7289cb8d3bd5";
/// A security group.
pub(crate) const GROUP: &str = "227a2f44-2682-4831-a021-f8d69a34bcba";

/// The terms of a granular relationship with some roles.
pub(crate) fn terms(roles: &[&str]) -> Value {
    json!({"display_name": "Contoso support", "duration": "P180D", "auto_extend": "P0D", "roles": roles})
}

/// The fields of an event on granular administration.
fn about_granular(kind: &str) -> Option<Value> {
    let of_relationship = |more: Value| crate::story::with(json!({"partner": P, "relationship": R1}), more);
    let of_assignment =
        |more: Value| crate::story::with(json!({"partner": P, "relationship": R1, "assignment": A1}), more);
    Some(match kind {
        "SecurityGroupMemberAdded" => {
            json!({"partner": P, "group": GROUP, "user": "kim@partner.example", "agent_group": "admin_agents"})
        }
        "SecurityGroupMemberRemoved" => json!({"partner": P, "group": GROUP, "user": "kim@partner.example"}),
        "DapTransitionStartedByMicrosoft" => json!({"partner": P, "relationship": R1}),
        "DelegatedAccessUsed" => json!({"partner": P, "user": "user_0123", "application": "Azure Portal"}),
        "PartnerListingObserved" => json!({"partner": P, "listed": true}),
        "GdapRelationshipCreated" | "GdapRelationshipUpdated" => {
            of_relationship(json!({"customer": C, "terms": terms(&[READER, GLOBAL])}))
        }
        "GdapRelationshipApproved" => of_relationship(json!({"customer": C, "basis": "customer_global_admin",
            "approved_by": "admin@customer.example", "terms": terms(&[READER, GLOBAL])})),
        "GdapRelationshipActivated" => of_relationship(json!({"ends_at": LATER})),
        "GdapRelationshipTerminationRequested" => of_relationship(json!({"by": "customer"})),
        "GdapRelationshipExtended" => of_relationship(json!({"ends_at": LATER})),
        "GdapAutoExtendSet" => of_relationship(json!({"auto_extend": "P180D"})),
        "GdapRelationshipObserved" => of_relationship(json!({"customer": C, "display_name": "Contoso support",
            "status": "active", "roles": [READER], "activated_at": TODAY, "ends_at": LATER})),
        "GdapRequestObserved" => {
            of_relationship(json!({"request": "1", "action": "lockForApproval", "status": "running"}))
        }
        "GdapOperationObserved" => of_relationship(json!({"operation": "1", "status": "succeeded",
            "operation_type": "delegatedAdminRelationshipUpdate"})),
        "GdapRelationshipDeleted"
        | "GdapRelationshipSubmittedForApproval"
        | "GdapPartnerConsentGiven"
        | "GdapRelationshipRejected"
        | "GdapRelationshipTerminated"
        | "GdapRelationshipExpired"
        | "GdapGlobalAdministratorRemoved"
        | "GdapRelationshipCleanedUp" => of_relationship(json!({})),
        "GdapAccessAssignmentCreated" => of_assignment(json!({"group": GROUP, "roles": [READER]})),
        "GdapAccessAssignmentUpdated" => of_assignment(json!({"roles": [READER, WRITERS]})),
        "GdapAccessAssignmentObserved" => of_assignment(json!({"status": "active", "group": GROUP})),
        "GdapAccessAssignmentActivated" | "GdapAccessAssignmentDeleted" | "GdapAccessAssignmentFailed" => {
            of_assignment(json!({}))
        }
        _ => return None,
    })
}

/// The fields of a command on the ledger's own custody.
fn asked_of_custody(name: &str) -> Option<Value> {
    if name == "RedactEntry" {
        return Some(json!({"position": 1, "reason": "a wrong paste", "authority": "Article 17", "ticket": "T-9",
            "approved_by": "robin", "entry": {"leaf_hash": NOTHING, "remainder": NOTHING,
            "streams": [format!("customer/{C}")], "subjects": [PERSON]}}));
    }
    about_custody(match name {
        "AddCheckpointKey" => "CheckpointKeyAdded",
        "RetireCheckpointKey" => "CheckpointKeyRetired",
        "StartEpoch" => "EpochStarted",
        "CommitState" => "StateCommitted",
        "AnchorTime" => "TimeAnchored",
        "RecordDisclosure" => "DisclosureRecorded",
        "PlaceHold" => "HoldPlaced",
        "ReleaseHold" => "HoldReleased",
        "EraseSubject" => "SubjectErased",
        _ => return None,
    })
}

/// The fields of a command on granular administration.
fn asked_of_granular(name: &str) -> Option<Value> {
    let of_relationship = |more: Value| crate::story::with(json!({"partner": P, "relationship": R1}), more);
    Some(match name {
        "CreateGdapRelationship" => {
            of_relationship(json!({"display_name": "Contoso support", "duration": "P180D", "roles": [READER]}))
        }
        "UpdateGdapRelationship" => of_relationship(json!({"version": 1, "display_name": "Contoso"})),
        "SetGdapAutoExtend" => of_relationship(json!({"version": 1, "auto_extend": "P180D"})),
        "DeleteGdapRelationship" | "RemoveGlobalAdministratorRole" => of_relationship(json!({"version": 1})),
        "LockGdapForApproval"
        | "ApproveGdap"
        | "RejectGdap"
        | "ActivateGdap"
        | "TerminateGdap"
        | "RecordGdapTermination"
        | "ExtendGdap"
        | "ExpireGdap"
        | "RecordGdapCleanUp" => of_relationship(json!({})),
        "CreateAccessAssignment" => of_relationship(json!({"assignment": A1, "group": GROUP, "roles": [READER]})),
        "ActivateAccessAssignment" | "RecordAccessAssignmentFailure" => of_relationship(json!({"assignment": A1})),
        "UpdateAccessAssignment" => of_relationship(json!({"assignment": A1, "version": 1, "roles": [READER]})),
        "DeleteAccessAssignment" => of_relationship(json!({"assignment": A1, "version": 1})),
        "AddSecurityGroupMember" | "RemoveSecurityGroupMember" => {
            json!({"partner": P, "group": GROUP, "user": "kim@partner.example"})
        }
        "StartMicrosoftLedTransition" => {
            of_relationship(json!({"display_name": "MLT_abcd1234_efgh5678_ijkl9012", "roles": [READER]}))
        }
        _ => return None,
    })
}

/// The fields of an event on a transfer.
fn about_transfers(kind: &str) -> Option<Value> {
    Some(match kind {
        "SubscriptionTransferRequested" => json!({"transfer": TRANSFER, "family": "legacy_license", "source": Q,
            "target": P, "initiated_by": Q, "lines": [{"subscription": S1, "quantity": 10}]}),
        "SubscriptionTransferAccepted"
        | "SubscriptionTransferRejected"
        | "SubscriptionTransferWithdrawn"
        | "SubscriptionTransferExpired" => json!({"transfer": TRANSFER}),
        "SubscriptionTransferLineFailed" => {
            json!({"transfer": TRANSFER, "subscription": S1, "code": 900_103, "error": "not in sync"})
        }
        "SubscriptionTransferCompleted" => json!({"transfer": TRANSFER, "family": "legacy_license", "source": Q,
            "target": P, "items": [{"source_subscription": S1, "new_subscription": S3,
            "partner_id_on_record": "1000004"}], "billing_split_date": TODAY, "outcome": "complete"}),
        "SubscriptionTransferObserved" => json!({"transfer": TRANSFER, "source": Q, "target": P, "status": "Active",
            "lines": [{"subscription": S1, "quantity": 10}]}),
        _ => return None,
    })
}

/// A key that signs checkpoints.
pub(crate) const KEY: &str = "ledger.example/csp+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// SHA-256 of nothing.
pub(crate) const NOTHING: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
/// A person, without any word of who it is.
pub(crate) const PERSON: &str = "0d000000-0000-4000-8000-000000000001";

/// The fields of an event on the ledger's own custody; a command on it has the same.
fn about_custody(kind: &str) -> Option<Value> {
    Some(match kind {
        "CheckpointKeyAdded" | "CheckpointKeyRetired" => json!({"key": KEY, "reason": "the first"}),
        "EpochStarted" => json!({"origin": "ledger.example/csp/e2", "lost": {"tree_size": 3, "root": NOTHING},
            "reason": "restored from the backup of Monday"}),
        "StateCommitted" => json!({"tree_size": 3, "fold": "7", "streams": {"lines": 2, "root": NOTHING},
            "relationships": {"lines": 0, "root": NOTHING}}),
        "TimeAnchored" => json!({"authority": "http://tsa.example", "head": {"tree_size": 3, "root": NOTHING},
            "token": NOTHING, "stamped_at": TODAY}),
        "DisclosureRecorded" => json!({"kind": "evidence_pack", "customer": C, "tree_size": 3, "digest": NOTHING}),
        "HoldPlaced" => json!({"hold": "case 12", "scope": {"customer": C}, "reason": "a lawsuit"}),
        "HoldReleased" => json!({"hold": "case 12", "reason": "it is settled"}),
        "SubjectErased" => json!({"subject": PERSON, "customer": C, "reason": "Article 17"}),
        "EntryRedacted" => json!({"position": 1, "leaf_hash": NOTHING, "remainder": NOTHING,
            "streams": [format!("customer/{C}")], "reason": "a wrong paste", "authority": "Article 17",
            "ticket": "T-9", "approved_by": "robin"}),
        _ => return None,
    })
}

/// A sample of an event by its kind.
pub(crate) fn event_of(kind: &str) -> Option<Value> {
    let mut sample = about_people(kind)
        .or_else(|| about_granular(kind))
        .or_else(|| about_subscriptions(kind))
        .or_else(|| about_transfers(kind))
        .or_else(|| about_custody(kind))?;
    sample["type"] = json!(kind);
    Some(sample)
}

/// An event as a version stored it that is no longer written, and as the newest version stores it.
pub(crate) struct OldVersion {
    /// The event's name.
    pub(crate) event: &'static str,
    /// The version.
    pub(crate) version: u64,
    /// As that version stored it.
    pub(crate) stored: &'static str,
    /// As the newest version stores it.
    pub(crate) newest: &'static str,
}

/// Samples of every version that is no longer written; a test fails when one has none.
pub(crate) const OLD_VERSIONS: &[OldVersion] = &[
    OldVersion {
        event: "SupportContactChanged",
        version: 1,
        stored: r#"{"type":"SupportContactChanged","subscription":"50000000-0000-0000-0000-000000000001",
            "partner":"a0000000-0000-0000-0000-000000000001"}"#,
        newest: r#"{"type":"SupportContactChanged","version":2,"subscription":"50000000-0000-0000-0000-000000000001",
            "contact":{"partner":"a0000000-0000-0000-0000-000000000001"}}"#,
    },
    OldVersion {
        event: "SupportContactChanged",
        version: 1,
        stored: r#"{"type":"SupportContactChanged","subscription":"50000000-0000-0000-0000-000000000001"}"#,
        newest: r#"{"type":"SupportContactChanged","version":2,
            "subscription":"50000000-0000-0000-0000-000000000001"}"#,
    },
];

fn product() -> Value {
    json!({"id": "product-2", "name": "Other", "family": "new_commerce_license", "service": "Exchange"})
}

/// The fields of a command on partners, customers, relationships or access.
fn asked_of_people(name: &str) -> Option<Value> {
    Some(match name {
        "RegisterPartner" => json!({"partner": P, "name": "P", "partner_type": "direct_bill", "markets": []}),
        "UpdatePartner" => json!({"partner": P, "name": "P2"}),
        "SuspendPartnerAccount" => json!({"partner": P, "reason": "abuse"}),
        "ReinstatePartnerAccount" | "AcceptPartnerAgreement" => json!({"partner": P}),
        "InvitePartner" | "AcceptPartnership" | "RemovePartnership" => json!({"provider": I, "reseller": IR}),
        "RegisterCustomer" => json!({"name": "Contoso"}),
        "UpdateCustomer" => json!({"name": "Contoso", "market": "CN"}),
        "CreateCustomer" => json!({"partner": P, "name": "Contoso", "domain": "contoso.example", "market": "CN"}),
        "DeleteCustomer" => json!({"partner": P, "account": "sandbox"}),
        "SetAssociatedPartner" => json!({"partner": I, "associated_partner_id": "1000004"}),
        "ExtendResellerRelationship" => json!({"partner": P, "provider": I, "consent_reference": "letter 7"}),
        "AcceptResellerRelationship" | "RequestResellerRelationship" => json!({"partner": P, "dap": {"with": "all"}}),
        "RemoveResellerRelationship" | "RecordMicrosoftDapTermination" => json!({"partner": P}),
        "GrantDap" | "RemoveDap" => json!({"partner": P, "services": {"names": ["Exchange"]}}),
        "RecordAzureRoleAssignment" | "RecordAzureRoleRemoval" => {
            json!({"partner": P, "assignment": {"scope": "/subscriptions/1", "role": "Owner"}})
        }
        _ => return None,
    })
}

/// The fields of a command on agreements, orders, subscriptions, partners of record or the record itself.
fn asked_of_subscriptions(name: &str) -> Option<Value> {
    Some(match name {
        "ConfirmCustomerAgreement" => {
            json!({"agreement_type": "MicrosoftCustomerAgreement", "date_agreed": "2018-01-05", "method": "attested"})
        }
        "PlaceOrder" => json!({"order": "order-2", "lines": [
            {"subscription": S3, "product": product(), "quantity": 3, "term": "P1Y", "billing_cycle": "monthly"}]}),
        "AddSeats" | "RemoveSeats" => json!({"subscription": S1, "seats": 1}),
        "SuspendSubscription" => json!({"subscription": S1, "reason": "customer_request"}),
        "ReactivateSubscription" | "CancelSubscription" | "RenewSubscription" => json!({"subscription": S1}),
        "ConvertSubscription" => {
            json!({"subscription": S1, "to_product": product(), "transition_type": "transition_only"})
        }
        "ConvertTrial" => json!({"subscription": S1, "to_product": product(), "quantity": 3, "term": "P1Y",
            "billing_cycle": "monthly"}),
        "ChangeTerm" => json!({"subscription": S1, "term": "P3Y"}),
        "ChangeBillingCycle" => json!({"subscription": S1, "billing_cycle": "annual", "through": "order_update"}),
        "SetAutoRenew" => json!({"subscription": S1, "auto_renew": "off"}),
        "ScheduleNextTerm" => json!({"subscription": S1, "next_term": null}),
        "ReplaceSubscription" => json!({"subscription": S1, "friendly_name": "mail"}),
        "RecordPendingOperation" => json!({"subscription": S1, "operation": "upgrade"}),
        "ChangeResellerOfRecord" | "SetDpor" | "SetPal" => json!({"subscription": S1, "partner_id": "1000004"}),
        "SetSupportContact" => json!({"subscription": S1, "partner": P, "partner_id": "1000001", "name": "P"}),
        "RecordObservation" => json!({"events": [event_of("SubscriptionObserved")]}),
        "CorrectEvent" => json!({"position": 0, "reason": "a slip"}),
        _ => return None,
    })
}

/// The fields of a command on transfers: Q is to give up S1.
fn asked_of_transfers(name: &str) -> Option<Value> {
    Some(match name {
        "RequestTransfer" => json!({"transfer": TRANSFER, "family": "legacy_license", "source": Q, "target": P,
            "lines": [{"subscription": S1}]}),
        "AcceptTransfer" | "RejectTransfer" | "WithdrawTransfer" => json!({"transfer": TRANSFER}),
        "CompleteTransfer" => json!({"transfer": TRANSFER, "lines": [
            {"subscription": S1, "outcome": {"complete": {"new_subscription": S3}}}]}),
        _ => return None,
    })
}

/// A sample of a command by its name, about partner P and the subscription S1.
pub(crate) fn command_of(name: &str) -> Option<Value> {
    let mut sample = asked_of_people(name)
        .or_else(|| asked_of_granular(name))
        .or_else(|| asked_of_subscriptions(name))
        .or_else(|| asked_of_transfers(name))
        .or_else(|| asked_of_custody(name))?;
    sample["type"] = json!(name);
    Some(sample)
}

/// The same about another partner and another subscription.
pub(crate) fn about_the_others(sample: &Value) -> Value {
    let text = sample.to_string().replace(P, Q).replace(S1, S2);
    serde_json::from_str(&text).unwrap()
}

/// The customer that a command must name; none when it must not.
pub(crate) fn customer_of(name: &str) -> Option<&'static str> {
    let on_account = matches!(
        name,
        "RegisterPartner"
            | "UpdatePartner"
            | "SuspendPartnerAccount"
            | "ReinstatePartnerAccount"
            | "AcceptPartnerAgreement"
            | "InvitePartner"
            | "AcceptPartnership"
            | "RemovePartnership"
            | "RequestResellerRelationship"
            | "AddSecurityGroupMember"
            | "RemoveSecurityGroupMember"
    );
    let on_ledger = asked_of_custody(name).is_some();
    (!on_account && !on_ledger).then_some(C)
}
