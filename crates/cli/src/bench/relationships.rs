//! One partner with many granular relationships: what a command in its stream costs, in the order of the world and dated back.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use ofrecord_core::command::gdap::CreateGdapRelationship;
use ofrecord_core::command::partner::RegisterPartner;
use ofrecord_core::entra_role::DIRECTORY_WRITERS;
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration, PartnerType};
use ofrecord_core::{Actor, ActorKind, Cloud, Command, CommandId, PartnerTenantId, Request, Role, Timestamp};
use ofrecord_ledger::{Ledger, Receipt, ReceiptOutcome};
use uuid::Uuid;

use super::fill::{IN_FLIGHT, ledger_error, scratch_ledger};
use super::raw::per_second;
use super::{BenchError, Figure, Plan};
use crate::window::Window;

/// How many relationships the partner has.
const SIZES: [u64; 3] = [1_000, 10_000, 50_000];
/// Commands on their way while measuring: as many as still come to their end when each takes long.
const MEASURED_IN_FLIGHT: usize = 64;
const TENANT: Uuid = Uuid::from_u128(7);
const PARTNER: PartnerTenantId = PartnerTenantId::new(TENANT);

/// Measures each size in a ledger of its own.
pub(super) fn measure(plan: &Plan) -> Result<Vec<Figure>, BenchError> {
    let mut figures = Vec::new();
    for size in SIZES {
        let folder = plan.scratch.join(format!("relationships-{size}"));
        let (newest, late) = of_one_partner(&folder, size, plan.slot)?;
        std::fs::remove_dir_all(&folder)?;
        let name = |which: &str| format!("{which} beside {size} of one partner");
        figures.push(Figure::alone(name("granular relationships made"), newest, "commands/s"));
        figures.push(Figure::alone(name("granular relationships made, dated back"), late, "commands/s"));
    }
    Ok(figures)
}

/// Commands a second: the newest in the world, then those dated back to the middle of what there is.
fn of_one_partner(folder: &Path, size: u64, slot: Duration) -> Result<(f64, f64), BenchError> {
    let ledger = scratch_ledger(folder, Cloud::Worldwide)?;
    let mut window = Window::of(&ledger, IN_FLIGHT);
    window.submit(registration()).map_err(ledger_error)?;
    for number in 0..size {
        window.submit(made(number, second(number))?).map_err(ledger_error)?;
    }
    for receipt in window.rest() {
        accepted(&receipt.map_err(ledger_error)?)?;
    }
    // No more than a part of what there is, so that the size is the one named.
    let more = size / 4;
    let newest = rate(&ledger, slot, more, size, second(size))?;
    let late = rate(&ledger, slot, more, LATE, second(size / 2))?;
    ledger.close();
    Ok((newest, late))
}

/// Numbers of relationships dated back begin beyond those of all others.
const LATE: u64 = 1 << 32;

fn rate(
    ledger: &Ledger,
    slot: Duration,
    commands_max: u64,
    from: u64,
    effective_at: Timestamp,
) -> Result<f64, BenchError> {
    let mut window = Window::of(ledger, MEASURED_IN_FLIGHT);
    let began = Instant::now();
    let mut number = from;
    while began.elapsed() < slot && number < from + commands_max {
        if let Some(receipt) = window.submit(made(number, effective_at)?).map_err(ledger_error)? {
            accepted(&receipt)?;
        }
        number += 1;
    }
    for receipt in window.rest() {
        accepted(&receipt.map_err(ledger_error)?)?;
    }
    Ok(per_second(number - from, began.elapsed()))
}

fn accepted(receipt: &Receipt) -> Result<(), BenchError> {
    match &receipt.outcome {
        ReceiptOutcome::Accepted { .. } => Ok(()),
        other
        @ (ReceiptOutcome::Refused { .. } | ReceiptOutcome::Repeated { .. } | ReceiptOutcome::Conflict { .. }) => {
            Err(BenchError::Ledger(format!("a command was {}", other.word())))
        }
    }
}

/// One second after another, from the beginning of 2021.
fn second(number: u64) -> Timestamp {
    let start = Timestamp::from_date(2021, 1, 1).unwrap_or(Timestamp::MIN);
    start.plus_seconds(i64::try_from(number).unwrap_or(0))
}

fn registration() -> Request {
    let command = RegisterPartner {
        partner: PARTNER,
        name: "Example".to_owned(),
        partner_type: PartnerType::DirectBill,
        partner_id: None,
        markets: BTreeSet::new(),
        indirect_reseller_enrolment: None,
    };
    request("partner", Actor::new(ActorKind::Operator), second(0), Command::RegisterPartner(command))
}

fn made(number: u64, at: Timestamp) -> Result<Request, BenchError> {
    let actor = Actor {
        kind: ActorKind::PartnerUser,
        tenant_id: Some(TENANT),
        user: Some("agent@partner.example".to_owned()),
        role: Some(Role::AdminAgent),
    };
    let guid = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{name}/{number}").as_bytes());
    let command = CreateGdapRelationship {
        partner: PARTNER,
        relationship: format!("{}-{}", guid("first"), guid("second")).parse().map_err(ledger_error)?,
        display_name: format!("Support {number}"),
        duration: GdapDuration::of_days(365),
        auto_extend: GdapAutoExtend::P0D,
        roles: BTreeSet::from([DIRECTORY_WRITERS]),
    };
    Ok(request(&format!("made/{number}"), actor, at, Command::CreateGdapRelationship(command)))
}

fn request(name: &str, actor: Actor, at: Timestamp, command: Command) -> Request {
    Request {
        command_id: CommandId::new(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes())),
        actor,
        customer: None,
        effective_at: Some(at),
        expected_version: None,
        evidence: Vec::new(),
        command: command.into(),
    }
}
