//! Posts that take no more messages than they may: what is least worth goes first, and nothing goes silently.

use super::{Block, Line, Post};
use crate::text::beginning;

/// How much of each summary is left, step by step, where a post takes too many messages: characters.
const SUMMARIES: [usize; 9] = [2_000, 1_400, 1_000, 700, 500, 350, 220, 120, 0];

/// How long links may be where that isn't enough, in bytes: a headline is worth more than a link that only `/read` shows.
const LINKS: [usize; 2] = [1_000, 300];

/// How much of each title is left where that isn't enough either.
const TITLES: [usize; 3] = [300, 160, 80];

/// How many messages a roundup takes at most (design.md: "a roundup at most 5"): more isn't news but a flood, and a channel
/// that may get only some in a minute has room for its people besides.
pub const MOST_MESSAGES: usize = 5;

/// How many messages a post takes.
pub type Messages<'m> = &'m dyn Fn(&Post) -> usize;

/// What is said of so many headlines that are left out of the section of a slug, or of a list.
pub type Rest<'r> = &'r dyn Fn(usize, Option<&str>) -> Line;

impl Post {
    /// The post in no more than `most` messages. First summaries are cut at the end of a sentence, then long links go and
    /// long titles are cut, and if that isn't enough, the last headlines are left out.
    #[must_use]
    pub fn bounded(self, most: usize, messages: Messages<'_>, rest: Rest<'_>) -> Post {
        let fits = |post: &Post| messages(post) <= most;
        if fits(&self) {
            return self;
        }
        for room in SUMMARIES {
            let shorter = self.with_summaries_of(room);
            if fits(&shorter) {
                return shorter;
            }
        }
        let mut bare = self.with_summaries_of(0);
        for most in LINKS {
            bare.drop_links_over(most);
            if fits(&bare) {
                return bare;
            }
        }
        for room in TITLES {
            let shorter = bare.with_titles_of(room);
            if fits(&shorter) {
                return shorter;
            }
        }
        let bare = bare.with_titles_of(TITLES[TITLES.len() - 1]);
        let mut least = 0;
        let mut beyond = bare.blocks.len();
        // How many fit is found by halving.
        while beyond - least > 1 {
            let middle = least + (beyond - least) / 2;
            if fits(&bare.with_first(middle, rest)) {
                least = middle;
            } else {
                beyond = middle;
            }
        }
        bare.with_first(least, rest)
    }

    fn with_summaries_of(&self, room: usize) -> Post {
        let mut post = Post::default();
        // What is left for the paragraphs behind a headline, and where that headline is.
        let mut left: Option<(usize, usize)> = None;
        for block in &self.blocks {
            match block {
                Block::Entry(entry) => {
                    let mut entry = entry.clone();
                    if let Some(summary) = &entry.summary {
                        let kept = shortened(summary, room);
                        entry.cut |= kept.as_ref() != Some(summary);
                        entry.summary = kept;
                    }
                    left = Some((post.blocks.len(), room));
                    post.push(Block::Entry(entry));
                }
                Block::Paragraph(text) => {
                    let Some((at, room)) = &mut left else {
                        // Of no headline: whoever made the post parts it into pages.
                        post.push(block.clone());
                        continue;
                    };
                    let kept = shortened(text, *room);
                    *room = room.saturating_sub(text.chars().count());
                    let is_whole = kept.as_ref() == Some(text);
                    if !is_whole && let Some(Block::Entry(entry)) = post.blocks.get_mut(*at) {
                        entry.cut = true;
                    }
                    post.blocks.extend(kept.map(Block::Paragraph));
                }
                other => post.push(other.clone()),
            }
        }
        post
    }

    fn drop_links_over(&mut self, most: usize) {
        for block in &mut self.blocks {
            if let Block::Entry(entry) = block
                && entry.link.as_ref().is_some_and(|link| link.len() > most)
            {
                entry.link = None;
                entry.cut = true;
            }
        }
    }

