//! `tidings check`: one line a thing, what to do about each that is wrong, and one sentence at the end.

mod store;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tidings::chat::commands::MOST;
use tidings::ingest::dry_run::DryRun;
use tidings::ingest::hand::Hand;
use tidings::ingest::web::fetch::{FetchError, Fetcher};
use tidings::ingest::{Planner, Source};
use tidings::platforms;
use tidings::settings::{Settings, SourceKind};
use tidings_core::bounds;
use tidings_core::bounds::Bound;
use tidings_core::ids::ChannelKey;
use tidings_core::language::Texts;
use tidings_core::section::Catalogue;
use tidings_store::{OpenMode, Store, StoreAddress, StoreError};

use super::context::{CliContext, CliError};
use super::findings::{Findings, count};

pub(super) fn check(world: &CliContext, with_bounds: bool) -> Result<(), CliError> {
    let mut findings = Findings {
        out: io::stdout(),
        wrong: 0,
        redaction: world.redaction.clone(),
    };
    let settings = match world.settings() {
        Ok(settings) => settings,
        Err(CliError::Settings(error)) => {
            for line in error.to_string().lines() {
                writeln!(findings.out, "✗ {}", findings.redaction.text(line))?;
            }
            writeln!(
                findings.out,
                "Mend the configuration first; the rest wasn't checked."
            )?;
            return Err(CliError::Usage("the configuration is wrong".to_owned()));
        }
        Err(other) => return Err(other),
    };
    findings.good(&format!(
        "configuration {}: {}, {}",
        settings.file.display(),
        count(settings.sections.len(), "section"),
        count(settings.sources.len(), "source")
    ))?;
    warn_of_mistakes(&settings, &mut findings)?;
    store::check(&settings, &world.clock, &mut findings)?;
    if settings.sources.is_empty() {
        findings.bad("sources: none", "add a [[source]] to the configuration")?;
    }
    check_sources(&settings, world.clock.now(), &mut findings)?;
    check_web(&settings, &mut findings)?;
    check_tokens(&settings, &mut findings)?;
    if with_bounds {
        tell_bounds(&settings, &mut findings)?;
    }
    for warning in settings.tokens.warnings() {
        findings.warn(&warning)?;
    }
    match findings.wrong {
        0 => {
            writeln!(findings.out, "All is well.")?;
            Ok(())
        }
        1 => {
            writeln!(findings.out, "One thing needs mending.")?;
            Err(CliError::Said)
        }
        wrong => {
            writeln!(findings.out, "{wrong} things need mending.")?;
            Err(CliError::Said)
        }
    }
}

/// Says what is allowed in a configuration and seldom meant.
fn warn_of_mistakes(settings: &Settings, findings: &mut Findings) -> io::Result<()> {
    for section in &settings.sections {
        let is_count = |name: &str| (1..=MOST).contains(&name.parse().unwrap_or(0));
        let names = [section.slug.as_str(), &section.title];
        if let Some(number) = names.into_iter().find(|name| is_count(name)) {
            findings.warn(&format!(
                "section {}: `/latest {number}` shows it, and not {number} headlines; another slug and title would keep both",
                section.slug
            ))?;
        }
    }
    let mut folders: Vec<(&str, PathBuf)> = Vec::new();
    for source in &settings.sources {
        let SourceKind::Folder { path } = &source.kind else {
            continue;
        };
        let name = source.name.as_str();
        let folder = path.canonicalize().unwrap_or_else(|_| path.clone());
        for (other, known) in &folders {
            if folder.starts_with(known) || known.starts_with(&folder) {
                findings.warn(&format!(
                    "source {name}: its folder is that of the source {other}, or lies within it or around it, so that \
                     documents belong to both and their headlines come twice"
                ))?;
            }
        }
        folders.push((name, folder));
    }
    if let Some(channel) = &settings.operator.notify
        && let Some(missing) = missing_token(settings, channel)
    {
        findings.warn(&format!(
            "operator.notify: nobody is told at {channel}, since {missing}"
        ))?;
    }
    Ok(())
}

