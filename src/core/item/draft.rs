//! What a document holds of an item, before it has an identity.

use std::sync::Arc;

use serde::Deserialize;

use super::{Published, Report};

/// What a parser yields for one item, before the item has an identity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    /// The feed's own identifier, where the format has one.
    pub feed_id: Option<String>,
    /// Plain text, one line.
    pub title: String,
    /// Whether the publisher wrote no words: then the title is an alternative text's or a file's name, or made when it
    /// is filed (empty until then), and identifies nothing.
    pub is_wordless: bool,
    /// Plain text; paragraphs are separated by an empty line. May be empty.
    pub summary: String,
    /// An absolute http or https address.
    pub link: Option<String>,
    /// Where a picture of it is: an absolute http or https address, which nobody here fetches.
    pub picture: Option<String>,
    /// The heading the item stands under, as it is written.
    pub heading: Option<Arc<str>>,
    /// What else its publisher files it under, where no heading is known.
    pub categories: Vec<String>,
    /// The item's own date; `None` takes the document's.
    pub published: Option<Published>,
    /// The line in the document, from 1.
    pub line: u32,
    /// What it was in the archive that it was exported from.
    pub archived: Option<Box<Archived>>,
}

impl Draft {
    /// Takes a link away that only leads to the item's page in the archive that it comes from: the item has none.
    pub fn forget_page(&mut self) {
        let page = self.archived.as_ref().and_then(|own| own.page.as_ref());
        if page.is_some() && page == self.link.as_ref() {
            self.link = None;
        }
    }
}

/// What an archive that Tidings wrote says of an item beyond what feeds know.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Archived {
    /// The archive, by its UUID; none where it was written before archives had one.
    pub archive: Option<String>,
    /// Its number.
    pub id: Option<i64>,
    /// Its page in the archive, where that is what the entry links to: the item itself has no link.
    pub page: Option<String>,
    /// The slug of its section.
    pub section: Option<String>,
    /// That section's title; none for the catch-all.
    pub section_title: Option<String>,
    /// When it was published, as [`Published`] is written.
    pub published: Option<String>,
    /// The name of the source that it came from.
    pub source: Option<String>,
    /// What its feed called it, where the archive has other identifiers.
    pub feed_id: Option<String>,
    /// The number of the item that leads its story.
    pub story: Option<i64>,
    /// What other sources said of it.
    pub reports: Vec<Report>,
}

impl Archived {
    /// Returns true if it comes from the archive with this UUID.
    pub fn is_of(&self, archive: Option<&str>) -> bool {
        archive.is_some() && self.archive.as_deref() == archive
    }
}
