//! Going through an event by what it writes, without writing it.

use std::fmt::{self, Display};

use serde::Serialize;
use serde::ser::{self, Impossible};

use super::{Field, Named};

/// Notes the texts under the fields that name somebody.
pub(super) struct Naming<'a> {
    pub(super) named: &'a mut Named,
    pub(super) field: Option<Field>,
}

/// Why an event could not be gone through: what it says of itself, which is nothing that is shown.
#[derive(Debug)]
pub(super) struct Unwritable;

impl Display for Unwritable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that cannot be written")
    }
}

impl std::error::Error for Unwritable {}

impl ser::Error for Unwritable {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

impl Naming<'_> {
    fn within(&mut self, field: Option<Field>) -> Naming<'_> {
        Naming { named: self.named, field }
    }
}

macro_rules! names_nobody {
    ($($method:ident($value:ty),)+) => {
        $(fn $method(self, _: $value) -> Result<(), Unwritable> {
            Ok(())
        })+
    };
}

impl<'a> ser::Serializer for Naming<'a> {
    type Ok = ();
    type Error = Unwritable;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Impossible<(), Unwritable>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), Unwritable>;

    names_nobody! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64),
        serialize_u8(u8), serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32),
        serialize_f64(f64), serialize_char(char), serialize_bytes(&[u8]), serialize_unit_struct(&'static str),
    }

    fn serialize_str(self, text: &str) -> Result<(), Unwritable> {
        if let Some(field) = self.field {
            self.named.note(field, text);
        }
        Ok(())
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        match self.field {
            Some(_) => self.serialize_str(&value.to_string()),
            None => Ok(()),
        }
    }

    fn serialize_none(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Unwritable> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Unwritable> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Unwritable> {
        value.serialize(Naming { field: Field::of(variant), ..self })
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, Unwritable> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, Unwritable> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Unwritable> {
        Err(Unwritable)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, Unwritable> {
        Ok(Entries { naming: self, key: String::new() })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, Unwritable> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Unwritable> {
        Err(Unwritable)
    }
}

macro_rules! items {
    ($($part:ident::$take:ident,)+) => {
        $(impl ser::$part for Naming<'_> {
            type Ok = ();
            type Error = Unwritable;

            fn $take<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
                let field = self.field;
                value.serialize(self.within(field))
            }

            fn end(self) -> Result<(), Unwritable> {
                Ok(())
            }
        })+
    };
}

items! {
    SerializeSeq::serialize_element,
    SerializeTuple::serialize_element,
    SerializeTupleStruct::serialize_field,
}

impl ser::SerializeStruct for Naming<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Unwritable> {
        value.serialize(self.within(Field::of(key)))
    }

    fn end(self) -> Result<(), Unwritable> {
        Ok(())
    }
}

/// The entries of a map, each value under its key.
pub(super) struct Entries<'a> {
    naming: Naming<'a>,
    key: String,
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Unwritable;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Unwritable> {
        // Every map that an event holds has texts for keys.
        self.key = serde_json::to_value(key).ok().and_then(|key| key.as_str().map(str::to_owned)).ok_or(Unwritable)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Unwritable> {
        value.serialize(self.naming.within(Field::of(&self.key)))
    }

    fn end(self) -> Result<(), Unwritable> {
        Ok(())
    }
}
