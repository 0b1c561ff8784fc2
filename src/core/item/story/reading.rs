//! What a title and a summary hold, as stories are compared by it.

use compact_str::{CompactString, ToCompactString as _, format_compact};
use serde::{Deserialize, Serialize};

use super::counting;
use super::figures::{self, Figure, Role};
use super::lexicon::{Class, Entry, lexicon};
use super::pieces::{Made, Piece, cut, is_hiragana};

/// What tells an item's telling from an item that simply reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Telling {
    Report,
    /// An editorial, a column.
    Opinion,
    /// An explainer, an interview, a profile.
    Explainer,
    /// A correction or a retraction.
    Correction,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum TokenKind {
    /// A name: a capital letter within a sentence, or a code.
    Name,
    /// Any other word.
    Word,
    /// A word that most news hold.
    Common,
    /// What a word means, where the languages' files know it.
    Concept,
    /// Hangul or Han.
    Run,
    /// A number, a date, …
    Figure(Box<Figure>),
    /// `not`, `no`, and `over` behind a verb: counted only where titles are nearly equal.
    Negation,
}

/// A word or figure of a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Token {
    /// What is compared: a word without its ending, `=quake` for what words mean.
    pub(super) text: CompactString,
    pub(super) kind: TokenKind,
    /// It stands behind `after`, `amid`: what the item takes as known.
    pub(super) is_background: bool,
}

impl Token {
    /// That of a figure.
    pub(super) fn figured(figure: Figure, is_background: bool) -> Token {
        let Figure {
            role, of, value, ..
        } = &figure;
        Token {
            text: format_compact!("{role:?}:{of}:{value}{}", figure.exactly()),
            kind: TokenKind::Figure(Box::new(figure)),
            is_background,
        }
    }

    /// How much it says that two texts have it in common, where no archive tells how rare it is.
    pub(super) fn weight(&self) -> f32 {
        match &self.kind {
            TokenKind::Name => 1.6,
            TokenKind::Word => 1.0,
            TokenKind::Common => 0.35,
            TokenKind::Concept if lexicon().is_everywhere(&self.text[1..]) => 0.5,
            TokenKind::Concept if lexicon().is_place(&self.text[1..]) => 1.3,
            TokenKind::Concept => 0.8,
            TokenKind::Run => match self.text.chars().count() {
                1 => 0.4,
                2 => 1.1,
                _ => 1.5,
            },
            TokenKind::Figure(figure) => figure.weight(),
            TokenKind::Negation => 0.0,
        }
    }

    pub(super) fn figure(&self) -> Option<&Figure> {
        match &self.kind {
            TokenKind::Figure(figure) => Some(figure),
            _ => None,
        }
    }

    pub(super) fn concept(&self) -> Option<&str> {
        matches!(self.kind, TokenKind::Concept).then(|| &self.text[1..])
    }

    /// Whether it denies what is said.
    pub(super) fn is_denial(&self) -> bool {
        self.kind == TokenKind::Negation && !self.is_ending()
    }

    /// Whether it ends or reverses what the word before it says: `declared over`, `ruled out`.
    pub(super) fn is_ending(&self) -> bool {
        self.kind == TokenKind::Negation && self.text.starts_with(ENDING)
    }
}

/// What begins the text of a small word that ends what stands before it.
const ENDING: char = '~';

/// What a title or a summary holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Reading {
    pub(super) tokens: Vec<Token>,
    /// It says that something will be.
    pub(super) is_announcement: bool,
    /// It perhaps does: a `to` says so, too.
    pub(super) is_future: bool,
    /// What stands behind a `to`: what somebody is going to do, where a headline has no other verb.
    pub(super) announced: Vec<CompactString>,
    /// What tells states of one thing apart: `beta`, `final`.
    pub(super) editions: Vec<CompactString>,
    /// Of what it says one side: which of two opposite small words, or one or several of a thing (`counting`).
    /// In a title ascending.
    pub(super) sides: Vec<i64>,
    /// It says that somebody does what others did before.
    pub(super) is_second: bool,
    /// Words with a small letter, ascending: what is no name.
    pub(super) small: Vec<CompactString>,
}

/// Pieces of a title and of a summary that are read at most.
const TITLE_PIECES: usize = 80;
const SUMMARY_PIECES: usize = 80;

