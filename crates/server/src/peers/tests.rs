//! Addresses that are one peer, and those that are several.

use std::net::IpAddr;

use super::Peer;

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
