//! Tests of the reading of declarations.

use super::*;

#[test]
fn fields_variants_and_words_are_read_with_their_sentences() {
    let text = "/// A thing.\n///\n/// More.\n#[derive(Debug)]\npub struct Thing {\n    /// Its name,\n    /// whole.\n    pub name: String,\n    /// Size.\n    #[serde(default)]\n    pub size: u64,\n}\n\
                wire_enum! {\n    /// Words.\n    pub enum Word {\n        /// First.\n        One = \"one\",\n        /// Second.\n        Two {\n            /// Inner.\n            field: u8,\n        },\n    }\n}\n";
    let read = of_text(text);
    let told: Vec<_> = read.iter().map(|one| (one.name.as_str(), one.doc.as_str(), one.members.len())).collect();
    assert_eq!(told, [("Thing", "A thing.", 2), ("Word", "Words.", 2)]);
    let members: Vec<_> = read
        .iter()
        .flat_map(|one| &one.members)
        .map(|member| (member.name.as_str(), member.kind.as_str(), member.doc.as_str(), member.presence))
        .collect();
    assert_eq!(
        members,
        [
            ("name", "String", "Its name, whole.", Presence::Required),
            ("size", "u64", "Size.", Presence::Optional),
            ("One", "one", "First.", Presence::Required),
            ("Two", "{", "Second.", Presence::Required),
        ]
    );
}
