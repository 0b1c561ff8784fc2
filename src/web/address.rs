//! What an address asks for.

use jiff::civil::Date;
use url::form_urlencoded;

use tidings_core::ids::{ALL, ItemId};

/// The longest path that names something: three times a slug's letters, percent-encoded.
pub(super) const LONGEST_PATH: usize = 8_192;

/// The longest query: a search of 200 letters, percent-encoded.
pub(super) const LONGEST_QUERY: usize = 8_192;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asked {
    /// `/`, `/s/…`, `/d/…`
    List(Of, Option<ItemId>),
    /// `/i/…`
    Item(ItemId),
    /// `/search`
    Search(String, Option<ItemId>),
    /// `…/feed.atom`, `…/feed.json`
    Feed(Fed, Form, Option<ItemId>),
    /// `/s/all`, which is `/`.
    Everything(Option<ItemId>),
    /// `/sitemap.xml`
    Sitemap,
    /// `/sitemap-2026-11.xml`
    Month(i16, i8, Option<ItemId>),
    /// `/robots.txt`
    Robots,
    /// The stylesheet, by whatever hash it is asked.
    Style(String),
}

/// What a list is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Of {
    All,
    Section(String),
    Day(Date),
}

/// What a feed is of.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fed {
    All,
    Section(String),
    Search(String),
}

/// How a feed is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Form {
    Atom,
    Json,
}

impl Form {
    /// The last part of its address.
    pub(super) fn file(self) -> &'static str {
        match self {
            Form::Atom => "feed.atom",
            Form::Json => "feed.json",
        }
    }

    fn read(file: &str) -> Option<Form> {
        [Form::Atom, Form::Json]
            .into_iter()
            .find(|form| form.file() == file)
    }
}

impl Asked {
    /// What a path with a query asks for; `None` if it names nothing.
    pub(super) fn read(path: &str, query: &str) -> Option<Asked> {
        let parts: Option<Vec<String>> = path.strip_prefix('/')?.split('/').map(decoded).collect();
        let parts = parts?;
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let after = match value(query, "after") {
            Some(number) => Some(item(&number)?),
            None => None,
        };
        let words = || value(query, "q").unwrap_or_default();
        Some(match *parts {
            [""] => Asked::List(Of::All, after),
            ["s", slug] if slug.eq_ignore_ascii_case(ALL) => Asked::Everything(after),
            ["s", slug] if !slug.is_empty() => Asked::List(Of::Section(slug.to_owned()), after),
            ["s", slug, file] if !slug.is_empty() => {
                let fed = match slug {
                    slug if slug.eq_ignore_ascii_case(ALL) => Fed::All,
                    slug => Fed::Section(slug.to_owned()),
                };
                Asked::Feed(fed, Form::read(file)?, after)
            }
            ["i", number] => Asked::Item(item(number)?),
            ["d", day] => Asked::List(Of::Day(date(day)?), after),
            ["search"] => Asked::Search(words(), after),
            ["search", file] => Asked::Feed(Fed::Search(words()), Form::read(file)?, after),
            ["sitemap.xml"] => Asked::Sitemap,
            ["robots.txt"] => Asked::Robots,
            [file] => match file.strip_prefix("sitemap-") {
                Some(month) => {
                    let (year, month) = month.strip_suffix(".xml")?.split_once('-')?;
                    let is_plain = year.len() == 4 && month.len() == 2 && is_digits(year);
                    let first = Date::new(year.parse().ok()?, month.parse().ok()?, 1).ok();
                    let first = first.filter(|_| is_plain)?;
                    Asked::Month(first.year(), first.month(), after)
                }
                None => match Form::read(file) {
                    Some(form) => Asked::Feed(Fed::All, form, after),
                    None => {
                        let hash = file.strip_prefix("style-")?.strip_suffix(".css")?;
                        Asked::Style(hash.to_owned())
                    }
                },
            },
            _ => return None,
        })
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// An item's number as it is written; anything else is another address, and names nothing.
fn item(text: &str) -> Option<ItemId> {
    let is_number = is_digits(text) && !text.starts_with('0');
    let number = text.parse().ok().filter(|_| is_number)?;
    Some(ItemId::new(number))
}

fn date(text: &str) -> Option<Date> {
    let is_plain = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    text.parse().ok().filter(|_| is_plain)
}

/// The first value of a name.
fn value(query: &str, name: &str) -> Option<String> {
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(known, value)| (known == name).then(|| value.into_owned()))
}

/// A part of a path as it is meant; `None` if it isn't UTF-8.
pub(super) fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let hex = behind.get(..2).filter(|_| *first == b'%');
        let byte = hex
            .filter(|hex| hex.iter().all(u8::is_ascii_hexdigit))
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;
    use tidings_core::pages::encoded;

    #[test]
    fn what_names_nothing_is_nothing() {
        for path in [
            "/i/x",
            "/i/",
            "/i/007",
            "/i/-1",
            "/i/1/2",
            "/d/2026-13-45",
            "/d/2026-1-5",
            "/d/20260105",
            "/s/",
            "/s",
            "/s/us-nk/",
            "/s/us-nk/feed.rss",
            "/feed",
            "/sitemap-2026-13.xml",
            "/sitemap-2026-1.xml",
            "//",
            "/%ff",
            "/s/%C3",
            "/I/1",
            "/i/99999999999999999999",
            "",
        ] {
            assert_eq!(Asked::read(path, ""), None, "{path}");
        }
        assert_eq!(Asked::read("/", "after=x"), None);
    }

    #[test]
    fn slugs_of_every_script_go_there_and_back() {
        for slug in ["us-nk", "\u{B0A8}\u{BD81}", "100%-sure", "a+b", "c#"] {
            let path = format!("/s/{}", encoded(slug));
            assert!(path.is_ascii(), "{path}");
            let asked = Asked::read(&path, "after=7").unwrap();
            assert_eq!(
                asked,
                Asked::List(Of::Section(slug.to_owned()), Some(ItemId::new(7)))
            );
        }
        let asked = Asked::read("/search", "q=a+%22b+c%22&after=9").unwrap();
        assert_eq!(
            asked,
            Asked::Search("a \"b c\"".to_owned(), Some(ItemId::new(9)))
        );
    }
}
