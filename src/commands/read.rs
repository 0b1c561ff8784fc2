//! `/read <number>`: one item whole.

use super::arguments::{echo, unquote};
use super::{Argument, Failure, Kind, Reply, Request, Spec, Who};
use crate::ids::ItemId;
use crate::locales::Value;
use crate::post::Entry;
use crate::post::{Block, Line, Post};
use crate::store::StoreError;

pub(super) const SPEC: Spec = Spec {
    name: "read",
    who: Who::Everyone,
    arguments: &[Argument {
        name: "number",
        kind: Kind::Number,
        required: true,
    }],
    run,
};

/// Items with their whole summaries, newest first. Those that were removed since are left out.
pub(super) fn summaries(request: &Request<'_>, ids: &[ItemId]) -> Result<Reply, Failure> {
    let mut items = request.store.read(|db| {
        let found: Result<Vec<_>, StoreError> = ids.iter().map(|id| db.item(*id)).collect();
        Ok::<_, StoreError>(found?.into_iter().flatten().collect::<Vec<_>>())
    })?;
    items.sort_unstable_by_key(|item| item.place);
    if items.is_empty() {
        return Err(request.mistake("summaries-gone", &[]));
    }
    let mut post = Post::default();
    post.push(Block::Title {
        text: request.say.text("summaries-title", &[]),
        note: None,
    });
    for item in items {
        post.push(Block::Entry(Entry {
            id: item.id.get(),
            date: None,
            title: item.title,
            link: item.link,
            summary: None,
            section: None,
        }));
        for paragraph in item.summary.split("\n\n").filter(|p| !p.is_empty()) {
            post.push(Block::Paragraph(paragraph.to_owned()));
        }
    }
    Ok(post.into())
}

fn run(request: &Request<'_>, words: &str) -> Result<Reply, Failure> {
    let words = unquote(words);
    if words.is_empty() {
        return Err(request.mistake("read-what", &[]));
    }
    let number = words.strip_prefix('#').unwrap_or(words);
    let shown = echo(words);
    if !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(request.mistake("read-not-a-number", &[("got", (&shown).into())]));
    }
    // A number too long for an item's is no item's.
    let id = ItemId::new(number.parse().unwrap_or(i64::MAX));
    let (item, channel, newest) = request.store.read(|db| {
        Ok::<_, StoreError>((
            db.item(id)?,
            db.channel(&request.channel)?,
            db.greatest_item_id()?,
        ))
    })?;
    let Some(item) = item else {
        let key = if newest == 0 {
            "latest-empty"
        } else {
            "read-no-item"
        };
        let values = [("number", Value::Text(number)), ("newest", newest.into())];
        return Err(request.mistake(key, &values));
    };
    let zone = request.zone(channel.as_ref());
    let mut post = Post::default();
    post.push(Block::Title {
        text: item.title.clone(),
        note: None,
    });
    for paragraph in item.summary.split("\n\n").filter(|p| !p.is_empty()) {
        post.push(Block::Paragraph(paragraph.to_owned()));
    }
    if let Some(link) = &item.link {
        post.push(Block::Link(link.clone()));
    }
    let section = request
        .press
        .catalogue
        .by_slug(item.section.as_str())
        .map_or_else(
            || item.section.to_string(),
            |section| request.title(section),
        );
    let mut about = vec![Line::plain(format!("#{id}")), Line::plain(section)];
    about.extend(
        item.published
            .map(|p| Line::plain(request.say.published(p, &zone))),
    );
    // An operator's name for a source says little to readers.
    let configured = request.sources.iter().find(|s| s.name == item.source);
    let label = configured.and_then(|source| source.label.as_deref());
    let source = [("source", label.unwrap_or(&item.source).into())];
    about.push(request.say.line("read-source", &source));
    post.push(Block::Hints(about));
    Ok(post.into())
}
