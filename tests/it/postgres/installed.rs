//! Where PostgreSQL is on this machine, and who may run it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What runs a store's server has to be at least.
const OLDEST: u32 = 15;

/// Its programs, and whom they run as.
#[derive(Clone, Debug)]
pub(super) struct Installed {
    pub(super) programs: PathBuf,
    /// Nobody else than who runs the tests, unless that is root: PostgreSQL refuses to run as root.
    pub(super) account: Option<Account>,
}

/// A user by numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
}

impl Installed {
    /// Looks for it; otherwise says what is missing.
    pub(super) fn find() -> Result<Installed, String> {
        let programs = programs().ok_or_else(|| {
            format!("there is no PostgreSQL {OLDEST} or newer (Debian: apt-get install postgresql)")
        })?;
        let account = if is_root() {
            let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
            let found = account(&accounts, "postgres");
            let missing = "PostgreSQL doesn't run as root, and there is no user postgres";
            Some(found.ok_or_else(|| missing.to_owned())?)
        } else {
            None
        };
        Ok(Installed { programs, account })
    }
}

/// The folder of the newest one's programs.
fn programs() -> Option<PathBuf> {
    let mut folders = Vec::new();
    // Debian keeps a folder for each version.
    if let Ok(versions) = fs::read_dir("/usr/lib/postgresql") {
        folders.extend(versions.flatten().map(|entry| entry.path().join("bin")));
    }
    if let Ok(said) = Command::new("pg_config").arg("--bindir").output() {
        let said = String::from_utf8_lossy(&said.stdout).trim_end().to_owned();
        folders.push(PathBuf::from(said));
    }
    folders.extend(["/usr/bin", "/usr/local/bin"].map(PathBuf::from));
    let versions = folders
        .into_iter()
        .filter(|folder| folder.join("initdb").is_file())
        .filter_map(|folder| Some((version(&folder)?, folder)));
    let newest = versions.max_by_key(|(version, _)| *version)?;
    (newest.0 >= OLDEST).then_some(newest.1)
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is 15.
fn version(programs: &Path) -> Option<u32> {
    let asked = Command::new(programs.join("postgres"))
        .arg("--version")
        .output();
    let said = String::from_utf8(asked.ok()?.stdout).ok()?;
    let number = said.split_once("(PostgreSQL) ")?.1;
    let end = number.find(|c: char| !c.is_ascii_digit())?;
    number[..end].parse().ok()
}

/// Whether the tests run as root: then what they make is root's.
fn is_root() -> bool {
    tempfile::tempfile().is_ok_and(|made| made.metadata().is_ok_and(|about| about.uid() == 0))
}

/// A user's numbers in a list such as `/etc/passwd`.
fn account(accounts: &str, name: &str) -> Option<Account> {
    let line = accounts
        .lines()
        .find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2);
    Some(Account {
        user: fields.next()?.parse().ok()?,
        group: fields.next()?.parse().ok()?,
    })
}
