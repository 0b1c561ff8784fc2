//! Mail: newsletters as they were saved, letters, digests of lists and archives of many messages. Each message is read
//! by itself and under its own date: as a web page or a digest where it has headlines, else as one item, by its subject.

mod headers;
mod letters;
mod mailbox;
mod message;
mod people;
mod subjects;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use regex::bytes::Regex;

use crate::document::{Document, DocumentKind, Page, Reason, Unread, Unreadable};
use crate::html::{markup, page};
use crate::limits::bounds;
use crate::rules::{Layout, Rules};
use crate::text::digest;
use crate::{dates, markdown, pictures};
use headers::LOOKED_AT;
use message::Mail;
use subjects::Subject;
use tidings_core::item::{Draft, Published};
use tidings_core::text;

/// The row of [`crate::ALL`].
pub(crate) const KIND: DocumentKind = DocumentKind {
    name: "mail",
    extensions: &["eml", "mbox"],
    claims,
    parse,
};

/// A message begins with its headers, and has at least these two kinds of them.
static HEADERS: LazyLock<[Regex; 2]> = LazyLock::new(|| {
    [
        r"(?i-u)\A(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:From|Return-Path|Received|Delivered-To):",
        r"(?im-u)^(?:MIME-Version|Message-ID|Subject|Date):",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

static ADDRESSES: LazyLock<regex::Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    regex::Regex::new(r"(?m)(\S)\n(https?://\S+$)").unwrap()
});

/// The longest headline of a newsletter that is set as text, in characters: what is longer is a paragraph.
const LONGEST_HEADLINE: usize = 150;

fn claims(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(LOOKED_AT)];
    mailbox::begins(start) || HEADERS[0].is_match(start) && HEADERS[1].is_match(start)
}

/// Reads the messages of a file.
///
/// # Errors
/// A file without a message that says anything.
fn parse(document: &Document, rules: &Rules) -> Result<Page, Unreadable> {
    let mut mails = message::collected(&document.bytes)?;
    for mail in &mails {
        let pages = mail.html.iter().map(|(bytes, _)| bytes.as_slice());
        for text in pages.chain(mail.text.as_deref().map(str::as_bytes)) {
            bounds::check_mail_text(document, text)?;
        }
    }
    let lists = mails.iter().flat_map(|mail| mail.lists.iter().cloned());
    let reader = Reader {
        document,
        rules,
        lists: lists.chain(shared_tag(&mails)).collect(),
        alone: mails.len() == 1,
        spelt_out: mails.iter().any(|mail| mail.spells_addresses_out),
    };
    let mut drafts: Vec<Draft> = Vec::new();
    let mut published = None;
    let mut unread = Unread {
        of: mails.len(),
        lines: Vec::new(),
    };
    for mail in &mut mails {
        let page = reader.read(mail);
        if reader.alone {
            unread = page.unread;
        } else if page.drafts.is_empty() {
            unread.lines.push(mail.line);
        }
        let day = mail.day.map(Published::Date).or(page.published);
        if reader.alone {
            published = day.or_else(|| dates::in_text(&mail.subject).map(Published::Date));
        }
        drafts.extend(page.drafts.into_iter().map(|draft| Draft {
            published: draft.published.or(day.filter(|_| !reader.alone)),
            line: if reader.alone { draft.line } else { mail.line },
            ..draft
        }));
    }
    if drafts.is_empty() {
        return Err(Unreadable {
            line: 0,
            reason: Reason::Empty,
        });
    }
    Ok(Page {
        published,
        drafts,
        unread,
        ..Page::default()
    })
}

/// The tag in brackets that most messages of an archive begin with: the list's own name.
fn shared_tag(mails: &[Mail]) -> Option<String> {
    /// So many messages don't share a tag by chance; nor do two that are all there is.
    const ENOUGH: usize = 3;
    const ALL: usize = 2;
    let mut counted: HashMap<String, usize> = HashMap::new();
    for tag in mails.iter().filter_map(|mail| subjects::tag(&mail.subject)) {
        *counted.entry(tag).or_default() += 1;
    }
    let (tag, count) = counted.into_iter().max_by_key(|(_, count)| *count)?;
    let is_shared = count >= ENOUGH && count * 2 > mails.len();
    let is_of_all = count >= ALL && count == mails.len() && !subjects::says_what(&tag);
    (is_shared || is_of_all).then_some(tag)
}

