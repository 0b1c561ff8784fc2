//! What the operator does to channels and to the outbox; what is kept of it, and undone.

use tidings::platforms::console::Console;
use tidings::sign_in::Person;

use super::{Desk, config, dies, editor};
use crate::harness::{Chat, page};

const CONSOLE: &str = "/dashboard/channels/console%3Alocal";

/// A bot whose console follows something, with news that wait.
fn following() -> Chat {
    let mut chat = Chat::with(&config(""));
    chat.load();
    chat.say("/subscribe japan daily 09:00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nSquid counted | All of them."),
    );
    chat.load();
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_paused_and_resumed_with_the_words_of_chat() {
    let mut chat = following();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    insta::assert_snapshot!(operator.sees("/dashboard/channels").await, @"
    Channels
    console:local
    Next roundup: Sat 7 Nov 09:00
    Japan · daily 09:00 (UTC) · Sat 7 Nov 09:00
    For how long (empty: until it is resumed)
    PausePost now…
    There is no way back.
    Post now Preview
    ");
    let paused = operator
        .does(&format!("{CONSOLE}/pause"), &[("how-long", "3d")])
        .await;
    insta::assert_snapshot!(paused, @"
    Paused console:local
    Deliveries to this channel are paused until Mon 9 Nov 12:00 (UTC), in 3 days. What comes in meanwhile is kept and comes then; /resume lets it through sooner.
    Undo
    Channels
    console:local
    Paused since Fri 6 Nov 12:00 until Mon 9 Nov 12:00
    Japan · daily 09:00 (UTC)
    ResumePost now…
    There is no way back.
    Post now Preview
    ");
    assert_eq!(chat.tick_at("2026-11-07T09:00[UTC]"), "");
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    // What can't be understood is said as in chat, and nothing is done.
    let refused = operator
        .post(&format!("{CONSOLE}/pause"), &[("how-long", "soon")])
        .await;
    assert_eq!(refused.status, 409);
    let said = chat.say("/pause soon");
    insta::assert_snapshot!(refused.said(), @"
    That wasn’t done
    I don’t understand “soon” as a length of time or a moment. Try: /pause 3d, /pause until monday or /pause until 18:00
    Back
    ");
    assert!(refused.said().contains(said.trim()), "{said}");
    let refused = operator.post(&format!("{CONSOLE}/post-now"), &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.said().contains(chat.say("/roundup").trim()));
    let resumed = operator.does(&format!("{CONSOLE}/resume"), &[]).await;
    assert!(resumed.starts_with("Resumed console:local\n"), "{resumed}");
    let again = operator.post(&format!("{CONSOLE}/resume"), &[]).await;
    assert_eq!(again.status, 409);
    assert!(
        again.said().contains(chat.say("/resume").trim()),
        "{}",
        again.said()
    );
    assert!(chat.posted().contains("Squid counted"));
    insta::assert_snapshot!(operator.sees("/dashboard/deeds").await, @"
    What was done
    Resumed console:local
    Undo
    Sat 7 Nov 09:00 the operator
    Paused console:local
    Undo
    Fri 6 Nov 12:00 the operator
    Sessions
    Ends all sessions, yours too, and all links that weren’t used.Sign everybody out…
    There is no way back.
    Sign everybody out
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_is_posted_now() {
    let mut chat = following();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let posted = operator.does(&format!("{CONSOLE}/post-now"), &[]).await;
    assert!(
        posted.starts_with("Posted now to console:local\n"),
        "{posted}"
    );
    assert!(chat.posted().contains("Squid counted"));
    assert_eq!(
        chat.tick_at("2026-11-07T09:00[UTC]"),
        "",
        "it isn't repeated"
    );
    // Nothing is new any more, and nothing is kept of having asked.
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let refused = operator.post(&format!("{CONSOLE}/post-now"), &[]).await;
    assert_eq!(refused.status, 409);
    let said = chat.say("/roundup");
    assert!(refused.said().contains(said.trim()), "{said}");
    let deeds = operator.sees("/dashboard/deeds").await;
    assert_eq!(deeds.matches("Posted now").count(), 1, "{deeds}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_is_undone_once_and_not_behind_somebodys_back() {
    let mut chat = following();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    operator.does(&format!("{CONSOLE}/pause"), &[]).await;
    let undone = operator.does("/dashboard/undo", &[("deed", "1")]).await;
    assert!(
        undone.starts_with("Undone: Paused console:local\n"),
        "{undone}"
    );
    let again = operator.post("/dashboard/undo", &[("deed", "1")]).await;
    assert_eq!(again.status, 409);
    // A manager resumes in chat what the operator has paused: there is nothing to undo.
    operator.does(&format!("{CONSOLE}/pause"), &[]).await;
    chat.say("/resume");
    let overtaken = operator.post("/dashboard/undo", &[("deed", "2")]).await;
    assert_eq!(overtaken.status, 409);
    insta::assert_snapshot!(overtaken.said(), @"
    That wasn’t done
    Somebody has changed that since, so it wasn’t undone.
    It isn’t paused any more: a manager ended the pause in chat, or its time was over.
    Back
    ");
    // An undone resumption is the pause that was before, with its end.
    chat.say("/pause 3d");
    operator.does(&format!("{CONSOLE}/resume"), &[]).await;
    let page = operator
        .does("/dashboard/undo", &[("deed", "3"), ("from", "deeds")])
        .await;
    assert!(
        page.starts_with("Undone: Resumed console:local\n"),
        "{page}"
    );
    let channels = operator.sees("/dashboard/channels").await;
    assert!(
        channels.contains("Paused since Fri 6 Nov 12:00 until Mon 9 Nov 12:00"),
        "{channels}"
    );
    assert_eq!(
        operator
            .post("/dashboard/undo", &[("deed", "99")])
            .await
            .status,
        404
    );
    chat.say("/resume");
    chat.say("/unsubscribe japan");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_platform_said_comes_back_with_an_undone_pause() {
    let chat = following();
    let (store, now) = (chat.app().store(), chat.app().now());
    let blocked = store.blocking().write(|db| {
        let an_hour = |_| jiff::SignedDuration::from_hours(1);
        db.pause_by_platform(&Console::channel(), "the bot was blocked", now, an_hour)
    });
    blocked.unwrap();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    operator.does(&format!("{CONSOLE}/pause"), &[]).await;
    let undone = operator.does("/dashboard/undo", &[("deed", "1")]).await;
    let said = "Has taken nothing since Fri 6 Nov 12:00: the bot was blocked";
    assert!(undone.contains(said), "{undone}");
    // That a place takes nothing is the platform's to say.
    operator.does(&format!("{CONSOLE}/resume"), &[]).await;
    let refused = operator.post("/dashboard/undo", &[("deed", "2")]).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.said().contains("can’t be undone"),
        "{}",
        refused.said()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dead_part_is_sent_again_or_given_up() {
    let mut chat = Chat::with(&config(""));
    chat.load();
    dies(&chat, "400: <b>no</b>");
    dies(&chat, "400: never");
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    insta::assert_snapshot!(operator.sees("/dashboard/outbox").await, @"
    Outbox
    Keep this page up to date
    Queue
    waiting
    0
    refused for good
    2
    to be corrected
    0
    not corrected
    0
    2 messages were refused for good
    console:local · just now
    400: neverWhat it says
    What it &lt;i&gt;says&lt;/i&gt;
    Send againGive up…
    There is no way back.
    Give up
    console:local · just now
    400: &lt;b&gt;no&lt;/b&gt;What it says
    What it &lt;i&gt;says&lt;/i&gt;
    Send againGive up…
    There is no way back.
    Give up
    ");
    let html = operator.get("/dashboard/outbox").await.text;
    assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
    let again = operator
        .does("/dashboard/outbox/retry", &[("part", "1")])
        .await;
    assert!(
        again.starts_with("Sent again: console:local: 400: &lt;b&gt;no&lt;/b&gt;\n"),
        "{again}"
    );
    assert_eq!(chat.posted(), "What it <i>says</i>\n");
    let gone = operator
        .post("/dashboard/outbox/retry", &[("part", "1")])
        .await;
    assert_eq!(gone.status, 409);
    let given_up = operator
        .does("/dashboard/outbox/give-up", &[("part", "2")])
        .await;
    assert!(
        given_up.contains("Nothing was refused for good"),
        "{given_up}"
    );
    for path in ["retry", "give-up"] {
        let path = format!("/dashboard/outbox/{path}");
        assert_eq!(operator.post(&path, &[("part", "2")]).await.status, 409);
        assert_eq!(operator.post(&path, &[("part", "x")]).await.status, 404);
    }
}

/// The pages that everybody sees who is signed in, and those that are the operator's.
const PAGES: [&str; 5] = [
    "",
    "/items",
    "/sections",
    "/previews",
    "/previews/console%3Alocal",
];
const OPERATORS: [&str; 4] = ["/sources", "/channels", "/outbox", "/deeds"];

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_there_for_whom_it_is() {
    let chat = following();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    for page in PAGES.iter().chain(&OPERATORS) {
        let path = format!("/dashboard{page}");
        let shown = operator.get(&path).await;
        assert_eq!(shown.status, 200, "{path}");
        assert_eq!(shown.text.matches("<h1").count(), 1, "{path}");
        assert!(!shown.text.contains("<script"), "{path}");
        let theirs = if OPERATORS.contains(page) { 403 } else { 200 };
        assert_eq!(editor.get(&path).await.status, theirs, "{path}");
        assert_eq!(desk.get(&path, "").await.status, 401, "{path}");
        // Every field has its label.
        for field in ["<input ", "<select ", "<textarea "] {
            for piece in shown.text.split(field).skip(1) {
                let tag = piece.split('>').next().unwrap();
                let id = tag
                    .split("id=\"")
                    .nth(1)
                    .and_then(|id| id.split('"').next());
                let is_labelled =
                    id.is_some_and(|id| shown.text.contains(&format!("for=\"{id}\"")));
                assert!(
                    tag.contains("hidden") || is_labelled,
                    "{field}{tag} in {path}"
                );
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_operator_signs_everybody_out() {
    let chat = following();
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    assert_eq!(
        editor.post("/dashboard/sign-all-out", &[]).await.status,
        403
    );
    assert_eq!(editor.get("/dashboard").await.status, 200);
    assert_eq!(
        operator.post("/dashboard/sign-all-out", &[]).await.status,
        303
    );
    for visitor in [&operator, &editor] {
        assert_eq!(visitor.get("/dashboard").await.status, 401);
    }
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    let deeds = operator.sees("/dashboard/deeds").await;
    assert!(
        deeds.contains("Ended all sessions of the dashboard"),
        "{deeds}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn editors_neither_see_nor_do_what_is_the_operators() {
    let chat = following();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    for path in ["sources", "channels", "outbox", "deeds", "work/x"] {
        let page = editor.get(&format!("/dashboard/{path}")).await;
        assert_eq!(page.status, 403, "{path}");
        assert_eq!(page.said(), "Only the operator may do that");
    }
    for path in ["", "/previews", "/previews/console%3Alocal"] {
        let page = editor.get(&format!("/dashboard{path}")).await;
        assert_eq!(page.status, 200, "{path}");
        for tab in ["sources", "channels", "outbox", "deeds"] {
            assert!(
                !page.text.contains(&format!("/dashboard/{tab}")),
                "{tab} in {path}"
            );
        }
    }
    let before = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.deed_count())
        .unwrap();
    for deed in ["pause", "resume", "post-now"] {
        let path = format!("{CONSOLE}/{deed}");
        assert_eq!(editor.post(&path, &[]).await.status, 403, "{deed}");
    }
    for path in [
        "sources/digests/fetch-now",
        "sources/digests/try",
        "outbox/retry",
        "outbox/give-up",
    ] {
        let path = format!("/dashboard/{path}");
        assert_eq!(
            editor.post(&path, &[("part", "1")]).await.status,
            403,
            "{path}"
        );
    }
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    operator.does(&format!("{CONSOLE}/pause"), &[]).await;
    let undo = [("deed", "1"), ("from", "deeds")];
    assert_eq!(editor.post("/dashboard/undo", &undo).await.status, 403);
    let after = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.deed_count())
        .unwrap();
    assert_eq!((before, after), (0, 1));
    // Nor are they told of it.
    let told = editor.sees("/dashboard?done=1").await;
    assert!(!told.contains("Paused"), "{told}");
}
