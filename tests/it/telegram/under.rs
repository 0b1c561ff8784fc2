//! *Read* and *Search* under a roundup: who presses reads its headlines with their summaries, or is asked for words to search;
//! in a broadcast channel both are links.

use insta::assert_snapshot;
use jiff::SignedDuration;
use tidings_core::ids::ItemId;

use super::alone::{Group, group};
use super::buttons::{NEWER, OLDER, look};
use super::clockwork::{key, settled};
use super::harness::{Stage, on_an_older_server, owned_group};
use crate::fakes::telegram::{Chat, Fault, Message, Person, Speech, Status};

const READ: &str = "Read";
const SEARCH: &str = "Search";

const NEWS: &str = "# US-NK Relations
    Envoy to visit Seoul next week | She will stay for two days. | Nobody knows why. | READ MORE https://example.org/envoy
    Talks go on | They do.";

/// The roundup that a chat gets of some news, as soon as it is loaded.
async fn roundup(stage: &Stage, chat: &Chat, news: &str) -> Message {
    let before = chat.sent();
    stage.news("weekly-november-6-2026.txt", news);
    let sent = chat.wait_for_messages(before + 1).await.remove(before);
    settled(stage).await;
    sent
}

/// Somebody who follows something as it comes, in a private chat.
async fn follower(stage: &Stage) -> Person {
    let ana = stage.server.person("Ana").known();
    ana.asks("/subscribe us-nk instant").await;
    ana
}

/// A public channel that follows something as it comes, and its owner.
async fn channel(stage: &Stage) -> (Chat, Person) {
    let ana = stage.server.person("Ana").known();
    let channel = stage
        .server
        .channel("Korea daily")
        .with_username("koreadaily")
        .with_owner(&ana)
        .with_bot();
    ana.asks("/subscribe @koreadaily us-nk instant").await;
    (channel, ana)
}

/// Presses a button on a message that all see, which is shown something else than a notice.
async fn presses(chat: &Chat, person: &Person, message: &Message, label: &str) {
    let press = chat.presses_on(person, message.id, label);
    assert_eq!(chat.server().wait_for_answer(&press).await, "");
}

/// Items whose summaries fill a message each, more or less.
fn long_news(count: usize) -> String {
    let summary = "The envoys agreed to meet a third time before winter. ".repeat(45);
    let item = |n| format!("Envoys meet for day {n} | {summary}\n");
    let items: String = (1..=count).map(item).collect();
    format!("# US-NK Relations\n{items}")
}

