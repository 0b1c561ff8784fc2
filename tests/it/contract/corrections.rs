//! Posts that stay true: what a source corrects or takes back is corrected where it was posted.

use jiff::SignedDuration;
use tidings_core::ids::{ChannelKey, ItemId};
use tidings_core::item::Place;
use tidings_core::search::Query;
use tidings_store::{ReadTx, StoreError};

use super::rooms::{Room, Rooms, Trouble};
use super::{begun, comes, copies, settled};
use crate::stage::{Fake, Stage};

const LINK: &str = "https://news.example/squid";

/// A page of one item, which is known again by its link.
fn squid(title: &str) -> String {
    format!("# Japan\n{title} | Research vessels will count from January. Read more {LINK}")
}

/// Waits until nothing waits to be edited.
async fn edited<S: Fake>(stage: &Stage<S>) {
    let look = || (edits(stage) == 0).then_some(());
    stage.run(stage.seen("nothing to be edited", look)).await;
}

/// How many messages are to be edited.
fn edits<S: Fake>(stage: &Stage<S>) -> usize {
    let store = stage.app().store().blocking();
    store.read(|db| db.queue(None)).unwrap().edits
}

/// Waits until a room's posts don't hold some words any more.
async fn goes<R: Room>(stage: &Stage<R::Server>, room: &R, words: &str) {
    let look = || (copies(room, words) == 0).then_some(());
    stage.run(stage.seen(words, look)).await;
}

fn number<S: Fake>(stage: &Stage<S>, title: &str) -> ItemId {
    let store = stage.app().store().blocking();
    let number = store.read(|db| {
        let query = Query::parse(title).unwrap();
        let found = db.search(&query, Place::TOP, 1)?;
        Ok::<_, StoreError>(found.first().map(|item| item.id))
    });
    number.unwrap().expect("such an item")
}

pub(super) async fn a_correction_is_made_where_it_was_posted<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    let messages = room.messages();
    stage.at("2026-11-06T14:05[UTC]");
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    comes(&stage, &room, "Squid counted again").await;
    goes(&stage, &room, "agian").await;
    assert!(
        room.posts().concat().contains("Corrected 14:0"),
        "{:?}",
        room.posts()
    );
    // Spelling alone is none, and a correction pushes nothing.
    stage.news("2026-11-06.txt", &squid("Squid counted AGAIN!"));
    settled::<S::Room>(&stage).await;
    edited(&stage).await;
    assert_eq!(copies(&room, "AGAIN!"), 0);
    assert_eq!(room.messages(), messages);
    assert_eq!(room.pinged(), [""; 0]);
    stage.over().await;
}

pub(super) async fn later_corrections_go_together<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    comes(&stage, &room, "Squid counted again").await;
    // Its hour begins when it is written down.
    edited(&stage).await;
    let edits = room.edits();
    stage.news("2026-11-06.txt", &squid("Squid counted again in March"));
    stage.news("2026-11-06.txt", &squid("Squid counted again in April"));
    // What is seen within the hour goes when it is over.
    let seen = || (stage.ground.count("composed WHERE stale = 1") == 0).then_some(());
    stage.seen("both corrections to be seen", seen).await;
    stage.pass(SignedDuration::from_mins(30));
    settled::<S::Room>(&stage).await;
    assert_eq!(room.edits(), edits, "it waits for its hour");
    stage.pass(SignedDuration::from_mins(31));
    comes(&stage, &room, "in April").await;
    edited(&stage).await;
    assert_eq!(room.edits(), edits + 1, "together");
    stage.over().await;
}

pub(super) async fn what_is_withdrawn_is_struck_out<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news(
        "2026-11-06.txt",
        &format!(
            "{}\nWhales counted too | They are fewer.",
            squid("Squid counted again")
        ),
    );
    comes(&stage, &room, "Whales counted too").await;
    settled::<S::Room>(&stage).await;
    let number = number(&stage, "squid counted again");
    let store = stage.app().store().blocking();
    store.write(|db| db.withdraw_item(number)).unwrap();
    stage.app().wake.schedule();
    comes(&stage, &room, "Corrected").await;
    let struck = room.struck();
    assert_eq!(struck, ["Squid counted again"]);
    assert_eq!(copies(&room, "Whales counted too"), 1);
    stage.over().await;
}

