//! Sources on the web: what is asked for, what is made of it, and when it is asked for again.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use jiff::{SignedDuration, Timestamp};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use super::Ingest;
use crate::ingest::web::fetch::{FetchError, redacted_url};
use crate::ingest::{Failed, PassSummary, PushPolicy, Recheck, Source};
use crate::settings::{SourceKind, SourceSettings};
use tidings_core::addresses::redacted_name;
use tidings_core::moves::Seen;
use tidings_reader::Document;
use tidings_store::{FetchState, StoreError};

/// The longest time between two tries of a source that fails.
const LONGEST_PAUSE: Duration = Duration::from_secs(86_400);

/// What a fetch has brought.
pub struct FetchResult {
    pub(super) documents: Vec<Document>,
    /// Whether an index led there when it was loaded first: then they are no news.
    pub(super) old: Vec<Document>,
    /// Where an index led that is loaded for the first time.
    pub(super) led_to: Vec<String>,
    /// Documents that it led to and that didn't come, or not all of them.
    pub(super) missing: Vec<(String, FetchError)>,
    /// Documents that couldn't be read, and that nothing leads to any more.
    pub(super) over: Vec<String>,
    /// The further pages of digests, each with the digest's name.
    pub(super) parts: HashMap<String, String>,
    /// The document that is the source itself; an index is none.
    pub(super) own: Option<String>,
    outcome: Result<FetchOutcome, FetchError>,
    seen: Seen,
    pub(super) state: FetchState,
}

pub(super) enum FetchOutcome {
    Nothing,
    Unchanged { fresh: Option<Duration> },
    New(Box<Meta>),
}

pub(super) struct Meta {
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
    pub(super) fresh: Option<Duration>,
    pub(super) is_whole: bool,
}

impl Ingest {
    /// Fetches a source on the web if its time has come, or whatever the time with `force`. `None` for folders.
    ///
    /// # Errors
    /// [`StoreError`]; what is wrong with the source itself is part of what is brought.
    pub async fn fetch(
        &self,
        source: &Source,
        force: bool,
    ) -> Result<Option<FetchResult>, StoreError> {
        let SourceKind::Web { url, kind, follow } = &source.settings.kind else {
            return Ok(None);
        };
        let state = self
            .store
            .read(|db| db.fetch_state(source.name(), url.as_str()))
            .await?;
        let mut fetched = FetchResult {
            documents: Vec::new(),
            old: Vec::new(),
            led_to: Vec::new(),
            missing: Vec::new(),
            over: Vec::new(),
            parts: HashMap::new(),
            own: None,
            outcome: Ok(FetchOutcome::Nothing),
            seen: Seen::Nothing,
            state: state.clone(),
        };
        let waits = state.gone_at.is_some() || state.waits(self.now());
        if waits && !force {
            return Ok(Some(fetched));
        }
        let mut first: Option<FetchError> = None;
        for address in state.moves.addresses(url, self.now()) {
            let got = self
                .ask(source, &address, *kind, follow.as_deref(), &mut fetched)
                .await?;
            let is_home = address == *url;
            match got {
                Ok((got, way)) => {
                    if is_home {
                        fetched.seen = fetched.state.moves.answered(&way, self.now());
                    }
                    if let Some(to) = way.led_to {
                        fetched.state.moves.trusted = Some(to.into());
                    }
                    fetched.outcome = Ok(got);
                    return Ok(Some(fetched));
                }
                Err(error) => {
                    if is_home {
                        fetched.state.moves.failed(error.is_silent(), self.now());
                    }
                    // What is wrong where it has moved to says more than that it isn't here any more.
                    if first.is_none() || !is_home {
                        first = Some(error);
                    }
                }
            }
        }
        fetched.outcome = first.map_or(Ok(FetchOutcome::Nothing), Err);
        Ok(Some(fetched))
    }

