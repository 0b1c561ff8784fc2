//! The search finds just the items that hold what is asked for, newest first, and the same ones on either engine: what is
//! compared here with a look at each item's words.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use proptest::prelude::*;
use tempfile::TempDir;
use tidings_core::ids::{ItemId, SectionSlug};
use tidings_core::item::{Draft, FeedId, Item, Place, Prepared, Published, title_key};
use tidings_core::search::{Query, SpacedWords, words};
use tidings_core::section::{Discovered, Placement};
use tidings_store::{Batch, Filing, Listing, OpenMode, ServerUrl, Store, StoreAddress, StoreError};

use crate::postgres::{self, Database};

/// An item: what it says, and when, in days and seconds.
type Said = (String, String, i64, i64);

fn prepared((at, (title, summary, day, second)): (usize, &Said)) -> Prepared {
    let moment = Timestamp::from_second(day * 86_400 + second).unwrap();
    let published = Published::Time(moment);
    Prepared {
        title_is_made: false,
        id: FeedId::Own(at.to_string()),
        written: None,
        published,
        placement: Placement::New(Arc::new(Discovered {
            slug: SectionSlug::from_heading("News").unwrap(),
            title: "News".to_owned(),
        })),
        title_key: title_key(title, -published.seconds()),
        old_title_key: None,
        link_key: None,
        words: words(title, summary),
        telling: None,
        draft: Draft {
            title: title.clone(),
            summary: summary.clone(),
            ..Draft::default()
        },
    }
}

/// Files all, withdraws every fifth and puts back every tenth; hides the section, and shows it again.
fn fill(store: &Store, said: &[Said]) {
    let drafts: Vec<Prepared> = said.iter().enumerate().map(prepared).collect();
    let filled = store.blocking().write(|db| {
        let mut batch = Batch::new(db, Timestamp::UNIX_EPOCH)?;
        let filing = Filing {
            source: db.source("feed")?.id,
            name: "a",
            content_hash: 0,
            rules_hash: 0,
            reader: 0,
            size: 0,
            modified: 0,
            first_seen: Timestamp::UNIX_EPOCH,
            drafts: &drafts,
            failure: None,
            ignored: 0,
            language: None,
            shared: &[],
            restores: false,
            push_from: None,
            hold_until: None,
        };
        assert!(batch.file(&filing, &|_, _, _| true)?.is_some());
        batch.finish()?;
        for item in (1..=i64::try_from(said.len()).unwrap()).step_by(5) {
            db.withdraw_item(ItemId::new(item))?;
            if item % 10 == 1 {
                db.restore_item(ItemId::new(item))?;
            }
        }
        let news = db.section_summaries()?;
        let news = news.iter().find(|one| one.section.slug.as_str() == "news");
        if let Some(news) = news {
            db.set_hidden(news.section.id, true)?;
            let all = Query::parse("korea").unwrap();
            assert_eq!(db.search(&all, Place::TOP, 9)?, []);
            db.set_hidden(news.section.id, false)?;
        }
        Ok::<_, StoreError>(())
    });
    filled.unwrap();
}

/// Asks a store everything, whole and page by page; returns what it found.
fn asked(store: &Store, questions: &[Query]) -> Vec<Vec<String>> {
    let all = Listing {
        section: None,
        after: Place::TOP,
        limit: usize::MAX,
    };
    let found = store.blocking().read(|db| {
        let items: Vec<(Item, SpacedWords)> = db
            .newest(all)?
            .into_iter()
            .map(|item| {
                let words = SpacedWords::of(&item.title, &item.summary);
                (item, words)
            })
            .collect();
        let mut found = Vec::new();
        for question in questions {
            let holders = items.iter().filter(|(_, words)| question.is_in(words));
            let holders: Vec<Item> = holders.map(|(item, _)| item.clone()).collect();
            let whole = db.search(question, Place::TOP, items.len() + 1)?;
            assert_eq!(whole, holders, "{question:?}");
            let size = (holders.len() / 20).max(3);
            let (mut pages, mut after) = (Vec::new(), Place::TOP);
            loop {
                let page = db.search(question, after, size)?;
                let Some(last) = page.last() else { break };
                after = last.place;
                pages.extend(page);
            }
            assert_eq!(pages, holders, "{question:?}, page by page");
            found.push(whole.into_iter().map(|item| item.summary).collect());
        }
        Ok::<_, StoreError>(found)
    });
    found.unwrap()
}

