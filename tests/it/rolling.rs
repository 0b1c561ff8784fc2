//! A newer program beside an older one, on a store that they share: what the newer one adds doesn't disturb the older one, and
//! before it takes something away, it says so.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tidings::runtime::{App, Ended, serve};
use tidings::settings;
use tidings::task::Clock;
use tidings_store::{OpenMode, ServerUrl, Store, StoreAddress, StoreError};
use tokio::time::timeout;

use crate::postgres::{Database, shared};

/// Far longer than a turn of the leases takes, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(30);

fn open(database: &Database, access: OpenMode) -> Result<Store, StoreError> {
    let url = ServerUrl::parse(&database.url(), Path::new("/")).unwrap();
    Store::open_at(&StoreAddress::Server(url), access)
}

/// A newer program has added something, and whoever knows the schema of this number may go on.
fn becomes_newer(database: &Database, by: i64, oldest: i64) {
    database.execute(&format!(
        "UPDATE facts SET value = value + {by} WHERE name = 'schema'"
    ));
    database.execute(&format!(
        "UPDATE facts SET value = value + {oldest} WHERE name = 'oldest_program'"
    ));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_program_goes_on_until_the_store_is_no_longer_what_it_knows() {
    let Some(server) = shared() else { return };
    let database = Database::empty(server);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tidings.toml");
    std::fs::write(&file, "[store]\nlease = \"3s\"\n").unwrap();
    let environment = BTreeMap::from([("STORE_URL".to_owned(), database.url())]);
    let settings = settings::load(&file, &environment, folder.path()).unwrap();
    let store = open(&database, OpenMode::Work).unwrap();
    let app = App::new(settings, store, Arc::new(Clock::of_system())).unwrap();
    let serving = tokio::spawn(serve(
        Arc::new(app),
        Vec::new(),
        async {},
        std::future::pending(),
    ));

    becomes_newer(&database, 1, 0);
    for access in [OpenMode::Work, OpenMode::Look] {
        assert!(open(&database, access).is_ok());
    }
    let held = || database.rows("SELECT 1 FROM leases WHERE duty = 'keep' AND holder <> ''");
    while held().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!serving.is_finished());

    becomes_newer(&database, 0, 1);
    let ended = timeout(PATIENCE, serving).await.unwrap().unwrap();
    assert!(matches!(ended, Ended::Outdated), "{ended:?}");
    assert!(held().is_empty(), "it is laid down");
    for access in [OpenMode::Work, OpenMode::Look] {
        let refused = open(&database, access).err();
        assert!(
            matches!(refused, Some(StoreError::Newer { .. })),
            "{refused:?}"
        );
    }
}
