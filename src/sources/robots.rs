//! `robots.txt`: what a site lets programs fetch, and how fast.

use std::sync::Arc;
use std::time::Duration;

use texting_robots::Robot;
use tokio::time::Instant;
use url::Url;

use super::fetch::{Ask, FetchError, Fetched, Fetcher, HOSTS};

/// What `robots.txt` calls us.
const NAME: &str = "tidings";

/// How long `robots.txt` holds.
const ROBOTS_HOLD: Duration = Duration::from_secs(3_600);

/// The longest `robots.txt` that is read, in bytes (RFC 9309, section 2.5).
const ROBOTS_LONGEST: usize = 500 * 1024;

/// The longest pause that `robots.txt` may ask for between two requests, in seconds.
const LONGEST_DELAY: f32 = 30.0;

/// The rules of a site once they are known, `None` if it has none, with when they were read.
pub(super) type Rules = Option<(Instant, Option<Arc<Robot>>)>;

impl Fetcher {
    /// Asks a site's rules about an address: the pause that they want between two requests.
    pub(super) async fn heed(&self, ask: &Ask<'_>, address: &Url) -> Result<Duration, FetchError> {
        let Ok(robots) = address.join("/robots.txt") else {
            return Ok(self.bounds.host_pause);
        };
        let site = {
            let mut sites = self.sites.lock();
            if sites.len() >= HOSTS {
                sites.retain(|_, site| Arc::strong_count(site) > 1);
            }
            sites.entry(robots.to_string()).or_default().clone()
        };
        // Several pages of a site ask for its rules once.
        let mut site = site.lock().await;
        let held = site.take().filter(|(at, _)| at.elapsed() < ROBOTS_HOLD);
        let rules = match held {
            Some((at, rules)) => (at, rules),
            None => (Instant::now(), self.rules(ask, &robots).await?),
        };
        let rules = &site.insert(rules).1;
        let Some(rules) = rules else {
            return Ok(self.bounds.host_pause);
        };
        if !rules.allowed(address.as_str()) {
            return Err(FetchError::Robots);
        }
        let wanted = rules.delay.unwrap_or_default().clamp(0.0, LONGEST_DELAY);
        Ok(self.bounds.host_pause.max(Duration::from_secs_f32(wanted)))
    }

    /// A site's rules; one without any lets us fetch everything (RFC 9309, section 2.3.1).
    async fn rules(&self, ask: &Ask<'_>, robots: &Url) -> Result<Option<Arc<Robot>>, FetchError> {
        let asked = Ask {
            address: robots,
            etag: None,
            last_modified: None,
            heed_robots: false,
            enough: Some(ROBOTS_LONGEST),
            ..ask.clone()
        };
        match Box::pin(self.fetch(&asked)).await {
            Ok(Fetched::New(body)) => {
                let text = &body.bytes[..body.bytes.len().min(ROBOTS_LONGEST)];
                Ok(Robot::new(NAME, text).ok().map(Arc::new))
            }
            // As long as nobody knows what they say, they forbid everything.
            Err(FetchError::Status(status @ 500..)) => Err(FetchError::NoRobots(status)),
            Err(
                unreachable @ (FetchError::Private(_)
                | FetchError::Busy { .. }
                | FetchError::TooSlow
                | FetchError::Network(_)),
            ) => Err(unreachable),
            Ok(Fetched::Unchanged { .. }) | Err(_) => Ok(None),
        }
    }
}
