//! Corrections: what a roundup shows of an item that has changed since, or was withdrawn, is said anew where it stands
//! (design.md, “Editors, and posts that stay true”).
//!
//! What a stretch of a roundup was made of is kept with it: language, style, neighbours, whom it mentions. So an edit says
//! what the message said, but for the items that are corrected, and an item never changes its message.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::context::ComposeContext;
use tidings_core::ids::ItemId;
use tidings_core::item::{folded_title, link_key};
use tidings_core::language::Locale;
use tidings_core::pages::Pages;
use tidings_core::platform::{ChatPlatform, Recut};
use tidings_core::post::{Block, DeliveryOptions, Entry, Post, Stretch};
use tidings_core::schedule::Zone;
use tidings_store::{Current, Edition, NewItems, Stale, StoreError, TOGETHER, WriteTx};

/// What a stretch of a roundup was made of, as it is kept.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    post: Post,
    options: DeliveryOptions,
    locale: String,
    zone: String,
    /// What its items said when it was made, or corrected last.
    items: Vec<Known>,
}

/// What an item said, as far as the stretch shows it.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    id: i64,
    title: String,
    link: Option<String>,
    /// The summary, where one is shown.
    summary: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    withdrawn: bool,
}

impl Known {
    /// Returns true if readers of the stretch are told the same: whitespace, punctuation and case aside, but not symbols (a `€`
    /// that was a `$`).
    fn says(&self, other: &Known) -> bool {
        let key = |link: &Option<String>| link.as_deref().map(link_key);
        let folded = |summary: &Option<String>| summary.as_deref().map(folded_title);
        self.withdrawn == other.withdrawn
            && folded_title(&self.title) == folded_title(&other.title)
            && key(&self.link) == key(&other.link)
            && folded(&self.summary) == folded(&other.summary)
    }
}

impl Made {
    /// What is kept of a stretch that was composed of new items.
    pub(super) fn of(
        stretch: Stretch,
        new: &NewItems,
        options: &DeliveryOptions,
        locale: Locale,
        zone: &str,
    ) -> Made {
        let mut options = options.clone();
        if stretch.messages.start > 0 {
            // One ping is enough, and one thread.
            options.role = None;
            options.discuss = false;
        }
        let known = stretch.post.blocks.iter().filter_map(|block| {
            let Block::Entry(entry) = block else {
                return None;
            };
            let item = new.items.iter().find(|item| item.id.get() == entry.id)?;
            Some(Known {
                id: entry.id,
                title: item.title.clone(),
                link: item.link.clone(),
                summary: entry.summary.as_ref().map(|_| item.summary.clone()),
                withdrawn: false,
            })
        });
        Made {
            items: known.collect(),
            post: stretch.post,
            options,
            locale: locale.code().to_owned(),
            zone: zone.to_owned(),
        }
    }

    /// The items that it shows.
    pub(super) fn items(&self) -> Vec<ItemId> {
        self.items.iter().map(|item| ItemId::new(item.id)).collect()
    }

