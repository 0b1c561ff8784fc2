//! Every bound on what comes from outside, with its reason: one table, which `tidings check -v` prints. Whatever
//! somebody sends, a document, an address, a message or an answer, it costs at most one second of processor time and
//! 64 MB beyond its own size, and keeps nobody waiting for more than two seconds. For documents that holds up to the
//! sizes that come over the web (8 MB, `[fetch] items`); a larger file that an operator puts into a folder may cost as
//! much more as it is larger ([`STEPS_A_BYTE`]), and its items are filed in one transaction, some 15 µs each: an archive
//! of headlines of our own, which has an item in 256 bytes, takes one second for 16 MB. What an operator may set
//! (`[fetch]`, `max_burst`) stands in the configuration.

use std::time::Duration;

/// The most that is taken of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bound {
    /// What is bounded.
    pub name: &'static str,
    /// How much of it there may be.
    pub most: usize,
    /// What is counted.
    pub unit: &'static str,
    /// Why so much, and why no more.
    pub why: &'static str,
}

const fn bound(name: &'static str, most: usize, unit: &'static str, why: &'static str) -> Bound {
    Bound {
        name,
        most,
        unit,
        why,
    }
}

impl Bound {
    /// A bound in seconds, as a time.
    pub const fn time(&self) -> Duration {
        Duration::from_secs(self.most as u64)
    }
}

/// The largest file that is read as a document.
pub const FILE_SIZE: Bound = bound(
    "a file",
    256 * 1024 * 1024,
    "bytes",
    "a year of weekly digests is a thousandth of it; what comes over the web is bounded by [fetch] largest",
);

/// Documents of a folder that are in memory at once.
pub const BYTES_AHEAD: Bound = bound(
    "files that were read and wait to be filed",
    32 * 1024 * 1024,
    "bytes",
    "enough that neither of two threads waits for the other; a larger file goes alone",
);

/// Items of a document.
pub const DOCUMENT_ITEMS: Bound = bound(
    "items of a document, beside one for each 512 bytes of it",
    25_000,
    "items",
    "each costs half a kilobyte until it is filed, however short it is, and 15 µs to be filed, in which nobody else can \
     write; a source on the web has 5,000 at most ([fetch] items)",
);

/// Entries of a feed, and messages of an archive of mails.
pub const ENTRIES: Bound = bound(
    "entries of a feed or messages of an archive, beside one for each 256 bytes of it",
    20_000,
    "entries",
    "libraries keep a kilobyte of each as long as all are read",
);

/// Steps of one reading, for each byte of the document.
pub const STEPS_A_BYTE: Bound = bound(
    "steps of a parser for each byte of a document",
    64,
    "steps",
    "the parsers pass over a document some thirty times at most; a step is about a nanosecond, so that the largest \
     document of the web takes a second",
);

/// Steps of one reading whatever its size.
pub const STEPS: Bound = bound(
    "steps of a parser beside those",
    100_000_000,
    "steps",
    "a tenth of a second: what a small document may cost that is put together with art",
);

/// The stack of the threads that read documents.
pub const STACK: Bound = bound(
    "the stack of a thread that reads documents",
    16 * 1024 * 1024,
    "bytes",
    "the deepest document that the bounds on nesting let through needs 70 kB, and in a build with all checks not yet an eighth \
     of this; what isn't touched costs nothing",
);

/// Elements within one another.
pub const MARKUP_DEPTH: Bound = bound(
    "elements of markup in one another",
    512,
    "levels",
    "Chromium's parser stops at the same depth (kMaximumHTMLParserDOMTreeDepth)",
);

/// Tags of a page.
pub const PAGE_TAGS: Bound = bound(
    "elements and comments of a web page, eight attributes counting as one",
    60_000,
    "elements",
    "each costs half a kilobyte as long as the page is read, which with the copies of its text is 64 MB; pages of news \
     have thousands",
);

/// Names in the markup of a page.
pub const MARKUP_NAMES: Bound = bound(
    "different names of elements, attributes and classes in a web page, longer than seven letters",
    30_000,
    "names",
    "a parser looks for each in one of 4,096 lists; a large page has a thousand, and 30,000 cost a tenth of a second",
);

/// Attributes of a tag.
pub const TAG_ATTRIBUTES: Bound = bound(
    "attributes of a tag",
    1_000,
    "attributes",
    "parsers compare each with those before it",
);

