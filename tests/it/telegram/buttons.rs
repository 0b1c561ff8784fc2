//! Buttons: sections and pages in place, subscribing, and presses that come from elsewhere or too late.

use std::collections::BTreeSet;

use insta::assert_snapshot;

use super::harness::{Stage, on_an_older_server, owned_group};
use crate::fakes::telegram::{Chat, Message, Person};

pub(super) const NEWER: &str = "◂ Newer";
pub(super) const OLDER: &str = "Older ▸";
const ALL: &str = "◂ All sections";
const SUBSCRIBE: &str = "Subscribe";

/// Twelve more items in us-nk, which has fifteen then.
pub(super) fn twelve(stage: &Stage) {
    let items: Vec<String> = (1..=12)
        .map(|n| format!("Envoy says no for the {n}th time | She does."))
        .collect();
    stage.news(
        "weekly-november-6-2026.txt",
        &format!("# US-NK Relations\n{}", items.join("\n")),
    );
}

/// Presses a button and waits until the message is changed in place.
pub(super) async fn turned(
    chat: &Chat,
    person: &Person,
    message: &Message,
    label: &str,
) -> Message {
    let before = chat.message(message.id).edits;
    let press = chat.presses_on(person, message.id, label);
    assert_eq!(chat.server().wait_for_answer(&press).await, "");
    chat.wait_for_edit(message.id, before + 1).await
}

/// What people see of a message.
pub(super) fn look(message: &Message) -> (String, Vec<Vec<String>>) {
    (message.text.clone(), message.labels())
}

fn has(message: &Message, label: &str) -> bool {
    message.data_of(label).is_some()
}

