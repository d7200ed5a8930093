//! Where an entry stands in a tree, with what the script of the page needs to follow the proof.

use maud::{Markup, html};
use ofrecord_log::Hash;

use super::hash;
use super::words;
use crate::asked::Asked;
use crate::console::said;
use crate::problem::Problem;
use crate::shared::Shared;

/// Where an entry stands.
pub(super) struct Standing {
    /// Its position.
    pub(super) position: u64,
    tree_size: u64,
    root: Hash,
    leaf_hash: Hash,
    /// The hashes beside the way from the leaf to the root, the lowest first (RFC 9162, section 2.1.3).
    inclusion: Vec<Hash>,
}

impl Standing {
    /// In the tree of a size; without one, in the present tree.
    pub(super) fn of(shared: &Shared, asked: &Asked) -> Result<Self, Problem> {
        let log = shared.reader.log();
        let position: u64 = asked.needed("position")?;
        let size = log.tree_size();
        let tree_size = asked.read("tree_size")?.unwrap_or(size);
        if tree_size > size {
            return Err(Problem::malformed("tree_size", &format_args!("the log has {size} entries")));
        }
        if position >= tree_size {
            return Err(Problem::not_found(&format!("there is no entry {position} in the tree of {tree_size}")));
        }
        Ok(Self {
            position,
            tree_size,
            root: log.root_at(tree_size)?,
            leaf_hash: log.leaf_hash(position)?,
            inclusion: log.inclusion_proof(position, tree_size)?,
        })
    }

    /// The proof, and what became of checking it; `bytes` says how many of the entry stand on the page.
    pub(super) fn said(&self, bytes: Option<usize>) -> Markup {
        let standing = said::pairs(
            words::PROOF_CAPTION,
            &[
                ("leaf hash", Some(hash(&self.leaf_hash))),
                ("tree size", Some(html! { (self.tree_size) })),
                ("root", Some(hash(&self.root))),
            ],
        );
        let holds = if bytes.is_some() { words::HOLDS_WITH_BYTES } else { words::HOLDS };
        html! {
            (standing)
            div data-proof data-position=(self.position) data-size=(self.tree_size) data-leaf=(self.leaf_hash)
                data-root=(self.root) {
                div role="status" class="checked" {
                    p data-outcome="unchecked" { (words::UNCHECKED) }
                    p data-outcome="holds" hidden { strong { (words::HOLDS_IN_SHORT) } " " (holds) }
                    p data-outcome="fails" hidden { strong { (words::FAILS) } }
                    p data-outcome="without" hidden { (words::WITHOUT_CRYPTO) }
                }
                p { (said::counted(self.inclusion.len(), "hash leads", "hashes lead")) " " (words::PATH) }
                @if !self.inclusion.is_empty() {
                    ol class="path" { @for one in &self.inclusion { li { (hash(one)) } } }
                }
            }
            p { a href=(format!("/v1/entries/{}?tree_size={}", self.position, self.tree_size)) { (words::AS_JSON) } }
        }
    }
}
