//! The words of the languages' files (`words/`), looked up by what a text holds.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use compact_str::CompactString;
use xxhash_rust::xxh3::xxh3_64_with_seed;

/// What a word or phrase is; one word may be several things.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    /// What news mean by it.
    pub(super) concept: Option<&'static str>,
    /// The classes that it belongs to.
    pub(super) classes: Classes,
    /// A number by its word, and the number of a series by its word.
    pub(super) number: Option<i64>,
    /// The same, where nothing counted need follow.
    pub(super) alone: Option<i64>,
    pub(super) ordinal: Option<i64>,
    pub(super) scale: Option<i64>,
    /// The least that a word for some number of this size can mean.
    pub(super) vague: Option<i64>,
    /// A direction or a part that is taken; its opposite has the same number, negative.
    pub(super) side: Option<i64>,
    pub(super) month: Option<i64>,
    pub(super) weekday: Option<i64>,
    /// What a number before it counts.
    pub(super) unit: Option<&'static str>,
    /// What a row is called of which an ordinal before it names a place.
    pub(super) row: Option<&'static str>,
}

macro_rules! classes {
    ($($class:ident $name:literal),+ $(,)?) => {
        /// A closed class of words.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub(super) enum Class { $(#[doc = $name] $class),+ }

        impl Class {
            fn parse(name: &str) -> Option<Class> {
                match name { $($name => Some(Class::$class),)+ _ => None }
            }
        }
    };
}

classes! {
    Stop "stop", Common "common", Background "background", Negation "negation", Future "future", Preview "preview",
    Label "label", Series "series", Particle "particle", Nth "nth", Fill "fill", Score "score", Lasting "lasting",
    Hour "clock hour", Minute "clock minute", Day "date day", Month "date month", Year "date year",
    Update "update", Opinion "opinion", Explainer "explainer", Correction "correction", Edition "edition",
    Asking "asking", Second "second", Through "through", Ending "ending", EndState "ending state", Preposition "preposition", Surname "surname",
    Office "office", Article "article", Hedge "hedge",
}

/// The classes of a word.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Classes(u64);

impl Classes {
    fn add(&mut self, class: Class) {
        self.0 |= 1 << class as u32;
    }

    pub(super) fn has(self, class: Class) -> bool {
        self.0 & 1 << class as u32 != 0
    }
}

/// Hashes of words. Every word of every item is looked up, and nobody outside chooses what stands in the tables: they need no
/// hash that resists an attacker, who would make words that are long to look up.
#[derive(Default)]
struct WordHasher(u64);

impl Hasher for WordHasher {
    fn write(&mut self, bytes: &[u8]) {
        self.0 = xxh3_64_with_seed(bytes, self.0);
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

type Hashed = BuildHasherDefault<WordHasher>;

/// What is known of a word or phrase.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// What it is itself.
    pub(super) entry: Option<Entry>,
    /// Longer phrases begin with it.
    pub(super) goes_on: bool,
}

/// The words of all languages: their scripts keep them apart.
#[derive(Default)]
pub(super) struct Lexicon {
    known: HashMap<String, Known, Hashed>,
    opposites: HashMap<&'static str, Vec<&'static str>, Hashed>,
    leads: HashMap<&'static str, Vec<&'static str>, Hashed>,
    steps: HashSet<&'static str, Hashed>,
    denying: HashSet<&'static str, Hashed>,
    over: HashSet<&'static str, Hashed>,
    sought: HashSet<&'static str, Hashed>,
    given: HashSet<&'static str, Hashed>,
    everywhere: HashSet<&'static str, Hashed>,
    places: HashSet<&'static str, Hashed>,
    /// In letters.
    longest: usize,
    /// In bytes, as it is kept.
    longest_phrase: usize,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    let mut lexicon = Lexicon::default();
    for source in SOURCES {
        for line in source.lines() {
            lexicon.read(line);
        }
    }
    lexicon
});

const SOURCES: [&str; 4] = [
    include_str!("words/en.words"),
    include_str!("words/ko.words"),
    include_str!("words/others.words"),
    include_str!("words/relations.words"),
];