struct Reader<'d> {
    document: &'d Document,
    rules: &'d Rules,
    /// The names of the lists that any of its messages went to, as they stand in brackets before subjects.
    lists: HashSet<String>,
    /// Whether the file is this one message.
    alone: bool,
    /// Whether its addresses are spelt out: `ann at h.example`.
    spelt_out: bool,
}

impl Reader<'_> {
    /// What one message holds.
    fn read(&self, mail: &mut Mail) -> Page {
        let is_list = |tag: &str| self.lists.contains(tag);
        let subject = subjects::read(&mail.subject, is_list);
        let answers = subject.answers || mail.answers;
        let own = letters::own_words(mail.text.as_deref().unwrap_or_default(), answers);
        let newsletter = (!answers).then(|| self.newsletter(mail, &own)).flatten();
        let mut page = newsletter.unwrap_or_else(|| Page {
            drafts: self.letter(mail, &subject, &own).into_iter().collect(),
            ..Page::default()
        });
        for draft in &mut page.drafts {
            self.hide_addresses(draft);
        }
        page.drafts.retain(|draft| {
            draft
                .title
                .contains(|c: char| c != '…' && !c.is_whitespace())
        });
        page
    }

    /// A message that has a heading, or more headlines than one.
    fn newsletter(&self, mail: &mut Mail, own: &str) -> Option<Page> {
        let of_html = mail.html.iter_mut().find_map(|(bytes, charset)| {
            let part = self
                .document
                .with_body(std::mem::take(bytes), charset.clone());
            let page = page::parse(&part, self.rules);
            *bytes = part.bytes;
            self.with_headlines(page.ok()?, None)
        });
        of_html.or_else(|| self.of_text(own))
    }

    /// A mail's text, read as a digest.
    fn of_text(&self, own: &str) -> Option<Page> {
        let is_wide = own.trim().contains("\n\n\n");
        // A digest has its headlines over their addresses, too.
        let is_digest = is_wide && markdown::has_headlines_over_addresses(own);
        // Programs write headline, text and address of each item on lines of their own.
        if !is_digest && markdown::lists_addresses(own) {
            let part = self
                .document
                .with_body(own.as_bytes().to_vec(), Some("utf-8".to_owned()));
            if let Ok(page) = markdown::parse(&part, self.rules) {
                return self.with_headlines(page, None);
            }
        }
        // An address on the line below a paragraph is a block of its own.
        let text = match is_digest {
            true => Cow::Borrowed(own),
            false => ADDRESSES.replace_all(own, "$1\n\n$2"),
        };
        // Mail programs leave no two blank lines together; then it's sentences that tell.
        let part = self.document.with_body(
            text.clone().into_owned().into_bytes(),
            Some("utf-8".to_owned()),
        );
        if is_wide {
            return self.with_headlines(digest::parse(&part, self.rules).ok()?, None);
        }
        let single = self.rules.clone().with_layout(Layout::Single);
        let blocks = text
            .split("\n\n")
            .filter(|block| !block.trim().is_empty())
            .count();
        self.with_headlines(digest::parse(&part, &single).ok()?, Some(blocks))
    }

    /// A page, if what it holds is news: under a heading, or several headlines. Where every gap is alike, people's
    /// paragraphs that end in no full stop look like headlines, so more is asked there.
    fn with_headlines(&self, mut page: Page, blocks: Option<usize>) -> Option<Page> {
        page.drafts
            .retain(|draft| !letters::greets(&draft.title) && !letters::takes_leave(&draft.title));
        let is_known = |draft: &Draft| {
            let heading = draft.heading.as_deref();
            heading.is_some_and(|heading| self.rules.is_heading(heading))
        };
        let has_heading = page.drafts.iter().any(|draft| match blocks {
            None => draft.heading.is_some(),
            Some(_) => is_known(draft),
        });
        // What ends a sentence is one, unless it stands over others.
        let is_set = |draft: &Draft| {
            let is_over = blocks.is_none() && !draft.summary.is_empty();
            is_over || draft.link.is_some() || !text::ends_sentence(&draft.title)
        };
        let headlines = page
            .drafts
            .iter()
            .filter(|draft| is_headline(&draft.title) && is_set(draft))
            .count();
        let enough = match blocks {
            None => headlines >= 2,
            Some(blocks) => {
                self.alone
                    && headlines >= 2
                    && headlines * 4 >= blocks
                    && headlines == page.drafts.len()
            }
        };
        (has_heading || enough).then_some(page)
    }

    /// A message that is one item: its subject and its text.
    fn letter(&self, mail: &Mail, subject: &Subject, own: &str) -> Option<Draft> {
        let of_text = |text: &str| -> Vec<String> {
            let text = text.replace('\t', " ");
            let paragraphs = text
                .split("\n\n")
                .map(|one| text::join_lines(one).into_owned());
            paragraphs
                .filter(|one| one.contains(char::is_alphanumeric))
                .collect()
        };
        let mut paragraphs = of_text(own);
        // What an answer quotes shows somebody else's.
        let is_own = !(subject.answers || mail.answers);
        let picture = mail.html.iter().filter(|_| is_own);
        let picture = picture
            .map(|(bytes, charset)| crate::charset::text_of(bytes, charset.as_deref()))
            .find_map(|html| pictures::first_within(&html, self.document.base()));
        if paragraphs.is_empty() {
            let html = mail.html.iter().map(|(bytes, charset)| {
                markup::paragraphs(&crate::charset::text_of(bytes, charset.as_deref())).join("\n\n")
            });
            let html = html.collect::<Vec<_>>().join("\n\n");
            paragraphs = of_text(&letters::own_words(&html, subject.answers || mail.answers));
        }
        let mut title = subject.text.clone();
        if !title.contains(char::is_alphanumeric) {
            title = first_sentence(&mut paragraphs)?;
        }
        Some(Draft {
            feed_id: mail.id.clone(),
            title,
            summary: paragraphs.join("\n\n"),
            picture,
            line: mail.line,
            ..Draft::default()
        })
    }

    fn hide_addresses(&self, draft: &mut Draft) {
        let hidden = |text: &str| people::without_addresses(text, self.spelt_out).into_owned();
        draft.title = hidden(&draft.title);
        if people::may_hold_address(&draft.summary) {
            let paragraphs = draft.summary.split("\n\n").map(hidden);
            let paragraphs: Vec<String> = paragraphs
                .filter(|one| !one.is_empty() && one != "…")
                .collect();
            draft.summary = paragraphs.join("\n\n");
        }
        if let Some(heading) = &draft.heading {
            draft.heading = Some(Arc::from(hidden(heading)));
        }
    }
}

/// Whether a line may be a headline in a mail: no beginning of a list, no rest of a sentence.
fn is_headline(title: &str) -> bool {
    let first = title.chars().find(|c| c.is_alphanumeric());
    !title.ends_with([':', ',', ';', '：', '，'])
        && first.is_some_and(|c| !c.is_lowercase())
        && title.chars().nth(LONGEST_HEADLINE).is_none()
}

/// The first sentence of a text as the title of a mail without a subject.
fn first_sentence(paragraphs: &mut Vec<String>) -> Option<String> {
    let first = paragraphs.first()?.clone();
    let end = first.char_indices().find(|(at, c)| {
        let behind = &first[at + c.len_utf8()..];
        matches!(c, '.' | '!' | '?') && behind.starts_with(' ') || matches!(c, '。' | '！' | '？')
    });
    let (sentence, rest) = match end {
        Some((at, c)) => first.split_at(at + c.len_utf8()),
        None => (first.as_str(), ""),
    };
    if rest.trim().is_empty() {
        paragraphs.remove(0);
    } else {
        paragraphs[0] = rest.trim().to_owned();
    }
    Some(sentence.to_owned())
}
