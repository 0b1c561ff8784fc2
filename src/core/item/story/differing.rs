//! What makes two items two stories, however alike they are: another figure, day, name, outcome.

use std::collections::{BTreeMap, HashSet};

use compact_str::CompactString;

use super::alignment::{Alignment, Gap, align};
use super::counting;
use super::features::Features;
use super::figures::{Figure, Role};
use super::index::Index;
use super::lexicon::lexicon;
use super::reading::{Reading, Token, TokenKind, says_when};
use super::verdict::{Difference, Evidence};

/// What makes two items tell of two events, however much they have in common. What it finds out besides is added to what
/// is known of the two.
pub(super) fn differences(a: &Features, b: &Features, found: &mut Evidence) -> Option<Difference> {
    let (ia, ib) = (a.index(), b.index());
    let titles = align(&a.title, &b.title);
    found.aligned = titles.share;
    let is_near = titles.share >= NEAR;
    conflicts(a, b, &titles, found)
        .or_else(|| exchanged_names(a, b, ia, ib, &titles))
        .or_else(|| {
            let is_party = are_rivals(a, b, &titles) || is_turned_round(&a.title, &b.title);
            is_party.then_some(Difference::Party)
        })
        .or_else(|| {
            is_near
                .then(|| in_equal_titles(a, b, ia, ib, &titles))
                .flatten()
        })
        .or_else(|| {
            let is_asked = asks_alone(&a.title, &b.title, ib, is_near)
                || asks_alone(&b.title, &a.title, ia, is_near);
            is_asked.then_some(Difference::Outcome)
        })
        .or_else(|| what_became(a, b, ia, ib, found))
}

/// Whether one says that something is asked for which the other one says is given, and says nowhere that it was asked for:
/// `Prosecutors demand 12 years in prison`, `sentenced to 12 years in prison`. What asks may stand beside it (`arrest three
/// protesters demanding action`), but for what a prosecutor asks for in a title that is nearly the same.
fn asks_alone(one: &Reading, other: &Reading, other_item: &Index, is_near: bool) -> bool {
    let ours = concepts(one);
    let is_given = |it: &&str| lexicon().is_given(it);
    let is_beside = ours.iter().any(is_given);
    let mut asked = ours.iter().filter(|it| lexicon().is_sought(it));
    asked.any(|it| !other_item.tells_of(it) && (!is_beside || is_near && !lexicon().is_step(it)))
        && concepts(other).iter().any(is_given)
}

/// Names of the one in the places where the other has names: two parties, even where less of the titles is equal.
fn exchanged_names(
    a: &Features,
    b: &Features,
    ia: &Index,
    ib: &Index,
    titles: &Alignment<'_>,
) -> Option<Difference> {
    let exchanged = titles.gaps.iter().filter(|gap| gap.is_exchange());
    let mut differing = exchanged.map(|gap| (own(&gap.a, ib), own(&gap.b, ia)));
    let are_parties = titles.share >= NEAR_BUT_NAMES
        && differing
            .any(|(ours, theirs)| are_names(&ours, &a.title) && are_names(&theirs, &b.title));
    are_parties.then_some(Difference::Name)
}

/// What tells two items of nearly equal titles apart.
fn in_equal_titles(
    a: &Features,
    b: &Features,
    ia: &Index,
    ib: &Index,
    titles: &Alignment<'_>,
) -> Option<Difference> {
    let have_both = !a.summary.tokens.is_empty() && !b.summary.tokens.is_empty();
    let summaries = have_both.then(|| align(&a.summary, &b.summary));
    // Who words what lies below the title anew words the title anew, too: then two exchanged words are no two parties.
    let is_reworded = summaries
        .as_ref()
        .is_some_and(|summaries| summaries.share < REWORDED);
    let most = if is_reworded { 1 } else { 2 };
    let mut gaps = titles.gaps.iter();
    if let Some(difference) = gaps.find_map(|gap| substitution(titles, most, gap, ia, ib)) {
        return Some(difference);
    }
    let announces_alone = |one: &Reading, other: &Reading| {
        one.is_announcement && !other.is_future || announces(one, other)
    };
    if denials(&a.title, ib) != denials(&b.title, ia) {
        return Some(Difference::Denial);
    }
    if announces_alone(&a.title, &b.title) || announces_alone(&b.title, &a.title) {
        return Some(Difference::Announcement);
    }
    if a.title.is_second != b.title.is_second {
        return Some(Difference::Party);
    }
    if a.title.editions != b.title.editions {
        return Some(Difference::Figure);
    }
    if let Some(difference) = other_side(&a.title, &b.title) {
        return Some(difference);
    }
    if ends_alone(&a.title, &b.title) || ends_alone(&b.title, &a.title) {
        return Some(Difference::Outcome);
    }
    let summaries = summaries?;
    // A column comes round under one title.
    let is_update = a.is_update || b.is_update;
    let is_later = a.moment.abs_diff(b.moment) >= COLUMN_SECONDS;
    let is_column = a.source == b.source && !is_update && is_later && titles.share >= WORD_FOR_WORD;
    if is_column && summaries.share < NEAR {
        return Some(Difference::Moment);
    }
    // Sentences are worded anew more often than titles: only figures and names count.
    let is_named = |tokens: &[&Token]| tokens.iter().any(|token| token.kind == TokenKind::Name);
    let mut gaps = summaries.gaps.iter().filter(|_| summaries.share >= NEAR);
    gaps.find_map(|gap| {
        substitution(&summaries, 2, gap, ia, ib)
            .filter(|it| *it == Difference::Figure || is_named(&gap.a) && is_named(&gap.b))
    })
}

