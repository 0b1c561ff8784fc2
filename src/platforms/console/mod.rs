//! The console: a chat of one channel, `console:local`, on standard input and output.

mod render;
mod typed;

use std::io::{self, Write};

use parking_lot::Mutex;

pub use render::Screen;
pub use typed::Typed;

use crate::delivery::{Sending, Transport};
use crate::platforms::kit::PlatformSpec;
use tidings_core::delivery::{Outgoing, SendError, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::picture::{Run, Shown};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};

const NAME: &str = "console";

/// The row of [`super::ALL`].
pub const SPEC: PlatformSpec = PlatformSpec {
    name: NAME,
    token: None,
    connect: None,
};

/// Prints posts, one at a time.
pub struct Console {
    screen: Box<dyn Fn() -> Screen + Send + Sync>,
    /// Shown while a command is awaited; empty where nobody types.
    prompt: &'static str,
    /// Called when a command is awaited, where an editor shows the prompt.
    ready: Option<Box<dyn Fn() + Send + Sync>>,
    out: Mutex<Out>,
}

struct Out {
    write: Box<dyn Write + Send>,
    first: bool,
    prompted: bool,
}

impl Console {
    /// A console that prints to `out`. `screen` is asked anew for each post, since a terminal's width changes.
    pub fn new(
        out: Box<dyn Write + Send>,
        screen: Box<dyn Fn() -> Screen + Send + Sync>,
        prompt: &'static str,
    ) -> Console {
        Console {
            screen,
            prompt,
            ready: None,
            out: Mutex::new(Out {
                write: out,
                first: true,
                prompted: false,
            }),
        }
    }

    /// The same where an editor shows the prompt whenever `ready` is called, and `out` prints above what is typed.
    #[must_use]
    pub fn edited(self, ready: Box<dyn Fn() + Send + Sync>) -> Console {
        Console {
            ready: Some(ready),
            ..self
        }
    }

    /// The console's only channel.
    ///
    /// # Panics
    /// Never: the key is a constant.
    pub fn channel() -> ChannelKey {
        #[expect(
            clippy::unwrap_used,
            reason = "a constant, covered by every console test"
        )]
        ChannelKey::new(NAME, "local").unwrap()
    }

    /// Prints a post.
    ///
    /// # Errors
    /// What the system says; a closed pipe among others.
    pub fn print(&self, post: &Post) -> io::Result<()> {
        let text = (self.screen)().show(post);
        let mut out = self.out.lock();
        if self.ready.is_some() {
            writeln!(out.write, "{text}")?;
            return out.write.flush();
        }
        if out.prompted {
            // Over the prompt, which is shown again below.
            write!(out.write, "\r\x1b[K")?;
        } else if !out.first && self.prompt.is_empty() {
            writeln!(out.write)?;
        }
        out.first = false;
        write!(out.write, "{text}")?;
        if !self.prompt.is_empty() {
            writeln!(out.write)?;
        }
        if out.prompted {
            write!(out.write, "{}", self.prompt)?;
        }
        out.write.flush()
    }

    /// Shows that a command is awaited.
    ///
    /// # Errors
    /// What the system says.
    pub fn prompt(&self) -> io::Result<()> {
        if let Some(ready) = &self.ready {
            ready();
            return Ok(());
        }
        if self.prompt.is_empty() {
            return Ok(());
        }
        let mut out = self.out.lock();
        write!(out.write, "{}", self.prompt)?;
        out.prompted = true;
        out.write.flush()
    }

    /// Notes that a line was typed: what is printed next begins below it.
    pub fn typed(&self) {
        self.out.lock().prompted = false;
    }
}

impl ChatPlatform for Console {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, post: &Post, _manner: &DeliveryOptions) -> Vec<String> {
        // The width that counts is the one at the time of printing, so the wire holds the post itself.
        serde_json::to_string(post).into_iter().collect()
    }

    fn picture(&self, wire: &str) -> Option<Vec<Shown>> {
        let post: Post = serde_json::from_str(wire).ok()?;
        let screen = Screen {
            width: None,
            colour: false,
        };
        let text = screen.show(&post).trim_end().to_owned();
        Some(vec![Shown::Text(vec![Run::plain(text)])])
    }

    fn is_managed_by_all(&self) -> bool {
        true
    }

    fn heeds(&self, setting: &str, _note: Option<&str>) -> bool {
        matches!(setting, "style" | "locale" | "cap" | "duplicates")
    }
}

impl Transport for Console {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(async move {
            let post: Post = serde_json::from_str(&message.wire).map_err(|error| {
                SendError::Rejected(format!("the stored post is broken: {error}"))
            })?;
            self.print(&post)
                .map_err(|error| SendError::Transient(error.to_string()))?;
            Ok(Sent::default())
        })
    }
}

#[cfg(test)]
mod tests {
    use tidings_core::post::Post;

    /// As version 0.1.0 wrote it: parts that wait are still to be printed after an update.
    const STORED: &str = r#"{"blocks":[{"title":{"text":"Roundup","note":"5 of 27"}},{"name":"Roundup"},{"section":{"title":"Japan","slug":"japan","note":"1 headline"}},{"line":[{"text":"next: "},{"bold":"us-nk"},{"moment":{"at":"2026-11-06T12:00:00Z","text":"noon"}}]},{"paragraph":"Words."},{"link":"https://news.example/1"},{"entry":{"id":7,"date":"6 Nov 2026","title":"Ferries sail","link":null,"summary":"On time.","cut":false,"section":null}},{"row":{"name":"us-nk","text":"US-NK","details":["4 items"]}},{"hints":[[{"text":"/sections"}]]},{"offers":[{"label":"Read summaries","deed":"summaries"},{"label":"Search","deed":"search"}]}]}"#;

    /// As it has been since entries have pictures.
    const PICTURED: &str = r#"{"blocks":[{"entry":{"id":7,"date":null,"title":"Ferries sail","link":null,"picture":"https://cdn.example/7.jpg","summary":null,"cut":false,"section":null}}]}"#;

    #[test]
    fn a_post_of_an_older_version_is_read_and_written_as_it_was() {
        for stored in [STORED, PICTURED] {
            let post: Post = serde_json::from_str(stored).unwrap();
            assert_eq!(serde_json::to_string(&post).unwrap(), stored);
        }
    }
}
