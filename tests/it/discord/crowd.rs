//! A crowd in one channel delays neither its roundup nor its manager.

use std::time::Duration;

use super::harness::Stage;

/// How many people ask.
const PEOPLE: usize = 30;

#[tokio::test(flavor = "multi_thread")]
async fn thirty_people_who_ask_delay_neither_the_roundup_nor_the_manager() {
    let mut stage = Stage::empty(crate::harness::CONFIG);
    stage.archive();
    stage.start().await;
    let discord = stage.server.clone();
    // What Discord allows, which is the pace that is set as well.
    discord.enforce_limits(50, 5);
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    ana.asks(news, "/subscribe section:japan when:daily 13:00")
        .await;
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let people: Vec<_> = (0..PEOPLE)
        .map(|at| discord.reader(&format!("Reader {at}")))
        .collect();
    let everybody_asks = |line: &str| -> Vec<_> {
        people
            .iter()
            .map(|person| person.gives(news, line))
            .collect()
    };
    let mut asked = everybody_asks("/latest");
    stage.at("2026-11-06T13:00[UTC]");
    asked.extend(everybody_asks("/search words:squid"));
    let quick = Duration::from_secs(5);
    let shown = tokio::time::timeout(quick, discord.wait_for_messages(news, 1)).await;
    let shown = shown.expect("the roundup within five seconds");
    assert!(shown.contains("Squid again"), "{shown}");
    asked.extend(everybody_asks("/sections"));
    let paused = tokio::time::timeout(quick, ana.asks(news, "/pause")).await;
    let paused = paused.expect("an answer within five seconds");
    assert!(paused.contains("are paused"), "{paused}");
    for asked in &asked {
        asked.answer().await;
    }
    assert_eq!(discord.refused_by_limits(), 0);
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_who_ask_alone_delay_nobodys_roundup() {
    let mut stage = Stage::empty(crate::harness::CONFIG);
    stage.archive();
    stage.start().await;
    let discord = stage.server.clone();
    discord.enforce_limits(50, 5);
    let ana = discord.manager("Ana");
    let mut channels = Vec::new();
    for at in 0..6 {
        let channel = discord.text(discord.guild(&format!("Server {at}")), "news");
        ana.asks(channel, "/subscribe section:japan when:instant")
            .await;
        channels.push(channel);
    }
    let people: Vec<_> = (0..36)
        .map(|at| discord.reader(&format!("Reader {at}")))
        .collect();
    let mut asked = Vec::new();
    for line in ["/latest", "/read number:1"] {
        asked.extend(people.iter().map(|person| person.gives(person.dm(), line)));
    }
    stage.news("2026-11-06.txt", "# Japan\nSquid again | Many.");
    let quick = Duration::from_secs(10);
    for channel in channels {
        let arrived = tokio::time::timeout(quick, discord.wait_for_messages(channel, 1)).await;
        arrived.expect("a roundup within ten seconds");
    }
    for asked in &asked {
        asked.answer().await;
    }
    assert_eq!(discord.refused_by_limits(), 0);
    stage.over().await;
}
