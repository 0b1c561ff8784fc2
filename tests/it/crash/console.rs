//! The crash test of the console: what it has printed is counted, whatever became of the program that printed it.

use std::fs::{self, File};
use std::process::{Child, Stdio};
use std::time::Duration;

use crate::fakes::clock::{Dice, pause};
use crate::ground::Ground;
use crate::harness::{CONFIG, page};

/// Kills, each of which may repeat what was being printed.
const KILLS: usize = 6;

struct Desk {
    ground: Ground,
}

impl Desk {
    fn chat(&self, stdin: Stdio) -> Child {
        let open = |name: &str| {
            let path = self.ground.at(name);
            File::options()
                .create(true)
                .append(true)
                .open(path)
                .unwrap()
        };
        self.ground
            .command(&["chat"])
            .stdin(stdin)
            .stdout(open("printed"))
            .stderr(open("log"))
            .spawn()
            .unwrap()
    }

    /// Says one thing, and waits for the end.
    fn say(&self, line: &str) {
        let file = self.ground.at("said");
        fs::write(&file, format!("{line}\n")).unwrap();
        let mut chat = self.chat(File::open(file).unwrap().into());
        assert!(chat.wait().unwrap().success());
    }

    fn write(&self, number: usize) {
        let path = self.ground.path();
        let name = format!("2026-11-06-{number:02}.txt");
        let text = format!("# Japan\nSquid {number:02} of many | There are many.");
        fs::write(path.join(&name), page(&text)).unwrap();
        fs::rename(path.join(&name), path.join("digests").join(&name)).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_console_that_is_killed_loses_nothing() {
    let ground = Ground::new();
    fs::create_dir(ground.at("digests")).unwrap();
    fs::write(ground.at("tidings.toml"), CONFIG).unwrap();
    let desk = Desk { ground };
    desk.say("/subscribe all instant");
    let mut dice = Dice::new(20_261_108);
    for number in 0..KILLS {
        desk.write(number * 2);
        // Its input stays open: it is in the middle of a conversation.
        let mut chat = desk.chat(Stdio::piped());
        pause(dice.between(Duration::ZERO, Duration::from_millis(1_600))).await;
        desk.write(number * 2 + 1);
        pause(dice.between(Duration::ZERO, Duration::from_millis(800))).await;
        chat.kill().unwrap();
        chat.wait().unwrap();
        desk.ground.is_let_go();
    }
    // Files have to be at rest before they are loaded.
    pause(Duration::from_millis(300)).await;
    desk.say("/status");
    let printed = fs::read_to_string(desk.ground.at("printed")).unwrap();
    let log = fs::read_to_string(desk.ground.at("log")).unwrap();
    for number in 0..KILLS * 2 {
        let copies = printed
            .matches(&format!("Squid {number:02} of many"))
            .count();
        assert!(
            (1..=1 + KILLS).contains(&copies),
            "{number}: {copies}\n{printed}\n{log}"
        );
    }
    let copies = printed.matches(" of many").count();
    // A kill meets at most the one post that is being printed.
    assert!(copies <= KILLS * 2 + KILLS * 2, "{copies}\n{printed}");
}
