//! `/sections`: what there is to follow.

use std::cmp::Reverse;

use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use tidings_core::bounds::SECTIONS_LISTED;
use tidings_core::item::Published;
use tidings_core::post::{Block, Post};
use tidings_core::section::Origin;
use tidings_store::SectionSummary;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "sections",
    run: Run::Asks(|request, _| run(request)),
    ..CommandSpec::QUESTION
};

pub(super) fn run(request: &Request<'_>) -> Result<Reply, CommandError> {
    let mut summaries = request.db.section_summaries()?;
    summaries.retain(|summary| !summary.section.hidden);
    summaries.sort_by_key(|summary| (summary.section.origin, summary.section.id));
    let channel = request.channel_row()?;
    let zone = request.zone(channel.as_ref());
    let total: i64 = summaries.iter().map(|summary| summary.items).sum();
    let mut post = Post::default();
    let count = [("count", summaries.len().into())];
    let items = [("items", total.into())];
    post.push(Block::Title {
        text: request.say.text("sections-title", &count),
        note: Some(request.say.text("sections-note", &items)),
    });
    let all = summaries.len();
    let newest = |summary: &SectionSummary| summary.newest.map_or(i64::MIN, Published::seconds);
    if all > SECTIONS_LISTED.most {
        // The configured ones, and those with the newest items, in the order of all.
        summaries.sort_by_key(|summary| {
            let is_configured = matches!(summary.section.origin, Origin::Configured(_));
            (!is_configured, Reverse(newest(summary)))
        });
        summaries.truncate(SECTIONS_LISTED.most);
        summaries.sort_by_key(|summary| (summary.section.origin, summary.section.id));
    }
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
    if all > summaries.len() {
        let more = [("count", (all - summaries.len()).into())];
        post.push(Block::Line(request.say.line("sections-more", &more)));
    }
    let slug = summaries
        .iter()
        .rev()
        .max_by_key(|summary| summary.items)
        .map_or("all", |summary| summary.section.slug.as_str());
    let values = [("slug", slug.into())];
    let latest = ("hint-latest-one", &values[..]);
    let hints = [latest, ("hint-subscribe", &values)];
    let worth_reading = usize::from(total == 0);
    post.push(request.hints(&hints[worth_reading..]));
    Ok(post.into())
}
