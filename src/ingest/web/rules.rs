//! What `robots.txt` says (RFC 9309): only what concerns us is kept of it.

use std::time::Duration;

use memchr::memmem;

use tidings_core::bounds::ROBOTS_SIZE;

/// What `robots.txt` calls us.
const NAME: &[u8] = b"tidings";

/// The longest pause that `robots.txt` may ask for between two requests, in seconds.
const LONGEST_DELAY: f32 = 30.0;

/// What a site lets us fetch, and how fast.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Patterns of paths one behind the other, each on a line, with `+` before what is allowed and `-` before what
    /// isn't.
    patterns: Vec<u8>,
    /// How long we are to wait between two requests.
    pub delay: Duration,
}

/// What is said to one group of programs.
#[derive(Default)]
struct Group {
    rules: Rules,
    /// Whether it is there at all: an empty one allows everything.
    is_said: bool,
}

impl Rules {
    /// Reads what a site says to us, or else to everybody. Whatever it is, it is read: what isn't a rule says nothing.
    pub fn read(text: &[u8]) -> Rules {
        let text = &text[..text.len().min(ROBOTS_SIZE.most)];
        let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
        let (mut ours, mut all) = (Group::default(), Group::default());
        // Several names in a row stand over one group, and groups of one name are one.
        let (mut for_us, mut for_all, mut in_names) = (false, false, false);
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let line = line.split(|byte| *byte == b'#').next().unwrap_or_default();
            let Some(colon) = memchr::memchr(b':', line) else {
                continue;
            };
            let (key, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
            let is = |name: &[u8]| key.eq_ignore_ascii_case(name);
            if is(b"user-agent") || is(b"useragent") || is(b"user agent") {
                if !in_names {
                    (for_us, for_all) = (false, false);
                }
                in_names = true;
                for_us |= is_us(value);
                for_all |= value.starts_with(b"*");
                ours.is_said |= for_us;
                all.is_said |= for_all;
                continue;
            }
            let told = [(for_us, &mut ours), (for_all, &mut all)];
            let told = told.into_iter().filter(|(is_told, _)| *is_told);
            if is(b"allow") || is(b"disallow") {
                in_names = false;
                for (_, group) in told {
                    group.rules.add(is(b"allow"), value);
                }
            } else if is(b"crawl-delay") {
                in_names = false;
                let seconds = std::str::from_utf8(value)
                    .ok()
                    .and_then(|v| v.parse::<f32>().ok());
                for (_, group) in told {
                    let seconds = seconds.filter(|seconds| *seconds > 0.0).unwrap_or_default();
                    group.rules.delay = Duration::from_secs_f32(seconds.min(LONGEST_DELAY));
                }
            }
        }
        if ours.is_said { ours.rules } else { all.rules }
    }

    /// What they take, in bytes.
    pub fn size(&self) -> usize {
        self.patterns.len()
    }

    fn add(&mut self, allows: bool, path: &[u8]) {
        // An empty rule forbids nothing.
        if path.is_empty() || self.patterns.len() + path.len() > ROBOTS_SIZE.most {
            return;
        }
        self.patterns.push(if allows { b'+' } else { b'-' });
        push_spelt(path, &mut self.patterns);
        self.patterns.push(b'\n');
    }

    /// Whether a path, with its query, may be fetched: the longest rule that fits says so, and of two of one length
    /// the one that allows it (RFC 9309, 2.2.2).
    pub fn allow(&self, path: &str) -> bool {
        if path == "/robots.txt" {
            return true;
        }
        let mut spelt = Vec::with_capacity(path.len());
        push_spelt(path.as_bytes(), &mut spelt);
        let fits = self
            .patterns
            .split(|byte| *byte == b'\n')
            .filter_map(|rule| rule.split_first())
            .filter(|(_, pattern)| matches(pattern, &spelt))
            .map(|(sign, pattern)| (pattern.len(), *sign == b'+'));
        fits.max().is_none_or(|(_, allows)| allows)
    }
}

/// Whether a group's name is ours: names are compared up to their version, as words.
fn is_us(name: &[u8]) -> bool {
    let end = name
        .iter()
        .position(|byte| !(byte.is_ascii_alphabetic() || matches!(byte, b'-' | b'_')))
        .unwrap_or(name.len());
    name[..end].eq_ignore_ascii_case(NAME)
}

/// A path in the one way of spelling it: what needn't be escaped isn't, and the rest is, in capitals.
fn push_spelt(path: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < path.len() {
        let escaped = path.get(at + 1..at + 3).filter(|_| path[at] == b'%');
        let byte = escaped
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        match byte {
            Some(byte) if plain(byte) => out.push(byte),
            Some(byte) => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
            None if path[at].is_ascii_graphic() => out.push(path[at]),
            None => out.extend_from_slice(format!("%{:02X}", path[at]).as_bytes()),
        }
        at += if byte.is_some() { 3 } else { 1 };
    }
}

/// Whether a path begins as a pattern says, in which `*` is anything and a `$` at the end is the path's end.
fn matches(pattern: &[u8], path: &[u8]) -> bool {
    let (pattern, is_whole) = match pattern.strip_suffix(b"$") {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut pieces = pattern.split(|byte| *byte == b'*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = path.strip_prefix(first) else {
        return false;
    };
    let mut pieces = pieces.peekable();
    if pieces.peek().is_none() {
        return !is_whole || rest.is_empty();
    }
    while let Some(piece) = pieces.next() {
        if is_whole && pieces.peek().is_none() {
            return rest.ends_with(piece);
        }
        match memmem::find(rest, piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    true
}
