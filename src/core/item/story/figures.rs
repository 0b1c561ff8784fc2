//! Numbers, ordinals, dates and their kin, however they are written: `1조2천억원` is `1.2 trillion won`.

use compact_str::{CompactString, format_compact};
use serde::{Deserialize, Serialize};

use super::lexicon::{Class, Entry, lexicon, normal};
use super::pieces::{Made, Piece};

/// What a figure says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) enum Role {
    /// So many of something.
    Amount,
    /// Its place in a row: the third round.
    Ordinal,
    /// Which one of several of one name: Line 4, 2호기, item B.
    Member,
    /// Two numbers that belong together: 2-1, 178-96.
    Score,
    /// A version: 4.1.7.
    Version,
    /// A day of a month.
    Day,
    /// A month.
    Month,
    /// A day of a week.
    Weekday,
    /// A time of day.
    Clock,
    /// A year.
    Year,
}

/// A figure that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Figure {
    pub(super) role: Role,
    /// What is counted, or of what it is a member; empty where nobody says.
    pub(super) of: CompactString,
    /// In thousandths where it is a number.
    pub(super) value: i64,
    /// Versions and codes as they are written; of amounts whether they are [vague](VAGUE) or [about](ABOUT) so many.
    pub(super) written: CompactString,
}

/// Stands for an amount of which only the size is said, from ten times of which on it is another one: `hundreds`, `수십`.
const VAGUE: &str = "~";

/// Stands for an amount that is said to be about so much.
const ABOUT: &str = "±";

impl Figure {
    fn new(role: Role, of: &str, value: i64) -> Figure {
        Figure {
            role,
            of: of.into(),
            value,
            written: CompactString::default(),
        }
    }

    /// Whether both give one value, one of them perhaps a round one.
    pub(super) fn agrees(&self, other: &Figure) -> bool {
        let is_amount = self.role == Role::Amount && other.role == Role::Amount;
        let (low, high) = (self.value.min(other.value), self.value.max(other.value));
        match (self.is_vague(), other.is_vague()) {
            (true, true) => return is_amount && low.checked_ilog10() == high.checked_ilog10(),
            (true, false) => return is_amount && self.takes_in(other),
            (false, true) => return is_amount && other.takes_in(self),
            (false, false) => {}
        }
        if self.value == other.value {
            return self.exactly() == other.exactly();
        }
        // `more than 62,000` of 62,418
        is_amount
            && low >= 1_000 * THOUSANDTHS
            && (is_round(low) || is_round(high))
            && (high - low).saturating_mul(50) <= high
    }

    /// Whether both give one value where each stands for what it says: a round one means others as well only if that is said.
    pub(super) fn is_one_with(&self, other: &Figure) -> bool {
        let is_about = |figure: &Figure| matches!(figure.written.as_str(), ABOUT | VAGUE);
        self.agrees(other) && (self.value == other.value || is_about(self) || is_about(other))
    }

    /// What is written, but for whether it is about so many.
    pub(super) fn exactly(&self) -> &str {
        match self.written.as_str() {
            ABOUT => "",
            written => written,
        }
    }

    fn is_vague(&self) -> bool {
        self.role == Role::Amount && self.written == VAGUE
    }

    fn takes_in(&self, exact: &Figure) -> bool {
        (self.value..self.value.saturating_mul(10)).contains(&exact.value)
    }

    /// How much it says that two texts have it in common.
    pub(super) fn weight(&self) -> f32 {
        match self.role {
            // A code is given once.
            Role::Version if !self.of.is_empty() => 1.9,
            Role::Version | Role::Score => 1.6,
            Role::Clock if self.value % 60 != 0 => 1.8,
            Role::Amount => match significant(self.value) {
                0 | 1 if self.value.abs() < 10 * THOUSANDTHS => 0.5,
                0 | 1 => 0.9,
                2 => 1.2,
                _ => 1.7,
            },
            Role::Member => 0.8,
            Role::Ordinal => 0.5,
            Role::Day | Role::Year => 0.4,
            Role::Clock | Role::Month | Role::Weekday => 0.3,
        }
    }

    /// Whether its value alone is rare, whatever it counts.
    pub(super) fn is_specific(&self) -> bool {
        self.weight() >= 1.2
    }
}

