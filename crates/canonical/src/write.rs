//! Writing any value in its one spelling, without building a tree of it first.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Impossible};

use crate::{CanonicalError, DEPTH_MAX, INTEGER_MAX, is_key};

/// Which keys an object may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keys {
    /// `[a-z0-9_]`, as in an entry.
    Restricted,
    /// Any text.
    Any,
}

/// Appends the spelling of a value to `bytes`; it stands below `depth` levels.
pub(crate) fn write<T: Serialize + ?Sized>(
    value: &T,
    keys: Keys,
    depth: usize,
    bytes: &mut Vec<u8>,
) -> Result<(), CanonicalError> {
    let mut writer = Writer { bytes, keys, depth, members: Vec::new(), sorting: Vec::new() };
    value.serialize(&mut writer)
}

/// Where the spelling is written to.
struct Writer<'a> {
    bytes: &'a mut Vec<u8>,
    keys: Keys,
    depth: usize,
    /// The members of the objects that are open, innermost last.
    members: Vec<Member>,
    /// Room in which the members of one object are put in order.
    sorting: Vec<u8>,
}

/// Where a member of an object stands: its text from the quote before its key to the end of its value.
#[derive(Clone, Copy)]
struct Member {
    start: usize,
    key_end: usize,
    end: usize,
}

impl Writer<'_> {
    fn deeper(&mut self) -> Result<(), CanonicalError> {
        if self.depth >= DEPTH_MAX {
            return Err(CanonicalError::TooDeep { at: 0, depth_max: DEPTH_MAX });
        }
        self.depth += 1;
        Ok(())
    }

    fn integer(&mut self, value: i128) -> Result<(), CanonicalError> {
        let exact = u64::try_from(value.unsigned_abs()).ok().filter(|magnitude| *magnitude <= INTEGER_MAX);
        let Some(magnitude) = exact else { return Err(CanonicalError::Number { number: value.to_string() }) };
        if value < 0 {
            self.bytes.push(b'-');
        }
        let mut digits = [0_u8; 20];
        let mut left = magnitude;
        let mut used = 0;
        for place in digits.iter_mut().rev() {
            *place = b'0' + u8::try_from(left % 10).unwrap_or(0);
            left /= 10;
            used += 1;
            if left == 0 {
                break;
            }
        }
        self.bytes.extend_from_slice(digits.get(digits.len() - used..).unwrap_or_default());
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.bytes.push(b'"');
        escape(text, self.bytes);
        self.bytes.push(b'"');
    }

    fn open_object(&mut self) -> Result<Object, CanonicalError> {
        self.deeper()?;
        self.bytes.push(b'{');
        Ok(Object { first: self.members.len(), sorted: true })
    }

    /// Writes a key and notes where its member begins.
    fn key<T: Serialize + ?Sized>(&mut self, object: &Object, key: &T) -> Result<(), CanonicalError> {
        if self.members.len() > object.first {
            self.bytes.push(b',');
        }
        let start = self.bytes.len();
        self.bytes.push(b'"');
        key.serialize(KeyWriter { bytes: self.bytes })?;
        let key_end = self.bytes.len();
        let text = self.bytes.get(start + 1..).unwrap_or_default();
        if self.keys == Keys::Restricted && !is_key(text) {
            return Err(CanonicalError::Key { key: String::from_utf8_lossy(text).into_owned() });
        }
        self.bytes.extend_from_slice(b"\":");
        self.members.push(Member { start, key_end, end: key_end });
        Ok(())
    }

    /// Notes where the member begun last ends, and whether its key is above the one before it.
    fn member_done(&mut self, object: &mut Object) {
        let Some(members) = self.members.get_mut(object.first..) else { return };
        if let [.., before, last] = members {
            object.sorted &= key_of(self.bytes, before) < key_of(self.bytes, last);
        }
        if let Some(last) = members.last_mut() {
            last.end = self.bytes.len();
        }
    }

    fn close_object(&mut self, object: &Object) -> Result<(), CanonicalError> {
        if !object.sorted {
            self.sort(object.first)?;
        }
        self.members.truncate(object.first);
        self.depth -= 1;
        self.bytes.push(b'}');
        Ok(())
    }

    /// Puts the members of the object that is about to be closed in the order of their keys.
    fn sort(&mut self, first: usize) -> Result<(), CanonicalError> {
        let Some(members) = self.members.get_mut(first..) else { return Ok(()) };
        let Some(start) = members.first().map(|member| member.start) else { return Ok(()) };
        let bytes: &[u8] = self.bytes;
        members.sort_unstable_by(|left, right| key_of(bytes, left).cmp(key_of(bytes, right)));
        self.sorting.clear();
        let mut before: Option<&[u8]> = None;
        for member in members {
            let key = key_of(bytes, member);
            if before == Some(key) {
                let key = String::from_utf8_lossy(key).into_owned();
                return Err(CanonicalError::KeyOrder { key, at: member.start });
            }
            if before.is_some() {
                self.sorting.push(b',');
            }
            self.sorting.extend_from_slice(bytes.get(member.start..member.end).unwrap_or_default());
            before = Some(key);
        }
        self.bytes.truncate(start);
        self.bytes.extend_from_slice(&self.sorting);
        Ok(())
    }
}

