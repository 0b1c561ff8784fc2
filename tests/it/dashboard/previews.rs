//! The next roundup as its platform would show it.

use tidings::sign_in::Person;

use super::{Desk, config, editor};
use crate::harness::{Chat, page};

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_is_what_comes() {
    let mut chat = Chat::with(&config(""));
    chat.load();
    chat.say("/subscribe japan daily 09:00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nSquid <script>alert(1)</script> | All of them.\nOctopus counted | Some of them."),
    );
    chat.load();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    insta::assert_snapshot!(editor.sees("/dashboard/previews").await, @"
    Previews
    console:local
    Next roundup: Sat 7 Nov 09:00
    ");
    let shown = editor.get("/dashboard/previews/console%3Alocal").await;
    assert!(!shown.text.contains("<script"), "{}", shown.text);
    let message = shown
        .text
        .split("class=\"message\"><p dir=\"auto\">")
        .nth(1)
        .unwrap();
    let message = message.split("</p>").next().unwrap();
    let message = message
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    assert_eq!(chat.tick_at("2026-11-07T09:00[UTC]").trim_end(), message);
    // Where nothing is new, that is said as in chat.
    let editor = desk.sign_in(&chat, &super::editor()).await;
    let nothing = editor.sees("/dashboard/previews/console%3Alocal").await;
    let first = chat.say("/preview").lines().next().unwrap().to_owned();
    assert!(nothing.contains(&first), "{first}: {nothing}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_nobody_knows_has_no_preview() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    for path in ["console%3Alocal", "telegram%3A1", "x", "%00"] {
        let page = operator.get(&format!("/dashboard/previews/{path}")).await;
        assert_eq!(page.status, 404, "{path}");
    }
}
