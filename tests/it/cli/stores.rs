//! Database files that the program refuses, and copies of them.

use std::fs;
use std::path::Path;

use tidings_store::{OpenMode, Store, StoreError};

use super::{Done, Shell, json};
use crate::ground::skipped_on_postgres;
use crate::harness::page;

#[test]
fn a_backup_is_a_store_of_its_own() {
    if skipped_on_postgres("copies are of files") {
        return;
    }
    let shell = Shell::with_pages();
    shell
        .run(&["backup", "copy.db"])
        .code(1)
        .says(&["there is none yet"]);
    assert!(!shell.path("copy.db").exists());
    shell.run(&["load"]).code(0);
    shell.run(&["backup", "copy.db"]).code(0);
    let items = shell.run(&["items", "--json"]).code(0).out;
    let mut command = shell.command(&["items", "--json"]);
    let copy = command
        .env("TIDINGS_STORE__PATH", "copy.db")
        .output()
        .unwrap();
    assert_eq!(Done::from(copy).code(0).out, items);
    let before = fs::read(shell.path("copy.db")).unwrap();
    shell
        .run(&["backup", "copy.db"])
        .code(1)
        .says(&["copy.db: a file of this name exists already", "--force"]);
    assert_eq!(fs::read(shell.path("copy.db")).unwrap(), before);
    shell.run(&["backup", "no/such/folder.db"]).code(1);
}

#[test]
fn a_store_on_a_server_is_named_without_its_password() {
    let shell = Shell::new();
    // A folder in which no server listens.
    let folder = shell.path("digests");
    let url = format!("/news?host={}", folder.display());
    let call = |arguments: &[&str]| {
        let mut command = shell.command(arguments);
        command.env("STORE_URL", format!("postgres://me:opensesame@{url}"));
        let done = Done::from(command.output().unwrap());
        assert!(!format!("{}{}", done.out, done.err).contains("sesame"));
        done
    };
    let shown = format!("the store postgres://me@{url}");
    call(&["backup", "copy.db"])
        .code(2)
        .says(&[&shown, "pg_dump"]);
    assert!(!shell.path("copy.db").exists());
    for arguments in [
        &["items"][..],
        &["load"],
        &["status"],
        &["retry"],
        &["chat"],
    ] {
        call(arguments).code(1).says(&[&shown]);
    }
    call(&["check"]).code(1);
    assert!(!shell.path("data").exists(), "a file was begun instead");
}

#[test]
fn where_a_store_is_copied_to_is_said_once() {
    let shell = Shell::new();
    let call = |arguments: &[&str], given: Option<&str>| {
        let mut command = shell.command(arguments);
        if let Some(url) = given {
            command.env("COPY_URL", url);
        }
        let done = Done::from(command.output().unwrap());
        assert!(!format!("{}{}", done.out, done.err).contains("sesame"));
        done
    };
    call(&["copy"], None).code(2).says(&["--to", "COPY_URL"]);
    call(&["copy", "--to", ""], None).code(2);
    call(&["copy", "--to", "postgres://me:sesame@db/news"], None)
        .code(2)
        .says(&["--to holds a password", "COPY_URL"]);
    call(&["copy", "--to", "postgres://me:ses/ame@db/news"], None)
        .code(2)
        .says(&["--to has an @"]);
    for url in [
        "mysql://me:sesame@db/news",
        "postgress://me:sesame@db/news",
        "sqlite:///news.db",
        "file:///news.db",
    ] {
        call(&["copy", "--to", url], None).code(2).says(&[
            "--to has to begin with postgres://",
            "a file is named by its path alone",
        ]);
    }
    call(&["copy", "--to", "POSTGRES://me:sesame@db/news"], None)
        .code(2)
        .says(&["--to holds a password"]);
    if shell.ground.has_file() {
        call(&["copy", "--to", "data/../data/tidings.db"], None).code(1);
        shell.run(&["load"]).code(0);
        call(&["copy", "--to", "data/../data/tidings.db"], None)
            .code(2)
            .says(&["to itself"]);
    }
    call(
        &["copy", "--to", "a.db"],
        Some("postgres://me:sesame@db/news"),
    )
    .code(2)
    .says(&["but COPY_URL names postgres://me@db/news"]);
    call(&["copy"], Some("mysql://me:sesame@db/news"))
        .code(2)
        .says(&["COPY_URL has to begin with postgres://"]);
}

