//! Signatures as others make them, and pauses that grow.

use std::time::Duration;

use super::{NoSecret, WebhookSecret, pause};

#[test]
fn a_secret_is_what_the_specification_says_and_nothing_else() {
    for text in [
        "",
        "whsec_",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_AAAA",
        "whsec_!",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    ] {
        assert_eq!(text.parse::<WebhookSecret>().unwrap_err(), NoSecret, "{text}");
    }
    let long = format!("whsec_{}", "AAAA".repeat(22));
    assert_eq!(long.parse::<WebhookSecret>().unwrap_err(), NoSecret, "66 bytes");
    let secret: WebhookSecret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n".parse().unwrap();
    assert_eq!(format!("{secret:?}"), "WebhookSecret", "it is never printed");
    // Made by the library of the specification for Python, version 1.1.0.
    let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, b"{\"test\": 2432232314}");
    assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_pause_doubles_up_to_the_longest_and_chance_takes_at_most_half() {
    let (first, most) = (Duration::from_secs(5), Duration::from_secs(3_600));
    for (failures, drawn, seconds) in [
        (1, u8::MAX, 5.0),
        (1, 0, 2.5),
        (2, u8::MAX, 10.0),
        (4, u8::MAX, 40.0),
        (10, u8::MAX, 2_560.0),
        (11, u8::MAX, 3_600.0),
        (11, 0, 1_800.0),
        (u64::MAX, u8::MAX, 3_600.0),
        (0, u8::MAX, 5.0),
    ] {
        let paused = pause(failures, drawn, first, most).as_secs_f64();
        assert!((paused - seconds).abs() < 0.001, "{failures} {drawn}: {paused}");
    }
}
