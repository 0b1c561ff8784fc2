//! A store on a server, as its operator meets it: what goes wrong and how that is said, what `check` and `status` tell, and
//! that the bot outlives its server. Skipped where the machine has no PostgreSQL.

mod away;
mod calls;
mod checked;
mod folders;
mod missed;
mod refused;
mod shared;
mod slow;
mod webhooks;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use tidings_store::{OpenMode, ServerUrl, Store, StoreAddress, StoreError};

use crate::postgres::{Durability, Server};

/// A server that listens at a port of this machine, too.
fn listening(settings: &[&str]) -> Option<Arc<Server>> {
    // Free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("port={}", free.local_addr().unwrap().port());
    drop(free);
    let mut all = vec!["listen_addresses=127.0.0.1", &port];
    all.extend(settings);
    Server::start(Durability::Quick, &all)
}

/// Where a database of such a server is, for a bot.
fn at_port(server: &Server, account: &str, rest: &str) -> String {
    format!("postgres://{account}@127.0.0.1:{}/{rest}", server.port())
}

fn opened(url: &str, access: OpenMode) -> Result<Store, StoreError> {
    let url = ServerUrl::parse(url, Path::new("/")).unwrap();
    Store::open_at(&StoreAddress::Server(url), access)
}

/// Why a store can't be opened, without what differs from run to run.
fn why(server: &Server, url: &str) -> String {
    why_to(server, url, OpenMode::Work)
}

fn why_to(server: &Server, url: &str, access: OpenMode) -> String {
    let error = opened(url, access).err().expect("it is refused");
    let said = error.to_string();
    assert!(!said.contains("sesame"), "{said}");
    said.replace(&server.port().to_string(), "PORT")
        .replace(&server.socket().display().to_string(), "FOLDER")
}

/// Carries something out with the server ended, which starts again with it.
fn meanwhile(server: &Server, work: impl FnOnce()) {
    server.end(crate::postgres::Ending::Orderly);
    work();
    server.start_again();
}

/// A certificate that signs itself, and its key, both as text; `None` where the machine has no `openssl`, which is said.
fn certificate(host: &str) -> Option<(String, String)> {
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"])
        .args(["-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-subj", "/CN=tests", "-addext"])
        .arg(format!("subjectAltName={host}"))
        .args(["-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder.path())
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("skipped: there is no openssl");
        return None;
    }
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    Some((read("certificate.pem"), read("key.pem")))
}
