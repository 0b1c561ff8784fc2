//! The rows of channels and of their subscriptions.

use super::engine::{Row, params};
use jiff::Timestamp;
use tidings_core::channel::{
    ChannelRow, ChannelSettings, Filter, Pause, PausedBy, Style, SubscriptionRow, Target,
};

use super::{ReadTx, Remembered, StoreError, WriteTx, from_ms_opt, target, to_ms};
use tidings_core::ids::{ChannelId, ChannelKey};
use tidings_core::language::Locale;
use tidings_core::schedule::{Cadence, Zone};

/// When a channel is due: at the first slot of what it follows, or at the end of its pause.
pub(super) const DUE_AT: &str = "CASE WHEN paused_by IS NULL
     THEN (SELECT min(next_at) FROM subscriptions WHERE channel_id = channels.id) ELSE paused_until END";

pub(super) fn read_channel(row: Row<'_>) -> Result<ChannelRow, StoreError> {
    let text = |name: &str| row.get::<_, Option<String>>(name);
    let key: String = row.get("key")?;
    let paused_by = text("paused_by")?;
    let by = match paused_by.as_deref() {
        None => None,
        Some("manager") => Some(PausedBy::Manager),
        Some("platform") => Some(PausedBy::Platform),
        Some(other) => return Err(StoreError::unexpected("a reason for a pause", other)),
    };
    let since = from_ms_opt(row.get("paused_at")?)?;
    let until = from_ms_opt(row.get("paused_until")?)?;
    let settings = ChannelSettings {
        timezone: text("timezone")?
            .map(|name| {
                Zone::named(&name).map_err(|_| StoreError::unexpected("a time zone", &name))
            })
            .transpose()?,
        locale: text("locale")?
            .map(|code| {
                Locale::parse(&code).ok_or_else(|| StoreError::unexpected("a locale", &code))
            })
            .transpose()?,
        style: text("style")?
            .map(|name| Style::parse(&name).ok_or_else(|| StoreError::unexpected("a style", &name)))
            .transpose()?,
        silent: row.get("silent")?,
        role: row.get("role")?,
        cap: row.get("cap")?,
        publish: row.get("publish")?,
        previews: row.get("previews")?,
        duplicates: row.get("duplicates")?,
        corrections: row.get("corrections")?,
        buttons: row.get("buttons")?,
        discuss: row.get("discuss")?,
    };
    Ok(ChannelRow {
        id: ChannelId::new(row.get("id")?),
        key: key
            .parse()
            .map_err(|_| StoreError::unexpected("a channel", &key))?,
        settings,
        pause: match (by, since) {
            (Some(by), Some(since)) => Some(Pause {
                by,
                since,
                reason: text("pause_reason")?,
                until,
            }),
            (None, None) => None,
            _ => return Err(StoreError::unexpected("a pause", key)),
        },
        last_roundup_at: from_ms_opt(row.get("last_roundup_at")?)?,
        note: row.get("note")?,
    })
}

pub(super) fn read_subscription(
    remembered: &Remembered,
    row: Row<'_>,
) -> Result<SubscriptionRow, StoreError> {
    let cadence: String = row.get("cadence")?;
    Ok(SubscriptionRow {
        target: target::from_column(row.get("section_id")?),
        cadence: Cadence::stored(&cadence)
            .map_err(|_| StoreError::unexpected("a cadence", &cadence))?,
        filter: row
            .get::<_, Option<String>>("filter")?
            .map(|text| remembered.filter(text))
            .transpose()?,
        cursor: row.get("cursor")?,
        next_at: from_ms_opt(row.get("next_at")?)?,
        open_until: from_ms_opt(row.get("open_until")?)?,
    })
}

impl Remembered {
    pub(super) fn filter(&self, text: String) -> Result<Filter, StoreError> {
        if let Some(filter) = self.filters.borrow().get(&text) {
            return Ok(filter.clone());
        }
        let filter =
            Filter::stored(&text).map_err(|_| StoreError::unexpected("a filter", &text))?;
        self.filters.borrow_mut().insert(text, filter.clone());
        Ok(filter)
    }
}

