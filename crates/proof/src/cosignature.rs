//! Cosignatures: whoever watches a log says when it saw which checkpoint (C2SP tlog-cosignature, `cosignature/v1`).

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signature, Signer as _, VerifyingKey};
use zeroize::Zeroizing;

use crate::checkpoint::Checkpoint;
use crate::note::{Algorithm, KeyError, KeyName, NoteSignature, VerifierKey, read_private, write_private};
use crate::spelling::NUMBER_MAX;

#[cfg(test)]
mod tests;

/// The private half of an Ed25519 key that cosigns checkpoints. It must not be used for anything else.
///
/// Neither `Debug` nor an error shows the seed, and its memory is overwritten when the key is dropped.
#[derive(Clone)]
pub struct CosigningKey {
    name: KeyName,
    private: ed25519_dalek::SigningKey,
}

impl CosigningKey {
    /// The key that a seed of 32 random bytes makes.
    #[must_use]
    pub fn from_seed(name: KeyName, seed: &[u8; 32]) -> Self {
        Self { name, private: ed25519_dalek::SigningKey::from_bytes(seed) }
    }

    /// The public half.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey::of_cosignatures(self.name.clone(), self.private.verifying_key())
    }

    /// The line that says: as of this time, in seconds since 1970, this is the largest tree that was
    /// seen of that log, and it contains every smaller one that was cosigned before.
    ///
    /// The caller must have checked that, and a time above 2^63 − 1 makes a cosignature that nobody accepts.
    #[must_use]
    pub fn cosign(&self, checkpoint: &Checkpoint, time: u64) -> NoteSignature {
        let signed = self.private.sign(message(time, &checkpoint.to_string()).as_bytes());
        let signature = [&time.to_be_bytes()[..], &signed.to_bytes()].concat();
        NoteSignature::new(self.name.clone(), self.verifier().id(), signature)
    }

    /// The text form, `PRIVATE+KEY+<name>+<id>+<base64(0x04 || seed)>`. Whoever reads it can cosign.
    #[must_use]
    pub fn to_private_text(&self) -> Zeroizing<String> {
        write_private(&self.verifier(), self.private.as_bytes())
    }
}

impl FromStr for CosigningKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, private) = read_private(text, Algorithm::Cosignature)?;
        Ok(Self { name, private })
    }
}

impl fmt::Debug for CosigningKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("CosigningKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The time of a cosignature over the text of a checkpoint: none when the key did not make it.
pub(crate) fn verified_time(public: &VerifyingKey, text: &str, signature: &[u8]) -> Option<u64> {
    let (time, signature) = signature.split_first_chunk::<8>()?;
    let time = Some(u64::from_be_bytes(*time)).filter(|time| *time <= NUMBER_MAX)?;
    let signature = Signature::from_slice(signature).ok()?;
    public.verify_strict(message(time, text).as_bytes(), &signature).ok()?;
    Some(time)
}

fn message(time: u64, text: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{text}")
}
