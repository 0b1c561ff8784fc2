//! What tables a store has, as it says itself.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StoreError;
use super::super::engine::{Conn, params, quoted};
use super::failure::{CopyError, reading, writing};

/// What stays behind: who does what, who is signed in, and what they have asked for. It is about those who use the store, not
/// about what it holds.
const LEFT: [&str; 5] = ["leases", "processes", "sessions", "sign_ins", "works"];

/// What has rows in a store that was just made.
const BORN_WITH_ROWS: [&str; 3] = ["archive", "facts", "sections"];

/// Facts about the schema, which every store on a server has of its own.
const FACTS_OF_SCHEMA: &str = "name NOT IN ('schema', 'oldest_program')";

/// A table.
pub(super) struct Table {
    pub(super) name: String,
    /// All but those that an engine has for itself.
    pub(super) columns: Vec<String>,
    /// Those by which its rows are told apart, if it says so.
    key: Vec<String>,
}

impl Table {
    /// Asks for its rows, in the order in which they are found soonest.
    pub(super) fn select(&self) -> String {
        let columns = list(&self.columns);
        let mut sql = format!(
            "SELECT {columns} FROM {}{}",
            quoted(&self.name),
            self.scope()
        );
        if !self.key.is_empty() {
            sql.push_str(" ORDER BY ");
            sql.push_str(&list(&self.key));
        }
        sql
    }

    /// Which of its rows are copied.
    fn scope(&self) -> String {
        match self.name.as_str() {
            "facts" => format!(" WHERE {FACTS_OF_SCHEMA}"),
            _ => String::new(),
        }
    }

    /// How many rows are copied.
    pub(super) fn rows(&self, conn: &Conn<'_>) -> Result<u64, StoreError> {
        let sql = format!(
            "SELECT count(*) FROM {}{}",
            quoted(&self.name),
            self.scope()
        );
        Ok(conn.query_row(&sql, [], |row| row.get(0))?)
    }

    /// Takes out what a store is born with.
    pub(super) fn clear(&self, conn: &Conn<'_>) -> Result<(), StoreError> {
        if BORN_WITH_ROWS.contains(&self.name.as_str()) {
            let sql = format!("DELETE FROM {}{}", quoted(&self.name), self.scope());
            conn.execute(&sql, [])?;
        }
        Ok(())
    }
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| quoted(name)).collect();
    names.join(", ")
}

/// The tables whose rows are copied, each behind those that it refers to.
pub(super) fn of_both(source: &Conn<'_>, target: &Conn<'_>) -> Result<Vec<Table>, CopyError> {
    let mut tables = all(source).map_err(reading)?;
    let theirs = all(target).map_err(writing)?;
    let names = |tables: &[Table]| -> BTreeMap<String, BTreeSet<String>> {
        let named = tables.iter();
        named
            .map(|table| (table.name.clone(), table.columns.iter().cloned().collect()))
            .collect()
    };
    if names(&tables) != names(&theirs) {
        let different = "its tables aren't those of the other one, though both are of one schema";
        return Err(writing(StoreError::Query(different.to_owned())));
    }
    tables.retain(|table| !LEFT.contains(&table.name.as_str()));
    in_order(tables, target).map_err(writing)
}

