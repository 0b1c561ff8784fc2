//! How cadences and zones are written, and what is answered when they are written wrongly.

use std::collections::HashSet;

use jiff::Timestamp;
use tidings_core::schedule::{ALL, Cadence, CadenceError, CronFault, Zone};

use super::{LONDON, LORD_HOWE, NEW_YORK, cadence, rows, zone};

#[test]
fn lenient_words_become_canonical_text() {
    for [typed, canonical] in rows(
        "
        instant | instant
          INSTANT  | instant
        hourly | hourly
        every hour | hourly
        Daily 9:00 | daily 09:00
        daily  9am | daily 09:00
        daily 9 AM | daily 09:00
        daily 9:30pm | daily 21:30
        daily 12am | daily 00:00
        daily 12:05pm | daily 12:05
        daily noon | daily 12:00
        daily 00:00 | daily 00:00
        every day at 9:00 | daily 09:00
        Weekdays 09:00 | weekdays 09:00
        weekly mon,thu 18:00 | weekly mon,thu 18:00
        weekly Thursday, Monday, mon 6 pm | weekly mon,thu 18:00
        weekly sun and tues 18.00 | weekly tue,sun 18:00
        weekly fri-mon 18:00 | weekly mon,fri,sat,sun 18:00
        mondays 18:00 | weekly mon 18:00
        every Mon, Wed at 7am | weekly mon,wed 07:00
        monthly 1 09:00 | monthly 1 09:00
        monthly 01 9:00 | monthly 1 09:00
        monthly 31st 9:00 | monthly 31 09:00
        monthly on the last at noon | monthly 31 12:00
        cron 0 9 * * 1-5 | cron 0 9 * * 1-5
        CRON   0  9 *\t* mon-fri | cron 0 9 * * MON-FRI
        */15 * * * * | cron */15 * * * *
        ",
    ) {
        assert_eq!(cadence(typed).to_string(), canonical, "{typed}");
        assert_eq!(cadence(canonical), cadence(typed));
    }
    assert!(cadence("Instant").is_instant());
    assert!(!cadence("hourly").is_instant());
    let distinct: HashSet<Cadence> = ["daily 9:00", "daily 9am", "weekdays 9:00"]
        .map(cadence)
        .into();
    assert_eq!(distinct.len(), 2);
}

#[test]
fn mistakes_are_named_and_come_with_an_example_that_works() {
    for [typed, message, example] in rows(
        "
         | there is no schedule here | daily 09:00
           | there is no schedule here | daily 09:00
        whenever | whenever isn't a schedule I know | daily 09:00
        wekly mon 18:00 | wekly isn't a schedule I know; did you mean weekly? | weekly mon,thu 18:00
        daily 9 foo | I don't understand foo after daily | daily 09:00
        weekly mon 9 foo | I don't understand foo after weekly | weekly mon,thu 18:00
        every 2 hours from 9 to 17 | every 2 hours from 9 to 17 isn't a schedule I know | daily 09:00
        Montly 1 9:00 | montly isn't a schedule I know; did you mean monthly? | monthly 1 09:00
        daily | daily needs a time of day | daily 09:00
        weekdays | weekdays needs a time of day | weekdays 09:00
        daily 25:00 | 25:00 isn't a time of day | daily 09:00
        daily 13pm | 13pm isn't a time of day | daily 09:00
        daily 0 am | 0 am isn't a time of day | daily 09:00
        daily 9:0 | 9:0 isn't a time of day | daily 09:00
        daily +9:00 | +9:00 isn't a time of day | daily 09:00
        weekly mon 24:00 | 24:00 isn't a time of day | weekly mon,thu 18:00
        daily 9:00 KST please | I don't understand kst please after daily | daily 09:00
        daily 9:00 KST | kst doesn't belong into a schedule: the time zone is set by itself. Write daily 09:00 | daily 09:00
        hourly 9:00 | I don't understand 9:00 after hourly | hourly
        weekly | weekly needs a day of the week | weekly mon,thu 18:00
        weekly 18:00 | weekly 18:00 needs a day of the week | weekly mon 18:00
        weekly mon | weekly mon needs a time of day | weekly mon 09:00
        weekly mon,tusday 9:00 | tusday isn't a day of the week; did you mean tue? | weekly mon,thu 18:00
        weekly often 9:00 | often isn't a day of the week | weekly mon,thu 18:00
        monthly | monthly needs a day of the month | monthly 1 09:00
        monthly 9:00 | monthly 9:00 needs a day of the month | monthly 1 09:00
        monthly 32 9:00 | 32 isn't a day of the month: it goes from 1 to 31 | monthly 1 09:00
        monthly 0 9:00 | 0 isn't a day of the month: it goes from 1 to 31 | monthly 1 09:00
        monthly 5 | monthly 5 needs a time of day | monthly 5 09:00
        cron | cron isn't a cron pattern: it needs 5 fields and has 0 | cron 0 9 * * 1-5
        cron 0 9 * * | 0 9 * * isn't a cron pattern: it needs 5 fields and has 4 | cron 0 9 * * 1-5
        cron 0 0 9 * * 1 | 0 0 9 * * 1 isn't a cron pattern: it needs 5 fields and has 6 | cron 0 9 * * 1-5
        cron 0 24 * * * | 0 24 * * * isn't a cron pattern: 24 doesn't work as its hour | cron 0 9 * * 1-5
        cron 0 9 mon * * | 0 9 MON * * isn't a cron pattern: MON doesn't work as its day of month | cron 0 9 * * 1-5
        cron 0 9 1 1jan * | 0 9 1 1JAN * isn't a cron pattern: 1JAN doesn't work as its month | cron 0 9 * * 1-5
        cron 0 9 * * 1,,2 | 0 9 * * 1,,2 isn't a cron pattern: 1,,2 doesn't work as its day of week | cron 0 9 * * 1-5
        cron 0 0 30 2 * | 0 0 30 2 * never comes: no date fits it | cron 0 9 * * 1-5
        ",
    ) {
        let error = Cadence::parse(typed).expect_err(typed);
        assert_eq!(error.to_string(), message, "{typed}");
        assert_eq!(error.example(), example, "{typed}");
        assert_eq!(cadence(example).to_string(), example);
    }
    let long = format!("cron {} * * * *", "1,".repeat(100) + "2");
    assert!(matches!(
        Cadence::parse(&long),
        Err(CadenceError::Cron { reason: CronFault::TooLong, got }) if got.chars().count() <= 41
    ));
}

