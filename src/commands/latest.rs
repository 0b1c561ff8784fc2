//! `/latest [section] [count]`: the newest headlines, and a way to older ones.

use super::arguments::MOST;
use super::{Argument, Failure, Kind, Page, Reply, Request, Spec, Who};
use crate::items::{Item, Place};
use crate::locales::Value;
use crate::post::{Block, Entry, Post};
use crate::sections::Section;
use crate::store::{Listing, StoreError};

pub(super) const SPEC: Spec = Spec {
    name: "latest",
    who: Who::Everyone,
    arguments: &[
        Argument {
            name: "section",
            kind: Kind::Section,
            required: false,
        },
        Argument {
            name: "count",
            kind: Kind::Number,
            required: false,
        },
    ],
    run: |request, words| {
        let (section, count) = request.section_and_count(words)?;
        show(request, section, count, Place::TOP, 0)
    },
};

/// A later page.
pub(super) fn page(
    request: &Request<'_>,
    section: Option<&str>,
    count: usize,
    after: Place,
    shown: usize,
) -> Result<Reply, Failure> {
    let section = section.map(|slug| request.section(slug)).transpose()?;
    show(request, section, count, after, shown)
}

fn show(
    request: &Request<'_>,
    section: Option<&Section>,
    count: usize,
    after: Place,
    shown: usize,
) -> Result<Reply, Failure> {
    let id = section.map(|section| section.id);
    let (items, total, channel) = request.store.read(|db| {
        let listing = Listing {
            section: id,
            after,
            limit: count + 1,
        };
        Ok::<_, StoreError>((
            db.newest(listing)?,
            db.item_count(id)?,
            db.channel(&request.channel)?,
        ))
    })?;
    let title = section.map_or_else(
        || request.say.text("latest-of-all", &[]),
        |section| request.title(section),
    );
    if items.is_empty() {
        return Ok(nothing(request, section, &title, shown));
    }
    let zone = request.zone(channel.as_ref());
    let page = &items[..items.len().min(count)];
    let more = items.len() > page.len();
    let from = shown + 1;
    let to = shown + page.len();
    let mut post = Post::default();
    let note_key = if shown == 0 {
        "latest-note"
    } else {
        "latest-note-older"
    };
    post.push(Block::Title {
        text: title,
        note: Some(request.say.text(
            note_key,
            &[
                ("from", from.into()),
                ("to", to.into()),
                ("total", total.into()),
            ],
        )),
    });
    for item in page {
        post.push(Block::Entry(entry(request, item, &zone, section.is_none())));
    }
    let slug = section.map_or("", |section| section.slug.as_str());
    let example = page.first().map_or(0, |item| item.id.get());
    let mut hints: Vec<(&str, &[(&str, Value<'_>)])> = Vec::new();
    let read = [("id", Value::Number(example))];
    hints.push(("hint-read", &read));
    let greater = (count * 2).min(MOST);
    let ask = [("slug", slug.into()), ("count", greater.into())];
    if more && shown == 0 && greater > count {
        hints.push((
            if slug.is_empty() {
                "hint-count-all"
            } else {
                "hint-count"
            },
            &ask,
        ));
    }
    if more {
        hints.push(("hint-more", &[]));
    }
    post.push(request.hints(&hints));
    Ok(Reply {
        post,
        older: page.last().filter(|_| more).map(|last| Page::Latest {
            section: section.map(|section| section.slug.to_string()),
            count,
            after: last.place,
            shown: to,
        }),
    })
}

fn nothing(request: &Request<'_>, section: Option<&Section>, title: &str, shown: usize) -> Reply {
    let key = match (shown, section) {
        (1.., _) => "latest-end",
        (0, Some(_)) => "latest-empty-section",
        (0, None) => "latest-empty",
    };
    request.say.line(key, &[("title", title.into())]).into()
}

/// An item in a list.
pub(super) fn entry(
    request: &Request<'_>,
    item: &Item,
    zone: &crate::schedules::Zone,
    with_section: bool,
) -> Entry {
    Entry {
        id: item.id.get(),
        date: item.published.map(|p| request.say.published(p, zone)),
        title: item.title.clone(),
        link: item.link.clone(),
        summary: None,
        section: with_section.then(|| item.section.to_string()),
    }
}
