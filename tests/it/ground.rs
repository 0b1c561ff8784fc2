//! The ground that a test's bot stands on: a folder of its own and, in a run on PostgreSQL, a database besides. Tests don't
//! know which engine they run on; those few that are about one of them say so ([`skipped_on_postgres`]).
//!
//! `TIDINGS_TEST_ENGINE=postgres cargo test --test it` has every store on PostgreSQL, in this process and in those that it
//! starts; [`crate::two_engines`] does so with the rooms that tell most.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock, OnceLock};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags};
use tempfile::TempDir;
use tidings::settings::{self, Settings};
use tidings_store::{OpenMode, Store, StoreError};

use crate::postgres::{self, Database, Server};

/// What the environment of a run names the engine in.
pub(crate) const ENGINE: &str = "TIDINGS_TEST_ENGINE";

/// What keeps stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// What the environment says of it.
#[expect(clippy::disallowed_methods, reason = "a run's own argument")]
fn named() -> Option<String> {
    std::env::var(ENGINE).ok().filter(|name| !name.is_empty())
}

fn engine() -> Engine {
    static CHOSEN: LazyLock<Engine> = LazyLock::new(|| match named().as_deref() {
        None | Some("sqlite") => Engine::Sqlite,
        Some("postgres") => Engine::Postgres,
        Some(other) => panic!("{ENGINE} is {other:?}, which is neither sqlite nor postgres"),
    });
    *CHOSEN
}

/// Whether somebody has chosen the engine of this run.
pub(crate) fn engine_is_named() -> bool {
    named().is_some()
}

/// Whether a test has nothing to say about a store on PostgreSQL, and why; then it is skipped there.
pub(crate) fn skipped_on_postgres(why: &str) -> bool {
    let skipped = engine() == Engine::Postgres;
    if skipped {
        eprintln!("skipped on PostgreSQL: {why}");
    }
    skipped
}

/// A folder, and perhaps a database.
pub(crate) struct Ground {
    database: Option<Database>,
    folder: TempDir,
}

