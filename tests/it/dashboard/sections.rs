//! Discovered sections are mended by two presses.

use super::{Desk, config, editor};
use crate::harness::{Chat, page};

/// A heading that is none, as the seeds have one, and another.
fn discovered() -> Chat {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page(
            "# Japan
             Squid counted | All of them.
             # Hanbit is <b>funded</b> by
             Nobody gave | Nothing.
             # Ferries
             Ferries sail | Twice a day.",
        ),
    );
    chat.load();
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn discovered_sections_are_listed_with_what_can_be_done() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    insta::assert_snapshot!(editor.sees("/dashboard/sections").await, @"
    Sections
    Sections that the configuration names are changed there. Those that headings have made can be mended here.
    Hanbit is &lt;b&gt;funded&lt;/b&gt; by
    hanbit-is-b-funded-b-by discovered 1 item 5 Nov 2026Mend
    Make it part of
    Ferries
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Merge
    Title
    Rename
    Hide
    Ferries
    ferries discovered 1 item 5 Nov 2026Mend
    Make it part of
    Hanbit is &lt;b&gt;funded&lt;/b&gt; by
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Merge
    Title
    Rename
    Hide
    US–North Korea relations
    us-nk configured 0 items
    Inter-Korean relations
    inter-korean configured 0 items
    Japan
    japan configured 1 item 5 Nov 2026
    Other news
    more holds what no other section takes 0 items
    ");
    let html = editor.get("/dashboard/sections").await.text;
    assert!(!html.contains("<b>"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_is_merged_renamed_hidden_and_all_that_undone() {
    let mut chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    let japan = chat
        .app()
        .catalogues()
        .current()
        .await
        .unwrap()
        .by_slug("japan")
        .unwrap()
        .id;
    let japan = japan.to_string();
    let merged = editor
        .does("/dashboard/sections/ferries/merge", &[("into", &japan)])
        .await;
    assert!(
        merged.starts_with("Merged the section Ferries\nUndo\n"),
        "{merged}"
    );
    assert!(chat.say("/latest japan").contains("Ferries sail"));
    assert_eq!(desk.get("/s/ferries", "").await.status, 308);
    editor.does("/dashboard/undo", &[("deed", "1")]).await;
    assert!(!chat.say("/latest japan").contains("Ferries sail"));
    let renamed = editor
        .does("/dashboard/sections/ferries/rename", &[("title", "Boats")])
        .await;
    assert!(renamed.contains("\nBoats\nferries "), "{renamed}");
    editor.does("/dashboard/undo", &[("deed", "2")]).await;
    let hidden = editor.does("/dashboard/sections/ferries/hide", &[]).await;
    assert!(
        hidden.starts_with("Hid the section Ferries\nUndo\n"),
        "{hidden}"
    );
    assert_eq!(desk.get("/s/ferries", "").await.status, 410);
    let shown = editor.does("/dashboard/sections/ferries/show", &[]).await;
    assert!(
        shown.starts_with("Showed the section Ferries again\n"),
        "{shown}"
    );
    assert_eq!(desk.get("/s/ferries", "").await.status, 200);
    editor.does("/dashboard/undo", &[("deed", "4")]).await;
    assert_eq!(desk.get("/s/ferries", "").await.status, 410);
    let twice = editor.post("/dashboard/undo", &[("deed", "4")]).await;
    assert_eq!(twice.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_says_is_refused() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    for (deed, form) in [
        ("hide", ("x", "")),
        ("rename", ("title", "Nippon")),
        ("merge", ("into", "1")),
    ] {
        let path = format!("/dashboard/sections/japan/{deed}");
        let refused = editor.post(&path, &[form]).await;
        assert_eq!(refused.status, 409, "{deed}");
        assert!(
            refused.said().contains("stands in the configuration"),
            "{}",
            refused.said()
        );
    }
    for path in ["nothing/hide", "ferries/eat", "ferries/merge"] {
        let path = format!("/dashboard/sections/{path}");
        assert_eq!(editor.post(&path, &[]).await.status, 404, "{path}");
    }
    let taken = editor
        .post("/dashboard/sections/ferries/rename", &[("title", "Japan")])
        .await;
    assert_eq!(taken.status, 409);
}