/// A store on each engine that there is, with what they stand on.
fn stores() -> (TempDir, Option<Database>, Vec<Store>) {
    let folder = tempfile::tempdir().unwrap();
    let file = StoreAddress::File(folder.path().join("a.db"));
    let database = postgres::shared().map(Database::empty);
    let server = database.as_ref().map(|database| {
        let url = ServerUrl::parse(&database.url(), Path::new("/")).unwrap();
        StoreAddress::Server(url)
    });
    let addresses = [Some(file), server].into_iter().flatten();
    let opened = addresses.map(|address| Store::open_at(&address, OpenMode::Work).unwrap());
    let opened = opened.collect();
    (folder, database, opened)
}

/// What every engine finds, by question.
fn find_the_same(said: &[Said], questions: &[Query]) -> Vec<Vec<String>> {
    let (_folder, _database, stores) = stores();
    let found = stores.iter().map(|store| {
        fill(store, said);
        asked(store, questions)
    });
    let mut found: Vec<_> = found.collect();
    assert!(found.iter().all(|one| *one == found[0]));
    found.remove(0)
}

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "north",
        "south",
        "korea",
        "koreas",
        "summit",
        "summ",
        "café",
        "cafe",
        "북한",
        "북한은",
        "남북관계",
        "한",
        "계",
        "日本",
        "日本語",
        "a",
        "b",
        "1",
        "u.s.",
        "Ω",
        "it's",
        "back\\slash",
        "ﷺ",
        "\u{E000}",
        "<->",
        ":*",
    ])
}

fn text(most: usize) -> impl Strategy<Value = String> {
    let between = prop::sample::select(vec![" ", " ", ", ", "-", "", " \" "]);
    prop::collection::vec((word(), between), 0..most).prop_map(|words| {
        let words = words.iter().flat_map(|(word, between)| [*word, *between]);
        words.collect()
    })
}

fn said() -> impl Strategy<Value = Said> {
    // A few days, many years, and what no calendar on a wall shows.
    let day = prop_oneof![
        20_000..20_100_i64,
        0..25_000_i64,
        -4_000_000..-3_999_900_i64,
        2_932_000..2_932_100_i64
    ];
    (text(5), text(20), day, prop_oneof![Just(0), 0..86_400_i64])
}

