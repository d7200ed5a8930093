//! Audit records of what commands decided: in the published shape, marked as the ledger's own, and telling what was
//! decided to whoever reads them as audit records.

use ofrecord_core::{Actor, ActorKind, Cloud, Decision, Entry, Event, Policy, Refusal, ground};
use ofrecord_interop::read;
use ofrecord_interop::write::audit_records;
use serde_json::{Value, json};

use crate::fold::{CUSTOMER, PARTNER, at, context};

const RESELLER: &str = "0a000000-0000-4000-8000-0000000000a2";
const SUBSCRIPTION: &str = "0e000000-0000-4000-8000-0000000000e4";
const NEW: &str = "0e000000-0000-4000-8000-0000000000f4";
const TRANSFER: &str = "0e000000-0000-4000-8000-0000000000e7";
const ORIGIN: &str = "example.org/ledger";

fn entry(command: &Value, events: &[Value]) -> Entry {
    let events: Vec<Event> = events.iter().map(|event| serde_json::from_value(event.clone()).unwrap()).collect();
    Entry {
        position: 41,
        recorded_at: at("2024-03-05T10:00:00Z"),
        command_id: "0d000000-0000-4000-8000-0000000000dd".parse().unwrap(),
        decision: Decision {
            actor: Actor {
                tenant_id: PARTNER.parse().ok(),
                user: Some("agent@partner.example".to_owned()),
                ..Actor::new(ActorKind::PartnerUser)
            },
            command: command.clone().into(),
            customer: CUSTOMER.parse().ok(),
            effective_at: Some(at("2024-03-05T09:30:00.0159088Z")),
            events: Some(events),
            evidence: Vec::new(),
            expected_version: None,
            policy: Policy::current(Cloud::Worldwide).reference,
            read: Vec::new(),
            refusal: None,
        },
    }
}

fn written(entry: &Entry) -> Value {
    let records = audit_records(entry, ORIGIN);
    let [record] = records.as_slice() else { panic!("{} records", records.len()) };
    serde_json::to_value(&record.shape).unwrap()
}

/// The names of the facts that an importer would read from the record, were it the source's.
fn read_back(record: &Value) -> Vec<String> {
    let mut record = record.clone();
    record.as_object_mut().unwrap().insert("applicationId".to_owned(), json!("0d000000-0000-4000-8000-0000000000d3"));
    let reading = read("record.json", record.to_string().as_bytes(), &context());
    let events = reading.statements.iter().flat_map(|statement| &statement.events);
    events.map(|event| event.name().to_owned()).collect()
}

/// The record has the operation, the resource and the end of the id as told, and reads as these facts.
fn check(command: &str, events: &[Value], (operation, resource, id): (&str, &str, &str), facts: &[&str]) {
    let record = written(&entry(&command_of(command), events));
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!((text("operationType").as_str(), text("resourceType").as_str()), (operation, resource), "{command}");
    let expected = format!("{PARTNER}_{CUSTOMER}{id}_638452278000159088");
    assert_eq!(text("id"), expected, "{command}");
    assert_eq!(read_back(&record), facts, "{command}: {record:#}");
}