#[test]
fn the_table_says_what_it_parses() {
    for kind in ALL {
        let parsed = cadence(kind.example);
        assert_eq!(parsed.to_string(), kind.example);
        assert!(kind.example.starts_with(kind.name));
        let next = parsed.next_after(Timestamp::UNIX_EPOCH, zone(LONDON).tz());
        assert_eq!(next.is_none(), parsed.is_instant(), "{}", kind.name);
    }
}

#[test]
fn the_ends_of_time_are_quiet() {
    for kind in ALL {
        for name in [NEW_YORK, "UTC", LORD_HOWE] {
            let tz = zone(name);
            assert_eq!(
                cadence(kind.example).next_after(Timestamp::MAX, tz.tz()),
                None
            );
            let first = cadence(kind.example).next_after(Timestamp::MIN, tz.tz());
            assert!(first.is_none_or(|first| first > Timestamp::MIN));
        }
    }
}

#[test]
fn zones_are_found_as_people_type_them() {
    for [typed, name] in rows(
        "
        utc | UTC
        gmt | GMT
        port au prince | America/Port-au-Prince
        buenos aires | America/Argentina/Buenos_Aires
        argentina/buenos_aires | America/Argentina/Buenos_Aires
        istanbul | Europe/Istanbul
        us/pacific | US/Pacific
        Etc/GMT+5 | Etc/GMT+5
        ",
    ) {
        let found = zone(typed);
        assert_eq!(
            (found.name(), found.to_string().as_str()),
            (name, name),
            "{typed}"
        );
        assert_eq!(found, zone(name));
    }
    let names: Vec<String> = Zone::names().collect();
    assert!(names.len() > 400 && !names.iter().any(|name| name == "Factory"));
    for name in &names {
        assert_eq!(zone(name).name(), name);
    }
}

#[test]
fn an_unknown_zone_is_answered_with_those_that_may_be_meant() {
    for [typed, message] in rows(
        "
        KST | KST isn't a time zone; did you mean Asia/Seoul?
        EST5 | EST5 isn't a time zone; did you mean America/New_York or America/Toronto?
        +09:00 | +09:00 isn't a time zone; did you mean Asia/Seoul or Asia/Tokyo?
        UTC+9 | UTC+9 isn't a time zone; did you mean Asia/Seoul or Asia/Tokyo?
        GMT-0330 | GMT-0330 isn't a time zone; did you mean America/St_Johns?
        UTC-5 | UTC-5 isn't a time zone; did you mean America/New_York, America/Bogota or America/Lima?
        +25:99 | +25:99 isn't a time zone; write a city's zone, such as Asia/Seoul or Europe/London
        korea | korea isn't a time zone; did you mean Asia/Seoul?
        서울 | 서울 isn't a time zone; did you mean Asia/Seoul?
        東京 | 東京 isn't a time zone; did you mean Asia/Tokyo?
        Asia/Soeul | Asia/Soeul isn't a time zone; did you mean Asia/Seoul?
        Europe/Seoul | Europe/Seoul isn't a time zone; did you mean Asia/Seoul?
        amsterdm | amsterdm isn't a time zone; did you mean Europe/Amsterdam?
        new yo | new yo isn't a time zone; did you mean America/New_York?
        Factory | Factory isn't a time zone; write a city's zone, such as Asia/Seoul or Europe/London
         | a time zone needs a name, such as Asia/Seoul or Europe/London
        ",
    ) {
        let error = Zone::told(typed).expect_err(typed);
        assert_eq!(error.to_string(), message);
        for name in &error.nearest {
            assert_eq!(zone(name).name(), name, "a suggestion must work");
        }
    }
    // Every suggestion that the tables hold is a zone.
    for hours in -12..=14 {
        for minutes in ["00", "30", "45"] {
            let error = Zone::find(&format!("{hours:+03}:{minutes}")).expect_err("an offset");
            assert!(error.nearest.len() <= 3);
            error
                .nearest
                .iter()
                .for_each(|name| assert_eq!(zone(name).name(), name));
        }
    }
    assert!(Zone::find(&"x/".repeat(10_000)).is_err());
}
