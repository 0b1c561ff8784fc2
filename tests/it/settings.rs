//! The configuration: what a good one yields, and what is said about each mistake. Long, for it lists them all.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;
use tidings::settings::{self, Layout, Redaction, Settings, SettingsError, SourceKind};
use tidings_core::delivery::Rate;
use tidings_core::language::Locale;
use tidings_core::schedule::Zone;
use tidings_store::StoreAddress;

const FILE: &str = "config/tidings.toml";

const FULL: &str = r#"
[store]
path = "../data/tidings.db"

[defaults]
timezone = "Asia/Seoul"
locale = "ko"
when = "weekdays 08:00"

[telegram]
api_url = "http://127.0.0.1:8081/tg//"

[discord]
api_url = "https://discord.example"

[[section]]
slug = "us-nk"
title = "US–North Korea relations"
headings = ["US-NK Relations", "U.S.- North Korea Relations", "us-nk relations"]
match = ["North Korea-US", "Pompeo"]

[[section]]
slug = "history"
title = "History and memory"

[[source]]
name = "digests"
kind = "folder"
path = "digests"
stop_at = ["ZoominKorea is Funded by"]
layout = "single"
poll = "30s"
section = "history"
max_age = "30d"

[[source]]
name = "others"
kind = "folder"
path = "/srv/others"
section = "more"
"#;

/// A folder with `config/tidings.toml` in it; the folder is the current one.
struct Desk {
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

impl Desk {
    fn new(toml: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("config")).unwrap();
        fs::write(folder.path().join(FILE), toml).unwrap();
        Desk {
            folder,
            environment: BTreeMap::new(),
        }
    }

