//! What may be said: tags, lengths, keyboards, parameters.

use serde_json::{Value, json};

use super::super::body::parameters;
use super::super::html::parse;
use super::super::{FakeTelegram, keyboard, params, transcript};
use super::client::{exchange, ok, refused};
use crate::fakes::http::Incoming;

#[test]
fn html_is_read_as_telegram_reads_it() {
    let shown = |html: &str| {
        let read = parse(html).unwrap_or_else(|why| panic!("{html}: {why}"));
        transcript::marked_up(&read.text, &read.entities)
    };
    for (html, expected) in [
        ("plain > text", "plain > text"),
        ("<b>a</b> <strong>b</strong>", "**a** **b**"),
        ("<b><i>x</i> y</b>", "**_x_ y**"),
        (
            "<u>a</u><ins>b</ins><s>c</s><strike>d</strike><del>e</del>",
            "__a____b__~~c~~~~d~~~~e~~",
        ),
        (
            "<span class=\"tg-spoiler\">a</span><tg-spoiler>b</tg-spoiler>",
            "||a||||b||",
        ),
        (
            "<a href=\"https://x.org/?a=1&amp;b=2\">한국 🙂</a>!",
            "[한국 🙂](https://x.org/?a=1&b=2)!",
        ),
        ("<A HREF='tg://user?id=1'>x</A>", "[x](tg://user?id=1)"),
        ("<code>a &lt; b &#38; &#x63;</code>", "`a < b & c`"),
        (
            "<pre><code class=\"language-rust\">fn</code></pre>",
            "```fn```",
        ),
        ("a <blockquote>b\nc</blockquote>d", "a \n> b\n> c\nd"),
        ("<blockquote expandable><b>b</b></blockquote>", ">> **b**"),
        ("  <b> a</b> \n", "**a**"),
        ("<b></b>a", "a"),
    ] {
        assert_eq!(shown(html), expected, "{html}");
    }
    let read = parse("🙂<b>한</b>").expect("good text");
    assert_eq!(
        (read.entities[0].offset, read.entities[0].length),
        (2, 1),
        "counted in UTF-16"
    );
}

#[test]
fn html_that_strays_is_refused() {
    for html in [
        "a < b",
        "<",
        "<b",
        "</",
        "a & b",
        "&nbsp;",
        "&#0;",
        "&#xD800;",
        "&amp",
        "<b>a",
        "<b>a</i>",
        "<b><i>a</b></i>",
        "a</b>",
        "<br>",
        "<p>a</p>",
        "<b class=\"x\">a</b>",
        "<span>a</span>",
        "<span class=\"x\">a</span>",
        "<a>x</a>",
        "<a href=\"x.org\">x</a>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<a href=\"https://\">x</a>",
        "<a href=https://x.org>x</a>",
        "<a href=\"https://x.org\" title=\"t\">x</a>",
        "<a href=\"https://x.org\">a <a href=\"https://y.org\">b</a></a>",
        "<blockquote>a<blockquote>b</blockquote></blockquote>",
        "<b><code>a</code></b>",
        "<code><b>a</b></code>",
        "<>",
    ] {
        assert!(parse(html).is_err(), "{html}");
    }
    let why = parse("<b>a</i>").expect_err("wrongly nested");
    assert_eq!(
        why,
        "Unmatched end tag at byte offset 4, expected \"</b>\", found \"</i>\""
    );
}

#[tokio::test]
async fn texts_are_measured_after_their_tags_are_gone() {
    let server = FakeTelegram::start();
    let chat = server.person("Ann").known().chat();
    let body = |text: &str| json!({ "chat_id": chat.id(), "text": text, "parse_mode": "HTML" });
    ok(
        &server,
        "sendMessage",
        body(&format!("<b>{}</b>", "&lt;".repeat(4096))),
    )
    .await;
    ok(&server, "sendMessage", body(&"🙂".repeat(2048))).await;
    server.assert_clean();
    for (text, expected) in [
        ("x".repeat(4097), "Bad Request: message is too long"),
        ("🙂".repeat(2049), "Bad Request: message is too long"),
        (
            " <b>\n</b> ".to_owned(),
            "Bad Request: message text is empty",
        ),
        (String::new(), "Bad Request: message text is empty"),
        (
            "<x>a</x>".to_owned(),
            "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0",
        ),
        ("<b>x</b> ".repeat(101), "Bad Request: too many entities"),
    ] {
        let refusal = refused(&server, "sendMessage", body(&text)).await;
        assert_eq!(refusal, (400, expected.to_owned()));
        assert_eq!(server.take_violations().len(), 1, "{expected}");
    }
    assert_eq!(chat.sent(), 2);
}

