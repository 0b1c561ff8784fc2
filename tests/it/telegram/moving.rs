//! The bot is removed and comes back, is blocked and unblocked; groups become supergroups.

use insta::assert_snapshot;
use serde_json::json;
use tidings_core::channel::PausedBy;
use tidings_core::ids::ChannelKey;

use super::harness::{Stage, owned_group};
use crate::fakes::telegram::{Chat, Person, Status};
use crate::harness::row;

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days.";
const LATER: &str = "# US-NK Relations
    Envoy has arrived | By train.";

/// Waits until what became of all messages so far is written down: it is before anybody else is answered.
pub(super) async fn settled(stage: &Stage) {
    let somebody = stage.server.person("Somebody").known();
    somebody.asks("/sections").await;
}

/// Two days with news.
fn two_days(stage: &Stage) {
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    stage.news("weekly-november-7-2026.txt", LATER);
    stage.at("2026-11-08T09:05[UTC]");
}

/// A basic group that the bot was added to, with a subscription and a setting. Three messages.
async fn following_group(stage: &Stage) -> (Chat, Person) {
    let ana = stage.server.person("Ana");
    let group = stage.server.group("Korea watchers").with_owner(&ana);
    group.add_bot(&ana);
    group.wait_for_messages(1).await;
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.asks(&ana, "/settings silent on").await;
    settled(stage).await;
    (group, ana)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_removes_the_bot_is_paused_and_catches_up_once() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    group.remove_bot(&ana);
    stage.server.wait_until_confirmed().await;
    let tried = stage.server.count("sendMessage");
    two_days(&stage);
    group.add_bot(&ana);
    group.wait_for_messages(4).await;
    group.asks(&ana, "/subscriptions").await;
    assert_eq!(group.sent(), 5, "{}", group.transcript());
    assert_eq!(stage.server.count("sendMessage"), tried + 2);
    assert_snapshot!(group.transcript(), @"
    ── Ana
    (new chat members: Tidings)
    ── Tidings
    Hello! I carry news digests into chat: 4 sections to read, search and follow.

    **/latest us-nk** — the newest headlines of a section
    **/sections** — all sections
    **/subscribe us-nk daily 09:00** — follow one here
    **/help** — everything I can do

    Only administrators can change what is followed here.
    ── Ana
    /subscribe us-nk daily 09:00
    ── Tidings (reply to “/subscribe us-nk daily 09:00”)
    This group now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
    Times are in UTC; /timezone Asia/Seoul changes that.

    /latest us-nk shows what is there already · /subscriptions lists all
    ── Ana
    /settings silent on
    ── Tidings (reply to “/settings silent on”)
    silent is now **on** (post without a sound).
    Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    ·· Ana removes the bot
    ── Ana
    (new chat members: Tidings)
    ── Tidings (silent)
    **Catch-up · Sunday 8 November**

    **US–North Korea relations**
    • **Envoy has arrived**  /read_7
    • **Envoy to visit Seoul next week**  /read_6

    2 headlines · next: Mon 9 Nov 09:00 UTC
    [ Read ] [ Search ]
    ── Ana
    /subscriptions
    ── Tidings (reply to “/subscriptions”)
    **This group follows** · times in UTC

    **us-nk** — US–North Korea relations · daily 09:00 · next Mon 9 Nov 09:00

    /schedule us-nk daily 18:00 changes a time · /preview shows the next roundup
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_nobody_tells_of_is_found_out() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    let group = group.with_bot_as(Status::Left);
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    stage.server.wait_for_request("sendMessage", 5).await;
    settled(&stage).await;
    stage.news("weekly-november-7-2026.txt", LATER);
    group.add_bot(&ana);
    let parts = group.wait_for_messages(4).await;
    assert!(
        parts[3].text.contains("Envoy to visit"),
        "{}",
        parts[3].text
    );
    stage.at("2026-11-08T09:00[UTC]");
    let parts = group.wait_for_messages(5).await;
    assert!(
        parts[4].text.contains("Envoy has arrived"),
        "{}",
        parts[4].text
    );
    assert_eq!(group.sent(), 5, "{}", group.transcript());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_blocks_the_bot_is_left_alone_and_catches_up_once() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe us-nk daily 09:00").await;
    settled(&stage).await;
    ana.blocks();
    stage.server.wait_until_confirmed().await;
    let tried = stage.server.count("sendMessage");
    two_days(&stage);
    ana.unblocks();
    ana.chat().wait_for_messages(2).await;
    ana.asks("/subscriptions").await;
    assert_eq!(stage.server.count("sendMessage"), tried + 2);
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /subscribe us-nk daily 09:00
    ── Tidings
    You now follow **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
    Times are in UTC; /timezone Asia/Seoul changes that.

    /latest us-nk shows what is there already · /subscriptions lists all
    ·· Ana blocks the bot
    ·· Ana unblocks the bot
    ── Tidings
    **Catch-up · Sunday 8 November**

    **US–North Korea relations**
    • **Envoy has arrived**  /read_7
    • **Envoy to visit Seoul next week**  /read_6

    2 headlines · next: Mon 9 Nov 09:00 UTC
    [ Read ] [ Search ]
    ── Ana
    /subscriptions
    ── Tidings
    **You follow** · times in UTC

    **us-nk** — US–North Korea relations · daily 09:00 · next Mon 9 Nov 09:00

    /schedule us-nk daily 18:00 changes a time · /preview shows the next roundup
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_blocks_the_bot_and_writes_again_gets_answer_and_catch_up() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe us-nk instant").await;
    settled(&stage).await;
    ana.blocks();
    stage.server.wait_until_confirmed().await;
    two_days(&stage);
    ana.unblocks();
    ana.says("/start");
    let messages = ana.chat().wait_for_messages(3).await;
    let news = messages
        .iter()
        .filter(|m| m.text.contains("Envoy has arrived"));
    assert_eq!(news.count(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_forbids_the_bot_to_write_is_paused() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    settled(&stage).await;
    group.restrict_bot(&ana, false);
    stage.server.wait_until_confirmed().await;
    two_days(&stage);
    group.restrict_bot(&ana, true);
    let messages = group.wait_for_messages(2).await;
    assert!(
        messages[1].text.starts_with("Catch-up"),
        "{}",
        messages[1].text
    );
    group.asks(&ana, "/latest").await;
    assert_eq!(group.sent(), 3);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restriction_that_runs_out_unseen_is_tried_again() {
    let stage = Stage::new().await;
    let (group, ana) = owned_group(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    settled(&stage).await;
    group.restrict_bot(&ana, false);
    stage.server.wait_until_confirmed().await;
    // The restriction had an end, and nothing tells that it came.
    let group = group.with_bot_as(Status::Member);
    two_days(&stage);
    group.wait_for_messages(2).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supergroup_keeps_what_the_group_had() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    let new = group.upgrade(&ana);
    new.asks(&ana, "/subscriptions").await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    new.wait_for_messages(2).await;
    assert_eq!(group.sent(), 3);
    assert_snapshot!(new.transcript(), @"
    ── Ana
    (migrate from chat id)
    ── Ana
    /subscriptions
    ── Tidings (reply to “/subscriptions”)
    **This group follows** · times in UTC

    **us-nk** — US–North Korea relations · daily 09:00 · next Sat 7 Nov 09:00

    /schedule us-nk daily 18:00 changes a time · /preview shows the next roundup
    ── Tidings (silent)
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **Envoy to visit Seoul next week**  /read_6

    1 headline · next: Sun 8 Nov 09:00 UTC
    [ Read ] [ Search ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supergroup_that_only_an_error_tells_of_gets_the_failed_part_once() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    let new = group.upgrade_quietly();
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    new.wait_for_messages(1).await;
    let subscriptions = new.asks(&ana, "/subscriptions").await.text;
    assert!(subscriptions.contains("us-nk"), "{subscriptions}");
    stage.news("weekly-november-7-2026.txt", LATER);
    stage.at("2026-11-08T09:00[UTC]");
    let messages = new.wait_for_messages(3).await;
    assert!(messages[0].text.contains("Envoy to visit"));
    assert!(messages[2].text.contains("Envoy has arrived"));
    assert!(messages[0].disable_notification && messages[2].disable_notification);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_group_got_is_corrected_in_no_message_of_the_supergroup() {
    let page = |title: &str| {
        format!("# US-NK Relations\n{title} | By train. Read more https://news.example/envoy")
    };
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.group("Korea watchers").with_owner(&ana);
    group.add_bot(&ana);
    group.wait_for_messages(1).await;
    group.asks(&ana, "/subscribe us-nk instant").await;
    let ben = stage.server.person("Ben").known();
    ben.asks("/subscribe us-nk instant").await;
    stage.news("weekly-november-6-2026.txt", &page("Envoy has arived"));
    group.wait_for_messages(3).await;
    ben.chat().wait_for_messages(2).await;
    settled(&stage).await;
    let new = group.upgrade(&ana);
    // Its messages have the numbers that the group's had.
    for _ in 0..4 {
        new.asks(&ana, "/sections").await;
        new.says(&ana, "What a day!");
        new.asks(&ana, "/sections").await;
    }
    stage.news("weekly-november-6-2026.txt", &page("Envoy has arrived"));
    let corrected = || {
        let texts = ben.chat().texts();
        texts
            .iter()
            .any(|text| text.contains("Corrected"))
            .then_some(())
    };
    stage.run(stage.seen("a correction", corrected)).await;
    settled(&stage).await;
    let edits: usize = new.messages().iter().map(|message| message.edits).sum();
    assert_eq!(edits, 0, "{}", new.transcript());
    let told = new.texts().concat();
    assert!(!told.contains("Envoy"), "{told}");
    // That it couldn't be done is no secret.
    let status = new.asks(&ana, "/status").await.text;
    assert!(
        status.contains("1 message here couldn’t be corrected"),
        "{status}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_error_and_the_service_messages_move_a_group_once() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    let new = group.upgrade_quietly();
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    new.wait_for_messages(1).await;
    group.service(&ana, "migrate_to_chat_id", json!(new.id()));
    new.service(&ana, "migrate_from_chat_id", json!(group.id()));
    let subscriptions = new.asks(&ana, "/subscriptions").await.text;
    assert!(subscriptions.contains("us-nk"), "{subscriptions}");
    stage.news("weekly-november-7-2026.txt", LATER);
    stage.at("2026-11-08T09:00[UTC]");
    new.wait_for_messages(3).await;
    new.asks(&ana, "/latest").await;
    assert_eq!(new.sent(), 4, "{}", new.transcript());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_supergroup_in_which_somebody_was_quicker_follows_both() {
    let stage = Stage::new().await;
    let (group, ana) = following_group(&stage).await;
    let new = group.upgrade_quietly();
    new.asks(&ana, "/subscribe japan daily 09:00").await;
    new.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.service(&ana, "migrate_to_chat_id", json!(new.id()));
    new.service(&ana, "migrate_from_chat_id", json!(group.id()));
    stage.server.wait_until_confirmed().await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T09:00[UTC]");
    new.wait_for_messages(3).await;
    let subscriptions = new.asks(&ana, "/subscriptions").await.text;
    assert!(subscriptions.contains("japan") && subscriptions.contains("us-nk"));
    let news = new.messages().into_iter();
    let news = news.filter(|message| message.text.contains("Envoy to visit"));
    assert_eq!(news.count(), 1, "{}", new.transcript());
    stage.over().await;
}

/// A group whose manager has paused it until Monday; news wait.
async fn paused_group(stage: &Stage) -> (Chat, Person) {
    let (group, ana) = following_group(stage).await;
    let answer = group.asks(&ana, "/pause until monday").await;
    assert!(answer.text.contains("Mon 9 Nov 00:00"), "{}", answer.text);
    stage.news("weekly-november-6-2026.txt", NEWS);
    (group, ana)
}

/// Who paused a chat, and until when.
fn paused_by(stage: &Stage, group: &Chat) -> Option<(PausedBy, Option<String>)> {
    let key = ChannelKey::new("telegram", &group.id().to_string()).unwrap();
    let pause = row(stage.app(), &key)?.pause?;
    Some((pause.by, pause.until.map(|until| until.to_string())))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_managers_pause_that_ends_goes_on_with_one_catch_up() {
    let stage = Stage::new().await;
    let (group, _) = paused_group(&stage).await;
    let sent = group.sent();
    stage.at("2026-11-08T23:59[UTC]");
    settled(&stage).await;
    assert_eq!(group.sent(), sent);
    stage.at("2026-11-09T00:00[UTC]");
    let messages = group.wait_for_messages(sent + 1).await;
    let last = &messages.last().unwrap().text;
    assert!(
        last.contains("Catch-up") && last.contains("Envoy to visit"),
        "{last}"
    );
    assert_eq!(paused_by(&stage, &group), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_event_ends_a_managers_pause() {
    let stage = Stage::new().await;
    let (group, ana) = paused_group(&stage).await;
    let until = Some((PausedBy::Manager, Some("2026-11-09T00:00:00Z".to_owned())));
    group.remove_bot(&ana);
    stage.server.wait_until_confirmed().await;
    assert_eq!(paused_by(&stage, &group), until);
    group.add_bot(&ana);
    stage.server.wait_until_confirmed().await;
    group.asks(&ana, "/subscriptions").await;
    assert_eq!(paused_by(&stage, &group), until);
    stage.at("2026-11-08T12:00[UTC]");
    settled(&stage).await;
    assert!(
        !group.transcript().contains("Envoy to visit"),
        "{}",
        group.transcript()
    );
    // It is welcome when the pause ends, so it goes on.
    stage.at("2026-11-09T00:00[UTC]");
    stage
        .seen("the catch-up", || {
            group.transcript().contains("Envoy to visit").then_some(())
        })
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_that_ends_while_the_bot_is_out_is_the_platforms() {
    let stage = Stage::new().await;
    let (group, ana) = paused_group(&stage).await;
    group.remove_bot(&ana);
    stage.server.wait_until_confirmed().await;
    assert_eq!(paused_by(&stage, &group).unwrap().0, PausedBy::Manager);
    stage.at("2026-11-09T00:00[UTC]");
    stage
        .seen("the platform's pause", || {
            paused_by(&stage, &group).filter(|(by, _)| *by == PausedBy::Platform)
        })
        .await;
    let reason = stage.pause_of_address(&group.id().to_string());
    assert_eq!(reason.as_deref(), Some("the bot was removed"));
    stage.at("2026-11-10T00:00[UTC]");
    settled(&stage).await;
    assert_eq!(paused_by(&stage, &group).unwrap().0, PausedBy::Platform);
    group.add_bot(&ana);
    stage
        .seen("the catch-up", || {
            group.transcript().contains("Envoy to visit").then_some(())
        })
        .await;
    assert_eq!(paused_by(&stage, &group), None);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_becomes_a_supergroup_stays_paused_as_long() {
    let stage = Stage::new().await;
    let (group, ana) = paused_group(&stage).await;
    let upgraded = group.upgrade(&ana);
    stage.server.wait_until_confirmed().await;
    let until = Some((PausedBy::Manager, Some("2026-11-09T00:00:00Z".to_owned())));
    assert_eq!(paused_by(&stage, &upgraded), until);
    stage.at("2026-11-09T00:00[UTC]");
    stage
        .seen("the catch-up", || {
            upgraded
                .transcript()
                .contains("Envoy to visit")
                .then_some(())
        })
        .await;
    stage.over().await;
}
