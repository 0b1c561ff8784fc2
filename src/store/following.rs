//! What channels follow is changed as the rules of following have it ([`tidings_core::channel::Following`]).

use jiff::Timestamp;

use super::corrections::LEFT_BEHIND;
use super::engine::{Params, array, params};
use super::{ReadTx, StoreError, WriteTx, slug};
use tidings_core::channel::{
    ChannelRow, Following, FollowingChange, MovedItem, Pause, PausedBy, SubscriptionRow, Target,
};
use tidings_core::ids::{ChannelId, ChannelKey, ItemId, SectionId, SectionSlug};

/// Who follows one of two sections: read once for all items that move from the one to the other.
pub(super) struct Followers {
    /// The section that items move from, and the one that they move to.
    pub(super) pair: (SectionId, SectionId),
    /// The newest push order when it was read.
    pub(super) newest: i64,
    /// With what each of them follows.
    channels: Vec<(ChannelRow, Vec<SubscriptionRow>)>,
    sections: Vec<SectionId>,
}

impl Followers {
    /// How many they are.
    pub(super) fn count(&self) -> usize {
        self.channels.len()
    }
}

impl ReadTx<'_> {
    /// What a channel follows, with the sections that there are.
    pub fn following(&self, channel: ChannelId) -> Result<Following, StoreError> {
        Ok(Following {
            rows: self.subscriptions(channel)?,
            sections: self.section_ids()?,
        })
    }

    pub(super) fn section_slug(&self, section: SectionId) -> Result<SectionSlug, StoreError> {
        let text = self
            .conn
            .prepare_cached("SELECT slug FROM sections WHERE id = ?1")?
            .query_row([section.get()], |row| row.get(0))?;
        slug(text)
    }

    fn section_ids(&self) -> Result<Vec<SectionId>, StoreError> {
        self.conn
            .prepare_cached("SELECT id FROM sections WHERE merged_into IS NULL ORDER BY id")?
            .query_map([], |row| Ok(SectionId::new(row.get(0)?)))?
            .map(|row| Ok(row?))
            .collect()
    }
}

