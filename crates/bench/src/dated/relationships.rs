//! One partner with many granular relationships: what a command in its stream costs, in the order of the world and dated back.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use ofrecord_core::command::gdap::CreateGdapRelationship;
use ofrecord_core::command::partner::RegisterPartner;
use ofrecord_core::entra_role::DIRECTORY_WRITERS;
use ofrecord_core::vocabulary::{GdapAutoExtend, GdapDuration, PartnerType};
use ofrecord_core::{Actor, ActorKind, Cloud, Command, CommandId, PartnerTenantId, Request, Role, Timestamp};
use ofrecord_ledger::{Ledger, Window};
use uuid::Uuid;

use super::{MEASURED_IN_FLIGHT, Rates};
use crate::RaceError;
use crate::fill::{IN_FLIGHT, failed, scratch_ledger};
use crate::reckoning::per_second;
use crate::registration::accepted;

const TENANT: Uuid = Uuid::from_u128(7);
const PARTNER: PartnerTenantId = PartnerTenantId::new(TENANT);

/// Commands a second: the newest in the world, then those dated back to the middle of what there is.
pub(super) fn of_one_partner(folder: &Path, size: u64, slot: Duration) -> Result<Rates, RaceError> {
    let ledger = scratch_ledger(folder, Cloud::Worldwide)?;
    let mut window = Window::of(&ledger, IN_FLIGHT);
    window.submit(registration()).map_err(failed)?;
    for number in 0..size {
        window.submit(made(number, second(number))?).map_err(failed)?;
    }
    for receipt in window.rest() {
        accepted(receipt.map_err(failed)?)?;
    }
    // No more than a part of what there is, so that the size is the one named.
    let more = size / 4;
    let newest = rate(&ledger, slot, more, size, second(size))?;
    let late = rate(&ledger, slot, more, LATE, second(size / 2))?;
    ledger.close();
    Ok(Rates { newest, late })
}

/// Numbers of relationships dated back begin beyond those of all others.
const LATE: u64 = 1 << 32;

fn rate(
    ledger: &Ledger,
    slot: Duration,
    commands_max: u64,
    from: u64,
    effective_at: Timestamp,
) -> Result<f64, RaceError> {
    let mut window = Window::of(ledger, MEASURED_IN_FLIGHT);
    let began = Instant::now();
    let mut number = from;
    while began.elapsed() < slot && number < from + commands_max {
        if let Some(receipt) = window.submit(made(number, effective_at)?).map_err(failed)? {
            accepted(receipt)?;
        }
        number += 1;
    }
    for receipt in window.rest() {
        accepted(receipt.map_err(failed)?)?;
    }
    Ok(per_second(number - from, began.elapsed()))
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

fn made(number: u64, at: Timestamp) -> Result<Request, RaceError> {
    let actor = Actor {
        kind: ActorKind::PartnerUser,
        tenant_id: Some(TENANT),
        user: Some("agent@partner.example".to_owned()),
        role: Some(Role::AdminAgent),
    };
    let guid = |name: &str| Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{name}/{number}").as_bytes());
    let command = CreateGdapRelationship {
        partner: PARTNER,
        relationship: format!("{}-{}", guid("first"), guid("second")).parse().map_err(failed)?,
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
