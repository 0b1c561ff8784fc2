//! Who asks in a group is answered alone, where the server can keep it from the others: by ephemeral messages (Bot API 10.3).

use insta::assert_snapshot;

use super::buttons::{NEWER, OLDER, look, twelve};
use super::clockwork::settled;
use super::harness::{Stage, on_an_older_server};
use crate::fakes::telegram::{Chat, Fault, Person, Status};

/// A supergroup with the bot as a member, its owner Ana and its readers Ben and Cho.
pub(super) struct Group {
    pub(super) chat: Chat,
    pub(super) ana: Person,
    pub(super) ben: Person,
    pub(super) cho: Person,
}

/// The group, once the bot has said which of its commands are ephemeral.
pub(super) async fn group(stage: &Stage) -> Group {
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let cho = stage.server.person("Cho");
    let chat = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben)
        .with_member(&cho)
        .with_bot();
    stage.server.wait_for_menus().await;
    Group {
        chat,
        ana,
        ben,
        cho,
    }
}

/// Presses a button on what one sees alone, and waits until the press is closed.
async fn pressed(group: &Chat, person: &Person, label: &str) {
    let press = group.presses_alone(person, label);
    assert_eq!(group.server().wait_for_answer(&press).await, "");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_asks_and_nobody_else_sees_it() {
    let stage = Stage::new().await;
    let Group { chat, ben, cho, .. } = group(&stage).await;
    chat.asks_alone(&ben, "/latest us-nk 1").await;
    assert_snapshot!(chat.seen_by(&ben), @"
    ── Ben (to the bot alone)
    /latest us-nk 1
    ── Tidings (to Ben alone)
    **US–North Korea relations** · 1 of 3, newest first

    • **Liaison office gets a door plate**
      4 Nov 2026 · /read_2
    [ ◂ All sections ]
    [ Older ▸ ]
    [ Share ]
    ");
    // A mistake is nobody else's business, either.
    let mistake = chat.asks_alone(&ben, "/latest us-nkk").await;
    assert_snapshot!(mistake.text, @"There is no section “us-nkk”. Did you mean us-nk? /sections lists all 4.");
    assert_eq!(mistake.labels(), Vec::<Vec<String>>::new());
    assert_eq!((chat.sent(), chat.seen_by(&cho)), (0, String::new()));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_of_readers_is_answered_alone_and_changes_are_told_to_all() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    for line in [
        "/latest",
        "/read 1",
        "/sections",
        "/search squid",
        "/subscriptions",
        "/status",
        "/help",
        "/start",
    ] {
        let answer = chat.asks_alone(&ben, line).await.text;
        assert!(!answer.is_empty(), "{line}");
    }
    assert_eq!(chat.sent(), 0, "{}", chat.transcript());
    let followed = chat.asks(&ana, "/subscribe us-nk daily 09:00").await;
    assert!(followed.text.starts_with("This group now follows"));
    // A link leads to a change, though its command is a question.
    chat.says_alone(&ana, "/start sub_japan");
    let followed = chat.wait_for_messages(2).await.remove(1);
    assert!(
        followed.text.starts_with("This group now follows Japan"),
        "{}",
        followed.text
    );
    assert_eq!(followed.reply_parameters, None, "nobody else saw it");
    // A preview needs no private chat any more.
    let preview = chat.asks_alone(&ana, "/preview").await;
    assert!(
        preview.text.starts_with("Nothing new has come in"),
        "{}",
        preview.text
    );
    assert!(!preview.labels().concat().contains(&"Share".to_owned()));
    assert_eq!((chat.sent(), ana.chat().sent()), (2, 0));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_several_messages_is_seen_by_one_alone_whole() {
    let stage = Stage::new().await;
    let long = "A sentence of the long story that fills some room. ".repeat(150);
    stage.news(
        "weekly-november-6-2026.txt",
        &format!("# Japan\nSquid told at length | {long}"),
    );
    let Group { chat, ben, .. } = group(&stage).await;
    let asked = chat.says_alone(&ben, "/read 6");
    let (first, _) = chat.wait_for_alone(&ben, asked).await;
    let (_, second) = chat.wait_for_alone(&ben, first).await;
    assert!(second.text.contains("A sentence"), "{}", second.text);
    settled(&stage).await;
    assert_eq!(chat.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_answer_is_in_the_askers_language_and_what_is_shared_in_the_groups() {
    let stage = Stage::new().await;
    let Group { chat, cho, .. } = group(&stage).await;
    let kim = stage.server.person("Kim").speaking("ko");
    chat.asks_alone(&kim, "/latest japan").await;
    pressed(&chat, &kim, "공유").await;
    chat.wait_for_messages(1).await;
    assert_snapshot!(chat.seen_by(&kim), @"
    ── Kim (to the bot alone)
    /latest japan
    ── Tidings (to Kim alone)
    **Japan** · 1건 중 1건, 최신순

    • **Squid counted together**
      2026년 10월 30일 · /read_5
    [ ◂ 모든 섹션 ]
    [ 공유 ]
    ── Kim presses [ 공유 ]
    ── Tidings
    **Japan** · 1 of 1, newest first

    • **Squid counted together**
      30 Oct 2026 · /read_5
    [ ◂ All sections ]
    ");
    assert_snapshot!(chat.seen_by(&cho), @"
    ── Tidings
    **Japan** · 1 of 1, newest first

    • **Squid counted together**
      30 Oct 2026 · /read_5
    [ ◂ All sections ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_write_shares_nothing() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks_alone(&ben, "/latest japan").await;
    let muted = Status::Restricted {
        can_send_messages: false,
    };
    chat.set_member(&ana, &ben, muted);
    let press = chat.presses_alone(&ben, "Share");
    let notice = stage.server.wait_for_answer(&press).await;
    assert_snapshot!(notice, @"You may not write here, so you can’t share anything here.");
    assert_eq!(chat.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_shares_what_only_managers_may() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    let list = chat.asks(&ben, "/latest japan").await;
    for data in ["!/subscribe japan", "!f", "!/nonsense", "!"] {
        let press = chat.presses_raw(&ana, list.id, data);
        let notice = stage.server.wait_for_answer(&press).await;
        assert!(notice.starts_with("This button is out of date"));
    }
    assert_eq!(chat.sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_turn_in_place_where_one_sees_them_alone() {
    let stage = Stage::new().await;
    twelve(&stage);
    let Group { chat, ben, cho, .. } = group(&stage).await;
    let asked = chat.says_alone(&ben, "/latest us-nk");
    let (number, first) = chat.wait_for_alone(&ben, asked).await;
    pressed(&chat, &ben, OLDER).await;
    let second = chat.wait_for_edit_alone(number, 1).await;
    assert!(second.text.contains("6–10 of 15"), "{}", second.text);
    pressed(&chat, &ben, NEWER).await;
    let back = chat.wait_for_edit_alone(number, 2).await;
    assert_eq!(back.text, first.text);
    // What is shared is the page, not the question.
    pressed(&chat, &ben, OLDER).await;
    pressed(&chat, &ben, "Share").await;
    let shared = chat.wait_for_messages(1).await.remove(0);
    assert_eq!(shared.text, second.text);
    assert!(
        !chat
            .seen_by(&cho)
            .contains("newest first\n\n• Envoy says no for the 12th")
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_has_vanished_comes_anew() {
    let stage = Stage::new().await;
    twelve(&stage);
    let Group { chat, ben, .. } = group(&stage).await;
    let asked = chat.says_alone(&ben, "/latest us-nk");
    let (number, _) = chat.wait_for_alone(&ben, asked).await;
    // The app is begun anew between the press and what it leads to.
    let edit = Fault::on("editEphemeralMessageText").hold_before();
    let edit = stage.server.inject(edit);
    let press = chat.presses_alone(&ben, OLDER);
    edit.wait_until_held().await;
    chat.forgets_alone(&ben);
    edit.release();
    let (_, anew) = chat.wait_for_alone(&ben, number).await;
    assert!(anew.text.contains("6–10 of 15"), "{}", anew.text);
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    assert_eq!(chat.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_under_what_all_see_is_shown_to_who_turned_it() {
    let stage = Stage::new().await;
    twelve(&stage);
    let Group {
        chat,
        ana,
        ben,
        cho,
    } = group(&stage).await;
    // Ana's app doesn't know ephemeral commands.
    let list = chat.asks(&ana, "/latest us-nk").await;
    for reader in [&ben, &cho] {
        let press = chat.presses_on(reader, list.id, OLDER);
        assert_eq!(stage.server.wait_for_answer(&press).await, "");
        let requests = stage.server.all_requests();
        let last = |method| {
            requests
                .iter()
                .rposition(|request| request.method == method)
        };
        assert!(last("sendMessage") < last("answerCallbackQuery"));
    }
    assert_eq!(look(&chat.message(list.id)), look(&list));
    assert_eq!(chat.sent(), 1);
    assert_snapshot!(chat.seen_by(&ben), @"
    ── Ana
    /latest us-nk
    ── Tidings (reply to “/latest us-nk”)
    **US–North Korea relations** · 5 of 15, newest first

    • **Envoy says no for the 1th time**
      6 Nov 2026 · /read_6
    • **Envoy says no for the 2th time**
      6 Nov 2026 · /read_7
    • **Envoy says no for the 3th time**
      6 Nov 2026 · /read_8
    • **Envoy says no for the 4th time**
      6 Nov 2026 · /read_9
    • **Envoy says no for the 5th time**
      6 Nov 2026 · /read_10
    [ ◂ All sections ]
    [ Older ▸ ]
    [ Subscribe ]
    ── Ben presses [ Older ▸ ]
    ── Tidings (to Ben alone)
    **US–North Korea relations** · 6–10 of 15, newest first

    • **Envoy says no for the 6th time**
      6 Nov 2026 · /read_11
    • **Envoy says no for the 7th time**
      6 Nov 2026 · /read_12
    • **Envoy says no for the 8th time**
      6 Nov 2026 · /read_13
    • **Envoy says no for the 9th time**
      6 Nov 2026 · /read_14
    • **Envoy says no for the 10th time**
      6 Nov 2026 · /read_15
    [ ◂ All sections ]
    [ ◂ Newer ] [ Older ▸ ]
    [ Share ]
    ");
    // From there on it turns in place.
    pressed(&chat, &ben, OLDER).await;
    let seen = chat.seen_by(&ben);
    assert!(
        seen.contains("(to Ben alone) (edited)") && seen.contains("11–15 of 15"),
        "{seen}"
    );
    assert!(!seen.contains("Cho"), "{seen}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_name_is_answered_in_the_open() {
    let stage = Stage::new().await;
    let Group { chat, .. } = group(&stage).await;
    chat.anonymous_says_alone("/latest japan");
    let answer = chat.wait_for_messages(1).await.remove(0);
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    assert_eq!(answer.reply_parameters, None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_the_open_is_answered_alone_only_by_an_administrator() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ben, "/latest japan").await;
    assert_eq!(chat.sent(), 1);
    chat.promote_bot(&ana, Default::default());
    chat.says(&ben, "/latest japan");
    let (_, answer) = chat.wait_for_alone(&ben, 0).await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    // A manager's mistake changes nothing; what they change is told to all.
    chat.says(&ana, "/subscribe us-nk daily 25:00");
    let (_, mistake) = chat.wait_for_alone(&ana, 0).await;
    assert!(mistake.text.starts_with("25:00"), "{}", mistake.text);
    let followed = chat.asks(&ana, "/subscribe us-nk daily 09:00").await;
    assert!(followed.text.starts_with("This group now follows"));
    assert_eq!(chat.sent(), 2, "{}", chat.transcript());
    chat.demote_bot(&ana);
    chat.asks(&ben, "/latest japan").await;
    assert_eq!(chat.sent(), 3);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_was_an_administrator_before_it_began_finds_out() {
    let mut stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.promote_bot(&ana, Default::default());
    stage.server.wait_until_confirmed().await;
    stage.restart().await;
    // What it has set already tells it of the server, without any list being set anew.
    let asked = || stage.server.count("getMyCommands") >= 19;
    stage.seen("the menus", || asked().then_some(())).await;
    assert_eq!(stage.server.menu_calls(), 9);
    chat.says(&ben, "/latest japan");
    let (_, answer) = chat.wait_for_alone(&ben, 0).await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    assert_eq!(chat.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn topics_are_answered_where_it_was_asked() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let forum = stage.server.forum("Forum").with_owner(&ana).with_bot();
    let topic = forum.topic(&ana, "Japan");
    stage.server.wait_for_menus().await;
    let asked = forum.says_alone_in(&ben, topic, "/latest japan");
    let (_, answer) = forum.wait_for_alone(&ben, asked).await;
    assert_eq!(answer.message_thread_id, Some(topic));
    pressed(&forum, &ben, "Share").await;
    let shared = forum.wait_for_messages(1).await.remove(0);
    assert_eq!(shared.message_thread_id, Some(topic));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_server_answers_in_the_open() {
    let stage = on_an_older_server().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.promote_bot(&ana, Default::default());
    let answer = chat.asks(&ben, "/latest japan").await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    assert_eq!(stage.server.menu_calls(), 9);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_shows_it_to_all_is_taken_for_an_older_one() {
    let stage = Stage::new().await;
    let Group { chat, ben, .. } = group(&stage).await;
    let send = Fault::on("sendMessage").hold_before();
    let send = stage.server.inject(send);
    chat.says_alone(&ben, "/latest us-nk 1");
    send.wait_until_held().await;
    stage.server.is_older();
    send.release();
    let public = chat.wait_for_messages(1).await.remove(0).text;
    assert!(public.starts_with("US–North Korea"), "{public}");
    settled(&stage).await;
    // What comes as a message that he alone sees is answered by one that all see, and so is a press.
    stage.server.with(|world| world.is_older = false);
    chat.says_alone(&ben, "/latest japan");
    let list = chat.wait_for_messages(2).await.remove(1);
    assert_eq!(list.reply_parameters, None);
    let press = chat.presses_on(&ben, list.id, "◂ All sections");
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    chat.wait_for_edit(list.id, 1).await;
    let sent = stage.server.requests("sendMessage").into_iter();
    let alone = sent.filter(|request| request.body.get("ephemeral_message_parameters").is_some());
    assert_eq!(alone.count(), 1);
    stage.over().await;
}