/// What follows where one says `up` and the other `down`, or one counts several of what is a single one in the other, and
/// neither says both.
fn other_side(a: &Reading, b: &Reading) -> Option<Difference> {
    let is_only = |side: &i64, of: &Reading| !of.sides.contains(&-side);
    let mut sides = a.sides.iter();
    let side =
        sides.find(|side| b.sides.contains(&-*side) && is_only(side, a) && is_only(&-*side, b))?;
    Some(match side.abs() {
        counting::FIRST_SIDE.. => Difference::Figure,
        _ => Difference::Outcome,
    })
}

/// Whether one ends or reverses what the other says by the same word, and the other doesn't in any way: `declared over`,
/// `declared`; `ruled out`, `ruled in`; `호우특보 해제`, `호우특보`.
fn ends_alone(one: &Reading, other: &Reading) -> bool {
    let is_over = |token: &Token| {
        token.is_ending() || token.concept().is_some_and(|it| lexicon().is_over(it))
    };
    if other.tokens.iter().any(is_over) {
        return false;
    }
    let pairs = one.tokens.windows(2);
    // Where verbs come last, what is over stands right before them.
    let is_verb_last = one.tokens.iter().any(|token| token.kind == TokenKind::Run);
    let mut ended = pairs.filter(|pair| match pair[0].kind {
        TokenKind::Figure(_) => false,
        TokenKind::Run => is_over(&pair[1]),
        TokenKind::Concept if is_verb_last => is_over(&pair[1]),
        _ => pair[1].is_ending(),
    });
    ended.any(|pair| other.tokens.iter().any(|token| token.text == pair[0].text))
}

/// Whether all that differs is whose news it is: a name stands in the place of another one, and besides at most a figure
/// in the place of another one. That the text below names the other party, too, makes them no one.
fn are_rivals(a: &Features, b: &Features, titles: &Alignment<'_>) -> bool {
    let is_mixed = a.index().has_runs != b.index().has_runs;
    let is_frame = titles.apart.0 <= FRAME * titles.weights.0
        && titles.apart.1 <= FRAME * titles.weights.1
        && titles.share >= NEAR_BUT_NAMES;
    let is_figure = |gap: &&Gap<'_>| gap.a.iter().all(|token| token.figure().is_some());
    let exchanges = titles.gaps.iter().filter(|gap| gap.is_exchange());
    let (figures, others): (Vec<_>, Vec<_>) = exchanges.partition(is_figure);
    let [gap] = others[..] else { return false };
    // `Senator Hale`, `Jim Hale`: a name goes on behind it.
    let goes_on = |tokens: &[&Token], title: &Reading| {
        let last = tokens.last().copied();
        let mut behind = title.tokens.iter();
        let found = behind.any(|token| last.is_some_and(|last| std::ptr::eq(token, last)));
        found
            && behind
                .next()
                .is_some_and(|next| next.kind == TokenKind::Name)
    };
    is_frame
        && !is_mixed
        && figures.len() <= 1
        && are_parties(&gap.a, &a.title, &b.title)
        && are_parties(&gap.b, &b.title, &a.title)
        && !are_alike(&gap.a, &gap.b)
        && !(goes_on(&gap.a, &a.title) && goes_on(&gap.b, &b.title))
}

