//! Tests of taking files apart.

use ofrecord_core::Cloud;

use crate::{Context, Reading, Severity, read};

const NOWHERE: Context = Context::new(Cloud::Worldwide);

fn records(bytes: &[u8]) -> Reading {
    read("file.json", bytes, &NOWHERE)
}

#[test]
fn one_bad_line_does_not_stop_the_others() {
    let reading = records(b"{\"a\":1}\n{\"a\":\n\n{\"a\":2}\n");
    assert_eq!(reading.records, 3);
    let lines: Vec<_> = reading.problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, [Some(1), Some(2), Some(4)]);
}

#[test]
fn a_record_is_named_by_its_line() {
    let reading = records(b"{\"items\":[\n{\"a\":1},\n\n{\"a\":2}]}");
    let places: Vec<_> = reading.problems.iter().map(|problem| (problem.record, problem.line)).collect();
    assert_eq!(places, [(Some(0), Some(2)), (Some(1), Some(4))]);
}

#[test]
fn a_page_of_several_says_that_there_are_others() {
    let reading = records(b"{\"totalCount\":37,\"items\":[{\"a\":1}]}");
    assert!(
        reading.problems.iter().any(|problem| problem.severity == Severity::Note && problem.message.contains("37"))
    );
}
