//! A command as a value: what a line, options or a link ask for. Who may give it, what it acts on and who sees the answer
//! follow from its row of the table.

use std::borrow::Cow;
use std::fmt;

use super::arguments::unquote;
use super::command::CommandSpec;
use super::help::START;
use super::packed::pack;
use super::spec::{Changes, Who};
use super::{OF_MESSAGE, find, latest, named, read, search, settings, subscribe};
use tidings_core::bounds::LINE_LENGTH;
use tidings_core::ids::ItemId;
use tidings_core::language;

/// A command as it was given.
#[derive(Clone)]
pub struct Invocation {
    /// Its row of the table.
    pub spec: &'static CommandSpec,
    /// What stands behind its name.
    pub words: String,
}

/// Why a line is no command.
#[derive(Clone)]
pub enum Unparsed {
    /// It doesn't begin like one.
    Talk,
    /// There is none of this name.
    Unknown(String),
    /// Nobody types so much behind the name of this one.
    TooLong(&'static CommandSpec),
}

/// What links ask for, whose word stands behind an underscore: `sub_us-nk`.
const LINKS: [(&str, &CommandSpec); 3] = [
    ("latest", &latest::SPEC),
    ("read", &read::SPEC),
    ("sub", &subscribe::SPEC),
];

impl Invocation {
    /// A command with the words behind its name.
    pub fn new(spec: &'static CommandSpec, words: impl Into<String>) -> Invocation {
        let words = words.into();
        Invocation { spec, words }
    }

    /// What greets somebody who comes for the first time.
    pub fn greeting() -> Invocation {
        Invocation::new(&START, "")
    }

    /// A search of the archive.
    pub fn search(words: &str) -> Invocation {
        Invocation::new(&search::SPEC, words)
    }

    /// Sends a message's link to the editors.
    pub fn suggestion(link: &str) -> Invocation {
        Invocation::new(OF_MESSAGE, link)
    }

    /// Shows an item whole.
    pub fn read(item: i64) -> Invocation {
        Invocation::new(&read::SPEC, item.to_string())
    }

    /// Has a role mentioned above the channel's roundups; `mention` is how the platform writes it.
    pub fn set_role(mention: &str) -> Invocation {
        Invocation::new(&settings::SPEC, format!("{} {mention}", settings::ROLE))
    }

    /// Reads a line of chat: `/latest us-nk`, and also `/read_416`, of which a platform sends what can be tapped, and
    /// `/start sub_us-nk`, which a link makes of `/subscribe us-nk`.
    ///
    /// # Errors
    /// [`Unparsed`].
    pub fn parse(line: &str) -> Result<Invocation, Unparsed> {
        let line = line.trim();
        let command = line.strip_prefix('/').ok_or(Unparsed::Talk)?;
        let (name, rest) = command
            .split_once(char::is_whitespace)
            .unwrap_or((command, ""));
        let spec = named(name).ok_or_else(|| Unparsed::Unknown(name.to_owned()))?;
        if line.chars().nth(LINE_LENGTH.most).is_some() {
            return Err(Unparsed::TooLong(spec));
        }
        let folded = name.to_lowercase();
        let tail = folded[spec.name.len()..].trim_start_matches('_');
        let words = match tail {
            "" => rest.trim().to_owned(),
            tail => format!("{} {rest}", tail.replace('_', "-"))
                .trim()
                .to_owned(),
        };
        if spec.name == START.name
            && let Some((link, what)) = words.split_once('_')
            && let Some((_, spec)) = LINKS.iter().find(|(of, _)| *of == link)
        {
            // A section whose slug fits into no link is meant by its number; typed, that would be a count.
            let number = what.strip_prefix('-').unwrap_or_default();
            let is_number = number.parse::<u32>().is_ok();
            return Ok(Invocation::new(
                spec,
                match is_number {
                    true => format!("#-{number}"),
                    false => what.to_owned(),
                },
            ));
        }
        if spec.name == START.name && words == search::SPEC.name {
            return Ok(Invocation::search(""));
        }
        Ok(Invocation::new(spec, words))
    }

    /// The word behind which a link asks for items with their summaries.
    pub fn link_to(items: &[ItemId]) -> String {
        format!("{}_{}{}", read::SPEC.name, read::SEVERAL, pack(items))
    }

    /// The word behind which a link asks for words to search.
    pub fn link_to_search() -> &'static str {
        search::SPEC.name
    }

