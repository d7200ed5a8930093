//! Sentences of the ledger's own custody.

use serde_json::{Value, json};

use super::{A, DAY, S};

const KEY: &str = "ledger.example/csp+530d903a+AekyeRrm";
const ROOT: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

pub(super) fn rows() -> Vec<(&'static str, Value, String)> {
    let head = json!({"tree_size": 7, "root": ROOT});
    vec![
        (
            "CheckpointKeyAdded",
            json!({"key": KEY, "replaces": "a+00000000+AA==", "reason": "two years old"}),
            format!("checkpoints may be signed with {KEY} in place of a+00000000+AA== (two years old)"),
        ),
        (
            "CheckpointKeyRetired",
            json!({"key": KEY, "reason": "replaced"}),
            format!("no checkpoint is signed with {KEY} any more (replaced)"),
        ),
        (
            "EpochStarted",
            json!({"origin": "a/e2", "lost": head, "reason": "disk gone"}),
            format!("the log goes on as a/e2 after the head of size 7 with root {ROOT} was lost (disk gone)"),
        ),
        (
            "StateCommitted",
            json!({"tree_size": 7, "fold": "7", "streams": {"lines": 2, "root": ROOT},
                "relationships": {"lines": 1, "root": ROOT}}),
            "committed to 2 streams and 1 relationships at size 7".to_owned(),
        ),
        (
            "TimeAnchored",
            json!({"authority": "http://tsa.example", "head": head, "token": ROOT, "stamped_at": DAY}),
            format!("http://tsa.example stamped the head of size 7 at {DAY}"),
        ),
        (
            "DisclosureRecorded",
            json!({"kind": "evidence_pack", "customer": A, "tree_size": 7, "purpose": "audit 2026"}),
            format!("evidence_pack about customer {A} left the ledger, resting on size 7 (audit 2026)"),
        ),
        (
            "HoldPlaced",
            json!({"hold": "case 12", "scope": {"subject": S}, "until": DAY, "reason": "a lawsuit"}),
            format!("hold `case 12` on subject {S} until {DAY} (a lawsuit)"),
        ),
        (
            "HoldReleased",
            json!({"hold": "case 12", "reason": "settled"}),
            "hold `case 12` released (settled)".to_owned(),
        ),
        (
            "SubjectErased",
            json!({"subject": S, "customer": A, "reason": "Article 17"}),
            format!("subject {S} of customer {A} erased (Article 17)"),
        ),
        (
            "EntryRedacted",
            json!({"position": 7, "leaf_hash": ROOT, "remainder": ROOT, "streams": [format!("customer/{A}")], "reason": "a wrong paste",
                "authority": "Article 17", "ticket": "T-9", "approved_by": "robin"}),
            "entry 7 redacted by order of Article 17, ticket T-9, approved by robin (a wrong paste)".to_owned(),
        ),
    ]
}