/// Reads a title: what it tells by its marks, whether they call it an update, and what it says.
pub(super) fn title(raw: &str) -> (Telling, bool, Reading) {
    let pieces = cut(raw, TITLE_PIECES);
    let (telling, is_update, pieces) = unmark(&pieces);
    let is_headline_case = is_headline_case(pieces);
    let mut reading = tokens(pieces, is_headline_case);
    reading.sides.extend(counting::sides(pieces));
    reading.sides.sort_unstable();
    reading.sides.dedup();
    (telling, is_update, reading)
}

/// Reads a summary.
pub(super) fn summary(raw: &str) -> Reading {
    tokens(&cut(raw, SUMMARY_PIECES), false)
}

/// Takes the marks of agencies and desks off a title: `[Breaking]`, `(LEAD)`, `UPDATE 2:`, `(종합2보)`, `- Reuters`.
fn unmark(mut pieces: &[Piece]) -> (Telling, bool, &[Piece]) {
    let mut telling = Telling::Report;
    let mut is_update = false;
    let mut take = |words: &[Piece]| {
        let found = marked(words);
        if let Some(Some(found)) = found {
            telling = found;
        }
        is_update |= found == Some(None);
        found.is_some()
    };
    let mark = |piece: &Piece| match piece.made {
        Made::Mark(c) => c,
        _ => ' ',
    };
    loop {
        let closing = match pieces.first().map(mark) {
            Some('[') => ']',
            Some('(') => ')',
            Some('<') => '>',
            Some('【') => '】',
            _ => ' ',
        };
        if closing != ' '
            && let Some(end) = pieces.iter().position(|piece| mark(piece) == closing)
            && end < 8
        {
            // What stands in brackets in front of a title is never the event itself.
            take(&pieces[1..end]);
            pieces = &pieces[end + 1..];
            continue;
        }
        let end = pieces
            .iter()
            .take(7)
            .position(|piece| matches!(mark(piece), ':' | '|'));
        if let Some(end) = end.filter(|end| *end > 0)
            && take(&pieces[..end])
        {
            pieces = &pieces[end + 1..];
            continue;
        }
        break;
    }
    loop {
        let opening = match pieces.last().map(mark) {
            Some(']') => '[',
            Some(')') => '(',
            _ => ' ',
        };
        if opening != ' '
            && let Some(start) = pieces.iter().rposition(|piece| mark(piece) == opening)
            && pieces.len() - start < 8
            && start > 0
        {
            let inside = &pieces[start + 1..pieces.len() - 1];
            let is_year =
                matches!(inside, [year] if year.made == Made::Digits && year.text.len() == 4);
            if take(inside) || is_year {
                pieces = &pieces[..start];
                continue;
            }
        }
        break;
    }
    // An outlet's name behind a dash or a bar.
    let dash = pieces
        .iter()
        .rposition(|piece| matches!(mark(piece), '-' | '–' | '—' | '|' | '·'));
    if let Some(dash) = dash
        && !pieces[dash].is_glued
        && dash >= 4
        && (1..=3).contains(&(pieces.len() - dash - 1))
        && pieces[dash + 1..]
            .iter()
            .all(|piece| piece.made == Made::Run && !piece.is_glued || piece.is_capital)
    {
        pieces = &pieces[..dash];
    }
    // `Why Norland bans dredging` explains.
    let asks = |piece: &Piece| piece.is(Class::Asking);
    let first = pieces
        .iter()
        .find(|piece| !matches!(piece.made, Made::Mark(_)));
    let is_asking = first.is_some_and(|first| first.made == Made::Letters && asks(first))
        || pieces
            .iter()
            .any(|piece| piece.made == Made::Run && asks(piece));
    if is_asking && telling == Telling::Report {
        telling = Telling::Explainer;
    }
    (telling, is_update, pieces)
}

/// What a mark of a desk says: `None` if it is none, `Some(None)` if it only says that more is known.
fn marked(words: &[Piece]) -> Option<Option<Telling>> {
    let normals: Vec<&str> = words
        .iter()
        .filter(|piece| !matches!(piece.made, Made::Mark(c) if c != '&'))
        .map(Piece::normal)
        .collect();
    let joined = normals.join(" ");
    let is = |class| {
        lexicon().is(&joined, class)
            || normals
                .first()
                .is_some_and(|first| lexicon().is(first, class))
            || normals.last().is_some_and(|last| lexicon().is(last, class))
            || lexicon().is(&normals.concat(), class)
    };
    if is(Class::Correction) {
        Some(Some(Telling::Correction))
    } else if is(Class::Opinion) {
        Some(Some(Telling::Opinion))
    } else if is(Class::Explainer) {
        Some(Some(Telling::Explainer))
    } else if is(Class::Update) || words.iter().any(|w| lexicon().is(&w.text, Class::Update)) {
        Some(None)
    } else {
        None
    }
}

