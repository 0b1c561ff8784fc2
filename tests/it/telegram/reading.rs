//! Readers: greetings, headlines, help, and the language of answers.

use insta::assert_snapshot;

use super::harness::Stage;

/// What keeps source text inert can't be seen; here it can.
fn visible(text: &str) -> String {
    text.replace('\u{2060}', "¦")
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_starts_the_bot_and_reads() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/start").await;
    ana.asks("/latest us-nk").await;
    ana.asks("/read 1").await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /start
    ── Tidings
    Hello! I carry news digests into chat: 4 sections to read, search and follow.

    **/latest us-nk** — the newest headlines of a section
    **/sections** — all sections
    **/subscribe us-nk daily 09:00** — follow one here
    **/help** — everything I can do
    ── Ana
    /latest us-nk
    ── Tidings
    **US–North Korea relations** · 3 of 3, newest first

    • **Liaison office gets a door plate**
      4 Nov 2026 · /read_2
    • **Envoys meet in Geneva for a second day**
      30 Oct 2026 · /read_3
    • **U.S. letter draws a reply**
      30 Oct 2026 · /read_4
    [ ◂ All sections ]
    [ Subscribe ]
    ── Ana
    /read 1
    ── Tidings
    **Kaesong gate gets new hinges**

    They don't squeak.

    #1 · Inter-Korean relations · 4 Nov 2026 · from digests
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_title_of_an_item_leads_to_it() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    stage.news(
        "2026-11-06.txt",
        "# Japan\nFerry sails | It was late. READ MORE https://example.org/f?a=1&b=2",
    );
    ana.asks("/read 6").await;
    let shown = ana.chat().transcript();
    assert!(
        shown.contains("Ferry sails") && shown.contains("](https://example.org/f?a=1&b=2)"),
        "{shown}"
    );
    assert_eq!(shown.matches("example.org").count(), 1, "{shown}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_follows_a_section_and_gets_its_roundup() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let group = stage.server.supergroup("Korea watchers").with_owner(&ana);
    group.add_bot(&ana);
    group.wait_for_messages(1).await;
    group.asks(&ana, "/subscribe us-nk daily 09:00").await;
    group.asks(&ana, "/settings style summaries").await;
    stage.news(
        "weekly-november-6-2026.txt",
        "# US-NK Relations
         Envoy to visit Seoul next week | She will stay for two days. | Nobody knows why.
         Ask @channel about a.example.com & <b>more</b> | Mail to info@example.com.",
    );
    stage.at("2026-11-07T09:00[UTC]");
    group.wait_for_messages(4).await;
    assert_snapshot!(visible(&group.transcript()), @"
    ── Ana
    (new chat members: Tidings)
    ── Tidings
    Hello! I carry news digests into chat: 4 sections to read, search and follow.

    **/latest us-nk** — the newest headlines of a section
    **/sections** — all sections
    **/subscribe us-nk daily 09:00** — follow one here
    **/help** — everything I can do

    Only administrators can change what is followed here.
    ── Ana
    /subscribe us-nk daily 09:00
    ── Tidings (reply to “/subscribe us-nk daily 09:00”)
    This group now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
    Times are in UTC; /timezone Asia/Seoul changes that.

    /latest us-nk shows what is there already · /subscriptions lists all
    ── Ana
    /settings style summaries
    ── Tidings (reply to “/settings style summaries”)
    style is now **summaries** (what a roundup shows of an item).
    Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
    ── Tidings
    **Roundup · Saturday 7 November**

    **US–North Korea relations**
    • **Envoy to visit Seoul next week**  /read_6
    >> She will stay for two days.
    >> 
    >> Nobody knows why.
    • **Ask @¦channel about a.¦example.¦com & <b>more</b>**  /read_7
    >> Mail to info@¦example.com.

    2 headlines · next: Sun 8 Nov 09:00 UTC
    [ Search ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deep_link_does_what_it_says() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/start latest_us-nk").await;
    ana.asks("/start read_1").await;
    ana.asks("/start sub_us-nk").await;
    ana.asks("/start latest_nowhere").await;
    ana.asks("/start something").await;
    assert_snapshot!(ana.chat().transcript(), @r"
        ── Ana
        /start latest_us-nk
        ── Tidings
        **US–North Korea relations** · 3 of 3, newest first

        • **Liaison office gets a door plate**
          4 Nov 2026 · /read_2
        • **Envoys meet in Geneva for a second day**
          30 Oct 2026 · /read_3
        • **U.S. letter draws a reply**
          30 Oct 2026 · /read_4
        [ ◂ All sections ]
        [ Subscribe ]
        ── Ana
        /start read_1
        ── Tidings
        **Kaesong gate gets new hinges**

        They don't squeak.

        #1 · Inter-Korean relations · 4 Nov 2026 · from digests
        ── Ana
        /start sub_us-nk
        ── Tidings
        You now follow **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.

        /latest us-nk shows what is there already · /subscriptions lists all
        ── Ana
        /start latest_nowhere
        ── Tidings
        There is no section “nowhere”. /sections lists all 4.
        ── Ana
        /start something
        ── Tidings
        Hello! I carry news digests into chat: 4 sections to read, search and follow.

        **/latest us-nk** — the newest headlines of a section
        **/sections** — all sections
        **/subscribe us-nk daily 09:00** — follow one here
        **/help** — everything I can do
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_adds_the_bot_to_a_group_subscribes_it() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben);
    group.add_bot(&ana);
    group.wait_for_messages(1).await;
    let refused = group
        .asks(&ben, "/start@TidingsTestBot sub_us-nk")
        .await
        .text;
    assert_eq!(
        refused,
        "Only administrators of this group can change what it follows."
    );
    let done = group
        .asks(&ana, "/start@TidingsTestBot sub_us-nk")
        .await
        .text;
    assert!(
        done.starts_with("This group now follows US–North Korea relations"),
        "{done}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_searches_and_looks_at_the_sections() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/search envoys").await;
    ana.asks("/search volcano").await;
    ana.asks("/search").await;
    ana.asks("/sections").await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Ana
    /search envoys
    ── Tidings
    **Found: envoys** · 1 in all, newest first

    • **Envoys meet in Geneva for a second day**
      30 Oct 2026 · us-nk · /read_3
    ── Ana
    /search volcano
    ── Tidings
    Nothing found for “volcano”. The newest item is from 4 Nov 2026. A beginning may find more: /search volc*
    ── Ana
    /search
    ── Tidings
    What are you looking for? Reply to this message with the words.
    (asks for an answer: Words to search for)
    ── Ana
    /sections
    ── Tidings
    **4 sections** · 5 items

    **us-nk** — US–North Korea relations · 3 items · 4 Nov 2026
    **inter-korean** — Inter-Korean relations · 1 item · 4 Nov 2026
    **japan** — Japan · 1 item · 30 Oct 2026
    **more** — Other news · empty

    /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_shows_a_reader_less_than_a_manager() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana");
    let ben = stage.server.person("Ben");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_member(&ben)
        .with_bot();
    let for_ben = group.asks(&ben, "/help").await.text;
    let for_ana = group.asks(&ana, "/help").await.text;
    assert_snapshot!(for_ben, @r#"
    Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.

    /latest [section] [count] — newest headlines of a section, or of all
    /read <number> [page] — one item whole
    /sections — the sections there are
    /search <words> — search the archive: words, "phrases", begin*
    /subscriptions — what this channel follows, and when
    /status — last load, next roundup, queue, anything failing
    /help [command] — what this bot does, and its commands
    "#);
    assert_snapshot!(for_ana, @r#"
    Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.

    /latest [section] [count] — newest headlines of a section, or of all
    /read <number> [page] — one item whole
    /sections — the sections there are
    /search <words> — search the archive: words, "phrases", begin*
    /subscriptions — what this channel follows, and when
    /status — last load, next roundup, queue, anything failing
    /help [command] — what this bot does, and its commands

    Only for managers:

    /subscribe · /unsubscribe · /schedule · /filter · /watch · /unwatch · /timezone · /preview · /roundup · /pause · /resume · /settings · /forget

    /help subscribe says more about one
    "#);
    assert!(!group.asks(&ben, "/start").await.text.contains("/subscribe"));
    assert!(group.asks(&ana, "/start").await.text.contains("/subscribe"));
    let one = group.asks(&ben, "/help latest").await.text;
    assert_snapshot!(one, @r"
        /latest [section] [count] — newest headlines of a section, or of all

        For example: /latest us-nk 10
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_korean_is_answered_in_korean_and_the_group_in_its_language() {
    let stage = Stage::new().await;
    let ji = stage.server.person("지은").speaking("ko-KR").known();
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ji)
        .with_bot();
    ji.asks("/start").await;
    ji.asks("/latest japan").await;
    ji.asks("뭐라고?").await;
    group.asks(&ji, "/latest japan").await;
    group.asks(&ji, "/settings locale ko").await;
    group.asks(&ji, "/latest japan").await;
    assert_snapshot!(ji.chat().transcript(), @"
    ── 지은
    /start
    ── Tidings
    안녕하세요! 뉴스 모음을 채팅으로 전해 드립니다. 읽고 찾고 구독할 수 있는 섹션이 4개 있습니다.

    **/latest us-nk** — 섹션의 최신 기사
    **/sections** — 모든 섹션
    **/subscribe us-nk daily 09:00** — 이곳에서 구독하기
    **/help** — 쓸 수 있는 모든 명령
    ── 지은
    /latest japan
    ── Tidings
    **Japan** · 1건 중 1건, 최신순

    • **Squid counted together**
      2026년 10월 30일 · /read_5
    [ ◂ 모든 섹션 ]
    [ 구독 ]
    ── 지은
    뭐라고?
    ── Tidings
    저는 /latest 같은 명령만 알아듣습니다. 명령 목록: /help
    ");
    assert_snapshot!(group.transcript(), @r"
        ── 지은
        /latest japan
        ── Tidings (reply to “/latest japan”)
        **Japan** · 1 of 1, newest first

        • **Squid counted together**
          30 Oct 2026 · /read_5
        [ ◂ All sections ]
        [ Subscribe ]
        ── 지은
        /settings locale ko
        ── Tidings (reply to “/settings locale ko”)
        locale 설정을 바꿨습니다: **ko** · 여기에 올리는 글의 언어
        ── 지은
        /latest japan
        ── Tidings (reply to “/latest japan”)
        **Japan** · 1건 중 1건, 최신순

        • **Squid counted together**
          2026년 10월 30일 · /read_5
        [ ◂ 모든 섹션 ]
        [ 구독 ]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_that_was_chosen_goes_before_that_of_the_app() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").speaking("de").known();
    let ji = stage.server.person("지은").speaking("ko").known();
    let english = ana.asks("/latest nowhere-at-all").await.text;
    assert!(english.starts_with("There is no section"), "{english}");
    ana.asks("/settings locale ko").await;
    let korean = ana.asks("/latest nowhere-at-all").await.text;
    assert!(korean.contains("섹션은 없습니다"), "{korean}");
    assert_eq!(ji.asks("/latest nowhere-at-all").await.text, korean);
    ji.asks("/settings locale en").await;
    assert_eq!(ji.asks("/latest nowhere-at-all").await.text, english);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_watches_and_filters_in_their_own_chat() {
    let stage = Stage::new().await;
    let ana = stage.server.person("Ana").known();
    ana.asks("/watch env* squid").await;
    ana.asks("/subscribe japan instant").await;
    ana.asks("/filter japan -crab").await;
    stage.news(
        "2026-11-07.txt",
        "# Japan\nAn envoy for squid | It.\nA crab | It.\n# US-NK Relations\nEnvoys of squid | It.\nNothing | It.",
    );
    let posts = ana.chat().wait_for_messages(4).await;
    assert_snapshot!(posts[3].text, @r"
        US–North Korea relations
        • Envoys of squid  /read_8 (watch: env* squid)

        Japan
        • An envoy for squid  /read_6 (watch: env* squid)
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_koreans_roundup_is_in_korean_too() {
    let stage = Stage::new().await;
    let ji = stage.server.person("지은").speaking("ko").known();
    let answer = ji.asks("/subscribe japan instant").await.text;
    assert!(!answer.contains("channel"), "{answer}");
    stage.news(
        "weekly-november-6-2026.txt",
        "# Japan
         Tokyo counts its squid | There are many.",
    );
    let news = ji.chat().wait_for_messages(2).await;
    assert!(!news[1].text.contains("headline"), "{}", news[1].text);
    stage.over().await;
}
