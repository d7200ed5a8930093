//! Who is sealed as which subject, what opens again, and what never does.

use std::collections::BTreeSet;
use std::fs;

use ofrecord_core::Request;
use tempfile::TempDir;

use super::*;
use crate::submission;

const C: &str = "4b827261-d21f-4aa9-b7db-7fa1f56fb163";

struct Bench(TempDir);

fn request(contact: &str) -> Request {
    let line = format!(
        r#"{{"command_id":"00000000-0000-4000-8000-000000000001","actor":{{"kind":"operator"}},"customer":"{C}","command":{{"type":"ConfirmCustomerAgreement","agreement_type":"MicrosoftCustomerAgreement","date_agreed":"2024-01-01","method":"direct","primary_contact":{contact}}}}}"#
    );
    submission::read(&line).unwrap()
}

fn customer() -> CustomerId {
    C.parse().unwrap()
}

impl Bench {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn sealer(&self) -> Sealer {
        Sealer::open(&KeyFolder::new(self.0.path()), Entropy::System).unwrap()
    }
}

/// The sealed contact of a request, sealed for a position.
fn sealed(sealer: &mut Sealer, contact: &str, position: u64) -> Sealed {
    let mut request = sealer.seal(&request(contact), position).unwrap().into_owned();
    let contact = request.command.contacts_mut().pop().unwrap().clone();
    assert!(!contact.is_clear());
    contact.sealed.unwrap()
}

const LIN: &str = r#"{"first_name":"Lin","last_name":"Zhou","email":"lin@contoso.example"}"#;

#[test]
fn what_is_sealed_opens_to_the_same_and_stands_nowhere_in_the_clear() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let sealed = sealed(&mut sealer, LIN, 7);
    let written = serde_json::to_string(&sealed).unwrap();
    for word in ["Lin", "Zhou", "contoso"] {
        assert!(!written.contains(word), "{written}");
    }
    sealer.sync().unwrap();
    drop(sealer);
    let Revealed::Open(contact) = bench.sealer().reveal(&sealed, customer()).unwrap() else { panic!("it opens") };
    assert_eq!(serde_json::to_string(&*contact).unwrap(), LIN);
    let key = bench.sealer().field_key(&sealed, customer()).unwrap();
    assert_eq!(open(&FieldKey::from_bytes(*key.as_bytes()), &sealed, customer()).unwrap(), *contact);
    let elsewhere: CustomerId = "4b827261-d21f-4aa9-b7db-7fa1f56fb164".parse().unwrap();
    assert!(bench.sealer().reveal(&sealed, elsewhere).is_err());
}