const THOUSANDTHS: i64 = 1_000;

/// How many digits a number has without the zeros at its end.
fn significant(mut value: i64) -> u32 {
    while value != 0 && value % 10 == 0 {
        value /= 10;
    }
    value
        .unsigned_abs()
        .checked_ilog10()
        .map_or(0, |log| log + 1)
}

fn is_round(value: i64) -> bool {
    significant(value) <= 2
}

/// Reads a figure that begins at a piece: it, and how many pieces it takes.
pub(super) fn read(pieces: &[Piece], at: usize) -> Option<(Figure, usize)> {
    let piece = pieces.get(at)?;
    let (mut figure, taken) = match piece.made {
        Made::Digits => digits(pieces, at),
        Made::Letters => letters(pieces, at),
        Made::Run => run(pieces, at),
        Made::Mark(_) => None,
    }?;
    if figure.role == Role::Amount && figure.written.is_empty() && is_about(pieces, at, taken) {
        figure.written = ABOUT.into();
    }
    Some((figure, taken))
}

/// Whether a figure of so many pieces is said to be only about so much: `nearly $3,100`, `3,000여 명`, `3만명 넘어`.
fn is_about(pieces: &[Piece], at: usize, taken: usize) -> bool {
    let mut before = pieces[..at].iter().rev();
    let before = before.find(|piece| !is_mark(Some(piece), &['$', '€', '£', '¥', '₩']));
    let is_hedge = |entry: &Entry| entry.classes.has(Class::Hedge);
    let begins = |run: &str| lexicon().beginning(run, is_hedge).map(|(end, _)| end);
    // `3,000여 명`; `3만명 이상`, `3만명가량`, but no word that only begins so: `여성`.
    let of_number = |run: &Piece| {
        let unit = lexicon().beginning(&run.text, |entry| entry.unit.is_some());
        begins(&run.text).is_some()
            || unit.is_some_and(|(end, _)| begins(&run.text[end..]).is_some())
    };
    let behind = |run: &Piece| {
        let end = begins(&run.text);
        end.is_some_and(|end| run.text[..end].chars().nth(1).is_some())
    };
    let is_run = |piece: &&Piece| piece.made == Made::Run;
    before.is_some_and(|before| before.is(Class::Hedge))
        || pieces[at..at + taken].iter().filter(is_run).any(of_number)
        || pieces.get(at + taken).filter(is_run).is_some_and(behind)
}

fn entry(piece: Option<&Piece>) -> Option<&'static Entry> {
    piece?.entry()
}

fn is_mark(piece: Option<&Piece>, marks: &[char]) -> bool {
    piece.is_some_and(|piece| matches!(piece.made, Made::Mark(c) if marks.contains(&c)))
}

fn number(written: &str) -> Option<i64> {
    let plain = written.replace(',', "");
    let (whole, part) = plain.split_once('.').unwrap_or((&plain, ""));
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    whole.checked_mul(THOUSANDTHS)?.checked_add(part)
}

fn glued(pieces: &[Piece], at: usize) -> Option<&Piece> {
    pieces.get(at).filter(|piece| piece.is_glued)
}

