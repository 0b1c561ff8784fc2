//! Slash commands: what is registered, and what they answer.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::fakes::discord::{BOT, Fault, World};

#[tokio::test(flavor = "multi_thread")]
async fn reading_and_following() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    assert_snapshot!(ben.asks(news, "/latest section:us-nk").await, @"
    (only you can see this)
    │ [US–North Korea relations]
    │ • **Liaison office gets a door plate**
    │ -# 4 Nov 2026 · /read 2
    │ • **Envoys meet in Geneva for a second day**
    │ -# 30 Oct 2026 · /read 3
    │ • **U.S. letter draws a reply**
    │ -# 30 Oct 2026 · /read 4
    │ (3 of 3, newest first)
    [◂ All sections] [Share]
    ");
    assert_snapshot!(ben.asks(news, "/latest section:us nkk").await, @"
    (only you can see this)
    There is no section “us nkk”. Did you mean **us-nk**? /sections lists all 4.
    ");
    assert_snapshot!(ben.asks(news, "/read number:1").await, @r"
    (only you can see this)
    │ [Kaesong gate gets new hinges]
    │ They don't squeak.
    │
    │ -# \#1 · Inter-Korean relations · 4 Nov 2026 · from digests
    [Share]
    ");
    assert_snapshot!(ben.asks(news, "/search words:hinges").await, @"
    (only you can see this)
    │ [Found: hinges]
    │ • **Kaesong gate gets new hinges**
    │ -# 4 Nov 2026 · inter-korean · /read 1
    │ (1 in all, newest first)
    [Share]
    ");
    assert_snapshot!(ben.asks(news, "/sections").await, @r"
        (only you can see this)
        **4 sections** · 5 items
        **us-nk** — US–North Korea relations · 3 items · 4 Nov 2026
        **inter-korean** — Inter-Korean relations · 1 item · 4 Nov 2026
        **japan** — Japan · 1 item · 30 Oct 2026
        **more** — Other news · empty

        -# /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
        [Share]
    ");
    assert_snapshot!(ana.asks(news, "/subscribe section:us-nk when:daily 09:00").await, @r"
        (only you can see this)
        This channel now follows **US–North Korea relations**, daily 09:00 (UTC). Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        After that: Sun 8 Nov 09:00, Mon 9 Nov 09:00.
        Times are in UTC; /timezone Asia/Seoul changes that.

        -# /latest us-nk shows what is there already · /subscriptions lists all
    ");
    assert_snapshot!(ana.asks(news, "/subscribe section:us-nk when:daily 25:00").await, @"
    (only you can see this)
    25:00 isn’t a time of day. Try: /subscribe us-nk daily 09:00
    ");
    assert_snapshot!(ben.asks(news, "/subscriptions").await, @r"
        (only you can see this)
        **This channel follows** · times in UTC
        **us-nk** — US–North Korea relations · daily 09:00 · next Sat 7 Nov 09:00
        [Share]
    ");
    assert_snapshot!(ben.asks(news, "/status").await, @r"
        (only you can see this)
        Last loaded just now: 5 items from 1 source.
        Next roundup: Sat 7 Nov 09:00, in 21 hours, if there is news by then.
        Nothing is waiting to be delivered here.
        Source digests is well.
        [Share]
    ");
    assert_snapshot!(ana.asks(news, "/help").await, @r#"
    (only you can see this)
    Tidings carries news digests into chat. Read with /latest and /search, follow a section with /subscribe.
    **</latest:900000000000000001> \[section\] \[count\]** — newest headlines of a section, or of all
    **</read:900000000000000002> \<number\> \[page\]** — one item whole
    **</sections:900000000000000003>** — the sections there are
    **</search:900000000000000004> \<words\>** — search the archive: words, "phrases", begin\*
    **</subscriptions:900000000000000007>** — what this channel follows, and when
    **</status:900000000000000019>** — last load, next roundup, queue, anything failing
    **</help:900000000000000020> \[command\]** — what this bot does, and its commands

    Only for managers:

    -# </subscribe:900000000000000005> · </unsubscribe:900000000000000006> · </schedule:900000000000000008> · </filter:900000000000000009> · </watch:900000000000000010> · </unwatch:900000000000000011> · </timezone:900000000000000012> · </preview:900000000000000013> · </roundup:900000000000000014> · </pause:900000000000000015> · </resume:900000000000000016> · </settings:900000000000000017> · </forget:900000000000000018>

    -# /help subscribe says more about one
    [Share]
    "#);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_change_nothing() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let news = discord.text(guild, "news");
    let ben = discord.reader("Ben");
    for command in [
        "/subscribe section:us-nk",
        "/unsubscribe section:us-nk",
        "/timezone zone:Asia/Seoul",
        "/roundup",
        "/preview",
        "/pause",
        "/settings name:style value:summaries",
        "/forget confirmation:yes",
    ] {
        let answer = ben.asks(news, command).await;
        assert!(
            answer.contains("Only those with the permission Manage Server"),
            "{command}: {answer}"
        );
    }
    let kept = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.channels())
        .unwrap();
    assert!(kept.is_empty(), "{kept:?}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_registered_once_with_korean_names() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let path = format!("applications/{BOT}/commands");
    let of = |name: &str| {
        discord.look(|world| {
            let commands = world.commands[&path].iter();
            commands
                .clone()
                .find(|c| c["name"] == name)
                .cloned()
                .unwrap()
        })
    };
    let latest = of("latest");
    assert_eq!(latest["name_localizations"]["ko"], "최신");
    assert_eq!(latest["contexts"], serde_json::json!([0, 1, 2]));
    assert_eq!(latest["integration_types"], serde_json::json!([0, 1]));
    assert!(latest.get("default_member_permissions").is_none());
    let count = &latest["options"][1];
    assert_eq!(
        (&count["min_value"], &count["max_value"]),
        (&1.into(), &25.into())
    );
    assert_eq!(count["name_localizations"]["ko"], "개수");
    let subscribe = of("subscribe");
    assert_eq!(subscribe["default_member_permissions"], "32");
    assert_eq!(subscribe["contexts"], serde_json::json!([0, 1]));
    assert_eq!(subscribe["integration_types"], serde_json::json!([0]));
    let options = subscribe["options"].as_array().unwrap();
    let names: Vec<&str> = options
        .iter()
        .map(|o| o["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["section", "when", "channel", "role"]);
    stage.restart().await;
    assert_eq!(discord.look(|world| world.registrations), 1);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_of_some_servers_alone() {
    let mut stage = Stage::empty(&format!(
        "{}[discord]\nguilds = [5, 6]\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    stage.start().await;
    let paths = |world: &World| world.commands.keys().cloned().collect::<Vec<_>>();
    let discord = stage.server.clone();
    let both = discord
        .wait_for("both servers", |world| {
            (world.registrations == 2).then(|| paths(world))
        })
        .await;
    let expected = [5, 6].map(|guild| format!("applications/{BOT}/guilds/{guild}/commands"));
    assert_eq!(both, expected);
    // Once they hold everywhere, they would stand twice in those two.
    stage.stop().await;
    stage.configure(&format!(
        "{}[discord]\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    stage.start().await;
    discord
        .wait_for("commands for all servers", |world| {
            let counts: Vec<usize> = world.commands.values().map(Vec::len).collect();
            (counts[0] > 0 && counts[1..] == [0, 0]).then_some(())
        })
        .await;
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_the_bot_keeps_no_other_from_its_commands() {
    let mut stage = Stage::empty(&format!(
        "{}[discord]\nguilds = [5, 6]\nrate = \"off\"\n",
        crate::harness::CONFIG
    ));
    let refusal =
        Fault::on("PUT applications/*/guilds/*/commands").answer(403, 50_001, "Missing Access");
    stage.server.inject(refusal);
    stage.start().await;
    let registered = stage
        .server
        .wait_for("the other server", |world| {
            world.commands.keys().next().cloned()
        })
        .await;
    assert!(registered.ends_with("guilds/6/commands"), "{registered}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pause_says_how_long() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:us-nk when:instant")
        .await;
    assert_snapshot!(ana.asks(news, "/pause how-long:until monday").await, @"
    (only you can see this)
    Deliveries to this channel are paused until Mon 9 Nov 00:00 (UTC), in 3 days. What comes in meanwhile is kept and comes then; /resume lets it through sooner.
    ");
    assert_snapshot!(ana.asks(news, "/pause how-long:for ever").await, @"
    (only you can see this)
    I don’t understand “for ever” as a length of time or a moment. Try: /pause 3d, /pause until monday or /pause until 18:00
    ");
    assert_snapshot!(ana.asks(news, "/status").await, @"
    (only you can see this)
    Last loaded just now: 5 items from 1 source.
    Deliveries to this channel have been paused since Fri 6 Nov 12:00, until Mon 9 Nov 00:00. /resume lets them go on sooner.
    Nothing is waiting to be delivered here.
    Source digests is well.
    [Share]
    ");
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nEnvoy to visit | She will stay.",
    );
    stage.at("2026-11-09T00:00[UTC]");
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    **Catch-up · Monday 9 November**
    ┃ [US–North Korea relations]
    ┃ • **Envoy to visit**
    ┃ -# /read 6
    ┃ (1 headline)
    ⟨Read…: Envoy to visit⟩
    [Read summaries] [Search]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completion_offers_the_likeliest_first() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.manager("Ben");
    let values = |choices: Vec<(String, String)>| -> Vec<String> {
        choices.into_iter().map(|(_, value)| value).collect()
    };
    let typed = async |command, option, text| values(ben.types(news, command, option, text).await);
    assert_eq!(
        typed("latest", "section", "").await,
        ["us-nk", "inter-korean", "japan", "more"]
    );
    assert_eq!(typed("latest", "section", "kore").await[0], "us-nk");
    assert_eq!(typed("latest", "section", "Jap").await, ["japan"]);
    assert_eq!(typed("latest", "section", "japn").await, ["japan"]);
    assert_eq!(typed("subscribe", "section", "all").await[0], "all");
    assert_eq!(typed("timezone", "zone", "seoul").await[0], "Asia/Seoul");
    assert_eq!(typed("timezone", "zone", "america").await.len(), 25);
    assert_eq!(
        typed("subscribe", "when", "daily 7:30").await[0],
        "daily 07:30"
    );
    assert!(
        typed("subscribe", "when", "")
            .await
            .contains(&"instant".to_owned())
    );
    assert_eq!(
        typed("subscribe", "when", "instant 8 to 22").await[0],
        "instant 08:00-22:00"
    );
    assert_eq!(
        typed("pause", "how-long", "").await,
        ["12h", "3d", "2 weeks", "until monday", "until 18:00"]
    );
    assert_eq!(typed("pause", "how-long", "5 days").await, ["5 days"]);
    // Of a filter: what it is now, and its end.
    let filter = async |section, text| {
        let given = [("section", section)];
        values(
            ben.types_behind(news, "filter", &given, "words", text)
                .await,
        )
    };
    assert_eq!(typed("filter", "section", "jap").await, ["japan"]);
    ben.asks(news, "/subscribe section:japan").await;
    assert_eq!(filter("japan", "").await, [""; 0]);
    let said = ben
        .asks(news, "/filter section:japan words:Squid, -count")
        .await;
    assert!(
        said.contains("only what the filter wants: squid -count."),
        "{said}"
    );
    assert_eq!(filter("japan", "").await, ["squid -count", "off"]);
    assert_eq!(filter("Japan", "o").await, ["off"]);
    assert_eq!(filter("us-nk", "").await, [""; 0]);
    let shown = ben.asks(news, "/filter section:japan").await;
    assert!(shown.contains("squid -count"), "{shown}");
    let reader = discord.reader("Rae");
    let given = [("section", "japan")];
    let offered = reader
        .types_behind(news, "filter", &given, "words", "")
        .await;
    assert_eq!(values(offered), [""; 0], "it is a manager's");
    let said = ben.asks(news, "/watch words:envoy when:daily 18:00").await;
    assert_eq!(typed("unwatch", "words", "env").await, ["envoy"]);
    assert!(
        said.contains("now watches for **“envoy”**, daily 18:00"),
        "{said}"
    );
    // What is given as the one is never taken for the other.
    let said = ben
        .asks(news, "/watch words:market monday when:18:00")
        .await;
    assert!(
        said.contains("now watches for **“market monday”**, daily 18:00"),
        "{said}"
    );
    let said = ben.asks(news, "/watch words:ferns when:dialy 9").await;
    assert!(said.contains("Did you mean"), "{said}");
    assert_eq!(typed("unwatch", "words", "fern").await, [""; 0]);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn private_answers_are_in_the_askers_language() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let mina = discord.manager("Mina").speaking("ko");
    assert_snapshot!(mina.asks(news, "/subscribe section:us-nk when:instant").await, @r"
        (only you can see this)
        이 채널에서 **US–North Korea relations** 구독을 시작했습니다: instant. 새 기사를 수집하는 대로 보냅니다.

        -# 이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions
    ");
    let shared = mina.gives(news, "/latest section:japan").message().await;
    // What everybody sees is in the channel's language.
    assert_snapshot!(mina.presses(news, &shared, "공유").answer().await, @"
    │ [Japan]
    │ • **Squid counted together**
    │ -# 30 Oct 2026 · /read 5
    │ (1 of 1, newest first)
    [◂ All sections]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_comes_along_says_the_next_time_no_second_time() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (news, desk) = (discord.text(guild, "news"), discord.role(guild, "desk"));
    let ana = discord.manager("Ana");
    let line = format!("/subscribe section:us-nk when:daily 09:00 role:{desk}");
    let said = ana.asks(news, &line).await;
    assert!(said.contains("role is now **@desk**"), "{said}");
    assert_eq!(said.matches("Next roundup").count(), 1, "{said}");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_channel_and_a_role() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (office, news) = (discord.text(guild, "office"), discord.text(guild, "news"));
    let desk = discord.role(guild, "desk");
    let ana = discord.manager("Ana");
    let line = format!("/subscribe section:us-nk when:instant channel:{news} role:{desk}");
    assert_snapshot!(ana.asks(office, &line).await, @r"
        (only you can see this)
        For **#news**:
        This channel now follows **US–North Korea relations**, instant: each new headline as soon as it is loaded.
        role is now **@desk** (who is mentioned by a roundup).

        -# /latest us-nk shows what is there already · /subscriptions channel:#news lists all
    ");
    let everyone = format!("/subscribe section:japan channel:{news} role:{guild}");
    assert_snapshot!(ana.asks(office, &everyone).await, @"
    (only you can see this)
    A roundup can’t mention everyone. Choose another role, or none. Nothing was changed.
    ");
    assert_snapshot!(ana.asks(office, &format!("/pause channel:{news}")).await, @"
    (only you can see this)
    For **#news**:
    Deliveries to this channel are paused. What comes in meanwhile is kept; /resume channel:#news lets it through.
    ");
    assert_snapshot!(ana.asks(office, &format!("/resume channel:{news}")).await, @"
    (only you can see this)
    For **#news**:
    Deliveries go on.
    ");
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\nEnvoy to visit | She will stay.",
    );
    assert_snapshot!(discord.wait_for_messages(news, 1).await, @"
    @desk!
    ┃ [US–North Korea relations]
    ┃ • **Envoy to visit**
    ┃ -# /read 6
    ⟨Read…: Envoy to visit⟩
    [Read summaries] [Search]
    ");
    assert!(discord.messages(office).is_empty());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_direct_message_is_its_own_administrator() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let mina = discord.reader("Mina").speaking("ko");
    let dm = mina.dm();
    assert_snapshot!(mina.asks(dm, "/subscribe section:us-nk when:instant").await, @r"
        이 채팅에서 **US–North Korea relations** 구독을 시작했습니다: instant. 새 기사를 수집하는 대로 보냅니다.

        -# 이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions
    ");
    stage.news(
        "2026-11-06.txt",
        "# US-NK Relations\n회담 날짜 잡혀 | 다음 주에 열린다.",
    );
    // The answers stand in the chat as well.
    assert_snapshot!(discord.wait_for_messages(dm, 2).await, @"
    이 채팅에서 **US–North Korea relations** 구독을 시작했습니다: instant. 새 기사를 수집하는 대로 보냅니다.

    -# 이미 있는 기사: /latest us-nk · 구독 목록: /subscriptions
    ———
    ┃ [US–North Korea relations]
    ┃ • **회담 날짜 잡혀**
    ┃ -# /read 6
    ⟨읽기…: 회담 날짜 잡혀⟩
    [요약 읽기] [검색]
    ");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_brings_the_bot_along() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Somebody else's");
    discord.with(|world| world.guilds.get_mut(&guild).unwrap().bot = false);
    let channel = discord.text(guild, "talk");
    let ana = discord.manager("Ana").with_own_bot();
    let answer = ana.asks(channel, "/latest section:japan").await;
    assert!(answer.contains("Squid counted together"), "{answer}");
    assert_snapshot!(ana.asks(channel, "/subscribe section:us-nk").await, @"
    (only you can see this)
    I’m not in this server myself, so nothing can be followed here. Somebody who manages it can add me.
    ");
    stage.over().await;
}
