//! How much comes of one event, and how much may be asked.

use super::rooms::{Room, Rooms};
use super::{begun, comes, settled};

/// So many articles, each of so many sentences of 54 letters.
fn articles(count: usize, sentences: usize) -> String {
    let text = "The envoys agreed to meet a third time before winter. ".repeat(sentences);
    let articles = (1..=count).map(|n| format!("Article number {n} | {}", text.trim()));
    format!("# Japan\n{}", articles.collect::<Vec<_>>().join("\n"))
}

pub(super) async fn articles_make_no_flood<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.manager("/settings style summaries").await;
    let before = room.messages();
    stage.news("2026-11-06.txt", &articles(25, 200));
    comes(&stage, &room, "Article number").await;
    settled::<S::Room>(&stage).await;
    let posted = room.messages() - before;
    assert!((1..=5).contains(&posted), "{posted} messages");
    stage.over().await;
}

pub(super) async fn a_long_item_is_read_page_by_page<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    stage.news("2026-11-06.txt", &articles(1, 900));
    let number = stage
        .app()
        .store()
        .blocking()
        .read(|db| db.greatest_item_id())
        .unwrap();
    let none = room.reader(&format!("/read {number} 99")).await;
    assert!(none.contains("pages"), "{none}");
    let second = room.reader(&format!("/read {number} 2")).await;
    assert!(second.contains("Article number 1"), "{second}");
    stage.over().await;
}

pub(super) async fn readers_are_told_once_and_then_left_alone<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    let mut last = String::new();
    for _ in 0..20 {
        last = room.reader("/subscriptions").await;
    }
    assert!(last.contains("twentieth"), "{last}");
    // A manager isn't counted.
    let answer = room.manager("/pause").await;
    assert!(answer.contains("aused"), "{answer}");
    stage.over().await;
}
