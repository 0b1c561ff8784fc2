//! A source on the web tried once, for `tidings check`: what it would load, and what is odd about it. Nothing is stored.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::documents::{self, Document, Page, links};
use crate::settings::{Settings, Source, SourceKind, WebKind};
use crate::sources::Reading;
use crate::sources::fetch::{Ask, FetchError, Fetched, Fetcher, shown};

/// What a source would load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trial {
    /// Items.
    pub items: usize,
    /// The headings they stand under, in their order.
    pub headings: Vec<String>,
    /// The days of the oldest and of the newest one.
    pub days: Option<(String, String)>,
    /// What an operator may want to look at.
    pub odd: Vec<String>,
}

/// Fetches a source once and reads what comes; `None` for folders.
///
/// # Errors
/// What is wrong with it, in words.
pub async fn try_source(
    fetcher: &Fetcher,
    settings: &Settings,
    source: &Source,
    now: Timestamp,
) -> Result<Option<Trial>, String> {
    let SourceKind::Web { url, kind, follow } = &source.kind else {
        return Ok(None);
    };
    let ask = Ask {
        address: url,
        etag: None,
        last_modified: None,
        allow_private: &source.allow_private,
        heed_robots: *kind == WebKind::Page,
        enough: None,
    };
    let said = |error: FetchError| error.to_string();
    let mut trial = Trial::default();
    let mut document = get(fetcher, &ask, now, &mut trial).await.map_err(said)?;
    if let Some(selector) = follow {
        let found = links::links(&document, selector).map_err(|wrong| wrong.reason.to_string())?;
        trial.odd.push(format!(
            "it leads to {} digests; the first of them was read",
            found.len()
        ));
        if let Some(first) = found.first() {
            let ask = Ask {
                address: first,
                ..ask
            };
            document = get(fetcher, &ask, now, &mut trial).await.map_err(said)?;
        }
    }
    let reading = Reading::of(source, &super::definitions(settings), &settings.fetch);
    let page = documents::parse(&document, &reading.rules)
        .map_err(|unreadable| unreadable.reason.to_string())?;
    describe(&page, &mut trial);
    Ok(Some(trial))
}

async fn get(
    fetcher: &Fetcher,
    ask: &Ask<'_>,
    now: Timestamp,
    trial: &mut Trial,
) -> Result<Document, FetchError> {
    match fetcher.fetch(ask).await? {
        Fetched::Unchanged { .. } => Err(FetchError::Status(304)),
        Fetched::New(body) => {
            if let Some(to) = &body.moved_to {
                trial
                    .odd
                    .push(format!("it has moved for good, to {}", shown(to)));
            }
            Ok(body.into_document(now))
        }
    }
}

fn describe(page: &Page, trial: &mut Trial) {
    trial.items = page.drafts.len();
    for heading in page
        .drafts
        .iter()
        .filter_map(|draft| draft.heading.as_deref())
    {
        if !trial.headings.iter().any(|known| known == heading) {
            trial.headings.push(heading.to_owned());
        }
    }
    let days = page.drafts.iter().map(|draft| {
        draft
            .published
            .unwrap_or(page.published)
            .day(&TimeZone::UTC)
    });
    let (oldest, newest) = (days.clone().min(), days.max());
    trial.days = oldest
        .zip(newest)
        .map(|(a, b)| (a.to_string(), b.to_string()));
    let without =
        |what: fn(&documents::Draft) -> bool| page.drafts.iter().filter(|d| what(d)).count();
    let (undated, unlinked) = (
        without(|draft| draft.published.is_none()),
        without(|draft| draft.link.is_none()),
    );
    if undated > 0 {
        trial.odd.push(format!(
            "{undated} of them have no date of their own; they get {}",
            page.published
        ));
    }
    if unlinked > 0 {
        trial.odd.push(format!("{unlinked} of them have no link"));
    }
    if page.drafts.is_empty() {
        trial.odd.push("it holds no item at present".to_owned());
    }
}