pub(super) async fn who_wants_no_corrections_gets_none<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    let set = room.manager("/settings corrections off").await;
    assert!(set.contains("corrections"), "{set}");
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    stage.pass(SignedDuration::from_hours(1));
    edited(&stage).await;
    assert_eq!((room.edits(), copies(&room, "Squid counted again")), (0, 0));
    stage.over().await;
}

pub(super) async fn what_wasn_t_sent_yet_is_sent_right<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    // The first post has to wait until the clock goes on; the others wait behind it.
    room.next_post_meets(Trouble::Busy);
    stage.news(
        "2026-11-06.txt",
        "# Japan\nFerries sail again | They are blue.",
    );
    let look = || (stage.queue().0 == 1).then_some(());
    stage.seen("the first post", look).await;
    stage.news("2026-11-07.txt", &squid("Squid counted agian"));
    // What is loaded together is one post.
    let look = || (stage.queue().0 == 2).then_some(());
    stage.seen("the second post", look).await;
    stage.news(
        "2026-11-08.txt",
        "# Japan\nSeals counted too | Read more https://news.example/seals",
    );
    let look = || (stage.queue().0 >= 3).then_some(());
    stage.seen("the third post", look).await;
    let seals = number(&stage, "seals counted too");
    stage.news("2026-11-07.txt", &squid("Squid counted again"));
    let store = stage.app().store().blocking();
    store.write(|db| db.withdraw_item(seals)).unwrap();
    stage.app().wake.schedule();
    let corrected = Query::parse("\"squid counted again\"").unwrap();
    let look = || {
        let is_loaded = |db: &ReadTx<'_>| {
            let found = db.search(&corrected, Place::TOP, 1)?;
            Ok::<_, StoreError>(!found.is_empty() && db.stale(S::NAME, 1)?.is_empty())
        };
        store.read(is_loaded).unwrap().then_some(())
    };
    stage.seen("the correction", look).await;
    comes(&stage, &room, "Squid counted again").await;
    settled::<S::Room>(&stage).await;
    edited(&stage).await;
    let posts = room.posts().concat();
    assert!(
        !posts.contains("agian") && !posts.contains("Corrected"),
        "{posts}"
    );
    assert!(
        !posts.contains("Seals"),
        "all that it would have shown was withdrawn: {posts}"
    );
    assert_eq!(room.edits(), 0);
    stage.over().await;
}

pub(super) async fn an_edit_overcomes_trouble_and_a_kill<S: Rooms>() {
    let (mut stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    let messages = room.messages();
    for (at, trouble) in [
        Trouble::Busy,
        Trouble::Broken,
        Trouble::Reset,
        Trouble::AnswerLost,
    ]
    .into_iter()
    .enumerate()
    {
        room.next_edit_meets(trouble);
        stage.pass(SignedDuration::from_hours(2));
        let title = format!("Squid counted again, {at} times");
        stage.news("2026-11-06.txt", &squid(&title));
        comes(&stage, &room, &title).await;
        edited(&stage).await;
    }
    room.next_edit_meets(Trouble::Slow);
    stage.pass(SignedDuration::from_hours(2));
    stage.news("2026-11-06.txt", &squid("Squid counted at last"));
    comes(&stage, &room, "Squid counted at last").await;
    stage.kill().await;
    stage.start().await;
    edited(&stage).await;
    assert_eq!(copies(&room, "Squid counted at last"), 1);
    assert_eq!(room.messages(), messages, "nothing was posted anew");
    stage.over().await;
}

pub(super) async fn a_message_that_was_deleted_stays_deleted<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    room.delete_posts();
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    settled::<S::Room>(&stage).await;
    edited(&stage).await;
    assert_eq!(room.posts(), [""; 0]);
    let key = ChannelKey::new(S::NAME, &room.address()).unwrap();
    let row = crate::harness::row(stage.app(), &key).unwrap();
    assert_eq!(row.pause, None, "the channel takes new ones");
    stage.over().await;
}

