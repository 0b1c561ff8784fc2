//! What a page leads to: the digests of an index, and the further pages of a digest.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::ingest::aside::aside;
use crate::ingest::fetching::FetchResult;
use crate::ingest::web::fetch::{Ask, FetchError, Fetched, name_of_link, redacted_url};
use crate::ingest::{Ingest, Source, hand};
use tidings_core::addresses::redacted_name;
use tidings_core::moves::Way;
use tidings_reader::html::links::{self, Link};
use tidings_reader::{Document, Unreadable};
use tidings_store::{KnownDocument, StoreError};

/// Digests that an index leads to and that are fetched in one pass, and further pages of a digest.
const FOLLOWED: usize = 20;
const FURTHER_PAGES: usize = 5;

/// What is to be asked for of what an index leads to.
#[derive(Default)]
struct Listed {
    /// Digests that aren't known, the newest first.
    new: Vec<(String, Link)>,
    /// Those that couldn't be read so far.
    again: Vec<(String, Link)>,
}

impl Listed {
    fn add_new(&mut self, name: String, link: Link) {
        if self.new.iter().all(|(known, _)| *known != name) {
            self.new.push((name, link));
        }
    }

    /// As many as are fetched in one pass: what nobody has asked for yet, then what was asked for longest ago.
    fn taken(mut self, known: &HashMap<String, KnownDocument>) -> Vec<(String, Link)> {
        self.again
            .sort_by_key(|(name, _)| known.get(name).map(|known| known.tried_at));
        self.new.extend(self.again);
        self.new.truncate(FOLLOWED);
        self.new
    }
}

/// What something that a page leads to is meant to be, and is told by where a redirect leads elsewhere.
#[derive(Clone, Copy)]
enum Meant<'m> {
    /// A further page of an index: it lists something of the source's.
    Index {
        selector: &'m str,
        known: &'m HashMap<String, KnownDocument>,
    },
    /// A digest, or a further page of one: it is headed by the words of the link, or has something of the source's.
    Digest { source: &'m Source, words: &'m str },
}

/// The pages of a digest behind its first one, and the one that didn't come.
pub(in crate::ingest) struct Further {
    pub(in crate::ingest) documents: Vec<Document>,
    pub(in crate::ingest) missing: Option<(String, FetchError)>,
}

impl Ingest {
    /// The digests that an index leads to and that aren't read yet.
    ///
    /// # Errors
    /// [`FetchError::Unreadable`] for an index that leads nowhere.
    pub(in crate::ingest) async fn follow(
        &self,
        ask: &Ask<'_>,
        index: &Document,
        selector: &str,
        source: &Source,
        fetched: &mut FetchResult,
    ) -> Result<Result<(), FetchError>, StoreError> {
        let known = self.known_documents(source).await?;
        let is_first_pass = fetched.state.baseline_at.is_none();
        let listed = match self
            .list(ask, index, selector, source, &known, fetched)
            .await?
        {
            Ok(listed) => listed,
            Err(error) => return Ok(Err(error)),
        };
        for (name, link) in listed.taken(&known) {
            let meant = Meant::Digest {
                source,
                words: &link.words,
            };
            match self.fetch_led_to(ask, &link.to, meant, fetched).await? {
                Ok(mut document) => {
                    let further = self.further_pages(ask, &document, source, fetched).await?;
                    document.name.clone_from(&name);
                    let parts = further.documents.iter();
                    let parts = parts.map(|part| (part.name.clone(), name.clone()));
                    fetched.parts.extend(parts);
                    if let Some((page, why)) = further.missing {
                        let page = redacted_name(&page).into_owned();
                        let why = Box::new(why);
                        fetched
                            .missing
                            .push((name.clone(), FetchError::Further { page, why }));
                    }
                    let is_old = !is_first_pass
                        && (fetched.led_to.contains(&name)
                            || self.was_led_to(source, &name).await?);
                    let documents = if is_old {
                        &mut fetched.old
                    } else {
                        &mut fetched.documents
                    };
                    // They are turned round below.
                    documents.extend(further.documents.into_iter().rev());
                    documents.push(document);
                }
                Err(error) => {
                    let wants_rest = error.wait(self.now()).is_some();
                    fetched.missing.push((name, error));
                    // The others are asked for when the server has had its rest.
                    if wants_rest {
                        break;
                    }
                }
            }
        }
        // An index lists the newest first; they are filed in the order in which they came out.
        fetched.documents.reverse();
        fetched.old.reverse();
        Ok(Ok(()))
    }

