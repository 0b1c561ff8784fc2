//! Every statement of the store is understood by both engines, but for those that one of them alone is asked.
//!
//! The statements come from the source ([`source`]), so none is left out that nothing runs. What this can't see is what they
//! are asked with and what they answer: that the types of parameters are the program's own, and that both engines answer alike,
//! is what runs on both are for ([`crate::two_engines`], [`crate::differential`]). What is written for the names of tables as
//! the store has them (copying) stands here with one of them; what `.sql` files say is carried out by whoever makes a store.

#[path = "../../src/store/engine/dialect.rs"]
mod dialect;
mod source;

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;
use rusqlite::Connection;
use tidings_store::{OpenMode, ServerUrl, Store, StoreAddress};

use self::source::{Found, Source};
use crate::postgres::{Database, shared};

/// What fills holes that the source alone doesn't tell.
struct Hole {
    /// The end of the file's name.
    file: &'static str,
    /// What stands in the text.
    within: &'static str,
    /// Holes that are filled together; those without a name are numbered.
    names: &'static [&'static str],
    /// What they are filled with, each time.
    values: &'static [&'static [&'static str]],
}

/// What [`tidings_store::Scope`] says of a window: a section's, one of all sections, of all but some, a watch's; with items that
/// are left out.
const CONDITIONS: &[&[&str]] = &[
    &["items.section_id = 1 AND items.push_order > ?1 AND items.push_order <= ?2 AND items.removed = 0
         AND (?3 IS NULL OR NOT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id))"],
    &["TRUE AND items.push_order > ?1 AND items.push_order <= ?2 AND items.removed = 0
         AND (?3 IS NULL OR NOT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id))"],
    &["items.section_id NOT IN (1,2) AND items.push_order > ?1 AND items.push_order <= ?2 AND items.removed = 0
         AND (?3 IS NULL OR NOT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id))"],
    &["items.push_order IN (SELECT push_order FROM watched WHERE watch_id = 1 AND push_order > ?1)
         AND items.push_order > ?1 AND items.push_order <= ?2 AND items.removed = 0
         AND (?3 IS NULL OR NOT EXISTS (SELECT 1 FROM delivered WHERE channel_id = ?3 AND item_id = items.id))
         AND items.id NOT IN (3,4)"],
];

const HOLES: &[Hole] = &[
    Hole {
        file: "/roundups.rs",
        within: "{condition}",
        names: &["condition"],
        values: CONDITIONS,
    },
    Hole {
        file: "/roundups.rs",
        within: "{0}",
        names: &["0"],
        values: CONDITIONS,
    },
    Hole {
        file: "/told.rs",
        within: "{0}",
        names: &["0"],
        values: CONDITIONS,
    },
    Hole {
        file: "/due.rs",
        within: "{scope}",
        names: &["scope"],
        values: &[
            &["section_id = ?3"],
            &["?3 IS NULL"],
            &["?3 IS NULL AND items.push_order IN (SELECT push_order FROM watched WHERE watch_id = 1 AND push_order > ?1)"],
        ],
    },
    Hole {
        file: "/due.rs",
        within: "FROM watches",
        names: &["is_free"],
        values: &[
            &["NOT EXISTS (SELECT 1 FROM subscriptions s WHERE s.channel_id = subscriptions.channel_id
                 AND s.next_at >= ?4 AND s.next_at < ?5)"],
            &["?4 >= ?5"],
        ],
    },
    Hole {
        file: "/identity.rs",
        within: "{column}",
        names: &["column"],
        values: &[&["title_key"], &["link_key"]],
    },
    Hole {
        file: "/new_items.rs",
        within: "{columns}",
        names: &["columns", "places"],
        values: &[
            &["", ""],
            &[", id", ", ?19"],
            &[", words", ", CAST(?19 AS tsvector)"],
            &[", words, id", ", CAST(?19 AS tsvector), ?20"],
        ],
    },
    Hole {
        file: "/curating.rs",
        within: "",
        names: &["with", "set", "of", "0"],
        values: &[
            &["", "came_by = ?1", "section_id = ?1 AND came_by IS NULL", "2"],
            &["", "section_id = ?2, updated_at = ?3", "section_id = ?1", "4"],
            &[
                WITHIN,
                "section_id = ?1, came_by = nullif(came_by, ?1), updated_at = ?3",
                "came_by IN (SELECT id FROM within) AND section_id = ?2",
                "4",
            ],
        ],
    },
    Hole {
        file: "/housekeeping.rs",
        within: "PRAGMA",
        names: &["name"],
        values: &[&["freelist_count"], &["page_count"], &["page_size"]],
    },
    Hole {
        file: "/copying/tables.rs",
        within: "max({0})",
        names: &["0", "1"],
        values: &[&["\"id\"", "\"deliveries\""]],
    },
    Hole {
        file: "/copying/tables.rs",
        within: "DROP INDEX",
        names: &["0"],
        values: &[&["\"sections_merged\""]],
    },
    Hole {
        file: "/copying/tables.rs",
        within: "",
        names: &["columns", "0", "1"],
        values: &[
            &[
                "\"part_id\", \"channel_id\"",
                "\"deliveries\"",
                "",
            ],
            &[
                "\"name\"",
                "\"facts\"",
                " WHERE name NOT IN ('schema', 'oldest_program')",
            ],
        ],
    },
    Hole {
        file: "/engine/filling.rs",
        within: "INSERT",
        names: &["0", "1", "2"],
        values: &[&["\"facts\"", "\"name\", \"value\"", "?1, ?2"]],
    },
    Hole {
        file: "/engine/filling.rs",
        within: "COPY",
        names: &["0", "1"],
        values: &[&["\"facts\"", "\"name\", \"value\""]],
    },
    Hole {
        file: "/engine/purpose.rs",
        within: "",
        names: &["statement", "idle", "lock"],
        values: &[&["4500", "1500", ""]],
    },
    Hole {
        file: "/engine/session.rs",
        within: "",
        names: &["id", "run"],
        values: &[&["7", "7/7"]],
    },
];

/// A section and all that is part of it.
const WITHIN: &str = "WITH RECURSIVE within (id) AS (
     SELECT ?1 UNION SELECT sections.id FROM within CROSS JOIN sections ON sections.merged_into = within.id)";

