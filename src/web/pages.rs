//! The pages. Whatever is put into a template is text: only what maud writes itself is markup.

use std::borrow::Cow;

use maud::{DOCTYPE, Markup, html};

use super::address::{Fed, Form};
use super::site::{Writing, behind, day_path, feed_path, language};
use jiff::civil::Date;
use tidings_core::bounds::{SEARCH_LENGTH, SECTIONS_LISTED};
use tidings_core::item::{Item, Report};
use tidings_core::pages::{item_path, section_path};
use tidings_core::platform::FollowLink;
use tidings_core::section::Section;
use tidings_core::text::{beginning, first_sentence};
use tidings_store::{Dated, StoreError};

/// What of a summary's first sentence a list shows, in characters.
const SENTENCE: usize = 280;

/// Classes of colours that sections have in the stylesheet.
const COLOURS: usize = 8;

/// What a page says of itself.
pub(super) struct Head<'h> {
    pub(super) title: &'h str,
    pub(super) description: Option<&'h str>,
    /// Where it is; nowhere, if it is no page of its own.
    pub(super) path: Option<&'h str>,
    pub(super) fed: Fed,
    /// Where the list goes on.
    pub(super) next: Option<&'h str>,
    pub(super) is_article: bool,
    pub(super) is_indexed: bool,
    /// Whether it has a form for a search of its own.
    pub(super) searches: bool,
}

impl<'h> Head<'h> {
    pub(super) fn new(title: &'h str) -> Head<'h> {
        Head {
            title,
            description: None,
            path: None,
            fed: Fed::All,
            next: None,
            is_article: false,
            is_indexed: true,
            searches: false,
        }
    }
}

impl Head<'_> {
    /// Returns true if it is the page of a section.
    fn is_of(&self, section: &Section) -> bool {
        let Fed::Section(slug) = &self.fed else {
            return false;
        };
        !self.is_article && slug == section.slug.as_str()
    }
}

/// What stands in a list.
pub(super) struct Row {
    pub(super) dated: Dated,
    pub(super) also: Option<String>,
}

/// What stands beside an item.
#[derive(Default)]
pub(super) struct Beside {
    /// Who leads its story, if another item does.
    pub(super) leader: Option<Teller>,
    /// Other items of its story.
    pub(super) story: Vec<Teller>,
    /// What others say of it, by their labels.
    pub(super) reports: Vec<Report>,
    /// What came before, each with the language of its feed.
    pub(super) before: Vec<(Item, Option<String>)>,
}

/// Another item of a story.
pub(super) struct Teller {
    pub(super) path: String,
    pub(super) title: String,
    /// What readers call its source.
    pub(super) label: String,
    /// The language of its feed.
    pub(super) language: Option<String>,
}

impl Teller {
    fn link(&self) -> Markup {
        let lang = language(&self.title).or(self.language.as_deref());
        html! { a href=(self.path) lang=[lang] dir="auto" { (self.title) } }
    }
}

/// Returns true if a link leads to the web, and not to a script.
fn is_safe(link: &&str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}