    /// A line of a chat with the bot alone, where a first word that is exactly a command's name is that command: with its
    /// slash.
    pub fn spelled_out(line: &str) -> Cow<'_, str> {
        let first = line.split_whitespace().next().unwrap_or_default();
        match find(&first.to_lowercase()) {
            Some(_) => Cow::Owned(format!("/{}", line.trim_start())),
            None => Cow::Borrowed(line),
        }
    }

    /// Whether it changes something, where a manager gives it, and not only asks: then it goes before questions, and is
    /// carried out however late it comes.
    pub fn is_change(&self) -> bool {
        match self.spec.changes {
            Changes::Never => false,
            Changes::With(least) => {
                self.spec.who == Who::Managers && self.words.split_whitespace().count() >= least
            }
        }
    }

    /// The role that it would have mentioned, as it was written.
    pub fn role(&self) -> Option<&str> {
        let (setting, value) = self.words.split_once(char::is_whitespace)?;
        let sets_role =
            self.spec.name == settings::SPEC.name && setting.eq_ignore_ascii_case(settings::ROLE);
        sets_role.then(|| value.trim())
    }

    /// Returns true if it has roundups discussed in threads.
    pub fn has_discussed(&self) -> bool {
        let set = self.words.split_once(char::is_whitespace);
        set.is_some_and(|(setting, value)| {
            self.spec.name == settings::SPEC.name
                && setting.eq_ignore_ascii_case(settings::DISCUSS)
                && language::switch(&unquote(value).to_lowercase()) == Some(true)
        })
    }

    /// The line where platforms send of a command what is tapped, up to the first space: `/read_416`.
    pub fn tappable(&self) -> String {
        self.to_string().replace(' ', "_")
    }

    /// The first of its words, and the same command without it.
    pub fn split_first(&self) -> Option<(&str, Invocation)> {
        let (first, rest) = self
            .words
            .split_once(char::is_whitespace)
            .unwrap_or((&self.words, ""));
        (!first.is_empty()).then(|| (first, Invocation::new(self.spec, rest.trim_start())))
    }
}

/// The line of chat that it stands for.
impl fmt::Display for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.spec.name)?;
        match self.words.as_str() {
            "" => Ok(()),
            words => write!(f, " {words}"),
        }
    }
}

impl fmt::Debug for Invocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl PartialEq for Invocation {
    fn eq(&self, other: &Invocation) -> bool {
        self.spec.name == other.spec.name && self.words == other.words
    }
}

impl Eq for Invocation {}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> String {
        match Invocation::parse(line) {
            Ok(invocation) => invocation.to_string(),
            Err(Unparsed::Talk) => "talk".to_owned(),
            Err(Unparsed::Unknown(name)) => format!("no {name}"),
            Err(Unparsed::TooLong(spec)) => format!("too long a {}", spec.name),
        }
    }

    #[test]
    fn a_line_is_a_row_and_words() {
        for (line, invocation) in [
            ("/latest us-nk 5", "/latest us-nk 5"),
            ("  /Latest\tUS-NK ", "/latest US-NK"),
            ("/read_416", "/read 416"),
            ("/settings_style summaries", "/settings style summaries"),
            ("/start", "/start"),
            ("/start sub_us-nk", "/subscribe us-nk"),
            ("/START latest_us-nk", "/latest us-nk"),
            ("/start read_416", "/read 416"),
            ("/start sub_-12", "/subscribe #-12"),
            ("/start read__GBb", "/read _GBb"),
            ("/start search", "/search"),
            ("/start of_old", "/start of_old"),
            ("latest", "talk"),
            ("", "talk"),
            ("/", "no "),
            ("/Nonsense us-nk", "no Nonsense"),
        ] {
            assert_eq!(parsed(line), invocation, "{line}");
        }
        let long = format!("/search {}", "x ".repeat(LINE_LENGTH.most));
        assert_eq!(parsed(&long), "too long a search");
    }

    #[test]
    fn in_a_private_chat_the_first_word_may_be_a_command() {
        for (line, spelled) in [
            ("latest us-nk", "/latest us-nk"),
            (" Latest\tUS-NK", "/Latest\tUS-NK"),
            ("help", "/help"),
            ("read 416", "/read 416"),
            ("/latest us-nk", "/latest us-nk"),
            ("read_416", "read_416"),
            ("latest: us-nk", "latest: us-nk"),
            ("the latest", "the latest"),
            ("latests", "latests"),
            ("", ""),
        ] {
            assert_eq!(Invocation::spelled_out(line), spelled, "{line}");
        }
    }

    #[test]
    fn questions_of_managers_are_no_changes() {
        let is_change = |line: &str| Invocation::parse(line).is_ok_and(|asked| asked.is_change());
        for line in [
            "/subscribe us-nk",
            "/Pause",
            "/pause until monday",
            "/forget yes",
            "/roundup",
            "/timezone Asia/Seoul",
            "/settings style summaries",
            "/settings_style summaries",
            "/start sub_us-nk",
        ] {
            assert!(is_change(line), "{line}");
        }
        for line in [
            "/latest",
            "/preview",
            "/timezone",
            "/settings",
            "/settings style",
            "/start",
            "/start latest_us-nk",
            "/nonsense",
            "",
        ] {
            assert!(!is_change(line), "{line}");
        }
    }

    #[test]
    fn a_role_is_known_however_it_is_set() {
        let role = |line: &str| {
            let asked = Invocation::parse(line).ok()?;
            asked.role().map(str::to_owned)
        };
        assert_eq!(role("/settings role <@&7>").as_deref(), Some("<@&7>"));
        assert_eq!(role("/settings ROLE  7").as_deref(), Some("7"));
        assert_eq!(role("/settings style compact"), None);
        assert_eq!(role("/search role 7"), None);
        let set = Invocation::set_role("<@&7>");
        assert_eq!(set.role(), Some("<@&7>"));
    }
}
