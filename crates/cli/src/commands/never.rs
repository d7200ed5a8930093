//! `ofrecord never`: prove that a customer and a partner never had a reseller relationship.

use std::path::PathBuf;

use clap::Args;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_ledger::absence::AbsenceProof;
use ofrecord_ledger::certificate::to_bytes;

use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::session::Session;
use crate::whole_file;

const AFTER_HELP: &str = "\
Rests on the newest commitment (`ofrecord commit`) that speaks of what is known: --known-at takes an older one.
The file shows the two pairs between which this one would stand: it discloses that these had a relationship.
That it was made is recorded, before it leaves.
Exits with 4, and writes nothing, when the two had one.

Example:
  ofrecord never 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02 -o never.json
  ofrecord check never.json --key \"$(ofrecord key --quiet)\"";

/// Arguments of `never`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER")]
    customer: CustomerId,
    /// The partner's tenant
    #[arg(value_name = "PARTNER")]
    partner: PartnerTenantId,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

/// Proves it.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let inquiry = Inquiry::open_taking(session)?;
    let (recorded, signed) = inquiry.signed_commitment(session)?;
    let pair = (arguments.customer, arguments.partner);
    let log = inquiry.reader.log().as_ref();
    let size = recorded.commitment.tree_size;
    let state = inquiry.committed_state(&recorded, session)?;
    let Some(proof) = AbsenceProof::of(log, pair, &recorded, &state, &signed)? else {
        session.remark(&format!("the two had a reseller relationship by size {size}: `ofrecord timeline` shows it"));
        return Ok(Verdict::Found);
    };
    let (bytes, customer) = (to_bytes(&proof), Some(arguments.customer));
    inquiry.disclose(&arguments.taking, DisclosureKind::Certificate, customer, Some(&bytes), session)?;
    whole_file::write_or_print(arguments.output.as_deref(), &bytes, session)?;
    session.remark(&format!("the two had no reseller relationship by size {size}"));
    Ok(Verdict::Done)
}
