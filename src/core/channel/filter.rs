//! A filter: which items of a subscription are wanted. Its words are read, folded and found as those of a search.

use std::fmt;
use std::sync::Arc;

use thiserror::Error;

use crate::bounds::{FILTER_LENGTH, FILTER_TERMS};
use crate::ids::SectionSlug;
use crate::language;
use crate::search::{SpacedWords, Term, is_quote};
use crate::text;

/// Words that a subscription wants or doesn't want: `summit, envoy* -"squid count" -#japan`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Filter(Arc<Wishes>);

/// Shared, since many channels have the same, and each roundup's needs hold it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Wishes {
    /// Of these an item has to hold one, if there are any.
    wanted: Vec<Wish>,
    /// Of these it may hold none.
    unwanted: Vec<Wish>,
}

/// What a term of a filter is about. Sections come before words in the canonical text, as `#` does before letters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Wish {
    /// `#japan`: whatever stands in a section.
    Section(SectionSlug),
    /// A word, a phrase or a beginning.
    Words(Term),
}

/// What is wrong with a filter as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum FilterError {
    /// It has more terms or characters than a filter may have.
    #[error("more than {} terms or {} characters", FILTER_TERMS.most, FILTER_LENGTH.most)]
    TooMuch,
    /// No letter or digit is left.
    #[error("no word")]
    NoWord,
    /// A minus stands alone: it says of no term that it isn't wanted.
    #[error("a minus without a term behind it")]
    LoneMinus,
    /// A term is both wanted and not.
    #[error("{0} is wanted and unwanted")]
    Both(String),
    /// There is no section of this name.
    #[error("no section {0}")]
    NoSection(String),
}

impl Filter {
    /// Reads a filter as somebody types it. `section` says which section a name behind `#` means.
    ///
    /// # Errors
    /// [`FilterError`].
    pub fn parse(
        typed: &str,
        section: impl Fn(&str) -> Option<SectionSlug>,
    ) -> Result<Filter, FilterError> {
        let is_too_long = |text: &str| text.chars().nth(FILTER_LENGTH.most).is_some();
        if is_too_long(typed.trim()) {
            return Err(FilterError::TooMuch);
        }
        let filter = Filter::read(typed, section)?;
        // A few letters stand for many when they are folded; the marks around a phrase are none of what was typed.
        let letters = filter.to_string().replace(['"', '-', '*'], "");
        let Wishes { wanted, unwanted } = &*filter.0;
        if wanted.len() + unwanted.len() > FILTER_TERMS.most || is_too_long(&letters) {
            return Err(FilterError::TooMuch);
        }
        match wanted.iter().find(|wish| unwanted.contains(wish)) {
            Some(wish) => Err(FilterError::Both(wish.to_string())),
            None => Ok(filter),
        }
    }

    /// Reads a filter as it is stored.
    ///
    /// # Errors
    /// What it is that can't be read.
    pub fn stored(text: &str) -> Result<Filter, FilterError> {
        Filter::read(text, |slug| SectionSlug::from_stored(slug.to_owned()).ok())
    }

    fn read(
        typed: &str,
        section: impl Fn(&str) -> Option<SectionSlug>,
    ) -> Result<Filter, FilterError> {
        let (mut wanted, mut unwanted) = (Vec::new(), Vec::new());
        for piece in pieces(typed) {
            let wish = match piece.kind {
                PieceKind::Nothing if piece.is_unwanted => return Err(FilterError::LoneMinus),
                PieceKind::Nothing => None,
                PieceKind::Section => {
                    let found = section(piece.text);
                    let name = || FilterError::NoSection(piece.text.to_owned());
                    Some(Wish::Section(found.ok_or_else(name)?))
                }
                PieceKind::Phrase => Term::parse(piece.text, false).map(Wish::Words),
                PieceKind::Word => {
                    Term::parse(piece.text, piece.text.ends_with('*')).map(Wish::Words)
                }
            };
            let side = if piece.is_unwanted {
                &mut unwanted
            } else {
                &mut wanted
            };
            side.extend(wish);
        }
        for side in [&mut wanted, &mut unwanted] {
            side.sort_unstable();
            side.dedup();
        }
        if wanted.is_empty() && unwanted.is_empty() {
            return Err(FilterError::NoWord);
        }
        Ok(Filter(Arc::new(Wishes { wanted, unwanted })))
    }

