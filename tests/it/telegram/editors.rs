//! What editors read: the message about what waits for them, and items that they mend, in both languages.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::contract::reviews::Editor;
use crate::fakes::telegram::{FakeTelegram, Person};
use crate::harness::CONFIG;
use crate::stage::Fake;

const NEWS: &str = "# Japan
    Squid counted again | Text of it.
    Whales counted too | More text.";

/// A source that waits for one editor, in the operator's language.
async fn held(locale: &str) -> (Stage, Person) {
    let mut stage = Stage::empty(CONFIG);
    let eve = stage.server.person("Eve").speaking(locale).known();
    let editors = format!("editors = [\"telegram:{}\"]", eve.id());
    let defaults = format!("[defaults]\nlocale = \"{locale}\"");
    stage.configure(&format!(
        "{CONFIG}hold = \"30m\"\n[operator]\n{editors}\n{defaults}\n{}",
        FakeTelegram::FAST
    ));
    stage.archive();
    stage.start().await;
    (stage, eve)
}

/// What an editor's chat shows once all these words stand there.
async fn shown(stage: &Stage, eve: &Person, words: &[&str]) -> String {
    let look = || {
        let transcript = eve.chat().transcript();
        let all_there = words.iter().all(|words| transcript.contains(words));
        all_there.then_some(transcript)
    };
    let transcript = stage.run(stage.seen(words[0], look)).await;
    transcript.replace(&eve.id().to_string(), "7")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_says_what_where_and_when() {
    let (stage, eve) = held("en").await;
    stage.news("2026-11-06.txt", NEWS);
    assert_snapshot!(shown(&stage, &eve, &["Squid counted again"]).await, @"
    ── Tidings
    **digests: before it goes out**

    2 headlines wait; they go out from Fri 6 Nov 12:30 UTC on, unless you hold them back.

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ Publish now ] [ Hold back ]
    [ Drop or move… ]
    ");
    eve.presses("Hold back");
    assert_snapshot!(shown(&stage, &eve, &["Held back by", "Tidings\n2 headlines are"]).await, @"
    ── Tidings (edited)
    **digests: before it goes out**

    2 headlines are held back until an editor publishes them.
    Held back by Eve, Fri 6 Nov 12:00.

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ Publish now ] [ Drop or move… ]
    [ Undo ]
    ── Eve presses [ Hold back ]
    ── Tidings
    2 headlines are held back until an editor publishes them.
    ");
    eve.presses("Publish now");
    assert_snapshot!(shown(&stage, &eve, &["Published by", "2 headlines go out now"]).await, @"
    ── Tidings (edited)
    **digests**

    It is out.
    Published by Eve, Fri 6 Nov 12:00.

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ Withdraw ]
    ── Eve presses [ Hold back ]
    ── Tidings
    2 headlines are held back until an editor publishes them.
    ── Eve presses [ Publish now ]
    ── Tidings
    2 headlines go out now.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_says_so_in_korean() {
    let (stage, eve) = held("ko").await;
    stage.news("2026-11-06.txt", NEWS);
    assert_snapshot!(shown(&stage, &eve, &["Squid counted again"]).await, @"
    ── Tidings
    **digests: 내보내기 전**

    기사 2건이 기다립니다. 보류하지 않으면 11월 6일(금) 12:30 UTC부터 나갑니다.

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ 지금 내보내기 ] [ 보류 ]
    [ 빼거나 옮기기… ]
    ");
    eve.presses("보류");
    assert_snapshot!(shown(&stage, &eve, &["님이 보류함", "2건을 보류합니다"]).await, @"
    ── Tidings (edited)
    **digests: 내보내기 전**

    편집자가 내보낼 때까지 보류된 기사: 2건
    Eve 님이 보류함, 11월 6일(금) 12:00

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ 지금 내보내기 ] [ 빼거나 옮기기… ]
    [ 되돌리기 ]
    ── Eve presses [ 보류 ]
    ── Tidings
    편집자가 내보낼 때까지 기사 2건을 보류합니다.
    ");
    eve.presses("지금 내보내기");
    assert_snapshot!(shown(&stage, &eve, &["님이 내보냄", "2건이 지금 나갑니다"]).await, @"
    ── Tidings (edited)
    **digests**

    나갔습니다.
    Eve 님이 내보냄, 11월 6일(금) 12:00

    • **Squid counted again**  /read_6 (Japan)
    • **Whales counted too**  /read_7 (Japan)
    [ 철회 ]
    ── Eve presses [ 보류 ]
    ── Tidings
    편집자가 내보낼 때까지 기사 2건을 보류합니다.
    ── Eve presses [ 지금 내보내기 ]
    ── Tidings
    기사 2건이 지금 나갑니다.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_mended_where_it_is_read() {
    let (stage, eve) = held("ko").await;
    eve.asks("/read 1").await;
    eve.presses("철회");
    shown(&stage, &eve, &["철회했습니다"]).await;
    eve.presses("되돌리기");
    assert_snapshot!(shown(&stage, &eve, &["다시 읽을 수 있습니다"]).await, @"
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 합치기 ]
    ── Eve presses [ 철회 ]
    ── Tidings
    “Kaesong gate gets new hinges” 기사를 철회했습니다. 이미 올린 글에서는 줄을 긋습니다.
    [ 되돌리기 ]
    ── Eve presses [ 되돌리기 ]
    ── Tidings
    다시 읽을 수 있습니다. 새로 알리지는 않습니다.
    ");
    stage.over().await;
}

/// What an editor and the bot say to each other where headlines wait, and where one is mended.
async fn a_day(locale: &str) -> String {
    let (stage, eve) = held(locale).await;
    let says = |english: &'static str, korean: &'static str| match locale {
        "en" => english,
        _ => korean,
    };
    let choose = says("Drop or move…", "빼거나 옮기기…");
    let undo = says("Undo", "되돌리기");
    stage.news("2026-11-06.txt", NEWS);
    shown(&stage, &eve, &["Squid counted again"]).await;
    Editor::presses(&eve, choose).await;
    Editor::chooses(&eve, "Squid counted again").await;
    Editor::chooses(&eve, says("Drop it", "빼기")).await;
    Editor::presses(&eve, undo).await;
    Editor::presses(&eve, choose).await;
    Editor::chooses(&eve, "Squid counted again").await;
    let there = says("Move it to Japan", "Japan 섹션으로 옮기기");
    let there = there.replace("Japan", "Inter-Korean relations");
    Editor::chooses(&eve, &there).await;
    // A button of what was there before is none of what is there now.
    shown(&stage, &eve, &["/read_6 (Inter-Korean relations)"]).await;
    Editor::presses(&eve, says("Hold back", "보류")).await;
    // Under the message about what waits: the last deed of all.
    shown(&stage, &eve, &[says("Held back by", "님이 보류함")]).await;
    eve.asks("/read 6").await;
    eve.asks("/read 1").await;
    let words = "Kaesong gate gets two new hinges";
    Editor::writes(&eve, says("Correct", "정정"), &[("title", words)]).await;
    Editor::presses(&eve, undo).await;
    Editor::presses(&eve, undo).await;
    eve.asks("/read 1").await;
    Editor::presses(&eve, says("Move", "옮기기")).await;
    Editor::chooses(&eve, "Japan").await;
    eve.asks("/read 1").await;
    Editor::writes(&eve, says("Join", "합치기"), &[("number", "2")]).await;
    eve.asks("/read 1").await;
    Editor::presses(&eve, says("Split", "떼어 내기")).await;
    eve.asks("/read 1").await;
    Editor::presses(&eve, says("Withdraw", "철회")).await;
    eve.asks("/read 1").await;
    Editor::presses(&eve, says("Publish now", "지금 내보내기")).await;
    let told = shown(&stage, &eve, &[says("Published by", "님이 내보냄")]).await;
    stage.over().await;
    // What tells a question of ours from a headline isn't seen.
    told.replace(['\u{2066}', '\u{2069}'], "")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editors_day_in_english() {
    assert_snapshot!(a_day("en").await, @"
    ── Tidings (edited)
    **digests**

    It is out.
    Published by Eve, Fri 6 Nov 12:00.

    • **Squid counted again**  /read_6 (Inter-Korean relations)
    • **Whales counted too**  /read_7 (Japan)
    [ Withdraw ]
    ── Eve presses [ Drop or move… ]
    ── Tidings
    Which headline?
    [ Squid counted again ]
    [ Whales counted too ]
    ── Eve presses [ Squid counted again ]
    ── Tidings
    “Squid counted again”: drop it, or move it to another section?
    [ Drop it ]
    [ Move it to US–North Korea relations ]
    [ Move it to Inter-Korean relations ]
    [ Move it to Japan ]
    [ Move it to Other news ]
    ── Eve presses [ Drop it ]
    ── Tidings
    “Squid counted again” is dropped. Nobody will see it.
    [ Undo ]
    ── Eve presses [ Undo ]
    ── Tidings
    It waits again.
    ── Eve presses [ Drop or move… ]
    ── Tidings
    Which headline?
    [ Squid counted again ]
    [ Whales counted too ]
    ── Eve presses [ Squid counted again ]
    ── Tidings
    “Squid counted again”: drop it, or move it to another section?
    [ Drop it ]
    [ Move it to US–North Korea relations ]
    [ Move it to Inter-Korean relations ]
    [ Move it to Japan ]
    [ Move it to Other news ]
    ── Eve presses [ Move it to Inter-Korean relations ]
    ── Tidings
    “Squid counted again” will go out in Inter-Korean relations.
    [ Undo ]
    ── Eve presses [ Hold back ]
    ── Tidings
    2 headlines are held back until an editor publishes them.
    ── Eve
    /read 6
    ── Tidings
    **Squid counted again**

    Text of it.

    #6 · Inter-Korean relations · 6 Nov 2026 · from digests

    It waits for the editors: readers don’t see it yet.
    [ Correct ] [ Move ] [ Withdraw ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 4 Nov 2026 · from digests
    [ Correct ] [ Move ] [ Withdraw ]
    [ Join ]
    ── Eve presses [ Correct ]
    ── Tidings
    Correct #1
    Reply to this message with the headline as it should be. What you leave out stays.
    • The second paragraph is the summary: “-” takes it away. A long one goes on in another reply that begins with +.
    • An address in the last line is the link: “link: -” takes it away.
    So far it says:
    Kaesong gate gets new hinges

    They don't squeak.
    (asks for an answer: Headline)
    ── Eve (reply to “Correct #1”)
    Kaesong gate gets two new hinges
    ── Tidings
    It is corrected, whatever its source says: “Kaesong gate gets two new hinges”. Where it was posted, it is edited.
    [ Undo ]
    ── Eve presses [ Undo ]
    ── Tidings
    It says what it said before.
    ── Eve presses [ Undo ]
    ── Tidings
    That has been undone already, by you, Fri 6 Nov 12:00.
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 4 Nov 2026 · from digests
    [ Correct ] [ Move ] [ Withdraw ]
    [ Join ]
    ── Eve presses [ Move ]
    ── Tidings
    Where does “Kaesong gate gets new hinges” belong?
    [ US–North Korea relations ]
    [ Japan ]
    [ Other news ]
    ── Eve presses [ Japan ]
    ── Tidings
    “Kaesong gate gets new hinges” is in Japan now, wherever its source files it. Nothing is posted for that.
    [ Undo ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 4 Nov 2026 · from digests
    [ Correct ] [ Move ] [ Withdraw ]
    [ Join ]
    ── Eve presses [ Join ]
    ── Tidings
    Join #1 to another story
    Reply to this message with the number of an item that tells the same story.
    (asks for an answer: Number of an item that tells the same story)
    ── Eve (reply to “Join #1 to another story”)
    2
    ── Tidings
    “Kaesong gate gets new hinges” and #2 tell one story now.
    [ Undo ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 4 Nov 2026 · from digests

    The same story from another source:

    • **Liaison office gets a door plate (digests)**  /read_2
    [ Correct ] [ Move ] [ Withdraw ]
    [ Split ] [ Join ]
    ── Eve presses [ Split ]
    ── Tidings
    “Kaesong gate gets new hinges” tells a story of its own now.
    [ Undo ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 4 Nov 2026 · from digests
    [ Correct ] [ Move ] [ Withdraw ]
    [ Join ]
    ── Eve presses [ Withdraw ]
    ── Tidings
    “Kaesong gate gets new hinges” is withdrawn. Where it was posted, it is struck out.
    [ Undo ]
    ── Eve
    /read 1
    ── Tidings
    “Kaesong gate gets new hinges” was withdrawn.
    [ Restore ]
    ── Eve presses [ Publish now ]
    ── Tidings
    2 headlines go out now.
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editors_day_in_korean() {
    assert_snapshot!(a_day("ko").await, @"
    ── Tidings (edited)
    **digests**

    나갔습니다.
    Eve 님이 내보냄, 11월 6일(금) 12:00

    • **Squid counted again**  /read_6 (Inter-Korean relations)
    • **Whales counted too**  /read_7 (Japan)
    [ 철회 ]
    ── Eve presses [ 빼거나 옮기기… ]
    ── Tidings
    어느 기사인가요?
    [ Squid counted again ]
    [ Whales counted too ]
    ── Eve presses [ Squid counted again ]
    ── Tidings
    “Squid counted again”: 뺄까요, 다른 섹션으로 옮길까요?
    [ 빼기 ]
    [ US–North Korea relations 섹션으로 옮기기 ]
    [ Inter-Korean relations 섹션으로 옮기기 ]
    [ Japan 섹션으로 옮기기 ]
    [ 그 밖의 소식 섹션으로 옮기기 ]
    ── Eve presses [ 빼기 ]
    ── Tidings
    “Squid counted again” 기사를 뺐습니다. 아무도 보지 못합니다.
    [ 되돌리기 ]
    ── Eve presses [ 되돌리기 ]
    ── Tidings
    다시 기다립니다.
    ── Eve presses [ 빼거나 옮기기… ]
    ── Tidings
    어느 기사인가요?
    [ Squid counted again ]
    [ Whales counted too ]
    ── Eve presses [ Squid counted again ]
    ── Tidings
    “Squid counted again”: 뺄까요, 다른 섹션으로 옮길까요?
    [ 빼기 ]
    [ US–North Korea relations 섹션으로 옮기기 ]
    [ Inter-Korean relations 섹션으로 옮기기 ]
    [ Japan 섹션으로 옮기기 ]
    [ 그 밖의 소식 섹션으로 옮기기 ]
    ── Eve presses [ Inter-Korean relations 섹션으로 옮기기 ]
    ── Tidings
    “Squid counted again” 기사를 옮겼습니다. Inter-Korean relations 섹션으로 나갑니다.
    [ 되돌리기 ]
    ── Eve presses [ 보류 ]
    ── Tidings
    편집자가 내보낼 때까지 기사 2건을 보류합니다.
    ── Eve
    /read 6
    ── Tidings
    **Squid counted again**

    Text of it.

    #6 · Inter-Korean relations · 2026년 11월 6일 · 출처 digests

    편집자를 기다리는 기사입니다. 독자는 아직 볼 수 없습니다.
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 합치기 ]
    ── Eve presses [ 정정 ]
    ── Tidings
    #1 정정
    이 메시지에 답장으로 바른 제목을 써 주세요. 쓰지 않은 것은 그대로 둡니다.
    • 둘째 문단은 요약이 됩니다. “-”만 쓰면 지웁니다. 길면 +로 시작하는 답장에 이어서 써 주세요.
    • 마지막 줄의 주소는 링크가 됩니다. “링크: -”라고 쓰면 지웁니다.
    지금은 이렇습니다:
    Kaesong gate gets new hinges

    They don't squeak.
    (asks for an answer: 제목)
    ── Eve (reply to “#1 정정”)
    Kaesong gate gets two new hinges
    ── Tidings
    이렇게 정정했습니다: “Kaesong gate gets two new hinges”. 출처에서 달리 전해도 그대로 둡니다. 이미 올린 글도 고칩니다.
    [ 되돌리기 ]
    ── Eve presses [ 되돌리기 ]
    ── Tidings
    전에 쓰인 대로 돌아갔습니다.
    ── Eve presses [ 되돌리기 ]
    ── Tidings
    이미 되돌렸습니다. 본인, 11월 6일(금) 12:00
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 합치기 ]
    ── Eve presses [ 옮기기 ]
    ── Tidings
    “Kaesong gate gets new hinges” 기사를 어느 섹션으로 옮길까요?
    [ US–North Korea relations ]
    [ Japan ]
    [ 그 밖의 소식 ]
    ── Eve presses [ Japan ]
    ── Tidings
    “Kaesong gate gets new hinges” 기사를 Japan 섹션으로 옮겼습니다. 출처에서 달리 두어도 그대로 둡니다. 새로 알리지는 않습니다.
    [ 되돌리기 ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 2026년 11월 4일 · 출처 digests
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 합치기 ]
    ── Eve presses [ 합치기 ]
    ── Tidings
    #1 기사를 다른 이야기에 합치기
    이 메시지에 답장으로 같은 이야기를 전하는 기사의 번호를 써 주세요.
    (asks for an answer: 같은 이야기를 전하는 기사의 번호)
    ── Eve (reply to “#1 기사를 다른 이야기에 합치기”)
    2
    ── Tidings
    “Kaesong gate gets new hinges” 기사와 #2 기사는 이제 한 이야기입니다.
    [ 되돌리기 ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 2026년 11월 4일 · 출처 digests

    다른 곳의 같은 소식 1건:

    • **Liaison office gets a door plate (digests)**  /read_2
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 떼어 내기 ] [ 합치기 ]
    ── Eve presses [ 떼어 내기 ]
    ── Tidings
    “Kaesong gate gets new hinges” 기사를 이야기에서 떼어 냈습니다.
    [ 되돌리기 ]
    ── Eve
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Japan · 2026년 11월 4일 · 출처 digests
    [ 정정 ] [ 옮기기 ] [ 철회 ]
    [ 합치기 ]
    ── Eve presses [ 철회 ]
    ── Tidings
    “Kaesong gate gets new hinges” 기사를 철회했습니다. 이미 올린 글에서는 줄을 긋습니다.
    [ 되돌리기 ]
    ── Eve
    /read 1
    ── Tidings
    “Kaesong gate gets new hinges” 기사는 철회되었습니다.
    [ 복원 ]
    ── Eve presses [ 지금 내보내기 ]
    ── Tidings
    기사 2건이 지금 나갑니다.
    ");
}

/// Whoever is in a group would see the link that signs in.
#[tokio::test(flavor = "multi_thread")]
async fn a_group_that_is_told_of_trouble_gets_no_button_to_the_dashboard() {
    let mut stage = Stage::empty(CONFIG);
    let ana = stage.server.person("Ana");
    let told = stage.server.person("Olga").known();
    let group = stage.server.supergroup("Operators").with_owner(&ana);
    let group = group.with_member(&told).with_bot();
    let web =
        "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\ndashboard = true\n[operator]\n";
    let with = |notify: i64| {
        let notify = format!("notify = \"telegram:{notify}\"\n");
        format!("{CONFIG}{web}{notify}{}", FakeTelegram::FAST)
    };
    stage.configure(&with(group.id()));
    stage.archive();
    stage.start().await;
    stage.server.wait_for_menus().await;
    let is_offered = |labels: Vec<Vec<String>>| labels.concat().contains(&"Dashboard".to_owned());
    for person in [&ana, &told] {
        let alone = group.asks_alone(person, "/status").await;
        assert!(!is_offered(alone.labels()), "{}", alone.text);
        let private = person.chat().asks(person, "/status").await;
        assert!(!is_offered(private.labels()), "{}", private.text);
    }
    // The same person's private chat, where that is what is told.
    stage.stop().await;
    stage.configure(&with(told.id()));
    stage.start().await;
    let private = told.chat().asks(&told, "/status").await;
    assert!(is_offered(private.labels()), "{}", private.text);
    stage.over().await;
}
