//! `/sections`: what there is to follow.

use super::{Failure, Reply, Request, Spec, Who};
use crate::post::{Block, Post};

pub(super) const SPEC: Spec = Spec {
    name: "sections",
    who: Who::Everyone,
    arguments: &[],
    run: |request, _| run(request),
};

fn run(request: &Request<'_>) -> Result<Reply, Failure> {
    let mut summaries = request.store.read(|db| db.section_summaries())?;
    summaries.retain(|summary| !summary.section.hidden);
    summaries.sort_by_key(|summary| (summary.section.origin, summary.section.id));
    let channel = request.channel_row()?;
    let zone = request.zone(channel.as_ref());
    let total: i64 = summaries.iter().map(|summary| summary.items).sum();
    let mut post = Post::default();
    post.push(Block::Title {
        text: request.say.text("sections-title", &[]),
        note: Some(request.say.text(
            "sections-note",
            &[("count", summaries.len().into()), ("items", total.into())],
        )),
    });
    for summary in &summaries {
        let mut details = vec![
            request
                .say
                .text("sections-items", &[("count", summary.items.into())]),
        ];
        details.extend(
            summary
                .newest
                .map(|newest| request.say.published(newest, &zone)),
        );
        post.push(Block::Row {
            name: summary.section.slug.to_string(),
            text: request.title(&summary.section),
            details,
        });
    }
    if total == 0 {
        post.push(Block::Line(request.say.line("latest-empty", &[])));
    }
    let slug = summaries
        .iter()
        .rev()
        .max_by_key(|summary| summary.items)
        .map_or("all", |summary| summary.section.slug.as_str());
    let values = [("slug", slug.into())];
    post.push(request.hints(&[("hint-latest", &values), ("hint-subscribe", &values)]));
    Ok(post.into())
}
