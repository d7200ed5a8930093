//! Where keys and nonces are drawn from: the system, or a seed in ledgers that are made for tests.

use ofrecord_log::Hash;

/// A source of 32 bytes that nobody can guess; for tests, of 32 bytes that are the same each time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entropy {
    /// The system's.
    System,
    /// Made from a seed and from what it is for, so that the same commands make the same entries. Only for tests.
    Seeded(String),
}

/// The system gave no random bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("draw random bytes: {cause}")]
pub struct NoEntropy {
    /// What the system said.
    pub cause: String,
}

impl Entropy {
    /// Draws bytes. What they are for must never be named twice in one ledger, for the sake of the seeded ones.
    ///
    /// # Errors
    /// [`NoEntropy`] when the system has none.
    pub fn draw(&self, purpose: &str) -> Result<[u8; 32], NoEntropy> {
        match self {
            Self::System => {
                let mut bytes = [0; 32];
                getrandom::fill(&mut bytes).map_err(|error| NoEntropy { cause: error.to_string() })?;
                Ok(bytes)
            }
            Self::Seeded(seed) => Ok(Hash::of(format!("{seed}|{purpose}").as_bytes()).0),
        }
    }
}
