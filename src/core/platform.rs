//! A chat platform as far as it can be known without asking it: what it is called, and what a post becomes there.

use crate::ids::ChannelKey;
use crate::picture::Shown;
use crate::post::{Block, DeliveryOptions, Place, Post};
use crate::section::Section;

/// A link on a web page that leads to where a section is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowLink {
    /// What people call the platform.
    pub platform: &'static str,
    /// Where it leads.
    pub url: String,
}

/// A piece of a part that a platform refused, and what the part says instead of what the piece was cut from.
#[derive(Clone, Copy, Debug)]
pub struct Recut<'t> {
    /// The piece, as it was sent last.
    pub piece: &'t str,
    /// What the part said that the piece says.
    pub before: &'t str,
    /// What it says now.
    pub after: &'t str,
    /// What is said at the end of what is corrected.
    pub mark: Option<&'t str>,
}

/// What becomes of a piece where its part says something else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Anew {
    /// It says what it said.
    Same,
    /// It says something else.
    Says {
        /// Its new text.
        wire: String,
        /// Whether all that it shows was withdrawn.
        is_withdrawn: bool,
    },
    /// What it is to say can't be told.
    Unknown,
}

/// Makes a piece say what its part says.
pub type Recutting<'p> = &'p dyn Fn(&Recut<'_>) -> Anew;

/// What a chat platform makes of posts. Pure: what is stored is what every attempt sends.
pub trait ChatPlatform: Send + Sync {
    /// Its name, the first half of its channels' keys.
    fn name(&self) -> &'static str;

    /// What it is called in sentences.
    fn title(&self) -> &'static str {
        self.name()
    }

    /// Where people find the chat in which they write to the bot alone, if a link leads there.
    fn private_chat(&self) -> Option<String> {
        None
    }

    /// Turns a post into wire texts, one for each message that it takes.
    fn render(&self, post: &Post, options: &DeliveryOptions) -> Vec<String>;

    /// What people would see of one of its wire texts; `None` if it is none, or if the platform can't tell.
    fn picture(&self, _wire: &str) -> Option<Vec<Shown>> {
        None
    }

    /// The channel in which a person is written to alone, by what the configuration calls them.
    fn person(&self, name: &str) -> ChannelKey {
        #[expect(clippy::unwrap_used, reason = "a name that was a key's address is one")]
        ChannelKey::new(self.name(), name).unwrap()
    }

    /// Whether messages that were sent can be edited here: then what roundups are made of is kept.
    fn edits_posts(&self) -> bool {
        false
    }

    /// Which items each message of a post shows, also such as began in the message before: in the order of
    /// [`ChatPlatform::render`].
    fn placement(&self, post: &Post, options: &DeliveryOptions) -> Vec<Vec<i64>> {
        let items = post.blocks.iter().filter_map(|block| match block {
            Block::Entry(entry) => Some(entry.id),
            _ => None,
        });
        vec![items.collect(); self.render(post, options).len()]
    }

    /// What goes instead of a wire text that the platform refuses, for what `refusal` tells of it: without its buttons
    /// where these are to blame; else plainer, then without links, then in halves, until all but the offending item is
    /// there. Empty where nothing simpler is left.
    fn simpler(&self, _wire: &str, _refusal: &str) -> Vec<String> {
        Vec::new()
    }

    /// What a piece says, one of those that went instead of a part ([`ChatPlatform::simpler`]), where the part says something
    /// else: what it holds of the part stays the same.
    fn recut(&self, _recut: &Recut<'_>) -> Anew {
        Anew::Unknown
    }

    /// What a refusal that keeps posts from a channel comes to, as the key of a text; `None` where only its own words
    /// tell it.
    fn in_plain_words(&self, _refusal: &str) -> Option<&'static str> {
        None
    }

    /// Whether answers have buttons here.
    fn has_buttons(&self) -> bool {
        false
    }

    /// Whether roundups can be cards here, as [`Style::Cards`](crate::channel::Style::Cards) wants them.
    fn has_cards(&self) -> bool {
        false
    }

    /// How many menus stand under an answer at most; none where the platform has no menus.
    fn menus(&self) -> usize {
        0
    }

    /// Whether everybody there may change what is followed, so that nobody is told who may.
    fn is_managed_by_all(&self) -> bool {
        false
    }

    /// What sentences call one of its channels, of which the platform has noted something.
    fn place(&self, _channel: &ChannelKey, _note: Option<&str>) -> Place {
        Place::Channel
    }

    /// Who is mentioned, in the platform's own notation, from what somebody typed; `None` if it is nobody.
    fn role(&self, typed: &str) -> Option<String> {
        Some(typed.to_owned())
    }

    /// Where a section can be followed here, for people who read on the web, if a link does it; `account` is what the bot is
    /// called here.
    fn follow_link(&self, _account: &str, _section: &Section) -> Option<FollowLink> {
        None
    }

    /// Whether a setting acts here, in a channel that the platform has noted something about. Threads under posts few
    /// platforms have.
    fn heeds(&self, setting: &str, _note: Option<&str>) -> bool {
        setting != "discuss"
    }
}
