//! Faults at everything else that the bot asks: edits, presses, rights, the menu, who it is.

use std::time::Duration;

use tokio::time::timeout;

use super::clockwork::{run, seen, trouble};
use super::harness::{Stage, owned_group};
use crate::fakes::telegram::{Fault, Person};
use crate::harness::CONFIG;

/// Somebody with a list that has more pages.
async fn reader(stage: &Stage) -> Person {
    let ana = stage.server.person("Ana").known();
    ana.asks("/latest all 1").await;
    ana
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_turned_through_every_kind_of_trouble() {
    let stage = Stage::new().await;
    let ana = reader(&stage).await;
    let list = ana.chat().messages()[0].clone();
    let edit = || Fault::on("editMessageText");
    let troubles = [
        edit().answer(500, "Internal Server Error"),
        edit().bad_gateway(),
        edit().reset(),
        edit().truncated(),
        edit().answer_lost(),
        edit().too_many_requests(1),
        edit().slow_answer(Duration::from_millis(300)),
        edit().slow_before(Duration::from_millis(300)),
    ];
    for (at, fault) in troubles.into_iter().enumerate() {
        let what = format!("{fault:?}");
        let fault = stage.server.inject(fault);
        let label = if at % 2 == 0 {
            "Older ▸"
        } else {
            "◂ Newer"
        };
        let press = ana.presses(label);
        stage.server.wait_for_answer(&press).await;
        run(&stage, ana.chat().wait_for_edit(list.id, at + 1)).await;
        assert_eq!(fault.hits(), 1, "{what}");
        let shown = ana.chat().message(list.id).text;
        assert_eq!(shown == list.text, at % 2 == 1, "{what}: {shown}");
    }
    assert_eq!(ana.chat().sent(), 1, "nothing but edits");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_whose_message_is_gone_comes_as_a_new_one() {
    let stage = Stage::new().await;
    let ana = reader(&stage).await;
    for (at, why) in ["message to edit not found", "message can't be edited"]
        .iter()
        .enumerate()
    {
        let refusal = Fault::on("editMessageText").answer(400, &format!("Bad Request: {why}"));
        stage.server.inject(refusal);
        let label = if at % 2 == 0 {
            "Older ▸"
        } else {
            "◂ Newer"
        };
        let press = ana.presses(label);
        stage.server.wait_for_answer(&press).await;
        let messages = ana.chat().wait_for_messages(at + 2).await;
        assert_ne!(messages[at].text, messages[at + 1].text);
    }
    // Nothing to change is nothing to say.
    let same = "message is not modified: specified new message content and reply markup are exactly the same";
    let refusal = Fault::on("editMessageText").answer(400, &format!("Bad Request: {same}"));
    let refusal = stage.server.inject(refusal);
    let press = ana.presses("Older ▸");
    stage.server.wait_for_answer(&press).await;
    refusal.wait_for_hits(1).await;
    ana.asks("/read 1").await;
    assert_eq!(ana.chat().sent(), 4);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_press_is_answered_through_trouble() {
    let mut stage = Stage::new().await;
    let ana = reader(&stage).await;
    let list = ana.chat().messages()[0].id;
    let answer = || Fault::on("answerCallbackQuery");
    let troubles = [
        answer().answer(500, "Internal Server Error").times(2),
        answer().bad_gateway(),
        answer().reset(),
        answer().answer_lost(),
        answer().truncated(),
        answer().too_many_requests(1),
    ];
    for (at, fault) in troubles.into_iter().enumerate() {
        stage.server.inject(fault);
        let label = if at % 2 == 0 {
            "Older ▸"
        } else {
            "◂ Newer"
        };
        let press = ana.presses(label);
        stage.server.wait_for_answer(&press).await;
        ana.chat().wait_for_edit(list, at + 1).await;
    }
    // Too late is no reason to try again, nor to do nothing.
    let late = "Bad Request: query is too old and response timeout expired or query ID is invalid";
    let refusal = stage.server.inject(answer().answer(400, late));
    let before = stage.server.count("answerCallbackQuery");
    let press = ana.presses("Older ▸");
    ana.chat().wait_for_edit(list, 7).await;
    refusal.wait_for_hits(1).await;
    ana.asks("/read 1").await;
    assert_eq!(stage.server.count("answerCallbackQuery"), before + 1);
    assert_eq!(stage.server.unanswered_callbacks(), [press]);
    stage.stop().await;
    stage.server.assert_clean();
    // Not `over`: the one press is unanswered on purpose.
}

/// What one chat's request to Telegram may keep others waiting.
const HELD_UP: Duration = Duration::from_secs(2);

#[tokio::test(flavor = "multi_thread")]
async fn a_press_whose_answer_is_slow_holds_up_nobody_else() {
    let stage = Stage::new().await;
    let ana = reader(&stage).await;
    let ben = stage.server.person("Ben").known();
    let slow = Fault::on("answerCallbackQuery").hold_before().always();
    let slow = stage.server.inject(slow);
    ana.presses("Older ▸");
    slow.wait_until_held().await;
    let answered = timeout(HELD_UP, ben.asks("/read 1")).await;
    assert!(answered.is_ok(), "Ben waits for Ana");
    slow.release();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_look_at_rights_holds_up_nobody_else() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben").known();
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    let slow = Fault::on("getChatMember").hold_before().always();
    let slow = stage.server.inject(slow);
    group.says(&ana, "/subscribe us-nk daily 09:00");
    slow.wait_until_held().await;
    let answered = timeout(HELD_UP, ben.asks("/read 1")).await;
    assert!(answered.is_ok(), "Ben waits for Ana");
    slow.release();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_administers_a_group_cannot_be_found_out_so_nothing_is_changed() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    let group = group.with_bot();
    let asked = || Fault::on("getChatMember");
    for fault in [
        asked().answer(500, "Internal Server Error"),
        asked().bad_gateway(),
        asked().reset(),
        asked().truncated(),
        asked().too_many_requests(30),
        asked().answer(401, "Unauthorized"),
        asked().answer(400, "Bad Request: CHAT_ADMIN_REQUIRED"),
    ] {
        let what = format!("{fault:?}");
        let fault = stage.server.inject(fault);
        let refusal = group.asks(&ana, "/subscribe us-nk daily 09:00").await;
        assert_eq!(fault.hits(), 1, "{what}");
        assert!(
            refusal.text.contains("Nothing was changed"),
            "{what}: {}",
            refusal.text
        );
    }
    let follows = group.asks(&ana, "/subscriptions").await;
    assert!(
        follows.text.contains("follows nothing yet"),
        "{}",
        follows.text
    );
    let done = group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    assert!(done.text.contains("now follows"), "{}", done.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_is_set_through_trouble_while_people_are_answered() {
    let mut stage = Stage::empty(&format!("{CONFIG}{FAST}"));
    stage.archive();
    let set = || Fault::on("setMyCommands");
    let held = stage.server.inject(set().hold_before());
    let faults = [
        set().answer(500, "Internal Server Error"),
        set().bad_gateway(),
        set().too_many_requests(1),
    ];
    let faults = faults.map(|fault| stage.server.inject(fault));
    stage.start().await;
    held.wait_until_held().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/read 1").await;
    held.release();
    stage
        .server
        .wait_for("a whole menu", |world| {
            (world.menus.by_scope.len() == 9).then_some(())
        })
        .await;
    assert!(faults.iter().all(|fault| fault.hits() == 1));
    ana.asks("/read 1").await;
    stage.over().await;
}

const FAST: &str = "[telegram]\nrate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_begins_when_telegram_does() {
    let mut stage = Stage::empty(CONFIG);
    let me = || Fault::on("getMe");
    let faults = [me().bad_gateway(), me().truncated()];
    let faults = faults.map(|fault| stage.server.inject(fault));
    let held = stage.server.inject(me().hold_before());
    stage.launch(true).await;
    held.wait_until_held().await;
    assert!(faults.iter().all(|fault| fault.hits() == 1));
    let what = trouble(&stage).expect("there is trouble");
    assert!(what.starts_with("Telegram"), "{what}");
    held.release();
    stage.server.wait_for_poll().await;
    seen("the end of the trouble", || {
        trouble(&stage).is_none().then_some(())
    })
    .await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/help").await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_refused_in_capitals_comes_as_a_new_message() {
    let stage = Stage::new().await;
    let ana = reader(&stage).await;
    let refusal = Fault::on("editMessageText").answer(400, "Bad Request: MESSAGE_ID_INVALID");
    stage.server.inject(refusal);
    let press = ana.presses("Older ▸");
    stage.server.wait_for_answer(&press).await;
    ana.chat().wait_for_messages(2).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_wrong_refusal_at_start_does_not_end_the_bot() {
    let mut stage = Stage::empty(CONFIG);
    stage
        .server
        .inject(Fault::on("getMe").answer(404, "Not Found"));
    stage.launch(true).await;
    stage.server.wait_for_poll().await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_still_there_in_plain_text() {
    let stage = Stage::new().await;
    let ana = super::clockwork::follower(&stage, "Ana", "us-nk").await;
    let refusal = "Bad Request: can't parse entities: Unsupported start tag";
    stage
        .server
        .inject(Fault::on("sendMessage").answer(400, refusal));
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines. READ MORE https://example.org/a?b=1&c=2\nBowl bent | A bit.",
    );
    let message = super::clockwork::message_with(&ana.chat(), "Plate polished").await;
    assert!(
        message.text.contains("https://example.org/a?b=1&c=2"),
        "{}",
        message.raw
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_chat_that_opens_silently_is_found_open() {
    let stage = Stage::new().await;
    let ana = super::clockwork::follower(&stage, "Ana", "japan").await;
    ana.blocks();
    let chat = u64::try_from(ana.chat().id()).unwrap();
    stage.seen("the pause", || stage.pause_of(chat)).await;
    // Nobody tells that she wants it again.
    stage.server.with(|world| world.updates.pending.clear());
    ana.unblocks();
    stage.server.with(|world| world.updates.pending.clear());
    stage
        .run(stage.seen("no pause", || stage.pause_of(chat).is_none().then_some(())))
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_from_a_chat_ends_its_pause() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    group.asks(&ana, "/subscribe japan instant").await;
    let refusal =
        Fault::on("sendMessage").answer(403, "Forbidden: bot was kicked from the supergroup chat");
    for (at, quietly) in [false, true].into_iter().enumerate() {
        stage.server.inject(refusal.clone().in_chat(group.id()));
        let before = group.sent();
        stage.news(
            &format!("2026-11-06-{at}.txt"),
            &format!("# Japan\nSquid {at} | Many."),
        );
        stage
            .seen("the pause", || {
                stage
                    .pause_of(group.id().unsigned_abs())
                    .or_else(|| stage.pause_of_address(&group.id().to_string()))
            })
            .await;
        if quietly {
            group.says(&ana, "Nothing today?");
        } else {
            group.service(&ana, "new_chat_title", serde_json::json!("Squid watchers"));
        }
        group.wait_for_messages(before + 1).await;
    }
    stage.over().await;
}
