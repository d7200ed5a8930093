//! What vouches for packs: a manifest that the log signs, keys that follow from older ones, receipts and time stamps.

use std::fs;

use ofrecord_acceptance::workspace;
use ofrecord_ledger::evidence::{MANIFEST, MANIFEST_NOTE};
use ofrecord_log::Hash;
use ofrecord_proof::note::VerifierKey;
use ofrecord_proof::receipt::ReceiptKey;
use ofrecord_views::FOLD_VERSION;

use super::*;

/// A reply of `openssl`, and the text that it stamps. Who signed it is nobody's business here.
const REPLY: &[u8] = include_bytes!("../../../crates/proof/tests/fixtures/checkpoint.tsr");
const STAMPED: &[u8] = include_bytes!("../../../crates/proof/tests/fixtures/checkpoint.txt");

fn stamp(text: &str) -> Vec<u8> {
    let (old, new) = (Hash::of(STAMPED).0, Hash::of(text.as_bytes()).0);
    let at = REPLY.windows(32).position(|window| window == old).unwrap();
    let mut reply = REPLY.to_vec();
    reply.splice(at..at + 32, new);
    reply
}

/// A ledger whose key was rotated, the older key, and a pack by the newer one with everything that one can hold.
fn everything() -> (Told, SigningKey, Files) {
    let mut told = Told::of(83, 24);
    let older = told.key.clone();
    let before = told.sign();
    told.key = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[9; 32]);
    told.ask(Command::AddCheckpointKey(AddCheckpointKey {
        key: told.key.verifier().to_string().parse().unwrap(),
        replaces: Some(older.verifier().to_string().parse().unwrap()),
        reason: "a year has passed".parse().unwrap(),
    }));
    let named = told.running.reader().log().tree_size() - 1;
    let head = told.running.reader().log().head();
    let text = Checkpoint::new(ORIGIN, head.size, head.root).unwrap().to_string();
    let by_older = Signed { size: head.size, note: older.sign(&text).unwrap() };
    told.ask(Command::RetireCheckpointKey(RetireCheckpointKey {
        key: older.verifier().to_string().parse().unwrap(),
        reason: "a year has passed".parse().unwrap(),
    }));
    let recorded = told.commit();
    let (signed, snapshot) = (told.sign(), told.known(recorded.commitment.tree_size));
    let customer = *told.customers.first().unwrap();
    let asked =
        Asked { customer, as_of: told.running.now(), snapshot: &snapshot, recorded: &recorded, signed: &signed };
    let (chain, receipt_key) = ([(named, by_older)], ReceiptKey::from_seed(&[3; 32]));
    let stamps = [stamp(signed.note.text()), stamp(signed.note.text())];
    let files = {
        let reader = told.running.reader();
        let state = CommittedState::again(reader.log().as_ref(), &recorded, &()).unwrap();
        let gathering = Gathering {
            reader: &reader,
            about: About::Customer(asked.customer),
            as_of: asked.as_of,
            snapshot: &snapshot,
            recorded: &recorded,
            state: &state,
            signed: &signed,
            since: Some(&before),
            never: &BTreeSet::from([name::partner("nobody")]),
            sealer: None,
            chain: &chain,
            stamps: &stamps,
            receipt_key: Some(&receipt_key),
            custody: true,
        };
        vouched_by(&told.key, gathering.files().unwrap())
    };
    (told, older, files)
}

fn by(key: VerifierKey) -> Believed {
    Believed::Keys(vec![key])
}

#[test]
fn whoever_believes_an_older_key_follows_to_the_present_one() {
    let (told, older, files) = everything();
    for (believed, follows) in
        [(by(older.verifier()), true), (by(told.key.verifier()), false), (Believed::ThePack, false)]
    {
        let judgement = verify(&files, &believed);
        assert_eq!(judgement.wrong, Vec::<String>::new(), "{believed:?}");
        let said = judgement.proven.iter().any(|one| one.contains(&format!("names {}", told.key.verifier())));
        assert_eq!(said, follows, "{believed:?}");
    }
    let stranger = SigningKey::from_seed(ORIGIN.parse().unwrap(), &[8; 32]).verifier();
    assert!(!verify(&files, &by(stranger)).wrong.is_empty());
    let link = files.keys().find(|name| name.starts_with("chain/")).unwrap().clone();
    let mut cut = files.clone();
    cut.remove(&link);
    assert!(!verify(&cut, &by(older.verifier())).wrong.is_empty());
    let forged = cut.clone();
    let mut forged = vouched_by(&told.key, forged);
    forged.insert(link.clone(), files.get(&link).unwrap().iter().rev().copied().collect());
    assert!(!verify(&forged, &by(older.verifier())).wrong.is_empty());
}

