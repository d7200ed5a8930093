//! Names that lead to this machine or to a private network lead nowhere: whoever chooses an address that the server
//! asks must not reach through it what only the server reaches.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// Finds public addresses. What it finds is what is connected to, so that a name cannot lead elsewhere in between.
#[derive(Debug, Default)]
pub(super) struct Outside(DefaultResolver);

impl Resolver for Outside {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        match found.iter().map(|address| address.ip()).find(|ip| !is_public(*ip)) {
            Some(inside) => Err(Error::Other(format!("{inside} is no public address").into())),
            None => Ok(found),
        }
    }
}

/// Whether an address is one of the open network.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// By the registry of special addresses (RFC 6890).
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [first, second, third, _] = ip.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_protocol = first == 192 && second == 0 && third == 0;
    let is_measured = first == 198 && (second == 18 || second == 19);
    let is_reserved = first == 0 || first >= 240;
    !(ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || is_shared
        || is_protocol
        || is_measured
        || is_reserved)
}

/// Only what is handed out as global unicast, and no address that carries a private one in it.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, ..] = ip.segments();
    if let Some(carried) = ip.to_ipv4_mapped() {
        return is_public_v4(carried);
    }
    let is_global = first & 0xe000 == 0x2000;
    let is_6to4_or_teredo = first == 0x2002 || (first == 0x2001 && second == 0);
    let is_documentation =
        first == 0x2001 && second == 0x0db8 || (first == 0x3fff && third < 0x1000 && second < 0x1000);
    is_global && !is_6to4_or_teredo && !is_documentation
}

#[cfg(test)]
mod tests;
