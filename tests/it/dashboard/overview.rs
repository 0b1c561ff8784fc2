//! Is all well, and if not, what is to be done?

use tidings::sign_in::Person;

use super::{Desk, config, dies, editor};
use crate::harness::{Chat, channel, page};

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_says_that_all_is_well() {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page("# Japan\nSquid counted | All of them."),
    );
    chat.load();
    chat.say("/subscribe japan daily 09:00");
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    insta::assert_snapshot!(operator.sees("/dashboard").await, @"
    All is well
    Keep this page up to date
    Platforms
    Console
    runs; nothing was heard of it yet
    Sources
    digests
    loaded just now
    Queue
    waiting
    0
    refused for good
    0
    to be corrected
    0
    not corrected
    0
    Next roundups
    Sat 7 Nov 09:00 console:local
    Messages that arrived
    12:00 now
    No message arrived in the last 24 hours.
    ");
    let html = operator.get("/dashboard").await.text;
    let style = html
        .split("href=\"/style-")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let html = html.replace(&operator.token, "…").replace(style, "….css");
    insta::assert_snapshot!(html.replace("><", ">\n<"), @r##"
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="robots" content="noindex">
    <meta name="referrer" content="same-origin">
    <title>Overview · Tidings · dashboard</title>
    <link rel="stylesheet" href="/style-….css">
    </head>
    <body class="dashboard">
    <a class="skip" href="#main">Skip to the page</a>
    <header>
    <p class="name">
    <a href="/dashboard">Tidings · dashboard</a>
    </p>
    <div class="who">
    <span>Signed in as the operator</span>
    <form class="deed small" method="post" action="/dashboard/sign-out">
    <input type="hidden" name="token" value="…">
    <button type="submit">Sign out</button>
    </form>
    </div>
    <nav aria-label="Pages">
    <ul>
    <li>
    <a href="/dashboard" aria-current="page">Overview</a>
    </li>
    <li>
    <a href="/dashboard/items">Items</a>
    </li>
    <li>
    <a href="/dashboard/sections">Sections</a>
    </li>
    <li>
    <a href="/dashboard/previews">Previews</a>
    </li>
    <li>
    <a href="/dashboard/sources">Sources</a>
    </li>
    <li>
    <a href="/dashboard/channels">Channels</a>
    </li>
    <li>
    <a href="/dashboard/outbox">Outbox</a>
    </li>
    <li>
    <a href="/dashboard/deeds">What was done</a>
    </li>
    </ul>
    </nav>
    </header>
    <main id="main" tabindex="-1">
    <h1 class="well">All is well</h1>
    <p class="note">
    <a href="/dashboard?live=1">Keep this page up to date</a>
    </p>
    <section>
    <h2>Platforms</h2>
    <ul class="states">
    <li class="well">
    <strong>Console</strong>
    <p>runs; nothing was heard of it yet</p>
    </li>
    </ul>
    </section>
    <section id="sources">
    <h2>Sources</h2>
    <ul class="states">
    <li class="well">
    <strong>digests</strong>
    <p>loaded <time datetime="2026-11-06T12:00:00Z" title="Fri 6 Nov 12:00">just now</time>
    </p>
    </li>
    </ul>
    </section>
    <section>
    <h2>Queue</h2>
    <dl class="numbers">
    <div>
    <dt>waiting</dt>
    <dd>0</dd>
    </div>
    <div>
    <dt>refused for good</dt>
    <dd>0</dd>
    </div>
    <div>
    <dt>to be corrected</dt>
    <dd>0</dd>
    </div>
    <div>
    <dt>not corrected</dt>
    <dd>0</dd>
    </div>
    </dl>
    </section>
    <section>
    <h2>Next roundups</h2>
    <ul class="next">
    <li>
    <time datetime="2026-11-07T09:00:00Z">Sat 7 Nov 09:00</time> <span class="label">console:local</span>
    </li>
    </ul>
    </section>
    <section>
    <h2>Messages that arrived</h2>
    <figure class="chart">
    <svg viewBox="0 0 240 60" role="img" aria-label="No message arrived in the last 24 hours." preserveAspectRatio="none">
    </svg>
    <p class="axis" aria-hidden="true">
    <span>12:00</span>
    <span>now</span>
    </p>
    <figcaption>No message arrived in the last 24 hours.</figcaption>
    </figure>
    </section>
    </main>
    </body>
    </html>
    "##);
    let editor = desk.sign_in(&chat, &editor()).await;
    insta::assert_snapshot!(editor.sees("/dashboard").await, @"
    Overview
    Keep this page up to date
    Next roundups
    Sat 7 Nov 09:00 console:local
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_overview_says_what_is_to_be_done() {
    let mut chat = Chat::with(&config(""));
    chat.load();
    chat.say("/subscribe japan instant");
    chat.drop_file("broken.txt", b"\xff\xfe\x00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nSquid <b>counted</b> | All of them."),
    );
    chat.load();
    assert!(chat.posted().contains("Squid"));
    dies(&chat, "it says <script> in it");
    let (store, now, blocked) = (chat.app().store(), chat.app().now(), channel("telegram:5"));
    let stopped = store.blocking().write(|db| {
        db.channel_or_new(&blocked, now)?;
        let an_hour = |_| jiff::SignedDuration::from_hours(1);
        db.pause_by_platform(&blocked, "the bot was blocked", now, an_hour)
    });
    stopped.unwrap();
    chat.app().broken.broke("roundups", "it <b>panicked</b>");
    let desk = Desk::of(&chat).await;
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    insta::assert_snapshot!(operator.sees("/dashboard").await, @"
    4 things need you
    The source digests can’t be read as it is; what is wrong stands beside it.
    One message was refused for good. Send it again or give it up.
    One channel takes nothing at present; why stands beside it.
    A part of Tidings broke and is started again (roundups): it &lt;b&gt;panicked&lt;/b&gt;. The log says more; please report it.
    Keep this page up to date
    Platforms
    Console
    runs; nothing was heard of it yet
    Sources
    digests
    loaded just now
    broken.txt, 1: the bytes aren't valid UTF-16; save the page as UTF-8 text
    Queue
    waiting
    0
    refused for good
    1
    to be corrected
    0
    not corrected
    0
    Next roundups
    No roundup is planned.
    Messages that arrived11:00: 1
    12:00 now
    One message arrived in the last 24 hours, in the hour from 11:00 on.
    ");
    let page = operator.get("/dashboard").await.text;
    assert!(!page.contains("<b>") && !page.contains("<script"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_speaks_the_language_of_the_configuration() {
    let chat = Chat::with(&config("[defaults]\nlocale = \"ko\"\n"));
    let desk = Desk::of(&chat).await;
    let signed_out = desk.get("/dashboard", "").await;
    assert!(
        signed_out.text.contains("<html lang=\"ko\">"),
        "{}",
        signed_out.text
    );
    let operator = desk.sign_in(&chat, &Person::Operator).await;
    for path in [
        "",
        "/items",
        "/sections",
        "/previews",
        "/sources",
        "/channels",
        "/outbox",
        "/deeds",
    ] {
        let said = operator.sees(&format!("/dashboard{path}")).await;
        let is_english = |line: &&str| {
            line.split(' ')
                .filter(|word| word.len() > 3 && word.is_ascii())
                .count()
                > 2
        };
        assert_eq!(said.lines().find(is_english), None, "{path}");
    }
}
