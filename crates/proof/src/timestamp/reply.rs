//! What the authority answers, and whether it answers the request.

use ofrecord_log::Hash;
use thiserror::Error;

use super::der::{
    self, BIT_STRING, BOOLEAN, CONTEXT_0, CONTEXT_1, GENERALIZED_TIME, INTEGER, OBJECT_ID, OCTET_STRING, Reader,
    SEQUENCE, SET,
};
use super::{REPLY_BYTES_MAX, TimestampError, TimestampRequest, imprint_of};

/// Signed content (RFC 5652), and the content that is a time stamp.
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
const TST_INFO: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x04";

/// What became of a request (RFC 3161 2.4.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReplyStatus {
    /// As asked for (0).
    Granted,
    /// Not quite as asked for (1).
    GrantedWithMods,
    /// Not at all (2).
    Refused,
    /// Not yet (3).
    Waiting,
    /// Not at all: a certificate is about to be revoked, or was (4 and 5).
    Revoked,
}

/// Why a reply is no answer to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotStamped {
    /// The authority did not grant it.
    #[error("the authority did not grant the time stamp: {status:?}")]
    Status {
        /// What it says instead.
        status: ReplyStatus,
    },
    /// The stamp is for other bytes.
    #[error("the time stamp is for bytes with the hash {found}")]
    Imprint {
        /// The hash of these.
        found: Hash,
    },
    /// The stamp has another nonce, or none.
    #[error("the time stamp is for another request")]
    Nonce,
}

/// What an authority states: these bytes existed at that time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeStamp {
    /// The policy under which it states that, as dotted digits.
    pub policy: String,
    /// The SHA-256 of the bytes.
    pub imprint: Hash,
    /// Its serial number in hexadecimal, two digits a byte.
    pub serial: String,
    /// When, in UTC: `2026-11-22T14:28:53Z`, with the decimals that the authority gives.
    pub time: String,
    /// The nonce as the bytes of its INTEGER, if there is one.
    nonce: Option<Vec<u8>>,
    /// The token in DER: what has to be kept, and what `openssl ts -verify -token_in` takes.
    pub token: Vec<u8>,
}

/// The reply of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampReply {
    status: ReplyStatus,
    stamp: Option<TimeStamp>,
}

impl TimestampReply {
    /// Reads a reply, as it comes as `application/timestamp-reply`. The authority's signature is not checked.
    ///
    /// # Errors
    /// [`TimestampError`] naming the structure that could not be read.
    pub fn from_der(bytes: &[u8]) -> Result<Self, TimestampError> {
        if bytes.len() > REPLY_BYTES_MAX {
            return Err(TimestampError::TooLong { bytes: bytes.len() });
        }
        let form = |expected| TimestampError::Form { expected };
        let mut reply = Reader(Reader(bytes).last(SEQUENCE).ok_or(form("a TimeStampResp"))?);
        let status = reply.take(SEQUENCE).and_then(status_of).ok_or(form("a PKIStatusInfo"))?;
        let granted = match status {
            ReplyStatus::Granted | ReplyStatus::GrantedWithMods => true,
            ReplyStatus::Refused | ReplyStatus::Waiting | ReplyStatus::Revoked => false,
        };
        if granted == reply.0.is_empty() {
            return Err(TimestampError::Token);
        }
        let stamp = granted.then(|| {
            let info = info_of(reply.0).ok_or(form("a time-stamp token"))?;
            stamp_of(info, reply.0).ok_or(form("a TSTInfo"))
        });
        Ok(Self { status, stamp: stamp.transpose()? })
    }

    /// What became of the request.
    #[must_use]
    pub fn status(&self) -> ReplyStatus {
        self.status
    }

    /// The time stamp, for whoever has the bytes and not the request. None where the authority did not grant it.
    #[must_use]
    pub fn stamp(&self) -> Option<&TimeStamp> {
        self.stamp.as_ref()
    }

    /// What the reply states, if it is an answer to the request.
    ///
    /// # Errors
    /// [`NotStamped`] when it is not.
    pub fn stamp_for(&self, request: &TimestampRequest) -> Result<&TimeStamp, NotStamped> {
        let Some(stamp) = &self.stamp else { return Err(NotStamped::Status { status: self.status }) };
        if stamp.imprint != *request.imprint() {
            return Err(NotStamped::Imprint { found: stamp.imprint });
        }
        let nonce = der::unsigned(request.nonce());
        if stamp.nonce.as_deref() == Some(nonce.as_slice()) { Ok(stamp) } else { Err(NotStamped::Nonce) }
    }
}

