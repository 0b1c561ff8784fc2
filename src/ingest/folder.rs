//! Folders as sources: which files there are, and which of them are at rest.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use tidings_core::bounds::FILE_SIZE;
use tidings_reader::Document;

/// How deep a folder is searched. A publisher's years and months need two.
const DEPTH: usize = 16;

/// A file as it looked at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileStat {
    /// Its path within the source, with `/` between folders.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Its time, in nanoseconds since 1970.
    pub modified: i64,
    /// Why it isn't read at all.
    pub refused: Option<&'static str>,
}

/// Why something isn't read.
const LEADS_OUT: &str = "it is a link that leads out of the source's folder, so it isn't followed; put the file itself there";
const LEADS_NOWHERE: &str = "it is a link that leads nowhere, or where this user may not look; put the file itself there, or take the link away";
const NO_FILE: &str = "it is a pipe, a socket or a device, and only files are read";
const TOO_DEEP: &str =
    "folders within folders are looked into 16 deep, and this one lies deeper; move it up";
const CLOSED: &str = "this folder can't be read; check its permissions";

impl FileStat {
    /// What stands for a document that is no file.
    pub fn in_memory(document: &Document) -> FileStat {
        FileStat {
            name: document.name.clone(),
            path: PathBuf::new(),
            size: u64::try_from(document.bytes.len()).unwrap_or(u64::MAX),
            modified: 0,
            refused: None,
        }
    }

    /// Looks at one file that somebody names; links are followed.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(path: &Path, name: String) -> io::Result<FileStat> {
        FileStat::of(path.canonicalize()?, name)
    }

    /// Looks at what is neither a link nor a folder.
    fn of(path: PathBuf, name: String) -> io::Result<FileStat> {
        let about = fs::symlink_metadata(&path)?;
        let modified = about.modified().map_or(0, |time| {
            time.duration_since(UNIX_EPOCH).map_or(0, |since| {
                i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
            })
        });
        Ok(FileStat {
            name,
            path,
            size: about.len(),
            modified,
            refused: (!about.is_file()).then_some(NO_FILE),
        })
    }

    fn refused(path: PathBuf, name: String, why: &'static str) -> FileStat {
        FileStat {
            name,
            path,
            size: 0,
            modified: 0,
            refused: Some(why),
        }
    }

    /// Whether another file of the source is there still as it was.
    pub(super) fn has_beside(&self, name: &str, size: u64, modified: i64) -> bool {
        let path = self.path.to_str();
        let Some(root) = path.and_then(|path| path.strip_suffix(self.name.as_str())) else {
            return false;
        };
        FileStat::of(Path::new(root).join(name), name.to_owned())
            .is_ok_and(|look| look.same_as(size, modified))
    }

    /// How much memory its document takes.
    pub(super) fn bytes(&self) -> usize {
        usize::try_from(self.size)
            .unwrap_or(usize::MAX)
            .min(FILE_SIZE.most)
    }

    /// Whether the file looks as it did, whatever the clock says.
    pub fn same_as(&self, size: u64, modified: i64) -> bool {
        self.size == size && self.modified == modified
    }
}

/// The name of a document: different files never share one. Bytes that are no text are written as `\u{FFFD}` with their
/// two hexadecimal digits, and so is that sign itself.
pub fn name_of(path: &OsStr) -> String {
    let mut name = String::new();
    let escape = |name: &mut String, bytes: &[u8]| {
        for byte in bytes {
            name.push(char::REPLACEMENT_CHARACTER);
            name.push_str(&format!("{byte:02x}"));
        }
    };
    for chunk in path.as_encoded_bytes().utf8_chunks() {
        for letter in chunk.valid().chars() {
            match letter {
                char::REPLACEMENT_CHARACTER => escape(&mut name, "\u{FFFD}".as_bytes()),
                letter => name.push(letter),
            }
        }
        escape(&mut name, chunk.invalid());
    }
    name
}

