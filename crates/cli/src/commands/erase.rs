//! `ofrecord erase`: make the personal fields of a person unreadable for good, and leave every proof as it is.

use clap::Args;
use ofrecord_core::command::custody::EraseSubject;
use ofrecord_core::{Command, CustomerId, SubjectId};
use ofrecord_ledger::sealing::NO_CUSTOMER;

use crate::custody::{self, Person};
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::session::Session;

const AFTER_HELP: &str = "\
The entry that says so is recorded first; then the key of the person is overwritten. No entry changes, so every
hash, proof and checkpoint holds as before. A source record that names several people goes with the first of them.
A hold or a retention period refuses it. Copies of the folder of keys
are the operator's to destroy; the key is in no backup that `ofrecord backup` makes.

Example:
  ofrecord subjects CUSTOMER                 # who is who
  ofrecord erase SUBJECT --customer CUSTOMER --reason 'Article 17, request of 3 March' --by kim";

/// Arguments of `erase`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Whose fields, as `ofrecord subjects` shows it
    subject: SubjectId,
    /// The customer under whom they stand; without it, of those who act for a partner's account or for the ledger
    #[arg(long, value_name = "CUSTOMER", default_value_t = NO_CUSTOMER, hide_default_value = true)]
    customer: CustomerId,
    /// On which ground
    #[arg(long, value_name = "TEXT")]
    reason: String,
    #[command(flatten)]
    person: Person,
}

/// Erases.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let reason = custody::reason(&arguments.reason)?;
    let Some(sealer) = custody::sealer(session)? else {
        return Err(Failure::NoKeys { folder: custody::key_folder(session).path().to_owned() });
    };
    if sealer.customer_of(arguments.subject) != Some(arguments.customer) {
        return Err(Failure::NoSuchSubject { subject: arguments.subject, customer: arguments.customer });
    }
    drop(sealer);
    let ledger = open::ledger(session)?;
    let (subject, customer) = (arguments.subject, arguments.customer);
    let command = Command::EraseSubject(EraseSubject { subject, customer, reason });
    let asked = custody::ask(&ledger, arguments.person.compliance_officer(), command);
    open::close(ledger, session);
    let recorded = asked?;
    let mut output = session.output();
    output.line(&format!("erased {subject}: entry {} says so, and the key is gone", recorded.position))?;
    output.flush()?;
    Ok(Verdict::Done)
}
