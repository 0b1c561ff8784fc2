//! What an operator's own tools see of a running bot.

use std::path::PathBuf;

use crate::harness::{CONFIG, block_on};
use crate::stage::Fake;
use crate::telegram::clockwork::beat;
use crate::telegram::harness::Stage;

async fn get(stage: &Stage, path: &str) -> (u16, String) {
    let served = stage.seen("an address", || stage.app().served_at.get().copied());
    let address = served.await;
    let answer = reqwest::get(format!("http://{address}{path}"))
        .await
        .unwrap();
    (answer.status().as_u16(), answer.text().await.unwrap())
}

fn figure(text: &str, name: &str) -> String {
    let line = text.lines().find(|line| line.starts_with(name));
    let line = line.unwrap_or_else(|| panic!("{name} isn't in {text}"));
    line.rsplit(' ').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_and_health_are_served() {
    let fast = <crate::fakes::telegram::FakeTelegram as Fake>::FAST;
    let mut stage = Stage::empty(&format!("{CONFIG}{fast}[http]\nlisten = \"0\"\n"));
    stage.archive();
    stage.start().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    ana.chat().wait_for_messages(2).await;
    let text = stage
        .seen("two sendings", || {
            let metrics = {
                let app = stage.app();
                let measured =
                    tidings::web::measured(app.store(), &app.metrics, &["telegram"], app.now());
                block_on(measured).unwrap()
            };
            let sent = metrics
                .lines()
                .any(|line| line.starts_with("tidings_sends_total") && line.ends_with(" 2"));
            sent.then_some(metrics)
        })
        .await;
    let settled = || (stage.queue() == (0, 0)).then_some(());
    stage.seen("an empty queue", settled).await;
    let (status, served) = get(&stage, "/metrics").await;
    assert_eq!(status, 200);
    assert_eq!(
        figure(
            &served,
            "tidings_sends_total{platform=\"telegram\",outcome=\"sent\"}"
        ),
        "2"
    );
    assert_eq!(
        figure(&text, "tidings_items_loaded_total{source=\"digests\"}"),
        "6"
    );
    assert_eq!(
        figure(&served, "tidings_queue_parts{platform=\"telegram\"}"),
        "0"
    );
    assert_eq!(
        figure(&served, "tidings_dead_parts{platform=\"telegram\"}"),
        "0"
    );
    assert_eq!(
        figure(
            &served,
            "tidings_send_latency_seconds_count{platform=\"telegram\"}"
        ),
        "2"
    );
    assert_eq!(
        figure(&served, "tidings_due_lag_seconds{platform=\"telegram\"}"),
        "0.0"
    );
    assert_eq!(get(&stage, "/healthz").await, (200, "well\n".to_owned()));
    let (status, _) = get(&stage, "/elsewhere").await;
    assert_eq!(status, 404);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_in_trouble_is_not_ready() {
    let fast = <crate::fakes::telegram::FakeTelegram as Fake>::FAST;
    let mut stage = Stage::empty(&format!("{CONFIG}{fast}[http]\nlisten = \"0\"\n"));
    stage.start().await;
    assert_eq!(get(&stage, "/readyz").await, (200, "ready\n".to_owned()));
    stage.server.go_down().await;
    let (mut status, mut why) = (200, String::new());
    while status != 503 {
        beat().await;
        (status, why) = get(&stage, "/readyz").await;
    }
    assert!(why.contains("Telegram"), "{why}");
    assert_eq!(get(&stage, "/healthz").await.0, 200);
    stage.server.come_back().await;
    while get(&stage, "/readyz").await.0 != 200 {
        beat().await;
    }
    stage.over().await;
}

/// A bot that is ready, and the file that its store is.
async fn observed() -> Option<(Stage, PathBuf)> {
    let fast = <crate::fakes::telegram::FakeTelegram as Fake>::FAST;
    let mut stage = Stage::empty(&format!("{CONFIG}{fast}[http]\nlisten = \"0\"\n"));
    stage.start().await;
    assert_eq!(get(&stage, "/readyz").await.0, 200);
    let file = stage.app().store().address().file()?.to_owned();
    Some((stage, file))
}

/// Waits for an answer of a status, and returns what it says.
async fn awaited(stage: &Stage, path: &str, wanted: u16) -> String {
    loop {
        let (status, said) = get(stage, path).await;
        if status == wanted {
            return said;
        }
        beat().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cant_store_what_comes_is_not_ready() {
    let Some((stage, file)) = observed().await else {
        return;
    };
    let other = rusqlite::Connection::open(&file).unwrap();
    let refuse =
        "CREATE TRIGGER refuse BEFORE INSERT ON items BEGIN SELECT raise(ABORT, 'no room'); END";
    other.execute_batch(refuse).unwrap();
    stage.write("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let said = awaited(&stage, "/readyz", 503).await;
    assert!(
        said.contains("digests: ") && said.contains("no room"),
        "{said}"
    );
    assert_eq!(get(&stage, "/healthz").await.0, 200);
    other.execute_batch("DROP TRIGGER refuse").unwrap();
    stage.write("2026-11-06-b.txt", "# Japan\nSquid once more | Many.");
    stage.run(awaited(&stage, "/readyz", 200)).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_was_taken_away_is_written_no_more() {
    let Some((stage, file)) = observed().await else {
        return;
    };
    let away = file.with_extension("away");
    std::fs::rename(&file, &away).unwrap();
    for path in ["/healthz", "/readyz"] {
        let said = awaited(&stage, path, 503).await;
        assert!(said.contains("removed or replaced"), "{path}: {said}");
    }
    let written = stage
        .app()
        .store()
        .blocking()
        .write(|db| db.platform_reached("x", "y"));
    assert!(written.is_err());
    // Another one in its place is another one.
    std::fs::copy(&away, &file).unwrap();
    assert_eq!(get(&stage, "/healthz").await.0, 503);
    std::fs::rename(&away, &file).unwrap();
    assert_eq!(awaited(&stage, "/healthz", 200).await, "well\n");
    stage.over().await;
}
