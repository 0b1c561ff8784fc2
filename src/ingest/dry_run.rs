//! A source tried once, for `tidings check`: what it would load, and what is odd about it. Nothing is stored.

use std::collections::HashSet;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::ingest::hand::Hand;
use crate::ingest::web::fetch::{Ask, FetchError, Fetched, Fetcher, shown};
use crate::ingest::{ReadingProfile, document_of, folder, hand};
use crate::settings::{Settings, Source, SourceKind, WebKind};
use tidings_core::item::Published;
use tidings_core::section::{Catalogue, Placement};
use tidings_reader::html::links;
use tidings_reader::{Document, Page, Reason, Unreadable, is_cut, on_own_stack};

/// Headlines that are shown of a source.
const HEADLINES: usize = 3;

/// What a source would load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// Documents, those that can't be read among them.
    pub documents: usize,
    /// Items.
    pub items: usize,
    /// The sections that they would be filed under, in their order: slug, items, whether there is no such section yet.
    pub sections: Vec<(String, usize, bool)>,
    /// The days of the oldest and of the newest one.
    pub days: Option<(String, String)>,
    /// The headlines of the first ones.
    pub headlines: Vec<String>,
    /// What an operator may want to look at.
    pub odd: Vec<String>,
    /// Documents that can't be read, with the reason.
    pub unread: Vec<String>,
}

/// What it takes to try sources.
pub struct DryRuns<'t> {
    /// The configuration.
    pub settings: &'t Settings,
    /// The sections there are, or would be.
    pub catalogue: &'t Catalogue,
    /// What is known of documents at which processes ended.
    pub hand: &'t Hand,
    /// Said to be the present.
    pub now: Timestamp,
}

