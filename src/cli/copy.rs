//! `tidings copy`: the whole store into an empty one, of either engine.

use std::io::{self, Write};

use tidings::settings;
use tidings_store::{CopyEnd, CopyError, NotCopied, ServerUrl, StoreAddress, UrlError};

use super::bars;
use super::context::{CliContext, CliError, at};
use super::findings::count;

pub(super) fn copy(world: &CliContext, to: Option<&str>) -> Result<(), CliError> {
    let settings = world.settings()?;
    let from = &settings.store.address;
    let to = target(world, to)?;
    if from.is_same_as(&to) {
        return Err(CliError::Usage(format!(
            "the store {from} can't be copied to itself; name another one with --to"
        )));
    }
    let bar = bars::bar(0, "{wide_bar} {percent}%");
    let progress = |rows, of| {
        bar.set_length(of);
        bar.set_position(rows);
    };
    let copied = tidings_store::copy(from, &to, settings.store.lease, &progress);
    bar.finish_and_clear();
    let copied = copied.map_err(|CopyError { end, why }| {
        let address = match end {
            CopyEnd::From => from,
            CopyEnd::To => &to,
        };
        match why {
            NotCopied::Store(error) => at(address)(error),
            why => CliError::Other(anyhow::anyhow!("the store {address}: {why}")),
        }
    })?;
    writeln!(
        io::stdout(),
        "copied to {to} and compared: {}, {}, {} in all",
        count(copied.items, "item"),
        count(copied.channels, "channel"),
        count(copied.rows, "row")
    )?;
    Ok(())
}

/// Where the copy is to be. What `--to` says and `COPY_URL` has to be one place: who means another one than is written to
/// finds out too late.
fn target(world: &CliContext, to: Option<&str>) -> Result<StoreAddress, CliError> {
    let given = settings::copy_url(&world.environment, &world.folder)?;
    let Some(to) = to else {
        return given.map(StoreAddress::Server).ok_or_else(|| {
            CliError::Usage(
                "there is nothing to copy to: name a file or a server's address with --to; one with a password comes in \
                 COPY_URL, or in the file that COPY_URL_FILE names"
                    .to_owned(),
            )
        });
    };
    let named = if StoreAddress::is_url(to) {
        let url = ServerUrl::parse(to, &world.folder).map_err(|error| {
            let file = match error {
                UrlError::Scheme => "; a file is named by its path alone",
                _ => "",
            };
            CliError::Usage(format!("--to {error}{file}"))
        })?;
        if url.password().is_some() {
            return Err(CliError::Usage(
                "--to holds a password, which others on this machine could read; set the whole address in COPY_URL, or in \
                 the file that COPY_URL_FILE names"
                    .to_owned(),
            ));
        }
        StoreAddress::Server(url)
    } else if to.is_empty() {
        return Err(CliError::Usage(
            "--to is empty; name a file or a server's address".to_owned(),
        ));
    } else {
        StoreAddress::File(world.folder.join(to))
    };
    let Some(given) = given.map(StoreAddress::Server) else {
        return Ok(named);
    };
    if given.is_same_as(&named) {
        return Ok(given);
    }
    Err(CliError::Usage(format!(
        "--to names {named}, but COPY_URL names {given}; keep one of the two"
    )))
}
