//! One address of a source on the web: asking for it, and whether what comes is the source's.

use url::Url;

use crate::ingest::aside::aside;
use crate::ingest::fetching::{FetchOutcome, FetchResult, Meta};
use crate::ingest::plan::Planner;
use crate::ingest::web::fetch::{Ask, FetchError, Fetched, name_of_link, redacted_url};
use crate::ingest::{Ingest, Source};
use crate::settings::{SourceKind, WebKind};
use tidings_core::moves::Way;
use tidings_reader::html::links;
use tidings_reader::{Document, is_cut, kind_of};
use tidings_store::{FetchState, Store, StoreError};

impl Ingest {
    /// Asks one address of a source.
    pub(in crate::ingest) async fn ask(
        &self,
        source: &Source,
        address: &Url,
        kind: WebKind,
        follow: Option<&str>,
        fetched: &mut FetchResult,
    ) -> Result<Result<(FetchOutcome, Way), FetchError>, StoreError> {
        let is_page = kind == WebKind::Page;
        // By other rules, the same document may hold something else.
        let knows = fetched.state.rules_hash == Some(source.profile.hash);
        let (etag, last_modified) = (
            fetched.state.etag.clone(),
            fetched.state.last_modified.clone(),
        );
        let ask = Ask {
            address,
            etag: etag.as_deref().filter(|_| knows),
            last_modified: last_modified.as_deref().filter(|_| knows),
            allow_private: &source.settings.allow_private,
            heed_robots: is_page,
            enough: None,
        };
        let body = match self.fetcher.fetch(&ask).await {
            Ok(Fetched::Unchanged { fresh, way }) => {
                return Ok(Ok((FetchOutcome::Unchanged { fresh }, way)));
            }
            Ok(Fetched::New(body)) => body,
            Err(error) => return Ok(Err(error)),
        };
        if !is_page && let Err(error) = check_feed(&body.bytes) {
            return Ok(Err(error));
        }
        let meta = Meta {
            etag: body.etag.clone(),
            last_modified: body.last_modified.clone(),
            fresh: body.fresh,
            is_whole: body.is_framed || !is_cut(&body.bytes),
        };
        let way = body.way.clone();
        let mut document = body.into_document(self.now());
        if let Some(led_to) = &way.led_to {
            if !fetched.state.moves.trusts(address, led_to)
                && self
                    .is_strange(source, &document, follow, &fetched.state)
                    .await?
            {
                return Ok(Err(FetchError::Strange(redacted_url(led_to))));
            }
            document.name = self.name_of(source, document.name).await?;
        }
        match follow {
            Some(selector) => {
                let followed = self.follow(&ask, &document, selector, source, fetched);
                if let Err(error) = followed.await? {
                    return Ok(Err(error));
                }
            }
            None => {
                let further = match is_page {
                    true => Some(self.further_pages(&ask, &document, source, fetched).await?),
                    false => None,
                };
                fetched.own = Some(document.name.clone());
                fetched.documents.push(document);
                if let Some(further) = further {
                    self.take_further(source, further, fetched).await?;
                }
            }
        }
        Ok(Ok((FetchOutcome::New(Box::new(meta)), way)))
    }

    /// Whether nothing in a document is this source's, although something of it is known.
    pub(super) async fn is_strange(
        &self,
        source: &Source,
        document: &Document,
        follow: Option<&str>,
        state: &FetchState,
    ) -> Result<bool, StoreError> {
        let planner = self.planner().await?;
        is_strange(&self.store, planner, source, document, follow, state).await
    }

    /// The name of a source's document that came by a redirect: the address that the configuration names, unless it is
    /// known by the one that it came from.
    async fn name_of(&self, source: &Source, led_to: String) -> Result<String, StoreError> {
        let SourceKind::Web { url, .. } = &source.settings.kind else {
            return Ok(led_to);
        };
        let known = self.known_documents(source).await?;
        let home = redacted_url(url);
        let is_old = !known.contains_key(&home) && known.contains_key(&led_to);
        Ok(if is_old { led_to } else { home })
    }
}

/// # Errors
/// What comes in a feed's place.
pub(in crate::ingest) fn check_feed(bytes: &[u8]) -> Result<(), FetchError> {
    match kind_of(bytes) {
        Some("feed") => Ok(()),
        Some("page") => Err(FetchError::NotAFeed),
        _ => Err(FetchError::Text),
    }
}

/// Whether nothing in a document is a source's, although something of that is known.
pub(in crate::ingest) async fn is_strange(
    store: &Store,
    planner: Planner,
    source: &Source,
    document: &Document,
    follow: Option<&str>,
    state: &FetchState,
) -> Result<bool, StoreError> {
    let row = store.read(|db| db.source_named(source.name())).await?;
    let Some(row) = row.filter(|_| state.baseline_at.is_some()) else {
        return Ok(false);
    };
    if !store.read(|db| db.has_items(row)).await? {
        return Ok(false);
    }
    if let Some(selector) = follow {
        let known = store.read(|db| db.documents(row)).await?;
        let links = links::links(document, selector).unwrap_or_default();
        return Ok(!links
            .iter()
            .any(|link| known.contains_key(&name_of_link(&link.to))));
    }
    let (document, profile) = (document.clone(), source.profile.clone());
    let drafts = aside(move || planner.drafts(&document, &profile)).await?;
    Ok(!store.read(|db| db.knows_one_of(row, &drafts)).await?)
}
