//! The one writer and the snapshot reader: submit, ask, replay, rebuild, import, export. The clock lives here.
//!
//! A command takes its hops through these modules: [`submission`] reads it, [`Ledger::submit`] hands it to
//! the writer, the writer loads streams, decides by `ofrecord_core::decide`, appends a block, and answers
//! with a [`Receipt`] once the block is durable. [`Reader`] folds what the log holds and nothing else.

pub mod absence;
pub mod answers;
pub mod certificate;
pub mod clock;
pub mod codec;
pub mod commitment;
pub mod completeness;
pub mod drift;
pub mod entropy;
pub mod evidence;
pub mod impact;
pub mod known;
pub mod reader;
pub mod rebuild;
pub mod receipt;
pub mod redaction;
pub mod replay;
mod rounds;
pub mod sealing;
pub mod signing;
pub mod submission;
pub mod sweep;
pub mod witness;

mod anchored;
mod giving_way;
mod handle;
mod kept;
mod packing;
mod parts;
mod progress;
mod projection;
mod stored_views;
mod stream_record;
mod streams;
mod window;
mod writer;

pub use crate::clock::Clock;
pub use crate::entropy::{Entropy, NoEntropy};
pub use crate::handle::{Ledger, LedgerOptions, Ticket};
pub use crate::progress::Progress;
pub use crate::reader::{Answer, Basis, KnownAt, ReadFailure, Reader, Snapshot};
pub use crate::receipt::{NoReceipt, Receipt, ReceiptOutcome, SubmitError};
pub use crate::stored_views::StoredViews;
pub use crate::stream_record::StreamRecord;
pub use crate::window::Window;
