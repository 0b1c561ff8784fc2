//! `tidings check`: one line a thing, what to do about each that is wrong, and one sentence at the end.

use std::io::{self, Write};

use jiff::Timestamp;
use tidings::app::trial::try_source;
use tidings::platforms;
use tidings::settings::{Settings, Source, SourceKind};
use tidings::sources::fetch::Fetcher;
use tidings::sources::folder;
use tidings::store::{Access, Store, StoreError};

use super::{Failure, World};

/// What was found, thing by thing.
struct Findings {
    out: io::Stdout,
    wrong: usize,
}

impl Findings {
    fn good(&mut self, thing: &str) -> io::Result<()> {
        writeln!(self.out, "✓ {thing}")
    }

    fn bad(&mut self, thing: &str, remedy: &str) -> io::Result<()> {
        self.wrong += 1;
        writeln!(self.out, "✗ {thing}\n    {remedy}")
    }
}

pub(super) fn check(world: &World) -> Result<(), Failure> {
    let mut findings = Findings {
        out: io::stdout(),
        wrong: 0,
    };
    let settings = match world.settings() {
        Ok(settings) => settings,
        Err(Failure::Settings(error)) => {
            for line in error.to_string().lines() {
                writeln!(findings.out, "✗ {line}")?;
            }
            writeln!(
                findings.out,
                "Mend the configuration first; the rest wasn't checked."
            )?;
            return Err(Failure::Usage("the configuration is wrong".to_owned()));
        }
        Err(other) => return Err(other),
    };
    findings.good(&format!(
        "configuration {}: {}, {}",
        settings.file.display(),
        count(settings.sections.len(), "section"),
        count(settings.sources.len(), "source")
    ))?;
    check_store(&settings, &mut findings)?;
    if settings.sources.is_empty() {
        findings.bad("sources: none", "add a [[source]] to the configuration")?;
    }
    for source in &settings.sources {
        check_source(source, &mut findings)?;
    }
    check_web_sources(&settings, (world.clock)(), &mut findings)?;
    check_tokens(&settings, &mut findings)?;
    match findings.wrong {
        0 => {
            writeln!(findings.out, "All is well.")?;
            Ok(())
        }
        1 => {
            writeln!(findings.out, "One thing needs mending.")?;
            Err(Failure::Said)
        }
        wrong => {
            writeln!(findings.out, "{wrong} things need mending.")?;
            Err(Failure::Said)
        }
    }
}

fn check_store(settings: &Settings, findings: &mut Findings) -> io::Result<()> {
    let path = &settings.store.path;
    let shown = path.display();
    if !path.exists() {
        return findings.good(&format!(
            "store {shown}: not there yet; the first run creates it"
        ));
    }
    let checked = Store::open(path, Access::Look).and_then(|store| {
        store.read(|db| {
            db.check_integrity()?;
            db.totals()
        })
    });
    match checked {
        Ok(totals) => findings.good(&format!(
            "store {shown}: {}, {}",
            count(totals.items, "item"),
            count(totals.channels, "channel")
        )),
        Err(StoreError::Missing) => {
            findings.good(&format!("store {shown}: empty; the first run fills it"))
        }
        Err(error) => findings.bad(&format!("store {shown}"), &error.to_string()),
    }
}

fn check_source(source: &Source, findings: &mut Findings) -> io::Result<()> {
    let name = &source.name;
    let path = match &source.kind {
        SourceKind::Folder { path } => path,
        SourceKind::Web { .. } => return Ok(()),
    };
    let shown = path.display();
    match folder::list(path) {
        Ok(looks) if looks.is_empty() => findings.good(&format!(
            "source {name}: the folder {shown} holds no document yet"
        )),
        Ok(looks) => findings.good(&format!(
            "source {name}: {} in {shown}",
            count(looks.len(), "document")
        )),
        Err(error) => findings.bad(
            &format!("source {name}: the folder {shown} can't be read: {error}"),
            "create it, or mend `path` of the source",
        ),
    }
}

/// Fetches each source on the web once, and says what it would load.
fn check_web_sources(
    settings: &Settings,
    now: Timestamp,
    findings: &mut Findings,
) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let fetcher = Fetcher::new(settings.fetch);
    for source in &settings.sources {
        let name = &source.name;
        let trial = match runtime.block_on(try_source(&fetcher, settings, source, now)) {
            Ok(None) => continue,
            Ok(Some(trial)) => trial,
            Err(wrong) => {
                findings.bad(
                    &format!("source {name}: {wrong}"),
                    "mend `url` of the source, or wait until its server is well",
                )?;
                continue;
            }
        };
        let days = trial.days.map_or(String::new(), |(oldest, newest)| {
            if oldest == newest {
                format!(", of {newest}")
            } else {
                format!(", of {oldest} to {newest}")
            }
        });
        let headings = match trial.headings.as_slice() {
            [] => String::new(),
            headings => format!(", under {}", headings.join(", ")),
        };
        findings.good(&format!(
            "source {name}: {}{days}{headings}",
            count(trial.items, "item")
        ))?;
        for odd in trial.odd {
            writeln!(findings.out, "    {odd}")?;
        }
    }
    Ok(())
}

/// Asks each platform whose token is set who the bot is there.
fn check_tokens(settings: &Settings, findings: &mut Findings) -> Result<(), Failure> {
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
        findings.good("tokens: none set, so `tidings run` is the console chat")?;
    }
    Ok(())
}

fn count(number: impl std::fmt::Display, noun: &str) -> String {
    let number = number.to_string();
    let plural = if number == "1" { "" } else { "s" };
    format!("{number} {noun}{plural}")
}
