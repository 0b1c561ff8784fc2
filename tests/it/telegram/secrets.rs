//! The program as its operator sees it: how it ends, what it logs, and what it never shows.

use std::net::TcpListener;

use super::clockwork::seen;
use super::process::Shell;
use crate::fakes::telegram::{FakeTelegram, Fault};

const WRONG: &str = "700001:BBthisIsNotTheTokenThatItWas-9876543";

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_token_ends_the_program_and_isnt_shown() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.start(WRONG, &telegram.api_url(), &[]);
    assert_eq!(process.ended().await.code(), Some(1));
    let log = process.log();
    assert!(log.contains("TELEGRAM_TOKEN"), "{log}");
    assert!(!log.contains(WRONG) && !log.contains("BBthis"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_a_token_is_refused_before_anything_is_asked() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.start("700001:BB/../getMe?x", &telegram.api_url(), &[]);
    assert_eq!(process.ended().await.code(), Some(2));
    let log = process.log();
    assert!(log.contains("TELEGRAM_TOKEN isn't a token"), "{log}");
    assert!(!log.contains("700001"), "{log}");
    assert_eq!(telegram.all_requests().len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_revoked_ends_the_program() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    telegram.inject(Fault::on_everything().answer(401, "Unauthorized").always());
    telegram.person("Ana").known().says("/help");
    assert_eq!(process.ended().await.code(), Some(1));
    let log = process.log();
    assert!(log.contains("TELEGRAM_TOKEN"), "{log}");
    assert!(!log.contains(telegram.token()), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_never_holds_the_token() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    let ana = telegram.person("Ana").known();
    ana.asks("/subscribe us-nk instant").await;
    for fault in [
        Fault::on("sendMessage").reset(),
        Fault::on("sendMessage").truncated(),
        Fault::on("getUpdates").reset(),
        Fault::on("getUpdates").answer(409, "Conflict: terminated by other getUpdates request"),
        Fault::on("getUpdates").answer(404, "Not Found"),
    ] {
        let fault = telegram.inject(fault);
        let said = ana.says("/read 1");
        ana.chat().wait_for_reply(said).await;
        fault.wait_for_hits(1).await;
        telegram.heal();
    }
    shell.write(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.\nPlate bent | A bit.",
    );
    super::clockwork::message_with(&ana.chat(), "Plate polished").await;
    telegram.go_down().await;
    process.wait_for_log("can't be reached").await;
    telegram.come_back().await;
    ana.asks("/help").await;
    assert_eq!(process.terminate().await.code(), Some(0));
    let log = process.log();
    let secret = telegram.token().split(':').nth(1).unwrap();
    let shown: Vec<&str> = log.lines().filter(|line| line.contains(secret)).collect();
    assert_eq!(shown, Vec::<&str>::new());
    assert!(log.contains("DEBUG"), "everything is logged");
    telegram.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_isnt_there_is_waited_for_and_the_token_not_shown() {
    let closed = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let shell = Shell::new();
    let mut process = shell.start(WRONG, &format!("http://{closed}"), &[]);
    process.wait_for_log("can't be reached").await;
    assert_eq!(process.terminate().await.code(), Some(0));
    let log = process.log();
    assert!(!log.contains(WRONG) && !log.contains("BBthis"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_the_program_well_and_leaves_nothing_unacknowledged() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    let ana = telegram.person("Ana").known();
    ana.asks("/read 1").await;
    assert_eq!(process.terminate().await.code(), Some(0));
    assert_eq!(telegram.pending_updates(), 0);
    telegram.assert_clean();
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_waits_for_an_answer_in_flight() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    let ana = telegram.person("Ana").known();
    let slow = std::time::Duration::from_secs(1);
    let slow = telegram.inject(Fault::on("sendMessage").slow_answer(slow));
    ana.says("/read 1");
    slow.wait_for_hits(1).await;
    assert_eq!(process.terminate().await.code(), Some(0));
    let mut process = shell.listen(&telegram).await;
    ana.asks("/help").await;
    assert_eq!(ana.chat().sent(), 2, "it isn't repeated");
    assert_eq!(process.terminate().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn status_shows_the_trouble_with_telegram() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let mut process = shell.listen(&telegram).await;
    telegram.go_down().await;
    process.wait_for_log("can't be reached").await;
    let status = || String::from_utf8(shell.call(&["status"]).stdout).unwrap();
    seen("the trouble in `tidings status`", || {
        status().contains("can't be reached").then_some(())
    })
    .await;
    telegram.come_back().await;
    assert_eq!(process.terminate().await.code(), Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_repeats_the_token_does_not_get_it_into_the_log() {
    let telegram = FakeTelegram::start();
    let shell = Shell::new();
    let process = shell.listen(&telegram).await;
    let ana = telegram.person("Ana").known();
    let words = format!("Bad Request: /bot{}/SendMessage is odd", telegram.token());
    telegram.inject(Fault::on("sendMessage").answer(400, &words));
    ana.says("/help");
    seen("the refusal", || {
        process.log().contains("is odd").then_some(())
    })
    .await;
    assert!(
        !process.log().contains(telegram.token()),
        "{}",
        process.log()
    );
}
