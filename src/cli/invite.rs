//! `tidings invite`: the links by which the bot is added to servers and groups.

use std::io::{self, Write};

use super::context::{CliContext, CliError};
use super::run::services;

/// Prints one line for each platform whose token is set.
pub(super) fn invite(world: &CliContext) -> Result<(), CliError> {
    let services = services(&world.settings()?)?;
    if services.is_empty() {
        return Err(CliError::Usage(
            "no chat platform has a token, so there is no bot to invite; `tidings run` names the variables"
                .to_owned(),
        ));
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut out = io::stdout();
    for service in services {
        let link = runtime.block_on(service.invitation());
        let link = link.map_err(|wrong| anyhow::anyhow!("{}: {wrong}", service.name()))?;
        writeln!(out, "{}: {link}", service.name())?;
    }
    Ok(())
}
