//! What `tidings check` says of a store on a server.

use std::fs;
use std::process::Stdio;

use insta::assert_snapshot;
use tidings_store::OpenMode;

use super::{at_port, certificate, listening, meanwhile, opened};
use crate::ground::Ground;
use crate::harness::CONFIG;
use crate::postgres::{Durability, Server, shared};
use crate::telegram::clockwork::beat;

fn ground(server: &std::sync::Arc<Server>) -> Ground {
    let ground = Ground::on(server);
    fs::write(ground.at("tidings.toml"), CONFIG).unwrap();
    fs::create_dir(ground.at("digests")).unwrap();
    ground
}

/// The URL of a ground's store.
fn usual(ground: &Ground) -> String {
    ground.settings().store.address.to_string()
}

/// The lines about the store, without what differs from run to run.
fn check(ground: &Ground, url: Option<&str>) -> String {
    let mut command = ground.command(&["check"]);
    if let Some(url) = url {
        command.env("STORE_URL", url);
    }
    let checked = command.output().unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    let usual = usual(ground);
    let shown = |line: &str| {
        let line = line.replace(&usual, "URL");
        let line = url.map_or(line.clone(), |url| line.replace(url, "URL"));
        let version = line.split_once("PostgreSQL ").and_then(|(_, rest)| {
            let version = rest.split(',').next()?;
            version
                .starts_with(|c: char| c.is_ascii_digit())
                .then(|| version.to_owned())
        });
        match version {
            Some(version) => line.replace(&version, "N"),
            None => line,
        }
    };
    let mut lines = Vec::new();
    let mut is_ours = false;
    for line in said.lines() {
        is_ours = line.contains(" store ") || is_ours && line.starts_with(' ');
        if is_ours {
            lines.push(shown(line));
        }
    }
    lines.join("\n")
}