/// Commands as they are submitted, by their names.
fn command_of(name: &str) -> Value {
    let product = json!({"id": "CFQ7TTC0AAAA:0001:CFQ7TTC0BBBB", "name": "Mail", "family": "new_commerce_license"});
    let mut command = match name {
        "AcceptResellerRelationship" | "RemoveResellerRelationship" | "GrantDap" | "RemoveDap" => {
            json!({"partner": PARTNER})
        }
        "CreateCustomer" => {
            json!({"partner": PARTNER, "name": "Blue Heron Bakery", "domain": "blueheron.example", "market": "NL"})
        }
        "ConfirmCustomerAgreement" => {
            json!({"agreement_type": "MicrosoftCustomerAgreement", "date_agreed": "2024-03-01", "method": "attested"})
        }
        "PlaceOrder" => json!({"order": "Order-1", "lines": [{"subscription": SUBSCRIPTION, "product": product,
            "quantity": 15, "term": "P1Y", "billing_cycle": "monthly"}]}),
        "AddSeats" => json!({"subscription": SUBSCRIPTION, "seats": 5}),
        "SuspendSubscription" => json!({"subscription": SUBSCRIPTION, "reason": "non_payment"}),
        "ConvertSubscription" => json!({"subscription": SUBSCRIPTION, "to_product": product,
            "transition_type": "transition_only"}),
        "UpdateCustomer" => json!({"name": "Blue Heron"}),
        "ExtendResellerRelationship" => {
            json!({"partner": PARTNER, "provider": RESELLER, "consent_reference": "letter"})
        }
        "RequestTransfer" => json!({"transfer": TRANSFER, "family": "legacy_license", "source": PARTNER,
            "target": RESELLER, "lines": [{"subscription": SUBSCRIPTION}]}),
        "RejectTransfer" => json!({"transfer": TRANSFER}),
        "CompleteTransfer" => json!({"transfer": TRANSFER, "lines": [{"subscription": SUBSCRIPTION,
            "outcome": {"complete": {"order": "Order-2"}}}]}),
        other => panic!("no command {other}"),
    };
    command.as_object_mut().unwrap().insert("type".to_owned(), json!(name));
    command
}

fn purchase() -> Value {
    json!({"type": "SubscriptionPurchased", "subscription": SUBSCRIPTION, "owner": PARTNER, "order": "Order-1",
        "product": {"id": "CFQ7TTC0AAAA:0001:CFQ7TTC0BBBB", "name": "Mail", "family": "new_commerce_license"},
        "quantity": 15, "term": "P1Y", "billing_cycle": "monthly", "partner_id_on_record": "5550001"})
}

#[test]
fn a_decided_relationship_reads_as_what_was_decided() {
    let accepted = json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": PARTNER, "generation": 1});
    check(
        "AcceptResellerRelationship",
        &[accepted],
        ("reseller_relationship_accepted_by_customer", "customer", "_resellerrelationshipacceptedbycustomer"),
        &["ResellerRelationshipAcceptedByCustomer"],
    );
    let removed = json!({"type": "ResellerRelationshipRemovedByPartner", "partner": PARTNER,
        "subscriptions_considered": [], "generation": 1});
    let operation = "remove_partner_customer_relationship";
    check(
        "RemoveResellerRelationship",
        &[removed],
        (operation, "partner_customer_relationship", "_removepartnercustomerrelationship"),
        &["ResellerRelationshipRemovedByPartner"],
    );
    let added = json!({"type": "CustomerAdded", "partner": PARTNER, "name": "Blue Heron Bakery", "market": "NL",
        "domain": "blueheron.example", "relationship": "reseller", "generation": 1});
    let id = format!("_{CUSTOMER}_addcustomer");
    check("CreateCustomer", &[added], ("add_customer", "customer", &id), &["CustomerAdded"]);
    let granted = json!({"type": "DapGranted", "partner": PARTNER, "services": "all"});
    let id = "_dapadminrelationshipapproved";
    check("GrantDap", &[granted], ("dap_admin_relationship_approved", "partner_customer_dap", id), &["DapGranted"]);
    let agreed = json!({"type": "CustomerAgreementConfirmed", "agreement_type": "MicrosoftCustomerAgreement",
        "date_agreed": "2024-03-01", "method": "attested", "attested_by": PARTNER,
        "primary_contact": {"first_name": "Noor"}});
    let told = ("create_agreement", "agreement", "_createagreement");
    check("ConfirmCustomerAgreement", std::slice::from_ref(&agreed), told, &["CustomerAgreementConfirmed"]);
    assert!(!written(&entry(&command_of("ConfirmCustomerAgreement"), &[agreed])).to_string().contains("Noor"));
}

