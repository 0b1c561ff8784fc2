//! The platforms' tokens, from the environment or the files that it names.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use tidings_store::ServerUrl;

use super::environment::garbled;
use super::problems::{self, Problems, Spot, cause};
use super::redaction::{Redaction, password};

/// A text that is never printed, neither by `Debug` nor by `Display`.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// The secret itself, for the one place that sends it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// The variables that hold the platforms' tokens; each has a twin, `…_FILE`, that names a file instead.
const TOKENS: [&str; 2] = ["DISCORD_TOKEN", "TELEGRAM_TOKEN"];

/// Holds the address of the store with its password.
pub(super) const STORE_URL: &str = "STORE_URL";

/// Holds the address of the store that `tidings copy` fills.
pub(super) const COPY_URL: &str = "COPY_URL";

/// The variables that hold addresses with passwords; each has a twin as well.
const URLS: [&str; 2] = [STORE_URL, COPY_URL];

/// The platforms' tokens, by the variables that hold them. A platform without one doesn't run.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    tokens: BTreeMap<&'static str, Secret>,
    /// Variables whose files, of tokens or of the store's address, everybody on the machine can read.
    exposed: Vec<String>,
}

impl Tokens {
    /// The token from a variable such as `TELEGRAM_TOKEN`, or from the file that `TELEGRAM_TOKEN_FILE` names.
    pub fn get(&self, variable: &str) -> Option<&Secret> {
        self.tokens.get(variable)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.tokens.values().map(Secret::expose)
    }

    /// What an operator may want to mend about them.
    pub fn warnings(&self) -> impl Iterator<Item = String> {
        self.exposed.iter().map(|variable| {
            format!("the file that {variable} names can be read by everybody on this machine; restrict it with chmod 600")
        })
    }
}

pub(super) fn tokens(
    environment: &BTreeMap<String, String>,
    current_dir: &Path,
    problems: &mut Problems,
) -> Tokens {
    let mut tokens = BTreeMap::new();
    let mut exposed = Vec::new();
    for name in TOKENS.into_iter().chain([STORE_URL]) {
        let named = format!("{name}_FILE");
        let file = environment
            .get(&named)
            .map(|path| current_dir.join(path.trim()));
        let is_exposed = |file: &Path| {
            let about = fs::metadata(file);
            about.is_ok_and(|about| about.is_file() && about.mode() & 0o004 != 0)
        };
        if file.is_some_and(|file| is_exposed(&file)) {
            exposed.push(named);
        }
    }
    for name in TOKENS {
        match secret(name, "token", environment, current_dir) {
            Ok(Some((_, token))) => {
                tokens.insert(name, token);
            }
            Ok(None) => {}
            Err((variable, reason)) => problems.error(&Spot::Variable(variable), &reason),
        }
    }
    Tokens { tokens, exposed }
}

/// What a variable holds, or the file that its twin names, with the one of the two that has it; `what` it is, messages say.
///
/// An error is the variable and the reason, which shows neither its value nor the file's text: whoever
/// mixes up the two variables has put the secret where the path should be.
pub(super) fn secret(
    name: &str,
    what: &str,
    environment: &BTreeMap<String, String>,
    current_dir: &Path,
) -> Result<Option<(String, Secret)>, (String, String)> {
    // `TOKEN=` in a compose or env file is how a variable is left out there.
    let set = |name: &str| {
        let value = environment.get(name).map(|value| value.trim());
        value.filter(|value| !value.is_empty())
    };
    let named = format!("{name}_FILE");
    for variable in [name, &named] {
        if let Some(reason) = set(variable).and_then(garbled) {
            return Err((variable.to_owned(), format!("its value {reason}")));
        }
    }
    let (variable, secret) = match (set(name), set(&named)) {
        (None, None) => return Ok(None),
        (Some(_), Some(_)) => {
            let reason = format!("{named} is set as well. Keep one of the two.");
            return Err((name.to_owned(), reason));
        }
        (Some(secret), None) => (name.to_owned(), secret.to_owned()),
        (None, Some(path)) => match read_text(&current_dir.join(path)) {
            Ok(text) if text.trim().is_empty() => {
                let reason = format!("the file it names is empty. Put the {what} into it.");
                return Err((named, reason));
            }
            Ok(text) => (named, text.trim().to_owned()),
            Err(error) => {
                let reason = format!(
                    "the file it names can't be used: {}. It has to hold a path, not the {what} itself.",
                    cause(&error)
                );
                return Err((named, reason));
            }
        },
    };
    if secret.contains(|c: char| c.is_whitespace() || c.is_control()) {
        let reason = format!("the {what} has a space or line break inside. Give the {what} alone.");
        return Err((variable, reason));
    }
    Ok(Some((variable, Secret(secret))))
}

fn read_text(file: &Path) -> io::Result<String> {
    let bytes = problems::read(file)?;
    String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
}

impl Redaction {
    /// Of the tokens and addresses that the environment sets, whatever else is wrong with the configuration.
    pub fn of_environment(environment: &BTreeMap<String, String>, current_dir: &Path) -> Redaction {
        let mut ignored = Problems::new(Path::new(""), Redaction::default());
        let tokens = tokens(environment, current_dir, &mut ignored);
        let set = environment
            .iter()
            .filter(|(name, _)| name.ends_with("_TOKEN"));
        let set = set.map(|(_, value)| value.trim());
        let addresses = URLS
            .map(|name| secret(name, "address", environment, current_dir))
            .into_iter()
            .filter_map(|found| Some(found.ok()??.1.expose().to_owned()));
        let passwords: Vec<String> = addresses
            .filter_map(|address| match ServerUrl::parse(&address, current_dir) {
                Ok(url) => password(&url).map(str::to_owned),
                // Whatever it is, it was meant to hold one.
                Err(_) => Some(address),
            })
            .collect();
        let passwords = passwords.iter().map(String::as_str);
        Redaction::of(set.chain(tokens.all()).chain(passwords))
    }
}