/// Whether words are names that the other title doesn't say. The first word of a title may be one; in a script without
/// capitals only that is known to be.
fn are_parties(tokens: &[&Token], title: &Reading, other: &Reading) -> bool {
    tokens.iter().all(|token| {
        let is_first = title.tokens.first() == Some(*token);
        let is_name = match token.kind {
            TokenKind::Name => true,
            TokenKind::Word => is_first,
            TokenKind::Run => is_first && tokens.len() == 1 && token.text.chars().nth(1).is_some(),
            _ => false,
        };
        is_name && !other.tokens.iter().any(|said| said.text == token.text)
    })
}

/// Whether one of the names is a shorter form of one of the others, or begins as it does.
fn are_alike(a: &[&Token], b: &[&Token]) -> bool {
    let begins = |one: &str, other: &str| {
        let alike = one.chars().zip(other.chars()).take_while(|(a, b)| a == b);
        alike.count() >= if one.is_ascii() { 3 } else { 2 }
    };
    let mut pairs = a
        .iter()
        .flat_map(|one| b.iter().map(move |other| (one, other)));
    pairs.any(|(one, other)| begins(&one.text, &other.text))
}

/// How often a title denies: by a word, or by what happened, where the other item doesn't say that as well.
fn denials(title: &Reading, other: &Index) -> usize {
    let denies = |token: &&Token| {
        let concept = token.concept().filter(|concept| !other.tells_of(concept));
        token.is_denial() || concept.is_some_and(|it| lexicon().is_denying(it))
    };
    title.tokens.iter().filter(denies).count()
}

/// What the title says happened, but for what it takes as known.
fn concepts(title: &Reading) -> HashSet<&str> {
    let tokens = title.tokens.iter().filter(|token| !token.is_background);
    tokens.filter_map(Token::concept).collect()
}

/// Two outcomes, or what became of an event that the other item tells of.
fn what_became(
    a: &Features,
    b: &Features,
    ia: &Index,
    ib: &Index,
    found: &mut Evidence,
) -> Option<Difference> {
    let (ca, cb) = (concepts(&a.title), concepts(&b.title));
    let mut only_a = ca.difference(&cb);
    if only_a.any(|one| {
        cb.difference(&ca).any(|other| {
            // Who words the rest anew may tell both: `agree on wages`, `call off strike` and, below, that they agreed.
            let tell_both = ib.tells_of(one) && ia.tells_of(other);
            lexicon().are_opposite(one, other) && (!tell_both || found.aligned >= NEAR)
        })
    }) {
        return Some(Difference::Outcome);
    }
    let (new_a, new_b): (Vec<&str>, Vec<&str>) = (
        ca.iter().copied().filter(|it| !ib.tells_of(it)).collect(),
        cb.iter().copied().filter(|it| !ia.tells_of(it)).collect(),
    );
    let steps = |new: &[&str]| new.iter().filter(|it| lexicon().is_step(it)).count();
    let is_led = |from: &HashSet<&str>, new: &[&str], index: &Index| {
        // Who knows of one thing that came of it may well tell of the same.
        let knows = |from: &str| index.concepts().any(|known| lexicon().leads(from, known));
        let leads = |to: &&str| {
            from.iter()
                .any(|from| lexicon().leads(from, to) && !knows(from))
        };
        new.iter().any(leads)
    };
    let happened = |new: &[&str]| {
        let events = new
            .iter()
            .filter(|it| !lexicon().is_everywhere(it) && !lexicon().is_place(it));
        events.count()
    };
    // Who takes for known what the other reports, and tells of something that the other doesn't, tells what came of it.
    let takes_for_known = |one: &Reading, news: &[&str], other: &HashSet<&str>| {
        let known = one.tokens.iter().filter(|token| token.is_background);
        let mut known = known.filter_map(Token::concept);
        let is_event = |it: &str| !lexicon().is_everywhere(it) && !lexicon().is_place(it);
        news.iter().any(|it| is_event(it)) && known.any(|it| is_event(it) && other.contains(it))
    };
    if takes_for_known(&a.title, &new_a, &cb) || takes_for_known(&b.title, &new_b, &ca) {
        found.strays += 0.5;
    }
    let is_led = is_led(&ca, &new_b, ia) || is_led(&cb, &new_a, ib);
    found.steps = (steps(&new_a) + steps(&new_b)) as f32 + if is_led { 2.0 } else { 0.0 };
    found.strays += happened(&new_a).min(happened(&new_b)) as f32;
    let is_another = is_led && found.aligned >= NEAR || found.steps > 0.0 && found.aligned >= EQUAL;
    is_another.then_some(Difference::Outcome)
}

/// A source that says a title anew so much later, and other things under it, has a column of that name.
const COLUMN_SECONDS: u64 = 18 * 3_600;

