//! Items as feeds write them, JSON Feed and Atom, for `tidings export` and for the archive on the web: what the one writes and
//! the other serves is read back by the same reader.

use jiff::Timestamp;
use serde_json::{Value, json};

use tidings_core::ids::ItemId;
use tidings_core::item::{Item, Published, Report};

/// The name space of what Atom and JSON Feed have no words for.
pub const ABOUT: &str = "https://crates.io/crates/tidings";

/// The version of JSON Feed (<https://www.jsonfeed.org/version/1.1/>).
pub const JSON_FEED: &str = "https://jsonfeed.org/version/1.1";

/// An item as an entry of a feed.
pub struct Entry<'e> {
    /// The item.
    pub item: &'e Item,
    /// What the entry is called, in JSON Feed and in Atom: there every identifier is an address of its own kind.
    pub ids: (&'e str, &'e str),
    /// What the item's own feed calls it, where Atom's identifier doesn't say so.
    pub feed_id: Option<&'e str>,
    /// The archive's UUID, where it names itself.
    pub archive: Option<&'e str>,
    /// Where it leads, if anywhere.
    pub link: Option<&'e str>,
    /// Whether that is only its page in the archive.
    pub is_page: bool,
    /// The title of its section, where it has one to be filed under again: what nothing placed has none.
    pub heading: Option<&'e str>,
    /// The source, as it is told.
    pub source: &'e str,
    /// The item that leads its story for readers.
    pub story: ItemId,
    /// What other sources said, as it is told.
    pub reports: &'e [Report],
    /// When it was updated last, where that is told.
    pub updated: Option<Timestamp>,
}

/// A moment as feeds have it: a day is its midnight in UTC.
fn moment(published: Published) -> String {
    match published {
        Published::Date(date) => format!("{date}T00:00:00Z"),
        Published::Time(time) => time.to_string(),
    }
}

/// When something of this date was updated, where nothing tells: Atom wants a moment, known or not.
pub fn updated(published: Option<Published>) -> String {
    published.map_or("1970-01-01T00:00:00Z".to_owned(), moment)
}

/// Text in XML, without the characters that XML doesn't have (<https://www.w3.org/TR/xml/#charsets>).
pub fn escaped(text: &str) -> String {
    let has = |c: &char| {
        !matches!(c, '\u{FFFE}' | '\u{FFFF}') && (!c.is_control() || "\t\n".contains(*c))
    };
    let mut escaped = String::with_capacity(text.len() + text.len() / 16);
    for c in text.chars().filter(has) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    escaped
}

impl Entry<'_> {
    /// The item in JSON Feed.
    pub fn in_json(&self) -> Value {
        let item = self.item;
        let mut value = json!({
            "id": self.ids.0,
            "title": item.title,
            "content_text": item.summary,
            "_tidings": {
                "id": item.id.get(),
                "section": item.section.as_str(),
                "section_title": self.heading,
                "published": item.published.map(|published| published.to_string()),
                "source": self.source,
                "story": self.story.get(),
                "reports": self.reports,
            },
        });
        // JSON Feed has no nulls.
        let optional = [
            ("url", self.link.map(Value::from)),
            ("image", item.picture.clone().map(Value::from)),
            ("date_published", item.published.map(|at| moment(at).into())),
            (
                "date_modified",
                self.updated.map(|at| at.to_string().into()),
            ),
            ("tags", self.heading.map(|heading| json!([heading]))),
        ];
        for (name, given) in optional {
            if let Some(given) = given {
                value[name] = given;
            }
        }
        let own = [("archive", self.archive), ("page", self.page())];
        for (name, given) in own {
            if let Some(given) = given {
                value["_tidings"][name] = given.into();
            }
        }
        value
    }

    fn page(&self) -> Option<&str> {
        self.link.filter(|_| self.is_page)
    }

    /// The item in Atom. What that has no words for stands in an element of our own.
    pub fn in_atom(&self) -> String {
        let item = self.item;
        let link = self.link.map_or(String::new(), |link| {
            format!("<link href=\"{}\"/>", escaped(link))
        });
        let picture = item.picture.as_ref().map_or(String::new(), |picture| {
            // An enclosure would be taken for the link of an item that has none.
            format!("<media:thumbnail url=\"{}\"/>", escaped(picture))
        });
        let category = self.heading.map_or(String::new(), |heading| {
            format!(
                "<category term=\"{}\" label=\"{}\"/>",
                escaped(item.section.as_str()),
                escaped(heading)
            )
        });
        let updated = match self.updated {
            Some(updated) => updated.to_string(),
            None => updated(item.published),
        };
        let published = item.published.map_or(String::new(), |at| {
            format!("<published>{}</published>", moment(at))
        });
        let number = item.id.get().to_string();
        let day = item.published.map(|published| published.to_string());
        let story = self.story.get().to_string();
        let own = [
            ("archive", self.archive),
            ("id", Some(number.as_str())),
            ("feed-id", self.feed_id),
            ("page", self.page()),
            ("section", Some(item.section.as_str())),
            ("section-title", self.heading),
            ("published", day.as_deref()),
            ("source", Some(self.source)),
            ("story", Some(story.as_str())),
        ];
        let own: String = own
            .into_iter()
            .filter_map(|(name, value)| Some(format!(" {name}=\"{}\"", escaped(value?))))
            .collect();
        let reports: String = self.reports.iter().map(report_in_atom).collect();
        format!(
            "<entry><id>{}</id><title>{}</title><updated>{updated}</updated>{published}{category}{link}{picture}\
             <summary>{}</summary><tidings:archived{own}/>{reports}</entry>\n",
            escaped(self.ids.1),
            escaped(&item.title),
            escaped(&item.summary)
        )
    }
}

fn report_in_atom(report: &Report) -> String {
    let link = report.link.as_deref().map(escaped);
    let link = link.map_or(String::new(), |link| format!(" link=\"{link}\""));
    format!(
        "<tidings:report source=\"{}\"{link}/>",
        escaped(&report.source)
    )
}