    /// Files what a fetch has brought, and says when the next one is.
    pub async fn apply_fetch(
        &self,
        source: &Source,
        fetched: FetchResult,
        recheck: Recheck,
    ) -> Result<PassSummary, StoreError> {
        let FetchResult {
            documents,
            old,
            led_to,
            missing,
            mut over,
            parts,
            own,
            outcome,
            seen,
            mut state,
        } = fetched;
        let settings = &source.settings;
        let SourceKind::Web { url, .. } = &settings.kind else {
            return Ok(PassSummary::default());
        };
        let now = self.now();
        let row = self.store.write(|db| db.source(&settings.name)).await?;
        let mut report = PassSummary {
            name: settings.name.clone(),
            ..PassSummary::default()
        };
        let mut error = None;
        let mut wait = None;
        let mut met = HashSet::new();
        match outcome {
            Ok(FetchOutcome::Nothing) => return Ok(report),
            Ok(FetchOutcome::Unchanged { fresh }) => {
                // What wasn't sent again is as it was.
                let led_to = state.moves.trusted.as_deref();
                let led_to = led_to.and_then(|to| Url::parse(to).ok());
                let names: Vec<String> = [Some(url), led_to.as_ref()]
                    .into_iter()
                    .flatten()
                    .map(redacted_url)
                    .collect();
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let known = self.store.read(|db| db.documents_named(row.id, &names));
                let known = known.await?;
                let document = names.iter().find_map(|name| known.get(*name));
                report.documents = usize::from(document.is_some());
                report.unchanged = document.map_or(0, |document| document.items);
                state.failures = 0;
                state.interval = Some(slower(settings, state.interval));
                wait = fresh.map(|fresh| fresh.min(settings.poll_max));
            }
            Ok(FetchOutcome::New(meta)) => {
                if !led_to.is_empty() {
                    self.store.write(|db| db.led_to(row.id, &led_to)).await?;
                }
                let push = match state.baseline_at {
                    Some(_) => self.push(settings, &row),
                    None => PushPolicy::None,
                };
                met = documents
                    .iter()
                    .chain(&old)
                    .map(|document| document.name.clone())
                    .collect();
                if own.is_some() && missing.is_empty() {
                    over.extend(self.vanished(source, &met).await?);
                }
                let earlier = self.load_documents(source, &row, old, recheck, PushPolicy::None);
                let earlier = earlier.await?;
                report = self
                    .load_documents(source, &row, documents, recheck, push)
                    .await?;
                report.add(earlier);
                report.name.clone_from(&settings.name);
                // What else can't be read is wrong with that document alone.
                let own = own.as_deref().map(redacted_name);
                let is_own = |failed: &&Failed| own.as_deref() == Some(&*failed.document);
                let broken = report.failed.iter().find(is_own);
                let broken = broken.map(|failed| failed.reason.clone());
                let is_read = report.failed.is_empty();
                let changed = report.new + report.updated > 0;
                state.failures = 0;
                state.gone_at = None;
                state.interval = Some(if changed {
                    settings.poll
                } else {
                    slower(settings, state.interval)
                });
                let waits = missing.iter().filter_map(|(_, error)| error.wait(now));
                let fresh = meta.fresh.map(|fresh| fresh.min(settings.poll_max));
                wait = waits.chain(fresh).max();
                // What can't be read, or didn't all come, is asked for again as if it weren't known.
                let whole = is_read && missing.is_empty() && meta.is_whole;
                state.rules_hash = whole.then_some(source.profile.hash);
                if broken.is_none() {
                    state.baseline_at.get_or_insert(now);
                }
                (state.etag, state.last_modified) = if whole {
                    (meta.etag, meta.last_modified)
                } else {
                    (None, None)
                };
                error = broken;
            }
            Err(failed) => {
                state.failures = state.failures.saturating_add(1);
                match &failed {
                    FetchError::Gone => state.gone_at = Some(now),
                    FetchError::Busy { wait: told, .. } => {
                        wait = told.map(|told| told.from(now));
                    }
                    _ => {}
                }
                error = Some(match &state.moves.moved_to {
                    Some(moved) => {
                        let moved = Url::parse(moved)
                            .map_or_else(|_| moved.clone(), |to| redacted_url(&to));
                        format!("{failed} (at {moved}, where it has moved for good)")
                    }
                    None => failed.to_string(),
                });
            }
        }
        self.tell_move(settings, url, seen, &state);
        state.next_at = now.checked_add(pause(settings, &state, wait, now)).ok();
        let missing: Vec<(String, String)> = missing
            .into_iter()
            .map(|(name, error)| (name, error.to_string()))
            .collect();
        let torn = torn(&report.failed, &parts);
        let unread = met.iter().filter(|_| !report.failed.is_empty());
        let unread: Vec<&String> = unread.collect();
        let noted = self.store.write(|db| {
            for name in &over {
                db.forget_failure(row.id, name)?;
            }
            let mut are_news = Vec::with_capacity(missing.len());
            for (name, reason) in &missing {
                are_news.push(db.note_missing(row.id, name, reason, now)?);
            }
            for name in &unread {
                db.note_tried(row.id, name, now)?;
            }
            for (part, whole, reason) in &torn {
                db.forget_failure(row.id, part)?;
                db.note_missing(row.id, whole, reason, now)?;
            }
            db.set_fetch_state(row.id, url.as_str(), &state)?;
            db.end_pass_of_web(row.id, error.as_deref(), now)?;
            Ok::<_, StoreError>(are_news)
        });
        let are_news = noted.await?;
        let news = row.last_error != error;
        report.failed.extend(
            missing
                .into_iter()
                .zip(are_news)
                .map(|((name, reason), news)| Failed {
                    document: redacted_name(&name).into_owned(),
                    line: None,
                    reason,
                    news,
                }),
        );
        if error.is_none() && row.last_error.is_some() {
            tracing::info!(source = settings.name, "a source is well again");
        }
        if let Some(reason) = &error
            && report.failed.is_empty()
        {
            report.failed.push(Failed {
                document: redacted_url(url),
                line: None,
                reason: reason.clone(),
                news,
            });
        }
        self.tell(&report);
        Ok(report)
    }

