//! `/suggest`: in a private chat, and where others are.

use insta::assert_snapshot;

use super::harness::{Stage, owned_group};
use crate::fakes::telegram::{FakeTelegram, Fault, Person};
use crate::harness::CONFIG;
use crate::stage::Fake;

/// A bot with an editor.
async fn edited() -> (Stage, Person) {
    let mut stage = Stage::empty(CONFIG);
    let eve = stage.server.person("Eve");
    eve.starts();
    let editors = format!("[operator]\neditors = [\"telegram:{}\"]\n", eve.id());
    stage.configure(&format!("{CONFIG}{editors}{}", FakeTelegram::FAST));
    stage.archive();
    stage.start().await;
    eve.chat().wait_for_messages(1).await;
    (stage, eve)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_suggests_a_link() {
    let (stage, eve) = edited().await;
    let ben = stage.server.person("Ben").known();
    // Without its slash it is the same.
    ben.asks("suggest https://example.org/envoys_meet?a=1&b=2 *They* <b>meet</b>, @again")
        .await;
    assert_snapshot!(ben.chat().transcript(), @"
    ── Ben
    suggest https://example.org/envoys_meet?a=1&b=2 *They* <b>meet</b>, @again
    ── Tidings
    Sent to the editors. You can suggest 2 more today.
    ");
    eve.chat().wait_for_messages(2).await;
    let told = eve.chat().messages().pop().unwrap();
    assert_snapshot!(told.text.replace('\u{2060}', "¦"), @"
    A reader on Telegram suggests:

    *They* <b>meet</b>, @¦again

    https://example.org/envoys_meet?a=1&b=2
    ");
    let leads = told
        .entities
        .iter()
        .filter_map(|entity| entity.url.as_deref());
    assert_eq!(
        leads.collect::<Vec<_>>(),
        ["https://example.org/envoys_meet?a=1&b=2"]
    );
    let sent = stage.server.requests("sendMessage").pop().unwrap();
    assert_eq!(sent.body["link_preview_options"]["is_disabled"], true);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kill_and_trouble_at_the_editors_cost_no_suggestion() {
    let (mut stage, eve) = edited().await;
    let ben = stage.server.person("Ben").known();
    let trouble = Fault::on("sendMessage").in_chat(eve.chat().id());
    let trouble = stage.server.inject(trouble.bad_gateway().always());
    ben.asks("/suggest https://example.org/envoys Look").await;
    stage.kill().await;
    stage.start().await;
    let tried = || (trouble.hits() > 0).then_some(());
    stage.run(stage.seen("a try", tried)).await;
    trouble.stop();
    stage.run(eve.chat().wait_for_messages(2)).await;
    stage.restart().await;
    let told = eve.chat().texts();
    let told = told.iter().filter(|text| text.contains("/envoys")).count();
    assert_eq!(told, 1);
    // What somebody said isn't kept longer than until it is told.
    assert_eq!(stage.ground.value("SELECT words FROM suggestions"), "");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_it_leads_to_the_private_chat() {
    let (stage, eve) = edited().await;
    let (group, ana) = owned_group(&stage);
    assert_snapshot!(group.asks(&ana, "/suggest https://example.org/envoys").await.text, @"/suggest works in a private chat with me: https://t.me/TidingsTestBot");
    // Nobody is told, and the group's help leaves it out.
    let help = group.asks(&ana, "/help").await.text;
    assert!(!help.contains("/suggest"), "{help}");
    let help = ana.asks("/help").await.text;
    assert!(help.contains("/suggest"), "{help}");
    let ko = stage.server.person("Bora").speaking("ko");
    assert_snapshot!(ko.asks("/suggest https://example.org/envoys").await.text, @"편집자에게 보냈습니다. 오늘 2건 더 제안할 수 있습니다.");
    eve.chat().wait_for_messages(2).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_of_private_chats_has_it_where_there_are_editors() {
    let (mut stage, _) = edited().await;
    let lists = |stage: &Stage| {
        [
            "all_private_chats",
            "all_group_chats",
            "all_chat_administrators",
        ]
        .map(|scope| {
            let menu = stage.server.menu(scope, "");
            menu.iter().any(|(command, _)| command == "suggest")
        })
    };
    let offered = || (lists(&stage) == [true, false, false]).then_some(());
    stage.seen("the menus", offered).await;
    stage.stop().await;
    stage.configure(&format!("{CONFIG}{}", FakeTelegram::FAST));
    stage.start().await;
    let ben = stage.server.person("Ben");
    assert_snapshot!(ben.asks("/suggest https://example.org/envoys").await.text, @"There is nobody here to suggest anything to: the operator has named no editors.");
    let withdrawn = || (lists(&stage) == [false, false, false]).then_some(());
    stage.seen("the menus without it", withdrawn).await;
    stage.over().await;
}
