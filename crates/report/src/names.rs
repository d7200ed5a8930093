//! What partners and subscriptions are called in a document: a name where one is known, told apart where two share it.

use std::collections::{BTreeMap, BTreeSet};

use ofrecord_core::{GdapRelationshipId, PartnerId, PartnerTenantId, SubscriptionId};
use ofrecord_views::Dossier;

use crate::document::{Phrase, Piece, said};

/// The names of a dossier.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    partners: BTreeMap<PartnerTenantId, String>,
    subscriptions: BTreeMap<SubscriptionId, String>,
    granular: BTreeMap<GdapRelationshipId, String>,
    partner_ids: BTreeMap<PartnerId, String>,
}

/// Characters of a GUID in text, and of the two that a granular relationship is called by.
const GUID_LENGTH: usize = 36;
const RELATIONSHIP_LENGTH: usize = 2 * GUID_LENGTH + 1;
/// Characters of an instant in text.
const INSTANT_LENGTH: usize = "2018-06-01T00:00:00.0000000Z".len();

impl Names {
    /// The names that a dossier knows.
    pub(crate) fn of(dossier: &Dossier) -> Self {
        let mut shared: BTreeMap<&str, usize> = BTreeMap::new();
        for name in dossier.accounts.iter().filter_map(|row| row.name.as_deref()) {
            *shared.entry(name).or_default() += 1;
        }
        let short = short_ids(dossier.accounts.iter().map(|row| row.partner.to_string()));
        let partners = dossier.accounts.iter().map(|row| {
            let id = row.partner.to_string();
            let short = short.get(&id).unwrap_or(&id);
            let name = match row.name.as_deref() {
                Some(name) if shared.get(name) == Some(&1) => name.to_owned(),
                Some(name) => format!("{name} ({short})"),
                None => format!("partner {short}"),
            };
            (row.partner, name)
        });
        let short = short_ids(dossier.subscriptions.iter().map(|row| row.subscription.to_string()));
        let subscriptions = dossier.subscriptions.iter().map(|row| {
            let id = row.subscription.to_string();
            let short = short.get(&id).unwrap_or(&id);
            let name = row.friendly_name.as_ref().or(row.product_name.as_ref());
            (row.subscription, format!("{} ({short})", name.map_or("subscription", String::as_str)))
        });
        let granular = dossier.granular.iter().map(|row| {
            let id = row.relationship.to_string();
            let short = shortened(&id);
            (row.relationship.clone(), format!("{} ({short})", row.display_name.as_deref().unwrap_or("relationship")))
        });
        let partners: BTreeMap<PartnerTenantId, String> = partners.collect();
        let partner_ids = dossier.accounts.iter().filter_map(|row| {
            let name = partners.get(&row.partner).filter(|_| row.name.is_some())?;
            Some((row.partner_id.clone()?, name.clone()))
        });
        Self {
            partner_ids: partner_ids.collect(),
            partners,
            subscriptions: subscriptions.collect(),
            granular: granular.collect(),
        }
    }

    /// A partner as it is called.
    pub(crate) fn partner(&self, id: PartnerTenantId) -> Phrase {
        match self.partners.get(&id) {
            Some(name) => Piece::Name(name.clone()).into(),
            None => Piece::Code(id.to_string()).into(),
        }
    }

    /// A subscription as it is called.
    pub(crate) fn subscription(&self, id: SubscriptionId) -> Phrase {
        match self.subscriptions.get(&id) {
            Some(name) => said![Piece::Place(subscription_anchor(id), name.clone())],
            None => Piece::Code(id.to_string()).into(),
        }
    }

    /// A granular relationship as it is called.
    pub(crate) fn granular(&self, id: &GdapRelationshipId) -> Phrase {
        match self.granular.get(id) {
            Some(name) => said![Piece::Place(granular_anchor(id), name.clone())],
            None => Piece::Code(id.to_string()).into(),
        }
    }

    /// A partner ID, and whose it is, where that is known.
    pub(crate) fn partner_id(&self, id: &PartnerId) -> Phrase {
        let code = Piece::Code(id.to_string());
        match self.partner_ids.get(id) {
            Some(name) => said![code, " (", Piece::Name(name.clone()), ")"],
            None => code.into(),
        }
    }

    /// A sentence of the views with names for ids and with instants as people read them.
    ///
    /// Only whole words are replaced: an id within a scope or an address belongs to it.
    pub(crate) fn sentence(&self, text: &str) -> Phrase {
        let mut phrase = Phrase::default();
        let mut words = String::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let begins = words.chars().next_back().is_none_or(|before| !is_of_word(before));
            let found = if begins { self.piece_at(rest) } else { None };
            let length = found.as_ref().map_or(first.len_utf8(), |(_, length)| *length);
            let (read, after) = rest.split_at(length);
            match found {
                Some((piece, _)) => phrase = phrase.then(std::mem::take(&mut words)).then(piece),
                None => words.push_str(read),
            }
            rest = after;
        }
        phrase.then(words).without_empty()
    }

    /// The id or instant that a text begins with, and how long it is there.
    fn piece_at(&self, text: &str) -> Option<(Phrase, usize)> {
        let word = |length: usize| {
            let ends = text.get(length..)?.chars().next().is_none_or(|after| !is_of_word(after));
            text.get(..length).filter(|_| ends)
        };
        if let Some(at) = word(INSTANT_LENGTH).filter(|word| word.ends_with('Z'))
            && let Ok(at) = at.parse::<ofrecord_core::Timestamp>()
        {
            return Some((at.into(), INSTANT_LENGTH));
        }
        if let Some(id) = word(RELATIONSHIP_LENGTH).and_then(|word| word.parse().ok())
            && self.granular.contains_key(&id)
        {
            return Some((self.granular(&id), RELATIONSHIP_LENGTH));
        }
        let id = word(GUID_LENGTH).filter(|word| word.as_bytes().get(8) == Some(&b'-'))?;
        let partner = id.parse().ok().filter(|id| self.partners.contains_key(id)).map(|id| self.partner(id));
        let subscription = || {
            let id = id.parse().ok().filter(|id| self.subscriptions.contains_key(id));
            id.map(|id| self.subscription(id))
        };
        Some((partner.or_else(subscription)?, GUID_LENGTH))
    }
}

/// The anchor of a granular relationship's own part.
pub(crate) fn granular_anchor(id: &GdapRelationshipId) -> String {
    format!("granular-{id}")
}

/// Whether a character joins an id to what is beside it.
fn is_of_word(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '-' | '_' | '/' | '@' | '\\')
}

/// The anchor of a subscription's own part.
pub(crate) fn subscription_anchor(id: SubscriptionId) -> String {
    format!("subscription-{id}")
}

/// Each id with its first eight and last four digits, or whole where two would look the same.
fn short_ids(ids: impl Iterator<Item = String>) -> BTreeMap<String, String> {
    let ids: BTreeSet<String> = ids.collect();
    let short = shortened;
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    ids.iter().for_each(|id| *seen.entry(short(id)).or_default() += 1);
    let alone = |id: &String| seen.get(&short(id)) == Some(&1);
    ids.iter().map(|id| (id.clone(), if alone(id) { short(id) } else { id.clone() })).collect()
}

/// The first eight and the last four digits of an id.
fn shortened(id: &str) -> String {
    let last = id.len().checked_sub(4).and_then(|from| id.get(from..)).unwrap_or_default();
    format!("{}…{last}", id.get(..8).unwrap_or(id))
}

#[cfg(test)]
mod tests;
