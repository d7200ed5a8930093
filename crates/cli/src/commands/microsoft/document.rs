//! A document being written: one resource, or a collection item by item, so that it never stands in memory whole.

use std::io::{self, Write};

use ofrecord_interop::write::{Collection, Properties, Shape};
use serde::Serialize;

use crate::failure::Failure;

/// Where a document goes.
pub(super) struct Document<'a> {
    to: &'a mut dyn Write,
    /// What a failed write is called.
    failed: &'a dyn Fn(io::Error) -> Failure,
}

/// A collection whose items are being written.
pub(super) struct Items<'d, 'a> {
    document: &'d mut Document<'a>,
    collection: Collection,
    count: u64,
}

impl<'a> Document<'a> {
    /// A document that goes there.
    pub(super) fn new(to: &'a mut dyn Write, failed: &'a dyn Fn(io::Error) -> Failure) -> Self {
        Self { to, failed }
    }

    /// Writes one resource.
    pub(super) fn resource(&mut self, shape: &Shape) -> Result<u64, Failure> {
        let text = pretty(shape)?;
        self.text(&text)?;
        self.text("\n")?;
        Ok(1)
    }

    /// Begins a collection. How many items there are is known only behind them.
    pub(super) fn begin(&mut self, collection: Collection) -> Result<Items<'_, 'a>, Failure> {
        let ahead = inner(&collection.ahead())?;
        let comma = if ahead.is_empty() { "" } else { "," };
        self.text(&format!("{{{ahead}{comma}\n  \"{}\": [", collection.name_of_items()))?;
        Ok(Items { document: self, collection, count: 0 })
    }

    /// Writes a collection of which all items are there.
    pub(super) fn collection(&mut self, collection: Collection, items: &[Shape]) -> Result<u64, Failure> {
        let mut writing = self.begin(collection)?;
        items.iter().try_for_each(|item| writing.item(item))?;
        writing.end()
    }

    /// Writes a list with nothing around it.
    pub(super) fn list(&mut self, items: &[Shape]) -> Result<u64, Failure> {
        let text = pretty(&items)?;
        self.text(&text)?;
        self.text("\n")?;
        Ok(u64::try_from(items.len()).unwrap_or(u64::MAX))
    }

    fn text(&mut self, text: &str) -> Result<(), Failure> {
        self.to.write_all(text.as_bytes()).map_err(self.failed)
    }
}

impl Items<'_, '_> {
    /// Writes an item.
    pub(super) fn item(&mut self, shape: &Shape) -> Result<(), Failure> {
        let between = if self.count == 0 { "\n    " } else { ",\n    " };
        self.document.text(between)?;
        // Texts in JSON hold no line breaks, so that every line is one of the layout.
        self.document.text(&pretty(shape)?.replace('\n', "\n    "))?;
        self.count += 1;
        Ok(())
    }

    /// Writes what stands behind the items, and gives how many there are.
    pub(super) fn end(self) -> Result<u64, Failure> {
        let close = if self.count == 0 { "]" } else { "\n  ]" };
        let behind = inner(&self.collection.behind(self.count))?;
        let comma = if behind.is_empty() { "" } else { "," };
        self.document.text(&format!("{close}{comma}{behind}\n}}\n"))?;
        Ok(self.count)
    }
}

/// The lines of an object without its braces, each line begun by its break; nothing where there is no property.
fn inner(properties: &Properties) -> Result<String, Failure> {
    if properties.is_empty() {
        return Ok(String::new());
    }
    let text = pretty(properties)?;
    let text = text.strip_prefix('{').and_then(|text| text.strip_suffix("\n}")).unwrap_or(&text);
    Ok(text.to_owned())
}

fn pretty<T: Serialize>(value: &T) -> Result<String, Failure> {
    serde_json::to_string_pretty(value).map_err(|error| Failure::Output(error.into()))
}
