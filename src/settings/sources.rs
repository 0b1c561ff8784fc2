//! Builds the sources: what each kind of them takes, and what it takes from the others.

use std::collections::BTreeMap;
use std::time::Duration;

use super::build::Builder;
use super::model::{SourceKind, SourceSettings, WebKind};
use super::problems::nearest;
use super::raw::{Entry, Text};
use super::values;
use tidings_core::ids::{FILES, SectionSlug};
use tidings_reader::{Layout, Selectors};

/// The keys that hold CSS selectors, in the order of [`Selectors`].
const SELECTORS: [&str; 6] = ["item", "title", "summary", "link", "section", "date"];

/// Items of feeds that are older than this are stored, not pushed, unless the source says otherwise (design.md).
const FEED_MAX_AGE: Duration = Duration::from_secs(30 * 86_400);

/// So many items of one pass over a source on the web are pushed, unless the source says otherwise (design.md).
const MOST_AT_ONCE: usize = 100;

/// A source on the web that doesn't change is asked for less often, up to this many times `poll`, unless it says
/// otherwise.
const SLOWEST: u32 = 4;

impl Builder<'_> {
    pub(super) fn sources(&mut self, entries: &[Entry], sections: &[Entry]) -> Vec<SourceSettings> {
        let mut names = BTreeMap::new();
        // As they are written: a source that names a section with a wrong slug isn't wrong as well.
        let slugs: Vec<String> = sections
            .iter()
            .filter_map(|section| section.text("slug").map(|slug| slug.value))
            .collect();
        let built = entries.iter().filter_map(|entry| {
            let name = entry.required("name", self.problems);
            if let Some(name) = &name {
                self.unique(&mut names, name, "name");
                if name.value == FILES {
                    let reason =
                        "is kept for the files given to `tidings load`. Choose another name.";
                    self.problems.add(&name.spot, reason);
                }
            }
            self.source(entry, name, &slugs)
        });
        built.collect()
    }

    fn source(
        &mut self,
        entry: &Entry,
        name: Option<Text>,
        slugs: &[String],
    ) -> Option<SourceSettings> {
        let kind = self.source_kind(entry);
        let stop_at = entry.list("stop_at");
        for phrase in &stop_at {
            values::folded(phrase, self.problems);
        }
        let layout = match entry.text("layout") {
            Some(text) => values::layout(&text, self.problems),
            None => Some(Layout::default()),
        };
        let poll = entry.required("poll", self.problems);
        let poll = poll.and_then(|text| values::duration(&text, self.problems));
        let poll_max = match (entry.text("poll_max"), poll) {
            (Some(text), Some(poll)) => self.poll_max(&text, poll),
            (_, poll) => poll.map(|poll| poll.saturating_mul(SLOWEST)),
        };
        let max_age = entry.text("max_age");
        let max_age = max_age.map(|text| values::duration(&text, self.problems));
        let timezone = entry.text("timezone");
        let timezone = timezone.map(|text| values::zone(&text, self.problems));
        let ignore = entry.list("ignore");
        for phrase in &ignore {
            values::folded(phrase, self.problems);
        }
        let selectors = self.selectors(entry);
        // With selectors, `section` may be one of them: where an item has its section.
        let section = entry.text("section");
        let is_selector = section.as_ref().is_some_and(|text| {
            selectors.item.is_some() && !slugs.contains(&text.value) && text.value != "more"
        });
        let section = section.filter(|_| !is_selector);
        let section = section.and_then(|text| self.source_section(&text, slugs));
        let selectors = Selectors {
            section: selectors.section.filter(|_| is_selector),
            ..selectors
        };
        let is_web = matches!(kind, Some(SourceKind::Web { .. }));
        let is_feed = matches!(
            kind,
            Some(SourceKind::Web {
                kind: WebKind::Feed,
                ..
            })
        );
        let allow_private = entry.list("allow_private");
        for host in &allow_private {
            values::host(host, self.problems);
        }
        let allow_private = values::texts(allow_private);
        let max_burst = match entry.text("max_burst") {
            Some(text) => values::count(&text, self.problems).map(Some),
            None => Some(is_web.then_some(MOST_AT_ONCE)),
        };
        let hold = entry.text("hold");
        let hold = hold.map(|text| values::duration(&text, self.problems));
        Some(SourceSettings {
            name: name?.value,
            kind: kind?,
            stop_at: values::texts(stop_at),
            layout: layout?,
            poll: poll?,
            poll_max: poll_max?,
            section,
            max_age: max_age.unwrap_or(is_feed.then_some(FEED_MAX_AGE)),
            max_burst: max_burst?,
            hold: match hold {
                Some(hold) => Some(hold?),
                None => None,
            },
            timezone: match timezone {
                Some(zone) => Some(zone?),
                None => None,
            },
            label: entry.text("label").map(|text| text.value),
            ignore: values::texts(ignore),
            allow_private,
            selectors,
        })
    }

    fn poll_max(&mut self, text: &Text, poll: Duration) -> Option<Duration> {
        let longest = values::duration(text, self.problems)?;
        if longest < poll {
            let reason = "is shorter than poll, the shortest time between two fetches.";
            self.problems.add(&text.spot, reason);
            return None;
        }
        Some(longest)
    }

    fn source_kind(&mut self, entry: &Entry) -> Option<SourceKind> {
        let kind = entry.required("kind", self.problems)?;
        let web = match kind.value.as_str() {
            "folder" => None,
            "feed" => Some(WebKind::Feed),
            "page" => Some(WebKind::Page),
            _ => {
                values::choice(&kind, &["folder", "page", "feed"], self.problems);
                return None;
            }
        };
        for key in SELECTORS.iter().chain(
            [
                "follow",
                "url",
                "allow_private",
                "path",
                "max_burst",
                "poll_max",
            ]
            .iter(),
        ) {
            let fits = match (*key, web) {
                ("path", web) => web.is_none(),
                ("url" | "allow_private" | "max_burst" | "poll_max", web) => web.is_some(),
                ("follow", web) => web == Some(WebKind::Page),
                ("section", _) => true,
                // In a folder, pages that were saved have them as well.
                (_, web) => web != Some(WebKind::Feed),
            };
            if !fits && let Some(spot) = entry.spot(key) {
                let reason = format!(
                    "isn't for a source of the kind {}. Take it out.",
                    kind.value
                );
                self.problems.add(&spot, &reason);
            }
        }
        let Some(web) = web else {
            let path = entry.required("path", self.problems)?;
            let path = self.path(&path);
            return Some(SourceKind::Folder { path });
        };
        let url = entry.required("url", self.problems)?;
        let url = values::source_url(&url, self.problems)?;
        Some(SourceKind::Web {
            url,
            kind: web,
            follow: match entry.text("follow") {
                Some(text) => Some(values::selector(&text, self.problems).then_some(text.value)?),
                None => None,
            },
        })
    }

    fn selectors(&mut self, entry: &Entry) -> Selectors {
        let [item, title, summary, link, section, date] = SELECTORS.map(|key| {
            let text = entry.text(key)?;
            values::selector(&text, self.problems).then_some(text.value)
        });
        Selectors {
            item,
            title,
            summary,
            link,
            section,
            date,
        }
    }

    /// `None` for the catch-all `more` too: that is where items go when their source names no section.
    fn source_section(&mut self, text: &Text, slugs: &[String]) -> Option<SectionSlug> {
        if text.value == "more" {
            return None;
        }
        if slugs.contains(&text.value) {
            // A slug that doesn't parse has been reported where it is defined.
            return SectionSlug::parse(&text.value).ok();
        }
        let near = nearest(
            &text.value,
            slugs.iter().map(String::as_str).chain(["more"]),
        );
        let hint = near.map_or_else(
            || "Name the slug of a [[section]], or more.".to_owned(),
            |slug| format!("Did you mean {slug}?"),
        );
        let reason = format!("names no section: there is no {:?}. {hint}", text.value);
        self.problems.add(&text.spot, &reason);
        None
    }
}
