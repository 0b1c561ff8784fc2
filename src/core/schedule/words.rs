//! Words that somebody typed: what they were probably meant to be, and how they are echoed.

/// The candidate that a word was probably meant to be: at most two slips, and fewer in short words.
pub(crate) fn nearest(
    word: &str,
    candidates: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let word: String = word.chars().take(20).collect();
    candidates
        .map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate))
        .filter(|(slips, candidate)| *slips <= candidate.len().div_ceil(4).min(2))
        .min_by_key(|(slips, _)| *slips)
        .map(|(_, candidate)| candidate)
}

/// A user's words, short enough to be echoed.
pub(crate) fn clip(text: &str) -> String {
    const LONGEST: usize = 40;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
