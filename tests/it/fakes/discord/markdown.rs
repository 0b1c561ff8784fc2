//! Markdown as Discord's clients read it, written from their behaviour and not from the bot's code: masked links whose
//! labels don't unescape, marks in pairs, mentions.

/// A text as it is shown.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    /// Labels and addresses.
    pub(crate) links: Vec<(String, String)>,
    /// What acts besides links: `**`, `_`, `mention` …
    pub(crate) acts: Vec<String>,
}

/// Marks that act in pairs, the longer ones first.
const PAIRS: [&str; 7] = ["**", "__", "~~", "||", "*", "_", "`"];

/// Reads a text.
pub(crate) fn read(text: &str) -> Shown {
    let mut shown = Shown::default();
    inline(text, true, &mut shown);
    shown
}

fn inline(text: &str, unescapes: bool, shown: &mut Shown) {
    let mut rest = text;
    let mut before = ' ';
    'next: while let Some(c) = rest.chars().next() {
        if c == '\\' && unescapes && rest[1..].starts_with(|c: char| c.is_ascii_punctuation()) {
            shown.text.push_str(&rest[1..2]);
            before = 'x';
            rest = &rest[2..];
            continue;
        }
        if c == '['
            && let Some((label, address, length)) = link(rest)
        {
            let start = shown.text.len();
            inline(label, false, shown);
            let label = shown.text[start..].to_owned();
            shown.links.push((label, address.to_owned()));
            rest = &rest[length..];
            before = ')';
            continue;
        }
        for name in ["<@", "<#", "<:", "<a:", "<t:"] {
            if rest.starts_with(name) && rest.contains('>') {
                shown.acts.push("mention".to_owned());
            }
        }
        for name in ["@everyone", "@here"] {
            if rest.starts_with(name) {
                shown.acts.push(name.to_owned());
            }
        }
        let scheme = ["https://", "http://"]
            .iter()
            .any(|scheme| rest.starts_with(scheme));
        if scheme && !before.is_alphanumeric() {
            shown.acts.push("autolink".to_owned());
        }
        for mark in PAIRS {
            let Some(inner) = rest.strip_prefix(mark) else {
                continue;
            };
            let Some(end) = closing(inner, mark, unescapes) else {
                continue;
            };
            shown.acts.push(mark.to_owned());
            inline(&inner[..end], unescapes && mark != "`", shown);
            rest = &inner[end + mark.len()..];
            before = 'x';
            continue 'next;
        }
        shown.text.push(c);
        before = c;
        rest = &rest[c.len_utf8()..];
    }
}

/// Where a mark's other half stands.
fn closing(inner: &str, mark: &str, unescapes: bool) -> Option<usize> {
    let mut at = 0;
    while at < inner.len() {
        let rest = &inner[at..];
        if unescapes && mark != "`" && rest.starts_with('\\') {
            at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
            continue;
        }
        if rest.starts_with(mark) && at > 0 {
            let behind = rest[mark.len()..].chars().next();
            let is_word = behind.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
            let acts = match mark {
                "_" => !is_word,
                "*" => !rest.starts_with("**") && !inner.starts_with(char::is_whitespace),
                _ => true,
            };
            if acts {
                return Some(at);
            }
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    None
}

/// A masked link at the beginning of a text: its label, its address, and how long it is. A label's brackets may nest
/// once; a backslash says nothing in it.
fn link(text: &str) -> Option<(&str, &str, usize)> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth > 2 {
            return None;
        }
        if depth == 0 {
            let behind = text[at + 1..].strip_prefix('(')?;
            let end = behind.find(')')?;
            let address = &behind[..end];
            let is_web = address.starts_with("https://") || address.starts_with("http://");
            let is_whole = !address.contains(|c: char| c.is_whitespace() || "\\`*|".contains(c));
            return (is_web && is_whole).then(|| (&text[1..at], address, at + 1 + 1 + end + 1));
        }
    }
    None
}

/// A text without what can't be seen, and with the letters that others were put in for.
pub(crate) fn as_read(text: &str) -> String {
    let letter = |c: char| match c {
        '∗' => '*',
        'ˋ' => '`',
        'ˍ' => '_',
        '∼' => '~',
        '［' => '[',
        '］' => ']',
        c => c,
    };
    text.chars()
        .filter(|c| *c != '\u{2060}')
        .map(letter)
        .collect()
}

#[test]
fn it_reads_as_discord_does() {
    let shown =
        read(r"• **[\[a\] b](https://x.example/1)** \*not\* `co_de` _em_ snake_case_x <@1>");
    assert_eq!(
        shown.links,
        [(r"\[a\] b".to_owned(), "https://x.example/1".to_owned())]
    );
    assert_eq!(shown.text, r"• \[a\] b *not* co_de em snake_case_x <@1>");
    assert_eq!(shown.acts, ["**", "`", "_", "mention"]);
    assert_eq!(read("[a [b] c](https://x.example)").links.len(), 1);
    assert_eq!(read("[a ]b(https://x.example)").links.len(), 0);
}