#[test]
fn one_person_of_a_customer_is_one_subject() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let lin = sealed(&mut sealer, LIN, 1);
    for (same, contact) in [
        (true, r#"{"email":" LIN@contoso.example"}"#),
        (false, r#"{"first_name":"Lin","last_name":"Zhou","email":"lin@elsewhere.example"}"#),
        (false, r#"{"first_name":"Lin","last_name":"Zhou"}"#),
    ] {
        assert_eq!(sealed(&mut sealer, contact, 2).kid == lin.kid, same, "{contact}");
    }
    let again = sealed(&mut sealer, LIN, 2);
    assert_eq!((again.kid, &again.tag), (lin.kid, &lin.tag), "the same text of the same person has the same tag");
    assert_ne!((&again.ct, &again.kc, &again.nonce), (&lin.ct, &lin.kc, &lin.nonce));
    assert_ne!(sealed(&mut sealer, r#"{"email":"lin@contoso.example"}"#, 2).tag, lin.tag);
    assert_ne!(sealed(&mut Bench::new().sealer(), LIN, 1).kid, lin.kid, "another ledger, another subject");
}

#[test]
fn who_is_erased_is_erased_for_good_and_comes_back_as_somebody_new() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let (first, other) = (sealed(&mut sealer, LIN, 1), sealed(&mut sealer, r#"{"email":"kim@contoso.example"}"#, 2));
    let path = KeyFolder::new(bench.0.path()).subjects();
    sealer.sync().unwrap();
    let before = fs::read(&path).unwrap();
    sealer.destroy(first.kid).unwrap();
    sealer.destroy(first.kid).unwrap();
    let after = fs::read(&path).unwrap();
    assert_eq!(before.len(), after.len());
    let key = &before[40 + 36..40 + 68];
    assert!(!after.windows(32).any(|window| window == key), "the key is not in the file any more");
    for sealer in [&sealer, &bench.sealer()] {
        assert_eq!(sealer.reveal(&first, customer()).unwrap(), Revealed::Erased);
        assert!(sealer.field_key(&first, customer()).is_none());
        assert!(matches!(sealer.reveal(&other, customer()).unwrap(), Revealed::Open(_)));
    }
    let again = sealed(&mut bench.sealer(), LIN, 3);
    assert_ne!(again.kid, first.kid);
    let nowhere = Bench::new();
    assert_eq!(nowhere.sealer().reveal(&other, customer()).unwrap(), Revealed::KeyMissing);
}

#[test]
fn somebody_is_found_by_the_address_under_every_customer_and_after_coming_back() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let mut elsewhere = request(LIN);
    elsewhere.customer = Some("4b827261-d21f-4aa9-b7db-7fa1f56fb164".parse().unwrap());
    let first = sealed(&mut sealer, LIN, 1).kid;
    sealer.seal(&elsewhere, 2).unwrap();
    sealed(&mut sealer, r#"{"email":"kim@contoso.example"}"#, 3);
    assert_eq!(sealer.subjects_of(" LIN@contoso.example").len(), 2);
    sealer.destroy(first).unwrap();
    let again = sealed(&mut sealer, LIN, 4).kid;
    let found = sealer.subjects_of("lin@contoso.example");
    assert_eq!(found.len(), 3);
    assert_eq!(found[..2], [(customer(), first), (customer(), again)]);
    assert_eq!(sealer.subjects_of("nobody@contoso.example"), []);
}

#[test]
fn a_submitter_does_not_seal_and_nothing_personal_means_nothing_sealed() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let mine = sealer.seal(&request(LIN), 1).unwrap().into_owned();
    assert_eq!(sealer.seal(&mine, 2), Err(SealingError::SealedBySubmitter));
    let empty = request("{}");
    assert_eq!(sealer.seal(&empty, 2).unwrap().into_owned(), empty);
    assert_eq!(fs::read(KeyFolder::new(bench.0.path()).subjects()).unwrap().len(), 40 + 72, "one subject");
}

#[test]
fn a_file_of_keys_that_was_cut_or_spoiled_is_noticed() {
    let bench = Bench::new();
    let mut sealer = bench.sealer();
    let kept = sealed(&mut sealer, LIN, 1);
    sealed(&mut sealer, r#"{"email":"kim@contoso.example"}"#, 2);
    sealer.sync().unwrap();
    drop(sealer);
    let path = KeyFolder::new(bench.0.path()).subjects();
    let sound = fs::read(&path).unwrap();
    let open = || Sealer::open(&KeyFolder::new(bench.0.path()), Entropy::System);
    // A record that was never finished is none; the ones before it stay.
    fs::write(&path, &sound[..sound.len() - 1]).unwrap();
    assert!(matches!(open().unwrap().reveal(&kept, customer()).unwrap(), Revealed::Open(_)));
    for at in (0..8).chain(40..40 + 72) {
        let mut spoiled = sound.clone();
        spoiled[at] ^= 1;
        fs::write(&path, &spoiled).unwrap();
        assert!(matches!(open(), Err(SealingError::File { .. })), "byte {at}");
    }
}

#[test]
fn a_source_record_names_whoever_has_an_address_or_a_contact_in_it() {
    for (raw, named) in [
        (r#"{"userPrincipalName":"Lin@Contoso.example"}"#, &["lin@contoso.example"][..]),
        (r#"[{"a":"kim@x.example;lin@x.example"},{"b":["<lin@x.example>"]}]"#, &["kim@x.example", "lin@x.example"]),
        ("2024-01-01,ana_quay.example#EXT#@x.onmicrosoft.com,ok", &["ana_quay.example#ext#@x.onmicrosoft.com"]),
        (r#"{"v":"{\"Email\":\"wei@x.example\",\"FirstName\":\"Wei\"}"}"#, &["wei@x.example"]),
        (r#"{"firstName":"Lin","lastName":"Zhou"}"#, &["lin|zhou|"]),
        (r#"{"lin@x.example":1}"#, &["lin@x.example"]),
        (r#"{"@odata.type":"x","members@odata.nextLink":"y"}"#, &[]),
        ("@ a@ @b", &[]),
        ("", &[]),
    ] {
        let found = persons::of_record(raw);
        let itself = BTreeSet::from([format!("record|{}", Hash::of(raw.as_bytes()))]);
        let named: BTreeSet<String> = named.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(found, if named.is_empty() { itself } else { named }, "{raw}");
    }
}
