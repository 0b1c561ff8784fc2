//! Headline, text and address, in this order or with the text last, each on lines of its own, as programs write the text part of a newsletter.

use tidings_core::text;

use crate::html::markup::squeezed;
use crate::text::read_more;

/// What programs make of an item in the text part of a newsletter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InLines {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) address: String,
}

/// The shortest line that anybody breaks because it is full, in columns.
const NARROWEST: usize = 60;

/// Reads `Headline`, text and an address, or headline, address and text, each on lines of its own: the first line ends
/// before it is full, and nothing goes on behind it.
pub(crate) fn in_lines(text: &str) -> Option<InLines> {
    let mut lines = text
        .lines()
        .map(|line| line.trim_matches(text::is_blank))
        .filter(|line| !line.is_empty());
    let first = lines.next()?;
    let rest: Vec<&str> = lines.collect();
    // The address may stand right under the headline, and the text behind it.
    if let Some((second, text)) = rest.split_first()
        && let Some(address) = read_more::only_address(second)
        && read_more::only_address(first).is_none()
        && text
            .iter()
            .all(|line| read_more::only_address(line).is_none())
    {
        return Some(InLines {
            title: squeezed(first.trim_end_matches([':', '：', ' '])),
            text: squeezed(&text.join("\n")),
            address: address.to_owned(),
        });
    }
    let (last, between) = rest.split_last()?;
    let address = read_more::only_address(last)?;
    let columns = |text: &str| {
        let width = |c: char| if text::is_cjk(c) { 2 } else { 1 };
        text.chars().map(width).sum::<usize>()
    };
    let first = first.trim_end_matches([':', '：', ' ']);
    let Some(second) = between.first() else {
        return Some(InLines {
            title: squeezed(first),
            text: String::new(),
            address: address.to_owned(),
        });
    };
    let widest = between.iter().map(|line| columns(line)).max().unwrap_or(0);
    let word = second.split(' ').next().unwrap_or_default();
    let is_full = columns(first) + 1 + columns(word) > NARROWEST.max(widest);
    let goes_on = second.starts_with(char::is_lowercase) || first.ends_with([',', '-', '–', '、']);
    let split = if is_full || goes_on { between.len() } else { 0 };
    let title: Vec<&str> = std::iter::once(first)
        .chain(between[..split].iter().copied())
        .collect();
    Some(InLines {
        title: squeezed(&title.join("\n")),
        text: squeezed(&between[split..].join("\n")),
        address: address.to_owned(),
    })
}
