//! Whether a store may be where it is configured to be.

use std::fs;
use std::io;
use std::path::Path;

use rustix::fs::{Access, AtFlags, CWD, accessat};

/// Whether a store is a file, or may become one: its folder is made where it is missing. Else what to do about it.
pub(super) fn check(file: &Path) -> Result<(), String> {
    match fs::metadata(file) {
        Ok(about) if about.is_file() => return Ok(()),
        Ok(about) => {
            let kind = match about.is_dir() {
                true => "it is a folder",
                false => "it is no file",
            };
            return Err(format!("{kind}; name a file in [store] path"));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            // A link that leads nowhere yet: the file is made where it leads.
            if let Ok(target) = fs::read_link(file) {
                return check_target(&file.parent().unwrap_or(Path::new("")).join(target));
            }
        }
        Err(_) => {}
    }
    let folders = file.ancestors().skip(1);
    let mut folders = folders.map(|folder| match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    });
    let Some(folder) = folders.find(|folder| fs::symlink_metadata(folder).is_ok()) else {
        return Ok(());
    };
    let may = Access::WRITE_OK | Access::EXEC_OK;
    accessat(CWD, folder, may, AtFlags::EACCESS).map_err(|error| {
        format!(
            "it can't be made in {} ({}); let this user write there, or name another one in [store] path",
            folder.display(),
            io::Error::from(error)
        )
    })
}

/// Whether a file can be made where a link leads: SQLite makes no folder there.
fn check_target(target: &Path) -> Result<(), String> {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() && !folder.is_dir() => Err(format!(
            "it leads to {}, where there is no such folder; make it, or name another file in [store] path",
            target.display()
        )),
        _ => Ok(()),
    }
}
