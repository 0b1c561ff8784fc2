//! Claims and outcomes of many parts at once, where each statement is a journey to a server and back: one by one, a part took seven
//! of them.

use std::collections::HashSet;

use jiff::Timestamp;

use super::claims::{COUNTED, ClaimCursor, Claimed, HEAD, OF_HEAD, Seen, read_head};
use super::engine::{array, params};
use super::{StoreError, WriteTx, to_ms};
use tidings_core::delivery::Settlement;
use tidings_core::ids::{ChannelId, DeliveryId};

impl WriteTx<'_> {
    /// As [`WriteTx::claim`], on a server.
    pub(super) fn claim_in_bulk(
        &self,
        platform: &str,
        now: Timestamp,
        round: &mut ClaimCursor,
        limit: usize,
    ) -> Result<Vec<Claimed>, StoreError> {
        // From the first open part of one channel to that of the next.
        let mut walk = self.conn.prepare_cached(
            "WITH RECURSIVE heads AS (
                 (SELECT channel_id, id FROM deliveries
                  WHERE platform = ?1 AND channel_id > ?2 AND state IN ('pending', 'sending', 'unknown')
                  ORDER BY channel_id, id LIMIT 1)
                 UNION ALL
                 SELECT next.channel_id, next.id FROM heads, LATERAL (
                     SELECT d.channel_id, d.id FROM deliveries d
                     WHERE d.platform = ?1 AND d.channel_id > heads.channel_id AND d.state IN ('pending', 'sending', 'unknown')
                     ORDER BY d.channel_id, d.id LIMIT 1) AS next)
             SELECT channel_id, id FROM heads LIMIT ?3",
        )?;
        let mut claimed = Vec::new();
        let mut steps = limit * 8;
        while claimed.len() < limit && steps > 0 {
            let wanted = (limit - claimed.len()).min(steps);
            let found = walk.query_map(params![platform, round.after, wanted], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
            let heads: Vec<(i64, i64)> = found.collect::<Result<_, _>>()?;
            steps -= heads.len();
            if let Some((channel, _)) = heads.last() {
                round.after = *channel;
            }
            claimed.extend(self.claim_heads(heads.iter().map(|(_, id)| *id), now, round)?);
            if heads.len() < wanted {
                round.after = 0;
                round.complete = true;
                break;
            }
        }
        Ok(claimed)
    }

    /// As [`WriteTx::claim_of`] for each of these channels, on a server.
    pub(super) fn claim_of_in_bulk(
        &self,
        channels: &[ChannelId],
        now: Timestamp,
        round: &mut ClaimCursor,
    ) -> Result<Vec<Claimed>, StoreError> {
        // Each once, however often it was named.
        let channels: HashSet<i64> = channels.iter().map(|channel| channel.get()).collect();
        let heads: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT head.id FROM unnest(CAST(?1 AS bigint[])) AS wanted(channel), LATERAL (
                     SELECT d.id FROM deliveries d
                     WHERE d.channel_id = wanted.channel AND d.state IN ('pending', 'sending', 'unknown')
                     ORDER BY d.id LIMIT 1) AS head",
            )?
            .query_map([array(channels)], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        self.claim_heads(heads, now, round)
    }

    /// Takes first open parts whose time has come.
    fn claim_heads(
        &self,
        heads: impl IntoIterator<Item = i64>,
        now: Timestamp,
        round: &mut ClaimCursor,
    ) -> Result<Vec<Claimed>, StoreError> {
        let heads = array(heads);
        let mut claimed = Vec::new();
        let mut corrected = Vec::new();
        {
            let mut statement = self.conn.prepare_cached(&format!(
                "SELECT {HEAD} FROM unnest(CAST(?1 AS bigint[])) WITH ORDINALITY AS wanted(id, place)
                 JOIN deliveries d ON d.id = wanted.id {OF_HEAD} ORDER BY wanted.place"
            ))?;
            let mut rows = statement.query(params![heads, COUNTED])?;
            while let Some(row) = rows.next()? {
                match read_head(row, now)? {
                    Seen::Ready(part, None) => claimed.push(*part),
                    Seen::Ready(part, Some(_)) => corrected.push(part.channel_id),
                    Seen::Later(at) => round.waits_until(at),
                    Seen::Taken => {}
                }
            }
        }
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = 'sending', attempts = attempts + 1, epoch = ?2
                 WHERE id = ANY (CAST(?1 AS bigint[]))",
            )?
            .execute(params![
                array(claimed.iter().map(|part| part.id.get())),
                self.epoch
            ])?;
        // Few: what they say instead is looked for one by one, and may be nothing.
        for channel in corrected {
            claimed.extend(self.claim_of(channel, now, round)?);
        }
        Ok(claimed)
    }

    /// Writes down that parts, or the pieces of them whose turn it was, have arrived, each with what the platform calls the message.
    pub fn settle_arrived(
        &self,
        arrived: &[(DeliveryId, Option<&str>)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut settled: HashSet<i64> = HashSet::new();
        if self.conn.is_server() && !arrived.is_empty() {
            // A value of JSON can't say U+0000, which no text in a store holds anyway.
            let rows = arrived.iter().map(|(id, message)| {
                let message = message.map(|message| message.replace('\0', ""));
                serde_json::json!([id.get(), message])
            });
            let rows = serde_json::Value::Array(rows.collect()).to_string();
            settled = self
                .conn
                .prepare_cached(
                    "UPDATE deliveries SET state = 'sent', settled_at = ?2, message_id = coalesce(message_id, x ->> 1)
                     FROM jsonb_array_elements(CAST(?1 AS jsonb)) AS x
                     WHERE deliveries.id = CAST(x ->> 0 AS bigint)
                         AND NOT EXISTS (SELECT 1 FROM pieces WHERE delivery_id = deliveries.id)
                     RETURNING deliveries.id",
                )?
                .query_map(params![rows, to_ms(now)], |row| row.get(0))?
                .collect::<Result<_, _>>()?;
        }
        for (id, message) in arrived
            .iter()
            .filter(|(id, _)| !settled.contains(&id.get()))
        {
            let message = message.map(str::to_owned);
            self.settle(*id, &Settlement::Sent { message }, now)?;
        }
        Ok(())
    }
}
