//! What the pages show.

use insta::assert_snapshot;

use super::{Served, config, entry, feed, number, small};
use crate::harness::{Chat, page};

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_news_by_day() {
    let chat = small();
    let served = Served::of(&chat).await;
    let front = served.get("/").await;
    assert_eq!(front.status, 200);
    assert_eq!(front.header("content-type"), "text/html; charset=utf-8");
    assert_snapshot!(front.said(), @r"
    Latest headlines
    Thursday 5 November 2026
    Door plate made
    It is made of brass.
    US–North Korea relations
    Envoys met
    In Geneva.
    US–North Korea relations
    Squid counted
    All of them.
    Japan
    Tuesday 3 November 2026
    남북 관문에 새 경첩
    삐걱거리지 않는다.
    Inter-Korean relations
    Follow all news
    Atom
    JSON Feed
    ");
    // The whole page, as a browser gets it.
    let style = front
        .links()
        .into_iter()
        .find(|link| link.starts_with("/style-"))
        .unwrap()
        .to_owned();
    assert_snapshot!(front.text.replace(&style, "/style-….css").replace("><", ">\n<"), @r###"
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Tidings · Latest headlines</title>
    <link rel="stylesheet" href="/style-….css">
    <link rel="canonical" href="https://news.example.org/">
    <meta property="og:title" content="Latest headlines">
    <meta property="og:type" content="website">
    <meta property="og:url" content="https://news.example.org/">
    <meta property="og:site_name" content="Tidings">
    <link rel="alternate" type="application/atom+xml" title="Latest headlines" href="/feed.atom">
    <link rel="alternate" type="application/feed+json" title="Latest headlines" href="/feed.json">
    </head>
    <body>
    <a class="skip" href="#news">Skip to the news</a>
    <header>
    <p class="name">
    <a href="/">Tidings</a>
    </p>
    <form role="search" action="/search" method="get">
    <label for="top">Search the archive</label>
    <input id="top" type="search" name="q" value="" maxlength="200" placeholder="Search the archive">
    <button type="submit">Search</button>
    </form>
    <nav aria-label="Sections">
    <ul>
    <li>
    <a class="section c0" href="/s/us-nk" dir="auto">US–North Korea relations</a>
    </li>
    <li>
    <a class="section c1" href="/s/inter-korean" dir="auto">Inter-Korean relations</a>
    </li>
    <li>
    <a class="section c2" href="/s/japan" dir="auto">Japan</a>
    </li>
    <li>
    <a class="section c3" href="/s/more" dir="auto">Other news</a>
    </li>
    </ul>
    </nav>
    </header>
    <main id="news" tabindex="-1">
    <h1 dir="auto">Latest headlines</h1>
    <section class="day">
    <h2>
    <a href="/d/2026-11-05">
    <time datetime="2026-11-05">Thursday 5 November 2026</time>
    </a>
    </h2>
    <article class="row c0">
    <h3 dir="auto">
    <a href="/i/2">Door plate made</a>
    </h3>
    <p dir="auto">It is made of brass.</p>
    <p class="about">
    <a class="section c0" href="/s/us-nk" dir="auto">US–North Korea relations</a>
    </p>
    </article>
    <article class="row c0">
    <h3 dir="auto">
    <a href="/i/3">Envoys met</a>
    </h3>
    <p dir="auto">In Geneva.</p>
    <p class="about">
    <a class="section c0" href="/s/us-nk" dir="auto">US–North Korea relations</a>
    </p>
    </article>
    <article class="row c2">
    <h3 dir="auto">
    <a href="/i/4">Squid counted</a>
    </h3>
    <p dir="auto">All of them.</p>
    <p class="about">
    <a class="section c2" href="/s/japan" dir="auto">Japan</a>
    </p>
    </article>
    </section>
    <section class="day">
    <h2>
    <a href="/d/2026-11-03">
    <time datetime="2026-11-03">Tuesday 3 November 2026</time>
    </a>
    </h2>
    <article class="row c1">
    <h3 lang="ko" dir="auto">
    <a href="/i/1">남북 관문에 새 경첩</a>
    </h3>
    <p lang="ko" dir="auto">삐걱거리지 않는다.</p>
    <p class="about">
    <a class="section c1" href="/s/inter-korean" dir="auto">Inter-Korean relations</a>
    </p>
    </article>
    </section>
    <aside class="follow">
    <h2>Follow all news</h2>
    <ul>
    <li>
    <a href="/feed.atom">Atom</a>
    </li>
    <li>
    <a href="/feed.json">JSON Feed</a>
    </li>
    </ul>
    </aside>
    </main>
    <footer>
    <ul>
    <li>
    <a href="/">Latest headlines</a>
    </li>
    <li>
    <a href="/search">Search</a>
    </li>
    <li>
    <a href="/feed.atom">Atom</a>
    </li>
    <li>
    <a href="/feed.json">JSON Feed</a>
    </li>
    </ul>
    </footer>
    </body>
    </html>
    "###);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_has_a_page_of_its_own() {
    let mut chat = small();
    let served = Served::of(&chat).await;
    let envoys = number(&chat, "Envoys met");
    let shown = served.get(&format!("/i/{envoys}")).await;
    assert_snapshot!(shown.said(), @r"
    US–North Korea relations 5 Nov 2026
    Envoys met
    In Geneva.
    at digests
    Follow US–North Korea relations
    Atom
    JSON Feed
    ");
    for part in [
        "<html lang=\"en\">",
        "<link rel=\"canonical\" href=\"https://news.example.org/i/",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"og:title\" content=\"Envoys met\">",
        "<meta name=\"description\" content=\"In Geneva.\">",
        "<h1 dir=\"auto\"><a href=\"https://example.org/envoys\" rel=\"noopener\">Envoys met</a></h1>",
        "<a href=\"https://example.org/envoys\" rel=\"noopener\">at digests</a>",
        "<a class=\"skip\" href=\"#news\">",
    ] {
        assert!(shown.text.contains(part), "{part} isn't in {}", shown.text);
    }
    // Without a link of its own it leads nowhere.
    let door = served
        .get(&format!("/i/{}", number(&chat, "Door plate made")))
        .await;
    assert!(
        door.text.contains("<h1 dir=\"auto\">Door plate made</h1>"),
        "{}",
        door.text
    );
    // A language that its letters tell.
    let hinges = served
        .get(&format!("/i/{}", number(&chat, "남북 관문에 새 경첩")))
        .await;
    assert!(
        hinges.text.contains("<h1 lang=\"ko\" dir=\"auto\">남북"),
        "{}",
        hinges.text
    );
    // What its source corrects says when.
    chat.at("2026-11-07T14:05[UTC]");
    chat.drop_file(
        "2026-11-05.txt",
        page(
            "# US-NK Relations
             Door plate made | It is made of brass. Nobody knows why.
             Envoys met | In Vienna. READ MORE https://example.org/envoys
             # Japan
             Squid counted | All of them.",
        ),
    );
    chat.load();
    let corrected = served.get(&format!("/i/{envoys}")).await;
    assert!(
        corrected.text.contains("Corrected 14:05, 7 November</p>"),
        "{}",
        corrected.text
    );
    assert_eq!(
        corrected.header("last-modified"),
        "Sat, 07 Nov 2026 14:05:00 GMT"
    );
    assert_ne!(corrected.header("etag"), shown.header("etag"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_and_where_it_is_followed() {
    let chat = small();
    let served = Served::of(&chat).await;
    let section = served.get("/s/us-nk").await;
    assert_snapshot!(section.said(), @r"
    US–North Korea relations
    Thursday 5 November 2026
    Door plate made
    It is made of brass.
    Envoys met
    In Geneva.
    Follow US–North Korea relations
    Atom
    JSON Feed
    ");
    assert_eq!(served.status("/s/more").await, 200);
    // It is what the front page shows.
    for (path, to) in [
        ("/s/all", "/"),
        ("/s/ALL", "/"),
        ("/s/all?after=3", "/?after=3"),
    ] {
        let all = served.get(path).await;
        let to = format!("https://news.example.org{to}");
        assert_eq!((all.status, all.header("location")), (308, to.as_str()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_and_its_neighbours() {
    let mut chat = Chat::with(&config("[defaults]\ntimezone = \"Asia/Seoul\"\n"));
    chat.drop_file(
        "wire.json",
        feed(&[
            entry(1, "Late in the evening there", "2026-11-04T15:30:00Z"),
            entry(2, "In the afternoon", "2026-11-04T05:00:00Z"),
        ]),
    );
    chat.drop_file(
        "2026-11-01.txt",
        page("# Japan\nA day as it is written | It is."),
    );
    chat.load();
    let served = Served::of(&chat).await;
    assert_snapshot!(served.get("/d/2026-11-05").await.said(), @r"
    Thursday 5 November 2026
    Late in the evening there
    Late in the evening there is told.
    Other news
    Earlier: Wednesday 4 November 2026
    ");
    assert_snapshot!(served.get("/d/2026-11-04").await.said(), @r"
    Wednesday 4 November 2026
    In the afternoon
    In the afternoon is told.
    Other news
    Earlier: Sunday 1 November 2026
    Later: Thursday 5 November 2026
    ");
    let empty = served.get("/d/2026-11-02").await;
    assert_eq!(empty.status, 200);
    assert_snapshot!(empty.said(), @r"
    Monday 2 November 2026
    No news on this day.
    Earlier: Sunday 1 November 2026
    Later: Wednesday 4 November 2026
    ");
    assert_snapshot!(served.get("/d/2019-01-01").await.said(), @r"
    Tuesday 1 January 2019
    No news on this day.
    Later: Sunday 1 November 2026
    ");
    assert_eq!(
        served
            .get("/d/2026-11-02")
            .await
            .links()
            .iter()
            .filter(|link| **link == "/d/2026-11-02")
            .count(),
        0
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_stands_once_in_a_list() {
    let mut chat = Chat::with(&config(
        "[[source]]\nname = \"kbs\"\nkind = \"folder\"\npath = \"kbs\"\nlabel = \"KBS\"\n",
    ));
    let title = "Envoy Harmon arrives in Seoul for talks on prisoners";
    chat.drop_file("a.json", feed(&[entry(1, title, "2026-11-05T09:00:00Z")]));
    chat.load();
    let other = serde_json::json!({
        "id": "k", "title": "Envoy Harmon in Seoul for prisoner talks", "url": "https://kbs.example/1",
        "date_published": "2026-11-05T10:00:00Z", "content_text": format!("{title}, KBS says."),
    });
    chat.drop_into("kbs", "b.json", feed(&[other]));
    chat.load();
    let served = Served::of(&chat).await;
    let front = served.get("/").await;
    assert_snapshot!(front.said(), @r"
    Latest headlines
    Thursday 5 November 2026
    Envoy Harmon in Seoul for prisoner talks
    Envoy Harmon arrives in Seoul for talks on prisoners, KBS says.
    US–North Korea relations also: digests
    Follow all news
    Atom
    JSON Feed
    ");
    // Feeds and the sitemap have both.
    let feed = served.get("/feed.json").await;
    assert_eq!(feed.text.matches("content_text").count(), 2);
    // Each has its page; the follower names who leads.
    let follower = number(&chat, "Envoy Harmon in Seoul for prisoner talks");
    let follower = served.get(&format!("/i/{follower}")).await;
    assert_snapshot!(follower.said(), @r"
    US–North Korea relations 5 Nov 2026
    Envoy Harmon in Seoul for prisoner talks
    Envoy Harmon arrives in Seoul for talks on prisoners, KBS says.
    at KBS
    The story was told first here: Envoy Harmon arrives in Seoul for talks on prisoners
    Follow US–North Korea relations
    Atom
    JSON Feed
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_whose_leader_isnt_shown_is_led_by_the_next() {
    let more = ["kbs", "wire"].map(|name| {
        format!("[[source]]\nname = \"{name}\"\nkind = \"folder\"\npath = \"{name}\"\n")
    });
    let mut chat = Chat::with(&config(&more.concat()));
    let first = "Envoy Harmon arrives in Seoul for talks on prisoners";
    let text = format!("# Ferry Desk\n{first} | {first}, the desk says.\nFerries sail | Twice.");
    chat.drop_file("2026-11-05.txt", page(&text));
    chat.load();
    for (at, source) in ["kbs", "wire"].into_iter().enumerate() {
        let other = serde_json::json!({
            "id": source, "title": format!("Envoy Harmon in Seoul for prisoner talks, {source} says"),
            "url": format!("https://{source}.example/1"),
            "date_published": format!("2026-11-05T1{at}:00:00Z"), "content_text": format!("{first}."),
        });
        chat.drop_into(source, "b.json", feed(&[other]));
        chat.load();
    }
    let leader = number(&chat, first);
    let [kbs, wire] = ["kbs", "wire"].map(|source| {
        number(
            &chat,
            &format!("Envoy Harmon in Seoul for prisoner talks, {source} says"),
        )
    });
    let served = Served::of(&chat).await;
    let told = async || {
        let json: serde_json::Value =
            serde_json::from_str(&served.get("/feed.json").await.text).unwrap();
        let items = json["items"].as_array().unwrap();
        let stories = items.iter().map(|item| item["_tidings"]["story"].clone());
        let atom = served.get("/feed.atom").await.text;
        let in_atom = atom.split(" story=\"").skip(1);
        let in_atom = in_atom.map(|rest| rest.split('"').next().unwrap().parse::<i64>().unwrap());
        let stories: Vec<_> = stories.map(|story| story.as_i64().unwrap()).collect();
        assert_eq!(in_atom.collect::<Vec<_>>(), stories);
        stories
    };
    assert_eq!(told().await[..2], [leader; 2]);
    let page = served.get(&format!("/i/{wire}")).await;
    assert!(page.links().contains(&&*format!("/i/{leader}")));
    chat.hide("ferry-desk");
    assert_eq!(told().await, [kbs; 2]);
    let page = served.get(&format!("/i/{wire}")).await.said();
    let names = "The story was told first here: Envoy Harmon in Seoul for prisoner talks, kbs says";
    assert!(page.contains(names), "{page}");
    let page = served.get(&format!("/i/{kbs}")).await.said();
    assert!(!page.contains("told first here"), "{page}");
    assert!(page.contains("wire says"), "{page}");
    let listed = chat.ground.command(&["items", "--json"]).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    assert_eq!(
        listed.matches(&format!("\"story\":{kbs}")).count(),
        2,
        "{listed}"
    );
    // What is taken back hands over for good, and readers are told the same.
    chat.remove(kbs);
    assert_eq!(told().await, [wire]);
    let page = served.get(&format!("/i/{wire}")).await.said();
    assert!(!page.contains("told first here"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_go_on_behind_the_last_item() {
    let mut chat = Chat::with(&config(""));
    let items: Vec<_> = (0..120)
        .map(|at| {
            entry(
                at,
                &format!("Number {at:03} of {}", at * 7_919),
                &format!("2026-11-05T{:02}:{:02}:00Z", at / 60, at % 60),
            )
        })
        .collect();
    chat.drop_file("a.json", feed(&items));
    chat.load();
    let served = Served::of(&chat).await;
    for start in ["/", "/s/more", "/d/2026-11-05", "/search?q=number"] {
        let (mut path, mut titles, mut pages) = (start.to_owned(), Vec::new(), 0);
        loop {
            let page = served.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            pages += 1;
            let shown = page.text.split("<article").skip(1);
            titles
                .extend(shown.map(|piece| piece.split("Number ").nth(1).unwrap()[..3].to_owned()));
            let next = page.text.split("<link rel=\"next\" href=\"").nth(1);
            let Some(next) = next else { break };
            path = next.split('"').next().unwrap().replace("&amp;", "&");
            // What was shown last goes meanwhile.
            if pages == 1 {
                let last: i64 = path.rsplit('=').next().unwrap().parse().unwrap();
                chat.remove(last);
            }
        }
        assert_eq!(pages, 3, "{start}");
        titles.dedup();
        let sorted = titles.clone();
        titles.sort();
        titles.reverse();
        assert_eq!(titles, sorted, "{start}");
        assert!(titles.len() >= 116, "{start}: {}", titles.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found() {
    let chat = small();
    let served = Served::of(&chat).await;
    let form = served.get("/search").await;
    assert_eq!(form.status, 200);
    assert!(
        form.text
            .contains("<meta name=\"robots\" content=\"noindex\">")
    );
    assert_snapshot!(served.get("/search?q=geneva").await.said(), @r"
    Found: geneva
    Search the archive
    Search
    Envoys met
    In Geneva.
    US–North Korea relations 5 Nov 2026
    Follow “geneva”
    Atom
    JSON Feed
    ");
    assert_snapshot!(served.get("/search?q=walrus").await.said(), @r"
    Found: walrus
    Search the archive
    Search
    Nothing found for “walrus”. Fewer words, or a beginning such as summ*, may find more.
    ");
    assert_snapshot!(served.get("/search?q=%3F%3F").await.said(), @"
    Search
    Search the archive
    Search
    There is no word in “??” to search for. Use letters or digits.
    ");
    let much = served.get(&format!("/search?q={}", "a".repeat(300))).await;
    assert_eq!(much.status, 400);
    assert_snapshot!(much.said(), @r"
    Search
    Search the archive
    Search
    That is more than can be searched for at once: at most 20 words and 200 characters.
    ");
    // What is asked for stands in the field as it was typed.
    let quoted = served.get("/search?q=%22door+plate%22%3Cb%3E").await;
    assert!(
        quoted
            .text
            .contains("value=\"&quot;door plate&quot;&lt;b&gt;\""),
        "{}",
        quoted.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_speak_the_operators_language() {
    let mut chat = Chat::with(&config("[defaults]\nlocale = \"ko\"\n"));
    chat.drop_file(
        "2026-11-03.txt",
        page("# Between the Koreas\n남북 관문에 새 경첩 | 삐걱거리지 않는다."),
    );
    chat.load();
    let served = Served::of(&chat).await;
    let front = served.get("/").await;
    assert!(front.text.contains("<html lang=\"ko\">"));
    assert_snapshot!(front.said(), @r"
    최신 기사
    2026년 11월 3일 화요일
    남북 관문에 새 경첩
    삐걱거리지 않는다.
    Inter-Korean relations
    모든 뉴스 구독
    Atom
    JSON Feed
    ");
    assert_snapshot!(served.get("/i/999").await.said(), @"이 주소에는 아무것도 없습니다.");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_archive_says_so() {
    let chat = Chat::with(&config(""));
    let served = Served::of(&chat).await;
    assert_snapshot!(served.get("/").await.said(), @r"
    Latest headlines
    Nothing has been loaded yet, so there is no news to show.
    Follow all news
    Atom
    JSON Feed
    ");
    assert_snapshot!(served.get("/s/japan").await.said(), @r"
    Japan
    Nothing in Japan yet.
    Follow Japan
    Atom
    JSON Feed
    ");
    assert_eq!(served.status("/feed.atom").await, 200);
    assert_eq!(served.status("/sitemap.xml").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_in_the_language_of_its_letters_or_its_feed() {
    let mut chat = Chat::with(&config(""));
    let told = |name: &str, language: &str, items: &[(u32, &str)]| {
        let items = items
            .iter()
            .map(|(id, title)| entry(*id, title, "2026-11-05T09:00:00Z"));
        let text = serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1", "title": name, "language": language,
            "items": items.collect::<Vec<_>>(),
        });
        (format!("{name}.json"), text.to_string())
    };
    let atom = "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"de\"><id>urn:x</id><title>Deutsch</title>
        <updated>2026-11-05T07:00:00Z</updated><entry><id>urn:x:1</id><title>Der Gesandte trifft in Seoul ein</title>
        <updated>2026-11-05T07:00:00Z</updated><summary>Er bleibt.</summary></entry></feed>";
    for (name, text) in [
        told(
            "a",
            "pt_BR",
            &[(1, "Enviado chega a Seul"), (2, "문이 열렸다")],
        ),
        told("b", "english, of course", &[(3, "Envoy arrives")]),
        ("c.xml".to_owned(), atom.to_owned()),
    ] {
        chat.drop_file(&name, text);
    }
    chat.load();
    let served = Served::of(&chat).await;
    let front = served.get("/").await.text;
    for (title, lang) in [
        ("Enviado chega a Seul", " lang=\"pt-br\""),
        ("Envoy arrives", ""),
        ("문이 열렸다", " lang=\"ko\""),
        ("Der Gesandte trifft in Seoul ein", " lang=\"de\""),
    ] {
        let id = number(&chat, title);
        let row = format!("<h3{lang} dir=\"auto\"><a href=\"/i/{id}\">{title}</a></h3>");
        assert!(front.contains(&row), "{row} isn't in {front}");
        let page = served.get(&format!("/i/{id}")).await.text;
        let heading = format!("<h1{lang} dir=\"auto\">");
        assert!(page.contains(&heading), "{heading} isn't in {page}");
    }
    assert!(
        front.contains("<p lang=\"de\" dir=\"auto\">Er bleibt.</p>"),
        "{front}"
    );
}