    /// What an index and its further pages lead to that isn't read yet.
    async fn list(
        &self,
        ask: &Ask<'_>,
        index: &Document,
        selector: &str,
        source: &Source,
        known: &HashMap<String, KnownDocument>,
        fetched: &mut FetchResult,
    ) -> Result<Result<Listed, FetchError>, StoreError> {
        let mut listed = Listed::default();
        // What couldn't be read and wasn't met yet: digests, and pages of the index.
        let failed = known.iter().filter(|(_, known)| known.failure.is_some());
        let mut awaited: HashSet<&str> = failed.map(|(name, _)| name.as_str()).collect();
        // What stands behind a known digest is older, and only looked through for what is awaited.
        let mut takes_new = true;
        // What stood there at the first pass is no news.
        let mut is_old = fetched.state.baseline_at.is_none();
        let mut is_whole = true;
        let mut page = index.clone();
        let mut seen: HashSet<Url> = index.address.iter().cloned().collect();
        for further in 0..=FURTHER_PAGES {
            let links = match self.links(&page, selector).await? {
                Ok(links) => links,
                // A further page that lists nothing is the end of them.
                Err(_) if further > 0 => break,
                Err(unreadable) => {
                    return Ok(Err(FetchError::Unreadable(unreadable.reason.to_string())));
                }
            };
            // Known by the address that the index names.
            let named = links.into_iter().map(|link| (name_of_link(&link.to), link));
            let mut all_new = true;
            for (name, link) in named {
                awaited.remove(name.as_str());
                match known.get(&name) {
                    Some(document) => {
                        all_new = false;
                        if document.failure.is_some() {
                            listed.again.push((name, link));
                        }
                    }
                    None if takes_new => {
                        if is_old {
                            fetched.led_to.push(name.clone());
                        }
                        listed.add_new(name, link);
                    }
                    None => {}
                }
            }
            let next = self.next_page(&page).await?;
            let Some(next) = next.filter(|next| seen.insert(next.clone())) else {
                break;
            };
            let name = name_of_link(&next);
            let is_awaited = awaited.contains(name.as_str());
            takes_new = is_awaited || takes_new && all_new && listed.new.len() < FOLLOWED;
            if further == FURTHER_PAGES || !takes_new && awaited.is_empty() {
                break;
            }
            is_old |= is_awaited && self.was_led_to(source, &name).await?;
            let meant = Meant::Index { selector, known };
            match self.fetch_led_to(ask, &next, meant, fetched).await? {
                Ok(document) => {
                    if awaited.remove(name.as_str()) {
                        fetched.over.push(name);
                    }
                    page = document;
                }
                Err(error) => {
                    if is_old {
                        fetched.led_to.push(name.clone());
                    }
                    fetched.missing.push((name, error));
                    is_whole = false;
                    break;
                }
            }
        }
        if is_whole {
            // What isn't led to any more is no trouble any more.
            fetched.over.extend(awaited.into_iter().map(str::to_owned));
        }
        Ok(Ok(listed))
    }

    /// The pages of a digest behind its first one.
    pub(in crate::ingest) async fn further_pages(
        &self,
        ask: &Ask<'_>,
        first: &Document,
        source: &Source,
        fetched: &FetchResult,
    ) -> Result<Further, StoreError> {
        let mut further = Further {
            documents: Vec::new(),
            missing: None,
        };
        let mut seen: HashSet<Url> = first.address.iter().cloned().collect();
        let mut next = self.next_page(first).await?;
        for _ in 0..FURTHER_PAGES {
            let Some(link) = next.take().filter(|link| seen.insert(link.clone())) else {
                break;
            };
            let name = name_of_link(&link);
            let meant = Meant::Digest { source, words: "" };
            match self.fetch_led_to(ask, &link, meant, fetched).await? {
                Ok(mut document) => {
                    next = self.next_page(&document).await?;
                    document.name = name;
                    further.documents.push(document);
                }
                Err(error) => further.missing = Some((name, error)),
            }
        }
        Ok(further)
    }