#[test]
fn a_decided_purchase_or_change_reads_as_what_was_decided() {
    let placed =
        json!({"type": "OrderPlaced", "order": "Order-1", "partner": PARTNER, "subscriptions": [SUBSCRIPTION]});
    let facts = ["OrderPlaced", "SubscriptionPurchased"];
    check("PlaceOrder", &[placed, purchase()], ("create_order", "order", "_order-1_createorder"), &facts);
    let id = |operation: &str| format!("_{SUBSCRIPTION}_{operation}");
    let updated = id("updatesubscription");
    let updated = ("update_subscription", "subscription", updated.as_str());
    let seats = json!({"type": "SubscriptionSeatsChanged", "subscription": SUBSCRIPTION, "before": 15, "after": 20});
    check("AddSeats", &[seats], updated, &["SubscriptionSeatsChanged"]);
    let suspended = json!({"type": "SubscriptionSuspended", "subscription": SUBSCRIPTION, "reason": "non_payment"});
    check("SuspendSubscription", &[suspended], updated, &["SubscriptionObserved"]);
    let converted = json!({"type": "SubscriptionConverted", "subscription": SUBSCRIPTION,
        "from_product": "CFQ7TTC0CCCC:0001:CFQ7TTC0DDDD", "transition_type": "transition_only",
        "to_product": {"id": "CFQ7TTC0AAAA:0001:CFQ7TTC0BBBB", "name": "Mail", "family": "new_commerce_license"}});
    let upgraded = id("upgradesubscription");
    let upgraded = ("upgrade_subscription", "subscription", upgraded.as_str());
    check("ConvertSubscription", &[converted], upgraded, &["SubscriptionConverted"]);
}

/// The record's operation and partners, and its value as its text has it.
fn check_value(command: &str, events: &[Value], (operation, id): (&str, &str), partners: &[&str], value: &Value) {
    let record = written(&entry(&command_of(command), events));
    assert_eq!(record.get("operationType"), Some(&json!(operation)), "{command}");
    let expected = format!("{PARTNER}_{CUSTOMER}{id}_638452278000159088");
    assert_eq!(record.get("id"), Some(&json!(expected)), "{command}");
    assert_eq!(record.get("participants"), Some(&json!(partners)), "{command}");
    let text = record.get("resourceNewValue").and_then(Value::as_str).unwrap_or("null");
    assert_eq!(&serde_json::from_str::<Value>(text).unwrap(), value, "{command}");
}

#[test]
fn a_decided_transfer_or_extension_is_told_to_both_partners() {
    let extended = json!({"type": "ResellerRelationshipExtended", "provider": RESELLER, "from_partner": PARTNER,
        "consent_reference": "letter", "generation": 1});
    let both = [PARTNER, RESELLER];
    let told = ("extend_relationship", "_extendrelationship");
    check_value("ExtendResellerRelationship", &[extended], told, &both, &Value::Null);
    let sides = json!({"Id": TRANSFER, "CustomerTenantId": CUSTOMER, "SourcePartnerTenantId": PARTNER,
        "TargetPartnerTenantId": RESELLER, "Attributes": {"ObjectType": "TransferEntity"}});
    let with = |more: Value| {
        let mut value = sides.clone();
        value.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        value
    };
    let requested = json!({"type": "SubscriptionTransferRequested", "transfer": TRANSFER, "family": "legacy_license",
        "source": PARTNER, "target": RESELLER, "initiated_by": PARTNER,
        "lines": [{"subscription": SUBSCRIPTION, "quantity": 15}]});
    let id = |operation: &str| format!("_{TRANSFER}_{operation}");
    let value = with(json!({"Status": "Active", "CreatedTime": "2024-03-05T09:30:00.0159088Z",
        "LineItems": [{"SubscriptionId": SUBSCRIPTION, "Quantity": 15}]}));
    check_value("RequestTransfer", &[requested], ("create_transfer", &id("createtransfer")), &both, &value);
    let rejected = json!({"type": "SubscriptionTransferRejected", "transfer": TRANSFER});
    let value = json!({"Id": TRANSFER, "CustomerTenantId": CUSTOMER, "Status": "Reject",
        "Attributes": {"ObjectType": "TransferEntity"}});
    check_value("RejectTransfer", &[rejected], ("update_transfer", &id("updatetransfer")), &both[..1], &value);
    let other = "0e000000-0000-4000-8000-0000000000e5";
    let completed = json!({"type": "SubscriptionTransferCompleted", "transfer": TRANSFER, "source": PARTNER,
        "target": RESELLER, "items": [{"source_subscription": SUBSCRIPTION, "new_subscription": NEW, "order": "Order-2"}],
        "billing_split_date": "2024-03-05T00:00:00Z", "outcome": "partially_complete"});
    let failed = json!({"type": "SubscriptionTransferLineFailed", "transfer": TRANSFER, "subscription": other,
        "error": "Not in sync."});
    let value = with(json!({"Status": "PartiallyComplete", "LineItems": [
        {"SubscriptionId": NEW, "Status": "Complete", "SourceSubscriptionId": SUBSCRIPTION, "OrderId": "Order-2"},
        {"SubscriptionId": other, "Status": "Failed", "TransferError": "Not in sync."}]}));
    let told = ("complete_transfer", &*id("completetransfer"));
    check_value("CompleteTransfer", &[failed, completed], told, &both, &value);
}

