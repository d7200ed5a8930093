//! Signatures of what is sent: HMAC-SHA256 over id, time and body (Standard Webhooks 1.0).

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding as _};
use ring::hmac;
use thiserror::Error;

/// What begins the text of a secret.
const PREFIX: &str = "whsec_";
/// Bytes of a secret.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// What a webhook is signed with; its receiver has the same.
#[derive(Clone)]
pub struct WebhookSecret(hmac::Key);

/// A text is no secret. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("it is not `{PREFIX}` and 24 to 64 bytes as Base64")]
pub struct NoSecret;

impl WebhookSecret {
    /// The signature of an event, as its header has it.
    pub(super) fn sign(&self, id: &str, seconds: u64, body: &[u8]) -> String {
        let signed = [id.as_bytes(), b".", seconds.to_string().as_bytes(), b".", body].concat();
        format!("v1,{}", Base64::encode_string(hmac::sign(&self.0, &signed).as_ref()))
    }
}

impl FromStr for WebhookSecret {
    type Err = NoSecret;

    fn from_str(text: &str) -> Result<Self, NoSecret> {
        let text = text.trim().strip_prefix(PREFIX).ok_or(NoSecret)?;
        let bytes = Base64::decode_vec(text).map_err(|_| NoSecret)?;
        if !BYTES.contains(&bytes.len()) {
            return Err(NoSecret);
        }
        Ok(Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret")
    }
}
