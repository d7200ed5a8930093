//! `ofrecord subjects`: whose personal fields stand under a customer, and what can still be read of them.

use clap::Args;
use ofrecord_core::command::agreement::Contact;
use ofrecord_core::{CustomerId, Event, SubjectId};
use ofrecord_ledger::sealing::{Revealed, Sealer};
use ofrecord_ledger::{KnownAt, Reader};
use ofrecord_log::Hash;
use serde::Serialize;

use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::render::{self, Column, Layout};
use crate::session::Session;

const AFTER_HELP: &str = "\
Contact persons are sealed with a key of their own before they are recorded. Who was erased is shown as erased, with
the entry that says so; where the folder of keys is not here, nothing can be read.
--field-keys adds for each contact the key that opens it and nothing else, to be handed to an auditor.

Example:
  ofrecord subjects 4b827261-d21f-4aa9-b7db-7fa1f56fb163
  ofrecord erase 0d1f… --customer 4b827261-d21f-4aa9-b7db-7fa1f56fb163 --reason 'Article 17, request of 3 March'";

/// Arguments of `subjects`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The customer
    customer: CustomerId,
    /// Print the key of each contact, which opens it and nothing else
    #[arg(long)]
    field_keys: bool,
}

/// One contact in one entry.
#[derive(Debug, Serialize)]
struct Row {
    subject: Option<SubjectId>,
    position: u64,
    standing: String,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_key: Option<String>,
}

const SUBJECTS: Layout = Layout {
    empty: "no personal fields",
    columns: &[
        Column::of("subject", "subject"),
        Column::of("entry", "position"),
        Column::of("standing", "standing"),
        Column::of("first name", "first_name"),
        Column::of("last name", "last_name"),
        Column::of("e-mail", "email"),
        Column::of("telephone", "phone_number"),
        Column::csv("field_key"),
    ],
};

/// Lists them.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let opened = open::log(session)?;
    let rows = rows(&opened.reader(), custody::sealer(session)?.as_ref(), arguments)?;
    render::rows(&mut session.output(), session.global.format, &SUBJECTS, &rows)?;
    Ok(Verdict::Done)
}

fn rows(reader: &Reader, sealer: Option<&Sealer>, arguments: &Arguments) -> Result<Vec<Row>, Failure> {
    let snapshot = reader.snapshot(KnownAt::Now)?;
    let record = reader.customer(arguments.customer, &snapshot)?;
    let erased = reader.custody(&snapshot)?.history().latest().erased.clone();
    let mut rows = Vec::new();
    for entry in record.entries() {
        for contact in entry.events.iter().filter_map(contact_of) {
            let mut row = row(entry.position, contact, sealer, arguments)?;
            if let Some(erasure) = row.subject.and_then(|subject| erased.get(&subject)) {
                let (day, position) = (erasure.erased.effective_at.date_text(), erasure.erased.at.position);
                row.standing = format!("erased {day}, entry {position}");
            }
            rows.push(row);
        }
    }
    Ok(rows)
}

fn contact_of(event: &Event) -> Option<&Contact> {
    if let Event::CustomerAgreementConfirmed(event) = event { event.primary_contact.as_ref() } else { None }
}

fn row(position: u64, contact: &Contact, sealer: Option<&Sealer>, arguments: &Arguments) -> Result<Row, Failure> {
    let customer = arguments.customer;
    let Some(sealed) = &contact.sealed else {
        return Ok(Row::of(position, None, "in the clear", Some(contact)));
    };
    let revealed = match sealer {
        Some(sealer) => sealer.reveal(sealed, customer)?,
        None => Revealed::KeyMissing,
    };
    let mut row = match &revealed {
        Revealed::Open(contact) => Row::of(position, Some(sealed.kid), "sealed", Some(contact)),
        Revealed::Erased => Row::of(position, Some(sealed.kid), "erased", None),
        Revealed::KeyMissing => Row::of(position, Some(sealed.kid), "sealed, key not here", None),
    };
    if arguments.field_keys {
        let key = sealer.and_then(|sealer| sealer.field_key(sealed, customer));
        row.field_key = key.map(|key| Hash(*key.as_bytes()).to_string());
    }
    Ok(row)
}

impl Row {
    fn of(position: u64, subject: Option<SubjectId>, standing: &str, contact: Option<&Contact>) -> Self {
        let text = |field: fn(&Contact) -> &Option<String>| contact.and_then(|contact| field(contact).clone());
        Self {
            subject,
            position,
            standing: standing.to_owned(),
            first_name: text(|contact| &contact.first_name),
            last_name: text(|contact| &contact.last_name),
            email: text(|contact| &contact.email),
            phone_number: text(|contact| &contact.phone_number),
            field_key: None,
        }
    }
}