#[test]
fn time_stamps_receipts_and_the_ledgers_own_stream_are_shown() {
    let (told, _, files) = everything();
    let Judgement { proven, not_proven, .. } = verify(&files, &told.believed());
    for said in ["the checkpoint existed at 2026-", "each entry has a receipt", "ledger had", "none was added"] {
        assert!(proven.iter().any(|one| one.contains(said)), "{said}: {proven:?}");
    }
    assert!(not_proven.iter().any(|one| one.contains("openssl ts -verify")), "{not_proven:?}");
    let entries = files.keys().filter(|name| name.starts_with("proofs/")).count();
    assert_eq!(files.keys().filter(|name| name.starts_with("receipts/")).count(), entries);
}

/// What is changed and listed as changed by whoever has the key of the log is noticed where it contradicts the log.
#[test]
fn what_the_manifest_lists_has_to_hold_as_well() {
    let (told, _, files) = everything();
    let wrong = |name: &str, content: Option<Vec<u8>>| {
        let mut changed = files.clone();
        match content {
            Some(content) => drop(changed.insert(name.to_owned(), content)),
            None => drop(changed.remove(name)),
        }
        let listed: Vec<Value> = changed
            .iter()
            .filter(|(name, _)| ![MANIFEST, MANIFEST_NOTE].contains(&name.as_str()))
            .map(|(name, content)| serde_json::json!({"name": name, "sha256": Hash::of(content)}))
            .collect();
        let mut manifest: Value = serde_json::from_slice(changed.get(MANIFEST).unwrap()).unwrap();
        *manifest.pointer_mut("/files").unwrap() = listed.into();
        changed.insert(MANIFEST.to_owned(), ofrecord_ledger::certificate::to_bytes(&manifest));
        let wrong = verify(&vouched_by(&told.key, changed), &told.believed()).wrong;
        assert!(wrong.iter().all(|one| !one.contains("manifest")), "{wrong:?}");
        wrong
    };
    let of = |prefix: &str| files.iter().find(|(name, _)| name.starts_with(prefix)).unwrap();
    for prefix in ["stamps/", "receipts/", "receipts.pem", "custody.json", "chain/", "proofs/", "answers/owners.csv"] {
        let (name, content) = of(prefix);
        let mut changed = content.clone();
        *changed.get_mut(content.len() / 2).unwrap() ^= 1;
        assert!(!wrong(name, Some(changed)).is_empty() || prefix == "stamps/", "{name}");
    }
    assert!(!wrong("stamps/1.tsr", Some(stamp("another checkpoint"))).is_empty());
    assert!(!wrong("stamps/7.tsr", Some(of("stamps/").1.clone())).is_empty());
    assert!(!wrong(of("receipts/").0, None).is_empty(), "a receipt for each entry or for none");
    assert!(!wrong("chain/999.tlog-proof", Some(of("chain/").1.clone())).is_empty());
}

#[test]
fn no_file_of_a_pack_with_everything_can_be_changed_taken_out_or_renamed() {
    let (told, older, files) = everything();
    for believed in [told.believed(), by(older.verifier())] {
        for (name, content) in &files {
            let step = content.len() / 10 + 1;
            for (at, mask) in (0..content.len()).step_by(step).zip([1_u8, 0x20, 0x80].into_iter().cycle()) {
                let mut changed = files.clone();
                *changed.get_mut(name).unwrap().get_mut(at).unwrap() ^= mask;
                assert!(!verify(&changed, &believed).wrong.is_empty(), "{name}, byte {at} with mask {mask:02x}");
            }
            let mut without = files.clone();
            let content = without.remove(name).unwrap();
            assert!(!verify(&without, &believed).wrong.is_empty(), "without {name}");
            without.insert(format!("{name}x"), content);
            assert!(!verify(&without, &believed).wrong.is_empty(), "{name} is renamed");
        }
    }
}

/// What a pack of the first format shows, it shows: its answers are looked at by the fold that made them alone.
#[test]
fn a_pack_of_the_first_format_holds_as_it_did() {
    let folder = workspace::root().join("tests/fixtures/evidence");
    let files = from_zip(&fs::read(folder.join("pack-1.zip")).unwrap()).unwrap();
    let key: VerifierKey = fs::read_to_string(folder.join("pack-1.vkey")).unwrap().trim().parse().unwrap();
    let other_fold =
        |wrong: &[String]| FOLD_VERSION != "7" && wrong.len() == 1 && wrong.concat().contains("of the fold");
    let judgement = verify(&files, &by(key.clone()));
    assert!(judgement.wrong.is_empty() || other_fold(&judgement.wrong), "{:?}", judgement.wrong);
    if judgement.wrong.is_empty() {
        assert!(judgement.not_proven.iter().any(|one| one.contains("nothing vouches for its manifest")));
    }
    for (name, content) in files.iter().filter(|(name, _)| !["README.txt", MANIFEST].contains(&name.as_str())) {
        let mut changed = files.clone();
        *changed.get_mut(name).unwrap().get_mut(content.len() / 2).unwrap() ^= 1;
        assert!(verify(&changed, &by(key.clone())).wrong.len() > judgement.wrong.len(), "{name}");
    }
    let mut newer = files;
    newer.remove(MANIFEST);
    assert!(!verify(&newer, &by(key)).wrong.is_empty(), "without a manifest it is of no older format");
}
