//! Every way in which a server doesn't take us, each said with how to mend it, and never with the password.

use insta::assert_snapshot;
use tidings_store::OpenMode;

use super::{at_port, certificate, listening, meanwhile, opened, why, why_to};
use crate::ground::Ground;
use crate::postgres::{Database, Durability, Ending, Server, shared, url};

/// Who may come in: the tests themselves, and others by a password.
const BY_PASSWORD: &str = "local all postgres trust\nhost all all all scram-sha-256\n";

#[test]
fn whom_a_server_does_not_know() {
    let Some(server) = listening(&[]) else { return };
    server.put("pg_hba.conf", BY_PASSWORD);
    server.execute("postgres", "ALTER ROLE tidings PASSWORD 'opensesame'");
    meanwhile(&server, || {});
    let wrong = why(&server, &at_port(&server, "tidings:sesame", "postgres"));
    assert_snapshot!(wrong, @r#"its server refuses us (password authentication failed for user "tidings"); check the user of its URL, the password, which comes in STORE_URL or STORE_URL_FILE, and the server's pg_hba.conf"#);
    let unknown = why(&server, &at_port(&server, "nobody:sesame", "postgres"));
    assert_snapshot!(unknown, @r#"its server refuses us (password authentication failed for user "nobody"); check the user of its URL, the password, which comes in STORE_URL or STORE_URL_FILE, and the server's pg_hba.conf"#);
    let without = why(&server, &at_port(&server, "tidings", "postgres"));
    assert_snapshot!(without, @"its server refuses us (invalid configuration: password missing); check the user of its URL, the password, which comes in STORE_URL or STORE_URL_FILE, and the server's pg_hba.conf");
    let database = why(&server, &at_port(&server, "tidings:opensesame", "news"));
    assert_snapshot!(database, @r#"its server says: database "news" does not exist; name another one, or make it: `CREATE DATABASE name OWNER user ENCODING 'UTF8' TEMPLATE template0`"#);
    // Nothing stands about a socket in its list.
    let unlisted = why(
        &server,
        &format!("{}&port={}", server.url("postgres"), server.port()),
    );
    assert_snapshot!(unlisted, @r#"its server refuses us (no pg_hba.conf entry for host "[local]", user "tidings", database "postgres", no encryption); check the user of its URL, the password, which comes in STORE_URL or STORE_URL_FILE, and the server's pg_hba.conf"#);
}

#[test]
fn a_line_that_is_not_safe() {
    let Some((text, key)) = certificate("DNS:db.example.org") else {
        return;
    };
    let Some(server) = listening(&[]) else { return };
    let plain = why(
        &server,
        &at_port(&server, "tidings", "postgres?sslmode=require"),
    );
    assert_snapshot!(plain, @"its server speaks no TLS (sslmode wants it); turn it on there (ssl = on), or write sslmode=disable where nobody can listen in");
    server.put("server.crt", &text);
    server.put("server.key", &key);
    server.put(
        "pg_hba.conf",
        "local all postgres trust\nhostssl all all all trust\n",
    );
    server.execute("postgres", "ALTER SYSTEM SET ssl = on");
    meanwhile(&server, || {});
    let open = why(
        &server,
        &at_port(&server, "tidings", "postgres?sslmode=disable"),
    );
    assert_snapshot!(open, @r#"its server refuses us without TLS (no pg_hba.conf entry for host "127.0.0.1", user "tidings", database "postgres", no encryption); write sslmode=verify-full or sslmode=require into its URL, or allow this machine in the server's pg_hba.conf"#);
    let unknown = why(
        &server,
        &at_port(&server, "tidings", "postgres?sslmode=verify-full"),
    );
    assert_snapshot!(unknown, @"its server shows a certificate that isn't trusted (invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))); name the file of the authority that signed it with sslrootcert, and the host as the certificate has it");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("authority.pem");
    std::fs::write(&file, &text).unwrap();
    let by = |mode: &str| {
        let rest = format!("postgres?sslmode={mode}&sslrootcert={}", file.display());
        at_port(&server, "tidings", &rest)
    };
    // It is another host's.
    let other = why(&server, &by("verify-full"));
    assert_snapshot!(other, @r#"its server shows a certificate that isn't trusted (invalid peer certificate: certificate not valid for name "127.0.0.1"; certificate is only valid for DnsName("db.example.org")); name the file of the authority that signed it with sslrootcert, and the host as the certificate has it"#);
    let database = Database::empty(&server);
    let rest = format!(
        "{}?sslmode=verify-ca&sslrootcert={}",
        database.name(),
        file.display()
    );
    opened(&at_port(&server, "tidings", &rest), OpenMode::Work).unwrap();
}

#[test]
fn what_may_not_be_done_there() {
    let Some(server) = shared() else { return };
    server.execute(
        "postgres",
        "DROP ROLE IF EXISTS poor; CREATE ROLE poor LOGIN",
    );
    let database = Database::empty(server);
    let poor = database.url().replace("user=tidings", "user=poor");
    let make = why(server, &poor).replace(database.name(), "news");
    assert_snapshot!(make, @"its server says: poor may not make the schema tidings in the database news; let an administrator say: `GRANT CREATE ON DATABASE news TO poor`");
    // Whoever only looks says what there is: nothing.
    assert_snapshot!(why_to(server, &poor, OpenMode::Look), @"there are no tables yet; `tidings run` makes them, and `tidings copy` does from another store");
    drop(opened(&database.url(), OpenMode::Work).unwrap());
    assert_snapshot!(why(server, &poor).replace(database.name(), "news"), @"its server says: the schema tidings belongs to tidings, and poor may not use it; let an administrator say: `GRANT tidings TO poor`");
    database.execute("GRANT USAGE ON SCHEMA tidings TO poor");
    assert_snapshot!(why(server, &poor).replace(database.name(), "news"), @"its server says: permission denied for table facts; let an administrator say: `GRANT tidings TO poor`");
    let revoke = format!("REVOKE CONNECT ON DATABASE {} FROM public", database.name());
    database.execute(&revoke);
    assert_snapshot!(why(server, &poor).replace(database.name(), "news"), @r#"its server says: permission denied for database "news"; let an administrator say: `GRANT CONNECT ON DATABASE "news" TO "poor"`"#);
    // And what is advised helps.
    database.execute(&format!(
        "GRANT CONNECT ON DATABASE {} TO poor; GRANT tidings TO poor",
        database.name()
    ));
    opened(&poor, OpenMode::Work).unwrap();
}

#[test]
fn a_database_that_will_not_do() {
    let Some(server) = shared() else { return };
    let name = "of_bytes";
    server.execute(
        "postgres",
        &format!("CREATE DATABASE {name} OWNER tidings ENCODING 'SQL_ASCII' TEMPLATE template0"),
    );
    assert_snapshot!(why(server, &server.url(name)), @"its server won't do: the database's encoding is SQL_ASCII; make another one with `CREATE DATABASE name OWNER tidings ENCODING 'UTF8' TEMPLATE template0`");
    let database = Database::empty(server);
    database.execute("CREATE SCHEMA tidings AUTHORIZATION tidings; CREATE TABLE tidings.facts (name text, value bigint); ALTER TABLE tidings.facts OWNER TO tidings");
    assert_snapshot!(why(server, &database.url()), @"it is the database of another program; name another one in [store]");
    database.execute("INSERT INTO tidings.facts VALUES ('schema', 999)");
    let newer = why(server, &database.url());
    assert!(
        newer.contains("newer version of Tidings (schema 999"),
        "{newer}"
    );
    database.execute("UPDATE tidings.facts SET value = 1");
    let older = why_to(server, &database.url(), OpenMode::Look);
    assert!(
        older.contains("`tidings run` brings it up to date"),
        "{older}"
    );
}

#[test]
fn a_server_that_is_not_there_or_full_or_only_reads() {
    let Some(server) = Server::start(
        Durability::Full,
        &[
            "max_connections=4",
            "superuser_reserved_connections=1",
            "max_wal_senders=0",
        ],
    ) else {
        return;
    };
    let ground = Ground::on(&server);
    let shown = ground.variables()["STORE_URL"].clone();
    let store = opened(&shown, OpenMode::Work).unwrap();
    let others: Vec<_> = (0..2)
        .map(|_| opened(&shown, OpenMode::Look).unwrap())
        .collect();
    assert_snapshot!(why(&server, &shown), @"its server has no connection left (remaining connection slots are reserved for non-replication superuser connections); raise its max_connections or the limit of the user, or run fewer programs on it: a process of Tidings opens at most six, and more for pages on the web");
    drop((store, others));
    server.end(Ending::Orderly);
    assert_snapshot!(why(&server, &shown), @"its server can't be reached (error connecting to server: No such file or directory (os error 2)); see that it runs, that it may be reached from here, and that the URL names its host and port");
    server.put("standby.signal", "");
    server.start_again();
    assert_snapshot!(why(&server, &shown), @"its server only reads (it is a standby); name the one that takes writes, or all of them with target_session_attrs=read-write");
    // It may be looked at.
    opened(&shown, OpenMode::Look).unwrap();
    let nowhere = tempfile::tempdir().unwrap();
    let nowhere = url(nowhere.path(), "news");
    assert!(why(&server, &nowhere).contains("see that it runs"));
}
