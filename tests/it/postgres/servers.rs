//! The servers themselves: what the tests of everything else lean on.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{Database, Durability, Ending, Server, shared};
use crate::fakes::clock::pause;

fn count(database: &Database) -> String {
    let rows = database.rows("SELECT count(*) FROM squid");
    rows[0][0].clone().unwrap()
}

#[test]
fn each_test_has_a_database_of_its_own() {
    let Some(server) = shared() else { return };
    let (one, other) = (Database::empty(server), Database::empty(server));
    one.execute("CREATE TABLE public.squid (id bigint)");
    assert_eq!(one.execute("INSERT INTO squid VALUES (1), (2)"), 2);
    assert_eq!(count(&one), "2");
    let copy = Database::like(server, one.name());
    assert_eq!(count(&copy), "2");
    let tables = "SELECT count(*) FROM pg_tables WHERE tablename = 'squid'";
    assert_eq!(other.rows(tables), [[Some("0".to_owned())]]);
    let about = "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()";
    assert_eq!(
        other.rows(about),
        [["UTF8", "C"].map(|said| Some(said.to_owned()))]
    );
}

#[test]
fn a_server_ends_crashes_and_comes_back() {
    let Some(server) = Server::start(Durability::Full, &["log_checkpoints=off"]) else {
        return;
    };
    let database = Database::empty(&server);
    database.execute("CREATE TABLE public.squid (id bigint)");
    for how in [Ending::Crash, Ending::Orderly] {
        database.execute("INSERT INTO squid VALUES (1)");
        server.end(how);
        assert!(!server.socket().join("data/postmaster.pid").exists());
        server.start_again();
    }
    assert_eq!(count(&database), "2");
    assert!(
        server.log().contains("was not properly shut down"),
        "{}",
        server.log()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_server_goes_on_where_it_was() {
    let Some(server) = Server::start(Durability::Quick, &[]) else {
        return;
    };
    let database = Database::empty(&server);
    let frozen = server.freeze();
    let asked = tokio::task::spawn_blocking(move || database.rows("SELECT 1"));
    pause(Duration::from_millis(50)).await;
    assert!(!asked.is_finished());
    drop(frozen);
    assert_eq!(asked.await.unwrap(), [[Some("1".to_owned())]]);
}

/// What another process of the tests begins below, prints and is killed with.
#[test]
#[ignore = "begun by the next test"]
fn a_process_that_is_killed() {
    let Some(server) = Server::start(Durability::Quick, &[]) else {
        println!("none");
        return;
    };
    let frozen = server.freeze();
    let running = server.running.lock().unwrap();
    let process = running.as_ref().unwrap().server.id();
    println!("{process} {}", server.socket().display());
    let mut end = String::new();
    std::io::stdin().read_line(&mut end).unwrap();
    drop(frozen);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_does_not_outlive_the_tests_however_they_end() {
    use std::io::{BufRead, BufReader};
    let mut tests = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("postgres::servers::a_process_that_is_killed")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let said = BufReader::new(tests.stdout.take().unwrap());
    // The runner's own words may stand in front of it.
    let said = said.lines().map(Result::unwrap).find_map(|line| {
        let line = line.rsplit(" ... ").next().unwrap();
        match line.split_once(" /") {
            Some((process, folder)) => Some(Some((process.to_owned(), format!("/{folder}")))),
            None => (line == "none").then_some(None),
        }
    });
    let said = said.unwrap();
    let is_there = |folder: &str| Path::new(folder).exists();
    let begun = said.as_ref().map(|(_, folder)| is_there(folder));
    tests.kill().unwrap();
    tests.wait().unwrap();
    let Some((process, folder)) = said else {
        return;
    };
    assert_eq!(begun, Some(true));
    for _ in 0..1_000 {
        // A parent that takes no notice may have left its name in the list of processes. What ends isn't gone at once.
        let memory = std::fs::read_to_string(format!("/proc/{process}/statm"));
        let is_gone = memory.map_or(true, |memory| memory.starts_with("0 "));
        if is_gone && !is_there(&folder) {
            return;
        }
        pause(Duration::from_millis(10)).await;
    }
    panic!("{folder} is left, and perhaps process {process}");
}
