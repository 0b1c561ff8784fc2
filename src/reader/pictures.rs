//! Which picture is an item's. Nothing is fetched: an address and the tag that it stands in have to tell a picture from what
//! counts readers, fills space or stands for a person, a mood or a button.

use memchr::{memchr, memmem};

use crate::html::boilerplate;
use crate::limits::steps;
use tidings_core::bounds::{PICTURE_LENGTH, PICTURES_TRIED};
use tidings_core::item::clean_picture;

/// The shortest side of a picture, in pixels; smaller are icons, buttons and what counts readers.
const SHORTEST_SIDE: u32 = 50;

/// The longest tag of a picture, in bytes: one that holds the whole picture is longer.
const LONGEST_TAG: usize = 8_192;

/// The attributes that may hold a picture's address: pages that load pictures late have a placeholder in the first.
const ADDRESSES: [&str; 4] = ["src", "data-src", "data-lazy-src", "data-original"];

/// The attributes that hold several, for screens of several sizes.
const SETS: [&str; 2] = ["srcset", "data-srcset"];

/// What a file is called that shows nothing: by such words alone, beside numbers.
const NOTHING: &[&str] = &[
    "spacer",
    "pixel",
    "blank",
    "transparent",
    "tracking",
    "tracker",
    "track",
    "beacon",
    "open",
    "count",
    "counter",
    "clear",
    "dot",
    "1x1",
    "empty",
    "placeholder",
];

/// What a folder is called that such files stand in.
const FOLDERS: &[&str] = &["pixel", "tracking", "beacon"];

/// What a name belongs to that begins or ends with such a word: `facebook-icon.png`, `avatar_jane.jpg`.
const FURNITURE: &[&str] = &[
    "avatar",
    "avatars",
    "gravatar",
    "emoji",
    "emojis",
    "emoticon",
    "emoticons",
    "twemoji",
    "smiley",
    "smilies",
    "smileys",
    "icon",
    "icons",
    "favicon",
    "favicons",
    "logo",
    "logos",
    "spacer",
];

/// Parts of the names of hosts that count readers, or keep what stands for people.
const HOSTS: &[&str] = &[
    "gravatar",
    "pixel",
    "doubleclick",
    "feedburner",
    "feedsportal",
    "stats",
    "analytics",
    "twemoji",
];

/// The ends of files that hold a picture which chats show.
const EXTENSIONS: &[&str] = &["jpg", "jpeg", "png", "gif", "webp", "avif"];

/// Returns true if a media type is that of a picture which chats show: drawings in SVG aren't.
pub(crate) fn is_type(media_type: &str) -> bool {
    let media_type = media_type.trim().to_ascii_lowercase();
    media_type.starts_with("image/") && !media_type.starts_with("image/svg")
}

/// Returns true if an address ends like that of a picture.
pub(crate) fn ends_like_one(address: &str) -> bool {
    EXTENSIONS.iter().any(|known| ends_like(address, known))
}

/// Returns true if an address ends like that of a file of a kind, in any case.
pub(crate) fn ends_like(address: &str, kind: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or_default();
    let extension = path.rsplit_once('.').map_or("", |(_, end)| end);
    extension.eq_ignore_ascii_case(kind)
}

/// Returns true if a picture of such sides may be an item's, as far as they are known.
pub(crate) fn is_large_enough(sides: [Option<u32>; 2]) -> bool {
    let mut known = sides.into_iter().flatten();
    known.all(|side| side >= SHORTEST_SIDE)
}

/// A picture's address as it is kept, if it may be an item's by what it is called.
pub(crate) fn address(base: Option<&str>, written: &str) -> Option<String> {
    let written = Some(written.trim()).filter(|written| may_be_one(written))?;
    clean_picture(base, written)
}

/// The address in the tag of a picture, as it is written, if it may be an item's; of the tag its attributes are asked for.
pub(crate) fn of_tag<'t>(attribute: impl Fn(&str) -> Option<&'t str>) -> Option<&'t str> {
    let side = |name: &str| attribute(name).and_then(pixels);
    let class = attribute("class").unwrap_or_default();
    let style = attribute("style").unwrap_or_default();
    // A tag may be as long as its document.
    if class.len() + style.len() > LONGEST_TAG {
        return None;
    }
    steps::spend(STEPS_A_LETTER * (class.len() + style.len()));
    if !is_large_enough([side("width"), side("height")])
        || !is_large_enough(["width", "height"].map(|name| styled(style, name)))
        || boilerplate::hides(style)
        || class.split_whitespace().any(is_furniture)
    {
        return None;
    }
    let alone = ADDRESSES.iter().filter_map(|name| attribute(name));
    let of_sets = SETS.iter().filter_map(|name| largest(attribute(name)?));
    let mut addresses = alone.chain(of_sets).map(str::trim);
    addresses.find(|written| may_be_one(written))
}

/// The first picture in markup that may be an item's.
pub(crate) fn first_within(markup: &str, base: Option<&str>) -> Option<String> {
    written_within(markup).find_map(|written| clean_picture(base, written))
}

