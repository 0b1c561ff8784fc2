//! What editors are told of what waits for them: what would go, where, and when; how it stands, who pressed last, and what
//! can be done about it (design.md, “Editors, and posts that stay true”).

use jiff::Timestamp;

use super::context::ComposeContext;
use super::editors::{self, by_voice, spoken};
use tidings_core::channel::{ChannelRow, Defaults};
use tidings_core::ids::ChannelKey;
use tidings_core::language::{Localizer, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{
    Block, DeliveryOptions, EditorDeed, Entry, Line, Post, PostAction, PostButton,
};
use tidings_core::schedule::Zone;
use tidings_store::{
    HeldItem, HeldState, LastDeed, OPERATOR, Review, ReviewDeed, ReviewMessage, ReviewTelling,
    StoreError, WriteTx,
};

/// Tells a platform's editors of what waits for them, and of what has changed about it. Returns how many messages are new
/// or to be edited.
pub(super) fn tell(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    platform: &dyn ChatPlatform,
    named: &[ChannelKey],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let name = platform.name();
    let rows = editors::on(db, platform, named, now)?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut told = 0;
    for id in db.untold_reviews(name)? {
        let Some(review) = db.review(id)? else {
            continue;
        };
        let told_before = db.told_of_review(id, name)?;
        for telling in tellings(context.defaults, &rows, told_before) {
            let defaults = &spoken(context.defaults, telling.voice.as_ref());
            let context = ComposeContext {
                defaults,
                ..context
            };
            let Some(wire) = render(context, platform, &review, now) else {
                continue;
            };
            db.tell_review(&review, name, &telling, &wire, now)?;
            told += 1;
        }
    }
    Ok(told)
}

/// Which messages there are of a review, and which there are to be. Who has one keeps it, whatever is set meanwhile: who was
/// named since, or had the chat forgotten, gets one, too.
fn tellings<'r>(
    defaults: &Defaults,
    editors: &'r [ChannelRow],
    told: Vec<ReviewMessage>,
) -> Vec<ReviewTelling<'r>> {
    let has_one = |editor: &&ChannelRow| {
        told.iter()
            .any(|message| message.editors.contains(&editor.id))
    };
    let untold = editors.iter().filter(|editor| !has_one(editor));
    let mut untold = by_voice(defaults, untold);
    let mut tellings = Vec::new();
    for message in told {
        let alike = untold.iter().position(|(voice, _)| *voice == message.voice);
        tellings.push(ReviewTelling {
            part: Some(message.part),
            to: alike.map_or_else(Vec::new, |at| untold.swap_remove(at).1),
            voice: message.voice,
        });
    }
    tellings.extend(untold.into_iter().map(|(voice, to)| ReviewTelling {
        voice,
        part: None,
        to,
    }));
    tellings
}

/// What a review says on a platform: all that there is room for in one message.
fn render(
    context: ComposeContext<'_>,
    platform: &dyn ChatPlatform,
    review: &Review,
    now: Timestamp,
) -> Option<String> {
    let options = DeliveryOptions::default();
    let count = |post: &Post| platform.render(post, &options).len();
    let say = context.texts.localizer(context.defaults.locale);
    // What there is no room for is come to by a button, as long as some of it waits.
    let key = match review.is_open() {
        true => "review-more",
        false => "review-more-out",
    };
    let rest = |count: usize, _: Option<&str>| say.line(key, &[("count", count.into())]);
    let mut post = compose(context, review, &shown(review, false), now);
    if count(&post) > 1 {
        post = compose(context, review, &shown(review, true), now);
    }
    let post = post.bounded(1, &count, &rest);
    platform.render(&post, &options).into_iter().next()
}

/// The items of a review in the order in which they are said, the newest first; what waits before all others, where not all
/// of them can be said.
fn shown(review: &Review, waiting_first: bool) -> Vec<&HeldItem> {
    let mut items: Vec<&HeldItem> = review.items.iter().collect();
    if waiting_first {
        items.sort_by_key(|item| item.state != HeldState::Held);
    }
    items
}

