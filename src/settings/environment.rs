//! The environment's part of the configuration: overrides (`TIDINGS_STORE__PATH`) and the tokens.

use std::borrow::Cow;
use std::collections::BTreeMap;

use tidings_store::StoreAddress;

use super::keys::{Key, PASSWORD_BELONGS_ELSEWHERE, Shape, TABLES, Table, token_belongs_elsewhere};
use super::problems::{Problems, Spot, nearest};
use super::raw::{self, Raw};
use super::redaction::Redaction;

const PREFIX: &str = "TIDINGS_";

/// Lays the `TIDINGS_TABLE__KEY` variables over what the file says.
///
/// A variable without `__` (`TIDINGS_CONFIG`) belongs to the command line.
pub(super) fn override_scalars(
    found: &mut Raw,
    environment: &BTreeMap<String, String>,
    problems: &mut Problems,
) {
    for (name, value) in environment {
        let ours = name.strip_prefix(PREFIX);
        let Some((table, key)) = ours.and_then(|rest| rest.split_once("__")) else {
            continue;
        };
        if let Some(reason) = garbled(value) {
            problems.add(&Spot::Variable(name.clone()), reason);
            continue;
        }
        if matches!(Redaction::default().text(value), Cow::Owned(_)) {
            // No message about the value may show a part of it.
            let reason = if StoreAddress::names_server(value.trim()) {
                PASSWORD_BELONGS_ELSEWHERE
            } else {
                "holds what looks like a token. Set that in DISCORD_TOKEN or TELEGRAM_TOKEN."
            };
            problems.add(&Spot::Variable(name.clone()), reason);
            continue;
        }
        match known().find(|(_, _, variable)| variable == name) {
            Some((table, key, _)) => {
                let value = raw::override_with(key, name, value, problems);
                found.set(table, key, value);
            }
            None => unknown(name, table, key, problems),
        }
    }
}

/// Why a variable's value can't be read, if it can't: what stands for bytes that are no text is never meant.
pub(super) fn garbled(value: &str) -> Option<&'static str> {
    value
        .contains(char::REPLACEMENT_CHARACTER)
        .then_some("isn't UTF-8 text. Set it anew.")
}

/// Every scalar of a table that is there once, with its variable.
fn known() -> impl Iterator<Item = (&'static Table, &'static Key, String)> {
    TABLES
        .into_iter()
        .filter(|table| !table.repeated)
        .flat_map(|table| table.keys.iter().map(move |key| (table, key)))
        .filter(|(_, key)| matches!(key.shape, Shape::Text | Shape::Number | Shape::Flag))
        .map(|(table, key)| (table, key, variable(table, key)))
}

fn variable(table: &Table, key: &Key) -> String {
    format!("{PREFIX}{}__{}", table.name, key.name).to_uppercase()
}

/// The value is never shown: it may be a token.
fn unknown(name: &str, table: &str, key: &str, problems: &mut Problems) {
    let spot = Spot::Variable(name.to_owned());
    let (table, key) = (table.to_lowercase(), key.to_lowercase());
    if key.contains("token") {
        problems.add(&spot, &token_belongs_elsewhere(&table));
        return;
    }
    if TABLES
        .iter()
        .any(|known| known.repeated && known.name == table)
    {
        let reason = format!("can't be set here: each [[{table}]] is written in the file.");
        problems.add(&spot, &reason);
        return;
    }
    let variables: Vec<String> = known().map(|(_, _, variable)| variable).collect();
    let elsewhere = known().find(|(_, known, _)| known.name == key);
    // Without the prefix, which would make everything look near.
    let wanted = format!("{table}__{key}");
    let near = nearest(
        &wanted,
        variables
            .iter()
            .filter_map(|name| name.strip_prefix(PREFIX)),
    );
    let hint = match (near, elsewhere) {
        (_, Some((_, _, variable))) => format!("Did you mean {variable}?"),
        (Some(near), None) => format!("Did you mean {PREFIX}{near}?"),
        (None, None) => format!("Known are: {}.", variables.join(", ")),
    };
    problems.add(&spot, &format!("names no key of Tidings. {hint}"));
}
