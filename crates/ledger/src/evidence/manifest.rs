//! The manifest of a pack: every other file by name and hash, and the note by which the log vouches for it.

use ofrecord_core::Timestamp;
use ofrecord_log::Hash;
use ofrecord_proof::certificate::{Certificate, CertificateError};
use ofrecord_proof::note::SignedNote;
use serde::{Deserialize, Serialize};

use super::archive::Files;
use super::{About, Format, MANIFEST, MANIFEST_NOTE, Question};
use crate::certificate::to_bytes;
use crate::reader::Basis;

/// What the manifest and its certificate call themselves.
pub(super) const KIND: &str = "evidence pack v2";
/// The same in packs for whose manifest nothing vouches.
const FIRST_KIND: &str = "evidence pack v1";

/// A file as the manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) name: String,
    pub(super) sha256: Hash,
}

/// The manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Manifest {
    as_of: Timestamp,
    basis: Basis,
    #[serde(flatten)]
    about: About,
    /// Every file but the manifest and its note, by name.
    pub(super) files: Vec<Listed>,
    kind: String,
}

impl Manifest {
    /// That of these files.
    pub(super) fn of(question: &Question, files: &Files) -> Self {
        let Question { as_of, basis, about } = question.clone();
        let listed = files.iter().filter(|(name, _)| ![MANIFEST, MANIFEST_NOTE].contains(&name.as_str()));
        let files = listed.map(|(name, content)| Listed { name: name.clone(), sha256: Hash::of(content) }).collect();
        Self { as_of, basis, about, files, kind: KIND.to_owned() }
    }

    /// Its one spelling.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    /// What is asked, as far as it says so.
    pub(super) fn question(&self) -> Question {
        Question { as_of: self.as_of, basis: self.basis.clone(), about: self.about }
    }
}

/// What says in which version of the format a pack is.
#[derive(Deserialize)]
struct Heading {
    kind: String,
}

/// The version of the format, as the manifest says: the newest, unless it says that it is an older one.
pub(super) fn format_of(files: &Files) -> Format {
    let heading = files.get(MANIFEST).and_then(|bytes| serde_json::from_slice::<Heading>(bytes).ok());
    if heading.is_some_and(|heading| heading.kind == FIRST_KIND) { Format::First } else { Format::Second }
}

/// What the log signs of the files of a pack: the hash of their manifest, by the entries that the answers rest on.
///
/// # Errors
/// [`CertificateError`] for files without a manifest, and where the origin cannot be written.
pub fn manifest_certificate(files: &Files) -> Result<Certificate, CertificateError> {
    let bytes = files.get(MANIFEST).map(Vec::as_slice).unwrap_or_default();
    let Manifest { basis, .. } = serde_json::from_slice(bytes).map_err(|_| CertificateError::Body)?;
    Certificate::new(KIND, &basis.origin, (basis.tree_size, basis.root), Hash::of(bytes))
}

/// The files of a pack with the note by which the log vouches for their manifest.
#[must_use]
pub fn vouched(mut files: Files, note: &SignedNote) -> Files {
    files.insert(MANIFEST_NOTE.to_owned(), note.to_string().into_bytes());
    files
}