/// Namespaces that are declared at one place of a feed.
pub const NAMESPACES: Bound = bound(
    "namespaces that hold at one place of a feed",
    200,
    "declarations",
    "parsers look through all of them at each tag; feeds declare ten",
);

/// Formatting that a parser of HTML opens again.
pub const REPEATED_FORMATTING: Bound = bound(
    "elements that are made again because formatting wasn't closed",
    2_000_000,
    "elements",
    "the rules of HTML make one for each block behind an unclosed tag",
);

/// Pieces of a document from the web.
pub const DOCUMENT_PIECES: Bound = bound(
    "tags, lines or values of a document from the web, and lines of a mail from anywhere",
    500_000,
    "pieces",
    "each costs a hundred bytes as long as the document is read",
);

/// Pieces of a feed.
pub const FEED_PIECES: Bound = bound(
    "tags or values of a feed, beside one for each 20 bytes of it",
    150_000,
    "pieces",
    "each costs a hundred bytes as long as the feed is read; an archive has one for each 36 bytes",
);

/// Elements of a feed from the web.
pub const FEED_ELEMENTS: Bound = bound(
    "elements of a feed from the web, two values of JSON counting as one",
    120_000,
    "elements",
    "a library keeps a third of a kilobyte of each as long as the feed is read; 5,000 items have two dozen each",
);

/// What a document from the web may be as text.
pub const DECODED: Bound = bound(
    "the text of a document from the web that is in another encoding, unless its bytes are more",
    7_500_000,
    "bytes",
    "one byte may stand for three (€ in Windows' letters), and there are eight copies of a text at the most",
);

/// What a mail from the web says.
pub const MAIL_TEXT: Bound = bound(
    "the text of a mail from the web, or its page",
    4_000_000,
    "bytes",
    "the mail, its parts and what is made of them are there together; mailers cut what is longer than a tenth of a \
     megabyte",
);

/// Pieces that a packed answer of the web is put together of.
pub const GZIP_MEMBERS: Bound = bound(
    "pieces of a document that comes packed (gzip)",
    1_000,
    "pieces",
    "each costs microseconds, and may be empty; those who pack in pieces have one for each day, or one for each part of a log",
);

/// Marks of a Markdown document.
pub const MARKDOWN_MARKS: Bound = bound(
    "lines and marks of a Markdown document",
    250_000,
    "marks",
    "each bracket, star, bar or line may cost two hundred bytes; a book has a fifth of it",
);

/// Lists and quotations of Markdown within one another.
pub const MARKDOWN_DEPTH: Bound = bound(
    "lists and quotations of a Markdown document in one another",
    100,
    "levels",
    "parsers look through all of them at each line",
);

/// Mails within mails.
pub const MAIL_DEPTH: Bound = bound(
    "parts of a mail in one another",
    50,
    "levels",
    "parsers put one into the other without end; a mail that was forwarded ten times needs thirty",
);

/// Parts of a mail.
pub const MAIL_PARTS: Bound = bound(
    "parts of a mail",
    5_000,
    "parts",
    "each costs a few hundred bytes; a month of a busy list has a fifth of it",
);

/// What parts of a mail may cost together.
pub const MAIL_SEARCHED: Bound = bound(
    "parts of a mail, times its size",
    1_000_000_000,
    "bytes",
    "each part that doesn't end is searched for to the end of the mail, half a nanosecond for each byte: half a second",
);

/// Headers of a mail.
pub const MAIL_HEADERS: Bound = bound(
    "headers of a mail and its parts",
    50_000,
    "headers",
    "each costs a few hundred bytes as long as the mail is read; a mail has fifty, and each of its parts five",
);

/// The headers of one message.
pub const MAIL_HEADER: Bound = bound(
    "a header of a mail",
    65_536,
    "bytes",
    "parsers compare the parameters of a header with one another; what is beyond is left out",
);

/// The longest address.
pub const ADDRESS_LENGTH: Bound = bound(
    "an address",
    8_192,
    "bytes",
    "what servers take (RFC 9110, 4.1, asks for 8,000); a longer one leads nowhere",
);

/// The longest address of a picture.
pub const PICTURE_LENGTH: Bound = bound(
    "the address of an item's picture",
    2_048,
    "bytes",
    "nobody who shows pictures takes a longer one; the item goes without",
);

