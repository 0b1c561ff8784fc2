//! What stands around the text of a web page and isn't part of it: what its elements are called, and what it says.

use crate::lexicon::systems::{ELEMENTS, NAMES, PARTS};
use std::sync::LazyLock;

use regex::Regex;

use crate::lexicon::pages;
use scraper::node::Element;

use tidings_core::text;

/// What a style declares, in small letters: each property with its value.
fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    let told = style.split(';').filter_map(|one| one.split_once(':'));
    told.map(|(own, value)| {
        let value = value.trim().trim_end_matches("!important").trim();
        (own.trim(), value)
    })
}

/// Whether a style sets text in bold, where it says how bold that is.
pub(crate) fn is_bold(style: &str) -> Option<bool> {
    /// The least weight that is bold (<https://www.w3.org/TR/css-fonts-4/#font-weight-numeric-values>: semi-bold).
    const BOLD: u16 = 600;
    let style = style.to_ascii_lowercase();
    let weight = declarations(&style).filter(|(own, _)| *own == "font-weight");
    match weight.last()?.1 {
        "bold" | "bolder" => Some(true),
        "normal" | "lighter" => Some(false),
        weight => weight.parse().ok().map(|weight: u16| weight >= BOLD),
    }
}

/// Whether a style keeps an element from being seen, as newsletters hide what mail programs preview. (A font without
/// size is on many a frame around text that has one.)
pub(crate) fn hides(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let told = || declarations(&style);
    let says = |name: &str, values: &[&str]| {
        told().any(|(own, value)| own == name && values.contains(&value))
    };
    let is_away = |(own, value): (&str, &str)| {
        matches!(own, "left" | "top" | "text-indent") && value.starts_with("-999")
    };
    const NOTHING: [&str; 4] = ["0", "0px", "0pt", "0em"];
    says("display", &["none"])
        || says("visibility", &["hidden", "collapse"])
        || says("mso-hide", &["all"])
        || says("opacity", &["0", "0.0", "0%"])
        || says("overflow", &["hidden"])
            && ["max-height", "height", "max-width", "width"]
                .iter()
                .any(|side| says(side, &NOTHING))
        || says("color", &["transparent"])
        || told().any(is_away)
        || is_of_its_ground(told)
}

/// Whether text has the colour of what it stands on: white on white.
fn is_of_its_ground<'s, I: Iterator<Item = (&'s str, &'s str)>>(told: impl Fn() -> I) -> bool {
    let colour = |value: &'s str| match value {
        "white" => "fff".to_owned(),
        "black" => "000".to_owned(),
        _ => match value.strip_prefix('#') {
            // `#ffffff` is `#fff`.
            Some(hex)
                if hex.len() == 6
                    && (0..3).all(|at| hex.as_bytes()[2 * at] == hex.as_bytes()[2 * at + 1]) =>
            {
                hex.bytes().step_by(2).map(char::from).collect()
            }
            Some(hex) => hex.to_owned(),
            None => value.replace(' ', ""),
        },
    };
    let last = |names: &[&str]| told().filter(|(own, _)| names.contains(own)).last();
    match (last(&["color"]), last(&["background", "background-color"])) {
        (Some((_, text)), Some((_, ground))) => colour(text) == colour(ground) && text != "inherit",
        _ => false,
    }
}

/// Whether an element is of a kind that never belongs to the text, or isn't shown.
pub(crate) fn is_element(element: &Element) -> bool {
    // Ghost's bookmarks are figures, and items.
    let is_bookmark = element.classes().any(|name| name == "kg-bookmark-card");
    ELEMENTS.contains(&element.name()) && !is_bookmark || is_hidden(element)
}

/// Returns true if an element says that it isn't shown.
pub(crate) fn is_hidden(element: &Element) -> bool {
    element.attr("hidden").is_some() || element.attr("style").is_some_and(hides)
}

/// Whether what an element is called says so: that can be wrong, so whatever holds much of a page is its text.
pub(crate) fn is_called(element: &Element) -> bool {
    if matches!(
        element.name(),
        "body" | "html" | "main" | "article" | "li" | "a" | "h1" | "h2" | "h3" | "h4"
    ) {
        return false;
    }
    let mut names = element.classes().chain(element.id());
    element.name() == "form"
        || names.any(|name| {
            let name = name.to_ascii_lowercase();
            NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
        })
}

