//! What vouches for a pack beside its checkpoint: its manifest, older keys, time stamps, receipts, and the ledger's own stream.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::StreamId;
use ofrecord_log::Hash;
use ofrecord_proof::certificate::Certificate;
use ofrecord_proof::checkpoint::Checkpoint;
use ofrecord_proof::inclusion::InclusionProof;
use ofrecord_proof::note::SignedNote;
use ofrecord_proof::receipt::{Receipt, ReceiptProof, ReceiptVerifierKey};
use ofrecord_proof::timestamp::TimestampReply;

use ofrecord_views::EntryRow;

use super::super::super::bundle::{Bundle, Bundled};
use super::super::super::manifest::{KIND, Manifest};
use super::super::super::{
    CUSTODY, KEYS, MANIFEST, MANIFEST_NOTE, RECEIPT_KEY, chain_of, consistency_of, receipt_of, stamp_of,
};
use super::super::statements::Shown;
use super::Inspection;
use crate::certificate::from_bytes;
use crate::commitment::committed_by;
use crate::completeness::CompletenessProof;

impl Inspection<'_> {
    /// The log vouches for the manifest, and the manifest lists every file as it is and no other.
    pub(super) fn manifest(&mut self, shown: &mut Shown) {
        let (Some(note), Some(bytes)) = (self.read(MANIFEST_NOTE), self.read(MANIFEST)) else { return };
        let keys = self.keys;
        let opened = SignedNote::from_bytes(note).ok().and_then(|note| Some(Certificate::open(&note, keys).ok()?.0));
        let basis = &self.question.basis;
        let vouches = opened.is_some_and(|certificate| {
            certificate.kind() == KIND
                && certificate.origin() == self.checkpoint.origin()
                && (certificate.size(), certificate.root()) == (basis.tree_size, &basis.root)
                && *certificate.body() == Hash::of(bytes)
        });
        if !vouches {
            self.say(MANIFEST_NOTE, &"no believed key of the log vouches for the manifest");
        }
        match from_bytes::<Manifest>(bytes) {
            Ok(manifest) if manifest.question() == self.question => self.listed(&manifest),
            Ok(_) => self.say(MANIFEST, &"it is that of another question"),
            Err(error) => self.say(MANIFEST, &error),
        }
        shown.files = self.files.len();
    }

    fn listed(&mut self, manifest: &Manifest) {
        let listed: BTreeMap<&str, Hash> =
            manifest.files.iter().map(|file| (file.name.as_str(), file.sha256)).collect();
        for (name, content) in self.files {
            match listed.get(name.as_str()) {
                _ if [MANIFEST, MANIFEST_NOTE].contains(&name.as_str()) => {}
                Some(hash) if *hash == Hash::of(content) => {}
                Some(_) => self.say(name, &"it is another file than the manifest lists"),
                None => self.say(name, &"the manifest does not list it"),
            }
        }
        for name in listed.keys().filter(|name| !self.files.contains_key(**name)) {
            self.say(name, &"the manifest lists it, and it is missing");
        }
        if manifest.files.len() != listed.len() {
            self.say(MANIFEST, &"it lists a file twice");
        }
    }

    /// Each checkpoint by which a later key follows is one of the same log. Whether it is believed, the keys say.
    pub(super) fn chain(&mut self, keys: &Bundle) {
        for (name, bytes) in self.under("chain/") {
            self.known.insert(name.clone());
            let proof = InclusionProof::from_bytes(bytes).ok();
            let proof = proof.filter(|proof| chain_of(proof.index()) == *name && keys.contains_key(&proof.index()));
            let kept = proof.and_then(|proof| proof.checkpoint().text().parse::<Checkpoint>().ok());
            match kept {
                Some(kept) => self.consistent(&consistency_of(kept.size(), self.checkpoint.size()), &kept),
                None => self.say(name, &"it is no proof of an entry on keys in the pack"),
            }
        }
    }

    /// Each reply is a time stamp of the checkpoint. Whether the authority signed it is not looked at.
    pub(super) fn stamps(&mut self, shown: &mut Shown) {
        let imprint = Hash::of(self.checkpoint.to_string().as_bytes());
        let stamps = self.under("stamps/");
        let names: BTreeSet<String> = (1..=stamps.len()).map(stamp_of).collect();
        for (name, bytes) in stamps {
            self.known.insert(name.clone());
            let reply = TimestampReply::from_der(bytes).ok();
            let stamp = reply.as_ref().and_then(TimestampReply::stamp).filter(|stamp| stamp.imprint == imprint);
            match stamp.filter(|_| names.contains(name)) {
                Some(stamp) => shown.stamps.push(stamp.time.clone()),
                None => self.say(name, &"it is no time stamp of the checkpoint"),
            }
        }
    }

    /// There is a receipt for each entry or for none, and each is by the key in the pack.
    pub(super) fn receipts(&mut self, bundle: &Bundle, keys: &Bundle, shown: &mut Shown) {
        if self.under("receipts").is_empty() {
            return;
        }
        let key =
            self.read(RECEIPT_KEY).and_then(|pem| std::str::from_utf8(pem).ok()?.parse::<ReceiptVerifierKey>().ok());
        let Some(key) = key else { return self.say(RECEIPT_KEY, &"it is no key of receipts") };
        for (position, one) in bundle.iter().chain(keys) {
            let name = receipt_of(*position);
            let Some(bytes) = self.read(&name) else { continue };
            match Receipt::from_bytes(bytes) {
                Ok(receipt) => self.receipt(&name, &receipt, (*position, one), &key),
                Err(error) => self.say(&name, &error),
            }
        }
        shown.receipts = Some(key.id());
    }

    fn receipt(&mut self, name: &str, receipt: &Receipt, (position, one): (u64, &Bundled), key: &ReceiptVerifierKey) {
        if !matches!(receipt.proof(), ReceiptProof::Inclusion { index, .. } if *index == position) {
            return self.say(name, &"it is about another entry");
        }
        if let Err(error) = receipt.verify_inclusion(&one.bytes, key, &self.checkpoint) {
            self.say(name, &error);
        }
    }

    /// The entries on keys are all there are, where the ledger's own stream is in the pack.
    pub(super) fn custody(&mut self, keys: &Bundle, shown: &mut Shown) {
        if !self.files.contains_key(CUSTODY) {
            return;
        }
        let Some(bytes) = self.read(CUSTODY) else { return };
        let proof = from_bytes::<CompletenessProof>(bytes).and_then(|proof| Ok((proof.verify(self.keys)?, proof)));
        let (checked, proof) = match proof {
            Ok(both) => both,
            Err(error) => return self.say(CUSTODY, &error),
        };
        self.under_the_checkpoint(CUSTODY, proof.commitment().checkpoint());
        let entries = proof.entries().map(|bytes| Bundled::of(bytes.to_vec()));
        let on_keys: Bundle =
            entries.filter_map(Result::ok).filter(Bundled::is_on_keys).map(|one| (one.entry.position, one)).collect();
        let commitment = Bundled::of(proof.commitment().entry().to_vec()).ok();
        let commitment = commitment.and_then(|one| committed_by(&EntryRow::of(&one.entry)));
        let size = commitment.map_or(0, |commitment| commitment.tree_size);
        let in_pack = keys.range(..size).map(|(_, one)| &one.bytes);
        if proof.stream() != StreamId::Ledger || !on_keys.values().map(|one| &one.bytes).eq(in_pack) {
            self.say(KEYS, &"these are other entries on keys than those of the ledger's own stream");
        }
        shown.absent(checked);
    }
}