/// Every call that opens the store fails with code 1 and leaves the file as it is.
#[track_caller]
fn refused(shell: &Shell, words: &[&str]) {
    let file = shell.path("data/tidings.db");
    let before = fs::read(&file).unwrap();
    for arguments in [
        &["load"][..],
        &["items"],
        &["status"],
        &["chat"],
        &["backup", "copy.db"],
        &["check"],
        &["remove", "1"],
    ] {
        let done = shell.run(arguments).code(1);
        let said = format!("{}{}", done.out, done.err);
        for word in words {
            assert!(
                said.contains(word),
                "{arguments:?}: “{word}” isn't in: {said}"
            );
        }
        assert!(
            fs::read(&file).unwrap() == before,
            "{arguments:?} changed the file"
        );
    }
    assert!(!shell.path("copy.db").exists());
}

/// Writes a number into the header of the database.
fn patch(file: &Path, at: usize, bytes: &[u8]) {
    let mut content = fs::read(file).unwrap();
    content[at..at + bytes.len()].copy_from_slice(bytes);
    fs::write(file, content).unwrap();
}

#[test]
fn a_database_of_a_newer_version_is_refused() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    // Where SQLite's header holds user_version.
    patch(&shell.path("data/tidings.db"), 60, &99u32.to_be_bytes());
    refused(&shell, &["newer version of Tidings", "schema 99"]);
}

#[test]
fn a_database_of_another_program_is_refused() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    // Where it holds application_id.
    patch(&shell.path("data/tidings.db"), 68, b"XXXX");
    refused(&shell, &["another program"]);
}

#[test]
fn a_damaged_database_is_refused() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    for content in [
        &b"This is no database, but it is long enough to look like one."[..],
        &[0xFF; 8192],
    ] {
        let shell = Shell::with_pages();
        fs::create_dir(shell.path("data")).unwrap();
        shell.write("data/tidings.db", content);
        refused(&shell, &["damaged or not a database"]);
    }
}

#[test]
fn a_database_that_is_damaged_inside_is_found_by_check() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    shell.run(&["check"]).code(0);
    let file = shell.path("data/tidings.db");
    let length = fs::read(&file).unwrap().len();
    let middle = length / 2 / 4096 * 4096;
    patch(&file, middle, &[0xAA; 4096]);
    let done = shell.run(&["check"]).code(1);
    assert!(done.out.contains("✗ store"), "{}", done.out);
}

#[test]
fn a_database_that_stays_locked_is_given_up() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let items = shell.run(&["items"]).code(0).out;
    let file = shell.path("data/tidings.db");
    let store = Store::open(&file, OpenMode::Work).unwrap();
    shell.write(
        "digests/2026-11-06.txt",
        page("# Japan\nSquid recounted | One more.\nFerry rests | It does."),
    );
    let load = store.blocking().write(|_| {
        // The lock is held until the program has given up.
        let done: Done = shell.run(&["load"]);
        Ok::<_, StoreError>(done)
    });
    load.unwrap()
        .code(1)
        .says(&["tidings.db", "another program is holding it locked"]);
    drop(store);
    assert_eq!(shell.run(&["items"]).code(0).out, items);
    shell.run(&["load"]).code(0);
    assert!(
        shell
            .run(&["items"])
            .code(0)
            .out
            .contains("Squid recounted")
    );
}

#[test]
fn a_folder_in_place_of_the_database() {
    if skipped_on_postgres("it is about what may be wrong with a file") {
        return;
    }
    let shell = Shell::with_pages();
    fs::create_dir_all(shell.path("data/tidings.db")).unwrap();
    shell
        .run(&["load"])
        .code(1)
        .says(&["tidings.db", "can't be opened"]);
}