/// Whether there is nothing in a store but what it is born with.
pub(super) fn are_empty(conn: &Conn<'_>) -> Result<bool, StoreError> {
    for table in all(conn)? {
        let most = match table.name.as_str() {
            // The one for what nothing places.
            "sections" => 1,
            name if LEFT.contains(&name) || BORN_WITH_ROWS.contains(&name) => continue,
            _ => 0,
        };
        let sql = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} LIMIT 2) AS first",
            quoted(&table.name)
        );
        if conn.query_row(&sql, [], |row| row.get::<_, u64>(0))? > most {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What the store is called; `None` where it has no name yet.
pub(super) fn name_of(conn: &Conn<'_>) -> Result<Option<String>, StoreError> {
    if !all(conn)?.iter().any(|table| table.name == "archive") {
        return Ok(None);
    }
    let mut names = conn.prepare("SELECT uuid FROM archive")?;
    let mut names = names.query([])?;
    Ok(names.next()?.map(|row| row.get(0)).transpose()?)
}

fn texts(conn: &Conn<'_>, sql: &str, of: Option<&str>) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let of: Vec<&str> = of.into_iter().collect();
    let names = statement.query_map(of.as_slice(), |row| row.get(0))?;
    Ok(names.collect::<Result<_, _>>()?)
}

/// All tables of ours. SQLite's index of words is a table that isn't one of them, and PostgreSQL's a column.
fn all(conn: &Conn<'_>) -> Result<Vec<Table>, StoreError> {
    let (names, columns) = if conn.is_server() {
        (
            "SELECT CAST(relname AS text) FROM pg_class
             WHERE relnamespace = to_regnamespace('tidings') AND relkind = 'r' ORDER BY 1",
            "SELECT CAST(attname AS text), coalesce(array_position(CAST(indkey AS int2[]), attnum) + 1, 0)
             FROM pg_attribute LEFT JOIN pg_index ON indrelid = attrelid AND indisprimary
             WHERE attrelid = CAST(?1 AS regclass) AND attnum > 0 AND NOT attisdropped
                 AND atttypid <> CAST('tsvector' AS regtype) ORDER BY attnum",
        )
    } else {
        (
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1",
            "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid",
        )
    };
    let mut tables = Vec::new();
    for name in texts(conn, names, None)? {
        let mut table = Table {
            columns: Vec::new(),
            key: Vec::new(),
            name,
        };
        let mut key = BTreeMap::new();
        let mut statement = conn.prepare(columns)?;
        let mut rows = statement.query([&in_schema(conn, &table.name)])?;
        while let Some(row) = rows.next()? {
            let (column, place): (String, i64) = (row.get(0)?, row.get(1)?);
            if place > 0 {
                key.insert(place, column.clone());
            }
            table.columns.push(column);
        }
        table.key = key.into_values().collect();
        drop(rows);
        drop(statement);
        tables.push(table);
    }
    Ok(tables)
}

/// A table's name, as it is told to PostgreSQL in a parameter.
fn in_schema(conn: &Conn<'_>, table: &str) -> String {
    if conn.is_server() {
        quoted(table)
    } else {
        table.to_owned()
    }
}

/// Each table behind those that it refers to.
fn in_order(mut left: Vec<Table>, conn: &Conn<'_>) -> Result<Vec<Table>, StoreError> {
    let referred = if conn.is_server() {
        "SELECT CAST(relname AS text) FROM pg_constraint JOIN pg_class ON pg_class.oid = confrelid
         WHERE contype = 'f' AND conrelid = CAST(?1 AS regclass)"
    } else {
        "SELECT \"table\" FROM pragma_foreign_key_list(?1)"
    };
    let mut needed = BTreeMap::new();
    for table in &left {
        let mut others = texts(conn, referred, Some(&in_schema(conn, &table.name)))?;
        others.retain(|other| *other != table.name);
        needed.insert(table.name.clone(), others);
    }
    let mut ordered: Vec<Table> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_free = |table: &Table| {
            let others = needed.get(&table.name).into_iter().flatten();
            let mut others = others.filter(|other| left.iter().any(|table| table.name == **other));
            others.next().is_none()
        };
        let Some(at) = left.iter().position(is_free) else {
            let circle = "its tables refer to each other in a circle";
            return Err(StoreError::Query(circle.to_owned()));
        };
        ordered.push(left.remove(at));
    }
    Ok(ordered)
}