    /// Whether an item is wanted that holds these words and stands in this section.
    pub fn wants(&self, words: &SpacedWords, section: &SectionSlug) -> bool {
        let holds = |wish: &Wish| match wish {
            Wish::Section(slug) => slug == section,
            Wish::Words(term) => term.is_in(words),
        };
        let Wishes { wanted, unwanted } = &*self.0;
        (wanted.is_empty() || wanted.iter().any(holds)) && !unwanted.iter().any(holds)
    }

    /// Whether nothing of a section is wanted, whatever it holds.
    pub fn leaves_out(&self, section: &SectionSlug) -> bool {
        let is_it = |wish: &Wish| matches!(wish, Wish::Section(slug) if slug == section);
        let is_other = |wish: &Wish| matches!(wish, Wish::Section(slug) if slug != section);
        let Wishes { wanted, unwanted } = &*self.0;
        unwanted.iter().any(is_it) || !wanted.is_empty() && wanted.iter().all(is_other)
    }

    /// The filter that besides wants nothing of a section. `None` for no other filter is the beginning.
    #[must_use]
    pub fn without(filter: Option<&Filter>, section: &SectionSlug) -> Filter {
        let mut wishes = filter.map_or_else(Wishes::default, |filter| (*filter.0).clone());
        let wish = Wish::Section(section.clone());
        wishes.wanted.retain(|wanted| *wanted != wish);
        if !wishes.unwanted.contains(&wish) {
            wishes.unwanted.push(wish);
            wishes.unwanted.sort_unstable();
        }
        Filter(Arc::new(wishes))
    }

    /// The filter once a section has become part of another one; `None` if it says nothing of it.
    pub fn with_sections_merged(&self, from: &SectionSlug, into: &SectionSlug) -> Option<Filter> {
        let merged = |side: &[Wish]| {
            let mut side: Vec<Wish> = side
                .iter()
                .map(|wish| match wish {
                    Wish::Section(slug) if slug == from => Wish::Section(into.clone()),
                    wish => wish.clone(),
                })
                .collect();
            side.sort_unstable();
            side.dedup();
            side
        };
        let wishes = Wishes {
            wanted: merged(&self.0.wanted),
            unwanted: merged(&self.0.unwanted),
        };
        (wishes != *self.0).then(|| Filter(Arc::new(wishes)))
    }

    /// Whether a word is a term of a filter by how it begins, and nothing else: `-squid`, `#japan`, `"north`.
    pub fn shows_a_term(word: &str) -> bool {
        word.starts_with(|c| is_minus(c) || is_quote(c) || is_section_mark(c))
    }

    /// Whether a word is one that isn't wanted by how it begins: `-squid`.
    pub fn excludes(word: &str) -> bool {
        let bare = word.trim_start_matches(is_minus);
        bare.len() < word.len() && !text::fold(bare).is_empty()
    }

    /// Whether words that were typed in the place of a filter end it: `off`, without quotes.
    pub fn is_off(typed: &str) -> bool {
        language::switch(&typed.trim().to_lowercase()) == Some(false)
    }
}

/// The canonical text: folded, what is wanted before what isn't, each sorted and without repeats.
impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wanted = self.0.wanted.iter().map(|wish| ("", wish));
        let all = wanted.chain(self.0.unwanted.iter().map(|wish| ("-", wish)));
        for (at, (minus, wish)) in all.enumerate() {
            let space = if at > 0 { " " } else { "" };
            write!(f, "{space}{minus}{wish}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Wish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Wish::Section(slug) => write!(f, "#{slug}"),
            // Alone it would end the filter.
            Wish::Words(term) if Filter::is_off(term.text()) => write!(f, "\"{}\"", term.text()),
            Wish::Words(term) => f.write_str(term.text()),
        }
    }
}

/// A term as it is typed.
struct Piece<'t> {
    is_unwanted: bool,
    kind: PieceKind,
    text: &'t str,
}

enum PieceKind {
    Word,
    Phrase,
    Section,
    Nothing,
}

fn is_minus(c: char) -> bool {
    matches!(c, '-' | '−' | '–' | '－')
}

fn is_section_mark(c: char) -> bool {
    matches!(c, '#' | '＃')
}

/// What parts terms.
fn is_gap(c: char) -> bool {
    c.is_whitespace() || matches!(c, ',' | '，' | '、')
}

