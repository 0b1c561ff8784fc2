//! A PostgreSQL server that belongs to this run of the tests: found where distributions put it, begun in a temporary
//! folder, reached over a socket in it and nothing else. However the tests end, it ends with them, and the folder goes.
//! Without PostgreSQL (Debian: postgresql) what needs it says that it is skipped; `.ci/run` installs it.
//!
//! What a database costs was measured: 20 ms to make one from a template by copying its files (60 ms by way of the log),
//! and 10 ms to drop it; on tmpfs (`TMPDIR=/dev/shm`) 8 ms and 4 ms.

mod installed;
mod servers;

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, OnceLock};
use std::time::Duration;

use tempfile::TempDir;
use tokio::runtime::Runtime;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, NoTls, SimpleQueryMessage};

use self::installed::Installed;
use crate::fakes::clock::pause;

/// Who owns the databases that tests get: somebody who may do nothing else.
const OWNER: &str = "tidings";

/// Who owns the server.
const SUPERUSER: &str = "postgres";

/// The database that every server has.
const MAINTENANCE: &str = "postgres";

/// What it listens on where a test names no other port.
const PORT: u16 = 5432;

/// Looks at a server that begins, one every 10 ms.
const PATIENCE: usize = 3_000;

/// Waits for the end of the tests (its input is a pipe that they hold), then ends the server and removes its folder. It is
/// told "stay" where the tests have ended the server themselves. A paused process takes no signal but the one to go on,
/// and one that has ended stays in the list for as long as its new parent takes no notice.
const WATCHER: &str = r#"
    state() { { read -r process name state parent rest <"/proc/$1/stat"; } 2>/dev/null || state=; }
    read -r told && exit 0
    for folder in /proc/[0-9]*; do
        parent=
        state "${folder#/proc/}"
        if [ "$parent" = "$1" ]; then kill -CONT "$process"; fi
    done
    kill -CONT "$1"
    kill -QUIT "$1"
    looks=0
    state "$1"
    while kill -0 "$1" && [ "$state" != Z ] && [ "$looks" -lt 500 ]; do
        sleep 0.01
        looks=$((looks + 1))
        state "$1"
    done
    kill -KILL "$1"
    cd / && rm -rf "$2"
"#;

/// What a server promises of a transaction that was committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durability {
    /// That others see it. Quick, and enough where nothing ends the server.
    Quick,
    /// That it survives the server, and a power cut.
    Full,
}

/// How a server ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Whoever is connected is thrown out, and all is put in order.
    Orderly,
    /// As in a crash: at once, and the next start recovers from the log.
    Crash,
}

/// A server and its folder.
pub(crate) struct Server {
    installed: Installed,
    settings: Vec<String>,
    /// A process for as long as it runs.
    running: Mutex<Option<Running>>,
    databases: AtomicUsize,
    port: u16,
    folder: TempDir,
}

struct Running {
    server: Child,
    watcher: Child,
}

impl Running {
    /// Its server has ended, and the folder stays.
    fn dismiss_watcher(&mut self) {
        let mut stay = self.watcher.stdin.take().unwrap();
        stay.write_all(b"stay\n").unwrap();
        self.watcher.wait().unwrap();
    }
}

/// Where the errands to servers are run, from a test that has a runtime of its own and from one that has none.
static ERRANDS: LazyLock<Runtime> = LazyLock::new(|| {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.worker_threads(1).enable_all().build().unwrap()
});

/// The server that all tests of this process share; `None` where the machine has no PostgreSQL, which is said.
pub(crate) fn shared() -> Option<&'static Arc<Server>> {
    static SHARED: OnceLock<Option<Arc<Server>>> = OnceLock::new();
    let shared = SHARED.get_or_init(|| Server::start(Durability::Quick, &[]));
    shared.as_ref()
}

