//! How the parts of a mail stand in one another, looked at before any parser does: parsers put one into the other
//! without end, search the rest of the mail for the end of each, and compare the parameters of a header with one another.

use std::borrow::Cow;

use memchr::memchr;

use crate::document::Unreadable;
use crate::limits::bounds::exceeded;
use crate::limits::steps;
use tidings_core::bounds::{MAIL_DEPTH, MAIL_HEADER, MAIL_HEADERS, MAIL_PARTS, MAIL_SEARCHED};

/// How much of what a part says of its kind is looked at, in bytes.
const LONGEST_KIND: usize = 1_000;

/// A mail as a parser may have it: headers without end are cut.
///
/// # Errors
/// Too many parts, or too many in one another.
pub(crate) fn bounded(mail: &[u8]) -> Result<Cow<'_, [u8]>, Unreadable> {
    steps::spend(mail.len());
    let mut parts = Parts::default();
    let mut cut: Option<Vec<u8>> = None;
    let (mut at, mut done) = (0, 0);
    while at < mail.len() {
        let end = memchr(b'\n', &mail[at..]).map_or(mail.len(), |length| at + length + 1);
        let kept = parts.line(&mail[at..end])?;
        if kept < end - at {
            let cut = cut.get_or_insert_with(|| Vec::with_capacity(mail.len()));
            cut.extend_from_slice(&mail[done..at + kept]);
            if kept > 0 {
                cut.extend_from_slice(b"\r\n");
            }
            done = end;
        }
        at = end;
    }
    if parts.count.saturating_mul(mail.len()) > MAIL_SEARCHED.most {
        return Err(exceeded(format!(
            "{} parts, too many for a mail of its size",
            parts.count
        )));
    }
    Ok(match cut {
        Some(mut cut) => {
            cut.extend_from_slice(&mail[done..]);
            Cow::Owned(cut)
        }
        None => Cow::Borrowed(mail),
    })
}

/// Where a line stands among parts.
struct Parts {
    in_headers: bool,
    /// How long the header at hand is so far.
    header: usize,
    /// What the part at hand says of its kind, in lower case, while it is said.
    kind: Vec<u8>,
    in_kind: bool,
    /// The parts that are open: what their own parts begin with, or nothing for a mail within the mail.
    open: Vec<Vec<u8>>,
    /// Whether parts that say nothing of their kind are mails.
    holds_mails: bool,
    count: usize,
    /// Headers of all parts.
    headers: usize,
}

impl Default for Parts {
    fn default() -> Parts {
        Parts {
            in_headers: true,
            header: 0,
            kind: Vec::new(),
            in_kind: false,
            open: Vec::new(),
            holds_mails: false,
            count: 1,
            headers: 0,
        }
    }
}

impl Parts {
    /// Takes the next line; says how much of it may stay.
    fn line(&mut self, line: &[u8]) -> Result<usize, Unreadable> {
        if self.in_headers {
            return self.header_line(line);
        }
        // A line of hyphens stands in texts, and begins no part.
        if line.starts_with(b"--") && !line.trim_ascii().iter().all(|byte| *byte == b'-') {
            self.count += 1;
            let told = line[2..].trim_ascii_end();
            let begins = |open: &Vec<u8>| !open.is_empty() && told.starts_with(open);
            if let Some(at) = self.open.iter().rposition(begins) {
                let is_end = told.len() > self.open[at].len();
                self.open.truncate(if is_end { at } else { at + 1 });
            }
            self.begin();
        }
        Ok(line.len())
    }

    fn begin(&mut self) {
        self.in_headers = true;
        self.header = 0;
        self.kind.clear();
        self.in_kind = false;
    }

    fn header_line(&mut self, line: &[u8]) -> Result<usize, Unreadable> {
        if line.trim_ascii_end().is_empty() && !line.starts_with(b" ") && !line.starts_with(b"\t") {
            self.end_headers()?;
            return Ok(line.len());
        }
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            self.header = 0;
            self.headers += 1;
            let name = &line[..line.len().min(13)];
            self.in_kind = name.eq_ignore_ascii_case(b"content-type:");
        }
        let left = MAIL_HEADER.most.saturating_sub(self.header);
        self.header = self.header.saturating_add(line.len());
        if self.in_kind {
            let more = LONGEST_KIND.saturating_sub(self.kind.len());
            self.kind.extend_from_slice(&line[..line.len().min(more)]);
        }
        Ok(line.len().min(left))
    }

    fn end_headers(&mut self) -> Result<(), Unreadable> {
        if self.headers > MAIL_HEADERS.most {
            return Err(exceeded(format!("more than {} headers", MAIL_HEADERS.most)));
        }
        let kind = String::from_utf8_lossy(&self.kind).into_owned();
        let lower = kind.to_ascii_lowercase();
        let is_mail = lower.contains("message/") || kind.is_empty() && self.holds_mails;
        self.holds_mails = false;
        if is_mail {
            self.open.push(Vec::new());
            self.count += 1;
            self.begin();
        } else {
            self.in_headers = false;
            if lower.contains("multipart/") {
                self.holds_mails = lower.contains("multipart/digest");
                self.open.push(boundary(&kind, &lower));
            }
        }
        if self.open.len() > MAIL_DEPTH.most {
            return Err(exceeded(format!(
                "parts more than {} deep in one another",
                MAIL_DEPTH.most
            )));
        }
        if self.count > MAIL_PARTS.most {
            return Err(exceeded(format!("more than {} parts", MAIL_PARTS.most)));
        }
        Ok(())
    }
}

/// What the parts of a part begin with; two hyphens where it doesn't say, which nothing does.
fn boundary(kind: &str, lower: &str) -> Vec<u8> {
    let told = lower.find("boundary").map(|at| &kind[at + 8..]);
    let told = told.and_then(|rest| rest.trim_start().strip_prefix('='));
    let told = told.map(|rest| rest.trim_start().trim_start_matches('"'));
    let end = |rest: &str| rest.find(|c: char| "\";\r\n".contains(c));
    let told = told.map(|rest| rest[..end(rest).unwrap_or(rest.len())].trim());
    told.filter(|told| !told.is_empty())
        .unwrap_or("--")
        .as_bytes()
        .to_vec()
}
