//! As much DER as a time stamp needs: elements with one-byte tags and definite lengths, read without recursion.

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_ID: u8 = 0x06;
pub(super) const GENERALIZED_TIME: u8 = 0x18;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
/// The constructed elements with the context's own tags.
pub(super) const CONTEXT_0: u8 = 0xa0;
pub(super) const CONTEXT_1: u8 = 0xa1;

/// Elements that stand one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reader<'bytes>(pub(super) &'bytes [u8]);

impl<'bytes> Reader<'bytes> {
    /// The content of the next element, if it has that tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'bytes [u8]> {
        let (found, rest) = self.0.split_first()?;
        if *found != tag {
            return None;
        }
        let (length, rest) = length_of(rest)?;
        let (content, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some(content)
    }

    /// The content of the next element, if it has that tag and is the last.
    pub(super) fn last(mut self, tag: u8) -> Option<&'bytes [u8]> {
        self.take(tag).filter(|_| self.0.is_empty())
    }

    /// The content of the next element, if there is one with that tag; none when it has another.
    ///
    /// The outer `None` is for an element that is cut off.
    pub(super) fn maybe(&mut self, tag: u8) -> Option<Option<&'bytes [u8]>> {
        if self.0.first() == Some(&tag) { self.take(tag).map(Some) } else { Some(None) }
    }
}

/// A length in its shortest form, and what follows it.
fn length_of(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (first, rest) = bytes.split_first()?;
    let Some(count) = first.checked_sub(0x80) else { return Some((usize::from(*first), rest)) };
    let (digits, rest) = rest.split_at_checked(usize::from(count))?;
    if digits.is_empty() || digits.len() > 4 || digits.first() == Some(&0) {
        return None;
    }
    let length = digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit));
    (length >= 0x80).then_some((length, rest))
}

/// An element, whose content must be shorter than 65,536 bytes.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut bytes = vec![tag];
    match significant.as_slice() {
        [] => bytes.push(0),
        [short] if *short < 0x80 => bytes.push(*short),
        digits => {
            bytes.push(if digits.len() == 1 { 0x81 } else { 0x82 });
            bytes.extend_from_slice(digits);
        }
    }
    bytes.extend_from_slice(content);
    bytes
}

/// The content of an INTEGER that is not negative.
pub(super) fn unsigned(value: u64) -> Vec<u8> {
    let digits: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
    match digits.first() {
        Some(first) if *first < 0x80 => digits,
        Some(_) | None => [&[0][..], &digits].concat(),
    }
}

/// The digits of an INTEGER that is in its shortest form and not negative, without the zero that stands for the sign.
pub(super) fn positive(content: &[u8]) -> Option<&[u8]> {
    match content {
        [] | [0x80..=0xff, ..] => None,
        [0, rest @ ..] if !rest.is_empty() => rest.first().filter(|first| **first >= 0x80).map(|_| rest),
        [..] => Some(content),
    }
}

/// An object id in dotted digits.
pub(super) fn dotted(content: &[u8]) -> Option<String> {
    let mut arcs: Vec<u64> = Vec::new();
    let mut arc: Option<u64> = None;
    for byte in content {
        if arc.is_none() && *byte == 0x80 {
            return None;
        }
        let value = arc.unwrap_or(0).checked_mul(128)? | u64::from(byte & 0x7f);
        arc = if byte & 0x80 == 0 { None } else { Some(value) };
        if arc.is_none() {
            arcs.push(value);
        }
    }
    let (first, rest) = arcs.split_first().filter(|_| arc.is_none())?;
    // The first two arcs share a number: 40 times the first, which is at most 2, and the second.
    let root = (*first / 40).min(2);
    let mut text = format!("{root}.{}", first - root * 40);
    for arc in rest {
        text.push('.');
        text.push_str(&arc.to_string());
    }
    Some(text)
}
