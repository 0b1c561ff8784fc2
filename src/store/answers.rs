//! Answers to people on their way, and what was answered already.
//!
//! An answer is stored in the transaction that notes its event as handled; only then is the event
//! acknowledged to the platform. So a crash neither loses a command nor has it done twice over.

use super::engine::{OptionalExtension, params};
use jiff::{SignedDuration, Timestamp};

use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::ids::{AnswerId, ChannelKey};

/// How long events are remembered as handled: platforms keep what isn't acknowledged for a day, so nothing
/// older comes again.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(48);

/// How often an answer may have been in flight when the process ended: after that, somebody may have read it
/// twice already.
const INTERRUPTIONS: u32 = 2;

/// How long a question's answer waits for its turn: who has waited for longer has asked again, or gone on
/// (design.md: "one that waited a minute with us is dropped").
pub(super) const TURN: SignedDuration = SignedDuration::from_mins(1);

/// How old a question may be that is answered at all (design.md: "a reader's question asked over ten minutes ago isn't
/// answered"): longer than most troubles last, shorter than people wait.
pub const FRESH: SignedDuration = SignedDuration::from_mins(10);

/// How long an answer that its asker alone sees may take (design.md: "a private answer lives 15 s in the ledger").
const PRIVATE: SignedDuration = SignedDuration::from_secs(15);

/// What an answer is to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AnswerKind {
    /// A manager's change, or news for the operator.
    Change,
    /// A question whose asker alone sees the answer, among others. It ends after 15 seconds, waits behind nothing but
    /// the asker's own, and isn't sent by a process that wasn't asked.
    Private,
    /// Anything else.
    #[default]
    Question,
}

impl AnswerKind {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            AnswerKind::Change => "change",
            AnswerKind::Private => "private",
            AnswerKind::Question => "question",
        }
    }

    pub(super) fn parse(text: &str) -> Result<AnswerKind, StoreError> {
        match text {
            "change" => Ok(AnswerKind::Change),
            "private" => Ok(AnswerKind::Private),
            "question" => Ok(AnswerKind::Question),
            _ => Err(StoreError::unexpected("an answer's kind", text.to_owned())),
        }
    }
}

/// An answer to somebody, as it is put on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its messages with where they go, as the platform made them, in their order.
    pub messages: Vec<(ChannelKey, String)>,
    /// What it is to.
    pub kind: AnswerKind,
    /// When the question was asked; `None` where the answer is given however late it is.
    pub asked_at: Option<Timestamp>,
    /// The message that is sent instead where the answer would come too late.
    pub late: Option<String>,
    /// Where that is said; `None` where the answer would have gone.
    pub late_to: Option<ChannelKey>,
    /// Who asked, by the platform's number: the answers in one channel go in turns, so that whoever asks a lot delays
    /// nobody.
    pub asker: Option<i64>,
    /// Whether it goes before whatever waits in its channel, since it says something about that.
    pub is_first: bool,
}

impl From<Vec<(ChannelKey, String)>> for Answer {
    fn from(messages: Vec<(ChannelKey, String)>) -> Answer {
        Answer {
            messages,
            ..Answer::default()
        }
    }
}

/// An answer that this process may send now. It is `sending` in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClaimedAnswer {
    /// Its row.
    pub id: AnswerId,
    /// Where it goes.
    pub channel: ChannelKey,
    /// What the platform made of it.
    pub wire: String,
    /// How often it was tried before.
    pub attempts: u32,
    /// What it is to.
    pub kind: AnswerKind,
    /// Until when it waits for its turn; `None` if for as long as it takes.
    pub until: Option<Timestamp>,
}

impl ClaimedAnswer {
    /// A name for it that no other answer has.
    pub fn nonce(&self) -> String {
        format!("a{:x}", self.id.get())
    }
}