impl ReadTx<'_> {
    /// A channel, if anything is kept about it.
    pub fn channel(&self, key: &ChannelKey) -> Result<Option<ChannelRow>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT * FROM channels WHERE key = ?1")?;
        let mut rows = statement.query([key.to_string()])?;
        rows.next()?.map(read_channel).transpose()
    }

    pub(super) fn channel_by_id(&self, id: ChannelId) -> Result<Option<ChannelRow>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT * FROM channels WHERE id = ?1")?;
        let mut rows = statement.query([id.get()])?;
        rows.next()?.map(read_channel).transpose()
    }

    /// Whether a channel was noted as part of a place.
    pub fn is_part_of(&self, channel: &ChannelKey, place: &ChannelKey) -> Result<bool, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM channels WHERE key = ?1 AND place = ?2)",
        )?;
        let keys = [channel.to_string(), place.to_string()];
        Ok(statement.query_row(keys, |row| row.get(0))?)
    }

    /// The channels of one place and of the places in it, such as the topics of a chat: an address, those
    /// that go on from it behind a slash, and those that were noted to be part of it.
    pub fn channels_within(&self, key: &ChannelKey) -> Result<Vec<ChannelRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT * FROM channels WHERE key = ?1 OR key > ?1 || '/' AND key < ?1 || '0' OR place = ?1
             ORDER BY id",
        )?;
        let mut rows = statement.query([key.to_string()])?;
        let mut channels = Vec::new();
        while let Some(row) = rows.next()? {
            channels.push(read_channel(row)?);
        }
        Ok(channels)
    }

    /// All channels, in the order in which they came.
    pub fn channels(&self) -> Result<Vec<ChannelRow>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT * FROM channels ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut channels = Vec::new();
        while let Some(row) = rows.next()? {
            channels.push(read_channel(row)?);
        }
        Ok(channels)
    }

    /// Channels behind one in the order in which they came, or from the first on: at most `limit`.
    pub fn channels_after(
        &self,
        after: Option<ChannelId>,
        limit: usize,
    ) -> Result<Vec<ChannelRow>, StoreError> {
        self.channels_where(
            "id > ?1 ORDER BY id",
            after.map_or(0, ChannelId::get),
            limit,
        )
    }

    /// Channels to which something is delivered and that are due at a time, the soonest first: at most `limit`.
    pub fn soonest_channels(&self, limit: usize) -> Result<Vec<ChannelRow>, StoreError> {
        let soonest = "due_at >= ?1 AND paused_by IS NULL ORDER BY due_at, id";
        self.channels_where(soonest, 0, limit)
    }

    fn channels_where(
        &self,
        which: &str,
        value: i64,
        limit: usize,
    ) -> Result<Vec<ChannelRow>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT * FROM channels WHERE {which} LIMIT ?2"))?;
        let mut rows = statement.query(params![value, limit])?;
        let mut channels = Vec::new();
        while let Some(row) = rows.next()? {
            channels.push(read_channel(row)?);
        }
        Ok(channels)
    }

    /// How many channels want nothing of us at present.
    pub fn stopped_channels(&self) -> Result<usize, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM channels WHERE paused_by = 'platform'")?
            .query_row([], |row| row.get(0))?)
    }

    /// What a channel follows: `all` first, then in the order in which sections came.
    pub fn subscriptions(&self, channel: ChannelId) -> Result<Vec<SubscriptionRow>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT section_id, cadence, filter, cursor, next_at, open_until FROM subscriptions
             WHERE channel_id = ?1 ORDER BY section_id",
        )?;
        let mut rows = statement.query([channel.get()])?;
        let mut subscriptions = Vec::new();
        while let Some(row) = rows.next()? {
            subscriptions.push(read_subscription(&self.remembered, row)?);
        }
        Ok(subscriptions)
    }

    /// When a channel that followed all stopped doing so last.
    pub fn left_all_at(&self, channel: ChannelId) -> Result<Option<Timestamp>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT left_all_at FROM channels WHERE id = ?1")?;
        from_ms_opt(statement.query_row([channel.get()], |row| row.get(0))?)
    }

    /// The push order of the newest item that is handed to subscribers.
    pub fn newest_push(&self) -> Result<i64, StoreError> {
        self.fact("last_push_order")
    }
}

