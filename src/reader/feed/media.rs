//! The picture of a feed's item: what its elements say of pictures, else the first one in its text.

use feed_rs::model::Entry;

use crate::document::LOOKED_AT;
use crate::feed::json::Beside;
use crate::feed::salvage;
use crate::html::markup;
use crate::pictures;
use memchr::memmem;

/// What is declared at the beginning of feeds whose items may have thumbnails and covers.
const NAMESPACES: [&str; 3] = ["/mrss", "xmlns:media", "itunes"];

/// Where an item's picture is told of, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    /// `media:content`, of which an item may have several sizes.
    Content,
    /// An enclosure, or an attachment.
    Enclosure,
    /// `media:thumbnail`.
    Thumbnail,
    /// `itunes:image`: a podcast's episode.
    Cover,
}

/// The items of a feed as they are written, each under its number; none where they can't be told apart, or where nothing in
/// them may speak of pictures. Most feeds have none, and aren't looked through for nothing.
pub(crate) fn items<'t>(text: &'t str, entries: &[Entry]) -> Vec<&'t str> {
    let start = &text.as_bytes()[..text.len().min(LOOKED_AT)];
    let declares = |name: &&str| memmem::find(start, name.as_bytes()).is_some();
    let has_files = |entry: &Entry| !entry.media.is_empty() || entry.links.is_empty();
    let may_speak = NAMESPACES.iter().any(declares) || entries.iter().any(has_files);
    let is_enclosed = |entry: &Entry| {
        entry
            .links
            .iter()
            .any(|link| link.rel.as_deref() == Some("enclosure"))
    };
    if !may_speak && !entries.iter().any(is_enclosed) {
        return Vec::new();
    }
    let items = salvage::items(text);
    if items.len() == entries.len() {
        items
    } else {
        Vec::new()
    }
}

/// The picture of an item; `written` is its text in the feed, where that is known.
pub(crate) fn picture_of(
    entry: &Entry,
    beside: Option<&Beside>,
    written: Option<&str>,
    base: Option<&str>,
) -> Option<String> {
    let named = || {
        let mut named = beside.into_iter().flat_map(Beside::pictures);
        named.find_map(|address| pictures::address(base, address))
    };
    let mut offered = Offered::default();
    let shown = || {
        let texts = [
            entry.content.as_ref().and_then(|content| {
                let text = content.body.as_deref()?;
                Some((text, content.content_type.as_str()))
            }),
            entry
                .summary
                .as_ref()
                .map(|text| (text.content.as_str(), text.content_type.as_str())),
        ];
        let mut shown = texts.into_iter().flatten().filter(|(text, kind)| {
            // What says that it is plain text is only markup if it is that as a whole.
            *kind != "text/plain" || markup::is_whole(text)
        });
        shown.find_map(|(text, _)| pictures::first_within(text, base))
    };
    named()
        .or_else(|| {
            match written {
                Some(written) => offered.elements(written),
                None => offered.read(entry),
            }
            let (_, _, address) = offered.best?;
            pictures::address(base, &address)
        })
        .or_else(shown)
}

/// Where what is enclosed with an item is, as it is written.
pub(crate) fn enclosed(written: &str) -> Option<String> {
    let mut found = None;
    salvage::each_element(written, &mut |element| {
        if found.is_none() && element.name == "enclosure" {
            found = element.value("url");
        }
    });
    found
}

/// The pictures that an item offers, and the best of them.
#[derive(Default)]
struct Offered {
    /// Where it is told of, how wide it is, and its address as it is written.
    best: Option<(Place, u32, String)>,
}

impl Offered {
    /// Those of the item's elements. The library doesn't take all of them, and not what they say of themselves.
    fn elements(&mut self, written: &str) {
        salvage::each_element(written, &mut |element| {
            // Prefixes are anybody's; attributes aren't.
            let (place, address) = match element.name.as_str() {
                "content" => (Place::Content, "url"),
                "enclosure" => (Place::Enclosure, "url"),
                "thumbnail" => (Place::Thumbnail, "url"),
                "image" => (Place::Cover, "href"),
                "link" if element.value("rel").as_deref() == Some("enclosure") => {
                    (Place::Enclosure, "href")
                }
                _ => return,
            };
            let Some(address) = element.value(address) else {
                return;
            };
            let is_told = match element.value("medium") {
                Some(medium) => Some(medium == "image"),
                None => element.value("type").map(|kind| pictures::is_type(&kind)),
            };
            let side = |name: &str| element.value(name)?.trim().parse().ok();
            self.offer(place, &address, is_told, [side("width"), side("height")]);
        });
    }

    /// Those that the library has read.
    fn read(&mut self, entry: &Entry) {
        for media in &entry.media {
            for content in &media.content {
                let kind = content.content_type.as_ref();
                let is_told = kind.map(|kind| pictures::is_type(kind.as_str()));
                let sides = [content.width, content.height];
                if let Some(address) = &content.url {
                    self.offer(Place::Content, address.as_str(), is_told, sides);
                }
            }
            for thumbnail in &media.thumbnails {
                let image = &thumbnail.image;
                let sides = [image.width, image.height];
                self.offer(Place::Thumbnail, &image.uri, Some(true), sides);
            }
        }
        for link in &entry.links {
            let kind = link.media_type.as_deref();
            if kind.is_some_and(pictures::is_type) {
                self.offer(Place::Enclosure, &link.href, Some(true), [None; 2]);
            }
        }
    }

    /// Takes a picture, if it is one and better than what there is; `is_told` is what it says of being one.
    fn offer(
        &mut self,
        place: Place,
        address: &str,
        is_told: Option<bool>,
        sides: [Option<u32>; 2],
    ) {
        let is_one = match place {
            Place::Content | Place::Enclosure => {
                is_told.unwrap_or_else(|| pictures::ends_like_one(address))
            }
            Place::Thumbnail | Place::Cover => true,
        };
        let width = sides[0].unwrap_or(0);
        let is_better = self
            .best
            .as_ref()
            .is_none_or(|(best, widest, _)| place < *best || place == *best && width > *widest);
        if is_one
            && is_better
            && pictures::is_large_enough(sides)
            && pictures::may_be_one(address.trim())
        {
            self.best = Some((place, width, address.to_owned()));
        }
    }
}
