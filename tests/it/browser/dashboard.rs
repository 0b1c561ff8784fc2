//! The operator and an editor's desk, in a real browser: what only a browser tells is whether its cookie and what it says of
//! where a form comes from are as the dashboard wants them.

use super::Site;
use super::driver::Browser;
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
