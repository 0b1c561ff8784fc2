//! `tidings invite`: the links by which the bot is added to servers and groups.

use std::io::{self, Write};

use super::context::{CliContext, CliError};
use super::run::services;

/// Prints one line for each platform whose token is set, and says what is wrong with those that tell no link.
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
    let mut is_well = true;
    for service in services {
        let name = service.name();
        match runtime.block_on(service.invitation()) {
            Ok(link) => writeln!(io::stdout(), "{name}: {link}")?,
            Err(wrong) => {
                is_well = false;
                let said = format!("tidings: {name}: {wrong}");
                writeln!(io::stderr(), "{}", world.redaction.text(&said))?;
            }
        }
    }
    if is_well { Ok(()) } else { Err(CliError::Said) }
}