/// The words of all languages.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    /// Takes in a line; `false` if it says nothing that is known. The files are ours, and a test reads each line of them.
    fn read(&mut self, line: &'static str) -> bool {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return true;
        }
        let Some((class, words)) = line.split_once(':') else {
            return false;
        };
        let words: Vec<&'static str> = words.split(',').map(str::trim).collect();
        let (kind, argument) = class.split_once(' ').unwrap_or((class, ""));
        match kind {
            "opposite" => {
                let [one, other] = words[..] else {
                    return false;
                };
                self.opposites.entry(one).or_default().push(other);
                self.opposites.entry(other).or_default().push(one);
                return true;
            }
            "leads" => {
                let [from, to] = words[..] else { return false };
                self.leads.entry(from).or_default().push(to);
                return true;
            }
            "step" => self.steps.extend(&words),
            "everywhere" => self.everywhere.extend(&words),
            "denying" => self.denying.extend(&words),
            "over" => self.over.extend(&words),
            "sought" => self.sought.extend(&words),
            "given" => self.given.extend(&words),
            "place" => self.places.extend(&words),
            _ => {}
        }
        if matches!(
            kind,
            "step" | "everywhere" | "place" | "denying" | "over" | "sought" | "given"
        ) {
            return true;
        }
        let number = argument.parse().ok();
        let mut is_known = true;
        for word in words {
            self.longest = self.longest.max(word.chars().count());
            let phrase = normal_phrase(word);
            self.longest_phrase = self.longest_phrase.max(phrase.len());
            let spaces = phrase.match_indices(' ').map(|(at, _)| at);
            for at in spaces {
                let begun = self.known.entry(phrase[..at].to_owned()).or_default();
                begun.goes_on = true;
            }
            let known = self.known.entry(phrase).or_default();
            let entry = known.entry.get_or_insert_default();
            match kind {
                // A word that means two things keeps what is written first.
                "concept" => entry.concept = entry.concept.or(Some(argument)),
                "number" => entry.number = number,
                "alone" => entry.alone = number,
                "ordinal" => entry.ordinal = number,
                "scale" => entry.scale = number,
                "vague" => entry.vague = number,
                "side" => entry.side = number,
                "month" => entry.month = number,
                "weekday" => entry.weekday = number,
                "unit" => entry.unit = entry.unit.or(Some(argument)),
                "row" => entry.row = entry.row.or(Some(argument)),
                _ => match Class::parse(class) {
                    Some(class) => entry.classes.add(class),
                    None => is_known = false,
                },
            }
        }
        is_known
    }

    /// What is known of a word or phrase as [`normal`] leaves its words, parted by single spaces.
    pub(super) fn look_up(&self, phrase: &str) -> Option<&'static Known> {
        // Of a text without spaces each end is asked for: hashing all of them would cost as much as its square.
        (phrase.len() <= LEXICON.longest_phrase)
            .then(|| LEXICON.known.get(phrase))
            .flatten()
    }

    /// The same, where it is something itself.
    pub(super) fn get(&self, phrase: &str) -> Option<&'static Entry> {
        self.look_up(phrase)?.entry.as_ref()
    }

    /// Whether a word or phrase is of a class.
    pub(super) fn is(&self, phrase: &str, class: Class) -> bool {
        self.get(phrase)
            .is_some_and(|entry| entry.classes.has(class))
    }

    /// The longest beginning of a run that the filter wants: where it ends, and what it is.
    pub(super) fn beginning(
        &self,
        run: &str,
        is_wanted: impl Fn(&Entry) -> bool,
    ) -> Option<(usize, &'static Entry)> {
        let longest = run.char_indices().nth(self.longest);
        let begun = longest.map_or(run, |(end, _)| &run[..end]);
        begun.char_indices().rev().find_map(|(at, c)| {
            let end = at + c.len_utf8();
            let entry = self.get(&run[..end])?;
            is_wanted(entry).then_some((end, entry))
        })
    }

    /// Whether two concepts deny each other.
    pub(super) fn are_opposite(&self, one: &str, other: &str) -> bool {
        let denied = self.opposites.get(one);
        denied.is_some_and(|denied| denied.contains(&other))
    }

    /// Whether the second is what may become of the first.
    pub(super) fn leads(&self, from: &str, to: &str) -> bool {
        let led = self.leads.get(from);
        led.is_some_and(|led| led.contains(&to))
    }

    /// Whether a concept is what an event leads to.
    pub(super) fn is_step(&self, concept: &str) -> bool {
        self.steps.contains(concept)
    }

    /// Whether it says that something isn't or won't be.
    pub(super) fn is_denying(&self, concept: &str) -> bool {
        self.denying.contains(concept)
    }

    /// Whether it says that something is over.
    pub(super) fn is_over(&self, concept: &str) -> bool {
        self.over.contains(concept)
    }

    /// Whether it says that somebody asks a court or an office for something.
    pub(super) fn is_sought(&self, concept: &str) -> bool {
        self.sought.contains(concept)
    }

    /// Whether it says that a court or an office does what it may have been asked for.
    pub(super) fn is_given(&self, concept: &str) -> bool {
        self.given.contains(concept)
    }

    /// Whether it is a place.
    pub(super) fn is_place(&self, concept: &str) -> bool {
        self.places.contains(concept)
    }

    /// Whether half of all news hold it.
    pub(super) fn is_everywhere(&self, concept: &str) -> bool {
        self.everywhere.contains(concept)
    }
}

