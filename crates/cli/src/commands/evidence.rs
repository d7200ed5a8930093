//! `ofrecord evidence`: one answer about a customer or a partner with everything that it rests on, as a file that needs no ledger.

mod taking;
mod verifying;
mod vouching;

pub(crate) use self::taking::take;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use ofrecord_core::{CustomerId, PartnerTenantId};
use ofrecord_ledger::evidence::About;
use ofrecord_proof::note::VerifierKey;

use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::session::Session;

const AFTER_HELP: &str = "\
The file is a zip with the answers, every entry of the customer or the partner, proofs, and a README that says how to check it with
other programs. The same question by the same --known-at gives the same bytes.
Commits to the state of all streams and signs a checkpoint where none covers what is known, and records that the pack
was taken: by whom, why, and its SHA-256.
The ledger's keys sign the list of its files, so that none can be added, changed, renamed or taken out. Where a key
was rotated, the pack shows how the present one follows from the older ones; time stamps of the checkpoint go along.
Contacts stay sealed unless --reveal is given.

Examples:
  ofrecord evidence 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 --as-of 2024-03-01 -o pack.zip --purpose 'audit 2024'
  ofrecord evidence --partner 0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02 -o partner.zip
  ofrecord evidence verify pack.zip --key 'example.org/ledger+530d903a+Aekye…'";

const VERIFY_HELP: &str = "\
Opens no ledger: it needs the pack and the key, which must come from somebody you believe and not with the pack.
An older key of the same ledger will do where the pack shows how the present one follows from it.
Says what is proven and what is not. Exits with 4 when something does not hold, and lists each.

Example:
  ofrecord evidence verify pack.zip --key 'example.org/ledger+530d903a+Aekye…'";

/// Arguments of `evidence`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP, args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Option<Action>,
    /// The customer's tenant
    #[arg(value_name = "CUSTOMER", required_unless_present = "partner", conflicts_with = "partner")]
    customer: Option<CustomerId>,
    /// Instead of a customer, this partner: its account, its granular relationships, and all that its stream tells
    #[arg(long, value_name = "PARTNER", conflicts_with_all = ["never", "reveal"])]
    partner: Option<PartnerTenantId>,
    /// Write to this file, whole or not at all
    #[arg(long, short, value_name = "FILE", required = true)]
    output: Option<PathBuf>,
    /// Prove too that nothing was rewritten since the kept checkpoint of this size
    #[arg(long, value_name = "SIZE")]
    since: Option<u64>,
    /// Prove too that the customer never had a reseller relationship with this partner; more than once for more
    #[arg(long, value_name = "PARTNER")]
    never: Vec<PartnerTenantId>,
    /// Put in the keys that open the customer's contacts
    #[arg(long)]
    reveal: bool,
    /// Put in a COSE receipt (RFC 9942) for each entry, and the key of receipts
    #[arg(long)]
    cose: bool,
    /// Put in all entries on the ledger itself, which show that no key was left out and name everybody of whom something
    /// was taken out
    #[arg(long)]
    custody: bool,
    #[command(flatten)]
    taking: Taking,
}

/// What else to do.
#[derive(Debug, Subcommand)]
enum Action {
    /// Check a pack without the ledger
    Verify(Verify),
}

/// Arguments of `evidence verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_HELP)]
struct Verify {
    /// The pack, or the folder that it was unpacked into
    #[arg(value_name = "PACK")]
    pack: PathBuf,
    /// A key that is believed, as `ofrecord key` prints it; more than once for more
    #[arg(long = "key", value_name = "VKEY")]
    believed: Vec<VerifierKey>,
    /// A policy that says which keys are believed, and who must have cosigned
    #[arg(long, value_name = "FILE", conflicts_with = "believed")]
    policy: Option<PathBuf>,
}

impl Arguments {
    /// The answers alone, with what they rest on.
    pub(crate) fn of(taking: Taking) -> Self {
        Self {
            action: None,
            customer: None,
            partner: None,
            output: None,
            since: None,
            never: Vec::new(),
            reveal: false,
            cose: false,
            custody: false,
            taking,
        }
    }
}

/// Takes a pack, or checks one.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    if let Some(Action::Verify(verify)) = &arguments.action {
        return verifying::run(verify, session);
    }
    // The command line has asked for one of the first two, and for the third.
    let about = arguments.customer.map(About::Customer).or(arguments.partner.map(About::Partner));
    let (Some(about), Some(output)) = (about, &arguments.output) else { return Ok(Verdict::Invalid) };
    taking::run(arguments, about, output, session)
}