#[test]
fn keyboards_keep_within_their_limits() {
    let button = |extra: Value| {
        let mut button = json!({ "text": "More", "callback_data": "more:1" });
        for (name, value) in extra.as_object().into_iter().flatten() {
            button[name] = value.clone();
        }
        button
    };
    let good = button(json!({}));
    let link = json!({ "text": "Read", "url": "https://x.org/a" });
    let rows = |rows: Value| json!({ "inline_keyboard": rows });
    let begins =
        |word: &str| json!({ "text": "Read", "url": format!("https://t.me/NewsBot?start={word}") });
    let row_of = |n: usize| json!(vec![good.clone(); n]);
    for markup in [
        rows(json!([[good, link]])),
        rows(json!([row_of(8)])),
        rows(json!(vec![row_of(5); 20])),
        rows(json!([[button(
            json!({ "callback_data": "가".repeat(21) })
        )]])),
        rows(json!([[button(json!({ "text": "가".repeat(64) }))]])),
        json!({ "remove_keyboard": true }),
        json!({ "force_reply": true, "input_field_placeholder": "Words" }),
        rows(json!([[begins(&"a_-9".repeat(16))]])),
    ] {
        assert_eq!(keyboard::check(&markup, false), Ok(()), "{markup}");
    }
    for markup in [
        rows(json!([])),
        rows(json!([[]])),
        rows(json!([row_of(9)])),
        rows(json!([row_of(5), vec![row_of(8); 12]])),
        rows(json!(vec![row_of(1); 101])),
        rows(json!([[button(
            json!({ "callback_data": "가".repeat(22) })
        )]])),
        rows(json!([[button(json!({ "callback_data": "" }))]])),
        rows(json!([[button(json!({ "callback_data": 7 }))]])),
        rows(json!([[button(json!({ "text": "가".repeat(65) }))]])),
        rows(json!([[button(json!({ "text": " " }))]])),
        rows(json!([[button(json!({ "url": "https://x.org" }))]])),
        rows(json!([[{ "text": "nothing" }]])),
        rows(json!([[{ "text": "odd", "callback": "x" }]])),
        rows(json!([[{ "text": "nowhere", "url": "x.org" }]])),
        rows(json!([[begins("")]])),
        rows(json!([[begins("a.b")]])),
        rows(json!([[begins(&"a".repeat(65))]])),
        rows(json!([[{ "text": "a person's", "url": "https://t.me/durov?start=a" }]])),
        json!({ "force_reply": false }),
        json!({ "force_reply": true, "input_field_placeholder": "" }),
        json!({ "inline_keyboard": [[good]], "more": 1 }),
        json!([]),
    ] {
        assert!(keyboard::check(&markup, false).is_err(), "{markup}");
    }
    assert_eq!(
        keyboard::check(&rows(json!([])), true),
        Ok(()),
        "an edit takes the keyboard away"
    );
}