fn digits(pieces: &[Piece], at: usize) -> Option<(Figure, usize)> {
    let piece = &pieces[at];
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    if piece.text.matches('.').count() > 1 {
        let mut figure = Figure::new(Role::Version, "", 0);
        figure.written.clone_from(&piece.text);
        return Some((figure, 1));
    }
    let value = number(&piece.text)?;
    let is_whole = value % THOUSANDTHS == 0 && !piece.text.contains(['.', ',']);
    let whole = value / THOUSANDTHS;
    // 2-1, 6대 3, 3:22
    if let Some(dash) = glued(pieces, at + 1)
        && let Some(other) = pieces
            .get(at + 2)
            .filter(|other| other.made == Made::Digits)
        && let Some(second) = number(&other.text)
    {
        let second = second / THOUSANDTHS;
        if dash.made == Made::Mark(':') && other.is_glued && whole < 24 && second < 60 {
            let value = whole % 12 * 60 + second;
            return Some((Figure::new(Role::Clock, "", value), 3));
        }
        let is_score = is_mark(Some(dash), &['-', '–', '−', ':']) && other.is_glued
            || lexicon().is(&dash.text, Class::Score);
        let follows = glued(pieces, at + 3);
        let ends = follows.is_none_or(|next| {
            !matches!(next.made, Made::Letters) && !is_mark(Some(next), &['-', '%'])
        });
        if is_score && ends && is_whole && whole < 1_000 && second < 1_000 {
            let value = whole.min(second) * 1_000 + whole.max(second);
            return Some((Figure::new(Role::Score, "", value), 3));
        }
    }
    let is_nth = before.is_some_and(|before| lexicon().is(&before.text, Class::Nth));
    if let Some(next) = pieces.get(at + 1).filter(|next| next.made == Made::Run) {
        let is_near = next.is_glued
            || lexicon()
                .beginning(&next.text, |e| e.unit.is_some() || e.scale.is_some())
                .is_some();
        if is_near {
            return counted(pieces, at, value, is_nth);
        }
    }
    let mut value = value;
    let mut taken = 1;
    let currency = before.and_then(|before| match before.made {
        Made::Mark('$') => Some("usd"),
        Made::Mark('€') => Some("eur"),
        Made::Mark('£') => Some("gbp"),
        Made::Mark('¥') => Some("yen"),
        Made::Mark('₩') => Some("won"),
        _ => None,
    });
    if let Some(next) = glued(pieces, at + 1).filter(|next| next.made == Made::Letters) {
        if matches!(next.text.as_str(), "st" | "nd" | "rd" | "th") {
            let of = following(pieces, at + 2);
            return Some((Figure::new(Role::Ordinal, row(&of), whole), 2));
        }
        // `2Q`
        if next.text == "q" && is_whole && (1..=4).contains(&whole) {
            return Some((Figure::new(Role::Ordinal, QUARTER, whole), 2));
        }
        // `44km` is no 44 k.
        if next.text == "m" && currency.is_none() {
            return Some((Figure::new(Role::Amount, "m", value), 2));
        }
    }
    if is_mark(pieces.get(at + 1), &['-']) && glued(pieces, at + 1).is_some() {
        // `83-year-old`, `4.9-magnitude`
        if let Some(unit) = entry(glued(pieces, at + 2)).and_then(|entry| entry.unit) {
            return Some((Figure::new(Role::Amount, unit, value), 3));
        }
    }
    if let Some(scale) = entry(pieces.get(at + 1)).and_then(|entry| entry.scale)
        && pieces[at + 1].made == Made::Letters
    {
        value = value.checked_mul(scale).unwrap_or(value);
        taken += 1;
    } else if is_whole && currency.is_none() {
        if let Some(figure) = date_or_member(pieces, at, whole) {
            return Some((figure, 1));
        }
    } else if before.is_some_and(|before| before.made == Made::Letters && before.is_capital)
        && entry(before).is_none_or(|entry| entry.unit.is_none() && entry.month.is_none())
        && currency.is_none()
        && entry(pieces.get(at + 1)).is_none_or(|entry| entry.unit.is_none())
        && !is_mark(pieces.get(at + 1), &['%'])
        && !piece.text.contains(',')
    {
        // `Cobblestone 7.0`
        let mut figure = Figure::new(Role::Version, "", 0);
        figure.written.clone_from(&piece.text);
        return Some((figure, 1));
    }
    if is_mark(pieces.get(at + 1), &['%']) {
        return Some((Figure::new(Role::Amount, "%", value), 2));
    }
    if let Some(currency) = currency {
        return Some((Figure::new(Role::Amount, currency, value), taken));
    }
    if entry(before).is_some_and(|entry| entry.unit == Some("mag")) {
        return Some((Figure::new(Role::Amount, "mag", value), taken));
    }
    let (of, more) = unit(pieces, at + taken);
    Some((Figure::new(Role::Amount, &of, value), taken + more))
}

