//! Chats on a terminal: the line that is edited, remembered and completed, and what appears above it.

use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::process::Child;
use std::sync::{Arc, Mutex};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

use super::super::{Shell, ended, signal, until};
use crate::harness::page;

/// A terminal with a chat on it, and somebody who types and reads.
struct Terminal {
    keys: File,
    shown: Arc<Mutex<String>>,
    line: OwnedFd,
    chat: Child,
}

impl Terminal {
    fn new(shell: &Shell, arguments: &[&str]) -> Terminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let theirs = open(
            ptsname(&ours, Vec::new()).unwrap(),
            OFlags::RDWR | OFlags::NOCTTY,
            Mode::empty(),
        )
        .unwrap();
        let size = Winsize {
            ws_row: 24,
            ws_col: 80,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(&theirs, size).unwrap();
        let end = || theirs.try_clone().unwrap();
        let mut command = shell.command(arguments);
        command.env("TERM", "xterm").env("NO_COLOR", "1");
        let chat = command
            .stdin(end())
            .stdout(end())
            .stderr(end())
            .spawn()
            .unwrap();
        drop(command);
        let shown = Arc::new(Mutex::new(String::new()));
        let mut screen = File::from(ours.try_clone().unwrap());
        let seen = shown.clone();
        std::thread::spawn(move || {
            let mut bytes = [0; 1024];
            let mut text = Vec::new();
            while let Ok(count @ 1..) = screen.read(&mut bytes) {
                text.extend_from_slice(&bytes[..count]);
                *seen.lock().unwrap() = String::from_utf8_lossy(&text).into_owned();
            }
        });
        Terminal {
            keys: File::from(ours),
            shown,
            line: theirs,
            chat,
        }
    }

    /// Types, and waits until one text after the other has been shown since.
    #[track_caller]
    fn types(&mut self, keys: &str, then: &[&str]) {
        let before = self.shown.lock().unwrap().len();
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.shows(before, then);
    }

    #[track_caller]
    fn shows(&self, from: usize, texts: &[&str]) {
        until(&format!("{texts:?}"), || {
            let shown = self.shown.lock().unwrap();
            let mut rest = &shown[from..];
            for text in texts {
                rest = &rest[rest.find(text)? + text.len()..];
            }
            Some(())
        });
    }

    fn is_cooked(&self) -> bool {
        let modes = tcgetattr(&self.line).unwrap().local_modes;
        modes.contains(LocalModes::ICANON | LocalModes::ECHO)
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // A test that failed leaves nobody behind; one that has ended already is none the worse.
        let _ = self.chat.kill();
        let _ = self.chat.wait();
    }
}

#[test]
fn a_line_is_edited_completed_and_remembered() {
    let shell = Shell::with_pages();
    let mut terminal = Terminal::new(&shell, &["chat"]);
    terminal.shows(0, &["4 items in 4 sections", "> "]);
    assert!(!terminal.shown.lock().unwrap().contains("INFO"));
    terminal.types(
        "/sub\t",
        &[
            "/subscri",
            "/subscribe",
            "/subscriptions",
            "what this channel follows",
            "> ",
        ],
    );
    terminal.types("be jap\t", &["japan"]);
    terminal.types(
        "inst\t\r",
        &["instant", "\n", "now follows Japan, instant", "> "],
    );
    // Up, to the beginning, and on with another word.
    terminal.types("\x1b[A", &["/subscribe japan instant"]);
    terminal.types("\x15/latest 일본\x7f\x7fjapan\r", &["Squid counted", "> "]);
    terminal.types("\x04", &["\n"]);
    assert_eq!(ended(&mut terminal.chat).code(), Some(0));
    assert!(terminal.is_cooked());
}

#[test]
fn news_appears_above_the_line() {
    let shell = Shell::with_pages();
    let mut terminal = Terminal::new(&shell, &["chat"]);
    terminal.shows(0, &["> "]);
    terminal.types("/subscribe all instant\r", &["now follows", "> "]);
    terminal.types("/search door", &["/search door"]);
    let before = terminal.shown.lock().unwrap().len();
    shell.write(
        "digests/2026-11-06.txt",
        page("# US-NK Relations\nDoor plate polished | It shines.\nEnvoys rest | They do."),
    );
    terminal.shows(before, &["Door plate polished", "\n", "> /search door"]);
    terminal.types("r\r", &["Nothing found for “doorr”", "> "]);
    terminal.types("/lat", &["/lat"]);
    signal(&terminal.chat, "-TERM");
    assert_eq!(ended(&mut terminal.chat).code(), Some(0));
    assert!(
        terminal.is_cooked(),
        "the terminal is itself again, though somebody was typing"
    );
}

#[test]
fn what_is_wrong_is_said_above_the_line_and_the_rest_on_request() {
    let shell = Shell::with_pages();
    shell.write("digests/2026-11-03.txt", "one block\n");
    let mut terminal = Terminal::new(&shell, &["chat"]);
    terminal.shows(0, &["WARN", "2026-11-03.txt", "> "]);
    assert!(!terminal.shown.lock().unwrap().contains("INFO"));
    terminal.types("\x03", &["\n"]);
    assert_eq!(ended(&mut terminal.chat).code(), Some(0));
    let mut terminal = Terminal::new(&shell, &["chat", "-v"]);
    terminal.shows(0, &["INFO", "tidings", "> "]);
    terminal.types("\x04", &["\n"]);
    assert_eq!(ended(&mut terminal.chat).code(), Some(0));
}
