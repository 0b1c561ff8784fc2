//! The archive: what is asked for is looked up in one transaction, through connections of its own, so that no reader delays a
//! delivery.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::Body;
use axum::http::{HeaderMap, Method, Response, StatusCode, Uri};
use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, html};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

use super::address::{Asked, Fed, LONGEST_PATH, LONGEST_QUERY, Of};
use super::answer::{Answer, HTML, Ready, accepts_gzip};
use super::entries;
use super::kept::Kept;
use super::lookup::Missing;
use super::pages::{Head, next_of, sentence};
use super::site::behind;
use super::site::{PAGE, Site, Writing, day_path, feed_path};
use super::sitemap;
use super::style::{style, style_path};
use crate::task::Clock;
use tidings_core::bounds::{SEARCH_LENGTH, SEARCH_WORDS};
use tidings_core::channel::Defaults;
use tidings_core::ids::ItemId;
use tidings_core::item::Place;
use tidings_core::language::Texts;
use tidings_core::pages::{Pages, item_path, search_path, section_path};
use tidings_core::platform::{ChatPlatform, FollowLink};
use tidings_core::search::{self, Query};
use tidings_core::section::{Definition, Section};
use tidings_store::{
    Catalogues, Dated, Direction, Numbered, OpenMode, ReadTx, Store, StoreAddress, StoreError,
    Stretch,
};

/// Questions at a time: as many as the store has connections for readers. The others wait without keeping a thread.
const AT_A_TIME: usize = 2;

/// What is served.
pub struct Archive {
    store: Arc<Store>,
    catalogues: Catalogues,
    texts: Arc<Texts>,
    clock: Arc<Clock>,
    site: Site,
    platforms: Vec<Arc<dyn ChatPlatform>>,
    asking: Semaphore,
    kept: Kept,
    /// What the sections hold, and when that was seen first: a list changes as well when something leaves it.
    held: Mutex<(u64, Timestamp)>,
}

/// What an archive is told of the rest.
pub struct Told {
    /// Where people see it.
    pub pages: Pages,
    /// Language and zone.
    pub defaults: Defaults,
    /// What readers call the sources whose label is configured.
    pub labels: BTreeMap<String, String>,
    /// The sections as the configuration has them.
    pub definitions: Vec<Definition>,
    /// The platforms that run, where sections can be followed.
    pub platforms: Vec<Arc<dyn ChatPlatform>>,
}

fn stopping() -> Answer {
    Answer::plain(StatusCode::SERVICE_UNAVAILABLE, "stopping")
}

