//! Each file of a pack against the checkpoint, and against the other files.

use std::collections::BTreeSet;

use ofrecord_core::{Policy, StreamId};
use ofrecord_log::merkle::{leaf_hash, verify_inclusion};
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::consistency::ConsistencyProof;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::{SignedNote, VerifierKey};
use ofrecord_proof::seal::FieldKey;
use ofrecord_views::{EntryRow, FOLD_VERSION};

use super::super::answers::{Head, answers};
use super::super::archive::Files;
use super::super::bundle::{self, Bundle, Bundled};
use super::super::gathering::Unsealing;
use super::super::manifest;
use super::super::pairs::{self, Pair};
use super::super::{
    About, CHECKPOINT, COMPLETENESS, ENTRIES, Format, KEYS, MANIFEST, OUTSIDER, PAIRS, POLICY, Question, README,
    absence_of, checkpoint_of, consistency_of, manual, proof_of, unseal_of,
};
use super::statements::Shown;
use super::{Believed, Judgement};
use crate::absence::AbsenceProof;
use crate::certificate::from_bytes;
use crate::commitment::{Recorded, committed_by};
use crate::completeness::CompletenessProof;
use crate::sealing;

mod vouching;

/// What is not shown by a pack for whose manifest nothing vouches.
const NOT_VOUCHED: &str =
    "that no proof of absence and no older checkpoint was taken out of it: nothing vouches for its manifest";

/// A pack under inspection.
pub(super) struct Inspection<'a> {
    format: Format,
    files: &'a Files,
    keys: &'a [VerifierKey],
    checkpoint: Checkpoint,
    head: Head,
    question: Question,
    /// The files that were looked at.
    known: BTreeSet<String>,
    wrong: Vec<String>,
}

impl<'a> Inspection<'a> {
    pub(super) fn new(files: &'a Files, keys: &'a [VerifierKey], checkpoint: Checkpoint, head: Head) -> Self {
        let known = [README, MANIFEST, CHECKPOINT].map(str::to_owned).into();
        let (question, format) = (head.question(), manifest::format_of(files));
        Self { format, files, keys, checkpoint, head, question, known, wrong: Vec::new() }
    }

    /// Looks at everything.
    pub(super) fn judge(mut self, believed: &Believed, signed_by: Vec<String>, followed: Vec<String>) -> Judgement {
        let mut shown = Shown::of(&self.checkpoint, &self.question, followed);
        match self.format {
            Format::First => shown.not_proven.push(NOT_VOUCHED.to_owned()),
            Format::Second => self.manifest(&mut shown),
        }
        let bundle = self.entries(ENTRIES);
        let keys = self.entries(KEYS);
        shown.entries = bundle.len() + keys.len();
        self.keys(&keys, &signed_by);
        self.basis();
        let commitment = self.completeness(&bundle, &mut shown);
        self.scope(&bundle, commitment.as_ref());
        self.answers(&bundle, commitment.as_ref(), &mut shown);
        self.older(&keys, &mut shown);
        self.absences(&mut shown);
        self.pairs(&bundle, commitment.as_ref(), &mut shown);
        self.unsealed(&bundle, &mut shown);
        if self.format == Format::Second {
            self.chain(&keys);
            self.stamps(&mut shown);
            self.receipts(&bundle, &keys, &mut shown);
            self.custody(&keys, &mut shown);
        }
        self.same(OUTSIDER, manual::outsider(self.format));
        for name in self.files.keys().filter(|name| !self.known.contains(*name)) {
            self.wrong.push(format!("{name}: it is no file of this pack"));
        }
        let (proven, not_proven) = if self.wrong.is_empty() { shown.said(believed) } else { Default::default() };
        let Question { as_of, basis, about } = self.question;
        let (about, as_of, basis) = (Some(about), Some(as_of), Some(basis));
        Judgement { about, as_of, basis, signed_by, wrong: self.wrong, proven, not_proven }
    }