impl Ground {
    /// An empty folder, and a store in which nothing is yet.
    pub(crate) fn new() -> Ground {
        let database = match engine() {
            Engine::Sqlite => None,
            Engine::Postgres => {
                let server = postgres::shared().expect("a server, as the environment asks for it");
                Some(Database::like(server, prepared().name()))
            }
        };
        Ground {
            database,
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// An empty folder, and nothing in a database on a server, whichever engine the others are on.
    pub(crate) fn on(server: &Arc<Server>) -> Ground {
        Ground {
            database: Some(Database::empty(server)),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn at(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// What leads a bot to its store, where that is no file in the folder.
    pub(crate) fn variables(&self) -> BTreeMap<String, String> {
        variables(self.database.as_ref())
    }

    /// What its configuration comes to.
    pub(crate) fn settings(&self) -> Settings {
        self.settings_with([])
    }

    /// What its configuration comes to with an environment.
    pub(crate) fn settings_with<'a>(
        &self,
        environment: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Settings {
        let mut all = self.variables();
        all.extend(
            environment
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
        settings::load(&self.at("tidings.toml"), &all, self.path()).unwrap()
    }

    /// A call of the real program, with nothing in its environment but what leads it to this ground.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tidings"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("TIDINGS_CONFIG", "tidings.toml")
            .envs(self.variables())
            .stdin(Stdio::null());
        command
    }

    // Behind the store's back: what nobody may do but a test.

    /// Carries out a statement; how many rows it changed.
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        match &self.database {
            Some(database) => database.execute(sql),
            None => self.file().execute(sql, []).unwrap().try_into().unwrap(),
        }
    }

    /// What a question is answered with, as text.
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        if let Some(database) = &self.database {
            return database.rows(sql);
        }
        let file = self.file();
        let mut asked = file.prepare(sql).unwrap();
        let columns = asked.column_count();
        let rows = asked.query_map([], |row| {
            let values = (0..columns).map(|at| match row.get_ref(at)? {
                ValueRef::Null => Ok(None),
                ValueRef::Integer(number) => Ok(Some(number.to_string())),
                ValueRef::Text(text) => Ok(Some(String::from_utf8_lossy(text).into_owned())),
                other => panic!("no text: {other:?}"),
            });
            values.collect::<Result<Vec<_>, _>>()
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// The one value that a question is answered with.
    pub(crate) fn value(&self, sql: &str) -> String {
        let rows = self.rows(sql);
        match rows.as_slice() {
            [row] => row[0].clone().expect("a value"),
            _ => panic!("not one row: {sql}: {rows:?}"),
        }
    }

    /// How many rows there are of something: a table's name, and perhaps conditions.
    pub(crate) fn count(&self, what: &str) -> i64 {
        let count = self.value(&format!("SELECT count(*) FROM {what}"));
        count.parse().unwrap()
    }

    /// Whether a text stands anywhere in the store: in the bytes of its files, or in a row of a table.
    pub(crate) fn stands(&self, text: &str) -> bool {
        let Some(database) = &self.database else {
            let file = self.store_file();
            let log = file.with_extension("db-wal");
            return [file, log].iter().any(|file| {
                let bytes = fs::read(file).unwrap_or_default();
                let mut windows = bytes.windows(text.len());
                windows.any(|window| window == text.as_bytes())
            });
        };
        let tables = database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'tidings'");
        let text = text.replace('\'', "''");
        tables.into_iter().flatten().flatten().any(|table| {
            self.count(&format!("{table} AS t WHERE strpos(t::text, '{text}') > 0")) > 0
        })
    }

    /// What a process holds that was killed is nobody's, and nothing of it is under way any more: nobody waits for the end of
    /// its lease.
    pub(crate) fn is_let_go(&self) {
        if self.database.is_some() {
            self.execute("UPDATE leases SET holder = '', until_at = 0");
            self.execute("DELETE FROM processes");
        }
    }

    /// Whether the store is a file: a test may look at it then.
    pub(crate) fn has_file(&self) -> bool {
        self.database.is_none()
    }

    /// Whether the stores of this run are files.
    pub(crate) fn keeps_files() -> bool {
        engine() == Engine::Sqlite
    }

    fn file(&self) -> Connection {
        // Whoever looks makes no file.
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
        Connection::open_with_flags(self.store_file(), flags).unwrap()
    }

    fn store_file(&self) -> PathBuf {
        self.settings()
            .store
            .address
            .file()
            .expect("a file")
            .to_owned()
    }
}

fn variables(database: Option<&Database>) -> BTreeMap<String, String> {
    let url = database.map(|database| ("STORE_URL".to_owned(), database.url()));
    url.into_iter().collect()
}

/// Opens the store that a configuration names, on whichever engine.
pub(crate) fn open_store(settings: &Settings) -> Store {
    Store::open_at(&settings.store.address, OpenMode::Work).unwrap()
}

/// Opens it as somebody does who only looks, and who may come at a bad moment.
pub(crate) fn look_into_store(settings: &Settings) -> Result<Store, StoreError> {
    Store::open_at(&settings.store.address, OpenMode::Look)
}

/// A store in which nothing is yet, for others to begin as: making its tables takes longer than copying them.
fn prepared() -> &'static Database {
    static PREPARED: OnceLock<Database> = OnceLock::new();
    PREPARED.get_or_init(|| {
        let server = postgres::shared().expect("a server");
        let database = Database::empty(server);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("tidings.toml");
        fs::write(&file, "").unwrap();
        let variables = variables(Some(&database));
        let settings = settings::load(&file, &variables, folder.path()).unwrap();
        drop(open_store(&settings));
        // Its connections may end a moment after it, and nobody may be there when it is copied.
        server.cut_off(database.name());
        database
    })
}
