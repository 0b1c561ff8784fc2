//! The rows of sections, and what happens to them when the configuration changes.

use std::collections::{HashMap, HashSet};

use super::engine::{OptionalExtension, Row, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, slug, to_ms};
use tidings_core::ids::{SectionId, SectionSlug};
use tidings_core::item::Published;
use tidings_core::section::{Definition, Origin, Section, SectionChange, is_left, section_changes};

/// A section with what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SectionSummary {
    /// The section.
    pub section: Section,
    /// How many items it holds.
    pub items: i64,
    /// When its newest item was published, if it has one with a date.
    pub newest: Option<Published>,
    /// The slugs of the sections that were made part of it, straight or by way of others.
    pub merged: Vec<SectionSlug>,
}

fn read_section(row: Row<'_>) -> Result<Section, StoreError> {
    let origin: String = row.get("origin")?;
    let position: u32 = row.get("position")?;
    Ok(Section {
        id: SectionId::new(row.get("id")?),
        slug: slug(row.get("slug")?)?,
        title: row.get("title")?,
        origin: match origin.as_str() {
            "configured" => Origin::Configured(position),
            "discovered" => Origin::Discovered,
            "left" => Origin::Left,
            "catch-all" => Origin::CatchAll,
            _ => return Err(StoreError::unexpected("a section's origin", origin)),
        },
        hidden: row.get("hidden")?,
        merged_into: row
            .get::<_, Option<i64>>("merged_into")?
            .map(SectionId::new),
    })
}

impl ReadTx<'_> {
    /// All sections, those that are part of others included, in no particular order.
    pub fn sections(&self) -> Result<Vec<Section>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT id, slug, title, origin, position, hidden, merged_into FROM sections ORDER BY id",
        )?;
        let mut rows = statement.query([])?;
        let mut sections = Vec::new();
        while let Some(row) = rows.next()? {
            sections.push(read_section(row)?);
        }
        Ok(sections)
    }

    /// The sections that readers don't see, as the rows' numbers.
    pub(super) fn hidden_sections(&self) -> Result<HashSet<i64>, StoreError> {
        self.conn
            .prepare_cached("SELECT id FROM sections WHERE hidden = 1")?
            .query_map([], |row| row.get(0))?
            .map(|row| Ok(row?))
            .collect()
    }

    /// A number that is raised whenever a section comes, goes or is renamed.
    pub fn sections_version(&self) -> Result<i64, StoreError> {
        self.fact("sections_version")
    }

    /// Returns true if there is a section of this number that readers see.
    pub fn is_section_shown(&self, section: SectionId) -> Result<bool, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT 1 FROM sections WHERE id = ?1 AND hidden = 0")?;
        Ok(statement.exists([section.get()])?)
    }

    /// The sections that have left the configuration and hold nothing.
    pub fn left_empty(&self) -> Result<Vec<SectionId>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached("SELECT id FROM sections WHERE origin = 'left' AND items = 0")?;
        let left = statement.query_map([], |row| Ok(SectionId::new(row.get(0)?)))?;
        left.map(|section| Ok(section?)).collect()
    }

    /// How many items a section holds; `None` asks for all sections that readers see.
    pub fn item_count(&self, section: Option<SectionId>) -> Result<i64, StoreError> {
        Ok(self
            .conn
            .prepare_cached(
                "SELECT CAST(coalesce(sum(items), 0) AS BIGINT) FROM sections
                 WHERE CASE WHEN ?1 IS NULL THEN hidden = 0 ELSE id = ?1 END",
            )?
            .query_row([section.map(SectionId::get)], |row| row.get(0))?)
    }

    /// When the newest item of a section (or of all) was published.
    pub fn newest_of(&self, section: Option<SectionId>) -> Result<Option<Published>, StoreError> {
        let found: Option<Option<String>> = match section {
            Some(id) => self
                .conn
                .prepare_cached(
                    "SELECT published FROM items WHERE section_id = ?1 AND removed = 0
                     ORDER BY rank, position, id LIMIT 1",
                )?
                .query_row([id.get()], |row| row.get(0))
                .optional()?,
            None => self
                .conn
                .prepare_cached(
                    "SELECT published FROM items WHERE removed = 0 ORDER BY rank, position, id LIMIT 1",
                )?
                .query_row([], |row| row.get(0))
                .optional()?,
        };
        super::items::published(found.flatten())
    }

    /// Sections that aren't in the configuration any more although channels follow them, with the number of channels.
    pub fn left_behind(
        &self,
        definitions: &[Definition],
    ) -> Result<Vec<(Section, i64)>, StoreError> {
        let mut left = Vec::new();
        for section in self.sections()? {
            if is_left(&section, definitions) {
                let channels = self.followers(section.id)?;
                left.extend((channels > 0).then_some((section, channels)));
            }
        }
        Ok(left)
    }

    /// Returns true if the stored sections are in step with the configuration, so that there is nothing to write.
    pub fn is_configured(&self, definitions: &[Definition]) -> Result<bool, StoreError> {
        Ok(section_changes(&self.sections()?, definitions).is_empty())
    }

    /// All sections with what they hold, in no particular order. One that is part of another stands there alone.
    pub fn section_summaries(&self) -> Result<Vec<SectionSummary>, StoreError> {
        let mut merged: HashMap<i64, Vec<SectionSlug>> = HashMap::new();
        for (id, root) in self.merged_sections()? {
            let slug = self.section_slug(SectionId::new(id))?;
            merged.entry(root).or_default().push(slug);
        }
        self.sections()?
            .into_iter()
            .filter(|section| section.merged_into.is_none())
            .map(|section| {
                let mut merged = merged.remove(&section.id.get()).unwrap_or_default();
                merged.sort_unstable();
                Ok(SectionSummary {
                    items: self.item_count(Some(section.id))?,
                    newest: self.newest_of(Some(section.id))?,
                    merged,
                    section,
                })
            })
            .collect()
    }
}