impl Server {
    /// Begins a server, with settings in the form `name=value`; `None` where the machine has no PostgreSQL, which is said.
    pub(crate) fn start(durability: Durability, settings: &[&str]) -> Option<Arc<Server>> {
        let installed = match Installed::find() {
            Ok(installed) => installed,
            Err(why) => {
                eprintln!("skipped: {why}");
                return None;
            }
        };
        let mut all: Vec<String> = [
            "listen_addresses=",
            "max_connections=200",
            "shared_buffers=32MB",
            // Shared memory that goes with the folder.
            "dynamic_shared_memory_type=mmap",
            // Its workers would sit in a template that somebody copies.
            "autovacuum=off",
            "jit=off",
        ]
        .map(str::to_owned)
        .to_vec();
        if durability == Durability::Quick {
            let quick = [
                "fsync=off",
                "synchronous_commit=off",
                "full_page_writes=off",
                "wal_level=minimal",
                "max_wal_senders=0",
            ];
            all.extend(quick.map(str::to_owned));
        }
        all.extend(settings.iter().map(|&setting| setting.to_owned()));
        let server = Server::in_folder(installed, all);
        server.initialise();
        server.start_again();
        server.execute(MAINTENANCE, &format!("CREATE ROLE {OWNER} LOGIN"));
        Some(Arc::new(server))
    }

    /// One that has no data yet.
    fn in_folder(installed: Installed, settings: Vec<String>) -> Server {
        let folder = tempfile::Builder::new()
            .prefix("tidings-postgres-")
            .tempdir()
            .unwrap();
        if let Some(account) = installed.account {
            chown(folder.path(), Some(account.user), Some(account.group)).unwrap();
        }
        let port = settings
            .iter()
            .find_map(|setting| setting.strip_prefix("port="));
        Server {
            port: port.map_or(PORT, |port| port.parse().unwrap()),
            installed,
            settings,
            running: Mutex::new(None),
            databases: AtomicUsize::new(0),
            folder,
        }
    }

    /// Another one that follows it, and has all that is committed here from now on: nothing is committed without it.
    pub(crate) async fn standby(&self) -> Arc<Server> {
        let standby = self.follower();
        // What the standby has copied mustn't say that: it would wait for somebody itself.
        self.execute(
            MAINTENANCE,
            "ALTER SYSTEM SET synchronous_standby_names = '*'",
        );
        self.rows(MAINTENANCE, "SELECT pg_reload_conf()");
        self.followed(&["sync"]).await;
        standby
    }

    /// Another one that followed it until now, and which nothing here has ever waited for.
    pub(crate) async fn left_behind(&self) -> Arc<Server> {
        let standby = self.follower();
        self.followed(&["async"]).await;
        standby.execute(MAINTENANCE, "ALTER SYSTEM SET primary_conninfo = ''");
        standby.rows(MAINTENANCE, "SELECT pg_reload_conf()");
        self.followed(&[]).await;
        standby
    }

