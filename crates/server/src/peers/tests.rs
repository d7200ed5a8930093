//! Addresses that are one peer, and those that are several; and how many connections each may have.

use std::net::IpAddr;

use super::{Peer, Peers};

#[test]
fn addresses_of_one_network_are_one_peer() {
    for (one, other, same) in [
        ("192.0.2.1", "192.0.2.2", false),
        ("192.0.2.1", "::ffff:192.0.2.1", true),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", true),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", false),
        ("::1", "127.0.0.1", false),
    ] {
        let peer = |text: &str| Peer::at(text.parse::<IpAddr>().unwrap());
        assert_eq!(peer(one) == peer(other), same, "{one} {other}");
    }
}

#[test]
fn a_peer_has_so_many_connections_and_another_as_many() {
    let (peers, one, other) = (Peers::default(), Peer::at([192, 0, 2, 1].into()), Peer::at([192, 0, 2, 2].into()));
    let held = [peers.hold(one, 2), peers.hold(one, 2)];
    assert!(held.iter().all(Option::is_some) && peers.hold(one, 2).is_none());
    assert!(peers.hold(other, 2).is_some());
    drop(held);
    assert!(peers.hold(one, 2).is_some() && peers.0.lock().unwrap().is_empty(), "nobody is kept who has none");
    assert!(peers.hold(one, 0).is_none());
}
