//! The languages, a line each.

use std::fmt;

/// What is told of a language.
struct Language {
    /// Its code (BCP 47).
    code: &'static str,
    /// How platforms write it that tell its regions apart.
    tags: &'static [&'static str],
    /// What people call it, in its own words first, in small letters.
    names: &'static [&'static str],
    /// Its texts and the words that people type in it.
    source: &'static str,
}

/// Every language there is; the first one is answered in where none was chosen.
#[rustfmt::skip]
const LANGUAGES: &[Language] = &[
    Language { code: "en", tags: &["en-US", "en-GB"], names: &["english", "영어"], source: include_str!("en.ftl") },
    Language { code: "ko", tags: &["ko"], names: &["한국어", "한국말", "korean"], source: include_str!("ko.ftl") },
    #[cfg(test)]
    Language { code: "qps", tags: &["qps-PLOC"], names: &[], source: include_str!("pseudo.ftl") },
];

/// A language that chat users are answered in.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Locale(usize);

impl Locale {
    /// Every language there is.
    pub fn all() -> impl Iterator<Item = Locale> + Clone {
        (0..LANGUAGES.len()).map(Locale)
    }

    /// Its language code (BCP 47).
    pub fn code(self) -> &'static str {
        LANGUAGES[self.0].code
    }

    /// How platforms write it that tell its regions apart.
    pub fn tags(self) -> &'static [&'static str] {
        LANGUAGES[self.0].tags
    }

    /// Reads a language code in any case; a region behind it (`ko-KR`) doesn't matter.
    pub fn parse(code: &str) -> Option<Locale> {
        let language = code.split(['-', '_']).next().unwrap_or(code);
        Locale::all().find(|locale| locale.code().eq_ignore_ascii_case(language))
    }

    /// Reads what somebody calls a language: its code, or its name in one of the languages, in any case.
    pub fn named(name: &str) -> Option<Locale> {
        let folded = name.trim().to_lowercase();
        let called = |locale: &Locale| LANGUAGES[locale.0].names.contains(&folded.as_str());
        Locale::parse(&folded).or_else(|| Locale::all().find(called))
    }

    /// The texts of the language as they are written.
    pub fn source(self) -> &'static str {
        LANGUAGES[self.0].source
    }

    /// Its place among all.
    pub(super) fn index(self) -> usize {
        self.0
    }
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}