fn key_of<'a>(bytes: &'a [u8], member: &Member) -> &'a [u8] {
    bytes.get(member.start + 1..member.key_end).unwrap_or_default()
}

/// Quotes as RFC 8785 does: the short escapes, `\u00xx` for the other control characters, everything else as it is.
fn escape(text: &str, bytes: &mut Vec<u8>) {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let (plain, special) = rest.split_at(at);
        bytes.extend_from_slice(plain);
        let Some((special, after)) = special.split_first() else { break };
        match special {
            b'"' => bytes.extend_from_slice(b"\\\""),
            b'\\' => bytes.extend_from_slice(b"\\\\"),
            0x08 => bytes.extend_from_slice(b"\\b"),
            b'\t' => bytes.extend_from_slice(b"\\t"),
            b'\n' => bytes.extend_from_slice(b"\\n"),
            0x0c => bytes.extend_from_slice(b"\\f"),
            b'\r' => bytes.extend_from_slice(b"\\r"),
            control => {
                bytes.extend_from_slice(b"\\u00");
                bytes.extend(
                    [control >> 4, control & 0xf].map(|half| if half < 10 { b'0' + half } else { b'a' + half - 10 }),
                );
            }
        }
        rest = after;
    }
    bytes.extend_from_slice(rest);
}

/// Escapes what a `Display` writes as it is written.
struct Escaped<'a>(&'a mut Vec<u8>);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        escape(text, self.0);
        Ok(())
    }
}

impl ser::Error for CanonicalError {
    fn custom<T: Display>(problem: T) -> Self {
        Self::Value { problem: problem.to_string() }
    }
}

/// An object that is being written.
#[derive(Clone, Copy)]
struct Object {
    /// Its first member among the open ones.
    first: usize,
    /// Whether its members came in the order of their keys so far.
    sorted: bool,
}

macro_rules! plain {
    (integers: $($integer:ident($number:ty),)+ ; words: $($word:ident($truth:ty),)+) => {
        $(fn $integer(self, value: $number) -> Result<(), CanonicalError> {
            self.integer(i128::from(value))
        })+
        $(fn $word(self, value: $truth) -> Result<(), CanonicalError> {
            self.bytes.extend_from_slice(if value { b"true" } else { b"false" });
            Ok(())
        })+
    };
}

impl<'w, 'a> ser::Serializer for &'w mut Writer<'a> {
    type Ok = ();
    type Error = CanonicalError;
    type SerializeSeq = Items<'w, 'a>;
    type SerializeTuple = Items<'w, 'a>;
    type SerializeTupleStruct = Items<'w, 'a>;
    type SerializeTupleVariant = Items<'w, 'a>;
    type SerializeMap = Members<'w, 'a>;
    type SerializeStruct = Members<'w, 'a>;
    type SerializeStructVariant = Members<'w, 'a>;

    plain! {
        integers: serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_u8(u8),
            serialize_u16(u16), serialize_u32(u32), serialize_u64(u64),;
        words: serialize_bool(bool),
    }