/// Whether a title has capitals on every word of some length, so that they say nothing of names.
fn is_headline_case(pieces: &[Piece]) -> bool {
    let long = |piece: &&Piece| piece.made == Made::Letters && piece.text.len() > 3;
    let words = pieces.iter().filter(long).count();
    let capitals = pieces
        .iter()
        .filter(long)
        .filter(|piece| piece.is_capital)
        .count();
    words > 2 && capitals * 10 >= words * 9
}

fn tokens(pieces: &[Piece], is_headline_case: bool) -> Reading {
    let mut reading = Reading {
        tokens: Vec::new(),
        is_announcement: false,
        is_future: false,
        announced: Vec::new(),
        small: Vec::new(),
        editions: Vec::new(),
        sides: Vec::new(),
        is_second: false,
    };
    // How many tokens stood before each `to`.
    let mut infinitives = Vec::new();
    let mut is_background = false;
    let mut here = 0;
    while let Some(piece) = pieces.get(here) {
        if let Some((figure, taken)) = figures::read(pieces, here) {
            reading.tokens.push(Token::figured(figure, is_background));
            here += taken.max(1);
            continue;
        }
        match piece.made {
            Made::Mark(',' | ';' | ':' | '.' | '…') => is_background = false,
            Made::Mark(_) | Made::Digits => {}
            Made::Run => {
                if piece.is(Class::Background) {
                    is_background = true;
                }
                let is_surname = is_surname(pieces, here);
                push_run(&piece.text, is_surname, &mut reading, is_background);
            }
            Made::Letters => {
                if piece.text == "to" && is_verb(pieces.get(here + 1), is_headline_case) {
                    infinitives.push(reading.tokens.len());
                }
                here += push_letters(
                    pieces,
                    here,
                    is_headline_case,
                    &mut reading,
                    &mut is_background,
                );
                continue;
            }
        }
        here += 1;
    }
    reading.editions.sort();
    let announced = infinitives.iter().filter_map(|at| reading.tokens.get(*at));
    reading.announced = announced.map(|token| token.text.clone()).collect();
    reading.small.sort_unstable();
    reading.small.dedup();
    // They are kept until the item is filed, and there may be many.
    reading.tokens.shrink_to_fit();
    reading.small.shrink_to_fit();
    reading
}

/// Whether what follows a `to` is what somebody is going to do: not `to 4.2`, `to magnitude 4.2`, `to Seoul`, `to the dollar`.
fn is_verb(next: Option<&Piece>, is_headline_case: bool) -> bool {
    next.is_some_and(|next| {
        let entry = next.entry();
        let is_place = |concept| lexicon().is_place(concept) || lexicon().is_everywhere(concept);
        let is_other = |entry: &Entry| {
            entry.unit.is_some()
                || entry.number.is_some()
                || entry.classes.has(Class::Article)
                || entry.concept.is_some_and(is_place)
        };
        next.made == Made::Letters
            && (!next.is_capital || is_headline_case)
            && !entry.is_some_and(is_other)
    })
}

/// Whether a small word ends or reverses what the word before it says: it stands behind a word, and at the end of a clause
/// or before a preposition. `declared over in`, but not `fines over data`, `off the coast`; `is over`, but what `is out` may
/// have been released.
fn is_ending(pieces: &[Piece], here: usize) -> bool {
    let is = Piece::is;
    let before = here.checked_sub(1).and_then(|before| pieces.get(before));
    let is_behind_a_word = before.is_some_and(|before| {
        before.made == Made::Letters
            && !pieces[here].is_glued
            && (!is(before, Class::Stop) || is(&pieces[here], Class::EndState))
    });
    let is_last = match pieces.get(here + 1) {
        None => true,
        Some(next) => match next.made {
            Made::Mark(mark) => mark != '-' && !mark.is_numeric() && mark != '$',
            Made::Letters => is(next, Class::Preposition),
            Made::Run | Made::Digits => false,
        },
    };
    is_behind_a_word && is_last
}

