//! The real program as a process of its own, run against a fake Telegram.

use std::fs::{self, File};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use super::clockwork::seen;
use crate::fakes::telegram::FakeTelegram;
use crate::ground::Ground;
use crate::harness::{CONFIG, page};

const FAST: &str = "[telegram]\nrate = \"off\"\nchat_rate = \"off\"\ngroup_rate = \"off\"\n";

/// A folder with a configuration and an archive.
pub(crate) struct Shell {
    ground: Ground,
}

/// `tidings run`, until it ends or the test does.
pub(crate) struct Process {
    child: Child,
    log: std::path::PathBuf,
}

impl Shell {
    pub(crate) fn new() -> Shell {
        let ground = Ground::new();
        fs::write(ground.at("tidings.toml"), format!("{CONFIG}{FAST}")).unwrap();
        fs::create_dir(ground.at("digests")).unwrap();
        let shell = Shell { ground };
        shell.write(
            "2026-11-05.txt",
            "# US-NK Relations\nDoor plate made | It is brass.\nEnvoys met | In Geneva.",
        );
        // What comes from now on is news, however soon it comes.
        assert!(shell.call(&["load"]).status.success());
        shell
    }

    /// Puts a document into the source's folder.
    pub(crate) fn write(&self, name: &str, lines: &str) {
        let path = self.ground.path();
        // It appears whole, as the bot watches the folder.
        fs::write(path.join(name), page(lines)).unwrap();
        fs::rename(path.join(name), path.join("digests").join(name)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.ground.command(arguments);
        // Nothing may go there.
        command
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9");
        command
    }

    /// Starts the bot with everything logged.
    pub(crate) fn start(
        &self,
        token: &str,
        api_url: &str,
        environment: &[(&str, &str)],
    ) -> Process {
        let log = self.ground.path().join("log");
        let child = self
            .command(&["-vv", "run"])
            .env("TELEGRAM_TOKEN", token)
            .env("TIDINGS_TELEGRAM__API_URL", api_url)
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        Process { child, log }
    }

    /// Starts the bot with the right token, and waits until it listens.
    pub(crate) async fn listen(&self, telegram: &FakeTelegram) -> Process {
        let process = self.start(telegram.token(), &telegram.api_url(), &[]);
        telegram.wait_for_poll().await;
        process
    }

    /// Calls the program beside the running one.
    pub(crate) fn call(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }
}

impl Process {
    pub(crate) fn log(&self) -> String {
        String::from_utf8_lossy(&fs::read(&self.log).unwrap()).into_owned()
    }

    pub(crate) async fn wait_for_log(&self, words: &str) {
        seen(&format!("“{words}” in the log"), || {
            self.log().contains(words).then_some(())
        })
        .await;
    }

    pub(crate) async fn ended(&mut self) -> ExitStatus {
        seen("the end of the process", || self.child.try_wait().unwrap()).await
    }

    /// Asks it to end, as a service manager does.
    pub(crate) async fn terminate(&mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &id]).status().unwrap();
        assert!(sent.success());
        self.ended().await
    }

    /// Ends it in the middle of whatever it does.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
