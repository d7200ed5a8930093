//! How wide words are, as far as can be told without a font: a width that no common font goes beyond.

/// Tenths of a pixel: whole numbers, so that the same picture has the same bytes everywhere.
pub(super) type Tenths = i64;

/// The width of a text at a size in pixels. Widths are those of a wide sans-serif font, rounded up.
pub(super) fn width(text: &str, size: i64) -> Tenths {
    text.chars().map(|character| hundredths(character) * size / 10).sum()
}

/// The text, or as much of it as fits with an ellipsis; none when not even three characters would.
pub(super) fn fitted(text: &str, size: i64, room: Tenths) -> Option<String> {
    if width(text, size) <= room {
        return Some(text.to_owned());
    }
    let room = room - width("…", size);
    let mut kept = String::new();
    let mut used = 0;
    for character in text.chars() {
        used += hundredths(character) * size / 10;
        if used > room {
            break;
        }
        kept.push(character);
    }
    (kept.chars().count() >= 3).then(|| format!("{}…", kept.trim_end()))
}

/// The text, or its beginning and its end with an ellipsis between: ids differ at their ends.
pub(super) fn shortened(text: &str, size: i64, room: Tenths) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let characters: Vec<char> = text.chars().collect();
    let cut = |kept: usize| {
        let (head, tail) = (kept - kept / 3, kept / 3);
        let head: String = characters.iter().take(head).collect();
        let tail: String = characters.iter().skip(characters.len() - tail).collect();
        format!("{head}…{tail}")
    };
    let fits = (0..characters.len()).rev().map(cut).find(|cut| width(cut, size) <= room);
    fits.unwrap_or_default()
}

/// The text in lines that fit; a word that is wider than a line is cut.
pub(super) fn lines(text: &str, size: i64, room: Tenths) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let word = fitted(word, size, room).unwrap_or_default();
        match lines.last_mut() {
            Some(line) if width(line, size) + width(" ", size) + width(&word, size) <= room => {
                line.push(' ');
                line.push_str(&word);
            }
            Some(_) | None => lines.push(word),
        }
    }
    lines
}

/// The width of a character in hundredths of the font's size.
fn hundredths(character: char) -> i64 {
    match character {
        'i' | 'j' | 'l' | '\'' | '|' | '!' | '.' | ',' | ':' | ';' | ' ' | '·' | '/' | '\\' => 36,
        'f' | 'r' | 't' | '(' | ')' | '[' | ']' | '-' | '"' | 'I' | 'J' => 44,
        'm' | 'w' | 'W' | 'M' | '@' | '%' | '—' | '…' | '→' => 102,
        'a'..='z' | '0'..='9' | '_' => 65,
        'A'..='Z' | '&' | '#' | '+' | '=' | '<' | '>' | '⟨' | '⟩' | '~' | '^' | '$' => 84,
        '\u{0300}'..='\u{036F}' | '\u{200C}' | '\u{200D}' => 0,
        '\u{0080}'..='\u{10FF}' => 90,
        _ => 110,
    }
}

#[cfg(test)]
mod tests;
