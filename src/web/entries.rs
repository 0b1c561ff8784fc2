//! The archive's feeds: every item, newest first, page by page.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::address::{Fed, Form};
use super::answer::Answer;
use super::site::{PAGE, Writing, behind, feed_path};
use crate::feeds::{ABOUT, Entry, JSON_FEED, escaped};
use tidings_core::ids::ItemId;
use tidings_core::item::{Place, Report};
use tidings_core::pages::{item_path, search_path, section_path};
use tidings_core::search::{self, Query};
use tidings_core::section::Origin;
use tidings_store::{Dated, StoreError};

/// The entries of a feed behind a place, and one more where it goes on; `None` where nothing is asked for.
pub(super) fn found(
    writing: &Writing<'_>,
    fed: &Fed,
    after: Place,
) -> Result<Option<Vec<Dated>>, StoreError> {
    let section = match fed {
        Fed::Search(words) => {
            let query = Query::parse(words).filter(|_| !search::is_too_much(words));
            let found = query.map(|query| writing.found(&query, after, PAGE + 1));
            return found.transpose();
        }
        Fed::Section(slug) => match writing.catalogue.by_slug(slug) {
            Some(section) => Some(section.id),
            None => return Ok(None),
        },
        Fed::All => None,
    };
    writing.db.dated(section, after, PAGE + 1).map(Some)
}

/// What stands at the top of a feed.
struct Top {
    id: String,
    title: String,
    /// The page that shows the same.
    page: String,
    /// Where this part of it is.
    own: String,
    /// Where its newest part is.
    first: String,
    next: Option<String>,
    updated: Timestamp,
}

/// A feed, of what was found for it.
pub(super) fn feed(
    writing: &Writing<'_>,
    fed: &Fed,
    form: Form,
    after: Place,
    found: &[Dated],
) -> Result<Answer, StoreError> {
    let archive = writing.db.archive()?;
    let shown = &found[..found.len().min(PAGE)];
    let path = feed_path(fed, form);
    let next = shown.last().filter(|_| found.len() > shown.len());
    let is_first = after == Place::TOP;
    let (of, title, page) = match fed {
        Fed::All => (
            "newest".to_owned(),
            writing.text("latest-of-all"),
            "/".to_owned(),
        ),
        Fed::Section(slug) => {
            let path = section_path(slug);
            let section = writing.catalogue.by_slug(slug);
            let title = section.map_or_else(|| slug.clone(), |section| writing.title(section));
            (format!("section:{}", &path[3..]), title, path)
        }
        Fed::Search(words) => {
            let path = search_path(words);
            let title = writing
                .say()
                .text("search-title", &[("words", words.into())]);
            (
                format!("search:{}", tidings_core::pages::encoded(words)),
                title,
                path,
            )
        }
    };
    let updated = shown.iter().map(Dated::updated);
    let top = Top {
        id: format!("urn:tidings:{archive}:{of}"),
        title: format!("{title} · {}", writing.text("web-name")),
        page: writing.url(&page),
        own: writing.url(&match is_first {
            true => path.clone(),
            false => behind(&path, ItemId::new(after.id)),
        }),
        first: writing.url(&path),
        next: next.map(|last| writing.url(&behind(&path, last.item.id))),
        updated: updated.max().unwrap_or(Timestamp::UNIX_EPOCH),
    };
    let mut entries = Vec::with_capacity(shown.len());
    for dated in shown {
        entries.push(Told::of(writing, dated, &archive)?);
    }
    let entries = shown
        .iter()
        .zip(&entries)
        .map(|(dated, told)| told.entry(dated, &archive));
    Ok(match form {
        Form::Atom => Answer::new(
            "application/atom+xml; charset=utf-8",
            in_atom(&top, is_first, entries),
        ),
        Form::Json => {
            let language = writing.site.defaults.locale.code();
            Answer::new(
                "application/feed+json; charset=utf-8",
                in_json(&top, language, entries).to_string(),
            )
        }
    })
}

/// What an entry tells of an item that the item itself doesn't hold.
struct Told {
    id: String,
    link: String,
    is_page: bool,
    heading: Option<String>,
    source: String,
    story: ItemId,
    reports: Vec<Report>,
}

impl Told {
    fn of(writing: &Writing<'_>, dated: &Dated, archive: &str) -> Result<Told, StoreError> {
        let item = &dated.item;
        let section = writing.catalogue.by_slug(item.section.as_str());
        let section = section.filter(|section| section.origin != Origin::CatchAll);
        let mut reports = writing.db.reports(item.id)?;
        for report in &mut reports {
            report.source = writing.label(&report.source)?;
        }
        Ok(Told {
            id: format!("urn:tidings:{archive}:item:{}", item.id),
            link: item
                .link
                .clone()
                .unwrap_or_else(|| writing.url(&item_path(item.id))),
            is_page: item.link.is_none(),
            heading: section.map(|section| section.title.clone()),
            source: writing.label(&item.source)?,
            story: writing.db.leads(item)?,
            reports,
        })
    }

    fn entry<'e>(&'e self, dated: &'e Dated, archive: &'e str) -> Entry<'e> {
        Entry {
            item: &dated.item,
            ids: (&self.id, &self.id),
            feed_id: None,
            archive: Some(archive),
            link: Some(&self.link),
            is_page: self.is_page,
            heading: self.heading.as_deref(),
            source: &self.source,
            story: self.story,
            reports: &self.reports,
            updated: Some(dated.updated()),
        }
    }
}

/// The pages of a feed know the first one and the next one (RFC 5005, 3).
fn in_atom<'e>(top: &Top, is_first: bool, entries: impl Iterator<Item = Entry<'e>>) -> String {
    let link = |rel: &str, href: &str| format!("<link rel=\"{rel}\" href=\"{}\"/>", escaped(href));
    let mut feed = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xmlns:media=\"http://search.yahoo.com/mrss/\" xmlns:tidings=\"{ABOUT}\">\n\
         <id>{}</id><title>{}</title><author><name>Tidings</name></author><updated>{}</updated>{}{}",
        escaped(&top.id),
        escaped(&top.title),
        top.updated,
        link("self", &top.own),
        link("alternate", &top.page),
    );
    if !is_first {
        feed.push_str(&link("first", &top.first));
    }
    if let Some(next) = &top.next {
        feed.push_str(&link("next", next));
    }
    feed.push('\n');
    for entry in entries {
        feed.push_str(&entry.in_atom());
    }
    feed.push_str("</feed>\n");
    feed
}

fn in_json<'e>(top: &Top, language: &str, entries: impl Iterator<Item = Entry<'e>>) -> Value {
    let items: Vec<Value> = entries.map(|entry| entry.in_json()).collect();
    let mut feed = json!({
        "version": JSON_FEED,
        "title": top.title,
        "home_page_url": top.page,
        "feed_url": top.own,
        "language": language,
        "_tidings": { "about": ABOUT },
        "items": items,
    });
    if let Some(next) = &top.next {
        feed["next_url"] = next.clone().into();
    }
    feed
}