impl DryRuns<'_> {
    /// Reads all documents of a folder.
    ///
    /// # Errors
    /// The system's, if the folder can't be listed.
    pub fn try_folder(&self, source: &Source, path: &Path) -> std::io::Result<DryRun> {
        let mut trial = DryRun::default();
        let reading = self.reading(source);
        for look in folder::list(path)? {
            trial.documents += 1;
            let read = document_of(&look, self.now);
            let page = read.and_then(|document| self.read(&document, &reading));
            let page = page.map_err(|wrong| match wrong.line {
                0 => wrong.reason.to_string(),
                _ => wrong.to_string(),
            });
            match page {
                Ok(page) => self.add(&page, source, &reading, &mut trial),
                Err(why) => trial.unread.push(format!("{}: {why}", look.name)),
            }
        }
        Ok(trial)
    }

    /// Fetches a source once and reads what comes; `None` for folders.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn try_source(
        &self,
        fetcher: &Fetcher,
        source: &Source,
    ) -> Result<Option<DryRun>, FetchError> {
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
        let mut trial = DryRun {
            documents: 1,
            ..DryRun::default()
        };
        let unreadable = |wrong: Unreadable| FetchError::Unreadable(wrong.reason.to_string());
        let mut document = self.get(fetcher, &ask, &mut trial).await?;
        if let Some(selector) = follow {
            let found = links::links(&document, selector).map_err(unreadable)?;
            trial.odd.push(format!(
                "it leads to {} digests; the first of them was read",
                found.len()
            ));
            if let Some(first) = found.first() {
                let ask = Ask {
                    address: first,
                    ..ask
                };
                document = self.get(fetcher, &ask, &mut trial).await?;
            }
        }
        let reading = self.reading(source);
        let page = self.read(&document, &reading).map_err(unreadable)?;
        self.add(&page, source, &reading, &mut trial);
        if *kind == WebKind::Feed && is_cut(&document.bytes) {
            trial.odd.push("it breaks off before its end".to_owned());
        }
        if *kind == WebKind::Page
            && let Some(next) = links::next_page(&document)
        {
            trial.odd.push(format!("it goes on at {}", shown(&next)));
        }
        if page.drafts.is_empty() {
            trial.odd.push("it holds no item at present".to_owned());
        }
        Ok(Some(trial))
    }

    fn read(&self, document: &Document, reading: &ReadingProfile) -> Result<Page, Unreadable> {
        let content = hand::content(&document.bytes);
        let parse = || tidings_reader::parse(document, &reading.rules);
        on_own_stack(|| self.hand.read(content, document.bytes.len(), parse)).unwrap_or_else(
            |error| {
                Err(Unreadable {
                    line: 0,
                    reason: Reason::Io(error.to_string()),
                })
            },
        )
    }

    fn reading(&self, source: &Source) -> ReadingProfile {
        ReadingProfile::of(source, &self.settings.definitions(), self.settings)
    }

    async fn get(
        &self,
        fetcher: &Fetcher,
        ask: &Ask<'_>,
        trial: &mut DryRun,
    ) -> Result<Document, FetchError> {
        match fetcher.fetch(ask).await? {
            Fetched::Unchanged { .. } => Err(FetchError::Status(304)),
            Fetched::New(body) => {
                if let Some(to) = &body.way.moved_to {
                    trial
                        .odd
                        .push(format!("it has moved for good, to {}", shown(to)));
                }
                Ok(body.into_document(self.now))
            }
        }
    }

    /// Takes in what a document holds.
    fn add(&self, page: &Page, source: &Source, reading: &ReadingProfile, trial: &mut DryRun) {
        let section = source.section.as_ref();
        let section = section.and_then(|slug| self.catalogue.by_slug(slug.as_str()));
        let tomorrow = self.now.checked_add(24.hours()).unwrap_or(self.now);
        let today = Published::Date(self.now.to_zoned(reading.zone.clone()).date());
        let mut ids = HashSet::new();
        let (mut undated, mut unlinked, mut early, mut shared) = (0, 0, 0, 0);
        for draft in &page.drafts {
            let placed = self
                .catalogue
                .place(draft, section.map(|section| section.id));
            let (slug, is_new) = match &placed {
                Some(Placement::New(section)) => (section.slug.as_str(), true),
                Some(Placement::Existing(id)) => (
                    self.catalogue.get(*id).map_or("more", |s| s.slug.as_str()),
                    false,
                ),
                None => ("more", false),
            };
            match trial.sections.iter_mut().find(|(known, ..)| known == slug) {
                Some((_, items, _)) => *items += 1,
                None => trial.sections.push((slug.to_owned(), 1, is_new)),
            }
            let published = draft.published.or(page.published).unwrap_or(today);
            let day = published.day(&TimeZone::UTC).to_string();
            if trial.headlines.len() < HEADLINES {
                trial
                    .headlines
                    .push(format!("{} ({day}, {slug})", draft.title));
            }
            let (oldest, newest) = trial.days.get_or_insert((day.clone(), day.clone()));
            if day < *oldest {
                oldest.clone_from(&day);
            }
            if day > *newest {
                *newest = day;
            }
            undated += usize::from(draft.published.is_none());
            unlinked += usize::from(draft.link.is_none());
            early += usize::from(published.seconds() > tomorrow.as_second());
            shared += usize::from(draft.feed_id.as_ref().is_some_and(|id| !ids.insert(id)));
        }
        trial.items += page.drafts.len();
        // What is usual in digests is odd in what the web serves.
        if matches!(source.kind, SourceKind::Web { .. }) {
            if undated > 0 {
                trial.odd.push(format!(
                    "{} no date of {} own, and {} {}",
                    have(undated),
                    if undated == 1 { "its" } else { "their" },
                    if undated == 1 { "gets" } else { "get" },
                    page.published.map_or_else(
                        || "the day on which we first see it".to_owned(),
                        |day| day.to_string()
                    )
                ));
            }
            if unlinked > 0 {
                trial.odd.push(format!("{} no link", have(unlinked)));
            }
        }
        if early > 0 {
            trial
                .odd
                .push(format!("{} a date in the future", have(early)));
        }
        if shared > 0 {
            trial.odd.push(format!(
                "{} an identifier that another one has; link and title tell them apart",
                have(shared)
            ));
        }
    }
}

fn have(items: usize) -> String {
    match items {
        1 => "1 item has".to_owned(),
        _ => format!("{items} items have"),
    }
}
