//! `tidings dashboard`: a link that signs the operator in, or the end of all sessions.

use std::io::{self, Write};

use tidings::sign_in::{LINK_WORKS, Person, Secret, make_link, sign_all_out};
use tidings_store::{OPERATOR, OpenMode};

use super::context::{CliContext, CliError, at};
use super::findings::count;

/// Prints a link that works once, on a line of its own.
pub(super) fn link(world: &CliContext) -> Result<(), CliError> {
    let settings = world.settings()?;
    let Some(web) = settings.web.as_ref().filter(|web| web.dashboard) else {
        return Err(CliError::Usage(
            "there is no dashboard: set listen, url and dashboard = true in [web], and restart `tidings run`"
                .to_owned(),
        ));
    };
    let store = world.open(&settings, OpenMode::Call)?;
    let secret = Secret::new().map_err(anyhow::Error::from)?;
    let (base, now) = (web.base(), world.clock.now());
    let link = store
        .blocking()
        .write(|db| make_link(db, base, &secret, &Person::Operator, now))
        .map_err(at(store.address()))?;
    writeln!(io::stdout(), "{link}")?;
    writeln!(
        io::stderr(),
        "It signs the operator in, once, within {} minutes, while `tidings run` serves the dashboard.",
        LINK_WORKS.as_mins()
    )?;
    Ok(())
}

/// Ends all sessions and all links that weren't used.
pub(super) fn sign_out(world: &CliContext) -> Result<(), CliError> {
    let settings = world.settings()?;
    let store = world.open(&settings, OpenMode::Call)?;
    let now = world.clock.now();
    let ended = store.blocking().write(|db| sign_all_out(db, OPERATOR, now));
    let ended = ended.map_err(at(store.address()))?;
    writeln!(
        io::stderr(),
        "{} ended; links that weren't used don't work any more.",
        count(ended, "session")
    )?;
    Ok(())
}