impl WriteTx<'_> {
    /// The channel of a key, made where it is missing.
    pub fn channel_or_new(
        &self,
        key: &ChannelKey,
        now: Timestamp,
    ) -> Result<ChannelRow, StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO channels (key, platform, created_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (key) DO NOTHING",
            )?
            .execute(params![key.to_string(), key.platform(), to_ms(now)])?;
        self.channel(key)?
            .ok_or_else(|| StoreError::unexpected("a channel that vanished", key))
    }

    /// Notes what a platform needs to know of a channel, and the place that it is part of. Nothing, if nothing
    /// is kept about the channel.
    pub fn note_channel(
        &self,
        channel: &ChannelKey,
        note: &str,
        place: Option<&ChannelKey>,
    ) -> Result<(), StoreError> {
        let place = place.map(ToString::to_string);
        self.conn
            .prepare_cached("UPDATE channels SET note = ?2, place = ?3 WHERE key = ?1")?
            .execute(params![channel.to_string(), note, place])?;
        Ok(())
    }

    /// Stores what a channel set for itself.
    pub fn save_settings(
        &self,
        channel: ChannelId,
        settings: &ChannelSettings,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE channels SET timezone = ?2, locale = ?3, style = ?4, silent = ?5, role = ?6, cap = ?7,
                 publish = ?8, previews = ?9, duplicates = ?10, corrections = ?11, buttons = ?12,
                 discuss = ?13 WHERE id = ?1",
            params![
                channel.get(),
                settings.timezone.as_ref().map(Zone::name),
                settings.locale.map(Locale::code),
                settings.style.map(Style::name),
                settings.silent,
                settings.role,
                settings.cap,
                settings.publish,
                settings.previews,
                settings.duplicates,
                settings.corrections,
                settings.buttons,
                settings.discuss,
            ],
        )?;
        Ok(())
    }

    /// Stores a subscription, new or changed.
    pub fn save_subscription(
        &self,
        channel: &ChannelRow,
        subscription: &SubscriptionRow,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO subscriptions (channel_id, section_id, cadence, instant, platform, paused, cursor,
                     next_at, created_at, open_until, filter)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                 ON CONFLICT (channel_id, section_id) DO UPDATE
                 SET cadence = ?3, instant = ?4, cursor = ?7, next_at = ?8, open_until = ?10, filter = ?11",
            )?
            .execute(params![
                channel.id.get(),
                target::to_column(subscription.target),
                subscription.cadence.to_string(),
                subscription.cadence.is_instant() || subscription.cadence.is_windowed(),
                channel.key.platform(),
                channel.pause.is_some(),
                subscription.cursor,
                subscription.next_at.map(to_ms),
                to_ms(now),
                subscription.open_until.map(to_ms),
                subscription.filter.as_ref().map(ToString::to_string),
            ])?;
        if let Some(watch) = subscription.target.watch() {
            self.watch_is_pending(watch)?;
        }
        self.refresh_due(channel.id)
    }

    /// Ends a subscription.
    pub fn delete_subscription(
        &self,
        channel: ChannelId,
        target: Target,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "DELETE FROM subscriptions WHERE channel_id = ?1 AND section_id = ?2",
            [channel.get(), target::to_column(target)],
        )?;
        if let Some(watch) = target.watch() {
            self.forget_unfollowed(watch)?;
        }
        self.refresh_due(channel)
    }

    /// Notes that a channel that followed all stopped doing so.
    pub fn note_left_all(&self, channel: ChannelId, now: Timestamp) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE channels SET left_all_at = ?2 WHERE id = ?1",
            params![channel.get(), to_ms(now)],
        )?;
        Ok(())
    }

    /// Moves a subscription on: up to its cursor everything is delivered, and its slot and window are other ones.
    pub fn advance(
        &self,
        channel: ChannelId,
        subscription: &SubscriptionRow,
    ) -> Result<(), StoreError> {
        if let Some(bulk) = &mut *self.bulk.borrow_mut() {
            bulk.advance(channel, subscription);
            return Ok(());
        }
        self.conn
            .prepare_cached(
                "UPDATE subscriptions SET cursor = ?3, next_at = ?4, open_until = ?5
                 WHERE channel_id = ?1 AND section_id = ?2",
            )?
            .execute(params![
                channel.get(),
                target::to_column(subscription.target),
                subscription.cursor,
                subscription.next_at.map(to_ms),
                subscription.open_until.map(to_ms),
            ])?;
        Ok(())
    }

    /// Works out anew when a channel is due.
    pub fn refresh_due(&self, channel: ChannelId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(&format!(
                "UPDATE channels SET due_at = {DUE_AT} WHERE id = ?1"
            ))?
            .execute([channel.get()])?;
        Ok(())
    }

    /// Erases all that is kept about a channel, so that it is in none of the store's files any more. What somebody
    /// reads at this moment leaves the log a little later.
    pub fn erase_channel(&self, channel: &ChannelRow) -> Result<(), StoreError> {
        self.has_erased.set(true);
        self.forget_channel(channel)
    }

    /// Drops the rows of all that is kept about a channel, answers on their way to it and waits included.
    pub(super) fn forget_channel(&self, channel: &ChannelRow) -> Result<(), StoreError> {
        let rows = self.subscriptions(channel.id)?;
        self.conn
            .execute("DELETE FROM channels WHERE id = ?1", [channel.id.get()])?;
        for watch in rows.iter().filter_map(|row| row.target.watch()) {
            self.forget_unfollowed(watch)?;
        }
        // A platform may have addresses of its own behind a channel's, which aren't channels; what goes there and isn't
        // an answer to anybody is about what was posted in the channel.
        for (table, behind) in [
            ("answers", "asked_at IS NULL AND kind = 'question'"),
            ("waits", "TRUE"),
        ] {
            self.conn.execute(
                &format!(
                    "DELETE FROM {table} WHERE channel = ?1 OR channel > ?1 || '/' AND channel < ?1 || '0' AND {behind}
                         AND NOT EXISTS (SELECT 1 FROM channels WHERE key = {table}.channel)"
                ),
                [channel.key.to_string()],
            )?;
        }
        self.conn.execute(
            "DELETE FROM parts WHERE NOT EXISTS (SELECT 1 FROM deliveries WHERE part_id = parts.id)",
            [],
        )?;
        Ok(())
    }
}
