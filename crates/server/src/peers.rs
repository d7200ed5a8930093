//! Where connections come from, and how many from each place.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

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

/// How many connections each peer has open.
#[derive(Debug, Clone, Default)]
pub(crate) struct Peers(Arc<Mutex<BTreeMap<Peer, usize>>>);

/// A place of a peer, until it is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    peer: Peer,
    peers: Peers,
}

impl Peers {
    /// A place for a connection of a peer; none where it has as many as it may.
    pub(crate) fn hold(&self, peer: Peer, most: usize) -> Option<Held> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let own = open.entry(peer).or_default();
        if *own >= most {
            return None;
        }
        *own += 1;
        Some(Held { peer, peers: self.clone() })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut open = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.peer) {
            *own = own.saturating_sub(1);
            if *own == 0 {
                open.remove(&self.peer);
            }
        }
    }
}

#[cfg(test)]
mod tests;
