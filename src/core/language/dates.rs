//! Days, moments and waits, as the language writes them.

use jiff::Timestamp;
use jiff::civil::Date;

use super::texts::{Localizer, Value};
use crate::item::Published;
use crate::schedule::Zone;

impl Localizer<'_> {
    /// A day with its year: `8 Mar 2019`.
    pub fn day(&self, date: Date) -> String {
        self.text("day", &date_values(date))
    }

    /// A day in its week: `Monday 9 March`.
    pub fn weekday(&self, date: Date) -> String {
        self.text("day-of-week", &date_values(date))
    }

    /// The published day, for a reader in `zone`.
    pub fn published(&self, published: Published, zone: &Zone) -> String {
        self.day(published.day(zone.tz()))
    }

    /// A moment by the clock of `zone`: `Mon 9 Mar 09:00`, with the year where it isn't `now`'s.
    pub fn moment(&self, at: Timestamp, now: Timestamp, zone: &Zone) -> String {
        let there = at.to_zoned(zone.tz().clone());
        let time = there.strftime("%H:%M").to_string();
        let key = if there.year() == now.to_zoned(zone.tz().clone()).year() {
            "moment"
        } else {
            "moment-with-year"
        };
        let mut values = date_values(there.date()).to_vec();
        values.push(("time", Value::Text(&time)));
        self.text(key, &values)
    }

    /// How long it is until something: `in 13 hours`.
    pub fn wait(&self, until: Timestamp, now: Timestamp) -> String {
        let minutes = (until.as_second() - now.as_second() + 30).div_euclid(60);
        self.span("in", minutes)
    }

    /// How long ago something was: `2 hours ago`.
    pub fn ago(&self, at: Timestamp, now: Timestamp) -> String {
        let minutes = (now.as_second() - at.as_second()).div_euclid(60);
        self.span("ago", minutes)
    }

    fn span(&self, kind: &str, minutes: i64) -> String {
        let (unit, count) = match minutes {
            ..1 => ("now", 0),
            1..60 => ("minutes", minutes),
            // From a day and a half on, hours are counted by nobody.
            60..2_160 => ("hours", (minutes + 30) / 60),
            _ => ("days", (minutes + 720) / 1_440),
        };
        self.text(&format!("{kind}-{unit}"), &[("count", count.into())])
    }
}

fn date_values(date: Date) -> [(&'static str, Value<'static>); 4] {
    [
        ("year", Value::Number(date.year().into())),
        ("month", Value::Number(date.month().into())),
        ("day", Value::Number(date.day().into())),
        (
            "weekday",
            Value::Number(date.weekday().to_monday_one_offset().into()),
        ),
    ]
}