fn withdraw(stage: &Stage, item: i64) {
    let store = stage.app().store().blocking();
    let title = store.write(|db| db.withdraw_item(ItemId::new(item)));
    assert!(title.unwrap().is_some());
    stage.app().wake.schedule();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_private_chat_the_headlines_are_read_below_the_roundup() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    presses(&ana.chat(), &ana, &sent, READ).await;
    ana.chat().wait_for_reply(sent.id).await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /subscribe us-nk instant
    ── Tidings
    You now follow **US–North Korea relations**, instant: each new headline as soon as it is loaded.

    /latest us-nk shows what is there already · /subscriptions lists all
    ── Tidings
    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy)**
    • **Talks go on**  /read_7
    [ Read ] [ Search ]
    ── Ana presses [ Read ]
    ── Tidings
    **Summaries**

    • **[Envoy to visit Seoul next week](https://example.org/envoy)**

    She will stay for two days.

    Nobody knows why.

    • **Talks go on**  /read_7

    They do.
    ");
    assert_eq!(look(&ana.chat().message(sent.id)), look(&sent));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_private_chat_words_to_search_are_asked_for() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    presses(&ana.chat(), &ana, &sent, SEARCH).await;
    let question = ana.chat().wait_for_reply(sent.id).await;
    let said = ana.answers(question.id, "brass");
    ana.chat().wait_for_reply(said).await;
    // The command without words asks, too; a command's name among the words is one of them.
    let question = ana.asks("/search").await;
    let said = ana.answers(question.id, "latest talks");
    ana.chat().wait_for_reply(said).await;
    let transcript = ana.chat().transcript();
    let from = transcript.find("── Ana presses").unwrap();
    assert_snapshot!(&transcript[from..], @"
    ── Ana presses [ Search ]
    ── Tidings
    What are you looking for? Reply to this message with the words.
    (asks for an answer: Words to search for)
    ── Ana (reply to “What are you looking for? Repl”)
    brass
    ── Tidings
    **Found: brass** · 1 in all, newest first

    • **Liaison office gets a door plate**
      4 Nov 2026 · us-nk · /read_2
    ── Ana
    /search
    ── Tidings
    What are you looking for? Reply to this message with the words.
    (asks for an answer: Words to search for)
    ── Ana (reply to “What are you looking for? Repl”)
    latest talks
    ── Tidings
    Nothing found for “latest talks”. The newest item is from 6 Nov 2026. Fewer words, or a beginning such as summ*, may find more.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_answer_to_the_question_is_a_search() {
    let mut stage = Stage::new().await;
    let ana = stage.server.person("Ana").known().speaking("ko");
    let question = ana.asks("/search").await;
    assert_snapshot!(question.text, @"무엇을 찾을까요? 찾을 단어를 이 메시지에 대한 답장으로 보내 주세요.");
    let another = ana.asks("/sections").await;
    let answer_to = async |message: i64, text: &str| {
        let said = ana.answers(message, text);
        ana.chat().wait_for_reply(said).await.text
    };
    assert!(!answer_to(another.id, "brass").await.contains("brass"));
    // A command is one wherever it stands.
    let latest = answer_to(question.id, "/latest japan").await;
    assert!(latest.starts_with("Japan"), "{latest}");
    // The question holds after a restart.
    stage.restart().await;
    let found = answer_to(question.id, "  brass ").await;
    assert!(found.contains("Liaison office"), "{found}");
    // What somebody else wrote is no answer.
    let passed_on = Speech::by(&ana).text("brass").reply_to(question.id);
    ana.chat().speak(passed_on.forwarded());
    let next = ana.asks("/search squid").await.text;
    assert!(next.contains("squid"), "{next}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_group_each_reads_alone_and_in_their_language() {
    let stage = Stage::new().await;
    let Group {
        chat,
        ana,
        ben,
        cho,
    } = group(&stage).await;
    chat.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &chat, NEWS).await;
    let kim = stage.server.person("Kim").speaking("ko");
    let chat = chat.with_member(&kim);
    presses(&chat, &ben, &sent, READ).await;
    chat.wait_for_alone(&ben, 0).await;
    presses(&chat, &kim, &sent, READ).await;
    chat.wait_for_alone(&kim, 0).await;
    // How to search is shown at once, and by no message at all.
    let press = chat.presses_on(&ben, sent.id, SEARCH);
    stage.server.wait_for_answer(&press).await;
    let since = |seen: String| {
        let from = seen.find("── Tidings\n**US").unwrap_or_default();
        seen[from..].to_owned()
    };
    assert_snapshot!(since(chat.seen_by(&ben)), @"
    ── Tidings
    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy)**
    • **Talks go on**  /read_7
    [ Read ] [ Search ]
    ── Ben presses [ Read ]
    ── Tidings (to Ben alone)
    **Summaries**

    • **[Envoy to visit Seoul next week](https://example.org/envoy)**

    She will stay for two days.

    Nobody knows why.

    • **Talks go on**  /read_7

    They do.
    [ Share ]
    ── Ben presses [ Search ]
    (alert: Type /search and then the words, for example: /search envoy)
    ");
    assert_snapshot!(since(chat.seen_by(&kim)), @"
    ── Tidings
    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy)**
    • **Talks go on**  /read_7
    [ Read ] [ Search ]
    ── Kim presses [ Read ]
    ── Tidings (to Kim alone)
    **요약**

    • **[Envoy to visit Seoul next week](https://example.org/envoy)**

    She will stay for two days.

    Nobody knows why.

    • **Talks go on**  /read_7

    They do.
    [ 공유 ]
    ");
    assert!(!chat.seen_by(&cho).contains("They do."));
    assert_eq!(look(&chat.message(sent.id)), look(&sent));
    assert_eq!(chat.sent(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_topic_it_is_read_there() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let forum = stage.server.forum("Forum").with_owner(&ana).with_bot();
    let forum = forum.with_member(&ben);
    let topic = forum.topic(&ana, "Korea");
    stage.server.wait_for_menus().await;
    let said = forum.says_in_topic(&ana, topic, "/subscribe us-nk instant");
    forum.wait_for_reply(said).await;
    let sent = roundup(&stage, &forum, NEWS).await;
    assert_eq!(sent.message_thread_id, Some(topic));
    presses(&forum, &ben, &sent, READ).await;
    let (_, read) = forum.wait_for_alone(&ben, 0).await;
    assert_eq!(read.message_thread_id, Some(topic));
    assert_eq!(forum.sent(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_summaries_are_read_page_by_page_in_place_and_shared() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &chat, &long_news(4)).await;
    presses(&chat, &ben, &sent, READ).await;
    let (number, first) = chat.wait_for_alone(&ben, 0).await;
    let heads = |message: &Message| {
        let lines = message.text.lines();
        let heads = lines.filter(|line| !line.is_empty() && !line.starts_with("The envoys"));
        format!(
            "{}\n{:?}",
            heads.collect::<Vec<_>>().join("\n"),
            message.labels()
        )
    };
    assert_snapshot!(heads(&first), @r#"
    Summaries · number 1 of 4, newest first
    • Envoys meet for day 1  /read_6
    [["Older ▸"], ["Share"]]
    "#);
    let turn = async |label: &str, edits| {
        let press = chat.presses_alone(&ben, label);
        assert_eq!(stage.server.wait_for_answer(&press).await, "");
        chat.wait_for_edit_alone(number, edits).await
    };
    let mut last = turn(OLDER, 1).await;
    let mut edits = 1;
    while last.data_of(OLDER).is_some() {
        edits += 1;
        last = turn(OLDER, edits).await;
    }
    assert_snapshot!(heads(&last), @r#"
    Summaries · number 4 of 4, newest first
    • Envoys meet for day 4  /read_9
    [["◂ Newer"], ["Share"]]
    "#);
    let before = turn(NEWER, edits + 1).await;
    let press = chat.presses_alone(&ben, "Share");
    stage.server.wait_for_answer(&press).await;
    let shared = chat.wait_for_messages(3).await.remove(2);
    assert_eq!(shared.text, before.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_summary_longer_than_a_message_says_how_to_read_on() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let long = "A sentence of the long story that fills some room. ".repeat(150);
    let news = format!("# US-NK Relations\nTold at length | {long}\nTalks go on | They do.");
    let sent = roundup(&stage, &ana.chat(), &news).await;
    presses(&ana.chat(), &ana, &sent, READ).await;
    let read = ana.chat().wait_for_reply(sent.id).await;
    assert!(
        read.text.contains("Told at length  /read_6"),
        "{}",
        read.text
    );
    assert!(read.text.ends_with('…'), "{}", read.text);
    presses(&ana.chat(), &ana, &read, OLDER).await;
    let next = ana.chat().wait_for_edit(read.id, 1).await;
    assert!(next.text.ends_with("They do."), "{}", next.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_message_of_a_long_roundup_reads_what_it_shows() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    ana.asks("/settings cap 40").await;
    let title =
        "Envoys meet in the old town hall for what they call a day of open words ".repeat(3);
    let items: String = (1..=40)
        .map(|n| format!("Day {n}: {title} | Summary {n}.\n"))
        .collect();
    let before = ana.chat().sent();
    roundup(&stage, &ana.chat(), &format!("# US-NK Relations\n{items}")).await;
    let parts = ana.chat().messages().split_off(before);
    assert!(parts.len() > 1);
    for part in &parts {
        assert_eq!(part.labels(), [[READ, SEARCH]]);
        let sent = ana.chat().sent();
        presses(&ana.chat(), &ana, part, READ).await;
        let mut read = ana.chat().wait_for_messages(sent + 1).await.remove(sent);
        let days = |text: &str| {
            text.lines()
                .filter_map(|line| {
                    let (_, day) = line.split_once("Day ")?;
                    day.split_once(':').map(|(day, _)| day.to_owned())
                })
                .collect::<Vec<_>>()
        };
        let mut shown = days(&read.text);
        let mut edits = 0;
        while read.data_of(OLDER).is_some() {
            edits += 1;
            presses(&ana.chat(), &ana, &read, OLDER).await;
            read = ana.chat().wait_for_edit(read.id, edits).await;
            shown.extend(days(&read.text));
        }
        assert_eq!(shown, days(&part.text));
    }
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn however_old_a_roundup_is_it_is_read_and_what_is_gone_is_said() {
    let mut stage = Stage::new().await;
    let ana = follower(&stage).await;
    ana.asks("/settings corrections off").await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    withdraw(&stage, 6);
    stage.restart().await;
    // By then nothing is kept of the post itself.
    stage.pass(SignedDuration::from_hours(24 * 30));
    let now = stage.app().now();
    let store = stage.app().store().blocking();
    let pruned = store.write(|db| db.prune_sent(now, 0, 1_000)).unwrap();
    assert_eq!(pruned.parts, 1);
    let read = async || {
        let before = ana.chat().sent();
        presses(&ana.chat(), &ana, &sent, READ).await;
        ana.chat()
            .wait_for_messages(before + 1)
            .await
            .remove(before)
    };
    assert_snapshot!(read().await.text, @"
    Summaries

    • Talks go on  /read_7

    They do.

    One of these headlines is no longer in the archive.
    ");
    withdraw(&stage, 7);
    assert_snapshot!(read().await.text, @"These headlines are no longer in the archive. /latest shows the newest ones.");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_channel_they_are_links_into_the_private_chat() {
    let stage = Stage::new().await;
    let (channel, _) = channel(&stage).await;
    let sent = roundup(&stage, &channel, NEWS).await;
    assert_snapshot!(channel.transcript(), @"
    ── Tidings
    **US–North Korea relations**
    • **[Envoy to visit Seoul next week](https://example.org/envoy)**
    • **Talks go on**  /read_7
    [ Read → https://t.me/TidingsTestBot?start=read__GB ] [ Search → https://t.me/TidingsTestBot?start=search ]
    ");
    // Whoever follows them need not know the bot.
    let ben = stage.server.person("Ben");
    let link = |label| sent.link_of(label).unwrap();
    ben.follows(&link(READ)).await;
    let question = ben.follows(&link(SEARCH)).await;
    let said = ben.answers(question.id, "envoy");
    ben.chat().wait_for_reply(said).await;
    assert_snapshot!(ben.chat().transcript(), @"
    ── Ben
    /start read__GB
    ── Tidings
    **Summaries**

    • **[Envoy to visit Seoul next week](https://example.org/envoy)**

    She will stay for two days.

    Nobody knows why.

    • **Talks go on**  /read_7

    They do.
    ── Ben
    /start search
    ── Tidings
    What are you looking for? Reply to this message with the words.
    (asks for an answer: Words to search for)
    ── Ben (reply to “What are you looking for? Repl”)
    envoy
    ── Tidings
    **Found: envoy** · 1 in all, newest first

    • **[Envoy to visit Seoul next week](https://example.org/envoy)**
      6 Nov 2026 · us-nk · /read_6
    ");
    // A correction keeps them.
    withdraw(&stage, 6);
    let corrected = channel.wait_for_edit(sent.id, 1).await;
    assert_eq!(corrected.link_of(SEARCH), sent.link_of(SEARCH));
    assert_ne!(corrected.link_of(READ), sent.link_of(READ));
    let left = ben.follows(&corrected.link_of(READ).unwrap()).await;
    assert!(left.text.ends_with("They do."), "{}", left.text);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_was_never_noted_as_one_opens_the_chat_by_a_press() {
    let stage = Stage::new().await;
    let (channel, _) = channel(&stage).await;
    let place = key(&channel);
    let store = stage.app().store().blocking();
    store.write(|db| db.note_channel(&place, "", None)).unwrap();
    let sent = roundup(&stage, &channel, NEWS).await;
    let ben = stage.server.person("Ben");
    let channel = channel.with_member(&ben);
    for (label, word) in [(READ, "read__GB"), (SEARCH, "search")] {
        let press = channel.presses_on(&ben, sent.id, label);
        assert_eq!(stage.server.wait_for_answer(&press).await, "");
        let answer = stage.server.callback_answer(&press).unwrap();
        let link = format!("https://t.me/TidingsTestBot?start={word}");
        assert_eq!(answer.opens, Some(link));
    }
    assert_eq!(channel.sent(), 1);
    // By the press it is known.
    let next = roundup(
        &stage,
        &channel,
        "# US-NK Relations\nA third envoy | She came.",
    )
    .await;
    assert!(next.link_of(READ).is_some() && next.link_of(SEARCH).is_some());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_roundup_too_old_for_telegram_to_show_it_is_read_in_the_private_chat() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &chat, NEWS).await;
    // Telegram tells the chat of such a message, and nothing else.
    let gone = sent.id + 1_000;
    let data = sent.data_of(READ).unwrap();
    let press = chat.presses_raw(&ben, gone, &data);
    assert_eq!(stage.server.wait_for_answer(&press).await, "");
    let answer = stage.server.callback_answer(&press).unwrap();
    let read = ben.follows(&answer.opens.unwrap()).await;
    assert!(read.text.ends_with("They do."), "{}", read.text);
    assert_eq!(chat.sent(), 2);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_wants_no_buttons_has_none_from_then_on() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    ana.asks("/settings buttons off").await;
    let bare = roundup(
        &stage,
        &ana.chat(),
        "# US-NK Relations\nA third envoy | She came.",
    )
    .await;
    assert_eq!(bare.labels(), [[""; 0]; 0]);
    // What hangs there stays.
    assert_eq!(ana.chat().message(sent.id).labels(), [[READ, SEARCH]]);
    let settings = ana.asks("/settings").await.text;
    let line = settings.lines().find(|line| line.starts_with("buttons"));
    assert_snapshot!(line.unwrap_or_default(), @"buttons — off · buttons and menus under roundups");
    withdraw(&stage, 8);
    let corrected = ana.chat().wait_for_edit(bare.id, 1).await;
    assert_eq!(corrected.labels(), [[""; 0]; 0]);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn summaries_that_stand_there_need_no_button() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    ana.asks("/settings style summaries").await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    assert_eq!(sent.labels(), [[SEARCH]]);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_keeps_the_buttons_and_reads_what_is_left() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let sent = roundup(&stage, &ana.chat(), NEWS).await;
    withdraw(&stage, 6);
    let corrected = ana.chat().wait_for_edit(sent.id, 1).await;
    assert_eq!(corrected.labels(), sent.labels());
    presses(&ana.chat(), &ana, &corrected, READ).await;
    let read = ana.chat().wait_for_reply(sent.id).await;
    assert_snapshot!(read.text, @"
    Summaries

    • Talks go on  /read_7

    They do.
    ");
    settled(&stage).await;
    withdraw(&stage, 7);
    let empty = ana.chat().wait_for_edit(sent.id, 2).await;
    assert_eq!(empty.labels(), [[SEARCH]]);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_an_older_server_it_is_read_in_the_open_by_who_may_write() {
    let stage = on_an_older_server().await;
    let (group, ana) = owned_group(&stage);
    let ben = stage.server.person("Ben");
    let group = group.with_member(&ben);
    group.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &group, &long_news(4)).await;
    presses(&group, &ben, &sent, READ).await;
    let read = group.wait_for_reply(sent.id).await;
    assert_eq!(read.reply_to, Some(sent.id));
    presses(&group, &ben, &read, OLDER).await;
    let turned = group.wait_for_edit(read.id, 1).await;
    assert!(turned.text.starts_with("Summaries · "), "{}", turned.text);
    assert_eq!(look(&group.message(sent.id)), look(&sent));
    // Whoever presses is told in their own language.
    let kim = stage.server.person("Kim").speaking("ko");
    let press = group.presses_on(&kim, sent.id, SEARCH);
    assert_snapshot!(stage.server.wait_for_answer(&press).await, @"/search 뒤에 찾을 단어를 적어 주세요. 예: /search 특사");
    let cho = stage.server.person("Cho");
    let group = group.with_member(&cho);
    let muted = Status::Restricted {
        can_send_messages: false,
    };
    group.set_member(&ana, &cho, muted);
    let press = group.presses_on(&cho, sent.id, READ);
    assert_snapshot!(stage.server.wait_for_answer(&press).await, @"You may not write here, and everybody would see my answer. Ask me in a private chat instead: /latest");
    assert_eq!(group.sent(), 3);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_takes_nothing_for_one_alone_is_answered_in_the_open_from_then_on() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &chat, NEWS).await;
    let refused = Fault::on("sendMessage")
        .holding("ephemeral_message_parameters")
        .answer(400, "Bad Request: EPHEMERAL_MESSAGES_FORBIDDEN");
    stage.server.inject(refused);
    for posts in [2, 3] {
        presses(&chat, &ben, &sent, READ).await;
        settled(&stage).await;
        assert_eq!(chat.sent(), posts);
    }
    assert!(!chat.seen_by(&ben).contains("alone"));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_presses_twenty_times_a_minute() {
    let stage = Stage::new().await;
    let Group { chat, ana, ben, .. } = group(&stage).await;
    chat.asks(&ana, "/subscribe us-nk instant").await;
    let sent = roundup(&stage, &chat, NEWS).await;
    for _ in 0..20 {
        let press = chat.presses_on(&ben, sent.id, SEARCH);
        stage.server.wait_for_answer(&press).await;
    }
    let press = chat.presses_on(&ben, sent.id, READ);
    assert_snapshot!(stage.server.wait_for_answer(&press).await, @"That is a lot of questions at once. Please go on in a minute.");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_refused_goes_plainer_with_its_buttons_and_refused_buttons_go_alone() {
    let stage = Stage::new().await;
    let ana = follower(&stage).await;
    let refused = Fault::on("sendMessage")
        .holding("<a href")
        .answer(400, "Bad Request: can't parse entities")
        .always();
    stage.server.inject(refused);
    let plain = roundup(&stage, &ana.chat(), NEWS).await;
    assert_eq!(
        (plain.entities.len(), plain.labels()),
        (0, vec![vec![READ.to_owned(), SEARCH.to_owned()]])
    );
    stage.server.heal();
    let refused = Fault::on("sendMessage")
        .holding("callback_data")
        .answer(400, "Bad Request: BUTTON_DATA_INVALID")
        .always();
    stage.server.inject(refused);
    let bare = roundup(
        &stage,
        &ana.chat(),
        "# US-NK Relations\nA third envoy | She came.",
    )
    .await;
    assert_eq!(bare.labels(), [[""; 0]; 0]);
    assert!(!bare.entities.is_empty());
    stage.server.heal();
    stage.over().await;
}