/// Pictures of an item that are looked at.
pub const PICTURES_TRIED: Bound = bound(
    "pictures of an item that are looked at until one fits",
    20,
    "pictures",
    "each costs as much as a link; in front of an item's own there stand a few pixels and icons at most",
);

/// How much of a text is searched for a date.
pub const DATE_LENGTH: Bound = bound(
    "the text that a date is looked for in",
    2_000,
    "bytes",
    "a date line is short, and a paragraph of megabytes must not cost as much as it is long",
);

/// A heading that makes a section.
pub const HEADING_LENGTH: Bound = bound(
    "a heading that stands over items",
    1_000,
    "bytes",
    "each item below it is filed under it, and its title is a section's; a longer one heads nothing",
);

/// How much longer than twice itself a text may become.
pub const FOLD_GROWTH: Bound = bound(
    "what a text grows by when it is folded, beyond twice its length",
    512,
    "bytes",
    "one character may stand for eighteen letters (U+FDFA); no language doubles its texts that way, and a document has \
     thousands of texts",
);

/// By how much of a text its encoding is guessed.
pub const GUESSED_BY: Bound = bound(
    "letters beyond ASCII by which an encoding that nobody names is guessed",
    65_536,
    "bytes",
    "each is tried in thirty encodings, a quarter of a microsecond; a few hundred tell them apart",
);

/// How much of a feed's date is read.
pub const MOMENT_LENGTH: Bound = bound(
    "a moment of a feed",
    100,
    "bytes",
    "the longest form that is known has 60; patterns take up to 40 µs for one of this length, and 5,000 items may have \
     three each",
);

/// What of `robots.txt` is read.
pub const ROBOTS_SIZE: Bound = bound(
    "a site's robots.txt",
    512 * 1024,
    "bytes",
    "RFC 9309 (2.5) wants 500 KiB at least to be read; what is beyond isn't",
);

/// What is kept of all of them.
pub const ROBOTS_HELD: Bound = bound(
    "what is kept of the robots.txt of all sites",
    8 * 1024 * 1024,
    "bytes",
    "a site's rules are a hundred bytes; beyond it all but what is being asked is forgotten, and read anew",
);

/// A line of chat.
pub const LINE_LENGTH: Bound = bound(
    "a line of chat",
    4_096,
    "characters",
    "the longest message of the platforms that have one; a longer one is refused, never cut",
);

/// A name that is looked for among names that are near to it.
pub const NAME_LENGTH: Bound = bound(
    "what a near name is looked for by",
    100,
    "characters",
    "each letter is compared with each of a thousand names; no section is called so long a name",
);

/// Words of a name.
pub const NAME_WORDS: Bound = bound(
    "words at the beginning of a line that may be a section's name",
    30,
    "words",
    "each beginning is looked up; a section's name has half of it",
);

/// What an item is found by.
pub const WORDS_LENGTH: Bound = bound(
    "what of an item's text the search finds it by",
    100_000,
    "bytes",
    "a long article has a fifth of it; the index takes a microsecond for each word, and keeps them in memory",
);

/// The words of an item that are indexed.
pub const ITEM_WORDS: Bound = bound(
    "words, or pairs of letters, of an item that the search finds it by",
    16_000,
    "words",
    "PostgreSQL knows no place behind the 16,383rd; a long article has 3,000",
);

/// The words of an item that are indexed, in bytes.
pub const ITEM_WORDS_LENGTH: Bound = bound(
    "words of an item that the search finds it by, all together",
    500_000,
    "bytes",
    "with their places they take up to 1 MB in PostgreSQL, which takes no more",
);

/// The letters of a word that are indexed.
pub const WORD_LENGTH: Bound = bound(
    "letters of a word that it is found by",
    100,
    "letters",
    "PostgreSQL takes 2,046 bytes; what is longer is an address, a picture or a key. It is found by its beginning, also where \
     more of it is asked for",
);

/// The places of a word in an item that are indexed.
pub const ITEM_PLACES: Bound = bound(
    "places of one word in an item",
    255,
    "places",
    "PostgreSQL keeps no more; phrases around later ones aren't found",
);

/// What the items of a document are found by, all together.
pub const DOCUMENT_TEXT: Bound = bound(
    "what of the texts of all items of a document from the web the search finds them by",
    4_000_000,
    "bytes",
    "the longest texts are cut first; a newspaper's whole week has half of it, and folding takes up to a tenth of a \
     microsecond for each byte",
);

