//! Text as it is compared: folding, scripts, sentence ends, and the cleaning of source text.
//!
//! Everything that asks "are these two the same words?" (headings, `stop_at`, match phrases, titles,
//! searches) folds both sides with [`fold`], so that there is one answer to the question.

use std::borrow::Cow;
use std::cell::Cell;
use std::char::ToLowercase;
use std::rc::Rc;

use unicode_normalization::char::{
    canonical_combining_class, decompose_canonical, decompose_compatible,
};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use crate::bounds::FOLD_GROWTH;
use crate::characters::{is_in_word, is_normal, is_small};

/// Folds `text` for comparison: NFKC, lower case, the dots of initialisms removed (`U.S.` → `us`), and
/// every other run of punctuation and spacing turned into one space. No space at either end.
///
/// # Examples
/// ```
/// use tidings_core::text::fold;
/// assert_eq!(fold("U.S.- North Korea  Relations"), "us north korea relations");
/// assert_eq!(fold("‘Comfort Woman’"), "comfort woman");
/// ```
pub fn fold(text: &str) -> String {
    fold_within(text, usize::MAX).unwrap_or_default()
}

/// [`fold`], given up as soon as the result is longer than `limit` bytes. A heading is found among
/// megabytes of paragraphs this way without folding the paragraphs.
pub fn fold_within(text: &str, limit: usize) -> Option<String> {
    let mut out = String::with_capacity(text.len().min(limit).min(4096));
    fold_into(text, limit, &mut out).then_some(out)
}

/// [`fold`] of a name that people give to something, as headings are: what only says how a character looks, an emoji of a digit
/// in front, and letters that fill a place are none of it, and the middle dot that Korean keyboards have is one.
///
/// # Examples
/// ```
/// use tidings_core::text::fold_name;
/// assert_eq!(fold_name("🕊\u{FE0F} US-NK Relations"), "us nk relations");
/// assert_eq!(fold_name("북\u{318D}미 관계"), fold_name("북·미 관계"));
/// ```
pub fn fold_name(name: &str) -> String {
    fold_name_within(name, usize::MAX).unwrap_or_default()
}

/// [`fold_name`], given up as [`fold_within`] is.
pub fn fold_name_within(name: &str, limit: usize) -> Option<String> {
    if is_too_long(name, limit) {
        return None;
    }
    if !is_dressed(name) {
        return fold_within(name, limit);
    }
    let mut plain = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            KEYCAP => {
                // `1️⃣`
                plain.pop();
            }
            ARAEA => plain.push(' '),
            c if is_look(c) => {}
            c => plain.push(c),
        }
    }
    fold_within(&plain, limit)
}

/// Whether a name is folded otherwise than other texts.
pub fn is_dressed(name: &str) -> bool {
    !name.is_ascii() && name.chars().any(|c| is_look(c) || c == ARAEA)
}

/// Whether a text is too long to be looked through for what may be left of it.
fn is_too_long(text: &str, limit: usize) -> bool {
    text.len() > FOLDED_WITHIN.saturating_add(limit.saturating_mul(LONGER_THAN_FOLDED))
}

/// The letter that Korean keyboards give for a middle dot: `북ㆍ미`.
const ARAEA: char = '\u{318D}';

/// It makes a key of a digit.
const KEYCAP: char = '\u{20E3}';

/// Whether a character only says how another one looks, or fills the place of a letter.
fn is_look(c: char) -> bool {
    matches!(u32::from(c), 0xFE00..=0xFE0F | 0xE0100..=0xE01EF | 0x20E3 | 0x034F | 0x115F | 0x1160 | 0x3164 | 0xFFA0)
}

/// A text that is so many bytes longer than so many times what may be left of it is none that is looked for, though it
/// consist of marks that folding leaves out: looking for its letters would cost as much as the document is long.
const FOLDED_WITHIN: usize = 4_096;
const LONGER_THAN_FOLDED: usize = 16;

