//! `tidings run`: every platform whose token is set, until the process is told to stop.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use sd_notify::NotifyState;
use tidings::platforms;
use tidings::platforms::kit::Service;
use tidings::runtime::{Ended, serve};
use tidings::settings::Settings;
use tidings::task::since_boot;
use tidings_store::{Lock, Locked, OpenMode, Store, StoreAddress};

use super::chat::{Beside, Role, chat};
use super::check::missing_token;
use super::context::{CliContext, CliError, at};
use super::starting::{introduce, load, say_next, stop_signals};
use super::systemd::{keep_watchdog, say};

/// Runs every platform whose token is set; without any, the console chat if there is a terminal.
pub(super) fn run(world: &CliContext) -> Result<(), CliError> {
    let settings = world.settings()?;
    let services = services(&settings)?;
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if services.is_empty() && !terminal && settings.web.is_none() {
        let names: Vec<String> = platforms::ALL
            .iter()
            .filter_map(|spec| spec.token)
            .map(|name| format!("{name} (or {name}_FILE)"))
            .collect();
        return Err(CliError::Usage(format!(
            "no chat platform has a token: set {}; or use `tidings chat`, which needs none; or serve archive or dashboard with [web]",
            names.join(" or ")
        )));
    }
    let _alone = alone(world, &settings)?;
    if services.is_empty() && terminal {
        let names: Vec<&str> = platforms::ALL
            .iter()
            .filter_map(|spec| spec.token)
            .collect();
        writeln!(
            io::stderr(),
            "No platform has a token, so this is the console chat; set {} to run a platform.",
            names.join(" or ")
        )?;
        return chat(world, Role::Manager, Beside::Archive, OpenMode::Work);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    let done = runtime.block_on(serve_all(world, services));
    // A load that takes its time ends with the process; what it has filed stays.
    runtime.shutdown_background();
    done
}

/// The platforms whose tokens are set.
pub(super) fn services(settings: &Settings) -> Result<Vec<Arc<dyn Service>>, CliError> {
    let mut services = Vec::new();
    for connect in platforms::ALL.iter().filter_map(|spec| spec.connect) {
        let connected = connect(settings).map_err(|broken| CliError::Usage(broken.to_string()))?;
        services.extend(connected);
    }
    Ok(services)
}

/// Sees that this is the only `tidings run` on its store, where only one may be: those on a server share the work.
fn alone(world: &CliContext, settings: &Settings) -> Result<Option<Lock>, CliError> {
    let StoreAddress::File(path) = &settings.store.address else {
        return Ok(None);
    };
    // The folder has to be there before a lock can lie in it.
    drop(world.open(settings, OpenMode::Work)?);
    match Lock::alone(path, "run")? {
        Locked::Ours(lock) => Ok(Some(lock)),
        Locked::Theirs(process) => {
            let who = process.map_or_else(String::new, |id| format!(" (process {id})"));
            Err(CliError::Other(anyhow::anyhow!(
                "another `tidings run`{who} is running on the store {}; stop that one first, or name another \
                 store in [store] path",
                path.display()
            )))
        }
    }
}

async fn serve_all(world: &CliContext, services: Vec<Arc<dyn Service>>) -> Result<(), CliError> {
    let stop = stop_signals()?;
    let app = Arc::new(world.app(OpenMode::Work)?);
    let failed = at(app.store().address());
    let names: Vec<&str> = services.iter().map(|service| service.name()).collect();
    let is_shared = app.store().is_shared();
    if is_shared {
        // What is planned is looked through by the clock that all go by.
        let begun = since_boot();
        if let Some(shown) = app.store().server_time().await.map_err(&failed)? {
            let taken = since_boot().saturating_sub(begun);
            app.clock().is_of_server(shown, taken);
        }
    } else {
        for name in &names {
            // Nobody else delivers for it: the lock says so. On a server whoever takes a platform over does it.
            let store = app.store().blocking();
            store.write(|db| db.recover(name)).map_err(&failed)?;
        }
    }
    let loading = {
        let app = app.clone();
        async move {
            // A source on a server is loaded by whoever holds it.
            let begun = match introduce(&app).await {
                Ok(()) if is_shared => say_next(&app, &names),
                Ok(()) => match load(&app).await {
                    Ok(()) => say_next(&app, &names),
                    Err(error) => Err(error),
                },
                Err(error) => Err(error),
            };
            if let Err(error) = begun {
                // The watches load what it left; until one has, nothing is known to be stored.
                tracing::error!(%error, "loading failed; it is tried again");
                for source in app.settings().sources.iter().filter(|_| !is_shared) {
                    app.broken.is_unstored(&source.name, &error.to_string());
                }
            }
        }
    };
    if let Some(channel) = &app.settings().operator.notify
        && let Some(missing) = missing_token(app.settings(), channel)
    {
        tracing::warn!(%channel, "[operator] notify: nobody is told there, since {missing}");
    }
    app.scheduler().repair_at_start().await.map_err(&failed)?;
    compact(app.store());
    let watchdog = tokio::spawn(keep_watchdog(app.clone()));
    let telling = tokio::spawn(world.log.clone().keep_telling());
    say(NotifyState::Ready);
    let ended = serve(app, services, loading, stop).await;
    say(NotifyState::Stopping);
    watchdog.abort();
    telling.abort();
    match ended {
        Ended::Stopped => Ok(()),
        Ended::Refused(refused) => Err(CliError::Other(anyhow::anyhow!("{refused}"))),
        Ended::Outdated => Err(CliError::Other(anyhow::anyhow!(
            "a newer version of Tidings has changed the store so that this one can't go on; run that version"
        ))),
        Ended::Broken => Err(CliError::Other(anyhow::anyhow!(
            "no platform is listened to any more; the log says why, please report it"
        ))),
    }
}

/// Makes a file smaller that is mostly empty, when nobody else needs it. That it can't be done, for want of room,
/// changes nothing.
fn compact(store: &Store) {
    match store.blocking().compact() {
        Ok(true) => tracing::info!("the store was compacted"),
        Ok(false) => {}
        Err(error) => tracing::warn!(%error, "the store can't be compacted"),
    }
}
