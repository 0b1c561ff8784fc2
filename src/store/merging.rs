//! A section that an operator makes part of another one, and the way back. Its row stays: it holds nothing, its names mean the
//! other section, and what came by it is noted as its own.

use std::collections::HashMap;

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};
use tidings_core::channel::{
    Filter, FollowingChange, MergedSubscription, SubscriptionRow, Target, Wish,
};
use tidings_core::ids::{ChannelId, SectionId, SectionSlug};
use tidings_core::schedule::Cadence;
use tidings_core::section::Section;

/// Where something is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FiledIn {
    /// The section that it stands in.
    pub(super) section: i64,
    /// The merged section by which it came there.
    pub(super) came_by: Option<i64>,
}

impl FiledIn {
    /// What is filed in a section, which may be part of another one.
    pub(super) fn of(section: i64, merged: &HashMap<i64, i64>) -> FiledIn {
        match merged.get(&section) {
            Some(root) => FiledIn {
                section: *root,
                came_by: Some(section),
            },
            None => FiledIn {
                section,
                came_by: None,
            },
        }
    }
}

/// A section and all that is part of it, straight or by way of others.
const WITHIN: &str = "WITH RECURSIVE within (id) AS (
     SELECT ?1 UNION SELECT sections.id FROM within CROSS JOIN sections ON sections.merged_into = within.id)";

impl ReadTx<'_> {
    /// A section, hidden or merged as it may be; `None` if there is none of this number.
    pub fn section(&self, id: SectionId) -> Result<Option<Section>, StoreError> {
        Ok(self.sections()?.into_iter().find(|one| one.id == id))
    }

    /// The sections that are part of others, each with the one that it stands in, chains followed.
    pub(super) fn merged_sections(&self) -> Result<HashMap<i64, i64>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "WITH RECURSIVE chain (id, root) AS (
                 SELECT id, merged_into FROM sections WHERE merged_into IS NOT NULL
                 UNION SELECT chain.id, sections.merged_into FROM chain
                 JOIN sections ON sections.id = chain.root AND sections.merged_into IS NOT NULL)
             SELECT chain.id, root FROM chain JOIN sections ON sections.id = root WHERE sections.merged_into IS NULL",
        )?;
        let merged = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        merged.map(|row| Ok(row?)).collect()
    }

    /// The section that one is part of by now: itself, where it is part of none.
    pub fn stands_in(&self, section: SectionId) -> Result<SectionId, StoreError> {
        Ok(SectionId::new(self.filed_in(section)?.section))
    }

    /// Where what is filed in a section stands.
    pub(super) fn filed_in(&self, section: SectionId) -> Result<FiledIn, StoreError> {
        Ok(FiledIn::of(section.get(), &self.merged_sections()?))
    }

    /// The sections that were made part of one, straight.
    pub fn parts_of(&self, section: SectionId) -> Result<Vec<SectionId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM sections WHERE merged_into = ?1 ORDER BY id")?;
        let parts = statement.query_map([section.get()], |row| Ok(SectionId::new(row.get(0)?)))?;
        parts.map(|part| Ok(part?)).collect()
    }

    /// The subscription that a channel had to a section that became part of another one.
    fn merged_subscription(
        &self,
        section: SectionId,
        channel: ChannelId,
    ) -> Result<Option<MergedSubscription>, StoreError> {
        let cadence = |text: String| {
            Cadence::stored(&text).map_err(|_| StoreError::unexpected("a cadence", &text))
        };
        let mut statement = self.conn.prepare_cached(
            "SELECT cadence, filter, next_at, open_until, followed_into, became_cadence, became_filter
             FROM merged_subscriptions WHERE section_id = ?1 AND channel_id = ?2",
        )?;
        let mut rows = statement.query([section.get(), channel.get()])?;
        let Some(row) = rows.next()? else {
            return Ok(None);
        };
        let filter = |text: Option<String>| -> Result<Option<Filter>, StoreError> {
            text.map(|text| self.remembered.filter(text)).transpose()
        };
        Ok(Some(MergedSubscription {
            own: SubscriptionRow {
                target: Target::Section(section),
                cadence: cadence(row.get(0)?)?,
                filter: filter(row.get(1)?)?,
                // It takes over where that to the other section stands.
                cursor: 0,
                next_at: from_ms_opt(row.get(2)?)?,
                open_until: from_ms_opt(row.get(3)?)?,
            },
            followed_into: row.get(4)?,
            became: Wish {
                cadence: cadence(row.get(5)?)?,
                filter: filter(row.get(6)?)?,
            },
        }))
    }
}

