//! A post parted where its messages begin, so that what one of them shows can be said anew without touching the others.

use std::ops::Range;

use super::{Block, Post};

/// A stretch of a post that takes whole messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// What they say.
    pub post: Post,
    /// Which of the post's messages they are, from 0.
    pub messages: Range<usize>,
}

impl Post {
    /// The post in stretches, the shortest that take whole messages; `placement` tells which items each message shows.
    pub fn stretches(&self, placement: &[Vec<i64>]) -> Vec<Stretch> {
        let mut begins: Vec<(usize, usize)> = Vec::new();
        for (message, items) in placement.iter().enumerate() {
            let is_shown_before =
                |item| placement[..message].iter().any(|them| them.contains(item));
            let Some(first) = items.first().filter(|_| !items.iter().any(is_shown_before)) else {
                continue;
            };
            let is_first =
                |block: &Block| matches!(block, Block::Entry(entry) if entry.id == *first);
            if let Some(at) = self.blocks.iter().position(is_first) {
                begins.push((message, at));
            }
        }
        if let Some(first) = begins.first_mut() {
            *first = (0, 0);
        }
        // What stands over an item goes with it.
        for (_, at) in begins.iter_mut().skip(1) {
            while *at > 0 && matches!(self.blocks[*at - 1], Block::Section { .. }) {
                *at -= 1;
            }
        }
        let ends = begins.iter().skip(1).copied();
        let ends = ends.chain([(placement.len(), self.blocks.len())]);
        let stretches = begins.iter().zip(ends).map(|(from, to)| Stretch {
            post: self.stretch(from.1..to.1),
            messages: from.0..to.0,
        });
        stretches.collect()
    }

    fn stretch(&self, blocks: Range<usize>) -> Post {
        let is_section = |block: &&Block| matches!(block, Block::Section { .. });
        let mut post = Post::default();
        // A section that goes on is named again.
        if !self
            .blocks
            .get(blocks.start)
            .as_ref()
            .is_some_and(is_section)
        {
            let before = self.blocks[..blocks.start].iter().rev().find(is_section);
            post.blocks.extend(before.cloned());
        }
        post.blocks
            .extend(self.blocks[blocks.clone()].iter().cloned());
        let goes_on = matches!(self.blocks.get(blocks.end), Some(Block::Entry(_)));
        let last = post.blocks.iter_mut().rev().find_map(|block| match block {
            Block::Section { note, .. } => Some(note),
            _ => None,
        });
        // What is said of it stands under its last headline.
        if let Some(note) = last.filter(|_| goes_on) {
            note.clear();
        }
        // Under each message the same can be done.
        let offers = self.blocks[blocks.end..].iter();
        let offers = offers.filter(|block| matches!(block, Block::Offers(_)));
        post.blocks.extend(offers.cloned());
        post
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::{Entry, Line};

    fn entry(id: i64) -> Block {
        Block::Entry(Entry {
            id,
            title: format!("Ferry {id} sails"),
            ..Entry::default()
        })
    }

    fn section(title: &str) -> Block {
        Block::Section {
            title: title.to_owned(),
            slug: title.to_lowercase(),
            note: "3 headlines".to_owned(),
        }
    }

    fn said(stretches: &[Stretch]) -> Vec<(Range<usize>, Vec<String>)> {
        let word = |block: &Block| match block {
            Block::Entry(entry) => entry.id.to_string(),
            Block::Section { title, note, .. } => format!("{title} {note}").trim().to_owned(),
            Block::Line(line) => line.to_text(),
            _ => "…".to_owned(),
        };
        let all = stretches.iter().map(|stretch| {
            let words = stretch.post.blocks.iter().map(word).collect();
            (stretch.messages.clone(), words)
        });
        all.collect()
    }

    #[test]
    fn a_section_that_goes_on_is_named_again_and_counted_at_its_end() {
        let post = Post {
            blocks: vec![
                section("Japan"),
                entry(1),
                entry(2),
                section("More"),
                entry(3),
                Block::Line(Line::plain("9 more")),
                Block::Offers(Vec::new()),
            ],
        };
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(
            said(&post.stretches(&[vec![1], vec![2], vec![3]])),
            [
                (0..1, words(&["Japan", "1", "…"])),
                (1..2, words(&["Japan 3 headlines", "2", "…"])),
                (2..3, words(&["More 3 headlines", "3", "9 more", "…"])),
            ]
        );
        assert_eq!(post.stretches(&[vec![1, 2, 3]])[0].post, post);
        // What goes on in the next message is said anew together with that.
        let spilled = post.stretches(&[vec![1, 2], vec![2, 3], vec![]]);
        assert_eq!(spilled.len(), 1);
        assert_eq!(
            (spilled[0].messages.clone(), &spilled[0].post),
            (0..3, &post)
        );
    }

    #[test]
    fn what_shows_nothing_has_no_stretch() {
        assert_eq!(Post::default().stretches(&[]), []);
        assert_eq!(Post::line(Line::plain("x")).stretches(&[vec![]]), []);
    }
}
