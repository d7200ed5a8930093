//! Packs of partners: what is in them is what the ledger answers, and no pair of their book is said to be another.

use ofrecord_ledger::commitment::relationship_key;
use ofrecord_views::TimelineQuery;

use super::*;

/// A pack of every partner that has entries, at some states of knowledge.
fn each_pack(told: &Told, each: &mut dyn FnMut(PartnerTenantId, &Asked<'_>, &Files)) {
    let recorded = told.commit();
    let (signed, end) = (told.sign(), recorded.commitment.tree_size);
    let mut partners = Vec::new();
    let mut note = |partner| {
        partners.push(partner);
        Ok(())
    };
    told.running.reader().partners(&mut note).unwrap();
    for size in [end / 2, end] {
        let snapshot = told.known(size);
        for partner in partners.iter().copied() {
            let Ok(record) = told.running.reader().partner(partner, &snapshot) else { continue };
            let as_of = record.entries().last().unwrap().effective_at;
            let customer = *told.customers.first().unwrap();
            let asked = Asked { customer, as_of, snapshot: &snapshot, recorded: &recorded, signed: &signed };
            each(partner, &asked, &told.pack_of(About::Partner(partner), &asked));
        }
    }
}

#[test]
fn a_pack_of_a_partner_answers_what_the_whole_ledger_answers_and_holds() {
    let (mut packs, mut related, mut unrelated) = (0, 0, 0);
    for seed in seeds(111, 3) {
        let told = Told::of(seed, 160);
        each_pack(&told, &mut |partner, asked, files| {
            packs += 1;
            let reader = told.running.reader();
            let viewpoint = reader.viewpoint(asked.snapshot, asked.as_of);
            let record = reader.partner(partner, asked.snapshot).unwrap();
            let query = TimelineQuery::all(asked.snapshot.basis.tree_size);
            for (name, expected) in [
                ("account", serde_json::to_value(vec![ofrecord_views::account(&record, &viewpoint)])),
                ("granular", serde_json::to_value(ofrecord_views::partner_granular_relationships(&record, &viewpoint))),
                ("timeline", serde_json::to_value(ofrecord_views::partner_timeline(&record, &query))),
            ] {
                assert_eq!(rows(files, &format!("answers/{name}.json")), expected.unwrap(), "{name} of {partner}");
            }
            let judgement = verify(files, &told.believed());
            assert_eq!(judgement.wrong, Vec::<String>::new());
            assert!(judgement.proven.iter().any(|one| one.contains("these are all of them")), "{judgement:?}");
            assert_eq!(told.pack_of(About::Partner(partner), asked), *files, "the same question has the same bytes");
            let pairs: Value = serde_json::from_slice(files.get("pairs.json").unwrap()).unwrap();
            for pair in pairs.as_array().unwrap() {
                let customer: CustomerId = pair["customer"].as_str().unwrap().parse().unwrap();
                let known = told.running.record(customer, KnownAt::TreeSize(asked.recorded.commitment.tree_size));
                let is_related =
                    known.is_ok_and(|(record, _)| record.latest().resellers.relationships.contains_key(&partner));
                let present = pair.pointer("/standing/present/line/key");
                assert_eq!(present.is_some(), is_related, "{customer} and {partner}");
                let key = relationship_key(customer, partner);
                assert!(present.is_none_or(|found| found.as_str() == Some(key.as_str())), "{present:?}");
                if is_related { related += 1 } else { unrelated += 1 }
            }
        });
    }
    assert!(packs > 10 && related > 5 && unrelated > 0, "{packs} {related} {unrelated}");
}

/// A pack by one who has the key and says something else than the log does.
#[test]
fn a_pair_that_is_left_out_of_a_partners_pack_is_noticed_whoever_vouches_for_it() {
    let mut tried = 0;
    let told = Told::of(121, 160);
    each_pack(&told, &mut |_, _, files| {
        let pairs: Value = serde_json::from_slice(files.get("pairs.json").unwrap()).unwrap();
        for at in 0..pairs.as_array().unwrap().len() {
            tried += 1;
            let mut fewer = pairs.clone();
            fewer.as_array_mut().unwrap().remove(at);
            let mut changed = files.clone();
            changed.insert("pairs.json".to_owned(), ofrecord_ledger::certificate::to_bytes(&fewer));
            let wrong = verify(&changed, &told.believed()).wrong;
            assert!(wrong.iter().any(|one| one.starts_with("pairs.json: the lines")), "{wrong:?}");
        }
    });
    assert!(tried > 5, "{tried}");
}

#[test]
fn an_auditor_takes_and_checks_the_book_of_a_partner() {
    let stage = Stage::with_worldwide_story();
    let entries = ended(&stage, &["export", "--quiet"], 0);
    let at = entries.find("\"stream\":\"partner/").unwrap() + "\"stream\":\"partner/".len();
    let partner = entries.get(at..at + 36).unwrap();
    ended(&stage, &["evidence", "--partner", partner, "-o", "pack.zip", "--cose", "--by", "kim"], 0);
    for arguments in [
        &["evidence", CUSTOMER, "--partner", partner, "-o", "x.zip"][..],
        &["evidence", "--partner", partner, "-o", "x.zip", "--never", STRANGER],
        &["evidence", "--partner", STRANGER, "-o", "x.zip"],
        &["evidence", "-o", "x.zip"],
    ] {
        ended(&stage, arguments, 2);
    }
    let key = ended(&stage, &["key", "--quiet"], 0);
    let told = ended(&stage, &["evidence", "verify", "pack.zip", "--key", key.trim()], 0);
    assert!(told.contains(&format!("partner/{partner} had")) && told.contains("not shown whole"), "{told}");
    let files = from_zip(&fs::read(stage.folder().join("pack.zip")).unwrap()).unwrap();
    for (name, content) in &files {
        let mut changed = files.clone();
        *changed.get_mut(name).unwrap().get_mut(content.len() / 2).unwrap() ^= 1;
        assert!(!verify(&changed, &Believed::ThePack).wrong.is_empty(), "{name}");
    }
}
