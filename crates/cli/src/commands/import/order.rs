//! In which order files are read: those that stand below a granular relationship after those that say with which customer it is.

use ofrecord_core::PartnerTenantId;
use ofrecord_interop::{Context, Reading, read};
use ofrecord_ledger::{KnownAt, Reader};

use super::files::{self, Named};
use crate::failure::Failure;
use crate::progress::Bar;
use crate::session::Session;

/// Reads each file, in the order given. A file whose records wait for another one to say which customer a
/// relationship is with is read again at the end, by what all of them and the ledger say.
pub(super) fn each_file(
    files: &[Named],
    mut context: Context,
    reader: &Reader,
    session: &Session,
    mut each: impl FnMut(&str, &[u8], Reading) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let bar = session.bar("importing");
    let total = files.len() as u64;
    let mut waiting: Vec<&Named> = Vec::new();
    let mut done = 0;
    for file in files {
        bar.at(done, total);
        if bar.is_stopped() {
            return Ok(());
        }
        let (bytes, reading) = read_file(file, &context)?;
        for (relationship, customer) in reading.customers_of() {
            context.customers_of.entry(relationship.clone()).or_insert(customer);
        }
        if reading.customers_wanted.is_empty() {
            each(&file.name, &bytes, reading)?;
            done += 1;
        } else {
            waiting.push(file);
        }
    }
    if let Some(partner) = context.partner.filter(|_| !waiting.is_empty()) {
        recorded(reader, partner, &mut context)?;
    }
    read_waiting(&waiting, &context, (&bar, done, total), each)
}

fn read_waiting(
    files: &[&Named],
    context: &Context,
    (bar, before, total): (&Bar, u64, u64),
    mut each: impl FnMut(&str, &[u8], Reading) -> Result<(), Failure>,
) -> Result<(), Failure> {
    for (done, file) in (before..).zip(files) {
        bar.at(done, total);
        if bar.is_stopped() {
            return Ok(());
        }
        let (bytes, reading) = read_file(file, context)?;
        each(&file.name, &bytes, reading)?;
    }
    Ok(())
}

fn read_file(file: &Named, context: &Context) -> Result<(Vec<u8>, Reading), Failure> {
    let bytes = files::bytes(&file.path)?;
    let reading = read(&file.name, &bytes, context);
    Ok((bytes, reading))
}

/// What the ledger has on record of the partner's relationships; the files' word comes first.
fn recorded(reader: &Reader, partner: PartnerTenantId, context: &mut Context) -> Result<(), Failure> {
    let account = reader.partner(partner, &reader.snapshot(KnownAt::Now)?)?;
    for (relationship, known) in &account.latest().granular.by_id {
        if let Some(customer) = &known.customer {
            context.customers_of.entry(relationship.clone()).or_insert(customer.value);
        }
    }
    Ok(())
}
