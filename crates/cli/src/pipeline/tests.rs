//! Answers come in the order of submission, whatever fails on the way.

use std::io;

use ofrecord_core::{Cloud, Timestamp};
use ofrecord_ledger::clock::SetClock;
use ofrecord_ledger::{Clock, Ledger, LedgerOptions, Receipt, SubmitError, submission};
use ofrecord_log::MemoryLog;

use super::{Answers, IN_FLIGHT_MAX, run};
use crate::failure::Failure;

fn ledger() -> Ledger {
    let clock = Clock::Set(SetClock::at(Timestamp::from_date(2018, 1, 5).unwrap()));
    let options = LedgerOptions { cloud: Cloud::China21Vianet, clock, views: None, sealer: None };
    Ledger::start(Box::new(MemoryLog::new("example.cn/ledger")), options).unwrap()
}

/// A registration of the partner with this number.
fn request(number: usize) -> ofrecord_core::Request {
    let text = format!(
        r#"{{"command_id":"d0000000-0000-4000-8000-{number:012}","actor":{{"kind":"operator"}},"command":{{"type":"RegisterPartner","partner":"aaaaaaaa-0000-4000-8000-{number:012}","name":"P","partner_type":"direct_bill","markets":["CN"]}}}}"#
    );
    submission::read(&text).unwrap()
}

/// Notes every answer, and fails at one of them.
#[derive(Default)]
struct Noted {
    answers: Vec<(usize, Option<&'static str>)>,
    fails_at: Option<usize>,
    pauses: usize,
}

impl Answers<usize> for Noted {
    fn take(&mut self, tag: usize, answer: Option<Result<Receipt, SubmitError>>) -> io::Result<()> {
        if self.fails_at == Some(tag) {
            return Err(io::Error::from(io::ErrorKind::BrokenPipe));
        }
        self.answers.push((tag, answer.map(|answer| answer.unwrap().outcome.word())));
        Ok(())
    }

    fn pause(&mut self) -> io::Result<()> {
        self.pauses += 1;
        Ok(())
    }
}

#[test]
fn answers_come_in_the_order_of_submission() {
    let ledger = ledger();
    let count = IN_FLIGHT_MAX * 3;
    let mut noted = Noted::default();
    run(&ledger, &mut noted, |intake| {
        for number in 0..count {
            if number % 7 == 0 {
                intake.skip(number);
            } else {
                intake.submit(number, request(number))?;
            }
        }
        Ok(())
    })
    .unwrap();
    let expected: Vec<_> = (0..count).map(|number| (number, (number % 7 != 0).then_some("accepted"))).collect();
    assert_eq!(noted.answers, expected);
    assert!(noted.pauses > 0);
}

#[test]
fn an_answer_that_cannot_be_given_closes_the_intake_and_loses_no_command() {
    let ledger = ledger();
    let mut noted = Noted { fails_at: Some(3), ..Noted::default() };
    let mut submitted = 0;
    let failure = run(&ledger, &mut noted, |intake| {
        while !intake.is_closed() {
            intake.submit(submitted, request(submitted))?;
            submitted += 1;
        }
        Ok(())
    })
    .unwrap_err();
    assert!(matches!(failure, Failure::Receipts(_)), "{failure}");
    assert_eq!(noted.answers.len(), 3);
    assert_eq!(ledger.reader().log().tree_size(), submitted as u64);
}

#[test]
fn a_feed_that_fails_waits_for_what_is_on_its_way() {
    let ledger = ledger();
    let mut noted = Noted::default();
    let failure = run(&ledger, &mut noted, |intake| {
        intake.submit(1, request(1))?;
        Err(Failure::Stopped)
    })
    .unwrap_err();
    assert!(matches!(failure, Failure::Stopped), "{failure}");
    assert_eq!(noted.answers, [(1, Some("accepted"))]);
}
