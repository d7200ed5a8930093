//! The samples that Microsoft publishes: every file is read, and each file of
//! this ledger's scope says what stands beside it here.
//!
//! The samples are not part of the project. The folder is named by
//! `OFRECORD_SHARED`, or lies beside the workspace; without it the test says so and passes.

#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use ofrecord_core::Cloud;
use ofrecord_core::Event;
use ofrecord_interop::{Context, Reading, Severity, published_operations, read};

fn samples() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let shared = std::env::var_os("OFRECORD_SHARED").map_or_else(beside, PathBuf::from);
    let samples = shared.join("data/partner-center");
    samples.is_dir().then_some(samples)
}

/// A customer for the samples that name none.
const CUSTOMER: &str = "0c000000-0000-4000-8000-0000000000c1";
/// A granular relationship for the lists that name none.
const RELATIONSHIP: &str = "5d027261-d21f-4aa9-b7db-7fa1f56fb163-8777b240-c6f0-4469-9e98-a3205431b836";

fn context() -> Context {
    Context {
        partner: "0a000000-0000-4000-8000-0000000000a1".parse().ok(),
        customer: CUSTOMER.parse().ok(),
        relationship: RELATIONSHIP.parse().ok(),
        fetched_at: "2024-06-01T00:00:00Z".parse().ok(),
        ..Context::new(Cloud::Worldwide)
    }
}

/// Every file of the folders that hold records, with what it says.
fn read_all(samples: &Path) -> BTreeMap<String, Reading> {
    let mut readings = BTreeMap::new();
    for folder in ["pc-rest", "audit", "graph-gdap", "gdap-csv", "powershell-recordings"] {
        for file in fs::read_dir(samples.join(folder)).expect("a folder of samples") {
            let path = file.expect("a sample").path();
            if path.extension().is_some_and(|extension| extension == "json" || extension == "csv") {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                let reading = read(&name, &fs::read(&path).expect("a sample is readable"), &context());
                readings.insert(format!("{folder}/{name}"), reading);
            }
        }
    }
    readings
}

/// The names of the facts in order, those of one statement joined by `+`; kept records by their operation.
fn facts(reading: &Reading) -> Vec<String> {
    let name = |event: &Event| {
        if let Event::SourceRecordKept(kept) = event {
            format!("kept {}", kept.operation)
        } else {
            event.name().to_owned()
        }
    };
    let statements = reading.statements.iter();
    statements.map(|statement| statement.events.iter().map(name).collect::<Vec<_>>().join("+")).collect()
}

const SEEN: &str = "CustomerObserved+ResellerRelationshipObserved";
const BOUGHT: &str = "OrderPlaced+SubscriptionPurchased";
const TRANSFER: &str = "SubscriptionTransferObserved";
const IN_FORCE: &str = "GdapRelationshipActivated+GdapRelationshipObserved";
const SUBSCRIPTION: &str = "SubscriptionObserved";