fn status_of(info: &[u8]) -> Option<ReplyStatus> {
    let mut parts = Reader(info);
    let status = match parts.take(INTEGER)? {
        [0] => ReplyStatus::Granted,
        [1] => ReplyStatus::GrantedWithMods,
        [2] => ReplyStatus::Refused,
        [3] => ReplyStatus::Waiting,
        [4 | 5] => ReplyStatus::Revoked,
        [..] => return None,
    };
    parts.maybe(SEQUENCE)?;
    parts.maybe(BIT_STRING)?;
    parts.0.is_empty().then_some(status)
}

/// The content of the one TSTInfo of a token.
fn info_of(token: &[u8]) -> Option<&[u8]> {
    let mut content = Reader(Reader(token).last(SEQUENCE)?);
    if content.take(OBJECT_ID)? != SIGNED_DATA {
        return None;
    }
    let mut signed = Reader(Reader(content.last(CONTEXT_0)?).last(SEQUENCE)?);
    signed.take(INTEGER)?;
    signed.take(SET)?;
    let mut encapsulated = Reader(signed.take(SEQUENCE)?);
    if encapsulated.take(OBJECT_ID)? != TST_INFO {
        return None;
    }
    // Certificates and revocation lists may stand before the signatures.
    signed.maybe(CONTEXT_0)?;
    signed.maybe(CONTEXT_1)?;
    signed.last(SET).filter(|signatures| !signatures.is_empty())?;
    Reader(Reader(encapsulated.last(CONTEXT_0)?).last(OCTET_STRING)?).last(SEQUENCE)
}

fn stamp_of(info: &[u8], token: &[u8]) -> Option<TimeStamp> {
    let mut parts = Reader(info);
    if parts.take(INTEGER)? != [1] {
        return None;
    }
    let policy = der::dotted(parts.take(OBJECT_ID)?)?;
    let imprint = imprint_of(parts.take(SEQUENCE)?)?;
    let serial = der::positive(parts.take(INTEGER)?)?.iter().map(|byte| format!("{byte:02x}")).collect();
    let time = time_of(parts.take(GENERALIZED_TIME)?)?;
    // How exact the clock is, and whether stamps can be ordered by it.
    parts.maybe(SEQUENCE)?;
    parts.maybe(BOOLEAN)?;
    let nonce = parts.maybe(INTEGER)?.map(<[u8]>::to_vec);
    // The name of the authority, and extensions.
    parts.maybe(CONTEXT_0)?;
    parts.maybe(CONTEXT_1)?;
    let all = parts.0.is_empty();
    all.then(|| TimeStamp { policy, imprint, serial, time, nonce, token: token.to_vec() })
}

/// `20261122142853.25Z` as `2026-11-22T14:28:53.25Z`.
fn time_of(content: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(content).ok()?.strip_suffix('Z')?;
    let (whole, decimals) = text.split_once('.').map_or((text, None), |(whole, decimals)| (whole, Some(decimals)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let well_formed = decimals.is_none_or(|decimals| digits(decimals) && !decimals.ends_with('0'));
    if whole.len() != 14 || !digits(whole) || !well_formed {
        return None;
    }
    let part = |range: std::ops::Range<usize>| whole.get(range);
    let within = |range: std::ops::Range<usize>, allowed: std::ops::RangeInclusive<u8>| {
        part(range)?.parse().ok().filter(|number| allowed.contains(number)).map(|_| ())
    };
    within(4..6, 1..=12)?;
    within(6..8, 1..=31)?;
    within(8..10, 0..=23)?;
    within(10..12, 0..=59)?;
    within(12..14, 0..=60)?;
    let decimals = decimals.map(|decimals| format!(".{decimals}")).unwrap_or_default();
    Some(format!(
        "{}-{}-{}T{}:{}:{}{decimals}Z",
        part(0..4)?,
        part(4..6)?,
        part(6..8)?,
        part(8..10)?,
        part(10..12)?,
        part(12..14)?
    ))
}
