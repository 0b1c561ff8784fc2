//! What the dashboard shows of a platform, and does there.

use std::sync::Arc;

use super::reviews::{Desks, Editor};
use super::rooms::{Room, Rooms};
use super::{comes, settled};
use crate::dashboard::Desk;
use crate::harness::CONFIG;
use crate::stage::{Fake, Stage};
use tidings::sign_in::Person;
use tidings_core::platform::ChatPlatform;

/// A bot with a dashboard.
async fn with_dashboard<F: Fake>(more: &str) -> Stage<F> {
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\ndashboard = true\n";
    let mut stage = Stage::empty(&format!("{CONFIG}{}{web}{more}", F::FAST));
    stage.archive();
    stage.start().await;
    stage
}

async fn desk<F: Fake>(stage: &Stage<F>) -> Desk {
    let address = stage.seen("an address", || stage.app().pages_at.get().copied());
    Desk::at(address.await)
}

/// Letters and digits alone: what is folded, linked and stressed is the platform's own.
fn letters(text: &str) -> String {
    let text = text
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&");
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

pub(super) async fn a_preview_shows_what_comes<R: Rooms>() {
    let stage = with_dashboard::<R>("").await;
    let room = R::room(&stage).await;
    room.manager("/subscribe all daily 09:00").await;
    room.manager("/settings style summaries").await;
    stage.news(
        "weekly-november-6-2026.txt",
        "# US-NK Relations
         Envoys <b>meet</b> again & again | They *agreed* to [meet](x) a third time. So it is.
         # Japan
         Octopus counted, too | Nobody knows_why.",
    );
    let desk = desk(&stage).await;
    let operator = desk.signed_in(stage.app(), &Person::Operator).await;
    let path = format!(
        "/dashboard/previews/{}%3A{}",
        R::NAME,
        room.address().replace('/', "%2F")
    );
    let page = operator.get(&path).await.text;
    stage.at("2026-11-07T09:00[UTC]");
    comes(&stage, &room, "Octopus").await;
    settled::<R::Room>(&stage).await;
    let shown: Vec<&str> = page.split("class=\"message\"").skip(1).collect();
    let shown = shown.join(" ");
    // Without tags; a moment is shown to each reader in their own way.
    let shown: String = shown
        .split('<')
        .map(|piece| piece.split_once('>').map_or(piece, |(_, text)| text))
        .collect();
    for post in room.posts() {
        for line in post
            .lines()
            .filter(|line| !line.contains("2026") && !line.to_lowercase().contains("next"))
        {
            let line = letters(line);
            assert!(letters(&shown).contains(&line), "{line} isn't in {shown}");
        }
    }
    stage.over().await;
}

pub(super) async fn a_private_chat_is_called_what_chat_calls_it<S: Desks>() {
    let mut stage = Stage::<S>::empty(CONFIG);
    let eve = stage.server.editor("Eve");
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\ndashboard = true\n";
    let editors = format!("[operator]\neditors = [\"{}\"]\n", eve.key());
    stage.configure(&format!("{CONFIG}{web}{editors}{}", S::FAST));
    stage.archive();
    stage.start().await;
    // Only what is kept is shown.
    eve.prefers("en", "UTC").await;
    let desk = desk(&stage).await;
    let operator = desk.signed_in(stage.app(), &Person::Operator).await;
    let chat = eve.private_chat().replace(':', "%3A");
    let paused = operator
        .does(&format!("/dashboard/channels/{chat}/pause"), &[])
        .await;
    assert!(
        paused.contains("Deliveries to this chat are paused"),
        "{paused}"
    );
    let preview = operator.sees(&format!("/dashboard/previews/{chat}")).await;
    assert!(preview.contains("You follow nothing"), "{preview}");
    // The operator is told what is so, and not that somebody has typed something there.
    let app = stage.app();
    let services = stage.server.services(app.settings()).into_iter();
    let platforms: Vec<Arc<dyn ChatPlatform>> = services
        .map(|service| -> Arc<dyn ChatPlatform> { service })
        .collect();
    app.keep_up(app.store(), &platforms, None, &mut 0)
        .await
        .unwrap();
    // Where that chat is known by another name than the editor, what waits for them goes elsewhere.
    if eve.private_chat() != eve.key() {
        return stage.over().await;
    }
    let incidents = app.store().read(|db| db.incidents()).await.unwrap();
    let told = format!(
        "The editor {} can’t be reached: deliveries to that chat are paused",
        eve.key()
    );
    assert!(
        incidents.iter().any(|one| one.text.starts_with(&told)),
        "{incidents:?}"
    );
    stage.over().await;
}

pub(super) async fn the_button_under_status_signs_in<S: Desks>() {
    let mut stage = Stage::<S>::empty(CONFIG);
    let (eve, ben) = (stage.server.editor("Eve"), stage.server.editor("Ben"));
    let web = "[web]\nlisten = \"0\"\nurl = \"https://news.example.org\"\ndashboard = true\n";
    let olga = stage.server.editor("Olga");
    let told = olga.private_chat();
    let editors = format!(
        "[operator]\neditors = [\"{}\"]\nnotify = \"{told}\"\n",
        eve.key()
    );
    stage.configure(&format!("{CONFIG}{web}{editors}{}", S::FAST));
    stage.archive();
    stage.start().await;
    for (person, is_theirs) in [(&eve, true), (&ben, false), (&olga, true)] {
        person.asks_status().await;
        assert_eq!(
            person.is_offered("Dashboard"),
            is_theirs,
            "{:?}",
            person.sees()
        );
    }
    eve.presses("Dashboard").await;
    let desk = desk(&stage).await;
    let link = eve
        .link("https://news.example.org/dashboard/sign-in/")
        .await;
    let cookie = desk.opens(&link).await;
    assert_eq!(desk.status("/dashboard/items", &cookie).await, 200);
    assert_eq!(
        desk.status("/dashboard/deeds", &cookie).await,
        403,
        "an editor, not the operator"
    );
    olga.presses("Dashboard").await;
    let theirs = olga
        .link("https://news.example.org/dashboard/sign-in/")
        .await;
    let cookie = desk.opens(&theirs).await;
    assert_eq!(desk.status("/dashboard/deeds", &cookie).await, 200);
    // Whatever Eve does there is told with her name.
    let store = stage.app().store();
    let named = store
        .read(|db| db.editor_name(&eve.key().to_string()))
        .await;
    assert_eq!(named.unwrap().as_deref(), Some("Eve"));
    // Each press brings a link of its own.
    eve.presses("Dashboard").await;
    let mut another = eve
        .link("https://news.example.org/dashboard/sign-in/")
        .await;
    while another == link {
        another = eve
            .link("https://news.example.org/dashboard/sign-in/")
            .await;
        crate::fakes::clock::pause(std::time::Duration::from_millis(10)).await;
    }
    desk.opens(&another).await;
    stage.over().await;
}