/// What is counted by a number before `at`, in letters, and how many pieces only say that.
fn unit(pieces: &[Piece], at: usize) -> (CompactString, usize) {
    for more in 0..2 {
        if let Some(entry) = entry(pieces.get(at + more))
            && let Some(unit) = entry.unit
        {
            let is_only_unit = more == 0 && entry.concept.is_none() || unit == "won";
            return (unit.into(), usize::from(is_only_unit));
        }
    }
    (following(pieces, at), 0)
}

/// The word behind a number.
fn following(pieces: &[Piece], at: usize) -> CompactString {
    let at = at + usize::from(is_mark(glued(pieces, at), &['-']));
    let next = pieces.get(at).filter(|next| next.made == Made::Letters);
    next.map_or(CompactString::default(), |next| next.normal().into())
}

/// A bare number in letters: a day, a year, or the member of a series.
fn date_or_member(pieces: &[Piece], at: usize, whole: i64) -> Option<Figure> {
    let piece = &pieces[at];
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    let is_day = (1..=31).contains(&whole);
    // `Sept. 1`
    let dot = is_mark(before, &['.']);
    let named = if dot {
        at.checked_sub(2).and_then(|at| pieces.get(at))
    } else {
        before
    };
    let is_month = |piece: Option<&Piece>| {
        entry(piece).is_some_and(|entry| entry.month.is_some())
            && piece.is_some_and(|piece| piece.is_capital)
    };
    // `May 7 and 13`, `Aug. 17 to 22`
    let joined = before
        .is_some_and(|b| lexicon().is(&b.text, Class::Through) || is_mark(Some(b), &['-', '–']));
    let goes_on = joined
        && at
            .checked_sub(2)
            .and_then(|at| pieces.get(at))
            .is_some_and(|p| p.made == Made::Digits)
        && (3..=4).any(|back| is_month(at.checked_sub(back).and_then(|at| pieces.get(at))));
    if is_day && (is_month(named) || is_month(pieces.get(at + 1)) || goes_on) {
        return Some(Figure::new(Role::Day, "", whole));
    }
    let next = pieces.get(at + 1);
    let counts = next.is_some_and(|next| {
        next.made == Made::Letters && entry(Some(next)).is_some_and(|entry| entry.unit.is_some())
    });
    if (1900..2100).contains(&whole) && !counts && !is_mark(next, &['%']) {
        return Some(Figure::new(Role::Year, "", whole));
    }
    let hyphen = is_mark(before, &['-', '#']) && piece.is_glued;
    let label = if hyphen {
        at.checked_sub(2).and_then(|at| pieces.get(at))
    } else {
        named
    };
    let label = label.filter(|label| label.made == Made::Letters)?;
    let is_label = label.is(Class::Label);
    let is_name = label.is_capital && entry(Some(label)).is_none();
    // `Seven 3 hikers` has no member; nor has `Boy, 9`.
    let is_member = !counts && !is_mark(next, &['%']) && (is_label || is_name && whole < 1_000);
    let is_member = is_member && (!dot || is_label);
    is_member.then(|| Figure::new(Role::Member, label.normal(), whole))
}

/// Which one of several: by a letter (`item B`), or by a Roman numeral (`Part II`, `Otto IV`).
fn member(piece: &Piece, before: Option<&Piece>) -> Option<Figure> {
    let before = before.filter(|before| before.made == Made::Letters)?;
    if !piece.is_capital || piece.is_glued {
        return None;
    }
    let label = before.normal();
    let is_label = before.is(Class::Label);
    let numeral = roman_numeral(&piece.text);
    let letter = match piece.text.as_bytes() {
        [letter] if is_label => Some(i64::from(*letter)),
        _ => None,
    };
    // Behind a name it may be a name itself: `Musk's X`, `President Xi`.
    let is_name = before.is_capital && before.entry().is_none();
    let is_certain = is_label || is_name && !matches!(piece.text.as_str(), "x" | "xi");
    let value = numeral.filter(|_| is_certain).or(letter)?;
    Some(Figure::new(Role::Member, label, value))
}

/// The number that a Roman numeral up to 39 gives.
fn roman_numeral(word: &str) -> Option<i64> {
    const ONES: [&str; 10] = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"];
    let ones = word.trim_start_matches('x');
    let tens = word.len() - ones.len();
    let ones = ONES.iter().position(|known| *known == ones)?;
    let value = i64::try_from(tens * 10 + ones).ok()?;
    (tens < 4 && value > 0).then_some(value)
}