impl Archive {
    /// Of a store that is there already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        address: &StoreAddress,
        texts: Arc<Texts>,
        clock: Arc<Clock>,
        told: Told,
    ) -> Result<Archive, StoreError> {
        let store = Arc::new(Store::open_at(address, OpenMode::Look)?);
        let now = clock.now();
        Ok(Archive {
            catalogues: Catalogues::new(store.clone(), told.definitions),
            store,
            texts,
            clock,
            site: Site {
                pages: told.pages,
                defaults: told.defaults,
                labels: told.labels,
                style: style_path(),
            },
            platforms: told.platforms,
            asking: Semaphore::new(AT_A_TIME),
            kept: Kept::default(),
            held: Mutex::new((0, now)),
        })
    }

    /// Answers a request.
    pub(super) async fn answer(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let (path, query) = (uri.path(), uri.query().unwrap_or_default());
        if *method != Method::GET && *method != Method::HEAD {
            let answer = Answer::plain(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD");
            return answer.send(method, headers);
        }
        if path.len() > LONGEST_PATH || query.len() > LONGEST_QUERY {
            let answer = Answer::plain(StatusCode::URI_TOO_LONG, "too long");
            return answer.send(method, headers);
        }
        let asked = Asked::read(path, query);
        let ready = self.ready(asked, accepts_gzip(headers)).await;
        ready.send(method, headers)
    }

    /// What was answered already, as long as nothing has changed since, or what is looked up.
    async fn ready(&self, asked: Option<Asked>, is_welcome: bool) -> Arc<Ready> {
        let (Some(asked), Ok(version)) = (asked.clone(), self.store.data_version().await) else {
            return Arc::new(self.made(asked.as_ref()).await.ready(is_welcome));
        };
        let key = (asked, is_welcome);
        if let Some(known) = self.kept.find(version, &key, self.clock.now()) {
            return known;
        }
        let Ok(_permit) = self.asking.acquire().await else {
            return Arc::new(stopping().ready(is_welcome));
        };
        let now = self.clock.now();
        // Somebody else may have asked the same while this waited.
        if let Some(known) = self.kept.find(version, &key, now) {
            return known;
        }
        let ready = Arc::new(self.looked_up(Some(&key.0)).await.ready(is_welcome));
        if ready.is_found() {
            self.kept.keep(version, key, &ready, now);
        }
        ready
    }

    async fn made(&self, asked: Option<&Asked>) -> Answer {
        let Ok(_permit) = self.asking.acquire().await else {
            return stopping();
        };
        self.looked_up(asked).await
    }

    async fn looked_up(&self, asked: Option<&Asked>) -> Answer {
        let made = self.store.ask(|db| self.look_up(db, asked)).await;
        match made {
            Ok(answer) => answer,
            Err(StoreError::TooMuch) => {
                let say = self.texts.localizer(self.site.defaults.locale);
                Answer::plain(
                    StatusCode::SERVICE_UNAVAILABLE,
                    &say.text("web-too-long", &[]),
                )
            }
            Err(error) => {
                tracing::error!(%error, "a page of the archive can't be made");
                Answer::plain(
                    StatusCode::INTERNAL_SERVER_ERROR,
                    "something went wrong here",
                )
            }
        }
    }

    fn look_up(&self, db: &ReadTx<'_>, asked: Option<&Asked>) -> Result<Answer, StoreError> {
        let (catalogue, left) = (self.catalogues.within(db)?, db.left_empty()?);
        let writing = Writing {
            site: &self.site,
            catalogue: &catalogue,
            texts: &self.texts,
            db,
            left: &left,
            now: self.clock.now(),
        };
        let Some(asked) = asked else {
            return Ok(writing.missing());
        };
        match asked {
            Asked::List(of, after) => self.list(&writing, of, *after),
            Asked::Item(id) => self.item(&writing, *id),
            Asked::Search(words, after) => self.search(&writing, words, *after),
            Asked::Feed(fed, form, after) => {
                let fed = match self.fed(&writing, fed) {
                    Ok(fed) => fed,
                    Err(missing) => {
                        let moved = |slug: &str| {
                            let fed = Fed::Section(slug.to_owned());
                            let there = self.site.pages.url(&feed_path(&fed, *form));
                            after.map_or(there.clone(), |after| behind(&there, after))
                        };
                        return writing.absent(missing?, &moved);
                    }
                };
                let Some(after) = writing.place(*after)? else {
                    return Ok(writing.missing());
                };
                let Some(found) = entries::found(&writing, &fed, after)? else {
                    return Ok(writing.missing());
                };
                let mut answer = entries::feed(&writing, &fed, *form, after, &found)?;
                answer.modified = Some(self.changed(db, found.iter())?);
                Ok(answer)
            }
            Asked::Everything(after) => {
                let all = self.site.pages.url("/");
                let all = after.map_or(all.clone(), |after| behind(&all, after));
                Ok(Answer::moved(all))
            }
            Asked::Sitemap => sitemap::whole(&writing),
            Asked::Month(year, month, after) => {
                let Some(after) = writing.place(*after)? else {
                    return Ok(writing.missing());
                };
                Ok(sitemap::month(&writing, *year, *month, after)?
                    .unwrap_or_else(|| writing.missing()))
            }
            Asked::Robots => Ok(Answer::new(
                "text/plain; charset=utf-8",
                format!(
                    "User-agent: *\nDisallow: /search\nDisallow: /dashboard\nSitemap: {}\n",
                    writing.url("/sitemap.xml")
                ),
            )),
            Asked::Style(hash) if self.site.style == format!("/style-{hash}.css") => Ok(style()),
            Asked::Style(_) => Ok(writing.missing()),
        }
    }

    /// When a list changed last: its items, or what the sections hold.
    fn changed<'d>(
        &self,
        db: &ReadTx<'_>,
        shown: impl Iterator<Item = &'d Dated>,
    ) -> Result<Timestamp, StoreError> {
        let holds = db.sections_digest()?;
        let now = self.clock.now();
        let seen = {
            let mut held = self.held.lock();
            if held.0 != holds {
                // The first look tells nothing of what was before.
                *held = (holds, if held.0 == 0 { held.1 } else { now });
            }
            held.1
        };
        Ok(shown
            .map(Dated::updated)
            .fold(seen, Timestamp::max)
            .min(now.max(seen)))
    }

    fn fed(&self, writing: &Writing<'_>, fed: &Fed) -> Result<Fed, Result<Missing, StoreError>> {
        match fed {
            Fed::Section(slug) => match writing.section(slug) {
                Ok(Ok(section)) => Ok(Fed::Section(section.slug.to_string())),
                Ok(Err(missing)) => Err(Ok(missing)),
                Err(error) => Err(Err(error)),
            },
            other => Ok(other.clone()),
        }
    }

    fn list(
        &self,
        writing: &Writing<'_>,
        of: &Of,
        after: Option<ItemId>,
    ) -> Result<Answer, StoreError> {
        let zone = self.site.defaults.timezone.tz();
        let section = match of {
            Of::Section(slug) => match writing.section(slug)? {
                Ok(section) => Some(section),
                Err(missing) => {
                    let moved = |slug: &str| {
                        let there = self.site.pages.section(slug);
                        after.map_or(there.clone(), |after| behind(&there, after))
                    };
                    return writing.absent(missing, &moved);
                }
            },
            _ => None,
        };
        let Some(after_place) = writing.place(after)? else {
            return Ok(writing.missing());
        };
        let stretch = Stretch {
            section: section.map(|section| section.id),
            day: match of {
                Of::Day(date) => Some((*date, zone)),
                _ => None,
            },
        };
        let mut found = writing.db.stories(&stretch, after_place, PAGE + 1)?;
        let is_more = found.len() > PAGE;
        found.truncate(PAGE);
        let changed = self.changed(writing.db, found.iter())?;
        let rows = writing.rows_of(found)?;
        let path = match of {
            Of::All => "/".to_owned(),
            Of::Section(slug) => section_path(slug),
            Of::Day(date) => day_path(*date),
        };
        let next = next_of(&path, &rows, is_more);
        let own = after.map(|after| super::site::behind(&path, after));
        let title = match (section, of) {
            (Some(section), _) => writing.title(section),
            (None, Of::Day(date)) => writing.whole_day(*date),
            _ => writing.text("latest-of-all"),
        };
        let fed = match section {
            Some(section) => Fed::Section(section.slug.to_string()),
            None => Fed::All,
        };
        let mut notes = Vec::new();
        if rows.is_empty() && after.is_none() {
            notes.push(match (section, of) {
                (Some(_), _) => {
                    let values = [("title", (&title).into())];
                    writing.say().text("latest-empty-section", &values)
                }
                (None, Of::Day(_)) => writing.text("web-day-empty"),
                _ => writing.text("latest-empty"),
            });
        }
        let follows = match section {
            Some(section) => self.follows(writing, section)?,
            None => Vec::new(),
        };
        let main = html! {
            (writing.heading(&title, &notes))
            @match of {
                Of::Day(_) => { (writing.rows(&rows, false)) }
                _ => { (writing.by_day(&rows, section.is_none())) }
            }
            (writing.older(next.as_deref()))
            @match of {
                Of::Day(date) => { (self.neighbours(writing, *date)?) }
                _ => { (writing.follow(&title, &fed, &follows)) }
            }
        };
        let head = Head {
            path: Some(own.as_deref().unwrap_or(&path)),
            fed,
            next: next.as_deref(),
            ..Head::new(&title)
        };
        Ok(Answer {
            modified: Some(changed),
            ..Answer::new(HTML, writing.page(&head, &main))
        })
    }

    fn neighbours(&self, writing: &Writing<'_>, date: Date) -> Result<Markup, StoreError> {
        let zone = self.site.defaults.timezone.tz();
        let beside = |direction| writing.db.day_beside(date, zone, direction);
        Ok(writing.neighbours(beside(Direction::Earlier)?, beside(Direction::Later)?))
    }

    fn item(&self, writing: &Writing<'_>, id: ItemId) -> Result<Answer, StoreError> {
        let dated = match writing.db.standing(id)? {
            Numbered::Shown(dated) => dated,
            Numbered::Withdrawn => return Ok(writing.withdrawn()),
            Numbered::Unknown => return Ok(writing.missing()),
        };
        let item = &dated.item;
        let section = writing.catalogue.by_slug(item.section.as_str());
        let follows = match section {
            Some(section) => self.follows(writing, section)?,
            None => Vec::new(),
        };
        let beside = writing.beside_of(&dated)?;
        let main = writing.item(&dated, &beside, &follows)?;
        let path = item_path(id);
        let description = sentence(&item.summary);
        let head = Head {
            description: Some(&*description).filter(|text| !text.is_empty()),
            path: Some(&path),
            fed: section.map_or(Fed::All, |section| Fed::Section(section.slug.to_string())),
            is_article: true,
            ..Head::new(&item.title)
        };
        Ok(Answer {
            modified: Some(dated.updated().max(writing.db.beside_changed(item)?)),
            ..Answer::new(HTML, writing.page(&head, &main))
        })
    }

    fn search(
        &self,
        writing: &Writing<'_>,
        words: &str,
        after: Option<ItemId>,
    ) -> Result<Answer, StoreError> {
        let say = writing.say();
        let mut status = StatusCode::OK;
        let mut rows = Vec::new();
        let (mut next, mut note, mut changed) = (None, None, None);
        let query = Query::parse(words);
        if search::is_too_much(words) {
            status = StatusCode::BAD_REQUEST;
            let values = [
                ("letters", SEARCH_LENGTH.most.into()),
                ("words", SEARCH_WORDS.most.into()),
            ];
            note = Some(say.text("search-too-much", &values));
        } else if let Some(query) = &query {
            let Some(after) = writing.place(after)? else {
                return Ok(writing.missing());
            };
            let mut found = writing.found(query, after, PAGE + 1)?;
            let is_more = found.len() > PAGE;
            found.truncate(PAGE);
            changed = Some(self.changed(writing.db, found.iter())?);
            rows = writing.rows_of(found)?;
            next = next_of(&search_path(words), &rows, is_more);
            if rows.is_empty() {
                let key = if after == Place::TOP {
                    "web-search-nothing"
                } else {
                    "search-end"
                };
                note = Some(say.text(key, &[("words", words.into())]));
            }
        } else if !words.trim().is_empty() {
            note = Some(say.text("web-search-no-word", &[("words", words.into())]));
        }
        let title = match &query {
            Some(_) if status == StatusCode::OK => {
                say.text("search-title", &[("words", words.into())])
            }
            _ => writing.text("web-search"),
        };
        let shown = if status == StatusCode::OK { words } else { "" };
        let fed = Fed::Search(words.to_owned());
        let main = html! {
            (writing.heading(&title, &[]))
            (writing.search(shown))
            @if let Some(note) = &note { p.note { (note) } }
            (writing.rows(&rows, true))
            (writing.older(next.as_deref()))
            @if !rows.is_empty() { (writing.follow(&format!("“{words}”"), &fed, &[])) }
        };
        let head = Head {
            fed: if rows.is_empty() { Fed::All } else { fed },
            next: next.as_deref(),
            is_indexed: false,
            searches: true,
            ..Head::new(&title)
        };
        Ok(Answer {
            status,
            modified: changed,
            ..Answer::new(HTML, writing.page(&head, &main))
        })
    }

    /// Where a section is followed on the platforms that run.
    fn follows(
        &self,
        writing: &Writing<'_>,
        section: &Section,
    ) -> Result<Vec<FollowLink>, StoreError> {
        let mut follows = Vec::new();
        if self.platforms.is_empty() {
            return Ok(follows);
        }
        let known = writing.db.platforms()?;
        for platform in &self.platforms {
            let account = known
                .iter()
                .find(|known| known.name == platform.name())
                .and_then(|known| known.account.as_deref());
            follows.extend(account.and_then(|account| platform.follow_link(account, section)));
        }
        Ok(follows)
    }
}
