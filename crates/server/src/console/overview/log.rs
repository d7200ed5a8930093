//! The log on the overview: its head, the checkpoint over it, how far it is verified, and what drifted.

use maud::{Markup, html};
use ofrecord_core::{Custody, Timestamp};
use ofrecord_ledger::answers::Status;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{NoteSignature, SignedNote, VerifierKey};

use super::words;
use crate::console::said::{self, number};
use crate::holdings::KeptCheckpoint;
use crate::problem::Problem;
use crate::shared::Shared;

/// The newest checkpoint that is kept, or why there is none to show.
pub(super) enum Newest {
    /// Nothing can be told of it.
    Untold(String),
    /// One.
    Kept(Box<Kept>),
}

/// A checkpoint, compared with the log.
pub(super) struct Kept {
    checkpoint: Checkpoint,
    signed_at: Option<Timestamp>,
    /// Each key that signed it, with its id, and what is known of its signature.
    signers: Vec<(String, String, &'static str)>,
    /// Whether the log has this root at this size.
    is_of_this_log: bool,
    /// When the first entry that is not under it was recorded.
    first_beyond: Option<Timestamp>,
}

impl Newest {
    /// Of a ledger.
    pub(super) fn of(shared: &Shared, custody: &Custody) -> Result<Self, Problem> {
        let untold = |why: &str| Ok(Self::Untold(why.to_owned()));
        let Some(holdings) = &shared.holdings else { return untold(words::NOT_TOLD) };
        match holdings.checkpoint() {
            Err(problem) => untold(&problem),
            Ok(None) => untold(words::NONE_KEPT),
            Ok(Some(kept)) => match SignedNote::from_bytes(kept.note.as_bytes()) {
                Err(error) => untold(&error.to_string()),
                Ok(note) => Kept::of(shared, custody, (&kept, &note)),
            },
        }
    }

    /// How many entries are not under it.
    pub(super) fn beyond(&self, size: u64) -> Option<u64> {
        match self {
            Self::Untold(_) => None,
            Self::Kept(kept) => Some(size.saturating_sub(kept.checkpoint.size())),
        }
    }

    /// What there is to say of it.
    fn said(&self, size: u64) -> Markup {
        let kept = match self {
            Self::Untold(why) => return html! { p { (said::name(why)) " " a href="/checkpoint" { (words::SIGN) } } },
            Self::Kept(kept) => kept,
        };
        let (beyond, covered) = (size.saturating_sub(kept.checkpoint.size()), kept.checkpoint.size());
        let fits = if kept.is_of_this_log { words::OF_THIS_LOG } else { words::NOT_OF_THIS_LOG };
        let not_under = html! {
            @match kept.first_beyond {
                None => (words::ALL_UNDER),
                Some(at) => {
                    (number(beyond)) " " @if beyond == 1 { "entry" } @else { "entries" } ", from "
                    (said::position(covered)) " on, recorded since " (said::at(at))
                }
            }
        };
        let signers = html! {
            ul class="plain" { @for (name, id, standing) in &kept.signers {
                li { (said::name(name)) " " (said::code(id)) ", " (standing) }
            } }
        };
        said::pairs(
            words::CHECKPOINT_CAPTION,
            &[
                ("origin", Some(said::code(kept.checkpoint.origin()))),
                ("entries under it", Some(html! { (number(covered)) })),
                ("not yet under it", Some(not_under)),
                ("root", Some(html! { (said::code(&kept.checkpoint.root().to_string())) br; (fits) })),
                ("signed at", Some(kept.signed_at.map_or_else(|| html! { (words::NOT_SAID_WHEN) }, said::at))),
                ("signed by", Some(signers)),
            ],
        )
    }
}

impl Kept {
    fn of(shared: &Shared, custody: &Custody, (kept, note): (&KeptCheckpoint, &SignedNote)) -> Result<Newest, Problem> {
        let log = shared.reader.log();
        let checkpoint: Checkpoint = match note.text().parse() {
            Ok(checkpoint) => checkpoint,
            Err(error) => return Ok(Newest::Untold(format!("{error}"))),
        };
        let (covered, size) = (checkpoint.size(), log.tree_size());
        let is_of_this_log = covered <= size && log.root_at(covered)? == *checkpoint.root();
        let first_beyond = if covered < size { Some(shared.reader.entry(covered)?.recorded_at) } else { None };
        let keys: Vec<VerifierKey> =
            custody.checkpoint_keys.keys().filter_map(|key| key.to_string().parse().ok()).collect();
        let signers = note
            .signatures()
            .iter()
            .map(|line| (line.name.to_string(), line.id.to_string(), standing(note, line, &keys)));
        let signers = signers.collect();
        let signed_at = kept.signed_at;
        Ok(Newest::Kept(Box::new(Self { checkpoint, signed_at, signers, is_of_this_log, first_beyond })))
    }
}

/// What is known of a signature, by the keys that the log names.
fn standing(note: &SignedNote, line: &NoteSignature, keys: &[VerifierKey]) -> &'static str {
    let own: Vec<VerifierKey> =
        keys.iter().filter(|key| *key.name() == line.name && key.id() == line.id).cloned().collect();
    if own.is_empty() {
        return words::NOT_A_KEY_OF_THE_LOG;
    }
    if note.open(&own).is_ok() { words::SIGNATURE_HOLDS } else { words::SIGNATURE_WRONG }
}

