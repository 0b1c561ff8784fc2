//! Sources: what each would load, and that it is loaded now.

use tidings::sign_in::Person;
use tidings_store::DeedKind;

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
    let _held = chat.app().ingest().hold("digests");
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
    Ends all sessions, yours too, and all links that weren’t used.Sign everybody out…
    There is no way back.
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
    let _held = chat.app().ingest().hold("digests");
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

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_is_done_by_whoever_holds_the_source() {
    let mut chat = Chat::with(&config(""));
    // With a file one process holds everything.
    if !chat.app().store().is_shared() {
        return;
    }
    chat.drop_file(
        "2026-11-05.txt",
        page("# Japan\nSquid counted | All of them."),
    );
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let fetch = "/dashboard/sources/digests/fetch-now";
    let begun = operator.post(fetch, &[]).await;
    let work = begun.header("location").to_owned();
    let waits = operator.sees(&work).await;
    assert!(
        waits.contains("Waits for the process that loads this source"),
        "{waits}"
    );
    // Asked for once more meanwhile, it is the same.
    assert_eq!(operator.post(fetch, &[]).await.header("location"), work);
    let _held = chat.app().ingest().hold("digests");
    while !operator.get(&work).await.header("refresh").is_empty() {
        tokio::task::yield_now().await;
    }
    // Any other process shows what came of it, too.
    let other = Desk::of(&chat).await;
    let visitor = other.sign_in(&chat, &Person::Operator).await;
    let done = visitor.sees(&work).await;
    assert!(done.contains("1 new"), "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_had_in_hand_when_it_ended_isnt_waited_for() {
    let chat = Chat::with(&config(""));
    let (name, now) = ("0123456789abcdef", chat.app().now());
    let store = chat.app().store().blocking();
    let taken = store.write(|db| {
        db.add_work(name, DeedKind::FetchNow, "digests", now, now)?;
        db.take_work(name, "a process that was killed")
    });
    assert!(taken.unwrap());
    let _held = chat.app().ingest().hold("digests");
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let work = format!("/dashboard/work/{name}");
    while !operator.get(&work).await.header("refresh").is_empty() {
        tokio::task::yield_now().await;
    }
    let said = operator.sees(&work).await;
    assert!(said.contains("has ended meanwhile"), "{said}");
    // And can be asked for again.
    let again = result(&operator, "/dashboard/sources/digests/fetch-now").await;
    assert!(again.contains("Done just now"), "{again}");
}