    /// Files the further pages of a page by itself: what stood there at the first pass is no news, though it comes later.
    pub(in crate::ingest) async fn take_further(
        &self,
        source: &Source,
        further: Further,
        fetched: &mut FetchResult,
    ) -> Result<(), StoreError> {
        let known = self.known_documents(source).await?;
        let is_first_pass = fetched.state.baseline_at.is_none();
        let mut is_old = is_first_pass;
        for page in further.documents {
            let was_read = known.get(&page.name).is_some_and(KnownDocument::was_read);
            is_old |= !was_read && self.was_led_to(source, &page.name).await?;
            let is_news = was_read || !is_old;
            if !is_news {
                fetched.led_to.push(page.name.clone());
            }
            if is_news || is_first_pass {
                fetched.documents.push(page);
            } else {
                fetched.old.push(page);
            }
        }
        if let Some((name, error)) = further.missing {
            if is_old {
                fetched.led_to.push(name.clone());
            }
            fetched.missing.push((name, error));
        }
        Ok(())
    }

    async fn was_led_to(&self, source: &Source, name: &str) -> Result<bool, StoreError> {
        let was_led_to = self.store.read(|db| {
            let source = db.source_named(source.name())?;
            source.map_or(Ok(false), |source| db.was_led_to(source, name))
        });
        was_led_to.await
    }

    async fn links(
        &self,
        page: &Document,
        selector: &str,
    ) -> Result<Result<Vec<Link>, Unreadable>, StoreError> {
        let selector = selector.to_owned();
        self.look_into(page, move |page| links::links(page, &selector))
            .await
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

    /// What a page leads to. Where a redirect leads elsewhere, it may be to who signs in or is to pay.
    async fn fetch_led_to(
        &self,
        ask: &Ask<'_>,
        address: &Url,
        meant: Meant<'_>,
        fetched: &FetchResult,
    ) -> Result<Result<Document, FetchError>, StoreError> {
        let (document, way) = match self.fetch_plainly(ask, address).await {
            Ok(came) => came,
            Err(error) => return Ok(Err(error)),
        };
        if let Some(led_to) = leads_elsewhere(address, &way, fetched)
            && !self.is_meant(&document, meant, fetched).await?
        {
            return Ok(Err(FetchError::Strange(redacted_url(led_to))));
        }
        Ok(Ok(document))
    }

    /// Whether a document from elsewhere is what was meant.
    async fn is_meant(
        &self,
        document: &Document,
        meant: Meant<'_>,
        fetched: &FetchResult,
    ) -> Result<bool, StoreError> {
        match meant {
            Meant::Index { selector, known } => {
                let links = self.links(document, selector).await?.unwrap_or_default();
                let is_own = |link: &Link| known.contains_key(&name_of_link(&link.to));
                Ok(links.iter().any(is_own))
            }
            Meant::Digest { source, words } => {
                let words = words.to_owned();
                let is_headed = self.look_into(document, move |document| {
                    Ok(links::is_headed(document, &words))
                });
                if is_headed.await?.unwrap_or(false) {
                    return Ok(true);
                }
                let is_strange = self.is_strange(source, document, None, &fetched.state);
                Ok(!is_strange.await?)
            }
        }
    }

    async fn fetch_plainly(
        &self,
        ask: &Ask<'_>,
        address: &Url,
    ) -> Result<(Document, Way), FetchError> {
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
            Fetched::New(body) => {
                let way = body.way.clone();
                Ok((body.into_document(self.now()), way))
            }
            Fetched::Unchanged { .. } => Err(FetchError::Status(304)),
        }
    }
}

/// Where the redirects of something that a page leads to end, if that is elsewhere.
fn leads_elsewhere<'w>(asked: &Url, way: &'w Way, fetched: &FetchResult) -> Option<&'w Url> {
    let led_to = way.led_to.as_ref()?;
    (!fetched.state.moves.trusts(asked, led_to)).then_some(led_to)
}
