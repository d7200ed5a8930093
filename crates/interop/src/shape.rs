//! Recognises what a record is, by its properties.

use crate::document::Page;
use crate::json::Object;
use crate::reading::Severity;
use crate::scribe::Scribe;

/// Reads a record of any shape.
pub(crate) fn read(_record: &Object, _page: &Page, scribe: &mut Scribe<'_>) {
    scribe.whole(Severity::Bad, "not a record of Partner Center or Microsoft Graph that is known here");
}
