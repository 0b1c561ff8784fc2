//! Faults while something is sent: who has to wait, who hasn't, and what arrives in the end.

use std::time::Duration;

use jiff::SignedDuration;

use super::clockwork::{
    all_delivered, beat, failed, follower, long_news, message_with, parts_at_rest, pass, pause_of,
    queue, run, run_until, seen, sendings, with_words,
};
use super::harness::Stage;
use crate::fakes::telegram::{Fault, Person};

const SECOND: Duration = Duration::from_secs(1);

fn send() -> Fault {
    Fault::on("sendMessage")
}

/// Every kind of trouble after which a message may be repeated: its name, the fault, and how many copies are
/// allowed.
fn troubles() -> Vec<(&'static str, Fault, usize)> {
    let late = Duration::from_millis(300);
    vec![
        (
            "Fault of the server",
            send().answer(500, "Internal Server Error"),
            1,
        ),
        ("Gateway of HTML", send().bad_gateway(), 1),
        (
            "Page of a proxy",
            send().body(403, "<html>Forbidden</html>"),
            1,
        ),
        ("Wait a second", send().too_many_requests(1), 1),
        ("Reset of the connection", send().reset(), 1),
        ("Truncated answer", send().truncated(), 2),
        ("Lost answer", send().answer_lost(), 2),
        ("Slow answer", send().slow_answer(late), 1),
        ("Slow request", send().slow_before(late), 1),
        (
            "Other instance",
            send().answer(409, "Conflict: terminated by other request"),
            1,
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_roundup_arrives_through_every_kind_of_trouble() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    for (at, (name, fault, allowed)) in troubles().into_iter().enumerate() {
        let fault = stage.server.inject(fault);
        let page = format!("# US-NK Relations\n{name} | Text.");
        stage.news(&format!("2026-11-06-{at:02}.txt"), &page);
        run(&stage, message_with(&ana.chat(), name)).await;
        all_delivered(&stage).await;
        assert_eq!(fault.hits(), 1, "{name}");
        let copies = with_words(&ana.chat(), name);
        assert!(copies.len() <= allowed, "{name}: {}", copies.len());
        let same = copies.iter().all(|copy| copy.raw == copies[0].raw);
        assert!(same, "{name}: every attempt sends the same text");
    }
    assert_eq!(queue(&stage).dead, 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_arrives_through_every_kind_of_trouble() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let chat = ana.chat();
    for (at, (name, fault, allowed)) in troubles().into_iter().enumerate() {
        let fault = stage.server.inject(fault);
        let before = chat.sent();
        run(&stage, ana.asks("/read 1")).await;
        // What is asked next comes behind.
        ana.says("/latest japan");
        run_until(&stage, "the next answer", || {
            (with_words(&chat, "Squid").len() > at).then_some(())
        })
        .await;
        assert_eq!(fault.hits(), 1, "{name}");
        let texts = chat.texts().split_off(before);
        let (last, copies) = texts.split_last().unwrap();
        assert!(last.contains("Squid"), "{name}: {texts:#?}");
        assert!(copies.len() <= allowed, "{name}: {texts:#?}");
        assert!(copies.iter().all(|copy| *copy == copies[0]), "{name}");
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_has_to_wait_holds_up_nobody_else() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let ben = follower(&stage, "Ben", "us-nk").await;
    let refusal = send().too_many_requests(2).in_chat(ana.id());
    let refusal = stage.server.inject(refusal);
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    message_with(&ben.chat(), "Plate polished").await;
    refusal.wait_for_hits(1).await;
    failed(&stage, 1).await;
    // An answer in the same chat waits too; elsewhere nobody does.
    let said = ana.says("/read 1");
    ben.asks("/read 1").await;
    run(&stage, message_with(&ana.chat(), "Plate polished")).await;
    run(&stage, ana.chat().wait_for_reply(said)).await;
    let tries = sendings(&stage.server, &ana.chat());
    let refused = tries.iter().position(|r| r.status == Some(429)).unwrap();
    assert!(tries.len() >= refused + 3, "{tries:#?}");
    let waited = tries[refused + 1].at - tries[refused].at;
    assert!(waited >= 2 * SECOND, "it waited only {waited:?}");
    let bens = sendings(&stage.server, &ben.chat());
    let bens_wait = bens.last().unwrap().at - tries[refused].at;
    assert!(bens_wait < 2 * SECOND, "Ben waited {bens_wait:?}");
    assert_eq!(with_words(&ana.chat(), "Plate polished").len(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn chats_that_wait_hold_nobody_else_up() {
    let stage = Stage::new().await;
    for name in ["Ana", "Ben", "Cho"] {
        let person = follower(&stage, name, "us-nk").await;
        let refusal = send().too_many_requests(30).in_chat(person.id());
        stage.server.inject(refusal);
    }
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    failed(&stage, 3).await;
    let dora = follower(&stage, "Dora", "us-nk").await;
    stage.news(
        "2026-11-06-b.txt",
        "# US-NK Relations\nHinges oiled | They turn.",
    );
    message_with(&dora.chat(), "Hinges oiled").await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn four_chats_refused_in_a_row_let_everything_rest() {
    let stage = Stage::new().await;
    let mut refusals = Vec::new();
    for name in ["Ana", "Ben", "Cho", "Eve"] {
        let person = follower(&stage, name, "us-nk").await;
        let refusal = send().too_many_requests(2).in_chat(person.id());
        refusals.push(stage.server.inject(refusal));
    }
    let dora = stage.server.person("Dora").known();
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate polished | It shines.",
    );
    failed(&stage, 4).await;
    assert!(refusals.iter().all(|refusal| refusal.hits() == 1));
    let refused = stage.server.requests("sendMessage");
    let first = refused.iter().find(|r| r.status == Some(429)).unwrap().at;
    run(&stage, dora.asks("/read 1")).await;
    let answered = sendings(&stage.server, &dora.chat())[0].at;
    let waited = answered - first;
    assert!(waited >= 2 * SECOND, "Dora was answered after {waited:?}");
    all_delivered(&stage).await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_telegram_cannot_parse_goes_as_plain_text() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let refusal = "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0";
    let fault = stage.server.inject(send().answer(400, refusal));
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nPlate <b>& bowl</b> polished | They shine.",
    );
    let message = message_with(&ana.chat(), "Plate <b>& bowl</b> polished").await;
    assert_eq!(fault.hits(), 1);
    assert_eq!(message.entities, Vec::new(), "it is plain");
    assert!(!message.raw.contains("&amp;"), "{}", message.raw);
    // An answer is no different.
    let fault = stage.server.inject(send().answer(400, refusal));
    let answer = ana.asks("/latest us-nk").await;
    assert_eq!(fault.hits(), 1);
    assert!(answer.text.contains("Plate <b>& bowl</b>") && answer.entities.is_empty());
    assert!(!answer.labels().is_empty(), "its buttons are kept");
    all_delivered(&stage).await;
    assert_eq!((queue(&stage).dead, ana.chat().sent()), (0, 3));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_that_is_refused_costs_no_word() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let whole = ana.asks("/latest us-nk").await;
    for refusal in [
        "BUTTON_DATA_INVALID",
        "REPLY_MARKUP_INVALID",
        "inline keyboard button URL 'x' is invalid",
    ] {
        let refused = send().answer(400, &format!("Bad Request: {refusal}"));
        let fault = stage.server.inject(refused);
        let answer = ana.asks("/latest us-nk").await;
        assert_eq!((fault.hits(), &answer.raw), (1, &whole.raw), "{refusal}");
        assert!(answer.labels().is_empty(), "{refusal}");
    }
    // Sent once with its keyboard, and once without.
    assert_eq!(stage.server.count("sendMessage"), 1 + 3 * 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_refused_for_good_is_set_aside_and_the_next_goes_on() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let refusals = [
        "message is too long",
        "ENTITIES_TOO_LONG",
        "BUTTON_DATA_INVALID",
    ];
    for (at, refusal) in refusals.iter().enumerate() {
        let lost = format!("Lost plate {at}");
        let fault = send().answer(400, &format!("Bad Request: {refusal}"));
        stage.server.inject(fault.holding(&lost).always());
        let page = format!("# US-NK Relations\n{lost} | Text.");
        stage.news(&format!("2026-11-06-{at}.txt"), &page);
        run_until(&stage, "a dead part", || {
            (queue(&stage).dead == at + 1).then_some(())
        })
        .await;
        let page = format!("# US-NK Relations\nFound plate {at} | Text.");
        stage.news(&format!("2026-11-06-{at}-b.txt"), &page);
        message_with(&ana.chat(), &format!("Found plate {at}")).await;
    }
    assert_eq!(with_words(&ana.chat(), "Lost plate").len(), 0);
    let dead = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.dead_parts())
        .unwrap();
    for (part, refusal) in dead.iter().zip(refusals) {
        assert!(part.error.contains(refusal), "{}", part.error);
    }
    let status = ana.asks("/status").await;
    assert!(
        status.text.contains("3 messages were refused for good"),
        "{}",
        status.text
    );
    stage.over().await;
}

/// A chat doesn't want the bot, in some words of Telegram's; it is paused and asked again.
async fn paused_and_back(stage: &Stage, ana: &Person, at: usize, code: u16, description: &str) {
    let fault = stage
        .server
        .inject(send().answer(code, description).always());
    let title = format!("Plate {at} polished");
    let page = format!("# US-NK Relations\n{title} | It shines.");
    stage.news(&format!("2026-11-06-{at:02}.txt"), &page);
    let chat = ana.chat();
    let paused = || {
        parts_at_rest(stage)
            .first()
            .filter(|part| part.probe)
            .map(|_| ())
    };
    seen(&format!("a pause for “{description}”"), paused).await;
    let pause = pause_of(stage, &chat).unwrap();
    let reason = pause.reason.unwrap_or_default();
    assert!(reason.contains(description), "{reason}");
    assert_eq!(fault.hits(), 1, "{description}");
    // Not before half a minute is over.
    pass(stage, SignedDuration::from_secs(29));
    beat().await;
    assert_eq!(fault.hits(), 1, "{description}");
    pass(stage, SignedDuration::from_secs(1));
    fault.wait_for_hits(2).await;
    seen("the second refusal to be noted", paused).await;
    fault.stop();
    // The second pause is twice as long.
    pass(stage, SignedDuration::from_secs(60));
    message_with(&chat, &title).await;
    run_until(stage, "the end of the pause", || {
        pause_of(stage, &chat).is_none().then_some(())
    })
    .await;
    assert_eq!(with_words(&chat, &title).len(), 1);
    assert_eq!(queue(stage).dead, 0, "{description}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chat_that_is_gone_is_paused_and_tried_again() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let refusals = [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the supergroup chat"),
        (403, "Forbidden: bot is not a member of the channel chat"),
        (
            403,
            "Forbidden: bot can't initiate conversation with a user",
        ),
        (400, "Bad Request: chat not found"),
        (
            400,
            "Bad Request: not enough rights to send text messages to the chat",
        ),
        (
            400,
            "Bad Request: need administrator rights in the channel chat",
        ),
        (400, "Bad Request: have no rights to send a message"),
        (400, "Bad Request: TOPIC_CLOSED"),
        (400, "Bad Request: message thread not found"),
        (400, "Bad Request: CHAT_WRITE_FORBIDDEN"),
        (400, "Bad Request: CHAT_SEND_PLAIN_FORBIDDEN"),
        (400, "Bad Request: group chat was deactivated"),
        (400, "Bad Request: PEER_ID_INVALID"),
        (400, "Bad Request: USER_IS_BLOCKED"),
        (400, "Bad Request: USER_BANNED_IN_CHANNEL"),
        (400, "Bad Request: CHAT_GUEST_SEND_FORBIDDEN"),
        (400, "Bad Request: ALLOW_PAYMENT_REQUIRED_25"),
        (406, "PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_9MIN"),
    ];
    for (at, (code, description)) in refusals.into_iter().enumerate() {
        paused_and_back(&stage, &ana, at, code, description).await;
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_of_a_chat_stay_in_order_through_faults() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "us-nk").await;
    let ben = follower(&stage, "Ben", "us-nk").await;
    for person in [&ana, &ben] {
        person.asks("/settings style summaries").await;
    }
    let mut faults = Vec::new();
    for (seed, fault) in [
        send().reset(),
        send().answer(500, "Internal Server Error"),
        send().answer_lost(),
        send().bad_gateway(),
    ]
    .into_iter()
    .enumerate()
    {
        let fault = fault.in_chat(ana.id()).with_probability(0.15, seed as u64);
        faults.push(stage.server.inject(fault));
    }
    let before = ana.chat().sent();
    for at in 0..4 {
        let word = format!("Word{at}x");
        stage.news(&format!("2026-11-06-{at}.txt"), &long_news(&word, 12));
        // Ben, whom no fault meets, has its beginning: it is composed, and the next news makes a roundup of its own.
        run_until(&stage, "the roundups", || {
            let texts = ben.chat().texts();
            texts.iter().any(|text| text.contains(&word)).then_some(())
        })
        .await;
    }
    all_delivered(&stage).await;
    let hits: usize = faults.iter().map(|fault| fault.hits()).sum();
    assert!(hits > 3, "{hits} faults");
    stage.server.heal();
    let mut anas = ana.chat().texts().split_off(before);
    let bens = ben.chat().texts().split_off(before);
    assert!(bens.len() >= 12, "{} parts", bens.len());
    let repeats = anas.len() - bens.len();
    assert!(repeats <= faults[2].hits(), "{repeats} repeats");
    anas.dedup();
    assert_eq!(anas, bens);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_telegram_cannot_parse_is_turned_in_place_as_plain_text() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let list = ana.asks("/latest 1").await;
    let refusal = "Bad Request: can't parse entities: Unsupported start tag \"x\" at byte offset 0";
    let fault = stage
        .server
        .inject(Fault::on("editMessageText").answer(400, refusal));
    let press = ana.chat().presses_on(&ana, list.id, "Older ▸");
    stage.server.wait_for_answer(&press).await;
    let turned = ana.chat().wait_for_edit(list.id, 1).await;
    assert_eq!((fault.hits(), turned.entities.len()), (1, 0));
    assert!(turned.text.contains("number 2 of"), "{}", turned.text);
    assert_eq!(ana.chat().sent(), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_that_come_again_and_again_are_not_polled_for_in_a_hurry() {
    let stage = Stage::new().await;
    // No offset behind this number can be asked for.
    let endless = r#"{"ok":true,"result":[{"update_id":3000000000,"poll":{}}]}"#;
    stage
        .server
        .inject(Fault::on("getUpdates").body(200, endless).times(3));
    stage.server.forget_requests();
    let ana = stage.server.person("Ana").known();
    ana.asks("/latest").await;
    let polls = stage.server.requests("getUpdates");
    let gaps: Vec<Duration> = polls.windows(2).map(|two| two[1].at - two[0].at).collect();
    let hurried = gaps.iter().filter(|gap| **gap < SECOND / 2).count();
    assert!(hurried <= 1, "{gaps:?}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panic_costs_a_question_and_loses_nothing() {
    let stage = Stage::new().await;
    let ana = follower(&stage, "Ana", "japan").await;
    stage.break_clock();
    ana.says("/read 1");
    stage
        .seen("a loop that broke", || {
            stage.app().wake.schedule();
            (!stage.app().broken.list().is_empty()).then_some(())
        })
        .await;
    stage.set("2026-11-06T12:01[UTC]");
    // Whoever asks next is answered, news arrives, and what broke goes on.
    ana.says("/read 2");
    stage.run(message_with(&ana.chat(), "Liaison office")).await;
    stage.news(
        "weekly-november-6-2026.txt",
        "# Japan\n Ferries sail | On time.",
    );
    stage.run(message_with(&ana.chat(), "Ferries sail")).await;
    stage.over().await;
}