pub(super) async fn after_two_days_it_is_left_and_said<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    stage.news("2026-11-06.txt", &squid("Squid counted agian"));
    comes(&stage, &room, "Squid counted agian").await;
    settled::<S::Room>(&stage).await;
    stage.at("2026-11-08T11:00[UTC]");
    stage.news("2026-11-06.txt", &squid("Squid counted again"));
    comes(&stage, &room, "Squid counted again").await;
    edited(&stage).await;
    // The next one waits for its hour; by then it is too late.
    stage.at("2026-11-08T11:30[UTC]");
    stage.news("2026-11-06.txt", &squid("Squid counted for good"));
    let look = || (edits(&stage) > 0).then_some(());
    stage.seen("a correction that waits", look).await;
    stage.at("2026-11-08T12:30[UTC]");
    edited(&stage).await;
    // And what is corrected after that isn't even tried.
    stage.news("2026-11-06.txt", &squid("Squid counted for ever"));
    edited(&stage).await;
    assert_eq!(
        (copies(&room, "for good"), copies(&room, "for ever")),
        (0, 0)
    );
    let said = room.manager("/status").await;
    assert!(
        said.contains("1 message here couldn’t be corrected."),
        "{said}"
    );
    stage.over().await;
}

/// So many articles of so many sentences; one of them is called otherwise.
fn articles(count: usize, sentences: usize, other: Option<(usize, &str)>) -> String {
    let text = "The envoys agreed to meet a third time before winter. ".repeat(sentences);
    let title = |n: usize| match other {
        Some((at, title)) if at == n => title.to_owned(),
        _ => format!("Article number {n}"),
    };
    let link = |n| format!("https://news.example/{n}");
    let articles = (1..=count).map(|n| format!("{} | {text}Read more {}", title(n), link(n)));
    format!("# Japan\n{}", articles.collect::<Vec<_>>().join("\n"))
}

pub(super) async fn only_the_message_with_the_item_changes<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan instant").await;
    room.manager("/settings style summaries").await;
    room.manager("/settings cap 100").await;
    stage.news("2026-11-06.txt", &articles(60, 3, None));
    comes(&stage, &room, "Article number").await;
    settled::<S::Room>(&stage).await;
    let before = room.posts();
    assert!(before.len() > 1, "{} messages", before.len());
    for (n, title) in [
        (2, "Chapter number 2"),
        (31, "Chapter number 31"),
        (59, "Chapter number 59"),
    ] {
        let page = articles(60, 3, Some((n, title)));
        stage.pass(SignedDuration::from_hours(2));
        stage.news("2026-11-06.txt", &page);
        comes(&stage, &room, title).await;
        edited(&stage).await;
        let after = room.posts();
        assert_eq!(after.len(), before.len());
        let others = before
            .iter()
            .zip(&after)
            .filter(|(_, after)| !after.contains("Corrected"));
        for (before, after) in others {
            assert_eq!(before, after);
        }
        let plain = |text: &str| {
            let lines = text.lines().map(|line| {
                let end = line.find("Corrected").unwrap_or(line.len());
                line[..end]
                    .trim_end_matches([' ', '·'])
                    .replace("Chapter", "Article")
            });
            lines
                .filter(|line| !line.is_empty())
                .collect::<Vec<_>>()
                .join("\n")
        };
        for (before, after) in before.iter().zip(&after) {
            assert_eq!(plain(before), plain(after));
        }
    }
    stage.over().await;
}

