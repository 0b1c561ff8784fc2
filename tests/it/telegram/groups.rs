//! Groups: the introduction, and who may change what a group follows.

use insta::assert_snapshot;

use super::harness::{Stage, on_an_older_server};
use crate::fakes::telegram::{Chat, Fault, Person, Speech};

const REFUSAL: &str = "Only administrators of this group can change what it follows.";
const NOTHING: &str = "This group follows nothing yet.";

/// A supergroup with the bot, its owner Ana and its reader Ben.
fn korea_watchers(stage: &Stage) -> (Chat, Person, Person) {
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben)
        .with_bot();
    (group, ana, ben)
}

/// What the bot tells a reader about what the group follows.
async fn followed(group: &Chat, reader: &Person) -> String {
    group.asks(reader, "/subscriptions").await.text
}

/// How often Telegram was asked what somebody may.
fn asked_about(stage: &Stage, person: &Person) -> usize {
    let asked = stage.server.requests("getChatMember").into_iter();
    asked
        .filter(|request| request.body["user_id"] == person.id())
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_greeted_in_one_message() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    for group in [
        stage.server.group("Basic"),
        stage.server.supergroup("Super"),
        stage.server.forum("Forum"),
    ] {
        let group = group.with_owner(&ana);
        group.add_bot(&ana);
        let greeting = group.wait_for_messages(1).await.remove(0).text;
        for word in [
            "/sections",
            "/subscribe us-nk daily 09:00",
            "Only administrators",
        ] {
            assert!(greeting.contains(word), "{greeting}");
        }
        group.promote_bot(&ana, Default::default());
        group.demote_bot(&ana);
        group.asks(&ana, "/sections").await;
        assert_eq!(group.sent(), 2);
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_is_refused_in_short() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    let before = followed(&group, &ben).await;
    for command in [
        "/subscribe japan instant",
        "/SUBSCRIBE japan",
        "/subscribe@TidingsTestBot japan",
        "/unsubscribe us-nk",
        "/schedule us-nk hourly",
        "/timezone Asia/Seoul",
        "/preview",
        "/roundup",
        "/pause",
        "/resume",
        "/settings style summaries",
        "/forget yes",
        "/start sub_japan",
        "/START sub_japan",
        "/subscribe_japan",
    ] {
        assert_eq!(group.asks(&ben, command).await.text, REFUSAL, "{command}");
    }
    assert_eq!(followed(&group, &ben).await, before);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn owner_administrator_and_anonymous_administrator_may() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    let cho = stage.server.person("Cho");
    let group = group.with_administrator(&cho);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.asks(&cho, "/subscribe japan weekly mon 18:00").await;
    let said = group.anonymous_says("/subscribe inter-korean instant");
    group.wait_for_reply(said).await;
    assert_snapshot!(followed(&group, &ben).await, @r"
        This group follows · times in UTC

        us-nk — US–North Korea relations · daily 09:00 · next Sat 7 Nov 09:00
        inter-korean — Inter-Korean relations · instant
        japan — Japan · weekly mon 18:00 · next Mon 9 Nov 18:00
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_speaks_as_another_channel_is_refused() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    // Even Ana: nobody can tell that it is her.
    let hers = stage.server.channel("Ana's own").with_owner(&ana);
    let said = group.speak(Speech::as_channel(&hers).text("/subscribe us-nk"));
    assert_eq!(group.wait_for_reply(said).await.text, REFUSAL);
    let said = group.speak(Speech::as_channel(&hers).text("/start sub_us-nk"));
    assert_eq!(group.wait_for_reply(said).await.text, REFUSAL);
    let said = group.speak(Speech::as_channel(&hers).text("/latest japan"));
    let answer = group.wait_for_reply(said).await;
    assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    assert_eq!(followed(&group, &ben).await, NOTHING);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn telegram_is_asked_afresh_who_administers_before_anything_changes() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.asks(&ana, "/schedule us-nk hourly").await;
    group.asks(&ana, "/unsubscribe us-nk").await;
    assert_eq!(asked_about(&stage, &ana), 3);
    for _ in 0..3 {
        group.asks(&ben, "/subscribe us-nk daily 09:00").await;
    }
    assert_eq!(asked_about(&stage, &ben), 3);
    // What changes nothing doesn't need it.
    group.asks(&ana, "/latest us-nk").await;
    assert_eq!(asked_about(&stage, &ana), 3);
    // In another group they may be nobody.
    let other = stage.server.supergroup("Elsewhere").with_bot();
    let answer = other.asks(&ana, "/subscribe us-nk daily 09:00").await;
    assert_eq!(answer.text, REFUSAL);
    assert_eq!(asked_about(&stage, &ana), 4);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_changed_while_telegram_doesnt_say_who_may() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    let faults = [
        Fault::on("getChatMember").answer(500, "Internal Server Error"),
        Fault::on("getChatMember").bad_gateway(),
        Fault::on("getChatMember").too_many_requests(30),
        Fault::on("getChatMember").answer(400, "Bad Request: PARTICIPANT_ID_INVALID"),
        Fault::on("getChatMember").reset(),
        Fault::on("getChatMember").truncated(),
    ];
    for fault in faults {
        stage.server.inject(fault);
        let answer = group.asks(&ana, "/subscribe us-nk daily 09:00").await.text;
        assert!(answer.contains("Nothing was changed"), "{answer}");
    }
    assert_eq!(followed(&group, &ben).await, NOTHING);
    // What isn't known isn't remembered.
    let answer = group.asks(&ana, "/subscribe us-nk daily 09:00").await.text;
    assert!(answer.starts_with("This group now follows"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_never_comes_is_a_no() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    stage.server.inject(Fault::on("getChatMember").hold());
    let said = group.says(&ana, "/subscribe us-nk daily 09:00");
    // Another chat isn't held up by that.
    let cho = stage.server.person("Cho").known();
    cho.asks("/latest").await;
    let answer = group.wait_for_reply(said).await.text;
    assert!(answer.contains("Nothing was changed"), "{answer}");
    assert_eq!(followed(&group, &ben).await, NOTHING);
    stage.server.heal();
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_asks_too_much_is_told_once() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    let cho = stage.server.person("Cho");
    for at in 1..=20 {
        let answer = group.asks(&ben, "/latest japan").await.text;
        assert!(answer.starts_with("Japan"), "{answer}");
        assert_eq!(answer.contains("twentieth question"), at == 20, "{answer}");
    }
    group.says(&ben, "/latest japan");
    group.says(&ben, "/latest japan");
    group.says(&ben, "/sections");
    group.says(&ben, "/subscribe us-nk");
    group.asks(&cho, "/latest japan").await;
    assert_eq!(group.sent(), 21, "the others may ask, and Ben is told once");
    for _ in 0..25 {
        let answer = group.asks(&ana, "/latest japan").await;
        assert!(answer.text.starts_with("Japan"), "{}", answer.text);
    }
    // In private, and elsewhere, Ben may go on.
    let elsewhere = stage.server.supergroup("Elsewhere").with_bot();
    elsewhere.asks(&ben, "/latest japan").await;
    for _ in 0..25 {
        ben.asks("/latest japan").await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_presses_too_much_is_told() {
    let stage = on_an_older_server().await;
    let (group, _ana, ben) = korea_watchers(&stage);
    let latest = group.asks(&ben, "/latest").await;
    // With the question itself that is twenty.
    for at in 0..19 {
        let label = if at % 2 == 0 {
            "Japan"
        } else {
            "◂ All sections"
        };
        let press = group.presses_on(&ben, latest.id, label);
        assert_eq!(stage.server.wait_for_answer(&press).await, "");
        group.wait_for_edit(latest.id, at + 1).await;
    }
    let press = group.presses_on(&ben, latest.id, "◂ All sections");
    let notice = stage.server.wait_for_answer(&press).await;
    assert!(notice.contains("lot of questions"), "{notice:?}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_forgotten_after_a_confirmation() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.asks(&ana, "/settings locale ko").await;
    group.asks(&ana, "/forget").await;
    group.asks(&ben, "/forget yes").await;
    group.asks(&ana, "/forget yes").await;
    group.asks(&ana, "/forget").await;
    assert_eq!(followed(&group, &ben).await, NOTHING);
    stage.news(
        "weekly-november-6-2026.txt",
        "# US-NK Relations
         Envoy to visit Seoul next week | She will stay for two days.",
    );
    stage.at("2026-11-07T09:00[UTC]");
    group.asks(&ben, "/subscriptions").await;
    assert_snapshot!(group.transcript(), @r"
        ── Ana
        /subscribe us-nk daily 09:00
        ── Tidings (reply to “/subscribe us-nk daily 09:00”)
        This group now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.

        /latest us-nk shows what is there already · /subscriptions lists all
        ── Ana
        /settings locale ko
        ── Tidings (reply to “/settings locale ko”)
        locale 설정을 바꿨습니다: **ko** · 여기에 올리는 글의 언어
        다음 모음: 11월 7일(토) 09:00(21시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
        ── Ana
        /forget
        ── Tidings (reply to “/forget”)
        이 그룹의 구독 1개와 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes
        ── Ben
        /forget yes
        ── Tidings (reply to “/forget yes”)
        이 그룹의 관리자만 구독을 바꿀 수 있습니다.
        ── Ana
        /forget yes
        ── Tidings (reply to “/forget yes”)
        이 그룹에 관한 기록을 모두 지웠습니다. 새로 시작하려면: /subscribe
        ── Ana
        /forget
        ── Tidings (reply to “/forget”)
        Nothing is kept about this group.
        ── Ben
        /subscriptions
        ── Tidings (reply to “/subscriptions”)
        This group follows nothing yet.
        ── Ben
        /subscriptions
        ── Tidings (reply to “/subscriptions”)
        This group follows nothing yet.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_bots_arent_answered() {
    let stage = Stage::new().await;
    let (group, ana, ben) = korea_watchers(&stage);
    let robot = stage.server.person("Robot");
    stage.server.with(|world| {
        if let Some(user) = world.people.get_mut(&robot.id()) {
            user.is_bot = true;
        }
    });
    group.says(&robot, "/latest japan");
    group.asks(&ana, "/latest japan").await;
    group.asks(&ben, "/latest japan").await;
    assert_eq!(group.sent(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_in_a_group_is_shown_to_the_asker_alone() {
    let stage = Stage::new().await;
    let (group, ana, _) = korea_watchers(&stage);
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    stage.news(
        "weekly-november-6-2026.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    let hint = group.asks(&ana, "/preview").await.text;
    assert_eq!(
        hint,
        "A preview is shown to you alone: send me /start in a private chat first, then ask again here."
    );
    let ana = ana.known();
    let answer = group.asks(&ana, "/preview").await.text;
    assert_eq!(answer, "The preview is in your private chat with me.");
    let private = ana.chat().wait_for_messages(1).await.remove(0).text;
    assert!(private.starts_with("For Korea watchers:"), "{private}");
    assert!(private.contains("Plate polished"), "{private}");
    group.anonymous_says("/preview");
    let answer = group.wait_for_messages(4).await.remove(3).text;
    let there = format!("/preview {}", group.id());
    assert!(answer.ends_with(&there), "{answer}");
    assert!(!group.transcript().contains("Plate polished"));
    let private = ana.asks(&there).await.text;
    assert!(private.contains("Plate polished"), "{private}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_press_is_explained_in_the_language_of_whoever_pressed() {
    let stage = Stage::new().await;
    let (group, ana, _) = korea_watchers(&stage);
    let kim = stage.server.person("Kim").speaking("ko");
    let group = group.with_member(&kim);
    group.asks(&ana, "/latest us-nk").await;
    let press = group.presses(&kim, "Subscribe");
    let notice = stage.server.wait_for_answer(&press).await;
    assert_eq!(notice, "이 그룹의 관리자만 구독을 바꿀 수 있습니다.");
    stage.over().await;
}
