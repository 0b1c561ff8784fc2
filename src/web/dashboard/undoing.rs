//! Undoing what was done, where that can be.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::context::Dashboard;
use super::entrance::SignedIn;
use super::items::item_page;
use super::page::{Done, Tab, Trouble};
use super::request::Request;
use crate::editing;
use crate::sign_in::Person;
use tidings_core::channel::{ChannelRow, PausedBy};
use tidings_core::ids::{ChannelKey, DeedId};
use tidings_store::{Deed, DeedKind, StoreError, WriteTx};

/// A pause as a deed keeps it.
#[derive(Debug, Serialize, Deserialize)]
struct Paused {
    by_manager: bool,
    until: Option<Timestamp>,
}

/// The pause of a channel, as a deed keeps it.
pub(super) fn paused(channel: Option<&ChannelRow>) -> String {
    let pause = channel.and_then(|channel| channel.pause.as_ref());
    let kept = pause.map(|pause| Paused {
        by_manager: pause.by == PausedBy::Manager,
        until: pause.until,
    });
    // Our own structure always becomes JSON.
    serde_json::to_string(&kept).unwrap_or_else(|_| "null".to_owned())
}

/// Returns true if a deed of its kind can be undone.
pub(super) fn can_be_undone(deed: &Deed) -> bool {
    let can = match deed.kind {
        DeedKind::HoldBack
        | DeedKind::Drop
        | DeedKind::Move
        | DeedKind::Withdraw
        | DeedKind::Restore
        | DeedKind::Correct
        | DeedKind::Split
        | DeedKind::Join
        | DeedKind::Merge
        | DeedKind::Rename
        | DeedKind::Hide
        | DeedKind::Show
        | DeedKind::Pause
        | DeedKind::Resume => true,
        // What went out was read.
        DeedKind::Publish
        | DeedKind::FetchNow
        | DeedKind::Try
        | DeedKind::PostNow
        | DeedKind::Retry
        | DeedKind::GiveUp
        | DeedKind::SignOut => false,
    };
    can && deed.undone.is_none()
}

/// Returns true if only the operator does such a thing.
pub(super) fn is_operators(kind: DeedKind) -> bool {
    match kind {
        DeedKind::FetchNow
        | DeedKind::Try
        | DeedKind::Pause
        | DeedKind::Resume
        | DeedKind::PostNow
        | DeedKind::Retry
        | DeedKind::GiveUp
        | DeedKind::SignOut => true,
        DeedKind::Publish
        | DeedKind::HoldBack
        | DeedKind::Drop
        | DeedKind::Move
        | DeedKind::Withdraw
        | DeedKind::Restore
        | DeedKind::Correct
        | DeedKind::Split
        | DeedKind::Join
        | DeedKind::Merge
        | DeedKind::Rename
        | DeedKind::Hide
        | DeedKind::Show => false,
    }
}

impl Dashboard {
    /// Undoes a deed.
    pub(super) async fn undo(&self, request: &Request, who: &SignedIn) -> Result<Done, Trouble> {
        let id = request
            .form
            .number("deed")
            .map(DeedId::new)
            .ok_or(Trouble::Missing)?;
        let now = self.now();
        let by = who.person.to_string();
        let from_list = request.form.get("from") == "deeds" && who.person == Person::Operator;
        let done = self.parts.store.write(|db| {
            let deed = db.deed(id)?.ok_or(Trouble::Missing)?;
            if is_operators(deed.kind) && who.person != Person::Operator {
                return Err(Trouble::Forbidden);
            }
            let page = match from_list {
                true => Tab::Deeds.path().to_owned(),
                false => self.page_of(&deed),
            };
            let refused = if deed.undone.is_some() {
                Some(vec![
                    self.text("section-edit-undone"),
                    self.told(db, &deed)?,
                ])
            } else if !can_be_undone(&deed) {
                Some(vec![self.text("dashboard-cant-be-undone")])
            } else if matches!(deed.kind, DeedKind::Pause | DeedKind::Resume) {
                match undo_pause(db, &deed, now)? {
                    Ok(()) => {
                        db.deed_undone(id, &by, now)?;
                        None
                    }
                    Err(key) => Some(self.and_since(db, &deed, self.text(key))?),
                }
            } else {
                match editing::undo(db, id, &by, now)? {
                    Ok(_) => None,
                    Err(refusal) => {
                        let why = refusal.line(self.say()).to_text();
                        Some(self.and_since(db, &deed, why)?)
                    }
                }
            };
            match refused {
                None => Ok(Done { deed: id, page }),
                Some(why) => Err(Trouble::Refused(why.join("\n"), page)),
            }
        });
        let done = done.await?;
        self.parts.wake.schedule();
        self.parts.wake.outbox();
        Ok(done)
    }

