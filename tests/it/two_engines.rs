//! The rooms that tell most about a store, once more with every store on PostgreSQL. `.ci/run` runs all of them so.

use std::process::{Command, Stdio};

use crate::ground::{ENGINE, engine_is_named};
use crate::postgres;

/// What `cargo test` runs there, by the beginnings of names: measured at 28 s on two cores that have nothing else to do.
const ROOMS: [&str; 12] = [
    "contract::editors_on_telegram::a",
    "contract::suggestions",
    "dashboard::sources",
    "scenarios::all_and_one",
    "scenarios::archive",
    "scenarios::editing",
    "scenarios::following",
    "scenarios::reading",
    "scenarios::roundups",
    "scenarios::stories",
    "scenarios::watches::a",
    "transactions::",
];

#[test]
fn what_holds_on_sqlite_holds_on_postgres() {
    // In a run that is on PostgreSQL already, all of it is.
    if engine_is_named() || postgres::shared().is_none() {
        return;
    }
    let run = Command::new(std::env::current_exe().unwrap())
        .args(ROOMS)
        .env(ENGINE, "postgres")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stdout);
    assert!(
        run.status.success(),
        "{said}\n{}",
        String::from_utf8_lossy(&run.stderr)
    );
    assert!(!said.contains(" 0 passed"), "{said}");
}
