//! Sources: what each would load, and that it is loaded now.

use tidings::sign_in::Person;

use super::{Desk, Visitor, config};
use crate::harness::{Chat, page};

/// Follows work to its end, as a browser does that asks again by itself.
async fn result(visitor: &Visitor<'_>, path: &str) -> String {
    let begun = visitor.post(path, &[]).await;
    assert_eq!(begun.status, 303, "{path}: {}", begun.text);
    let work = begun.header("location").to_owned();
    assert!(work.starts_with("/dashboard/work/"), "{work}");
    loop {
        let page = visitor.get(&work).await;
        assert_eq!(page.status, 200);
        match page.header("refresh") {
            "" => return page.said(),
            seconds => assert_eq!(seconds, "2"),
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_tried_and_then_loaded() {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page("# Japan\nSquid <b>counted</b> | All of them.\n# Something new\nDoor plate made | Of brass."),
    );
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    insta::assert_snapshot!(operator.sees("/dashboard/sources").await, @"
    Sources
    digests
    never loaded
    Fetch now
    Try
    ");
    insta::assert_snapshot!(result(&operator, "/dashboard/sources/digests/try").await, @"
    Trying digests
    Done just now
    One document with 2 items; 0 would be ignored. Nothing was stored.
    From 2026-11-05 to 2026-11-05.
    japan: 1
    something-new: 1 (a new section)
    • Squid &lt;b&gt;counted&lt;/b&gt; (2026-11-05, japan)
    • Door plate made (2026-11-05, something-new)
    Sources
    ");
    let stored = || {
        chat.app()
            .store()
            .blocking()
            .read(|db| db.totals())
            .unwrap()
            .items
    };
    assert_eq!(stored(), 0, "nothing is stored");
    insta::assert_snapshot!(result(&operator, "/dashboard/sources/digests/fetch-now").await, @"
    Fetching digests
    Done just now
    One document: 2 new, 0 updated, 0 unchanged; to subscribers: 0.
    Sources
    ");
    assert_eq!(stored(), 2);
    insta::assert_snapshot!(operator.sees("/dashboard/deeds").await, @"
    What was done
    Fetched the source digests
    Fri 6 Nov 12:00 the operator
    Tried the source digests
    Fri 6 Nov 12:00 the operator
    Sessions
    Ends all sessions, yours too, and all links that weren’t used.
    Sign everybody out
    ");
    // Only what the configuration has is asked.
    for name in ["files", "nothing", "https:%2F%2Fevil.example%2F"] {
        let path = format!("/dashboard/sources/{name}/try");
        assert_eq!(operator.post(&path, &[]).await.status, 404, "{name}");
    }
    assert_eq!(
        operator
            .get("/dashboard/work/0123456789abcdef")
            .await
            .status,
        404
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_result_stands_for_an_hour() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let begun = operator
        .post("/dashboard/sources/digests/fetch-now", &[])
        .await;
    let work = begun.header("location").to_owned();
    while !operator.get(&work).await.header("refresh").is_empty() {
        tokio::task::yield_now().await;
    }
    chat.wait(jiff::SignedDuration::from_secs(3_599));
    assert_eq!(operator.get(&work).await.status, 200);
    chat.wait(jiff::SignedDuration::from_secs(1));
    assert_eq!(operator.get(&work).await.status, 404);
}
