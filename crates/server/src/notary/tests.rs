//! When a head is signed, and when the last checkpoint does.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use super::Notary;

#[test]
fn without_keys_there_is_no_checkpoint() {
    assert!(Notary::new(None).checkpoint(5, Instant::now()).is_err());
    let failing = Notary::new(Some(Box::new(|| Err("the key is gone".to_owned()))));
    assert!(failing.checkpoint(5, Instant::now()).is_err());
}

#[test]
fn a_head_is_signed_once_and_a_log_that_grows_once_in_a_second() {
    let signed = Arc::new(AtomicU64::new(0));
    let size = Arc::new(AtomicU64::new(5));
    let notary = {
        let (signed, size) = (Arc::clone(&signed), Arc::clone(&size));
        Notary::new(Some(Box::new(move || {
            signed.fetch_add(1, Ordering::Relaxed);
            let size = size.load(Ordering::Relaxed);
            Ok((size, format!("of {size}")))
        })))
    };
    let began = Instant::now();
    let asked = |grown: u64, millis: u64| {
        size.store(grown, Ordering::Relaxed);
        notary.checkpoint(grown, began + Duration::from_millis(millis)).unwrap()
    };
    assert_eq!([asked(5, 0), asked(5, 5_000), asked(6, 5_100)], ["of 5", "of 5", "of 6"]);
    assert_eq!([asked(7, 5_900), asked(7, 6_100)], ["of 6", "of 7"]);
    assert_eq!(signed.load(Ordering::Relaxed), 3);
}
