//! Deciding on the ledger's own custody: keys, epochs, commitments, disclosures, holds, erasures and redactions (rules L-10, L-13 to L-19).

use super::{Case, Ruling};
use crate::actor::{ActorKind, Role};
use crate::command::custody::{
    AddCheckpointKey, AnchorTime, CommitState, EraseSubject, PlaceHold, RecordDisclosure, RedactEntry, ReleaseHold,
    RetireCheckpointKey, StartEpoch,
};
use crate::event::Event;
use crate::event::custody::{
    CheckpointKeyAdded, CheckpointKeyRetired, DisclosureRecorded, EntryRedacted, EpochStarted, HoldPlaced,
    HoldReleased, StateCommitted, SubjectErased, TimeAnchored,
};
use crate::ground::custody as ground;
use crate::id::{ApproverName, CheckpointKey};
use crate::refusal::Refusal;
use crate::stream::StreamId;

/// Who keeps the ledger running.
const KEEPERS: &[ActorKind] = &[ActorKind::Operator, ActorKind::System];

/// Lets a key sign checkpoints.
pub(super) fn add_key(case: &Case<'_>, command: &AddCheckpointKey) -> Ruling {
    case.require_actor_kind(KEEPERS, &ground::ONLY_KEEPER)?;
    if case.custody.checkpoint_keys.contains_key(&command.key) {
        return Err(Refusal::because(&ground::CHECKPOINT_KEY_KNOWN).with("key", &command.key));
    }
    if let Some(replaced) = &command.replaces {
        require_signing(case, replaced)?;
    }
    Ok(vec![Event::CheckpointKeyAdded(CheckpointKeyAdded {
        key: command.key.clone(),
        replaces: command.replaces.clone(),
        reason: command.reason.clone(),
    })])
}

/// Lets a key sign no more; the last one goes on.
pub(super) fn retire_key(case: &Case<'_>, command: &RetireCheckpointKey) -> Ruling {
    case.require_actor_kind(KEEPERS, &ground::ONLY_KEEPER)?;
    require_signing(case, &command.key)?;
    if case.custody.signing_keys().count() == 1 {
        return Err(Refusal::because(&ground::LAST_CHECKPOINT_KEY).with("key", &command.key));
    }
    let event = CheckpointKeyRetired { key: command.key.clone(), reason: command.reason.clone() };
    Ok(vec![Event::CheckpointKeyRetired(event)])
}

fn require_signing(case: &Case<'_>, key: &CheckpointKey) -> Result<(), Refusal> {
    match case.custody.checkpoint_keys.get(key) {
        None => Err(Refusal::because(&ground::CHECKPOINT_KEY_UNKNOWN).with("key", key)),
        Some(standing) => match standing.retired {
            None => Ok(()),
            Some(retired) => Err(Refusal::because(&ground::CHECKPOINT_KEY_RETIRED)
                .with("key", key)
                .with("position", retired.at.position)),
        },
    }
}

/// Goes on after a loss, under an origin that was never used.
pub(super) fn start_epoch(case: &Case<'_>, command: &StartEpoch) -> Ruling {
    require_compliance_officer(case)?;
    if case.custody.epochs.iter().any(|epoch| epoch.origin == command.origin) {
        return Err(Refusal::because(&ground::EPOCH_ORIGIN_USED).with("origin", &command.origin));
    }
    Ok(vec![Event::EpochStarted(EpochStarted {
        origin: command.origin.clone(),
        lost: command.lost.clone(),
        reason: command.reason.clone(),
    })])
}

/// Commits to the state of all streams, each time at a larger size.
pub(super) fn commit_state(case: &Case<'_>, command: &CommitState) -> Ruling {
    case.require_actor_kind(KEEPERS, &ground::ONLY_KEEPER)?;
    if let Some(before) = case.custody.committed.as_ref().filter(|before| command.tree_size <= before.value) {
        return Err(Refusal::because(&ground::COMMITMENT_NOT_LATER)
            .with("tree_size", command.tree_size)
            .with("committed", before.value));
    }
    Ok(vec![Event::StateCommitted(StateCommitted {
        tree_size: command.tree_size,
        fold: command.fold.clone(),
        streams: command.streams.clone(),
        relationships: command.relationships.clone(),
    })])
}

/// Records what an authority stamped. Its instant is what it says: a clock that differs is what anchors are for.
pub(super) fn anchor_time(case: &Case<'_>, command: &AnchorTime) -> Ruling {
    case.require_actor_kind(KEEPERS, &ground::ONLY_KEEPER)?;
    Ok(vec![Event::TimeAnchored(TimeAnchored {
        authority: command.authority.clone(),
        head: command.head.clone(),
        token: command.token.clone(),
        stamped_at: command.stamped_at,
    })])
}