/// The samples of this ledger's scope and what each says.
const IN_SCOPE: &[(&str, &[&str])] = &[
    (
        "audit/auditrecords-throttling-sample.json",
        &["kept update_customer_user_licenses", BOUGHT, "CustomerAdded+DapObserved"],
    ),
    (
        "pc-rest/api-throttling-guidance.body3.json",
        &["kept update_customer_user_licenses", BOUGHT, "CustomerAdded+DapObserved"],
    ),
    ("gdap-csv/customers.csv", &["CustomerObserved"]),
    ("graph-gdap/create-accessAssignment.response-201.json", &["GdapAccessAssignmentObserved"]),
    ("graph-gdap/create-delegatedAdminRelationship.response-201.json", &["GdapRelationshipObserved"]),
    ("graph-gdap/create-request.response-201.json", &["GdapRequestObserved"]),
    (
        "graph-gdap/list-accessAssignments.response.json",
        &[
            "GdapAccessAssignmentObserved",
            "GdapAccessAssignmentObserved",
            "GdapAccessAssignmentObserved",
            "GdapAccessAssignmentObserved",
        ],
    ),
    ("graph-gdap/list-delegatedAdminCustomers.response.json", &["CustomerObserved", "CustomerObserved"]),
    (
        "graph-gdap/list-delegatedAdminRelationships.response.json",
        &[
            "GdapRelationshipObserved",
            IN_FORCE,
            "GdapRelationshipObserved",
            "GdapRelationshipObserved",
            IN_FORCE,
            "GdapRelationshipObserved",
            "GdapRelationshipObserved",
            "GdapRelationshipObserved",
        ],
    ),
    ("graph-gdap/list-operations.response.json", &["GdapOperationObserved"]),
    ("graph-gdap/list-requests.response.json", &["GdapRequestObserved", "GdapRequestObserved"]),
    ("pc-rest/accept-a-transfer.resp2.json", &["OrderPlaced", "OrderPlaced", "kept TransferSubmitResult"]),
    ("pc-rest/cancel-an-azure-marketplace-subscription.resp3.json", &[SUBSCRIPTION]),
    // Cancelled: its lines are no purchases.
    ("pc-rest/cancel-an-order-from-the-integration-sandbox.resp4.json", &["OrderPlaced"]),
    ("pc-rest/checkout-a-cart.body6.json", &[BOUGHT]),
    ("pc-rest/checkout-a-cart.resp5.json", &[BOUGHT]),
    ("pc-rest/confirm-customer-consent-customer-agreement.resp5.json", &["CustomerAgreementConfirmed"]),
    // Gives neither quantity nor instant.
    ("pc-rest/convert-a-trial-subscription-to-paid.resp8.json", &["kept ConversionResult"]),
    ("pc-rest/create-a-transfer.resp2.json", &[TRANSFER, TRANSFER]),
    (
        "pc-rest/create-a-customer-for-an-indirect-reseller.resp3.json",
        &["CustomerObserved+ResellerRelationshipObserved+DapObserved"],
    ),
    ("pc-rest/create-a-customer.resp3.json", &[SEEN]),
    ("pc-rest/create-an-order-for-a-customer-of-an-indirect-reseller.resp3.json", &[BOUGHT]),
    ("pc-rest/create-an-order.body2.json", &[BOUGHT]),
    // Reservations: the lines name no subscription.
    ("pc-rest/create-an-order.resp5.json", &["OrderPlaced"]),
    ("pc-rest/get-a-customer-by-id.resp5.json", &["CustomerObserved+ResellerRelationshipObserved+DapObserved"]),
    ("pc-rest/get-a-customer-by-name.resp4.json", &[SEEN, SEEN, SEEN]),
    ("pc-rest/get-a-customer-s-company-profile.resp4.json", &["CustomerObserved"]),
    ("pc-rest/get-a-list-of-add-ons-for-a-subscription.resp3.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-list-of-customers.resp5.json", &[SEEN, SEEN]),
    ("pc-rest/get-a-list-of-orders-by-customer-and-billing-cycle-type.resp3.json", &["OrderPlaced", "OrderPlaced"]),
    ("pc-rest/get-a-list-of-subscriptions-by-order.resp3.json", &[SUBSCRIPTION]),
    (
        "pc-rest/get-a-record-of-partner-center-activity-by-user.resp4.json",
        &[BOUGHT, "kept update_customer_user_licenses"],
    ),
    ("pc-rest/get-a-subscription-by-id.resp3.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-subscription-by-id.resp4.json", &[SUBSCRIPTION]),
    ("pc-rest/get-a-subscription-by-id.resp5.json", &[SUBSCRIPTION]),
    ("pc-rest/get-all-of-a-customer-s-subscriptions.body4.json", &[SUBSCRIPTION]),
    ("pc-rest/get-all-of-a-customer-s-subscriptions.resp3.json", &[SUBSCRIPTION]),
    ("pc-rest/get-all-subscriptions-by-partner.resp5.json", &[SUBSCRIPTION]),
    // Ten transfers, each when it was made and since its last change; the lines name no id at the target.
    ("pc-rest/get-all-of-a-customer-s-transfers.resp2.json", &[TRANSFER; 18]),
    ("pc-rest/get-an-order-by-id.resp5.json", &["OrderPlaced"]),
    ("pc-rest/get-customers-of-an-indirect-reseller.resp4.json", &[SEEN, SEEN]),
    ("pc-rest/get-delegated-admin-relation-statistics.body2.json", &["PartnerObserved+kept delegatedAdminStatistics"]),
    // Without a state there is no partnership to state; the customer's list shows who resells to it.
    ("pc-rest/get-indirect-resellers-of-a-customer.resp3.json", &["PartnerObserved", "ResellerRelationshipObserved"]),
    // Names no subscription.
    ("pc-rest/get-transitions.resp2.json", &["kept Transition"]),
    (
        "pc-rest/list-delegated-admin-customers.body2.json",
        &["CustomerObserved+DapObserved", "CustomerObserved+DapObserved"],
    ),
    (
        "pc-rest/purchase-an-add-on-to-a-subscription.resp7.json",
        &["OrderPlaced+SubscriptionPurchased+SubscriptionPurchased"],
    ),
    ("pc-rest/reject-a-transfer.resp2.json", &[TRANSFER, TRANSFER]),
    ("pc-rest/remove-a-reseller-relationship-with-a-customer.resp3.json", &["ResellerRelationshipObserved"]),
    ("pc-rest/request-reseller-relationship.resp3.json", &["ResellerRelationshipRequested"]),
    (
        "pc-rest/retrieve-a-list-of-indirect-resellers.resp3.json",
        &["PartnerRelationshipObserved", "PartnerRelationshipObserved"],
    ),
    ("pc-rest/transition-a-new-commerce-subscription.resp4.json", &["SubscriptionOperationPending"]),
    ("pc-rest/update-autorenew-for-an-azure-marketplace-subscription.resp4.json", &[SUBSCRIPTION]),
];