/// Why a channel's platform isn't run, if it isn't.
pub(super) fn missing_token(settings: &Settings, channel: &ChannelKey) -> Option<String> {
    let spec = platforms::ALL
        .iter()
        .find(|spec| spec.name == channel.platform())?;
    match spec.token {
        None => Some(format!("`tidings run` doesn't serve the {}", spec.name)),
        Some(token) if settings.tokens.get(token).is_none() => Some(format!("{token} isn't set")),
        Some(_) => None,
    }
}

/// Says what may come from outside, and why no more.
fn tell_bounds(settings: &Settings, findings: &mut Findings) -> io::Result<()> {
    let out = &mut findings.out;
    writeln!(out, "Bounds on what comes from outside:")?;
    for bound in bounds::ALL {
        let Bound {
            name,
            most,
            unit,
            why,
        } = bound;
        writeln!(out, "    · {name}: {most} {unit} ({why})")?;
    }
    let set = &settings.fetch;
    writeln!(
        out,
        "    · [fetch]: {} bytes and {} items of a document, {} s for one fetch",
        set.largest,
        set.items,
        set.patience.as_secs()
    )
}

/// Looks at each folder and fetches each source on the web once, and says what they would load.
fn check_sources(
    settings: &Settings,
    now: Timestamp,
    findings: &mut Findings,
) -> Result<(), CliError> {
    let definitions = settings.definitions();
    // What is wrong with a store has been said.
    let store = Store::open_at(&settings.store.address, OpenMode::Look).ok();
    let stored = store.as_ref().and_then(|store| {
        let read = store.blocking().read(|db| {
            let left = db.left_behind(&definitions)?;
            Ok::<_, StoreError>((db.sections()?, db.led_headings()?, db.deaths()?, left))
        });
        read.ok()
    });
    let (sections, led, deaths, left) = stored.unwrap_or_default();
    for (section, channels) in left {
        let channels = count(channels, "channel");
        findings.warn(&format!(
            "section {}: {channels} still follow it, though it isn't configured any more; configure it again, or move \
             it with `tidings sections merge`",
            section.slug
        ))?;
    }
    let planner = Planner {
        catalogue: Arc::new(Catalogue::to_be(sections, led, &definitions)),
        hand: Arc::new(Hand::knowing(deaths)),
        texts: Arc::new(Texts::new().map_err(anyhow::Error::from)?),
        locale: settings.defaults.locale,
        now,
    };
    // The store is read while other threads go on.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let fetcher = Fetcher::new(settings.fetch);
    let is_shared = matches!(settings.store.address, StoreAddress::Server(_));
    for source in Source::all(settings, &definitions) {
        let name = source.name();
        match source.folder() {
            Some(path) => match DryRun::of_folder(&planner, &source, path) {
                Ok(trial) if trial.documents == 0 => findings.good(&format!(
                    "source {name}: the folder {} holds no document yet",
                    path.display()
                ))?,
                Ok(trial) => {
                    let documents = count(trial.documents, "document");
                    tell(
                        name,
                        &format!("{documents} in {}, ", path.display()),
                        trial,
                        findings,
                    )?;
                }
                Err(error) => {
                    let wrong = format!(
                        "source {name}: the folder {} can't be read: {error}",
                        path.display()
                    );
                    if is_shared && !path.is_dir() {
                        findings.warn(&format!(
                            "{wrong}; so this machine doesn't load it, and one that has it must run: share or synchronise the folder"
                        ))?;
                    } else {
                        findings.bad(&wrong, "create it, or mend `path` of the source")?;
                    }
                }
            },
            None => {
                match runtime.block_on(DryRun::of_web(&planner, &fetcher, &source, store.as_ref()))
                {
                    Ok(None) => {}
                    Ok(Some(trial)) => tell(name, "", trial, findings)?,
                    Err(wrong) => {
                        let remedy = match &wrong {
                            FetchError::Private(_) => {
                                "write the host into `allow_private` of the source, if it is meant"
                            }
                            FetchError::Unreadable(_) => {
                                "mend `url` of the source, or name selectors for its pages"
                            }
                            _ => "mend `url` of the source, or wait until its server is well",
                        };
                        findings.bad(&format!("source {name}: {wrong}"), remedy)?;
                    }
                }
            }
        }
    }
    Ok(())
}