#[test]
fn a_server_that_will_do() {
    let Some(server) = Server::start(Durability::Full, &[]) else {
        return;
    };
    let ground = ground(&server);
    assert_snapshot!(check(&ground, None), @r"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    ");
    drop(opened(&usual(&ground), OpenMode::Work).unwrap());
    assert_snapshot!(check(&ground, None), @r"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ✓ store URL: 0 items, 0 channels
    ");
    ground.execute("UPDATE facts SET value = 1 WHERE name = 'schema'");
    assert_snapshot!(check(&ground, None), @r"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ! store URL: its tables are of an older version of Tidings (schema 1); `tidings run` brings them up to date
    ");
}

#[test]
fn what_may_cost_messages_one_day() {
    let Some(server) = shared() else { return };
    let ground = ground(server);
    assert_snapshot!(check(&ground, None), @r"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ! store URL: fsync is off there, so a crash of the server may lose what was noted, and messages come twice; turn it on
    ! store URL: synchronous_commit is off there, so a crash of the server may lose what was noted, and messages come twice; turn it on
    ! store URL: full_page_writes is off there, so a crash of the server may lose what was noted, and messages come twice; turn it on
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    ");
    ground.execute("CREATE SCHEMA tidings");
    ground.execute("GRANT USAGE ON SCHEMA tidings TO tidings");
    assert!(check(&ground, None).contains("let an administrator say `GRANT postgres TO tidings`"));
}

#[tokio::test(flavor = "multi_thread")]
async fn replicas_that_may_lag() {
    let Some(server) = Server::start(Durability::Full, &[]) else {
        return;
    };
    let ground = ground(&server);
    let mut replica = server.program("pg_receivewal");
    replica
        .args(["--no-loop", "-D"])
        .arg(server.socket())
        .env("PGAPPNAME", "seoul")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut replica = match replica.spawn() {
        Ok(replica) => replica,
        Err(why) => {
            eprintln!("skipped: pg_receivewal: {why}");
            return;
        }
    };
    let following = "SELECT 1 FROM pg_stat_replication WHERE state = 'streaming'";
    while server.rows("postgres", following).is_empty() {
        assert_eq!(replica.try_wait().unwrap(), None);
        beat().await;
    }
    let told = check(&ground, None);
    server.execute("postgres", "GRANT pg_monitor TO tidings");
    let seen = check(&ground, None);
    replica.kill().unwrap();
    replica.wait().unwrap();
    assert_snapshot!(told, @r"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ! store URL: it has replicas, and whether they are synchronous isn't told to this user (`GRANT pg_monitor TO …` lets it know); after a failover to an asynchronous one messages may come twice
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    ");
    assert_snapshot!(seen, @r#"
    ✓ store URL: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ! store URL: the replica "seoul" is asynchronous: after a failover to it, messages may come twice; name it in synchronous_standby_names, or never fail over to it
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    "#);
}

#[test]
fn how_the_line_is_kept_from_others() {
    let Some((text, key)) = certificate("IP:127.0.0.1") else {
        return;
    };
    let Some(server) = listening(&["fsync=on", "full_page_writes=on", "synchronous_commit=on"])
    else {
        return;
    };
    let ground = ground(&server);
    server.put("server.crt", &text);
    server.put("server.key", &key);
    server.execute("postgres", "ALTER SYSTEM SET ssl = on");
    meanwhile(&server, || {});
    let file = ground.at("authority.pem");
    fs::write(&file, &text).unwrap();
    let usual = usual(&ground);
    let database = usual.split(['/', '?']).nth(3).unwrap();
    // On this machine nobody is between.
    let any = at_port(&server, "tidings", &format!("{database}?sslmode=require"));
    assert_snapshot!(check(&ground, Some(&any)), @r"
    ✓ store URL: PostgreSQL N, TLSv1.3, its certificate not verified; a process that is silent for 10 s is replaced
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    ");
    let known = format!(
        "{database}?sslmode=verify-full&sslrootcert={}",
        file.display()
    );
    let known = at_port(&server, "tidings", &known);
    assert_snapshot!(check(&ground, Some(&known)), @r"
    ✓ store URL: PostgreSQL N, TLSv1.3, its certificate verified; a process that is silent for 10 s is replaced
    ✓ store URL: no tables yet; `tidings run` makes them in the schema tidings
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_that_forgets() {
    let Some(server) = Server::start(Durability::Full, &[]) else {
        return;
    };
    let ground = ground(&server);
    let direct = usual(&ground);
    let Some(pooler) = pooler(&server, "transaction").await else {
        return;
    };
    let forgetful = check(&ground, Some(&pooler.url(&direct)));
    drop(pooler);
    for words in [
        "✗",
        "a pooler in transaction mode stands between",
        "max_prepared_statements",
    ] {
        assert!(forgetful.contains(words), "{words}: {forgetful}");
    }
    let pooler = self::pooler(&server, "session").await.unwrap();
    assert_snapshot!(check(&ground, Some(&pooler.url(&direct))), @r"
    ✓ store URL/session: PostgreSQL N, on this machine; a process that is silent for 10 s is replaced
    ✓ store URL/session: no tables yet; `tidings run` makes them in the schema tidings
    ");
}

/// A PgBouncer behind a socket of its own.
struct PgBouncer {
    child: std::process::Child,
    folder: std::path::PathBuf,
    server: std::path::PathBuf,
}

impl PgBouncer {
    /// The same database by way of it.
    fn url(&self, direct: &str) -> String {
        let folder = self.folder.display().to_string();
        direct.replace(&self.server.display().to_string(), &folder)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Begins one; `None` where the machine has none, which is said.
async fn pooler(server: &Server, mode: &str) -> Option<PgBouncer> {
    let folder = server.socket().join(mode);
    let mut make = server.program("mkdir");
    assert!(make.arg(&folder).status().unwrap().success());
    let (server_folder, pooler_folder) = (server.socket().display(), folder.display());
    let config = format!(
        "[databases]\n* = user=tidings host={server_folder}\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = {pooler_folder}\nlisten_port = 5432\n\
         auth_type = any\npool_mode = {mode}\nserver_check_delay = 0\n"
    );
    let file = format!("{mode}.ini");
    server.put(&file, &config);
    let mut command = server.program("pgbouncer");
    command
        .arg(server.socket().join("data").join(file))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let Ok(child) = command.spawn() else {
        eprintln!("skipped: there is no pgbouncer");
        return None;
    };
    let mut pooler = PgBouncer {
        child,
        folder: folder.clone(),
        server: server.socket().to_owned(),
    };
    while !folder.join(".s.PGSQL.5432").exists() {
        assert_eq!(pooler.child.try_wait().unwrap(), None, "it ended");
        beat().await;
    }
    Some(pooler)
}