/// From where on titles are equal but for spelling.
const WORD_FOR_WORD: f32 = 0.95;

/// From where on titles count as nearly equal: what stands in one place in both is then said of the same thing.
const NEAR: f32 = 0.6;

/// From where on names in one place are those of two parties.
const NEAR_BUT_NAMES: f32 = 0.45;

/// Whether words are names; the first one of a title may be one.
fn are_names(tokens: &[Token], title: &Reading) -> bool {
    let is_first =
        |token: &Token| token.kind == TokenKind::Word && title.tokens.first() == Some(token);
    !tokens.is_empty()
        && tokens
            .iter()
            .all(|token| token.kind == TokenKind::Name || is_first(token))
}

/// The tokens that the other item says nowhere.
fn own(tokens: &[&Token], index: &Index) -> Vec<Token> {
    let own = tokens
        .iter()
        .filter(|token| !index.says_itself(token) && token.weight() >= 0.3);
    own.map(|token| (*token).clone()).collect()
}

/// From where on titles are equal but for a word: a step in one of them is no synonym then.
const EQUAL: f32 = 0.75;

/// Up to where on summaries are worded anew.
const REWORDED: f32 = 0.3;

/// What stands in one place of two nearly equal texts and differs.
fn substitution(
    texts: &Alignment<'_>,
    most: usize,
    gap: &Gap<'_>,
    ia: &Index,
    ib: &Index,
) -> Option<Difference> {
    let (a, b) = (own(&gap.a, ib), own(&gap.b, ia));
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let is_kin = |one: &Figure, other: &Figure| {
        one.role == other.role
            && (one.role != Role::Amount
                || one.of == other.of
                || one.of.is_empty()
                || other.of.is_empty())
    };
    let figures = |tokens: &[Token]| -> Vec<Figure> {
        tokens
            .iter()
            .filter_map(|token| token.figure().cloned())
            .collect()
    };
    let (fa, fb) = (figures(&a), figures(&b));
    if fa
        .iter()
        .any(|one| fb.iter().any(|other| is_kin(one, other)))
    {
        return Some(Difference::Figure);
    }
    let are_named = |tokens: &[Token]| tokens.iter().all(|token| token.kind == TokenKind::Name);
    // Nothing else differs but what is put in its place: that tells the two apart, whatever it is. Else it may be another
    // wording, as another script always is.
    let is_frame = gap.is_exchange()
        && ia.has_runs == ib.has_runs
        && texts.gaps.iter().filter(|gap| gap.is_exchange()).count() <= most
        && texts.apart.0 <= FRAME * texts.weights.0
        && texts.apart.1 <= FRAME * texts.weights.1;
    (are_named(&a) && are_named(&b) || is_frame).then_some(Difference::Name)
}

/// How much of a text may differ elsewhere where what stands in one place tells two items apart.
const FRAME: f32 = 0.12;

/// Whether the first one announces what the second one does.
fn announces(first: &Reading, second: &Reading) -> bool {
    let does = |word: &CompactString| {
        second.tokens.iter().any(|token| token.text == *word) && !second.announced.contains(word)
    };
    first.announced.iter().any(does)
}

