//! `robots.txt`: asking a site what it lets us fetch, and how fast; and heeding it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::Mutex as Turn;
use tokio::time::Instant;
use url::{Position, Url};

use super::error::FetchError;
use super::rules::Rules;
use tidings_core::bounds::ROBOTS_HELD;

/// Hosts that are remembered.
pub(super) const HOSTS: usize = 10_000;

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

    /// What a site's rules say of an address: the pause that they want between two requests. Several pages of a site
    /// ask for its rules once; `read` asks for them.
    ///
    /// # Errors
    /// [`FetchError::Robots`] if they forbid it, and what `read` fails with.
    pub(super) async fn heed(
        &self,
        robots: &Url,
        address: &Url,
        read: impl AsyncFnOnce() -> Result<Rules, FetchError>,
    ) -> Result<Duration, FetchError> {
        let site = self.of(robots);
        let mut site = site.lock().await;
        let held = site.take().filter(|(at, _)| at.elapsed() < ROBOTS_HOLD);
        let rules = match held {
            Some((at, rules)) => (at, rules),
            None => {
                let rules = read().await?;
                self.size.fetch_add(rules.size(), Ordering::Relaxed);
                (Instant::now(), Arc::new(rules))
            }
        };
        let rules = &site.insert(rules).1;
        if !rules.allow(&address[Position::BeforePath..Position::AfterQuery]) {
            return Err(FetchError::Robots);
        }
        Ok(rules.delay)
    }
}