/// The different words that the items of a document are found by.
pub const DOCUMENT_WORDS: Bound = bound(
    "different words, or pairs of letters, that the search finds the items of a document from the web by",
    60_000,
    "words",
    "the index takes two microseconds for each that it meets anew, and 250 bytes of memory until it is written; a \
     megabyte of news has 20,000. Behind them an item is found by its beginning, and by words that others have as well",
);

/// The items of a document that are compared as stories.
pub const DOCUMENT_TELLINGS: Bound = bound(
    "items of a document from the web that are compared with what others tell",
    250,
    "items",
    "reading what one says and comparing it takes up to two milliseconds where it is written to take long, and up to 25 kB; \
     no feed holds so many of the last three days",
);

/// The letters of a search.
pub const SEARCH_LENGTH: Bound = bound(
    "what is searched for",
    200,
    "characters",
    "design.md, filters and watches; more is refused, never cut",
);

/// The words of a search.
pub const SEARCH_WORDS: Bound = bound(
    "words that are searched for",
    20,
    "words",
    "each is looked for among all items; more is refused, never cut",
);

/// Links that somebody suggests to the editors.
pub const SUGGESTIONS: Bound = bound(
    "links that somebody suggests to the editors in a day",
    3,
    "links",
    "design.md, chat commands; each is a message that every editor reads",
);

/// Such a link itself.
pub const SUGGESTED_LINK: Bound = bound(
    "a link that is suggested to the editors",
    1_000,
    "bytes",
    "it has to be read whole in one message beside what is said of it; longer ones are searches and forms",
);

/// What is said beside such a link.
pub const SUGGESTED_WORDS: Bound = bound(
    "what editors are shown of the words beside such a link",
    300,
    "characters",
    "two sentences say why it is worth reading; what is beyond isn't sent",
);

/// The terms of a filter.
pub const FILTER_TERMS: Bound = bound(
    "terms of a filter",
    20,
    "terms",
    "design.md, filters and watches; each is looked for in every item; more is refused, never cut",
);

/// The letters of a filter.
pub const FILTER_LENGTH: Bound = bound(
    "a filter",
    200,
    "characters",
    "design.md, filters and watches; as it is typed, and folded",
);

/// The watches of a channel.
pub const WATCHES: Bound = bound(
    "watches of a channel",
    20,
    "watches",
    "design.md, filters and watches; one with more wishes follows sections, and filters them",
);

/// What answering costs.
pub const QUESTION_STEPS: Bound = bound(
    "steps of the database that a question may take",
    12_000_000,
    "steps",
    "half a second; a million items are counted through in ten million",
);

/// What reading the full-text index costs.
pub const SEARCH_STEPS: Bound = bound(
    "steps of the database that a search may take in the full-text index",
    12_000,
    "steps",
    "a page of the index is a dozen steps, and where beginnings of words are looked for a step takes 20 µs among 300,000 \
     items and 70 µs among a million: less than a second; a word of 200,000 items takes a hundred",
);

/// Sections that there are.
pub const SECTIONS: Bound = bound(
    "sections, where headings of documents make them",
    2_000,
    "sections",
    "each is looked through where a name is looked for; what stands under further headings belongs to the catch-all",
);

/// Sections that one answer lists.
pub const SECTIONS_LISTED: Bound = bound(
    "sections in one answer",
    40,
    "sections",
    "three messages of the platform with the shortest ones (design.md)",
);

/// Connections to one of our listeners.
pub const CONNECTIONS: Bound = bound(
    "connections to the webhook, to metrics and health, and to the archive, each",
    128,
    "connections",
    "a platform opens a hundred at most; whoever has waited longest for an answer makes room",
);

/// How long a connection may take to ask.
pub const REQUEST_TIME: Bound = bound(
    "the time in which a connection asks",
    30,
    "seconds",
    "from its beginning, and from each answer on; what is asked for is answered within seconds",
);

/// The longest update that is brought.
pub const UPDATE_SIZE: Bound = bound(
    "an update that is brought to the webhook",
    1024 * 1024,
    "bytes",
    "a platform's are far shorter; without the secret nothing of it is read",
);

/// Items that are filed together.
pub const TRANSACTION_ITEMS: Bound = bound(
    "items of several documents that are filed in one transaction",
    4_000,
    "items",
    "nobody else can write meanwhile, and each takes 15 µs: a sixteenth of a second; a single document goes alone",
);

