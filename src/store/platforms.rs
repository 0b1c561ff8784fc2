//! How platforms stand: written by the process that runs them, read by whoever asks.

use super::engine::{OptionalExtension, params};
use jiff::Timestamp;

use super::{ReadTx, StoreError, WriteTx, from_ms_opt, to_ms};

/// A platform as it was last heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlatformState {
    /// Its name.
    pub name: String,
    /// What the bot is called there.
    pub account: Option<String>,
    /// A hash of the command menu as it was last set.
    pub menu: Option<u64>,
    /// Where that was set, in the platform's own words.
    pub menu_places: Option<String>,
    /// Why it can't be reached, and since when.
    pub trouble: Option<(String, Timestamp)>,
}

impl ReadTx<'_> {
    /// Every platform that was ever run.
    pub fn platforms(&self) -> Result<Vec<PlatformState>, StoreError> {
        let mut statement = self.conn.prepare_cached(
            "SELECT name, account, menu, trouble, trouble_at, menu_places FROM platforms ORDER BY name",
        )?;
        let mut rows = statement.query([])?;
        let mut states = Vec::new();
        while let Some(row) = rows.next()? {
            let trouble: Option<String> = row.get(3)?;
            let since = from_ms_opt(row.get(4)?)?;
            states.push(PlatformState {
                name: row.get(0)?,
                account: row.get(1)?,
                menu: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
                menu_places: row.get(5)?,
                trouble: trouble.zip(since),
            });
        }
        Ok(states)
    }

    /// What proves that a platform brings something by itself, once somebody has had it brought.
    pub fn webhook_secret(&self, name: &str) -> Result<Option<String>, StoreError> {
        let secret: Option<Option<String>> = self
            .conn
            .prepare_cached("SELECT webhook_secret FROM platforms WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        Ok(secret.flatten())
    }

    /// One platform, if it was ever run.
    pub fn platform(&self, name: &str) -> Result<Option<PlatformState>, StoreError> {
        Ok(self.platforms()?.into_iter().find(|p| p.name == name))
    }
}

impl WriteTx<'_> {
    /// Notes what the bot is called on a platform, and that it can be reached.
    pub fn platform_reached(&self, name: &str, account: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO platforms (name, account) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET account = ?2, trouble = NULL, trouble_at = NULL",
            params![name, account],
        )?;
        Ok(())
    }

    /// Notes that a platform can't be reached, since a moment that stays the first one; or that it can again.
    pub fn platform_trouble(
        &self,
        name: &str,
        trouble: Option<&str>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO platforms (name, trouble, trouble_at) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET trouble = ?2,
                 trouble_at = CASE WHEN ?2 IS NOT NULL THEN coalesce(platforms.trouble_at, ?3) END",
            params![name, trouble, trouble.map(|_| to_ms(now))],
        )?;
        Ok(())
    }

    /// What proves that a platform brings something by itself: as it is known, else a new one from now on.
    pub fn webhook_secret_or_new(&self, name: &str, new: &str) -> Result<String, StoreError> {
        self.conn.execute(
            "INSERT INTO platforms (name, webhook_secret) VALUES (?1, ?2)
             ON CONFLICT (name) DO UPDATE SET webhook_secret = coalesce(platforms.webhook_secret, ?2)",
            [name, new],
        )?;
        Ok(self.webhook_secret(name)?.unwrap_or_default())
    }

    /// Notes which command menu was set on a platform, and where.
    pub fn platform_menu(&self, name: &str, menu: u64, places: &str) -> Result<(), StoreError> {
        self.conn.execute(
            "INSERT INTO platforms (name, menu, menu_places) VALUES (?1, ?2, ?3)
             ON CONFLICT (name) DO UPDATE SET menu = ?2, menu_places = ?3",
            params![name, menu.cast_signed(), places],
        )?;
        Ok(())
    }
}