    /// The content of a file that must be there.
    fn read(&mut self, name: &str) -> Option<&'a [u8]> {
        self.known.insert(name.to_owned());
        let found = self.files.get(name);
        if found.is_none() {
            self.say(name, &"it is missing");
        }
        found.map(Vec::as_slice)
    }

    fn say(&mut self, name: &str, problem: &dyn std::fmt::Display) {
        self.wrong.push(format!("{name}: {problem}"));
    }

    fn same(&mut self, name: &str, expected: &[u8]) {
        if self.read(name).is_some_and(|found| found != expected) {
            self.say(name, &"it does not follow from the entries in the pack");
        }
    }

    /// Entries one a line, each with its proof.
    fn entries(&mut self, name: &str) -> Bundle {
        let mut bundle = Bundle::new();
        let mut rest = self.read(name).unwrap_or_default();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let (line, after) = (rest.get(..end).unwrap_or_default(), rest.get(end + 1..).unwrap_or_default());
            rest = after;
            let one = match Bundled::of(line.to_vec()) {
                Ok(one) => one,
                Err(error) => {
                    self.say(name, &format!("could not {error}"));
                    continue;
                }
            };
            let position = one.entry.position;
            if bundle.last_key_value().is_some_and(|(last, _)| *last >= position) {
                self.say(name, &format!("position {position} stands out of order"));
            }
            self.included(&one);
            bundle.insert(position, one);
        }
        if !rest.is_empty() {
            self.say(name, &"the last line does not end");
        }
        bundle
    }

    fn included(&mut self, one: &Bundled) {
        let position = one.entry.position;
        let name = proof_of(position);
        let Some(bytes) = self.read(&name) else { return };
        let proof = match InclusionProof::from_bytes(bytes) {
            Ok(proof) => proof,
            Err(error) => return self.say(&name, &error),
        };
        let (size, root) = (self.checkpoint.size(), *self.checkpoint.root());
        if proof.index() != position || proof.entry().is_some() {
            self.say(&name, &"it is about another entry");
        } else if let Err(error) = verify_inclusion(&leaf_hash(&one.bytes), position, size, proof.path(), &root) {
            self.say(&name, &error);
        }
        self.under_the_checkpoint(&name, &proof.checkpoint().to_string());
    }

    fn under_the_checkpoint(&mut self, name: &str, note: &str) {
        if self.files.get(CHECKPOINT).map(Vec::as_slice) != Some(note.as_bytes()) {
            self.say(name, &"it rests on another checkpoint than the pack");
        }
    }

    /// The keys that the log names are the policy, and who signed is among them.
    fn keys(&mut self, keys: &Bundle, signed_by: &[String]) {
        if keys.values().any(|one| !one.is_on_keys()) {
            self.say(KEYS, &"an entry in it says nothing about keys");
        }
        let signing = bundle::signing_keys(keys, self.checkpoint.origin());
        if !signed_by.iter().any(|by| signing.iter().any(|key| key.to_string() == *by)) {
            self.say(KEYS, &"no believed key that signed the checkpoint is one that the log names");
        }
        self.same(POLICY, bundle::policy(&signing).as_bytes());
    }

    /// The log of the checkpoint begins with what was known.
    fn basis(&mut self) {
        let basis = self.question.basis.clone();
        let name = consistency_of(basis.tree_size, self.checkpoint.size());
        match Checkpoint::new(&basis.origin, basis.tree_size, basis.root) {
            Ok(old) => self.consistent(&name, &old),
            Err(error) => self.say(self.question.about.first_answer(), &error),
        }
    }

    fn consistent(&mut self, name: &str, old: &Checkpoint) {
        let Some(bytes) = self.read(name) else { return };
        match ConsistencyProof::from_bytes(bytes) {
            Ok(proof) => {
                if let Err(error) = proof.verify(old, self.keys) {
                    self.say(name, &error);
                }
                self.under_the_checkpoint(name, &proof.checkpoint().to_string());
            }
            Err(error) => self.say(name, &error),
        }
    }

    /// The customer's entries in the pack are all there are, by a commitment that covers what was known.
    fn completeness(&mut self, bundle: &Bundle, shown: &mut Shown) -> Option<Recorded> {
        let bytes = self.read(COMPLETENESS)?;
        let proof = from_bytes::<CompletenessProof>(bytes).and_then(|proof| Ok((proof.verify(self.keys)?, proof)));
        let (checked, proof) = match proof {
            Ok(both) => both,
            Err(error) => {
                self.say(COMPLETENESS, &error);
                return None;
            }
        };
        let stream = self.question.about.stream();
        let in_pack = bundle.values().rev().filter(|one| one.is_of(stream)).map(|one| one.bytes.as_slice());
        if proof.stream() != stream || !proof.entries().eq(in_pack) {
            self.say(COMPLETENESS, &"it is about other entries than those of the stream in the pack");
        }
        self.under_the_checkpoint(COMPLETENESS, proof.commitment().checkpoint());
        shown.complete(checked);
        let recorded = bundle.values().find(|one| one.bytes == proof.commitment().entry()).and_then(|one| {
            let commitment = committed_by(&EntryRow::of(&one.entry))?;
            Some(Recorded { position: one.entry.position, commitment })
        });
        if !recorded.as_ref().is_some_and(|recorded| recorded.covers(self.question.basis.tree_size)) {
            self.say(COMPLETENESS, &"the commitment is not in the pack, or does not cover what was known");
        }
        recorded
    }

    /// Nothing is in the pack that the question does not need.
    fn scope(&mut self, bundle: &Bundle, commitment: Option<&Recorded>) {
        let (about, known_below) = (self.question.about, self.question.basis.tree_size);
        let record = about.customer().map(|customer| bundle::customer_record(bundle, customer));
        let partners = record.map(|record| bundle::partners_named(&record, known_below)).unwrap_or_default();
        for (position, one) in bundle {
            let of_partner = || partners.iter().any(|partner| one.is_of(StreamId::Partner(*partner)));
            let belongs = one.is_of(about.stream())
                || commitment.is_some_and(|recorded| recorded.position == *position)
                || (*position < known_below && one.is_on_account() && of_partner());
            if !belongs {
                self.say(ENTRIES, &format!("position {position} has nothing to do with the {about}"));
            }
        }
    }

    /// The answers follow from the entries, under the newest policy of the cloud that decided them.
    fn answers(&mut self, bundle: &Bundle, commitment: Option<&Recorded>, shown: &mut Shown) {
        let cloud = bundle.values().next().map(|one| one.entry.decision.policy.cloud);
        let policy = cloud.map(Policy::current).filter(|policy| policy.reference == self.head.policy);
        if commitment.is_none_or(|recorded| recorded.commitment.fold != self.head.fold) {
            self.say(
                self.question.about.first_answer(),
                &"another version of the fold made it than made the commitment",
            );
        }
        let Some(policy) = policy.filter(|_| self.head.fold == FOLD_VERSION) else {
            self.say(
                self.question.about.first_answer(),
                &format!(
                    "version {} of the fold and version {} of the policy made it, by which this program does not answer",
                    self.head.fold, self.head.policy.version
                ),
            );
            return;
        };
        let question = self.question.clone();
        for (name, expected) in answers(&question, bundle, &policy, self.format) {
            self.same(&name, &expected);
        }
        shown.fold.clone_from(&self.head.fold);
    }

    /// Older checkpoints, with which the log of the newer one begins. A key may have signed them that the log names and
    /// that signs no more.
    fn older(&mut self, keys: &Bundle, shown: &mut Shown) {
        let known: Vec<VerifierKey> = self.keys.iter().cloned().chain(bundle::named_keys(keys)).collect();
        for (name, bytes) in self.under("checkpoints/") {
            let kept = SignedNote::from_bytes(bytes).ok().and_then(|note| {
                let opened = Checkpoint::open(&note, &known).ok()?;
                Some(opened.checkpoint).filter(|kept| checkpoint_of(kept.size()) == *name)
            });
            let Some(kept) = kept else {
                self.say(name, &"it is no checkpoint of that size by a key of the log");
                continue;
            };
            self.known.insert(name.clone());
            self.consistent(&consistency_of(kept.size(), self.checkpoint.size()), &kept);
            shown.since.push(kept.size());
        }
    }

    fn absences(&mut self, shown: &mut Shown) {
        for (name, bytes) in self.under("absence/") {
            self.known.insert(name.clone());
            match from_bytes::<AbsenceProof>(bytes).and_then(|proof| Ok((proof.verify(self.keys)?, proof))) {
                Ok((checked, proof)) => {
                    let (customer, partner) = proof.pair();
                    if Some(customer) != self.question.about.customer() || absence_of(partner) != *name {
                        self.say(name, &"it is about another pair");
                    }
                    self.under_the_checkpoint(name, proof.commitment().checkpoint());
                    shown.absent(checked);
                }
                Err(error) => self.say(name, &error),
            }
        }
    }

    /// Of each customer that a partner's entries name, whether the two ever had a relationship.
    fn pairs(&mut self, bundle: &Bundle, commitment: Option<&Recorded>, shown: &mut Shown) {
        let (About::Partner(partner), Some(Recorded { commitment, .. })) = (self.question.about, commitment) else {
            return;
        };
        let Some(bytes) = self.read(PAIRS) else { return };
        let pairs = match from_bytes::<Vec<Pair>>(bytes) {
            Ok(pairs) => pairs,
            Err(error) => return self.say(PAIRS, &error),
        };
        match pairs::verify(&pairs, bundle, partner, commitment.tree_size, commitment) {
            Ok(related) => shown.pairs = Some((pairs.len(), related)),
            Err(error) => self.say(PAIRS, &error),
        }
    }

    /// Each key opens a contact of the entry that its file names.
    fn unsealed(&mut self, bundle: &Bundle, shown: &mut Shown) {
        for (name, bytes) in self.under("unseal/") {
            self.known.insert(name.clone());
            let Ok(unsealings) = from_bytes::<Vec<Unsealing>>(bytes) else {
                self.say(name, &"it cannot be read, or not in its one spelling");
                continue;
            };
            if unsealings.is_empty() {
                self.say(name, &"there is no key in it");
            }
            let entry = bundle.iter().find(|(position, _)| unseal_of(**position) == *name).map(|(_, one)| one);
            for unsealing in unsealings {
                let opens = entry.into_iter().flat_map(Bundled::sealed).any(|sealed| {
                    let key = FieldKey::from_bytes(*unsealing.key.as_bytes());
                    let named = sealed.kid.to_string() == unsealing.kid && sealed.position == unsealing.position;
                    let customer = self.question.about.customer();
                    named && customer.is_some_and(|customer| sealing::open(&key, sealed, customer).is_ok())
                });
                if opens {
                    shown.contacts += 1;
                } else {
                    self.say(name, &"a key in it does not open a contact of that entry");
                }
            }
        }
    }

    fn under(&self, folder: &'static str) -> Vec<(&'a String, &'a [u8])> {
        let files = self.files.iter().filter(|(name, _)| name.starts_with(folder));
        files.map(|(name, content)| (name, content.as_slice())).collect()
    }
}
