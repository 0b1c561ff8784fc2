//! Signing in to the dashboard: links that work once, and the sessions that they begin. Whoever makes a link (the command
//! line, a button in chat) and whoever opens it (the web) may be two processes, so both stand in the store; as hashes, so that
//! who reads the store can't sign in.

use std::fmt::{self, Write};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use tidings_core::ids::ChannelKey;
use tidings_store::{DeedKind, NewDeed, OPERATOR, ReadTx, StoreError, WriteTx};

/// How long a link works.
pub const LINK_WORKS: SignedDuration = SignedDuration::from_mins(10);

/// How long a session lasts without being used.
pub const IDLE: SignedDuration = SignedDuration::from_hours(12);

/// So long it is known that a link was used, or is old.
const LINK_KNOWN: SignedDuration = SignedDuration::from_hours(48);

/// How exactly it is known when a session was used last: not every page is worth a write.
const SEEN: SignedDuration = SignedDuration::from_mins(1);

/// Random bytes of a secret: nobody guesses 256 bits.
const BYTES: usize = 32;

/// Somebody who can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Person {
    /// Whoever runs the bot.
    Operator,
    /// An editor, by the channel that the configuration names.
    Editor(ChannelKey),
}

impl Person {
    fn parse(text: String) -> Result<Person, StoreError> {
        if text == OPERATOR {
            return Ok(Person::Operator);
        }
        let editor = text.parse().map(Person::Editor);
        editor.map_err(|_| StoreError::unexpected("somebody who is signed in", text))
    }
}

/// As deeds name them.
impl fmt::Display for Person {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Person::Operator => f.write_str(OPERATOR),
            Person::Editor(editor) => editor.fmt(f),
        }
    }
}

/// What only its bearer knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// A new one.
    ///
    /// # Errors
    /// The system has no randomness.
    pub fn new() -> Result<Secret, getrandom::Error> {
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(Secret(hex(&bytes)))
    }

    /// One that somebody shows; `None` if it can't be one.
    pub fn shown(text: &str) -> Option<Secret> {
        let is_one = text.len() == 2 * BYTES
            && text
                .bytes()
                .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        is_one.then(|| Secret(text.to_owned()))
    }

    /// The text that its bearer shows.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What forms of its session carry against forgery: whoever doesn't know the secret can't work it out, and the secret
    /// can't be worked out from it.
    pub fn form_token(&self) -> String {
        self.hash("form")
    }

    /// Returns true if a form's token is the one of this session.
    pub fn has_form_token(&self, token: &str) -> bool {
        // What is compared are hashes of both, so that how long it takes tells nothing.
        let hashed = |text: &str| Sha256::digest(text.as_bytes());
        hashed(&self.form_token()) == hashed(token)
    }

    fn hash(&self, what_for: &str) -> String {
        let mut hasher = Sha256::new();
        hasher.update(what_for.as_bytes());
        hasher.update(b" ");
        hasher.update(self.0.as_bytes());
        hex(&hasher.finalize())
    }

    fn of_link(&self) -> String {
        self.hash("link")
    }

    fn of_session(&self) -> String {
        self.hash("session")
    }
}

/// Secrets don't get into logs.
impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // Writing into a text never fails.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The path of a link.
pub const LINK_PATH: &str = "/dashboard/sign-in/";

/// Makes a link that signs somebody in; `base` is where people see the pages, without a slash at its end.
pub fn make_link(
    db: &WriteTx<'_>,
    base: &str,
    secret: &Secret,
    person: &Person,
    now: Timestamp,
) -> Result<String, StoreError> {
    db.add_sign_in(&secret.of_link(), &person.to_string(), now)?;
    Ok(format!("{base}{LINK_PATH}{}", secret.text()))
}

/// What a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// It signs somebody in.
    Right(Person),
    /// It was used.
    Used,
    /// Its time is over.
    Old,
    /// Nobody made it, or it was ended.
    Wrong,
}

/// What a link is. Looking changes nothing.
pub fn look_at(db: &ReadTx<'_>, secret: &Secret, now: Timestamp) -> Result<Link, StoreError> {
    let Some(link) = db.sign_in(&secret.of_link())? else {
        return Ok(Link::Wrong);
    };
    let age = now.duration_since(link.made_at);
    if link.used_at.is_some() {
        Ok(Link::Used)
    } else if age >= LINK_WORKS || age < -LINK_WORKS {
        Ok(Link::Old)
    } else {
        Person::parse(link.person).map(Link::Right)
    }
}

/// Spends a link and begins a session with a secret that nobody has known before; what the link was is returned.
pub fn sign_in(
    db: &WriteTx<'_>,
    link: &Secret,
    session: &Secret,
    now: Timestamp,
) -> Result<Link, StoreError> {
    let found = look_at(db, link, now)?;
    if let Link::Right(person) = &found {
        if !db.use_sign_in(&link.of_link(), now)? {
            return Ok(Link::Used);
        }
        db.add_session(&session.of_session(), &person.to_string(), now)?;
    }
    Ok(found)
}

/// Somebody who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// Who they are.
    pub person: Person,
    /// Whether it is to be noted that they were seen.
    pub is_to_be_seen: bool,
}

/// Who is signed in with a session's secret; `None` if its session is over. Whether an editor is one still isn't looked at.
pub fn signed_in(
    db: &ReadTx<'_>,
    secret: &Secret,
    now: Timestamp,
) -> Result<Option<SignedIn>, StoreError> {
    let Some(session) = db.session(&secret.of_session())? else {
        return Ok(None);
    };
    let idle = now.duration_since(session.seen_at);
    if idle >= IDLE {
        return Ok(None);
    }
    Ok(Some(SignedIn {
        person: Person::parse(session.person)?,
        is_to_be_seen: idle >= SEEN,
    }))
}

/// Notes that somebody who is signed in was seen.
pub fn seen(db: &WriteTx<'_>, secret: &Secret, now: Timestamp) -> Result<(), StoreError> {
    db.session_seen(&secret.of_session(), now)
}

/// Ends a session.
pub fn sign_out(db: &WriteTx<'_>, secret: &Secret) -> Result<(), StoreError> {
    db.end_session(&secret.of_session())
}

/// Ends all sessions, and all links that weren't used; that is kept as a deed. Returns how many sessions that were.
pub fn sign_all_out(db: &WriteTx<'_>, by: &str, now: Timestamp) -> Result<usize, StoreError> {
    let ended = db.end_sessions()?;
    let deed = NewDeed {
        by,
        kind: DeedKind::SignOut,
        ..NewDeed::PLAIN
    };
    db.record_deed(&deed, now)?;
    Ok(ended)
}

/// The moments before which links and sessions are forgotten.
pub fn old_before(now: Timestamp) -> (Timestamp, Timestamp) {
    let before = |time| now.checked_sub(time).unwrap_or(Timestamp::MIN);
    (before(LINK_KNOWN), before(IDLE))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_shown_as_it_is_and_only_as_it_is() {
        let secret = Secret::new().unwrap();
        assert_eq!(Secret::shown(secret.text()), Some(secret.clone()));
        assert_eq!(Secret::shown(&secret.text()[1..]), None);
        assert_eq!(Secret::shown(&secret.text().replace(|_| true, "G")), None);
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn a_form_token_is_of_one_session_alone() {
        let (one, other) = (Secret::new().unwrap(), Secret::new().unwrap());
        assert!(one.has_form_token(&one.form_token()));
        assert!(!one.has_form_token(&other.form_token()));
        assert!(!one.has_form_token(""));
        assert_ne!(one.form_token(), one.of_session());
        assert_ne!(one.of_link(), one.of_session());
    }
}
