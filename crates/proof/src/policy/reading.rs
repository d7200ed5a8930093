//! Reading a policy line by line: what has been defined so far, and what a further line may refer to.

use std::collections::BTreeMap;

use super::{DEFINITIONS_MAX, LineProblem, Party, Policy, PolicyError};
use crate::note::{Algorithm, VerifierKey};
use crate::spelling;

/// The name that stands for no witness at all.
const NONE: &str = "none";

/// What the lines so far define.
#[derive(Debug, Default)]
pub(super) struct Reading<'text> {
    logs: Vec<VerifierKey>,
    parties: Vec<Party>,
    /// Names, and whether something refers to them as a member.
    names: BTreeMap<&'text str, Membership>,
    quorum: Option<&'text str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Membership {
    Free,
    Member,
}

impl<'text> Reading<'text> {
    /// Takes a line, without its line feed.
    pub(super) fn line(&mut self, line: &'text str) -> Result<(), LineProblem> {
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        match words.as_slice() {
            [] => Ok(()),
            [first, ..] if first.starts_with('#') => Ok(()),
            ["log", key] | ["log", key, _] => self.log(key),
            ["witness", name, key] | ["witness", name, key, _] => self.witness(name, key),
            ["group", name, threshold, members @ ..] => self.group(name, threshold, members),
            ["quorum", name] => self.quorum(name),
            [..] => Err(LineProblem::Form),
        }
    }

    /// The policy that the lines of a text make.
    pub(super) fn finish(self, text: &str) -> Result<Policy, PolicyError> {
        let quorum = self.quorum.ok_or(PolicyError::NoQuorum)?;
        let witnesses = self.witness_keys().cloned().collect::<Vec<_>>();
        Ok(Policy {
            text: text.to_owned(),
            keys: self.logs.into_iter().chain(witnesses).collect(),
            parties: self.parties,
            quorum: (quorum != NONE).then(|| quorum.to_owned()),
        })
    }

    fn log(&mut self, key: &str) -> Result<(), LineProblem> {
        let key: VerifierKey = key.parse()?;
        match key.algorithm() {
            Algorithm::Note | Algorithm::Other(_) => {}
            algorithm @ Algorithm::Cosignature => return Err(LineProblem::Algorithm { algorithm }),
        }
        if self.logs.iter().any(|known| known.public_bytes() == key.public_bytes()) {
            return Err(LineProblem::RepeatedKey);
        }
        self.check_room()?;
        self.logs.push(key);
        Ok(())
    }

    fn witness(&mut self, name: &'text str, key: &str) -> Result<(), LineProblem> {
        let key: VerifierKey = key.parse()?;
        match key.algorithm() {
            Algorithm::Cosignature | Algorithm::Other(_) => {}
            algorithm @ Algorithm::Note => return Err(LineProblem::Algorithm { algorithm }),
        }
        if self.witness_keys().any(|known| known.public_bytes() == key.public_bytes()) {
            return Err(LineProblem::RepeatedKey);
        }
        self.define(name, Party::Witness { name: name.to_owned(), key })
    }

    fn group(&mut self, name: &'text str, threshold: &str, members: &[&'text str]) -> Result<(), LineProblem> {
        let threshold = match threshold {
            "any" => Some(1),
            "all" => Some(members.len()),
            number => spelling::number(number).and_then(|number| usize::try_from(number).ok()),
        };
        let possible = threshold.filter(|threshold| (1..=members.len()).contains(threshold));
        let threshold = possible.ok_or(LineProblem::Threshold)?;
        for member in members {
            match self.names.get_mut(member) {
                None => return Err(LineProblem::Undefined { name: (*member).to_owned() }),
                Some(Membership::Member) => return Err(LineProblem::Member { name: (*member).to_owned() }),
                Some(membership @ Membership::Free) => *membership = Membership::Member,
            }
        }
        let members = members.iter().map(|member| (*member).to_owned()).collect();
        self.define(name, Party::Group { name: name.to_owned(), threshold, members })
    }

    fn quorum(&mut self, name: &'text str) -> Result<(), LineProblem> {
        if self.quorum.is_some() {
            return Err(LineProblem::SecondQuorum);
        }
        if name != NONE && !self.names.contains_key(name) {
            return Err(LineProblem::Undefined { name: name.to_owned() });
        }
        self.quorum = Some(name);
        Ok(())
    }

    fn define(&mut self, name: &'text str, party: Party) -> Result<(), LineProblem> {
        self.check_room()?;
        if name == NONE || self.names.insert(name, Membership::Free).is_some() {
            return Err(LineProblem::Name { name: name.to_owned() });
        }
        self.parties.push(party);
        Ok(())
    }

    fn check_room(&self) -> Result<(), LineProblem> {
        if self.logs.len() + self.parties.len() < DEFINITIONS_MAX { Ok(()) } else { Err(LineProblem::TooMany) }
    }

    fn witness_keys(&self) -> impl Iterator<Item = &VerifierKey> {
        self.parties.iter().filter_map(|party| match party {
            Party::Witness { key, .. } => Some(key),
            Party::Group { .. } => None,
        })
    }
}