/// The files of a folder and of the folders in it that some kind of document goes by, in the order of their
/// names. Hidden ones are left out. Links are followed to files within the folder alone: what they lead to elsewhere was
/// never put there to be published. What is there and isn't read says why.
///
/// # Errors
/// If the folder itself can't be read.
pub fn list(folder: &Path) -> io::Result<Vec<FileStat>> {
    let mut listing = Listing {
        root: folder.canonicalize()?,
        looks: Vec::new(),
    };
    listing.add(folder, "", DEPTH)?;
    let mut looks = listing.looks;
    looks.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(looks)
}

struct Listing {
    /// The source's folder, without links.
    root: PathBuf,
    looks: Vec<FileStat>,
}

impl Listing {
    fn add(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let Ok(entry) = entry else { continue };
            let file_name = name_of(&entry.file_name());
            if file_name.starts_with('.') {
                continue;
            }
            let name = format!("{prefix}{file_name}");
            let path = entry.path();
            // What vanishes between the listing and the look is simply not there.
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            if kind.is_dir() {
                let within = format!("{name}/");
                if depth == 0 {
                    self.looks.push(FileStat::refused(path, within, TOO_DEEP));
                } else if self.add(&path, &within, depth - 1).is_err() {
                    self.looks.push(FileStat::refused(path, within, CLOSED));
                }
            } else if kind.is_symlink() {
                self.add_link(path, name);
            } else if tidings_reader::has_known_extension(&path) {
                self.looks.extend(FileStat::of(path, name));
            }
        }
        Ok(())
    }

    fn add_link(&mut self, path: PathBuf, name: String) {
        let Ok(target) = path.canonicalize() else {
            // One without an extension is meant for a folder.
            if path.extension().is_none() || tidings_reader::has_known_extension(&path) {
                self.looks
                    .push(FileStat::refused(path, name, LEADS_NOWHERE));
            }
            return;
        };
        // A folder within is listed where it is.
        let is_folder = target.is_dir();
        let is_read = is_folder || tidings_reader::has_known_extension(&path);
        if !is_read || is_folder && target.starts_with(&self.root) {
            return;
        }
        if target.starts_with(&self.root) {
            self.looks.extend(FileStat::of(target, name));
        } else {
            self.looks.push(FileStat::refused(path, name, LEADS_OUT));
        }
    }
}

/// Tells files at rest from files that somebody may be writing: two looks have to find the same size and
/// time.
#[derive(Clone, Debug, Default)]
pub struct Debouncer {
    before: HashMap<String, (u64, i64)>,
}

impl Debouncer {
    /// Takes one look; returns the files that an earlier look found the same, and whether others are left.
    pub fn look(&mut self, looks: Vec<FileStat>) -> (Vec<FileStat>, bool) {
        let before = std::mem::take(&mut self.before);
        let mut restless = false;
        let mut ready = Vec::new();
        for look in looks {
            self.before
                .insert(look.name.clone(), (look.size, look.modified));
            if before.get(&look.name) == Some(&(look.size, look.modified)) {
                ready.push(look);
            } else {
                restless = true;
            }
        }
        (ready, restless)
    }
}

/// A folder whose files are looked at until they are at rest. Whoever loads several folders waits once for all of them
/// between two looks.
#[derive(Clone, Debug, Default)]
pub struct Settling {
    rest: Debouncer,
    ready: Vec<FileStat>,
    open: Vec<FileStat>,
}

impl Settling {
    /// Takes the files that one look found; says whether it takes another one. Files that `is_known` recognises as they
    /// are need no second look.
    pub fn look(&mut self, found: Vec<FileStat>, is_known: &dyn Fn(&FileStat) -> bool) -> bool {
        let (known, unknown) = found.into_iter().partition::<Vec<_>, _>(is_known);
        self.open.clone_from(&unknown);
        let (at_rest, restless) = self.rest.look(unknown);
        self.ready = known;
        self.open.retain(|look| !at_rest.contains(look));
        self.ready.extend(at_rest);
        restless
    }

    /// The files at rest, and those that somebody goes on writing.
    pub fn looks(mut self) -> (Vec<FileStat>, Vec<FileStat>) {
        self.ready.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        (self.ready, self.open)
    }
}