/// What the bot says the chat follows.
async fn followed(chat: &Chat, person: &Person) -> String {
    chat.asks(person, "/subscriptions").await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn latest_of_all_leads_to_every_section_and_back() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let all = ana.asks("/latest").await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /latest
    ── Tidings
    **Latest headlines** · 5 of 5, newest first

    • **Kaesong gate gets new hinges**
      4 Nov 2026 · inter-korean · /read_1
    • **Liaison office gets a door plate**
      4 Nov 2026 · us-nk · /read_2
    • **Envoys meet in Geneva for a second day**
      30 Oct 2026 · us-nk · /read_3
    • **U.S. letter draws a reply**
      30 Oct 2026 · us-nk · /read_4
    • **Squid counted together**
      30 Oct 2026 · japan · /read_5
    [ US–North Korea relations ] [ Inter-Korean relations ]
    [ Japan ]
    [ Subscribe ]
    ");
    let japan = turned(&ana.chat(), &ana, &all, "Japan").await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /latest
    ── Tidings (edited)
    **Japan** · 1 of 1, newest first

    • **Squid counted together**
      30 Oct 2026 · /read_5
    [ ◂ All sections ]
    [ Subscribe ]
    ── Ana presses [ Japan ]
    ");
    let back = turned(&ana.chat(), &ana, &japan, ALL).await;
    assert_eq!(look(&back), look(&all));
    assert_eq!(ana.chat().sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_turn_in_place_and_go_back_exactly() {
    let stage = Stage::new().await;
    twelve(&stage);
    let ana = stage.server.person("Ana").known();
    for command in ["/latest us-nk", "/latest us-nk 4", "/latest 3", "/latest"] {
        let mut page = ana.asks(command).await;
        assert!(!has(&page, NEWER));
        let mut pages = vec![page.clone()];
        while has(&page, OLDER) {
            page = turned(&ana.chat(), &ana, &page, OLDER).await;
            pages.push(page.clone());
        }
        assert!(pages.len() > 2, "{command}");
        let mut titles = BTreeSet::new();
        for line in pages.iter().flat_map(|page| page.text.lines()) {
            if line.starts_with('•') {
                assert!(titles.insert(line.to_owned()), "{line} comes twice");
            }
        }
        let expected = if command.contains("us-nk") { 15 } else { 17 };
        assert_eq!(titles.len(), expected, "{command}");
        for earlier in pages.iter().rev().skip(1) {
            page = turned(&ana.chat(), &ana, &page, NEWER).await;
            assert_eq!(look(&page), look(earlier), "{command}");
        }
    }
    assert_eq!(ana.chat().sent(), 4);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_while_somebody_turns_pages_isnt_in_the_way() {
    let stage = Stage::new().await;
    twelve(&stage);
    let ana = stage.server.person("Ana").known();
    let first = ana.asks("/latest us-nk").await;
    let second = turned(&ana.chat(), &ana, &first, OLDER).await;
    stage.news(
        "weekly-november-7-2026.txt",
        "# US-NK Relations
         Envoy says yes | At last.",
    );
    let third = turned(&ana.chat(), &ana, &second, OLDER).await;
    assert!(third.text.contains("Liaison office"), "{}", third.text);
    let again = turned(&ana.chat(), &ana, &third, NEWER).await;
    let lines = |text: &str| text.lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(lines(&again.text), lines(&second.text));
    let mut top = turned(&ana.chat(), &ana, &again, NEWER).await;
    while has(&top, NEWER) {
        top = turned(&ana.chat(), &ana, &top, NEWER).await;
    }
    assert!(top.text.contains("Envoy says yes"), "{}", top.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn search_has_older_pages() {
    let stage = Stage::new().await;
    twelve(&stage);
    let ana = stage.server.person("Ana").known();
    let first = ana.asks("/search envoy says").await;
    let second = turned(&ana.chat(), &ana, &first, OLDER).await;
    let third = turned(&ana.chat(), &ana, &second, OLDER).await;
    assert!(!has(&third, OLDER));
    assert_snapshot!(third.text, @"
    Found: envoy says · 11–12, newest first

    • Envoy says no for the 11th time
      6 Nov 2026 · us-nk · /read_16
    • Envoy says no for the 12th time
      6 Nov 2026 · us-nk · /read_17
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_too_long_for_a_button_says_so() {
    let stage = Stage::new().await;
    twelve(&stage);
    let ana = stage.server.person("Ana").known();
    let found = ana
        .asks("/search envoy says no for the time envoy says no for the time envoy says no")
        .await;
    assert!(!has(&found, OLDER), "{:?}", found.labels());
    assert!(
        found.text.ends_with("fewer words show more"),
        "{}",
        found.text
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_subscribes_with_a_button() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let latest = ana.asks("/latest japan").await;
    for sent in [2, 3] {
        let press = ana.chat().presses_on(&ana, latest.id, SUBSCRIBE);
        assert_eq!(stage.server.wait_for_answer(&press).await, "");
        ana.chat().wait_for_messages(sent).await;
    }
    let again = ana.asks("/latest japan").await;
    assert!(!has(&again, SUBSCRIBE), "it is followed already");
    assert_snapshot!(ana.chat().transcript(), @r"
        ── Ana
        /latest japan
        ── Tidings
        **Japan** · 1 of 1, newest first

        • **Squid counted together**
          30 Oct 2026 · /read_5
        [ ◂ All sections ]
        [ Subscribe ]
        ── Ana presses [ Subscribe ]
        ── Tidings
        You now follow **Japan**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.

        /latest japan shows what is there already · /subscriptions lists all
        ── Ana presses [ Subscribe ]
        ── Tidings
        You follow **Japan** already, daily 09:00 (UTC). To change the time: /schedule japan daily 18:00
        ── Ana
        /latest japan
        ── Tidings
        **Japan** · 1 of 1, newest first

        • **Squid counted together**
          30 Oct 2026 · /read_5
        [ ◂ All sections ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_offered_to_subscribe_at_once() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    let latest = group.asks(&ana, "/latest japan").await;
    assert!(has(&latest, SUBSCRIBE), "{:?}", latest.labels());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_presses_in_vain_on_subscribe() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_administrator(&ana)
        .with_member(&ben)
        .with_bot();
    let for_ben = group.asks(&ben, "/latest japan").await;
    assert!(!has(&for_ben, SUBSCRIBE));
    group.asks(&ana, "/help").await;
    let for_ana = group.asks(&ana, "/latest japan").await;
    let press = group.presses_on(&ben, for_ana.id, SUBSCRIBE);
    let refusal = "Only administrators of this group can change what it follows.";
    assert_eq!(stage.server.wait_for_answer(&press).await, refusal);
    let answer = stage.server.callback_answer(&press);
    assert!(answer.is_some_and(|answer| answer.show_alert));
    assert_eq!(
        followed(&group, &ben).await,
        "This group follows nothing yet."
    );
    // The button works for those who may.
    let press = group.presses_on(&ana, for_ana.id, SUBSCRIBE);
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    group.wait_for_messages(5).await;
    assert!(followed(&group, &ben).await.contains("japan — Japan"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_an_older_server_a_reader_turns_pages_for_all_of_a_group() {
    let stage = on_an_older_server().await;
    twelve(&stage);
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let forum = stage
        .server
        .forum("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben)
        .with_bot();
    let topic = forum.topic(&ana, "News");
    let said = forum.says_in_topic(&ben, topic, "/latest us-nk");
    let first = forum.wait_for_reply(said).await;
    let second = turned(&forum, &ben, &first, OLDER).await;
    assert_eq!(second.message_thread_id, Some(topic));
    assert_eq!(
        look(&turned(&forum, &ana, &second, NEWER).await),
        look(&first)
    );
    assert_eq!(forum.sent(), 1);
    stage.over().await;
}
