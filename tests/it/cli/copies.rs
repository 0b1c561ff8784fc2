//! Copies of the store: what they may never write over, and who may read them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;

use super::{Done, Shell};
use crate::ground::skipped_on_postgres;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn loaded() -> Shell {
    let shell = Shell::with_pages();
    set_mode(&shell.path(""), 0o700);
    shell.run(&["load"]).code(0);
    shell
}

/// All names in the shell's folder, sorted.
fn names(shell: &Shell) -> Vec<String> {
    let entries = fs::read_dir(shell.path("")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_copy_touches_nothing_beside_it() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = loaded();
    for name in ["copy.db.partial", "copy.db-journal.txt", "copy", ".copy.db"] {
        shell.write(name, "mine");
    }
    let before = names(&shell);
    shell.run(&["backup", "copy.db"]).code(0);
    let mut after = names(&shell);
    after.retain(|name| name != "copy.db");
    assert_eq!(after, before);
    for name in ["copy.db.partial", "copy.db-journal.txt", "copy", ".copy.db"] {
        assert_eq!(fs::read(shell.path(name)).unwrap(), b"mine", "{name}");
    }
}

#[test]
fn only_force_replaces_and_only_files() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = loaded();
    shell.write("copy.db", "precious");
    symlink("nowhere", shell.path("link.db")).unwrap();
    fs::create_dir(shell.path("folder.db")).unwrap();
    for name in ["copy.db", "link.db", "folder.db"] {
        let refused = shell.run(&["backup", name]).code(1);
        refused.says(&[name, "exists already", "--force"]);
    }
    for name in ["link.db", "folder.db"] {
        let refused = shell.run(&["backup", "--force", name]).code(1);
        refused.says(&[name, "isn't a file"]);
    }
    assert_eq!(fs::read(shell.path("copy.db")).unwrap(), b"precious");
    let before = names(&shell);
    shell.run(&["backup", "--force", "copy.db"]).code(0);
    assert!(
        fs::read(shell.path("copy.db"))
            .unwrap()
            .starts_with(b"SQLite format 3")
    );
    assert_eq!(names(&shell), before);
}

#[test]
fn the_store_itself_is_never_written_over() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = loaded();
    let store = shell.path("data/tidings.db");
    symlink("data", shell.path("elsewhere")).unwrap();
    let before = fs::read(&store).unwrap();
    for name in [
        "data/tidings.db",
        "data/../data/tidings.db",
        "elsewhere/tidings.db",
        "data/tidings.db-wal",
        "data/tidings.db-shm",
        "data/tidings.db-journal",
        "data/tidings.db.run.lock",
    ] {
        for force in [&["--force"][..], &[]] {
            let call = [&["backup"], force, &[name]].concat();
            shell.run(&call).code(1).says(&["the store itself"]);
        }
    }
    assert_eq!(fs::read(&store).unwrap(), before);
    assert!(!shell.path("data/tidings.db-journal").exists());
}

#[test]
fn nothing_that_the_bot_needs_is_written_over() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = loaded();
    shell.write("token", "123456:AAF-sesame");
    fs::create_dir(shell.path("other")).unwrap();
    symlink("..", shell.path("other/up")).unwrap();
    for (name, what) in [
        ("tidings.toml", "the configuration"),
        ("other/up/tidings.toml", "the configuration"),
        ("token", "the file of a token"),
        ("digests/2026-11-05.txt", "a document of the source digests"),
    ] {
        let before = fs::read(shell.path(name)).unwrap();
        let mut command = shell.command(&["backup", "--force", name]);
        let done = command
            .env("TELEGRAM_TOKEN_FILE", "token")
            .output()
            .unwrap();
        Done::from(done).code(1).says(&[name, what, "another file"]);
        assert_eq!(fs::read(shell.path(name)).unwrap(), before, "{name}");
    }
    // What somebody else's database would put into the copy.
    shell.write("copy.db-wal", "theirs");
    shell.run(&["backup", "copy.db"]).code(1).says(&["-wal"]);
    assert_eq!(fs::read(shell.path("copy.db-wal")).unwrap(), b"theirs");
    assert!(!shell.path("copy.db").exists());
}

#[test]
fn what_fails_leaves_nothing_behind() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = loaded();
    let before = names(&shell);
    shell.run(&["backup", "no/such/folder.db"]).code(1);
    assert_eq!(names(&shell), before);
}

#[test]
fn the_store_and_its_copies_are_private() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = Shell::with_pages();
    for (folder, file) in [
        (0o700, 0o600),
        (0o755, 0o640),
        (0o750, 0o640),
        (0o711, 0o600),
    ] {
        let name = format!("data{folder:o}");
        let folder_path = shell.path(&name);
        fs::create_dir(&folder_path).unwrap();
        set_mode(&folder_path, folder);
        let store = format!("{name}/t.db");
        let run = |arguments: &[&str]| {
            let mut command = shell.command(arguments);
            let done = command.env("TIDINGS_STORE__PATH", &store).output().unwrap();
            assert_eq!(done.status.code(), Some(0), "{done:?}");
        };
        run(&["load"]);
        assert_eq!(mode(&shell.path(&store)), file, "a new one in {folder:o}");
        // From a version that left them to everybody.
        set_mode(&shell.path(&store), 0o666);
        run(&["load"]);
        assert_eq!(mode(&shell.path(&store)), file, "an old one in {folder:o}");
        // What the owner took away isn't given back.
        set_mode(&shell.path(&store), 0o600);
        let copy = format!("{name}/copy.db");
        run(&["backup", &copy]);
        assert_eq!(mode(&shell.path(&copy)), file, "a copy in {folder:o}");
        run(&["backup", "--force", &copy]);
        assert_eq!(mode(&shell.path(&copy)), file);
        assert_eq!(mode(&shell.path(&store)), 0o600);
    }
}
