//! What the dashboard was asked to do with a source, and what came of it: whichever process shows it.

use super::engine::{Row, params};
use jiff::Timestamp;

use super::deeds::DeedKind;
use super::{ReadTx, StoreError, WriteTx, from_ms, from_ms_opt, to_ms};

/// Something that takes its time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Work {
    /// Its name, which nobody guesses.
    pub name: String,
    /// What is done.
    pub kind: DeedKind,
    /// The source that it is done with.
    pub source: String,
    /// When it was asked for.
    pub begun_at: Timestamp,
    /// Who has it in hand, once somebody has.
    pub doer: Option<String>,
    /// When it was done, and what came of it.
    pub result: Option<(Timestamp, Outcome)>,
}

/// What came of work.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Whether there is no trouble in it.
    pub is_well: bool,
    /// In words, line by line.
    pub lines: Vec<String>,
}

const COLUMNS: &str = "name, deed, source, begun_at, doer, ended_at, is_well, said";

fn read_work(row: Row<'_>) -> Result<Work, StoreError> {
    let kind: String = row.get(1)?;
    let ended_at = from_ms_opt(row.get(5)?)?;
    let is_well: Option<bool> = row.get(6)?;
    let said: Option<String> = row.get(7)?;
    let outcome = Outcome {
        is_well: is_well.unwrap_or(false),
        lines: said
            .iter()
            .flat_map(|said| said.lines())
            .map(str::to_owned)
            .collect(),
    };
    Ok(Work {
        name: row.get(0)?,
        kind: DeedKind::parse(&kind)?,
        source: row.get(2)?,
        begun_at: from_ms(row.get(3)?)?,
        doer: row.get(4)?,
        result: ended_at.map(|at| (at, outcome)),
    })
}

impl ReadTx<'_> {
    /// Work by its name.
    pub fn work(&self, name: &str) -> Result<Option<Work>, StoreError> {
        let mut statement = self
            .conn
            .prepare_cached(&format!("SELECT {COLUMNS} FROM works WHERE name = ?1"))?;
        let mut rows = statement.query([name])?;
        rows.next()?.map(read_work).transpose()
    }

    /// What isn't done yet, in the order in which it was asked for.
    pub fn open_works(&self) -> Result<Vec<Work>, StoreError> {
        let mut statement = self.conn.prepare_cached(&format!(
            "SELECT {COLUMNS} FROM works WHERE ended_at IS NULL ORDER BY begun_at, name"
        ))?;
        let mut rows = statement.query([])?;
        let mut works = Vec::new();
        while let Some(row) = rows.next()? {
            works.push(read_work(row)?);
        }
        Ok(works)
    }
}

impl WriteTx<'_> {
    /// Notes what is to be done; what was asked for before `forgotten` is known no more.
    pub fn add_work(
        &self,
        name: &str,
        kind: DeedKind,
        source: &str,
        now: Timestamp,
        forgotten: Timestamp,
    ) -> Result<(), StoreError> {
        self.conn
            .execute("DELETE FROM works WHERE begun_at < ?1", [to_ms(forgotten)])?;
        self.conn.execute(
            "INSERT INTO works (name, deed, source, begun_at) VALUES (?1, ?2, ?3, ?4)",
            params![name, kind.as_str(), source, to_ms(now)],
        )?;
        Ok(())
    }

    /// Takes work in hand. `false` if somebody else has meanwhile.
    pub fn take_work(&self, name: &str, doer: &str) -> Result<bool, StoreError> {
        let taken = self.conn.execute(
            "UPDATE works SET doer = ?2 WHERE name = ?1 AND doer IS NULL AND ended_at IS NULL",
            params![name, doer],
        )?;
        Ok(taken == 1)
    }

    /// Notes what came of work, unless that is known already.
    pub fn end_work(
        &self,
        name: &str,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let said: Vec<String> = outcome
            .lines
            .iter()
            .map(|line| line.replace(['\r', '\n'], " "))
            .collect();
        self.conn.execute(
            "UPDATE works SET ended_at = ?2, is_well = ?3, said = ?4 WHERE name = ?1 AND ended_at IS NULL",
            params![name, to_ms(now), outcome.is_well, said.join("\n")],
        )?;
        Ok(())
    }
}
