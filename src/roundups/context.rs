//! What everybody's roundups are made with.

use std::collections::BTreeMap;

use tidings_core::channel::Defaults;
use tidings_core::item::Item;
use tidings_core::language::{Locale, Localizer, Texts, Value};
use tidings_core::pages::Pages;
use tidings_core::post::Line;
use tidings_core::section::{Catalogue, Origin, Section};

/// What everybody's roundups are made with.
#[derive(Clone, Copy)]
pub struct ComposeContext<'p> {
    /// The sections, in the order in which a roundup shows them.
    pub catalogue: &'p Catalogue,
    /// What holds for channels that set nothing.
    pub defaults: &'p Defaults,
    /// The texts.
    pub texts: &'p Texts,
    /// What readers call sources whose label is configured.
    pub labels: &'p BTreeMap<String, String>,
    /// Where the archive's pages are, if it is led there.
    pub pages: Option<&'p Pages>,
}

impl<'p> ComposeContext<'p> {
    /// What is said of headlines that are left out of a section.
    pub(super) fn rest(&self, locale: Locale) -> impl Fn(usize, Option<&str>) -> Line + use<'p> {
        let say = self.texts.localizer(locale);
        let context = *self;
        move |count, slug| context.more(say, count, slug.unwrap_or_default())
    }

    /// What is said of further headlines of a section: where they are.
    pub fn more(&self, say: Localizer<'_>, count: usize, slug: &str) -> Line {
        match self.pages {
            Some(pages) => {
                let url = pages.section(slug);
                let values = [("count", count.into()), ("url", Value::Link(&url))];
                say.line("more-there", &values)
            }
            None => {
                let values = [("count", count.into()), ("slug", slug.into())];
                say.line("roundup-more", &values)
            }
        }
    }

    /// What a section is called; the catch-all's title is ours, and is said in the language of who reads it.
    pub(super) fn title(&self, say: Localizer<'_>, section: &Section) -> String {
        match section.origin {
            Origin::CatchAll => say.text("catch-all-title", &[]),
            Origin::Configured(_) | Origin::Left | Origin::Discovered => section.title.clone(),
        }
    }

    /// Where an item's headline leads: to what it tells of, else to its own page.
    pub fn link(&self, item: &Item) -> Option<String> {
        let own = item.link.clone();
        own.or_else(|| Some(self.pages?.item(item.id)))
    }
}