/// Takes a text apart. There is nothing that can't be taken apart: a quotation that doesn't end goes on to the end.
fn pieces(typed: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = typed.trim_start_matches(is_gap);
    while !rest.is_empty() {
        let bare = rest.trim_start_matches(is_minus);
        let is_unwanted = bare.len() < rest.len();
        let named = bare.strip_prefix(is_section_mark);
        let behind = named.unwrap_or(bare);
        let (text, is_phrase);
        (text, is_phrase, rest) = match behind.strip_prefix(is_quote) {
            Some(phrase) => {
                let (phrase, rest) = phrase.split_once(is_quote).unwrap_or((phrase, ""));
                (phrase, true, rest)
            }
            None => {
                let end = behind.find(|c| is_gap(c) || is_quote(c));
                let (word, rest) = behind.split_at(end.unwrap_or(behind.len()));
                (word, false, rest)
            }
        };
        let is_nothing = text::fold(text).is_empty() && (text.is_empty() || is_unwanted);
        pieces.push(Piece {
            is_unwanted,
            kind: match (named.is_some(), is_phrase) {
                _ if is_nothing => PieceKind::Nothing,
                (true, _) => PieceKind::Section,
                (false, true) => PieceKind::Phrase,
                (false, false) => PieceKind::Word,
            },
            text,
        });
        rest = rest.trim_start_matches(is_gap);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Sections are called by their slugs here, in any case.
    fn section(name: &str) -> Option<SectionSlug> {
        ["us-nk", "japan"]
            .contains(&name.to_lowercase().as_str())
            .then(|| SectionSlug::from_stored(name.to_lowercase()).expect("a slug"))
    }

    fn filter(typed: &str) -> Filter {
        Filter::parse(typed, section).unwrap_or_else(|error| panic!("{typed}: {error}"))
    }

    fn wants(typed: &str, title: &str, slug: &str) -> bool {
        let slug = SectionSlug::from_stored(slug.to_owned()).expect("a slug");
        filter(typed).wants(&SpacedWords::of(title, "It was said in Seoul."), &slug)
    }

    #[test]
    fn a_filter_is_folded_and_sorted_and_says_nothing_twice() {
        for (typed, canonical) in [
            ("summit", "summit"),
            ("Summit, ENVOY envoy summit", "envoy summit"),
            ("  ,summit,,envoy ,", "envoy summit"),
            ("“North  Korea” summ*", "\"north korea\" summ*"),
            ("north-korea", "\"north korea\""),
            ("north-kor*", "north-kor*"),
            ("U.S. Café", "cafe us"),
            ("-japan squid −seoul –busan", "squid -busan -japan -seoul"),
            ("-\"squid count\" x", "x -\"squid count\""),
            ("--squid", "-squid"),
            ("#japan, -#US-NK #japan squid", "#japan squid -#us-nk"),
            ("-#japan", "-#japan"),
            ("\"off\"", "\"off\""),
            ("off the record", "\"off\" record the"),
            ("\"끄기\"", "\"끄기\""),
            ("서울에서", "서울에서"),
            ("서울*", "서울"),
            ("５Ｇ", "5g"),
            ("a", "a"),
            ("🔥 summit", "summit"),
            // A quotation that doesn't end goes on to the end, as in a search.
            ("envoy \"north korea", "\"north korea\" envoy"),
            ("foo\"bar baz\"qux", "\"bar baz\" foo qux"),
            ("\"north kor\"*", "\"north kor\""),
            ("\"-squid\"", "squid"),
            ("C#", "c"),
            ("、회담，특사", "특사 회담"),
        ] {
            assert_eq!(filter(typed).to_string(), canonical, "{typed}");
        }
    }

    #[test]
    fn what_is_no_filter_is_refused_with_its_reason() {
        let long = "a".repeat(201);
        let many: Vec<String> = (0..10_000).map(|n| format!("w{n}")).collect();
        let few: Vec<String> = (0..21).map(|n| format!("w{n}")).collect();
        for (typed, error) in [
            ("", FilterError::NoWord),
            (" , ", FilterError::NoWord),
            ("🔥", FilterError::NoWord),
            ("\"\"", FilterError::NoWord),
            ("*", FilterError::NoWord),
            ("#", FilterError::NoWord),
            ("-", FilterError::LoneMinus),
            ("- - -", FilterError::LoneMinus),
            ("korea - japan", FilterError::LoneMinus),
            ("-🔥 korea", FilterError::LoneMinus),
            ("squid -Squid", FilterError::Both("squid".into())),
            ("#japan -#japan", FilterError::Both("#japan".into())),
            ("#moon", FilterError::NoSection("moon".into())),
            (&long, FilterError::TooMuch),
            (&"\u{FDFA}".repeat(20), FilterError::TooMuch),
            (&few.join(" "), FilterError::TooMuch),
            (&few.join(" -"), FilterError::TooMuch),
            (&many.join(" "), FilterError::TooMuch),
        ] {
            let refused = Filter::parse(typed, section);
            assert_eq!(refused, Err(error), "{typed:.50}");
        }
        // Just enough; what is said twice counts once.
        assert!(Filter::parse(&few[..20].join(","), section).is_ok());
        assert!(Filter::parse(&"a".repeat(200), section).is_ok());
        assert!(Filter::parse(&"a ".repeat(100), section).is_ok());
    }

    #[test]
    fn one_of_the_wanted_and_none_of_the_unwanted() {
        for (typed, title, slug, wanted) in [
            ("squid envoy", "Envoys meet", "japan", false),
            ("squid envoy*", "Envoys meet", "japan", true),
            ("squid, envoy", "The squid’s envoy", "japan", true),
            ("-squid", "Envoys meet", "japan", true),
            ("-squid", "Squid counted", "japan", false),
            ("envoy -squid", "An envoy counts squid", "japan", false),
            ("seoul", "Nothing in the title", "japan", true),
            ("-\"in seoul\"", "Nothing in the title", "japan", false),
            ("\"seoul title\"", "Title", "japan", false),
            // From the title into the summary reaches no phrase.
            ("\"title it\"", "Title", "japan", false),
            ("#japan", "Envoys meet", "japan", true),
            ("#japan", "Envoys meet", "us-nk", false),
            ("#japan envoys", "Envoys meet", "us-nk", true),
            ("-#japan", "Envoys meet", "japan", false),
            ("-#japan", "Envoys meet", "us-nk", true),
            ("서울", "서울에서 열린 회담", "japan", true),
            ("서울에", "서울 회담", "japan", false),
            ("서", "서울 회담", "japan", true),
            ("-회담", "서울에서 회담이 열렸다", "japan", false),
        ] {
            assert_eq!(wants(typed, title, slug), wanted, "{typed}: {title}");
        }
    }

    #[test]
    fn what_leaves_a_section_out_is_known_without_its_items() {
        let japan = section("japan").expect("a section");
        for (typed, leaves_out) in [
            ("-#japan", true),
            ("#us-nk", true),
            ("#us-nk squid", false),
            ("squid", false),
            ("#japan", false),
            ("-#us-nk", false),
        ] {
            assert_eq!(filter(typed).leaves_out(&japan), leaves_out, "{typed}");
        }
        let without = |typed| Filter::without(Some(&filter(typed)), &japan).to_string();
        assert_eq!(Filter::without(None, &japan).to_string(), "-#japan");
        assert_eq!(without("squid -#us-nk"), "squid -#japan -#us-nk");
        assert_eq!(without("squid #japan"), "squid -#japan");
        assert_eq!(without("-#japan"), "-#japan");
    }

    #[test]
    fn a_section_that_becomes_another_one_is_named_by_that() {
        let slug = |name: &str| SectionSlug::from_stored(name.to_owned()).expect("a slug");
        let merged = |typed: &str| {
            let merged = filter(typed).with_sections_merged(&slug("us-nk"), &slug("japan"));
            merged.map(|filter| filter.to_string())
        };
        assert_eq!(merged("squid #us-nk"), Some("#japan squid".to_owned()));
        assert_eq!(merged("#us-nk #japan"), Some("#japan".to_owned()));
        assert_eq!(merged("squid -#japan"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_reads_as_what_is_echoed_and_stored(typed in "[a-zA-Zé0-9 ,\"“*#\u{2212}–서울에회🔥.-]{0,40}") {
            if let Ok(filter) = Filter::parse(&typed, section) {
                let text = filter.to_string();
                prop_assert_eq!(Filter::parse(&text, section).map(|it| it.to_string()), Ok(text.clone()));
                prop_assert_eq!(Filter::stored(&text), Ok(filter));
                prop_assert!(!Filter::is_off(&text));
            }
        }
    }
}