/// Takes the words at a place; how many pieces they were.
fn push_letters(
    pieces: &[Piece],
    here: usize,
    is_headline_case: bool,
    reading: &mut Reading,
    is_background: &mut bool,
) -> usize {
    let piece = &pieces[here];
    let is_next_glued = |at: usize| pieces.get(at).is_some_and(|next| next.is_glued);
    // `Hae-rin` is one name.
    if piece.is_capital
        && let Some(second) = pieces.get(here + 2)
        && matches!(pieces[here + 1].made, Made::Mark('-' | '‐' | '‑'))
        && is_next_glued(here + 1)
        && second.is_glued
        && second.made == Made::Letters
        && !second.is_capital
        && second.entry().is_none()
        && piece.entry().is_none()
        && piece.text.len() + second.text.len() < 14
    {
        reading.tokens.push(Token {
            text: format_compact!("{}{}", piece.text, second.text),
            kind: TokenKind::Name,
            is_background: *is_background,
        });
        return 3;
    }
    // `hepatitis A`: no article within a sentence has a capital letter.
    if piece.text.len() == 1 && piece.is_capital && !piece.is_first && !is_headline_case {
        reading.tokens.push(Token {
            text: piece.text.clone(),
            kind: TokenKind::Name,
            is_background: *is_background,
        });
        return 1;
    }
    // Phrases first, the longest one; hyphens part words like spaces.
    let mut phrase = CompactString::default();
    let mut best = None;
    let (mut at, mut words) = (here, 0);
    while let Some(next) = pieces.get(at) {
        match next.made {
            Made::Letters => {
                if words > 0 {
                    phrase.push(' ');
                }
                phrase.push_str(next.normal());
                words += 1;
                let known = match words {
                    1 => next.known,
                    _ => lexicon().look_up(&phrase),
                };
                if let Some(entry) = known.and_then(|known| known.entry.as_ref()) {
                    best = Some((at + 1 - here, entry, phrase.clone()));
                }
                if !known.is_some_and(|known| known.goes_on) {
                    break;
                }
            }
            Made::Mark('-' | '.' | '&' | '\'' | '’') if words > 0 => {}
            _ => break,
        }
        at += 1;
        if words == 4 {
            break;
        }
    }
    let word = piece.normal().to_compact_string();
    let is_name = piece.is_capital && !piece.is_first && !is_headline_case;
    if !piece.is_capital {
        reading.small.push(word.clone());
    }
    let (taken, entry) = match &best {
        Some((taken, entry, _)) => (*taken, Some(*entry)),
        None => (1, None),
    };
    let Some(entry) = entry else {
        let mut push = |text: CompactString, kind: TokenKind| {
            reading.tokens.push(Token {
                text,
                kind,
                is_background: *is_background,
            });
        };
        let kind = if is_name || word.bytes().any(|b| b.is_ascii_digit()) {
            TokenKind::Name
        } else {
            TokenKind::Word
        };
        if word.len() > 1 || !word.is_ascii() {
            push(word, kind);
        }
        return 1;
    };
    let is = |class| entry.classes.has(class);
    let text = best.map_or(word, |(_, _, phrase)| phrase);
    if is(Class::Negation) {
        reading.tokens.push(Token {
            text: format_compact!("!{text}"),
            kind: TokenKind::Negation,
            is_background: *is_background,
        });
    }
    if is(Class::Future) {
        // `to vote` announces; `agree to cut` doesn't.
        let did = |token: &Token| {
            token
                .concept()
                .is_some_and(|it| !lexicon().is_everywhere(it))
        };
        let is_infinitive = text == "to";
        let has_verb = is_infinitive && reading.tokens.iter().any(did);
        let is_verb = is_verb(pieces.get(here + taken), is_headline_case);
        let has_verb = is_infinitive && (has_verb || !is_verb);
        reading.is_future |= !has_verb;
        reading.is_announcement |= !is_infinitive && text != "will";
    }
    if is(Class::Preview) {
        reading.is_future = true;
        reading.is_announcement = true;
    }
    reading.is_second |= is(Class::Second);
    reading.sides.extend(entry.side);
    if is(Class::Ending) && is_ending(pieces, here) {
        reading.tokens.push(Token {
            text: format_compact!("{ENDING}{text}"),
            kind: TokenKind::Negation,
            is_background: *is_background,
        });
        return taken;
    }
    if is(Class::Edition) {
        reading.editions.push(text.clone());
    }
    if is(Class::Background) {
        *is_background = true;
        return taken;
    }
    let mut push = |text: CompactString, kind: TokenKind| {
        reading.tokens.push(Token {
            text,
            kind,
            is_background: *is_background,
        });
    };
    match entry.concept {
        // A name that is a word as well (`Reading`, `Sea Lark`) can't be told from it: it stays the word's.
        Some(concept) => push(format_compact!("={concept}"), TokenKind::Concept),
        None if is(Class::Stop) || is(Class::Negation) => {}
        None if is(Class::Edition) && !is(Class::Common) => push(text, TokenKind::Word),
        None if is(Class::Common) => push(text, TokenKind::Common),
        None if is_name => push(text, TokenKind::Name),
        None => push(text, TokenKind::Common),
    }
    taken
}