/// What a review says now, of these items.
fn compose(
    context: ComposeContext<'_>,
    review: &Review,
    items: &[&HeldItem],
    now: Timestamp,
) -> Post {
    let say = context.texts.localizer(context.defaults.locale);
    let label = context.labels.get(&review.source).unwrap_or(&review.source);
    let title = match review.is_open() {
        true => "review-title",
        false => "review-title-over",
    };
    let mut post = Post::default();
    post.push(Block::Title {
        text: say.text(title, &[("source", label.into())]),
        note: None,
    });
    post.push(Block::Line(state(context, say, review, now)));
    if let Some(last) = &review.last {
        let editor = match last.editor.as_str() {
            OPERATOR => say.text("deed-operator", &[]),
            editor => last.name.clone().unwrap_or_else(|| editor.to_owned()),
        };
        post.push(Block::Line(say_last(
            say,
            &context.defaults.timezone,
            last,
            &editor,
            now,
        )));
    }
    for item in items {
        post.push(Block::Entry(Entry {
            id: item.id.get(),
            title: item.title.clone(),
            link: item.link.clone(),
            remark: Some(remark(context, say, review, item, now)),
            withdrawn: item.state == HeldState::Withdrawn,
            ..Entry::default()
        }));
    }
    post.push(Block::Offers(offers(say, review)));
    post
}

/// What was done last to a review, by whom and when.
pub fn say_last(
    say: Localizer<'_>,
    zone: &Zone,
    last: &LastDeed,
    editor: &str,
    now: Timestamp,
) -> Line {
    let at = say.moment(last.at, now, zone);
    let values = [("editor", Value::Text(editor)), ("at", (&at).into())];
    say.line(said(last.deed), &values)
}

fn said(deed: ReviewDeed) -> &'static str {
    match deed {
        ReviewDeed::Publish => "review-published-by",
        ReviewDeed::HoldBack => "review-held-by",
        ReviewDeed::Withdraw => "review-withdrawn-by",
        ReviewDeed::Drop => "review-dropped-by",
        ReviewDeed::Move => "review-moved-by",
    }
}

/// How all of it stands, in a line.
fn state(context: ComposeContext<'_>, say: Localizer<'_>, review: &Review, now: Timestamp) -> Line {
    let held = review
        .items
        .iter()
        .filter(|item| item.state == HeldState::Held);
    let count = held.clone().count();
    let next = held.filter_map(|item| item.until).min();
    let count = ("count", Value::from(count));
    match next {
        Some(at) => {
            let zone = &context.defaults.timezone;
            let moment = format!("{} {}", say.moment(at, now, zone), zone.city());
            let values = [count, ("moment", (&moment).into())];
            say.line("review-waits", &values)
        }
        None if review.is_open() => say.line("review-held", &[count]),
        None if review.is_seen() => say.line("review-out", &[]),
        None if review.is_out() => say.line("review-hidden", &[]),
        None => say.line("review-withdrawn", &[]),
    }
}

/// Said beside an item: its section, whether that is hidden, and when it goes where that isn't the time of all.
fn remark(
    context: ComposeContext<'_>,
    say: Localizer<'_>,
    review: &Review,
    item: &HeldItem,
    now: Timestamp,
) -> String {
    let times = review.items.iter().filter_map(|item| item.until);
    let is_only_time = times.min() == item.until;
    let waits = item.state == HeldState::Held;
    let at = item.until.filter(|_| waits && !is_only_time);
    let section = context.catalogue.get(item.section);
    let section = section.map(|section| context.title(say, section));
    let mut parts: Vec<String> = section.into_iter().collect();
    if item.is_hidden {
        parts.push(say.text("review-section-hidden", &[]));
    }
    parts.extend(at.map(|at| say.moment(at, now, &context.defaults.timezone)));
    if waits && item.until.is_none() && !is_only_time {
        parts.push(say.text("review-item-held", &[]));
    }
    format!("({})", parts.join(" · "))
}

/// What can be done about it as it stands.
fn offers(say: Localizer<'_>, review: &Review) -> Vec<PostButton> {
    let mut deeds = Vec::new();
    if review.is_open() {
        deeds.push((EditorDeed::Publish, "button-publish"));
        if review
            .items
            .iter()
            .any(|item| item.state == HeldState::Held && item.until.is_some())
        {
            deeds.push((EditorDeed::HoldBack, "button-hold-back"));
        }
    }
    if review.is_open() {
        deeds.push((EditorDeed::Choose, "button-choose"));
    }
    if review.is_out() {
        deeds.push((EditorDeed::Withdraw, "button-withdraw"));
    }
    let last = review.last.as_ref().map(|last| last.deed);
    if last.is_some_and(|deed| deed != ReviewDeed::Publish) {
        deeds.push((EditorDeed::Undo, "button-undo"));
    }
    let button = |(deed, label): (EditorDeed, &str)| PostButton {
        label: say.text(label, &[]),
        deed: PostAction::Review {
            review: review.id.get(),
            deed,
            version: Some(review.version),
        },
    };
    deeds.into_iter().map(button).collect()
}