#[test]
fn parameters_are_held_to_their_tables() {
    let faults =
        |method: &str, body: Value| params::method(method).expect("a method").faults(&body);
    let none: Vec<String> = Vec::new();
    let command = |name: &str| json!({ "command": name, "description": "d" });
    for (method, body) in [
        (
            "SENDMESSAGE",
            json!({ "chat_id": -1, "text": "x", "link_preview_options": { "is_disabled": true } }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "link_preview_options": { "url": "https://x.org/a.jpg", "prefer_small_media": true } }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": "@hanbit", "text": "x", "reply_parameters": { "message_id": 1 } }),
        ),
        (
            "getUpdates",
            json!({ "offset": -1, "limit": 100, "timeout": 10, "allowed_updates": ["message"] }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [command("latest_1")], "language_code": "ko" }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [], "scope": { "type": "chat_member", "chat_id": 1, "user_id": 2 } }),
        ),
        (
            "setWebhook",
            json!({ "url": "https://x.org", "secret_token": "a-B_9" }),
        ),
    ] {
        assert_eq!(faults(method, body.clone()), none, "{method} {body}");
    }
    for (method, body) in [
        ("sendMessage", json!({ "text": "x" })),
        ("sendMessage", json!({ "chat_id": 1, "text": 5 })),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "parse_mode": "MarkdownV2" }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "disable_notification": "true" }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "disable_web_page_preview": true }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "reply_markup": null }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "link_preview_options": { "disabled": true } }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "link_preview_options": { "url": "data:image/png;base64,AAAA" } }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "link_preview_options": { "prefer_small_media": true } }),
        ),
        (
            "sendMessage",
            json!({ "chat_id": 1, "text": "x", "link_preview_options": { "url": "https://x.org/", "prefer_small_media": true, "prefer_large_media": true } }),
        ),
        (
            "editMessageText",
            json!({ "chat_id": 1, "message_id": 1, "text": "x", "link_preview_options": { "is_disabled": true, "url": "https://x.org/" } }),
        ),
        ("getUpdates", json!({ "limit": 101 })),
        ("getUpdates", json!({ "allowed_updates": ["messages"] })),
        ("setMyCommands", json!({ "commands": [command("Latest")] })),
        ("setMyCommands", json!({ "commands": [command("us-nk")] })),
        (
            "setMyCommands",
            json!({ "commands": vec![command("a"); 101] }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [{ "command": "a", "description": "" }] }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [{ "command": "a", "description": "d".repeat(257) }] }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [command("a")], "language_code": "kor" }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [command("a")], "scope": { "type": "chat" } }),
        ),
        (
            "setMyCommands",
            json!({ "commands": [command("a")], "scope": { "type": "all" } }),
        ),
        (
            "answerCallbackQuery",
            json!({ "callback_query_id": "1", "text": "x".repeat(201) }),
        ),
        (
            "setWebhook",
            json!({ "url": "https://x.org", "secret_token": "a b" }),
        ),
        (
            "sendChatAction",
            json!({ "chat_id": 1, "action": "singing" }),
        ),
    ] {
        assert_ne!(faults(method, body.clone()), none, "{method} {body}");
    }
}

#[test]
fn forms_are_read_by_their_tables() {
    let read = |content_type: &str, query: &str, body: &str| {
        let incoming = Incoming {
            verb: "POST".to_owned(),
            path: String::new(),
            query: query.to_owned(),
            headers: [("content-type".to_owned(), content_type.to_owned())].into(),
            body: body.as_bytes().to_vec(),
            keep_alive: true,
        };
        let method = params::method("setwebhook").expect("a method");
        parameters(&incoming, method)
    };
    let part = |name: &str, value: &str| {
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let whole = format!(
        "{}{}--x--\r\n",
        part("url", "https://x.org"),
        part("max_connections", "5")
    );
    let expected = json!({ "url": "https://x.org", "max_connections": 5 });
    let form = "url=https%3A%2F%2Fx.org&max_connections=5";
    for read in [
        read("multipart/form-data; boundary=x", "", &whole),
        read("application/x-www-form-urlencoded", "", form),
        read("", form, ""),
        read(
            "application/json",
            "max_connections=5",
            "{\"url\":\"https://x.org\"}",
        ),
    ] {
        assert_eq!(read, Ok(expected.clone()));
    }
    assert!(read("text/plain", "", "url").is_err());
}

#[tokio::test]
async fn strange_requests_are_refused_and_noted() {
    let server = FakeTelegram::start();
    let (status, _) = exchange(&server, "GET", "/botwrong/getMe", "")
        .await
        .expect("an answer");
    assert_eq!(status, 401);
    server.assert_clean();
    let path = format!("/bot{}/GETME", server.token());
    let (status, body) = exchange(&server, "GET", &path, "")
        .await
        .expect("an answer");
    assert!(status == 200 && body.contains("TidingsTestBot"), "{body}");
    server.assert_clean();
    let unknown = refused(&server, "sendPoem", json!({})).await;
    assert_eq!(unknown, (404, "Not Found".to_owned()));
    let (status, _) = exchange(&server, "GET", "/healthz", "")
        .await
        .expect("an answer");
    assert_eq!(status, 404);
    let (status, _) = exchange(&server, "POST", &path, "{")
        .await
        .expect("an answer");
    assert_eq!(status, 400);
    assert_eq!(server.take_violations().len(), 3);
}
