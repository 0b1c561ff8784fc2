//! A source tried once, for `tidings check`: the plan of a pass is made as ever, and shown instead of applied.

use std::collections::HashSet;
use std::path::Path;

use jiff::ToSpan;
use jiff::tz::TimeZone;
use url::Url;

use super::folder::{self, FileStat};
use super::plan::{Fresh, Made, Planner, Read};
use super::web::asking::{check_feed, is_strange};
use super::web::fetch::{Ask, FetchError, Fetched, Fetcher, redacted_url};
use super::{Recheck, Source};
use crate::settings::{SourceKind, WebKind};
use tidings_core::addresses::redacted_name;
use tidings_core::moves::Way;
use tidings_core::section::Placement;
use tidings_reader::html::links;
use tidings_reader::{Document, Unreadable, is_cut, on_own_stack};
use tidings_store::Store;

/// Headlines that are shown of a source.
const HEADLINES: usize = 3;

/// What a source would load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DryRun {
    /// Documents, those that can't be read among them.
    pub documents: usize,
    /// Items.
    pub items: usize,
    /// Entries that the source doesn't want.
    pub ignored: usize,
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

impl DryRun {
    /// Reads all documents of a folder.
    ///
    /// # Errors
    /// The system's, if the folder can't be listed.
    pub fn of_folder(planner: &Planner, source: &Source, path: &Path) -> std::io::Result<DryRun> {
        let mut trial = DryRun::default();
        for look in folder::list(path)? {
            trial.documents += 1;
            let read = || planner.read(look, None, &source.profile, Recheck::Content);
            let Read::Fresh(fresh) = on_own_stack(read)? else {
                continue;
            };
            trial.add(planner, source, &fresh);
        }
        Ok(trial)
    }

    /// Fetches a source once and reads what comes, beside what a store knows of it; `None` for folders.
    ///
    /// # Errors
    /// What is wrong with it.
    pub async fn of_web(
        planner: &Planner,
        fetcher: &Fetcher,
        source: &Source,
        store: Option<&Store>,
    ) -> Result<Option<DryRun>, FetchError> {
        let SourceKind::Web { url, kind, follow } = &source.settings.kind else {
            return Ok(None);
        };
        let ask = Ask {
            address: url,
            etag: None,
            last_modified: None,
            allow_private: &source.settings.allow_private,
            heed_robots: *kind == WebKind::Page,
            enough: None,
        };
        let mut trial = DryRun {
            documents: 1,
            ..DryRun::default()
        };
        let unreadable = |wrong: &Unreadable| FetchError::Unreadable(wrong.reason.to_string());
        let own = Own {
            planner,
            source,
            store,
            home: url,
        };
        let (mut document, way) = trial.get(planner, fetcher, &ask).await?;
        if *kind == WebKind::Feed {
            check_feed(&document.bytes)?;
        }
        own.check(&ask, &document, &way, follow.as_deref()).await?;
        if let Some(selector) = follow {
            let found = links::links(&document, selector).map_err(|wrong| unreadable(&wrong))?;
            trial.odd.push(format!(
                "it leads to {} digests; the first of them was read",
                found.len()
            ));
            if let Some(first) = found.first() {
                let ask = Ask {
                    address: &first.to,
                    ..ask
                };
                let way;
                (document, way) = trial.get(planner, fetcher, &ask).await?;
                if !links::is_headed(&document, &first.words) {
                    own.check(&ask, &document, &way, None).await?;
                }
            }
        }
        if *kind == WebKind::Feed && is_cut(&document.bytes) {
            trial.odd.push("it breaks off before its end".to_owned());
        }
        if *kind == WebKind::Page
            && let Some(next) = links::next_page(&document)
        {
            trial
                .odd
                .push(format!("it goes on at {}", redacted_url(&next)));
        }
        let look = FileStat::in_memory(&document);
        let read = || planner.read_bytes(look, document, None, &source.profile, Recheck::Content);
        let read = on_own_stack(read).map_err(|error| FetchError::Unreadable(error.to_string()))?;
        if let Read::Fresh(fresh) = read {
            if let Err(wrong) = &fresh.drafts {
                return Err(unreadable(wrong));
            }
            trial.add(planner, source, &fresh);
        }
        if trial.items + trial.ignored == 0 {
            trial.odd.push("it holds no item at present".to_owned());
        }
        Ok(Some(trial))
    }

    async fn get(
        &mut self,
        planner: &Planner,
        fetcher: &Fetcher,
        ask: &Ask<'_>,
    ) -> Result<(Document, Way), FetchError> {
        match fetcher.fetch(ask).await? {
            Fetched::Unchanged { .. } => Err(FetchError::Status(304)),
            Fetched::New(body) => {
                let way = body.way.clone();
                if let Some(to) = &body.way.moved_to {
                    let moved = format!("it has moved for good, to {}", redacted_url(to));
                    self.odd.push(moved);
                }
                Ok((body.into_document(planner.now), way))
            }
        }
    }

