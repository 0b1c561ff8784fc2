//! What a server reads of each command in the states that it has, in both languages, where the other transcripts don't show it.

use insta::assert_snapshot;

use super::harness::{Stage, said};
use crate::contract::reviews::Editor;
use crate::fakes::discord::{FakeDiscord, Person};
use crate::harness::CONFIG;
use crate::stage::Fake;

const NEWS: &str = "# Japan
    Squid counted again | Text of it. | https://example.org/squid
    Whales counted too | More text.";

/// A manager's channel before anything is followed there, then with a subscription, with news, and paused.
async fn a_channel(locale: &str) -> String {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let mina = discord.manager("Mina").speaking(locale);
    let set = format!("/settings name:locale value:{locale}");
    mina.asks(news, &set).await;
    let empty = [
        "/latest section:more",
        "/search words:volcano",
        "/preview",
        "/roundup",
        "/unsubscribe section:japan",
        "/filter section:japan words:-squid",
        "/unwatch words:envoys",
        "/resume",
        "/timezone",
        "/forget",
    ];
    let mut all = vec![said(&mina, news, &empty).await];
    let followed = [
        "/subscribe section:japan when:daily 13:00",
        "/filter section:japan words:-ferry",
        "/filter section:japan",
        "/filter section:japan words:off",
        "/watch words:envoys",
        "/watch words:envoys",
        "/unwatch words:envoys",
        "/settings name:style value:summaries",
        "/settings name:cap value:0",
        "/settings name:corrections value:off",
    ];
    all.push(said(&mina, news, &followed).await);
    stage.news("2026-11-06.txt", NEWS);
    let with_news = [
        "/search words:squid",
        "/preview",
        "/pause",
        "/preview",
        "/subscriptions",
        "/roundup",
        "/help command:pause",
        "/help command:nonsense",
        "/unsubscribe section:all",
        "/unsubscribe section:japan",
        "/forget confirmation:yes",
    ];
    all.push(said(&mina, news, &with_news).await);
    stage.over().await;
    all.join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_in_english() {
    assert_snapshot!(a_channel("en").await, @r#"
    > /latest section:more
    Nothing in Other news yet.
    [◂ All sections] [Subscribe] [Share]

    > /search words:volcano
    Nothing found for “volcano”. The newest item is from 4 Nov 2026. A beginning may find more: /search volc\*
    [Share]

    > /preview
    This channel follows nothing yet. Try: /subscribe us-nk daily 09:00

    > /roundup
    This channel follows nothing yet. Try: /subscribe us-nk daily 09:00

    > /unsubscribe section:japan
    This channel follows nothing yet. Try: /subscribe japan daily 09:00

    > /filter section:japan words:-squid
    This channel doesn’t follow Japan. To follow it: /subscribe japan daily 09:00

    > /unwatch words:envoys
    There is no watch in this channel. To begin one: /watch summit

    > /resume
    Deliveries to this channel aren’t paused.

    > /timezone
    The time zone of this channel is **UTC**: it is Fri 6 Nov 12:00 there. To change it: /timezone Asia/Seoul

    > /forget
    This erases all settings of this channel for good. To go ahead: /forget yes

    > /subscribe section:japan when:daily 13:00
    This channel now follows **Japan**, daily 13:00 (UTC). Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.
    After that: Sat 7 Nov 13:00, Sun 8 Nov 13:00.
    Times are in UTC; /timezone Asia/Seoul changes that.

    -# /latest japan shows what is there already · /subscriptions lists all

    > /filter section:japan words:-ferry
    This channel now gets from **Japan** only what the filter wants: -ferry. What it leaves out doesn’t come later either. To end it: /filter japan off

    > /filter section:japan
    The filter on **Japan**: -ferry. To end it: /filter japan off

    > /filter section:japan words:off
    The filter on **Japan** is gone: from now on everything comes.

    > /watch words:envoys
    This channel now watches for **“envoys”**, instant: each new headline that holds it, from any section, as soon as it is loaded.

    -# /unwatch envoys ends it · /subscriptions lists all

    > /watch words:envoys
    This channel watches for “envoys” already, instant. To change the time: /watch envoys daily 18:00

    > /unwatch words:envoys
    This channel no longer watches for “envoys”.

    > /settings name:style value:summaries
    style is now **summaries** (what a roundup shows of an item).
    Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.

    > /settings name:cap value:0
    cap can’t be “0”. It can be: 1–100. Try: /settings cap 25

    > /settings name:corrections value:off
    corrections is now **off** (edit posts when a source corrects or takes back what they say).
    Next roundup: Fri 6 Nov 13:00, in 1 hour, if there is news by then.

    > /search words:squid
    │ [Found: squid]
    │ • **[Squid counted again](https://example.org/squid)**
    │ -# 6 Nov 2026 · japan · /read 6
    │ • **Squid counted together**
    │ -# 30 Oct 2026 · japan · /read 5
    │ (2 in all, newest first)
    [Share]

    > /preview
    As of now, the next roundup would look like this:

    **Roundup · Friday 6 November**
    next: <t:1794056400:f> (<t:1794056400:R>)
    ┃ [Japan]
    ┃ • **[Squid counted again](https://example.org/squid)**
    ┃ -# Text of it.
    ┃ • **Whales counted too**
    ┃ -# More text.
    ┃ -# /read 7
    ┃ (2 headlines)

    > /pause
    Deliveries to this channel are paused. What comes in meanwhile is kept; /resume lets it through.

    > /preview
    Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.
    As of now, the next roundup would look like this:

    **Roundup · Friday 6 November**
    next: <t:1794056400:f> (<t:1794056400:R>)
    ┃ [Japan]
    ┃ • **[Squid counted again](https://example.org/squid)**
    ┃ -# Text of it.
    ┃ • **Whales counted too**
    ┃ -# More text.
    ┃ -# /read 7
    ┃ (2 headlines)

    > /subscriptions
    **This channel follows** · times in UTC
    **japan** — Japan · daily 13:00

    Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.

    -# /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    [Share]

    > /roundup
    Deliveries to this channel have been paused since Fri 6 Nov 12:00. /resume lets them go on.

    > /help command:pause
    **</pause:900000000000000015> \[how long\]** — stop deliveries, for a while or until /resume; nothing is lost

    For example: /pause 3d
    How long: 12h · 3d · 2 weeks · until monday · until 18:00
    [Share]

    > /help command:nonsense
    There is no command /nonsense. /help lists those there are.

    > /unsubscribe section:all
    This channel no longer follows Japan. It follows nothing now.

    > /unsubscribe section:japan
    This channel follows nothing yet. Try: /subscribe japan daily 09:00

    > /forget confirmation:yes
    Everything kept about this channel is erased. /subscribe begins anew.
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_in_korean() {
    assert_snapshot!(a_channel("ko").await, @r#"
    > /latest section:more
    그 밖의 소식에는 아직 소식이 없습니다.
    [◂ 모든 섹션] [구독] [공유]

    > /search words:volcano
    “volcano” 검색 결과가 없습니다. 가장 최근 기사는 2026년 11월 4일 것입니다. 앞부분만으로 찾으려면: /search volc\*
    [공유]

    > /preview
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00

    > /roundup
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00

    > /unsubscribe section:japan
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe japan daily 09:00

    > /filter section:japan words:-squid
    이 채널에서 구독하지 않는 섹션입니다: Japan. 구독하려면: /subscribe japan daily 09:00

    > /unwatch words:envoys
    이 채널에서 지켜보는 단어가 없습니다. 시작하려면: /watch 회담

    > /resume
    이 채널에는 소식 보내기가 멈춰 있지 않습니다.

    > /timezone
    이 채널의 시간대는 **UTC**이고, 그곳은 지금 11월 6일(금) 12:00입니다. 바꾸려면: /timezone Asia/Seoul

    > /forget
    이 채널의 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes

    > /subscribe section:japan when:daily 13:00
    이 채널에서 **Japan** 구독을 시작했습니다: daily 13:00 (UTC). 다음 모음: 11월 6일(금) 13:00(1시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 7일(토) 13:00, 11월 8일(일) 13:00.
    시각은 UTC 기준입니다. 바꾸려면: /timezone Asia/Seoul

    -# 이미 있는 기사: /latest japan · 구독 목록: /subscriptions

    > /filter section:japan words:-ferry
    이 채널의 **Japan** 소식은 이제 필터에 맞는 것만 옵니다: -ferry. 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter japan off

    > /filter section:japan
    **Japan** 필터: -ferry. 없애려면: /filter japan off

    > /filter section:japan words:off
    **Japan** 필터를 없앴습니다. 이제 모두 옵니다.

    > /watch words:envoys
    이 채널에서 지켜보기 시작했습니다: **“envoys”**, instant. 어느 섹션이든 단어가 모두 든 새 기사를 수집하는 대로 보냅니다.

    -# 끝내기: /unwatch envoys · 구독 목록: /subscriptions

    > /watch words:envoys
    이미 지켜보고 있습니다: “envoys”, instant. 일정을 바꾸려면: /watch envoys daily 18:00

    > /unwatch words:envoys
    이 채널에서 이제 지켜보지 않습니다: “envoys”.

    > /settings name:style value:summaries
    style 설정을 바꿨습니다: **summaries** · 모음에 보일 것
    다음 모음: 11월 6일(금) 13:00(1시간 뒤), 그때까지 새 소식이 있으면 보냅니다.

    > /settings name:cap value:0
    cap에 “0” 값은 쓸 수 없습니다. 쓸 수 있는 값: 1–100. 예: /settings cap 25

    > /settings name:corrections value:off
    corrections 설정을 바꿨습니다: **꺼짐** · 출처가 고치거나 철회한 소식을 올린 글에서도 고치기
    다음 모음: 11월 6일(금) 13:00(1시간 뒤), 그때까지 새 소식이 있으면 보냅니다.

    > /search words:squid
    │ [검색: squid]
    │ • **[Squid counted again](https://example.org/squid)**
    │ -# 2026년 11월 6일 · japan · /read 6
    │ • **Squid counted together**
    │ -# 2026년 10월 30일 · japan · /read 5
    │ (모두 2건, 최신순)
    [공유]

    > /preview
    지금 보낸다면 다음 모음은 이렇습니다:

    **뉴스 모음 · 11월 6일 금요일**
    다음: <t:1794056400:f> (<t:1794056400:R>)
    ┃ [Japan]
    ┃ • **[Squid counted again](https://example.org/squid)**
    ┃ -# Text of it.
    ┃ • **Whales counted too**
    ┃ -# More text.
    ┃ -# /read 7
    ┃ (기사 2건)

    > /pause
    이 채널에 소식 보내기를 멈췄습니다. 그동안의 소식은 보관합니다. 다시 받으려면: /resume

    > /preview
    이 채널에는 11월 6일(금) 12:00부터 소식을 보내지 않고 있습니다. 다시 시작하려면: /resume
    지금 보낸다면 다음 모음은 이렇습니다:

    **뉴스 모음 · 11월 6일 금요일**
    다음: <t:1794056400:f> (<t:1794056400:R>)
    ┃ [Japan]
    ┃ • **[Squid counted again](https://example.org/squid)**
    ┃ -# Text of it.
    ┃ • **Whales counted too**
    ┃ -# More text.
    ┃ -# /read 7
    ┃ (기사 2건)

    > /subscriptions
    **이 채널의 구독** · UTC 기준
    **japan** — Japan · daily 13:00

    이 채널에는 11월 6일(금) 12:00부터 소식을 보내지 않고 있습니다. 다시 시작하려면: /resume

    -# 일정 바꾸기: /schedule japan daily 09:00 · 다음 모음 보기: /preview
    [공유]

    > /roundup
    이 채널에는 11월 6일(금) 12:00부터 소식을 보내지 않고 있습니다. 다시 시작하려면: /resume

    > /help command:pause
    **</pause:900000000000000015> \[how long\]** — 소식 멈추기: 정한 때까지, 또는 다시 받을 때까지(놓치는 소식 없음)

    예: /pause 3d
    기간: 12시간 · 3일 · 2주 · 월요일까지 · 18:00까지
    [공유]

    > /help command:nonsense
    /nonsense 명령은 없습니다. 명령 목록: /help

    > /unsubscribe section:all
    이 채널에서 Japan 구독을 취소했습니다. 남은 구독이 없습니다.

    > /unsubscribe section:japan
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe japan daily 09:00

    > /forget confirmation:yes
    이 채널에 관한 기록을 모두 지웠습니다. 새로 시작하려면: /subscribe
    "#);
}

/// What an editor reads in a direct message from the first word of what waits on.
async fn a_day(locale: &str) -> String {
    let says = |english: &'static str, korean: &'static str| match locale {
        "en" => english,
        _ => korean,
    };
    let mut stage = Stage::empty(CONFIG);
    let eve = stage.server.reader("Eve").speaking(locale);
    let editors = format!("editors = [\"{}\"]", eve.key());
    let defaults = format!("[defaults]\nlocale = \"{locale}\"");
    stage.configure(&format!(
        "{CONFIG}hold = \"30m\"\n[operator]\n{editors}\n{defaults}\n{}",
        FakeDiscord::FAST
    ));
    stage.archive();
    stage.start().await;
    stage.news("2026-11-06.txt", NEWS);
    let waits = || eve.is_offered(says("Hold back", "보류")).then_some(());
    stage.run(stage.seen("what waits", waits)).await;
    let told = |eve: &Person| eve.sees().pop().unwrap_or_default();
    let mut all = vec![told(&eve)];
    for label in [
        says("Drop or move…", "빼거나 옮기기…"),
        says("Hold back", "보류"),
    ] {
        Editor::presses(&eve, label).await;
        all.push(format!("> {label}\n{}", told(&eve)));
    }
    for item in [6, 1] {
        all.push(format!("> /read {item}\n{}", eve.reads(item).await));
    }
    let join = says("Join", "합치기");
    for written in ["둘", "4711", "2"] {
        eve.reads(1).await;
        eve.writes(join, &[("number", written)]).await;
        all.push(format!("> {join}: {written}\n{}", told(&eve)));
    }
    let correct = says("Correct", "정정");
    for title in ["?!", "Kaesong gate gets two new hinges"] {
        eve.reads(1).await;
        eve.writes(correct, &[("title", title)]).await;
        all.push(format!("> {correct}: {title}\n{}", told(&eve)));
    }
    for label in [
        says("Undo", "되돌리기"),
        says("Withdraw", "철회"),
        says("Publish now", "지금 내보내기"),
    ] {
        if label == says("Withdraw", "철회") {
            eve.reads(1).await;
        }
        Editor::presses(&eve, label).await;
        all.push(format!("> {label}\n{}", told(&eve)));
    }
    let out = || {
        let out = says("Published by", "님이 내보냄");
        eve.sees().into_iter().find(|text| text.contains(out))
    };
    all.push(stage.run(stage.seen("it is out", out)).await);
    stage.over().await;
    all.join("\n\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editors_day_in_english() {
    assert_snapshot!(a_day("en").await, @r#"

    digests: before it goes out
    2 headlines wait; they go out from Fri 6 Nov 12:30 UTC on, unless you hold them back.
    • Squid counted again (Japan)
    • Whales counted too (Japan)
    /read 7

    > Drop or move…
    Which headline?

    > Hold back
    2 headlines are held back until an editor publishes them.

    > /read 6
    │ [Squid counted again]
    │ Text of it.
    │
    │ <https://example.org/squid>
    │
    │ -# \#6 · Japan · 6 Nov 2026 · from digests
    │
    │ It waits for the editors: readers don’t see it yet.
    [Correct] [Move] [Withdraw]

    > /read 1
    │ [Kaesong gate gets new hinges]
    │ They don't squeak.
    │
    │ -# \#1 · Inter-Korean relations · 4 Nov 2026 · from digests
    [Correct] [Move] [Withdraw] [Join]

    > Join: 둘
    “둘” isn’t an item’s number. It stands beside each headline, such as 12.

    > Join: 4711
    There is no item of that number.

    > Join: 2
    “Kaesong gate gets new hinges” and #2 tell one story now.

    > Correct: ?!
    A headline needs a letter or a digit.

    > Correct: Kaesong gate gets two new hinges
    It is corrected, whatever its source says: “Kaesong gate gets two new hinges”. Where it was posted, it is edited.

    > Undo
    It says what it said before.

    > Withdraw
    “Kaesong gate gets new hinges” is withdrawn. Where it was posted, it is struck out.

    > Publish now
    2 headlines go out now.


    digests
    It is out.
    Published by Eve, Fri 6 Nov 12:00.
    • Squid counted again (Japan)
    • Whales counted too (Japan)
    /read 7
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editors_day_in_korean() {
    assert_snapshot!(a_day("ko").await, @r#"

    digests: 내보내기 전
    기사 2건이 기다립니다. 보류하지 않으면 11월 6일(금) 12:30 UTC부터 나갑니다.
    • Squid counted again (Japan)
    • Whales counted too (Japan)
    /read 7

    > 빼거나 옮기기…
    어느 기사인가요?

    > 보류
    편집자가 내보낼 때까지 기사 2건을 보류합니다.

    > /read 6
    │ [Squid counted again]
    │ Text of it.
    │
    │ <https://example.org/squid>
    │
    │ -# \#6 · Japan · 2026년 11월 6일 · 출처 digests
    │
    │ 편집자를 기다리는 기사입니다. 독자는 아직 볼 수 없습니다.
    [정정] [옮기기] [철회]

    > /read 1
    │ [Kaesong gate gets new hinges]
    │ They don't squeak.
    │
    │ -# \#1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    [정정] [옮기기] [철회] [합치기]

    > 합치기: 둘
    “둘” 같은 기사 번호는 없습니다. 번호는 제목 옆에 있습니다. 예: 12

    > 합치기: 4711
    그 번호의 기사는 없습니다.

    > 합치기: 2
    “Kaesong gate gets new hinges” 기사와 #2 기사는 이제 한 이야기입니다.

    > 정정: ?!
    제목에는 글자나 숫자가 있어야 합니다.

    > 정정: Kaesong gate gets two new hinges
    이렇게 정정했습니다: “Kaesong gate gets two new hinges”. 출처에서 달리 전해도 그대로 둡니다. 이미 올린 글도 고칩니다.

    > 되돌리기
    전에 쓰인 대로 돌아갔습니다.

    > 철회
    “Kaesong gate gets new hinges” 기사를 철회했습니다. 이미 올린 글에서는 줄을 긋습니다.

    > 지금 내보내기
    기사 2건이 지금 나갑니다.


    digests
    나갔습니다.
    Eve 님이 내보냄, 11월 6일(금) 12:00
    • Squid counted again (Japan)
    • Whales counted too (Japan)
    /read 7
    "#);
}
