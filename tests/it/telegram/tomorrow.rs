//! What changes while nobody looks: the bot's name, the fields of answers, what stands in front of Telegram; and that
//! what is erased from outside stays erased.

use tidings_core::ids::ChannelKey;

use super::clockwork::{all_delivered, beat, follower, key, run_until, seen, sendings, trouble};
use super::harness::Stage;
use crate::fakes::telegram::{BOT, Fault, Speech};
use crate::ground::open_store;
use crate::harness::row;

fn page(words: &str) -> String {
    format!("# US-NK Relations\n{words} | It shines.")
}

fn rename(stage: &Stage, name: &str) {
    stage.server.with(|world| {
        let us = world.people.get_mut(&BOT).expect("the bot");
        us.username = Some(name.to_owned());
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_is_noticed_when_somebody_uses_it() {
    let mut stage = Stage::new().await;
    let (ana, ben) = (stage.server.person("Ana"), stage.server.person("Ben"));
    let group = stage.server.supergroup("Korea watchers");
    let group = group.with_owner(&ana).with_member(&ben).with_bot();
    rename(&stage, "KoreaNewsBot");
    let answer = group.asks(&ben, "/latest@KoreaNewsBot us-nk 1").await.text;
    assert!(answer.contains("Liaison"), "{answer}");
    let answer = group.asks(&ben, "@koreanewsbot /sections").await.text;
    assert!(answer.contains("us-nk"), "{answer}");
    // Neither the old name nor another bot's is ours, and Telegram is asked about each of them once.
    let asked = stage.server.count("getMe");
    for _ in 0..3 {
        for name in ["TidingsTestBot", "weather_bot"] {
            group.says(&ben, &format!("/latest@{name}"));
            group.says(&ben, &format!("@{name} /latest"));
        }
        group.says(&ben, "@ana_lee have you seen this?");
    }
    let answer = group.asks(&ana, "/timezone@KoreaNewsBot").await.text;
    assert!(answer.contains("UTC"), "{answer}");
    assert_eq!(stage.server.count("getMe"), asked + 2);
    assert_eq!(group.sent(), 3, "{}", group.transcript());
    // And once more, and back, over a restart.
    rename(&stage, "TidingsTestBot");
    stage.restart().await;
    group.asks(&ben, "/latest@TidingsTestBot us-nk 1").await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_with_fields_of_tomorrow_lose_nothing() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let before = sendings(&stage.server, &ana.chat()).len();
    // It was sent, whatever is said about it besides: it isn't sent again.
    let strange = r#"{"ok":true,"result":{"message_id":{"id":5},"chat":7,"date":"now"}}"#;
    let sent = stage
        .server
        .inject(Fault::on("sendMessage").body(200, strange).times(1));
    stage.news("2026-11-06-a.txt", &page("Plate polished"));
    sent.wait_for_hits(1).await;
    all_delivered(&stage).await;
    assert_eq!(sendings(&stage.server, &ana.chat()).len(), before + 1);
    // A wait is a wait, and a refusal a refusal.
    let wait = r#"{"ok":false,"error_code":{"of":429},"description":"Too Many Requests: retry after 7",
        "parameters":[{"retry_after":7}]}"#;
    let wait = stage
        .server
        .inject(Fault::on("sendMessage").body(429, wait).times(1));
    stage.news("2026-11-06-b.txt", &page("Plate polished twice"));
    wait.wait_for_hits(1).await;
    let came = || {
        let texts = ana.chat().texts().join("\n");
        texts.contains("Plate polished twice").then_some(())
    };
    let begun = stage.app().now();
    run_until(&stage, "the second part", came).await;
    assert!(stage.app().now().duration_since(begun).as_secs() >= 6);
    assert_eq!(trouble(&stage), None);
    // Whoever manages a group goes on managing it.
    let group = stage.server.supergroup("Korea watchers");
    let group = group.with_owner(&ana).with_bot();
    let member = r#"{"ok":true,"result":{"status":"administrator","user":7,"can_post_messages":{"until":9},
        "is_member":"yes","tag":[]}}"#;
    stage
        .server
        .inject(Fault::on("getChatMember").body(200, member).times(1));
    let answer = group.asks(&ana, "/subscribe japan hourly").await.text;
    assert!(answer.contains("now follows"), "{answer}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_in_front_of_telegram_is_everybodys_and_outlasts_a_kill() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    // What he gets first isn't on its way yet when the refusal comes.
    let ben = follower(&stage, "Ben", "japan").await;
    let limit = "<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>";
    let limit = Fault::on("sendMessage").body(429, limit).in_chat(ana.id());
    let limit = stage.server.inject(limit.always());
    stage.news("2026-11-06-a.txt", &page("Plate polished"));
    limit.wait_for_hits(1).await;
    let what = seen("trouble", || trouble(&stage)).await;
    assert!(what.contains("in front of Telegram"), "{what}");
    let written = || {
        let now = stage.app().now();
        let waits = stage
            .app()
            .store()
            .blocking()
            .read(|db| db.waits("telegram", now));
        (!waits.unwrap().is_empty()).then_some(())
    };
    seen("the wait to be written down", written).await;
    assert_eq!(super::clockwork::pause_of(&stage, &ana.chat()), None);
    let tries = stage.server.count("sendMessage");
    let both = "# US-NK Relations\nPlate polished twice | Text.\n# Japan\nA plate polished twice there | Text.";
    stage.news("2026-11-06-b.txt", both);
    stage.kill().await;
    stage.launch(false).await;
    // Nobody asks in the meantime, whoever the part is for.
    stage.at("2026-11-06T12:00:15[UTC]");
    for _ in 0..5 {
        beat().await;
    }
    assert_eq!(stage.server.count("sendMessage"), tries);
    stage.server.heal();
    let came = || {
        let has = |texts: Vec<String>| texts.join("\n").contains("late polished twice");
        (has(ana.chat().texts()) && has(ben.chat().texts())).then_some(())
    };
    run_until(&stage, "both parts", came).await;
    all_delivered(&stage).await;
    stage.over().await;
}

/// Erases a channel as `tidings forget` does: with a store of its own, while the bot goes on.
fn forget(stage: &Stage, channel: &ChannelKey) {
    let store = open_store(&stage.ground.settings());
    let row = store.blocking().read(|db| db.channel(channel)).unwrap();
    let row = row.expect("it is known");
    store.blocking().write(|db| db.erase_channel(&row)).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_erased_from_outside_stays_erased_whatever_is_on_its_way() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let forum = stage.server.forum("Korea watchers");
    let forum = forum.with_owner(&ana).with_bot();
    let (sea, land) = (forum.topic(&ana, "The sea"), forum.topic(&ana, "The land"));
    for topic in [sea, land] {
        let said = forum.says_in_topic(&ana, topic, "/subscribe us-nk instant");
        forum.wait_for_reply(said).await;
    }
    let old = stage
        .server
        .group("Old watchers")
        .with_owner(&ana)
        .with_bot();
    old.asks(&ana, "/subscribe us-nk daily 09:07").await;
    let new = old.upgrade(&ana);
    let moved = || row(stage.app(), &key(&new));
    seen("the new address", moved).await;
    let topic: ChannelKey = format!("{}/{sea}", key(&forum)).parse().unwrap();
    // One part is on its way, the next one waits behind it.
    let held = Fault::on("sendMessage").holding("Plate polished");
    let held = stage.server.inject(held.hold());
    stage.news("2026-11-06-a.txt", &page("Plate polished"));
    held.wait_for_hits(1).await;
    stage.news("2026-11-06-b.txt", &page("Plate polished twice"));
    forget(&stage, &topic);
    forget(&stage, &key(&new));
    held.release();
    stage.server.heal();
    all_delivered(&stage).await;
    // Whoever was away asks, and is told nothing of what was.
    let said = forum.speak(Speech::by(&ana).text("/subscriptions").in_topic(sea));
    let answer = forum.wait_for_reply(said).await.text;
    assert!(answer.contains("nothing yet"), "{answer}");
    stage.restart().await;
    stage.news("2026-11-06-c.txt", &page("Plate polished thrice"));
    let came = || {
        let texts = forum.texts();
        let thrice = texts.iter().filter(|text| text.contains("thrice"));
        (thrice.count() == 1).then_some(())
    };
    run_until(&stage, "the other topic's news", came).await;
    let kept = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.channels())
        .unwrap();
    let kept: Vec<String> = kept.iter().map(|row| row.key.to_string()).collect();
    assert_eq!(kept, [format!("{}/{land}", key(&forum))]);
    for text in [
        topic.to_string(),
        key(&new).to_string(),
        "daily 09:07".to_owned(),
    ] {
        assert!(!stage.ground.stands(&text), "{text}");
    }
    stage.over().await;
}
