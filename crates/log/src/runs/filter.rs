//! A Bloom filter: tells for most keys that a chunk does not have them, without reading the chunk.

/// Bits for each key; with as many probes as below, about one key in 1500 is looked for in vain.
const BITS_PER_KEY: usize = 16;
const PROBES: u64 = 8;
/// More than any run has keys for.
const BYTES_MAX: usize = 256 * 1024 * 1024;

/// Which keys may be in a chunk. Its bits are stored, so the way they are set must never change.
#[derive(Debug)]
pub(super) struct Filter {
    bits: Vec<u8>,
}

impl Filter {
    pub(super) fn of(keys: impl ExactSizeIterator<Item = u64>) -> Self {
        let bytes = (keys.len() * BITS_PER_KEY).div_ceil(8).clamp(8, BYTES_MAX);
        let mut filter = Self { bits: vec![0; bytes] };
        for key in keys {
            for (byte, bit) in filter.places(key) {
                if let Some(byte) = filter.bits.get_mut(byte) {
                    *byte |= bit;
                }
            }
        }
        filter
    }

    pub(super) fn from_bytes(bytes: &[u8]) -> Self {
        Self { bits: bytes.to_vec() }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bits
    }

    pub(super) fn may_have(&self, key: u64) -> bool {
        self.places(key).all(|(byte, bit)| self.bits.get(byte).is_some_and(|byte| byte & bit != 0))
    }

    fn places(&self, key: u64) -> impl Iterator<Item = (usize, u8)> + use<> {
        let bits = self.bits.len() as u64 * 8;
        let step = mixed(key) | 1;
        (0..PROBES).map(move |probe| {
            let place = mixed(key.wrapping_add(step.wrapping_mul(probe))) % bits;
            (usize::try_from(place / 8).unwrap_or(usize::MAX), 1 << (place % 8))
        })
    }
}

/// The key of a run of bytes.
pub(super) fn key_of(bytes: &[u8]) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    mixed(bytes.iter().fold(OFFSET, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(PRIME)))
}

/// Spreads the bits of a key (the finaliser of splitmix64).
fn mixed(key: u64) -> u64 {
    let key = (key ^ (key >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let key = (key ^ (key >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    key ^ (key >> 31)
}
