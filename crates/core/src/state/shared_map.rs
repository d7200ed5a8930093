//! A sorted map that its clones share, in chunks, until one of them changes.

use std::borrow::Borrow;
use std::fmt;
use std::ops::{Index, IndexMut as _};
use std::slice;
use std::sync::Arc;

/// Most entries of one chunk; one that grows beyond is split in halves.
const CHUNK_ENTRIES_MAX: usize = 64;

/// Some neighbouring entries in the order of their keys; never empty.
type Chunk<K, V> = Vec<(K, Arc<V>)>;

/// A sorted map of large values.
///
/// A clone shares everything and costs one count for each chunk. Whoever changes a key afterwards copies that key's
/// chunk and its value, and nothing else: the state before an event and the state after it differ in what the event
/// touched, comparing them looks at no more, and states kept along a history hold no more than what happened between them.
#[derive(Clone)]
pub struct SharedMap<K, V> {
    chunks: Vec<Arc<Chunk<K, V>>>,
    len: usize,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<K: fmt::Debug + Ord, V: fmt::Debug> fmt::Debug for SharedMap<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self).finish()
    }
}

impl<K: Eq, V: Eq> PartialEq for SharedMap<K, V> {
    fn eq(&self, other: &Self) -> bool {
        // Shared chunks are equal without a look inside; equal entries may also be cut into other chunks.
        self.len == other.len && (self.chunks == other.chunks || self.entries().eq(other.entries()))
    }
}

impl<K: Eq, V: Eq> Eq for SharedMap<K, V> {}

impl<K, V> SharedMap<K, V> {
    fn entries(&self) -> impl Iterator<Item = &(K, Arc<V>)> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    /// In which chunk a key is, or would be, and where there; none in an empty map.
    fn place<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(usize, Result<usize, usize>)>
    where
        K: Borrow<Q>,
    {
        let before = |chunk: &Arc<Chunk<K, V>>| chunk.last().is_some_and(|(last, _)| last.borrow() < key);
        // A key beyond all others belongs to the last chunk.
        let number = self.chunks.partition_point(before).min(self.chunks.len().checked_sub(1)?);
        let chunk = self.chunks.get(number)?;
        Some((number, chunk.binary_search_by(|(known, _)| known.borrow().cmp(key))))
    }

    fn entry<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&(K, Arc<V>)>
    where
        K: Borrow<Q>,
    {
        let (number, place) = self.place(key)?;
        self.chunks.get(number)?.get(place.ok()?)
    }

    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.entry(key).map(|(_, value)| value.as_ref())
    }

    /// A key as it is kept, and its value.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.entry(key).map(|(key, value)| (key, value.as_ref()))
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.entry(key).is_some()
    }

    /// How many keys have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no key has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Keys and values, in the order of the keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        let empty = <&[(K, Arc<V>)]>::default();
        Iter { chunks: self.chunks.iter(), front: empty.iter(), back: empty.iter(), left: self.len }
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.iter().map(|(_, value)| value)
    }
}

impl<K: Ord + Clone, V> SharedMap<K, V> {
    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        let value = Arc::new(value);
        let slot = self.slot(key, || Arc::clone(&value));
        *slot = value;
    }

    /// Where the value of a key is kept, in a chunk shared with no clone; one that has none gets the one given.
    fn slot(&mut self, key: K, value: impl FnOnce() -> Arc<V>) -> &mut Arc<V> {
        let (number, at) = match self.place(&key) {
            Some((number, Ok(at))) => (number, at),
            Some((number, Err(at))) => self.make_room(number, at, (key, value())),
            None => {
                self.chunks.push(Arc::new(vec![(key, value())]));
                self.len += 1;
                (0, 0)
            }
        };
        &mut Arc::make_mut(self.chunks.index_mut(number)).index_mut(at).1
    }

    /// Puts an entry into a chunk, and says where it is once the chunk was split.
    fn make_room(&mut self, number: usize, at: usize, entry: (K, Arc<V>)) -> (usize, usize) {
        let chunk = Arc::make_mut(self.chunks.index_mut(number));
        chunk.insert(at, entry);
        self.len += 1;
        if chunk.len() <= CHUNK_ENTRIES_MAX {
            return (number, at);
        }
        // A map filled in the order of its keys leaves full chunks behind.
        let first = if at == CHUNK_ENTRIES_MAX { CHUNK_ENTRIES_MAX } else { CHUNK_ENTRIES_MAX / 2 };
        let second = chunk.split_off(first);
        self.chunks.insert(number + 1, Arc::new(second));
        if at < first { (number, at) } else { (number + 1, at - first) }
    }
}

impl<K: Ord + Clone, V: Clone> SharedMap<K, V> {
    /// The value of a key, to be changed; from here on it is shared with no clone.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        let (number, place) = self.place(key)?;
        let at = place.ok()?;
        let chunk = Arc::make_mut(self.chunks.get_mut(number)?);
        chunk.get_mut(at).map(|(_, value)| Arc::make_mut(value))
    }

    /// Takes a key away, and gives its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let (number, place) = self.place(key)?;
        let at = place.ok()?;
        let chunk = Arc::make_mut(self.chunks.get_mut(number)?);
        let (_, value) = chunk.remove(at);
        if chunk.is_empty() {
            self.chunks.remove(number);
        }
        self.len -= 1;
        Some(Arc::unwrap_or_clone(value))
    }

    /// The value of a key, to be changed; one that has none gets the default.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.get_or_insert_with(key, V::default)
    }

    /// The value of a key, to be changed; one that has none gets the one given.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        Arc::make_mut(self.slot(key, || Arc::new(value())))
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SharedMap<K, V> {
    type Output = V;

    /// The value of a key; panics when it has none.
    fn index(&self, key: &Q) -> &V {
        let found = self.place(key).and_then(|(number, place)| Some((number, place.ok()?)));
        let (number, at) = found.unwrap_or((usize::MAX, usize::MAX));
        self.chunks.index(number).index(at).1.as_ref()
    }
}

impl<'a, K: Ord, V> IntoIterator for &'a SharedMap<K, V> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Keys and values of a [`SharedMap`], in the order of the keys.
#[derive(Debug)]
pub struct Iter<'a, K, V> {
    chunks: slice::Iter<'a, Arc<Chunk<K, V>>>,
    front: slice::Iter<'a, (K, Arc<V>)>,
    back: slice::Iter<'a, (K, Arc<V>)>,
    left: usize,
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { chunks: self.chunks.clone(), front: self.front.clone(), back: self.back.clone(), left: self.left }
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some((key, value)) = self.front.next() {
                return Some((key, value));
            }
            match self.chunks.next() {
                Some(chunk) => self.front = chunk.iter(),
                None => return self.back.next().map(|(key, value)| (key, value.as_ref())),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        loop {
            if let Some((key, value)) = self.back.next_back() {
                return Some((key, value));
            }
            match self.chunks.next_back() {
                Some(chunk) => self.back = chunk.iter(),
                None => return self.front.next_back().map(|(key, value)| (key, value.as_ref())),
            }
        }
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}

#[cfg(test)]
mod tests;
