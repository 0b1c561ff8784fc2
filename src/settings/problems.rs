//! What is wrong with a configuration: collected while it is read, told together, in the file's order.

use std::fmt;
use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::redaction::Redaction;

/// Everything that is wrong with a configuration. Prints one problem a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct SettingsError {
    problems: Vec<Problem>,
}

impl SettingsError {
    /// The problems, at least one: those of the file in its order, then those of the environment.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, problem) in self.problems.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        Ok(())
    }
}

/// One mistake of the operator. Prints as one line: where it is, what is wrong and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    file: PathBuf,
    spot: Spot,
    reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.spot {
            Spot::File => write!(f, "{}", self.file.display())?,
            Spot::Line(line) => write!(f, "{}, line {line}", self.file.display())?,
            Spot::Key { line: None, key } => write!(f, "{}: {key}", self.file.display())?,
            Spot::Key {
                line: Some(line),
                key,
            } => write!(f, "{}, line {line}: {key}", self.file.display())?,
            Spot::Variable(name) => f.write_str(name)?,
        }
        f.write_str(&self.reason)
    }
}

/// Where a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// The file as a whole.
    File,
    /// A line of the file (from 1) in which no key could be read.
    Line(usize),
    /// A key such as `section[2] (us-rok).headings[0]`; a default has no line.
    Key { line: Option<usize>, key: String },
    /// A variable of the environment.
    Variable(String),
}

/// As another problem refers to it; the file needs no naming there.
impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Spot::File => f.write_str("the file"),
            Spot::Line(line) => write!(f, "line {line}"),
            Spot::Key { line: None, key } => f.write_str(key),
            Spot::Key {
                line: Some(line),
                key,
            } => write!(f, "{key} in line {line}"),
            Spot::Variable(name) => f.write_str(name),
        }
    }
}

/// The list that grows while a configuration is read.
pub(super) struct Problems {
    /// What neither a value nor a message may hold.
    pub(super) secrets: Redaction,
    file: PathBuf,
    found: Vec<Problem>,
}

impl Problems {
    pub(super) fn new(file: &Path, secrets: Redaction) -> Self {
        Self {
            secrets,
            file: file.to_owned(),
            found: Vec::new(),
        }
    }

    /// Notes a reason that goes on as a sentence about the spot: "store.path" "is empty."
    pub(super) fn add(&mut self, spot: &Spot, reason: &str) {
        self.push(spot, format!(" {reason}"));
    }

    /// Notes a reason that is a sentence of its own, such as another part's error.
    pub(super) fn error(&mut self, spot: &Spot, reason: &str) {
        let stop = if reason.ends_with(['.', '!', '?', '"']) {
            ""
        } else {
            "."
        };
        self.push(spot, format!(": {reason}{stop}"));
    }

    fn push(&mut self, spot: &Spot, reason: String) {
        self.found.push(Problem {
            file: self.file.clone(),
            spot: match spot {
                Spot::Key { line, key } => Spot::Key {
                    line: *line,
                    key: self.secrets.text(key).into_owned(),
                },
                spot => spot.clone(),
            },
            // One problem is one line, whatever an error of another part holds.
            reason: self
                .secrets
                .text(&reason.replace(char::is_control, " "))
                .into_owned(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(super) fn into_error(mut self) -> SettingsError {
        self.found.sort_by_key(|problem| match problem.spot {
            Spot::File => (0, None),
            Spot::Line(line) => (1, Some(line)),
            Spot::Key { line, .. } => (1, line),
            Spot::Variable(_) => (2, None),
        });
        SettingsError {
            problems: self.found,
        }
    }
}

/// Why a file couldn't be read, in an operator's words.
pub(super) fn cause(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder, not a file".to_owned(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_owned(),
        _ => format!("it can't be read ({error})"),
    }
}

/// The largest file that an operator writes for us, in bytes: a thousand times what configurations take. What never ends,
/// such as a device, ends here.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads a whole file that an operator names, without waiting for anybody. A pipe may have nobody who writes to it, and
/// what was read from it once is gone, though it is read more than once.
pub(super) fn read(file: &Path) -> io::Result<Vec<u8>> {
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = fs::OpenOptions::new()
        .read(true)
        .custom_flags(flags)
        .open(file)?;
    let kind = file.metadata()?.file_type();
    if kind.is_fifo() {
        let reason = "it is a pipe, which can be read only once; name a file";
        return Err(io::Error::other(reason));
    }
    let mut bytes = Vec::new();
    let mut limited = file.take(LARGEST + 1);
    if limited.read_to_end(&mut bytes)? as u64 > LARGEST {
        return Err(io::Error::other("it doesn't end within 16 MB"));
    }
    Ok(bytes)
}

/// Reads a whole file that an operator names on the command line, as those of the configuration are read.
///
/// # Errors
/// Why it can't be read: it is no file, it doesn't end within 16 MB, or what the system says.
pub fn read_named(file: &Path) -> Result<Vec<u8>, String> {
    read(file).map_err(|error| cause(&error))
}

/// The known name that was probably meant, if one is near enough.
pub(super) fn nearest<'a>(
    wanted: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let wanted = wanted.to_lowercase();
    let distance = |name: &str| {
        let name = name.to_lowercase();
        if wanted.len() > 2 && (name.starts_with(&wanted) || wanted.starts_with(&name)) {
            return 1; // stop for stop_at, url for url_of_page
        }
        strsim::damerau_levenshtein(&wanted, &name)
    };
    let limit = (wanted.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (distance(name), name))
        .min_by_key(|(distance, _)| *distance)
        .filter(|(distance, _)| *distance <= limit)
        .map(|(_, name)| name)
}
