//! Folders as sources: which files there are, and which of them are at rest.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::documents;

/// How deep a folder is searched. A publisher's years and months need two.
const DEPTH: usize = 16;

/// A file as it looked at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Its path within the source, with `/` between folders.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// Size in bytes.
    pub size: u64,
    /// Its time, in nanoseconds since 1970.
    pub modified: i64,
}

impl Look {
    /// Looks at one file.
    ///
    /// # Errors
    /// What the system says.
    pub fn at(path: &Path, name: String) -> io::Result<Look> {
        let about = fs::metadata(path)?;
        let modified = about.modified().map_or(0, |time| {
            time.duration_since(UNIX_EPOCH).map_or(0, |since| {
                i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
            })
        });
        Ok(Look {
            name,
            path: path.to_owned(),
            size: about.len(),
            modified,
        })
    }

    /// Whether the file looks as it did, whatever the clock says.
    pub fn same_as(&self, size: u64, modified: i64) -> bool {
        self.size == size && self.modified == modified
    }
}

/// The files of a folder and of the folders in it that some kind of document goes by, in the order of their
/// names. Hidden ones are left out; links to folders aren't followed.
///
/// # Errors
/// If the folder itself can't be read. What can't be read below it is left out until the next look.
pub fn list(folder: &Path) -> io::Result<Vec<Look>> {
    let mut looks = Vec::new();
    list_into(folder, "", DEPTH, &mut looks)?;
    looks.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    Ok(looks)
}

fn list_into(folder: &Path, prefix: &str, depth: usize, looks: &mut Vec<Look>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let Ok(entry) = entry else { continue };
        let file_name = entry.file_name().to_string_lossy().into_owned();
        if file_name.starts_with('.') {
            continue;
        }
        let name = format!("{prefix}{file_name}");
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if depth > 0 && list_into(&path, &format!("{name}/"), depth - 1, looks).is_err() {
                tracing::warn!(folder = %path.display(), "a folder within a source can't be read");
            }
        } else if documents::has_known_extension(&path) && path.is_file() {
            // A file that vanishes between the listing and the look is simply not there.
            looks.extend(Look::at(&path, name));
        }
    }
    Ok(())
}

/// Tells files at rest from files that somebody may be writing: two looks have to find the same size and
/// time.
#[derive(Clone, Debug, Default)]
pub struct Rest {
    before: HashMap<String, (u64, i64)>,
}

impl Rest {
    /// Takes one look; returns the files that an earlier look found the same, and whether others are left.
    pub fn look(&mut self, looks: Vec<Look>) -> (Vec<Look>, bool) {
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
    rest: Rest,
    ready: Vec<Look>,
    open: Vec<Look>,
}

impl Settling {
    /// Takes one look; says whether it takes another one. Files that `is_known` recognises as they are need no second
    /// look.
    ///
    /// # Errors
    /// If the folder can't be read.
    pub fn look(&mut self, folder: &Path, is_known: &dyn Fn(&Look) -> bool) -> io::Result<bool> {
        let (known, unknown) = list(folder)?.into_iter().partition::<Vec<_>, _>(is_known);
        self.open.clone_from(&unknown);
        let (at_rest, restless) = self.rest.look(unknown);
        self.ready = known;
        self.open.retain(|look| !at_rest.contains(look));
        self.ready.extend(at_rest);
        Ok(restless)
    }

    /// The files at rest, and those that somebody goes on writing.
    pub fn looks(mut self) -> (Vec<Look>, Vec<Look>) {
        self.ready.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        (self.ready, self.open)
    }
}
