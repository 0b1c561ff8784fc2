//! What is looked after now and then: the clock, what is old enough to be dropped, and what the operator should know.

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch::Receiver;

use super::App;
use crate::roundups::{release, slots};
use crate::sign_in;
use crate::status;
use crate::task::{sleep, stopped};
use tidings_core::channel::{ChannelRow, PausedBy};
use tidings_core::ids::ChannelKey;
use tidings_core::item::story::WINDOW_SECONDS;
use tidings_core::language::Value;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, DeliveryOptions, Post};
use tidings_store::{AnswerKind, Incident, ReadTx, Store, StoreError};

/// How often it is looked.
const OFTEN: Duration = Duration::from_secs(60);

/// Rows of the outbox that one transaction looks at: few enough that nobody who writes waits for long.
const ROWS: usize = 1_000;

/// Channels that are purged at a time.
const PURGED: usize = 20;

/// A disk with less room than this is nearly full, in bytes: a day's news of a large bot, many times over.
const FREE_SPACE: u64 = 256 * 1024 * 1024;

/// How long a link that was suggested isn't sent to the editors again: what comes up after a month may be worth another look.
const SUGGESTIONS_KEPT: Duration = Duration::from_secs(30 * 86_400);

/// Refused posts that are told one by one.
const TOLD: usize = 5;

/// How keys begin that tell of more items at once than are pushed. That is told once, and never over.
const BURST: &str = "burst:";

/// For so long it is found out that it was told: far longer than between two looks.
const BURST_TOLD: SignedDuration = SignedDuration::from_hours(1);

/// Something that is wrong: what it is about, and what is said of it.
type Trouble = (String, String);

/// Looks after everything until told to stop, as whoever holds that duty in `store`.
pub(super) async fn keep_up(
    app: Arc<App>,
    store: Arc<Store>,
    platforms: Vec<Arc<dyn ChatPlatform>>,
    mut stop: Receiver<bool>,
) {
    let mut pruned_to = 0;
    loop {
        let free_space = store.free_space();
        let kept = app.keep_up(&store, &platforms, free_space, &mut pruned_to);
        match kept.await {
            // Whoever has taken over does it; we are told in a moment.
            Ok(()) | Err(StoreError::Superseded(_)) => {}
            Err(error) => {
                tracing::error!(%error, "the store can't be looked after; it is tried again");
            }
        }
        tokio::select! {
            () = sleep(OFTEN) => {}
            () = stopped(&mut stop) => return,
        }
    }
}

impl App {
    /// Looks after everything once, writing through a handle of the store. `free_space` is what is left of the disk, in bytes; `pruned_to` is how far the outbox's
    /// rows were looked at.
    pub async fn keep_up(
        &self,
        store: &Arc<Store>,
        platforms: &[Arc<dyn ChatPlatform>],
        free_space: Option<u64>,
        pruned_to: &mut i64,
    ) -> Result<(), StoreError> {
        let scheduler = self.scheduler.writing_through(store.clone());
        scheduler.repair_at_start().await?;
        let now = self.now();
        // Where no platform runs, whose loop would do so at its time.
        release(store, now).await?;
        self.tell_operator(store, platforms, free_space, now)
            .await?;
        if slots::is_plausible(now) && slots::is_steady(store, now).await? {
            self.prune(store, now, pruned_to).await?;
            self.purge(store, now).await?;
            self.forget_suggestions(store, now).await?;
        }
        // Most minutes there is none, and writing waits for whoever loads.
        while store.read(|db| db.has_old_tellings(now)).await? {
            store.write(|db| db.forget_tellings(now)).await?;
        }
        if store.read(|db| db.has_waits_over(now)).await? {
            store.write(|db| db.forget_waits(now)).await?;
        }
        let (links, sessions) = sign_in::old_before(now);
        let are_old = store.read(|db| db.has_old_sign_ins(links, sessions));
        if are_old.await? {
            let forgotten = store.write(|db| db.forget_sign_ins(links, sessions));
            forgotten.await?;
        }
        store.forget_log_if_needed().await
    }

    /// Drops parts that arrived long ago, a batch at a time, so that others write in between.
    async fn prune(
        &self,
        store: &Store,
        now: Timestamp,
        pruned_to: &mut i64,
    ) -> Result<(), StoreError> {
        // Who has got a story is known by what was sent.
        let longest = Duration::from_secs(WINDOW_SECONDS);
        let keep = self.settings.store.keep_sent.map(|keep| keep.max(longest));
        let Some(before) = ago(now, keep) else {
            return Ok(());
        };
        let mut dropped = 0;
        loop {
            let after = *pruned_to;
            let pruned = store.write(|db| db.prune_sent(before, after, ROWS)).await?;
            dropped += pruned.parts;
            match pruned.next {
                Some(next) => *pruned_to = next,
                None => break,
            }
        }
        if dropped > 0 {
            tracing::debug!(parts = dropped, "parts that arrived long ago were dropped");
        }
        Ok(())
    }

