//! What a page leads to: the digests of an index, and the further pages of a digest.

use std::collections::HashSet;

use url::Url;

use crate::ingest::aside::aside;
use crate::ingest::fetching::FetchResult;
use crate::ingest::web::fetch::{Ask, Body, FetchError, Fetched, redacted_url};
use crate::ingest::{Ingest, Source, hand};
use tidings_reader::html::links;
use tidings_reader::{Document, Unreadable};
use tidings_store::StoreError;

/// Digests that an index leads to and that are fetched in one pass, and further pages of a digest.
const FOLLOWED: usize = 20;
const FURTHER_PAGES: usize = 5;

impl Ingest {
    /// The digests that an index leads to and that aren't known.
    pub(in crate::ingest) async fn follow(
        &self,
        ask: &Ask<'_>,
        index: &Document,
        selector: &str,
        source: &Source,
        fetched: &mut FetchResult,
    ) -> Result<(), StoreError> {
        let known = self.known_documents(source).await?;
        let is_first_pass = fetched.state.baseline_at.is_none();
        let mut digests: Vec<(String, Url)> = Vec::new();
        let mut page = index.clone();
        let mut seen: HashSet<Url> = index.address.iter().cloned().collect();
        for further in 0..=FURTHER_PAGES {
            let selected = selector.to_owned();
            let found = self.look_into(&page, move |page| links::links(page, &selected));
            let links = match found.await? {
                Ok(links) => links,
                // A further page that lists nothing is the end of them.
                Err(_) if further > 0 => break,
                Err(unreadable) => {
                    let reason = FetchError::Unreadable(unreadable.reason.to_string());
                    fetched.missing.push((index.name.clone(), reason));
                    return Ok(());
                }
            };
            // Known by the address that the index names.
            let named: Vec<_> = links
                .into_iter()
                .map(|link| (redacted_url(&link), link))
                .collect();
            if is_first_pass {
                fetched
                    .led_to
                    .extend(named.iter().map(|(name, _)| name.clone()));
            }
            // What stands behind a known digest is older.
            let all_new = named.iter().all(|(name, _)| !known.contains_key(name));
            let new = named
                .into_iter()
                .filter(|(name, _)| !known.contains_key(name));
            for one in new {
                if digests.iter().all(|(name, _)| *name != one.0) {
                    digests.push(one);
                }
            }
            let next = self.next_page(&page).await?;
            let next = next.filter(|next| seen.insert(next.clone()));
            let Some(next) = next.filter(|_| all_new && digests.len() < FOLLOWED) else {
                break;
            };
            match self.fetch_plainly(ask, &next).await {
                Ok(body) => page = body.into_document(self.now()),
                Err(error) => {
                    fetched.missing.push((redacted_url(&next), error));
                    break;
                }
            }
        }
        for (name, link) in digests.into_iter().take(FOLLOWED) {
            match self.fetch_plainly(ask, &link).await {
                Ok(body) => {
                    let mut document = body.into_document(self.now());
                    let further = self.further_pages(ask, &document, fetched).await?;
                    document.name = name;
                    let was_led_to = self.store.read(|db| {
                        let source = db.source_named(source.name())?;
                        source.map_or(Ok(false), |source| db.was_led_to(source, &document.name))
                    });
                    let documents = if was_led_to.await? {
                        &mut fetched.old
                    } else {
                        &mut fetched.documents
                    };
                    // They are turned round below.
                    documents.extend(further.into_iter().rev());
                    documents.push(document);
                }
                Err(error) => fetched.missing.push((name, error)),
            }
        }
        // An index lists the newest first; they are filed in the order in which they came out.
        fetched.documents.reverse();
        fetched.old.reverse();
        Ok(())
    }

    /// The pages of a digest behind its first one.
    pub(in crate::ingest) async fn further_pages(
        &self,
        ask: &Ask<'_>,
        first: &Document,
        fetched: &mut FetchResult,
    ) -> Result<Vec<Document>, StoreError> {
        let mut documents = Vec::new();
        let mut seen: HashSet<Url> = first.address.iter().cloned().collect();
        let mut next = self.next_page(first).await?;
        for _ in 0..FURTHER_PAGES {
            let Some(link) = next.take().filter(|link| seen.insert(link.clone())) else {
                break;
            };
            match self.fetch_plainly(ask, &link).await {
                Ok(body) => {
                    let document = body.into_document(self.now());
                    next = self.next_page(&document).await?;
                    documents.push(document);
                }
                Err(error) => fetched.missing.push((redacted_url(&link), error)),
            }
        }
        Ok(documents)
    }

    async fn next_page(&self, document: &Document) -> Result<Option<Url>, StoreError> {
        let found = self.look_into(document, |document| Ok(links::next_page(document)));
        Ok(found.await?.unwrap_or_default())
    }

    /// Looks into a document, aside from the threads that answer people.
    async fn look_into<T: Send + 'static>(
        &self,
        document: &Document,
        look: impl FnOnce(&Document) -> Result<T, Unreadable> + Send + 'static,
    ) -> Result<Result<T, Unreadable>, StoreError> {
        let (hand, document) = (self.hand().await?, document.clone());
        let looked = aside(move || {
            let content = hand::content(&document.bytes);
            hand.read(content, document.bytes.len(), || look(&document))
        });
        looked.await
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