#[test]
fn an_exported_archive_is_read_back_as_it_was() {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let exported = shell.run(&["export"]).code(0).out;
    assert!(
        exported.contains("https://jsonfeed.org/version/1.1"),
        "{exported}"
    );
    let shown = |shell: &Shell| {
        let lines = shell.run(&["items", "--json"]).code(0).out;
        let items = lines.lines().map(|line| {
            let mut item = json(line);
            let item = item.as_object_mut().unwrap();
            item.clone()
        });
        items.collect::<Vec<_>>()
    };
    let before = shown(&shell);
    // Into the store that it came from it brings nothing.
    shell.write("archive.json", &exported);
    shell.run(&["load", "archive.json"]).code(0);
    assert_eq!(shown(&shell), before);
    let other = Shell::new();
    other.write("archive.json", &exported);
    other.run(&["load", "archive.json"]).code(0);
    assert_eq!(shown(&other), before);
    assert_eq!(other.run(&["export"]).code(0).out, exported);
    let atom = shell.run(&["export", "--format", "atom"]).code(0).out;
    assert_eq!(atom.matches("<entry>").count(), before.len());
    let third = Shell::new();
    third.write("archive.xml", &atom);
    third.run(&["load", "archive.xml"]).code(0);
    assert_eq!(shown(&third), before);
    assert_eq!(third.run(&["export"]).code(0).out, exported);
    let again = third.run(&["export", "--format", "atom"]).code(0).out;
    assert_eq!(again, atom, "whenever it is written");
    let opml = shell.run(&["export", "--format", "opml"]).code(0).out;
    assert!(opml.contains("<opml version=\"2.0\">"), "{opml}");
}

#[test]
fn pictures_are_exported_and_read_back() {
    let shell = Shell::new();
    shell.write(
        "feed.json",
        r#"{"version":"https://jsonfeed.org/version/1.1","title":"W","items":[
            {"id":"1","url":"https://news.example/1","title":"With a link","image":"https://cdn.example/1.jpg?a=1&b=2"},
            {"id":"2","title":"Without one","content_html":"<p>Text.</p><img src='https://cdn.example/2.jpg'>"},
            {"id":"3","url":"https://news.example/3","title":"Without a picture"}]}"#,
    );
    shell.run(&["load", "feed.json"]).code(0);
    let exported = shell.run(&["export"]).code(0).out;
    let feed = json(&exported);
    let told = |name: &str| -> Vec<serde_json::Value> {
        let items = feed["items"].as_array().unwrap().iter();
        items.map(|item| item[name].clone()).collect()
    };
    let picture = |n: &str| serde_json::Value::from(format!("https://cdn.example/{n}"));
    let none = serde_json::Value::Null;
    assert_eq!(
        told("image"),
        [picture("1.jpg?a=1&b=2"), picture("2.jpg"), none.clone()]
    );
    let link = |n: u8| serde_json::Value::from(format!("https://news.example/{n}"));
    assert_eq!(told("url"), [link(1), none, link(3)]);
    let atom = shell.run(&["export", "--format", "atom"]).code(0).out;
    assert_eq!(
        atom.matches("<media:thumbnail url=\"https://cdn.example/")
            .count(),
        2,
        "{atom}"
    );
    for (name, archive) in [("archive.json", &exported), ("archive.xml", &atom)] {
        let other = Shell::new();
        other.write(name, archive);
        other.run(&["load", name]).code(0);
        assert_eq!(other.run(&["export"]).code(0).out, exported, "{name}");
    }
    // What `items` lists is fixed (design.md).
    let listed = shell.run(&["items", "--json"]).code(0).out;
    assert!(!listed.contains("cdn.example"), "{listed}");
}

#[expect(clippy::disallowed_methods, reason = "the program reads it as well")]
fn today() -> jiff::civil::Date {
    jiff::Zoned::now().date()
}

/// Two sources that tell one story: items 1 and 2 of a bot that starts empty.
fn told_twice() -> Shell {
    let shell = Shell::new();
    let plain = fs::read_to_string(shell.path("tidings.toml")).unwrap();
    let other = "\n[[source]]\nname = \"yonhap\"\nkind = \"folder\"\npath = \"yonhap\"\n";
    shell.write("tidings.toml", plain + other);
    fs::create_dir(shell.path("yonhap")).unwrap();
    let today = today();
    let told = |folder: &str, line: &str| {
        shell.write(&format!("{folder}/{today}.txt"), crate::harness::page(line));
        shell.run(&["load"]).code(0);
    };
    told(
        "digests",
        "Envoy Harmon arrives in Seoul for talks on prisoners | He stays for two days.",
    );
    told(
        "yonhap",
        "Envoy Harmon in Seoul for prisoner talks | The envoy stays for two days.",
    );
    shell
}

fn stories(shell: &Shell) -> Vec<(String, serde_json::Value)> {
    let lines = shell.run(&["items", "--json"]).code(0).out;
    let items = lines.lines().map(json);
    let told = items.map(|item| {
        (
            item["title"].as_str().unwrap().to_owned(),
            item["story"].clone(),
        )
    });
    told.collect()
}

