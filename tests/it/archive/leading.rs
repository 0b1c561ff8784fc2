//! Chat leads to the archive, where people can get there.

use insta::assert_snapshot;

use super::{config, small};
use crate::fakes::telegram::FakeTelegram;
use crate::harness::{CONFIG, Chat, page};
use crate::stage::Fake;
use crate::telegram::harness::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_headline_without_a_link_leads_to_its_page() {
    let mut chat = small();
    assert_snapshot!(chat.say("/latest us-nk"), @r"
    US–North Korea relations   2 of 2, newest first
      #2  5 Nov 2026   Door plate made
                       https://news.example.org/i/2
      #3  5 Nov 2026   Envoys met
                       https://example.org/envoys
    /read 2 shows an item
    ");
    assert_snapshot!(chat.say("/read 2"), @r"
    Door plate made
      It is made of brass. Nobody knows why.
    #2 · US–North Korea relations · 5 Nov 2026 · from digests
    On the web: https://news.example.org/i/2
    ");
    chat.say("/subscribe all daily 18:00");
    chat.say("/settings cap 1");
    chat.say("/watch walrus daily 18:00");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nSquid counted again | All.\nOctopus counted | Some.\nWalrus counted | One.\nWalrus seen | Once."),
    );
    chat.load();
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @r"
    Roundup · Friday 6 November
    Japan
      #5  Squid counted again
          https://news.example.org/i/5
    3 more: https://news.example.org/s/japan
    4 headlines · next: Sat 7 Nov 18:00 UTC
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_more_of_a_watch_is_found_by_its_search() {
    let mut chat = Chat::with(&config(""));
    chat.load();
    chat.say("/watch \"walrus count\" daily 18:00");
    chat.say("/settings cap 1");
    chat.drop_file(
        "2026-11-06.txt",
        page("# Japan\nWalrus count begins | One.\nWalrus count goes on | Two.\nWalrus count ends | Three."),
    );
    chat.load();
    let posted = chat.tick_at("2026-11-06T18:00[UTC]");
    let more = "2 more: https://news.example.org/search?q=%22walrus%20count%22";
    assert!(posted.contains(more), "{posted}");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_led_where_only_this_machine_gets() {
    for url in [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://192.168.1.5",
        "http://[::1]:8080",
        "https://10.0.0.7",
    ] {
        let mut chat = Chat::with(&config("").replace(super::URL, url));
        chat.drop_file(
            "2026-11-05.txt",
            page("# Japan\nSquid counted | All of them."),
        );
        chat.load();
        for line in ["/latest", "/read 1"] {
            let said = chat.say(line);
            assert!(!said.contains("/i/1"), "{url}: {said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_platform_it_is_a_link() {
    let fast = <FakeTelegram as Fake>::FAST;
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\narchive = true\n";
    let mut stage = Stage::empty(&format!("{CONFIG}{fast}{web}"));
    stage.archive();
    stage.start().await;
    let plate = super::number_in(stage.app(), "Liaison office gets a door plate");
    let ana = stage.server.person("Ana").known();
    let latest = ana.asks("/latest us-nk").await;
    let link = format!("<a href=\"https://news.example.org/i/{plate}\">");
    assert!(latest.raw.contains(&link), "{}", latest.raw);
    let read = ana.asks(&format!("/read {plate}")).await;
    assert!(read.raw.contains(&link), "{}", read.raw);
    ana.asks("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", "# Japan\nSquid counted twice | Many.");
    let posted = ana.chat().wait_for_messages(4).await;
    let squid = super::number_in(stage.app(), "Squid counted twice");
    let link = format!("<a href=\"https://news.example.org/i/{squid}\">");
    let posted = &posted.last().unwrap().raw;
    assert!(posted.contains(&link), "{posted}");
    assert!(!posted.contains("/read_"), "{posted}");
    stage.over().await;
}
