//! What is kept beside the log: the generations of the stored rows, what the last rebuild found between two of them, and
//! the backup with the drills that tried it.

use maud::{Markup, html};
use serde_json::Value;

use crate::console::said::{self, Called, Table, number};
use crate::console::words::operations as words;
use crate::holdings::{BackupStanding, Generation, GenerationStanding, Holdings};
use crate::jobs::JobKind;
use crate::problem::Problem;
use crate::shared::Shared;

/// The generations, and what the newest rebuild found between two of them.
pub(super) fn generations(shared: &Shared, called: Option<&Called<'_>>) -> Markup {
    html! {
        (told(shared, |holdings| holdings.generations(), |generations| listed(&generations)))
        h3 { (words::DIFFERENCE) }
        @match shared.jobs.newest_report(JobKind::Rebuild) {
            Some(report) => (difference(&report, called)),
            None => p { (words::NO_REBUILD) },
        }
    }
}

/// The backup, and the drills that tried it.
pub(super) fn backup(shared: &Shared) -> Markup {
    told(
        shared,
        |holdings| holdings.backup(),
        |backup| match backup {
            None => html! { p { (words::NO_BACKUPS) } },
            Some(backup) => {
                taken(shared, &backup).unwrap_or_else(|problem| html! { p { (said::name(problem.detail())) } })
            }
        },
    )
}

/// What there is to say of what is kept, or why there is nothing.
fn told<T>(
    shared: &Shared,
    ask: impl FnOnce(&dyn Holdings) -> Result<T, String>,
    say: impl FnOnce(T) -> Markup,
) -> Markup {
    let Some(holdings) = &shared.holdings else { return html! { p { (words::NOT_TOLD) } } };
    match ask(holdings.as_ref()) {
        Ok(told) => say(told),
        Err(problem) => html! { p { (said::name(&problem)) } },
    }
}

fn listed(generations: &[Generation]) -> Markup {
    if generations.is_empty() {
        return html! { p { (words::NO_GENERATION) } };
    }
    let row = |one: &Generation| {
        let standing = match one.standing {
            GenerationStanding::Answers => words::ANSWERS,
            GenerationStanding::AnswersNext => words::ANSWERS_NEXT,
            GenerationStanding::Beside => words::KEPT_BESIDE,
        };
        let absent = || html! { span class="absent" { "–" } };
        vec![
            html! { (one.number) },
            html! { (standing) },
            one.fold_version.as_deref().map_or_else(absent, said::code),
            one.through.map_or_else(absent, |through| html! { (number(through)) }),
        ]
    };
    let columns = &["generation", "standing", "version of the fold", "entries folded"];
    Table { caption: words::GENERATIONS_CAPTION, columns, rows: generations.iter().map(row).collect() }.written()
}

/// What differed between a new generation and the one before; which rows, to whoever sees whose they are.
fn difference(report: &Value, called: Option<&Called<'_>>) -> Markup {
    let count = |name: &str| report.get(name).and_then(Value::as_u64);
    let text = |row: &Value, name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let drift: Vec<&Value> = report.get("drift").and_then(Value::as_array).into_iter().flatten().collect();
    let row = |drift: &&Value, called: &Called<'_>| {
        let stream = text(drift, "stream");
        let of = stream.parse().map_or_else(|_| said::name(&stream), |stream| called.stream(stream));
        vec![of, html! { (text(drift, "row")) }, html! { (text(drift, "difference")) }]
    };
    html! {
        p {
            "Generation " (count("generation").unwrap_or(0)) " has " (number(count("rows").unwrap_or(0))) " rows. "
            @match (count("compared_with"), report.get("not_compared").and_then(Value::as_str)) {
                (Some(before), _) => {
                    (number(count("drifted").unwrap_or(0))) " of them differ from those of generation " (before) "."
                }
                (None, Some(reason)) => { "It was compared with none: " (said::name(reason)) },
                (None, None) => { "There was none before it." },
            }
        }
        @if let Some(called) = called && !drift.is_empty() {
            (Table {
                caption: words::DIFFERENCE_CAPTION,
                columns: &["of", "row", "how"],
                rows: drift.iter().map(|drift| row(drift, called)).collect(),
            }.written())
        }
    }
}

fn taken(shared: &Shared, backup: &BackupStanding) -> Result<Markup, Problem> {
    let folder = ("folder", Some(said::code(&backup.folder)));
    let Some(manifest) = &backup.manifest else {
        return Ok(html! { (said::pairs(words::BACKUP_CAPTION, &[folder])) p { (words::NO_BACKUP_YET) } });
    };
    let log = shared.reader.log();
    let size = log.tree_size();
    let is_of_this_log = manifest.size <= size && log.root_at(manifest.size)? == manifest.root;
    let root = html! {
        (said::code(&manifest.root.to_string())) br;
        @if is_of_this_log { (words::BACKUP_OF_THIS_LOG) } @else { strong { (words::BACKUP_OF_ANOTHER) } }
    };
    let bytes: u64 = manifest.files.iter().map(|file| file.bytes).sum();
    let rows = backup.drills.iter().map(|drill| {
        vec![
            said::at(drill.at),
            html! { @if drill.is_sound { (words::SOUND) } @else { strong { (words::UNSOUND) } } },
            html! { (number(drill.size.unwrap_or(0))) },
            html! {
                @if drill.problems.is_empty() { span class="absent" { "–" } } @else {
                    ul class="plain" { @for problem in &drill.problems { li { (said::name(problem)) } } }
                }
            },
        ]
    });
    let rows: Vec<Vec<Markup>> = rows.collect();
    let columns = &["tried at", "found", "entries restored", "what was wrong"];
    let created_at = manifest.created_at.parse().map_or_else(|_| said::name(&manifest.created_at), said::at);
    Ok(html! {
        (said::pairs(words::BACKUP_CAPTION, &[
            folder,
            ("taken at", Some(created_at)),
            ("entries", Some(html! { (number(manifest.size)) })),
            ("recorded since", Some(html! { (number(size.saturating_sub(manifest.size))) " entries" })),
            ("files", Some(html! { (said::counted(manifest.files.len(), "file", "files")) ", " (number(bytes)) " bytes" })),
            ("root", Some(root)),
        ]))
        p class="quiet" { (words::MANIFEST_ALONE) }
        @if rows.is_empty() {
            p { (words::NO_DRILL) }
        } @else {
            (Table { caption: words::DRILLS_CAPTION, columns, rows }.written())
        }
    })
}