    /// Drops links that were suggested long ago, and how often somebody suggested one on another day.
    async fn forget_suggestions(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let Some(before) = ago(now, Some(SUGGESTIONS_KEPT)) else {
            return Ok(());
        };
        let zone = self.settings.defaults.timezone.tz().clone();
        let day = now.to_zoned(zone).date().to_string();
        let has_old = store.read(|db| db.has_old_suggestions(before, &day));
        if has_old.await? {
            let forgotten = store.write(|db| db.forget_suggestions(before, &day));
            forgotten.await?;
        }
        Ok(())
    }

    async fn purge(&self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        let Some(before) = ago(now, self.settings.store.keep_paused) else {
            return Ok(());
        };
        let paused = store.read(|db| db.paused_before(before, PURGED));
        for key in paused.await? {
            let is_old = |row: &ChannelRow| row.pause.as_ref().is_some_and(|p| p.since < before);
            let erased = store.write(|db| match db.channel(&key)?.filter(is_old) {
                Some(row) => db.erase_channel(&row),
                // It was resumed meanwhile.
                None => Ok(()),
            });
            erased.await?;
            tracing::info!(channel = %key, "a channel that was paused for long is forgotten ([store] keep_paused)");
        }
        Ok(())
    }

    /// Tells the operator once what is wrong, and once when it is over.
    async fn tell_operator(
        &self,
        store: &Store,
        platforms: &[Arc<dyn ChatPlatform>],
        free_space: Option<u64>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let standing = store.read(|db| {
            let mut troubles = self.troubles(db, free_space, now)?;
            self.unreached_editors(db, platforms, &mut troubles)?;
            Ok::<_, StoreError>((troubles, db.incidents()?))
        });
        let (troubles, known) = standing.await?;
        let begun: Vec<&Trouble> = troubles
            .iter()
            .filter(|(key, _)| !known.iter().any(|incident| incident.key == *key))
            .collect();
        let over: Vec<&Incident> = known
            .iter()
            .filter(|incident| !troubles.iter().any(|(key, _)| *key == incident.key))
            .collect();
        if begun.is_empty() && over.is_empty() {
            return Ok(());
        }
        let is_told = |incident: &&Incident| !incident.key.starts_with(BURST);
        let told_over: Vec<&Incident> = over.iter().copied().filter(is_told).collect();
        let messages = if begun.is_empty() && told_over.is_empty() {
            Vec::new()
        } else {
            self.notice(platforms, &begun, &told_over)
        };
        let told = store.write(|db| {
            for (key, text) in &begun {
                db.begin_incident(key, text, now)?;
            }
            for incident in &over {
                db.end_incident(&incident.key)?;
            }
            for (channel, wire) in &messages {
                db.add_answer(channel, wire, AnswerKind::Change, now)?;
            }
            Ok::<_, StoreError>(())
        });
        told.await?;
        for (_, text) in &begun {
            tracing::warn!("{text}");
        }
        for incident in &told_over {
            tracing::info!("over: {}", incident.text);
        }
        if !messages.is_empty() {
            self.wake.outbox();
        }
        Ok(())
    }

    /// The operator's message, as their platform sends it; none where nobody wants to be told.
    fn notice(
        &self,
        platforms: &[Arc<dyn ChatPlatform>],
        begun: &[&Trouble],
        over: &[&Incident],
    ) -> Vec<(ChannelKey, String)> {
        let Some(channel) = &self.settings.operator.notify else {
            return Vec::new();
        };
        let Some(platform) = platforms.iter().find(|p| p.name() == channel.platform()) else {
            return Vec::new();
        };
        let say = self.localizer();
        let mut post = Post::default();
        for (_, text) in begun {
            post.push(Block::Paragraph(text.clone()));
        }
        for incident in over {
            let text = say.text("operator-over", &[("what", Value::Text(&incident.text))]);
            post.push(Block::Paragraph(text));
        }
        let wires = platform
            .render(&post, &DeliveryOptions::default())
            .into_iter();
        wires.map(|wire| (channel.clone(), wire)).collect()
    }