/// Records that information left the ledger.
pub(super) fn record_disclosure(case: &Case<'_>, command: &RecordDisclosure) -> Ruling {
    case.require_actor_kind(KEEPERS, &ground::ONLY_KEEPER)?;
    Ok(vec![Event::DisclosureRecorded(DisclosureRecorded {
        kind: command.kind.clone(),
        customer: command.customer,
        tree_size: command.tree_size,
        as_of: command.as_of,
        digest: command.digest.clone(),
        purpose: command.purpose.clone(),
    })])
}

/// Places a hold.
pub(super) fn place_hold(case: &Case<'_>, command: &PlaceHold) -> Ruling {
    require_compliance_officer(case)?;
    if case.custody.holds.contains_key(&command.hold) {
        return Err(Refusal::because(&ground::HOLD_KNOWN).with("hold", &command.hold));
    }
    Ok(vec![Event::HoldPlaced(HoldPlaced {
        hold: command.hold.clone(),
        scope: command.scope.clone(),
        until: command.until,
        reason: command.reason.clone(),
    })])
}

/// Releases a hold that stands.
pub(super) fn release_hold(case: &Case<'_>, command: &ReleaseHold) -> Ruling {
    require_compliance_officer(case)?;
    let stands = case.custody.holds.get(&command.hold).is_some_and(|hold| hold.stands_at(case.when.effective_at));
    if !stands {
        return Err(Refusal::because(&ground::HOLD_NOT_STANDING).with("hold", &command.hold));
    }
    Ok(vec![Event::HoldReleased(HoldReleased { hold: command.hold.clone(), reason: command.reason.clone() })])
}

/// Erases a subject, unless it was erased already or something keeps it.
pub(super) fn erase(case: &Case<'_>, command: &EraseSubject) -> Ruling {
    require_compliance_officer(case)?;
    let refused = |ground| Refusal::because(ground).with("subject", command.subject);
    if let Some(erasure) = case.custody.erased.get(&command.subject) {
        return Err(refused(&ground::SUBJECT_ALREADY_ERASED).with("position", erasure.erased.at.position));
    }
    // What ends a hold by itself is the instant of recording: nobody may date an erasure beyond a retention period.
    let at = case.when.recorded_at;
    let holds: Vec<_> = case.custody.holds_on(command.subject, command.customer, at).map(|(id, _)| id).collect();
    if !holds.is_empty() {
        return Err(refused(&ground::SUBJECT_UNDER_HOLD).with_all("hold", holds));
    }
    Ok(vec![Event::SubjectErased(SubjectErased {
        subject: command.subject,
        customer: command.customer,
        reason: command.reason.clone(),
    })])
}

/// Redacts an entry, unless it has to stay, is redacted already, or something keeps it.
pub(super) fn redact(case: &Case<'_>, command: &RedactEntry) -> Ruling {
    require_compliance_officer(case)?;
    require_second_approver(case, &command.approved_by)?;
    let refused = |ground| Refusal::because(ground).with("position", command.position);
    let Some(entry) = &command.entry else { return Err(refused(&ground::ENTRY_NOT_IN_LOG)) };
    if command.position == 0 {
        return Err(refused(&ground::FIRST_ENTRY_STAYS));
    }
    if entry.streams.contains(&StreamId::Ledger) {
        return Err(refused(&ground::CUSTODY_ENTRY_STAYS));
    }
    if let Some(redaction) = case.custody.redacted.get(&command.position) {
        return Err(refused(&ground::ENTRY_ALREADY_REDACTED).with("redacted_by", redaction.redacted.at.position));
    }
    // As with an erasure, what ends a hold by itself is the instant of recording.
    let holds: Vec<_> = case.custody.holds_on_entry(entry, case.when.recorded_at).map(|(id, _)| id).collect();
    if !holds.is_empty() {
        return Err(refused(&ground::ENTRY_UNDER_HOLD).with_all("hold", holds));
    }
    Ok(vec![Event::EntryRedacted(EntryRedacted {
        position: command.position,
        leaf_hash: entry.leaf_hash.clone(),
        remainder: entry.remainder.clone(),
        streams: entry.streams.clone(),
        reason: command.reason.clone(),
        authority: command.authority.clone(),
        ticket: command.ticket.clone(),
        approved_by: command.approved_by.clone(),
    })])
}

/// Two persons, told apart by their names whatever their case.
fn require_second_approver(case: &Case<'_>, approver: &ApproverName) -> Result<(), Refusal> {
    let asker = case.request.actor.user.as_deref().unwrap_or_default().trim().to_lowercase();
    if asker.is_empty() || asker == approver.as_str().trim().to_lowercase() {
        return Err(Refusal::because(&ground::REDACTION_NEEDS_SECOND_APPROVER).with("approved_by", approver));
    }
    Ok(())
}

fn require_compliance_officer(case: &Case<'_>) -> Result<(), Refusal> {
    let actor = &case.request.actor;
    if actor.kind == ActorKind::Operator && actor.role == Some(Role::ComplianceOfficer) {
        return Ok(());
    }
    Err(Refusal::because(&ground::CUSTODY_ONLY_COMPLIANCE_OFFICER)
        .with("actor_kind", &actor.kind)
        .with_all("role", &actor.role))
}
