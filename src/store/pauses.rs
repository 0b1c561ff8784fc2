//! Pauses: channels to which nothing is delivered, by a manager's wish or because they don't want us.

use super::engine::params;
use jiff::{SignedDuration, Timestamp};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};

use super::deliveries::key;
use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::ids::{ChannelId, ChannelKey};

impl ReadTx<'_> {
    /// Channels that a platform stopped, whose time to be tried again has come, and for which no part waits
    /// that would try them.
    pub fn resting(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ChannelKey>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT key FROM channels WHERE platform = ?1 AND paused_by = 'platform' AND retry_at <= ?2
                 AND NOT EXISTS (SELECT 1 FROM deliveries WHERE channel_id = channels.id
                      AND state IN ('pending', 'sending', 'unknown'))
             ORDER BY retry_at, id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![platform, to_ms(now), limit])?;
        let mut keys = Vec::new();
        while let Some(row) = rows.next()? {
            keys.push(key(row.get(0)?)?);
        }
        Ok(keys)
    }
}

impl WriteTx<'_> {
    /// Stops deliveries, or lets them go on.
    pub fn set_pause(&self, channel: ChannelId, pause: Option<&Pause>) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE channels SET paused_by = ?2, paused_at = ?3, pause_reason = ?4, paused_until = ?5, tries = 0,
                 retry_at = NULL, refused_at = NULL, refusal = NULL WHERE id = ?1",
            params![
                channel.get(),
                pause.map(|pause| match pause.by {
                    PausedBy::Manager => "manager",
                    PausedBy::Platform => "platform",
                }),
                pause.map(|pause| to_ms(pause.since)),
                pause.and_then(|pause| pause.reason.as_deref()),
                pause.and_then(|pause| pause.until).map(to_ms),
            ],
        )?;
        self.conn.execute(
            "UPDATE subscriptions SET paused = ?2 WHERE channel_id = ?1",
            params![channel.get(), pause.is_some()],
        )?;
        self.refresh_due(channel)
    }

    /// A manager stops deliveries, or says anew until when. That the platform stopped them already is kept in mind.
    pub fn pause_by_manager(
        &self,
        channel: &ChannelRow,
        until: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let before = channel.pause.as_ref();
        // Who takes the end away is there, and begins anew what may be kept for so long only.
        let since = before.filter(|pause| pause.by == PausedBy::Manager && until.is_some());
        let refused = match before {
            Some(pause) if pause.by == PausedBy::Platform => {
                Some((pause.since, pause.reason.clone().unwrap_or_default()))
            }
            _ => self.refusal(channel.id)?,
        };
        let pause = Pause {
            by: PausedBy::Manager,
            since: since.map_or(now, |pause| pause.since),
            reason: None,
            until,
        };
        self.set_pause(channel.id, Some(&pause))?;
        match refused {
            Some((since, reason)) => self.note_refusal(channel.id, &reason, since),
            None => Ok(()),
        }
    }

    /// Ends a manager's pause whose time is over: it is as if somebody had ended it, and where the platform has said
    /// meanwhile that it takes nothing, it is the platform's pause from then on, and is tried at the next look.
    pub fn end_pause(&self, channel: &ChannelRow, now: Timestamp) -> Result<(), StoreError> {
        let refused = self.refusal(channel.id)?;
        let pause = refused.map(|(since, reason)| Pause {
            by: PausedBy::Platform,
            since,
            reason: Some(reason),
            until: None,
        });
        self.set_pause(channel.id, pause.as_ref())?;
        if pause.is_some() {
            self.conn.execute(
                "UPDATE channels SET retry_at = ?2 WHERE id = ?1",
                [channel.id.get(), to_ms(now)],
            )?;
        }
        Ok(())
    }

    /// What the platform said while a manager's pause was there.
    fn refusal(&self, channel: ChannelId) -> Result<Option<(Timestamp, String)>, StoreError> {
        let found: (Option<i64>, Option<String>) = self
            .conn
            .prepare_cached("SELECT refused_at, refusal FROM channels WHERE id = ?1")?
            .query_row([channel.get()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(from_ms_opt(found.0)?.zip(found.1))
    }

    fn note_refusal(
        &self,
        channel: ChannelId,
        reason: &str,
        since: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE channels SET refused_at = ?2, refusal = ?3 WHERE id = ?1 AND refused_at IS NULL",
            params![channel.get(), to_ms(since), reason],
        )?;
        Ok(())
    }

    /// Stops deliveries to a channel that doesn't want us, until `pause` of the number of tries is over. A
    /// manager's pause stays as it is; that the platform wants nothing counts once it is over. A forgotten channel stays
    /// forgotten.
    pub fn pause_by_platform(
        &self,
        key: &ChannelKey,
        reason: &str,
        now: Timestamp,
        pause: fn(u32) -> SignedDuration,
    ) -> Result<(), StoreError> {
        let Some(channel) = self.channel(key)? else {
            return Ok(());
        };
        let by_platform = |p: &Pause| p.by == PausedBy::Platform;
        if channel.pause.as_ref().is_some_and(|p| !by_platform(p)) {
            return self.note_refusal(channel.id, reason, now);
        }
        if channel.pause.is_none() {
            let stopped = Pause {
                by: PausedBy::Platform,
                since: now,
                reason: Some(reason.to_owned()),
                until: None,
            };
            self.set_pause(channel.id, Some(&stopped))?;
        }
        let tries: u32 = self.conn.query_row(
            "SELECT tries FROM channels WHERE id = ?1",
            [channel.id.get()],
            |row| row.get(0),
        )?;
        let retry = now.checked_add(pause(tries)).unwrap_or(now);
        self.conn.execute(
            "UPDATE channels SET tries = tries + 1, retry_at = ?2 WHERE id = ?1",
            [channel.id.get(), to_ms(retry)],
        )?;
        Ok(())
    }

    /// A channel that didn't want us does again: deliveries go on, unless a manager has stopped them. `false` if the
    /// platform hadn't stopped them. What began to be sent at a moment says nothing about a pause that has come since.
    pub fn mark_reachable(
        &self,
        key: &ChannelKey,
        sent: Option<Timestamp>,
    ) -> Result<bool, StoreError> {
        let Some(channel) = self.channel(key)? else {
            return Ok(false);
        };
        let refused = self.refusal(channel.id)?;
        if refused.is_some_and(|(since, _)| sent.is_none_or(|sent| sent > since)) {
            self.conn.execute(
                "UPDATE channels SET refused_at = NULL, refusal = NULL WHERE id = ?1",
                [channel.id.get()],
            )?;
        }
        let ends = |pause: &Pause| {
            pause.by == PausedBy::Platform && sent.is_none_or(|sent| sent > pause.since)
        };
        if !channel.pause.as_ref().is_some_and(ends) {
            return Ok(false);
        }
        self.set_pause(channel.id, None)?;
        Ok(true)
    }
}
