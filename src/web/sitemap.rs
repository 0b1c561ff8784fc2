//! What search engines are told: every item's page, month by month where there are many.

use std::fmt::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::answer::Answer;
use super::site::{Writing, behind};
use tidings_core::ids::ItemId;
use tidings_core::item::{Place, Published};
use tidings_core::pages::{item_path, section_path};
use tidings_store::StoreError;

/// Addresses that one file may hold (<https://www.sitemaps.org/protocol.html>).
const MOST: usize = 50_000;

const XML: &str = "application/xml; charset=utf-8";

const SPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The whole archive, or an index of its months.
pub(super) fn whole(writing: &Writing<'_>) -> Result<Answer, StoreError> {
    let db = writing.db;
    let items = usize::try_from(db.item_count(None)?).unwrap_or(usize::MAX);
    if items > MOST {
        return index(writing);
    }
    let mut file = Urls::begin();
    file.add(&writing.url("/"), None);
    // Where every place is an item's, sections are found from there.
    for section in writing.sections() {
        if items + file.count < MOST {
            let path = section_path(section.slug.as_str());
            file.add(&writing.url(&path), None);
        }
    }
    let numbers = db.numbers(i64::MIN, i64::MAX, Place::TOP, MOST - 1)?;
    file.add_items(writing, &numbers);
    Ok(file.end())
}

/// The months that have items, the newest first; one of more items than a file holds in several parts.
fn index(writing: &Writing<'_>) -> Result<Answer, StoreError> {
    let db = writing.db;
    let mut text =
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"{SPACE}\">\n");
    let mut before = i64::MAX;
    let mut count = 0;
    while let Some(newest) = db.newest_before(before)? {
        let moment = newest.rank.saturating_neg();
        let Some((date, begin, end)) = month_at(moment) else {
            break;
        };
        let path = format!("/sitemap-{:04}-{:02}.xml", date.year(), date.month());
        let mut at = Some(path.clone());
        let mut after = above(end);
        while let Some(here) = at.take().filter(|_| count < MOST) {
            // It is as new as nothing that it says tells: items are corrected at any time.
            let _ = writeln!(
                text,
                "<sitemap><loc>{}</loc></sitemap>",
                crate::feeds::escaped(&writing.url(&here))
            );
            count += 1;
            if let Some(last) = db.end_of_page(begin, after, MOST)?
                && db.end_of_page(begin, last, 1)?.is_some()
            {
                at = Some(behind(&path, ItemId::new(last.id)));
                after = last;
            }
        }
        before = begin;
    }
    text.push_str("</sitemapindex>\n");
    Ok(Answer::new(XML, text))
}

/// One month, behind a place; `None` where it has no items.
pub(super) fn month(
    writing: &Writing<'_>,
    year: i16,
    month: i8,
    after: Place,
) -> Result<Option<Answer>, StoreError> {
    let Ok(date) = Date::new(year, month, 1) else {
        return Ok(None);
    };
    let Some((_, begin, end)) = month_at(Published::Date(date).seconds()) else {
        return Ok(None);
    };
    let numbers = writing.db.numbers(begin, end, after, MOST)?;
    if numbers.is_empty() {
        return Ok(None);
    }
    let mut file = Urls::begin();
    file.add_items(writing, &numbers);
    Ok(Some(file.end()))
}

/// The month in which a moment lies, in UTC: its first day, when it begins and when the next one does.
fn month_at(moment: i64) -> Option<(Date, i64, i64)> {
    let at = Timestamp::from_second(moment).ok()?.to_zoned(TimeZone::UTC);
    let first = at.date().first_of_month();
    let next = first.last_of_month().tomorrow();
    let end = next.map_or(i64::MAX, |next| Published::Date(next).seconds());
    Some((first, Published::Date(first).seconds(), end))
}

/// The place above all items that were published before a moment.
fn above(end: i64) -> Place {
    Place {
        rank: 1_i64.saturating_sub(end),
        position: i64::MIN,
        id: i64::MIN,
    }
}

struct Urls {
    text: String,
    count: usize,
}

impl Urls {
    fn begin() -> Urls {
        Urls {
            text: format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"{SPACE}\">\n"
            ),
            count: 0,
        }
    }

    fn add(&mut self, url: &str, updated: Option<Timestamp>) {
        let updated = updated.map_or(String::new(), |at| format!("<lastmod>{at:.0}</lastmod>"));
        let url = crate::feeds::escaped(url);
        let _ = writeln!(self.text, "<url><loc>{url}</loc>{updated}</url>");
        self.count += 1;
    }

    fn add_items(&mut self, writing: &Writing<'_>, numbers: &[(ItemId, Timestamp)]) {
        for (id, updated) in numbers {
            self.add(&writing.url(&item_path(*id)), Some(*updated));
        }
    }

    fn end(mut self) -> Answer {
        self.text.push_str("</urlset>\n");
        Answer::new(XML, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_ends_where_the_next_one_begins() {
        let date = jiff::civil::date(2024, 2, 1);
        let (first, begin, end) = month_at(Published::Date(date).seconds()).expect("a month");
        assert_eq!(first, date);
        assert_eq!(end - begin, 29 * 86_400);
        assert_eq!(
            month_at(end).expect("the next one").0,
            jiff::civil::date(2024, 3, 1)
        );
    }
}
