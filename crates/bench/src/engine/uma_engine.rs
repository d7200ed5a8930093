//! The core of UmaDB, embedded: one commit for each batch, each event on the condition that its version is free.

use std::path::Path;

use umadb_core::db::UmaDb;
use umadb_dcb::{DcbAppendCondition, DcbEvent, DcbEventStoreSync as _, DcbQuery, DcbQueryItem};

use super::Engine;
use crate::RaceError;
use crate::record::Record;

/// The engine's name in errors.
const NAME: &str = "umadb";
/// Events in one read.
const PAGE: u32 = 4_096;

/// A store of events.
pub(crate) struct UmaEngine {
    store: UmaDb,
}

impl UmaEngine {
    /// A new store in a folder.
    pub(crate) fn create(folder: &Path) -> Result<Self, RaceError> {
        let store = UmaDb::new(folder).map_err(|error| RaceError::of(NAME)(&error))?;
        Ok(Self { store })
    }
}

impl Engine for UmaEngine {
    fn append(&mut self, batch: &[Record]) -> Result<(), RaceError> {
        let items = batch.iter().map(|record| {
            let tag = format!("{}/{}", record.stream, record.version);
            let item = DcbQueryItem { types: Vec::new(), tags: vec![tag.clone()] };
            let event = DcbEvent {
                event_type: "decision".to_owned(),
                tags: vec![tag],
                data: record.bytes.clone(),
                uuid: Some(record.id),
                ..DcbEvent::default()
            };
            (vec![event], Some(DcbAppendCondition::new(DcbQuery { items: vec![item] })), None)
        });
        let stored = self.store.append_batch(items.collect()).map_err(|error| RaceError::of(NAME)(&error))?;
        for outcome in stored {
            outcome.map_err(|error| RaceError::of(NAME)(&error))?;
        }
        Ok(())
    }

    fn scan(&mut self, each: &mut dyn FnMut(&[u8])) -> Result<u64, RaceError> {
        let (mut from, mut count) = (None, 0);
        loop {
            let page = self.store.read(None, from, false, Some(PAGE)).map_err(|error| RaceError::of(NAME)(&error))?;
            let mut last = None;
            for event in page {
                let event = event.map_err(|error| RaceError::of(NAME)(&error))?;
                each(&event.event.data);
                last = Some(event.position);
                count += 1;
            }
            let Some(last) = last else { return Ok(count) };
            from = Some(last + 1);
        }
    }
}