    fn follower(&self) -> Arc<Server> {
        let standby = Server::in_folder(self.installed.clone(), self.settings.clone());
        let made = standby
            .command("pg_basebackup")
            .arg("--pgdata")
            .arg(standby.data())
            .args(["--write-recovery-conf", "--checkpoint=fast", "--no-sync"])
            .args(["--username", SUPERUSER, "--host"])
            .arg(self.socket())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "pg_basebackup: {said}");
        standby.start_again();
        Arc::new(standby)
    }

    /// Waits until those that follow it do so in these ways.
    async fn followed(&self, ways: &[&str]) {
        let ways: Vec<_> = ways
            .iter()
            .map(|way| vec![Some((*way).to_owned())])
            .collect();
        let asked = "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'";
        for _ in 0..PATIENCE {
            if self.rows(MAINTENANCE, asked) == ways {
                return;
            }
            pause(Duration::from_millis(10)).await;
        }
        panic!("it isn't followed as it should be: {}", self.log());
    }

    /// Has one that follows another go on by itself.
    pub(crate) fn take_over(&self) {
        let promoted = self.rows(MAINTENANCE, "SELECT pg_promote()");
        assert_eq!(promoted, [[Some("t".to_owned())]], "{}", self.log());
    }

    /// The folder that its socket is in.
    pub(crate) fn socket(&self) -> &Path {
        self.folder.path()
    }

    /// Where one of its databases is, for a bot.
    pub(crate) fn url(&self, database: &str) -> String {
        url(self.socket(), database)
    }

    /// The port that it listens on, if it was begun with `listen_addresses`.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Writes a file of its data, which it reads at its next start.
    pub(crate) fn put(&self, name: &str, text: &str) {
        let file = self.data().join(name);
        fs::write(&file, text).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        if let Some(account) = self.installed.account {
            chown(file, Some(account.user), Some(account.group)).unwrap();
        }
    }

    /// A program of PostgreSQL's own, run as whoever runs the server and led to it.
    pub(crate) fn program(&self, name: &str) -> Command {
        let mut command = self.command(name);
        command
            .env("PGHOST", self.socket())
            .env("PGPORT", self.port.to_string())
            .env("PGUSER", SUPERUSER);
        command
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn command(&self, program: &str) -> Command {
        let own = self.installed.programs.join(program);
        // Where only a part of it lies in the server's folder, the rest may be elsewhere.
        let mut command = if own.is_file() {
            Command::new(own)
        } else {
            Command::new(program)
        };
        self.prepare(&mut command);
        command
    }

    /// Has a program run as whoever owns the server's folder, and apart from what is typed at the tests' terminal.
    fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.folder.path())
            .env("LC_ALL", "C")
            .process_group(0)
            .stdin(Stdio::null());
        if let Some(account) = self.installed.account {
            command.uid(account.user).gid(account.group);
        }
    }

    fn initialise(&self) {
        let made = self
            .command("initdb")
            .arg("--pgdata")
            .arg(self.data())
            .args(["--username", SUPERUSER, "--auth", "trust", "--no-sync"])
            .args(["--encoding", "UTF8", "--locale", "C", "--wal-segsize", "1"])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "initdb: {said}");
    }

    /// Starts it after it has ended; returns once it answers.
    pub(crate) fn start_again(&self) {
        let mut running = self.running.lock().unwrap();
        assert!(running.is_none(), "the server runs already");
        let mut begun = self.begin();
        for _ in 0..PATIENCE {
            let (socket, port) = (self.socket().to_owned(), self.port);
            if on_errand(async move { connect(&socket, port, MAINTENANCE).await.is_ok() }) {
                *running = Some(begun);
                return;
            }
            if let Some(ended) = begun.server.try_wait().unwrap() {
                let log = self.log();
                let last = log.lines().rev().take(10);
                // Somebody who connected elsewhere was given its port meanwhile, and has it for a moment.
                let is_taken = last
                    .clone()
                    .any(|line| line.contains("Address already in use"));
                assert!(is_taken, "{ended}: {log}");
                begun.dismiss_watcher();
                begun = self.begin();
            }
            on_errand(pause(Duration::from_millis(10)));
        }
        panic!("the server doesn't answer: {}", self.log());
    }

    /// Its processes.
    fn begin(&self) -> Running {
        let log = self.folder.path().join("log");
        let log = fs::File::options().create(true).append(true).open(log);
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data());
        let socket = format!("unix_socket_directories={}", self.socket().display());
        for setting in self.settings.iter().chain([&socket]) {
            command.args(["-c", setting]);
        }
        let server = command
            .stdout(Stdio::null())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        let mut watcher = Command::new("sh");
        self.prepare(&mut watcher);
        let watcher = watcher
            .args(["-c", WATCHER, "watcher"])
            .arg(server.id().to_string())
            .arg(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Running { server, watcher }
    }

    /// Ends it; its folder stays.
    pub(crate) fn end(&self, how: Ending) {
        let mut running = self.running.lock().unwrap().take().expect("it runs");
        let signal = match how {
            Ending::Orderly => "-INT",
            Ending::Crash => "-QUIT",
        };
        send(signal, &[running.server.id()]);
        running.server.wait().unwrap();
        running.dismiss_watcher();
    }

    /// Stops all its processes where they are, as a machine does that is out of breath: nothing is closed, nothing answers.
    pub(crate) fn freeze(&self) -> Frozen {
        let running = self.running.lock().unwrap();
        let server = running.as_ref().expect("it runs").server.id();
        // It makes no more of them once it is stopped itself.
        send("-STOP", &[server]);
        let mut processes = children(server);
        send("-STOP", &processes);
        processes.push(server);
        Frozen(processes)
    }

    /// Closes all connections to a database, as an administrator does.
    pub(crate) fn cut_off(&self, database: &str) {
        self.rows(
            MAINTENANCE,
            &format!(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
            ),
        );
    }

    /// Carries out statements in a database, as the server's owner; how many rows the last one changed.
    pub(crate) fn execute(&self, database: &str, sql: &str) -> u64 {
        let messages = self.ask(database, sql);
        let counts = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::CommandComplete(rows) => Some(*rows),
            _ => None,
        });
        counts.last().unwrap_or_default()
    }

    /// What a question to a database is answered with, as text.
    pub(crate) fn rows(&self, database: &str, sql: &str) -> Vec<Vec<Option<String>>> {
        let messages = self.ask(database, sql);
        let rows = messages.iter().filter_map(|message| match message {
            SimpleQueryMessage::Row(row) => {
                let values = (0..row.len()).map(|at| row.get(at).map(str::to_owned));
                Some(values.collect())
            }
            _ => None,
        });
        rows.collect()
    }

    fn ask(&self, database: &str, sql: &str) -> Vec<SimpleQueryMessage> {
        let (socket, database) = (self.socket().to_owned(), database.to_owned());
        let (asked, port) = (sql.to_owned(), self.port);
        let answered = on_errand(async move {
            let client = connect(&socket, port, &database).await?;
            client.simple_query(&asked).await
        });
        answered.unwrap_or_else(|error| panic!("{error:?}: {sql}\n{}", self.log()))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let running = self.running.lock().map(|mut running| running.take());
        if let Ok(Some(mut running)) = running {
            // The watcher ends the server; it may have ended by itself.
            drop(running.watcher.stdin.take());
            let _ = running.server.wait();
            let _ = running.watcher.wait();
        }
    }
}

