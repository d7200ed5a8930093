//! What a pack without a fault shows, and what it does not, in sentences.

use ofrecord_log::Hash;
use ofrecord_proof::checkpoint::Checkpoint;

use super::super::Question;
use super::Believed;
use crate::certificate::Checked;

/// What was found while a pack was looked at.
#[derive(Debug, Default)]
pub(super) struct Shown {
    proven: Vec<String>,
    pub(super) not_proven: Vec<String>,
    basis: String,
    /// How keys that signed follow from those that were believed.
    followed: Vec<String>,
    /// How many files are in it, where the log vouches for these.
    pub(super) files: usize,
    /// When authorities state that the checkpoint existed.
    pub(super) stamps: Vec<String>,
    /// How many customers a partner's entries name, and how many of them had a relationship with it.
    pub(super) pairs: Option<(usize, usize)>,
    /// The key of the receipts, where there are some.
    pub(super) receipts: Option<Hash>,
    /// How many entries are in it.
    pub(super) entries: usize,
    /// The version of the fold that made the answers.
    pub(super) fold: String,
    /// The sizes of older checkpoints.
    pub(super) since: Vec<u64>,
    /// How many contacts were opened.
    pub(super) contacts: usize,
}

impl Shown {
    pub(super) fn of(checkpoint: &Checkpoint, question: &Question, followed: Vec<String>) -> Self {
        let (size, root) = (question.basis.tree_size, question.basis.root);
        let basis = format!("the first {size} of the {} entries have the root {root}", checkpoint.size());
        Self { basis, followed, ..Self::default() }
    }

    /// What the proof of completeness shows and does not.
    pub(super) fn complete(&mut self, checked: Checked) {
        self.proven.extend(checked.proven);
        self.not_proven.extend(checked.not_proven);
    }

    /// What a proof of absence shows and does not, beside what the one of completeness says.
    pub(super) fn absent(&mut self, checked: Checked) {
        for (sentences, more) in [(&mut self.proven, checked.proven), (&mut self.not_proven, checked.not_proven)] {
            let new: Vec<String> = more.into_iter().filter(|sentence| !sentences.contains(sentence)).collect();
            sentences.extend(new);
        }
    }

    /// What is proven, and what is not.
    pub(super) fn said(self, believed: &Believed) -> (Vec<String>, Vec<String>) {
        let (mut proven, mut not_proven) = (self.proven, self.not_proven);
        if self.files > 0 {
            proven.insert(
                0,
                format!("the pack has {} files, and none was added, changed, renamed or taken out", self.files),
            );
        }
        if !self.followed.is_empty() {
            not_proven.push("that nobody else had the believed key when it vouched for the next one".to_owned());
        }
        proven.extend(self.followed);
        proven.push(format!("the {} entries in the pack are in that log, each where it says", self.entries));
        proven.push(self.basis);
        proven
            .extend(self.since.iter().map(|size| format!("nothing was rewritten since the checkpoint of size {size}")));
        proven.push(format!("the answers follow from the entries by version {} of the fold, byte for byte", self.fold));
        if self.contacts > 0 {
            proven.push(format!("{} contacts open to what was sealed when they were recorded", self.contacts));
        }
        if *believed == Believed::ThePack {
            let identity = "who made it: it was judged by the key that came with it, name the one you know with --key";
            not_proven.insert(0, identity.to_owned());
        }
        if let Some(key) = self.receipts {
            proven.push(format!("each entry has a receipt by the key {key}"));
        }
        not_proven.push(match self.stamps.as_slice() {
            [] => "when anything was recorded: no authority has stamped the checkpoint".to_owned(),
            stamps => {
                let stamps = stamps.join(" and ");
                proven.push(format!("a time stamp says that the checkpoint existed at {stamps}"));
                "that an authority signed the time stamp: `openssl ts -verify` says so, with its certificate".to_owned()
            }
        });
        not_proven.push(match self.pairs {
            None => "that the partners' accounts say nothing more: their entries are not shown to be all".to_owned(),
            Some((named, related)) => {
                proven.push(format!(
                    "of the {named} customers that its entries name, {related} are among the pairs that the ledger says \
                     ever had a reseller relationship with it, and the others are not"
                ));
                "which other customers it had: the list of pairs is sorted by customer and not shown whole".to_owned()
            }
        });
        (proven, not_proven)
    }
}