/// So many headlines, the first of which is number 10; some are called otherwise.
fn headlines(count: usize, others: &[(usize, &str)]) -> String {
    let title = |n: usize| match others.iter().find(|(at, _)| *at == n) {
        Some((_, title)) => (*title).to_owned(),
        None => format!("Squid number {n} counted"),
    };
    let link = |n| format!("https://news.example/{n}");
    let lines = (10..10 + count).map(|n| format!("{} | Read more {}", title(n), link(n)));
    format!("# Japan\n{}", lines.collect::<Vec<_>>().join("\n"))
}

/// Waits until one of the bot's messages holds some words, whatever it looks like.
async fn tells<R: Room>(stage: &Stage<R::Server>, room: &R, words: &str) {
    let look = || {
        let told = room.told();
        told.iter().any(|text| text.contains(words)).then_some(())
    };
    stage.run(stage.seen(words, look)).await;
}

pub(super) async fn what_went_in_pieces_is_corrected_where_it_stands<S: Rooms>() {
    let (stage, room) = begun::<S>("/subscribe japan daily 09:00").await;
    room.refuses_texts_with("Squid number 12");
    stage.news("2026-11-06.txt", &headlines(25, &[]));
    stage.at("2026-11-07T09:00[UTC]");
    let refused = || (stage.queue() == (0, 1)).then_some(());
    stage.run(stage.seen("a dead part", refused)).await;
    let (before, messages) = (room.told(), room.messages());
    assert!(before.len() > 2, "{before:#?}");
    // Two of them stand in one piece, one in another.
    let others = [
        (17, "Whale number 17 counted"),
        (18, "Whale number 18 counted"),
        (34, "Whale number 34 counted"),
    ];
    room.next_edit_meets(Trouble::AnswerLost);
    stage.news("2026-11-06.txt", &headlines(25, &others));
    tells(&stage, &room, "Whale number 17").await;
    tells(&stage, &room, "Whale number 34").await;
    edited(&stage).await;
    let after = room.told();
    assert_eq!(room.messages(), messages, "nothing is posted for that");
    for (before, after) in before.iter().zip(&after) {
        let changed = others
            .iter()
            .any(|(n, _)| before.contains(&format!("number {n} ")));
        assert_eq!(changed, after.contains("Corrected"), "{after}");
        if !changed {
            assert_eq!(before, after);
        }
        for n in (10..35).filter(|n| *n != 12) {
            let word = format!(" number {n} ");
            assert_eq!(before.contains(&word), after.contains(&word), "{after}");
        }
    }
    // What is taken back is struck out where it stands, and what was refused is sent as it is corrected.
    let seal = number(&stage, "squid number 20 counted");
    let store = stage.app().store().blocking();
    store.write(|db| db.withdraw_item(seal)).unwrap();
    stage.app().wake.schedule();
    let look = || (!room.struck().is_empty()).then_some(());
    stage.run(stage.seen("what is struck out", look)).await;
    edited(&stage).await;
    assert_eq!(room.struck(), ["Squid number 20 counted"]);
    let seals = [
        (12, "Seal number 12 counted"),
        (33, "Seal number 33 counted"),
    ];
    let others = [&others[..], &seals].concat();
    stage.pass(SignedDuration::from_hours(2));
    stage.news("2026-11-06.txt", &headlines(25, &others));
    tells(&stage, &room, "Seal number 33").await;
    let now = stage.app().now();
    store.write(|db| db.retry_dead(None, now)).unwrap();
    stage.app().wake.outbox();
    tells(&stage, &room, "Seal number 12").await;
    settled::<S::Room>(&stage).await;
    assert_eq!(stage.queue(), (0, 0));
    assert_eq!(room.messages(), messages + 1);
    // By then it is a message like any other.
    let others = [
        &others[..3],
        &[(12, "Seal number 12 counted twice"), seals[1]],
    ]
    .concat();
    stage.pass(SignedDuration::from_hours(2));
    stage.news("2026-11-06.txt", &headlines(25, &others));
    tells(&stage, &room, "counted twice").await;
    edited(&stage).await;
    assert_eq!(room.messages(), messages + 1);
    let status = room.manager("/status").await;
    assert!(!status.contains("couldn’t be corrected"), "{status}");
    stage.over().await;
}
