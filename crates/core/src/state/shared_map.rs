//! A sorted map whose values are shared between its clones until one of them changes.

use std::borrow::Borrow;
use std::collections::btree_map::{self, BTreeMap};
use std::ops::Index;
use std::sync::Arc;

/// A sorted map of large values.
///
/// A node of a `BTreeMap` has room for eleven values from the start, and most customers have one subscription;
/// so the values stand outside the nodes. A clone shares them, and a value is copied when one side changes it:
/// the state before an event and the state after it differ in what the event touched, and comparing them looks at no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedMap<K, V> {
    values: BTreeMap<K, Arc<V>>,
}

impl<K, V> Default for SharedMap<K, V> {
    fn default() -> Self {
        Self { values: BTreeMap::new() }
    }
}

impl<K: Ord, V> SharedMap<K, V> {
    /// The value of a key.
    pub fn get<Q: Ord + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(key).map(Arc::as_ref)
    }

    /// A key as it is kept, and its value.
    pub fn get_key_value<Q: Ord + ?Sized>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.values.get_key_value(key).map(|(key, value)| (key, value.as_ref()))
    }

    /// Whether a key has a value.
    pub fn contains_key<Q: Ord + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.values.contains_key(key)
    }

    /// How many keys have a value.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether no key has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Keys and values, in the order of the keys.
    #[must_use]
    pub fn iter(&self) -> Iter<'_, K, V> {
        Iter { values: self.values.iter() }
    }

    /// The keys, in their order.
    pub fn keys(&self) -> impl DoubleEndedIterator<Item = &K> + Clone {
        self.values.keys()
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl DoubleEndedIterator<Item = &V> + Clone {
        self.values.values().map(Arc::as_ref)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        self.values.insert(key, Arc::new(value));
    }
}

impl<K: Ord, V: Clone> SharedMap<K, V> {
    /// The value of a key, to be changed; from here on it is shared with no clone.
    pub fn get_mut<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.values.get_mut(key).map(Arc::make_mut)
    }

    /// Takes a key away, and gives its value.
    pub fn remove<Q: Ord + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.values.remove(key).map(Arc::unwrap_or_clone)
    }

    /// The value of a key, to be changed; one that has none gets the one given.
    pub fn get_or_insert_with(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        Arc::make_mut(self.values.entry(key).or_insert_with(|| Arc::new(value())))
    }

    /// The value of a key, to be changed; one that has none gets the default.
    pub fn get_or_default(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.get_or_insert_with(key, V::default)
    }
}

impl<K: Ord + Borrow<Q>, Q: Ord + ?Sized, V> Index<&Q> for SharedMap<K, V> {
    type Output = V;

    /// The value of a key; panics when it has none.
    fn index(&self, key: &Q) -> &V {
        self.values.index(key)
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
    values: btree_map::Iter<'a, K, Arc<V>>,
}

impl<K, V> Clone for Iter<'_, K, V> {
    fn clone(&self) -> Self {
        Self { values: self.values.clone() }
    }
}

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = (&'a K, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        self.values.next().map(|(key, value)| (key, value.as_ref()))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.values.size_hint()
    }
}

impl<K, V> DoubleEndedIterator for Iter<'_, K, V> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.values.next_back().map(|(key, value)| (key, value.as_ref()))
    }
}

impl<K, V> ExactSizeIterator for Iter<'_, K, V> {}