#[test]
fn an_archive_joins_nothing_to_strangers() {
    let shell = told_twice();
    let told = stories(&shell);
    assert!(told.iter().all(|(_, story)| *story == 1), "{told:?}");
    let exported = shell.run(&["export"]).code(0).out;
    let other = Shell::new();
    other.write(
        "digests/2026-11-05.txt",
        crate::harness::page("Storks nest | On the roofs."),
    );
    other.run(&["load"]).code(0);
    other.write("archive.json", &exported);
    other.run(&["load", "archive.json"]).code(0);
    let told = stories(&other);
    let of = |words: &str| {
        let mut found = told.iter().filter(|(title, _)| title.contains(words));
        found.next().unwrap().1.clone()
    };
    assert_ne!(of("Storks"), of("prisoner talks"), "{told:?}");
    assert_eq!(of("arrives"), of("prisoner talks"), "{told:?}");
}

/// A store of one source with one item, the first.
fn of_one(source: &str, day: &str, line: &str) -> Shell {
    let shell = Shell::new();
    let plain = fs::read_to_string(shell.path("tidings.toml")).unwrap();
    let plain = plain.replace("name = \"digests\"", &format!("name = \"{source}\""));
    shell.write("tidings.toml", plain);
    shell.write(&format!("digests/{day}.txt"), crate::harness::page(line));
    shell.run(&["load"]).code(0);
    shell
}

#[test]
fn an_archive_changes_no_strangers_item() {
    let exported = of_one("kites", "2026-01-05", "Weather | It rains on the kites.");
    let exported = exported.run(&["export"]).code(0).out;
    // Of another source, and of the same one months and days later, with the number that the other one has in its archive.
    for (source, day) in [
        ("storks", "2026-11-05"),
        ("kites", "2026-11-05"),
        ("kites", "2026-01-12"),
    ] {
        let shell = of_one(source, day, "Weather | The storks are dry.");
        shell.write("archive.json", &exported);
        shell.run(&["load", "archive.json"]).code(0);
        let told = shell.run(&["items", "--json"]).code(0).out;
        let told: Vec<String> = told
            .lines()
            .map(|line| {
                let item = json(line);
                format!("{} {}", item["source"], item["summary"]).replace('"', "")
            })
            .collect();
        assert_eq!(
            told,
            [
                format!("{source} The storks are dry."),
                "kites It rains on the kites.".to_owned()
            ]
        );
    }
}

#[test]
fn what_an_archive_says_of_reports_comes_back_in_its_order() {
    let shell = Shell::new();
    let feed = |entry: &str, more: &str| {
        format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"Kites","items":[{{"id":"1","title":"Kites win at Busan",
            "date_published":"2026-11-05T09:00:00Z","url":"https://a.example/1"{entry}}}]{more}}}"#
        )
    };
    let reports = r#","_tidings":{"id":1,"source":"a","section":"more","reports":[{"source":"c","link":"https://c.example/1"},
        {"source":"b","link":null},{"source":"a","link":"https://a.example/2"}]}"#;
    let archive = feed(reports, r#","_tidings":{"about":"x"}"#);
    let told = |shell: &Shell| {
        json(shell.run(&["items", "--json"]).code(0).out.trim())["reports"].to_string()
    };
    let expected = r#"[{"link":"https://c.example/1","source":"c"},{"link":null,"source":"b"}]"#;
    // The sources are known in another order, and the item is, without its reports.
    let known = reports.replace("reports", "none");
    let others = r#"{"version":"https://jsonfeed.org/version/1.1","title":"Others","items":[],"_tidings":{"about":"x"}}"#;
    for before in [
        others.to_owned(),
        feed(&known, r#","_tidings":{"about":"x"}"#),
    ] {
        shell.write("before.json", &before);
        shell.run(&["load", "before.json"]);
        shell.write("archive.json", &archive);
        shell.run(&["load", "archive.json"]).code(0);
        assert_eq!(told(&shell), expected);
    }
}

#[test]
fn what_an_archive_brought_is_joined_by_what_comes_later() {
    let exported = told_twice().run(&["export"]).code(0).out;
    let other = Shell::new();
    other.write("archive.json", &exported);
    other.run(&["load", "archive.json"]).code(0);
    let today = today();
    other.write(
        &format!("digests/{today}.txt"),
        crate::harness::page("Envoy Harmon in Seoul for talks on prisoners | For two days."),
    );
    other.run(&["load"]).code(0);
    let told = stories(&other);
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|(_, story)| *story == 1), "{told:?}");
}

