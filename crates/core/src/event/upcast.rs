//! Events that were once stored in another form: every older version, and its step to the next, so that the folds know the newest alone.
//!
//! A stored event carries its `version` from the second on; one without it is of the first. An older
//! version is a struct of its own here, is never changed again and is read forever: its fields go through
//! every step up to the newest. Only a command that states an older version is written with it again.

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::partner_of_record::{SupportContact, SupportContactChanged};
use crate::id::{PartnerTenantId, SubscriptionId};

mod stored;

pub use self::stored::{UnknownVersion, has_older, names_versioned, newest_in, raise, restate, unknown_in};

/// The field that holds a version.
const VERSION: &str = "version";
/// The version of an event that states none.
const FIRST: u64 = 1;

/// Its support contact changed, as it was stored first: the partner alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SupportContactChangedV1 {
    /// The subscription.
    pub subscription: SubscriptionId,
    /// The partner who supports it; none when the entry was cleared (rule M-9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partner: Option<PartnerTenantId>,
}

impl Upcast for SupportContactChangedV1 {
    type Next = SupportContactChanged;

    fn upcast(self) -> SupportContactChanged {
        let contact = self.partner.map(|partner| SupportContact { partner, partner_id: None, name: None });
        SupportContactChanged { subscription: self.subscription, contact }
    }
}

static SUPPORT_CONTACT_CHANGED: Versions = Versions {
    event: "SupportContactChanged",
    older: &[Older::of::<SupportContactChangedV1>("SupportContactChangedV1")],
};

impl Versioned for SupportContactChanged {
    const VERSIONS: &'static Versions = &SUPPORT_CONTACT_CHANGED;
}

/// Every event that has more than one version.
pub static VERSIONS: &[&Versions] = &[&SUPPORT_CONTACT_CHANGED];

/// The version in which an event of this name is written.
#[must_use]
pub fn newest(event: &str) -> u64 {
    versions_of(event).map_or(FIRST, Versions::newest)
}

fn versions_of(event: &str) -> Option<&'static Versions> {
    VERSIONS.iter().copied().find(|versions| versions.event == event)
}

/// The versions of one event.
#[derive(Debug)]
pub struct Versions {
    /// Its name.
    pub event: &'static str,
    /// The versions that are no longer written, from the first on, none left out.
    pub older: &'static [Older],
}

/// A version that is no longer written.
#[derive(Debug)]
pub struct Older {
    /// The name of its struct.
    pub name: &'static str,
    /// Brings its fields into the one form in which they were stored.
    stored: Step,
    /// Takes its fields to those of the next version.
    next: Step,
}

type Step = fn(Value) -> serde_json::Result<Value>;

/// The step from a version to the next. It must be total: whatever the older version can say, the next can say too.
trait Upcast: Serialize + DeserializeOwned {
    /// The next version.
    type Next: Serialize;

    /// The same fact in the next version.
    fn upcast(self) -> Self::Next;
}

/// The newest version of an event that has older ones; its fields, without the number.
pub(super) trait Versioned: Serialize + DeserializeOwned {
    /// All of its versions.
    const VERSIONS: &'static Versions;
}

impl Older {
    const fn of<E: Upcast>(name: &'static str) -> Self {
        Self {
            name,
            stored: |fields| serde_json::to_value(serde_json::from_value::<E>(fields)?),
            next: |fields| serde_json::to_value(serde_json::from_value::<E>(fields)?.upcast()),
        }
    }
}

impl Versions {
    /// The version that is written.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.older.iter().fold(FIRST, |version, _| version + 1)
    }

    /// The older versions from this one on, none for the newest; an error for one that is not known.
    fn from(&self, version: u64) -> Result<&'static [Older], UnknownVersion> {
        let passed = usize::try_from(version.saturating_sub(FIRST)).unwrap_or(usize::MAX);
        self.older.get(passed..).ok_or(UnknownVersion { event: self.event, version, newest: self.newest() })
    }
}

/// Writes the newest version, with its number.
pub(super) fn serialize<E: Versioned, S: Serializer>(event: &E, serializer: S) -> Result<S::Ok, S::Error> {
    let mut fields = serde_json::to_value(event).map_err(S::Error::custom)?;
    if let Some(fields) = fields.as_object_mut() {
        fields.insert(VERSION.to_owned(), E::VERSIONS.newest().into());
    }
    fields.serialize(serializer)
}

/// Reads any version ever written, and takes it up to the newest.
pub(super) fn deserialize<'de, E: Versioned, D: Deserializer<'de>>(deserializer: D) -> Result<E, D::Error> {
    let mut fields = Map::deserialize(deserializer)?;
    let stated = fields.remove(VERSION);
    let version = stated_version(stated.as_ref()).ok_or_else(|| D::Error::custom("`version` is a number from 2 on"))?;
    let steps = E::VERSIONS.from(version).map_err(D::Error::custom)?;
    let newest = steps.iter().try_fold(Value::Object(fields), |fields, older| (older.next)(fields));
    newest.and_then(serde_json::from_value).map_err(D::Error::custom)
}

/// The version that an event states; none when what stands there is not one.
fn stated_version(stated: Option<&Value>) -> Option<u64> {
    match stated {
        None => Some(FIRST),
        Some(stated) => stated.as_u64().filter(|version| *version > FIRST),
    }
}