/// The quarter of a year, as a row of them is called.
const QUARTER: &str = "quarter";

/// What a row is called in all languages: the third round is `3차`.
fn row(word: &str) -> &str {
    lexicon()
        .get(word)
        .and_then(|entry| entry.row)
        .unwrap_or(word)
}

/// Number words: `seven`, `twenty-one`, `third`; days and letters that tell members apart.
fn letters(pieces: &[Piece], at: usize) -> Option<(Figure, usize)> {
    let piece = &pieces[at];
    let word = entry(Some(piece));
    let before = at.checked_sub(1).and_then(|at| pieces.get(at));
    if let Some(figure) = member(piece, before) {
        return Some((figure, 1));
    }
    // `Q2`
    if piece.is_capital && piece.text.starts_with('q') {
        let nth = piece.text[1..]
            .parse()
            .ok()
            .filter(|nth| (1..=4).contains(nth));
        if let Some(nth) = nth {
            return Some((Figure::new(Role::Ordinal, QUARTER, nth), 1));
        }
    }
    // `M5.8`
    if piece.text == "m"
        && let Some(next) = glued(pieces, at + 1).filter(|next| next.made == Made::Digits)
    {
        let value = number(&next.text)?;
        return Some((Figure::new(Role::Amount, "mag", value), 2));
    }
    // `CVE-2026-31877`
    let is_joined = |at: usize| {
        is_mark(glued(pieces, at), &['-'])
            && glued(pieces, at + 1).is_some_and(|next| next.made == Made::Digits)
    };
    if piece.is_capital && is_joined(at + 1) && is_joined(at + 3) {
        let mut figure = Figure::new(Role::Version, &piece.text, 0);
        figure.written = format_compact!("{}-{}", pieces[at + 2].text, pieces[at + 4].text);
        return Some((figure, 5));
    }
    let word = word?;
    if let Some(day) = word.weekday.filter(|_| piece.is_capital) {
        return Some((Figure::new(Role::Weekday, "", day), 1));
    }
    if let Some(month) = word.month.filter(|_| piece.is_capital) {
        // `May` is a month where a day or year is by its side, or a word of time before it.
        let beside = |piece: Option<&Piece>| piece.is_some_and(|p| p.made == Made::Digits);
        let is_certain = piece.text != "may" || beside(pieces.get(at + 1)) || beside(before);
        if is_certain {
            return Some((Figure::new(Role::Month, "", month), 1));
        }
    }
    if let Some(nth) = word.ordinal {
        // A second is a time, too.
        let is_time = nth == 2 && entry(before).is_some_and(|entry| entry.number.is_some());
        let of = following(pieces, at + 1);
        // `for the first time` says nothing of a row.
        let is_once = nth == 1 && of == normal("time");
        if !is_time && !is_once {
            return Some((Figure::new(Role::Ordinal, row(&of), nth), 1));
        }
    }
    if let Some((value, taken)) = vague(pieces, at) {
        return Some(some_of(pieces, at, value, taken));
    }
    let first = word.number?;
    let mut value = first;
    let mut taken = 1;
    if (20..100).contains(&first)
        && is_mark(pieces.get(at + 1), &['-'])
        && let Some(ones) = entry(pieces.get(at + 2)).and_then(|entry| entry.number)
        && ones < 10
    {
        value += ones;
        taken = 3;
    }
    while let Some(scale) = entry(pieces.get(at + taken)).and_then(|entry| entry.scale)
        && pieces[at + taken].text.len() > 2
        && taken < 6
    {
        value = value.saturating_mul(scale).min(1_000_000_000_000_000);
        taken += 1;
    }
    let label = before.filter(|b| b.made == Made::Letters);
    let is_label = label.is_some_and(|label| label.is(Class::Label));
    if let Some(label) = label.filter(|_| is_label) {
        return Some((Figure::new(Role::Member, label.normal(), value), taken));
    }
    let (of, more) = unit(pieces, at + taken);
    let value = value.saturating_mul(THOUSANDTHS);
    Some((Figure::new(Role::Amount, &of, value), taken + more))
}

