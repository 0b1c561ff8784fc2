//! Signing in, staying signed in, and whoever tries to get in otherwise.

use jiff::SignedDuration;
use reqwest::Method;
use tidings::sign_in::Person;

use super::{Desk, EDITOR, URL, config, editor};
use crate::archive::read;
use crate::harness::{CONFIG, Chat};

#[tokio::test(flavor = "multi_thread")]
async fn a_link_signs_in_once() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let link = desk.link(&chat, &Person::Operator);
    // Previews and mail scanners fetch links; that spends nothing.
    for method in [Method::GET, Method::HEAD, Method::GET] {
        let page = read(desk.served.asks(method, &link).send().await.unwrap()).await;
        assert_eq!(page.status, 200);
        assert_eq!(page.header("set-cookie"), "");
    }
    insta::assert_snapshot!(desk.get(&link, "").await.said(), @"
    Sign in
    This link works once. Press the button to sign in with this browser.
    Sign in
    ");
    let signed_in = desk.post(&link, "", &[]).await;
    assert_eq!(signed_in.status, 303);
    assert_eq!(signed_in.header("location"), "/dashboard");
    let cookie = signed_in.header("set-cookie").to_owned();
    let (secret, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(
        attributes,
        "Path=/dashboard; HttpOnly; SameSite=Strict; Secure"
    );
    let value = secret.strip_prefix("__Secure-tidings=").unwrap();
    assert!(value.len() == 64 && !link.contains(value), "{secret}");
    assert_eq!(desk.get("/dashboard", secret).await.status, 200);
    for used in [desk.get(&link, "").await, desk.post(&link, "", &[]).await] {
        assert_eq!(used.status, 410);
        assert_eq!(used.header("set-cookie"), "");
        assert!(
            used.said().starts_with("This link was used already\n"),
            "{}",
            used.said()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_grows_old() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let (one, other) = (desk.link(&chat, &editor()), desk.link(&chat, &editor()));
    chat.wait(SignedDuration::from_secs(599));
    assert_eq!(desk.post(&one, "", &[]).await.status, 303);
    chat.wait(SignedDuration::from_secs(1));
    for old in [desk.get(&other, "").await, desk.post(&other, "", &[]).await] {
        assert_eq!(old.status, 410);
        assert!(
            old.said().starts_with("This link is too old\n"),
            "{}",
            old.said()
        );
    }
    // What is kept of both is forgotten, and how long a session was idle is known by then, too.
    chat.wait(SignedDuration::from_hours(49));
    chat.keep_up(None);
    let left = chat
        .app()
        .store()
        .blocking()
        .read(|db| db.has_old_sign_ins(chat.app().now(), chat.app().now()));
    assert!(!left.unwrap());
    assert_eq!(desk.get(&other, "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_links_is_held_up_and_nobody_else() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let right = desk.link(&chat, &Person::Operator);
    let used = desk.link(&chat, &Person::Operator);
    assert_eq!(desk.post(&used, "", &[]).await.status, 303);
    for guess in 0..10 {
        let wrong = match guess % 3 {
            0 => format!("/dashboard/sign-in/{}", "0".repeat(64)),
            1 => "/dashboard/sign-in/admin".to_owned(),
            _ => format!("/dashboard/sign-in/{}", "Z".repeat(64)),
        };
        assert_eq!(desk.post(&wrong, "", &[]).await.status, 404, "{wrong}");
    }
    let wrong = format!("/dashboard/sign-in/{}", "f".repeat(64));
    assert_eq!(desk.post(&wrong, "", &[]).await.status, 429);
    assert_eq!(desk.get(&wrong, "").await.status, 429);
    assert_eq!(desk.get(&right, "").await.status, 200);
    assert_eq!(desk.post(&used, "", &[]).await.status, 410);
    assert_eq!(desk.post(&right, "", &[]).await.status, 303);
    chat.wait(SignedDuration::from_mins(1));
    assert_eq!(desk.get(&wrong, "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_is_idle() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    for _ in 0..3 {
        chat.wait(SignedDuration::from_secs(12 * 3_600 - 1));
        assert_eq!(visitor.get("/dashboard").await.status, 200);
    }
    chat.wait(SignedDuration::from_hours(12));
    assert_eq!(visitor.get("/dashboard").await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_looks_by_itself_keeps_no_session_alive() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    for path in ["/dashboard", "/dashboard/outbox"] {
        let page = visitor.get(path).await;
        assert_eq!(page.header("refresh"), "", "{path}");
        let live = format!("{path}?live=1");
        assert!(page.links().contains(&live.as_str()), "{}", page.text);
        let page = visitor.get(&live).await;
        assert_eq!(page.header("refresh"), "10", "{path}");
        assert!(page.said().contains("looks again by itself"));
    }
    for _ in 0..2 {
        chat.wait(SignedDuration::from_hours(5));
        assert_eq!(visitor.get("/dashboard?live=1").await.status, 200);
    }
    chat.wait(SignedDuration::from_hours(2));
    let over = visitor.get("/dashboard?live=1").await;
    assert_eq!((over.status, over.header("refresh")), (401, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_this_session_and_sign_out_all() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let one = desk.sign_in(&chat, &Person::Operator).await;
    let other = desk.sign_in(&chat, &editor()).await;
    let unused = desk.link(&chat, &Person::Operator);
    let out = one.post("/dashboard/sign-out", &[]).await;
    assert_eq!(out.status, 303);
    assert_eq!(
        out.header("set-cookie"),
        "__Secure-tidings=; Path=/dashboard; HttpOnly; SameSite=Strict; Secure; Max-Age=0"
    );
    assert_eq!(one.get("/dashboard").await.status, 401);
    assert_eq!(other.get("/dashboard").await.status, 200);
    let store = chat.app().store();
    assert_eq!(store.blocking().write(|db| db.end_sessions()).unwrap(), 1);
    assert_eq!(other.get("/dashboard").await.status, 401);
    assert_eq!(desk.get(&unused, "").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_who_is_none_any_more_is_signed_out() {
    let mut chat = Chat::with(&config(""));
    let cookie = {
        let desk = Desk::of(&chat).await;
        let visitor = desk.sign_in(&chat, &editor()).await;
        assert_eq!(visitor.get("/dashboard").await.status, 200);
        visitor.cookie
    };
    chat.configure(&config("").replace(EDITOR, "telegram:78"));
    let desk = Desk::of(&chat).await;
    assert_eq!(desk.get("/dashboard", &cookie).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_out_sees_how_to_sign_in_and_changes_nothing() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    for path in [
        "/dashboard",
        "/dashboard/",
        "/dashboard/deeds",
        "/dashboard/nothing",
    ] {
        let page = desk.get(path, "").await;
        assert_eq!(page.status, 401, "{path}");
        assert!(page.said().contains("tidings dashboard"), "{}", page.said());
        // A 401 without it would be none.
        let challenge = page.header("www-authenticate");
        assert_eq!(challenge, "Cookie realm=\"Tidings dashboard\"", "{path}");
        let posted = desk.post(path, "", &[]).await;
        assert_eq!(posted.status, 403, "{path}");
        assert_eq!(posted.header("www-authenticate"), "", "{path}");
    }
    for method in [Method::PUT, Method::DELETE, Method::OPTIONS] {
        let page = read(desk.served.asks(method, "/dashboard").send().await.unwrap()).await;
        assert_eq!(page.status, 405);
    }
    // Others' addresses stay the archive's.
    assert_eq!(desk.get("/dashboards", "").await.status, 404);
    assert_eq!(desk.get("/", "").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_from_before_isnt_taken_over() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let planted = format!("__Secure-tidings={}", "a".repeat(64));
    assert_eq!(desk.get("/dashboard", &planted).await.status, 401);
    let signed_in = desk
        .post(&desk.link(&chat, &Person::Operator), &planted, &[])
        .await;
    let cookie = signed_in.header("set-cookie");
    assert!(!cookie.contains(&"a".repeat(64)), "{cookie}");
    assert_eq!(desk.get("/dashboard", &planted).await.status, 401);
    // Nor does somebody's own session become another one's: each link begins one.
    let one = desk.sign_in(&chat, &editor()).await;
    let again = desk
        .post(&desk.link(&chat, &Person::Operator), &one.cookie, &[])
        .await;
    assert!(!again.header("set-cookie").starts_with(&one.cookie));
    assert_eq!(one.get("/dashboard/deeds").await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_site_sends_changes_nothing() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    let other = desk.sign_in(&chat, &editor()).await;
    let send = async |token: Option<&str>, origin: Option<&str>| {
        let mut asked = desk.served.asks(Method::POST, "/dashboard/sign-out");
        asked = asked.header("Cookie", &visitor.cookie);
        if let Some(origin) = origin {
            asked = asked.header("Origin", origin);
        }
        let body = token.map_or(String::new(), |token| format!("token={token}"));
        read(asked.body(body).send().await.unwrap()).await.status
    };
    assert_eq!(send(None, None).await, 403);
    assert_eq!(send(None, Some(URL)).await, 403);
    assert_eq!(send(Some(&other.token), Some(URL)).await, 403);
    assert_eq!(send(Some(""), Some(URL)).await, 403);
    for origin in [
        "https://evil.example",
        "null",
        "http://news.example.org",
        "https://news.example.org:8443",
    ] {
        assert_eq!(
            send(Some(&visitor.token), Some(origin)).await,
            403,
            "{origin}"
        );
    }
    assert_eq!(visitor.get("/dashboard").await.status, 200);
    // Nobody is signed in by another site either.
    let link = desk.link(&chat, &Person::Operator);
    let asked = desk
        .served
        .asks(Method::POST, &link)
        .header("Origin", "https://evil.example");
    assert_eq!(read(asked.send().await.unwrap()).await.status, 403);
    assert_eq!(desk.get(&link, "").await.status, 200, "it wasn't spent");
    assert_eq!(send(Some(&visitor.token), Some(URL)).await, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_kept_framed_and_named_by_nobody() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    let link = desk.link(&chat, &Person::Operator);
    for page in [
        visitor.get("/dashboard").await,
        visitor.get("/dashboard/nothing").await,
        desk.get("/dashboard", "").await,
        desk.get(&link, "").await,
        desk.post("/dashboard/sign-out", "", &[]).await,
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                ["cache-control", "content-security-policy", "referrer-policy", "x-content-type-options", "x-frame-options", "x-robots-tag"]
                    .map(|name| format!("{name}: {}", page.header(name)))
                    .join("\n"),
                @"
            cache-control: no-store
            content-security-policy: default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'
            referrer-policy: no-referrer
            x-content-type-options: nosniff
            x-frame-options: DENY
            x-robots-tag: noindex
            "
            );
        }
    }
    let robots = desk.get("/robots.txt", "").await;
    assert!(
        robots.text.contains("Disallow: /dashboard\n"),
        "{}",
        robots.text
    );
    // Where a link leads to is nothing that an address could say.
    let onward = desk
        .post(&format!("{link}?next=https://evil.example"), "", &[])
        .await;
    assert_eq!(onward.header("location"), "/dashboard");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_does_so_much_a_minute() {
    let mut chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    let other = desk.sign_in(&chat, &Person::Operator).await;
    for _ in 0..60 {
        assert_eq!(visitor.post("/dashboard/nothing", &[]).await.status, 404);
    }
    assert_eq!(visitor.post("/dashboard/nothing", &[]).await.status, 429);
    assert_eq!(visitor.get("/dashboard").await.status, 200);
    assert_eq!(other.post("/dashboard/nothing", &[]).await.status, 404);
    chat.wait(SignedDuration::from_mins(1));
    assert_eq!(visitor.post("/dashboard/nothing", &[]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_the_dashboard_keeps_robots_from_all() {
    let alone = format!(
        "{CONFIG}[web]\nlisten = \"0\"\nurl = \"http://127.0.0.1:8080\"\ndashboard = true\n"
    );
    let chat = Chat::with(&alone);
    let desk = Desk::of(&chat).await;
    assert_eq!(
        desk.get("/robots.txt", "").await.text,
        "User-agent: *\nDisallow: /\n"
    );
    assert_eq!(desk.get("/", "").await.status, 404);
    let page = desk.get("/dashboard", "").await;
    assert_eq!(page.status, 401);
    let style = page
        .links()
        .into_iter()
        .find(|link| link.ends_with(".css"))
        .unwrap()
        .to_owned();
    assert_eq!(desk.get(&style, "").await.status, 200);
    // On this machine alone a cookie goes over http, too.
    let signed_in = desk
        .post(&desk.link(&chat, &Person::Operator), "", &[])
        .await;
    let cookie = signed_in.header("set-cookie");
    assert!(cookie.starts_with("tidings="), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/dashboard; HttpOnly; SameSite=Strict"),
        "{cookie}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_sent_gets_a_short_answer() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &Person::Operator).await;
    for path in [
        "/dashboard/%ff",
        "/dashboard/items/%00",
        "/dashboard/items?q=%ff%fe",
        "/dashboard/a/b/c/d/e",
    ] {
        let page = visitor.get(path).await;
        assert!([200, 404].contains(&page.status), "{path}: {}", page.status);
    }
    let long = format!("/dashboard/items?q={}", "a".repeat(20_000));
    assert_eq!(visitor.get(&long).await.status, 414);
    let large = "a".repeat(300_000);
    let page = visitor.post("/dashboard/undo", &[("deed", &large)]).await;
    assert_eq!(page.status, 413);
    for cookie in [
        "",
        ";;;",
        "=",
        "__Secure-tidings",
        "__Secure-tidings=%22",
        "__Secure-tidings=\u{e9}",
    ] {
        assert_eq!(desk.get("/dashboard", cookie).await.status, 401, "{cookie}");
    }
    let many = format!("{}; {}", "x=y; ".repeat(500), visitor.cookie);
    assert_eq!(desk.get("/dashboard", &many).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_says_what_it_takes() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    for path in [
        "sign-out",
        "sign-all-out",
        "undo",
        "items/1/correct",
        "sections/japan/hide",
        "sources/digests/fetch-now",
        "channels/console%3Alocal/pause",
        "outbox/retry",
    ] {
        let path = format!("/dashboard/{path}");
        for method in [Method::GET, Method::HEAD] {
            let asked = desk.served.asks(method, &path);
            let asked = asked.header("Cookie", &operator.cookie);
            let page = read(asked.send().await.unwrap()).await;
            assert_eq!((page.status, page.header("allow")), (405, "POST"), "{path}");
        }
        let said = operator.get(&path).await;
        assert!(
            said.links()
                .iter()
                .any(|link| link.starts_with("/dashboard"))
        );
        // Who isn't signed in learns nothing of that.
        assert_eq!(desk.get(&path, "").await.status, 401, "{path}");
    }
    for path in [
        "",
        "/items",
        "/items/1",
        "/deeds",
        "/previews/console%3Alocal",
    ] {
        let page = operator.post(&format!("/dashboard{path}"), &[]).await;
        assert_eq!(
            (page.status, page.header("allow")),
            (405, "GET, HEAD"),
            "{path}"
        );
    }
    for path in ["nothing", "items/1/eat", "items/x", "undo/1"] {
        let path = format!("/dashboard/{path}");
        assert_eq!(operator.get(&path).await.status, 404, "{path}");
        assert_eq!(operator.post(&path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(operator.get("/dashboard").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cookie_of_a_neighbour_lets_nobody_in_as_somebody_else() {
    let chat = Chat::with(&config(""));
    let desk = Desk::of(&chat).await;
    let own = desk.sign_in(&chat, &Person::Operator).await;
    // The server of a neighbouring name has its visitors carry a session of its own.
    let planted = desk.sign_in(&chat, &editor()).await;
    for both in [
        format!("{}; {}", planted.cookie, own.cookie),
        format!("{}; x=y; {}", own.cookie, planted.cookie),
    ] {
        let page = desk.get("/dashboard", &both).await;
        assert_eq!(page.status, 401);
        assert!(
            page.said().contains("two dashboard cookies"),
            "{}",
            page.said()
        );
        let form = [("token", own.token.as_str())];
        let posted = desk.post("/dashboard/sign-out", &both, &form).await;
        assert_eq!(posted.status, 403);
    }
    let twice = format!("{}; {}", own.cookie, own.cookie);
    assert_eq!(desk.get("/dashboard", &twice).await.status, 200);
    assert_eq!(own.get("/dashboard").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_an_editor_who_is_none_any_more_signs_nobody_in() {
    let mut chat = Chat::with(&config(""));
    let (link, operators) = {
        let desk = Desk::of(&chat).await;
        (
            desk.link(&chat, &editor()),
            desk.link(&chat, &Person::Operator),
        )
    };
    chat.configure(&config("").replace(EDITOR, "telegram:78"));
    {
        let desk = Desk::of(&chat).await;
        for refused in [desk.get(&link, "").await, desk.post(&link, "", &[]).await] {
            assert_eq!(refused.status, 403);
            assert_eq!(refused.header("set-cookie"), "");
            assert!(
                refused.said().contains("no editor any more"),
                "{}",
                refused.said()
            );
        }
        assert_eq!(desk.post(&operators, "", &[]).await.status, 303);
    }
    // It wasn't spent by that.
    chat.configure(&config(""));
    let desk = Desk::of(&chat).await;
    assert_eq!(desk.post(&link, "", &[]).await.status, 303);
}
