//! The certificate of a replay, a rebuild or a verification: what was gone through, what was counted, and what was found.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::PolicyRef;
use ofrecord_log::LogReader;
use ofrecord_proof::commitment::Commitment;
use ofrecord_views::FOLD_VERSION;
use serde::{Deserialize, Serialize};

use super::signed::{Body, Judgement};
use super::{Kind, NotHolding};
use crate::commitment::{CommitError, StateCommitment, commitment_at};
use crate::progress::Progress;
use crate::reader::Basis;

/// What a run came to, whatever it was about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RunFigures {
    /// The policies that were applied.
    pub policies: BTreeSet<PolicyRef>,
    /// Numbers by name: what was counted, and where it began where it did not begin with the first entry.
    pub figures: BTreeMap<&'static str, u64>,
    /// What is wrong, without anything of the machine.
    pub problems: Vec<String>,
}

/// What is certified of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunBody {
    kind: Kind,
    /// The entries up to which it went.
    basis: Basis,
    /// The program and its version.
    build: String,
    /// The version of the fold.
    fold: String,
    /// The policies that were applied, in the order of cloud and version.
    policies: BTreeSet<PolicyRef>,
    /// Numbers by name.
    figures: BTreeMap<String, u64>,
    /// What is wrong.
    problems: Vec<String>,
    /// What the entries fold to, as in a commitment to the state of all streams.
    state: Folded,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Folded {
    streams: Commitment,
    relationships: Commitment,
}

impl RunBody {
    /// What is certified of a run of this kind over the entries of the basis, which are folded once more.
    ///
    /// # Errors
    /// What folding gives.
    pub fn of(
        kind: Kind,
        basis: &Basis,
        run: RunFigures,
        log: &dyn LogReader,
        progress: &dyn Progress,
    ) -> Result<Self, CommitError> {
        let StateCommitment { streams, relationships, .. } = commitment_at(log, basis.tree_size, progress)?;
        Ok(Self {
            kind,
            basis: basis.clone(),
            build: concat!("ofrecord ", env!("CARGO_PKG_VERSION")).to_owned(),
            fold: FOLD_VERSION.to_owned(),
            policies: run.policies,
            figures: run.figures.into_iter().map(|(name, figure)| (name.to_owned(), figure)).collect(),
            problems: run.problems,
            state: Folded { streams, relationships },
        })
    }

    fn command(&self) -> &'static str {
        match self.kind {
            Kind::Replay => "`ofrecord replay`",
            Kind::Rebuild => "`ofrecord rebuild`",
            Kind::Verification => "`ofrecord verify`",
            Kind::Completeness | Kind::Absence | Kind::FourLines | Kind::AllFourLines => "",
        }
    }
}

impl Body for RunBody {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn is_of_its_kind(&self) -> bool {
        matches!(self.kind, Kind::Replay | Kind::Rebuild | Kind::Verification)
    }

    fn basis(&self) -> &Basis {
        &self.basis
    }

    fn judge(&self) -> Result<Judgement, NotHolding> {
        let figures: Vec<String> =
            self.figures.iter().map(|(name, figure)| format!("{} {figure}", name.replace('_', " "))).collect();
        let found = if self.problems.is_empty() { "nothing wrong" } else { "something wrong" };
        Ok(Judgement {
            found: self.problems.clone(),
            proven: vec![format!("it says that {} found {found}: {}", self.command(), figures.join(", "))],
            again: format!("{} with {}", self.command(), self.build),
        })
    }
}