/// [`fold_within`] into a buffer that is used again and again; `false` if it was given up.
pub fn fold_into(text: &str, limit: usize, out: &mut String) -> bool {
    if is_too_long(text, limit) || has_more_letters(text.as_bytes(), limit) {
        out.clear();
        return false;
    }
    if let Some(within) = fold_plain(text, limit, out) {
        return within;
    }
    let mut folder = Folder::new(limit, std::mem::take(out));
    let done = if text.is_ascii() {
        ascii(text).try_for_each(|c| folder.push(c))
    } else {
        // Most text is normalised as it stands, and finding that out is cheap as long as it is short.
        let start = &text[..text.floor_char_boundary(limit.saturating_mul(4).saturating_add(64))];
        let is_normalised =
            start.chars().all(is_normal) || is_nfkc_quick(start.chars()) == IsNormalized::Yes;
        if is_normalised {
            let done = lower(start.chars()).try_for_each(|c| folder.push(c));
            if done.is_some() && start.len() < text.len() {
                folder.clear();
                lower(compatible(text)).try_for_each(|c| folder.push(c))
            } else {
                done
            }
        } else {
            lower(compatible(text)).try_for_each(|c| folder.push(c))
        }
    };
    let folded = done.is_some() && folder.finish();
    *out = folder.out;
    folded
}

/// Whether the beginning of a text alone has more letters of ASCII than may be left of it: each stays at least a byte.
/// Counting is much cheaper than folding, and most paragraphs are too long.
fn has_more_letters(text: &[u8], limit: usize) -> bool {
    limit < text.len() && {
        let start = &text[..text.len().min(limit.saturating_mul(2))];
        start
            .iter()
            .filter(|byte| byte.is_ascii_alphanumeric())
            .count()
            > limit
    }
}

/// [`fold_into`] for what most text is: ASCII without initialisms. `None` if it is more than that, before
/// it is too long.
fn fold_plain(text: &str, limit: usize, out: &mut String) -> Option<bool> {
    out.clear();
    let mut gap = false;
    let mut letters = 0;
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => {
                if gap && !out.is_empty() {
                    out.push(' ');
                }
                gap = false;
                letters += 1;
                out.push(char::from(byte.to_ascii_lowercase()));
                // The last letter is left to be decided: a mark may follow it.
                if out.len() > limit.saturating_add(1) {
                    return Some(false);
                }
            }
            b'.' if letters == 1 => return None,
            0x80.. => return None,
            _ => {
                gap = true;
                letters = 0;
            }
        }
    }
    Some(out.len() <= limit)
}

/// Marks on one letter that are brought into their order. All of them are held in memory until the next letter comes; no language
/// needs more (<https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format>).
const MARKS: usize = 30;

/// A text as NFKC has it. One character may stand for eighteen letters (U+FDFA): where a whole text is made of such, it
/// becomes twice as long, and the rest of them counts as space. So do marks beyond those that a letter may have.
pub fn compatible(text: &str) -> impl Iterator<Item = char> {
    let made = Rc::new(Cell::new(0_usize));
    let so_far = Rc::clone(&made);
    let (mut read, mut is_over, mut marks) = (0, false, 0);
    let within = text.chars().map(move |c| {
        read += c.len_utf8();
        is_over |= so_far.get() > 2 * read + FOLD_GROWTH.most;
        let is_mark = c >= '\u{300}' && canonical_combining_class(c) != 0;
        marks = if is_mark { marks + 1 } else { 0 };
        if marks > MARKS || is_over && grows(c) {
            ' '
        } else {
            c
        }
    });
    within
        .nfkc()
        .inspect(move |c| made.set(made.get() + c.len_utf8()))
}

/// Whether a character stands for others. What it only is put together of (a syllable of Hangul) is put together again.
fn grows(c: char) -> bool {
    let (mut compatible, mut canonical) = (0, 0);
    decompose_compatible(c, |_| compatible += 1);
    decompose_canonical(c, |_| canonical += 1);
    compatible > canonical
}

fn ascii(text: &str) -> impl Iterator<Item = char> {
    text.bytes()
        .map(|byte| char::from(byte.to_ascii_lowercase()))
}

fn lower(chars: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let letters = Small { chars, left: None };
    // Greek writes one letter in two ways; a search for ΝΕΟΣ has to find νέος and νέοσ alike.
    letters.map(|c| if c == 'ς' { 'σ' } else { c })
}

/// Characters as small letters: most are, and the tables of Unicode needn't be asked.
struct Small<I> {
    chars: I,
    /// What is left of a character that has become several.
    left: Option<ToLowercase>,
}

impl<I: Iterator<Item = char>> Iterator for Small<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        if let Some(c) = self.left.as_mut().and_then(Iterator::next) {
            return Some(c);
        }
        let c = self.chars.next()?;
        if is_small(c) {
            self.left = None;
            return Some(c);
        }
        self.left.insert(c.to_lowercase()).next()
    }
}