#[test]
fn nobody_takes_the_ledgers_own_record_for_the_sources() {
    let accepted = json!({"type": "ResellerRelationshipAcceptedByCustomer", "partner": PARTNER, "generation": 1});
    let record = written(&entry(&command_of("AcceptResellerRelationship"), &[accepted]));
    let text = |name: &str| record.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    assert_eq!(text("applicationId"), "ofrecord");
    assert_eq!(text("originalCorrelationId"), "0d000000-0000-4000-8000-0000000000dd");
    let ledger = [("/customizedData/0/value", ORIGIN), ("/customizedData/1/value", "41")];
    for (pointer, value) in ledger {
        assert_eq!(record.pointer(pointer).and_then(Value::as_str), Some(value));
    }
    let reading = read("record.json", record.to_string().as_bytes(), &context());
    assert!(reading.statements.is_empty(), "it is not imported");
}

#[test]
fn a_refusal_is_a_record_of_what_failed() {
    let mut refused = entry(&command_of("RemoveResellerRelationship"), &[]);
    refused.decision.events = None;
    refused.decision.refusal = Some(Refusal::because(&ground::relationship::ACTIVE_SUBSCRIPTIONS_EXIST));
    let record = written(&refused);
    assert_eq!(record.get("operationStatus"), Some(&json!("failed")));
    let text = record.to_string();
    assert!(text.contains(r#"{"key":"RefusalCode","value":"active_subscriptions_exist"}"#), "{text}");
    assert!(text.contains(r#"{"key":"RefusalRule","value":"M-1"}"#), "{text}");
}

#[test]
fn a_command_without_a_published_operation_is_undefined() {
    let changed = json!({"type": "CustomerProfileChanged", "name": "Blue Heron"});
    let record = written(&entry(&command_of("UpdateCustomer"), &[changed]));
    assert_eq!(record.get("operationType"), Some(&json!("undefined")));
    let unknown = written(&entry(&json!({"type": "FromTheFuture", "partner": RESELLER}), &[]));
    assert_eq!(unknown.get("operationType"), Some(&json!("undefined")));
    assert_eq!(unknown.get("partnerId"), Some(&json!(RESELLER)));
}

#[test]
fn what_another_source_shows_is_no_audit_record() {
    let seen = json!({"type": "ResellerRelationshipObserved", "partner": PARTNER, "relationship": "reseller"});
    let command = json!({"type": "RecordObservation", "events": [seen]});
    assert!(audit_records(&entry(&command, &[seen]), ORIGIN).is_empty());
}
