//! Texts without the secrets that got into them: a server repeats what it was called with, an operator puts a token where
//! something else belongs.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use tidings_store::ServerUrl;

/// What stands in a secret's place.
const PLACE: &str = "[secret]";

/// What stands where a text was cut short.
const CUT: char = '…';

/// The shortest secret that is looked for: shorter ones are words.
const SHORTEST: usize = 8;

/// What looks like a token, wherever it comes from: Telegram's are a number, a colon and 35 letters
/// (<https://core.telegram.org/bots/features#creating-a-new-bot>), Discord's three pieces of base64 between points
/// (<https://docs.discord.com/developers/reference#authentication>). What was cut short has an ellipsis behind its beginning.
static TOKENS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        [0-9]{5,} (?: : | %3[Aa] ) (?: [A-Za-z0-9_-]{30,} | [A-Za-z0-9_-]+ … )
        | [A-Za-z0-9_-]{20,} \. (?:
            [A-Za-z0-9_-]{5,8} \. (?: [A-Za-z0-9_-]{25,} | [A-Za-z0-9_-]* … )
            | [A-Za-z0-9_-]{1,8} …
        )",
    )
    .ok()
});

/// Passwords in the addresses of databases, whoever wrote them: up to the last @, since an @ or a slash in a password is
/// often left as it is, and never beyond a quote, so that JSON stays JSON.
static PASSWORDS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r#"(?xi)
        (?<before> postgres(?:ql)?:// [^\s:@/?"]* : ) [^\s"]+ (?<behind> [@…] )
        | (?<name> postgres(?:ql)?:// [^\s"]* [?&]password= ) [^\s"&]+"#,
    )
    .ok()
});

/// What is secret about the address of a server. A password that is also a word of what everybody may see of it, as in
/// `postgres://postgres:postgres@…`, isn't looked for in texts: to take it out would tell it.
pub(super) fn password(url: &ServerUrl) -> Option<&str> {
    let password = url.password()?;
    (!url.to_string().contains(password)).then_some(password)
}

/// The secrets that no text may show.
#[derive(Clone, Default)]
pub struct Redaction {
    /// The longest first, so that a piece of one isn't taken out of it before it.
    secrets: Vec<String>,
}

impl Redaction {
    /// Of secrets, and of their second halves, which are what is secret about some.
    pub fn of<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Redaction {
        let mut all = Vec::new();
        for secret in secrets {
            let half = secret.split_once(':').map(|(_, half)| half);
            let quoted = secret.replace(':', "%3A");
            all.extend([secret, &quoted].into_iter().chain(half).map(str::to_owned));
        }
        all.retain(|secret| secret.len() >= SHORTEST);
        all.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        all.dedup();
        Redaction { secrets: all }
    }

    /// A text without the beginnings of secrets where it was cut short.
    fn without_beginnings(&self, text: &str) -> String {
        let mut pieces = text.split(CUT);
        let mut shown = pieces.next_back().unwrap_or_default().to_owned();
        for piece in pieces.rev() {
            let cut = self.secrets.iter().find_map(|secret| {
                let mut ends = secret.char_indices().rev().map(|(end, _)| end);
                let end = ends.find(|end| *end >= SHORTEST && piece.ends_with(&secret[..*end]))?;
                Some(piece.len() - end)
            });
            let kept = match cut {
                Some(cut) => format!("{}{PLACE}", &piece[..cut]),
                None => piece.to_owned(),
            };
            shown = format!("{kept}{CUT}{shown}");
        }
        shown
    }

    /// A text without them, and without what looks like a token.
    pub fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.secrets {
            if shown.contains(secret.as_str()) {
                shown = Cow::Owned(shown.replace(secret.as_str(), PLACE));
            }
        }
        if shown.contains(CUT) {
            shown = Cow::Owned(self.without_beginnings(&shown));
        }
        if let Some(passwords) = &*PASSWORDS
            && passwords.is_match(&shown)
        {
            let place = format!("${{before}}${{name}}{PLACE}${{behind}}");
            shown = Cow::Owned(passwords.replace_all(&shown, place).into_owned());
        }
        let Some(tokens) = &*TOKENS else {
            return shown;
        };
        if tokens.is_match(&shown) {
            return Cow::Owned(tokens.replace_all(&shown, PLACE).into_owned());
        }
        shown
    }
}

#[cfg(test)]
mod tests {
    use super::Redaction;

    #[test]
    fn passwords_of_databases_go() {
        let nothing = Redaction::default();
        for (text, shown) in [
            (
                "error: postgres://me:sesame@db/news is busy",
                "error: postgres://me:[secret]@db/news is busy",
            ),
            (
                "\"postgresql://me:s/e@same@db/news\",\"a@b\"",
                "\"postgresql://me:[secret]@db/news\",\"a@b\"",
            ),
            (
                "postgres://db/news?user=me&password=sesame&sslmode=require",
                "postgres://db/news?user=me&password=[secret]&sslmode=require",
            ),
            ("postgres://me:sesa…", "postgres://me:[secret]…"),
            ("Postgres://me:sesame@db", "Postgres://me:[secret]@db"),
        ] {
            assert_eq!(nothing.text(text), shown);
        }
        for text in [
            "postgres://me@db:5433,db2:5433/news?sslmode=require",
            "https://me:well-known@db/news",
        ] {
            assert_eq!(nothing.text(text), text);
        }
    }

    #[test]
    fn tokens_go_whoever_they_belong_to() {
        let telegram = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
        let discord = "MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.ZnCjm1XVW7vRze4b7Cq4se7kKWs-abc";
        let nothing = Redaction::default();
        for token in [
            telegram,
            discord,
            "110201543%3AAAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw",
        ] {
            for around in ["{}", "Bot {}", "/bot{}/getMe", "\"{}\",", "x={}&y", "{}."] {
                let text = around.replace("{}", token);
                let shown = nothing.text(&text);
                assert!(!shown.contains(&token[10..30]), "{shown}");
                assert!(shown.contains("[secret]"), "{shown}");
            }
        }
        // One that doesn't look like one, and its half alone.
        let known = Redaction::of(["42:hunter2hunter2"]);
        for text in [
            "it is 42:hunter2hunter2",
            "hunter2hunter2!",
            "42%3Ahunter2hunter2",
        ] {
            assert!(!known.text(text).contains("hunter2"), "{text}");
        }
        // What was cut short before it came here.
        for cut in 12..discord.len() {
            let said = format!("{}… isn't a time zone", &discord[..cut]);
            assert!(
                cut < 26 || !nothing.text(&said).contains(&discord[..20]),
                "{said}"
            );
            let said = Redaction::of([discord]).text(&said).into_owned();
            assert_eq!(said, "[secret]… isn't a time zone");
        }
        for cut in 12..telegram.len() {
            let said = format!("{}…", &telegram[..cut]);
            assert!(!nothing.text(&said).contains(&telegram[10..cut]), "{said}");
        }
        for text in [
            "2026-11-06T12:00:00Z INFO telegram:-100123/45 discord:197038439483310086",
            "https://news.example.org/2026/11/06/a-very-long-headline-with-many-words.html",
            "사용자 a.b.c 12:34",
            "",
        ] {
            assert_eq!(known.text(text), text);
        }
    }
}
