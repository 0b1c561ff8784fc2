//! What a page leads to: the digests of an index, and the further pages of a digest.

use std::collections::HashSet;

use url::Url;

use super::Bot;
use super::fetching::Haul;
use crate::documents::{Document, links};
use crate::settings::Source;
use crate::sources::fetch::{Ask, Body, FetchError, Fetched, shown};
use crate::store::StoreError;

/// Digests that an index leads to and that are fetched in one pass, and further pages of a digest.
const FOLLOWED: usize = 20;
const FURTHER_PAGES: usize = 5;

impl Bot {
    /// The digests that an index leads to and that aren't known.
    pub(super) async fn follow(
        &self,
        ask: &Ask<'_>,
        index: &Document,
        selector: &str,
        source: &Source,
        haul: &mut Haul,
    ) -> Result<(), StoreError> {
        let known = self.known_documents(source)?;
        let links = match links::links(index, selector) {
            Ok(links) => links,
            Err(unreadable) => {
                let reason = FetchError::Unreadable(unreadable.reason.to_string());
                haul.missing.push((index.name.clone(), reason));
                return Ok(());
            }
        };
        if haul.state.baseline_at.is_none() {
            haul.led_to = links.iter().map(shown).collect();
        }
        // Known by the address that the index names.
        let new = links.into_iter().map(|link| (shown(&link), link));
        let new = new.filter(|(name, _)| !known.contains_key(name));
        for (name, link) in new.take(FOLLOWED) {
            match self.fetch_plainly(ask, &link).await {
                Ok(body) => {
                    let mut document = body.into_document(self.now());
                    document.name = name;
                    let is_old = self.store.read(|db| {
                        let source = db.source_named(&source.name)?;
                        source.map_or(Ok(false), |source| db.was_led_to(source, &document.name))
                    })?;
                    if is_old {
                        haul.old.push(document);
                    } else {
                        haul.documents.push(document);
                    }
                }
                Err(error) => haul.missing.push((name, error)),
            }
        }
        // An index lists the newest first; they are filed in the order in which they came out.
        haul.documents.reverse();
        haul.old.reverse();
        Ok(())
    }

    /// Further pages of a digest.
    pub(super) async fn turn_pages(&self, ask: &Ask<'_>, first: &Document, haul: &mut Haul) {
        let mut seen: HashSet<Url> = first.address.iter().cloned().collect();
        let mut next = links::next_page(first);
        for _ in 0..FURTHER_PAGES {
            let Some(link) = next.take().filter(|link| seen.insert(link.clone())) else {
                return;
            };
            match self.fetch_plainly(ask, &link).await {
                Ok(body) => {
                    let document = body.into_document(self.now());
                    next = links::next_page(&document);
                    haul.documents.push(document);
                }
                Err(error) => haul.missing.push((shown(&link), error)),
            }
        }
    }

    async fn fetch_plainly(&self, ask: &Ask<'_>, address: &Url) -> Result<Body, FetchError> {
        let mut address = address.clone();
        if address.origin() == ask.address.origin() {
            // The rest of a site asks for the same name and password.
            let _ = address.set_username(ask.address.username());
            let _ = address.set_password(ask.address.password());
        }
        let ask = Ask {
            address: &address,
            etag: None,
            last_modified: None,
            ..ask.clone()
        };
        match self.fetcher.fetch(&ask).await? {
            Fetched::New(body) => Ok(*body),
            Fetched::Unchanged { .. } => Err(FetchError::Status(304)),
        }
    }
}
