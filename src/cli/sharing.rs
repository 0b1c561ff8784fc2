//! What `tidings status` says of the processes that share a store on a server.

use std::io::{self, Write};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tidings::runtime::App;
use tidings::status::{ProcessStanding, Sharing};
use tidings_core::text::visible;
use tidings_store::{ReadTx, StoreError};

use super::spans::since;

/// Who shares the store.
#[derive(Serialize)]
pub(super) struct SharingOutput {
    /// What the server's clock shows.
    now: Timestamp,
    /// How far this machine's clock is behind it, where that is too much.
    clock_behind_seconds: Option<f64>,
    processes: Vec<ProcessOutput>,
    /// Duties that nobody holds.
    unheld: Vec<String>,
}

#[derive(Serialize)]
struct ProcessOutput {
    name: String,
    begun: Timestamp,
    heard_of: Timestamp,
    /// Whether it says nothing any more.
    silent: bool,
    /// Whether another one has begun since with another configuration.
    behind: bool,
    duties: Vec<DutyOutput>,
}

#[derive(Serialize)]
struct DutyOutput {
    duty: String,
    since: Timestamp,
}

/// How the processes stand; `None` if the store is a file.
pub(super) fn sharing_output(
    app: &App,
    db: &ReadTx<'_>,
) -> Result<Option<SharingOutput>, StoreError> {
    let sources = app.settings().sources.iter().map(|s| s.name.as_str());
    let Some(sharing) = Sharing::read(db, sources)? else {
        return Ok(None);
    };
    let differs = app.clock_differs(sharing.now);
    Ok(Some(SharingOutput {
        clock_behind_seconds: differs.map(|off| off.as_secs_f64()),
        ..SharingOutput::of(sharing, app.settings().store.lease)
    }))
}

impl SharingOutput {
    fn of(sharing: Sharing, lease: Duration) -> SharingOutput {
        let now = sharing.now;
        let processes = sharing.processes.into_iter();
        SharingOutput {
            now,
            clock_behind_seconds: None,
            processes: processes
                .map(|standing| ProcessOutput::of(standing, now, lease))
                .collect(),
            unheld: sharing.unheld,
        }
    }

    /// One line for each process, and one for each trouble.
    pub(super) fn print(&self, out: &mut impl Write) -> io::Result<()> {
        if self.processes.is_empty() {
            writeln!(out, "✗ no process runs: start `tidings run`")?;
        }
        for process in &self.processes {
            process.print(out, self.now)?;
        }
        for duty in &self.unheld {
            writeln!(out, "✗ {}: nobody does it", visible(duty))?;
        }
        if let Some(seconds) = self.clock_behind_seconds {
            let (off, which) = (
                seconds.abs(),
                if seconds > 0.0 { "behind" } else { "ahead of" },
            );
            writeln!(
                out,
                "! this machine's clock is {off:.1} s {which} the server's, by which Tidings goes; set it by the network (NTP)"
            )?;
        }
        Ok(())
    }
}

impl ProcessOutput {
    fn of(standing: ProcessStanding, now: Timestamp, lease: Duration) -> ProcessOutput {
        ProcessOutput {
            silent: standing.silence(now, lease).is_some(),
            name: standing.process.name,
            begun: standing.process.started,
            heard_of: standing.seen,
            behind: standing.is_behind,
            duties: standing
                .duties
                .into_iter()
                .map(|held| DutyOutput {
                    duty: held.duty,
                    since: held.since,
                })
                .collect(),
        }
    }

    fn print(&self, out: &mut impl Write, now: Timestamp) -> io::Result<()> {
        let ago = |at: Timestamp| since(now.duration_since(at).max(SignedDuration::ZERO));
        let mark = if self.silent || self.behind {
            '✗'
        } else {
            '✓'
        };
        let name = visible(&self.name);
        writeln!(out, "{mark} process {name}: begun {}", ago(self.begun))?;
        if self.silent {
            let heard = ago(self.heard_of);
            writeln!(out, "    it says nothing any more; last heard of {heard}")?;
        }
        if self.behind {
            writeln!(
                out,
                "    another process began with another configuration: that one loads sources and looks after the store; \
                 start this one anew with the same"
            )?;
        }
        for held in &self.duties {
            writeln!(
                out,
                "    {}: taken {}",
                visible(&held.duty),
                ago(held.since)
            )?;
        }
        if self.duties.is_empty() && !self.silent {
            writeln!(out, "    stands by")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use tidings_store::{Held, Process};

    use super::*;

    fn minute(minute: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minute)
    }

    fn process(name: &str, begun: i64, seen: i64, duties: &[(&str, i64)]) -> ProcessStanding {
        ProcessStanding {
            process: Process {
                name: name.to_owned(),
                started: minute(begun),
                settings: 1,
            },
            seen: minute(seen),
            duties: duties
                .iter()
                .map(|(duty, since)| Held {
                    duty: (*duty).to_owned(),
                    holder: Some(name.to_owned()),
                    epoch: 1,
                    since: minute(*since),
                })
                .collect(),
            is_behind: false,
        }
    }

    fn shown(sharing: Sharing, clock: Option<f64>) -> String {
        let mut out = Vec::new();
        let output = SharingOutput {
            clock_behind_seconds: clock,
            ..SharingOutput::of(sharing, Duration::from_secs(10))
        };
        let _ = output.print(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn who_shares_the_store_is_said_with_what_is_wrong() {
        let behind = ProcessStanding {
            is_behind: true,
            ..process("one:7:1", 10, 600, &[("chat:telegram", 11)])
        };
        let sharing = Sharing {
            now: minute(600),
            processes: vec![
                process(
                    "two:8:2",
                    590,
                    600,
                    &[("fetch:digests", 595), ("keep", 600)],
                ),
                process("three:9:3", 580, 600, &[]),
                behind,
                process("four:5:4", 5, 580, &[]),
            ],
            unheld: vec!["chat:discord".to_owned()],
        };
        assert_snapshot!(shown(sharing, Some(-3.25)), @r"
        ✓ process two:8:2: begun 10 minutes ago
            fetch:digests: taken 5 minutes ago
            keep: taken just now
        ✓ process three:9:3: begun 20 minutes ago
            stands by
        ✗ process one:7:1: begun 9 hours ago
            another process began with another configuration: that one loads sources and looks after the store; start this one anew with the same
            chat:telegram: taken 9 hours ago
        ✗ process four:5:4: begun 9 hours ago
            it says nothing any more; last heard of 20 minutes ago
        ✗ chat:discord: nobody does it
        ! this machine's clock is 3.2 s ahead of the server's, by which Tidings goes; set it by the network (NTP)
        ");
        let nobody = Sharing {
            now: minute(600),
            processes: Vec::new(),
            unheld: Vec::new(),
        };
        assert_snapshot!(shown(nobody, Some(2.5)), @r"
        ✗ no process runs: start `tidings run`
        ! this machine's clock is 2.5 s behind the server's, by which Tidings goes; set it by the network (NTP)
        ");
    }
}
