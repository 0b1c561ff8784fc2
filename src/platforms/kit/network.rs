//! The network as every platform's own client has it: requests go where they are meant to and nowhere else, and a
//! failure says whether anything was sent.

use std::error::Error;
use std::time::Duration;

use super::Broken;
use tidings_core::bounds::WAIT;

/// How long connecting may take.
const CONNECT: Duration = Duration::from_secs(10);

/// Why no answer came.
pub enum Failure {
    /// The server couldn't be reached; nothing was sent.
    NoConnection(String),
    /// The request was written, and no answer came that can be read.
    NoAnswer(String),
}

/// A client for the platform of this name, that calls itself `agent`.
pub fn client(title: &str, agent: &str) -> Result<reqwest::Client, Broken> {
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

/// A wait that a platform asks for, in seconds, as long as anybody waits.
pub fn wait_of(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds.max(0.0))
        .unwrap_or(WAIT.time())
        .min(WAIT.time())
}

/// What an error of the client means, in the words of its innermost cause.
pub fn failure(error: reqwest::Error) -> Failure {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_wait_is_beyond_reckoning() {
        for (said, wait) in [(2.5, 2_500), (-1.0, 0), (f64::NAN, 0)] {
            assert_eq!(wait_of(said), Duration::from_millis(wait));
        }
        for said in [1e8, 1e18, 1.8e19, 1e300, f64::INFINITY] {
            assert_eq!(wait_of(said), WAIT.time());
        }
    }
}
