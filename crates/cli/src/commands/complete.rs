//! `ofrecord complete`: prove that some entries are all those of a customer, a partner or the ledger itself.

use std::path::PathBuf;

use clap::Args;
use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{CustomerId, StreamId};
use ofrecord_ledger::certificate::to_bytes;
use ofrecord_ledger::completeness::CompletenessProof;

use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::inquiry::Inquiry;
use crate::session::Session;
use crate::whole_file;

const AFTER_HELP: &str = "\
Rests on the newest commitment (`ofrecord commit`) that speaks of what is known: --known-at takes an older one.
The file holds every entry of the stream, and is checked without this ledger.
That it was made is recorded, before it leaves.

Examples:
  ofrecord complete 5d6a7e0c-11a4-4c29-9a6f-6a2f7f0f9a01 -o all.json
  ofrecord complete partner/0b2cf1cf-5a4b-4d3c-8a4f-3e9c3d0b7a02 -o all-of-partner.json
  ofrecord check all.json --key \"$(ofrecord key --quiet)\"";

/// Arguments of `complete`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The customer's tenant, or `partner/` and a partner's, or `ledger`
    #[arg(value_name = "CUSTOMER|partner/PARTNER|ledger", value_parser = stream)]
    stream: StreamId,
    /// Write to this file instead, whole or not at all
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    taking: Taking,
}

fn stream(text: &str) -> Result<StreamId, String> {
    let customer = text.parse::<CustomerId>().map(StreamId::Customer);
    customer.or_else(|_| text.parse()).map_err(|_| "a customer's id, partner/<id> or ledger is expected".to_owned())
}

/// Proves it.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    let inquiry = Inquiry::open_taking(session)?;
    let (recorded, signed) = inquiry.signed_commitment(session)?;
    let log = inquiry.reader.log().as_ref();
    let state = inquiry.committed_state(&recorded, session)?;
    let proof = CompletenessProof::of(log, arguments.stream, &recorded, &state, &signed)?;
    let (bytes, customer) = (to_bytes(&proof), arguments.stream.customer());
    inquiry.disclose(&arguments.taking, DisclosureKind::Certificate, customer, Some(&bytes), session)?;
    whole_file::write_or_print(arguments.output.as_deref(), &bytes, session)?;
    let (count, size) = (proof.count(), recorded.commitment.tree_size);
    session.remark(&format!("{} had {count} entries at size {size}; all of them are in it", arguments.stream));
    let later = log.stream_positions(&arguments.stream.to_string(), count as u64)?.len();
    if later > 0 {
        session.remark(&format!("{later} of its entries came after that: `ofrecord commit` includes them"));
    }
    Ok(Verdict::Done)
}
