//! `ofrecord redact`: take the bytes of a whole entry away for good, and leave every hash and proof as it is.

use clap::Args;
use ofrecord_core::command::custody::RedactEntry;
use ofrecord_core::{ApproverName, Authority, Command, TicketId};

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::session::Session;

const AFTER_HELP: &str = "\
For a wrong paste or a court order. The entry that says so is recorded first; then the bytes go from the store, from
the sealed segments and from the stored views, and what they stood in is overwritten. The leaf hash stays, so that
every root, checkpoint and proof holds as before; what the entry said counts for nothing from then on.
It needs two persons: who asks (--by) and who approved. A hold or a retention period refuses it, and so it is with
the first entry and with whatever the ledger says of its own custody.
Backups, exports and packs that were made before hold the bytes: they are the operator's to destroy.

Example:
  ofrecord redact 4711 --reason 'a card number was pasted' --authority 'Article 17' --ticket T-9 \\
      --by kim --approved-by robin";

/// Arguments of `redact`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The position of the entry
    position: u64,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// By whose order, or on which legal ground
    #[arg(long, value_name = "TEXT")]
    authority: Authority,
    /// Under which ticket or file number
    #[arg(long, value_name = "TEXT")]
    ticket: Option<TicketId>,
    /// Who approved it: somebody else than --by
    #[arg(long, value_name = "NAME")]
    approved_by: ApproverName,
    #[command(flatten)]
    person: Person,
}

/// Redacts.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let command = Command::RedactEntry(RedactEntry {
        position: arguments.position,
        reason: custody::reason(&arguments.reason)?,
        authority: arguments.authority.clone(),
        ticket: arguments.ticket.clone(),
        approved_by: arguments.approved_by.clone(),
        entry: None,
    });
    let ledger = open::ledger(session)?;
    let asked = custody::ask(&ledger, arguments.person.compliance_officer(), command);
    open::close(ledger, session);
    let recorded = asked?;
    // From here on whoever opens the ledger finishes it.
    open::take_redacted_away(session)?;
    let mut output = session.output();
    let (position, by) = (arguments.position, recorded.position);
    output.line(&format!("redacted entry {position}: entry {by} says so, and only its hash is left"))?;
    output.flush()?;
    Ok(Verdict::Done)
}
