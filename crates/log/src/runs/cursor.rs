//! Going through the rows of runs in the order of their keys.

use std::sync::Arc;

use super::file::take_row;
use super::{Run, RunError, Values};

/// A place among the rows of one run.
#[derive(Debug)]
pub(super) struct Cursor {
    run: Arc<Run>,
    next_block: usize,
    block: Vec<u8>,
    /// Where the row after the present one begins in the block.
    after: usize,
    key: Vec<u8>,
    value: std::ops::Range<usize>,
    ended: bool,
}

impl Cursor {
    /// The first row whose key is not below this one.
    pub(super) fn at(run: Arc<Run>, key: &[u8]) -> Result<Self, RunError> {
        let next_block = run.file.block_of(key);
        let mut cursor =
            Self { run, next_block, block: Vec::new(), after: 0, key: Vec::new(), value: 0..0, ended: false };
        cursor.advance()?;
        while cursor.key().is_some_and(|at| at < key) {
            cursor.advance()?;
        }
        Ok(cursor)
    }

    /// The present row's key; none behind the last.
    pub(super) fn key(&self) -> Option<&[u8]> {
        (!self.ended).then_some(&self.key)
    }

    /// The present row's value.
    pub(super) fn value(&self) -> &[u8] {
        self.block.get(self.value.clone()).unwrap_or_default()
    }

    /// Goes to the next row.
    pub(super) fn advance(&mut self) -> Result<(), RunError> {
        if self.after >= self.block.len() {
            let Some(block) = self.run.file.block(self.next_block)? else {
                self.ended = true;
                return Ok(());
            };
            self.block = block;
            self.after = 0;
            self.next_block += 1;
            self.key.clear();
        }
        let mut rest = self.block.get(self.after..).unwrap_or_default();
        let value = take_row(&mut rest, &mut self.key).ok_or_else(|| self.run.file.damaged())?;
        self.after = self.block.len() - rest.len();
        self.value = self.after - value.len()..self.after;
        Ok(())
    }
}

/// The rows of several runs, sorted by key and, where several have a key, from the oldest run on.
#[derive(Debug)]
pub(crate) struct Sorted {
    /// The oldest first.
    cursors: Vec<Cursor>,
}

impl Sorted {
    pub(super) fn of(runs: &[Arc<Run>], from: &[u8]) -> Result<Self, RunError> {
        let cursors = runs.iter().map(|run| Cursor::at(Arc::clone(run), from)).collect::<Result<_, _>>()?;
        Ok(Self { cursors })
    }

    /// The key that is next.
    pub(crate) fn peek(&self) -> Option<&[u8]> {
        self.cursors.iter().filter_map(Cursor::key).min()
    }

    /// The next key, without what the runs have for it.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn skip_key(&mut self) -> Result<Option<Vec<u8>>, RunError> {
        self.pass_key(|_| ())
    }

    /// The next key, and what the runs have for it, the oldest first.
    ///
    /// # Errors
    /// [`RunError`].
    pub(crate) fn next_key(&mut self) -> Result<Option<(Vec<u8>, Values)>, RunError> {
        let mut values = Vec::new();
        let key = self.pass_key(|value| values.push(value.to_vec()))?;
        Ok(key.map(|key| (key, values)))
    }

    fn pass_key(&mut self, mut each: impl FnMut(&[u8])) -> Result<Option<Vec<u8>>, RunError> {
        let Some(key) = self.peek().map(<[u8]>::to_vec) else { return Ok(None) };
        for cursor in &mut self.cursors {
            if cursor.key() == Some(key.as_slice()) {
                each(cursor.value());
                cursor.advance()?;
            }
        }
        Ok(Some(key))
    }
}
