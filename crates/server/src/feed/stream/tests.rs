//! A follower that takes nothing, and one that is gone.

use std::time::Duration;

use axum::body::Bytes;
use tokio::sync::mpsc;

use super::is_taken;

#[tokio::test]
async fn a_follower_that_takes_nothing_for_too_long_is_let_go_and_one_that_is_gone_at_once() {
    let (to, mut pieces) = mpsc::channel(1);
    let piece = || Bytes::from_static(b"piece");
    let (moment, ages) = (Duration::from_millis(20), Duration::from_secs(3_600));
    assert!(is_taken(moment, &to, piece()).await, "there is room for one");
    assert!(!is_taken(moment, &to, piece()).await, "and for no more");
    assert!(pieces.recv().await.is_some());
    assert!(is_taken(moment, &to, piece()).await);
    drop(pieces);
    assert!(!is_taken(ages, &to, piece()).await);
}
