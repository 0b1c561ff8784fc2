//! The whole store copied into an empty one, of either engine: row by row, as one moment's truth, and all or nothing. Which tables
//! there are, and what is in them, both stores say themselves, so a migration changes nothing here.
//!
//! What belongs to those who use a store stays behind: duties, processes, sign-ins and sessions. The search's index is made anew.
//! Nobody writes to either store meanwhile, and afterwards every row is read back and compared.

mod ends;
mod failure;
mod tables;

use std::hash::{DefaultHasher, Hasher};
use std::time::Duration;

use super::engine::{Conn, Param, Row};
use super::search::{CopiedWords, MOST_ITEMS};
use super::{StoreAddress, StoreError, stories};

use self::failure::{reading, writing};
use self::tables::Table;

pub use self::failure::{CopyEnd, CopyError, NotCopied};

/// Rows between two words about how far it is.
const STRIDE: u64 = 1_000;

/// What was copied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Items, those as well that nobody reads any more.
    pub items: u64,
    /// Channels.
    pub channels: u64,
    /// Rows of all tables.
    pub rows: u64,
}

/// How far it is: rows that were copied and rows that were compared, of so many.
type Progress<'p> = &'p dyn Fn(u64, u64);

/// Copies a store into one that is empty, or isn't there yet, and verifies it. A process whose lease has been silent for long is
/// taken for dead.
///
/// # Errors
/// [`CopyError`]; then the other one is as it was.
pub fn copy(
    from: &StoreAddress,
    to: &StoreAddress,
    lease: Duration,
    progress: Progress<'_>,
) -> Result<Copied, CopyError> {
    ends::read(from, lease, |source| {
        ends::look_before(to, source)?;
        ends::write(to, lease, |target| {
            let tables = tables::of_both(source, target)?;
            let copying = Copying {
                source,
                target,
                tables: &tables,
                progress,
            };
            copying.run()
        })
    })
}

struct Copying<'c> {
    source: &'c Conn<'c>,
    target: &'c Conn<'c>,
    tables: &'c [Table],
    progress: Progress<'c>,
}

/// How far it is.
struct Done<'p> {
    rows: u64,
    of: u64,
    progress: Progress<'p>,
}

impl Done<'_> {
    fn one_more(&mut self) {
        self.rows += 1;
        if self.rows.is_multiple_of(STRIDE) {
            (self.progress)(self.rows, self.of);
        }
    }
}

/// What a table holds, whatever the order of its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Digest {
    rows: u64,
    sum: u64,
}

impl Digest {
    fn add(&mut self, row: &[Param<'_>]) {
        let mut hasher = DefaultHasher::new();
        for value in row {
            match value {
                Param::Null(_) | Param::TooLarge => hasher.write_u8(0),
                Param::Int(number) => {
                    hasher.write_u8(1);
                    hasher.write_i64(*number);
                }
                Param::Real(number) => {
                    hasher.write_u8(2);
                    hasher.write_u64(number.to_bits());
                }
                Param::Text(text) => {
                    hasher.write_u8(3);
                    hasher.write_usize(text.len());
                    hasher.write(text.as_bytes());
                }
                Param::Bytes(bytes) => {
                    hasher.write_u8(4);
                    hasher.write_usize(bytes.len());
                    hasher.write(bytes);
                }
            }
        }
        self.rows += 1;
        self.sum = self.sum.wrapping_add(hasher.finish());
    }
}

impl Copying<'_> {
    fn run(&self) -> Result<Copied, CopyError> {
        if !self.target.is_server() {
            self.fits_into_a_file()?;
        }
        let mut rows = 0;
        for table in self.tables {
            rows += table.rows(self.source).map_err(reading)?;
        }
        let mut done = Done {
            rows: 0,
            of: 2 * rows,
            progress: self.progress,
        };
        // What a store is born with comes from the other one.
        for table in self.tables.iter().rev() {
            table.clear(self.target).map_err(writing)?;
        }
        let indexes = tables::without_indexes(self.target).map_err(writing)?;
        let mut copied = Copied::default();
        let mut digests = Vec::with_capacity(self.tables.len());
        for table in self.tables {
            let digest = self.copy(table, &mut done)?;
            copied.rows += digest.rows;
            match table.name.as_str() {
                "items" => copied.items = digest.rows,
                "channels" => copied.channels = digest.rows,
                _ => {}
            }
            digests.push(digest);
        }
        let numbers = tables::last_numbers(self.source).map_err(reading)?;
        tables::go_on_from(self.target, &numbers).map_err(writing)?;
        for (table, digest) in self.tables.iter().zip(digests) {
            let read_back = digest_of(table, self.target, &mut done).map_err(writing)?;
            if read_back != digest {
                return Err(CopyError {
                    end: CopyEnd::To,
                    why: NotCopied::Unlike(table.name.clone()),
                });
            }
        }
        tables::settle(self.target, self.tables, &indexes).map_err(writing)?;
        (self.progress)(done.of, done.of);
        Ok(copied)
    }

    fn fits_into_a_file(&self) -> Result<(), CopyError> {
        let newest = self
            .source
            .query_row("SELECT coalesce(max(id), 0) FROM items", [], |row| {
                row.get::<_, i64>(0)
            })
            .map_err(reading)?;
        if newest <= MOST_ITEMS {
            return Ok(());
        }
        Err(CopyError {
            end: CopyEnd::From,
            why: NotCopied::TooManyItems(newest),
        })
    }

    /// Copies a table's rows; returns what they were.
    fn copy(&self, table: &Table, done: &mut Done<'_>) -> Result<Digest, CopyError> {
        let mut columns: Vec<&str> = table.columns.iter().map(String::as_str).collect();
        let width = columns.len();
        let mut words = match table.name.as_str() {
            "items" => Some(CopiedWords::new(self.target, &columns).map_err(writing)?),
            _ => None,
        };
        // A server keeps what items say as older programs beside it read it.
        let said = columns.iter().position(|column| *column == "features");
        let said = said.filter(|_| table.name == "tellings" && self.target.is_server());
        columns.extend(words.as_ref().and_then(CopiedWords::column));
        let mut select = self.source.prepare(&table.select()).map_err(reading)?;
        let mut rows = select.query([]).map_err(reading)?;
        let mut filling = self.target.fill(&table.name, &columns).map_err(writing)?;
        let mut digest = Digest::default();
        while let Some(found) = rows.next().map_err(reading)? {
            let mut row = values(found, width).map_err(reading)?;
            if let Some(at) = said {
                row[at] = stories::for_server(&row[at]).map_err(reading)?;
            }
            digest.add(&row);
            if let Some(words) = &mut words {
                words.add(self.target, &mut row).map_err(writing)?;
            }
            filling.push(&row).map_err(writing)?;
            done.one_more();
        }
        filling.finish().map_err(writing)?;
        if let Some(words) = &mut words {
            words.learn(self.target).map_err(writing)?;
        }
        Ok(digest)
    }
}

/// A row's values, with room for one more.
fn values(row: Row<'_>, width: usize) -> Result<Vec<Param<'_>>, StoreError> {
    let mut values = Vec::with_capacity(width + 1);
    for column in 0..width {
        values.push(row.value(column)?);
    }
    Ok(values)
}

/// What a table holds.
fn digest_of(table: &Table, conn: &Conn<'_>, done: &mut Done<'_>) -> Result<Digest, StoreError> {
    let mut select = conn.prepare(&table.select())?;
    let mut rows = select.query([])?;
    let mut digest = Digest::default();
    while let Some(found) = rows.next()? {
        digest.add(&values(found, table.columns.len())?);
        done.one_more();
    }
    Ok(digest)
}