static PATTERNS: LazyLock<[Regex; 4]> = LazyLock::new(|| {
    [
        pages::BEHIND_THE_PAGE,
        pages::SAID_IN_ANY_CASE,
        pages::SAID_UNLESS_SENTENCES,
        pages::BEFORE_LABELS,
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

/// Whether a heading, folded, is one behind which a page's own text has ended.
pub(crate) fn ends_page(folded: &str) -> bool {
    PATTERNS[0].is_match(folded)
}

/// Whether a heading, folded, stands over an advertisement.
pub(crate) fn is_advertised(folded: &str) -> bool {
    matches!(
        folded,
        "advertisement" | "sponsored" | "in partnership with" | "presented by" | "together with"
    )
}

/// Whether a paragraph is none of the text. `is_plain` says that it isn't set as headlines are.
pub(crate) fn is_said(paragraph: &str, folded: &str, is_plain: bool) -> bool {
    let is_before_labels = || {
        let before = PATTERNS[3].captures(paragraph);
        before.is_some_and(|before| is_plain || before.iter().skip(1).flatten().next().is_some())
    };
    PATTERNS[1].is_match(folded) && folded.len() < 200
        || (PATTERNS[2].is_match(folded) || is_before_labels()) && !text::ends_sentence(paragraph)
}

/// Whether a linked text asks something of readers, as what stands around a letter does: `Subscribe to our letter`.
pub(crate) fn asks_readers(title: &str) -> bool {
    let first = title
        .split(|c: char| !c.is_alphanumeric())
        .find(|word| !word.is_empty());
    first.is_some_and(|first| {
        let first = first.to_lowercase();
        pages::ASKING.contains(&first.as_str())
            || pages::ASKING_BEGINNINGS
                .iter()
                .any(|word| first.starts_with(word))
    })
}

/// Whether a paragraph, folded, is what turns a site's pages: `1 2 3 next`, `page 2 of 5`.
pub(crate) fn is_pager(folded: &str) -> bool {
    /// The longest of it, in words and numbers.
    const LONGEST: usize = 24;
    let words = || folded.split(' ').take(LONGEST + 1);
    let is_number = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let turns = |word: &str| pages::TURNING.contains(&word);
    let counts = || folded.starts_with("1 2") || words().any(|word| pages::PAGE.contains(&word));
    let has_numbers = || words().filter(|word| is_number(word)).nth(1).is_some() && counts();
    !folded.is_empty()
        && words().count() <= LONGEST
        && words().all(|word| is_number(word) || turns(word) || pages::PAGE.contains(&word))
        && (words().any(turns) || has_numbers())
}

/// What links to a whole story are called, folded, beside what design.md names for texts.
static TO_THE_STORY: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(pages::TO_THE_STORY).unwrap()
});

/// The longest text, folded, that ends a page or says goodbye, in bytes.
pub(crate) const LONGEST_SAID: usize = 300;

/// Whether a paragraph, folded, ends a newsletter: a farewell, or what the law wants to be said behind it.
pub(crate) fn signs_off(folded: &str) -> bool {
    static FAREWELL: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(pages::SIGNS_OFF).unwrap()
    });
    folded.len() < LONGEST_SAID && FAREWELL.is_match(folded)
}

/// Whether a paragraph that ends in a link names whose story it is: `Source: Hankyoreh`.
pub(crate) fn names_the_outlet(paragraph: &str) -> bool {
    static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(pages::NAMES_THE_OUTLET).unwrap()
    });
    paragraph.contains(':') && SOURCE.is_match(paragraph)
}

/// Whether a heading or a line, folded, stands over the page's table of contents.
pub(crate) fn is_contents(folded: &str) -> bool {
    pages::CONTENTS.contains(&folded)
}

/// Whether a linked text is a name for the whole story.
pub(crate) fn names_the_story(text: &str) -> bool {
    /// No such name is longer, folded, in bytes.
    const LONGEST: usize = 119;
    begins_like_a_name(text)
        && text::fold_within(text, LONGEST).is_some_and(|folded| TO_THE_STORY.is_match(&folded))
}

/// Whether a text's first word may be the first of [`TO_THE_STORY`]: nearly every headline is told from a name by it,
/// without being folded.
fn begins_like_a_name(text: &str) -> bool {
    let start = text.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    let end = start.find(|c: char| !c.is_ascii_alphanumeric());
    let (word, rest) = start.split_at(end.unwrap_or(start.len()));
    // What isn't ASCII may be folded to anything, and `R.E.A.D.` is put together.
    let is_more =
        rest.starts_with(|c: char| !c.is_ascii()) || word.len() == 1 && rest.starts_with('.');
    is_more
        || pages::BEGINNINGS_TO_THE_STORY
            .iter()
            .any(|first| word.eq_ignore_ascii_case(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What a text begins with decides nothing that its whole wouldn't.
        #[test]
        fn a_name_is_known_by_its_first_word(parts in prop::collection::vec(
            prop::sample::select(vec![
                "read", "Read", "R.E.A.D.", "more", "MORE", "ｒead", "rea\u{301}d", "the", "story", "here", "Source",
                "원문", "기사 원문", "»", "→", "(", "[", " ", ".", "-", "'", ":", "\u{200B}", "link", "2", "full", "보기",
            ]),
            0..6,
        )) {
            for text in [parts.concat(), parts.join(" ")] {
                let whole = TO_THE_STORY.is_match(&text::fold(&text));
                prop_assert_eq!(names_the_story(&text), whole, "{}", text);
            }
        }
    }
}
