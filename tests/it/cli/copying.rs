//! A store that moves from one engine to the other, and back.

use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use rusqlite::types::Value;
use tidings_core::item::Place;
use tidings_core::search::Query;
use tidings_store::{Lock, Locked, OpenMode, ReadTx, ServerUrl, Store, StoreAddress};

use super::{Done, Shell};
use crate::ground::skipped_on_postgres;
use crate::postgres::{self, Database};

/// Something in every corner, beside what a bot files by itself. What stands in quotes is to come through as it is.
const CORNERS: &[&str] = &[
    r"UPDATE items SET summary = 'It is \N of brass'' \. \\', link = NULL WHERE title = 'Door plate made'",
    "UPDATE items SET title = 'Squid: 오징어 🦑', removed = 3 WHERE title = 'Squid counted'",
    "UPDATE items SET story = 2, updated_at = -5 WHERE id = 3",
    "INSERT INTO reports (item_id, source_id, section_id, seen_at) SELECT id, source_id, section_id, 5 FROM items",
    "INSERT INTO own_words VALUES (1, 'Own', '', NULL, 1, 0, 0)",
    "INSERT INTO parts (id, wire, edition) VALUES (70, '{\"text\": \"a\tb\n\\n\r\"}', 1), (71, '', 0)",
    "INSERT INTO editions VALUES (70, 1, NULL, 'edited', 'edited anew', 'anew')",
    "INSERT INTO composed (part_id, platform, made, parts, created_at) VALUES (70, 'console', '{}', '[70]', 9)",
    "INSERT INTO shown VALUES (70, 1, 70), (70, 2, NULL)",
    "INSERT INTO deliveries (id, channel_id, platform, part_id, state, not_before_at, created_at, message_id, epoch)
     SELECT 900, id, platform, 70, 'unknown', 8, 7, '12', 3 FROM channels",
    "INSERT INTO edits (delivery_id, platform, state, not_before_at) VALUES (900, 'console', 'pending', 0)",
    "INSERT INTO pieces (delivery_id, place, wire) VALUES (900, 0, 'first'), (900, 1, 'second')",
    "INSERT INTO sent_pieces VALUES (899, 900, '13', 'zeroth', 0)",
    "INSERT INTO editor_names VALUES ('console:local', 'Eve \"the pen\"')",
    "INSERT INTO reviews (id, source_id, begun_at) SELECT 5, min(id), 6 FROM sources",
    "INSERT INTO held VALUES (3, 5, NULL, 'held', NULL)",
    "INSERT INTO review_parts VALUES (5, 'console', 71, 1)",
    "INSERT INTO review_voices VALUES (5, 'console', 'ko', 'Asia/Seoul', 71, 1)",
    "INSERT INTO deeds (at, editor, deed, review_id, before) VALUES (1, 'console:local', 'withdraw', 5, 'null')",
    "INSERT INTO watches (id, words, newest) VALUES (4, 'brass', 2)",
    "INSERT INTO watch_words VALUES (0, 'brass', 4)",
    "INSERT INTO incidents VALUES ('source:digests', 'It can''t be read.', 1)",
    "INSERT INTO handled VALUES ('console', -9223372036854775808, 9223372036854775807)",
    // Numbers that were given away and are nobody's any more.
    "INSERT INTO answers (id, platform, channel, wire, state, not_before_at, created_at)
     VALUES (4000, 'console', 'console:local', '', 'pending', 0, 0), (4001, 'console', 'console:local', '', 'pending', 0, 0)",
    "DELETE FROM answers WHERE id = 4001",
    // What stays behind.
    "INSERT INTO sign_ins VALUES ('f00', 'operator', 1, NULL)",
    "INSERT INTO sessions VALUES ('f00', 'operator', 1)",
];

const LEFT: [&str; 4] = ["leases", "processes", "sessions", "sign_ins"];

fn filled() -> Shell {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let lines = "/timezone Asia/Seoul\n/subscribe japan daily 09:07\n/subscribe us-nk instant\n";
    shell.type_into(&["chat"], lines).code(0);
    for sql in CORNERS {
        assert!(shell.ground.execute(sql) > 0, "{sql}");
    }
    // Nobody uses it any more.
    shell.ground.execute("DELETE FROM processes");
    shell
}

fn called(command: &mut Command) -> Done {
    command.output().unwrap().into()
}

/// A call on another store than the shell's own: a file, or a server's.
fn on(shell: &Shell, store: &str, arguments: &[&str]) -> Command {
    let mut command = shell.command(arguments);
    command.env_remove("STORE_URL").stdin(Stdio::null());
    if store.starts_with("postgres:") {
        command.env("STORE_URL", store);
    } else {
        command.env("TIDINGS_STORE__PATH", store);
    }
    command
}

