//! `ofrecord demo`: the same seed gives the same ledger, in every cloud, and the new answers have something to say.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use ofrecord_acceptance::stage::Stage;
use serde_json::Value;

fn printed(stage: &Stage, arguments: &[&str]) -> String {
    let ran = stage.ran(arguments, b"");
    let told = ran.stdout.clone();
    ran.must_exit(0);
    told
}

/// Makes a demo's ledger and gives its root back.
fn root(stage: &Stage, folder: &str, more: &[&str]) -> Value {
    printed(stage, &[&["demo", "--customers", "20", "--dir", folder][..], more].concat());
    let stats: Value =
        serde_json::from_str(&printed(stage, &["stats", "--ledger", folder, "--format", "json"])).unwrap();
    stats.get("root").unwrap().clone()
}

#[test]
fn the_same_seed_gives_the_same_ledger_and_another_seed_or_cloud_another_one() {
    let stage = Stage::empty();
    let first = root(&stage, "first", &[]);
    assert_eq!(root(&stage, "again", &[]), first);
    assert_ne!(root(&stage, "other", &["--seed", "2"]), first);
    for cloud in ["china21vianet", "usgov"] {
        assert_ne!(root(&stage, cloud, &["--cloud", cloud]), first);
    }
}

#[test]
fn the_market_has_every_step_of_granular_administration_and_of_transfers() {
    let stage = Stage::empty();
    printed(&stage, &["demo", "--customers", "300", "--dir", "ledger"]);
    let mut seen = BTreeSet::new();
    for entry in printed(&stage, &["export"]).lines() {
        let entry: Value = serde_json::from_str(entry).unwrap();
        for event in entry["decision"]["events"].as_array().into_iter().flatten() {
            seen.insert(event["type"].as_str().unwrap().to_owned());
        }
    }
    for event in [
        "GdapRelationshipCreated",
        "GdapPartnerConsentGiven",
        "GdapRelationshipApproved",
        "GdapRelationshipActivated",
        "GdapGlobalAdministratorRemoved",
        "GdapAutoExtendSet",
        "GdapRelationshipExtended",
        "GdapRelationshipExpired",
        "GdapRelationshipTerminated",
        "GdapRelationshipCleanedUp",
        "GdapAccessAssignmentCreated",
        "GdapAccessAssignmentActivated",
        "GdapAccessAssignmentUpdated",
        "SecurityGroupMemberAdded",
        "SecurityGroupMemberRemoved",
        "DapTransitionStartedByMicrosoft",
        "DapTerminatedByMicrosoft",
        "ResellerRelationshipExtended",
        "SubscriptionTransferRequested",
        "SubscriptionTransferAccepted",
        "SubscriptionTransferRejected",
        "SubscriptionTransferCompleted",
        "SubscriptionTransferLineFailed",
    ] {
        assert!(seen.contains(event), "no {event} in {seen:?}");
    }
    let findings = printed(&stage, &["findings", "--as-of", "2024-06-30"]);
    for code in ["global_administrator_granted", "former_owner_still_has_access", "former_reseller_still_has_access"] {
        assert!(findings.contains(code), "no {code}");
    }
}