/// The pictures in markup that may be an item's, as they are written there.
pub(crate) fn written_within(markup: &str) -> impl Iterator<Item = &str> {
    steps::spend(markup.len());
    let mut tags = Tags { markup, at: 0 };
    let tags = std::iter::from_fn(move || tags.next());
    tags.take(PICTURES_TRIED.most).filter_map(|tag| {
        let attributes = attributes(tag);
        of_tag(|name| {
            let mut attributes = attributes.iter();
            let (_, value) = attributes.find(|(own, _)| own.eq_ignore_ascii_case(name))?;
            Some(*value)
        })
    })
}

/// Returns true if an address may be that of an item's picture: on the web, and nothing that only furnishes a page.
pub(crate) fn may_be_one(written: &str) -> bool {
    if written.is_empty() || written.len() > PICTURE_LENGTH.most {
        return false;
    }
    steps::spend(STEPS_A_LETTER * written.len());
    let scheme = written.split_once(':').map(|(scheme, _)| scheme);
    let is_elsewhere = scheme.is_some_and(|scheme| {
        scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
            && !["http", "https"]
                .iter()
                .any(|web| scheme.eq_ignore_ascii_case(web))
    });
    let path = written.split(['?', '#']).next().unwrap_or_default();
    let (host, path) = match path.split_once("//") {
        Some((_, rest)) => rest.split_once('/').unwrap_or((rest, "")),
        None => ("", path),
    };
    let (folders, file) = path.rsplit_once('/').unwrap_or(("", path));
    let end = file.rsplit_once('.').map_or("", |(_, end)| end);
    let (file, mut folders) = (stem(file), folders.split('/'));
    !is_elsewhere
        && !host.split('.').any(|label| is_among(label, HOSTS))
        && !is_among(end, &["svg", "svgz", "ico"])
        && !folders.any(|folder| is_among(folder, FOLDERS) || is_furniture(folder))
        && !is_furniture(file)
        && !is_nothing(file)
}

/// What it takes to look at a letter of an address.
const STEPS_A_LETTER: usize = 10;

fn is_among(word: &str, list: &[&str]) -> bool {
    list.iter().any(|one| word.eq_ignore_ascii_case(one))
}

/// The words of a name, without numbers and sizes: `icon` of `icon-32x32`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    let is_size = |word: &str| {
        let counts = |c: char| c.is_ascii_digit() || c == 'x';
        word != "1x1" && word.starts_with(|c: char| c.is_ascii_digit()) && word.chars().all(counts)
    };
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(move |word| !word.is_empty() && !is_size(word))
        .map(|word| match word {
            "1x1" => word,
            _ => word.trim_matches(|c: char| c.is_ascii_digit()),
        })
}

/// Whether a part of an address, or a class, is called like what only furnishes a page.
fn is_furniture(name: &str) -> bool {
    let mut words = words(name);
    let Some(first) = words.next() else {
        return false;
    };
    let last = words.last().unwrap_or(first);
    is_among(first, FURNITURE) || is_among(last, FURNITURE)
}

/// Whether a file is called like one that shows nothing.
fn is_nothing(file: &str) -> bool {
    let mut words = words(file).peekable();
    words.peek().is_some() && words.all(|word| is_among(word, NOTHING))
}

/// The name of a file without its end, which says how it is kept.
fn stem(file: &str) -> &str {
    match file.rsplit_once('.') {
        Some((stem, end)) if end.len() <= 5 => stem,
        _ => file,
    }
}

/// A side as an attribute has it: `640` or `640px`; a share of the page says nothing.
fn pixels(value: &str) -> Option<u32> {
    let value = value.trim();
    let digits = value.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = value.split_at(digits);
    let is_in_pixels = !unit.trim_start().starts_with(['%', 'e', 'r', 'v']);
    number.parse().ok().filter(|_| is_in_pixels)
}

/// A side as a style has it.
fn styled(style: &str, side: &str) -> Option<u32> {
    let mut told = style.split(';').filter_map(|one| one.split_once(':'));
    let (_, value) = told.find(|(name, _)| name.trim().eq_ignore_ascii_case(side))?;
    pixels(value)
}

/// The largest picture of a set: `small.jpg 320w, large.jpg 1280w`.
fn largest(set: &str) -> Option<&str> {
    /// Sizes of one picture.
    const MOST: usize = 20;
    fn one(one: &str) -> Option<(u32, &str)> {
        let mut words = one.split_whitespace();
        let written = words.next()?;
        let size = words.next().and_then(|size| {
            let number = size.trim_end_matches(['w', 'x', 'h']);
            number.split('.').next()?.parse().ok()
        });
        Some((size.unwrap_or(0), written.trim_end_matches(',')))
    }
    // Addresses may hold commas, but no spaces.
    let all = set.split(", ").take(MOST).filter_map(one);
    let best = all.reduce(|best, next| if next.0 > best.0 { next } else { best });
    best.map(|(_, written)| written)
}

/// The tags of pictures in markup, each once and in one pass.
struct Tags<'m> {
    markup: &'m str,
    at: usize,
}

