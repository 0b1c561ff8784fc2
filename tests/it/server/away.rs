//! The server goes and comes back, and the bot with it.

use std::fs;

use super::shared::{LEASE, Process, configured};
use crate::fakes::clock::pause;
use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::harness::page;
use crate::postgres::{Durability, Ending, Server};
use crate::telegram::clockwork::beat;

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_outlives_its_server() {
    let Some(server) = Server::start(Durability::Full, &[]) else {
        return;
    };
    let ground = Ground::on(&server);
    configured(&ground, &[("tidings", "")]);
    let telegram = FakeTelegram::start();
    let process = Process::begin(&ground, &telegram, "tidings");
    telegram.wait_for_poll().await;
    let ana = telegram.person("Ana").known();
    ana.asks("/subscribe japan instant").await;
    while process.get("/readyz").await.0 != 200 {
        beat().await;
    }
    server.end(Ending::Crash);
    let before = process.log().lines().count();
    // What is asked meanwhile is answered once the server is back: the answer has to be written down before it is sent.
    ana.says("/sections");
    let (status, said) = process.get("/readyz").await;
    assert_eq!(status, 503);
    assert!(said.contains("its server can't be reached"), "{said}");
    assert_eq!(process.get("/healthz").await.0, 503);
    assert_eq!(process.get("/metrics").await.0, 503);
    // Until nothing is this process's any more, and each loop has met it.
    process.says("leases can't be renewed").await;
    pause(LEASE).await;
    server.start_again();
    let file = ground.at("2027-01-01.txt");
    fs::write(&file, page("# Japan\nSquid counted | All of them.")).unwrap();
    fs::rename(file, ground.at("digests/2027-01-01.txt")).unwrap();
    let messages = ana.chat().wait_for_messages(3).await;
    let all: Vec<&str> = messages
        .iter()
        .map(|message| message.text.as_str())
        .collect();
    let all = all.join("\n");
    for words in ["Squid counted", "4 sections"] {
        assert!(all.contains(words), "{words}: {all}\n{}", process.log());
    }
    while process.get("/readyz").await.0 != 200 {
        beat().await;
    }
    let log = process.log();
    let lines: Vec<&str> = log.lines().skip(before).collect();
    assert!(lines.len() < 30, "{} lines:\n{log}", lines.len());
}
