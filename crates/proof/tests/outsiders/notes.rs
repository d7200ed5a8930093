//! Notes, keys and checkpoints against another implementation: each reads what the other wrote.

use ofrecord_log::Hash;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::note::{SignedNote, SigningKey, VerifierKey};
use ofrecord_testkit::Random;
use ofrecord_testkit::random::seeds;
use signed_note::{Note, StandardSigner, StandardVerifier, VerifierList};

fn seed_bytes(random: &mut Random) -> [u8; 32] {
    std::array::from_fn(|_| u8::try_from(random.below(256)).unwrap())
}

fn names() -> Vec<String> {
    ["log.example", "log.example/with/path", "a", "-", "naïve.example"].map(str::to_owned).to_vec()
}

#[test]
fn a_note_signed_here_is_verified_there_and_the_other_way_round() {
    for seed in seeds(81, 20) {
        println!("seed {seed}");
        let mut random = Random::new(seed);
        let name = random.one_of(&names()).clone();
        let ours = SigningKey::from_seed(name.parse().unwrap(), &seed_bytes(&mut random));
        let verifier = ours.verifier().to_string();
        let checkpoint = Checkpoint::new(&name, random.below(1 << 40), Hash(seed_bytes(&mut random))).unwrap();
        let text = checkpoint.to_string();

        let signed = ours.sign(&text).unwrap().to_string();
        let theirs = Note::from_bytes(signed.as_bytes()).unwrap();
        let known = VerifierList::new(vec![Box::new(StandardVerifier::new(&verifier).unwrap())]);
        let (verified, unverified) = theirs.verify(&known).unwrap();
        assert_eq!((verified.len(), unverified.len(), theirs.text()), (1, 0, text.as_bytes()));

        let signer = StandardSigner::new(&ours.to_private_text()).unwrap();
        let mut note = Note::new(text.as_bytes(), &[]).unwrap();
        note.add_sigs(&[&signer]).unwrap();
        assert_eq!(String::from_utf8(note.to_bytes()).unwrap(), signed);
        let keys = [verifier.parse::<VerifierKey>().unwrap()];
        let read = SignedNote::from_bytes(&note.to_bytes()).unwrap();
        assert_eq!(Checkpoint::open(&read, &keys).unwrap().checkpoint, checkpoint);
    }
}
