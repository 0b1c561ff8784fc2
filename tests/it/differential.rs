//! Two bots with the same life, one on a file and one on a PostgreSQL server: whatever happens, and in whatever order, both
//! answer everybody alike, post the same, and hold the same in the end.

use jiff::SignedDuration;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::RngSeed;
use tidings::editing::items::{self, ItemDeed, Words};
use tidings::editing::sections;
use tidings_core::ids::ItemId;
use tidings_store::{OPERATOR, StoreError};

use crate::ground::{Ground, engine_is_named};
use crate::harness::{CONFIG, Chat, page};
use crate::postgres;

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A page of a source comes, or comes anew.
    Page(&'static str, usize, Vec<(usize, usize, bool)>),
    /// A manager says something.
    Say(String),
    /// What was answered last goes on.
    More,
    /// So many minutes pass.
    Wait(i64),
    /// The operator corrects, withdraws, puts back, parts or joins an item.
    Edit(usize, i64, i64),
    /// The operator hides, shows or merges a section.
    Section(usize, usize, usize),
    Restart,
}

const HEADINGS: [&str; 5] = [
    "US-NK Relations",
    "Between the Koreas",
    "Japan",
    "Garden shows",
    "문화",
];

const TITLES: [&str; 10] = [
    "Envoy Harmon arrives in Seoul for talks on prisoners",
    "Envoy Harmon in Seoul for talks on prisoners",
    "Squid counted together in Busan",
    "Ferns come back",
    "Liaison office in Kaesong gets a door plate of brass",
    "남북 정상회담이 9월에 열린다",
    "Tokyo ferry costs $5",
    "Tokyo ferry costs €5",
    "Weekly rubric",
    "속초 호텔 화재로 3명 사망",
];

const SUMMARIES: [&str; 4] = [
    "They grow in the shade.",
    "He stays for two days. | A third is planned.",
    "정상회담은 평양에서 열린다.",
    "Read more https://news.example/squid",
];

const SLUGS: [&str; 6] = [
    "us-nk",
    "inter-korean",
    "japan",
    "garden-shows",
    "more",
    "all",
];

