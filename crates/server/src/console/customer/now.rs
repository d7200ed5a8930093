//! Who can administer a customer now, beside whoever could at the instant that is asked about.

use maud::{Markup, html};
use ofrecord_core::{StreamId, Timestamp};
use ofrecord_ledger::Reader;
use ofrecord_views::{self as views, AccessRow, Dossier};

use super::Question;
use crate::console::said::{self, Called, Table};
use crate::console::words::{customer as words, mechanism};
use crate::visitor::Visitor;

impl Question {
    /// Nothing where the present is what is asked about.
    pub(super) fn right_now(
        &self,
        reader: &Reader,
        visitor: &Visitor,
        (dossier, now): (&Dossier, Timestamp),
    ) -> Markup {
        if !self.asked.is_past() {
            return html! {};
        }
        let (_, record) = &self.records;
        let mut called = Called::to(visitor);
        for account in &dossier.accounts {
            called.learn(StreamId::Partner(account.partner), account.name.clone());
        }
        let row = |row: AccessRow| {
            vec![
                called.stream(StreamId::Partner(row.partner)),
                html! { (mechanism(row.mechanism)) },
                html! { (said::at(row.since)) " " (said::positions(row.positions)) },
                row.until.map_or_else(|| html! { span class="absent" { "–" } }, said::at),
            ]
        };
        let rows: Vec<Vec<Markup>> =
            views::access(record, &reader.viewpoint(&self.snapshot, now)).into_iter().map(row).collect();
        let columns = &["who", "through", "since", "until"];
        let said = if rows.is_empty() {
            html! { p { (words::NOBODY_NOW) } }
        } else {
            Table { caption: words::RIGHT_NOW_CAPTION, columns, rows }.written()
        };
        said::section("right-now", words::RIGHT_NOW, &said)
    }
}
