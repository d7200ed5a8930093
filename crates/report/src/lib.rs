//! Answers as documents: Markdown, one self-contained HTML page, and pictures of lanes over time as SVG.
//!
//! A [`Report`] takes the [`Dossier`](ofrecord_views::Dossier) that the views
//! gave and says it; it asks no question, opens nothing and reads no clock.
//! The same dossier gives the same bytes.
//!
//! One table lists the sections of a document, another the rows of a picture.
//! Both forms of a document are written from the same blocks, so that neither
//! says more than the other, and whatever is said beside a position is listed
//! in the appendix because it was said.

mod document;
mod html;
pub mod instant;
mod markdown;
mod names;
mod palette;
pub mod picture;
mod report;
mod sections;
pub mod visible;
mod words;

pub use crate::html::style;
pub use crate::report::{Basis, Entries, ListedEntry, Part, Parts, Report, ReportJson};