impl ReadTx<'_> {
    /// Whether an answer that somebody alone sees is on its way to a channel.
    pub fn has_private_answer(
        &self,
        channel: &ChannelKey,
        asker: Option<i64>,
    ) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT 1 FROM answers WHERE channel = ?1 AND kind = 'private' AND asker IS NOT DISTINCT FROM ?2",
            )?
            .exists(params![channel.to_string(), asker])?)
    }

    /// Whether an event of a platform is answered.
    pub fn is_handled(&self, platform: &str, event: u64) -> Result<bool, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT 1 FROM handled WHERE platform = ?1 AND event = ?2")?
            .query_row(params![platform, event.cast_signed()], |_| Ok(()))
            .optional()?
            .is_some())
    }

    /// When the next answer of a platform may be tried; `None` if none waits.
    pub fn next_answer(&self, platform: &str) -> Result<Option<Timestamp>, StoreError> {
        let next = self
            .conn
            .prepare_cached(
                "SELECT min(not_before_at) FROM answers WHERE platform = ?1 AND state <> 'sending'",
            )?
            .query_row([platform], |row| row.get(0))?;
        from_ms_opt(next)
    }
}

impl WriteTx<'_> {
    /// Notes that an event is answered, and forgets those that can't come again. `false` if that was noted before.
    pub fn mark_handled(
        &self,
        platform: &str,
        event: u64,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let noted = self
            .conn
            .prepare_cached(
                "INSERT INTO handled (platform, event, handled_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (platform, event) DO NOTHING",
            )?
            .execute(params![platform, event.cast_signed(), to_ms(now)])?;
        let old = now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        self.conn
            .prepare_cached("DELETE FROM handled WHERE handled_at < ?1")?
            .execute([to_ms(old)])?;
        Ok(noted > 0)
    }

    /// Puts one message on its way, which is given however late it is.
    pub fn add_answer(
        &self,
        channel: &ChannelKey,
        wire: &str,
        kind: AnswerKind,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let answer = Answer {
            messages: vec![(channel.clone(), wire.to_owned())],
            kind,
            ..Answer::default()
        };
        self.add_answers(&answer, now)
    }

    /// Puts the messages of an answer on their way.
    pub fn add_answers(&self, answer: &Answer, now: Timestamp) -> Result<(), StoreError> {
        let mut add = self.conn.prepare_cached(
            "INSERT INTO answers
                 (platform, channel, wire, state, not_before_at, created_at, kind, asked_at, late, first_id,
                  asker, turn, expires_at, late_to)
             VALUES (?1, ?2, ?3, 'pending', ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        let expires = match answer.kind {
            AnswerKind::Private => Some(now.checked_add(PRIVATE).unwrap_or(now)),
            AnswerKind::Change | AnswerKind::Question => None,
        };
        let mut first = None;
        let mut turn: Option<(&ChannelKey, i64)> = None;
        for (channel, wire) in &answer.messages {
            let turn = match turn {
                Some((of, turn)) if of == channel => turn,
                _ => turn.insert((channel, self.turn_of(answer, channel)?)).1,
            };
            let id = add.insert(params![
                channel.platform(),
                channel.to_string(),
                wire,
                to_ms(now),
                answer.kind.as_str(),
                answer.asked_at.map(to_ms),
                answer.late.as_ref().filter(|_| first.is_none()),
                first,
                answer.asker,
                turn,
                expires.map(to_ms),
                answer.late_to.as_ref().map(ToString::to_string),
            ])?;
            first.get_or_insert(id);
        }
        Ok(())
    }

    /// Drops the answers of a platform that come too late: those that have waited for their turn for too long, those to
    /// questions of long ago, and private ones whose time is over. Who can be told without anybody else seeing it is told
    /// once.
    pub fn drop_late_answers(&self, platform: &str, now: Timestamp) -> Result<(), StoreError> {
        self.end_private_answers(platform, Some(now))?;
        let before = |age: SignedDuration| to_ms(now.checked_sub(age).unwrap_or(Timestamp::MIN));
        let mut late = self.conn.prepare_cached(
            "SELECT id, channel, late FROM answers
             WHERE platform = ?1 AND asked_at IS NOT NULL AND first_id IS NULL AND state <> 'sending'
               AND (state = 'pending' AND created_at <= ?2 OR asked_at <= ?3)
             ORDER BY id",
        )?;
        let rows = late.query_map(params![platform, before(TURN), before(FRESH)], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
        let late: Vec<(i64, String, Option<String>)> = rows.collect::<Result<_, _>>()?;
        if late.is_empty() {
            return Ok(());
        }
        tracing::info!(
            platform,
            answers = late.len(),
            "questions waited for too long and aren't answered"
        );
        let mut told: Vec<String> = Vec::new();
        for (id, channel, instead) in late {
            self.conn
                .prepare_cached("DELETE FROM answers WHERE first_id = ?1 AND state <> 'sending'")?
                .execute([id])?;
            match instead.filter(|_| !told.contains(&channel)) {
                Some(instead) => {
                    self.conn
                        .prepare_cached(
                            "UPDATE answers SET wire = ?2, state = 'pending', late = NULL, asked_at = NULL
                             WHERE id = ?1",
                        )?
                        .execute(params![id, instead])?;
                    told.push(channel);
                }
                None => self.end_answer(AnswerId::new(id))?,
            }
        }
        Ok(())
    }

    /// An answer has arrived, or never will.
    pub fn end_answer(&self, id: AnswerId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached("DELETE FROM answers WHERE id = ?1")?
            .execute([id.get()])?;
        Ok(())
    }

    /// An answer didn't arrive, and is tried again; `unknown` if it may have arrived all the same.
    pub fn postpone_answer(
        &self,
        id: AnswerId,
        not_before: Timestamp,
        error: &str,
        unknown: bool,
    ) -> Result<(), StoreError> {
        let state = if unknown { "unknown" } else { "pending" };
        self.conn
            .prepare_cached(
                "UPDATE answers SET state = ?2, not_before_at = ?3, last_error = ?4 WHERE id = ?1",
            )?
            .execute(params![id.get(), state, to_ms(not_before), error])?;
        Ok(())
    }

    /// An answer was claimed and never tried.
    pub fn return_answer(&self, id: AnswerId) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE answers SET state = 'pending', attempts = attempts - 1 WHERE id = ?1",
            )?
            .execute([id.get()])?;
        Ok(())
    }

    /// The platform refuses what an answer says: other texts go instead, in its place.
    pub fn replace_answer(
        &self,
        id: AnswerId,
        instead: &[String],
        error: &str,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let Some((first, rest)) = instead.split_first() else {
            return self.end_answer(id);
        };
        // What comes behind in the same channel goes behind the new texts as well.
        let channel = "(SELECT channel FROM answers WHERE id = ?1)";
        let last: i64 = self
            .conn
            .query_row("SELECT max(id) FROM answers", [], |row| row.get(0))?;
        for wire in rest {
            self.conn.execute(
                "INSERT INTO answers
                     (platform, channel, wire, state, not_before_at, created_at, kind, first_id, asker, turn, expires_at)
                 SELECT platform, channel, ?2, 'pending', ?3, created_at, kind, id, asker, turn, expires_at
                 FROM answers WHERE id = ?1",
                params![id.get(), wire, to_ms(now)],
            )?;
        }
        if !rest.is_empty() {
            const KEPT: &str = "platform, channel, wire, state, attempts, interrupted, not_before_at, last_error, created_at, kind, asked_at, late, asker, turn, expires_at, late_to";
            let kind = "(SELECT kind FROM answers WHERE id = ?1)";
            // Private ones wait for their asker's own alone; another's may be on its way.
            let asker = "(SELECT asker FROM answers WHERE id = ?1)";
            let behind = format!(
                "channel = {channel} AND kind = {kind} AND (kind <> 'private' OR asker IS NOT DISTINCT FROM {asker})
                 AND id > ?1 AND id <= ?2"
            );
            self.conn.execute(
                &format!("INSERT INTO answers ({KEPT}) SELECT {KEPT} FROM answers WHERE {behind} ORDER BY id"),
                params![id.get(), last],
            )?;
            self.conn.execute(
                &format!("DELETE FROM answers WHERE {behind}"),
                params![id.get(), last],
            )?;
        }
        self.conn.execute(
            "UPDATE answers SET state = 'pending', attempts = 0, wire = ?2, not_before_at = ?3, last_error = ?4
             WHERE id = ?1",
            params![id.get(), first, to_ms(now), error],
        )?;
        Ok(())
    }

    /// At start: answers that were being sent when the last process ended are repeated once, no more. Private ones aren't
    /// sent any more at all.
    pub(super) fn recover_answers(&self, platform: &str) -> Result<usize, StoreError> {
        let interrupted = self.conn.execute(
            "UPDATE answers SET state = 'unknown', interrupted = interrupted + 1
             WHERE platform = ?1 AND state = 'sending'",
            [platform],
        )?;
        self.end_private_answers(platform, None)?;
        self.conn.execute(
            "DELETE FROM answers WHERE platform = ?1 AND interrupted >= ?2",
            params![platform, INTERRUPTIONS],
        )?;
        Ok(interrupted)
    }
}