#[test]
fn a_list_of_sources_comes_back_as_they_were() {
    let shell = Shell::new();
    let plain = fs::read_to_string(shell.path("tidings.toml")).unwrap();
    let sources = "
[[source]]
name = 'Hanbit & \"co\" <daily>'
kind = 'feed'
url = 'https://hanbit.example/feed?a=1&b=2'
section = 'us-nk'

[[source]]
name = '주간 소식'
kind = 'page'
url = 'https://juganji.example/'
";
    shell.write("tidings.toml", plain.clone() + sources);
    let exported = shell.run(&["export", "--format", "opml"]).code(0);
    assert_eq!(exported.err, "");
    let list = exported.out;
    // What is told to nobody else stands in addresses.
    let keyed = sources.replace("a=1&b=2", "a=1&api_key=b2");
    shell.write("tidings.toml", plain.clone() + &keyed);
    let warned = shell.run(&["export", "--format", "opml"]).code(0);
    warned.says(&["passwords or keys", "Hanbit"]);
    let other = Shell::new();
    other.write("feeds.opml", &list);
    let imported = other.run(&["import", "feeds.opml"]).code(0).out;
    other.write("tidings.toml", plain + &imported);
    assert_eq!(
        other.run(&["export", "--format", "opml"]).code(0).out,
        list,
        "{imported}"
    );
    assert!(imported.contains("section = \"us-nk\""), "{imported}");
}

#[test]
fn the_sources_of_another_program_become_configuration() {
    let shell = Shell::new();
    shell.write(
        "feeds.opml",
        "<opml version=\"2.0\"><body><outline text=\"Korea\">
         <outline text=\"Hanbit &amp; co\" type=\"rss\" xmlUrl=\"https://hanbit.example/feed?a=1&amp;b=2\"/>
         <outline text=\"Nowhere\" type=\"rss\" xmlUrl=\"ftp://nowhere.example/\"/></outline></body></opml>",
    );
    let printed = shell.run(&["import", "feeds.opml"]).code(0);
    let said = printed.err.clone();
    assert!(said.contains("1 new, 0 configured already"), "{said}");
    let config = fs::read_to_string(shell.path("tidings.toml")).unwrap();
    shell.write("tidings.toml", config + &printed.out);
    let again = shell.run(&["import", "feeds.opml"]).code(0);
    assert_eq!(again.out, "");
    again.says(&["The one source in it is configured already"]);
    let unread = shell.run(&["import", "tidings.toml"]).code(1);
    unread.says(&["tidings.toml", "it isn't OPML"]);
    shell
        .run(&["import", "nothing.opml"])
        .code(1)
        .says(&["nothing.opml"]);
}

#[test]
fn a_file_of_another_name_is_the_same_document_only_if_the_old_one_is_gone() {
    let shell = Shell::new();
    let days = || {
        let lines = shell.run(&["items", "--json"]).code(0).out;
        let mut days: Vec<String> = lines
            .lines()
            .map(|line| json(line)["published"].as_str().unwrap().to_owned())
            .collect();
        days.sort();
        days
    };
    let daily = page("# Japan\nThe tide table is out\nThe canteen has soup\nThe ferry sails");
    for day in ["02", "05", "08"] {
        shell.write(&format!("digests/2026-11-{day}.txt"), &daily);
    }
    shell.run(&["load"]).code(0);
    let each = |days: [&str; 3]| -> Vec<String> {
        let days = days.map(|day| vec![format!("2026-11-{day}"); 3]);
        days.concat()
    };
    assert_eq!(days(), each(["02", "05", "08"]));
    // The date was wrong.
    fs::rename(
        shell.path("digests/2026-11-08.txt"),
        shell.path("digests/2026-11-09.txt"),
    )
    .unwrap();
    shell.run(&["load"]).code(0);
    assert_eq!(days(), each(["02", "05", "09"]));
    // A copy without a date is no other document's new name either.
    shell.write("digests/copy-of-2026-11-05.txt", &daily);
    shell.run(&["load"]).code(0);
    assert_eq!(days(), each(["02", "05", "09"]));
}

