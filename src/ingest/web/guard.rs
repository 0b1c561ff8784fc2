//! Which addresses a source may lead to: those of the public internet, unless the operator allows a host by name.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// Whether an address is of the public internet. What isn't: loopback, private, link-local (where clouds keep their
/// metadata), shared, multicast, documentation, benchmarking, reserved and unspecified ones
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, `…ipv6-special-registry`).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = embedded_v4(address) {
        return is_public_v4(v4);
    }
    let first = address.segments()[0];
    // 2000::/3 is all of global unicast; in it, 2001:db8::/32 and 3fff::/20 are for documentation, 2001::/23 for
    // protocols.
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && address.segments()[1] == 0xdb8)
        && !(first == 0x2001 && address.segments()[1] < 0x200)
        && !(first == 0x3fff && address.segments()[1] < 0x1000)
}

/// The address of the older kind that one of the newer kind stands for: mapped, compatible, NAT64, 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = address.segments();
    let last = Ipv4Addr::from((u32::from(s[6]) << 16) | u32::from(s[7]));
    match s {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(last),
        [0, 0, 0, 0, 0, 0, high, _] if high > 0 => Some(last),
        [0x2002, a, b, ..] => Some(Ipv4Addr::from((u32::from(a) << 16) | u32::from(b))),
        _ => None,
    }
}

/// Looks names up, and leaves out what isn't public: what it lets through is what is connected to.
pub(super) struct Guarded {
    allowed: BTreeSet<String>,
}

impl Guarded {
    pub(super) fn new(allow_private: &[String]) -> Guarded {
        let allowed = allow_private.iter().map(|host| host.to_ascii_lowercase());
        Guarded {
            allowed: allowed.collect(),
        }
    }
}

/// Says that a name has no address that may be fetched from.
#[derive(Debug, thiserror::Error)]
#[error("{0} has no public address")]
pub(super) struct NotPublic(pub(super) String);

impl Resolve for Guarded {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_allowed = self.allowed.contains(&name.to_ascii_lowercase());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found
                .filter(|address| is_allowed || is_public(address.ip()))
                .collect();
            if public.is_empty() {
                return Err(NotPublic(name).into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}