    fn with_titles_of(&self, room: usize) -> Post {
        let mut post = self.clone();
        for block in &mut post.blocks {
            if let Block::Entry(entry) = block
                && let Some(title) = shortened(&entry.title, room)
                && title != entry.title
            {
                entry.title = title;
                entry.cut = true;
            }
        }
        post
    }

    /// Only the first entries and rows; lines say how many are left out where.
    fn with_first(&self, most: usize, rest: Rest<'_>) -> Post {
        let mut post = Post::default();
        let mut shown = 0;
        let mut left_out = 0;
        let mut slug: Option<&str> = None;
        let told = |post: &mut Post, left_out: &mut usize, slug: Option<&str>| {
            if *left_out > 0 {
                post.push(Block::Line(rest(*left_out, slug)));
                *left_out = 0;
            }
        };
        for block in &self.blocks {
            match block {
                Block::Entry(_) | Block::Row { .. } if shown < most => {
                    shown += 1;
                    post.push(block.clone());
                }
                Block::Entry(_) | Block::Row { .. } => left_out += 1,
                // What belongs to a headline goes with it.
                Block::Paragraph(_) | Block::Link(_) if left_out > 0 => {}
                other => {
                    told(&mut post, &mut left_out, slug);
                    if let Block::Section { slug: its, .. } = other {
                        slug = Some(its);
                    }
                    post.push(other.clone());
                }
            }
        }
        told(&mut post, &mut left_out, slug);
        post
    }
}

/// The beginning of a text, with `…` where something is left out; `None` if nothing is left worth showing.
fn shortened(text: &str, room: usize) -> Option<String> {
    let kept = beginning(text, room);
    if kept.len() == text.len() {
        return Some(text.to_owned());
    }
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| format!("{kept} …"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Entry;

    fn long() -> Post {
        let sentence = "The envoys agreed to meet a third time before winter. ";
        let mut post = Post::default();
        for id in 1..=100 {
            post.push(Block::Entry(Entry {
                id,
                date: None,
                title: format!("Envoys meet in Geneva for day {id} ").repeat(20),
                link: None,
                picture: None,
                summary: Some(sentence.repeat(200).trim().to_owned()),
                cut: false,
                section: None,
                also: None,
                remark: None,
                withdrawn: false,
            }));
        }
        post
    }

    /// A message holds so many characters.
    fn messages(of: usize) -> impl Fn(&Post) -> usize {
        move |post| {
            let size = |block: &Block| match block {
                Block::Entry(entry) => {
                    entry.title.len() + entry.summary.as_ref().map_or(0, String::len)
                }
                Block::Line(line) => line.to_text().len(),
                _ => 0,
            };
            post.blocks.iter().map(size).sum::<usize>().div_ceil(of)
        }
    }

    fn rest(count: usize, _: Option<&str>) -> Line {
        Line::plain(format!("{count} more"))
    }

    #[test]
    fn summaries_are_cut_at_a_sentence_and_say_so() {
        let post = long().bounded(5, &messages(20_000), &rest);
        assert!(messages(20_000)(&post) <= 5);
        for block in &post.blocks {
            let Block::Entry(entry) = block else {
                panic!("{block:?}")
            };
            let summary = entry.summary.as_ref().unwrap();
            assert!(entry.cut && summary.ends_with("winter. …"), "{summary}");
        }
    }

    #[test]
    fn however_little_room_there_is_it_is_kept_and_nothing_is_left_out_silently() {
        for of in [200, 1_000, 4_000, 12_000, 1_000_000] {
            let post = long().bounded(3, &messages(of), &rest);
            assert!(messages(of)(&post) <= 3, "{of}");
            let shown = post
                .blocks
                .iter()
                .filter(|b| matches!(b, Block::Entry(_)))
                .count();
            let said = post.blocks.iter().find_map(|block| match block {
                Block::Line(line) => Some(line.to_text()),
                _ => None,
            });
            let expected = (shown < 100).then(|| format!("{} more", 100 - shown));
            assert_eq!(said, expected, "{of}");
        }
    }
}