/// An engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Engine {
    Sqlite,
    Postgres,
}

/// What one of them alone understands: whoever writes it asks first which one there is.
const ONLY: [(Engine, &str); 2] = [
    (
        Engine::Sqlite,
        r"\bPRAGMA |\bpragma_|\bsqlite_\w+|\bMATCH\b|\b(?:INTO|FROM) search\b|\bVACUUM INTO\b|\bjson_each\b",
    ),
    (
        Engine::Postgres,
        r"\bunnest\(|\bjsonb_|\bgenerate_series\(|\bANY \(|\bLATERAL\b|AS tsvector\b|AS tsquery\b|\bpg_|\b(?:next|set)val\(|\bset_config\(|\bcurrent_setting\(|\bclock_timestamp\(|\bto_reg\w+\(|\bSET LOCAL\b|\bCREATE SCHEMA\b|^COPY\b|^UPDATE items SET .*\bwords = NULL",
    ),
];

/// The one that alone is asked something; `None` if both are.
fn only(sql: &str) -> Option<Engine> {
    static WORDS: LazyLock<Vec<(Engine, Regex)>> = LazyLock::new(|| {
        let words = ONLY.iter();
        words
            .map(|(engine, words)| (*engine, Regex::new(words).unwrap()))
            .collect()
    });
    let found = WORDS.iter().find(|(_, words)| words.is_match(sql));
    found.map(|(engine, _)| *engine)
}

static STATEMENTS: LazyLock<Vec<Found>> = LazyLock::new(|| {
    let source = Source::read();
    let statements: Vec<Found> = source.statements().into_iter().collect();
    // A source that is written in another way would pass with nothing.
    assert!(statements.len() > 500, "{}", statements.len());
    statements
});

/// Looks at what an engine answered, in the order of the statements: it understands all but those that the other one alone is
/// asked, and none of those.
fn judge(engine: Engine, answers: impl IntoIterator<Item = Result<(), String>>) {
    let mut complaints = String::new();
    for (found, answer) in STATEMENTS.iter().zip(answers) {
        let is_asked = only(&found.sql).is_none_or(|only| only == engine);
        let why = match answer {
            Err(why) if is_asked => why,
            Ok(()) if !is_asked => "why does the other one alone get it?".to_owned(),
            _ => continue,
        };
        complaints.push_str(&format!("{}: {why}\n    {}\n", found.place, found.sql));
    }
    assert!(complaints.is_empty(), "{engine:?}\n{complaints}");
}

#[test]
fn sqlite_understands_every_statement() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.db");
    drop(Store::open(&file, OpenMode::Work).unwrap());
    let file = Connection::open(&file).unwrap();
    let asked = |found: &Found| file.prepare(&found.sql).map(drop);
    let answers = STATEMENTS.iter().map(asked);
    judge(
        Engine::Sqlite,
        answers.map(|answer| answer.map_err(|why| why.to_string())),
    );
}

#[test]
fn postgres_understands_every_statement() {
    let Some(server) = shared() else { return };
    let database = Database::empty(server);
    let url = ServerUrl::parse(&database.url(), Path::new("/")).unwrap();
    drop(Store::open_at(&StoreAddress::Server(url), OpenMode::Work).unwrap());
    let texts = STATEMENTS.iter();
    let texts = texts.map(|found| dialect::for_server(&found.sql));
    judge(Engine::Postgres, database.understands(texts.collect()));
}
