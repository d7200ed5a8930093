//! `ofrecord subjects`: whose personal fields stand under a customer, and what can still be read of them.

use std::ops::ControlFlow;

use clap::Args;
use ofrecord_core::command::agreement::{Contact, Sealed};
use ofrecord_core::personal::SealedWord;
use ofrecord_core::{CustomerId, Entry, SubjectId};
use ofrecord_ledger::codec::decode;
use ofrecord_ledger::sealing::{NO_CUSTOMER, Occurrence, Personal, Revealed, Sealer, occurrences};
use ofrecord_ledger::{KnownAt, Reader};
use ofrecord_log::Hash;
use ofrecord_proof::seal::FieldKey;
use serde::Serialize;

use crate::custody;
use crate::failure::{Failure, Verdict};
use crate::open;
use crate::render::{self, Column, Layout};
use crate::session::Session;

/// Entries between two looks at the progress and at Ctrl-C.
const LOOK_EVERY: u64 = 1_024;

const AFTER_HELP: &str = "\
Contact persons, users by their names, signatories and raw source records are sealed before they are recorded, each
with the keys of those whom it names. Who was erased is shown as erased, with the entry that says so; where the folder
of keys is not here, nothing can be read. Without a customer, those are listed who stand in entries that name none:
they act for a partner's account or for the ledger.
--person finds somebody under every customer, by the keys; each of them is erased by itself.
--field-keys adds for each field the key that opens it and nothing else, to be handed to an auditor.

Example:
  ofrecord subjects 4b827261-d21f-4aa9-b7db-7fa1f56fb163
  ofrecord erase 0d1f… --customer 4b827261-d21f-4aa9-b7db-7fa1f56fb163 --reason 'Article 17, request of 3 March'";

/// Arguments of `subjects`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The customer; without it, entries that name none
    customer: Option<CustomerId>,
    /// Print the key of each field, which opens it and nothing else
    #[arg(long)]
    field_keys: bool,
    /// Instead, list every customer under whom somebody with this address stands, or who signed by this name
    #[arg(long, value_name = "TEXT", conflicts_with_all = ["customer", "field_keys"])]
    person: Option<String>,
}

/// One field of one subject in one entry.
#[derive(Debug, Clone, Default, Serialize)]
struct Row {
    subject: Option<SubjectId>,
    position: u64,
    fields: Vec<String>,
    standing: String,
    name: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    email: Option<String>,
    phone_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field_key: Option<String>,
}

const SUBJECTS: Layout = Layout {
    empty: "no personal fields",
    columns: &[
        Column::of("subject", "subject"),
        Column::of("entry", "position"),
        Column::of("fields", "fields"),
        Column::of("standing", "standing"),
        Column::of("name", "name"),
        Column::of("first name", "first_name"),
        Column::of("last name", "last_name"),
        Column::of("e-mail", "email"),
        Column::of("telephone", "phone_number"),
        Column::csv("record"),
        Column::csv("field_key"),
    ],
};

/// A customer under whom somebody stands.
#[derive(Debug, Serialize)]
struct Place {
    customer: Option<CustomerId>,
    subject: SubjectId,
    standing: String,
}

const PLACES: Layout = Layout {
    empty: "nobody",
    columns: &[
        Column::of("customer", "customer"),
        Column::of("subject", "subject"),
        Column::of("standing", "standing"),
    ],
};

/// Lists them.
pub(super) fn run(arguments: &Arguments, session: &Session) -> Result<Verdict, Failure> {
    session.interrupt.end_at_once();
    let opened = open::log(session)?;
    let reader = opened.reader();
    if let Some(person) = &arguments.person {
        return places(person, &reader, session);
    }
    let snapshot = reader.snapshot(KnownAt::Now)?;
    let erased = reader.custody(&snapshot)?.latest().erased.clone();
    let sealer = custody::sealer(session)?;
    let listing = Listing { sealer: sealer.as_ref(), arguments };
    let mut rows = Vec::new();
    listing.each_entry(&reader, session, &mut |entry| {
        for occurrence in occurrences(entry) {
            rows.extend(listing.rows(entry.position, &occurrence)?);
        }
        Ok(())
    })?;
    for row in &mut rows {
        if let Some(erasure) = row.subject.and_then(|subject| erased.get(&subject)) {
            let (day, position) = (erasure.erased.effective_at.date_text(), erasure.erased.at.position);
            row.standing = format!("erased {day}, entry {position}");
        }
    }
    render::rows(&mut session.output(), session.global.format, &SUBJECTS, &rows)?;
    Ok(Verdict::Done)
}