    fn serialize_f32(self, value: f32) -> Result<(), CanonicalError> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), CanonicalError> {
        Err(CanonicalError::Number { number: value.to_string() })
    }

    fn serialize_char(self, value: char) -> Result<(), CanonicalError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), CanonicalError> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result<(), CanonicalError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CanonicalError> {
        self.bytes.extend_from_slice(b"null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), CanonicalError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), CanonicalError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CanonicalError> {
        let mut object = self.open_object()?;
        self.key(&object, variant)?;
        value.serialize(&mut *self)?;
        self.member_done(&mut object);
        self.close_object(&object)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'w, 'a>, CanonicalError> {
        self.deeper()?;
        self.bytes.push(b'[');
        Ok(Items { writer: self, within: None, empty: true })
    }

    fn serialize_tuple(self, length: usize) -> Result<Items<'w, 'a>, CanonicalError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_struct(self, _: &'static str, length: usize) -> Result<Items<'w, 'a>, CanonicalError> {
        self.serialize_seq(Some(length))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Items<'w, 'a>, CanonicalError> {
        let object = self.open_object()?;
        self.key(&object, variant)?;
        Ok(Items { within: Some(object), ..self.serialize_seq(Some(length))? })
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Members<'w, 'a>, CanonicalError> {
        let object = self.open_object()?;
        Ok(Members { writer: self, object, within: None })
    }

    fn serialize_struct(self, _: &'static str, length: usize) -> Result<Members<'w, 'a>, CanonicalError> {
        self.serialize_map(Some(length))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Members<'w, 'a>, CanonicalError> {
        let within = self.open_object()?;
        self.key(&within, variant)?;
        Ok(Members { within: Some(within), ..self.serialize_map(Some(length))? })
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        self.bytes.push(b'"');
        // Writing to memory cannot fail; a `Display` that does has written what it could.
        let written = fmt::write(&mut Escaped(self.bytes), format_args!("{value}"));
        self.bytes.push(b'"');
        written.map_err(ser::Error::custom)
    }
}

/// An array that is being written.
struct Items<'w, 'a> {
    writer: &'w mut Writer<'a>,
    /// The object with one member that it is the value of, when it stands for an enum's variant.
    within: Option<Object>,
    empty: bool,
}

impl Items<'_, '_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        if !std::mem::take(&mut self.empty) {
            self.writer.bytes.push(b',');
        }
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Result<(), CanonicalError> {
        self.writer.bytes.push(b']');
        self.writer.depth -= 1;
        close_variant(self.writer, self.within)
    }
}

fn close_variant(writer: &mut Writer<'_>, within: Option<Object>) -> Result<(), CanonicalError> {
    let Some(mut object) = within else { return Ok(()) };
    writer.member_done(&mut object);
    writer.close_object(&object)
}

macro_rules! items {
    ($($part:ident::$take:ident,)+) => {
        $(impl ser::$part for Items<'_, '_> {
            type Ok = ();
            type Error = CanonicalError;

            fn $take<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
                self.item(value)
            }

            fn end(self) -> Result<(), CanonicalError> {
                self.close()
            }
        })+
    };
}

items! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
    SerializeTupleVariant::serialize_field,
}

/// An object that is being written, and where.
struct Members<'w, 'a> {
    writer: &'w mut Writer<'a>,
    object: Object,
    /// The object with one member that it is the value of, when it stands for an enum's variant.
    within: Option<Object>,
}

impl Members<'_, '_> {
    fn member<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), CanonicalError> {
        self.writer.key(&self.object, key)?;
        value.serialize(&mut *self.writer)?;
        self.writer.member_done(&mut self.object);
        Ok(())
    }

    fn close(self) -> Result<(), CanonicalError> {
        self.writer.close_object(&self.object)?;
        close_variant(self.writer, self.within)
    }
}

impl ser::SerializeMap for Members<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CanonicalError> {
        self.writer.key(&self.object, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(&mut *self.writer)?;
        self.writer.member_done(&mut self.object);
        Ok(())
    }

    fn end(self) -> Result<(), CanonicalError> {
        self.close()
    }
}

impl ser::SerializeStruct for Members<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), CanonicalError> {
        self.member(key, value)
    }

    fn end(self) -> Result<(), CanonicalError> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Members<'_, '_> {
    type Ok = ();
    type Error = CanonicalError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), CanonicalError> {
        self.member(key, value)
    }

    fn end(self) -> Result<(), CanonicalError> {
        self.close()
    }
}

/// Writes what a map has for a key, which must be a text, without its quotes.
struct KeyWriter<'a> {
    bytes: &'a mut Vec<u8>,
}

macro_rules! keys {
    (texts: $($number:ident($kind:ty),)+ ; refused: $($refused:ident($what:ty),)+) => {
        $(fn $number(self, value: $kind) -> Result<(), CanonicalError> {
            self.collect_str(&value)
        })+
        $(fn $refused(self, _: $what) -> Result<(), CanonicalError> {
            Err(not_a_key())
        })+
    };
}

impl ser::Serializer for KeyWriter<'_> {
    type Ok = ();
    type Error = CanonicalError;
    type SerializeSeq = Impossible<(), CanonicalError>;
    type SerializeTuple = Impossible<(), CanonicalError>;
    type SerializeTupleStruct = Impossible<(), CanonicalError>;
    type SerializeTupleVariant = Impossible<(), CanonicalError>;
    type SerializeMap = Impossible<(), CanonicalError>;
    type SerializeStruct = Impossible<(), CanonicalError>;
    type SerializeStructVariant = Impossible<(), CanonicalError>;

    keys! {
        texts: serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_u8(u8),
            serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_char(char), serialize_bool(bool),;
        refused: serialize_f32(f32), serialize_f64(f64), serialize_bytes(&[u8]), serialize_unit_struct(&'static str),
    }

    fn serialize_str(self, value: &str) -> Result<(), CanonicalError> {
        escape(value, self.bytes);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), CanonicalError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), CanonicalError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, CanonicalError> {
        Err(not_a_key())
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, CanonicalError> {
        Err(not_a_key())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), CanonicalError> {
        fmt::write(&mut Escaped(self.bytes), format_args!("{value}")).map_err(ser::Error::custom)
    }
}

fn not_a_key() -> CanonicalError {
    ser::Error::custom("the key of an object must be a text")
}
