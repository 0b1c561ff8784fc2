//! Broadcast channels: managed from a private chat, or by what the channel itself posts.

use insta::assert_snapshot;
use serde_json::json;

use super::harness::Stage;
use crate::fakes::telegram::{Chat, Fault, Person, Rights, Speech, Status};

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days.";

/// A public channel with the bot as an administrator, and its owner.
fn korea_daily(stage: &Stage) -> (Chat, Person) {
    let ana = stage.server.person("Ana").known();
    let channel = stage
        .server
        .channel("Korea daily")
        .with_username("koreadaily")
        .with_owner(&ana)
        .with_bot();
    (channel, ana)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_manages_a_channel_from_a_private_chat() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    ana.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    ana.asks("/subscriptions @koreadaily").await;
    ana.asks("/subscriptions").await;
    ana.asks("/settings @koreadaily silent on").await;
    ana.asks("/timezone @koreadaily Asia/Seoul").await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    ana.asks("/preview @koreadaily").await;
    assert_eq!(channel.sent(), 0);
    stage.at("2026-11-07T09:00[Asia/Seoul]");
    channel.wait_for_messages(1).await;
    // Until it is written down, it counts as on its way.
    let settled = || (stage.queue() == (0, 0)).then_some(());
    stage.seen("the end of the delivery", settled).await;
    ana.asks("/unsubscribe @koreadaily us-nk").await;
    assert_snapshot!(channel.transcript(), @"
    ── Tidings (silent)
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **Envoy to visit Seoul next week**  /read_6

    1 headline · next: Sun 8 Nov 09:00 Seoul
    [ Read → https://t.me/TidingsTestBot?start=read__G ] [ Search → https://t.me/TidingsTestBot?start=search ]
    ");
    assert_snapshot!(ana.chat().transcript().replace('\u{2060}', "¦"), @r"
        ── Ana
        /subscribe @koreadaily us-nk daily 09:00
        ── Tidings
        For **Korea daily**:
        This channel now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone @koreadaily Asia/Seoul changes that.

        /latest us-nk shows what is there already · /subscriptions @koreadaily lists all
        ── Ana
        /subscriptions @koreadaily
        ── Tidings
        For **Korea daily**:

        **This channel follows** · times in UTC

        **us-nk** — US–North Korea relations · daily 09:00 · next Sat 7 Nov 09:00

        /schedule @koreadaily us-nk daily 18:00 changes a time · /preview @koreadaily shows the next roundup
        ── Ana
        /subscriptions
        ── Tidings
        You follow nothing yet. Try: /subscribe us-nk daily 09:00
        ── Ana
        /settings @koreadaily silent on
        ── Tidings
        For **Korea daily**:
        silent is now **on** (post without a sound).
        Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        ── Ana
        /timezone @koreadaily Asia/Seoul
        ── Tidings
        For **Korea daily**:
        The time zone of this channel is now **Asia/Seoul**: it is Fri 6 Nov 21:00 there.
        Next roundup: Sat 7 Nov 09:00, in 12 hours, if there is news by then.
        ── Ana
        /preview @koreadaily
        ── Tidings
        For **Korea daily**:
        As of now, the next roundup would look like this:

        **Roundup · Saturday 7 November**

        **US–North Korea relations**
        • **Envoy to visit Seoul next week**  /read_6

        1 headline · next: Sun 8 Nov 09:00 Seoul
        ── Ana
        /unsubscribe @koreadaily us-nk
        ── Tidings
        For **Korea daily**:
        This channel no longer follows US–North Korea relations. It follows nothing now.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_channel_goes_by_its_number() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let channel = stage
        .server
        .channel("Korea daily")
        .with_administrator(&ana)
        .with_bot();
    let line = format!("/subscribe {} us-nk instant", channel.id());
    let answer = ana.asks(&line).await.text;
    assert!(answer.contains("now follows"), "{answer}");
    stage.news("weekly-november-6-2026.txt", NEWS);
    channel.wait_for_messages(1).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_a_missing_bot_and_a_silent_bot_are_refused_helpfully() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    let ben = stage.server.person("Ben").known();
    ben.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    ben.asks("/subscriptions @koreadaily").await;
    ben.asks("/unsubscribe @koreadaily us-nk").await;
    ben.asks("/forget @koreadaily yes").await;
    ben.asks("/subscribe @nosuchchannel us-nk").await;
    let channel = channel.with_bot_as(Status::Administrator(Rights {
        can_post_messages: false,
        ..Rights::default()
    }));
    ana.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    let channel = channel.with_bot_as(Status::Left);
    let cho = stage.server.person("Cho").known();
    let channel = channel.with_administrator(&cho);
    cho.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    let channel = channel.with_bot();
    ana.asks("/subscriptions @koreadaily").await;
    assert_eq!(channel.sent(), 0);
    let visible = |chat: Chat| chat.transcript().replace('\u{2060}', "¦");
    assert_snapshot!(visible(ben.chat()), @"
    ── Ben
    /subscribe @koreadaily us-nk daily 09:00
    ── Tidings
    Only administrators of @¦koreadaily can change what it follows.
    ── Ben
    /subscriptions @koreadaily
    ── Tidings
    Only administrators of @¦koreadaily can change what it follows.
    ── Ben
    /unsubscribe @koreadaily us-nk
    ── Tidings
    Only administrators of @¦koreadaily can change what it follows.
    ── Ben
    /forget @koreadaily yes
    ── Tidings
    Only administrators of @¦koreadaily can change what it follows.
    ── Ben
    /subscribe @nosuchchannel us-nk
    ── Tidings
    I can’t see @¦nosuchchannel: there is no such channel, or I’m not in it (any more). Add me to it as an administrator first, then try again.
    ");
    assert_snapshot!(visible(ana.chat()), @"
    ── Ana
    /subscribe @koreadaily us-nk daily 09:00
    ── Tidings
    I may not post in @¦koreadaily. Give me the right to post messages there, then try again. Nothing was changed.
    ── Ana
    /subscriptions @koreadaily
    ── Tidings
    For **Korea daily**:
    This channel follows nothing yet. Try: /subscribe @koreadaily us-nk daily 09:00
    ");
    assert_snapshot!(visible(cho.chat()), @"
    ── Cho
    /subscribe @koreadaily us-nk daily 09:00
    ── Tidings
    I can’t see who administers @¦koreadaily: make me an administrator there, with the right to post messages, then try again.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_while_asking_about_a_channel_changes_nothing() {
    let stage = Stage::new().await;
    let (_channel, ana) = korea_daily(&stage);
    for fault in [
        Fault::on("getChat").answer(500, "Internal Server Error"),
        Fault::on("getChat").too_many_requests(7),
        Fault::on("getChatMember").bad_gateway(),
        Fault::on("getChatMember").reset(),
    ] {
        stage.server.inject(fault);
        let answer = ana.asks("/subscribe @koreadaily us-nk daily 09:00").await;
        assert!(
            answer.text.contains("Nothing was changed"),
            "{}",
            answer.text
        );
    }
    let answer = ana.asks("/subscriptions @koreadaily").await.text;
    assert!(answer.contains("follows nothing"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_channel_posts_counts_as_its_administrator() {
    let stage = Stage::new().await;
    let (channel, _ana) = korea_daily(&stage);
    channel.posts("Good morning");
    channel.posts("/weather Seoul");
    channel.posts("/subscribe us-nk instant");
    channel.wait_for_messages(1).await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    channel.wait_for_messages(2).await;
    assert_snapshot!(channel.transcript(), @"
    ── Korea daily
    Good morning
    ── Korea daily
    /weather Seoul
    ── Korea daily
    /subscribe us-nk instant
    ── Tidings (reply to “/subscribe us-nk instant”)
    This channel now follows **US–North Korea relations**, instant: each new headline as soon as it is loaded.

    /latest us-nk shows what is there already · /subscriptions lists all
    ── Tidings
    **US–North Korea relations**
    • **Envoy to visit Seoul next week**  /read_6
    [ Read → https://t.me/TidingsTestBot?start=read__G ] [ Search → https://t.me/TidingsTestBot?start=search ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_isnt_greeted() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let channel = stage
        .server
        .channel("Korea daily")
        .with_username("koreadaily")
        .with_owner(&ana);
    channel.add_bot(&ana);
    channel.promote_bot(&ana, Rights::default());
    ana.asks("/subscribe @koreadaily us-nk instant").await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    let messages = channel.wait_for_messages(1).await;
    assert!(
        messages[0].text.starts_with("US–North Korea relations"),
        "{}",
        messages[0].text
    );
    assert_eq!(channel.sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_demotes_the_bot_is_paused_and_catches_up() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    ana.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    channel.promote_bot(
        &ana,
        Rights {
            can_post_messages: false,
            ..Rights::default()
        },
    );
    stage.server.wait_until_confirmed().await;
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T10:00[UTC]");
    channel.promote_bot(&ana, Rights::default());
    let messages = channel.wait_for_messages(1).await;
    assert!(
        messages[0].text.starts_with("Catch-up"),
        "{}",
        messages[0].text
    );
    assert_eq!(channel.sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_that_the_discussion_group_repeats_is_answered_once() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    let group = stage
        .server
        .supergroup("Korea daily chat")
        .with_owner(&ana)
        .with_bot();
    channel.posts("/latest japan");
    group.speak(
        Speech::as_channel(&channel)
            .text("/latest japan")
            .field("is_automatic_forward", json!(true)),
    );
    channel.wait_for_messages(1).await;
    group.asks(&ana, "/sections").await;
    assert_eq!((channel.sent(), group.sent()), (1, 1));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_that_the_discussion_group_repeats_is_left_alone() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    let group = stage
        .server
        .supergroup("Korea daily chat")
        .with_owner(&ana)
        .with_bot();
    // It is Telegram that has a channel's posts discussed: there is nothing to set.
    let refused = ana.asks("/settings @koreadaily discuss on").await.text;
    assert!(refused.contains("“discuss” does nothing here"), "{refused}");
    ana.asks("/subscribe @koreadaily japan daily 13:00").await;
    stage.news("2026-11-06.txt", "# Japan\nSquid counted again | Many.");
    stage.at("2026-11-06T13:00[UTC]");
    let posted = channel.wait_for_messages(1).await;
    let text = channel.messages()[0].text.clone();
    assert!(text.contains("/read_"), "{posted:?} {text}");
    let repeated = Speech::as_channel(&channel).forwarded_automatically();
    group.speak(repeated.text(&text));
    let repeated = Speech::as_channel(&channel).forwarded_automatically();
    group.speak(repeated.text("/read_1"));
    group.asks(&ana, "/sections").await;
    assert_eq!((channel.sent(), group.sent()), (1, 1));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_is_forgotten_from_a_private_chat() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    ana.asks("/subscribe @koreadaily us-nk daily 09:00").await;
    ana.asks("/subscribe japan daily 09:00").await;
    let sure = ana.asks("/forget @koreadaily").await.text;
    assert!(sure.contains("/forget @koreadaily yes"), "{sure}");
    ana.asks("/forget @koreadaily yes").await;
    let left = ana.asks("/subscriptions").await.text;
    assert!(left.contains("japan"), "{left}");
    assert_eq!(channel.sent(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hints_about_a_channel_name_the_channel() {
    let stage = Stage::new().await;
    let (_channel, ana) = korea_daily(&stage);
    for (command, hint) in [
        ("/subscriptions @koreadaily", "/subscribe @koreadaily us-nk"),
        ("/subscribe @koreadaily", "/subscribe @koreadaily us-nk"),
        (
            "/subscribe @koreadaily us-nk daily 09:00",
            "/subscriptions @koreadaily",
        ),
        (
            "/subscribe @koreadaily us-nk hourly",
            "/schedule @koreadaily us-nk",
        ),
        ("/pause @koreadaily for ever", "/pause @koreadaily 3d"),
        ("/pause @koreadaily 3d", "until Mon 9 Nov 12:00"),
        ("/pause @koreadaily", "/resume @koreadaily"),
    ] {
        let answer = ana.asks(command).await.text;
        assert!(answer.contains(hint), "{answer}");
    }
    // A name copied from elsewhere in our messages carries a joiner that nobody sees.
    let copied = "/subscriptions @\u{2060}koreadaily\u{200B}";
    let answer = ana.asks(copied).await.text;
    assert!(answer.starts_with("For Korea daily:"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_may_stand_behind_two_spaces() {
    let stage = Stage::new().await;
    let (_channel, ana) = korea_daily(&stage);
    let answer = ana
        .asks("/subscribe  @koreadaily  us-nk  hourly")
        .await
        .text;
    assert!(answer.contains("now follows"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_a_channel_presses_in_vain_on_subscribe() {
    let stage = Stage::new().await;
    let (channel, ana) = korea_daily(&stage);
    let ben = stage.server.person("Ben");
    let channel = channel.with_member(&ben);
    channel.posts("/latest japan");
    channel.wait_for_messages(1).await;
    let press = channel.presses(&ben, "Subscribe");
    let answer = stage.server.wait_for_answer(&press).await;
    assert!(answer.starts_with("Only administrators"), "{answer}");
    let press = channel.presses(&ana, "Subscribe");
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    channel.wait_for_messages(2).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_title_that_looks_like_commands_is_left_alone() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let _channel = stage
        .server
        .channel("News /schedule desk @durov")
        .with_username("newsdesk")
        .with_owner(&ana)
        .with_bot();
    let answer = ana.asks("/pause @newsdesk").await;
    let text = answer.text.replace('\u{2060}', "¦");
    assert!(
        text.starts_with("For News /¦schedule desk @¦durov:"),
        "{text}"
    );
    let answer = ana.asks("/subscribe @newsdesk /schedule").await.text;
    assert!(answer.contains("“/schedule”"), "{answer}");
    stage.over().await;
}
