//! `/latest [section] [count]`: the newest headlines, and a way to older ones.

use super::arguments::{MOST, USUAL};
use super::command::{CommandError, CommandSpec, ListPage, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind};
use crate::roundups::say_also;
use tidings_core::channel::{SubscriptionRow, Target};
use tidings_core::ids::SectionId;
use tidings_core::item::{Item, Place};
use tidings_core::language::Value;
use tidings_core::post::{Block, Entry, Post};
use tidings_core::section::{Origin, Section};
use tidings_store::{Listing, SourceName, StoreError};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "latest",
    arguments: &[
        Argument {
            name: "section",
            kind: ArgumentKind::Section,
            required: false,
        },
        Argument {
            name: "count",
            kind: ArgumentKind::Count,
            required: false,
        },
    ],
    example: "{section} 10",
    run: Run::Asks(|request, words| {
        let (section, count) = request.section_and_count(words)?;
        show(request, section, count, Place::TOP, 0)
    }),
    knows_managers: true,
    lists: true,
    ..CommandSpec::QUESTION
};

/// The first page of a section, or of all.
pub(super) fn open(
    request: &Request<'_>,
    section: Option<SectionId>,
) -> Result<Reply, CommandError> {
    let section = known(request, section)?;
    show(request, section, USUAL, Place::TOP, 0)
}

/// Another page.
pub(super) fn page(request: &Request<'_>, page: &ListPage) -> Result<Reply, CommandError> {
    let ListPage::Latest {
        section,
        count,
        from,
        shown,
        newer,
    } = page
    else {
        return Ok(Reply::default());
    };
    let section = known(request, *section)?;
    if !newer {
        return show(request, section, *count, *from, *shown);
    }
    let of = section.map(|section| section.id);
    let above = request.db.place_above(of, *from, *count)?;
    match above {
        Some(place) if *shown > 0 => show(request, section, *count, place, *shown),
        // The top, with whatever has come in since; or fewer than a page are left above.
        _ => show(request, section, *count, Place::TOP, 0),
    }
}

/// A section that a button names. It may have become part of another one since.
fn known<'r>(
    request: &'r Request<'_>,
    section: Option<SectionId>,
) -> Result<Option<&'r Section>, CommandError> {
    let Some(id) = section else { return Ok(None) };
    match request.context.catalogue.get(id) {
        Some(section) => Ok(Some(section)),
        None => Err(request.mistake("section-is-gone", &[])),
    }
}

fn show(
    request: &Request<'_>,
    section: Option<&Section>,
    count: usize,
    after: Place,
    shown: usize,
) -> Result<Reply, CommandError> {
    let id = section.map(|section| section.id);
    let has_buttons = request.platform.has_buttons();
    let db = request.db;
    let channel = request.channel_row()?;
    let (mut follows, mut held) = (Vec::new(), Vec::new());
    if has_buttons {
        if let Some(channel) = &channel {
            follows = db.subscriptions(channel.id)?;
        }
        if id.is_none() {
            let summaries = db.section_summaries()?.into_iter();
            // What nothing was ever filed under isn't worth a button, if nobody configured it.
            held = summaries
                .filter(|s| s.items > 0 || matches!(s.section.origin, Origin::Configured(_)))
                .map(|summary| summary.section.id)
                .collect();
        }
    }
    let items = db.newest(Listing {
        section: id,
        after,
        limit: count + 1,
    })?;
    let total = db.item_count(id)?;
    let title = section.map_or_else(
        || request.say.text("latest-of-all", &[]),
        |section| request.title(section),
    );
    let target = id.map_or(Target::All, Target::Section);
    let is_followed = |row: &SubscriptionRow| row.target == target || row.target == Target::All;
    let offered = has_buttons && request.manager && !follows.iter().any(is_followed);
    let mut reply = Reply {
        sections: if has_buttons {
            request.section_choices(id, &held)
        } else {
            Vec::new()
        },
        follow: offered.then_some(target),
        ..Reply::default()
    };
    let page = &items[..items.len().min(count)];
    let (Some(first), Some(last)) = (page.first(), page.last()) else {
        let nothing_at_all = total == 0 && db.totals()?.items == 0;
        let section = section.filter(|_| !nothing_at_all);
        reply.post = nothing(request, section, &title, shown);
        return Ok(reply);
    };
    let zone = request.zone(channel.as_ref());
    let more = items.len() > page.len();
    let to = shown + page.len();
    let note_key = match (shown, page.len()) {
        (0, _) => "latest-note",
        (_, 1) => "latest-note-single",
        _ => "latest-note-older",
    };
    reply.post.push(Block::Title {
        text: title,
        note: Some(request.say.text(
            note_key,
            &[
                ("from", (shown + 1).into()),
                ("to", to.into()),
                ("total", total.into()),
            ],
        )),
    });
    for item in page {
        let entry = entry(request, item, &zone, section.is_none())?;
        reply.post.push(Block::Entry(entry));
    }
    let turn = |from, shown, newer| ListPage::Latest {
        section: id,
        count,
        from,
        shown,
        newer,
    };
    reply.older = more.then(|| turn(last.place, to, false));
    let above = shown.saturating_sub(count);
    reply.newer = (shown > 0).then(|| turn(first.place, above, true));
    if !has_buttons {
        let slug = section.map_or("", |section| section.slug.as_str());
        let hints = hints(request, slug, first, count, (more, shown));
        reply.post.push(hints);
    }
    Ok(reply)
}

/// What one may type next, where there are no buttons.
fn hints(
    request: &Request<'_>,
    slug: &str,
    first: &Item,
    count: usize,
    (more, shown): (bool, usize),
) -> Block {
    let read = [("id", Value::Number(first.id.get()))];
    let mut hints: Vec<(&str, &[(&str, Value<'_>)])> = vec![("hint-read", &read)];
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
    request.hints(&hints)
}

fn nothing(request: &Request<'_>, section: Option<&Section>, title: &str, shown: usize) -> Post {
    let key = match (shown, section) {
        (1.., Some(_)) => "latest-end",
        (1.., None) => "latest-end-of-all",
        (0, Some(_)) => "latest-empty-section",
        (0, None) => "latest-empty",
    };
    Post::line(request.say.line(key, &[("title", title.into())]))
}

/// An item in a list.
pub(super) fn entry(
    request: &Request<'_>,
    item: &Item,
    zone: &tidings_core::schedule::Zone,
    with_section: bool,
) -> Result<Entry, StoreError> {
    let sources = request.db.also(item)?;
    let also = |sources: &[SourceName]| say_also(request.context, request.say, sources);
    Ok(Entry {
        id: item.id.get(),
        date: item.published.map(|p| request.say.published(p, zone)),
        title: item.title.clone(),
        link: request.context.link(item),
        picture: item.picture.clone(),
        cut: false,
        summary: None,
        section: with_section.then(|| request.section_in_list(&item.section)),
        also: (!sources.is_empty()).then(|| also(&sources)),
        remark: None,
        withdrawn: false,
    })
}
