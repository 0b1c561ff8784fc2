//! Which addresses a source may lead to: those of the public internet, unless the operator allows a host by name.

use std::collections::BTreeSet;
use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tidings_core::network::is_public;

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