/// What every answer says of the log, and where its head is signed.
pub(super) fn head(status: &Status) -> [(&'static str, Option<Markup>); 4] {
    [
        ("ledger", Some(said::code(&status.origin))),
        ("entries", Some(html! { (number(status.tree_size)) })),
        ("root", Some(said::code(&status.root.to_string()))),
        ("signed", Some(html! { a href="/checkpoint" { (words::CHECKPOINT) } })),
    ]
}

/// The figures that are looked at first.
pub(super) fn figures(status: &Status, newest: &Newest) -> Markup {
    let size = status.tree_size;
    let beyond = match newest.beyond(size) {
        None => (html! { "–" }, html! { (words::NO_CHECKPOINT) }),
        Some(0) => (html! { "all" }, html! { (words::ALL_UNDER) }),
        Some(beyond) => (html! { (number(size - beyond)) }, html! { (number(beyond)) " " (words::NOT_YET_UNDER) }),
    };
    let (drifted, compared) = match (status.views_drifted, status.views_compared_at) {
        (Some(drifted), Some(at)) => (html! { (number(drifted)) }, html! { "compared " (said::at(at)) }),
        (None, _) | (_, None) => (html! { "–" }, html! { (words::NOT_COMPARED) }),
    };
    let unverified = size.saturating_sub(status.verified_through);
    let verified = html! {
        @if unverified == 0 { (words::ALL_VERIFIED) } @else { (number(unverified)) " " (words::NOT_YET_VERIFIED) }
    };
    said::figures(&[
        ("entries", html! { (number(size)) }, html! { "takes entries: " (status.health) }),
        ("under the newest checkpoint", beyond.0, beyond.1),
        ("verified through", html! { (number(status.verified_through)) }, verified),
        ("stored rows that drifted", drifted, compared),
    ])
}

/// The checkpoint, and beside it the log and how far it is verified.
pub(super) fn both(status: &Status, newest: &Newest, custody: &Custody) -> Markup {
    html! {
        div class="beside" {
            (said::section("checkpoint", words::CHECKPOINT_TITLE, &newest.said(status.tree_size)))
            (said::section("log", words::LOG, &log(status, custody)))
        }
    }
}

fn log(status: &Status, custody: &Custody) -> Markup {
    let below = |size: u64| html! { "entries below " (said::code(&size.to_string())) };
    let drift = match (status.views_compared_at, status.views_drifted) {
        (Some(at), Some(0)) => html! { "no row differed from its entries, compared " (said::at(at)) },
        (Some(at), Some(drifted)) => html! {
            strong { (drifted) } " stored rows differ from their entries, compared " (said::at(at))
        },
        (None, _) | (_, None) => html! { (words::NOT_COMPARED) },
    };
    let keys: Vec<String> = custody.signing_keys().map(ToString::to_string).collect();
    let anchor = custody.anchors.last().map(|anchor| {
        html! {
            "tree size " (said::code(&anchor.head.tree_size.to_string())) ", "
            (said::at(anchor.stamped_at)) " " (said::position(anchor.recorded.at.position))
        }
    });
    let commitment = custody.committed.as_ref().map(|committed| {
        html! {
            "tree size " (said::code(&committed.value.to_string())) " " (said::position(committed.set.at.position))
        }
    });
    said::pairs(
        words::LOG_CAPTION,
        &[
            ("ledger", Some(said::code(&status.origin))),
            ("entries", Some(html! { (number(status.tree_size)) })),
            ("root", Some(said::code(&status.root.to_string()))),
            ("takes entries", Some(html! { (status.health) })),
            ("bytes verified", Some(below(status.verified_through))),
            ("stored rows verified", Some(below(status.views_verified_through))),
            ("both verified", Some(below(status.all_verified_through))),
            ("drift", Some(drift)),
            ("sealed segments", Some(below(status.sealed_through))),
            ("keys that sign", (!keys.is_empty()).then(|| html! { @for key in &keys { (said::code(key)) " " } })),
            ("newest time stamp", Some(anchor.unwrap_or_else(|| html! { (words::NO_ANCHOR) }))),
            ("newest commitment", Some(commitment.unwrap_or_else(|| html! { (words::NO_COMMITMENT) }))),
        ],
    )
}
