//! `tidings forget`: erases all that is kept about a channel, for people who can't type `/forget` any more.

use tidings_core::ids::ChannelKey;
use tidings_store::OpenMode;

use super::context::{CliContext, CliError, at};
use super::starting::say;

/// Channels that are named to somebody who named none.
const NEAR: usize = 5;

/// Letters that may differ between a name and the one that was meant, for each of so many letters.
const TYPOS: usize = 4;

pub(super) fn forget(world: &CliContext, named: &str) -> Result<(), CliError> {
    let settings = world.settings()?;
    let store = world.open(&settings, OpenMode::Look)?;
    let failed = at(store.address());
    let known = store.blocking().read(|db| db.channels()).map_err(&failed)?;
    let asked: Result<ChannelKey, _> = named.parse();
    let found = asked
        .as_ref()
        .ok()
        .and_then(|asked| known.iter().find(|row| row.key == *asked));
    let Some(channel) = found else {
        let near = near(named, known.iter().map(|row| row.key.to_string()));
        let meant = match near.as_slice() {
            [] => "`tidings status` lists the channels there are".to_owned(),
            near => format!("did you mean {}?", near.join(" or ")),
        };
        return Err(match asked {
            Ok(asked) => CliError::Other(anyhow::anyhow!("nothing is kept about {asked}; {meant}")),
            Err(_) => CliError::Usage(format!(
                "“{named}” isn't a channel: those are written discord:123, telegram:-100123/45 or console:local; {meant}"
            )),
        });
    };
    // Only now, since it brings an old file up to date.
    let store = world.open(&settings, OpenMode::Call)?;
    store
        .blocking()
        .write(|db| db.erase_channel(channel))
        .map_err(&failed)?;
    say(&format!(
        "all that was kept about {} is erased",
        channel.key
    ))?;
    Ok(())
}

/// Channels that may be meant, the nearest first: those of this address anywhere, topics of this chat, and near misses.
fn near(named: &str, known: impl Iterator<Item = String>) -> Vec<String> {
    let address = |key: &str| {
        let address = key.split_once(':').map_or(key, |(_, address)| address);
        address.trim_start_matches('-').to_owned()
    };
    let asked = address(named);
    let mut near: Vec<(usize, String)> = known
        .filter_map(|key| {
            let own = address(&key);
            let chat = own.split('/').next().unwrap_or_default();
            let distance = if own == asked {
                0
            } else if !asked.is_empty() && (chat == asked || asked.split('/').next() == Some(chat))
            {
                1
            } else {
                1 + strsim::damerau_levenshtein(named, &key)
            };
            let most = 1 + named.chars().count() / TYPOS;
            (distance <= most).then_some((distance, key))
        })
        .collect();
    near.sort();
    near.truncate(NEAR);
    near.into_iter().map(|(_, key)| key).collect()
}
