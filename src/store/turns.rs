//! Turns: in which order the answers that wait in a channel go, so that whoever asks a lot delays nobody.

use super::engine::params;
use jiff::Timestamp;

use super::answers::{Answer, AnswerKind, ClaimedAnswer, TURN};
use super::{StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::ids::{AnswerId, ChannelKey};

impl WriteTx<'_> {
    /// The turn of a new answer in a channel: behind the asker's own that wait there, and with those of the others
    /// whose turn is next.
    pub(super) fn turn_of(&self, answer: &Answer, channel: &ChannelKey) -> Result<i64, StoreError> {
        let waiting = "FROM answers WHERE channel = ?1 AND kind = ?2";
        let turn = if answer.is_first {
            format!("SELECT (SELECT min(turn) - 1 {waiting})")
        } else {
            format!(
                "SELECT coalesce((SELECT max(turn) + 1 {waiting} AND asker = ?3), (SELECT min(turn) {waiting}))"
            )
        };
        let values = params![channel.to_string(), answer.kind.as_str(), answer.asker];
        let values = if answer.is_first {
            &values[..2]
        } else {
            values
        };
        let turn: Option<i64> = self
            .conn
            .prepare_cached(&turn)?
            .query_row(values, |row| row.get(0))?;
        Ok(turn.unwrap_or_default())
    }

    /// Takes the next answer of each kind of each channel of a platform whose time has come, changes first and then
    /// the oldest, and marks it as being sent. In one channel they go in turns, one of each asker's after the other; those
    /// that their askers alone see wait for nobody else.
    pub fn claim_answers(
        &self,
        platform: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<ClaimedAnswer>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT a.id, a.channel, a.wire, a.attempts, a.kind,
                 CASE WHEN a.asked_at IS NOT NULL AND a.first_id IS NULL AND a.state = 'pending' THEN a.created_at END,
                 a.expires_at
             FROM answers a
             WHERE a.platform = ?1 AND a.state <> 'sending' AND a.not_before_at <= ?2
               AND NOT EXISTS (
                   SELECT 1 FROM answers b WHERE b.channel = a.channel AND b.kind = a.kind AND b.state = 'sending'
                       AND (a.kind <> 'private' OR b.asker IS NOT DISTINCT FROM a.asker))
               AND NOT EXISTS (
                   SELECT 1 FROM answers b WHERE b.channel = a.channel AND b.kind = a.kind
                       AND (b.turn, b.id) < (a.turn, a.id) AND (a.kind <> 'private' OR b.asker IS NOT DISTINCT FROM a.asker))
             ORDER BY a.kind <> 'change', a.id LIMIT ?3",
        )?;
        let mut rows = statement.query(params![platform, to_ms(now), limit])?;
        let mut claimed = Vec::new();
        while let Some(row) = rows.next()? {
            let channel: String = row.get(1)?;
            let kind: String = row.get(4)?;
            let came = from_ms_opt(row.get(5)?)?;
            let expires = from_ms_opt(row.get(6)?)?;
            claimed.push(ClaimedAnswer {
                id: AnswerId::new(row.get(0)?),
                channel: channel
                    .parse()
                    .map_err(|_| StoreError::unexpected("a channel", channel))?,
                wire: row.get(2)?,
                attempts: row.get(3)?,
                kind: AnswerKind::parse(&kind)?,
                until: expires.or(came.and_then(|came| came.checked_add(TURN).ok())),
            });
        }
        let mut mark = self.conn.prepare_cached(
            "UPDATE answers SET state = 'sending', attempts = attempts + 1 WHERE id = ?1",
        )?;
        for answer in &claimed {
            mark.execute([answer.id.get()])?;
        }
        Ok(claimed)
    }
}
