//! What editors read: the message about what waits for them, and items that they mend, in both languages.

use insta::assert_snapshot;

use super::harness::Stage;
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
    Held back by telegram:7, Fri 6 Nov 12:00.

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
    Published by telegram:7, Fri 6 Nov 12:00.

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
    telegram:7 님이 보류함, 11월 6일(금) 12:00

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
    telegram:7 님이 내보냄, 11월 6일(금) 12:00

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