/// Texts that are filed together.
pub const TRANSACTION_BYTES: Bound = bound(
    "texts of several documents that are filed in one transaction, with the words of the search",
    8 * 1024 * 1024,
    "bytes",
    "nobody else can write meanwhile, and words that occur nowhere else take a fifth of a second for each megabyte; a single \
     document goes alone",
);

/// What recognising drafts costs.
pub const LOOKS: Bound = bound(
    "looks at known items while the entries of a transaction's documents are recognised, each item that is read counting \
     as 200, and as one for each two bytes of it",
    20_000_000,
    "looks",
    "nobody else can write meanwhile: each takes 15 ns where it is one of many at the same items, and 4 µs where an item is \
     read: half a second; what is read of items takes less than 64 MB. Four thousand entries of one title are told from \
     as many others, and five thousand parts of one page found again",
);

/// What items that move cost.
pub const MOVES: Bound = bound(
    "channels that are gone through, for all items that move to another section while subscribers wait for them, while \
     documents are filed in one transaction",
    200_000,
    "channels",
    "nobody else can write meanwhile, and each takes up to 3 µs: half a second. Items beyond it move when the document \
     is read again",
);

/// Messages that are corrected together.
pub const CORRECTED: Bound = bound(
    "messages that have to be edited, beside those of one stretch of a roundup, because of what is corrected in one \
     transaction",
    100_000,
    "messages",
    "nobody else can write meanwhile, and each takes 1 to 3 µs: a third of a second; the next stretch is in the next \
     transaction",
);

/// How long a platform may have us wait.
pub const WAIT: Bound = bound(
    "the time for which a platform has us wait",
    7 * 86_400,
    "seconds",
    "platforms ask for minutes, and for a day after thousands of errors; a wait that never ends is a slip of its server, \
     which is asked again after this",
);

/// Every bound, in the order in which they are told.
pub const ALL: &[&Bound] = &[
    &FILE_SIZE,
    &BYTES_AHEAD,
    &DOCUMENT_ITEMS,
    &ENTRIES,
    &STEPS_A_BYTE,
    &STEPS,
    &STACK,
    &MARKUP_DEPTH,
    &PAGE_TAGS,
    &MARKUP_NAMES,
    &TAG_ATTRIBUTES,
    &NAMESPACES,
    &REPEATED_FORMATTING,
    &DOCUMENT_PIECES,
    &FEED_PIECES,
    &FEED_ELEMENTS,
    &DECODED,
    &MARKDOWN_MARKS,
    &MARKDOWN_DEPTH,
    &MAIL_DEPTH,
    &MAIL_PARTS,
    &MAIL_SEARCHED,
    &MAIL_HEADER,
    &MAIL_HEADERS,
    &MAIL_TEXT,
    &GZIP_MEMBERS,
    &ADDRESS_LENGTH,
    &PICTURE_LENGTH,
    &PICTURES_TRIED,
    &DATE_LENGTH,
    &HEADING_LENGTH,
    &FOLD_GROWTH,
    &GUESSED_BY,
    &MOMENT_LENGTH,
    &ROBOTS_SIZE,
    &ROBOTS_HELD,
    &LINE_LENGTH,
    &NAME_LENGTH,
    &NAME_WORDS,
    &WORDS_LENGTH,
    &ITEM_WORDS,
    &ITEM_WORDS_LENGTH,
    &WORD_LENGTH,
    &ITEM_PLACES,
    &DOCUMENT_TEXT,
    &DOCUMENT_WORDS,
    &DOCUMENT_TELLINGS,
    &SEARCH_LENGTH,
    &SEARCH_WORDS,
    &SUGGESTIONS,
    &SUGGESTED_LINK,
    &SUGGESTED_WORDS,
    &FILTER_TERMS,
    &FILTER_LENGTH,
    &WATCHES,
    &QUESTION_STEPS,
    &SEARCH_STEPS,
    &SECTIONS,
    &SECTIONS_LISTED,
    &CONNECTIONS,
    &REQUEST_TIME,
    &UPDATE_SIZE,
    &TRANSACTION_ITEMS,
    &TRANSACTION_BYTES,
    &LOOKS,
    &MOVES,
    &CORRECTED,
    &WAIT,
];