fn question() -> impl Strategy<Value = String> {
    let term = prop_oneof![
        word().prop_map(str::to_owned),
        (word(), word()).prop_map(|(word, end)| format!("{word}{end}*")),
        word().prop_map(|word| format!("{word}*")),
        text(4).prop_map(|text| format!("\"{text}\"")),
    ];
    prop::collection::vec(term, 1..4).prop_map(|terms| terms.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn both_engines_find_what_holds_the_words(
        said in prop::collection::vec(said(), 0..60),
        questions in prop::collection::vec(question(), 40),
    ) {
        let questions: Vec<Query> = questions.iter().filter_map(|text| Query::parse(text)).collect();
        find_the_same(&said, &questions);
    }
}

#[test]
fn what_no_index_holds_is_cut_alike() {
    let day = 20_000;
    let long = |letter: &str, times: usize| letter.repeat(times);
    // Words of three letters, of which 100 kB are more than 16,000.
    let word = |n: u32| -> String {
        let letters = [n / 676, n / 26 % 26, n % 26];
        let letters = letters.map(|letter| char::from_digit(letter + 10, 36).unwrap());
        letters.iter().collect()
    };
    let numbered: String = (0..17_000).map(|n| word(n) + " ").collect();
    // Words of which 500 kB are fewer than 16,000.
    let wide: String = (0..4_000)
        .map(|n| format!("{}{n} ", long("𐌰", 24)))
        .collect();
    let texts = [
        (long("korea ", 300), long("north korea ", 200)),
        (
            long("x", 150),
            format!("{} {} korea", long("y", 100), long("한", 150)),
        ),
        ("Numbers".to_owned(), numbered),
        (long("한국", 20_000), "korea".to_owned()),
        (
            String::from("Often"),
            long("korea a ", 260) + "north korea summit",
        ),
        ("Wide".to_owned(), wide),
    ];
    let said: Vec<Said> = (0..)
        .zip(texts)
        .map(|(at, (title, summary))| (title, summary, day + at, 0))
        .collect();
    let mut questions = vec![
        word(15_997),
        word(15_998),
        format!("\"{} {}\"", word(15_996), word(15_997)),
        format!("{}*", &word(15_997)[..2]),
    ];
    let others = [
        "\"north korea summit\"",
        "\"korea a\"",
        "\"korea korea\"",
        "\"korea korea korea\" north",
        "\"summit korea korea\"",
        "korea-korea*",
        "korea-kor*",
        "한국한국",
        "korea summit",
        "한국한",
        "국한국",
        "wide",
        "/2",
        "2024",
        "'",
    ];
    questions.extend(others.map(str::to_owned));
    for count in [99, 100, 101, 150, 151] {
        questions.extend(["x", "y", "한"].map(|letter| long(letter, count)));
        questions.push(long("x", count) + "*");
        questions.push(format!("\"{} {}\"", long("y", count), long("한", 9)));
    }
    for n in [0, 2_000, 3_999] {
        questions.push(format!("{}{n}", long("𐌰", 24)));
    }
    let questions: Vec<Query> = questions
        .iter()
        .filter_map(|text| Query::parse(text))
        .collect();
    let found = find_the_same(&said, &questions);
    let count = |question: &str| {
        let asked = Query::parse(question).unwrap();
        let at = questions.iter().position(|one| *one == asked).unwrap();
        found[at].len()
    };
    // The title, what parts it from the summary, and 15,998 words.
    assert_eq!((count(&word(15_997)), count(&word(15_998))), (1, 0));
    // A word is found by its first hundred letters, whatever follows in the question.
    assert_eq!((count(&long("x", 99)), count(&long("x", 151))), (0, 1));
    // Its 256th place isn't kept, and neither are phrases around it.
    assert_eq!(
        (count("korea summit"), count("\"north korea summit\"")),
        (1, 0)
    );
}

/// In a million items of which half hold a word, each of these would be looked at for whether it holds it twice in a row.
#[test]
fn a_word_twice_in_a_row_is_in_the_index() {
    let asked = |question: &str| Query::parse(question).unwrap().to_tsquery(&[]);
    assert_eq!(
        asked("\"korea korea summit\""),
        "'korea' <-> 'korea' <-> 'summit' & '=korea'"
    );
    // What only begins so may be another word.
    assert_eq!(asked("korea-korea*"), "'korea' <-> 'korea':*");
    let indexed = tidings_core::search::to_tsvector(&words("Korea", "Korea, Korea summit"), 0);
    assert_eq!(
        indexed,
        "'korea':1 'korea':3 'korea':4 '=korea' 'summit':5 '/1970-1' '/1970'"
    );
}

#[test]
fn what_very_many_hold_is_found_by_years_and_months() {
    let (_folder, database, stores) = stores();
    let Some(database) = database else { return };
    let store = &stores[1];
    store
        .blocking()
        .write(|db| db.source("feed").map(drop))
        .unwrap();
    // One item a day for ten years that says nothing of it, and in the middle a month in which everybody does, every half
    // minute; and a few before and after.
    database.execute("SET search_path = tidings; INSERT INTO documents (source_id, name, content_hash, rules_hash, size, modified, items, first_seen_at, loaded_at) SELECT min(id), 'a', 0, 0, 0, 0, 0, 0, 0 FROM sources");
    let items = |count: i64, first: &str, apart: &str, words: &str| {
        database.execute(&format!(
            "SET search_path = tidings;
             INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, title_key, seen_at, words)
             SELECT (SELECT min(id) FROM sections), (SELECT min(id) FROM sources), (SELECT min(id) FROM documents), n % 7,
                 -extract(epoch FROM moment)::bigint, '{words}', '', n, 0,
                 ('''{words}'':1 ''/' || to_char(moment, 'FMYYYY-FMMM') || ''' ''/' || to_char(moment, 'FMYYYY') || '''')::tsvector
             FROM (SELECT n, timestamp '{first}' + n * interval '{apart}' AS moment FROM generate_series(0, {count} - 1) n) AS all_moments"
        ));
    };
    items(3_650, "2014-01-01", "1 day", "squid");
    items(5_200, "2018-05-02", "2 minutes", "summit");
    items(40, "2015-01-01", "1 month", "summit");
    items(2, "2090-01-01", "1 month", "squid");
    items(3, "2016-07-01", "1 year", "squid'':1 ''summit'':2 ''=x");
    let questions = ["summit", "\"squid summit\"", "\"summit squid\""];
    let questions = questions.map(|question| Query::parse(question).unwrap());
    let search = |at: usize| {
        let found = store
            .blocking()
            .read(|db| db.search(&questions[at], Place::TOP, 9_000));
        found.unwrap().len()
    };
    assert_eq!((search(1), search(2)), (3, 0));
    database.execute("DELETE FROM tidings.items WHERE title LIKE 'squid_%'");
    let found = asked(store, &questions[..1]);
    assert_eq!(found[0].len(), 5_240);
}
