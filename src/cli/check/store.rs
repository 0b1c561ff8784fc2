//! What `tidings check` finds of the store: a file, or a database on a server.

use std::io;

use tidings::settings::Settings;
use tidings::task::Clock;
use tidings_store::{
    Line, OpenMode, Replicas, ServerUrl, Store, StoreAddress, StoreError, Survey, Tables,
};

use super::super::findings::{Findings, count};

pub(super) fn check(settings: &Settings, clock: &Clock, findings: &mut Findings) -> io::Result<()> {
    let address = &settings.store.address;
    if let StoreAddress::Server(url) = address
        && !check_server(url, settings, clock, findings)?
    {
        return Ok(());
    }
    if let Some(why) = address.why_not_a_file() {
        return findings.bad(&format!("store {address}"), &why);
    }
    if address.is_missing() {
        return findings.good(&format!(
            "store {address}: not there yet; the first run creates it"
        ));
    }
    let checked = Store::open_at(address, OpenMode::Look).and_then(|store| {
        store.blocking().read(|db| {
            db.check_integrity()?;
            db.totals()
        })
    });
    match checked {
        Ok(totals) => findings.good(&format!(
            "store {address}: {}, {}",
            count(totals.items, "item"),
            count(totals.channels, "channel")
        )),
        Err(StoreError::Missing) => {
            findings.good(&format!("store {address}: empty; the first run fills it"))
        }
        Err(error) => findings.bad(&format!("store {address}"), &error.to_string()),
    }
}

/// Looks at a server. Returns true if a store is there to be looked into.
fn check_server(
    url: &ServerUrl,
    settings: &Settings,
    clock: &Clock,
    findings: &mut Findings,
) -> io::Result<bool> {
    let survey = match url.survey() {
        Ok(survey) => survey,
        Err(error) => {
            findings.bad(&format!("store {url}"), &error.to_string())?;
            return Ok(false);
        }
    };
    let off = clock.differs(survey.now);
    findings.good(&format!(
        "store {url}: PostgreSQL {}, {}; a process that is silent for {} s is replaced",
        survey.version,
        line(&survey.line),
        settings.store.lease.as_secs()
    ))?;
    tell_doubts(url, &survey, findings)?;
    if let Some(off) = off {
        let seconds = off.as_secs_f64();
        let which = if seconds > 0.0 { "behind" } else { "ahead of" };
        findings.bad(
            &format!(
                "store {url}: this machine's clock is {:.1} s {which} the server's",
                seconds.abs()
            ),
            "set both by the network (NTP); Tidings goes by the server's",
        )?;
    }
    match survey.tables {
        Tables::Current(_) => Ok(true),
        Tables::Missing => {
            findings.good(&format!(
                "store {url}: no tables yet; `tidings run` makes them in the schema tidings"
            ))?;
            Ok(false)
        }
        Tables::Older(found) => {
            findings.warn(&format!(
                "store {url}: its tables are of an older version of Tidings (schema {found}); `tidings run` brings them up to date"
            ))?;
            Ok(false)
        }
    }
}

fn line(line: &Line) -> String {
    let verified = if line.is_verified {
        "its certificate verified"
    } else {
        "its certificate not verified"
    };
    match &line.tls {
        Some(version) => format!("{version}, {verified}"),
        None if line.is_local => "on this machine".to_owned(),
        None => "without TLS".to_owned(),
    }
}

/// Says what works until something breaks.
fn tell_doubts(url: &ServerUrl, survey: &Survey, findings: &mut Findings) -> io::Result<()> {
    let Line {
        is_local,
        tls,
        is_verified,
    } = &survey.line;
    let doubt = match (tls, is_verified) {
        _ if *is_local => None,
        (None, _) => Some("whoever is between reads all that is stored"),
        (Some(_), false) => Some("it may be another server than you think"),
        (Some(_), true) => None,
    };
    if let Some(doubt) = doubt {
        findings.warn(&format!(
            "store {url}: {doubt}; write sslmode=verify-full, unless the network is yours alone"
        ))?;
    }
    if let Some(grant) = &survey.grant {
        findings.warn(&format!(
            "store {url}: its tables belong to somebody else, so an upgrade can't change them; let an administrator say `{grant}`"
        ))?;
    }
    for setting in &survey.lax {
        findings.warn(&format!(
            "store {url}: {setting} is off there, so a crash of the server may lose what was noted, and messages come twice; turn it on"
        ))?;
    }
    match &survey.replicas {
        Replicas::Asynchronous(names) => {
            for name in names {
                findings.warn(&format!(
                    "store {url}: the replica {name:?} is asynchronous: after a failover to it, messages may come twice; name it in \
                     synchronous_standby_names, or never fail over to it"
                ))?;
            }
        }
        Replicas::Untold => findings.warn(&format!(
            "store {url}: it has replicas, and whether they are synchronous isn't told to this user (`GRANT pg_monitor TO …` lets it \
             know); after a failover to an asynchronous one messages may come twice"
        ))?,
    }
    if survey.is_pooled {
        findings.good(&format!(
            "store {url}: a pooler is between, which keeps prepared statements over transactions"
        ))?;
    }
    Ok(())
}
