//! What editors are told of what readers suggest.

use jiff::Timestamp;

use super::context::ComposeContext;
use super::editors::{self, by_voice, spoken};
use tidings_core::ids::ChannelKey;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, DeliveryOptions, Line, Post, Span};
use tidings_store::{StoreError, Suggestion, WriteTx};

/// Tells a platform's editors what was suggested, once. Returns how many messages there are.
pub(super) fn tell(
    db: &WriteTx<'_>,
    context: ComposeContext<'_>,
    platform: &dyn ChatPlatform,
    named: &[ChannelKey],
    now: Timestamp,
) -> Result<usize, StoreError> {
    let name = platform.name();
    let rows = editors::on(db, platform, named, now)?;
    let mut told = 0;
    for (id, suggestion) in db.untold_suggestions(name)? {
        let options = DeliveryOptions::default();
        let count = |post: &Post| platform.render(post, &options).len();
        let mut messages = Vec::new();
        for (voice, editors) in by_voice(context.defaults, &rows) {
            let defaults = &spoken(context.defaults, voice.as_ref());
            let context = ComposeContext {
                defaults,
                ..context
            };
            let rest = context.rest(defaults.locale);
            let post = compose(context, &suggestion).bounded(1, &count, &rest);
            if let Some(wire) = platform.render(&post, &options).into_iter().next() {
                messages.push((wire, editors));
            }
        }
        db.tell_suggestion(id, name, &messages, now)?;
        told += messages.len();
    }
    Ok(told)
}

/// The link, and the reader's words as what they are: somebody else's.
fn compose(context: ComposeContext<'_>, suggestion: &Suggestion) -> Post {
    let say = context.texts.localizer(context.defaults.locale);
    let values = [("platform", (&suggestion.reader_on).into())];
    let mut post = Post::line(say.line("suggestion-title", &values));
    if !suggestion.words.is_empty() {
        post.push(Block::Paragraph(suggestion.words.clone()));
    }
    let link = Span::Link(suggestion.link.clone());
    post.push(Block::Line(Line(vec![link])));
    post
}
