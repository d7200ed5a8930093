//! Every rule in this build's scope: id, sentence, how it is kept, and the test that shows it.

pub mod granular;
pub mod ledger;
pub mod relationship;
pub mod subscription;
pub mod transfer;

/// How a rule is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Commands are refused on the grounds with this rule id.
    Refuses,
    /// It holds of every history; a property test shows it.
    Holds,
    /// A ledger cannot decide it; the reason says why.
    NotDecidable(&'static str),
    /// It is not kept in this build; what it needs first.
    Later(&'static str),
}

/// A rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Its id, by which refusals and findings name it.
    pub id: &'static str,
    /// What it says.
    pub sentence: &'static str,
    /// How it is kept.
    pub kept: Kept,
    /// Name of the test function that shows it; empty when it cannot be decided.
    pub test: &'static str,
}

/// All rules, in the order of the reference.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    relationship::RULES
        .iter()
        .chain(granular::RULES)
        .chain(subscription::RULES)
        .chain(transfer::RULES)
        .chain(ledger::RULES)
}

/// A rule that refuses commands.
const fn refuses(id: &'static str, test: &'static str, sentence: &'static str) -> Rule {
    Rule { id, sentence, kept: Kept::Refuses, test }
}

/// A rule that holds of every history.
const fn holds(id: &'static str, test: &'static str, sentence: &'static str) -> Rule {
    Rule { id, sentence, kept: Kept::Holds, test }
}
