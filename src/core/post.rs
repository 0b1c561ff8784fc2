//! Posts: platform-neutral rich text. Commands and roundups make them; each platform renders them.
//!
//! A post says what things are (a headline, a hint), not how they look. Text in it is plain: whoever
//! renders it escapes it, so that source text can't become markup.

mod bounded;
mod stretches;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use bounded::{MOST_MESSAGES, Messages, Rest};
pub use stretches::Stretch;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Span {
    /// Plain.
    Text(String),
    /// Stressed.
    Bold(String),
    /// A moment; where the platform can, each reader sees it in their own zone.
    Moment {
        /// When it is.
        at: Timestamp,
        /// The same in words, in the channel's zone.
        text: String,
    },
    /// An address of ours.
    Link(String),
    /// A command of ours, to be typed, copied or pressed.
    Command {
        /// Its name, without a slash.
        name: String,
        /// The channel that it is about, as it is written there; `None` where it is read.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        channel: Option<String>,
        /// What stands behind it, where that is known to belong to it.
        words: String,
    },
}

impl Span {
    /// A command of ours that acts where it is read.
    pub fn command(name: &str, words: String) -> Span {
        Span::Command {
            name: name.to_owned(),
            channel: None,
            words,
        }
    }

    /// The text without its stress.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Span::Text(text) | Span::Bold(text) | Span::Link(text) | Span::Moment { text, .. } => {
                text.into()
            }
            Span::Command {
                name,
                channel,
                words,
            } => {
                let mut line = format!("/{name}");
                let words = Some(words.as_str()).filter(|words| !words.is_empty());
                for word in channel.as_deref().into_iter().chain(words) {
                    line.push(' ');
                    line.push_str(word);
                }
                line.into()
            }
        }
    }
}

/// One line of text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line(pub Vec<Span>);

impl Line {
    /// A line of plain text.
    pub fn plain(text: impl Into<String>) -> Line {
        Line(vec![Span::Text(text.into())])
    }

    /// The line without its stresses.
    pub fn to_text(&self) -> String {
        self.0.iter().map(Span::text).collect()
    }
}

/// A headline in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The item's number, which `/read` takes.
    pub id: i64,
    /// The published day, written for the reader.
    pub date: Option<String>,
    /// Source text.
    pub title: String,
    /// Where the whole story is. A headline without one is never linked.
    pub link: Option<String>,
    /// Where a picture of it is, for who shows one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Source text; paragraphs are separated by an empty line.
    pub summary: Option<String>,
    /// Whether what is said of it is only a beginning, so that it has to say how to read on.
    #[serde(default)]
    pub cut: bool,
    /// The section, where the list isn't of one section.
    pub section: Option<String>,
    /// Who else tells the same, in words of ours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also: Option<String>,
    /// Said at the end of the headline's line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<String>,
    /// Whether the item was taken back since the list was made.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withdrawn: bool,
}

/// A part of a post that stands by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Block {
    /// What the post, or what follows in it, is about; with a remark at its side.
    Title {
        /// The title.
        text: String,
        /// Said beside it, where there is room: `5 of 27, newest first`.
        note: Option<String>,
    },
    /// What the post is called where posts have names, as in a forum; shown nowhere else.
    Name(String),
    /// A section's name above its headlines.
    Section {
        /// Its title.
        title: String,
        /// Its stable name.
        slug: String,
        /// Said about it, where there is room: `3 headlines`.
        note: String,
    },
    /// A line of ours.
    Line(Line),
    /// A paragraph of source text.
    Paragraph(String),
    /// An address of its own.
    Link(String),
    /// A headline.
    Entry(Entry),
    /// A row of a table: a name, what it means, and remarks on it.
    Row {
        /// What one types.
        name: String,
        /// What it means.
        text: String,
        /// Remarks.
        details: Vec<String>,
    },
    /// What one can do next.
    Hints(Vec<Line>),
    /// Said at the end of the whole.
    Mark(Line),
    /// What can be done from under the post, where the platform has buttons for it.
    Offers(Vec<PostButton>),
}

/// Something that can be done from under a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostButton {
    /// What its button says.
    pub label: String,
    /// What it does.
    pub deed: PostAction,
}

/// What an offer does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PostAction {
    /// Shows whoever asks the summaries of the post's headlines.
    Summaries,
    /// Shows whoever asks the summaries of the headlines above its button, page by page.
    Headlines,
    /// Asks for words, and searches the archive.
    Search,
    /// Shows whoever chooses one of the post's headlines that item whole.
    Read,
    /// Opens a headline's own address, where a headline has a button of its own.
    Open,
    /// Has an editor do something to what waits for editors.
    Review {
        /// The number of what waits.
        review: i64,
        /// What.
        deed: EditorDeed,
        /// As which version of it that is offered: what has changed since was decided by nobody.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        version: Option<i64>,
    },
}

/// What an editor may do to what waits for editors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EditorDeed {
    /// Has it go out at once.
    Publish,
    /// Has it wait until an editor publishes it.
    HoldBack,
    /// Takes it back after it has gone out.
    Withdraw,
    /// Takes back what was done last.
    Undo,
    /// Shows its headlines, to drop or move one.
    Choose,
}

/// Where something is said, as far as sentences depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// A channel, whatever the platform calls it.
    #[default]
    Channel,
    /// A chat with one person.
    Private,
    /// A group of people.
    Group,
    /// A topic of a group.
    Topic,
    /// A channel of a server.
    Server,
}

/// How a post is to arrive, as the channel set it; each platform takes of it what it can.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct DeliveryOptions {
    /// Without a sound.
    pub silent: bool,
    /// With previews of its links.
    pub previews: bool,
    /// Published to followers.
    pub publish: bool,
    /// Who is mentioned, in the platform's own notation.
    pub role: Option<String>,
    /// With a card for each section.
    pub cards: bool,
    /// With a thread under it, in which it is discussed.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub discuss: bool,
}

/// Platform-neutral rich text.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// In the order in which they are read.
    pub blocks: Vec<Block>,
}

impl Post {
    /// A post of one line.
    pub fn line(line: Line) -> Post {
        Post {
            blocks: vec![Block::Line(line)],
        }
    }

    /// Adds a block.
    pub fn push(&mut self, block: Block) {
        self.blocks.push(block);
    }
}
