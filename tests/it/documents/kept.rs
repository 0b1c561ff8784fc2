//! Nothing vanishes in silence: every block of a document is found in an item, dropped by a rule that is named here, or
//! counted as unread. Shown with documents that are made of everything that stands in newsletters, in any order.

use std::fmt::Write;

use tidings_reader::{Document, Page};

use super::kinds::{document, rules};

/// How many documents of each kind are made.
const DOCUMENTS: u64 = 400;

/// A row of numbers that is the same each time.
struct Row(u64);

impl Row {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

/// A block, by a word that stands nowhere else, and the line where it begins.
struct Block {
    word: String,
    line: u32,
}

/// Blocks of Markdown, with `@` for their own word. Headings aren't among them: one over nothing yields nothing. Nor is
/// what is only a link, for that becomes the link of a headline.
const MARKED: &[&str] = &[
    "The ministry counted @ in three bays. More is said of it on Friday.",
    "In [a letter](https://news.example/@) the port spoke of @ again.",
    "[Headline of @](https://news.example/@) is what everybody reads, as it seems.",
    "- entry of @ without a link",
    "- [Entry of @](https://news.example/@)",
    "- [Entry of @](https://news.example/@): with a sentence behind it.\n    - nested words of @x",
    "- Outer words\n    - [Inner @](https://news.example/@)\n    - bare @x",
    "- **Lead of some words and @:** it was [posted](https://news.example/@) here.",
    "> A quotation about @ that somebody said.",
    "| Title | Where |\n|---|---|\n| About @ | Busan |",
    // It may be a heading as well.
    "**Bold line of some words**",
    "**Lead of some words and @:** what follows is the text of it.",
    "```\ncode of @\n```",
    "1. Number of @ with [a link](https://news.example/@) inside.",
    "<p>Markup of @ on a line.</p>",
    "<div><b>Markup of @</b><br>and a second line of @x.</div>",
    "What follows about @:",
    "3、[Counted @](https://news.example/@)",
    "Thanks to @ for the suggestion!",
    "– @ in a letter",
    "Words of @\nover two lines with <https://news.example/@>",
];

fn made(blocks: &[&str], headings: &[&str], row: &mut Row) -> (String, Vec<Block>) {
    let mut text = String::new();
    let mut words = Vec::new();
    for at in 0..4 + row.below(12) {
        let line = u32::try_from(text.matches('\n').count() + 1).unwrap();
        if at == 0 || row.below(4) == 0 {
            let heading = headings[row.below(headings.len())];
            writeln!(text, "{}\n", heading.replace('@', &format!("h{at}"))).unwrap();
            continue;
        }
        let block = blocks[row.below(blocks.len())];
        let word = format!("qz{at}qz");
        writeln!(text, "{}\n", block.replace('@', &word)).unwrap();
        if block.replace("@x", "").contains('@') {
            let word = word.clone();
            words.push(Block { word, line });
        }
        if block.contains("@x") {
            let word = format!("{word}x");
            words.push(Block { word, line });
        }
    }
    (text, words)
}

/// The words that are in no item.
fn missing<'b>(page: &Page, words: &'b [Block]) -> Vec<&'b Block> {
    let all = page.drafts.iter().fold(String::new(), |mut all, draft| {
        let heading = draft.heading.as_deref().unwrap_or_default();
        write!(all, "{heading}\n{}\n{}\n", draft.title, draft.summary).unwrap();
        all
    });
    let is_there = |word: &str| {
        all.match_indices(word).any(|(at, _)| {
            let behind = all[at + word.len()..].chars().next();
            word.ends_with('x') || behind != Some('x')
        })
    };
    words
        .iter()
        .filter(|block| !is_there(&block.word))
        .collect()
}

fn read(document: &Document) -> Option<Page> {
    tidings_reader::parse(document, &rules()).ok()
}

#[test]
fn of_markdown_every_block_is_kept_or_counted() {
    let headings = ["# Weekly @", "## Part @", "### Deeper @", "## Japan", "---"];
    let mut row = Row(1);
    for _ in 0..DOCUMENTS {
        let (text, words) = made(MARKED, &headings, &mut row);
        let Some(page) = read(&document("weekly", format!("{text}\n## Last\n\n## Two\n"))) else {
            continue;
        };
        for block in missing(&page, &words) {
            let lines = block.line..=block.line + 3;
            assert!(
                page.unread.lines.iter().any(|line| lines.contains(line)),
                "{} of line {} is nowhere, unread are {:?}:\n{text}",
                block.word,
                block.line,
                page.unread.lines,
            );
        }
    }
}

#[test]
fn of_a_text_page_every_block_is_kept() {
    let blocks = [
        "The ministry counted @ in three bays. More is said of it on Friday.",
        "Headline of @ without an end",
        "Headline of @ without an end\n\nWhat follows is about @x, and ends.",
        "Headline of @ without an end\n\nWhat follows is about @x, and ends.\n\nREAD MORE",
        "Short @\n",
        "1. Number of @",
        "• Bullet of @\nhttps://news.example/@",
        "\n\nBehind a gap @",
    ];
    let mut row = Row(2);
    for _ in 0..DOCUMENTS {
        let (text, words) = made(&blocks, &["Japan\n", "\n", "Part @\n"], &mut row);
        let Some(page) = read(&document("weekly.txt", &text)) else {
            continue;
        };
        let missing: Vec<&str> = missing(&page, &words)
            .iter()
            .map(|block| block.word.as_str())
            .collect();
        assert!(
            missing.is_empty(),
            "{missing:?}\n{text}\n{:#?}",
            page.drafts
        );
    }
}

#[test]
fn of_a_web_page_every_block_is_kept_or_counted() {
    // What stands around a page's text, and before its first section, is dropped by rules of its own (`furniture`);
    // a heading may be a section's under one that the configuration knows.
    let blocks = [
        "<p>The ministry counted @ in three bays. More is said of it on Friday.</p>",
        "<p>In <a href=\"https://news.example/@\">a letter</a> the port spoke of @ again.</p>",
        "<h3><a href=\"https://news.example/crane\">Headline of some words</a></h3>\n<p>Text of @x that ends.</p>",
        "<h3>Headline of some words</h3>\n<p>Text of @x that ends.</p>",
        "<ul><li><a href=\"https://news.example/@\">Entry of some words and @</a></li>\n<li>bare words of @x</li></ul>",
        "<blockquote><p>A quotation about @ that somebody said.</p></blockquote>",
        "<table><tr><td>About @</td><td>Busan</td></tr></table>",
        "<div>Some words of @<br>and more of @x.</div>",
        "<pre>code of @</pre>",
    ];
    let mut row = Row(3);
    for _ in 0..DOCUMENTS {
        let (text, words) = made(
            &blocks,
            &["<h2>Part @</h2>", "<h2>Japan</h2>", "<hr>"],
            &mut row,
        );
        let text = format!("<html><body><main><h2>Japan</h2>\n{text}</main></body></html>");
        let Some(page) = read(&document("weekly.html", &text)) else {
            continue;
        };
        let missing: Vec<&str> = missing(&page, &words)
            .iter()
            .map(|block| block.word.as_str())
            .collect();
        assert!(
            missing.len() <= page.unread.lines.len(),
            "{missing:?}, unread are {:?}:\n{text}",
            page.unread.lines,
        );
    }
}