    pub(super) fn to_text(&self) -> String {
        // Our own structure always becomes JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Puts in what an item says by now. Returns true if readers are told something else.
    fn correct(&mut self, item: ItemId, current: &Current, pages: Option<&Pages>) -> bool {
        let is_alone = self.items.len() == 1;
        let sections = self.post.blocks.iter().filter_map(|block| match block {
            Block::Section { title, .. } => Some(title.as_str()),
            _ => None,
        });
        let sections = sections.collect::<Vec<_>>().join(" · ");
        let Some(known) = self.items.iter_mut().find(|known| known.id == item.get()) else {
            return false;
        };
        let is_summary_shown = known.summary.is_some() && !current.summary.is_empty();
        let now = Known {
            id: known.id,
            title: current.title.clone(),
            link: current.link.clone(),
            summary: is_summary_shown.then(|| current.summary.clone()),
            withdrawn: current.is_withdrawn,
        };
        if known.says(&now) || known.withdrawn && now.withdrawn {
            return false;
        }
        if is_alone {
            // What is called by its only headline is called by what that says; by its sections, where nobody stands by that.
            let names = self.post.blocks.iter_mut().filter_map(|block| match block {
                Block::Name(name) => Some(name),
                _ => None,
            });
            for name in names {
                if *name == known.title || known.withdrawn && *name == sections {
                    *name = match now.withdrawn {
                        true => sections.clone(),
                        false => now.title.clone(),
                    };
                }
            }
        }
        // What has no link of its own leads to its page, as when it was composed.
        let page = now.link.clone().or_else(|| Some(pages?.item(item)));
        let entries = self.post.blocks.iter_mut().filter_map(|block| match block {
            Block::Entry(entry) if entry.id == known.id => Some(entry),
            _ => None,
        });
        for entry in entries {
            *entry = if now.withdrawn {
                Entry {
                    withdrawn: true,
                    summary: None,
                    cut: false,
                    ..entry.clone()
                }
            } else {
                Entry {
                    title: now.title.clone(),
                    link: page.clone(),
                    summary: now.summary.clone(),
                    withdrawn: false,
                    cut: false,
                    ..entry.clone()
                }
            };
        }
        if now.withdrawn {
            known.withdrawn = true;
        } else {
            *known = now;
        }
        true
    }

    fn is_all_withdrawn(&self) -> bool {
        self.items.iter().all(|item| item.withdrawn)
    }

    /// What its messages say from now on.
    fn editions(
        &self,
        context: ComposeContext<'_>,
        platform: &dyn ChatPlatform,
        messages: usize,
        now: Timestamp,
    ) -> Result<Vec<Edition>, StoreError> {
        let locale = Locale::parse(&self.locale)
            .ok_or_else(|| StoreError::unexpected("a locale", &self.locale))?;
        let zone = Zone::named(&self.zone)
            .map_err(|_| StoreError::unexpected("a time zone", &self.zone))?;
        let say = context.texts.localizer(locale);
        let time = now.to_zoned(zone.tz().clone()).strftime("%H:%M");
        let time = time.to_string();
        let mark = say.line("roundup-corrected", &[("time", (&time).into())]);
        let rest = context.rest(locale);
        let fitting = |post: Post| {
            let count = |post: &Post| platform.render(post, &self.options).len();
            platform.render(&post.bounded(messages, &count, &rest), &self.options)
        };
        let fresh = fitting(self.post.clone());
        let mut marked = self.post.clone();
        let at = marked
            .blocks
            .iter()
            .rposition(|block| !matches!(block, Block::Offers(_)));
        marked
            .blocks
            .insert(at.map_or(0, |at| at + 1), Block::Mark(mark.clone()));
        let edited = fitting(marked);
        let is_withdrawn = self.is_all_withdrawn();
        let editions = fresh.into_iter().zip(edited);
        let mut editions: Vec<Edition> = editions
            .map(|(fresh, edited)| Edition {
                unmarked: is_withdrawn.then(|| fresh.clone()),
                fresh: Some(fresh).filter(|_| !is_withdrawn),
                edited,
                mark: Some(mark.to_text()),
            })
            .collect();
        // What took more messages before is said in the first ones now.
        let rest = Post {
            blocks: vec![Block::Mark(mark.clone())],
        };
        if let Some(rest) = platform.render(&rest, &self.options).into_iter().next() {
            editions.resize_with(editions.len().max(messages), || Edition {
                fresh: None,
                edited: rest.clone(),
                unmarked: None,
                mark: Some(mark.to_text()),
            });
        }
        Ok(editions)
    }
}

/// Has a stretch say anew what it shows of items that have changed. Returns how many messages are to be edited for it; `None`
/// if readers are told nothing else.
pub(super) fn correct(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    platform: &dyn ChatPlatform,
    stale: &Stale,
    now: Timestamp,
) -> Result<Option<usize>, StoreError> {
    let Ok(mut made) = serde_json::from_str::<Made>(&stale.made) else {
        // It stays as it was posted; the others aren't held up.
        tracing::error!(
            part = stale.first_part,
            "what a post was made of can't be read, so it isn't corrected"
        );
        db.is_true_still(stale)?;
        return Ok(None);
    };
    let withdrawn = |made: &Made| made.items.iter().filter(|item| item.withdrawn).count();
    let before = withdrawn(&made);
    let (mut is_corrected, mut is_edited) = (false, false);
    for item in made.items() {
        if let Some(current) = db.current(item)?
            && made.correct(item, &current, context.pages)
        {
            is_corrected = true;
            let age = current.edited_at.map(|at| now.duration_since(at));
            is_edited |= age.is_some_and(|age| age <= TOGETHER);
        }
    }
    if !is_corrected {
        db.is_true_still(stale)?;
        return Ok(None);
    }
    let editions = made.editions(context, platform, stale.parts.len(), now)?;
    // What an editor does doesn't wait for the hour.
    let is_urgent = is_edited || withdrawn(&made) != before;
    let recut = |of: &Recut<'_>| platform.recut(of);
    db.correct(stale, &made.to_text(), &editions, is_urgent, &recut, now)
        .map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made() -> Made {
        let entry = |id: i64| Entry {
            id,
            title: "Ferries sail again".to_owned(),
            link: Some("https://news.example/ferries".to_owned()),
            summary: (id == 1).then(|| "They are blue.".to_owned()),
            ..Entry::default()
        };
        let known = |id: i64| Known {
            id,
            title: "Ferries sail again".to_owned(),
            link: Some("https://news.example/ferries".to_owned()),
            summary: (id == 1).then(|| "They are blue.".to_owned()),
            withdrawn: false,
        };
        Made {
            post: Post {
                blocks: vec![Block::Entry(entry(1)), Block::Entry(entry(2))],
            },
            options: DeliveryOptions::default(),
            locale: "en".to_owned(),
            zone: "UTC".to_owned(),
            items: vec![known(1), known(2)],
        }
    }

    fn current(title: &str, link: &str, summary: &str) -> Current {
        Current {
            title: title.to_owned(),
            link: Some(link.to_owned()),
            summary: summary.to_owned(),
            is_withdrawn: false,
            edited_at: None,
        }
    }

    #[test]
    fn spelling_alone_and_what_isn_t_shown_is_no_correction() {
        let link = "https://news.example/ferries";
        let tracked = format!("{link}?utm_source=mail");
        for (item, said, is_correction) in [
            (
                1,
                current("Ferries  sail, again!", link, "They are blue"),
                false,
            ),
            (
                1,
                current("Ferries sail again", &tracked, "They are blue."),
                false,
            ),
            (
                2,
                current("Ferries sail again", link, "They are green."),
                false,
            ),
            (
                1,
                current("Ferries sail again", link, "They are green."),
                true,
            ),
            (2, current("Ferries sail", link, ""), true),
            (
                2,
                current("Ferries sail again", "https://news.example/2", ""),
                true,
            ),
        ] {
            let mut made = made();
            assert_eq!(
                made.correct(ItemId::new(item), &said, None),
                is_correction,
                "{said:?}"
            );
        }
    }

    #[test]
    fn what_is_withdrawn_stays_and_its_summary_goes() {
        let mut made = made();
        let gone = Current {
            is_withdrawn: true,
            ..current("Ferries sail again", "https://news.example/ferries", "")
        };
        assert!(made.correct(ItemId::new(1), &gone, None));
        assert!(!made.correct(ItemId::new(1), &gone, None), "once");
        assert!(!made.is_all_withdrawn());
        let Block::Entry(entry) = &made.post.blocks[0] else {
            panic!("{:?}", made.post)
        };
        assert!(entry.withdrawn && entry.summary.is_none(), "{entry:?}");
        assert!(made.correct(ItemId::new(2), &gone, None) && made.is_all_withdrawn());
    }

    #[test]
    fn what_loses_its_link_leads_to_its_page() {
        let pages = Pages::at("https://news.example.org");
        let said = Current {
            link: None,
            ..current("Ferries sail again", "", "They are blue.")
        };
        for (pages, link) in [
            (Some(&pages), Some("https://news.example.org/i/1")),
            (None, None),
        ] {
            let mut made = made();
            assert!(made.correct(ItemId::new(1), &said, pages));
            let Block::Entry(entry) = &made.post.blocks[0] else {
                panic!("{:?}", made.post)
            };
            assert_eq!(entry.link.as_deref(), link);
        }
    }

    #[test]
    fn a_symbol_is_a_correction_and_punctuation_is_none() {
        let said = |title: &str| Known {
            id: 1,
            title: title.to_owned(),
            link: None,
            summary: Some(title.to_owned()),
            withdrawn: false,
        };
        let symbols = [
            ("Ferry costs $5", "Ferry costs €5"),
            ("Rates: 5 < 6", "Rates: 5 > 6"),
        ];
        for (old, new) in symbols {
            assert!(!said(old).says(&said(new)), "{old}, {new}");
        }
        let spelling = [
            ("Ferry, again", "ferry again!"),
            ("Ferry  sails", "Ferry sails."),
        ];
        for (old, new) in spelling {
            assert!(said(old).says(&said(new)), "{old}, {new}");
        }
    }
}
