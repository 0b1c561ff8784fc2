//! Pieces: what goes instead of a part that a platform refuses for what it says.
//!
//! The part stays one delivery: its pieces go one after the other, before the channel's next part. A piece that is
//! refused however simple it is becomes a part of its own that is set aside, and the others go on. Those that have arrived are
//! kept, so that what they show can be corrected.

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::{StoreError, WriteTx, to_ms};
use tidings_core::ids::DeliveryId;

impl WriteTx<'_> {
    /// The platform refuses what a part, or its piece whose turn it is, says: other texts go instead.
    pub fn replace_text(
        &self,
        id: DeliveryId,
        instead: &[String],
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let refused = self.first_piece(id)?;
        if let Some((piece, _)) = refused {
            self.drop_piece(piece)?;
        }
        // They take the place of the refused one, in front of what comes behind it.
        let last = refused.map_or(0, |(_, place)| place);
        let first = last - i64::try_from(instead.len()).unwrap_or(i64::MAX) + 1;
        let mut add = self
            .conn
            .prepare_cached("INSERT INTO pieces (delivery_id, place, wire) VALUES (?1, ?2, ?3)")?;
        for (place, wire) in (first..).zip(instead) {
            add.execute(params![id.get(), place, wire])?;
        }
        self.wait_again(id, now)?;
        self.conn.execute(
            "UPDATE deliveries SET last_error = ?2 WHERE id = ?1",
            params![id.get(), error],
        )?;
        Ok(())
    }

    /// A part or its piece has arrived: the next piece's turn comes. `false` if there is none.
    pub(super) fn next_piece(
        &self,
        id: DeliveryId,
        message: Option<&str>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some((piece, _)) = self.first_piece(id)? else {
            return Ok(false);
        };
        if let Some(message) = message {
            self.conn
                .prepare_cached(
                    "INSERT INTO sent_pieces (piece_id, delivery_id, message_id, wire, edition)
                     SELECT i.id, d.id, ?2, i.wire, d.edition
                     FROM pieces i JOIN deliveries d ON d.id = i.delivery_id WHERE i.id = ?1",
                )?
                .execute(params![piece, message])?;
        }
        self.drop_piece(piece)?;
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET message_id = coalesce(message_id, ?2), decided = decided + 1 WHERE id = ?1",
            )?
            .execute(params![id.get(), message])?;
        self.go_on(id, now)
    }

    /// A part or its piece is refused for good: where other pieces of it have arrived or are left, it becomes a part
    /// of its own that is set aside. `false` if there are none, so that the whole part is to be.
    pub(super) fn set_piece_aside(
        &self,
        id: DeliveryId,
        error: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Some((piece, _)) = self.first_piece(id)? else {
            return Ok(false);
        };
        let is_all: bool = self.conn.query_row(
            "SELECT d.decided = 0
                 AND NOT EXISTS (SELECT 1 FROM pieces WHERE delivery_id = d.id AND id <> ?2)
             FROM deliveries d WHERE d.id = ?1",
            params![id.get(), piece],
            |row| row.get(0),
        )?;
        if is_all {
            self.drop_piece(piece)?;
            return Ok(false);
        }
        // Channels share a text that was refused, as they share one that is sent.
        let known: Option<i64> = self
            .conn
            .query_row(
                "SELECT p.id FROM deliveries d JOIN parts p ON p.id = d.part_id
                 JOIN deliveries whole ON whole.id = ?2
                 WHERE d.state = 'dead' AND p.piece_of = whole.part_id AND p.piece_edition = whole.edition
                   AND p.wire = (SELECT wire FROM pieces WHERE id = ?1) LIMIT 1",
                params![piece, id.get()],
                |row| row.get(0),
            )
            .optional()?;
        let part = match known {
            Some(part) => part,
            None => self
                .conn
                .prepare_cached(
                    "INSERT INTO parts (wire, piece_of, piece_edition)
                     SELECT i.wire, d.part_id, d.edition
                     FROM pieces i JOIN deliveries d ON d.id = i.delivery_id WHERE i.id = ?1",
                )?
                .insert([piece])?,
        };
        self.conn.execute(
            "INSERT INTO deliveries (channel_id, platform, part_id, state, attempts, not_before_at, last_error,
                 created_at, settled_at, post_id)
             SELECT channel_id, platform, ?2, 'dead', attempts, ?3, ?4, created_at, ?3, post_id
             FROM deliveries WHERE id = ?1",
            params![id.get(), part, to_ms(now), error],
        )?;
        self.drop_piece(piece)?;
        self.conn.execute(
            "UPDATE deliveries SET decided = decided + 1 WHERE id = ?1",
            [id.get()],
        )?;
        if !self.go_on(id, now)? {
            self.conn.execute(
                "UPDATE deliveries SET state = 'sent', settled_at = ?2 WHERE id = ?1",
                params![id.get(), to_ms(now)],
            )?;
        }
        Ok(true)
    }

    /// The piece whose turn it is, and its place.
    pub(super) fn first_piece(&self, id: DeliveryId) -> Result<Option<(i64, i64)>, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT id, place FROM pieces WHERE delivery_id = ?1 ORDER BY place LIMIT 1",
            )?
            .query_row([id.get()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?)
    }

    fn drop_piece(&self, piece: i64) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM pieces WHERE id = ?1")?
            .execute([piece])?;
        Ok(())
    }

    /// Has the next piece sent; `false` if there is none.
    fn go_on(&self, id: DeliveryId, now: Timestamp) -> Result<bool, StoreError> {
        if self.first_piece(id)?.is_none() {
            return Ok(false);
        }
        self.wait_again(id, now)?;
        Ok(true)
    }

    fn wait_again(&self, id: DeliveryId, now: Timestamp) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE deliveries SET state = 'pending', attempts = 0, not_before_at = ?2 WHERE id = ?1",
            )?
            .execute(params![id.get(), to_ms(now)])?;
        Ok(())
    }
}
