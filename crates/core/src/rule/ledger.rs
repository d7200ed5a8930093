//! Rules of the ledger's own mechanics (family L).

use super::{Kept, Rule};

/// The rules, in the order of their ids.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "L-1",
        sentence: "No event is changed, or removed but by a redaction (L-19); a correction is a new event that names the old one.",
        kept: Kept::Refuses,
        test: "a_correction_replaces_or_withdraws_and_the_newest_holds",
    },
    Rule {
        id: "L-2",
        sentence: "A command that names a stream version other than the present one is refused, and nothing is appended.",
        kept: Kept::Refuses,
        test: "a_version_conflict_says_how_far_behind_the_caller_is",
    },
    Rule {
        id: "L-3",
        sentence: "A repeated command id with the same content gets the same answer, with other content it is refused.",
        kept: Kept::Refuses,
        test: "the_same_command_again_gets_its_first_receipt_and_changes_nothing",
    },
    Rule {
        id: "L-4",
        sentence: "The same facts fold to the same state, in whatever order they arrived.",
        kept: Kept::Holds,
        test: "folding_in_any_order_of_arrival_ends_in_the_same_state",
    },
    Rule {
        id: "L-5",
        sentence: "A late fact changes what was true but not what was known, and no fact lies in the future of its recording.",
        kept: Kept::Holds,
        test: "a_late_fact_changes_what_was_true_but_not_what_was_known",
    },
    Rule {
        id: "L-6",
        sentence: "A second source that states a fact adds evidence to it, not a second fact.",
        kept: Kept::Holds,
        test: "a_fact_stated_again_is_evidence_for_the_first",
    },
    Rule {
        id: "L-7",
        sentence: "What time alone brings about is computed from the instant asked about.",
        kept: Kept::Holds,
        test: "a_legacy_suspension_ends_in_deletion_after_the_days_of_the_cloud",
    },
    Rule {
        id: "L-8",
        sentence: "A word that is not published is kept as it came, and refused in a command where a rule reads it.",
        kept: Kept::Refuses,
        test: "words_that_a_rule_on_orders_reads_must_be_published",
    },
    Rule {
        id: "L-9",
        sentence: "Nothing leaves the ledger because its source no longer has it.",
        kept: Kept::Holds,
        test: "a_retention_gap_takes_nothing_away",
    },
    Rule {
        id: "L-10",
        sentence: "Personal fields can be made unreadable without breaking the chain of hashes.",
        kept: Kept::Refuses,
        test: "an_erased_person_is_unreadable_and_every_hash_and_decision_holds",
    },
    Rule {
        id: "L-11",
        sentence: "For which period a source was read is recorded, so that no event and no data are different answers.",
        kept: Kept::Holds,
        test: "coverage_tells_no_event_from_no_data",
    },
    Rule {
        id: "L-12",
        sentence: "Commands are held to the rules; imported facts are recorded as they are, by an import only.",
        kept: Kept::Refuses,
        test: "imported_facts_are_never_refused_for_what_they_say",
    },
    Rule {
        id: "L-13",
        sentence: "A key signs checkpoints from when the log names it until the log retires it; it does not come back, and the last one stays.",
        kept: Kept::Refuses,
        test: "keys_are_added_replaced_and_retired_and_the_last_one_stays",
    },
    Rule {
        id: "L-14",
        sentence: "After a loss the ledger goes on in a new epoch only, which a compliance officer starts under a name never used.",
        kept: Kept::Refuses,
        test: "an_epoch_needs_a_compliance_officer_and_a_new_origin",
    },
    Rule {
        id: "L-15",
        sentence: "Each commitment to the state of all streams speaks of a larger log than the one before.",
        kept: Kept::Refuses,
        test: "commitments_speak_of_ever_larger_logs",
    },
    Rule {
        id: "L-16",
        sentence: "What an authority stamped is recorded with the instant it gave, whatever the ledger's own clock says.",
        kept: Kept::Holds,
        test: "an_anchor_keeps_the_instant_of_the_authority",
    },
    Rule {
        id: "L-17",
        sentence: "Whoever takes information out of the ledger leaves an entry that says so.",
        kept: Kept::Holds,
        test: "what_leaves_the_ledger_is_recorded",
    },
    Rule {
        id: "L-18",
        sentence: "What is under a hold or within its retention period is neither erased nor redacted.",
        kept: Kept::Refuses,
        test: "a_subject_is_erased_once_and_never_under_a_hold",
    },
    Rule {
        id: "L-19",
        sentence: "The bytes of an entry are taken away by two persons and an entry that says so; its hash stays, and what the ledger says of its own custody stays whole.",
        kept: Kept::Refuses,
        test: "an_entry_is_redacted_once_by_two_persons_and_never_under_a_hold",
    },
];