/// Says what a source would load.
fn tell(name: &str, documents: &str, trial: DryRun, findings: &mut Findings) -> io::Result<()> {
    let days = trial.days.map_or(String::new(), |(oldest, newest)| {
        if oldest == newest {
            format!(", of {newest}")
        } else {
            format!(", of {oldest} to {newest}")
        }
    });
    let ignored = match trial.ignored {
        0 => String::new(),
        ignored => format!(" and {ignored} ignored"),
    };
    let sections: Vec<String> = trial
        .sections
        .iter()
        .map(|(slug, items, is_new)| {
            let new = if *is_new { " (new)" } else { "" };
            format!("{items} in {slug}{new}")
        })
        .collect();
    let sections = match sections.as_slice() {
        [] => String::new(),
        sections => format!(": {}", sections.join(", ")),
    };
    findings.good(&format!(
        "source {name}: {documents}{}{ignored}{days}{sections}",
        count(trial.items, "item")
    ))?;
    let beyond = trial.items.saturating_sub(trial.headlines.len());
    for headline in &trial.headlines {
        let headline = findings.shown(headline);
        writeln!(findings.out, "    · {headline}")?;
    }
    if beyond > 0 {
        writeln!(findings.out, "    · {beyond} more")?;
    }
    for odd in trial.odd {
        let odd = findings.shown(&odd);
        writeln!(findings.out, "    odd: {odd}")?;
    }
    for unread in trial.unread {
        findings.bad(
            &format!("source {name}: {unread}"),
            "mend the document, or take it out of the folder",
        )?;
    }
    Ok(())
}

/// Says where the archive is to be served. That its address is taken says nothing: it may be taken by a bot that runs.
fn check_web(settings: &Settings, findings: &mut Findings) -> io::Result<()> {
    let Some(web) = &settings.web else {
        return Ok(());
    };
    let what = match (web.archive, web.dashboard) {
        (true, true) => "archive and dashboard are",
        (true, false) => "the archive is",
        (false, _) => "the dashboard is",
    };
    findings.good(&format!(
        "web: {what} served on {}, and seen at {}",
        web.listen,
        web.base()
    ))?;
    if web.archive && web.is_near() {
        findings.warn(
            "[web] url is on this machine or in a private network, so chat doesn't lead there; name the address that \
             readers see",
        )?;
    }
    Ok(())
}

/// Asks each platform whose token is set who the bot is there.
fn check_tokens(settings: &Settings, findings: &mut Findings) -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let mut set = 0;
    for spec in platforms::ALL {
        let (Some(name), Some(connect)) = (spec.token, spec.connect) else {
            continue;
        };
        let service = match connect(settings) {
            Ok(Some(service)) => service,
            Ok(None) => continue,
            Err(broken) => {
                set += 1;
                findings.bad(name, &broken.to_string())?;
                continue;
            }
        };
        set += 1;
        // A current-thread runtime suffices: nothing else goes on.
        match runtime.block_on(service.introduce()) {
            Ok(account) => findings.good(&format!("{name}: the bot is {account}"))?,
            Err(wrong) => findings.bad(name, &wrong)?,
        }
    }
    if set == 0 {
        let served = match &settings.web {
            Some(web) if web.archive && web.dashboard => {
                "serves archive and dashboard, and on a terminal "
            }
            Some(web) if web.archive => "serves the archive, and on a terminal ",
            Some(_) => "serves the dashboard, and on a terminal ",
            None => "",
        };
        findings.good(&format!(
            "tokens: none set, so `tidings run` {served}is the console chat"
        ))?;
    }
    Ok(())
}