impl WriteTx<'_> {
    /// Changes what a channel follows, one thing after the other.
    pub fn apply_following(
        &self,
        channel: &ChannelRow,
        changes: &[FollowingChange],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for change in changes {
            match change {
                FollowingChange::Save(row) => self.save_subscription(channel, row, now)?,
                FollowingChange::End(target) => self.delete_subscription(channel.id, *target)?,
                FollowingChange::Delivered(section, from, to) => {
                    self.conn
                        .prepare_cached(
                            "INSERT INTO delivered (channel_id, item_id) SELECT ?1, id FROM items
                             WHERE section_id = ?2 AND push_order > ?3 AND push_order <= ?4
                             ON CONFLICT DO NOTHING",
                        )?
                        .execute([channel.id.get(), section.get(), *from, *to])?;
                }
            }
        }
        Ok(())
    }

    /// Who may have to be told that items which they wait for have moved from one section to another: whoever follows the
    /// new one, by itself or with all, and not both the same way. No item has a push order beyond `newest`.
    pub(super) fn followers(
        &self,
        from: SectionId,
        to: SectionId,
        newest: i64,
    ) -> Result<Followers, StoreError> {
        let channels: Vec<i64> = self
            .conn
            .prepare_cached(
                "SELECT n.channel_id FROM (
                     SELECT channel_id FROM subscriptions WHERE section_id = ?2
                     UNION SELECT f.channel_id FROM subscriptions f
                     JOIN subscriptions a ON a.channel_id = f.channel_id AND a.section_id = 0
                     WHERE f.section_id = ?1
                 ) n WHERE EXISTS (SELECT 1 FROM subscriptions s
                     WHERE s.channel_id = n.channel_id AND s.section_id IN (0, ?1, ?2) AND s.cursor < ?3)
                 ORDER BY 1",
            )?
            .query_map([from.get(), to.get(), newest], |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        let mut followers = Followers {
            pair: (from, to),
            newest,
            channels: Vec::with_capacity(channels.len()),
            sections: Vec::new(),
        };
        // Hardly any item that moves is waited for, and the sections may be many.
        if !channels.is_empty() {
            followers.sections = self.section_ids()?;
        }
        for id in channels {
            if let Some(channel) = self.channel_by_id(ChannelId::new(id))? {
                let rows = self.subscriptions(channel.id)?;
                followers.channels.push((channel, rows));
            }
        }
        Ok(followers)
    }

    /// When an item that was handed to subscribers has moved to another section.
    pub(super) fn item_moved(
        &self,
        item: ItemId,
        push_order: i64,
        followers: &mut Followers,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (from, to) = followers.pair;
        let mut following = Following {
            rows: Vec::new(),
            sections: std::mem::take(&mut followers.sections),
        };
        let mut delivered = Vec::new();
        for (channel, rows) in &mut followers.channels {
            following.rows = std::mem::take(rows);
            match following.item_moves(push_order, from, to) {
                MovedItem::AsItStands => {}
                // Nobody else is told.
                MovedItem::Lost => {}
                MovedItem::Delivered => delivered.push(channel.id),
                MovedItem::Owed(changes) => {
                    self.apply_following(channel, &changes, now)?;
                    following.rows = self.subscriptions(channel.id)?;
                }
            }
            *rows = std::mem::take(&mut following.rows);
        }
        followers.sections = following.sections;
        self.delivered(&delivered, item)
    }

    /// When an editor has filed an item elsewhere, or back. `owed` are channels that it was owed to when it left the section
    /// that it comes back to. Returns those that lose it.
    pub(super) fn item_filed(
        &self,
        item: ItemId,
        push_order: i64,
        (from, to): (SectionId, SectionId),
        owed: &[ChannelId],
        now: Timestamp,
    ) -> Result<Vec<ChannelId>, StoreError> {
        let serving = "section_id IN (0, ?1, ?2) AND (cursor < ?3 OR ?4 = 1)";
        let returns = i64::from(!owed.is_empty());
        let values = [from.get(), to.get(), push_order, returns];
        let (mut lost, mut delivered) = (Vec::new(), Vec::new());
        self.each_following(serving, values, |channel, following| {
            let moved = match owed.contains(&channel.id) {
                true => following.item_returns(push_order, to),
                false => following.item_moves(push_order, from, to),
            };
            match moved {
                MovedItem::AsItStands => {}
                MovedItem::Lost => lost.push(channel.id),
                MovedItem::Delivered => delivered.push(channel.id),
                MovedItem::Owed(changes) => self.apply_following(channel, &changes, now)?,
            }
            Ok(())
        })?;
        self.delivered(&delivered, item)?;
        Ok(lost)
    }

    /// Channels have an item beyond their cursors, or aren't to get it.
    fn delivered(&self, channels: &[ChannelId], item: ItemId) -> Result<(), StoreError> {
        if self.conn.is_server() && !channels.is_empty() {
            // One by one, a hundred items that two thousand channels wait for took a minute to move.
            let channels = array(channels.iter().map(|id| id.get()));
            self.conn
                .prepare_cached(
                    "INSERT INTO delivered (channel_id, item_id)
                     SELECT x, ?2 FROM unnest(CAST(?1 AS bigint[])) AS x ON CONFLICT DO NOTHING",
                )?
                .execute(params![channels, item.get()])?;
            return Ok(());
        }
        let mut note = self.conn.prepare_cached(
            "INSERT INTO delivered (channel_id, item_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        )?;
        for channel in channels {
            note.execute([channel.get(), item.get()])?;
        }
        Ok(())
    }

    /// Goes through the channels that have a subscription of which `condition` holds.
    pub(super) fn each_following(
        &self,
        condition: &str,
        values: impl Params,
        mut change: impl FnMut(&ChannelRow, &Following) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let channels: Vec<i64> = self
            .conn
            .prepare_cached(&format!(
                "SELECT DISTINCT channel_id FROM subscriptions WHERE {condition} ORDER BY 1"
            ))?
            .query_map(values, |row| row.get(0))?
            .collect::<Result<_, _>>()?;
        // Hardly any item that moves is waited for, and the sections may be many.
        if channels.is_empty() {
            return Ok(());
        }
        let mut following = Following {
            rows: Vec::new(),
            sections: self.section_ids()?,
        };
        for id in channels {
            if let Some(channel) = self.channel_by_id(ChannelId::new(id))? {
                following.rows = self.subscriptions(channel.id)?;
                change(&channel, &following)?;
            }
        }
        Ok(())
    }

    /// Before a section becomes part of another one: subscriptions to the first become subscriptions to the second.
    pub(super) fn merge_subscriptions(
        &self,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let newest = self.newest_push()?;
        let own = "section_id IN (?1, ?2)";
        self.each_following(own, [from.get(), to.get()], |channel, following| {
            let changes = following.sections_merge(from, to, newest);
            self.apply_following(channel, &changes, now)
        })?;
        self.merge_in_filters(from, to, now)
    }

    /// Filters that name a section by `#` name the one that it becomes part of.
    fn merge_in_filters(
        &self,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (slug, to) = (self.section_slug(from)?, self.section_slug(to)?);
        let names_it = "section_id = 0 AND replace(filter, '#' || ?1, '') <> filter";
        self.each_following(names_it, [slug.as_str()], |channel, following| {
            for row in &following.rows {
                let Some(was) = row.filter.as_ref() else {
                    continue;
                };
                let Some(filter) = was.with_sections_merged(&slug, &to) else {
                    continue;
                };
                if row.target == Target::All {
                    self.note_merged_filter(from, channel.id, was, &filter)?;
                }
                let row = SubscriptionRow {
                    filter: Some(filter),
                    ..row.clone()
                };
                self.save_subscription(channel, &row, now)?;
            }
            Ok(())
        })
    }

    /// A channel has a new address: all that is kept about it goes along, parts and answers on their way
    /// included. Where the new address is known already, both become one channel. `false` if nothing was kept
    /// under the old one.
    pub fn move_channel(
        &self,
        from: &ChannelKey,
        to: &ChannelKey,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let keys = (from.to_string(), to.to_string());
        self.conn.execute(
            "UPDATE answers SET channel = ?2 WHERE channel = ?1",
            (&keys.0, &keys.1),
        )?;
        let Some(old) = self.channel(from)? else {
            return Ok(false);
        };
        self.leave_messages(old.id)?;
        let Some(new) = self.channel(to)? else {
            self.conn.execute(
                "UPDATE channels SET key = ?2 WHERE key = ?1",
                (&keys.0, &keys.1),
            )?;
            return Ok(true);
        };
        let (held, joining) = (self.following(new.id)?, self.following(old.id)?);
        let changes = held.joined_by(&joining);
        self.apply_following(&new, &changes, now)?;
        self.save_settings(new.id, &old.settings)?;
        let both = [old.id.get(), new.id.get()];
        self.conn.execute(
            "UPDATE deliveries SET channel_id = ?2 WHERE channel_id = ?1",
            both,
        )?;
        // Of what both have, the new one's stands; the old one's goes with it.
        for (table, of) in [
            ("delivered", "item_id"),
            ("merged_subscriptions", "section_id"),
            ("merged_filters", "section_id"),
        ] {
            self.conn.execute(
                &format!(
                    "UPDATE {table} SET channel_id = ?2 WHERE channel_id = ?1
                     AND {of} NOT IN (SELECT {of} FROM {table} WHERE channel_id = ?2)"
                ),
                both,
            )?;
        }
        let is_managers = |pause: &&Pause| pause.by == PausedBy::Manager;
        if let Some(pause) = old.pause.as_ref().filter(is_managers)
            && new.pause.as_ref().filter(is_managers).is_none()
        {
            self.pause_by_manager(&new, pause.until, pause.since)?;
        }
        self.forget_channel(&old)?;
        self.refresh_due(new.id)?;
        Ok(true)
    }

    /// What was sent to a channel stays where it was sent: under its new address the same numbers are other messages'. What
    /// of it is to be corrected is corrected in vain, and counted as that when its edit has its turn.
    fn leave_messages(&self, channel: ChannelId) -> Result<(), StoreError> {
        let channel = channel.get();
        self.conn.execute(
            "UPDATE sent_pieces SET message_id = ?2
             WHERE delivery_id IN (SELECT id FROM deliveries WHERE channel_id = ?1)",
            params![channel, LEFT_BEHIND],
        )?;
        self.conn.execute(
            "UPDATE deliveries SET message_id = ?2 WHERE channel_id = ?1 AND message_id IS NOT NULL",
            params![channel, LEFT_BEHIND],
        )?;
        Ok(())
    }
}
