//! `/dashboard/items`: items are looked for, those that wait and those that were withdrawn among them.

use maud::{Markup, html};

use super::page::{Made, Tab, Trouble, Visit};
use crate::web::site::language;
use tidings_core::ids::ItemId;
use tidings_core::item::{Item, Place, Standing};
use tidings_core::pages::encoded;
use tidings_core::search::{self, Query};
use tidings_core::text::fold;
use tidings_store::Listing;

/// Items of a page.
const PAGE: usize = 50;

/// Items that one page looks at for words that the index doesn't have: those that wait, and those that were withdrawn. The next
/// page goes on behind them.
const LOOKED_THROUGH: usize = 5_000;

/// Each standing with the word of its list, and the text that it is called.
const LISTS: [(Standing, &str, &str); 3] = [
    (Standing::Shown, "shown", "dashboard-items-shown"),
    (Standing::Held, "held", "dashboard-items-held"),
    (Standing::Removed, "withdrawn", "dashboard-items-withdrawn"),
];

/// The path of an item's page.
pub(super) fn item_page(id: ItemId) -> String {
    format!("{}/{id}", Tab::Items.path())
}

/// What is found.
#[derive(Default)]
struct Found {
    items: Vec<Item>,
    /// Behind which item it goes on, if it does.
    next: Option<ItemId>,
    /// What is to be said of it.
    note: Option<String>,
}

pub(super) fn items(visit: &Visit<'_>) -> Result<Made, Trouble> {
    let query = &visit.request.query;
    let words = query.get("q").trim();
    let list = query.get("list");
    let standing = LISTS.iter().find(|(_, word, _)| *word == list);
    let standing = standing.map_or(Standing::Shown, |(standing, ..)| *standing);
    let after = query.number("after").map(ItemId::new);
    let found = visit.found(standing, words, after)?;
    let main = html! {
        h1 { (visit.text("dashboard-items")) }
        form.filter role="search" method="get" action=(Tab::Items.path()) {
            div {
                label for="words" { (visit.text("dashboard-items-words")) }
                input #words type="search" name="q" value=(words) maxlength="200";
            }
            div {
                label for="list" { (visit.text("dashboard-items-list")) }
                select #list name="list" {
                    @for (other, word, key) in LISTS {
                        option value=(word) selected[other == standing] { (visit.text(key)) }
                    }
                }
            }
            button type="submit" { (visit.text("web-search")) }
        }
        @if let Some(note) = &found.note { p.note { (note) } }
        ul.list {
            @for item in &found.items { li { (visit.item_row(item)?) } }
        }
        @if let Some(next) = found.next {
            @let next = format!("{}?list={}&q={}&after={next}", Tab::Items.path(), encoded(list), encoded(words));
            p.older { a rel="next" href=(next) { (visit.text("dashboard-earlier")) } }
        }
    };
    Ok(Made::new(Tab::Items, visit.text("dashboard-items"), main))
}

impl Visit<'_> {
    fn found(
        &self,
        standing: Standing,
        words: &str,
        after: Option<ItemId>,
    ) -> Result<Found, Trouble> {
        // A number means its item, wherever that stands.
        let number = words
            .trim_start_matches('#')
            .parse()
            .ok()
            .filter(|number| *number > 0);
        if let Some(known) = number
            .map(|id| self.db.editable(ItemId::new(id)))
            .transpose()?
            .flatten()
        {
            return Ok(Found {
                items: vec![known.item],
                ..Found::default()
            });
        }
        if search::is_too_much(words) {
            return Ok(Found {
                note: Some(self.text("dashboard-items-too-much")),
                ..Found::default()
            });
        }
        // Where the search stopped although nothing says that this is all.
        let mut stopped: Option<ItemId> = None;
        let mut items = match (standing, Query::parse(words)) {
            (Standing::Shown, query) => {
                let after = match after {
                    Some(after) => self.db.place_of(after)?.ok_or(Trouble::Missing)?,
                    None => Place::TOP,
                };
                match query {
                    Some(query) => self.db.search(&query, after, PAGE + 1)?,
                    None => self.db.newest(Listing {
                        section: None,
                        after,
                        limit: PAGE + 1,
                    })?,
                }
            }
            (standing, None) => self.db.items_standing(standing, after, PAGE + 1)?,
            (standing, Some(_)) => {
                let all = self.db.items_standing(standing, after, LOOKED_THROUGH)?;
                if all.len() == LOOKED_THROUGH {
                    stopped = all.last().map(|item| item.id);
                }
                let wanted = fold(words);
                let holds = |item: &Item| {
                    let said = fold(&format!("{} {}", item.title, item.summary));
                    wanted.split(' ').all(|word| said.contains(word))
                };
                all.into_iter().filter(holds).take(PAGE + 1).collect()
            }
        };
        let is_more = items.len() > PAGE;
        items.truncate(PAGE);
        let last = items.last().map(|item| item.id);
        let note = match (is_more, stopped) {
            (false, Some(_)) => {
                let values = [("count", LOOKED_THROUGH.into())];
                Some(self.say().text("dashboard-items-so-far", &values))
            }
            _ if items.is_empty() => Some(self.text("dashboard-items-nothing")),
            _ => None,
        };
        Ok(Found {
            next: if is_more { last } else { stopped },
            items,
            note,
        })
    }

    fn item_row(&self, item: &Item) -> Result<Markup, Trouble> {
        let told = self.db.item_language(item.id)?;
        let lang = language(&item.title).or(told.as_deref());
        Ok(html! {
            p lang=[lang] dir="auto" { a href=(item_page(item.id)) { (item.title) } }
            (self.about_item(item))
        })
    }

    /// An item's number, section, source and day.
    pub(super) fn about_item(&self, item: &Item) -> Markup {
        let section = self.catalogue.by_slug(item.section.as_str());
        let section =
            section.map_or_else(|| item.section.to_string(), |section| self.title(section));
        let zone = &self.site.defaults.timezone;
        html! {
            p.about {
                span { "#" (item.id) }
                span dir="auto" { (section) }
                span { (item.source) }
                @if let Some(published) = item.published { span { (self.say().published(published, zone)) } }
            }
        }
    }
}
