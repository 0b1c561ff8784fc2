//! `robots.txt`: asking a site what it lets us fetch, and how fast; and heeding it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;
use url::{Position, Url};

use super::fetch::{Ask, FetchError, Fetched, Fetcher, HOSTS};
use super::rules::Rules;
use tidings_core::bounds::{ROBOTS_HELD, ROBOTS_SIZE};

/// How long `robots.txt` holds.
const ROBOTS_HOLD: Duration = Duration::from_secs(3_600);

/// The rules of a site once they are known, with when they were read.
type Held = Option<(Instant, Arc<Rules>)>;

/// What is known of sites.
#[derive(Default)]
pub(super) struct Sites {
    rules: Mutex<HashMap<String, Arc<Turn<Held>>>>,
    /// How much of it that is, in bytes.
    size: AtomicUsize,
}

impl Sites {
    /// The rules of a site, by the address of its `robots.txt`; they are of whoever holds them.
    fn of(&self, robots: &Url) -> Arc<Turn<Held>> {
        let mut rules = self.rules.lock();
        if rules.len() >= HOSTS || self.size.load(Ordering::Relaxed) > ROBOTS_HELD.most {
            rules.retain(|_, site| Arc::strong_count(site) > 1);
            self.size.store(0, Ordering::Relaxed);
        }
        rules.entry(robots.to_string()).or_default().clone()
    }
}

impl Fetcher {
    /// Asks a site's rules about an address: the pause that they want between two requests.
    pub(super) async fn heed(&self, ask: &Ask<'_>, address: &Url) -> Result<Duration, FetchError> {
        let Ok(robots) = address.join("/robots.txt") else {
            return Ok(self.bounds.host_pause);
        };
        let site = self.sites.of(&robots);
        // Several pages of a site ask for its rules once.
        let mut site = site.lock().await;
        let held = site.take().filter(|(at, _)| at.elapsed() < ROBOTS_HOLD);
        let rules = match held {
            Some((at, rules)) => (at, rules),
            None => {
                let rules = self.rules(ask, &robots).await?;
                self.sites.size.fetch_add(rules.size(), Ordering::Relaxed);
                (Instant::now(), Arc::new(rules))
            }
        };
        let rules = &site.insert(rules).1;
        if !rules.allow(&address[Position::BeforePath..Position::AfterQuery]) {
            return Err(FetchError::Robots);
        }
        Ok(self.bounds.host_pause.max(rules.delay))
    }

    /// A site's rules; one without any lets us fetch everything (RFC 9309, section 2.3.1).
    async fn rules(&self, ask: &Ask<'_>, robots: &Url) -> Result<Rules, FetchError> {
        let asked = Ask {
            address: robots,
            etag: None,
            last_modified: None,
            heed_robots: false,
            enough: Some(ROBOTS_SIZE.most),
            ..ask.clone()
        };
        match Box::pin(self.fetch(&asked)).await {
            Ok(Fetched::New(body)) => Ok(Rules::read(&body.bytes)),
            // As long as nobody knows what they say, they forbid everything.
            Err(FetchError::Status(status @ 500..)) => Err(FetchError::NoRobots(status)),
            Err(
                unreachable @ (FetchError::Private(_)
                | FetchError::Busy { .. }
                | FetchError::TooSlow
                | FetchError::Network(_)),
            ) => Err(unreachable),
            Ok(Fetched::Unchanged { .. }) | Err(_) => Ok(Rules::default()),
        }
    }
}