    /// Takes in what a document holds.
    fn add(&mut self, planner: &Planner, source: &Source, fresh: &Fresh) {
        if let Some(wrong) = fresh.trouble() {
            let why = match wrong.line {
                0 => wrong.reason.to_string(),
                _ => wrong.to_string(),
            };
            let name = redacted_name(&fresh.look.name);
            self.unread.push(format!("{name}: {why}"));
        }
        let Ok(made) = &fresh.drafts else { return };
        self.items += made.drafts.len();
        self.ignored += made.ignored;
        for prepared in &made.drafts {
            let (slug, is_new) = match &prepared.placement {
                Placement::New(section) => (section.slug.as_str(), true),
                Placement::Existing(id) => {
                    let section = planner.catalogue.get(*id);
                    (section.map_or("more", |s| s.slug.as_str()), false)
                }
            };
            match self.sections.iter_mut().find(|(known, ..)| known == slug) {
                Some((_, items, _)) => *items += 1,
                None => self.sections.push((slug.to_owned(), 1, is_new)),
            }
            let day = prepared.published.day(&TimeZone::UTC).to_string();
            if self.headlines.len() < HEADLINES {
                self.headlines
                    .push(format!("{} ({day}, {slug})", prepared.draft.title));
            }
            let (oldest, newest) = self.days.get_or_insert((day.clone(), day.clone()));
            if day < *oldest {
                oldest.clone_from(&day);
            }
            if day > *newest {
                *newest = day;
            }
        }
        self.add_oddities(planner, source, made);
    }

    fn add_oddities(&mut self, planner: &Planner, source: &Source, made: &Made) {
        let tomorrow = planner.now.checked_add(24.hours()).unwrap_or(planner.now);
        let drafts = || made.drafts.iter().map(|prepared| &prepared.draft);
        // What is usual in digests is odd in what the web serves.
        if source.folder().is_none() {
            let undated = made.drafts.iter().filter(|p| p.draft.published.is_none());
            let day = undated.clone().find_map(|prepared| prepared.written);
            let undated = undated.count();
            if undated > 0 {
                self.odd.push(format!(
                    "{} no date of {} own, and {} {}",
                    have(undated),
                    if undated == 1 { "its" } else { "their" },
                    if undated == 1 { "gets" } else { "get" },
                    day.map_or_else(
                        || "the day on which we first see it".to_owned(),
                        |day| day.to_string()
                    )
                ));
            }
            let unlinked = drafts().filter(|draft| draft.link.is_none()).count();
            if unlinked > 0 {
                self.odd.push(format!("{} no link", have(unlinked)));
            }
        }
        let days = drafts().filter_map(|draft| draft.published);
        let early = days
            .filter(|day| day.seconds() > tomorrow.as_second())
            .count();
        if early > 0 {
            self.odd
                .push(format!("{} a date in the future", have(early)));
        }
        let mut ids = HashSet::new();
        let named = drafts().filter_map(|draft| draft.feed_id.as_ref());
        let shared = named.filter(|id| !ids.insert(*id)).count();
        if shared > 0 {
            self.odd.push(format!(
                "{} an identifier that another one has; link and title tell them apart",
                have(shared)
            ));
        }
    }
}

/// Whose a document may be.
struct Own<'t> {
    planner: &'t Planner,
    source: &'t Source,
    store: Option<&'t Store>,
    home: &'t Url,
}

impl Own<'_> {
    /// # Errors
    /// [`FetchError::Strange`] where redirects led to what no pass would read.
    async fn check(
        &self,
        ask: &Ask<'_>,
        document: &Document,
        way: &Way,
        follow: Option<&str>,
    ) -> Result<(), FetchError> {
        let (Some(store), Some(led_to)) = (self.store, &way.led_to) else {
            return Ok(());
        };
        let (name, home) = (self.source.name(), self.home.as_str());
        // What is wrong with the store is said elsewhere.
        let Ok(state) = store.read(|db| db.fetch_state(name, home)).await else {
            return Ok(());
        };
        if state.moves.trusts(ask.address, led_to) {
            return Ok(());
        }
        let planner = self.planner.clone();
        match is_strange(store, planner, self.source, document, follow, &state).await {
            Ok(true) => Err(FetchError::Strange(redacted_url(led_to))),
            Ok(false) | Err(_) => Ok(()),
        }
    }
}

fn have(items: usize) -> String {
    match items {
        1 => "1 item has".to_owned(),
        _ => format!("{items} items have"),
    }
}