    /// The documents of a source that couldn't be read, and that it didn't lead to this time.
    async fn vanished(
        &self,
        source: &Source,
        met: &HashSet<String>,
    ) -> Result<Vec<String>, StoreError> {
        let known = self.known_documents(source).await?.into_iter();
        let vanished = known.filter(|(name, known)| known.failure.is_some() && !met.contains(name));
        Ok(vanished.map(|(name, _)| name).collect())
    }

    /// Logs what an operator wants to know of a source that moves.
    fn tell_move(&self, source: &SourceSettings, home: &Url, seen: Seen, state: &FetchState) {
        let (name, home) = (&source.name, redacted_url(home));
        match seen {
            Seen::Moved => {
                let to = state
                    .moves
                    .moved_to
                    .as_deref()
                    .and_then(|to| Url::parse(to).ok());
                let to = to.as_ref().map(redacted_url);
                tracing::warn!(
                    source = name,
                    to,
                    "a source has moved for good; write its new address into the configuration"
                );
            }
            Seen::Back => {
                tracing::info!(source = name, at = home, "a source is back at its address")
            }
            Seen::Watching | Seen::Nothing => {}
        }
    }

    /// When a source on the web is fetched next; `None` if never.
    pub async fn next_fetch(&self, source: &Source) -> Result<Option<Timestamp>, StoreError> {
        let SourceKind::Web { url, .. } = &source.settings.kind else {
            return Ok(None);
        };
        let state = self
            .store
            .read(|db| db.fetch_state(source.name(), url.as_str()))
            .await?;
        Ok(match state.gone_at {
            Some(_) => None,
            None => Some(state.next_at.unwrap_or(Timestamp::MIN)),
        })
    }

    /// Fetches several sources at the same time and files what they bring.
    pub(super) async fn load_web_sources(
        &self,
        which: &[(usize, &Source)],
        recheck: Recheck,
        done: &(dyn Fn(&str) + Sync),
    ) -> Result<Vec<(usize, PassSummary)>, StoreError> {
        let force = recheck != Recheck::Touched;
        // The fetcher bounds how many are asked at the same time.
        let fetch = async |(at, source)| (at, source, self.fetch(source, force).await);
        let mut fetches: FuturesUnordered<_> = which.iter().copied().map(fetch).collect();
        let mut reports = Vec::new();
        while let Some((at, source, fetched)) = fetches.next().await {
            if self.is_stopping() {
                break;
            }
            let Some(fetched) = fetched? else { continue };
            reports.push((at, self.apply_fetch(source, fetched, recheck).await?));
            done(source.name());
        }
        Ok(reports)
    }
}

/// Digests of which a further page came and couldn't be read, each with that page and what is wrong: they are asked for
/// again as a whole.
fn torn(failed: &[Failed], parts: &HashMap<String, String>) -> Vec<(String, String, String)> {
    let mut torn = Vec::new();
    for (part, whole) in parts {
        let page = redacted_name(part);
        if let Some(failed) = failed.iter().find(|failed| failed.document == page) {
            let reason = format!("its further page {page} can't be read: {}", failed.reason);
            torn.push((part.clone(), whole.clone(), reason));
        }
    }
    torn
}

/// The interval of a source that was as before: half as long again, within bounds.
fn slower(source: &SourceSettings, interval: Option<Duration>) -> Duration {
    let interval = interval.unwrap_or(source.poll).max(source.poll);
    (interval.saturating_mul(3) / 2).min(source.poll_max)
}

/// Until the next fetch: the source's interval, or after failures a growing pause; never sooner than the server
/// allows, and at slightly different times for different sources.
fn pause(
    source: &SourceSettings,
    state: &FetchState,
    wait: Option<Duration>,
    now: Timestamp,
) -> SignedDuration {
    let usual = state.interval.unwrap_or(source.poll);
    let usual = usual.clamp(source.poll, source.poll_max);
    let pause = match state.failures {
        0 => usual,
        failures => source
            .poll
            .saturating_mul(2u32.saturating_pow(failures.min(16)))
            .min(LONGEST_PAUSE.max(source.poll)),
    };
    let seed = format!("{} {}", source.name, now.as_second());
    let dice = u32::try_from(xxh3_64(seed.as_bytes()) % 128).unwrap_or(0);
    let jittered = pause + pause * dice / 1_024;
    // A server that wants to be left alone for a year isn't one that this source can be read from.
    let told = wait.unwrap_or_default().min(LONGEST_PAUSE);
    SignedDuration::try_from(jittered.max(told)).unwrap_or(SignedDuration::from_hours(24))
}