/// The state of one folding. A dot between two single letters joins them into an initialism, which
/// needs a look at the letter behind the dot and at what follows that letter; `held` is that letter.
struct Folder {
    out: String,
    limit: usize,
    gap: bool,
    single_letter: bool,
    dot: bool,
    held: Option<char>,
    in_token: bool,
}

impl Folder {
    fn new(limit: usize, mut out: String) -> Folder {
        out.clear();
        Folder {
            out,
            limit,
            gap: false,
            single_letter: false,
            dot: false,
            held: None,
            in_token: false,
        }
    }

    /// Begins anew.
    fn clear(&mut self) {
        *self = Folder::new(self.limit, std::mem::take(&mut self.out));
    }

    fn push(&mut self, c: char) -> Option<()> {
        if let Some(held) = self.held.take() {
            if is_in_word(c) {
                // `J.Smith`: what stands behind the dot is a word, so the dot was a separator.
                self.gap = true;
                self.emit(held);
                self.single_letter = false;
                return self.push_word(c);
            }
            self.emit(held);
            self.single_letter = true;
        } else if self.dot {
            self.dot = false;
            if c.is_alphabetic() {
                self.held = Some(c);
                return Some(());
            }
            self.gap = true;
            self.in_token = false;
        }
        if is_in_word(c) {
            return self.push_word(c);
        }
        if c == '.' && self.in_token && self.single_letter {
            self.dot = true;
        } else {
            self.gap = true;
            self.in_token = false;
            self.single_letter = false;
        }
        Some(())
    }

    fn push_word(&mut self, c: char) -> Option<()> {
        self.single_letter = !self.in_token && c.is_alphabetic();
        self.in_token = true;
        self.emit(c);
        (self.out.len() <= self.limit).then_some(())
    }

    fn emit(&mut self, c: char) {
        if self.gap && !self.out.is_empty() {
            self.out.push(' ');
        }
        self.gap = false;
        self.in_token = true;
        self.out.push(c);
    }

    fn finish(&mut self) -> bool {
        if let Some(held) = self.held.take() {
            self.emit(held);
        }
        self.out.len() <= self.limit
    }
}

/// Han ideographs and kana: scripts that put no space between words.
pub fn is_han_or_kana(c: char) -> bool {
    matches!(u32::from(c),
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3021..=0x3029 | 0x3038..=0x303B
        | 0x3040..=0x30FF | 0x31F0..=0x31FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
        | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x1B000..=0x1B16F | 0x20000..=0x323AF)
}

/// Hangul syllables and letters. Korean has spaces, but particles cling to its words.
pub fn is_hangul(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x3130..=0x318F | 0xA960..=0xA97F | 0xAC00..=0xD7FF | 0xFFA0..=0xFFDC)
}

/// Scripts whose words can't be told apart by spaces alone.
pub fn is_cjk(c: char) -> bool {
    !c.is_ascii() && (is_hangul(c) || is_han_or_kana(c))
}

/// Punctuation of Chinese and Japanese, which brings its own space.
fn is_wide_punctuation(c: char) -> bool {
    matches!(u32::from(c), 0x3001..=0x3003 | 0x3008..=0x3020 | 0xFF01..=0xFF0F | 0xFF1A..=0xFF20)
}

/// Whether a line is blank as design.md means it: nothing but white space, U+200B and U+FEFF.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || c == '\u{200B}' || c == '\u{FEFF}'
}

/// Joins the lines of a block into one line of clean text: white space of every kind (no-break
/// spaces too) becomes single spaces, lines meet in a space (in none between Han or kana), and
/// characters that only control a display (C0, C1, U+FEFF, bidirectional overrides) are left out.
pub fn join_lines<'t>(raw: &'t str) -> std::borrow::Cow<'t, str> {
    let raw = raw.trim_matches(is_blank);
    if is_clean(raw) {
        return std::borrow::Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut space = false;
    let mut line_end = false;
    // What has no width, in a row: one of them joins letters or parts them, more are padding, as are those beside a space.
    let mut padding: (usize, char) = (0, ' ');
    for c in raw.chars() {
        if c == '\n' {
            line_end = true;
        }
        if c.is_whitespace() {
            space = true;
            padding.0 = 0;
            continue;
        }
        if controls_display(c) {
            continue;
        }
        if is_padding(c) {
            padding = (padding.0 + 1, c);
            continue;
        }
        if padding.0 == 1 && !space && !out.is_empty() {
            out.push(padding.1);
        }
        padding.0 = 0;
        if space && !out.is_empty() {
            let before = out.chars().next_back().unwrap_or(' ');
            let wide = |c| is_han_or_kana(c) || is_wide_punctuation(c);
            let joined = line_end
                && wide(before)
                && wide(c)
                && (is_han_or_kana(before) || is_han_or_kana(c));
            if !joined {
                out.push(' ');
            }
        }
        space = false;
        line_end = false;
        out.push(c);
    }
    std::borrow::Cow::Owned(out)
}