fn lines() -> impl Strategy<Value = String> {
    let slug = || select(SLUGS.to_vec());
    let when = select(vec![
        "instant",
        "daily 18:00",
        "hourly",
        "weekly mon 9:00",
        "instant 08:00-22:00",
        "every 2 hours",
    ]);
    let words = || {
        select(vec![
            "squid",
            "남북",
            "\"talks on prisoners\"",
            "ferr*",
            "envoy -seoul",
            "Korea 2026",
            "tokyo, ferns",
            "€5",
        ])
    };
    prop_oneof![
        (slug(), 1..6u8).prop_map(|(slug, count)| format!("/latest {slug} {count}")),
        Just("/latest".to_owned()),
        words().prop_map(|words| format!("/search {words}")),
        (1..14u8).prop_map(|item| format!("/read {item}")),
        select(vec![
            "/sections",
            "/subscriptions",
            "/status",
            "/preview",
            "/roundup",
            "/pause 3h",
            "/resume",
            "/settings duplicates on",
            "/settings style summaries",
            "/settings cap 2",
            "/timezone Asia/Seoul",
            "/forget",
            "/forget yes",
            "/help",
        ])
        .prop_map(str::to_owned),
        (slug(), when).prop_map(|(slug, when)| format!("/subscribe {slug} {when}")),
        slug().prop_map(|slug| format!("/unsubscribe {slug}")),
        (slug(), words()).prop_map(|(slug, words)| format!("/filter {slug} {words}")),
        slug().prop_map(|slug| format!("/filter {slug} off")),
        words().prop_map(|words| format!("/watch {words}")),
        words().prop_map(|words| format!("/unwatch {words}")),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let item = (0..HEADINGS.len(), 0..TITLES.len(), any::<bool>());
    let source = select(vec!["digests", "yonhap"]);
    let paged = (source, 0..4usize, vec(item, 1..5));
    let step = prop_oneof![
        4 => paged.prop_map(|(source, name, items)| Step::Page(source, name, items)),
        8 => lines().prop_map(Step::Say),
        1 => Just(Step::More),
        3 => select(vec![1, 40, 300, 1_500]).prop_map(Step::Wait),
        2 => (0..5usize, 1..12i64, 1..12i64).prop_map(|(deed, one, other)| Step::Edit(deed, one, other)),
        1 => (0..3usize, 0..5usize, 0..5usize).prop_map(|(deed, one, other)| Step::Section(deed, one, other)),
        1 => Just(Step::Restart),
    ];
    vec(step, 10..40)
}

fn written(items: &[(usize, usize, bool)], name: usize) -> String {
    let lines = items.iter().map(|(heading, title, has_heading)| {
        let heading = match has_heading {
            true => format!("# {}\n", HEADINGS[*heading]),
            false => String::new(),
        };
        let summary = SUMMARIES[(title + name) % SUMMARIES.len()];
        format!("{heading}{} | {summary}", TITLES[*title])
    });
    page(&lines.collect::<Vec<_>>().join("\n"))
}

/// Has one of them live through something; returns what can be seen of that.
fn live(chat: &mut Chat, step: &Step) -> String {
    match step {
        Step::Page(source, name, items) => {
            let day = chat.app().now().to_string()[..10].to_owned();
            chat.drop_into(source, &format!("{day}-{name}.txt"), written(items, *name));
            let loaded = chat.load();
            format!("{loaded}\n{}", chat.posted())
        }
        Step::Say(line) => {
            let answer = chat.say(line);
            format!("{answer}\n{}", chat.posted())
        }
        Step::More if chat.has_more() => chat.more(),
        Step::More => String::new(),
        Step::Wait(minutes) => {
            chat.wait(SignedDuration::from_mins(*minutes));
            chat.keep_up(None)
        }
        Step::Edit(deed, one, other) => {
            let deed = match deed {
                0 => ItemDeed::Correct(Words {
                    title: format!("Corrected {one}"),
                    summary: "By the operator.".to_owned(),
                    link: String::new(),
                }),
                1 => ItemDeed::Withdraw,
                2 => ItemDeed::Restore,
                3 => ItemDeed::Split,
                _ => ItemDeed::Join(ItemId::new(*other)),
            };
            let now = chat.app().now();
            let store = chat.app().store().blocking();
            let item = ItemId::new(*one);
            let done = store.write(|db| items::edit(db, item, &deed, None, OPERATOR, now));
            format!("{:?}\n{}", done.unwrap(), chat.posted())
        }
        Step::Section(deed, one, other) => {
            let now = chat.app().now();
            let store = chat.app().store().blocking();
            let done = store.write(|db| {
                let all = db.sections()?;
                let named = |at: &usize| all.iter().find(|s| s.slug.as_str() == SLUGS[*at]);
                let (Some(one), Some(other)) = (named(one), named(other)) else {
                    return Ok(String::new());
                };
                let done = match deed {
                    0 => sections::hide(db, one.id, OPERATOR, now)?,
                    1 => sections::show(db, one.id, OPERATOR, now)?,
                    _ => sections::merge(db, one.id, other.id, OPERATOR, now)?,
                };
                Ok::<_, StoreError>(format!("{:?}", done))
            });
            format!("{}\n{}", done.unwrap(), chat.posted())
        }
        Step::Restart => {
            chat.restart();
            chat.load()
        }
    }
}

/// What is held, but for what each has for itself.
fn held(chat: &mut Chat) -> String {
    let mut all = String::new();
    for line in ["/sections", "/latest all 25", "/subscriptions"] {
        all.push_str(&chat.say(line));
    }
    for item in 1..14 {
        all.push_str(&chat.say(&format!("/read {item}")));
    }
    // By their names: on a server there are gaps between the numbers of what isn't shown to anybody.
    let section = "(SELECT slug FROM sections WHERE id = section_id)";
    let source = "(SELECT name FROM sources WHERE id = source_id)";
    for sql in [
        format!(
            "SELECT id, {section}, {source}, title, summary, link, published, push_order, removed, written, beyond, story FROM items"
        ),
        format!("SELECT item_id, {source}, link, {section}, push_order FROM reports"),
        format!("SELECT {section}, cadence, filter, cursor, next_at FROM subscriptions"),
        "SELECT item_id, count(*) FROM shown GROUP BY item_id".to_owned(),
        "SELECT slug, items, hidden FROM sections".to_owned(),
    ] {
        let mut rows = chat.ground.rows(&sql);
        rows.sort();
        for row in rows {
            all.push_str(&format!("{sql}: {row:?}\n"));
        }
    }
    all
}

fn alike(steps: &[Step], server: &std::sync::Arc<postgres::Server>) -> Result<(), TestCaseError> {
    let more = "\n[[source]]\nname = \"yonhap\"\nkind = \"folder\"\npath = \"yonhap\"\nlabel = \"Yonhap\"\n";
    let config = format!("{CONFIG}{more}");
    let grounds = [Ground::new(), Ground::on(server)];
    let mut twins = grounds.map(|ground| {
        let mut chat = Chat::on(ground, &config);
        std::fs::create_dir(chat.path("yonhap")).unwrap();
        chat.load();
        chat
    });
    for (at, step) in steps.iter().enumerate() {
        let [file, server] = twins.each_mut().map(|chat| live(chat, step));
        if file != server {
            twins.iter_mut().for_each(|chat| drop(chat.posted()));
        }
        prop_assert_eq!(file, server, "step {}: {:?}", at, step);
    }
    let [file, server] = twins.each_mut().map(held);
    // A whole of hundreds of lines is nothing to look at.
    let lines = file.lines().zip(server.lines());
    for (file, server) in lines {
        prop_assert_eq!(file, server, "what is held in the end");
    }
    prop_assert_eq!(file.lines().count(), server.lines().count());
    twins.iter_mut().for_each(|chat| drop(chat.posted()));
    Ok(())
}

#[test]
fn whatever_happens_both_engines_tell_the_same() {
    // In a run on PostgreSQL there is nothing to compare with.
    let Some(server) = postgres::shared().filter(|_| !engine_is_named()) else {
        return;
    };
    let config = ProptestConfig {
        cases: 12,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(2026),
        max_shrink_iters: 60,
        ..ProptestConfig::default()
    };
    proptest!(config, |(steps in steps())| alike(&steps, server)?);
}