/// The size of a number of which no more is said, and how many pieces say it: `dozens`, `tens of thousands`.
fn vague(pieces: &[Piece], at: usize) -> Option<(i64, usize)> {
    let size = |piece: Option<&Piece>| {
        let piece =
            piece.filter(|piece| piece.made == Made::Letters && piece.text.ends_with('s'))?;
        let entry = piece.entry()?;
        entry.scale.or(entry.number.filter(|number| *number == 10))
    };
    let mut value = size(pieces.get(at))?;
    let mut taken = 1;
    let is_of = |at: usize| pieces.get(at).is_some_and(|piece| piece.text == "of");
    while is_of(at + taken)
        && let Some(more) = size(pieces.get(at + taken + 1))
    {
        value = value.saturating_mul(more);
        taken += 2;
    }
    Some((value, taken + usize::from(is_of(at + taken))))
}

/// A vague number of what stands behind it.
fn some_of(pieces: &[Piece], at: usize, value: i64, taken: usize) -> (Figure, usize) {
    let (of, more) = unit(pieces, at + taken);
    let mut figure = Figure::new(Role::Amount, &of, value.saturating_mul(THOUSANDTHS));
    figure.written = VAGUE.into();
    (figure, taken + more)
}

/// Numbers in Hangul before what they count: `세 명`.
fn run(pieces: &[Piece], at: usize) -> Option<(Figure, usize)> {
    let piece = &pieces[at];
    if let Some((end, entry)) = lexicon().beginning(&piece.text, |entry| entry.vague.is_some()) {
        // `수십여 명`
        let rest = &piece.text[end..];
        let hedge = lexicon().beginning(rest, |entry| entry.classes.has(Class::Hedge));
        let rest = &rest[hedge.map_or(0, |(end, _)| end)..];
        let next = pieces
            .get(at + 1)
            .filter(|next| rest.is_empty() && next.made == Made::Run);
        let counted = next.map_or(rest, |next| next.text.as_str());
        if let Some((_, unit)) = lexicon().beginning(counted, |entry| entry.unit.is_some()) {
            let value = entry.vague? * THOUSANDTHS;
            let mut figure = Figure::new(Role::Amount, unit.unit.unwrap_or_default(), value);
            figure.written = VAGUE.into();
            return Some((figure, 1 + usize::from(next.is_some())));
        }
    }
    if let Some(number) = in_hangul(&piece.text)
        && let Some(next) = pieces.get(at + 1).filter(|next| next.made == Made::Run)
        && let Some((_, entry)) = lexicon().beginning(&next.text, |entry| entry.unit.is_some())
    {
        let unit = entry.unit.unwrap_or_default();
        return Some((Figure::new(Role::Amount, unit, number * THOUSANDTHS), 2));
    }
    let (end, alone) = lexicon().beginning(&piece.text, |entry| entry.alone.is_some())?;
    let rest = &piece.text[end..];
    let is_alone = rest.is_empty() || lexicon().is(rest, Class::Particle);
    let value = alone.alone.filter(|_| is_alone)? * THOUSANDTHS;
    Some((Figure::new(Role::Amount, "n", value), 1))
}

/// A number in Hangul: `세`, and tens with ones behind them, `열한`.
fn in_hangul(text: &str) -> Option<i64> {
    let number = |text: &str| lexicon().get(text).and_then(|word| word.number);
    let of_two = || {
        let is_tens = |number: i64| (10..100).contains(&number) && number % 10 == 0;
        let (end, tens) = lexicon().beginning(text, |word| word.number.is_some_and(is_tens))?;
        let ones = number(&text[end..]).filter(|ones| (1..10).contains(ones))?;
        Some(tens.number? + ones)
    };
    number(text).or_else(of_two)
}