    /// Why a deed isn't undone, and who has changed what since then.
    fn and_since(
        &self,
        db: &WriteTx<'_>,
        deed: &Deed,
        why: String,
    ) -> Result<Vec<String>, StoreError> {
        let since = editing::since(db, deed)?;
        let since = since.map(|since| self.told(db, &since)).transpose()?;
        let since = match since {
            None => self.pause_since(db, deed)?,
            since => since,
        };
        Ok([Some(why), since].into_iter().flatten().collect())
    }

    /// Since when a channel is paused that a deed paused or resumed: its managers may have done that in chat, where it is no
    /// deed.
    fn pause_since(&self, db: &WriteTx<'_>, deed: &Deed) -> Result<Option<String>, StoreError> {
        let is_channels = matches!(deed.kind, DeedKind::Pause | DeedKind::Resume);
        let key: Option<ChannelKey> = deed.subject.parse().ok().filter(|_| is_channels);
        let channel = key.map(|key| db.channel(&key)).transpose()?.flatten();
        Ok(channel.map(|channel| {
            let Some(pause) = channel.pause else {
                return self.text("dashboard-not-paused");
            };
            let key = match pause.by {
                PausedBy::Manager => "dashboard-paused",
                PausedBy::Platform => "dashboard-stopped",
            };
            format!("{} {}", self.text(key), self.at(pause.since))
        }))
    }

    /// Where a deed shows.
    fn page_of(&self, deed: &Deed) -> String {
        if let Some(item) = deed.item {
            return item_page(item);
        }
        let tab = match deed.kind {
            _ if deed.section.is_some() => Tab::Sections,
            DeedKind::Pause | DeedKind::Resume | DeedKind::PostNow => Tab::Channels,
            DeedKind::FetchNow | DeedKind::Try => Tab::Sources,
            DeedKind::Retry | DeedKind::GiveUp => Tab::Outbox,
            _ => Tab::Overview,
        };
        tab.path().to_owned()
    }
}

/// Gives a channel back its managers' pause that it had, or none; or why not, as the key of a text.
fn undo_pause(
    db: &WriteTx<'_>,
    deed: &Deed,
    now: Timestamp,
) -> Result<Result<(), &'static str>, StoreError> {
    const OVERTAKEN: &str = "dashboard-overtaken";
    let key: Result<ChannelKey, _> = deed.subject.parse();
    let key = key.map_err(|_| StoreError::unexpected("a channel", &deed.subject))?;
    let before: Option<Paused> = serde_json::from_str(&deed.before)
        .map_err(|_| StoreError::unexpected("what a pause was", &deed.before))?;
    let Some(channel) = db.channel(&key)? else {
        return Ok(Err(OVERTAKEN));
    };
    let is_as_left = match (deed.kind, &channel.pause) {
        (DeedKind::Pause, Some(pause)) => pause.by == PausedBy::Manager && pause.since <= deed.at,
        (DeedKind::Resume, None) => true,
        _ => false,
    };
    if !is_as_left {
        return Ok(Err(OVERTAKEN));
    }
    match before {
        Some(before) if before.by_manager => db.pause_by_manager(&channel, before.until, now)?,
        // That a place takes nothing is the platform's to say.
        Some(_) if deed.kind == DeedKind::Resume => return Ok(Err("dashboard-cant-be-undone")),
        Some(_) | None => db.end_pause(&channel, now)?,
    }
    Ok(Ok(()))
}
