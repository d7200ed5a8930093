//! Text from outside, made safe to look at: characters that cannot be seen, or that turn the text around, become visible.

/// The text with every control character, and every character that steers direction or hides, as its code.
///
/// What such a character would do to a page is not what the source's reader
/// saw; and most of them may not stand in XML at all. A line break becomes a space.
#[must_use]
pub fn text(from: &str) -> String {
    let mut seen = String::with_capacity(from.len());
    for character in from.chars() {
        if matches!(character, '\n' | '\r' | '\t') {
            seen.push(' ');
        } else if is_unseen(character) {
            seen.push_str(&format!("⟨U+{:04X}⟩", u32::from(character)));
        } else {
            seen.push(character);
        }
    }
    seen
}

fn is_unseen(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{00AD}'
                | '\u{061C}'
                | '\u{180E}'
                | '\u{200B}'
                | '\u{200E}' | '\u{200F}'
                | '\u{2028}'..='\u{202E}'
                | '\u{2060}'..='\u{206F}'
                | '\u{FEFF}'
                | '\u{FFF9}'..='\u{FFFB}'
                | '\u{FFFE}' | '\u{FFFF}'
                | '\u{E0000}'..='\u{E007F}'
        )
}

#[cfg(test)]
mod tests;
