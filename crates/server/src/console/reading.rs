//! Reading what forms send: a field that was left empty was not filled in, and an instant may lack its seconds.

use ofrecord_core::Timestamp;

use crate::asked::Asked;
use crate::problem::Problem;

/// Characters of an instant as a form sends it without seconds, such as `2024-03-01T10:00`.
const MINUTES_LENGTH: usize = 16;

/// An instant of a form, in UTC unless it names another zone.
pub(super) fn instant(asked: &Asked, name: &str) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = asked.text(name) else { return Ok(None) };
    let without_seconds = text.len() == MINUTES_LENGTH && text.contains('T');
    let read = if without_seconds { format!("{text}:00").parse() } else { text.parse() };
    read.map(Some).map_err(|error| Problem::malformed(name, &error))
}

/// An instant as the field of a form has it, to a thousandth of a second.
pub(super) fn local(at: Timestamp) -> String {
    let text = at.to_string();
    let (seconds, rest) = (text.get(..19).unwrap_or_default(), text.get(19..23).unwrap_or_default());
    if rest == ".000" { seconds.to_owned() } else { format!("{seconds}{rest}") }
}
