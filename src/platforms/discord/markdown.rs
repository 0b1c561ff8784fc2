//! Source text as Discord's Markdown: it reads as it is, and can't become markup, a link or a mention.

/// Characters that mean something in Discord's Markdown, wherever they stand
/// (<https://support.discord.com/hc/en-us/articles/210298617>).
const SPECIAL: &[char] = &['\\', '*', '_', '~', '`', '|', '[', ']', '<', '>'];

/// Escapes text. Addresses in it aren't links, and what would begin a heading, a list or a quotation doesn't.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + 16);
    let mut at_start = true;
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let marks = match c {
            '#' | '-' | '+' => at_start,
            // `https://` is a link by itself, and `1.` a list.
            // So does `:smile:` look as if somebody had chosen it.
            ':' => rest.starts_with("://") || is_shortcode(rest),
            '.' => at_start_of_list(&escaped),
            // `@everyone` looks as if it pinged, even if it doesn't.
            '@' => true,
            _ => SPECIAL.contains(&c),
        };
        if marks {
            escaped.push('\\');
        }
        escaped.push(c);
        at_start = c == '\n' || at_start && c == ' ';
        rest = &rest[c.len_utf8()..];
    }
    escaped
}

/// Whether a text begins with the short name of an emoji between colons.
fn is_shortcode(text: &str) -> bool {
    let name = text[1..].split(':').next().unwrap_or_default();
    name.len() + 1 < text.len()
        && name.contains(|c: char| c.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_+-".contains(&b))
}

/// Whether a line so far is nothing but a number.
fn at_start_of_list(escaped: &str) -> bool {
    let line = escaped.rsplit('\n').next().unwrap_or("").trim_start();
    !line.is_empty() && line.bytes().all(|byte| byte.is_ascii_digit())
}

/// What can't be seen and keeps two letters from being read as one thing: WORD JOINER.
const JOINER: char = '\u{2060}';

/// Text as a link's label. Discord shows backslashes there, so marks that would act are broken by a joiner that nobody
/// sees or give way to letters that read the same, and brackets that don't nest to others.
pub(super) fn label(text: &str) -> String {
    let nests = nests(text);
    let mut label = String::with_capacity(text.len() + 8);
    let mut before = ' ';
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let whole = rest;
        rest = &rest[c.len_utf8()..];
        let next = rest.chars().next();
        let is_word = |c: char| c.is_ascii_alphanumeric();
        match c {
            '*' => label.push('∗'),
            '`' => label.push('ˋ'),
            // Within words, as in `snake_case`, it doesn't act.
            '_' if !(is_word(before) && next.is_some_and(is_word)) => label.push('ˍ'),
            '~' if before == '~' || next == Some('~') => label.push('∼'),
            '[' if !nests => label.push('［'),
            ']' if !nests => label.push('］'),
            '|' if next == Some('|') => label.extend([c, JOINER]),
            '<' | '@' if next.is_some_and(|next| !next.is_whitespace()) => {
                label.extend([c, JOINER]);
            }
            ':' if rest.starts_with("//") || is_shortcode(whole) => label.extend([c, JOINER]),
            '\n' | '\r' => label.push(' '),
            c => label.push(c),
        }
        before = c;
    }
    label
}

/// Whether a text's brackets stand in pairs, none within another and none that would make a link.
fn nests(text: &str) -> bool {
    let mut open = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '[' if open => return false,
            '[' => open = true,
            ']' if !open || chars.peek() == Some(&'(') => return false,
            ']' => open = false,
            _ => {}
        }
    }
    // A backslash in front of a bracket takes it out of the count.
    !open && !text.contains("\\[") && !text.contains("\\]") && !text.ends_with('\\')
}

/// An address as it can stand in a link's brackets.
pub(super) fn address(link: &str) -> String {
    let mut address = String::with_capacity(link.len());
    for c in link.chars() {
        match c {
            '(' => address.push_str("%28"),
            ')' => address.push_str("%29"),
            '<' => address.push_str("%3C"),
            '>' => address.push_str("%3E"),
            '\\' => address.push_str("%5C"),
            // They would act on what stands around the link.
            '*' => address.push_str("%2A"),
            '`' => address.push_str("%60"),
            '|' => address.push_str("%7C"),
            c if c.is_whitespace() => address.push_str("%20"),
            c => address.push(c),
        }
    }
    address
}

/// Markdown of ours without its links: their labels stay, and addresses that stand by themselves go.
pub(super) fn unlinked(text: &str) -> String {
    let mut unlinked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(found) = rest.find("](") {
        let label = rest[..found].rfind('[');
        let end = rest[found..].find(')');
        let (Some(label), Some(end)) = (label, end) else {
            break;
        };
        unlinked.push_str(&rest[..label]);
        unlinked.push_str(&rest[label + 1..found]);
        rest = &rest[found + end + 1..];
    }
    unlinked.push_str(rest);
    for scheme in ["<https://", "<http://"] {
        while let Some(start) = unlinked.find(scheme) {
            let length = unlinked[start..].find('>').map_or(1, |length| length + 1);
            unlinked.replace_range(start..start + length, "");
        }
    }
    unlinked
}
