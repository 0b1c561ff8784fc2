//! One address of a source on the web: asking for it, and whether what comes is the source's.

use url::Url;

use crate::ingest::aside::aside;
use crate::ingest::fetching::{FetchOutcome, FetchResult, Meta};
use crate::ingest::web::fetch::{Ask, Body, FetchError, Fetched, redacted_url};
use crate::ingest::{Ingest, Source};
use crate::settings::{SourceKind, WebKind};
use tidings_core::moves::Way;
use tidings_reader::html::links;
use tidings_reader::{Document, is_cut, kind_of};
use tidings_store::StoreError;

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
        if !is_page && !is_feed(&body) {
            return Ok(Err(match kind_of(&body.bytes) {
                Some("page") => FetchError::NotAFeed,
                _ => FetchError::Text,
            }));
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
                && self.is_strange(source, &document, follow, fetched).await?
            {
                return Ok(Err(FetchError::Strange(redacted_url(led_to))));
            }
            document.name = self.name_of(source, document.name).await?;
        }
        match follow {
            Some(selector) => {
                self.follow(&ask, &document, selector, source, fetched)
                    .await?;
            }
            None => {
                let further = if is_page {
                    self.further_pages(&ask, &document, fetched).await?
                } else {
                    Vec::new()
                };
                fetched.documents.push(document);
                fetched.documents.extend(further);
            }
        }
        Ok(Ok((FetchOutcome::New(Box::new(meta)), way)))
    }

    /// Whether nothing in a document is this source's, although something of it is known.
    async fn is_strange(
        &self,
        source: &Source,
        document: &Document,
        follow: Option<&str>,
        fetched: &FetchResult,
    ) -> Result<bool, StoreError> {
        let row = self.store.read(|db| db.source_named(source.name())).await?;
        let Some(row) = row.filter(|_| fetched.state.baseline_at.is_some()) else {
            return Ok(false);
        };
        if !self.store.read(|db| db.has_items(row)).await? {
            return Ok(false);
        }
        if let Some(selector) = follow {
            let known = self.store.read(|db| db.documents(row)).await?;
            let links = links::links(document, selector).unwrap_or_default();
            return Ok(!links
                .iter()
                .any(|link| known.contains_key(&redacted_url(link))));
        }
        let planner = self.planner().await?;
        let (document, profile) = (document.clone(), source.profile.clone());
        let drafts = aside(move || planner.drafts(&document, &profile)).await?;
        Ok(!self.store.read(|db| db.knows_one_of(row, &drafts)).await?)
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

fn is_feed(body: &Body) -> bool {
    kind_of(&body.bytes) == Some("feed")
}
