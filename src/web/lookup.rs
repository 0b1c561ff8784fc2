//! What the archive's pages look up: sections by their addresses, places behind which lists go on, what stands beside an item;
//! and what is answered where there is nothing.

use axum::http::StatusCode;

use super::answer::{Answer, HTML};
use super::pages::{Beside, Head, Row, Teller};
use super::site::Writing;
use tidings_core::ids::ItemId;
use tidings_core::item::story::Features;
use tidings_core::item::{Place, Report};
use tidings_core::pages::item_path;
use tidings_core::search::Query;
use tidings_core::section::Section;
use tidings_store::{Dated, Numbered, StoreError};

/// Those that tell the same, and earlier items, that are named beside one (design.md, “Stories”).
const MOST_BESIDE: usize = 10;
const MOST_BEFORE: usize = 5;

/// A list that isn't there.
pub(super) enum Missing {
    /// It never was.
    Unknown,
    /// It is another one now.
    Moved(String),
    /// It was hidden.
    Gone,
}

impl Writing<'_> {
    /// The place behind which a list goes on; `None` where the number never was an item's.
    pub(super) fn place(&self, after: Option<ItemId>) -> Result<Option<Place>, StoreError> {
        match after {
            Some(id) => self.db.place_of(id),
            None => Ok(Some(Place::TOP)),
        }
    }

    pub(super) fn section(&self, slug: &str) -> Result<Result<&Section, Missing>, StoreError> {
        let known = self.catalogue.by_slug(slug);
        if let Some(section) = known.filter(|section| !self.left.contains(&section.id)) {
            return Ok(match (section.slug.as_str() == slug, section.hidden) {
                // It is part of another one.
                (false, _) => Err(Missing::Moved(section.slug.to_string())),
                (true, true) => Err(Missing::Gone),
                (true, false) => Ok(section),
            });
        }
        let led = self.db.led_slug(slug)?;
        let led = led.and_then(|led| self.catalogue.by_slug(led.as_str()));
        let led = led.map(|section| section.slug.to_string());
        // A heading that is configured since has taken its section over.
        let configured = || {
            let words = slug.replace('-', " ");
            let section = self.catalogue.named(&tidings_core::text::fold(&words));
            let section = section.filter(|section| !self.left.contains(&section.id))?;
            Some(section.slug.to_string())
        };
        Ok(Err(led
            .or_else(configured)
            .map_or(Missing::Unknown, Missing::Moved)))
    }

    pub(super) fn absent(
        &self,
        missing: Missing,
        moved: &dyn Fn(&str) -> String,
    ) -> Result<Answer, StoreError> {
        Ok(match missing {
            Missing::Unknown => self.missing(),
            Missing::Gone => self.withdrawn(),
            Missing::Moved(slug) => Answer::moved(moved(&slug)),
        })
    }

    pub(super) fn missing(&self) -> Answer {
        self.nothing(StatusCode::NOT_FOUND, "web-missing")
    }

    pub(super) fn withdrawn(&self) -> Answer {
        self.nothing(StatusCode::GONE, "web-withdrawn")
    }

    pub(super) fn nothing(&self, status: StatusCode, key: &str) -> Answer {
        let text = self.text(key);
        let head = Head {
            is_indexed: false,
            ..Head::new(&text)
        };
        let main = self.heading(&text, &[]);
        Answer {
            status,
            ..Answer::new(HTML, self.page(&head, &main))
        }
    }

    pub(super) fn rows_of(&self, found: Vec<Dated>) -> Result<Vec<Row>, StoreError> {
        let rows = found.into_iter().map(|dated| {
            let also = self.also(&dated)?;
            Ok(Row { dated, also })
        });
        rows.collect()
    }

    /// Items that hold what is asked for, newest first.
    pub(super) fn found(
        &self,
        query: &Query,
        after: Place,
        limit: usize,
    ) -> Result<Vec<Dated>, StoreError> {
        let items = self.db.search(query, after, limit)?;
        let mut found = Vec::with_capacity(items.len());
        for item in items {
            if let Numbered::Shown(dated) = self.db.standing(item.id)? {
                found.push(*dated);
            }
        }
        Ok(found)
    }

    /// What else is known of an item's event.
    pub(super) fn beside_of(&self, dated: &Dated) -> Result<Beside, StoreError> {
        let item = &dated.item;
        let tellers = self.db.tellers(item.id)?;
        let mut beside = Beside::default();
        for report in tellers.reports.iter().take(MOST_BESIDE) {
            beside.reports.push(Report {
                source: self.label(&report.source)?,
                link: report.link.clone(),
            });
        }
        let leader = self.db.leads(item)?;
        for (id, title, source) in tellers.items {
            let is_leader = id == leader;
            if !is_leader && beside.story.len() == MOST_BESIDE {
                continue;
            }
            let teller = Teller {
                path: item_path(id),
                title,
                label: self.label(&source)?,
                language: self.db.item_language(id)?,
            };
            match is_leader {
                true => beside.leader = Some(teller),
                false => beside.story.push(teller),
            }
        }
        let features = Features::of(&item.title, "", &item.source, -item.place.rank);
        let names: Vec<&str> = features.names().collect();
        let before = match self.db.before(item, &names, MOST_BEFORE) {
            // It is the last that is asked for the page, and what it would tell isn't worth more.
            Err(StoreError::TooMuch) => Vec::new(),
            before => before?,
        };
        for item in before {
            let language = match self.db.item_language(item.id) {
                Err(StoreError::TooMuch) => None,
                language => language?,
            };
            beside.before.push((item, language));
        }
        Ok(beside)
    }
}
