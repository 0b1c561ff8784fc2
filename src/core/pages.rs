//! Where the archive's pages are, for whoever leads there.

use crate::ids::ItemId;

/// Where people see the archive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pages {
    base: String,
}

impl Pages {
    /// At an address without a slash at its end.
    pub fn at(base: &str) -> Pages {
        Pages {
            base: base.to_owned(),
        }
    }

    /// A path there.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// An item's page.
    pub fn item(&self, id: ItemId) -> String {
        self.url(&item_path(id))
    }

    /// A section's page.
    pub fn section(&self, slug: &str) -> String {
        self.url(&section_path(slug))
    }

    /// A search.
    pub fn search(&self, words: &str) -> String {
        self.url(&search_path(words))
    }
}

/// The path of an item's page.
pub fn item_path(id: ItemId) -> String {
    format!("/i/{id}")
}

/// The path of a section's page.
pub fn section_path(slug: &str) -> String {
    format!("/s/{}", encoded(slug))
}

/// The path of a search.
pub fn search_path(words: &str) -> String {
    format!("/search?q={}", encoded(words))
}

/// A text as a part of an address: percent-encoded but for what needs it nowhere (RFC 3986, 2.3).
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
