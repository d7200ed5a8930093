//! One way to write an open vocabulary: the known members, and whatever else a source may send, kept verbatim (rule L-8).

/// Defines an enum whose known members have fixed wire words and whose last
/// member, `Unrecognised`, keeps any other word exactly as it came.
///
/// Reading never fails: a word nobody knows is data, not an error (rule L-8).
/// Commands refuse unrecognised members where a rule depends on them.
macro_rules! wire_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$vmeta])* $variant,)+
            /// A word that is not in the published list, kept verbatim.
            Unrecognised(Box<str>),
        }

        impl $name {
            /// Every published member, in the order of the source.
            pub const KNOWN: &'static [$name] = &[$($name::$variant,)+];

            /// The word as it stands on the wire.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $word,)+
                    $name::Unrecognised(word) => word,
                }
            }

            /// Reads a wire word; one that is not published is kept.
            #[must_use]
            pub fn from_wire(word: &str) -> Self {
                match word {
                    $($word => $name::$variant,)+
                    other => $name::Unrecognised(other.into()),
                }
            }

            /// Whether the word is a published member.
            #[must_use]
            pub fn is_recognised(&self) -> bool {
                !matches!(self, $name::Unrecognised(_))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let read = |word: &str| Ok::<_, std::convert::Infallible>($name::from_wire(word));
                $crate::text::read_text(deserializer, read)
            }
        }
    };
}

pub(crate) use wire_enum;
