//! A server that takes too long: trouble, and no answer to what was asked.

use std::fs;
use std::sync::Arc;
use std::time::Duration;

use tidings::ingest::Recheck;
use tidings::runtime::App;
use tidings::task::Clock;
use tidings_store::StoreError;

use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, page};
use crate::postgres::shared;
use crate::telegram::clockwork::beat;

async fn load(app: &App) -> Result<usize, StoreError> {
    let ingest = app.ingest();
    let loading = ingest.load_sources(Recheck::Touched, Duration::ZERO, &|_, _, _| {});
    let loaded = loading.await?;
    Ok(loaded.iter().map(|report| report.new).sum())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_gives_up_is_tried_again_and_not_set_aside() {
    let Some(server) = shared() else { return };
    let ground = Ground::on(server);
    fs::write(ground.at("tidings.toml"), CONFIG).unwrap();
    fs::create_dir(ground.at("digests")).unwrap();
    let settings = ground.settings();
    let store = open_store(&settings);
    let app = App::new(settings, store, Arc::new(Clock::of_system())).unwrap();
    let app = Arc::new(app);
    for day in [5, 6] {
        let text = page(&format!(
            "# Japan\nSquid counted {day} times | All of them."
        ));
        fs::write(ground.at(&format!("digests/2026-11-0{day}.txt")), text).unwrap();
    }
    // Looking at items takes a minute.
    ground.execute("ALTER TABLE items RENAME TO all_items");
    ground.execute(
        "CREATE VIEW tidings.items AS WITH slow AS MATERIALIZED (SELECT pg_sleep(60))
         SELECT all_items.* FROM all_items WHERE (SELECT count(*) FROM slow) = 1",
    );
    ground.execute("GRANT ALL ON items TO tidings");
    let loading = tokio::spawn({
        let app = app.clone();
        async move { load(&app).await }
    });
    let given_up = "SELECT pg_cancel_backend(pid)::text FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event = 'PgSleep'";
    while !loading.is_finished() {
        ground.rows(given_up);
        beat().await;
    }
    let loaded = loading.await.unwrap();
    assert!(matches!(loaded, Err(StoreError::Slow)), "{loaded:?}");
    assert_eq!(ground.count("documents"), 0);
    ground.execute("DROP VIEW tidings.items");
    ground.execute("ALTER TABLE all_items RENAME TO items");
    assert_eq!(load(&app).await.unwrap(), 2);
    let failed = "documents WHERE error_reason IS NOT NULL";
    assert_eq!(ground.count(failed), 0);
}