/// All rows of a file's tables, as text.
fn rows_of_file(file: &Path) -> Vec<(String, Vec<Vec<String>>)> {
    let file = Connection::open(file).unwrap();
    let names = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'";
    let mut names = file.prepare(names).unwrap();
    let names = names.query_map([], |row| row.get(0)).unwrap();
    let mut tables = Vec::new();
    for name in names.map(Result::<String, _>::unwrap) {
        let mut asked = file.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = asked.column_count();
        let rows = asked.query_map([], |row| {
            let values = (0..columns).map(|at| Ok(format!("{:?}", row.get::<_, Value>(at)?)));
            values.collect::<Result<Vec<_>, _>>()
        });
        let mut rows: Vec<Vec<String>> = rows.unwrap().map(Result::unwrap).collect();
        rows.sort();
        tables.push((name, rows));
    }
    tables.sort();
    tables
}

/// What the copy of a whole store in another file is to hold.
fn without_what_stays(
    mut tables: Vec<(String, Vec<Vec<String>>)>,
) -> Vec<(String, Vec<Vec<String>>)> {
    for (name, rows) in &mut tables {
        if LEFT.contains(&name.as_str()) {
            rows.clear();
        }
    }
    tables
}

#[test]
fn a_store_is_the_same_after_it_went_to_a_server_and_back() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let shell = filled();
    let [one, other] = [(); 2].map(|()| Database::empty(server));
    let exported = shell.run(&["export"]).code(0).out;
    assert!(exported.contains("of brass' \\\\. ") && !exported.contains("🦑"));
    let done = shell.run(&["copy", "--to", &one.url()]).code(0).out;
    let said = format!(
        "copied to {} and compared: 4 items, 1 channel, ",
        one.url()
            .replace("&user=tidings", "")
            .replace(":///", "://tidings@/")
    );
    assert!(done.starts_with(&said), "{done}{said}");
    // To a file, to another server, and from both to files.
    let mut ways = vec![(one.url(), "a.db".to_owned()), (one.url(), other.url())];
    ways.extend([
        (other.url(), "b.db".to_owned()),
        ("a.db".to_owned(), "c.db".to_owned()),
    ]);
    for (from, to) in &ways {
        let again = called(&mut on(&shell, from, &["copy", "--to", to]))
            .code(0)
            .out;
        assert_eq!(again.rsplit(": ").next(), done.rsplit(": ").next());
        assert_eq!(
            called(&mut on(&shell, to, &["export"])).code(0).out,
            exported
        );
    }
    let whole = rows_of_file(&shell.path("c.db"));
    assert_eq!(rows_of_file(&shell.path("a.db")), whole);
    assert_eq!(rows_of_file(&shell.path("b.db")), whole);
    if shell.ground.has_file() {
        let source = without_what_stays(rows_of_file(&shell.path("data/tidings.db")));
        assert_eq!(whole, source);
    }
    for name in LEFT {
        assert_eq!(
            one.rows(&format!("SELECT count(*) FROM {name}"))[0][0].as_deref(),
            Some("0")
        );
    }
    // Its indexes are those of a store that was made empty.
    let indexes = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'tidings' ORDER BY indexname";
    let made = Database::empty(server);
    let url = ServerUrl::parse(&made.url(), &shell.path("")).unwrap();
    drop(Store::open_at(&StoreAddress::Server(url), OpenMode::Work).unwrap());
    assert_eq!(one.rows(indexes), made.rows(indexes));
    // What is found is found by what it says now, and what is held isn't.
    let file = StoreAddress::File(shell.path("c.db"));
    let url = ServerUrl::parse(&one.url(), &shell.path("")).unwrap();
    for address in [file, StoreAddress::Server(url)] {
        let store = Store::open_at(&address, OpenMode::Look).unwrap();
        let found = |words: &str| {
            let query = Query::parse(words).unwrap();
            let search = |db: &ReadTx<'_>| db.search(&query, Place::TOP, 9);
            store.blocking().read(search).unwrap().len()
        };
        assert_eq!(["brass", "envoys", "squid"].map(found), [1, 1, 0]);
    }
    // Numbers go on behind those that were given away.
    let answer = "INSERT INTO answers (platform, channel, wire, state, not_before_at, created_at)
        VALUES ('console', 'console:local', '', 'pending', 0, 0)";
    let newest = "SELECT max(id) FROM answers";
    other.execute(answer);
    let file = Connection::open(shell.path("b.db")).unwrap();
    file.execute(answer, []).unwrap();
    let in_file: i64 = file.query_row(newest, [], |row| row.get(0)).unwrap();
    assert_eq!(other.rows(newest)[0][0], Some(in_file.to_string()));
    // The engine that counts by itself gives a number away that was explicitly given, too.
    let last = if shell.ground.has_file() {
        4_002
    } else {
        4_001
    };
    assert_eq!(in_file, last);
}