/// A number with a run of Hangul or Han behind it: powers of ten, then what is counted.
fn counted(pieces: &[Piece], at: usize, first: i64, is_nth: bool) -> Option<(Figure, usize)> {
    let (mut total, mut section, mut digit) = (0_i64, 0_i64, first);
    let mut here = at + 1;
    let mut rest: &str = "";
    let mut is_scaled = false;
    while let Some(piece) = pieces.get(here).filter(|piece| piece.made == Made::Run) {
        rest = &piece.text;
        while let Some((end, entry)) = lexicon().beginning(rest, |entry| {
            entry.scale.is_some() || entry.classes.has(Class::Fill)
        }) {
            rest = &rest[end..];
            let Some(scale) = entry.scale else { continue };
            is_scaled = true;
            if scale < 10_000 {
                section = section.checked_add(digit.max(THOUSANDTHS).checked_mul(scale)?)?;
            } else {
                let below = section.checked_add(digit)?.max(THOUSANDTHS);
                total = total.checked_add(below.checked_mul(scale)?)?;
                section = 0;
            }
            digit = 0;
        }
        here += 1;
        let more = pieces
            .get(here)
            .filter(|next| is_scaled && rest.is_empty() && next.made == Made::Digits);
        match more.and_then(|next| number(&next.text)) {
            Some(more) => {
                digit = more;
                here += 1;
                is_scaled = false;
            }
            None => break,
        }
        rest = "";
        if glued(pieces, here).is_none() {
            break;
        }
    }
    let value = total.checked_add(section)?.checked_add(digit)?;
    let whole = value / THOUSANDTHS;
    let is_in = |class: Class| move |entry: &Entry| entry.classes.has(class);
    // What stands behind a space, `억 달러`
    if rest.is_empty()
        && let Some(next) = pieces.get(here).filter(|next| next.made == Made::Run)
        && lexicon()
            .beginning(&next.text, |entry| entry.unit.is_some())
            .is_some()
    {
        rest = &next.text;
        here += 1;
    } else if rest.is_empty() && is_mark(glued(pieces, here), &['%']) {
        return Some((Figure::new(Role::Amount, "%", value), here + 1 - at));
    }
    let taken = here - at;
    if let Some((end, _)) = lexicon().beginning(rest, |entry| {
        is_in(Class::Series)(entry) && entry.unit.is_none()
    }) && (lexicon()
        .beginning(rest, |entry| entry.unit.is_some())
        .is_none_or(|(unit, _)| unit < end))
    {
        return Some((Figure::new(Role::Ordinal, row(&rest[..end]), whole), taken));
    }
    if is_nth {
        let of: CompactString = rest.chars().take(1).collect();
        return Some((Figure::new(Role::Ordinal, &of, whole), taken));
    }
    if let Some((end, entry)) = lexicon().beginning(rest, |entry| entry.unit.is_some())
        && let Some(unit) = entry.unit
        && lexicon()
            .beginning(rest, is_in(Class::Hour))
            .is_none_or(|(hour, _)| hour < end)
    {
        return Some((Figure::new(Role::Amount, unit, value), taken));
    }
    for (class, role) in [
        (Class::Hour, Role::Clock),
        (Class::Day, Role::Day),
        (Class::Month, Role::Month),
        (Class::Year, Role::Year),
    ] {
        let Some((end, _)) = lexicon().beginning(rest, is_in(class)) else {
            continue;
        };
        let behind = &rest[end..];
        let next = pieces.get(here).map_or("", |next| &next.text);
        // `8일 만에` is a span of time, and no day.
        let lasts = lexicon().beginning(behind, is_in(Class::Lasting)).is_some()
            || behind.is_empty() && lexicon().is(next, Class::Lasting);
        if lasts {
            return Some((Figure::new(Role::Amount, &rest[..end], value), taken));
        }
        if role != Role::Clock {
            return Some((Figure::new(role, "", whole), taken));
        }
        let minutes = pieces.get(here).filter(|next| next.made == Made::Digits);
        let minutes = minutes.and_then(|next| number(&next.text)).filter(|_| {
            pieces.get(here + 1).is_some_and(|unit| {
                lexicon()
                    .beginning(&unit.text, is_in(Class::Minute))
                    .is_some()
            })
        });
        let value = whole.rem_euclid(12) * 60 + minutes.unwrap_or(0) / THOUSANDTHS;
        let taken = taken + if minutes.is_some() { 2 } else { 0 };
        return Some((Figure::new(Role::Clock, "", value), taken));
    }
    let of: CompactString = rest.chars().take(2).collect();
    Some((Figure::new(Role::Amount, &of, value), taken))
}