fn normal_phrase(phrase: &str) -> String {
    let words: Vec<CompactString> = phrase.split(' ').map(normal).collect();
    words.join(" ")
}

/// A Latin word without the ending that grammar gives it, as Americans spell it. What comes out is for comparing, and
/// needn't be a word: `closed`, `closes`, `closing` are `clos`.
pub(super) fn normal(word: &str) -> CompactString {
    let mut word = CompactString::from(word);
    if !word.is_ascii() || word.bytes().any(|b| b.is_ascii_digit()) {
        return word;
    }
    let swap = |word: &mut CompactString, end: &str, by: &str, least: usize| {
        let is_so = word.len() >= least && word.ends_with(end);
        if is_so {
            word.truncate(word.len() - end.len());
            word.push_str(by);
        }
        is_so
    };
    if word.len() < 4 {
        return word;
    }
    _ = swap(&mut word, "ies", "y", 5)
        || swap(&mut word, "sses", "ss", 5)
        || ["xes", "ches", "shes", "zes"]
            .iter()
            .any(|end| swap(&mut word, end, &end[..end.len() - 2], 5))
        || (!word.ends_with("ss") && !word.ends_with("us") && !word.ends_with("is"))
            && swap(&mut word, "s", "", 4);
    let is_bare = swap(&mut word, "ied", "y", 5)
        || swap(&mut word, "ing", "", 6)
        || !word.ends_with("eed") && swap(&mut word, "ed", "", 5);
    if is_bare {
        let bytes = word.as_bytes();
        let twice = bytes.len() > 3 && bytes[bytes.len() - 1] == bytes[bytes.len() - 2];
        if twice && !matches!(bytes[bytes.len() - 1], b's' | b'l' | b'e' | b'o' | b'z') {
            word.pop();
        }
    }
    for (end, by) in [
        ("isation", "ization"),
        ("isat", "izat"),
        ("our", "or"),
        ("tre", "ter"),
        ("ise", "ize"),
        ("is", "iz"),
        ("ogue", "og"),
        ("amme", "am"),
        ("amm", "am"),
    ] {
        if swap(&mut word, end, by, end.len() + 3) {
            break;
        }
    }
    if word.len() > 3 && word.ends_with('e') {
        word.pop();
    }
    if word.ends_with("ll") && word.len() > 4 {
        word.pop();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_files_is_understood() {
        let mut lexicon = Lexicon::default();
        for line in SOURCES.iter().flat_map(|source| source.lines()) {
            assert!(lexicon.read(line), "{line}");
        }
        let entries = lexicon
            .known
            .values()
            .filter_map(|known| known.entry.as_ref());
        let concepts: HashSet<_> = entries.filter_map(|entry| entry.concept).collect();
        let related = lexicon
            .steps
            .iter()
            .chain(&lexicon.everywhere)
            .chain(&lexicon.places)
            .chain(&lexicon.denying)
            .chain(&lexicon.over)
            .chain(&lexicon.sought)
            .chain(&lexicon.given)
            .copied();
        let pairs = lexicon.opposites.iter().chain(&lexicon.leads);
        let paired = pairs.flat_map(|(one, others)| others.iter().chain([one]).copied());
        for concept in related.chain(paired) {
            assert!(concepts.contains(concept), "{concept}");
        }
    }

    #[test]
    fn endings_come_off_alike() {
        for row in [
            "close closes closed closing",
            "reject rejects rejected rejecting",
            "strip strips stripped stripping",
            "carry carries carried",
            "honour honours honor honored",
            "centre center centres",
            "recognise recognize recognised",
            "programme program programmes",
            "cancelled canceled cancel",
        ] {
            let mut words = row.split(' ').map(normal);
            let first = words.next().unwrap();
            for word in words {
                assert_eq!(word, first, "{row}");
            }
        }
    }
}
