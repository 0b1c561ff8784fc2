//! Korean as people read it on a phone: each command in the states that it has.

use insta::assert_snapshot;

use super::harness::{Stage, said};

const NEWS: &str = "# US-NK Relations
    제네바에서 실무 협상 열려 | 이틀 동안 이어진다. | https://example.org/geneva
    Talks go on | They do.
    # Japan
    도쿄, 오징어 수 발표 | 많다.";

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sets_a_channel_up() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let mina = discord.manager("Mina").speaking("ko");
    let lines = [
        "/latest section:us-nk count:2",
        "/read number:1",
        "/search words:volcano",
        "/sections",
        "/subscriptions",
        "/status",
        "/subscribe section:us-nk when:daily 09:00",
        "/subscribe section:us-nk when:매일 오전 9시",
        "/timezone zone:Asia/Seoul",
        "/subscribe section:japan when:daily 09:00",
        "/settings name:locale value:ko",
        "/watch words:\"실무 협상\" 특사",
        "/subscriptions",
        "/pause how-long:3일",
        "/status",
        "/resume",
        "/help",
    ];
    assert_snapshot!(said(&mina, news, &lines).await, @r#"
    > /latest section:us-nk count:2
    │ [US–North Korea relations]
    │ • **Liaison office gets a door plate**
    │ -# 2026년 11월 4일 · /read 2
    │ • **Envoys meet in Geneva for a second day**
    │ -# 2026년 10월 30일 · /read 3
    │ (3건 중 2건, 최신순)
    [◂ 모든 섹션] [이전 소식 ▸] [구독] [공유]

    > /read number:1
    │ [Kaesong gate gets new hinges]
    │ They don't squeak.
    │
    │ -# \#1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    [공유]

    > /search words:volcano
    “volcano” 검색 결과가 없습니다. 가장 최근 기사는 2026년 11월 4일 것입니다. 앞부분만으로 찾으려면: /search volc\*
    [공유]

    > /sections
    **섹션 4개** · 기사 5건
    **us-nk** — US–North Korea relations · 3건 · 2026년 11월 4일
    **inter-korean** — Inter-Korean relations · 1건 · 2026년 11월 4일
    **japan** — Japan · 1건 · 2026년 10월 30일
    **more** — 그 밖의 소식 · 비어 있음

    -# 섹션 하나 보기: /latest us-nk · 구독하기: /subscribe us-nk daily 09:00
    [공유]

    > /subscriptions
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00
    [공유]

    > /status
    마지막 수집: 방금(출처 1곳, 기사 5건).
    이 채널에서 구독하는 것이 없어 예정된 모음도 없습니다.
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    [공유]

    > /subscribe section:us-nk when:daily 09:00
    이 채널에서 **US–North Korea relations** 구독을 시작했습니다: daily 09:00 (UTC). 다음 모음: 11월 7일(토) 09:00(21시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 8일(일) 09:00, 11월 9일(월) 09:00.
    시각은 UTC 기준입니다. 바꾸려면: /timezone Asia/Seoul

    -# 이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions

    > /subscribe section:us-nk when:매일 오전 9시
    이 채널에서 이미 **US–North Korea relations** 구독 중입니다: daily 09:00 (UTC). 일정을 바꾸려면: /schedule us-nk daily 18:00

    > /timezone zone:Asia/Seoul
    이 채널의 시간대는 이제 **Asia/Seoul**이고, 그곳은 지금 11월 6일(금) 21:00입니다.
    다음 모음: 11월 7일(토) 09:00(12시간 뒤), 그때까지 새 소식이 있으면 보냅니다.

    > /subscribe section:japan when:daily 09:00
    이 채널에서 **Japan** 구독을 시작했습니다: daily 09:00 (Asia/Seoul). 다음 모음: 11월 7일(토) 09:00(12시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 8일(일) 09:00, 11월 9일(월) 09:00.

    -# 이미 있는 기사: /latest japan · 구독 목록: /subscriptions

    > /settings name:locale value:ko
    locale 설정을 바꿨습니다: **ko** · 여기에 올리는 글의 언어
    다음 모음: 11월 7일(토) 09:00(12시간 뒤), 그때까지 새 소식이 있으면 보냅니다.

    > /watch words:"실무 협상" 특사
    이 채널에서 지켜보기 시작했습니다: **"실무 협상" 특사**, instant. 어느 섹션이든 단어가 모두 든 새 기사를 수집하는 대로 보냅니다.

    -# 끝내기: /unwatch "실무 협상" 특사 · 구독 목록: /subscriptions

    > /subscriptions
    **이 채널의 구독** · Asia/Seoul 기준
    **us-nk** — US–North Korea relations · daily 09:00 · 다음 11월 7일(토) 09:00
    **japan** — Japan · daily 09:00 · 다음 11월 7일(토) 09:00
    **"실무 협상" 특사** — 지켜보기 · instant

    -# 일정 바꾸기: /schedule us-nk daily 18:00 · 다음 모음 보기: /preview
    [공유]

    > /pause how-long:3일
    이 채널에 11월 9일(월) 21:00(Asia/Seoul, 3일 뒤)까지 소식을 보내지 않습니다. 그동안의 소식은 보관했다가 그때 보냅니다. 더 일찍 받으려면: /resume

    > /status
    마지막 수집: 방금(출처 1곳, 기사 5건).
    이 채널에는 11월 6일(금) 21:00부터 소식을 보내지 않고 있으며, 11월 9일(월) 21:00에 다시 보냅니다. 더 일찍 받으려면: /resume
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    [공유]

    > /resume
    소식을 다시 보냅니다. 다음 모음: 11월 7일(토) 09:00(12시간 뒤), 그때까지 새 소식이 있으면 보냅니다.

    > /help
    Tidings는 뉴스 모음을 채팅으로 전해 드립니다. 읽기: /latest, 찾기: /search, 섹션 구독: /subscribe
    **</latest:900000000000000001> \[section\] \[count\]** — 섹션(또는 전체)의 최신 기사
    **</read:900000000000000002> \<number\> \[page\]** — 기사 하나 전체 보기
    **</sections:900000000000000003>** — 섹션 목록
    **</search:900000000000000004> \<words\>** — 보관된 기사 검색: 단어, "구절", 앞부분\*
    **</subscriptions:900000000000000007>** — 이 채널의 구독과 다음 시각
    **</status:900000000000000019>** — 마지막 수집, 다음 모음, 대기, 문제
    **</help:900000000000000020> \[command\]** — 봇 소개와 명령 목록

    관리자는 이것도 쓸 수 있습니다:

    -# </subscribe:900000000000000005> · </unsubscribe:900000000000000006> · </schedule:900000000000000008> · </filter:900000000000000009> · </watch:900000000000000010> · </unwatch:900000000000000011> · </timezone:900000000000000012> · </preview:900000000000000013> · </roundup:900000000000000014> · </pause:900000000000000015> · </resume:900000000000000016> · </settings:900000000000000017> · </forget:900000000000000018>

    -# 명령 하나를 자세히: /help subscribe
    [공유]
    "#);
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at("2026-11-07T00:00[UTC]");
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    **뉴스 모음 · 11월 7일 토요일**
    기사 3건 · 다음: <t:1794096000:f> (<t:1794096000:R>)
    ┃ [US–North Korea relations]
    ┃ • **[제네바에서 실무 협상 열려](https://example.org/geneva)**
    ┃ • **Talks go on**
    ┃ -# /read 7
    ┃ (기사 2건)
    ┃ [Japan]
    ┃ • **도쿄, 오징어 수 발표**
    ┃ -# /read 8
    ┃ (기사 1건)
    ⟨읽기…: 제네바에서 실무 협상 열려 | Talks go on | 도쿄, 오징어 수 발표⟩
    [요약 읽기] [검색]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_with_an_example() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let mina = discord.manager("Mina").speaking("ko");
    let lines = [
        "/latest section:us-nkk",
        "/read number:4711",
        "/subscribe section:us-nk when:daily 25:00",
        "/subscribe section:us-nk when:가끔",
        "/schedule section:us-nk when:daily 08:00",
        "/unsubscribe section:us-nk",
        "/pause how-long:잠깐",
        "/timezone zone:KST",
        "/settings name:style value:그림",
        "/filter section:us-nk words:특사",
        "/forget",
    ];
    assert_snapshot!(said(&mina, news, &lines).await, @r"
    > /latest section:us-nkk
    “us-nkk” 섹션은 없습니다. 혹시 **us-nk**인가요? 4개 모두 보기: /sections

    > /read number:4711
    4711번 기사는 없습니다. 최신 기사: /latest

    > /subscribe section:us-nk when:daily 25:00
    “25:00” 같은 시각은 없습니다. 예: /subscribe us-nk daily 09:00

    > /subscribe section:us-nk when:가끔
    “가끔” 같은 일정은 없습니다. 쓸 수 있는 일정: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 \* \* 1-5. 예: /subscribe us-nk daily 09:00

    > /schedule section:us-nk when:daily 08:00
    이 채널에서 구독하지 않는 섹션입니다: US–North Korea relations. 구독하려면: /subscribe us-nk daily 08:00

    > /unsubscribe section:us-nk
    이 채널에서 아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00

    > /pause how-long:잠깐
    “잠깐” 같은 기간이나 시각은 알 수 없습니다. 예: /pause 3일, /pause 월요일까지, /pause 18:00까지

    > /timezone zone:KST
    “KST”만으로는 시간대를 정할 수 없습니다. 이런 시간대일 수 있습니다: Asia/Seoul. 예: /timezone Asia/Seoul

    > /settings name:style value:그림
    style에 “그림” 값은 쓸 수 없습니다. 쓸 수 있는 값: headlines, summaries, cards. 예: /settings style headlines

    > /filter section:us-nk words:특사
    이 채널에서 구독하지 않는 섹션입니다: US–North Korea relations. 구독하려면: /subscribe us-nk daily 09:00

    > /forget
    이 채널에 관해 보관하는 것이 없습니다.
    ");
    let reader = discord.reader("Rae").speaking("ko");
    let lines = ["/subscribe section:us-nk", "/pause", "/status"];
    assert_snapshot!(said(&reader, news, &lines).await, @"
    > /subscribe section:us-nk
    서버 관리하기 권한이 있는 사람만 이 서버 채널의 구독을 바꿀 수 있습니다.

    > /pause
    서버 관리하기 권한이 있는 사람만 이 서버 채널의 구독을 바꿀 수 있습니다.

    > /status
    마지막 수집: 방금(출처 1곳, 기사 5건).
    이 채널에서 구독하는 것이 없어 예정된 모음도 없습니다.
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    [공유]
    ");
    stage.over().await;
}