impl Writing<'_> {
    /// A page whole.
    pub(super) fn page(&self, head: &Head<'_>, main: &Markup) -> String {
        let name = self.text("web-name");
        let locale = self.site.defaults.locale.code();
        let title = match head.path {
            Some("/") => format!("{name} · {}", head.title),
            _ => format!("{} · {name}", head.title),
        };
        let feeds = [
            (Form::Atom, "application/atom+xml"),
            (Form::Json, "application/feed+json"),
        ];
        let page = html! {
            (DOCTYPE)
            html lang=(locale) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    link rel="stylesheet" href=(self.site.style);
                    @if let Some(path) = head.path {
                        link rel="canonical" href=(self.url(path));
                        meta property="og:title" content=(head.title);
                        meta property="og:type" content=(if head.is_article { "article" } else { "website" });
                        meta property="og:url" content=(self.url(path));
                        meta property="og:site_name" content=(name);
                    }
                    @if let Some(description) = head.description {
                        meta name="description" content=(description);
                        meta property="og:description" content=(description);
                    }
                    @if !head.is_indexed { meta name="robots" content="noindex"; }
                    @for (form, kind) in feeds {
                        link rel="alternate" type=(kind) title=(head.title) href=(feed_path(&head.fed, form));
                    }
                    @if let Some(next) = head.next { link rel="next" href=(next); }
                }
                body {
                    a.skip href="#news" { (self.text("web-skip")) }
                    header {
                        p.name { a href="/" { (name) } }
                        @if !head.searches { (self.search_form("top", "")) }
                        nav aria-label=(self.text("web-sections")) {
                            ul {
                                @for section in self.sections().take(SECTIONS_LISTED.most) {
                                    li { (self.section_link(section, head.is_of(section))) }
                                }
                            }
                        }
                    }
                    main #news tabindex="-1" { (main) }
                    footer {
                        ul {
                            li { a href="/" { (self.text("latest-of-all")) } }
                            li { a href="/search" { (self.text("web-search")) } }
                            @for (form, label) in [(Form::Atom, "Atom"), (Form::Json, "JSON Feed")] {
                                li { a href=(feed_path(&Fed::All, form)) { (label) } }
                            }
                        }
                    }
                }
            }
        };
        page.into_string()
    }

    fn search_form(&self, id: &str, words: &str) -> Markup {
        html! {
            form role="search" action="/search" method="get" {
                label for=(id) { (self.text("web-search-label")) }
                input #(id) type="search" name="q" value=(words) maxlength=(SEARCH_LENGTH.most)
                    placeholder=(self.text("web-search-label"));
                button type="submit" { (self.text("web-search")) }
            }
        }
    }

    fn section_link(&self, section: &Section, is_here: bool) -> Markup {
        let title = self.title(section);
        let slug = section.slug.as_str();
        html! {
            a.section.(self.colour(slug)) href=(section_path(slug)) aria-current=[is_here.then_some("page")] lang=[language(&title)] dir="auto" { (title) }
        }
    }

    fn section_of(&self, item: &Item) -> Markup {
        match self.catalogue.by_slug(item.section.as_str()) {
            Some(section) => self.section_link(section, false),
            None => html! {},
        }
    }

    /// The colour of a section: by its place, so that neighbours differ.
    fn colour(&self, slug: &str) -> String {
        let mut sections = self.catalogue.sections().iter();
        let at = sections.position(|section| section.slug.as_str() == slug);
        format!("c{}", at.unwrap_or(0) % COLOURS)
    }

    fn time(&self, date: Date) -> Markup {
        html! { time datetime=(date.to_string()) { (self.say().day(date)) } }
    }

    fn day_of(&self, dated: &Dated) -> Date {
        dated.day(self.site.defaults.timezone.tz())
    }

    /// The rows by day, the newest day first. Days as they are written and moments of the zone may take turns.
    pub(super) fn by_day(&self, rows: &[Row], with_section: bool) -> Markup {
        let mut days: Vec<(Date, Vec<&Row>)> = Vec::new();
        for row in rows {
            let date = self.day_of(&row.dated);
            match days.iter_mut().find(|(known, _)| *known == date) {
                Some((_, rows)) => rows.push(row),
                None => days.push((date, vec![row])),
            }
        }
        days.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        html! {
            @for (date, rows) in days {
                section.day {
                    h2 {
                        a href=(day_path(date)) {
                            time datetime=(date.to_string()) { (self.whole_day(date)) }
                        }
                    }
                    @for row in rows { (self.row(row, with_section, false, true)) }
                }
            }
        }
    }

    /// The rows one after the other.
    pub(super) fn rows(&self, rows: &[Row], with_day: bool) -> Markup {
        html! { @for row in rows { (self.row(row, true, with_day, false)) } }
    }

    /// `is_under_day` is whether a day stands over it as a heading.
    fn row(&self, row: &Row, with_section: bool, with_day: bool, is_under_day: bool) -> Markup {
        let item = &row.dated.item;
        let told = row.dated.language.as_deref();
        let sentence = sentence(&item.summary);
        let colour = self.colour(item.section.as_str());
        let headline = html! { a href=(item_path(item.id)) { (item.title) } };
        html! {
            article.row.(colour) {
                @if is_under_day {
                    h3 lang=[language(&item.title).or(told)] dir="auto" { (headline) }
                } @else {
                    h2 lang=[language(&item.title).or(told)] dir="auto" { (headline) }
                }
                @if !sentence.is_empty() {
                    p lang=[language(&sentence).or(told)] dir="auto" { (sentence) }
                }
                @if with_section || with_day || row.also.is_some() {
                    p.about {
                        @if with_section { (self.section_of(item)) }
                        @if with_day { span { (self.time(self.day_of(&row.dated))) } }
                        @if let Some(also) = &row.also { span { (also) } }
                    }
                }
            }
        }
    }

    /// The end of a list: where it goes on, and how it is followed.
    pub(super) fn older(&self, next: Option<&str>) -> Markup {
        html! {
            @if let Some(next) = next {
                p.older { a rel="next" href=(next) { (self.text("web-older")) } }
            }
        }
    }

    /// How something is followed.
    pub(super) fn follow(&self, title: &str, fed: &Fed, follows: &[FollowLink]) -> Markup {
        let over = match fed {
            Fed::All => self.text("web-follow-all"),
            _ => self.say().text("web-follow", &[("title", title.into())]),
        };
        html! {
            aside.follow {
                h2 { (over) }
                ul {
                    @for follow in follows {
                        li { a href=(follow.url) rel="noopener" { (follow.platform) } }
                    }
                    @for (form, label) in [(Form::Atom, "Atom"), (Form::Json, "JSON Feed")] {
                        li { a href=(feed_path(fed, form)) { (label) } }
                    }
                }
            }
        }
    }

    /// An item's own page.
    pub(super) fn item(
        &self,
        dated: &Dated,
        beside: &Beside,
        follows: &[FollowLink],
    ) -> Result<Markup, StoreError> {
        let item = &dated.item;
        let told = dated.language.as_deref();
        let link = item.link.as_deref().filter(is_safe);
        let label = self.label(&item.source)?;
        let at = self.say().text("web-at", &[("source", (&label).into())]);
        let date = self.day_of(dated);
        let section = self.catalogue.by_slug(item.section.as_str());
        let paragraphs = item.summary.split("\n\n").filter(|text| !text.is_empty());
        Ok(html! {
            article.item.(self.colour(item.section.as_str())) {
                p.about {
                    (self.section_of(item))
                    span { a href=(day_path(date)) { (self.time(date)) } }
                }
                h1 lang=[language(&item.title).or(told)] dir="auto" {
                    @match link {
                        Some(link) => { a href=(link) rel="noopener" { (item.title) } }
                        None => { (item.title) }
                    }
                }
                @for paragraph in paragraphs {
                    p lang=[language(paragraph).or(told)] dir="auto" { (paragraph) }
                }
                p.source {
                    @match link {
                        Some(link) => { a href=(link) rel="noopener" { (at) } }
                        None => { (at) }
                    }
                }
                @if let Some(corrected) = self.corrected(dated) { p.corrected { (corrected) } }
                (self.beside(beside))
            }
            @if let Some(section) = section {
                (self.follow(&self.title(section), &Fed::Section(section.slug.to_string()), follows))
            }
        })
    }

    /// When it was corrected, in words.
    fn corrected(&self, dated: &Dated) -> Option<String> {
        let zone = self.site.defaults.timezone.tz();
        let at = dated.corrected?.to_zoned(zone.clone());
        let time = at.strftime("%H:%M").to_string();
        let values = [
            ("time", (&time).into()),
            ("day", i64::from(at.day()).into()),
            ("month", i64::from(at.month()).into()),
            ("year", i64::from(at.year()).into()),
        ];
        let is_of_this_year = at.year() == self.now.to_zoned(zone.clone()).year();
        let key = if is_of_this_year {
            "web-corrected"
        } else {
            "web-corrected-with-year"
        };
        Some(self.say().text(key, &values))
    }

    fn beside(&self, beside: &Beside) -> Markup {
        let say = |key: &str, count: usize| self.say().text(key, &[("count", count.into())]);
        html! {
            @if let Some(leader) = &beside.leader {
                p.leader { (self.text("web-leader")) " " (leader.link()) }
            }
            @if !beside.reports.is_empty() {
                h2 { (say("read-reports", beside.reports.len())) }
                ul {
                    @for report in &beside.reports {
                        li dir="auto" {
                            @match report.link.as_deref().filter(is_safe) {
                                Some(link) => { a href=(link) rel="noopener" { (report.source) } }
                                None => { (report.source) }
                            }
                        }
                    }
                }
            }
            @if !beside.story.is_empty() {
                h2 { (say("read-story", beside.story.len())) }
                ul {
                    @for teller in &beside.story {
                        li { (teller.link()) " " span.label { (teller.label) } }
                    }
                }
            }
            @if !beside.before.is_empty() {
                h2 { (say("read-before", beside.before.len())) }
                ul {
                    @for (item, told) in &beside.before {
                        li {
                            a href=(item_path(item.id)) lang=[language(&item.title).or(told.as_deref())] dir="auto" { (item.title) }
                            @if let Some(published) = item.published {
                                " " span.label { (self.time(published.day(self.site.defaults.timezone.tz()))) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// A heading over a list, with what is to be said of it.
    pub(super) fn heading(&self, title: &str, notes: &[String]) -> Markup {
        html! {
            h1 lang=[language(title)] dir="auto" { (title) }
            @for note in notes { p.note { (note) } }
        }
    }

    /// The search with its words.
    pub(super) fn search(&self, words: &str) -> Markup {
        html! { div.large { (self.search_form("words", words)) } }
    }

    /// The days beside one.
    pub(super) fn neighbours(&self, earlier: Option<Date>, later: Option<Date>) -> Markup {
        let days = [("web-day-before", earlier), ("web-day-after", later)];
        html! {
            nav.days {
                @for (key, date) in days {
                    @if let Some(date) = date {
                        @let day = self.whole_day(date);
                        p { a href=(day_path(date)) { (self.say().text(key, &[("day", (&day).into())])) } }
                    }
                }
            }
        }
    }
}

/// Where a list goes on behind the last of its rows.
pub(super) fn next_of(path: &str, rows: &[Row], is_more: bool) -> Option<String> {
    let last = rows.last().filter(|_| is_more)?;
    Some(behind(path, last.dated.item.id))
}

/// A summary's first sentence, or the whole words that fit of a long one, and that it goes on.
pub(super) fn sentence(summary: &str) -> Cow<'_, str> {
    let paragraph = summary.split("\n\n").next().unwrap_or_default();
    let sentence = paragraph[..first_sentence(paragraph)].trim();
    let Some((end, next)) = sentence.char_indices().nth(SENTENCE) else {
        return Cow::Borrowed(sentence);
    };
    // It is one sentence, and looking for the ends of others in it took half of the time of a list.
    let shown = match sentence[..end + next.len_utf8()].rfind(char::is_whitespace) {
        Some(until) => &sentence[..until],
        None => beginning(sentence, SENTENCE),
    };
    let shown = shown.trim_end_matches(|c: char| c.is_whitespace() || ",;:".contains(c));
    Cow::Owned(format!("{shown}…"))
}

#[cfg(test)]
mod tests {
    use super::{SENTENCE, sentence};

    #[test]
    fn a_list_shows_a_sentence_or_whole_words_of_it() {
        assert_eq!(sentence(""), "");
        assert_eq!(
            sentence(" All of them. And more.\n\nMuch more."),
            "All of them."
        );
        assert_eq!(sentence("All of them\n\nAnd more."), "All of them");
        let long = "squid, ".repeat(100);
        let shown = sentence(&long);
        // That it goes on is seen.
        assert!(
            shown.ends_with("squid…") && shown.len() > SENTENCE - 7,
            "{shown}"
        );
        assert!(shown.chars().count() <= SENTENCE + 1);
        // A word that ends where the room ends stays.
        let exact = format!("{} {} squid", "a".repeat(100), "b".repeat(SENTENCE - 101));
        assert_eq!(sentence(&exact), format!("{}…", &exact[..SENTENCE]));
        // A language without spaces is cut as its words are.
        let shown = sentence(&"\u{7279}\u{4F7F}\u{8BBF}\u{95EE}".repeat(100))
            .chars()
            .count();
        assert!(shown > SENTENCE - 10 && shown <= SENTENCE + 1, "{shown}");
    }
}