    fn set(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    fn file(self, name: &str, text: impl AsRef<[u8]>) -> Self {
        fs::write(self.folder.path().join(name), text).unwrap();
        self
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn load(&self) -> Result<Settings, SettingsError> {
        settings::load(Path::new(FILE), &self.environment, self.path())
    }

    fn good(&self) -> Settings {
        self.load().unwrap()
    }

    /// What is said, with `config/tidings.toml` as `F`, to keep the tables readable.
    fn mistakes(&self) -> String {
        self.load().unwrap_err().to_string().replace(FILE, "F")
    }
}

#[track_caller]
fn check(toml: &str, expected: &[&str]) {
    assert_eq!(Desk::new(toml).mistakes(), expected.join("\n"), "\n{toml}");
}

#[test]
fn a_full_file_is_read() {
    let desk = Desk::new(FULL);
    let settings = desk.good();
    let config = desk.path().join("config");
    assert_eq!(settings.file, Path::new(FILE));
    assert_eq!(
        settings.store.address,
        StoreAddress::File(config.join("../data/tidings.db"))
    );
    assert_eq!(
        settings.defaults.timezone,
        Zone::find("Asia/Seoul").unwrap()
    );
    assert_eq!(settings.defaults.locale, Locale::parse("ko").unwrap());
    assert_eq!(settings.defaults.when.to_string(), "weekdays 08:00");
    assert_eq!(
        settings.telegram.server.api_url.as_str(),
        "http://127.0.0.1:8081/tg"
    );
    assert_eq!(settings.telegram.base(), "http://127.0.0.1:8081/tg");
    assert_eq!(settings.discord.base(), "https://discord.example");

    let [first, second] = &settings.sections[..] else {
        panic!("{settings:?}");
    };
    assert_eq!(first.slug.as_str(), "us-nk");
    assert_eq!(first.title, "US–North Korea relations");
    assert_eq!(first.headings.len(), 3);
    assert_eq!(first.phrases, ["North Korea-US", "Pompeo"]);
    assert!(second.headings.is_empty() && second.phrases.is_empty());

    let [first, second] = &settings.sources[..] else {
        panic!("{settings:?}");
    };
    assert_eq!(first.name, "digests");
    let path = config.join("digests");
    assert_eq!(first.kind, SourceKind::Folder { path });
    assert_eq!(first.stop_at, ["ZoominKorea is Funded by"]);
    assert_eq!(first.layout, Layout::Single);
    assert_eq!(first.poll, Duration::from_secs(30));
    assert_eq!(first.section.as_ref().unwrap().as_str(), "history");
    assert_eq!(first.max_age, Some(Duration::from_secs(30 * 86_400)));
    let path = "/srv/others".into();
    assert_eq!(second.kind, SourceKind::Folder { path });
    assert_eq!(second.layout, Layout::Double);
    assert_eq!(second.poll, Duration::from_secs(300));
    assert!(second.section.is_none(), "more is where items go anyway");
    assert_eq!(second.max_age, None);
}

#[test]
fn an_empty_file_means_the_defaults() {
    for empty in ["", "\u{feff}# nothing\r\n", "section = []\nstore = {}"] {
        let desk = Desk::new(empty);
        let settings = desk.good();
        let store = desk.path().join("config/../data/tidings.db");
        assert_eq!(settings.store.address, StoreAddress::File(store));
        assert_eq!(settings.defaults.timezone.name(), "UTC");
        assert_eq!(settings.defaults.locale, Locale::default());
        assert_eq!(settings.defaults.when.to_string(), "daily 09:00");
        assert_eq!(settings.telegram.base(), "https://api.telegram.org");
        assert_eq!(settings.discord.base(), "https://discord.com");
        assert!(settings.sections.is_empty() && settings.sources.is_empty());
        let tokens = &settings.tokens;
        assert!(tokens.get("DISCORD_TOKEN").is_none() && tokens.get("TELEGRAM_TOKEN").is_none());
    }
}

#[test]
fn variables_override_scalars() {
    let desk = Desk::new(FULL)
        .set("TIDINGS_STORE__PATH", "here/tidings.db")
        .set("TIDINGS_DEFAULTS__TIMEZONE", "UTC")
        .set("TIDINGS_DEFAULTS__LOCALE", "en")
        .set("TIDINGS_DEFAULTS__WHEN", "instant")
        .set("TIDINGS_TELEGRAM__API_URL", "http://localhost:1/")
        .set("TIDINGS_DISCORD__API_URL", "http://localhost:2/proxy/")
        .set("TIDINGS_CONFIG", "not ours")
        .set("TIDINGSX__Y", "not ours either");
    let settings = desk.good();
    assert_eq!(
        settings.store.address,
        StoreAddress::File(desk.path().join("here/tidings.db"))
    );
    assert_eq!(settings.defaults.timezone.name(), "UTC");
    assert_eq!(settings.defaults.locale, Locale::default());
    assert_eq!(settings.defaults.when.to_string(), "instant");
    assert_eq!(settings.telegram.base(), "http://localhost:1");
    assert_eq!(settings.discord.base(), "http://localhost:2/proxy");
}

#[test]
fn a_variable_replaces_a_bad_value_of_the_file() {
    let desk = Desk::new("[defaults]\nlocale = \"xx\"").set("TIDINGS_DEFAULTS__LOCALE", "ko");
    assert_eq!(desk.good().defaults.locale, Locale::parse("ko").unwrap());
}

#[test]
fn relative_paths_start_where_they_are_written() {
    let toml =
        "[store]\npath = \"a.db\"\n[[source]]\nname = \"x\"\nkind = \"folder\"\npath = \"~/y\"";
    let desk = Desk::new(toml);
    let settings = desk.good();
    let config = desk.path().join("config");
    assert_eq!(
        settings.store.address,
        StoreAddress::File(config.join("a.db"))
    );
    let path = config.join("~/y");
    assert_eq!(settings.sources[0].kind, SourceKind::Folder { path });

    let desk = desk.set("TIDINGS_STORE__PATH", "a.db");
    assert_eq!(
        desk.good().store.address,
        StoreAddress::File(desk.path().join("a.db"))
    );
    let desk = desk.set("TIDINGS_STORE__PATH", "/var/a.db");
    assert_eq!(
        desk.good().store.address,
        StoreAddress::File(Path::new("/var/a.db").to_owned())
    );
}

#[test]
fn an_absolute_file_keeps_its_own_folder() {
    let desk = Desk::new(FULL);
    let file = desk.path().join(FILE);
    let settings = settings::load(&file, &BTreeMap::new(), Path::new("/nowhere")).unwrap();
    let store = desk.path().join("config/../data/tidings.db");
    assert_eq!(settings.store.address, StoreAddress::File(store));
}

#[test]
fn a_file_that_cannot_be_read() {
    let desk = Desk::new("");
    fs::remove_file(desk.path().join(FILE)).unwrap();
    let how = "Name the configuration with --config FILE or TIDINGS_CONFIG.";
    let missing = format!("F: there is no such file. {how}");
    assert_eq!(desk.mistakes(), missing);
    fs::create_dir(desk.path().join(FILE)).unwrap();
    let folder = format!("F: it is a folder, not a file. {how}");
    assert_eq!(desk.mistakes(), folder);

    let desk = Desk::new(b"[store]\npath = \"\xff\"\n");
    let utf8 = "F: line 2 is not UTF-8 text. Save the file as UTF-8.";
    assert_eq!(desk.mistakes(), utf8);
    let desk = desk.file(FILE, b"\xff\xfe[\0s\0t\0o\0r\0e\0]\0");
    let utf8 = "F: line 1 is not UTF-8 text. Save the file as UTF-8.";
    assert_eq!(desk.mistakes(), utf8);
}

#[test]
fn broken_toml() {
    check(
        "[store]\npath = \"x\n\n[defaults\n",
        &[
            "F, line 2: this isn't TOML: invalid basic string, expected `\"`. Text needs quotes around it.",
            "F, line 4: this isn't TOML: unclosed table, expected `]`.",
        ],
    );
    check(
        "[store]\npath = data",
        &[
            "F, line 2: this isn't TOML: string values must be quoted, expected literal string. \
           Text needs quotes around it.",
        ],
    );
    check(
        "[store]\npath = \"x\"\npath = \"y\"",
        &["F, line 3: this isn't TOML: duplicate key path."],
    );
    // Brackets without end neither overflow the stack nor fill the screen.
    let deep = format!("a = {}", "[".repeat(100_000));
    let said = Desk::new(deep).mistakes();
    assert_eq!(said.lines().count(), 1, "{said}");
}

#[test]
fn unknown_keys() {
    for (toml, expected) in [
        (
            "[store]\npathh = \"x\"",
            "F, line 2: store.pathh isn't a key of Tidings. Did you mean store.path?",
        ),
        (
            "[store]\nPath = 1",
            "F, line 2: store.Path isn't a key of Tidings. Did you mean store.path?",
        ),
        (
            "[store]\ntimezone = \"UTC\"",
            "F, line 2: store.timezone isn't a key of Tidings. Did you mean defaults.timezone?",
        ),
        (
            "[defaults]\ncolour = 1",
            "F, line 2: defaults.colour isn't a key of Tidings. Known here: timezone, locale, when.",
        ),
        (
            "\n[[sections]]\nslug = \"x\"",
            "F, line 2: sections isn't a key of Tidings. Did you mean section?",
        ),
        (
            "poll = \"5m\"",
            "F, line 1: poll isn't a key of Tidings. Did you mean source.poll?",
        ),
        (
            "[database]",
            "F, line 1: database isn't a key of Tidings. \
             Known here: store, defaults, telegram, discord, operator, fetch, http, web, section, source.",
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\nheading = [\"B\"]",
            "F, line 4: section[0] (a).heading isn't a key of Tidings. Did you mean section.headings?",
        ),
        (
            "\"a\\nb\" = 1",
            "F, line 1: \"a\\nb\" isn't a key of Tidings. \
             Known here: store, defaults, telegram, discord, operator, fetch, http, web, section, source.",
        ),
    ] {
        check(toml, &[expected]);
    }
}

#[test]
fn wrong_types() {
    for (toml, expected) in [
        (
            "[store]\npath = 3",
            "F, line 2: store.path is a number, but has to be text in quotes. \
             Try: path = \"../data/tidings.db\"",
        ),
        (
            "[defaults]\nwhen = 09:00:00",
            "F, line 2: defaults.when is a date, but has to be text in quotes. \
             Try: when = \"daily 09:00\"",
        ),
        (
            "[defaults.locale]\nx = true",
            "F, line 1: defaults.locale is a table, but has to be text in quotes. \
             Try: locale = \"en\"",
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\nheadings = \"B\"",
            "F, line 4: section[0] (a).headings is text, but has to be a list of texts. \
             Try: headings = [\"US-NK Relations\"]",
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\nmatch = [\n  \"B\",\n  true,\n]",
            "F, line 6: section[0] (a).match[1] is true or false, but has to be text in quotes. \
             Try: match = [\"North Korea-US\"]",
        ),
        (
            "store = \"x.db\"",
            "F, line 1: store is text. Write [store], once.",
        ),
        (
            "[[store]]\npath = \"x\"",
            "F, line 1: store is a list. Write [store], once.",
        ),
        (
            "[section]\nslug = \"a\"",
            "F, line 1: section is a table. Write [[section]], once for each.",
        ),
        (
            "source = [\n  1]",
            "F, line 2: source[0] is a number. Write [[source]] with its keys below.",
        ),
    ] {
        check(toml, &[expected]);
    }
}

#[test]
fn bad_values() {
    for (toml, expected) in [
        (
            "[store]\npath = \" \"",
            "F, line 2: store.path is empty. Try: path = \"../data/tidings.db\"",
        ),
        (
            "[store]\npath = \"a\\u0000b\"",
            "F, line 2: store.path holds a control character. Write it on one line, without tabs.",
        ),
        (
            "[defaults]\nlocale = \"kr\"",
            "F, line 2: defaults.locale is \"kr\", but has to be en or ko. Did you mean ko?",
        ),
        (
            "[defaults]\nlocale = \"français\"",
            "F, line 2: defaults.locale is \"français\", but has to be en or ko.",
        ),
        (
            "[telegram]\napi_url = \"api.telegram.org\"",
            "F, line 2: telegram.api_url has to begin with http:// or https://. \
             Try: api_url = \"https://api.telegram.org\"",
        ),
        (
            "[discord]\napi_url = \"ftp://discord.com\"",
            "F, line 2: discord.api_url has to begin with http:// or https://. \
             Try: api_url = \"https://discord.com\"",
        ),
        (
            "[discord]\napi_url = \"https://\"",
            "F, line 2: discord.api_url isn't an address: empty host. \
             Try: api_url = \"https://discord.com\"",
        ),
        (
            "[discord]\napi_url = \"https://user:sesame@discord.com\"",
            "F, line 2: discord.api_url has to be a server's address without a user name, ? or #. \
             Try: api_url = \"https://discord.com\"",
        ),
        (
            "[discord]\napi_url = \"https://discord.com?key=sesame\"",
            "F, line 2: discord.api_url has to be a server's address without a user name, ? or #. \
             Try: api_url = \"https://discord.com\"",
        ),
    ] {
        check(toml, &[expected]);
    }
}

#[test]
fn errors_of_other_parts_are_passed_on() {
    let zone = Zone::find("Asia/Seol").unwrap_err();
    let said = Desk::new("[defaults]\ntimezone = \"Asia/Seol\"").mistakes();
    let start = format!("F, line 2: defaults.timezone: {zone}");
    assert!(said.starts_with(&start), "{said}");

    let said = Desk::new("[defaults]\nwhen = \"daily 25:00\"").mistakes();
    assert!(said.starts_with("F, line 2: defaults.when: "), "{said}");
    assert!(said.ends_with("Try: when = \"daily 09:00\""), "{said}");

    for slug in ["US NK", "all", "more"] {
        let toml = format!("[[section]]\nslug = \"{slug}\"\ntitle = \"A\"");
        let said = Desk::new(toml).mistakes();
        let start = format!("F, line 2: section[0] ({slug}).slug: ");
        assert!(said.starts_with(&start), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }

    let desk = Desk::new("").set("TIDINGS_DEFAULTS__WHEN", "daily 25:00");
    let said = desk.mistakes();
    assert!(said.starts_with("TIDINGS_DEFAULTS__WHEN: "), "{said}");
    let end = "Try: TIDINGS_DEFAULTS__WHEN=\"daily 09:00\"";
    assert!(said.ends_with(end), "{said}");
}

#[test]
fn sections_must_be_whole_and_distinct() {
    for (toml, expected) in [
        (
            "[[section]]\ntitle = \"A\"\n[[section]]\nslug = \"b\"",
            &[
                "F, line 1: section[0] has no slug. Try: slug = \"us-nk\"",
                "F, line 3: section[1] (b) has no title. Try: title = \"US–North Korea relations\"",
            ][..],
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"\"",
            &[
                "F, line 3: section[0] (a).title is empty. Try: title = \"US–North Korea relations\"",
            ],
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\n[[section]]\nslug = \"a\"\ntitle = \"B\"",
            &[
                "F, line 5: section[1] (a).slug is the same as section[0] (a).slug in line 2. \
               Give each its own slug.",
            ],
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\nheadings = [\"US-NK News\"]\n\
             [[section]]\nslug = \"b\"\ntitle = \"B\"\nheadings = [\"C\", \"us nk: news\"]",
            &[
                "F, line 8: section[1] (b).headings[1] \"us nk: news\" is the same as \
               section[0] (a).headings[0] in line 4 but for case, punctuation and spacing. \
               Keep it in one section.",
            ],
        ),
        (
            "[[section]]\nslug = \"us-nk\"\ntitle = \"A\"\n\
             [[section]]\nslug = \"b\"\ntitle = \"a!\"\nheadings = [\"US NK\"]",
            &[
                "F, line 6: section[1] (b).title \"a!\" is the same as section[0] (us-nk).title in \
                 line 3 but for case, punctuation and spacing. Keep it in one section.",
                "F, line 7: section[1] (b).headings[0] \"US NK\" is the same as section[0] \
                 (us-nk).slug in line 2 but for case, punctuation and spacing. Keep it in one section.",
            ],
        ),
        (
            "[[section]]\nslug = \"a\"\ntitle = \"A\"\nheadings = [\"—\"]\nmatch = [\"…\"]",
            &[
                "F, line 4: section[0] (a).headings[0] is \"—\", without a letter or digit. \
                 Try: headings = [\"US-NK Relations\"]",
                "F, line 5: section[0] (a).match[0] is \"…\", without a letter or digit. \
                 Try: match = [\"North Korea-US\"]",
            ],
        ),
    ] {
        check(toml, expected);
    }
}

#[test]
fn sources_must_be_whole_and_distinct() {
    const SOURCE: &str = "[[source]]\nname = \"x\"\nkind = \"folder\"\npath = \"x\"\n";
    for (toml, expected) in [
        (
            "[[source]]\n".to_owned(),
            &[
                "F, line 1: source[0] has no name. Try: name = \"digests\"",
                "F, line 1: source[0] has no kind. Try: kind = \"folder\"",
            ][..],
        ),
        (
            "[[source]]\nname = \"x\"\nkind = \"folder\"".to_owned(),
            &["F, line 1: source[0] (x) has no path. Try: path = \"digests\""],
        ),
        (
            "[[source]]\nname = \"x\"\nkind = \"foldr\"".to_owned(),
            &[
                "F, line 3: source[0] (x).kind is \"foldr\", but has to be folder or page or feed. \
               Did you mean folder?",
            ],
        ),
        (
            "[[source]]\nname = \"x\"\nkind = \"feed\"\nurl = \"ftp://example.org\"\npath = \"x\"\n\
             follow = \"h2 a\"\nitem = \"p >\"\nmax_burst = 0"
                .to_owned(),
            &[
                "F, line 4: source[0] (x).url has to be an address that begins with http:// or https://. \
                 Try: url = \"https://example.org/news\"",
                "F, line 5: source[0] (x).path isn't for a source of the kind feed. Take it out.",
                "F, line 6: source[0] (x).follow isn't for a source of the kind feed. Take it out.",
                "F, line 7: source[0] (x).item isn't for a source of the kind feed. Take it out.",
                "F, line 7: source[0] (x).item is \"p >\", which isn't a CSS selector. \
                 Try: item = \"article.item\"",
                "F, line 8: source[0] (x).max_burst is \"0\", which isn't a whole number from 1. Try: max_burst = 100",
            ],
        ),
        (
            SOURCE.replace("\"x\"\nkind", "\"files\"\nkind"),
            &[
                "F, line 2: source[0] (files).name is kept for the files given to `tidings load`. \
               Choose another name.",
            ],
        ),
        (
            format!("{SOURCE}{SOURCE}"),
            &[
                "F, line 6: source[1] (x).name is the same as source[0] (x).name in line 2. \
               Give each its own name.",
            ],
        ),
        (
            format!("{SOURCE}section = \"us-nkk\"\n[[section]]\nslug = \"us-nk\"\ntitle = \"A\""),
            &[
                "F, line 5: source[0] (x).section names no section: there is no \"us-nkk\". \
               Did you mean us-nk?",
            ],
        ),
        (
            format!("{SOURCE}section = \"all\""),
            &[
                "F, line 5: source[0] (x).section names no section: there is no \"all\". \
               Name the slug of a [[section]], or more.",
            ],
        ),
        (
            format!("{SOURCE}stop_at = [\"!\"]"),
            &[
                "F, line 5: source[0] (x).stop_at[0] is \"!\", without a letter or digit. \
               Try: stop_at = [\"Share this page\"]",
            ],
        ),
        (
            format!("{SOURCE}layout = \"singel\""),
            &[
                "F, line 5: source[0] (x).layout is \"singel\", but has to be double or single. \
               Did you mean single?",
            ],
        ),
    ] {
        check(&toml, expected);
    }
}

#[test]
fn durations() {
    let toml = |poll: &str| {
        format!("[[source]]\nname = \"x\"\nkind = \"folder\"\npath = \"x\"\npoll = \"{poll}\"")
    };
    for (poll, seconds) in [
        ("1s", 1),
        ("90s", 90),
        ("5m", 300),
        ("1h", 3_600),
        ("30d", 2_592_000),
        ("36500d", 3_153_600_000),
    ] {
        let settings = Desk::new(toml(poll)).good();
        assert_eq!(settings.sources[0].poll, Duration::from_secs(seconds));
    }
    for poll in [
        "5", "m", "-5m", "+5m", "1.5h", "5 m", "5min", "5M", "٥m", "1h30m",
    ] {
        let said = format!(
            "F, line 5: source[0] (x).poll is \"{poll}\", which isn't a duration: \
             a whole number and s, m, h or d. Try: poll = \"5m\""
        );
        check(&toml(poll), &[&said]);
    }
    for poll in ["0s", "0d", "36501d", "99999999999999999999d"] {
        let said = format!(
            "F, line 5: source[0] (x).poll is \"{poll}\", but has to be from 1s to 36500d."
        );
        check(&toml(poll), &[&said]);
    }
}

#[test]
fn mistakes_in_variables_name_the_variable() {
    for (name, value, expected) in [
        (
            "TIDINGS_STORE__PATHH",
            "x",
            "TIDINGS_STORE__PATHH names no key of Tidings. Did you mean TIDINGS_STORE__PATH?",
        ),
        (
            "TIDINGS_store__path",
            "x",
            "TIDINGS_store__path names no key of Tidings. Did you mean TIDINGS_STORE__PATH?",
        ),
        (
            "TIDINGS_TELEGRAM__TIMEZONE",
            "x",
            "TIDINGS_TELEGRAM__TIMEZONE names no key of Tidings. \
             Did you mean TIDINGS_DEFAULTS__TIMEZONE?",
        ),
        (
            "TIDINGS_X__Y",
            "x",
            "TIDINGS_X__Y names no key of Tidings. Known are: TIDINGS_STORE__PATH, TIDINGS_STORE__URL, TIDINGS_STORE__LEASE, \
             TIDINGS_STORE__KEEP_SENT, TIDINGS_STORE__KEEP_PAUSED, \
             TIDINGS_DEFAULTS__TIMEZONE, TIDINGS_DEFAULTS__LOCALE, TIDINGS_DEFAULTS__WHEN, \
             TIDINGS_TELEGRAM__API_URL, TIDINGS_TELEGRAM__WEBHOOK_URL, TIDINGS_TELEGRAM__LISTEN, \
             TIDINGS_TELEGRAM__RATE, TIDINGS_TELEGRAM__CHAT_RATE, TIDINGS_TELEGRAM__GROUP_RATE, \
             TIDINGS_DISCORD__API_URL, TIDINGS_DISCORD__SHARDS, TIDINGS_DISCORD__RATE, \
             TIDINGS_OPERATOR__NOTIFY, TIDINGS_OPERATOR__FAILING, TIDINGS_OPERATOR__QUIET, \
             TIDINGS_FETCH__HOST_PAUSE, TIDINGS_FETCH__PATIENCE, TIDINGS_FETCH__LARGEST, TIDINGS_FETCH__ITEMS, \
             TIDINGS_HTTP__LISTEN, TIDINGS_WEB__LISTEN, TIDINGS_WEB__URL, TIDINGS_WEB__ARCHIVE, \
             TIDINGS_WEB__DASHBOARD.",
        ),
        (
            "TIDINGS_SOURCE__POLL",
            "5m",
            "TIDINGS_SOURCE__POLL can't be set here: each [[source]] is written in the file.",
        ),
        (
            "TIDINGS_STORE__PATH",
            "",
            "TIDINGS_STORE__PATH is empty. Try: TIDINGS_STORE__PATH=\"../data/tidings.db\"",
        ),
        (
            "TIDINGS_DEFAULTS__LOCALE",
            "kr",
            "TIDINGS_DEFAULTS__LOCALE is \"kr\", but has to be en or ko. Did you mean ko?",
        ),
        (
            "TIDINGS_TELEGRAM__API_URL",
            "localhost:8081",
            "TIDINGS_TELEGRAM__API_URL has to begin with http:// or https://. \
             Try: TIDINGS_TELEGRAM__API_URL=\"https://api.telegram.org\"",
        ),
    ] {
        assert_eq!(Desk::new(FULL).set(name, value).mistakes(), expected);
    }
}

#[test]
fn all_mistakes_are_told_in_order() {
    let desk = Desk::new(
        "[[source]]\nname = \"files\"\nkind = \"folder\"\npoll = \"soon\"\n\
         [telegram]\napi_url = \"nowhere\"\n[defaults]\nlocale = \"kr\"\n[store]\npth = 1\n",
    )
    .set("TELEGRAM_TOKEN_FILE", "missing")
    .set("TIDINGS_A__B", "c");
    let error = desk.load().unwrap_err();
    assert_eq!(error.problems().len(), 8);
    let said = error.to_string();
    let lines: Vec<&str> = said
        .lines()
        .map(|line| line.split(':').next().unwrap_or_default())
        .collect();
    let file = |line| format!("{FILE}, line {line}");
    assert_eq!(
        lines[..6],
        [file(1), file(2), file(4), file(6), file(8), file(10)]
    );
    assert!(lines[6].starts_with("TIDINGS_A__B"), "{said}");
    assert_eq!(lines[7], "TELEGRAM_TOKEN_FILE");

    // A file that isn't there hides nothing about the environment.
    fs::remove_file(desk.path().join(FILE)).unwrap();
    assert_eq!(desk.load().unwrap_err().problems().len(), 3);
}

#[test]
fn a_device_without_end_is_no_file() {
    let desk = Desk::new("").set("TELEGRAM_TOKEN_FILE", "/dev/zero");
    let said = desk.load().unwrap_err().to_string();
    assert!(said.contains("doesn't end within 16 MB"), "{said}");
}

const TOKEN: &str = "123456:AAF-sesame";

#[test]
fn tokens_come_from_the_environment_or_a_file() {
    let desk = Desk::new("")
        .set("TELEGRAM_TOKEN", &format!("{TOKEN}\n"))
        .set("DISCORD_TOKEN_FILE", "token")
        .file("token", "\nMTk.sesame\r\n");
    let settings = desk.good();
    assert_eq!(
        settings.tokens.get("TELEGRAM_TOKEN").unwrap().expose(),
        TOKEN
    );
    let discord = settings.tokens.get("DISCORD_TOKEN").unwrap();
    assert_eq!(discord.expose(), "MTk.sesame");
    assert_eq!(format!("{discord} {discord:?}"), "[secret] [secret]");
    assert!(!format!("{settings:?}{settings:#?}").contains("sesame"));

    // As compose files leave a variable out.
    let desk = Desk::new("")
        .set("TELEGRAM_TOKEN", "")
        .set("TELEGRAM_TOKEN_FILE", " ");
    assert!(desk.good().tokens.get("TELEGRAM_TOKEN").is_none());
}

#[test]
fn mistakes_with_tokens_never_show_them() {
    let refused = "isn't read: tokens never come from the configuration. Take it out and set";
    let telegram = format!("{refused} TELEGRAM_TOKEN or TELEGRAM_TOKEN_FILE.");
    let discord = format!("{refused} DISCORD_TOKEN or DISCORD_TOKEN_FILE.");
    let either = format!("{refused} TELEGRAM_TOKEN or DISCORD_TOKEN.");
    for (toml, expected) in [
        (
            format!("[telegram]\ntoken = \"{TOKEN}\""),
            format!("F, line 2: telegram.token {telegram}"),
        ),
        (
            format!("[discord]\nbot_token = \"{TOKEN}\""),
            format!("F, line 2: discord.bot_token {discord}"),
        ),
        (
            format!("[tokens]\ntelegram = \"{TOKEN}\""),
            format!("F, line 1: tokens {either}"),
        ),
        (
            format!("[telegram]\napi_url = \"https://api.telegram.org/bot{TOKEN}/\""),
            format!("F, line 2: telegram.api_url {telegram}"),
        ),
        (
            format!("[telegram]\napi_url = {TOKEN}"),
            "F, line 2: this isn't TOML: invalid time, expected minute. Text needs quotes around it."
                .to_owned(),
        ),
        (
            format!("[telegram]\napi_url = \"{TOKEN}\""),
            "F, line 2: telegram.api_url has to begin with http:// or https://. \
             Try: api_url = \"https://api.telegram.org\""
                .to_owned(),
        ),
        (
            format!("[telegram]\npassword = \"{TOKEN}\""),
            "F, line 2: telegram.password isn't a key of Tidings. Known here: api_url, webhook_url, listen, \
             rate, chat_rate, group_rate.".to_owned(),
        ),
    ] {
        check(&toml, &[&expected]);
    }

    let desk = || {
        Desk::new("")
            .file("empty", " \n")
            .file("binary", b"sesame\xff")
    };
    let both = desk()
        .set("TELEGRAM_TOKEN", TOKEN)
        .set("TELEGRAM_TOKEN_FILE", "empty");
    for (desk, expected) in [
        (
            both,
            "TELEGRAM_TOKEN: TELEGRAM_TOKEN_FILE is set as well. Keep one of the two.".to_owned(),
        ),
        (
            desk().set("TELEGRAM_TOKEN_FILE", TOKEN),
            "TELEGRAM_TOKEN_FILE: the file it names can't be used: there is no such file. \
             It has to hold a path, not the token itself."
                .to_owned(),
        ),
        (
            desk().set("DISCORD_TOKEN_FILE", "binary"),
            "DISCORD_TOKEN_FILE: the file it names can't be used: it is not UTF-8 text. \
             It has to hold a path, not the token itself."
                .to_owned(),
        ),
        (
            desk().set("DISCORD_TOKEN_FILE", "empty"),
            "DISCORD_TOKEN_FILE: the file it names is empty. Put the token into it.".to_owned(),
        ),
        (
            desk().set("DISCORD_TOKEN", &format!("Bot {TOKEN}")),
            "DISCORD_TOKEN: the token has a space or line break inside. Give the token alone."
                .to_owned(),
        ),
        (
            desk().set("TIDINGS_TELEGRAM__TOKEN", TOKEN),
            format!("TIDINGS_TELEGRAM__TOKEN {telegram}"),
        ),
    ] {
        assert_eq!(desk.mistakes(), expected);
        let debug = format!("{:?}", desk.load());
        assert!(!debug.contains("sesame"), "{debug}");
    }
}

#[test]
fn telegram_has_a_pace_and_perhaps_a_webhook() {
    let telegram = Desk::new("").good().telegram;
    let of = |rate: Option<Rate>| rate.map(|rate| (rate.count, rate.window.as_secs()));
    assert_eq!(of(telegram.rate), Some((30, 1)));
    assert_eq!(of(telegram.chat_rate), Some((1, 1)));
    assert_eq!(of(telegram.group_rate), Some((20, 60)));
    assert!(telegram.webhook.is_none());

    let telegram = Desk::new(
        "[telegram]\nrate = \"off\"\nchat_rate = \"5 / m\"\nwebhook_url = \"https://b.example/t\"\n\
         listen = \"[::1]:80\"",
    )
    .good()
    .telegram;
    assert_eq!(of(telegram.rate), None);
    assert_eq!(of(telegram.chat_rate), Some((5, 60)));
    let webhook = telegram.webhook.unwrap();
    assert_eq!(webhook.url.as_str(), "https://b.example/t");
    assert_eq!(webhook.listen.to_string(), "[::1]:80");

    check(
        "[telegram]\nwebhook_url = \"https://b.example/t\"\nrate = \"0/s\"\nchat_rate = \"fast\"",
        &[
            "F, line 2: telegram.webhook_url needs [telegram] listen as well: the address that this process \
             listens on for it. Try: listen = \"127.0.0.1:8081\"",
            "F, line 3: telegram.rate is \"0/s\", which isn't a rate: a whole number, a slash and s, m or h; \
             or off. Try: rate = \"30/s\"",
            "F, line 4: telegram.chat_rate is \"fast\", which isn't a rate: a whole number, a slash and s, m \
             or h; or off. Try: chat_rate = \"1/s\"",
        ],
    );
    check(
        "[telegram]\nlisten = \"8080\"\nwebhook_url = \"https://b.example\"",
        &[
            "F, line 2: telegram.listen is \"8080\", which isn't an address with a port. \
             Try: listen = \"127.0.0.1:8081\"",
            "F, line 3: telegram.webhook_url needs a path, so that not everybody's visits are updates. \
             Try: webhook_url = \"https://bot.example.org/tidings\"",
        ],
    );
    check(
        "[telegram]\nlisten = \"127.0.0.1:8080\"\nwebhook_url = \"http://b.example/t\"",
        &[
            "F, line 3: telegram.webhook_url begins with http://, but Telegram calls only https:// addresses. \
             Put a server that speaks https in front of [telegram] listen. \
             Try: webhook_url = \"https://bot.example.org/tidings\"",
        ],
    );
}

#[test]
fn what_is_kept_and_who_is_told() {
    let settings = Desk::new("").good();
    let days = |days: u64| Some(Duration::from_secs(days * 86_400));
    assert_eq!(settings.store.keep_sent, days(30));
    assert_eq!(settings.store.keep_paused, None);
    assert_eq!(settings.operator.notify, None);
    assert_eq!(settings.operator.quiet, days(14));
    assert_eq!(settings.http, None);

    let settings = Desk::new(
        "[store]\nkeep_sent = \"forever\"\nkeep_paused = \"90d\"\n[operator]\nnotify = \"console:local\"\n\
         failing = \"1h\"\nquiet = \"off\"\n[http]\nlisten = \"9090\"",
    )
    .good();
    assert_eq!(settings.store.keep_sent, None);
    assert_eq!(settings.store.keep_paused, days(90));
    let told = settings.operator.notify.unwrap();
    assert_eq!(told.to_string(), "console:local");
    assert_eq!(settings.operator.quiet, None);
    assert_eq!(settings.http.unwrap().to_string(), "127.0.0.1:9090");

    check(
        "[operator]\nnotify = \"me\"\n[http]\nlisten = \"metrics\"",
        &[
            "F, line 2: operator.notify is \"me\", which isn't a channel: a platform, a colon and its number \
             there. Try: notify = \"telegram:123456789\"",
            "F, line 4: http.listen is \"metrics\", which isn't an address with a port. \
             Try: listen = \"127.0.0.1:9090\"",
        ],
    );
    let isnt = "isn't a channel: a platform, a colon and its number there.";
    let example = "Try: notify = \"telegram:123456789\"";
    for (notify, said) in [
        (
            "telgram:5",
            "but there is no platform \"telgram\". Did you mean telegram?",
        ),
        ("slack:5", "but there is no platform \"slack\"."),
        ("telegram:@mine", &format!("which {isnt}")),
        ("telegram:-100/x", &format!("which {isnt}")),
        ("discord:12345/6", &format!("which {isnt}")),
        ("discord:someone", &format!("which {isnt}")),
    ] {
        check(
            &format!("[operator]\nnotify = \"{notify}\""),
            &[&format!(
                "F, line 2: operator.notify is \"{notify}\", {said} {example}"
            )],
        );
    }
    for good in [
        "telegram:-100123/45",
        "telegram:5",
        "discord:197038439483310086",
    ] {
        let desk = Desk::new(format!("[operator]\nnotify = \"{good}\""));
        assert_eq!(desk.good().operator.notify.unwrap().to_string(), good);
    }
}

#[test]
fn shards_are_advised_or_counted_and_a_range_needs_a_store_of_its_own() {
    for (written, total) in [("auto", None), ("16", Some(16)), ("0-3/16", Some(16))] {
        let desk = Desk::new(format!("[discord]\nshards = \"{written}\""));
        assert_eq!(desk.good().discord.shards.total(), total, "{written}");
    }
    let server = "[store]\nurl = \"postgres://me@file/db\"\n[discord]\nshards =";
    Desk::new(format!("{server} \"0-15/16\"")).good();
    assert_eq!(
        Desk::new(format!("{server} \"0-3/16\"")).mistakes(),
        "F, line 4: discord.shards is a range, but processes that share a store on a server divide the shards among \
         themselves. Say \"auto\", or how many there are"
    );
    let none = Desk::new("[discord]\nshards = \"0\"").mistakes();
    assert!(
        none.contains("auto, how many shards there are, or a range"),
        "{none}"
    );
}

/// The address of the store, as everybody may see it.
fn store(desk: &Desk) -> String {
    desk.good().store.address.to_string()
}

#[test]
fn a_store_is_a_file_or_on_a_server() {
    let (file, server) = (
        "[store]\npath = \"a.db\"",
        "[store]\nurl = \"postgres://me@file/db\"",
    );
    let given = "postgres://me:sesame@given/db";
    let folder = tempfile::tempdir().unwrap();
    let named = folder.path().join("url");
    fs::write(&named, format!("{given}\n")).unwrap();
    let named = named.to_str().unwrap();
    for (toml, variables, expected) in [
        (server, &[][..], "postgres://me@file/db"),
        // A whole URL wins over all that the file says.
        ("", &[("STORE_URL", given)], "postgres://me@given/db"),
        (
            "",
            &[("STORE_URL", "POSTGRES://me:sesame@given/db")],
            "postgres://me@given/db",
        ),
        (file, &[("STORE_URL", given)], "postgres://me@given/db"),
        (server, &[("STORE_URL", given)], "postgres://me@given/db"),
        (
            server,
            &[("STORE_URL_FILE", named)],
            "postgres://me@given/db",
        ),
        (
            file,
            &[
                ("STORE_URL", given),
                ("TIDINGS_STORE__URL", "postgres://me@variable/db"),
            ],
            "postgres://me@given/db",
        ),
        (server, &[("STORE_URL", " ")], "postgres://me@file/db"),
        // A variable wins over the file, whichever of the two keys is its own.
        (
            file,
            &[("TIDINGS_STORE__URL", "postgres://me@variable/db")],
            "postgres://me@variable/db",
        ),
        (
            server,
            &[("TIDINGS_STORE__URL", "postgres://me@variable/db")],
            "postgres://me@variable/db",
        ),
        (server, &[("TIDINGS_STORE__PATH", "/b.db")], "/b.db"),
        (file, &[("TIDINGS_STORE__PATH", "/b.db")], "/b.db"),
    ] {
        let mut desk = Desk::new(toml);
        for (name, value) in variables {
            desk = desk.set(name, value);
        }
        assert_eq!(store(&desk), expected, "{toml} {variables:?}");
        let settings = format!("{:?}", desk.good());
        assert!(!settings.contains("sesame"), "{settings}");
        let StoreAddress::Server(url) = &desk.good().store.address else {
            continue;
        };
        let password = expected.contains("given").then_some("sesame");
        assert_eq!(url.password(), password, "{toml} {variables:?}");
    }
}

#[test]
fn two_stores_are_a_mistake() {
    let keep = "but a store is either a file or on a server. Keep one of the two.";
    let (path, url) = ("path = \"a.db\"", "url = \"postgres://me@db/news\"");
    check(
        &format!("[store]\n{path}\n{url}"),
        &[&format!(
            "F, line 3: store.url is set beside store.path in line 2, {keep}"
        )],
    );
    for (name, value) in [
        ("TIDINGS_STORE__URL", "postgres://me@db/news"),
        ("STORE_URL", "postgres://me:sesame@db/news"),
    ] {
        let desk = Desk::new("")
            .set("TIDINGS_STORE__PATH", "a.db")
            .set(name, value);
        assert_eq!(
            desk.mistakes(),
            format!("{name} is set beside TIDINGS_STORE__PATH, {keep}")
        );
    }
}

#[test]
fn passwords_never_come_from_the_configuration() {
    let said = "holds a password, which never comes from the configuration. Take it out, and set the whole address in \
                STORE_URL, or in the file that STORE_URL_FILE names.";
    for address in [
        "postgres://me:sesame@db/news",
        "postgresql://db/news?password=sesame",
    ] {
        for key in ["url", "path"] {
            check(
                &format!("[store]\n{key} = \"{address}\""),
                &[&format!("F, line 2: store.{key} {said}")],
            );
            let name = format!("TIDINGS_STORE__{}", key.to_uppercase());
            let desk = Desk::new("").set(&name, address);
            assert_eq!(desk.mistakes(), format!("{name} {said}"));
        }
    }
}

#[test]
fn mistakes_with_servers_never_show_passwords() {
    for (toml, said) in [
        (
            "url = \"../data/a.db\"",
            "F, line 2: store.url has to begin with postgres:// or postgresql://, such as \
             postgres://tidings@db.example.org/tidings. A file is named by path.",
        ),
        (
            "url = \"postgres://db/news?sslmod=require\"",
            "F, line 2: store.url has the parameter \"sslmod\", which Tidings doesn't know; known are host, port, dbname, \
             user, password, sslmode, sslrootcert, connect_timeout, application_name, target_session_attrs, \
             channel_binding.",
        ),
        (
            "path = \"postgres://me@db/news\"",
            "F, line 2: store.path names a server, but has to name a file; url is the key for that.",
        ),
        (
            "path = \"PostgreSQL://me@db/news\"",
            "F, line 2: store.path names a server, but has to name a file; url is the key for that.",
        ),
        (
            "path = \"mysql://me:sesame@db/news\"",
            "F, line 2: store.path is a URL, but has to name a file; write its path alone.",
        ),
        (
            "lease = \"2s\"",
            "F, line 2: store.lease is \"2s\", but has to be from 3s to 60s.",
        ),
        (
            "lease = \"2m\"",
            "F, line 2: store.lease is \"2m\", but has to be from 3s to 60s.",
        ),
    ] {
        check(&format!("[store]\n{toml}"), &[said]);
    }
    let broken = "postgres://me:ses/ame@db/news";
    let said = "has an @ where none belongs: within a user, a password or a value, @ is written %40, : is %3A, / is %2F, \
                ? is %3F and % is %25.";
    assert_eq!(
        Desk::new("").set("STORE_URL", broken).mistakes(),
        format!("STORE_URL {said}")
    );
    let desk = Desk::new("")
        .file("url", broken)
        .set("STORE_URL_FILE", "url");
    assert_eq!(desk.mistakes(), format!("STORE_URL_FILE {said}"));
    let desk = Desk::new("").file("url", " ").set("STORE_URL_FILE", "url");
    assert_eq!(
        desk.mistakes(),
        "STORE_URL_FILE: the file it names is empty. Put the address into it."
    );
    let desk = Desk::new("").set("STORE_URL_FILE", broken);
    assert_eq!(
        desk.mistakes(),
        "STORE_URL_FILE: the file it names can't be used: there is no such file. It has to hold a path, not the address \
         itself."
    );
    let desk = Desk::new("")
        .set("STORE_URL", "postgres://db/a")
        .set("STORE_URL_FILE", "url");
    assert_eq!(
        desk.mistakes(),
        "STORE_URL: STORE_URL_FILE is set as well. Keep one of the two."
    );
}

#[test]
fn passwords_are_kept_out_of_texts() {
    let desk = Desk::new("").set("STORE_URL", "postgres://me:opensesame@db/news");
    let settings = desk.good();
    for redaction in [
        settings.redaction(),
        Redaction::of_environment(&desk.environment, desk.path()),
    ] {
        let shown = redaction.text("with opensesame at postgres://me@db/news");
        assert_eq!(shown, "with [secret] at postgres://me@db/news");
    }
    let desk = Desk::new("")
        .file("url", "postgres://me:open%2Fsesame@db/news")
        .set("COPY_URL_FILE", "url");
    let redaction = Redaction::of_environment(&desk.environment, desk.path());
    assert_eq!(redaction.text("open/sesame"), "[secret]");
    // As it is in half of all examples: to take the word out would tell it.
    let desk = Desk::new("").set("STORE_URL", "postgres://postgres:postgres@db/postgres");
    let redaction = Redaction::of_environment(&desk.environment, desk.path());
    assert_eq!(redaction.text("postgres"), "postgres");
}

#[test]
fn what_is_no_text_is_refused_by_its_name() {
    let garbled = "1234567:se\u{FFFD}same";
    for (name, said) in [
        (
            "TELEGRAM_TOKEN",
            "TELEGRAM_TOKEN: its value isn't UTF-8 text. Set it anew.",
        ),
        (
            "DISCORD_TOKEN_FILE",
            "DISCORD_TOKEN_FILE: its value isn't UTF-8 text. Set it anew.",
        ),
        (
            "TIDINGS_STORE__PATH",
            "TIDINGS_STORE__PATH isn't UTF-8 text. Set it anew.",
        ),
        (
            "TIDINGS_NO__SUCH",
            "TIDINGS_NO__SUCH isn't UTF-8 text. Set it anew.",
        ),
    ] {
        assert_eq!(Desk::new("").set(name, garbled).mistakes(), said);
    }
    assert!(Desk::new("").set("LS_COLORS", garbled).load().is_ok());
}

#[test]
fn no_name_is_a_token() {
    let token = "7654321:AAF-sesame-sesame-sesame-sesame-ses";
    for set in [true, false] {
        for toml in [
            format!("[[source]]\nname = \"{token}\"\nkind = \"folder\"\npath = \"x\""),
            format!("[[section]]\nslug = \"a\"\ntitle = \"My {token}\""),
            format!("[store]\npath = \"{token}/a.db\""),
        ] {
            let desk = Desk::new(&toml);
            let desk = if set {
                desk.set("TELEGRAM_TOKEN", token)
            } else {
                desk
            };
            let said = desk.mistakes();
            assert!(said.contains("looks like a token"), "{said}");
            assert!(!said.contains("sesame"), "{said}");
        }
    }
}

#[test]
fn a_pipe_is_no_configuration() {
    let desk = Desk::new("").set("TELEGRAM_TOKEN_FILE", "pipe");
    for name in ["pipe", FILE] {
        let pipe = desk.path().join(name);
        let _ = fs::remove_file(&pipe);
        assert!(
            Command::new("mkfifo")
                .arg(&pipe)
                .status()
                .unwrap()
                .success()
        );
    }
    let said = desk.mistakes();
    let reason = "it is a pipe, which can be read only once; name a file";
    assert_eq!(said.matches(reason).count(), 2, "{said}");
}

#[test]
fn a_hold_needs_editors_and_editors_are_people() {
    const SOURCE: &str = "[[source]]\nname = \"x\"\nkind = \"folder\"\npath = \"x\"\n";
    check(
        &format!("{SOURCE}hold = \"30m\""),
        &[
            "F, line 5: source[0] (x).hold is set, but nobody is there to look: name them in [operator] editors, such as \
             editors = [\"telegram:123456789\"], or leave hold out",
        ],
    );
    let editors = "[operator]\neditors = [\"telegram:-100123\", \"console:me\", \"discord:7\"]\n";
    check(
        &format!("{editors}{SOURCE}hold = \"30m\""),
        &[
            "F, line 2: operator.editors[0] is \"telegram:-100123\", which isn't a person: telegram: and the number of a \
             private chat, or discord: and a user's number. Try: editors = [\"telegram:123456789\"]",
            "F, line 2: operator.editors[1] is \"console:me\", which isn't a person: telegram: and the number of a \
             private chat, or discord: and a user's number. Try: editors = [\"telegram:123456789\"]",
        ],
    );
    let editors = "[operator]\neditors = [\"telegram:7\", \"discord:8\"]\n";
    let good = Desk::new(format!("{editors}{SOURCE}hold = \"30m\"")).good();
    assert_eq!(good.operator.editors.len(), 2);
    assert_eq!(good.sources[0].hold, Some(Duration::from_secs(1_800)));
}

#[test]
fn processes_that_share_a_store_know_each_other_by_what_is_written() {
    let of = |text: &str| Desk::new(text).good().fingerprint;
    let known = of(FULL);
    // Each desk has a folder of its own; what is about one machine, or about nothing, isn't compared.
    for same in [
        FULL.to_owned(),
        format!("# A remark.\n{FULL}\n[http]\nlisten = \"127.0.0.1:9000\"\n"),
        FULL.replace("../data/tidings.db", "/var/lib/tidings.db"),
        FULL.replace("api_url = \"https://discord.example\"", ""),
    ] {
        assert_eq!(of(&same), known, "{same}");
    }
    for other in [
        FULL.replace("weekdays 08:00", "weekdays 08:30"),
        FULL.replace("History and memory", "History"),
        FULL.replace("/srv/others", "/srv/more"),
        FULL.replace("\"Pompeo\"", "\"Blinken\""),
        format!("{FULL}\n[operator]\nquiet = \"2d\"\n"),
    ] {
        assert_ne!(of(&other), known, "{other}");
    }
    let variable = Desk::new(FULL).set("TIDINGS_DEFAULTS__LOCALE", "en");
    assert_ne!(variable.good().fingerprint, known);
}