    /// Editors whom their platform lets nobody write to: what they should look at goes out without them.
    fn unreached_editors(
        &self,
        db: &ReadTx<'_>,
        platforms: &[Arc<dyn ChatPlatform>],
        troubles: &mut Vec<Trouble>,
    ) -> Result<(), StoreError> {
        let say = self.localizer();
        for editor in &self.settings.operator.editors {
            let platform = platforms.iter().find(|p| p.name() == editor.platform());
            let why = match platform {
                None => Some(say.text("operator-editor-no-platform", &[])),
                Some(platform) => {
                    let row = db.channel(&platform.person(editor.address()))?;
                    row.and_then(|row| row.pause).map(|pause| match pause.by {
                        PausedBy::Platform => pause.reason.unwrap_or_default(),
                        PausedBy::Manager => say.text("operator-editor-paused", &[]),
                    })
                }
            };
            if let Some(why) = why {
                let name = editor.to_string();
                let values = [("editor", Value::Text(&name)), ("why", (&why).into())];
                let text = say.text("operator-editor", &values);
                troubles.push((format!("editor:{editor}"), text));
            }
        }
        Ok(())
    }

    /// Everything that the operator should know at this moment.
    fn troubles(
        &self,
        db: &ReadTx<'_>,
        free_space: Option<u64>,
        now: Timestamp,
    ) -> Result<Vec<Trouble>, StoreError> {
        let say = self.localizer();
        let operator = &self.settings.operator;
        let patience = SignedDuration::try_from(operator.failing).unwrap_or(SignedDuration::MAX);
        let is_long = |since: Timestamp| now.duration_since(since) >= patience;
        let mut troubles = Vec::new();
        let configured = self.settings.sources.iter().map(|s| s.name.as_str());
        let sources = status::sources(db, configured)?.into_iter();
        for source in sources.filter(|source| source.is_configured) {
            let Some(source) = source.state else { continue };
            if let Some((at, count)) = source.burst
                && now.duration_since(at) < BURST_TOLD
            {
                let values = [
                    ("source", Value::Text(&source.name)),
                    ("count", count.into()),
                ];
                let key = format!("{BURST}{}:{}", source.name, at.as_second());
                troubles.push((key, say.text("operator-burst", &values)));
            }
            if source.failing_since.is_some_and(is_long) {
                let text = match (&source.last_error, source.failed.first()) {
                    (Some(error), _) => {
                        let values = [
                            ("source", Value::Text(&source.name)),
                            ("error", error.into()),
                        ];
                        say.text("operator-source", &values)
                    }
                    (None, Some(first)) => {
                        let values = [
                            ("source", Value::Text(&source.name)),
                            ("documents", source.failed.len().into()),
                            ("document", (&first.document).into()),
                            ("error", (&first.reason).into()),
                        ];
                        say.text("operator-source-documents", &values)
                    }
                    (None, None) => continue,
                };
                troubles.push((format!("source:{}", source.name), text));
            }
        }
        if let (Some(quiet), Some(newest)) = (operator.quiet, db.newest_arrival()?)
            && ago(now, Some(quiet)).is_some_and(|before| newest < before)
        {
            let days = now.duration_since(newest).as_hours() / 24;
            let text = say.text("operator-quiet", &[("days", days.into())]);
            troubles.push(("quiet".to_owned(), text));
        }
        for platform in db.platforms()? {
            if let Some((trouble, since)) = &platform.trouble
                && is_long(*since)
            {
                let values = [
                    ("platform", Value::Text(&platform.name)),
                    ("trouble", trouble.into()),
                ];
                let text = say.text("operator-platform", &values);
                troubles.push((format!("platform:{}", platform.name), text));
            }
        }
        for (key, why) in self.broken.taken() {
            let values = [("key", Value::Text(&key)), ("why", Value::Text(&why))];
            let text = say.text("operator-taken", &values);
            troubles.push((format!("taken:{key}"), text));
        }
        for (name, why) in self.broken.list() {
            let values = [("name", Value::Text(&name)), ("why", Value::Text(&why))];
            let text = say.text("operator-broken", &values);
            troubles.push((format!("broken:{name}"), text));
        }
        let refused = db.refused_posts()?;
        for post in refused.iter().take(TOLD) {
            let values = [
                ("channels", Value::from(post.channels)),
                ("error", (&post.error).into()),
            ];
            let text = say.text("operator-refused", &values);
            troubles.push((format!("refused:{}", post.part), text));
        }
        if let Some(last) = refused.get(TOLD) {
            let values = [
                ("count", Value::from(refused.len() - TOLD)),
                ("error", (&last.error).into()),
            ];
            troubles.push((
                "refused:more".to_owned(),
                say.text("operator-refused-more", &values),
            ));
        }
        if let Some(free_space) = free_space.filter(|free_space| *free_space < FREE_SPACE) {
            let megabytes = i64::try_from(free_space / 1024 / 1024).unwrap_or(i64::MAX);
            let text = say.text("operator-disk", &[("megabytes", megabytes.into())]);
            troubles.push(("disk".to_owned(), text));
        }
        Ok(troubles)
    }
}

/// The moment so long ago.
fn ago(now: Timestamp, time: Option<Duration>) -> Option<Timestamp> {
    let time = SignedDuration::try_from(time?).ok()?;
    now.checked_sub(time).ok()
}
