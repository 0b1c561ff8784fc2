//! Corrections of parts that went in pieces: each piece holds some items of its part, and says them anew where they are
//! corrected. What a piece is to say is the platform's business; here is kept which edition each of them says.
//!
//! A piece that was refused for good is a part of its own. It takes corrections with it, and says them once it is tried again.

use super::engine::{OptionalExtension, params};

use super::{Edition, StoreError, WriteTx};
use tidings_core::ids::DeliveryId;
use tidings_core::platform::{Anew, Recut, Recutting};

/// How the pieces of a part stand beside its newest edition.
pub(super) struct StalePieces {
    /// The first that says something else.
    pub(super) piece: Option<StalePiece>,
    /// Whether one before it can't be corrected.
    pub(super) is_missed: bool,
}

/// A piece that says something else than its message does.
pub(super) struct StalePiece {
    /// Its number.
    pub(super) id: i64,
    /// What the platform called its message.
    pub(super) message: String,
    /// What that is to say.
    pub(super) wire: String,
}

impl WriteTx<'_> {
    /// What an edition of a part says without a mark; `None` where that isn't known.
    fn unmarked(&self, part: i64, edition: i64) -> Result<Option<String>, StoreError> {
        let sql = match edition {
            0 => "SELECT wire FROM parts WHERE id = ?1 AND ?2 = 0",
            _ => {
                "SELECT coalesce(fresh, unmarked) FROM editions WHERE part_id = ?1 AND edition = ?2"
            }
        };
        let text = self
            .conn
            .prepare_cached(sql)?
            .query_row([part, edition], |row| row.get(0))
            .optional()?;
        Ok(text.flatten())
    }

    /// What marks an edition of a part.
    fn mark(&self, part: i64, edition: i64) -> Result<Option<String>, StoreError> {
        let mark = self
            .conn
            .prepare_cached("SELECT mark FROM editions WHERE part_id = ?1 AND edition = ?2")?
            .query_row([part, edition], |row| row.get(0))
            .optional()?;
        Ok(mark.flatten())
    }

    /// What of a part in pieces says something else in its newest edition. Pieces in which nothing has changed say that from
    /// now on.
    pub(super) fn stale_piece(
        &self,
        id: DeliveryId,
        part: i64,
        newest: i64,
        recut: Recutting<'_>,
    ) -> Result<StalePieces, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT piece_id, message_id, wire, edition FROM sent_pieces WHERE delivery_id = ?1 ORDER BY piece_id",
        )?;
        let mut rows = statement.query([id.get()])?;
        let mut pieces: Vec<(i64, String, String, i64)> = Vec::new();
        while let Some(row) = rows.next()? {
            pieces.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
        // Pieces of earlier versions aren't kept.
        let mut is_missed = pieces.is_empty();
        let after = self.unmarked(part, newest)?;
        let mark = self.mark(part, newest)?;
        for (piece, message, wire, edition) in pieces {
            if edition >= newest {
                continue;
            }
            let texts = self.unmarked(part, edition)?.zip(after.as_ref());
            let anew = texts.map_or(Anew::Unknown, |(before, after)| {
                recut(&Recut {
                    piece: &wire,
                    before: &before,
                    after,
                    mark: mark.as_deref(),
                })
            });
            match anew {
                Anew::Says { wire, .. } => {
                    let piece = Some(StalePiece {
                        id: piece,
                        message,
                        wire,
                    });
                    return Ok(StalePieces { piece, is_missed });
                }
                Anew::Same => {}
                Anew::Unknown => is_missed = true,
            }
            self.piece_is_anew(id, piece, newest)?;
        }
        self.conn
            .prepare_cached("UPDATE deliveries SET edition = ?2 WHERE id = ?1")?
            .execute([id.get(), newest])?;
        Ok(StalePieces {
            piece: None,
            is_missed,
        })
    }

    /// A piece says an edition of its part from now on. Returns true if others don't yet.
    pub(super) fn piece_is_anew(
        &self,
        id: DeliveryId,
        piece: i64,
        edition: i64,
    ) -> Result<bool, StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE sent_pieces SET edition = ?3 WHERE delivery_id = ?1 AND piece_id = ?2",
            )?
            .execute([id.get(), piece, edition])?;
        let mut others = self
            .conn
            .prepare_cached("SELECT 1 FROM sent_pieces WHERE delivery_id = ?1 AND edition < ?2")?;
        Ok(others.exists([id.get(), edition])?)
    }

    /// A piece is as simple as a text from now on that goes instead of it: what it says is made anew of that.
    pub(super) fn recut_simpler(
        &self,
        id: DeliveryId,
        piece: i64,
        simpler: &str,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE sent_pieces SET wire = ?3 WHERE delivery_id = ?1 AND piece_id = ?2",
            )?
            .execute(params![id.get(), piece, simpler])?;
        Ok(())
    }

    /// Pieces of a part that were refused for good say its new edition from now on, as far as that concerns them. Returns the
    /// parts that they are.
    pub(super) fn recut_refused(
        &self,
        part: i64,
        edition: &Edition,
        recut: Recutting<'_>,
    ) -> Result<Vec<i64>, StoreError> {
        let Some(after) = edition.fresh.as_ref().or(edition.unmarked.as_ref()) else {
            return Ok(Vec::new());
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT id, wire, piece_edition, edition FROM parts WHERE piece_of = ?1 ORDER BY id",
        )?;
        let mut rows = statement.query([part])?;
        let mut pieces: Vec<(i64, String, i64, i64)> = Vec::new();
        while let Some(row) = rows.next()? {
            pieces.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
        }
        let mut changed = Vec::new();
        for (piece, wire, cut_from, said) in pieces {
            let Some(before) = self.unmarked(part, cut_from)? else {
                continue;
            };
            let anew = |mark| {
                recut(&Recut {
                    piece: &wire,
                    before: &before,
                    after,
                    mark,
                })
            };
            let edition = match (anew(None), anew(edition.mark.as_deref())) {
                (
                    Anew::Says {
                        wire: fresh,
                        is_withdrawn,
                    },
                    Anew::Says { wire: edited, .. },
                ) => Edition {
                    unmarked: is_withdrawn.then(|| fresh.clone()),
                    fresh: Some(fresh).filter(|_| !is_withdrawn),
                    edited,
                    mark: edition.mark.clone(),
                },
                // What was corrected was put back.
                (Anew::Same, _) if said > 0 => Edition {
                    fresh: Some(wire.clone()),
                    edited: wire,
                    unmarked: None,
                    mark: None,
                },
                _ => continue,
            };
            self.add_edition(piece, &edition)?;
            changed.push(piece);
        }
        Ok(changed)
    }
}