/// Whether [`join_lines`] would change nothing. That is the ordinary case and every block is asked, so the
/// bytes are looked at undecoded: each character that [`join_lines`] changes is named by its UTF-8 here.
fn is_clean(text: &str) -> bool {
    /// Enough to fill the processor's vectors, little enough that one accent doesn't spoil much.
    const PIECE: usize = 64;
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let end = (at + PIECE).min(bytes.len());
        // Without early exits and in bytes, so that it is vectorised.
        let (mut odd, mut doubled) = (0u8, 0u8);
        for byte in &bytes[at..end] {
            odd |= u8::from(byte.wrapping_sub(b' ') > 0x5E);
        }
        for (a, b) in bytes[at..end].iter().zip(&bytes[at + 1..]) {
            doubled |= u8::from((*a == b' ') & (*b == b' '));
        }
        if doubled != 0 || odd != 0 && !is_clean_piece(bytes, at, end) {
            return false;
        }
        at = end;
    }
    true
}

/// [`is_clean`] for a piece that holds more than printable ASCII; double spaces are not looked for.
fn is_clean_piece(bytes: &[u8], start: usize, end: usize) -> bool {
    let behind = |at: usize| bytes.get(at).copied().unwrap_or(0);
    (start..end).all(|at| match bytes[at] {
        0..b' ' | 0x7F => false,
        // U+0080 to U+00A0
        0xC2 => !matches!(behind(at + 1), 0x80..=0xA0 | 0xAD),
        // U+034F
        0xCD => behind(at + 1) != 0x8F,
        // U+1680
        0xE1 => (behind(at + 1), behind(at + 2)) != (0x9A, 0x80),
        0xE2 => !matches!(
            (behind(at + 1), behind(at + 2)),
            // U+2000 to U+200D, U+2028 to U+202F; U+205F, U+2060, U+2066 to U+2069
            (0x80, 0x80..=0x8D | 0xA8..=0xAF) | (0x81, 0x9F..=0xA0 | 0xA6..=0xA9)
        ),
        // U+3000
        0xE3 => (behind(at + 1), behind(at + 2)) != (0x80, 0x80),
        // U+FEFF
        0xEF => (behind(at + 1), behind(at + 2)) != (0xBB, 0xBF),
        _ => true,
    })
}

/// Characters without width: soft hyphens, joiners and their kin.
fn is_padding(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200D}' | '\u{2060}'
    )
}

/// Characters that are not text but instructions to a terminal or a browser.
fn controls_display(c: char) -> bool {
    c.is_control() || c == '\u{FEFF}' || turns_around(c)
}

/// Characters that have what stands around them read in another direction: embeddings, overrides and isolates.
pub(crate) fn turns_around(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// A text on one line that nobody is fooled by: what instructs a terminal or breaks the line is written as an escape, as
/// in `a\nb`. For names that somebody else gave, such as those of files.
pub fn visible(text: &str) -> Cow<'_, str> {
    let is_seen = |c: char| !controls_display(c) && !matches!(c, '\u{2028}' | '\u{2029}');
    if text.chars().all(is_seen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match is_seen(c) {
            true => shown.push(c),
            false => shown.extend(c.escape_default()),
        }
    }
    Cow::Owned(shown)
}

/// Whether `text` ends a sentence: `.` `…` `。` `!` (their full-width forms too), then quotes or
/// brackets. A question mark doesn't count: headlines end in one.
pub fn ends_sentence(text: &str) -> bool {
    before_closers(text).ends_with(['.', '…', '。', '!', '．', '｡', '！'])
}

/// [`ends_sentence`], or a question: what may stand in front of a “READ MORE”.
pub fn ends_sentence_or_question(text: &str) -> bool {
    ends_sentence(text) || before_closers(text).ends_with(['?', '？'])
}

