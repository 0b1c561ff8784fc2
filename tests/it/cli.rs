//! The program itself: exit codes, and output for other programs.

mod chatting;
mod copies;
mod copying;
mod folders;
mod forgetting;
mod hand;
mod sections;
mod stores;

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};

use crate::fakes::discord::FakeDiscord;
use crate::fakes::telegram::{self, FakeTelegram};
use crate::ground::Ground;
use crate::harness::{CONFIG, Chat, page};
use crate::stage::Fake;

/// How long a process may take before a test gives it up, in looks at it.
const PATIENCE: u32 = 2_000;

/// A folder with a configuration, in which the program is called.
struct Shell {
    ground: Ground,
}

/// What a call came to.
struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Done {
    fn from(output: Output) -> Done {
        Done {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Done {
    #[track_caller]
    fn code(self, expected: i32) -> Done {
        assert_eq!(
            self.code,
            Some(expected),
            "out: {}\nerr: {}",
            self.out,
            self.err
        );
        self
    }

    #[track_caller]
    fn says(self, words: &[&str]) -> Done {
        for word in words {
            assert!(self.err.contains(word), "“{word}” isn't in: {}", self.err);
        }
        self
    }
}

impl Shell {
    fn new() -> Shell {
        let shell = Shell {
            ground: Ground::new(),
        };
        shell.write("tidings.toml", CONFIG);
        fs::create_dir(shell.path("digests")).unwrap();
        shell
    }

    fn with_pages() -> Shell {
        let shell = Shell::new();
        shell.write(
            "digests/2026-11-05.txt",
            page("# US-NK Relations\nDoor plate made | It is brass.\nEnvoys met | In Geneva. READ MORE https://example.org/envoys"),
        );
        shell.write(
            "digests/2026-11-04.txt",
            page("# Japan\nSquid counted | All of them.\n“Ferry” sails | It's \\ \"good\"."),
        );
        shell
    }

    fn path(&self, name: &str) -> PathBuf {
        self.ground.at(name)
    }

    fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(name), text).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.ground.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Done {
        self.command(arguments).output().unwrap().into()
    }

    /// Calls the program with lines on its standard input.
    fn type_into(&self, arguments: &[&str], lines: &str) -> Done {
        let mut child = self
            .command(arguments)
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(lines.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap().into()
    }
}

/// Looks again and again until something is so; no look waits longer than it has to.
fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..PATIENCE {
        if let Some(found) = look() {
            return found;
        }
        pause();
    }
    panic!("waited in vain for {what}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "between two looks at another process"
)]
fn pause() {
    std::thread::sleep(Duration::from_millis(5));
}

fn ended(child: &mut Child) -> ExitStatus {
    until("the end of a process", || child.try_wait().unwrap())
}

fn signal(child: &Child, name: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status().unwrap();
    assert!(sent.success());
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

#[test]
fn loading_prints_json() {
    let shell = Shell::with_pages();
    shell.write("digests/bad.txt", "One block.\n");
    let done = shell.run(&["load", "--json"]).code(1);
    let expected = json!({"sources": [{
        "name": "digests", "documents": 3, "new": 4, "updated": 0, "unchanged": 0, "ignored": 0,
        "failed": [{
            "document": "bad.txt", "line": 1,
            "reason": "the page is a single block of text; blank lines between headlines and summaries are missing",
        }],
        "unread": [],
    }]});
    assert_eq!(json(&done.out), expected);
    assert_eq!(done.out.lines().count(), 1);
    fs::remove_file(shell.path("digests/bad.txt")).unwrap();
    let done = shell.run(&["load", "--json"]).code(0);
    let expected = json!({"sources": [{
        "name": "digests", "documents": 2, "new": 0, "updated": 0, "unchanged": 4, "ignored": 0, "failed": [], "unread": [],
    }]});
    assert_eq!(json(&done.out), expected);
    // Named files; one that isn't there doesn't keep the others from being loaded.
    shell.write("other.txt", page("# Japan\nElsewhere | Text.\nToo | Text."));
    let done = shell
        .run(&["load", "--json", "missing.txt", "other.txt"])
        .code(1);
    let sources = &json(&done.out)["sources"];
    let new: u64 = sources
        .as_array()
        .unwrap()
        .iter()
        .map(|s| s["new"].as_u64().unwrap())
        .sum();
    assert_eq!(new, 2, "{sources}");
    assert!(done.out.contains("missing.txt"));
}

#[test]
fn items_are_json_lines_newest_first() {
    let shell = Shell::with_pages();
    assert_eq!(
        shell.run(&["items", "--json"]).code(0).out,
        "",
        "before the first load"
    );
    shell.run(&["load"]).code(0);
    let done = shell.run(&["items", "--json"]).code(0);
    let items: Vec<Value> = done.out.lines().map(json).collect();
    assert_eq!(items.len(), 4);
    assert_eq!(
        items[1],
        json!({
            "id": 4, "section": "us-nk", "title": "Envoys met", "summary": "In Geneva.",
            "link": "https://example.org/envoys", "source": "digests", "published": "2026-11-05",
            "story": 4, "reports": [],
        })
    );
    assert_eq!(items[3]["title"], "“Ferry” sails");
    assert_eq!(items[3]["summary"], "It's \\ \"good\".");
    assert_eq!(items[3]["link"], Value::Null);
    let done = shell
        .run(&["items", "--section", "japan", "--json"])
        .code(0);
    assert_eq!(done.out.lines().count(), 2);
    assert_eq!(shell.run(&["items", "--section", "more"]).code(0).out, "");
    shell
        .run(&["items", "--section", "jappan"])
        .code(2)
        .says(&["jappan", "Did you mean japan?"]);
}

#[test]
fn removing_an_item() {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    let done = shell.run(&["remove", "4"]).code(0);
    assert_eq!(done.out, "removed #4: Envoys met\n");
    shell.run(&["remove", "4"]).code(1).says(&["no item 4"]);
    shell.run(&["remove", "0"]).code(2);
    shell.run(&["load"]).code(0);
    assert!(!shell.run(&["items"]).code(0).out.contains("Envoys"));
}

#[test]
fn running_without_a_token_off_a_terminal_names_the_variables() {
    let shell = Shell::new();
    for arguments in [&["run"][..], &[]] {
        let done = shell.run(arguments).code(2);
        assert_eq!(done.out, "");
        done.says(&["TELEGRAM_TOKEN", "DISCORD_TOKEN", "tidings chat"]);
    }
    assert!(!shell.path("data").exists());
}

#[test]
fn wrong_usage_and_configuration_are_two() {
    let shell = Shell::new();
    shell.run(&["frobnicate"]).code(2).says(&["frobnicate"]);
    shell.run(&["chat", "--as", "king"]).code(2).says(&["king"]);
    shell.run(&["load", "--push"]).code(2);
    shell
        .run(&["--config", "missing.toml", "items"])
        .code(2)
        .says(&["missing.toml"]);
    shell.write("tidings.toml", "[store]\npth = \"x\"\n");
    shell
        .run(&["items"])
        .code(2)
        .says(&["tidings.toml, line 2", "path"]);
    shell.run(&["check"]).code(2);
    let help = shell.run(&["--help"]).code(0);
    for word in [
        "load",
        "backup",
        "completions",
        "TELEGRAM_TOKEN",
        "Exit codes",
    ] {
        assert!(help.out.contains(word), "{}", help.out);
    }
    // Nothing is wrapped for what reads it from a pipe.
    let copy =
        "Copy the whole store into an empty one, a file or a database on PostgreSQL, and verify it";
    for call in [&["--help"][..], &["copy", "--help"]] {
        let help = shell.run(call).code(0).out;
        assert!(help.contains(copy), "{help}");
    }
    shell.run(&["--version"]).code(0);
}

#[test]
fn completions_for_three_shells() {
    let shell = Shell::new();
    for (name, sign) in [
        ("bash", "complete -F"),
        ("zsh", "#compdef tidings"),
        ("fish", "complete -c tidings"),
    ] {
        let done = shell.run(&["completions", name]).code(0);
        assert!(
            done.out.contains(sign) && done.out.contains("backup"),
            "{name}"
        );
        assert_eq!(done.err, "");
    }
    shell.run(&["completions", "tcsh"]).code(2);
}

#[test]
fn status_and_its_json() {
    let shell = Shell::with_pages();
    if shell.ground.has_file() {
        shell.run(&["status"]).code(1).says(&["there is none yet"]);
    }
    shell
        .type_into(
            &["chat"],
            "/subscribe us-nk daily 09:00\n/subscribe japan instant\n",
        )
        .code(0);
    let status = json(&shell.run(&["status", "--json"]).code(0).out);
    assert_eq!(status["items"], 4);
    assert_eq!(status["sources"][0]["name"], "digests");
    assert_eq!(status["sources"][0]["failed"], json!([]));
    assert_eq!(status["queue"]["waiting"], 0);
    let channel = &status["channels"][0];
    assert_eq!(channel["channel"], "console:local");
    let subscriptions = channel["subscriptions"].as_array().unwrap();
    let followed: Vec<_> = subscriptions
        .iter()
        .map(|s| (&s["section"], &s["when"]))
        .collect();
    assert_eq!(
        json!(followed),
        json!([["us-nk", "daily 09:00"], ["japan", "instant"]])
    );
    let text = shell.run(&["status"]).code(0).out;
    for word in [
        "4 items",
        "✓ source digests",
        "console:local",
        "daily 09:00",
    ] {
        assert!(text.contains(word), "{text}");
    }
    let shell = Shell::new();
    shell.write(
        "digests/2026-11-05.txt",
        page("# Japan\nSquid counted | All of them."),
    );
    shell.run(&["load"]).code(0);
    let text = shell.run(&["status"]).code(0).out;
    assert_eq!(text.lines().next(), Some("1 item"));
    // What the operator was told, but for what is said of sources and platforms anyway.
    shell
        .ground
        .execute("INSERT INTO incidents VALUES ('source:digests', 'It can''t be read.', 1)");
    shell
        .ground
        .execute("INSERT INTO incidents VALUES ('broken:pages', 'Pages aren''t served.', 1)");
    let text = shell.run(&["status"]).code(0).out;
    assert!(text.contains("✗ Pages aren't served. (begun "), "{text}");
    assert!(!text.contains("It can't be read."), "{text}");
    let status = json(&shell.run(&["status", "--json"]).code(0).out);
    assert_eq!(status["incidents"].as_array().unwrap().len(), 1);
    assert_eq!(status["incidents"][0]["text"], "Pages aren't served.");
}

#[test]
fn a_roundup_that_was_missed_is_not_called_the_next_one() {
    let mut chat = Chat::new();
    chat.at("2026-01-05T08:00[UTC]");
    chat.load();
    chat.say("/subscribe japan daily 09:00");
    let started = || {
        let mut command = chat.ground.command(&["-v", "chat"]);
        let err = Done::from(command.output().unwrap()).code(0).err;
        let next = err.lines().find(|line| line.contains("next roundup"));
        next.map(str::to_owned)
    };
    let told = started().unwrap();
    assert!(told.contains("next=\"now\""), "{told}");
    let told = started().unwrap();
    assert!(told.contains("next=\"20"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_refused_hides_no_other_platforms_link() {
    let (telegram, discord) = (FakeTelegram::begin(), FakeDiscord::begin());
    let shell = Shell::new();
    let invited = || {
        let mut command = shell.command(&["invite"]);
        command.envs(telegram.variables());
        command.envs(discord.variables());
        Done::from(command.output().unwrap())
    };
    let all = invited().code(0).out;
    let links: Vec<&str> = all.lines().collect();
    let [of_telegram, of_discord] = links.as_slice() else {
        panic!("{all}")
    };
    telegram.inject(
        telegram::Fault::on_everything()
            .answer(401, "Unauthorized")
            .always(),
    );
    let done = invited()
        .code(1)
        .says(&["tidings: telegram: ", "TELEGRAM_TOKEN"]);
    assert_eq!(done.out.trim_end(), *of_discord);
    discord.with(|world| world.revoked = true);
    let done = invited().code(1).says(&["TELEGRAM_TOKEN", "DISCORD_TOKEN"]);
    assert_eq!((done.out.as_str(), done.err.lines().count()), ("", 2));
    telegram.heal();
    let done = invited()
        .code(1)
        .says(&["tidings: discord: ", "DISCORD_TOKEN"]);
    assert_eq!(done.out.trim_end(), *of_telegram);
}

/// A token that an operator has put where something else belongs.
#[test]
fn a_token_in_the_wrong_place_is_never_shown() {
    let telegram = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
    let discord = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-abc";
    let shell = Shell::with_pages();
    for token in [telegram, discord] {
        for variable in [
            "TIDINGS_DEFAULTS__TIMEZONE",
            "TIDINGS_DEFAULTS__WHEN",
            "TIDINGS_STORE__PATH",
            "TIDINGS_OPERATOR__NOTIFY",
            "TIDINGS_TELEGRAM__API_URL",
            "TIDINGS_TELEGRAM__WEBHOOK_URL",
            "TIDINGS_TELEGRAM__TOKEN",
            "TIDINGS_HTTP__LISTEN",
            "TELEGRAM_TOKEN_FILE",
            "DISCORD_TOKEN_FILE",
            "TIDINGS_CONFIG",
        ] {
            for call in ["check", "run", "load", "status"] {
                let mut command = shell.command(&["-vv", call]);
                let done = Done::from(command.env(variable, token).output().unwrap());
                let said = format!("{}{}", done.out, done.err);
                assert!(!said.contains(&token[12..28]), "{variable}, {call}: {said}");
            }
        }
        for arguments in [
            &[token][..],
            &["--config", token, "load"],
            &["load", token],
            &["forget", token],
        ] {
            let done = shell.run(arguments);
            let said = format!("{}{}", done.out, done.err);
            assert!(!said.contains(&token[12..28]), "{arguments:?}: {said}");
        }
    }
}

#[test]
fn a_token_file_that_everybody_can_read_gets_a_warning() {
    use std::os::unix::fs::PermissionsExt;
    let shell = Shell::with_pages();
    shell.write("token", "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw");
    for (mode, warned) in [(0o644, true), (0o604, true), (0o640, false), (0o600, false)] {
        fs::set_permissions(shell.path("token"), fs::Permissions::from_mode(mode)).unwrap();
        let mut command = shell.command(&["check"]);
        command.env("TELEGRAM_TOKEN_FILE", "token");
        command.env("TIDINGS_TELEGRAM__API_URL", "http://127.0.0.1:1");
        let done = Done::from(command.output().unwrap());
        let said = done
            .out
            .contains("TELEGRAM_TOKEN_FILE names can be read by everybody");
        assert_eq!(said, warned, "{mode:o}: {}", done.out);
    }
}
