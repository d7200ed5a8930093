//! What an import's report counts and concludes.

use ofrecord_interop::{Problem, Reading, Severity};
use ofrecord_ledger::SubmitError;

use super::Report;
use crate::failure::Verdict;

fn problem(record: Option<u64>, line: Option<u64>, field: Option<&str>, severity: Severity) -> Problem {
    let (file, message) = ("a.json".to_owned(), "it is so".to_owned());
    Problem { file, record, line, field: field.map(str::to_owned), severity, message }
}

#[test]
fn a_problem_names_its_place() {
    let mut report = Report::default();
    let problems = vec![
        problem(Some(3), Some(9), Some("customerId"), Severity::Bad),
        problem(Some(3), None, None, Severity::Unrecognised),
        problem(None, Some(9), None, Severity::Note),
        problem(None, None, None, Severity::Bad),
    ];
    report.read(&Reading { problems, records: 4, ..Reading::default() });
    let places: Vec<&str> = report.problems.iter().map(|told| told.place.as_str()).collect();
    assert_eq!(places, ["a.json:3: customerId", "a.json:3", "a.json: line 9", "a.json"]);
    assert_eq!((report.bad, report.unrecognised, report.notes, report.records), (2, 1, 1, 4));
}

#[test]
fn an_entry_counts_by_what_it_brought() {
    let check = |events: &[&str], expected: [u64; 4]| {
        let mut report = Report::default();
        report.accepted(events);
        let counts = [report.new, report.second_evidence, report.kept, report.unchanged];
        assert_eq!(counts, expected, "{events:?}");
    };
    check(&["DapGranted"], [1, 0, 0, 0]);
    check(&["EvidenceAdded", "DapGranted"], [1, 0, 0, 0]);
    check(&["EvidenceAdded", "EvidenceAdded"], [0, 1, 0, 0]);
    check(&["PartnerObserved", "SourceRecordKept"], [0, 0, 1, 0]);
    check(&[], [0, 0, 0, 1]);
}

#[test]
fn conflicts_weigh_more_than_records_that_cannot_be_read() {
    assert_eq!(Report::default().verdict(), Verdict::Done);
    assert_eq!(Report { bad: 1, ..Report::default() }.verdict(), Verdict::Invalid);
    assert_eq!(Report { bad: 1, conflicts: 1, ..Report::default() }.verdict(), Verdict::Refused);
    assert_eq!(Report { unrecognised: 1, notes: 1, ..Report::default() }.verdict(), Verdict::Done);
}

#[test]
fn a_failure_of_the_machine_is_kept_and_is_no_bad_record() {
    let mut report = Report::default();
    report.not_taken("a.json", 0, SubmitError::NotAnEntry { problem: "too long".to_owned() });
    report.not_taken("a.json", 1, SubmitError::Stopped);
    report.not_taken("a.json", 2, SubmitError::NotWritten { cause: "full".to_owned() });
    assert_eq!(report.bad, 1);
    assert_eq!(report.failure, Some(SubmitError::Stopped));
    assert_eq!(report.problems.len(), 3);
}
