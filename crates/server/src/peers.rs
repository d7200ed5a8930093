//! Where connections come from.

use std::net::IpAddr;

/// Bits of an address of IPv6 that name a network; whoever has one has all addresses in it.
const NETWORK_BITS: u32 = 64;

/// Whoever is at the other end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    /// At an address; of IPv6, anywhere in its network.
    pub(crate) fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            four @ IpAddr::V4(_) => Self(four),
            IpAddr::V6(six) => Self(IpAddr::from((six.to_bits() & !(u128::MAX >> NETWORK_BITS)).to_be_bytes())),
        }
    }

    /// The address, or the first one of the network.
    pub(crate) fn address(self) -> IpAddr {
        self.0
    }
}

#[cfg(test)]
mod tests;
