//! Periods: the request that is one too many, and the first of the next period.

use std::time::Duration;

use tokio::time::Instant;

use super::Pace;
use crate::limits::Limits;

#[test]
fn a_period_takes_so_many_requests_and_the_next_one_as_many_again() {
    let limits = Limits { principal_requests: 2, principal_period: Duration::from_secs(10), ..Limits::default() };
    let (pace, began) = (Pace::default(), Instant::now());
    let at = |seconds: u64| pace.count("kim", &limits, began + Duration::from_secs(seconds)).is_ok();
    assert_eq!([at(0), at(1), at(2), at(9)], [true, true, false, false]);
    assert!(pace.count("robin", &limits, began).is_ok());
    assert_eq!([at(10), at(11), at(12)], [true, true, false]);
}
