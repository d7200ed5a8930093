//! Importing: audit records read, stated and made durable per second.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use ofrecord_core::{Actor, ActorKind, Cloud, Timestamp};
use ofrecord_interop::Context;
use ofrecord_ledger::Window;
use uuid::Uuid;

use crate::figures::Figures;
use crate::fill::{IN_FLIGHT, failed, scratch_ledger};
use crate::reckoning::per_second;
use crate::results::complain;
use crate::{Plan, RaceError};

/// Records in one file.
const FILE_RECORDS: u64 = 10_000;

/// Imports so many generated audit records in each round.
pub(crate) fn measure(plan: &Plan, records: u64) -> Result<Figures, RaceError> {
    let (mut figures, mut rates) = (Figures::default(), Vec::new());
    for round in 0..plan.rounds {
        complain(&format!("round {} of {}", round + 1, plan.rounds));
        let folder = plan.scratch.join("import");
        rates.push(import(&folder, records)?);
        std::fs::remove_dir_all(&folder)?;
    }
    figures.alone("import of audit records", "records/s", &mut rates);
    Ok(figures)
}

/// Imports generated audit records, half of them orders and half of them seat changes; gives records a second.
fn import(folder: &Path, records: u64) -> Result<f64, RaceError> {
    let files: Vec<String> = (0..records.div_ceil(FILE_RECORDS)).map(file).collect();
    let ledger = scratch_ledger(folder, Cloud::China21Vianet)?;
    let context = Context::new(Cloud::China21Vianet);
    let importer = Actor::new(ActorKind::Importer);
    let began = Instant::now();
    let mut window = Window::of(&ledger, IN_FLIGHT);
    let mut read = 0;
    for (number, text) in files.iter().enumerate() {
        let reading = ofrecord_interop::read(&format!("page-{number}.jsonl"), text.as_bytes(), &context);
        if let Some(problem) = reading.problems.first() {
            return Err(failed(format!("a generated record was not read: {}", problem.message)));
        }
        read += reading.records;
        for statement in &reading.statements {
            window.submit(ofrecord_interop::request_of(statement, &importer)).map_err(failed)?;
        }
    }
    for receipt in window.rest() {
        receipt.map_err(failed)?;
    }
    let rate = per_second(read, began.elapsed());
    ledger.close();
    Ok(rate)
}

/// One file of audit records in the published shape, one a line.
fn file(number: u64) -> String {
    let mut text = String::new();
    for line in 0..FILE_RECORDS {
        let serial = number * FILE_RECORDS + line;
        // Writing to a string cannot fail.
        writeln!(text, "{}", record(serial)).unwrap_or_default();
    }
    text
}

fn record(serial: u64) -> serde_json::Value {
    let id = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{name}/{}", serial / 2).as_bytes()).to_string();
    let (customer, subscription, partner) = (id("customer"), id("subscription"), Uuid::from_u128(7).to_string());
    let start = Timestamp::from_date(2020, 9, 2).unwrap_or(Timestamp::MIN);
    let at = start.plus_seconds(i64::try_from(serial).unwrap_or(0));
    let (operation, resource, old, new) = if serial.is_multiple_of(2) {
        let line = serde_json::json!({
            "LineItemNumber": 0, "OfferId": "796B6B5F-613C-4E24-A17C-EBA730D49C02", "SubscriptionId": subscription,
            "TermDuration": "P1Y", "TransactionType": "New", "FriendlyName": "Office 365 Enterprise E3", "Quantity": 25,
        });
        let order = serde_json::json!({
            "Id": id("order"), "ReferenceCustomerId": customer, "BillingCycle": "monthly", "CurrencyCode": "USD",
            "LineItems": [line], "CreationDate": at, "Status": "completed",
        });
        ("create_order", "order", None, order)
    } else {
        let shown = |quantity: u64| serde_json::json!({ "Id": subscription, "Quantity": quantity, "Status": "active" });
        ("update_subscription", "subscription", Some(shown(25)), shown(30))
    };
    let mut record = serde_json::json!({
        "id": format!("{partner}_{customer}_{}_{}", operation.replace('_', ""), at.ticks()),
        "partnerId": partner, "customerId": customer, "customerName": "Generated", "userPrincipalName": "agent@example.com",
        "resourceType": resource, "resourceNewValue": new.to_string(), "operationType": operation, "operationDate": at,
        "operationStatus": "succeeded", "attributes": { "objectType": "AuditRecord" },
    });
    if let (Some(old), Some(fields)) = (old, record.as_object_mut()) {
        fields.insert("resourceOldValue".to_owned(), serde_json::Value::String(old.to_string()));
    }
    record
}
