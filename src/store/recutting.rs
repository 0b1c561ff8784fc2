//! Corrections of parts that went in pieces: each piece holds some items of its part, and says them anew where they are
//! corrected. What a piece is to say is the platform's business; here is kept which edition each of them says.
//!
//! A piece that was refused for good is a part of its own. It takes corrections with it, and says them once it is tried again.

use super::engine::{OptionalExtension, params};

use super::corrections::LEFT_BEHIND;
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
    /// now on. Where it `has_message`, a piece at least has arrived.
    pub(super) fn stale_piece(
        &self,
        id: DeliveryId,
        has_message: bool,
        (part, newest): (i64, i64),
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
        let mut is_missed = pieces.is_empty() && has_message;
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
                Anew::Says { .. } if message == LEFT_BEHIND => is_missed = true,
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

    /// Pieces of a part that were refused for good say its newest edition from now on, as far as that concerns them. Returns the
    /// parts that they are.
    pub(super) fn recut_refused(
        &self,
        part: i64,
        recut: Recutting<'_>,
    ) -> Result<Vec<i64>, StoreError> {
        let newest: i64 = self
            .conn
            .prepare_cached("SELECT edition FROM parts WHERE id = ?1")?
            .query_row([part], |row| row.get(0))?;
        let Some(after) = self.unmarked(part, newest)? else {
            return Ok(Vec::new());
        };
        let mark = self.mark(part, newest)?;
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
                    after: &after,
                    mark,
                })
            };
            let edition = match (anew(None), anew(mark.as_deref())) {
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
                    mark: mark.clone(),
                },
                // What was corrected was put back.
                (Anew::Same, _) => Edition {
                    fresh: Some(wire.clone()),
                    edited: wire,
                    unmarked: None,
                    mark: None,
                },
                _ => continue,
            };
            if self.says(piece, said, &edition)? {
                continue;
            }
            self.add_edition(piece, &edition)?;
            changed.push(piece);
        }
        Ok(changed)
    }

    /// Whether an edition of a part, told by its number, says what another one is to say.
    fn says(&self, part: i64, number: i64, other: &Edition) -> Result<bool, StoreError> {
        let is_withdrawn = number > 0 && self.edition(part, number)?.is_none();
        let says = self.unmarked(part, number)?;
        Ok(is_withdrawn == other.fresh.is_none()
            && says.as_ref() == other.fresh.as_ref().or(other.unmarked.as_ref()))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use tidings_core::delivery::Settlement;
    use tidings_core::ids::ChannelKey;

    use super::*;
    use crate::{ClaimCursor, OpenMode, Stale, Store};

    /// Pieces here are words, which stand where they stood.
    fn recut(recut: &Recut<'_>) -> Anew {
        let at = recut.before.split(' ').position(|word| word == recut.piece);
        let says = at.and_then(|at| recut.after.split(' ').nth(at));
        match says {
            None => Anew::Unknown,
            Some(word) if word == recut.piece => Anew::Same,
            Some(word) => Anew::Says {
                wire: match recut.mark {
                    Some(mark) => format!("{word} {mark}"),
                    None => word.to_owned(),
                },
                is_withdrawn: false,
            },
        }
    }

    /// What arrives of a part whose words are refused together, some of them alone as well, and that is corrected when the one
    /// before the last is on its way; then once more, when those that were set aside are tried again. And how many messages
    /// couldn't be corrected.
    fn arriving(refused: &[&str]) -> (Vec<String>, usize) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("a.db"), OpenMode::Work).unwrap();
        let now: Timestamp = "2026-11-06T12:00:00Z".parse().unwrap();
        let arrived = store.blocking().write(|db| {
            let key = ChannelKey::new("talk", "1").unwrap();
            let channel = db.channel_or_new(&key, now)?;
            let part = db.add_part("one two three")?;
            db.enqueue(&channel, &[part], now)?;
            db.keep_composed(part, "talk", &[part], "{}", &[], now)?;
            let stale = Stale {
                first_part: part,
                parts: vec![part],
                made: "{}".to_owned(),
            };
            let mut arrived = Vec::new();
            let corrected = Edition {
                fresh: Some("one TWO three".to_owned()),
                edited: "one TWO three *".to_owned(),
                unmarked: None,
                mark: Some("*".to_owned()),
            };
            let claim =
                |db: &WriteTx<'_>| db.claim_of(channel.id, now, &mut ClaimCursor::default());
            while let Some(claimed) = claim(db)? {
                match claimed.wire.as_str() {
                    "one two three" => {
                        let words = ["one", "two", "three"].map(str::to_owned);
                        db.replace_text(claimed.id, &words, "refused", now)?;
                        continue;
                    }
                    "two" => {
                        db.correct(
                            &stale,
                            "{}",
                            std::slice::from_ref(&corrected),
                            true,
                            &recut,
                            now,
                        )?;
                    }
                    _ => {}
                }
                let settlement = match refused.contains(&claimed.wire.as_str()) {
                    true => Settlement::Dead {
                        error: "refused".to_owned(),
                    },
                    false => {
                        let message = Some(claimed.wire.clone());
                        arrived.push(claimed.wire);
                        Settlement::Sent { message }
                    }
                };
                db.settle(claimed.id, &settlement, now)?;
            }
            for _ in 0..3 {
                for edit in db.claim_edits("talk", now, 10, &recut)? {
                    arrived.push(format!("{} in {}", edit.wire, edit.message));
                    db.settle_edit(&edit, &Settlement::Sent { message: None }, now)?;
                }
            }
            db.retry_dead(None, now)?;
            while let Some(claimed) = claim(db)? {
                arrived.push(claimed.wire);
                db.settle(claimed.id, &Settlement::Sent { message: None }, now)?;
            }
            Ok::<_, StoreError>((arrived, db.queue(None)?.uncorrected))
        });
        arrived.unwrap()
    }

    #[test]
    fn a_piece_that_is_set_aside_after_its_part_was_corrected_says_that_once_it_is_tried_again() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        assert_eq!(
            arriving(&[]),
            (words(&["one", "two", "three", "TWO * in two"]), 0)
        );
        assert_eq!(arriving(&["two"]), (words(&["one", "three", "TWO"]), 0));
        // Of what nobody got, nothing was corrected in vain.
        let all = ["one", "two", "three"];
        assert_eq!(arriving(&all), (words(&["one", "TWO", "three"]), 0));
    }
}
