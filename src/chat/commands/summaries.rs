//! Items with their summaries, newest first, page by page: what is read from under a roundup.

use std::ops::Range;

use super::command::{CommandError, ListPage, Reply, Request};
use tidings_core::ids::ItemId;
use tidings_core::item::Item;
use tidings_core::post::{Block, Entry, Post};
use tidings_store::StoreError;

/// A page of items; of those behind the last one, that. Items that were removed since are counted and left out.
pub(super) fn page(
    request: &Request<'_>,
    ids: &[ItemId],
    page: usize,
) -> Result<Reply, CommandError> {
    let found: Result<Vec<_>, StoreError> = ids.iter().map(|id| request.db.item(*id)).collect();
    let mut items: Vec<Item> = found?.into_iter().flatten().collect();
    items.sort_unstable_by_key(|item| item.place);
    if items.is_empty() {
        return Err(request.mistake("summaries-gone", &[]));
    }
    let list = List {
        request,
        missing: ids.len() - items.len(),
        items,
    };
    let pages = list.pages();
    let last = pages.len().saturating_sub(1);
    let page = page.min(last);
    let turn = |page| ListPage::Summaries {
        items: ids.to_vec(),
        page,
    };
    Ok(Reply {
        // A summary that takes more than a page says how to read on.
        post: list.page(pages[page].clone()).bounded(
            1,
            &|post| request.messages(post),
            &|count, _| request.say.line("answer-more", &[("count", count.into())]),
        ),
        newer: (page > 0).then(|| turn(page - 1)),
        older: (page < last).then(|| turn(page + 1)),
        ..Reply::default()
    })
}

struct List<'l> {
    request: &'l Request<'l>,
    /// Newest first.
    items: Vec<Item>,
    /// How many more there were.
    missing: usize,
}

impl List<'_> {
    /// Which items each page holds: as many as fit into one message, which can be turned in place, and one at least.
    fn pages(&self) -> Vec<Range<usize>> {
        let fits = |range: Range<usize>| self.request.messages(&self.page(range)) <= 1;
        let mut pages = Vec::new();
        let mut from = 0;
        while from < self.items.len() {
            let mut to = from + 1;
            while to < self.items.len() && fits(from..to + 1) {
                to += 1;
            }
            pages.push(from..to);
            from = to;
        }
        pages
    }

    fn page(&self, range: Range<usize>) -> Post {
        let Request { say, context, .. } = self.request;
        let total = self.items.len();
        let key = match range.len() {
            1 => "latest-note-single",
            _ => "latest-note-older",
        };
        let values = [
            ("from", (range.start + 1).into()),
            ("to", range.end.into()),
            ("total", total.into()),
        ];
        let is_end = range.end == total;
        let mut post = Post::default();
        post.push(Block::Title {
            text: say.text("summaries-title", &[]),
            note: (range.len() < total).then(|| say.text(key, &values)),
        });
        for item in &self.items[range] {
            post.push(Block::Entry(Entry {
                id: item.id.get(),
                link: context.link(item),
                title: item.title.clone(),
                picture: item.picture.clone(),
                ..Entry::default()
            }));
            let paragraphs = item.summary.split("\n\n").filter(|text| !text.is_empty());
            post.blocks
                .extend(paragraphs.map(|text| Block::Paragraph(text.to_owned())));
        }
        if is_end && self.missing > 0 {
            let values = [("count", self.missing.into())];
            post.push(Block::Line(say.line("summaries-missing", &values)));
        }
        post
    }
}
