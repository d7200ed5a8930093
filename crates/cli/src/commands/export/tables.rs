//! The data set: entries and views as Parquet files below one folder, which is there whole or not at all.

use std::collections::BTreeMap;
use std::path::Path;

use ofrecord_core::command::custody::DisclosureKind;
use ofrecord_core::{Partner, PartnerTenantId};
use ofrecord_interop::catalogue;
use ofrecord_interop::entry_rows;
use ofrecord_interop::table::{Cell, Row, Table};
use ofrecord_views::{Coverage, CustomerRecord, HeldRole, PartnerRecord, Viewpoint};
use serde::Serialize;
use serde_json::Value;

use self::folder::Unfinished;
use self::manifest::{Manifest, TableWritten};
use self::parts::{PART_ROWS_MAX, Parts, Words};
use super::Range;
use super::stored::with_stored;
use crate::disclosure::Taking;
use crate::failure::{Failure, Verdict};
use crate::inquiry::{Inquiry, Partners};
use crate::render::{self, Column, Layout};
use crate::session::Session;
use crate::whole_file;

mod administration;
mod folder;
mod histories;
mod manifest;
mod parts;
mod transfers;
mod viewpoint;

/// What a table's rows are made of: one customer at a time.
struct Scene<'a> {
    /// The customer's record.
    record: &'a CustomerRecord,
    /// The records of the partners it names.
    partner_records: &'a [&'a PartnerRecord],
    /// Their states at the viewpoint.
    partners: &'a BTreeMap<PartnerTenantId, Partner>,
    /// The instant, the knowledge and the policy asked about.
    viewpoint: Viewpoint<'a>,
}

/// A table and what fills it.
struct Filling {
    table: &'static Table,
    rows: fn(&Scene<'_>) -> Vec<Row>,
}

/// Every table of a view. The table of entries is filled from the log itself.
const FILLINGS: &[Filling] = &[
    Filling { table: &catalogue::RESELLERS, rows: histories::resellers },
    Filling { table: &catalogue::ACCESS, rows: histories::access },
    Filling { table: &catalogue::GRANULAR_STATUSES, rows: histories::granular_statuses },
    Filling { table: &catalogue::SUBSCRIPTIONS, rows: histories::subscriptions },
    Filling { table: &catalogue::OWNERS, rows: histories::owners },
    Filling { table: &catalogue::PARTNERS_OF_RECORD, rows: histories::partners_of_record },
    Filling { table: &catalogue::GRANULAR_RELATIONSHIPS, rows: administration::granular_relationships },
    Filling { table: &catalogue::GROUP_MEMBERS, rows: administration::group_members },
    Filling { table: &catalogue::TRANSFERS, rows: transfers::rows },
    Filling { table: &catalogue::FINDINGS, rows: viewpoint::findings },
    Filling { table: &catalogue::COVERAGE, rows: viewpoint::coverage },
    Filling { table: &catalogue::BILLING, rows: viewpoint::billing },
];

const WRITTEN: Layout =
    Layout { empty: "no table", columns: &[Column::of("table", "name"), Column::of("rows", "rows")] };

/// Writes the data set and says what is in it.
pub(super) fn run(target: &Path, taking: &Taking, session: &Session) -> Result<Verdict, Failure> {
    let inquiry = Inquiry::open_taking(session)?;
    let folder = Unfinished::begin(target, whole_file::unfinished(target))?;
    inquiry.disclose(taking, DisclosureKind::DataSet, None, None, session)?;
    let manifest = match write(&folder, &inquiry, session) {
        Ok(manifest) => manifest,
        Err(failure) => {
            // What cannot be removed gives way to the next export; why there is no data set is what matters.
            drop(folder.abandon());
            return Err(failure);
        }
    };
    folder.finish(&manifest)?;
    let (mut output, format) = (session.output(), session.global.format);
    render::rows(&mut output, format, &WRITTEN, &manifest.tables)?;
    Ok(Verdict::Done)
}

fn write(folder: &Unfinished, inquiry: &Inquiry, session: &Session) -> Result<Manifest, Failure> {
    let mut manifest = Manifest::of(inquiry);
    let words = manifest.words();
    manifest.tables.push(write_entries(folder, inquiry, &words, session)?);
    manifest.tables.extend(write_views(folder, inquiry, &words, session)?);
    Ok(manifest)
}

fn write_entries(
    folder: &Unfinished,
    inquiry: &Inquiry,
    words: Words<'_>,
    session: &Session,
) -> Result<TableWritten, Failure> {
    let mut parts = Parts::begin(&catalogue::ENTRIES, folder, words, PART_ROWS_MAX)?;
    let bar = session.bar("exporting");
    let (reader, to) = (&inquiry.reader, inquiry.snapshot.basis.tree_size);
    let range = Range { log: reader.log().as_ref(), names: reader.names(), from: 0, to, bar: &bar };
    let verdict = range.each(&mut |bytes| {
        with_stored(bytes, range.names, |stored| entry_rows(stored).try_for_each(|row| parts.row(&row)))
    })?;
    if verdict == Verdict::Interrupted {
        return Err(Failure::Stopped);
    }
    parts.finish()
}

fn write_views(
    folder: &Unfinished,
    inquiry: &Inquiry,
    words: Words<'_>,
    session: &Session,
) -> Result<Vec<TableWritten>, Failure> {
    let mut filled = Vec::new();
    for filling in FILLINGS {
        filled.push((filling, Parts::begin(filling.table, folder, words, PART_ROWS_MAX)?));
    }
    let mut partners = Partners::default();
    inquiry.each_customer(session, &mut |record| {
        partners.learn(inquiry, &record)?;
        partners.with_states_and_records_of(&record, |states, records| {
            let scene =
                Scene { record: &record, partner_records: records, partners: states, viewpoint: inquiry.viewpoint() };
            for (filling, parts) in &mut filled {
                (filling.rows)(&scene).iter().try_for_each(|row| parts.row(row))?;
            }
            Ok(())
        })
    })?;
    filled.into_iter().map(|(_, parts)| parts.finish()).collect()
}

/// The word of an enum, or of none, as answers in JSON write it.
fn word<T: Serialize>(value: &T) -> Cell {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Cell::Text(word),
        Ok(_) | Err(_) => Cell::Absent,
    }
}

/// What access reached, as its word and the name of it.
fn reach(coverage: &Coverage) -> (Cell, Cell) {
    match coverage {
        Coverage::Tenant => (Cell::text("tenant"), Cell::Absent),
        Coverage::Service(name) => (Cell::text("service"), Cell::text(name)),
        Coverage::Scope(scope) => (Cell::text("scope"), Cell::text(scope)),
    }
}

/// The agent group that holds a role; an empty text where it is none.
fn through(held: &HeldRole) -> String {
    held.through.clone().unwrap_or_default()
}

#[cfg(test)]
mod tests;
