//! A small chart of a day, drawn as SVG: a bar for each hour, and the same in words for who doesn't see it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use maud::{Markup, html};

use super::page::Visit;

/// A bar with the space beside it, and the chart's height, in the SVG's own units.
const STEP: usize = 10;
const WIDTH: usize = 7;
const HEIGHT: usize = 60;

/// The least height of a bar that isn't nothing.
const LEAST: usize = 2;

impl Visit<'_> {
    /// How many parts arrived in each of the last hours.
    pub(super) fn chart(&self, hours: &[usize]) -> Markup {
        let zone = self.site.defaults.timezone.tz();
        let most = hours.iter().copied().max().unwrap_or(0);
        let all: usize = hours.iter().sum();
        let said = match most {
            0 => self.text("dashboard-chart-nothing"),
            _ => {
                let busiest = hours.iter().position(|count| *count == most).unwrap_or(0);
                let hour = clock_time(self.begins(hours, busiest), zone);
                let values = [
                    ("count", all.into()),
                    ("most", most.into()),
                    ("hour", (&hour).into()),
                ];
                self.say().text("dashboard-chart-says", &values)
            }
        };
        let first = clock_time(self.begins(hours, 0), zone);
        html! {
            figure.chart {
                svg viewBox=(format!("0 0 {} {HEIGHT}", hours.len() * STEP)) role="img" aria-label=(said) preserveAspectRatio="none" {
                    @for (at, count) in hours.iter().enumerate() {
                        @let height = height(*count, most);
                        @if height > 0 { rect x=(at * STEP + 1) y=(HEIGHT - height) width=(WIDTH) height=(height) {
                            title { (clock_time(self.begins(hours, at), zone)) ": " (count) }
                        } }
                    }
                }
                p.axis aria-hidden="true" { span { (first) } span { (self.text("dashboard-chart-now")) } }
                figcaption { (said) }
            }
        }
    }

    /// When an hour of the chart begins.
    fn begins(&self, hours: &[usize], at: usize) -> Timestamp {
        let ago = i64::try_from(hours.len() - at).unwrap_or(i64::MAX);
        let ago = SignedDuration::from_secs(ago.saturating_mul(3_600));
        self.now.checked_sub(ago).unwrap_or(Timestamp::MIN)
    }
}

fn height(count: usize, most: usize) -> usize {
    match count {
        0 => 0,
        count => (count * HEIGHT / most.max(1)).max(LEAST),
    }
}

fn clock_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M").to_string()
}
