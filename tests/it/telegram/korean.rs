//! Korean as people read it on a phone: each command in the states that it has.

use insta::assert_snapshot;

use super::harness::Stage;
use super::roundups::shown;
use crate::fakes::telegram::Person;

const NINE: &str = "2026-11-07T00:00[UTC]";

const NEWS: &str = "# US-NK Relations
    제네바에서 실무 협상 열려 | 이틀 동안 이어진다. | https://example.org/geneva
    Talks go on | They do.
    # Japan
    도쿄, 오징어 수 발표 | 많다.";

/// What a private chat holds once somebody has said all of it.
async fn said(person: &Person, lines: &[&str]) -> String {
    for line in lines {
        person.asks(line).await;
    }
    person.chat().transcript()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_reads_and_follows() {
    let stage = Stage::new().await;
    let ji = stage.server.person("지은").speaking("ko").known();
    let lines = [
        "/latest us-nk 2",
        "/latest",
        "/read 1",
        "/search 남북",
        "/search volcano",
        "/search geneva volcano",
        "/sections",
        "/subscriptions",
        "/subscribe us-nk daily 09:00",
        "/subscribe us-nk 매일 오전 9시",
        "/timezone Asia/Seoul",
        "/subscribe japan 바로",
        "/watch 특사",
        "/filter japan -오징어",
        "/subscriptions",
        "/unsubscribe japan",
        "/unsubscribe us-nk",
    ];
    assert_snapshot!(said(&ji, &lines).await, @"
    ── 지은
    /latest us-nk 2
    ── Tidings
    **US–North Korea relations** · 3건 중 2건, 최신순

    • **Liaison office gets a door plate**
      2026년 11월 4일 · /read_2
    • **Envoys meet in Geneva for a second day**
      2026년 10월 30일 · /read_3
    [ ◂ 모든 섹션 ]
    [ 이전 소식 ▸ ]
    [ 구독 ]
    ── 지은
    /latest
    ── Tidings
    **최신 기사** · 5건 중 5건, 최신순

    • **Kaesong gate gets new hinges**
      2026년 11월 4일 · inter-korean · /read_1
    • **Liaison office gets a door plate**
      2026년 11월 4일 · us-nk · /read_2
    • **Envoys meet in Geneva for a second day**
      2026년 10월 30일 · us-nk · /read_3
    • **U.S. letter draws a reply**
      2026년 10월 30일 · us-nk · /read_4
    • **Squid counted together**
      2026년 10월 30일 · japan · /read_5
    [ US–North Korea relations ] [ Inter-Korean relations ]
    [ Japan ]
    [ 구독 ]
    ── 지은
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 2026년 11월 4일 · 출처 digests
    ── 지은
    /search 남북
    ── Tidings
    “남북” 검색 결과가 없습니다. 가장 최근 기사는 2026년 11월 4일 것입니다. 최신 기사: /latest
    ── 지은
    /search volcano
    ── Tidings
    “volcano” 검색 결과가 없습니다. 가장 최근 기사는 2026년 11월 4일 것입니다. 앞부분만으로 찾으려면: /search volc*
    ── 지은
    /search geneva volcano
    ── Tidings
    “geneva volcano” 검색 결과가 없습니다. 가장 최근 기사는 2026년 11월 4일 것입니다. 단어를 줄이거나 회담*처럼 앞부분만 쓰면 더 찾을 수 있습니다.
    ── 지은
    /sections
    ── Tidings
    **섹션 4개** · 기사 5건

    **us-nk** — US–North Korea relations · 3건 · 2026년 11월 4일
    **inter-korean** — Inter-Korean relations · 1건 · 2026년 11월 4일
    **japan** — Japan · 1건 · 2026년 10월 30일
    **more** — 그 밖의 소식 · 비어 있음

    섹션 하나 보기: /latest us-nk · 구독하기: /subscribe us-nk daily 09:00
    ── 지은
    /subscriptions
    ── Tidings
    아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00
    ── 지은
    /subscribe us-nk daily 09:00
    ── Tidings
    이 채팅에서 **US–North Korea relations** 구독을 시작했습니다: daily 09:00 (UTC). 다음 모음: 11월 7일(토) 09:00(21시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 8일(일) 09:00, 11월 9일(월) 09:00.
    시각은 UTC 기준입니다. 바꾸려면: /timezone Asia/Seoul

    이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions
    ── 지은
    /subscribe us-nk 매일 오전 9시
    ── Tidings
    이미 **US–North Korea relations** 구독 중입니다: daily 09:00 (UTC). 일정을 바꾸려면: /schedule us-nk daily 18:00
    ── 지은
    /timezone Asia/Seoul
    ── Tidings
    이 채팅의 시간대는 이제 **Asia/Seoul**이고, 그곳은 지금 11월 6일(금) 21:00입니다.
    다음 모음: 11월 7일(토) 09:00(12시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    ── 지은
    /subscribe japan 바로
    ── Tidings
    이 채팅에서 **Japan** 구독을 시작했습니다: instant. 새 기사를 수집하는 대로 보냅니다.

    이미 있는 기사: /latest japan · 구독 목록: /subscriptions
    ── 지은
    /watch 특사
    ── Tidings
    이 채팅에서 지켜보기 시작했습니다: **“특사”**, instant. 어느 섹션이든 단어가 모두 든 새 기사를 수집하는 대로 보냅니다.

    끝내기: /unwatch 특사 · 구독 목록: /subscriptions
    ── 지은
    /filter japan -오징어
    ── Tidings
    이 채팅의 **Japan** 소식은 이제 필터에 맞는 것만 옵니다: -오징어. 걸러진 기사는 나중에도 오지 않습니다. 없애려면: /filter japan off
    ── 지은
    /subscriptions
    ── Tidings
    **구독 목록** · Asia/Seoul 기준

    **us-nk** — US–North Korea relations · daily 09:00 · 다음 11월 7일(토) 09:00
    **japan** — Japan · instant · 필터: -오징어
    **특사** — 지켜보기 · instant

    일정 바꾸기: /schedule us-nk daily 18:00 · 다음 모음 보기: /preview
    ── 지은
    /unsubscribe japan
    ── Tidings
    이 채팅에서 Japan 구독을 취소했습니다. 남은 구독: US–North Korea relations, “특사”.
    ── 지은
    /unsubscribe us-nk
    ── Tidings
    이 채팅에서 US–North Korea relations 구독을 취소했습니다. 남은 구독: “특사”.
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roundups_and_how_things_stand() {
    let stage = Stage::new().await;
    let ji = stage.server.person("지은").speaking("ko").known();
    let lines = ["/status", "/preview", "/roundup"];
    assert_snapshot!(said(&ji, &lines).await, @"
    ── 지은
    /status
    ── Tidings
    마지막 수집: 방금(출처 1곳, 기사 5건).
    아직 구독하는 것이 없어 예정된 모음도 없습니다.
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    ── 지은
    /preview
    ── Tidings
    아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00
    ── 지은
    /roundup
    ── Tidings
    아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00
    ");
    for line in [
        "/timezone Asia/Seoul",
        "/subscribe all daily 09:00",
        "/settings",
    ] {
        ji.asks(line).await;
    }
    ji.asks("/settings style summaries").await;
    assert_snapshot!(shown(&ji.chat(), "이 채팅의 설정"), @"
    이 채팅의 설정**

    **style** — headlines · 모음에 보일 것: headlines(제목) 또는 summaries(요약)
    **silent** — 꺼짐 · 소리 없이 올리기
    **previews** — 꺼짐 · 링크 미리보기 보이기
    **locale** — ko · 언어: en 또는 ko
    **cap** — 25 · 모음 하나의 최대 기사 수
    **duplicates** — 꺼짐 · 같은 소식을 첫 기사만이 아니라 모두 받기
    **corrections** — 켜짐 · 출처가 고치거나 철회한 소식을 올린 글에서도 고치기
    **buttons** — 켜짐 · 모음 아래의 버튼과 메뉴

    설정 바꾸기: /settings style summaries · 시간대 정하기: /timezone
    ");
    let before = ji.chat().sent();
    stage.news("weekly-november-6-2026.txt", NEWS);
    stage.at(NINE);
    ji.chat().wait_for_messages(before + 1).await;
    assert_snapshot!(shown(&ji.chat(), "**뉴스 모음"), @"
    **뉴스 모음 · 11월 7일 토요일**

    **US–North Korea relations**
    • **[제네바에서 실무 협상 열려](https://example.org/geneva)**
    >> 이틀 동안 이어진다.
    • **Talks go on**  /read_7
    >> They do.

    **Japan**
    • **도쿄, 오징어 수 발표**  /read_8
    >> 많다.

    기사 3건 · 다음: 11월 8일(일) 09:00 Seoul
    [ 검색 ]
    ");
    let before = ji.chat().transcript().len();
    let lines = [
        "/preview",
        "/pause 3일",
        "/status",
        "/pause",
        "/resume",
        "/forget",
        "/help",
        "/help pause",
    ];
    assert_snapshot!(said(&ji, &lines).await[before..], @r#"
    ── 지은
    /preview
    ── Tidings
    11월 7일(토) 09:00 모음 뒤로 들어온 새 소식이 없습니다.
    최신 기사로 만들면 이런 모습입니다:

    **뉴스 모음 · 11월 8일 일요일**

    **US–North Korea relations**
    • **[제네바에서 실무 협상 열려](https://example.org/geneva)**
    >> 이틀 동안 이어진다.
    • **Talks go on**  /read_7
    >> They do.

    **Japan**
    • **도쿄, 오징어 수 발표**  /read_8
    >> 많다.

    기사 3건 · 다음: 11월 9일(월) 09:00 Seoul
    ── 지은
    /pause 3일
    ── Tidings
    이 채팅에 11월 10일(화) 09:00(Asia/Seoul, 3일 뒤)까지 소식을 보내지 않습니다. 그동안의 소식은 보관했다가 그때 보냅니다. 더 일찍 받으려면: /resume
    ── 지은
    /status
    ── Tidings
    마지막 수집: 12시간 전(출처 1곳, 기사 8건).
    이 채팅에는 11월 7일(토) 09:00부터 소식을 보내지 않고 있으며, 11월 10일(화) 09:00에 다시 보냅니다. 더 일찍 받으려면: /resume
    보내려고 대기 중인 글이 없습니다.
    출처 digests: 정상.
    ── 지은
    /pause
    ── Tidings
    이제 /resume 명령을 쓸 때까지 이 채팅에 소식을 보내지 않습니다.
    ── 지은
    /resume
    ── Tidings
    소식을 다시 보냅니다. 다음 모음: 11월 8일(일) 09:00(24시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    ── 지은
    /forget
    ── Tidings
    이 채팅의 구독 1개와 모든 설정을 완전히 지웁니다. 계속하려면: /forget yes
    ── 지은
    /help
    ── Tidings
    Tidings는 뉴스 모음을 채팅으로 전해 드립니다. 읽기: /latest, 찾기: /search, 섹션 구독: /subscribe

    **/latest [section] [count]** — 섹션(또는 전체)의 최신 기사
    **/read <number> [page]** — 기사 하나 전체 보기
    **/sections** — 섹션 목록
    **/search <words>** — 보관된 기사 검색: 단어, "구절", 앞부분*
    **/subscriptions** — 구독 목록과 다음 시각
    **/status** — 마지막 수집, 다음 모음, 대기, 문제
    **/help [command]** — 봇 소개와 명령 목록

    받아 볼 소식을 정하려면:

    /subscribe · /unsubscribe · /schedule · /filter · /watch · /unwatch · /timezone · /preview · /roundup · /pause · /resume · /settings · /forget

    명령 하나를 자세히: /help subscribe
    ── 지은
    /help pause
    ── Tidings
    **/pause [how long]** — 소식 멈추기: 정한 때까지, 또는 다시 받을 때까지(놓치는 소식 없음)

    예: /pause 3d
    기간: 12시간 · 3일 · 2주 · 월요일까지 · 18:00까지
    "#);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_answered_with_an_example() {
    let stage = Stage::new().await;
    let ji = stage.server.person("지은").speaking("ko").known();
    let lines = [
        "/latset",
        "/",
        "/latest us-nkk",
        "/latest us-nk 0",
        "/read 문",
        "/read 4711",
        "/subscribe",
        "/subscribe us-nk daily 25:00",
        "/subscribe us-nk 가끔",
        "/schedule us-nk daily 08:00",
        "/unsubscribe us-nk",
        "/pause 잠깐",
        "/timezone KST",
        "/timezone 서울특별시",
        "/settings 색깔",
        "/settings style 그림",
        "/filter us-nk 특사",
        "/watch",
        "/unwatch",
        "/search ☃",
        "/sections 일본",
    ];
    assert_snapshot!(said(&ji, &lines).await, @r#"
    ── 지은
    /latset
    ── Tidings
    /latset 명령은 없습니다. 혹시 /latest 명령인가요? 명령 목록: /help
    ── 지은
    /
    ── Tidings
    저는 /latest 같은 명령만 알아듣습니다. 명령 목록: /help
    ── 지은
    /latest us-nkk
    ── Tidings
    “us-nkk” 섹션은 없습니다. 혹시 **us-nk**인가요? 4개 모두 보기: /sections
    ── 지은
    /latest us-nk 0
    ── Tidings
    “0” 대신 1부터 25까지의 수를 쓰세요. 예: /latest 5
    ── 지은
    /read 문
    ── Tidings
    “문” 같은 기사 번호는 없습니다. 번호는 제목 옆에 있습니다. 예: /read 1
    ── 지은
    /read 4711
    ── Tidings
    4711번 기사는 없습니다. 최신 기사: /latest
    ── 지은
    /subscribe
    ── Tidings
    어느 섹션인가요? us-nk, inter-korean, japan, more (그 밖의 소식) 중에서 고르세요(모두 받으려면 all). 예: /subscribe us-nk daily 09:00
    ── 지은
    /subscribe us-nk daily 25:00
    ── Tidings
    “25:00” 같은 시각은 없습니다. 예: /subscribe us-nk daily 09:00
    ── 지은
    /subscribe us-nk 가끔
    ── Tidings
    “가끔” 같은 일정은 없습니다. 쓸 수 있는 일정: instant · instant 08:00-22:00 · hourly · every 2 hours · daily 09:00 · weekdays 09:00 · weekly mon,thu 18:00 · monthly 1 09:00 · cron 0 9 * * 1-5. 예: /subscribe us-nk daily 09:00
    ── 지은
    /schedule us-nk daily 08:00
    ── Tidings
    구독하지 않는 섹션입니다: US–North Korea relations. 구독하려면: /subscribe us-nk daily 08:00
    ── 지은
    /unsubscribe us-nk
    ── Tidings
    아직 구독하는 것이 없습니다. 예: /subscribe us-nk daily 09:00
    ── 지은
    /pause 잠깐
    ── Tidings
    “잠깐” 같은 기간이나 시각은 알 수 없습니다. 예: /pause 3일, /pause 월요일까지, /pause 18:00까지
    ── 지은
    /timezone KST
    ── Tidings
    “KST”만으로는 시간대를 정할 수 없습니다. 이런 시간대일 수 있습니다: Asia/Seoul. 예: /timezone Asia/Seoul
    ── 지은
    /timezone 서울특별시
    ── Tidings
    “서울특별시” 시간대는 없습니다. 시간대는 Asia/Seoul, America/New_York처럼 씁니다.
    ── 지은
    /settings 색깔
    ── Tidings
    “색깔” 설정은 없습니다. 바꿀 수 있는 설정: style, silent, previews, locale, cap, duplicates, corrections, buttons. 예: /settings style summaries
    ── 지은
    /settings style 그림
    ── Tidings
    style에 “그림” 값은 쓸 수 없습니다. 쓸 수 있는 값: headlines, summaries. 예: /settings style headlines
    ── 지은
    /filter us-nk 특사
    ── Tidings
    구독하지 않는 섹션입니다: US–North Korea relations. 구독하려면: /subscribe us-nk daily 09:00
    ── 지은
    /watch
    ── Tidings
    무엇을 지켜볼까요? 단어가 모두 들어 있어야 합니다. 예: /watch "실무 협상" 특사
    ── 지은
    /unwatch
    ── Tidings
    이 채팅에서 지켜보는 단어가 없습니다. 시작하려면: /watch 회담
    ── 지은
    /search ☃
    ── Tidings
    “☃”에는 찾을 단어가 없습니다. 예: /search 회담
    ── 지은
    /sections 일본
    ── Tidings
    /sections 뒤에는 아무것도 쓰지 않습니다. 예: /sections
    "#);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_and_one_of_its_topics_are_called_what_they_are() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    let forum = stage.server.forum("Korea watchers").with_owner(&ana);
    let forum = forum.with_bot();
    let topic = forum.topic(&ana, "News");
    let in_topic = async |line: &str| {
        let said = forum.says_in_topic(&ana, topic, line);
        forum.wait_for_reply(said).await.text
    };
    assert_snapshot!(in_topic("/subscribe japan instant").await, @"
    This topic now follows Japan, instant: each new headline as soon as it is loaded.

    /latest japan shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(in_topic("/subscribe japan instant").await, @"This topic follows Japan already, instant. To change that: /schedule japan daily 09:00");
    assert_snapshot!(in_topic("/preview").await, @"The preview is in your private chat with me.");
    in_topic("/settings locale ko").await;
    assert_snapshot!(in_topic("/subscriptions").await, @"
    이 토픽의 구독 · UTC 기준

    japan — Japan · instant

    일정 바꾸기: /schedule japan daily 09:00 · 다음 모음 보기: /preview
    ");
    assert_snapshot!(in_topic("/unsubscribe japan").await, @"이 토픽에서 Japan 구독을 취소했습니다. 남은 구독이 없습니다.");
    forum.asks(&ana, "/settings locale ko").await;
    assert_snapshot!(forum.asks(&ana, "/subscribe us-nk daily 09:00").await.text, @"
    이 그룹에서 US–North Korea relations 구독을 시작했습니다: daily 09:00 (UTC). 다음 모음: 11월 7일(토) 09:00(21시간 뒤), 그때까지 새 소식이 있으면 보냅니다.
    그다음: 11월 8일(일) 09:00, 11월 9일(월) 09:00.
    시각은 UTC 기준입니다. 바꾸려면: /timezone Asia/Seoul

    이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions
    ");
    assert_snapshot!(forum.asks(&ana, "/subscribe us-nk daily 09:00").await.text, @"이 그룹에서 이미 US–North Korea relations 구독 중입니다: daily 09:00 (UTC). 일정을 바꾸려면: /schedule us-nk daily 18:00");
    assert_snapshot!(forum.asks(&ana, "/unsubscribe japan").await.text, @"이 그룹에서 구독하지 않는 섹션입니다: Japan. 구독 중: US–North Korea relations.");
    assert_snapshot!(forum.asks(&ana, "/timezone").await.text, @"이 그룹의 시간대는 UTC이고, 그곳은 지금 11월 6일(금) 12:00입니다. 바꾸려면: /timezone Asia/Seoul");
    stage.over().await;
}
