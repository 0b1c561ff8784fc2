//! Cadences and zones: every slot here follows from text, so each case is one line of a table.

mod lengths;
mod people;
mod properties;
mod windows;
mod words;

use jiff::civil::DateTime;
use jiff::{Timestamp, Zoned};
use tidings_core::schedule::{Cadence, Zone};

const NEW_YORK: &str = "America/New_York";
const LONDON: &str = "Europe/London";
const SEOUL: &str = "Asia/Seoul";
const LORD_HOWE: &str = "Australia/Lord_Howe";

fn cadence(text: &str) -> Cadence {
    Cadence::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn zone(name: &str) -> Zone {
    Zone::find(name).unwrap_or_else(|error| panic!("{error}"))
}

/// Reads a moment (`…Z`), or a local time of the zone.
fn moment(text: &str, zone: &Zone) -> Timestamp {
    match text.ends_with('Z') {
        true => text.parse().expect("a moment"),
        false => {
            let local: DateTime = text.parse().expect("a local time");
            zone.tz().to_timestamp(local).expect("a time of our era")
        }
    }
}

fn show(slot: Timestamp, zone: &Zone) -> String {
    let local: Zoned = slot.to_zoned(zone.tz().clone());
    local.strftime("%a %F %H:%M %:z").to_string()
}

/// A table in a string: rows are lines, `|` parts the cells, and `#` begins a remark.
fn rows<const N: usize>(table: &str) -> Vec<[&str; N]> {
    let lines = table.trim().lines().map(str::trim);
    lines
        .filter(|line| !line.starts_with('#'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            cells
                .try_into()
                .unwrap_or_else(|_| panic!("cells of {line}"))
        })
        .collect()
}

/// Each row holds a cadence, a zone and a moment, and exactly the slots that come next, as local
/// times with their offsets.
#[track_caller]
fn check(table: &str) {
    for [text, name, after, expected] in rows(table) {
        let zone = zone(name);
        let many = expected.split(", ").count();
        let slots = cadence(text).upcoming(moment(after, &zone), zone.tz(), many);
        let shown: Vec<String> = slots.iter().map(|slot| show(*slot, &zone)).collect();
        assert_eq!(shown.join(", "), expected, "{text} in {name} after {after}");
    }
}

/// How many slots lie in a span of local time, its end included.
fn count(text: &str, zone_name: &str, from: &str, to: &str) -> usize {
    let (zone, cadence) = (zone(zone_name), cadence(text));
    let (from, to) = (moment(from, &zone), moment(to, &zone));
    slots_of(&cadence, &zone, from, to).len()
}

/// The slots behind a moment up to another.
fn slots_of(cadence: &Cadence, zone: &Zone, from: Timestamp, to: Timestamp) -> Vec<Timestamp> {
    std::iter::successors(cadence.next_after(from, zone.tz()), |slot| {
        cadence.next_after(*slot, zone.tz())
    })
    .take_while(|slot| *slot <= to)
    .collect()
}

#[test]
fn nine_oclock_in_new_york_moves_with_the_clocks() {
    let (zone, nine) = (zone(NEW_YORK), cadence("weekdays 09:00"));
    for [after, friday, monday] in rows(
        "
        2026-03-06T00:00Z | 2026-03-06T14:00:00Z | 2026-03-09T13:00:00Z
        2026-10-30T00:00Z | 2026-10-30T13:00:00Z | 2026-11-02T14:00:00Z
        ",
    ) {
        let slots = nine.upcoming(moment(after, &zone), zone.tz(), 2);
        let shown: Vec<String> = slots.iter().map(Timestamp::to_string).collect();
        assert_eq!(shown, [friday, monday]);
    }
}

#[test]
fn a_skipped_time_fires_at_the_first_moment_after_the_gap() {
    check(
        "
        daily 02:30 | America/New_York | 2026-03-07T00:00 | Sat 2026-03-07 02:30 -05:00, Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:30 -04:00
        weekly sat,sun,mon 02:30 | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:30 -04:00
        cron 30 2 * * * | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:30 -04:00
        cron 10,30 2 * * * | America/New_York | 2026-03-07T12:00 | Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:10 -04:00
        # The two ends of the gap: 02:00 is in it, 03:00 isn't.
        daily 02:00 | America/New_York | 2026-03-08T00:00 | Sun 2026-03-08 03:00 -04:00
        daily 01:59 | America/New_York | 2026-03-08T00:00 | Sun 2026-03-08 01:59 -05:00
        weekly sun 01:30 | Europe/London | 2026-03-27T00:00 | Sun 2026-03-29 02:00 +01:00
        monthly 8 02:30 | America/New_York | 2026-03-01T00:00 | Sun 2026-03-08 03:00 -04:00
        # Several skipped times, and one at the gap's end, are one moment.
        cron 0,20,40 2,3 * * * | America/New_York | 2026-03-08T00:00 | Sun 2026-03-08 03:00 -04:00, Sun 2026-03-08 03:20 -04:00, Sun 2026-03-08 03:40 -04:00, Mon 2026-03-09 02:00 -04:00
        # Asked at the gap's end, the skipped slot has fired.
        daily 02:30 | America/New_York | 2026-03-08T07:00:00Z | Mon 2026-03-09 02:30 -04:00
        daily 02:30 | America/New_York | 2026-03-08T06:59:59.5Z | Sun 2026-03-08 03:00 -04:00
        ",
    );
}

#[test]
fn a_gap_may_run_into_the_next_day() {
    // Nuuk goes from Saturday 23:00 to Sunday 00:00.
    check(
        "
        weekly sat 23:30 | America/Nuuk | 2026-03-27T00:00 | Sun 2026-03-29 00:00 -01:00, Sat 2026-04-04 23:30 -01:00
        cron 30 23 * * 6 | America/Nuuk | 2026-03-27T00:00 | Sun 2026-03-29 00:00 -01:00, Sat 2026-04-04 23:30 -01:00
        ",
    );
}

#[test]
fn a_repeated_time_fires_once_at_its_first_pass() {
    check(
        "
        daily 01:30 | America/New_York | 2026-10-31T00:00 | Sat 2026-10-31 01:30 -04:00, Sun 2026-11-01 01:30 -04:00, Mon 2026-11-02 01:30 -05:00
        weekly sat,sun,mon 01:30 | America/New_York | 2026-10-31T00:00 | Sat 2026-10-31 01:30 -04:00, Sun 2026-11-01 01:30 -04:00, Mon 2026-11-02 01:30 -05:00
        cron 30 1 * * * | America/New_York | 2026-10-31T00:00 | Sat 2026-10-31 01:30 -04:00, Sun 2026-11-01 01:30 -04:00, Mon 2026-11-02 01:30 -05:00
        cron 30 1 * * 6,0,1 | America/New_York | 2026-10-31T00:00 | Sat 2026-10-31 01:30 -04:00, Sun 2026-11-01 01:30 -04:00, Mon 2026-11-02 01:30 -05:00
        daily 01:30 | Europe/London | 2026-10-25T00:00 | Sun 2026-10-25 01:30 +01:00, Mon 2026-10-26 01:30 +00:00
        # Asked in the second pass, at 01:10, the 01:30 of that night has fired.
        daily 01:30 | America/New_York | 2026-11-01T06:10Z | Mon 2026-11-02 01:30 -05:00
        # Lists of times are times, not intervals (croner fires this one at both 01:00).
        cron 0 1,13 * * * | America/New_York | 2026-11-01T00:00 | Sun 2026-11-01 01:00 -04:00, Sun 2026-11-01 13:00 -05:00, Mon 2026-11-02 01:00 -05:00
        cron 0 1,2 * * * | America/New_York | 2026-11-01T00:00 | Sun 2026-11-01 01:00 -04:00, Sun 2026-11-01 02:00 -05:00
        ",
    );
}

#[test]
fn hourly_counts_elapsed_hours() {
    check(
        "
        hourly | America/New_York | 2026-03-08T00:30 | Sun 2026-03-08 01:00 -05:00, Sun 2026-03-08 03:00 -04:00, Sun 2026-03-08 04:00 -04:00
        hourly | Europe/London | 2026-10-25T00:00 | Sun 2026-10-25 01:00 +01:00, Sun 2026-10-25 01:00 +00:00, Sun 2026-10-25 02:00 +00:00
        hourly | Asia/Kolkata | 2026-05-01T08:59:59.999 | Fri 2026-05-01 09:00 +05:30, Fri 2026-05-01 10:00 +05:30
        hourly | Asia/Kathmandu | 2026-05-01T09:00 | Fri 2026-05-01 10:00 +05:45
        # Half an hour of summer time: the steps stay whole, so that summer reads :30.
        hourly | Australia/Lord_Howe | 2026-04-05T00:00 | Sun 2026-04-05 00:30 +11:00, Sun 2026-04-05 01:30 +11:00, Sun 2026-04-05 02:00 +10:30
        hourly | Australia/Lord_Howe | 2026-10-04T00:00 | Sun 2026-10-04 01:00 +10:30, Sun 2026-10-04 02:30 +11:00, Sun 2026-10-04 03:30 +11:00
        # A new standard time by half an hour starts a new count.
        hourly | Asia/Pyongyang | 2018-05-04T22:30 | Fri 2018-05-04 23:00 +08:30, Sat 2018-05-05 00:00 +09:00, Sat 2018-05-05 01:00 +09:00
        hourly | Asia/Pyongyang | 2015-08-14T22:30 | Fri 2015-08-14 23:00 +09:00, Sat 2015-08-15 00:00 +08:30
        hourly | UTC | 1969-12-31T23:59:59.5Z | Thu 1970-01-01 00:00 +00:00
        hourly | UTC | 1969-12-31T22:59:59.5Z | Wed 1969-12-31 23:00 +00:00
        ",
    );
}

#[test]
fn hourly_steps_are_3600_seconds_the_year_round() {
    for name in [
        NEW_YORK,
        LONDON,
        SEOUL,
        LORD_HOWE,
        "Asia/Kolkata",
        "Africa/Casablanca",
        "Antarctica/Troll",
    ] {
        let zone = zone(name);
        let slots = cadence("hourly").upcoming(moment("2026-01-01T00:00Z", &zone), zone.tz(), 8760);
        let even = slots
            .windows(2)
            .all(|pair| pair[1].as_second() - pair[0].as_second() == 3600);
        assert!(even && slots.len() == 8760, "{name}");
    }
}

#[test]
fn lord_howe_moves_by_half_an_hour() {
    check(
        "
        # On 4 October 02:00 becomes 02:30; on 5 April 02:00 becomes 01:30.
        daily 02:15 | Australia/Lord_Howe | 2026-10-03T12:00 | Sun 2026-10-04 02:30 +11:00, Mon 2026-10-05 02:15 +11:00
        daily 01:45 | Australia/Lord_Howe | 2026-04-04T12:00 | Sun 2026-04-05 01:45 +11:00, Mon 2026-04-06 01:45 +10:30
        cron */15 * * * * | Australia/Lord_Howe | 2026-10-04T01:30 | Sun 2026-10-04 01:45 +10:30, Sun 2026-10-04 02:30 +11:00
        cron */15 * * * * | Australia/Lord_Howe | 2026-04-05T01:15 | Sun 2026-04-05 01:30 +11:00, Sun 2026-04-05 01:45 +11:00, Sun 2026-04-05 01:30 +10:30, Sun 2026-04-05 01:45 +10:30, Sun 2026-04-05 02:00 +10:30
        ",
    );
}

#[test]
fn crons_with_a_star_or_a_step_count_through_a_change() {
    check(
        "
        cron 0 * * * * | America/New_York | 2026-11-01T00:30 | Sun 2026-11-01 01:00 -04:00, Sun 2026-11-01 01:00 -05:00, Sun 2026-11-01 02:00 -05:00
        cron 7 * * * * | America/New_York | 2026-03-08T00:30 | Sun 2026-03-08 01:07 -05:00, Sun 2026-03-08 03:07 -04:00
        cron */30 * * * * | America/New_York | 2026-03-08T01:00 | Sun 2026-03-08 01:30 -05:00, Sun 2026-03-08 03:00 -04:00, Sun 2026-03-08 03:30 -04:00
        cron 0 0-23 * * * | America/New_York | 2026-11-01T00:30 | Sun 2026-11-01 01:00 -04:00, Sun 2026-11-01 01:00 -05:00
        # Hours that are named and lost are due after the gap, so that no day is without.
        cron */30 2 * * * | America/New_York | 2026-03-07T02:15 | Sat 2026-03-07 02:30 -05:00, Sun 2026-03-08 03:00 -04:00, Mon 2026-03-09 02:00 -04:00
        cron 0 */2 * * * | America/New_York | 2026-03-08T00:00 | Sun 2026-03-08 03:00 -04:00, Sun 2026-03-08 04:00 -04:00
        ",
    );
    for (from, to, hours) in [
        ("2026-03-29T00:00", "2026-03-30T00:00", 23),
        ("2026-10-25T00:00", "2026-10-26T00:00", 25),
    ] {
        assert_eq!(count("cron * * * * *", LONDON, from, to), hours * 60);
    }
}

#[test]
fn zones_without_summer_time_are_plain() {
    check(
        "
        daily 02:30 | Asia/Seoul | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +09:00, Mon 2026-03-09 02:30 +09:00
        cron 30 2 * * * | Asia/Seoul | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +09:00, Mon 2026-03-09 02:30 +09:00
        daily 02:30 | UTC | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +00:00, Mon 2026-03-09 02:30 +00:00
        cron 30 2 * * * | UTC | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +00:00, Mon 2026-03-09 02:30 +00:00
        daily 02:30 | Asia/Kolkata | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +05:30, Mon 2026-03-09 02:30 +05:30
        cron 30 2 * * * | Asia/Kolkata | 2026-03-08T00:00 | Sun 2026-03-08 02:30 +05:30, Mon 2026-03-09 02:30 +05:30
        ",
    );
}

#[test]
fn short_months_end_early() {
    check(
        "
        monthly 31 09:00 | Asia/Seoul | 2026-01-01T00:00 | Sat 2026-01-31 09:00 +09:00, Sat 2026-02-28 09:00 +09:00, Tue 2026-03-31 09:00 +09:00, Thu 2026-04-30 09:00 +09:00
        monthly 31 09:00 | Asia/Seoul | 2028-02-01T00:00 | Tue 2028-02-29 09:00 +09:00
        monthly 30 09:00 | Asia/Seoul | 2028-02-01T00:00 | Tue 2028-02-29 09:00 +09:00, Thu 2028-03-30 09:00 +09:00
        monthly 30 09:00 | Asia/Seoul | 2026-02-01T00:00 | Sat 2026-02-28 09:00 +09:00
        monthly 29 09:00 | Asia/Seoul | 2026-02-01T00:00 | Sat 2026-02-28 09:00 +09:00, Sun 2026-03-29 09:00 +09:00
        monthly 29 09:00 | Asia/Seoul | 2028-02-01T00:00 | Tue 2028-02-29 09:00 +09:00
        monthly 1 00:00 | Asia/Seoul | 2026-12-31T23:59 | Fri 2027-01-01 00:00 +09:00
        daily 09:00 | Asia/Seoul | 2028-02-28T09:00 | Tue 2028-02-29 09:00 +09:00
        # Cron keeps cron's meaning: no 31st, no slot. It waits for leap days, over 2100 too.
        cron 0 9 31 * * | Asia/Seoul | 2026-02-01T00:00 | Tue 2026-03-31 09:00 +09:00
        cron 0 9 29 2 * | Asia/Seoul | 2096-03-01T00:00 | Fri 2104-02-29 09:00 +09:00
        cron 0 9 29 2 +1 | Asia/Seoul | 2026-01-01T00:00 | Mon 2044-02-29 09:00 +09:00
        cron 0 9 L * * | Asia/Seoul | 2026-02-01T00:00 | Sat 2026-02-28 09:00 +09:00
        ",
    );
}

#[test]
fn a_day_that_apia_skipped_fires_when_the_next_begins() {
    check(
        "
        daily 09:00 | Pacific/Apia | 2011-12-29T00:00 | Thu 2011-12-29 09:00 -10:00, Sat 2011-12-31 00:00 +14:00, Sat 2011-12-31 09:00 +14:00, Sun 2012-01-01 09:00 +14:00
        weekdays 09:00 | Pacific/Apia | 2011-12-29T12:00 | Sat 2011-12-31 00:00 +14:00, Mon 2012-01-02 09:00 +14:00
        monthly 30 09:00 | Pacific/Apia | 2011-12-01T00:00 | Sat 2011-12-31 00:00 +14:00
        cron 0 9 30 12 * | Pacific/Apia | 2011-12-01T00:00 | Sat 2011-12-31 00:00 +14:00
        hourly | Pacific/Apia | 2011-12-29T22:30 | Thu 2011-12-29 23:00 -10:00, Sat 2011-12-31 00:00 +14:00
        ",
    );
}

#[test]
fn a_year_has_as_many_slots_as_it_should() {
    let names = [
        NEW_YORK,
        LONDON,
        SEOUL,
        LORD_HOWE,
        "UTC",
        "Asia/Kolkata",
        "America/Nuuk",
    ];
    let cadences = [
        ("instant", 0),
        ("hourly", 8760),
        ("daily 02:30", 365),
        ("daily 01:30", 365),
        ("weekdays 09:00", 261),
        ("weekly mon,thu 18:00", 105),
        ("weekly sun 02:15", 52),
        ("monthly 31 01:30", 12),
        ("cron 0 9 * * 1-5", 261),
        ("cron 30 1,2 * * *", 730),
        ("cron 0 0 1 1 *", 1),
    ];
    for name in names {
        for (text, expected) in cadences {
            let found = count(text, name, "2025-12-31T23:59:59", "2026-12-31T23:59:59");
            assert_eq!(found, expected, "{text} in {name}");
        }
    }
}
