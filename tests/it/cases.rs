//! The cases of what people's real documents showed: folders with a `case.json` that says what is served, put and typed,
//! and what must come of it. The project's own copy is played, and the one beside the project where there is one.

mod expect;

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde_json::{Map, Value, json};
use tidings::ingest::web::opml;
use tidings::ingest::{PassSummary, Recheck};

use crate::fakes::web::{Reply, Site};
use crate::harness::{Chat, loaded};

/// When a case begins that says nothing of time.
const START: &str = "2026-11-20T09:00:00Z";

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = Vec::new();
    for cases in ["tests/it/cases", "../shared/cases"] {
        for kind in ["sources", "guards"] {
            let Ok(entries) = fs::read_dir(root.join(cases).join(kind)) else {
                assert!(cases.starts_with(".."), "the project's own cases are gone");
                continue;
            };
            folders.extend(entries.map(|entry| entry.unwrap().path()));
        }
    }
    folders.sort();
    folders
}

#[test]
fn every_case_holds() {
    let mut wrong = Vec::new();
    for folder in folders() {
        let found = play(&folder);
        if !found.is_empty() {
            wrong.push(format!("{}: {}", folder.display(), found.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A bot that plays a case, and what it has said.
struct Stage {
    folder: PathBuf,
    site: Site,
    chat: Chat,
    now: Timestamp,
    said: String,
    pushed: String,
    reports: Vec<PassSummary>,
}

/// What doesn't hold in a case.
fn play(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("case.json")).unwrap();
    let case: Value = serde_json::from_str(&text).unwrap();
    let site = Site::start();
    let config = config(&case["config"], &site);
    let mut stage = Stage {
        folder: folder.to_owned(),
        chat: Chat::with(&config),
        site,
        now: START.parse().unwrap(),
        said: String::new(),
        pushed: String::new(),
        reports: Vec::new(),
    };
    stage.chat.set_clock(stage.now);
    for step in case["steps"].as_array().unwrap() {
        stage.play(step);
    }
    // What a later chat would push is nobody's business.
    stage.chat.posted();
    expect::check(&case["expect"], &stage)
}

impl Stage {
    fn play(&mut self, step: &Value) {
        if let Some(at) = step["at"].as_str() {
            self.now = at.parse().unwrap();
            self.chat.set_clock(self.now);
        }
        for (path, served) in object(&step["serve"]) {
            self.site.set(path, self.reply(served));
        }
        for (name, file) in object(&step["put"]) {
            let bytes = fs::read(self.folder.join(file.as_str().unwrap())).unwrap();
            self.chat.drop_file(name, bytes);
        }
        if let Some(run) = step["run"].as_array() {
            let run: Vec<&str> = run.iter().map(|word| word.as_str().unwrap()).collect();
            self.run(&run);
        }
        if let Some(lines) = step["chat"].as_str() {
            self.chat.restart();
            self.chat.load();
            self.pushed = self.chat.posted();
            for line in lines.lines() {
                let answer = self.chat.say(line);
                self.said.push_str(&answer);
            }
        }
    }

    fn run(&mut self, words: &[&str]) {
        // Each command is a process of its own.
        self.chat.restart();
        match words {
            ["load"] | ["load", "--json"] => {
                self.reports = loaded(self.chat.app(), Recheck::Content);
            }
            ["import", file] => {
                let file = self.folder.join(file.trim_start_matches("file:"));
                let list = opml::read(fs::read(file).unwrap()).unwrap();
                for outline in list.outlines {
                    self.said
                        .push_str(&format!("{} {}\n", outline.name, outline.url));
                }
                self.said.push_str(&list.left_out.join("\n"));
            }
            other => panic!("nobody plays {other:?}"),
        }
    }

    fn reply(&self, served: &Value) -> Reply {
        let base = self.site.url("");
        let here = |text: &str| text.replace("{base}", &base);
        let mut headers: Vec<(&'static str, String)> = Vec::new();
        for (name, value) in object(&served["headers"]) {
            let name = HEADERS
                .iter()
                .find(|known| known.eq_ignore_ascii_case(name))
                .unwrap_or_else(|| panic!("add the header {name}"));
            headers.push((name, here(value.as_str().unwrap())));
        }
        let file = served["file"].as_str();
        let mut body = match file {
            Some(file) => fs::read(self.folder.join(file)).unwrap(),
            None => served["body"].as_str().unwrap_or_default().into(),
        };
        if let Ok(text) = std::str::from_utf8(&body)
            && text.contains("{base}")
        {
            body = here(text).into_bytes();
        }
        let is_typed = headers.iter().any(|(name, _)| *name == "content-type");
        if let Some(file) = file.filter(|_| !is_typed) {
            headers.push(("content-type", media_type(file).to_owned()));
        }
        if served["gzip"] == true {
            body = gzipped(&body);
        }
        let status = served["status"].as_u64().unwrap_or(200);
        Reply {
            status: u16::try_from(status).unwrap(),
            headers,
            body,
            wall: served["cookie"] == true,
        }
    }
}

const HEADERS: [&str; 9] = [
    "content-type",
    "cache-control",
    "content-encoding",
    "etag",
    "expires",
    "last-modified",
    "location",
    "retry-after",
    "date",
];

fn media_type(file: &str) -> &'static str {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("xml") => "application/xml",
        Some("html") => "text/html; charset=utf-8",
        Some("json") => "application/json",
        Some("txt") => "text/plain",
        Some("md") => "text/markdown",
        Some("eml") => "message/rfc822",
        Some("atom") => "application/atom+xml",
        Some("rss") => "application/rss+xml",
        _ => "application/octet-stream",
    }
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

fn object(value: &Value) -> Vec<(&String, &Value)> {
    value
        .as_object()
        .map_or_else(Vec::new, |object: &Map<String, Value>| {
            object.iter().collect()
        })
}

/// The defaults with what a case says, as configuration.
fn config(own: &Value, site: &Site) -> String {
    let mut config = json!({
        "store": {"path": "t.db"},
        "fetch": {"host_pause": "0s"},
        "section": [
            {"slug": "us-nk", "title": "US–North Korea relations",
             "headings": ["US-NK Relations", "U.S.- North Korea Relations"]},
            {"slug": "inter-korean", "title": "Inter-Korean relations", "headings": ["Inter-Korean Relations"]}
        ],
        "source": [{"name": "digests", "kind": "folder", "path": "digests"}]
    });
    for (name, value) in object(own) {
        match (config[name].as_object_mut(), value.as_object()) {
            (Some(table), Some(own)) => table.extend(own.clone()),
            _ => config[name] = value.clone(),
        }
    }
    for source in config["source"].as_array_mut().unwrap() {
        if source["kind"] != "folder" && source.get("allow_private").is_none() {
            source["allow_private"] = json!(["127.0.0.1"]);
        }
    }
    let mut text = String::new();
    for (name, value) in object(&config) {
        let tables = value.as_array().cloned();
        let heading = match &tables {
            Some(_) => format!("[[{name}]]\n"),
            None => format!("[{name}]\n"),
        };
        for table in tables.unwrap_or_else(|| vec![value.clone()]) {
            text.push_str(&heading);
            for (key, value) in object(&table) {
                text.push_str(&format!("{key} = {value}\n"));
            }
        }
    }
    text.replace("{base}", &site.url(""))
}
