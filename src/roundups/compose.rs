//! New items become a post. Pure: the same need and items make the same post.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{ComposeContext, RoundupKey};
use tidings_core::channel::Style;
use tidings_core::item::Item;
use tidings_core::language::{Localizer, Value};
use tidings_core::post::{Block, Entry, Line, Post, PostAction, PostButton, Span};
use tidings_core::schedule::Zone;
use tidings_store::{NewItems, SourceName};

/// Why a roundup is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Occasion {
    /// A slot has come.
    Scheduled {
        /// Whether it came while nobody was there to serve it.
        late: bool,
        /// The next slot.
        next: Option<Timestamp>,
    },
    /// Something new has come for whoever follows it instantly.
    Instant {
        /// Whether it came a while ago, as after a pause.
        late: bool,
    },
    /// Somebody asked for it.
    Asked {
        /// The next slot, which stays as it is.
        next: Option<Timestamp>,
    },
}

/// Puts a roundup together: its title, the new items by section in configured order, what is beyond the
/// cap, and when the next one comes.
pub fn compose(
    context: ComposeContext<'_>,
    need: &RoundupKey,
    new: &NewItems,
    now: Timestamp,
) -> Post {
    let say = context.texts.localizer(need.locale);
    let zone = Zone::named(&need.zone).unwrap_or_else(|_| context.defaults.timezone.clone());
    let today = say.weekday(now.to_zoned(zone.tz().clone()).date());
    let key = match need.occasion {
        Occasion::Scheduled { late: true, .. } | Occasion::Instant { late: true } => {
            "roundup-title-late"
        }
        Occasion::Instant { late: false } => "roundup-title-instant",
        Occasion::Scheduled { late: false, .. } | Occasion::Asked { .. } => "roundup-title",
    };
    let title = say.text(key, &[("day", (&today).into())]);
    let total: usize = new.counts.iter().map(|(_, count)| count).sum();
    // What has just come in needs no date, and one headline no count.
    let is_fresh = matches!(need.occasion, Occasion::Instant { late: false });
    let mut post = Post::default();
    post.push(if is_fresh {
        Block::Name(match new.items.as_slice() {
            [only] if total == 1 => only.title.clone(),
            _ => title,
        })
    } else {
        Block::Title {
            text: title,
            note: None,
        }
    });
    for section in context.catalogue.sections() {
        let items: Vec<&Item> = new
            .items
            .iter()
            .filter(|item| item.section == section.slug)
            .collect();
        let in_all: usize = new
            .counts
            .iter()
            .filter(|(slug, _)| *slug == section.slug)
            .map(|(_, count)| count)
            .sum();
        let only_watched = new.only_watched.iter();
        let elsewhere = only_watched.filter(|(slug, _)| *slug == section.slug);
        let more = in_all.saturating_sub(items.len() + elsewhere.count());
        if items.is_empty() && more == 0 {
            continue;
        }
        post.push(Block::Section {
            title: context.title(say, section),
            slug: section.slug.to_string(),
            note: if total == 1 && is_fresh {
                String::new()
            } else {
                say.text("roundup-count", &[("count", in_all.into())])
            },
        });
        for item in &items {
            let also = new.also.iter().find(|(of, _)| *of == item.id);
            let also = also.map(|(_, sources)| say_also(context, say, sources));
            let watch = new.watched.iter().find(|(id, _)| *id == item.id);
            let remark = watch.map(|(_, words)| {
                let values = [("words", words.into())];
                say.text("roundup-watch", &values)
            });
            post.push(Block::Entry(Entry {
                also,
                remark,
                link: context.link(item),
                ..entry(item, need.style)
            }));
        }
        if more > 0 {
            let slug = section.slug.as_str();
            post.push(Block::Line(context.more(say, more, slug)));
        }
    }
    // What is beyond the cap and came by a watch alone isn't all in one section; the search finds it.
    let mut searches: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, words) in &new.only_watched {
        *searches.entry(words).or_default() += 1;
    }
    for (words, more) in searches {
        let line = match context.pages {
            Some(pages) => {
                let url = pages.search(words);
                let values = [("count", more.into()), ("url", Value::Link(&url))];
                say.line("more-there", &values)
            }
            None => {
                let search = format!("/search {words}");
                let values = [("count", more.into()), ("search", Value::Command(&search))];
                say.line("roundup-more-watched", &values)
            }
        };
        post.push(Block::Line(line));
    }
    let count = say.text("roundup-count", &[("count", total.into())]);
    let mut footer = vec![Line::plain(count)];
    if let Occasion::Scheduled {
        next: Some(next), ..
    }
    | Occasion::Asked { next: Some(next) } = need.occasion
    {
        let moment = say.moment(next, now, &zone);
        footer.push(Line(vec![
            Span::Text(format!("{} ", say.text("roundup-next", &[]))),
            Span::Moment {
                at: next,
                text: format!("{moment} {}", zone.city()),
            },
        ]));
    }
    if !is_fresh {
        post.push(Block::Hints(footer));
    }
    let has_summaries = new.items.iter().any(|item| !item.summary.is_empty());
    let with_summaries = has_summaries && !need.style.shows_summaries();
    // What offers nothing is a roundup all the same, and has room for being corrected.
    post.push(Block::Offers(match need.buttons {
        true => offers(say, with_summaries),
        false => Vec::new(),
    }));
    post
}

/// What can be done from under a roundup.
fn offers(say: Localizer<'_>, with_summaries: bool) -> Vec<PostButton> {
    let offer = |key, deed| PostButton {
        label: say.text(key, &[]),
        deed,
    };
    let mut offers = Vec::new();
    if with_summaries {
        offers.extend([
            offer("button-summaries", PostAction::Summaries),
            offer("button-read", PostAction::Headlines),
        ]);
    }
    offers.extend([
        offer("button-search", PostAction::Search),
        offer("menu-read", PostAction::Read),
        offer("button-open", PostAction::Open),
    ]);
    offers
}

/// Sources that are named beside a headline (design.md, “Stories”); further ones are counted.
const NAMED: usize = 3;

/// Letters of a source's name that are shown beside a headline.
const LABEL: usize = 40;

/// Who else tells an item's story, in words.
pub fn say_also(context: ComposeContext<'_>, say: Localizer<'_>, sources: &[SourceName]) -> String {
    let label = |source: &SourceName| {
        let label = context.labels.get(&source.name).or(source.title.as_ref());
        let label = label.unwrap_or(&source.name);
        match label.char_indices().nth(LABEL) {
            Some((end, _)) => format!("{}…", label[..end].trim_end()),
            None => label.clone(),
        }
    };
    let mut named: Vec<String> = sources.iter().take(NAMED).map(label).collect();
    if sources.len() > NAMED {
        named.push(format!("+{}", sources.len() - NAMED));
    }
    let sources = named.join(", ");
    say.text("entry-also", &[("sources", (&sources).into())])
}

fn entry(item: &Item, style: Style) -> Entry {
    Entry {
        id: item.id.get(),
        date: None,
        title: item.title.clone(),
        link: item.link.clone(),
        picture: item.picture.clone(),
        summary: (style.shows_summaries() && !item.summary.is_empty())
            .then(|| item.summary.clone()),
        cut: false,
        section: None,
        also: None,
        remark: None,
        withdrawn: false,
    }
}