/// The samples that cannot be read at all, and why.
const NOT_READ: &[(&str, &str)] = &[
    ("pc-rest/cancel-an-order-from-the-integration-sandbox.body2.json", "an id and a status of nothing in particular"),
    ("pc-rest/create-indirect-reseller-in-sandbox.body1.json", "a request that no word tells from a record"),
    ("pc-rest/partner-center-webhook-events.body2.json", "placeholders where the ids belong"),
    ("pc-rest/partner-center-webhooks.resp4.json", "a list of names, not of records"),
];

fn unread(reading: &Reading) -> bool {
    reading.statements.is_empty() && reading.problems.iter().any(|problem| problem.severity == Severity::Bad)
}

#[test]
fn every_published_sample_is_read_or_says_why_not() {
    let Some(samples) = samples() else {
        println!("the published samples are not here (OFRECORD_SHARED); nothing is compared");
        return;
    };
    let readings = read_all(&samples);
    for (name, expected) in IN_SCOPE {
        let reading = readings.get(*name).expect(name);
        assert_eq!(facts(reading), *expected, "{name}: {:?}", reading.problems);
    }
    let not_read: Vec<&str> =
        readings.iter().filter(|(_, reading)| unread(reading)).map(|(name, _)| name.as_str()).collect();
    let expected: Vec<&str> = NOT_READ.iter().map(|(name, _)| *name).collect();
    assert_eq!(not_read, expected);
    for (name, reading) in &readings {
        let in_scope = IN_SCOPE.iter().any(|(known, _)| known == name);
        let only_kept = facts(reading).iter().all(|fact| fact.contains("kept "));
        assert!(in_scope || only_kept, "{name} states facts that nobody expects: {:?}", facts(reading));
        assert!(in_scope || !reading.problems.is_empty() || !reading.statements.is_empty(), "{name} says nothing");
    }
    println!("{}", sums(&readings));
}

/// The only published support contact is the body of a request, which has the shape of the resource.
#[test]
fn the_published_support_contact_fills_partner_id_and_name() {
    let Some(samples) = samples() else {
        println!("the published samples are not here (OFRECORD_SHARED); nothing is compared");
        return;
    };
    let sample = samples.join("pc-rest/update-a-subscription-s-support-contact.req2.json");
    let bytes = fs::read(sample).expect("a sample is readable");
    let reading = read("supportcontact.json", &bytes, &context());
    let events: Vec<&Event> = reading.statements.iter().flat_map(|statement| &statement.events).collect();
    let contact = serde_json::json!({"partner": "3b33e682-00c3-41ee-9dd2-a548adf56438", "partner_id": "4391507",
        "name": "Trey Research"});
    let [Event::SupportContactChanged(changed), ..] = events.as_slice() else { panic!("{events:?}") };
    assert_eq!(serde_json::to_value(&changed.contact).expect("a contact is JSON"), contact);
}

#[test]
fn every_published_operation_is_read_or_kept_with_a_reason() {
    let Some(samples) = samples() else {
        println!("the published samples are not here (OFRECORD_SHARED); nothing is compared");
        return;
    };
    let list = fs::read_to_string(samples.join("enums/operation-types.tsv")).expect("the list of operations");
    let mut published: Vec<&str> = list.lines().skip(1).filter_map(|line| line.split('\t').nth(1)).collect();
    assert_eq!(published.len(), 79);
    // Named by newer documents and by a published id, and `undefined` is the source's own word for none.
    published.retain(|word| *word != "undefined");
    published.extend(["complete_transfer", "fail_transfer", "reseller_relationship_accepted_by_customer"]);
    published.sort_unstable();
    let known: Vec<&str> = published_operations().iter().map(|operation| operation.word).collect();
    assert_eq!(known, published);
    for operation in published_operations() {
        assert!(operation.becomes.len() > 10, "{} says nothing", operation.word);
    }
}

/// The sums, for whoever runs the test with its output shown.
fn sums(readings: &BTreeMap<String, Reading>) -> String {
    let all = || readings.values();
    let kept = |reading: &&Reading| facts(reading).iter().all(|fact| fact.contains("kept "));
    let (mut bad, mut unrecognised, mut notes) = (0, 0, 0);
    for problem in all().flat_map(|reading| &reading.problems) {
        match problem.severity {
            Severity::Bad => bad += 1,
            Severity::Unrecognised => unrecognised += 1,
            Severity::Note => notes += 1,
        }
    }
    let statements: usize = all().map(|reading| reading.statements.len()).sum();
    let records: u64 = all().map(|reading| reading.records).sum();
    let states = all().filter(|reading| !reading.statements.is_empty());
    let (with_facts, only_kept): (Vec<&Reading>, Vec<&Reading>) = states.partition(|reading| !kept(reading));
    format!(
        "{} files, {records} records, {statements} statements; files with facts {}, only kept {}, left out {}; \
         problems: {bad} bad, {unrecognised} unrecognised, {notes} notes",
        readings.len(),
        with_facts.len(),
        only_kept.len(),
        readings.len() - with_facts.len() - only_kept.len(),
    )
}