impl ReadTx<'_> {
    /// How many sections there are that items can stand in.
    pub(super) fn section_count(&self) -> Result<usize, StoreError> {
        Ok(self
            .conn
            .prepare_cached("SELECT count(*) FROM sections WHERE merged_into IS NULL")?
            .query_row([], |row| row.get(0))?)
    }
}

impl WriteTx<'_> {
    /// Brings the stored sections in step with the configuration. A discovered section that the
    /// configuration now knows by another name gives its items and subscriptions to the configured one;
    /// nothing is pushed for that. A section that the configuration has dropped stays, as a discovered one.
    ///
    /// Returns what moved, as pairs of slugs.
    pub fn configure_sections(
        &self,
        definitions: &[Definition],
        now: Timestamp,
    ) -> Result<Vec<(SectionSlug, SectionSlug)>, StoreError> {
        let sections = self.sections()?;
        let changes = section_changes(&sections, definitions);
        let mut moved = Vec::new();
        for change in &changes {
            match *change {
                SectionChange::Configure(position, definition) => {
                    self.settle_merge(&definition.slug)?;
                    self.conn
                        .prepare_cached(
                            "INSERT INTO sections (slug, title, origin, position) VALUES (?1, ?2, 'configured', ?3)
                             ON CONFLICT (slug) DO UPDATE
                             SET title = excluded.title, origin = excluded.origin, position = excluded.position",
                        )?
                        .execute(params![definition.slug.as_str(), definition.title, position])?;
                }
                SectionChange::Leave(section) => {
                    self.conn.execute(
                        "UPDATE sections SET origin = 'left', position = 0 WHERE id = ?1",
                        [section.get()],
                    )?;
                }
                SectionChange::Show(section) => {
                    self.set_hidden(section, false)?;
                }
                SectionChange::Merge(section, into) => {
                    self.move_section(section.id, self.section_id(into)?, now)?;
                    moved.push((section.slug.clone(), into.clone()));
                }
            }
        }
        if !changes.is_empty() {
            self.sections_changed()?;
        }
        Ok(moved)
    }

    fn section_id(&self, slug: &SectionSlug) -> Result<SectionId, StoreError> {
        Ok(SectionId::new(
            self.conn
                .prepare_cached("SELECT id FROM sections WHERE slug = ?1")?
                .query_row([slug.as_str()], |row| row.get(0))?,
        ))
    }

    /// The section of a heading that nobody has configured; made where it is missing. Returns whether it is new. Where it may
    /// not be made, what stands under the heading belongs to the catch-all.
    pub(super) fn discover_section(
        &self,
        slug: &SectionSlug,
        title: &str,
        may_be_made: bool,
    ) -> Result<(SectionId, bool), StoreError> {
        let made = self
            .conn
            .prepare_cached(
                "INSERT INTO sections (slug, title, origin, position)
                 SELECT ?1, ?2, 'discovered', 0 WHERE ?3 = 1
                 ON CONFLICT (slug) DO NOTHING",
            )?
            .execute(params![slug.as_str(), title, may_be_made])?;
        if made > 0 {
            self.sections_changed()?;
        }
        // By its slug alone: what is asked for each of thousands of headings may not look through all sections.
        let found = self
            .conn
            .prepare_cached("SELECT id FROM sections WHERE slug = ?1")?
            .query_row([slug.as_str()], |row| row.get(0))
            .optional()?;
        let found = match found {
            Some(id) => SectionId::new(id),
            None => self.section_id(&SectionSlug::more())?,
        };
        Ok((found, made > 0))
    }

    pub(super) fn sections_changed(&self) -> Result<(), StoreError> {
        self.conn.execute(
            "UPDATE facts SET value = value + 1 WHERE name = 'sections_version'",
            [],
        )?;
        Ok(())
    }

    /// Makes a section part of one of the configuration, for good.
    fn move_section(
        &self,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.merge_subscriptions(from, to, now)?;
        self.move_items(from, to, now)?;
        for table in ["headings", "reports"] {
            self.conn.execute(
                &format!("UPDATE {table} SET section_id = ?2 WHERE section_id = ?1"),
                [from.get(), to.get()],
            )?;
        }
        self.conn.execute(
            "UPDATE sections SET merged_into = ?2 WHERE merged_into = ?1",
            [from.get(), to.get()],
        )?;
        self.conn
            .execute("DELETE FROM sections WHERE id = ?1", [from.get()])?;
        Ok(())
    }

    /// Has a section's items stand in another one, and be counted there.
    pub(super) fn move_items(
        &self,
        from: SectionId,
        to: SectionId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.reviews_of_section_changed(from)?;
        let moved = self.change_items(
            ("", "section_id = ?1"),
            "section_id = ?2, updated_at = ?3",
            &[from.get(), to.get(), to_ms(now)],
        )?;
        tracing::debug!(moved, "items moved with their section");
        self.conn.execute(
            "UPDATE sections SET items = items + (SELECT items FROM sections WHERE id = ?1) WHERE id = ?2",
            [from.get(), to.get()],
        )?;
        Ok(())
    }
}