/// Lists where somebody stands.
fn places(person: &str, reader: &Reader, session: &Session) -> Result<Verdict, Failure> {
    let Some(sealer) = custody::sealer(session)? else {
        return Err(Failure::NoKeys { folder: custody::key_folder(session).path().to_owned() });
    };
    let erased = reader.custody(&reader.snapshot(KnownAt::Now)?)?.latest().erased.clone();
    let places = sealer.subjects_of(person).into_iter().map(|(customer, subject)| {
        let standing = if erased.contains_key(&subject) { "erased" } else { "sealed" }.to_owned();
        Place { customer: Some(customer).filter(|customer| *customer != NO_CUSTOMER), subject, standing }
    });
    let places: Vec<Place> = places.collect();
    render::rows(&mut session.output(), session.global.format, &PLACES, &places)?;
    Ok(Verdict::Done)
}

/// What is listed, and with which keys.
struct Listing<'a> {
    sealer: Option<&'a Sealer>,
    arguments: &'a Arguments,
}

impl Listing<'_> {
    /// Calls `each` with every entry that names the customer; without one, with every entry that names none.
    fn each_entry(
        &self,
        reader: &Reader,
        session: &Session,
        each: &mut dyn FnMut(&Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let snapshot = reader.snapshot(KnownAt::Now)?;
        if let Some(customer) = self.arguments.customer {
            for row in reader.customer(customer, &snapshot)?.entries() {
                let entry = reader.entry(row.position)?;
                if entry.decision.customer == Some(customer) {
                    each(&entry)?;
                }
            }
            return Ok(());
        }
        let (bar, size) = (session.bar("reading"), snapshot.basis.tree_size);
        let mut ended = Ok(());
        reader.log().scan(0, size, &mut |position, bytes| {
            if position.is_multiple_of(LOOK_EVERY) {
                bar.at(position, size);
            }
            let decoded = decode(bytes).map_err(|error| Failure::Read(error.into()));
            ended = decoded.and_then(|entry| if entry.decision.customer.is_none() { each(&entry) } else { Ok(()) });
            if ended.is_ok() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        ended
    }

    /// One row for every subject of the field.
    fn rows(&self, position: u64, occurrence: &Occurrence) -> Result<Vec<Row>, Failure> {
        let at = Row { position, fields: occurrence.fields.clone(), ..Row::default() };
        Ok(match &occurrence.personal {
            Personal::Clear(text) => vec![Row { name: Some(text.clone()), ..at.clear() }],
            Personal::ClearRecord(text) => vec![Row { record: Some(text.clone()), ..at.clear() }],
            Personal::Contact(contact) => match &contact.sealed {
                None => vec![at.clear().contact(contact)],
                Some(sealed) => vec![self.contact(sealed, at)?],
            },
            Personal::Sealed(sealed) => self.text(sealed, &at)?,
        })
    }

    fn contact(&self, sealed: &Sealed, at: Row) -> Result<Row, Failure> {
        let customer = self.arguments.customer.unwrap_or(NO_CUSTOMER);
        let revealed = match self.sealer {
            Some(sealer) => sealer.reveal(sealed, customer)?,
            None => Revealed::KeyMissing,
        };
        let row = Row { subject: Some(sealed.kid), standing: standing(&revealed), ..at };
        let row = if let Revealed::Open(contact) = &revealed { row.contact(contact) } else { row };
        Ok(row.key(self.field_key(|sealer| sealer.field_key(sealed, customer))))
    }

    fn text(&self, sealed: &SealedWord, at: &Row) -> Result<Vec<Row>, Failure> {
        let revealed = match self.sealer {
            Some(sealer) => sealer.reveal_text(sealed)?,
            None => Revealed::KeyMissing,
        };
        let text = if let Revealed::Open(text) = &revealed { Some(text.to_string()) } else { None };
        let (name, record) = if sealed.is_record() { (None, text) } else { (text, None) };
        let key = self.field_key(|sealer| sealer.text_key(sealed).map(|(key, _)| key));
        let row = Row { standing: standing(&revealed), name, record, ..at.clone() }.key(key);
        Ok(sealed.kids.iter().map(|kid| Row { subject: Some(*kid), ..row.clone() }).collect())
    }

    fn field_key(&self, key: impl FnOnce(&Sealer) -> Option<FieldKey>) -> Option<FieldKey> {
        self.sealer.filter(|_| self.arguments.field_keys).and_then(key)
    }
}

fn standing<Field>(revealed: &Revealed<Field>) -> String {
    let standing = match revealed {
        Revealed::Open(_) => "sealed",
        Revealed::Erased => "erased",
        Revealed::KeyMissing => "sealed, key not here",
    };
    standing.to_owned()
}

impl Row {
    fn clear(self) -> Self {
        Self { standing: "in the clear".to_owned(), ..self }
    }

    fn contact(self, contact: &Contact) -> Self {
        Self {
            first_name: contact.first_name.clone(),
            last_name: contact.last_name.clone(),
            email: contact.email.clone(),
            phone_number: contact.phone_number.clone(),
            ..self
        }
    }

    fn key(self, key: Option<FieldKey>) -> Self {
        Self { field_key: key.map(|key| Hash(*key.as_bytes()).to_string()), ..self }
    }
}
