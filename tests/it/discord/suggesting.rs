//! The command in the menu of a message that sends its link to the editors, and `/suggest` in private.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Stage;
use crate::fakes::discord::{BOT, FakeDiscord, Person, Said};
use crate::harness::CONFIG;
use crate::stage::Fake;

const COMMAND: &str = "Suggest to the digest";

/// A bot with an editor.
async fn edited() -> (Stage, Person) {
    let mut stage = Stage::empty(CONFIG);
    let eve = stage.server.reader("Eve");
    let editors = format!("[operator]\neditors = [\"discord:{}\"]\n", eve.id);
    stage.configure(&format!("{CONFIG}{editors}{}", FakeDiscord::FAST));
    stage.archive();
    stage.start().await;
    (stage, eve)
}

fn says(content: &'static str) -> Said {
    Said {
        content,
        ..Said::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_suggests_the_link_of_a_message() {
    let (stage, eve) = edited().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    let said =
        says("Have you seen [this](https://example.org/envoys)? Or <https://example.org/2>?");
    assert_snapshot!(ben.uses(news, COMMAND, &said).answer().await, @"
    (only you can see this)
    Sent to the editors. You can suggest 2 more today.
    ");
    assert_snapshot!(discord.wait_for_messages(eve.dm(), 1).await, @"
    **A reader on Discord suggests:**
    <https://example.org/envoys>
    ");
    // What somebody else wrote around it is nobody's business.
    assert!(
        !discord.messages(eve.dm())[0]
            .body
            .to_string()
            .contains("seen")
    );
    // Only a card holds it.
    let said = Said {
        embeds: vec![
            json!({ "title": "A ferry" }),
            json!({ "url": "https://example.org/ferry" }),
        ],
        ..says("Look at that!")
    };
    let sent = ben.uses(news, COMMAND, &said).answer().await;
    assert!(sent.contains("1 more today"), "{sent}");
    discord.wait_for_messages(eve.dm(), 2).await;
    assert_snapshot!(ben.uses(news, COMMAND, &says("Hello!")).answer().await, @"
    (only you can see this)
    There is no link in this message.
    ");
    let private = says("http://192.168.0.1/router");
    let refused = ben.uses(news, COMMAND, &private).answer().await;
    assert!(refused.contains("the public web"), "{refused}");
    // In a private chat it is the same day.
    let last = ben
        .asks(ben.dm(), "/suggest link:https://example.org/3")
        .await;
    assert!(last.contains("more tomorrow"), "{last}");
    let dee = says("https://example.org/4");
    assert_snapshot!(ben.uses(ben.dm(), COMMAND, &dee).answer().await, @"You have suggested 3 links today, which is the most for one day. You can go on from Sat 7 Nov 00:00 (UTC).");
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_cannot_be_read_whole_is_read_for_its_link() {
    let (stage, eve) = edited().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ben = discord.reader("Ben");
    let said = Said {
        strange: Some(("mention_everyone", json!("perhaps"))),
        ..says("https://example.org/envoys")
    };
    let sent = ben.uses(news, COMMAND, &said).answer().await;
    assert!(sent.contains("Sent to the editors"), "{sent}");
    discord.wait_for_messages(eve.dm(), 1).await;
    let said = Said {
        content: "",
        embeds: vec![json!({ "url": "https://example.org/ferry", "color": "blue" })],
        strange: None,
    };
    let sent = ben.uses(news, COMMAND, &said).answer().await;
    assert!(sent.contains("Sent to the editors"), "{sent}");
    let told = discord.wait_for_messages(eve.dm(), 2).await;
    assert!(told.contains("https://example.org/ferry"), "{told}");
    stage.over().await;
}

/// The commands of a name, or for messages.
fn registered(discord: &FakeDiscord) -> Vec<Value> {
    registered_at(discord, "commands")
}

fn registered_at(discord: &FakeDiscord, place: &str) -> Vec<Value> {
    let path = format!("applications/{BOT}/{place}");
    let all = discord.look(|world| world.commands[&path].clone());
    let is_ours = |command: &Value| command["name"] == "suggest" || command["type"] == 3;
    all.into_iter().filter(is_ours).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_registered_where_there_are_editors() {
    let (mut stage, _) = edited().await;
    let discord = stage.server.clone();
    let [typed, of_message] = <[Value; 2]>::try_from(registered(&discord)).unwrap();
    // Typed it is only where nobody else is.
    assert_eq!(typed["contexts"], json!([1]));
    assert_eq!(of_message["contexts"], json!([0, 1, 2]));
    assert_eq!(of_message["integration_types"], json!([0, 1]));
    assert_snapshot!(of_message["name_localizations"].to_string(), @r#"{"ko":"뉴스 모음에 제안하기"}"#);
    // As it was registered it stays.
    stage.restart().await;
    assert_eq!(discord.look(|world| world.registrations), 1);
    stage.stop().await;
    stage.configure(&format!("{CONFIG}{}", FakeDiscord::FAST));
    let before = registered(&discord).len();
    stage.start().await;
    discord
        .wait_for("the commands", |world| {
            (world.registrations == 2).then_some(())
        })
        .await;
    assert_eq!((before, registered(&discord).len()), (2, 0));
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_with_commands_of_its_own_has_that_for_messages() {
    let mut stage = Stage::empty(CONFIG);
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (eve, ben) = (discord.reader("Eve"), discord.reader("Ben"));
    stage.configure(&format!(
        "{CONFIG}[operator]\neditors = [\"discord:{}\"]\n{}guilds = [{guild}]\n",
        eve.id,
        FakeDiscord::FAST
    ));
    stage.archive();
    stage.start().await;
    let of_server = registered_at(&discord, &format!("guilds/{guild}/commands"));
    assert_eq!(of_server.len(), 1, "{of_server:?}");
    let news = discord.text(guild, "news");
    let said = says("https://example.org/envoys");
    let sent = ben.uses(news, COMMAND, &said).answer().await;
    assert!(sent.contains("Sent to the editors"), "{sent}");
    discord.wait_for_messages(eve.dm(), 1).await;
    stage.over().await;
}
