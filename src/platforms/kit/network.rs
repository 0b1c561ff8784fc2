//! The network as every platform's own client has it: requests go where they are meant to and nowhere else, and a
//! failure says whether anything was sent.

use std::error::Error;
use std::time::Duration;

use super::Broken;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Why no answer came.
pub(in crate::platforms) enum Failure {
    /// The server couldn't be reached; nothing was sent.
    NoConnection(String),
    /// The request was written, and no answer came that can be read.
    NoAnswer(String),
}

/// A client for the platform of this name, that calls itself `agent`.
pub(in crate::platforms) fn client(title: &str, agent: &str) -> Result<reqwest::Client, Broken> {
    reqwest::Client::builder()
        .connect_timeout(CONNECT)
        // Requests go to the configured server and nowhere else.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .tcp_nodelay(true)
        .user_agent(agent)
        .build()
        .map_err(|error| Broken(format!("the client for {title} can't be made: {error}")))
}

/// What an error of the client means, in the words of its innermost cause.
pub(in crate::platforms) fn failure(error: reqwest::Error) -> Failure {
    let never_sent = error.is_connect() || error.is_builder();
    let timed_out = error.is_timeout();
    // Addresses hold tokens: the bot's own, or an interaction's.
    let error = error.without_url();
    let mut words = String::new();
    let mut source: Option<&dyn Error> = error.source();
    while let Some(cause) = source {
        words = cause.to_string();
        source = cause.source();
    }
    if words.is_empty() {
        words = error.to_string();
    }
    if timed_out {
        words = "it took too long".to_owned();
    }
    if never_sent {
        Failure::NoConnection(words)
    } else {
        Failure::NoAnswer(words)
    }
}
