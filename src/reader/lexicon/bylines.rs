//! What says who wrote a story, of what kind it is and where it appeared, beside its headline.

/// Parts of addresses behind which a site keeps its writers and its kinds of stories, one of each.
pub(crate) const SHELVES: &[&str] = &[
    "author",
    "authors",
    "by",
    "byline",
    "contributor",
    "contributors",
    "people",
    "person",
    "profile",
    "profiles",
    "reporter",
    "reporters",
    "staff",
    "user",
    "users",
    "writer",
    "writers",
    "category",
    "categories",
    "label",
    "labels",
    "tag",
    "tags",
    "tagged",
    "topic",
    "topics",
];

/// Those of them that kinds of stories stand behind.
pub(crate) const KINDS: &[&str] = &[
    "category",
    "categories",
    "label",
    "labels",
    "section",
    "sections",
    "tag",
    "tags",
    "tagged",
    "topic",
    "topics",
];

/// Parts of addresses at which a site asks something of its readers.
pub(crate) const COUNTERS: &[&str] = &[
    "donate",
    "donation",
    "donations",
    "subscribe",
    "signup",
    "sign-up",
    "unsubscribe",
];

/// First words of what a site asks of its readers, and never of what a story is called.
pub(crate) const ASKED: &[&str] = &["donate", "subscribe", "unsubscribe"];

/// What stands in front of the link of somebody whose picture it is, or of the kind that a story is of.
pub(crate) const CREDITS: &str = r"^(?i:(?:photo(?:graph)?|image|picture|illustration)(?: (?:credits?|courtesy(?: of)?|by|from|via))?\s*[:：/]|(?:photo(?:graph)?s?|images?|pictures?|illustration) (?:credits?|courtesy(?: of)?|by|via) |credits?\s*[:：]|(?:filed under|posted in|categor(?:y|ies)|tags?|tagged|topics?|authors?|written by|reported by|posted by)\s*[:：]|(?:filed under|posted (?:in|by)|written by|reported by) |(?:사진|이미지|분류|태그|카테고리|글쓴이|기자|작성자)\s*[:：=/])";

/// What elements are called that hold a label: words of their classes.
pub(crate) const NAMES: &[&str] = &[
    "author",
    "authors",
    "byline",
    "bylines",
    "cat",
    "categories",
    "category",
    "cats",
    "credit",
    "credits",
    "rubric",
    "tag",
    "tags",
    "topic",
    "topics",
    "writer",
];

/// What elements are called that hold a story with all that belongs to it.
pub(crate) const ENTRIES: &[&str] = &[
    "article", "card", "entry", "hentry", "item", "post", "story", "teaser",
];

/// What stands over stories that have to do with one, or in front of them, folded.
pub(crate) const RELATED: &str = r"^(?:(?:our )?related(?: (?:stor(?:y|ies)|articles?|posts?|coverage|reading|links?|news))?|see also|read also|also read|more on this(?: story)?|further reading|관련 ?(?:기사|뉴스|글)|함께 ?(?:읽기|보기|볼만한 기사))$";

/// What else those are called that hold several.
pub(crate) const AROUND_ENTRIES: &[&str] =
    &["content", "body", "list", "grid", "container", "wrapper"];

/// What stands between the name of somebody who writes and a date, where no comma does.
pub(crate) const WRITERS: [&str; 3] = [" 기자 ", " 특파원 ", " 記者 "];