impl WriteTx<'_> {
    /// Makes one section part of another: its items, its subscriptions, and what its names bring from now on. Nothing is
    /// pushed for that. Returns how many items moved.
    pub fn merge_sections(
        &self,
        from: SectionId,
        into: SectionId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let items = self.item_count(Some(from))?;
        self.conn.execute(
            "INSERT INTO merged_subscriptions
                 (section_id, channel_id, cadence, filter, next_at, open_until, followed_into, became_cadence, became_filter)
             SELECT own.section_id, own.channel_id, own.cadence, own.filter, own.next_at, own.open_until,
                 CASE WHEN other.section_id IS NULL THEN 0 ELSE 1 END, coalesce(other.cadence, own.cadence),
                 CASE WHEN other.section_id IS NULL THEN own.filter ELSE other.filter END
             FROM subscriptions own
             LEFT JOIN subscriptions other ON other.channel_id = own.channel_id AND other.section_id = ?2
             WHERE own.section_id = ?1
             ON CONFLICT (section_id, channel_id) DO UPDATE SET cadence = excluded.cadence, filter = excluded.filter,
                 next_at = excluded.next_at, open_until = excluded.open_until, followed_into = excluded.followed_into,
                 became_cadence = excluded.became_cadence, became_filter = excluded.became_filter",
            [from.get(), into.get()],
        )?;
        self.merge_subscriptions(from, into, now)?;
        self.change_items(
            ("", "section_id = ?1 AND came_by IS NULL"),
            "came_by = ?1",
            &[from.get()],
        )?;
        self.conn.execute(
            "UPDATE reports SET came_by = ?1 WHERE section_id = ?1 AND came_by IS NULL",
            [from.get()],
        )?;
        self.move_items(from, into, now)?;
        self.conn.execute(
            "UPDATE reports SET section_id = ?2 WHERE section_id = ?1",
            [from.get(), into.get()],
        )?;
        self.conn.execute(
            "UPDATE sections SET items = 0, merged_into = ?2 WHERE id = ?1",
            [from.get(), into.get()],
        )?;
        self.sections_changed()?;
        Ok(items)
    }

    /// Has a section that became part of another one stand by itself again, with what came by it, meanwhile too, and with the
    /// subscriptions to it. Nothing is pushed for that, and nobody who is owed something loses it. Returns how many items
    /// moved.
    pub fn part_sections(
        &self,
        section: SectionId,
        into: SectionId,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        self.reviews_of_section_changed(into)?;
        let both = [section.get(), into.get()];
        let items: i64 = self.conn.query_row(
            &format!(
                "{WITHIN} SELECT count(*) FROM items
                 WHERE came_by IN (SELECT id FROM within) AND section_id = ?2 AND removed IN (0, 2)"
            ),
            both,
            |row| row.get(0),
        )?;
        self.change_items(
            (
                WITHIN,
                "came_by IN (SELECT id FROM within) AND section_id = ?2",
            ),
            "section_id = ?1, came_by = nullif(came_by, ?1), updated_at = ?3",
            &[section.get(), into.get(), to_ms(now)],
        )?;
        self.conn.execute(
            &format!(
                "{WITHIN} UPDATE reports SET section_id = ?1, came_by = nullif(came_by, ?1)
                 WHERE came_by IN (SELECT id FROM within) AND section_id = ?2"
            ),
            both,
        )?;
        self.conn.execute(
            "UPDATE sections SET items = ?2, merged_into = NULL WHERE id = ?1",
            [section.get(), items],
        )?;
        self.conn.execute(
            "UPDATE sections SET items = items - ?2 WHERE id = ?1",
            [into.get(), items],
        )?;
        self.each_following("section_id = ?1", [into.get()], |channel, following| {
            let merged = self.merged_subscription(section, channel.id)?;
            let changes = following.sections_part(section, into, merged.as_ref(), now);
            self.apply_following(channel, &changes, now)
        })?;
        self.restore_filters(section, now)?;
        self.forget_merged(section)?;
        self.sections_changed()?;
        Ok(items)
    }

    /// Filters that named a section before it became part of another one name it again, where nobody has changed them since.
    fn restore_filters(&self, section: SectionId, now: Timestamp) -> Result<(), StoreError> {
        let named_it = "section_id = 0 AND channel_id IN (SELECT channel_id FROM merged_filters WHERE section_id = ?1)";
        self.each_following(named_it, [section.get()], |channel, following| {
            let Some(all) = following.find(Target::All) else {
                return Ok(());
            };
            let now_says = all.filter.as_ref().map(ToString::to_string);
            let was: Option<String> = self
                .conn
                .prepare_cached(
                    "SELECT filter FROM merged_filters WHERE section_id = ?1 AND channel_id = ?2 AND became = ?3",
                )?
                .query_row(params![section.get(), channel.id.get(), now_says], |row| {
                    row.get(0)
                })
                .optional()?;
            let Some(was) = was else { return Ok(()) };
            let row = SubscriptionRow {
                filter: Some(self.remembered.filter(was)?),
                ..all.clone()
            };
            self.apply_following(channel, &[FollowingChange::Save(row)], now)
        })
    }

    /// Keeps what a filter said before a section that it names became part of another one.
    pub(super) fn note_merged_filter(
        &self,
        section: SectionId,
        channel: ChannelId,
        was: &Filter,
        became: &Filter,
    ) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "INSERT INTO merged_filters (section_id, channel_id, filter, became)
                 VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT (section_id, channel_id) DO UPDATE SET filter = ?3, became = ?4",
            )?
            .execute(params![
                section.get(),
                channel.get(),
                was.to_string(),
                became.to_string()
            ])?;
        Ok(())
    }

    /// Notes by which merged section an item comes to where it stands, if by one. Where an editor put it, it stays.
    pub(super) fn note_came_by(&self, item: i64, filed_in: FiledIn) -> Result<(), StoreError> {
        self.conn
            .prepare_cached(
                "UPDATE items SET came_by = ?2
                 WHERE id = ?1 AND section_id = ?3 AND came_by IS DISTINCT FROM ?2 AND filed_by_editor = 0",
            )?
            .execute(params![item, filed_in.came_by, filed_in.section])?;
        Ok(())
    }

    /// A section that the configuration has by now is no part of another one any more: what came by it stays where it is.
    pub(super) fn settle_merge(&self, slug: &SectionSlug) -> Result<(), StoreError> {
        let merged: Option<(i64, i64)> = self
            .conn
            .prepare_cached(
                "SELECT id, merged_into FROM sections WHERE slug = ?1 AND merged_into IS NOT NULL",
            )?
            .query_row([slug.as_str()], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        let Some((id, into)) = merged else {
            return Ok(());
        };
        self.conn.execute(
            "UPDATE sections SET merged_into = ?2 WHERE merged_into = ?1",
            [id, into],
        )?;
        self.conn
            .execute("UPDATE sections SET merged_into = NULL WHERE id = ?1", [id])?;
        for table in ["items", "reports"] {
            self.conn.execute(
                &format!("UPDATE {table} SET came_by = NULL WHERE came_by = ?1"),
                [id],
            )?;
        }
        self.forget_merged(SectionId::new(id))
    }

    fn forget_merged(&self, section: SectionId) -> Result<(), StoreError> {
        for table in ["merged_subscriptions", "merged_filters"] {
            self.conn.execute(
                &format!("DELETE FROM {table} WHERE section_id = ?1"),
                [section.get()],
            )?;
        }
        Ok(())
    }
}
