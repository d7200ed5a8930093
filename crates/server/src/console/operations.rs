//! Operations: how the ledger is, what was done with its custody, and what is done elsewhere.

use maud::{Markup, html};
use ofrecord_core::StreamId;
use ofrecord_core::command::custody::HoldScope;
use ofrecord_ledger::answers::Status;
use ofrecord_log::Health;
use ofrecord_views::FOLD_VERSION;

use self::custody::{erasures, holds};
use super::jobs;
use super::layout::Page;
use super::looked::Looking;
use super::said::{self, Called, Table, number};
use super::words::operations as words;
use crate::access::Need;
use crate::asked::Asked;
use crate::health;
use crate::problem::Problem;
use crate::reply::Reply;
use crate::shared::Shared;
use crate::visitor::Visitor;

mod custody;
mod kept;

/// The page of operations.
pub(super) fn operations(shared: &Shared, visitor: &Visitor, _: &Asked) -> Result<Reply, Problem> {
    let now = shared.ledger.clock().now();
    let mut looking = Looking::at(&shared.reader, visitor, now)?;
    let custody = shared.reader.custody(looking.snapshot())?.state(&looking.viewpoint());
    let mut called = Called::to(visitor);
    let sees_content = visitor.caller.may(Need::AllContent).is_ok();
    let held = custody.holds.values().filter_map(|hold| match &hold.scope {
        HoldScope::Customer(customer) => Some(*customer),
        HoldScope::Everything | HoldScope::Subject(_) => None,
    });
    let named = held.chain(custody.erased.values().map(|erasure| erasure.customer));
    for customer in named.filter(|_| sees_content).map(StreamId::Customer) {
        called.learn(customer, looking.name_if_any(customer)?);
    }
    let main = html! {
        div class="beside" {
            (said::section("state", words::STATE, &state(&health::status(shared), &shared.reader.log().health())))
            (said::section("rows", words::ROWS, &rows(&health::status(shared))))
        }
        (said::section("jobs", words::JOBS, &jobs::panel(shared, visitor)))
        div class="beside" {
            (said::section("generations", words::GENERATIONS, &kept::generations(shared, sees_content.then_some(&called))))
            (said::section("backup", words::BACKUP, &kept::backup(shared)))
        }
        @if !shared.webhooks.told().is_empty() {
            (said::section("webhooks", words::WEBHOOKS, &webhooks(shared)))
        }
        // These name customers.
        @if sees_content {
            (said::section("holds", words::HOLDS, &holds(&shared.reader, &custody, &called, now)?))
            (said::section("erasures", words::ERASURES, &erasures(&shared.reader, &custody, &called)?))
        }
        (said::section("custody", words::CUSTODY, &custody::custody(&custody)))
        (said::section("elsewhere", words::ELSEWHERE, &elsewhere()))
    };
    Ok(Page { title: words::TITLE.to_owned(), kind: words::KIND, main }.reply(visitor))
}

fn state(status: &Status, health: &Health) -> Markup {
    html! {
        (said::pairs(words::STATE_CAPTION, &[
            ("takes entries", Some(html! { (status.health) })),
            ("entries", Some(html! { (number(status.tree_size)) })),
            ("sealed segments reach", Some(html! { (status.sealed_through) })),
            ("the stored index reaches", Some(html! { (status.indexed_through) })),
            ("bytes verified up to", Some(html! { (status.verified_through) })),
            ("free bytes", status.free_bytes.map(|free| html! { (number(free)) })),
            ("refuses entries below", Some(html! { (number(health.free_bytes_floor)) " free bytes" })),
        ]))
        @if health.notes.is_empty() {
            p { (words::NO_NOTE) }
        } @else {
            ul { @for note in &health.notes {
                li { (said::code(&note.path.display().to_string())) ": " (said::name(&note.finding)) }
            } }
        }
        p { a href="/v1/status" { (words::AS_JSON) } " · " a href="/metrics" { (words::NUMBERS) } }
    }
}

fn webhooks(shared: &Shared) -> Markup {
    let size = shared.reader.log().tree_size();
    let rows = shared.webhooks.told().into_iter().map(|(name, standing)| {
        let fails = html! {
            @match &standing.failing {
                Some((since, problem)) => {
                    strong { (said::counted(usize::try_from(standing.failures).unwrap_or(usize::MAX), "time", "times")) }
                    " in a row, since " (said::at(*since)) ": " (said::name(problem))
                }
                None => span class="absent" { "–" },
            }
        };
        vec![
            said::name(&name),
            html! { (standing.taken) },
            html! { (size.saturating_sub(standing.next)) },
            fails,
        ]
    });
    let columns = &["webhook", "events taken since the start", "entries behind", "fails"];
    Table { caption: words::WEBHOOKS_CAPTION, columns, rows: rows.collect() }.written()
}

fn rows(status: &Status) -> Markup {
    let compared = match (status.views_compared_at, status.views_drifted) {
        (Some(at), Some(drifted)) => html! {
            (said::counted(usize::try_from(drifted).unwrap_or(usize::MAX), "row", "rows"))
            " differed from the entries, " (said::at(at))
        },
        (None, _) | (_, None) => html! { (words::NOT_COMPARED) },
    };
    said::pairs(
        words::ROWS_CAPTION,
        &[
            ("version of the fold", Some(html! { (FOLD_VERSION) })),
            ("rows verified up to", Some(html! { (status.views_verified_through) })),
            ("last comparison", Some(compared)),
        ],
    )
}

/// What this server does not do, and what does it.
fn elsewhere() -> Markup {
    let rows = words::COMMANDS.iter().map(|(what, command)| vec![html! { (what) }, said::code(command)]);
    html! {
        p { (words::ELSEWHERE_WHY) }
        (Table { caption: words::COMMANDS_CAPTION, columns: &["what", "command"], rows: rows.collect() }.written())
    }
}
