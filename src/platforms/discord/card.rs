//! What a card is made of, and what its parts cost
//! (<https://docs.discord.com/developers/components/reference#component-reference>).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::components::link_button;
use super::limits::length;

// Kinds of components (the same page).
const SECTION: u8 = 9;
const TEXT: u8 = 10;
const THUMBNAIL: u8 = 11;
const CONTAINER: u8 = 17;

/// What a message of cards says, from top to bottom.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Cards(pub(super) Vec<Piece>);

/// A piece of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Piece {
    /// Markdown of ours.
    Text(String),
    /// The same with something at its side.
    Beside { text: String, with: Accessory },
    /// A card.
    Card { colour: u32, pieces: Cards },
}

/// What stands at the side of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Accessory {
    /// Where it is.
    Picture(String),
    /// What leads to an address.
    Link { label: String, url: String },
}

impl Cards {
    /// Adds a piece; texts that follow each other are one.
    pub(super) fn push(&mut self, piece: Piece) {
        match (self.0.last_mut(), piece) {
            (Some(Piece::Text(text)), Piece::Text(more)) => {
                text.push('\n');
                text.push_str(&more);
            }
            (_, piece) => self.0.push(piece),
        }
    }

    /// Puts words in front of everything.
    pub(super) fn prefix(&mut self, words: &str) {
        match self.0.first_mut() {
            Some(Piece::Text(text)) => *text = format!("{words} {text}"),
            _ => self.0.insert(0, Piece::Text(words.to_owned())),
        }
    }

    /// How many components they take.
    pub(super) fn components(&self) -> usize {
        self.0.iter().map(Piece::components).sum()
    }

    /// The components as Discord takes them.
    pub(super) fn to_json(&self) -> Vec<Value> {
        let text = |content: &str| json!({ "type": TEXT, "content": content });
        let of = |piece: &Piece| match piece {
            Piece::Text(content) => text(content),
            Piece::Beside {
                text: content,
                with,
            } => json!({
                "type": SECTION,
                "components": [text(content)],
                "accessory": match with {
                    Accessory::Picture(url) => json!({ "type": THUMBNAIL, "media": { "url": url } }),
                    Accessory::Link { label, url } => link_button(label, url),
                },
            }),
            Piece::Card { colour, pieces } => json!({
                "type": CONTAINER, "accent_color": colour, "components": pieces.to_json(),
            }),
        };
        self.0.iter().map(of).collect()
    }
}

impl Piece {
    /// How many components it takes.
    pub(super) fn components(&self) -> usize {
        match self {
            Piece::Text(_) => 1,
            // Itself, its text, and what stands beside it.
            Piece::Beside { .. } => 3,
            Piece::Card { pieces, .. } => 1 + pieces.components(),
        }
    }

    /// How long its texts are together.
    pub(super) fn length(&self) -> usize {
        match self {
            Piece::Text(text) | Piece::Beside { text, .. } => length(text),
            Piece::Card { pieces, .. } => pieces.0.iter().map(Piece::length).sum(),
        }
    }
}
