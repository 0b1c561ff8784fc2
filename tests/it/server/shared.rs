//! Who shares a store, as `status` and the metrics tell it.

use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::harness::CONFIG;
use crate::postgres::shared;
use crate::telegram::clockwork::beat;

/// For how long a process that is silent holds what it does.
pub(super) const LEASE: Duration = Duration::from_secs(3);

/// `tidings run`, until the test ends.
pub(super) struct Process {
    child: Child,
    log: std::path::PathBuf,
}

impl Process {
    /// Begins one; `name` tells its log and its configuration from others'.
    pub(super) fn begin(ground: &Ground, telegram: &FakeTelegram, name: &str) -> Process {
        Process::begin_with(ground, telegram, name, &[])
    }

    /// The same with more variables.
    pub(super) fn begin_with(
        ground: &Ground,
        telegram: &FakeTelegram,
        name: &str,
        more: &[(&str, String)],
    ) -> Process {
        let log = ground.at(&format!("{name}.log"));
        let child = ground
            .command(&["run", "--config", &format!("{name}.toml")])
            .envs(more.iter().map(|(name, value)| (name, value)))
            .env("TELEGRAM_TOKEN", telegram.token())
            .env("TIDINGS_TELEGRAM__API_URL", telegram.api_url())
            .env("TIDINGS_STORE__LEASE", format!("{}s", LEASE.as_secs()))
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Process { child, log }
    }

    pub(super) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    /// Waits until it has said something, and returns that line.
    pub(super) async fn says(&self, words: &str) -> String {
        for _ in 0..3_000 {
            let log = self.log();
            if let Some(line) = log.lines().find(|line| line.contains(words)) {
                return line.to_owned();
            }
            beat().await;
        }
        panic!("waited in vain for {words:?}: {}", self.log());
    }

    /// Asks for a page of its metrics and health: the status, and the text.
    pub(super) async fn get(&self, path: &str) -> (u16, String) {
        let line = self.says("metrics and health").await;
        let address = line.split("address=").nth(1).unwrap();
        let address = address.split_whitespace().next().unwrap();
        let answer = reqwest::get(format!("http://{address}{path}"))
            .await
            .unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A ground with configurations of several names; a source is in the folder `digests`.
pub(super) fn configured(ground: &Ground, names: &[(&str, &str)]) {
    fs::create_dir(ground.at("digests")).unwrap();
    let pace = "[telegram]\nrate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n[http]\nlisten = \"0\"\n";
    for (name, more) in names {
        let text = format!("{CONFIG}{pace}{more}");
        fs::write(ground.at(&format!("{name}.toml")), text).unwrap();
    }
}

pub(super) fn status(ground: &Ground) -> Value {
    let told = ground.command(&["status", "--json"]).output().unwrap();
    assert!(
        told.status.success(),
        "{}",
        String::from_utf8_lossy(&told.stderr)
    );
    serde_json::from_slice(&told.stdout).unwrap()
}

/// The duties of the processes, in the order in which these are told.
pub(super) fn duties(status: &Value) -> Vec<Vec<&str>> {
    let processes = status["sharing"]["processes"].as_array().unwrap().iter();
    processes
        .map(|process| {
            let duties = process["duties"].as_array().unwrap().iter();
            duties.map(|held| held["duty"].as_str().unwrap()).collect()
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_are_named_with_what_they_do() {
    let Some(server) = shared() else { return };
    let ground = Ground::on(server);
    configured(
        &ground,
        &[("tidings", ""), ("other", "[defaults]\nlocale = \"ko\"\n")],
    );
    let telegram = FakeTelegram::start();
    let first = Process::begin(&ground, &telegram, "tidings");
    telegram.wait_for_poll().await;
    let told = loop {
        let told = status(&ground);
        if duties(&told) == [["chat:telegram", "fetch:digests", "keep"]] {
            break told;
        }
        beat().await;
    };
    assert_eq!(told["sharing"]["clock_behind_seconds"], Value::Null);
    let name = told["sharing"]["processes"][0]["name"].as_str().unwrap();
    let text = ground.command(&["status"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(
        text.contains(&format!(
            "✓ process {name}: begun just now\n    chat:telegram: taken just now\n    fetch:digests: taken just now\n"
        )),
        "{text}"
    );
    let (_, metrics) = first.get("/metrics").await;
    for line in [
        &format!("tidings_process_behind{{process=\"{name}\"}} 0"),
        &format!("tidings_duty_taken_seconds{{duty=\"keep\",process=\"{name}\"}} 1"),
        "tidings_clock_behind_seconds",
    ] {
        assert!(metrics.contains(line), "{line}: {metrics}");
    }
    // With another configuration the second one loads sources, and the first one says so.
    let second = Process::begin(&ground, &telegram, "other");
    first
        .says("another process began with another configuration")
        .await;
    let told = loop {
        let told = status(&ground);
        if duties(&told) == [&["fetch:digests", "keep"][..], &["chat:telegram"]] {
            break told;
        }
        beat().await;
    };
    let behind = |at: usize| {
        told["sharing"]["processes"][at]["behind"]
            .as_bool()
            .unwrap()
    };
    assert_eq!((behind(0), behind(1)), (false, true));
    drop((first, second));
    // Who was killed is named until nobody believes in it any more.
    let told = ground.command(&["status"]).output().unwrap();
    assert!(
        String::from_utf8(told.stdout)
            .unwrap()
            .contains("✗ process")
    );
}