#[test]
fn a_list_of_sources_is_read_as_people_write_it_and_says_what_it_leaves_out() {
    let shell = Shell::with_pages();
    shell.write(
        "feeds.opml",
        "<opml version=\"1.1\"><body><outline text=\"Inter-Korean Relations\"><outline text=\"1\">
         <outline text=\"Deep\" xmlUrl=\"feed://http://deep.example/rss#top\"/>
         <outline text=\"Deep again\" xmlUrl=\"http://deep.example/rss\"/></outline></outline>
         <outline text=\"Tagged\" category=\"/harbour,/Inter-Korean Relations\" xmlurl=\"www.tagged.example/rss\"/>
         <outline text=\"Write\" type=\"rss\" xmlUrl=\"mailto:news@harbour.example\"/>
         <outline text=\"Empty\" type=\"rss\" xmlUrl=\"\"/>
         <outline text=\"More\" type=\"include\" url=\"https://lists.example/more.opml\"/>
         <outline text=\"Port\" xmlUrl=\"port.example:8080/rss\"/>
         <outline text=\"Cut xmlUrl=\"https://cut.example/rss\"/></body></opml>",
    );
    let printed = shell.run(&["import", "feeds.opml"]).code(0);
    let urls: Vec<&str> = printed
        .out
        .lines()
        .filter(|line| line.starts_with("url"))
        .collect();
    let expected = [
        "url = \"http://deep.example/rss\"",
        "url = \"https://www.tagged.example/rss\"",
        "url = \"https://port.example:8080/rss\"",
    ];
    assert_eq!(urls, expected);
    assert_eq!(
        printed.out.matches("section = \"inter-korean\"").count(),
        2,
        "{}",
        printed.out
    );
    printed.says(&[
        "1 more in the list twice",
        "Write (mailto:news@harbour.example), Empty (no address)",
        "import each by itself: More (https://lists.example/more.opml)",
        "can't be read to its end",
    ]);
}

#[test]
fn status_names_what_is_configured_and_what_was_loaded() {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let archive = shell.run(&["export"]).code(0).out;
    let other = Shell::new();
    other.write(
        "archive.json",
        archive.replace("\"digests\"", "\"elsewhere\""),
    );
    other.run(&["load", "archive.json"]).code(0);
    let status = json(&other.run(&["status", "--json"]).code(0).out);
    let names: Vec<_> = status["sources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|s| &s["name"])
        .collect();
    assert_eq!(names, ["digests", "files"]);
    assert_eq!(status["sources"][0]["last_pass"], serde_json::Value::Null);
}

#[test]
fn what_is_no_store_is_left_as_it_is_with_who_may_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::with_pages();
    if !shell.ground.has_file() {
        return;
    }
    fs::create_dir(shell.path("data")).unwrap();
    for text in ["x", "not a database\n", "SQLite format 2"] {
        let path = shell.path("data/tidings.db");
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        shell.run(&["load"]).code(1).says(&["not a database"]);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o644, "{text}");
    }
}

#[test]
fn check_says_where_no_store_can_be() {
    let shell = Shell::with_pages();
    if !shell.ground.has_file() {
        return;
    }
    let plain = fs::read_to_string(shell.path("tidings.toml")).unwrap();
    shell.write("a.txt", "A file.");
    for (path, link, said) in [
        ("a.txt/t.db", None, "name another one in [store] path"),
        ("null.db", Some("/dev/null"), "it is no file"),
        ("round.db", Some("round.db"), "check [store] path"),
        (
            "away.db",
            Some("nowhere/s.db"),
            "where there is no such folder",
        ),
    ] {
        if let Some(to) = link {
            std::os::unix::fs::symlink(to, shell.path(path)).unwrap();
        }
        let config = plain.replace("data/tidings.db", path);
        assert_ne!(config, plain);
        shell.write("tidings.toml", config);
        let checked = shell.run(&["check"]).code(1).out;
        assert!(checked.contains(said), "{path}: {checked}");
        if path == "a.txt/t.db" || path == "round.db" {
            shell.run(&["items"]).code(1);
        }
    }
}

#[test]
fn a_list_of_sources_is_a_file() {
    let shell = Shell::new();
    super::folders::pipe(&shell.path("list.opml"));
    for (name, said) in [
        ("list.opml", "it is a pipe"),
        (".", "it is a folder, not a file"),
        ("/dev/zero", "it doesn't end within 16 MB"),
    ] {
        shell.run(&["import", name]).code(1).says(&[said]);
    }
}
