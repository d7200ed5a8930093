//! The ETag of a subscription: its id and its version, as base64.

use ofrecord_core::SubscriptionId;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The ETag: base64 of `{"id":"<guid in lower case>","version":<n>}`.
///
/// The version is the one that a command may name as what its sender has seen
/// (rule U-5): how many updates this ledger has recorded, not how many the
/// source counted.
pub(super) fn etag(id: SubscriptionId, version: u64) -> String {
    base64(format!(r#"{{"id":"{id}","version":{version}}}"#).as_bytes())
}

/// The tag of Microsoft Graph that stands for a version of this ledger's own: a weak one whose token is the version.
pub(super) fn versioned_graph_etag(version: u64) -> String {
    format!(r#"W/"{}""#, base64(format!(r#"'"{version}"'"#).as_bytes()))
}

/// The version that a tag of this ledger's own stands for; none for a tag that a source gave.
#[must_use]
pub fn gdap_version(tag: &str) -> Option<u64> {
    let token = tag.trim().strip_prefix("W/").unwrap_or(tag.trim()).strip_prefix('"')?.strip_suffix('"')?;
    let text = String::from_utf8(of_base64(token)?).ok()?;
    text.strip_prefix("'\"")?.strip_suffix("\"'")?.parse().ok()
}

/// The bytes of a text that [`base64`] wrote.
fn of_base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let six = ALPHABET.iter().position(|known| *known == letter)?;
        bits = bits << 6 | u32::try_from(six).ok()?;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0_u32, |bits, (place, byte)| bits | u32::from(*byte) << (16 - 8 * place));
        for place in 0..4 {
            let six = usize::try_from(bits >> (18 - 6 * place) & 0b11_1111).unwrap_or(0);
            let letter = ALPHABET.get(six).copied().map_or('=', char::from);
            text.push(if place <= three.len() { letter } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests;