/// Whether a small word is a name: before an office, past or present (`이 대통령`, `한 전 총리`).
fn is_surname(pieces: &[Piece], here: usize) -> bool {
    let is = |at: usize, class| {
        let piece = pieces.get(at).filter(|piece| piece.made == Made::Run);
        piece.is_some_and(|piece| lexicon().is(stem(&piece.text), class))
    };
    is(here, Class::Surname)
        && (is(here + 1, Class::Office) || is(here + 1, Class::Stop) && is(here + 2, Class::Office))
}

fn push_run(run: &str, is_surname: bool, reading: &mut Reading, is_background: bool) {
    let mut push = |text: CompactString, kind: TokenKind| {
        reading.tokens.push(Token {
            text,
            kind,
            is_background,
        });
    };
    if is_surname {
        push(run.into(), TokenKind::Run);
        return;
    }
    let stem = stem(run);
    let lexicon = lexicon();
    for word in [run, stem] {
        if lexicon.is(word, Class::Negation) {
            push(format_compact!("!{word}"), TokenKind::Negation);
            return;
        }
        reading.is_second |= lexicon.is(word, Class::Second);
        if lexicon.is(word, Class::Edition) {
            reading.editions.push(word.into());
            break;
        }
        if lexicon.is(word, Class::Stop) || lexicon.is(word, Class::Particle) {
            return;
        }
    }
    let is_announced = |class| {
        lexicon
            .beginning(stem, |entry| entry.classes.has(class))
            .is_some()
    };
    if is_announced(Class::Future) || is_announced(Class::Preview) {
        reading.is_future = true;
        reading.is_announcement = true;
    }
    let mut push = |text: CompactString, kind: TokenKind| {
        reading.tokens.push(Token {
            text,
            kind,
            is_background,
        });
    };
    let concept = lexicon.beginning(stem, |entry| entry.concept.is_some());
    // One syllable is a word only where it stands alone.
    let concept =
        concept.filter(|(end, _)| stem[..*end].chars().nth(1).is_some() || *end == stem.len());
    if let Some((end, entry)) = concept
        && let Some(concept) = entry.concept
    {
        push(format_compact!("={concept}"), TokenKind::Concept);
        let rest = self::stem(&stem[end..]);
        let is_word = rest.chars().nth(1).is_some()
            && !lexicon.is(rest, Class::Stop)
            && !lexicon.is(rest, Class::Particle);
        if is_word {
            push_rest(rest, &mut push);
        }
        return;
    }
    push_rest(stem, &mut push);
}

/// A run that begins with nothing known: common, or a word and what it ends in (`물류창고화재`).
fn push_rest(word: &str, push: &mut impl FnMut(CompactString, TokenKind)) {
    let lexicon = lexicon();
    if lexicon.is(word, Class::Common) {
        push(word.into(), TokenKind::Common);
        return;
    }
    let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    if starts.len() >= 4 {
        for at in &starts[2..starts.len() - 1] {
            if let Some(concept) = lexicon.get(&word[*at..]).and_then(|entry| entry.concept) {
                push(word[..*at].into(), TokenKind::Run);
                push(format_compact!("={concept}"), TokenKind::Concept);
                return;
            }
        }
    }
    let is_ending = is_hiragana(word) && starts.len() < 4;
    if !word.is_empty() && !is_ending {
        push(word.into(), TokenKind::Run);
    }
}

/// A Hangul word without its particle, where two syllables or more are left.
fn stem(run: &str) -> &str {
    let starts: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    starts
        .iter()
        .skip(2)
        .find(|at| lexicon().is(&run[**at..], Class::Particle))
        .map_or(run, |at| &run[..*at])
}

/// Whether a figure is one of those that say when.
pub(super) fn says_when(role: Role) -> bool {
    matches!(
        role,
        Role::Day | Role::Weekday | Role::Month | Role::Clock | Role::Year
    )
}