impl<'m> Tags<'m> {
    /// What stands in the next tag behind its name.
    fn next(&mut self) -> Option<&'m str> {
        let bytes = self.markup.as_bytes();
        loop {
            let begin = self.at + memchr(b'<', bytes.get(self.at..)?)?;
            let rest = &bytes[begin..];
            if rest.starts_with(b"<!--") {
                // What is never closed is a comment up to the end.
                self.at = begin + memmem::find(rest, b"-->")?;
                continue;
            }
            let name = rest.get(1..4).unwrap_or_default();
            let ends = rest
                .get(4)
                .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/');
            self.at = begin + 1;
            if !ends || !name.eq_ignore_ascii_case(b"img") {
                continue;
            }
            let from = begin + 4;
            if let Some(length) = end_of_tag(&bytes[from..]) {
                self.at = from + length;
                return self.markup.get(from..from + length);
            }
        }
    }
}

/// Where a tag ends, if it does before the next one begins; what is quoted ends nothing.
fn end_of_tag(tag: &[u8]) -> Option<usize> {
    let tag = &tag[..tag.len().min(LONGEST_TAG)];
    let mut quote = None;
    let end = tag.iter().position(|byte| match quote {
        Some(open) => {
            if open == *byte {
                quote = None;
            }
            false
        }
        None => {
            if matches!(byte, b'"' | b'\'') {
                quote = Some(*byte);
            }
            matches!(byte, b'<' | b'>')
        }
    });
    steps::spend(end.unwrap_or(tag.len()));
    end.filter(|end| tag[*end] == b'>')
}

/// The attributes of a tag, as they are written.
fn attributes(tag: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = tag;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=' || c == '/');
        let (name, behind) = rest.split_at(end.unwrap_or(rest.len()));
        if name.is_empty() && behind.is_empty() {
            return found;
        }
        let Some(value) = behind.trim_start().strip_prefix('=') else {
            rest = behind;
            continue;
        };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, behind) = match quote {
            Some(quote) => value[1..].split_once(quote).unwrap_or((&value[1..], "")),
            None => {
                let end = value.find(char::is_whitespace).unwrap_or(value.len());
                value.split_at(end)
            }
        };
        if !name.is_empty() {
            found.push((name, value));
        }
        rest = behind;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn shows(markup: &str, expected: &str) {
        let found = first_within(markup, Some("https://news.example/a/"));
        assert_eq!(found.as_deref().unwrap_or_default(), expected, "{markup}");
    }

    #[test]
    fn the_first_picture_that_fits() {
        let one = "https://news.example/a/one.jpg";
        for markup in [
            "<p>Text <img src=one.jpg> and <img src=two.jpg></p>",
            "<IMG alt='a > b' SRC = 'one.jpg'/>",
            "<img src=\"/spacer.gif\"><img src='one.jpg' width=\"640\" height=480>",
            "<img src=p.png width=1 height=1><img src=one.jpg width=100%>",
            "<img src=p.png style='width: 1px; height: 1px'><img src=one.jpg>",
            "<img src=p.png style='display:none'><img src=one.jpg>",
            "<img src=😀.png class='wp-smiley'><img class=emoji src=a.png><img src=one.jpg>",
            "<img src='data:image/gif;base64,R0lGODlh' data-src=one.jpg>",
            "<img srcset='small.jpg 320w, one.jpg 1280w, middle.jpg 640w'>",
            "<!-- <img src=two.jpg> --><img src=one.jpg>",
            "<img src=two.jpg <img src=one.jpg>",
            "<img alt=\"never closed <img src='one.jpg'>",
            "<img src=//0.gravatar.com/avatar/9f?s=96><img src=one.jpg>",
            "<img src=https://pixel.wp.example/b.jpg><img src=icon-32x32.png><img src=drawing.svg><img src=one.jpg>",
        ] {
            shows(markup, one);
        }
        shows(
            "<img src='/a.png?w=1&amp;h=2'>",
            "https://news.example/a.png?w=1&h=2",
        );
        // What a picture shows may be called like that.
        shows(
            "<img src=/google-pixel-10.jpg>",
            "https://news.example/google-pixel-10.jpg",
        );
        shows(
            "<img src=/point-blank-range.jpg>",
            "https://news.example/point-blank-range.jpg",
        );
    }

    #[test]
    fn what_is_no_picture() {
        for markup in [
            "",
            "<img",
            "<img>",
            "<img src>",
            "<img src=>",
            "<imgs src=one.jpg>",
            "<img src=javascript:alert(1)>",
            "<img src=' JavaScript:alert(1)'>",
            "<img src='java\nscript:alert(1)'>",
            "<img src=data:image/png;base64,AAAA>",
            "<img src=cid:part1@mail>",
            "<img src=file:///etc/passwd>",
            "<img src=ftp://news.example/one.jpg>",
            "<img src='#'>",
            "<!-- <img src=one.jpg>",
        ] {
            shows(markup, "");
        }
        shows(&format!("<img src=/{}.jpg>", "a".repeat(10_000)), "");
        shows(&format!("<img src=/{}.jpg>", "é".repeat(1_000)), "");
        let pixels = "<img src=/pixel.gif>".repeat(PICTURES_TRIED.most);
        shows(&format!("{pixels}<img src=one.jpg>"), "");
    }
}