/// The last number that each table has given away, where it remembers that.
pub(super) fn last_numbers(conn: &Conn<'_>) -> Result<BTreeMap<String, i64>, StoreError> {
    let sql = if conn.is_server() {
        "SELECT CAST(relname AS text), pg_sequence_last_value(
             CAST(pg_get_serial_sequence(quote_ident(relname), attname) AS regclass))
         FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = to_regnamespace('tidings') AND relkind = 'r' AND attidentity <> ''"
    } else {
        "SELECT name, seq FROM sqlite_sequence"
    };
    let mut statement = conn.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut numbers = BTreeMap::new();
    while let Some(row) = rows.next()? {
        if let Some(last) = row.get::<_, Option<i64>>(1)? {
            numbers.insert(row.get(0)?, last);
        }
    }
    Ok(numbers)
}

/// Has tables give away the numbers behind those that were given away, or are taken.
pub(super) fn go_on_from(conn: &Conn<'_>, last: &BTreeMap<String, i64>) -> Result<(), StoreError> {
    let sql = if conn.is_server() {
        "SELECT CAST(relname AS text), CAST(attname AS text) FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
         WHERE relnamespace = to_regnamespace('tidings') AND relkind = 'r' AND attidentity <> ''"
    } else {
        "SELECT name, 'id' FROM sqlite_schema WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
    };
    let mut statement = conn.prepare(sql)?;
    let named = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let named: Vec<(String, String)> = named.collect::<Result<_, _>>()?;
    for (table, column) in named {
        let highest = format!(
            "SELECT coalesce(max({}), 0) FROM {}",
            quoted(&column),
            quoted(&table)
        );
        let highest: i64 = conn.query_row(&highest, [], |row| row.get(0))?;
        let number = highest.max(last.get(&table).copied().unwrap_or(0));
        if number == 0 {
            continue;
        }
        if conn.is_server() {
            conn.query_row(
                "SELECT setval(CAST(pg_get_serial_sequence(?1, ?2) AS regclass), ?3)",
                params![quoted(&table), column, number],
                |row| row.get::<_, i64>(0),
            )?;
        } else {
            conn.execute("DELETE FROM sqlite_sequence WHERE name = ?1", [&table])?;
            conn.execute(
                "INSERT INTO sqlite_sequence (name, seq) VALUES (?1, ?2)",
                (table, number),
            )?;
        }
    }
    Ok(())
}

/// Takes away the indexes of tables on a server that are to be filled: made over all rows at once they take half of the time.
/// Returns how each is made. In a file the order of the rows makes up for it.
pub(super) fn without_indexes(conn: &Conn<'_>) -> Result<Vec<String>, StoreError> {
    if !conn.is_server() {
        return Ok(Vec::new());
    }
    // Those that belong to keys stay: rows of other tables refer to them.
    let mut statement = conn.prepare(
        "SELECT CAST(relname AS text), pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE relnamespace = to_regnamespace('tidings') AND NOT EXISTS (
             SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))
         ORDER BY 1",
    )?;
    let found = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let found: Vec<(String, String)> = found.collect::<Result<_, _>>()?;
    for (name, _) in &found {
        conn.execute(&format!("DROP INDEX {}", quoted(name)), [])?;
    }
    Ok(found.into_iter().map(|(_, made)| made).collect())
}

/// What is due once all rows are there: in a file, what refers to other rows is looked for there (a server has done so already),
/// and a server makes its indexes and learns how its tables are filled, so that it plans for that.
pub(super) fn settle(
    conn: &Conn<'_>,
    tables: &[Table],
    indexes: &[String],
) -> Result<(), StoreError> {
    for made in indexes {
        conn.execute(made, [])?;
    }
    if conn.is_server() {
        for table in tables {
            conn.execute(&format!("ANALYZE {}", quoted(&table.name)), [])?;
        }
        return Ok(());
    }
    let mut check = conn.prepare("SELECT \"table\", parent FROM pragma_foreign_key_check")?;
    let mut strays = check.query([])?;
    let Some(stray) = strays.next()? else {
        return Ok(());
    };
    let (table, parent): (String, String) = (stray.get(0)?, stray.get(1)?);
    Err(StoreError::Query(format!(
        "a row of {table} refers to none of {parent}"
    )))
}
