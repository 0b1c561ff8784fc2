//! Rules 1 to 5 of design.md, “How a digest page is read”, read a second time: straight from their sentences, with the whole
//! page at hand and nothing of the reader's code. Both have to find the same in any page.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use tidings_reader::Layout;

use super::{FOOTER, KNOWN, outcome};

/// A block of a page, behind so many blank lines.
#[derive(Clone, Debug)]
struct Block {
    gap: usize,
    text: String,
}

impl Block {
    fn is_known(&self) -> bool {
        KNOWN.contains(&self.text.as_str())
    }

    fn ends_sentence(&self) -> bool {
        self.text.ends_with('.')
    }
}

/// A page up to its end.
struct Blocks(Vec<Block>);

impl Blocks {
    fn is_wide_before(&self, at: usize) -> bool {
        at == 0 || self.is_right_behind_known(at) || self.0[at].gap >= 2
    }

    fn is_right_behind_known(&self, at: usize) -> bool {
        at > 0 && self.0[at - 1].is_known()
    }

    fn is_followed_narrowly(&self, at: usize) -> bool {
        let next = self.0.get(at + 1);
        next.is_some_and(|next| next.gap == 1 && !next.is_known())
    }

    /// Rule 3.
    fn is_headline(&self, at: usize) -> bool {
        !self.0[at].is_known() && self.is_wide_before(at) && self.is_followed_narrowly(at)
    }

    fn is_of_run(&self, at: usize) -> bool {
        !self.0[at].is_known() && self.is_wide_before(at) && !self.is_followed_narrowly(at)
    }

    /// Rule 4, of the first block of a run.
    fn is_unknown_heading(&self, at: usize) -> bool {
        let (block, next) = (&self.0[at], at + 1);
        let is_fit = block.text.chars().count() <= 60 && !block.ends_sentence();
        // Behind a lost heading nothing follows it any more (rule 5).
        if !is_fit || self.0.get(next).is_none_or(|next| next.gap >= 4) {
            return false;
        }
        let is_in_run = self.is_of_run(next) && !self.0[next].ends_sentence();
        self.is_headline(next) || is_in_run && !self.is_right_behind_known(at)
    }

    /// The items, one in a line.
    fn items(&self) -> String {
        let mut items: Vec<(Option<&str>, &str, Vec<&str>)> = Vec::new();
        let mut heading = None;
        // In a run: whether its last block is a headline without a summary.
        let mut run: Option<bool> = None;
        let mut takes_paragraphs = false;
        for (at, block) in self.0.iter().enumerate() {
            let text = block.text.as_str();
            if block.gap >= 4 && at > 0 && !self.is_right_behind_known(at) {
                (heading, run, takes_paragraphs) = (None, None, false);
            }
            if block.is_known() {
                (heading, run, takes_paragraphs) = (Some(text), None, false);
            } else if takes_paragraphs && !self.is_wide_before(at) {
                items.last_mut().unwrap().2.push(text);
            } else if self.is_followed_narrowly(at) {
                items.push((heading, text, Vec::new()));
                (run, takes_paragraphs) = (None, true);
            } else if run.is_none() && self.is_unknown_heading(at) {
                (heading, run, takes_paragraphs) = (Some(text), Some(false), false);
            } else if run == Some(true) && block.ends_sentence() {
                items.last_mut().unwrap().2.push(text);
                run = Some(false);
            } else {
                items.push((heading, text, Vec::new()));
                (run, takes_paragraphs) = (Some(true), false);
            }
        }
        let shown = items.iter().map(|(heading, title, paragraphs)| {
            let heading = heading.map_or_else(String::new, |heading| format!("[{heading}] "));
            let parts: Vec<&str> = [*title].iter().chain(paragraphs).copied().collect();
            format!("{heading}{}\n", parts.join(" / "))
        });
        shown.collect()
    }
}

fn blocks() -> impl Strategy<Value = Vec<Block>> {
    let kind = prop_oneof![
        2 => Just("known"),
        5 => Just("headline"),
        4 => Just("sentence"),
        1 => Just("long"),
        1 => Just("footer"),
    ];
    let gap = prop_oneof![3 => Just(1), 6 => Just(2), 3 => Just(3), 1 => 4..7usize];
    vec((kind, gap), 2..9).prop_map(|drawn| {
        let block = |(at, (kind, gap)): (usize, (&str, usize))| Block {
            gap,
            text: match kind {
                "known" => KNOWN[at % KNOWN.len()].to_owned(),
                "headline" => format!("Fern {at} comes back"),
                "sentence" => format!("Moss {at} is green."),
                "long" => format!("Squid {at} {}", "counted and counted ".repeat(4).trim()),
                _ => FOOTER.to_owned(),
            },
        };
        drawn.into_iter().enumerate().map(block).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, rng_seed: RngSeed::Fixed(2026), ..ProptestConfig::default() })]

    #[test]
    fn a_page_holds_what_the_rules_say(blocks in blocks()) {
        let mut page = String::new();
        for (at, block) in blocks.iter().enumerate() {
            if at > 0 {
                page.push_str(&"\n".repeat(block.gap + 1));
            }
            page.push_str(&block.text);
        }
        // Rule 1.
        let end = blocks.iter().position(|block| block.text == FOOTER);
        let kept = Blocks(blocks[..end.unwrap_or(blocks.len())].to_vec());
        let expected = kept.items();
        // Rule 9.
        prop_assume!(kept.0.len() > 1 && !expected.is_empty());
        prop_assert_eq!(outcome(Layout::Double, "page.txt", &page), expected, "{}", page);
    }
}
