//! What is said again and again is said once: a full disk lets each loop say the same every second.

use std::collections::HashMap;
use std::time::Duration;

/// How long a line isn't repeated.
pub(super) const WINDOW: Duration = Duration::from_secs(60);

/// Lines that are remembered: more different ones aren't folded.
const KEPT: usize = 100;

/// Warnings and errors of the last minute.
#[derive(Default)]
pub(super) struct Folding(HashMap<String, Said>);

struct Said {
    since: Duration,
    again: usize,
    /// As it was said last.
    line: String,
}

impl Folding {
    /// How often lines came again whose minute is over.
    pub(super) fn over(&mut self, now: Duration) -> String {
        self.tell(|said| now.saturating_sub(said.since) >= WINDOW)
    }

    /// How often lines came again that weren't said yet: at the end.
    pub(super) fn rest(&mut self) -> String {
        self.tell(|_| true)
    }

    fn tell(&mut self, is_over: impl Fn(&Said) -> bool) -> String {
        let mut told = String::new();
        self.0.retain(|_, said| {
            let is_over = is_over(said);
            if is_over && said.again > 0 {
                told.push_str(&repeated(&said.line, said.again));
            }
            !is_over
        });
        told
    }

    /// What is to be said where a line comes: the line, unless it was said within the last minute; and before it, how often
    /// others came again whose minute is over. `now` is the time since any beginning.
    pub(super) fn take(&mut self, line: &str, now: Duration) -> String {
        let mut told = self.over(now);
        let Some(key) = without_time(line) else {
            return told + line;
        };
        match self.0.get_mut(key) {
            Some(said) => {
                said.again += 1;
                line.clone_into(&mut said.line);
            }
            None => {
                told.push_str(line);
                if self.0.len() < KEPT {
                    let said = Said {
                        since: now,
                        again: 0,
                        line: line.to_owned(),
                    };
                    self.0.insert(key.to_owned(), said);
                }
            }
        }
        told
    }
}

/// A warning or an error behind its time; others are never folded.
fn without_time(line: &str) -> Option<&str> {
    let (_, rest) = match line.strip_prefix("{\"timestamp\":\"") {
        Some(json) => json.split_once("\",")?,
        None => line.split_once(' ')?,
    };
    // Colours may stand before the level.
    let level = rest.find("WARN").or_else(|| rest.find("ERROR"))?;
    (level <= 16).then_some(rest)
}

/// A line with how often it came again.
fn repeated(line: &str, times: usize) -> String {
    let line = line.trim_end();
    match line.strip_suffix('}') {
        Some(json) if line.starts_with('{') => format!("{json},\"repeated\":{times}}}\n"),
        _ if times == 1 => format!("{line} … once more in the last minute\n"),
        _ => format!("{line} … {times} times more in the last minute\n"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(lines: &[(u64, &str)]) -> String {
        let mut folding = Folding::default();
        let lines = lines
            .iter()
            .map(|(at, line)| folding.take(&format!("{line}\n"), Duration::from_secs(*at)));
        lines.collect()
    }

    #[test]
    fn the_same_is_said_once_a_minute() {
        let lines = said(&[
            (0, "T0 ERROR the disk is full"),
            (1, "T1 ERROR the disk is full"),
            (2, "T2  INFO loaded"),
            (2, "T2  INFO loaded"),
            (3, "T3  WARN another one"),
            (59, "T59 ERROR the disk is full"),
            (60, "T60 ERROR the disk is full"),
            (61, "T61 ERROR the disk is full"),
            (130, "T130  INFO on"),
        ]);
        insta::assert_snapshot!(lines, @r"
        T0 ERROR the disk is full
        T2  INFO loaded
        T2  INFO loaded
        T3  WARN another one
        T59 ERROR the disk is full … 2 times more in the last minute
        T60 ERROR the disk is full
        T61 ERROR the disk is full … once more in the last minute
        T130  INFO on
        ");
    }

    #[test]
    fn what_came_again_is_told_without_another_line() {
        let mut folding = Folding::default();
        let mut take = |at| folding.take("T WARN full\n", Duration::from_secs(at));
        assert_eq!([take(0), take(1), take(2)].concat(), "T WARN full\n");
        assert_eq!(folding.over(Duration::from_secs(59)), "");
        let told = "T WARN full … 2 times more in the last minute\n";
        assert_eq!(folding.over(Duration::from_secs(60)), told);
        assert_eq!(folding.rest(), "");
        let mut take = |at| folding.take("T WARN full\n", Duration::from_secs(at));
        assert_eq!([take(70), take(71)].concat(), "T WARN full\n");
        assert_eq!(
            folding.rest(),
            "T WARN full … once more in the last minute\n"
        );
    }

    #[test]
    fn json_stays_json() {
        let line =
            |at: u64| format!("{{\"timestamp\":\"T{at}\",\"level\":\"ERROR\",\"fields\":{{}}}}");
        let mut folding = Folding::default();
        assert_eq!(folding.take(&line(0), Duration::ZERO), line(0));
        assert_eq!(folding.take(&line(1), Duration::from_secs(1)), "");
        assert_eq!(
            folding.take("T INFO x\n", Duration::from_secs(70)),
            "{\"timestamp\":\"T1\",\"level\":\"ERROR\",\"fields\":{},\"repeated\":1}\nT INFO x\n"
        );
    }

    #[test]
    fn many_different_ones_are_all_said() {
        let mut folding = Folding::default();
        for at in 0..1_000 {
            let line = format!("T WARN number {at}\n");
            assert_eq!(folding.take(&line, Duration::from_secs(1)), line);
        }
        assert!(folding.0.len() <= KEPT);
    }
}