/// Figures of one kind of which each item has its own.
fn conflicts(
    a: &Features,
    b: &Features,
    titles: &Alignment<'_>,
    found: &mut Evidence,
) -> Option<Difference> {
    let aligned = titles.share;
    let is_near = aligned >= NEAR;
    // Of short titles a figure is the greater part.
    let are_figures = |tokens: &[&Token]| tokens.iter().all(|token| token.figure().is_some());
    let is_frame = aligned > 0.0
        && titles
            .gaps
            .iter()
            .all(|gap| are_figures(&gap.a) && are_figures(&gap.b));
    // In an order: of two that differ, the same one is told each time.
    type Kinds<'f> = BTreeMap<(Role, &'f str), Vec<&'f Figure>>;
    let kinds = |readings: &[&'_ Reading]| -> Vec<Figure> {
        let tokens = readings.iter().flat_map(|reading| &reading.tokens);
        tokens.filter_map(|token| token.figure().cloned()).collect()
    };
    fn sorted(figures: &[Figure]) -> Kinds<'_> {
        let mut kinds = Kinds::new();
        for figure in figures {
            kinds
                .entry((figure.role, figure.of.as_str()))
                .or_default()
                .push(figure);
        }
        kinds
    }
    let (fa, fb) = (
        kinds(&[&a.title, &a.summary]),
        kinds(&[&b.title, &b.summary]),
    );
    let (ta, tb) = (kinds(&[&a.title]), kinds(&[&b.title]));
    let (fa, fb, ta, tb) = (sorted(&fa), sorted(&fb), sorted(&ta), sorted(&tb));
    for (kind, ours) in &fa {
        let Some(theirs) = fb.get(kind) else { continue };
        let agree = |ours: &[&Figure], theirs: &[&Figure]| {
            ours.iter()
                .any(|one| theirs.iter().any(|other| one.agrees(other)))
        };
        let titled = ta.get(kind).zip(tb.get(kind));
        let (role, _) = *kind;
        // What the one title is about the other item may well mention: `Round 1 …`, and `round 1` below `Round 2 …`.
        let are_one = |ours: &[&Figure], theirs: &[&Figure]| {
            ours.iter()
                .any(|one| theirs.iter().any(|other| one.is_one_with(other)))
        };
        let is_titled = titled.is_some_and(|(ours, theirs)| !are_one(ours, theirs))
            && match role {
                Role::Member | Role::Version | Role::Ordinal | Role::Score => true,
                Role::Day | Role::Amount => is_near || is_frame,
                _ => false,
            };
        if !is_titled && agree(ours, theirs) {
            continue;
        }
        let is_in_titles = titled.is_some();
        let is_hard = is_titled
            || match role {
                // Of one name two members, of one row two places
                Role::Member | Role::Version => true,
                Role::Ordinal | Role::Score => is_in_titles || is_near,
                Role::Day => is_near,
                // Under one title word for word, what was counted is all that tells two events apart.
                Role::Amount => {
                    is_in_titles && aligned >= NEAR_BUT_NAMES || aligned >= WORD_FOR_WORD
                }
                _ => false,
            };
        if is_hard {
            return Some(if says_when(role) {
                Difference::Date
            } else {
                Difference::Figure
            });
        }
        found.conflicts += match role {
            Role::Month | Role::Year => 0.3,
            Role::Clock | Role::Weekday => 0.5,
            _ => 1.0,
        };
    }
    None
}

/// Whether both say the same words of the same two names, but in turned parts: `A beat B`, `B beat A`. Something stands
/// between the two, or each is a single word (`원주, 전주 꺾고`); what merely stands elsewhere (`Kalimar: …`) turns nothing.
fn is_turned_round(a: &Reading, b: &Reading) -> bool {
    // `A acquires B`, `B acquired by A`
    let is_passive = |title: &Reading| title.small.iter().any(|word| word == "by");
    if is_passive(a) != is_passive(b) {
        return false;
    }
    let is_party = |token: &Token| {
        matches!(
            token.kind,
            TokenKind::Name | TokenKind::Word | TokenKind::Run
        ) || token
            .concept()
            .is_some_and(|concept| lexicon().is_place(concept) || lexicon().is_everywhere(concept))
    };
    // Without the beginning and the end that are equal.
    let is_same = |(one, other): &(&Token, &Token)| one.text == other.text;
    let (a, b) = (&a.tokens[..], &b.tokens[..]);
    let begin = a.iter().zip(b).take_while(is_same).count();
    let (a, b) = (&a[begin..], &b[begin..]);
    let end = a
        .iter()
        .rev()
        .zip(b.iter().rev())
        .take_while(is_same)
        .count();
    let (a, b) = (&a[..a.len() - end], &b[..b.len() - end]);
    let (Some(one), Some(other)) = (a.first(), b.first()) else {
        return false;
    };
    let at = |token: &Token, of: &[Token]| of.iter().position(|known| known.text == token.text);
    let (Some(other_at), Some(one_at)) = (at(other, a), at(one, b)) else {
        return false;
    };
    let (others, ones) = (&a[other_at..], &b[one_at..]);
    let are_same = |one: &[Token], other: &[Token]| {
        one.len() == other.len() && one.iter().zip(other).all(|both| is_same(&both))
    };
    let (Some(before), Some(behind)) = (a.get(ones.len()..other_at), b.get(others.len()..one_at))
    else {
        return false;
    };
    // A name, or one that is read as two words (`한옥반도체`): nothing need stand between two of these.
    let is_short = |party: &[Token]| match party {
        [_] => true,
        [begin, end] => begin.kind == TokenKind::Run && end.concept().is_some(),
        _ => false,
    };
    are_same(&a[..ones.len()], ones)
        && are_same(&b[..others.len()], others)
        && are_same(before, behind)
        && (!before.is_empty() || is_short(ones) && is_short(others))
        && ones.iter().any(is_party)
        && others.iter().any(is_party)
}