/// Where a database is behind a socket in a folder.
pub(crate) fn url(socket: &Path, database: &str) -> String {
    format!(
        "postgres:///{database}?host={}&user={OWNER}",
        socket.display()
    )
}

/// A server that is stopped; it goes on when this is dropped.
pub(crate) struct Frozen(Vec<u32>);

impl Drop for Frozen {
    fn drop(&mut self) {
        send("-CONT", &self.0);
    }
}

/// A transaction that keeps others waiting, and is taken back in the end.
pub(crate) struct Locked(#[expect(dead_code, reason = "it ends with it")] Client);

/// A database of a test's own; it is dropped at the test's end.
pub(crate) struct Database {
    server: Arc<Server>,
    name: String,
}

impl Database {
    /// A database in which nothing is.
    pub(crate) fn empty(server: &Arc<Server>) -> Database {
        Database::like(server, "template0")
    }

    /// A copy of another database, to which nobody may be connected.
    pub(crate) fn like(server: &Arc<Server>, template: &str) -> Database {
        let number = server.databases.fetch_add(1, Ordering::Relaxed);
        let name = format!("test_{number}");
        let sql =
            format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {template} STRATEGY file_copy");
        server.execute(MAINTENANCE, &sql);
        Database {
            server: server.clone(),
            name,
        }
    }

    /// The same one where another server has taken over.
    pub(crate) fn taken_over_by(&self, server: &Arc<Server>) -> Database {
        Database {
            server: server.clone(),
            name: self.name.clone(),
        }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Where it is, for a bot.
    pub(crate) fn url(&self) -> String {
        self.server.url(&self.name)
    }

    /// See [`Server::execute`].
    pub(crate) fn execute(&self, sql: &str) -> u64 {
        self.server.execute(&self.name, sql)
    }

    /// See [`Server::rows`].
    pub(crate) fn rows(&self, sql: &str) -> Vec<Vec<Option<String>>> {
        self.server.rows(&self.name, sql)
    }

    /// Begins a transaction with a statement; what it locks is locked until this is dropped.
    pub(crate) fn lock(&self, sql: &str) -> Locked {
        let (socket, port) = (self.server.socket().to_owned(), self.server.port);
        let (database, begun) = (self.name.clone(), format!("BEGIN; {sql}"));
        on_errand(async move {
            let client = connect(&socket, port, &database).await.unwrap();
            client.simple_query(&begun).await.unwrap();
            Locked(client)
        })
    }

    /// How many wait for somebody else's lock.
    pub(crate) fn waiting(&self) -> usize {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let rows = self.rows(waiting);
        rows[0][0].as_ref().unwrap().parse().unwrap()
    }

    /// Whether statements are understood, each with parameters of the types that a bot's have; or why not. Nothing is done.
    pub(crate) fn understands(&self, statements: Vec<String>) -> Vec<Result<(), String>> {
        let (socket, port) = (self.server.socket().to_owned(), self.server.port);
        let database = self.name.clone();
        on_errand(async move {
            let client = connect(&socket, port, &database).await.unwrap();
            let mut answers = Vec::new();
            for sql in &statements {
                answers.push(is_understood(&client, sql).await);
            }
            answers
        })
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (socket, port) = (self.server.socket().to_owned(), self.server.port);
        let sql = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        // Nobody waits for it, and where the server is gone the database is as well.
        ERRANDS.spawn(async move {
            if let Ok(client) = connect(&socket, port, MAINTENANCE).await {
                let _ = client.simple_query(&sql).await;
            }
        });
    }
}

/// A connection of the server's owner, who sees the bot's tables without naming their schema.
async fn connect(
    socket: &Path,
    port: u16,
    database: &str,
) -> Result<Client, tokio_postgres::Error> {
    let (client, connection) = Config::new()
        .host_path(socket)
        .port(port)
        .user(SUPERUSER)
        .dbname(database)
        .options("-csearch_path=tidings,public")
        .connect(NoTls)
        .await?;
    tokio::spawn(connection);
    Ok(client)
}

/// See [`Database::understands`]. The server says of which types the parameters should be; where it can't, they are numbers and
/// texts in some way. Of its types a bot uses those four that there are in its tables.
async fn is_understood(client: &Client, sql: &str) -> Result<(), String> {
    let mut prepared = client.prepare(sql).await;
    if let Err(error) = &prepared {
        let said = error
            .as_db_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        let is_there = |number: &usize| sql.contains(&format!("${number}"));
        let count = (1..=20).filter(is_there).max().unwrap_or(0);
        for way in 0..1_u32 << count.min(6) {
            let kind = |at: usize| [Type::INT8, Type::TEXT][(way as usize >> at) & 1].clone();
            let types: Vec<Type> = (0..count).map(kind).collect();
            prepared = client.prepare_typed(sql, &types).await;
            if prepared.is_ok() {
                break;
            }
        }
        if prepared.is_err() {
            return Err(said);
        }
    }
    let statement = prepared.map_err(|error| error.to_string())?;
    let own = statement.params().iter().map(|wanted| match *wanted {
        Type::INT2 | Type::INT4 | Type::INT8 | Type::BOOL => Type::INT8,
        Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => Type::FLOAT8,
        Type::BYTEA => Type::BYTEA,
        _ => Type::TEXT,
    });
    let own: Vec<Type> = own.collect();
    let understood = client.prepare_typed(sql, &own).await;
    let shown = |error: tokio_postgres::Error| format!("with {own:?}: {:?}", error.as_db_error());
    understood.map(drop).map_err(shown)
}

/// Runs something to its end while the test waits.
fn on_errand<T: Send + 'static>(errand: impl Future<Output = T> + Send + 'static) -> T {
    let (tell, told) = std::sync::mpsc::channel();
    ERRANDS.spawn(async move {
        let _ = tell.send(errand.await);
    });
    told.recv().unwrap()
}

fn send(signal: &str, processes: &[u32]) {
    let processes = processes.iter().map(u32::to_string);
    // One of them may have ended meanwhile.
    let _ = Command::new("kill")
        .arg(signal)
        .args(processes)
        .stderr(Stdio::null())
        .status();
}

/// The processes that another one has begun.
fn children(parent: u32) -> Vec<u32> {
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc").unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        let Some(number) = name.to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        // The name in brackets may hold anything; the state and the parent follow it.
        let about = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let behind = about.rsplit_once(") ").map_or("", |(_, behind)| behind);
        if behind.split(' ').nth(1) == Some(parent.to_string().as_str()) {
            children.push(number);
        }
    }
    children
}
