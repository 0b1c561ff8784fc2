//! `tidings run` with `[web]`, and what a configuration comes to.

use std::collections::BTreeMap;
use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use tidings::settings;

use super::{Served, small};
use crate::fakes::discord::FakeDiscord;
use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::harness::{CONFIG, page};
use crate::stage::Fake;
use crate::telegram::clockwork::beat;
use crate::telegram::harness::Stage;

/// What is wrong with a configuration, without where it stands.
fn mistakes(web: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tidings.toml");
    fs::write(&file, format!("{CONFIG}{web}")).unwrap();
    let loaded = settings::load(&file, &BTreeMap::new(), folder.path());
    let said = loaded
        .map(|_| String::new())
        .unwrap_or_else(|error| error.to_string());
    let lines = said
        .lines()
        .map(|line| line.split_once(": ").map_or(line, |(_, rest)| rest));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn half_a_configuration_stops_the_start() {
    let whole =
        "[web]\nlisten = \"127.0.0.1:8080\"\nurl = \"https://news.example.org\"\narchive = true\n";
    assert_eq!(mistakes(whole), "");
    assert_eq!(mistakes("[web]\n"), "");
    assert_eq!(mistakes("[web]\narchive = false\ndashboard = false\n"), "");
    insta::assert_snapshot!(mistakes("[web]\nlisten = \"127.0.0.1:8080\"\n"), @"web.listen is only used with [web] archive or dashboard. Add archive = true to serve the archive, dashboard = true to serve the dashboard, or take this key out.");
    insta::assert_snapshot!(mistakes("[web]\nurl = \"https://a.example\"\narchive = false\n"), @"web.url is only used with [web] archive or dashboard. Add archive = true to serve the archive, dashboard = true to serve the dashboard, or take this key out.");
    insta::assert_snapshot!(mistakes("[web]\narchive = true\n"), @r#"
    web.archive needs [web] listen as well: the address that this process listens on. Try: listen = "127.0.0.1:8080"
    web.archive needs [web] url as well: the address at which people see the pages. Try: url = "https://news.example.org"
    "#);
    assert_eq!(mistakes(&format!("{whole}dashboard = true\n")), "");
    assert_eq!(mistakes(&whole.replace("archive", "dashboard")), "");
    insta::assert_snapshot!(mistakes("[web]\ndashboard = true\n"), @r#"
    web.dashboard needs [web] listen as well: the address that this process listens on. Try: listen = "127.0.0.1:8080"
    web.dashboard needs [web] url as well: the address at which people see the pages. Try: url = "https://news.example.org"
    "#);
    let http = |host: &str| {
        format!("[web]\nlisten = \"127.0.0.1:8080\"\nurl = \"http://{host}\"\ndashboard = true\n")
    };
    for host in [
        "127.0.0.1:8080",
        "localhost:8080",
        "[::1]:8080",
        "news.localhost",
    ] {
        assert_eq!(mistakes(&http(host)), "", "{host}");
    }
    for host in [
        "news.example.org",
        "192.168.1.5:8080",
        "0.0.0.0:8080",
        "localhost.example.org",
    ] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(mistakes(&http(host)), @"web.url begins with http://, but over that others could read who signs in to the dashboard. Put a server that speaks https in front and name its https:// address, or leave dashboard out.");
        }
    }
    insta::assert_snapshot!(mistakes(&whole.replace("= true", "= \"yes\"")), @r#"web.archive is "yes", which isn't true or false. Try: archive = true"#);
    insta::assert_snapshot!(mistakes(&whole.replace(".org\"", ".org/news\"")), @r#"web.url has to be a scheme, a host and perhaps a port, without a path: pages have their own. Try: url = "https://news.example.org""#);
    insta::assert_snapshot!(mistakes(&whole.replace("https://", "")), @r#"web.url has to begin with http:// or https://. Try: url = "https://news.example.org""#);
    insta::assert_snapshot!(mistakes(&whole.replace("127.0.0.1:8080", "everywhere")), @r#"web.listen is "everywhere", which isn't an address with a port. Try: listen = "127.0.0.1:8080""#);
    insta::assert_snapshot!(mistakes(&format!("{whole}[http]\nlisten = \"0.0.0.0:8080\"\n")), @"web.listen is the address of [http] listen as well. Give each a port of its own.");
}

/// The program with a configuration, and an archive loaded.
fn shell(web: &str) -> Ground {
    let ground = Ground::new();
    fs::create_dir(ground.at("digests")).unwrap();
    fs::write(ground.at("tidings.toml"), format!("{CONFIG}{web}")).unwrap();
    fs::write(
        ground.at("digests/2026-11-05.txt"),
        page("# Japan\nSquid counted | All of them."),
    )
    .unwrap();
    ground
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_archive_is_served_alone() {
    // Somebody has the port at first; that keeps nothing else from going on.
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let web =
        format!("[http]\nlisten = \"0\"\n[web]\nurl = \"http://{address}\"\narchive = true\n");
    let ground = shell(&web);
    let log = ground.at("log");
    let mut child = ground
        .command(&["run"])
        // As others, it can be set by the environment.
        .env("TIDINGS_WEB__LISTEN", address.to_string())
        .stdout(Stdio::null())
        .stderr(fs::File::create(&log).unwrap())
        .spawn()
        .unwrap();
    let read = || fs::read_to_string(&log).unwrap();
    while !read().contains("can't be listened on") {
        assert!(child.try_wait().unwrap().is_none(), "{}", read());
        beat().await;
    }
    drop(taken);
    let front = loop {
        match reqwest::get(format!("http://{address}/")).await {
            Ok(front) => break front.text().await.unwrap(),
            Err(_) => beat().await,
        }
        assert!(child.try_wait().unwrap().is_none(), "{}", read());
    };
    assert!(front.contains("Squid counted"), "{front}");
    // A newer item is there within a second of its being filed, whoever filed it.
    fs::write(
        ground.at("more.txt"),
        page("# Japan\nOctopus counted | Too."),
    )
    .unwrap();
    let mut load = ground.command(&["load", "more.txt"]);
    load.env("TIDINGS_WEB__LISTEN", address.to_string());
    assert!(load.status().unwrap().success());
    let again = reqwest::get(format!("http://{address}/"))
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(again.contains("Octopus counted"), "{again}");
    let id = child.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .unwrap()
            .success()
    );
    let ended = loop {
        match child.try_wait().unwrap() {
            Some(ended) => break ended,
            None => beat().await,
        }
    };
    assert_eq!(ended.code(), Some(0), "{}", read());
}

#[test]
fn a_link_is_printed_alone_and_ended_with_all_sessions() {
    let web = "[web]\nlisten = \"8080\"\nurl = \"http://127.0.0.1:8080\"\ndashboard = true\n";
    let ground = shell(web);
    let printed = ground.command(&["dashboard"]).output().unwrap();
    assert_eq!(printed.status.code(), Some(0));
    let out = String::from_utf8(printed.stdout).unwrap();
    let link = out.strip_suffix('\n').unwrap();
    let secret = link
        .strip_prefix("http://127.0.0.1:8080/dashboard/sign-in/")
        .unwrap();
    assert!(
        secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit()),
        "{out}"
    );
    let said = String::from_utf8(printed.stderr).unwrap();
    assert!(
        said.contains("within 10 minutes") && !said.contains(secret),
        "{said}"
    );
    // Who reads the store finds nothing to sign in with.
    assert!(!ground.stands(secret));
    let ended = ground
        .command(&["dashboard", "--sign-out"])
        .output()
        .unwrap();
    assert_eq!(
        (ended.status.code(), ended.stdout.as_slice()),
        (Some(0), &b""[..])
    );
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(said.contains("0 sessions ended"), "{said}");
    let ground = shell("");
    let none = ground.command(&["dashboard"]).output().unwrap();
    assert_eq!(
        (none.status.code(), none.stdout.as_slice()),
        (Some(2), &b""[..])
    );
    let said = String::from_utf8(none.stderr).unwrap();
    assert!(said.contains("dashboard = true"), "{said}");
}

#[test]
fn check_says_where_the_archive_is() {
    let ground =
        shell("[web]\nlisten = \"8080\"\nurl = \"http://127.0.0.1:8080\"\narchive = true\n");
    let checked = ground.command(&["check"]).output().unwrap();
    let said = String::from_utf8(checked.stdout).unwrap();
    assert!(
        said.contains(
            "✓ web: the archive is served on 127.0.0.1:8080, and seen at http://127.0.0.1:8080\n"
        ),
        "{said}"
    );
    assert!(said.contains("! [web] url is on this machine"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_delay_no_delivery() {
    let chat = small();
    let before = chat.app().store().transactions();
    let served = Served::of(&chat).await;
    for path in ["/", "/i/1", "/search?q=door", "/feed.atom"] {
        assert_eq!(served.status(path).await, 200);
    }
    // None of it went through the connections that deliveries use.
    assert_eq!(chat.app().store().transactions(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_is_followed_from_its_page() {
    let fast = <FakeTelegram as Fake>::FAST;
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\narchive = true\n";
    let mut stage = Stage::empty(&format!("{CONFIG}{fast}{web}"));
    stage.archive();
    stage.write(
        "2026-11-05.txt",
        "# A heading of its own, for \u{41A}\u{41E}\nSquid counted | All of them.",
    );
    stage.start().await;
    let address = stage
        .seen("an address", || stage.app().pages_at.get().copied())
        .await;
    let page = async |path: &str| {
        let url = format!("http://{address}{path}");
        reqwest::get(url).await.unwrap().text().await.unwrap()
    };
    let bot = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.platform("telegram"));
    let bot: Result<_, tidings_store::StoreError> = bot;
    let bot = bot.unwrap().unwrap().account.unwrap();
    let bot = bot.trim_start_matches('@');
    let japan = page("/s/japan").await;
    let link =
        format!("<a href=\"https://t.me/{bot}?start=sub_japan\" rel=\"noopener\">Telegram</a>");
    assert!(japan.contains(&link), "{link} isn't in {japan}");
    // A slug that doesn't fit into such a link is meant by its number.
    let sections = stage.app().catalogues().current().await.unwrap();
    let own = sections
        .sections()
        .iter()
        .find(|section| section.title.starts_with("A heading"))
        .unwrap();
    let named = own
        .slug
        .as_str()
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    assert!(!named, "{}", own.slug);
    let word = format!("sub_-{}", own.id);
    let found = page(&format!(
        "/i/{}",
        super::number_in(stage.app(), "Squid counted")
    ))
    .await;
    assert!(found.contains(&format!("?start={word}\"")), "{found}");
    let ana = stage.server.person("Ana").known();
    let answer = ana.asks(&format!("/start {word}")).await;
    let answer = format!("{answer:?}");
    assert!(answer.contains("A heading of its own"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_invites_the_bot_from_a_sections_page() {
    let fast = <FakeDiscord as Fake>::FAST;
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\narchive = true\n";
    let mut stage = crate::stage::Stage::<FakeDiscord>::empty(&format!("{CONFIG}{fast}{web}"));
    stage.archive();
    stage.start().await;
    let address = stage
        .seen("an address", || stage.app().pages_at.get().copied())
        .await;
    let japan = reqwest::get(format!("http://{address}/s/japan")).await;
    let japan = japan.unwrap().text().await.unwrap();
    assert!(
        japan.contains("<a href=\"https://discord.com/oauth2/authorize?client_id="),
        "{japan}"
    );
    assert!(japan.contains(">Discord</a>"), "{japan}");
    stage.over().await;
}