#[test]
fn what_is_not_empty_or_in_use_is_neither_copied_nor_copied_to() {
    let Some(server) = postgres::shared() else {
        return;
    };
    let shell = filled();
    let database = Database::empty(server);
    shell.run(&["copy", "--to", &database.url()]).code(0);
    let copy = |from: &str, to: &str| called(&mut on(&shell, from, &["copy", "--to", to]));
    copy(&database.url(), "a.db").code(0);
    // A copy, and what somebody else has filled.
    copy(&database.url(), "a.db")
        .code(1)
        .says(&["a.db: it is the store that is copied, or a copy"]);
    let file = Connection::open(shell.path("a.db")).unwrap();
    file.execute("UPDATE archive SET uuid = 'another'", [])
        .unwrap();
    copy(&database.url(), "a.db")
        .code(1)
        .says(&["a.db: it isn't empty"]);
    copy("a.db", &database.url())
        .code(1)
        .says(&["it isn't empty"]);
    shell.write(
        "b.db",
        "no database at all, but a text that is as long as a header is, and then some more of it",
    );
    copy(&database.url(), "b.db")
        .code(1)
        .says(&["b.db: it is damaged or not a database"]);
    copy("none.db", "c.db")
        .code(1)
        .says(&["none.db: there is none yet"]);
    // A bot on either of them.
    let live = "INSERT INTO processes VALUES ('host-7-8', 0, CAST(extract(epoch FROM now()) * 1000 AS bigint), 0)";
    database.execute(live);
    copy(&database.url(), "c.db")
        .code(1)
        .says(&["a bot is running on it (host-7-8)"]);
    database.execute("UPDATE processes SET seen_at = seen_at - 31000");
    copy(&database.url(), "c.db").code(0);
    let Ok(Locked::Ours(lock)) = Lock::alone(&shell.path("c.db"), "run") else {
        panic!("somebody runs on it");
    };
    let process = format!("a bot is running on it (process {})", std::process::id());
    let empty = Database::empty(server);
    copy("c.db", &empty.url()).code(1).says(&["c.db", &process]);
    copy("c.db", "d.db").code(1).says(&["c.db", &process]);
    drop(lock);
    let Ok(Locked::Ours(lock)) = Lock::alone(&shell.path("d.db"), "run") else {
        panic!("somebody runs on it");
    };
    copy("c.db", "d.db").code(1).says(&["d.db", &process]);
    drop(lock);
    // An older store is brought up to date first.
    file.pragma_update(None, "user_version", 3).unwrap();
    copy("a.db", &empty.url())
        .code(1)
        .says(&["older version", "`tidings run`"]);
    database.execute("UPDATE facts SET value = 27 WHERE name = 'schema'");
    copy(&database.url(), "e.db")
        .code(1)
        .says(&["older version", "`tidings run`"]);
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'tidings'";
    assert_eq!(empty.rows(schemas)[0][0].as_deref(), Some("0"));
    assert!(!shell.path("e.db").exists());
}

#[test]
fn a_copy_that_fails_leaves_nothing() {
    if skipped_on_postgres("what a file holds that no server takes") {
        return;
    }
    let Some(server) = postgres::shared() else {
        return;
    };
    let shell = filled();
    let (database, made) = (Database::empty(server), Database::empty(server));
    let url = ServerUrl::parse(&made.url(), &shell.path("")).unwrap();
    drop(Store::open_at(&StoreAddress::Server(url), OpenMode::Work).unwrap());
    made.execute("TRUNCATE sections, sources CASCADE");
    let file = Connection::open(shell.path("data/tidings.db")).unwrap();
    file.execute_batch(
        "PRAGMA foreign_keys = OFF; INSERT INTO held VALUES (77, 5, NULL, 'out', NULL)",
    )
    .unwrap();
    for to in ["a.db", &database.url(), &made.url()] {
        shell.run(&["copy", "--to", to]).code(1).says(&["held"]);
    }
    assert!(!shell.path("a.db").exists() && !shell.path("a.db-wal").exists());
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'tidings'";
    assert_eq!(database.rows(schemas)[0][0].as_deref(), Some("0"));
    assert_eq!(
        made.rows("SELECT count(*) FROM items")[0][0].as_deref(),
        Some("0")
    );
    // What no text on a server can hold is left out, and nothing else.
    file.execute_batch("DELETE FROM held WHERE item_id = 77; UPDATE items SET summary = 'tin' || char(0) || 'foil' WHERE id = 1").unwrap();
    for to in ["a.db", &database.url(), &made.url()] {
        shell.run(&["copy", "--to", to]).code(0);
    }
    let summary = "SELECT summary FROM items WHERE id = 1";
    assert_eq!(database.rows(summary)[0][0].as_deref(), Some("tinfoil"));
    assert_eq!(made.rows(summary), database.rows(summary));
    let copy = Connection::open(shell.path("a.db")).unwrap();
    let summary: String = copy.query_row(summary, [], |row| row.get(0)).unwrap();
    assert_eq!(summary, "tinfoil");
    // A number that no file's search can hold.
    made.execute("INSERT INTO items (id, section_id, source_id, document_id, position, rank, title, summary, title_key, seen_at)
        SELECT 200000000, section_id, source_id, document_id, 9, rank, 'Far', '', 1, 1 FROM items WHERE id = 1");
    let refused = called(&mut on(&shell, &made.url(), &["copy", "--to", "far.db"])).code(1);
    refused.says(&["number 200000000", "copy it to a server"]);
    assert!(!shell.path("far.db").exists());
}
