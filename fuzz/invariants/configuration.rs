//! A configuration: read, or refused with what is wrong where.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tidings::settings::{self, Settings};
use tidings_core::ids::FILES;

use super::world::folder;

/// Tokens, of which no message may show anything; `@1` and `@2` in a configuration stand for them.
const TOKENS: [&str; 2] = [
    "1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDfuzz",
    "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-fuz",
];

/// The file as it comes; what stands behind a NUL are variables, `NAME=value`, one a line.
pub(super) fn hold(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let text = text.replace("@1", TOKENS[0]).replace("@2", TOKENS[1]);
    let (file, variables) = text.split_once('\0').unwrap_or((&text, ""));
    let mut environment: BTreeMap<String, String> = variables
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    // A file that is named there could be any of this machine.
    environment.retain(|name, _| !name.ends_with("_FILE"));
    let tokens = ["TELEGRAM_TOKEN", "DISCORD_TOKEN"].into_iter().zip(TOKENS);
    for (name, token) in tokens {
        environment
            .entry(name.to_owned())
            .or_insert_with(|| token.to_owned());
    }
    let folder = folder();
    let path = folder.join("tidings.toml");
    // As it came, if it wasn't text.
    let written = if bytes.contains(&0) {
        file.as_bytes().to_vec()
    } else {
        bytes.to_vec()
    };
    let written = if text.len() == bytes.len() {
        written
    } else {
        file.as_bytes().to_vec()
    };
    fs::write(&path, written).expect("a folder that can be written");
    let read = || settings::load(Path::new("tidings.toml"), &environment, &folder);
    match read() {
        Ok(settings) => {
            sound(&settings);
            let debug = format!("{settings:?}");
            assert_eq!(debug, format!("{:?}", read().expect("it reads otherwise")));
            assert!(!shows_a_token(&debug) || shows_a_token(file), "{debug}");
        }
        Err(wrong) => {
            assert!(!wrong.problems().is_empty());
            for problem in wrong.problems() {
                let said = problem.to_string();
                let is_placed = said.starts_with("tidings.toml")
                    || environment
                        .keys()
                        .any(|name| said.starts_with(name.as_str()));
                assert!(is_placed, "nobody knows where: {said}");
                assert!(!said.contains('\n') && said.len() > 10, "{said}");
                let redaction = settings::Redaction::of_environment(&environment, &folder);
                assert!(!shows_a_token(&redaction.text(&said)), "{said}");
            }
            assert_eq!(Some(wrong), read().err(), "it is wrong otherwise");
        }
    }
}

fn shows_a_token(text: &str) -> bool {
    TOKENS.iter().any(|token| text.contains(&token[10..30]))
}

fn sound(settings: &Settings) {
    let mut slugs: Vec<_> = settings
        .sections
        .iter()
        .map(|section| &section.slug)
        .collect();
    slugs.sort_unstable();
    assert!(slugs.windows(2).all(|two| two[0] != two[1]), "{slugs:?}");
    let mut names: Vec<_> = settings.sources.iter().map(|source| &source.name).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|two| two[0] != two[1]), "{names:?}");
    for source in &settings.sources {
        assert!(
            source.poll.as_secs() >= 1 && source.poll <= source.poll_max,
            "{source:?}"
        );
        assert!(source.name != FILES && !source.name.trim().is_empty());
    }
    assert!(!settings.telegram.base().ends_with('/') && !settings.discord.base().ends_with('/'));
}
