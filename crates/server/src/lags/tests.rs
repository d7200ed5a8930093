//! What is kept of the looks.

use ofrecord_core::Timestamp;

use super::{KEPT, Lag, Lags};

fn lag(number: usize) -> Lag {
    let at = Timestamp::MIN.plus_seconds(i64::try_from(number).unwrap());
    Lag { at, rows: None, verified: u64::try_from(number).unwrap() }
}

#[test]
fn the_oldest_look_gives_way_and_the_present_comes_last() {
    let lags = Lags::default();
    for (looks, kept) in [(0, 0), (1, 1), (KEPT, KEPT), (KEPT + 7, KEPT)] {
        let lags = if looks == 0 { &lags } else { &Lags::default() };
        (0..looks).for_each(|number| lags.keep(lag(number)));
        let told = lags.up_to(lag(looks));
        assert_eq!(told.len(), kept + 1, "{looks}");
        assert_eq!(told.first(), Some(&lag(looks - kept)), "{looks}");
        assert_eq!(told.last(), Some(&lag(looks)), "{looks}");
    }
}
