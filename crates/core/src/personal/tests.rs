//! The one spelling of a sealed text, and which texts of events are personal.

use serde_json::json;

use super::*;

const KID: &str = "0beb4a12-fc1c-8fb2-a5a5-e71fd41ffa42";
const OTHER: &str = "1beb4a12-fc1c-8fb2-a5a5-e71fd41ffa42";

fn word(kids: &str, nonce: &str) -> String {
    let (kc, tag) = ("a".repeat(64), "b".repeat(64));
    format!("sealed:A256GCM:name/0:{kids}:7:{kc}:{tag}:{nonce}:c2VhbGVk")
}

#[test]
fn a_sealed_text_has_one_spelling() {
    let sound = word(&format!("{KID}+{OTHER}"), "0011");
    let read: SealedWord = sound.parse().unwrap();
    assert_eq!((read.kids.len(), read.position, read.to_string()), (2, 7, sound.clone()));
    let tag = "b".repeat(64);
    assert_eq!(read.reduced(), format!("sealed:A256GCM:{KID}+{OTHER}:{tag}"));
    for other in [
        "",
        "lin@contoso.example",
        "sealed:",
        "sealed:A256GCM:name/0",
        &sound.replace("A256GCM", "A128GCM"),
        &sound.replace(":7:", ":07:"),
        &sound.replace(KID, &KID.to_uppercase()),
        &sound.replace(KID, ""),
        &format!("{sound}:"),
        &format!(" {sound}"),
    ] {
        assert_eq!(other.parse::<SealedWord>(), Err(NotSealed), "{other}");
    }
}

#[test]
fn a_user_is_personal_by_its_at_sign_and_a_name_always() {
    let said = |text: &str| {
        let (mut user, mut name) = (text.to_owned(), text.to_owned());
        (PersonalText::User(&mut user).says_who(), PersonalText::Name(&mut name).says_who())
    };
    assert_eq!(said("lin@contoso.example"), (true, true));
    assert_eq!(said("4b827261-d21f-4aa9-b7db-7fa1f56fb163"), (false, true));
    assert_eq!(said(" "), (false, false));
}

#[test]
fn the_texts_of_a_replacement_are_personal_too() {
    let kept = json!({"type": "SourceRecordKept", "operation": "x", "because": "unrecognised", "raw": "{}"});
    let corrected =
        json!({"type": "EventCorrected", "position": 1, "event_index": 0, "replacement": kept, "reason": "y"});
    let mut event: Event = serde_json::from_value(corrected).unwrap();
    assert_eq!(texts_of(&mut event), [PersonalText::Record(&mut "{}".to_owned())]);
}