/// Where the first sentence of a text ends, in bytes; its length where it is a single one. A point in a number, behind an
/// initial or a short title, and one that goes on in lower case ends none.
pub fn first_sentence(text: &str) -> usize {
    const SHORTENED: &[&str] = &[
        "mr", "mrs", "ms", "dr", "st", "no", "vs", "prof", "gen", "col", "sen", "rep", "gov", "jr",
        "sr", "etc", "approx", "vol", "fig", "nr", "bzw", "lt", "maj", "capt", "sgt", "adm", "rev",
        "amb", "pres", "messrs", "mt", "ft",
    ];
    // These may end a sentence, but none goes on with a figure then: “on Oct. 30”.
    const MONTHS: &[&str] = &[
        "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
    ];
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let is_wide = matches!(c, '。' | '！' | '？' | '．' | '｡');
        if !is_wide && !matches!(c, '.' | '!' | '?' | '…') {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((at, c)) = chars.peek().copied()
            && (before_closers(text.get(at..at + c.len_utf8()).unwrap_or("x")).is_empty()
                && c != ' '
                || matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？'))
        {
            end = at + c.len_utf8();
            chars.next();
        }
        let rest = &text[end..];
        if rest.trim().is_empty() {
            break;
        }
        if is_wide {
            return end;
        }
        let next = rest.trim_start().chars().next().unwrap_or(' ');
        if !rest.starts_with(char::is_whitespace) || next.is_lowercase() {
            continue;
        }
        let word = text[..at]
            .rsplit(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or("");
        let is_initial = word.chars().count() == 1 && !word.chars().any(is_cjk);
        let is_short = c == '.'
            && (is_initial
                || word.chars().all(|c| c.is_ascii_digit()) && next.is_numeric()
                || MONTHS.contains(&word.to_lowercase().as_str()) && next.is_numeric()
                || SHORTENED.contains(&word.to_lowercase().as_str()));
        if !is_short {
            return end;
        }
    }
    text.len()
}

fn before_closers(text: &str) -> &str {
    text.trim_end_matches([
        '"', '\'', '”', '’', '“', '‘', '»', '«', '›', '‹', ')', ']', '}', '」', '』', '】', '》',
        '〉', '）', '］', ' ',
    ])
}

/// The beginning of a text that has no more than so many characters: whole sentences, where the first one fits, else whole
/// words, else what fits. What is left is the rest of the text behind it.
pub fn beginning(text: &str, most: usize) -> &str {
    use unicode_segmentation::UnicodeSegmentation;
    let end = match text.char_indices().nth(most) {
        None => return text,
        Some((end, _)) => end,
    };
    let last = |bounds: &mut dyn Iterator<Item = (usize, &str)>| {
        bounds
            .map(|(at, piece)| at + piece.trim_end().len())
            .take_while(|until| *until <= end)
            .last()
            .filter(|until| *until > 0)
    };
    let until = last(&mut text.split_sentence_bound_indices())
        .or_else(|| last(&mut text.split_word_bound_indices()))
        .or_else(|| last(&mut text.grapheme_indices(true)))
        .unwrap_or(end);
    &text[..until]
}

#[cfg(test)]
mod tests {
    use super::{compatible, first_sentence};

    #[test]
    fn a_letter_has_so_many_marks_and_no_more() {
        let marked = |marks: usize| format!("a{}b", "\u{316}\u{300}".repeat(marks));
        let has_space = |text: &str| compatible(text).any(|c| c == ' ');
        assert!(!has_space(&marked(15)));
        assert!(has_space(&marked(16)));
        assert_eq!(compatible("e\u{301}").collect::<String>(), "é");
    }

    #[test]
    fn a_shortened_word_ends_no_sentence() {
        for (text, first) in [
            (
                "They met on Oct. 30 in Geneva. Then they left.",
                "They met on Oct. 30 in Geneva.",
            ),
            (
                "The round is set for Dec. Nobody objects.",
                "The round is set for Dec.",
            ),
            ("U.S. Gen. Kim spoke. He left.", "U.S. Gen. Kim spoke."),
            (
                "It rose by 1.5 percent. Then it fell.",
                "It rose by 1.5 percent.",
            ),
            ("회의는 끝났다. 다음은 없다.", "회의는 끝났다."),
        ] {
            assert_eq!(&text[..first_sentence(text)], first);
        }
    }
}
