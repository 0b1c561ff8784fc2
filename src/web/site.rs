//! What all pages have in common: how the archive is called, whom it speaks to, where its pages are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use super::address::{Fed, Form};
use crate::roundups::{ComposeContext, say_also};
use tidings_core::channel::Defaults;
use tidings_core::ids::{ItemId, SectionId};
use tidings_core::language::{Localizer, Texts};
use tidings_core::pages::{Pages, encoded, section_path};
use tidings_core::section::{Catalogue, Origin, Section};
use tidings_core::text::{is_han_or_kana, is_hangul};
use tidings_store::{Dated, ReadTx, StoreError};

/// Items of a list and of a feed.
pub(super) const PAGE: usize = 50;

/// What all pages have in common.
pub(super) struct Site {
    /// Where people see it.
    pub(super) pages: Pages,
    /// Language and zone.
    pub(super) defaults: Defaults,
    /// What readers call the sources whose label is configured.
    pub(super) labels: BTreeMap<String, String>,
    /// The stylesheet's path.
    pub(super) style: String,
}

/// What a page is written with.
#[derive(Clone, Copy)]
pub(super) struct Writing<'w> {
    pub(super) site: &'w Site,
    pub(super) catalogue: &'w Catalogue,
    pub(super) texts: &'w Texts,
    pub(super) db: &'w ReadTx<'w>,
    /// Sections that readers don't see: they have left the configuration, and hold nothing.
    pub(super) left: &'w [SectionId],
    pub(super) now: Timestamp,
}

impl Writing<'_> {
    pub(super) fn say(&self) -> Localizer<'_> {
        self.texts.localizer(self.site.defaults.locale)
    }

    /// A text without values.
    pub(super) fn text(&self, key: &str) -> String {
        self.say().text(key, &[])
    }

    pub(super) fn url(&self, path: &str) -> String {
        self.site.pages.url(path)
    }

    /// What readers call a section.
    pub(super) fn title(&self, section: &Section) -> String {
        match section.origin {
            Origin::CatchAll => self.text("catch-all-title"),
            _ => section.title.clone(),
        }
    }

    /// The sections that readers see, in their order.
    pub(super) fn sections(&self) -> impl Iterator<Item = &Section> {
        let sections = self.catalogue.sections().iter();
        sections.filter(|section| !self.left.contains(&section.id))
    }

    /// What readers call a source: what the operator calls it says little to them.
    pub(super) fn label(&self, source: &str) -> Result<String, StoreError> {
        let label = match self.site.labels.get(source) {
            Some(label) => Some(label.clone()),
            None => self.db.source_title(source)?,
        };
        Ok(label.unwrap_or_else(|| source.to_owned()))
    }

    /// Who else tells an item's story, in words; nothing where nobody does.
    pub(super) fn also(&self, dated: &Dated) -> Result<Option<String>, StoreError> {
        if dated.is_alone {
            return Ok(None);
        }
        let sources = self.db.also(&dated.item)?;
        let context = ComposeContext {
            catalogue: self.catalogue,
            defaults: &self.site.defaults,
            texts: self.texts,
            labels: &self.site.labels,
            pages: None,
        };
        Ok((!sources.is_empty()).then(|| say_also(context, self.say(), &sources)))
    }

    /// A day in its week with its year.
    pub(super) fn whole_day(&self, date: Date) -> String {
        let say = self.say();
        let (weekday, year) = (say.weekday(date), i64::from(date.year()));
        say.text(
            "web-day",
            &[("weekday", (&weekday).into()), ("year", year.into())],
        )
    }
}

/// The path of a day's page.
pub(super) fn day_path(date: Date) -> String {
    format!("/d/{date}")
}

/// The path of a feed.
pub(super) fn feed_path(fed: &Fed, form: Form) -> String {
    let file = form.file();
    match fed {
        Fed::All => format!("/{file}"),
        Fed::Section(slug) => format!("{}/{file}", section_path(slug)),
        Fed::Search(words) => format!("/search/{file}?q={}", encoded(words)),
    }
}

/// The same list behind an item.
pub(super) fn behind(path: &str, item: ItemId) -> String {
    let mark = if path.contains('?') { '&' } else { '?' };
    format!("{path}{mark}after={item}")
}

/// The language of a text as its letters tell it. A syllable of Hangul or kana stands for three Latin letters, so that a
/// name in another script changes nothing.
pub(super) fn language(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return None;
    }
    let (mut hangul, mut kana, mut han, mut others) = (0, 0, 0, 0);
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        match c {
            c if is_hangul(c) => hangul += 3,
            '\u{3041}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}' => {
                kana += 3
            }
            c if is_han_or_kana(c) => han += 3,
            _ => others += 1,
        }
    }
    if hangul > 0 && hangul >= others && hangul >= kana {
        Some("ko")
    } else if kana > 0 && kana + han >= others {
        Some("ja")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn letters_tell_the_language() {
        for (text, told) in [
            ("북미관계 개선", Some("ko")),
            ("BTS, UN 연설", Some("ko")),
            ("東京で会談", Some("ja")),
            ("Envoy to visit Seoul (서울)", None),
            ("特使访问首尔", None),
            ("", None),
        ] {
            assert_eq!(language(text), told, "{text}");
        }
    }
}
