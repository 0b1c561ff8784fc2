//! The operator and an editor's desk, in a real browser: what only a browser tells is whether its cookie and what it says of
//! where a form comes from are as the dashboard wants them.

use std::fs;

use super::Site;
use super::driver::Browser;
use super::soon;
use crate::fakes::discord::FakeDiscord;
use crate::fakes::telegram::FakeTelegram;
use crate::harness::{CONFIG, page};

/// A bot with a headline that is wrong, and a section that is none.
async fn desk() -> Site {
    let document = page(
        "# Japan
         Squid <b>counted</b> agian | All of them.
         Octopus counted | Some of them.
         # Hanbit is funded by
         Nobody gave | Nothing.",
    );
    let config = format!("{CONFIG}[web]\narchive = true\ndashboard = true\n");
    Site::start(&config, &[("2026-11-05.txt", document)], &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_dashboard_is_readable_on_every_screen() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = desk().await;
    browser
        .looks_through(&format!("{}/dashboard", site.url))
        .await;
    let link = site.link();
    browser.looks_through(&link).await;
    browser.presses("Sign in").await;
    browser.find(".who").await;
    assert_eq!(browser.path().await, "/dashboard");
    for path in [
        "",
        "/items",
        "/items/1",
        "/sections",
        "/previews",
        "/sources",
        "/channels",
        "/outbox",
        "/deeds",
    ] {
        browser
            .looks_through(&format!("{}/dashboard{path}", site.url))
            .await;
    }
    browser.looks_through(&link).await;
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_corrected_and_a_section_merged_by_two_presses() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = desk().await;
    browser.is_wide(360).await;
    browser.goes_to(&site.link()).await;
    browser.presses("Sign in").await;
    browser.presses("Items").await;
    browser.presses("Squid <b>counted</b> agian").await;
    let title = browser.find("#title").await;
    title.clear().await.unwrap();
    title.send_keys("Squid counted again").await.unwrap();
    browser.presses("Correct").await;
    browser.find(".notice").await;
    assert!(browser.says().await.contains("Squid counted again"));
    browser.presses("Undo").await;
    browser.find(".notice").await;
    assert!(browser.says().await.contains("Undone: Corrected"));
    browser.presses("Sections").await;
    browser.presses("Mend").await;
    browser.presses("Merge").await;
    browser.find(".notice").await;
    let said = browser.says().await;
    assert!(
        said.contains("Merged the section Hanbit is funded by"),
        "{said}"
    );
    // Long work shows that it is under way, and what came of it, by itself.
    browser.presses("Sources").await;
    browser.presses("Try").await;
    browser.find("ul.list").await;
    assert!(browser.says().await.contains("Nothing was stored."));
    browser.presses("Sign out").await;
    browser
        .goes_to(&format!("{}/dashboard/items", site.url))
        .await;
    assert!(browser.says().await.contains("You are not signed in"));
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cant_be_undone_takes_two_presses() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = desk().await;
    site.signs_in(&browser).await;
    browser.presses("What was done").await;
    // The first press shows what the second one does, and what that means.
    assert!(!browser.says().await.contains("There is no way back."));
    browser.presses("Sign everybody out…").await;
    assert_eq!(browser.path().await, "/dashboard/deeds");
    assert!(browser.says().await.contains("There is no way back."));
    let faults = browser.faults().await;
    assert!(faults.is_empty(), "{faults:#?}");
    browser.presses("Sign everybody out").await;
    assert!(browser.says().await.contains("You are not signed in"));
    // A page that is kept up to date is as readable as it is without that.
    site.signs_in(&browser).await;
    browser.presses("Keep this page up to date").await;
    assert!(browser.says().await.contains("looks again by itself"));
    browser.presses("Stop").await;
    assert!(!browser.says().await.contains("looks again by itself"));
    browser.closes().await;
}

const FIRST: &str = "# Japan
Ferries sail again | They are blue.
# Garden Shows
Persimmons sorted by sound | A tap tells a ripe fruit.";

fn config() -> String {
    format!("{CONFIG}[web]\narchive = true\ndashboard = true\n")
}

/// A dashboard of a bot that knows two items, one of them under a heading of its own.
async fn garden() -> Site {
    Site::start(&config(), &[("2026-11-05.txt", page(FIRST))], &[]).await
}

impl Site {
    async fn signs_in(&self, browser: &Browser) {
        browser.goes_to(&self.link()).await;
        browser.presses("Sign in").await;
        browser.find(".who").await;
        assert_eq!(browser.path().await, "/dashboard");
    }

    /// Puts a document into the folder.
    fn brings(&self, name: &str, lines: &str) {
        let path = self.ground.at(name);
        fs::write(&path, page(lines)).unwrap();
        fs::rename(&path, self.ground.at("digests").join(name)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_takes_no_mouse_and_works_once() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = garden().await;
    let link = site.link();
    browser.goes_to(&link).await;
    let mut at = browser.tabs().await;
    for _ in 0..8 {
        if at == "Sign in" {
            break;
        }
        at = browser.tabs().await;
    }
    browser.enters("").await;
    assert!(browser.says().await.contains("All is well"));
    assert_eq!(browser.path().await, "/dashboard");
    browser.goes_to(&link).await;
    assert!(browser.says().await.contains("used already"));
    browser.goes_to(&format!("{}/dashboard", site.url)).await;
    browser.presses("Sign out").await;
    browser.goes_to(&format!("{}/dashboard", site.url)).await;
    assert!(browser.says().await.contains("You are not signed in"));
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discovered_section_is_merged_and_comes_back() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let site = garden().await;
    site.signs_in(&browser).await;
    browser.presses("Sections").await;
    browser.presses("Mend").await;
    let into = browser.find("select[name=into]").await;
    into.select_by_label("Japan").await.unwrap();
    browser.presses("Merge").await;
    let there = format!("{}/s/garden-shows", site.url);
    browser.goes_to(&there).await;
    assert_eq!(browser.path().await, "/s/japan");
    assert!(browser.says().await.contains("Persimmons sorted by sound"));
    browser
        .goes_to(&format!("{}/dashboard/deeds", site.url))
        .await;
    browser.presses("Undo").await;
    browser.find(".notice").await;
    // The browser may remember for a minute where it was led; who asks anew is led nowhere.
    let asked = reqwest::get(&there).await.unwrap();
    assert_eq!(asked.url().path(), "/s/garden-shows");
    browser.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_editors_the_later_one_is_told() {
    let (Some(one), Some(other)) = (Browser::open().await, Browser::open().await) else {
        return;
    };
    let site = garden().await;
    for browser in [&one, &other] {
        site.signs_in(browser).await;
        browser.presses("Items").await;
        browser.presses("Ferries sail again").await;
    }
    for (browser, title) in [(&one, "Ferries sail twice"), (&other, "Ferries sail never")] {
        let field = browser.find("input[name=title]").await;
        field.clear().await.unwrap();
        field.send_keys(title).await.unwrap();
        browser.presses("Correct").await;
    }
    let told = other.says().await;
    assert!(told.contains("changed meanwhile"), "{told}");
    // What they wrote isn't lost.
    assert!(told.contains("Ferries sail never"), "{told}");
    one.goes_to(&site.url).await;
    let shown = one.says().await;
    assert!(
        shown.contains("Ferries sail twice") && !shown.contains("never"),
        "{shown}"
    );
    one.closes().await;
    other.closes().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_corrected_changes_where_it_was_posted() {
    let Some(browser) = Browser::open().await else {
        return;
    };
    let (telegram, discord) = (FakeTelegram::start(), FakeDiscord::start());
    let guild = discord.guild("Korea watchers");
    let channel = discord.text(guild, "news");
    let environment = [
        ("TELEGRAM_TOKEN", telegram.token().to_owned()),
        ("TIDINGS_TELEGRAM__API_URL", telegram.api_url()),
        ("DISCORD_TOKEN", discord.token().to_owned()),
        ("TIDINGS_DISCORD__API_URL", discord.api_url()),
    ];
    let site = Site::start(&config(), &[("2026-11-05.txt", page(FIRST))], &environment).await;
    let ana = telegram.person("Ana");
    ana.starts();
    let posts = || {
        let there = discord.messages(channel).into_iter();
        let there: Vec<String> = there.map(|message| message.body.to_string()).collect();
        [ana.chat().texts().concat(), there.concat()]
    };
    let everywhere = |words: &str| posts().iter().all(|said| said.contains(words));
    soon("a greeting", || {
        ana.chat().texts().concat().contains("Hello")
    })
    .await;
    ana.says("/subscribe japan instant");
    discord
        .manager("Mia")
        .asks(channel, "/subscribe section:japan when:instant")
        .await;
    soon("a subscription", || {
        ana.chat().texts().concat().contains("now follow")
    })
    .await;
    site.brings(
        "2026-11-06.txt",
        "# Japan\nSquid counted agian | There are 41.",
    );
    soon("the post", || everywhere("Squid counted agian")).await;
    site.signs_in(&browser).await;
    browser.presses("Items").await;
    browser.presses("Squid counted agian").await;
    let field = browser.find("input[name=title]").await;
    field.clear().await.unwrap();
    field.send_keys("Squid counted again").await.unwrap();
    browser.presses("Correct").await;
    soon("the correction", || everywhere("Squid counted again")).await;
    assert!(everywhere("Corrected"), "{:?}", posts());
    browser.presses("Undo").await;
    soon("what was before", || everywhere("Squid counted agian")).await;
    browser.closes().await;
}
