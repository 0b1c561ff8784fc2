//! What the ledger keeps of a message, and what Discord gets of it.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::card::Cards;
use super::components::{Menu, row};
use crate::platforms::kit::simpler::{Holds, Step};
use tidings_core::ids::ItemId;

/// Without previews of links (<https://docs.discord.com/developers/resources/message#message-object-message-flags>).
const SUPPRESS_EMBEDS: u64 = 1 << 2;

/// Seen by whoever asked alone (the same page).
const EPHEMERAL: u64 = 1 << 6;

/// Without a sound (the same page).
const SUPPRESS_NOTIFICATIONS: u64 = 1 << 12;

/// Made of components alone: without content and embeds (the same page).
const COMPONENTS_V2: u64 = 1 << 15;

/// An embed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Embed {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) title: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) description: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) color: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) footer: Option<Footer>,
    /// The items whose headlines it shows.
    #[serde(skip)]
    pub(super) items: Vec<ItemId>,
}

/// The small text under an embed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Footer {
    pub(super) text: String,
}

/// What a message says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(super) content: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) embeds: Vec<Embed>,
}

/// One part of a post as the ledger keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Wire {
    pub(super) message: Message,
    /// How much simpler it is than it was composed, since Discord refused that.
    #[serde(default, skip_serializing_if = "Step::is_first")]
    pub(super) step: Step,
    /// What it goes instead of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instead_of: Option<Message>,
    /// Which items of what was composed it holds.
    #[serde(default, skip_serializing_if = "Holds::is_all")]
    pub(super) holds: Holds,
    /// Which of the messages that go instead of cards it was made from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) instead_of_cards: Option<usize>,
    /// What a forum's post is called.
    #[serde(default)]
    pub(super) title: String,
    /// The sections it is about, by slug and title: a forum's tags of these names are set.
    #[serde(default)]
    pub(super) sections: Vec<(String, String)>,
    #[serde(default)]
    pub(super) silent: bool,
    #[serde(default)]
    pub(super) publish: bool,
    /// Whether a thread is opened under it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) discuss: bool,
    /// Whether a forum's post is called otherwise by now: its title is a headline that was corrected.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) renames: bool,
    /// The number of the role that is mentioned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) role: Option<String>,
    /// Labels and data of the buttons under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) buttons: Vec<(String, String)>,
    /// The headlines under it, one of which is chosen to be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) menu: Option<Menu>,
    /// The cards that it consists of; then `message` is empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) cards: Option<Cards>,
    /// What goes instead of the cards, if Discord refuses them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) without_cards: Vec<Wire>,
}

impl Wire {
    pub(super) fn to_text(&self) -> String {
        // Our own structure always becomes JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Returns true if something hangs under it that can be pressed or chosen from.
    pub(super) fn has_buttons(&self) -> bool {
        (self.menu.is_some() || !self.buttons.is_empty()) && self.step.has_buttons()
    }

    /// What hangs under it.
    fn under(&self) -> Vec<Value> {
        if !self.has_buttons() {
            return Vec::new();
        }
        let buttons = self.buttons.iter();
        let buttons = buttons.map(|(label, data)| (label.as_str(), data.as_str()));
        let menu = self.menu.as_ref().map(Menu::row);
        let row = (!self.buttons.is_empty()).then(|| row(buttons));
        menu.into_iter().chain(row).collect()
    }

    /// The body of the message. It pings the chosen role, and nobody else.
    pub(super) fn body(&self) -> Value {
        let mut flags = 0;
        let mut components = Vec::new();
        if let Some(cards) = &self.cards {
            flags |= COMPONENTS_V2;
            components = cards.to_json();
        } else if self.message.embeds.is_empty() {
            flags |= SUPPRESS_EMBEDS;
        }
        components.extend(self.under());
        if self.silent {
            flags |= SUPPRESS_NOTIFICATIONS;
        }
        let roles: Vec<&String> = self.role.iter().collect();
        let mut body =
            json!({ "allowed_mentions": { "parse": [], "roles": roles }, "flags": flags });
        if !components.is_empty() {
            body["components"] = json!(components);
        }
        self.message.write_into(&mut body);
        body
    }
}

impl Wire {
    /// The body of an edit: all of the message, so that nothing of before is left; it pings nobody.
    pub(super) fn correction(&self) -> Value {
        let under = self.under();
        let Some(cards) = &self.cards else {
            return self.message.edit(&under);
        };
        let mut components = cards.to_json();
        components.extend(under);
        json!({
            "components": components, "flags": COMPONENTS_V2, "allowed_mentions": { "parse": [] },
        })
    }
}

impl Message {
    fn write_into(&self, body: &mut Value) {
        if !self.content.is_empty() {
            body["content"] = json!(self.content);
        }
        if !self.embeds.is_empty() {
            body["embeds"] = json!(self.embeds);
        }
    }

    /// The data of an answer to an interaction: all of it, so that an edit leaves nothing of before.
    pub(super) fn answer(&self, components: &[Value], private: bool) -> Value {
        let mut flags = 0;
        if private {
            flags |= EPHEMERAL;
        }
        if self.embeds.is_empty() {
            flags |= SUPPRESS_EMBEDS;
        }
        let mut body = self.edit(components);
        body["flags"] = json!(flags);
        body
    }

    /// The data that makes a message of before say this.
    pub(super) fn edit(&self, components: &[Value]) -> Value {
        json!({
            "content": self.content,
            "embeds": self.embeds,
            "components": components,
            "allowed_mentions": { "parse": [] },
        })
    }
}

/// The data of an answer that is made of cards.
pub(super) fn answer_of_cards(cards: &Cards, private: bool) -> Value {
    let flags = COMPONENTS_V2 | if private { EPHEMERAL } else { 0 };
    json!({
        "components": cards.to_json(), "flags": flags, "allowed_mentions": { "parse": [] },
    })
}

/// The data of an acknowledgement whose answer comes later.
pub(super) fn deferred(private: bool) -> Value {
    json!({ "flags": if private { EPHEMERAL } else { 0 } })
}

#[cfg(test)]
mod tests {
    use super::Wire;

    #[test]
    fn a_part_of_an_older_version_is_read_and_written_as_it_was() {
        for stored in [
            r#"{"message":{},"title":"","sections":[],"silent":false,"publish":false}"#,
            r#"{"message":{"content":"next: <t:1>","embeds":[{"title":"Japan","description":"- Ferries sail","color":3447003,"footer":{"text":"1 headline"}}]},"step":"half","instead_of":{"content":"x"},"title":"Roundup","sections":[["japan","Japan"]],"silent":true,"publish":true,"role":"42","buttons":[["Search","tidings:search"]]}"#,
            r####"{"message":{},"title":"Roundup","sections":[["japan","Japan"]],"silent":false,"publish":false,"buttons":[["Search","search"]],"menu":{"placeholder":"Read…","options":[["Ferries sail","7"]]},"cards":[{"text":"**Roundup**"},{"card":{"colour":3447003,"pieces":[{"text":"### Japan"},{"beside":{"text":"**Ferries sail**","with":{"link":{"label":"Open","url":"https://example.com/"}}}},{"beside":{"text":"**Squid**","with":{"picture":"https://example.com/squid.jpg"}}}]}}],"without_cards":[{"message":{"content":"**Roundup**"},"title":"Roundup","sections":[["japan","Japan"]],"silent":false,"publish":false}]}"####,
        ] {
            let wire: Wire = serde_json::from_str(stored).unwrap();
            assert_eq!(wire.to_text(), stored);
        }
    }
}
