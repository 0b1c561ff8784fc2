//! What a parser has to know of the configuration.

use std::collections::HashMap;

use jiff::tz::TimeZone;

use tidings_core::text;

/// How a source's pages use blank lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layout {
    /// One blank line between headline and summary, two or more around an item.
    #[default]
    Double,
    /// One blank line everywhere; sentences tell summaries from headlines.
    Single,
}

/// What a parser has to know of the configuration: headings that are known, phrases that end a page.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    layout: Layout,
    known: HashMap<String, Known>,
    longest: usize,
    selectors: Selectors,
    most_items: Option<usize>,
    zone: Option<TimeZone>,
}

/// Where a source's web pages have what, as CSS selectors; without `item` it is found by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selectors {
    /// What holds one item.
    pub item: Option<String>,
    /// Its headline, within the item.
    pub title: Option<String>,
    /// Its summary, within the item.
    pub summary: Option<String>,
    /// The element with its address, within the item.
    pub link: Option<String>,
    /// Its section, within the item.
    pub section: Option<String>,
    /// Its date, within the item.
    pub date: Option<String>,
}

/// What a folded block of text is known as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// A section's title, slug or heading.
    Heading,
    /// One of the source's `stop_at` phrases: the page ends before it.
    Stop,
}

impl Rules {
    /// Gathers the rules for one source. All phrases are compared folded.
    pub fn new<'a>(
        layout: Layout,
        headings: impl IntoIterator<Item = &'a str>,
        stop_at: impl IntoIterator<Item = &'a str>,
    ) -> Rules {
        let mut known = HashMap::new();
        for (phrases, what) in [
            (headings.into_iter().collect::<Vec<_>>(), Known::Heading),
            (stop_at.into_iter().collect(), Known::Stop),
        ] {
            for phrase in phrases {
                let folded = text::fold_name(phrase);
                if !folded.is_empty() {
                    known.insert(folded, what);
                }
            }
        }
        let longest = known.keys().map(String::len).max().unwrap_or(0);
        Rules {
            layout,
            known,
            longest,
            selectors: Selectors::default(),
            most_items: None,
            zone: None,
        }
    }

    /// The same for documents that somebody else serves, which may hold so many items.
    #[must_use]
    pub fn with_most_items(mut self, most: usize) -> Rules {
        self.most_items = Some(most);
        self
    }

    /// The same for web pages with selectors of their own.
    #[must_use]
    pub fn with_selectors(mut self, selectors: Selectors) -> Rules {
        self.selectors = selectors;
        self
    }

    /// The same for a source that lives in a time zone.
    #[must_use]
    pub fn with_zone(mut self, zone: Option<TimeZone>) -> Rules {
        self.zone = zone;
        self
    }

    /// The zone of moments that are written without one; with `None` they stay days, as they are written.
    pub fn zone(&self) -> Option<&TimeZone> {
        self.zone.as_ref()
    }

    /// The same for pages that use blank lines otherwise.
    #[must_use]
    pub fn with_layout(mut self, layout: Layout) -> Rules {
        self.layout = layout;
        self
    }

    /// Where the source's web pages have what.
    pub fn selectors(&self) -> &Selectors {
        &self.selectors
    }

    /// How the source's pages use blank lines.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// Whether there are phrases that end a page.
    pub fn has_stops(&self) -> bool {
        self.known.values().any(|known| *known == Known::Stop)
    }

    /// What a folded text is known as.
    pub fn known(&self, folded: &str) -> Option<Known> {
        self.known.get(folded).copied()
    }

    /// Whether a text is a heading that is known.
    pub fn is_heading(&self, text: &str) -> bool {
        self.known_as(text) == Some(Known::Heading)
    }

    /// What a text is that isn't folded yet.
    pub fn known_as(&self, text: &str) -> Option<Known> {
        self.known(&text::fold_name_within(text, self.longest)?)
    }

    /// How many items a document may hold; with `None` any number.
    pub fn most_items(&self) -> Option<usize> {
        self.most_items
    }

    /// The length of the longest known phrase in bytes: a longer text can't be one.
    pub fn longest(&self) -> usize {
        self.longest
    }
}
