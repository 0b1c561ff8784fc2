//! Moments and days as feeds and pages write them, in many languages, with zones and without.

use jiff::tz::TimeZone;
use tidings_reader::{Document, Layout, Rules};

use super::rules;

fn dated(date: &str, rules: &Rules) -> String {
    let feed = format!(
        "<rss version=\"2.0\"><channel><item><title>A</title><pubDate>{date}</pubDate></item></channel></rss>"
    );
    let document = Document {
        name: "feed".to_owned(),
        bytes: feed.into_bytes(),
        ..Document::default()
    };
    let page = tidings_reader::parse(&document, rules).unwrap();
    let published = page.drafts[0].published;
    published.map_or("none".to_owned(), |at| at.to_string())
}

#[test]
fn zones_beside_times() {
    let rules = rules(Layout::Double);
    for (date, expected) in [
        ("Fri, 20 Nov 2026 09:00:00 AEDT", "2026-11-19T22:00:00Z"),
        ("Fri, 20 Nov 2026 09:00:00 MSK", "2026-11-20T06:00:00Z"),
        ("Fri, 20 Nov 2026 09:00:00 IST", "2026-11-20T03:30:00Z"),
        ("20 Nov 2026 09:00 NPT", "2026-11-20T03:15:00Z"),
        ("20 Nov 2026 9:00 am kst", "2026-11-20T00:00:00Z"),
        ("KST 2026-11-20 09:00", "2026-11-20T00:00:00Z"),
        ("2026-11-20 09:00 (KST)", "2026-11-20T00:00:00Z"),
        (
            "Fri, 20 Nov 2026 09:00:00 KST +0900",
            "2026-11-20T00:00:00Z",
        ),
        ("Fri, 20 Nov 2026 9:00:00 am +0900", "2026-11-20T00:00:00Z"),
        ("Fri, 20 Nov 2026 09:00:00 +9", "2026-11-20T00:00:00Z"),
        (
            "Fri, 20 Nov 2026 09:00:00 \u{2212}05:00",
            "2026-11-20T14:00:00Z",
        ),
        ("2026-11-20T16:20:00-05:00Z", "2026-11-20T21:20:00Z"),
        ("2026-11-20 09:00:00.123 +0900 KST", "2026-11-20T00:00:00Z"),
        ("20261120T090000+0900", "2026-11-20T00:00:00Z"),
        ("2026-11-20 09:00 Asia/Seoul", "2026-11-20T00:00:00Z"),
        ("2026-07-20 09:00 Europe/Berlin", "2026-07-20T07:00:00Z"),
        (
            "2026-11-20T09:00:00+09:00[Asia/Seoul]",
            "2026-11-20T00:00:00Z",
        ),
        ("Fri, 20 Nov 2026 09:00:00 -0000", "2026-11-20T09:00:00Z"),
        // A wrong weekday is passed over.
        ("Mon, 20 Nov 2026 09:00:00 +0900", "2026-11-20T00:00:00Z"),
        // What nobody knows is no zone; without one the day stays as it is written.
        ("Fri, 20 Nov 2026 23:00:00 XYZT", "2026-11-20"),
        ("Fri, 20 Nov 2026 23:00:00 Mars/Olympus", "2026-11-20"),
        ("Fri, 20 Nov 2026 23:00:00 +2500", "2026-11-20"),
        ("Fri, 20 Nov 2026 23:00:00", "2026-11-20"),
        ("2026-11-20T23:00:00", "2026-11-20"),
        ("2026-11-20", "2026-11-20"),
        ("20 Nov 2026 24:00", "2026-11-20"),
        ("Someday", "none"),
    ] {
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
    let seoul = rules.with_zone(Some(TimeZone::get("Asia/Seoul").unwrap()));
    for (date, expected) in [
        ("Fri, 20 Nov 2026 23:00:00", "2026-11-20T14:00:00Z"),
        ("Fri, 20 Nov 2026 23:00:00 XYZT", "2026-11-20T14:00:00Z"),
        ("2026.11.20 오전 9:00", "2026-11-20T00:00:00Z"),
        ("Fri, 20 Nov 2026 23:00:00 GMT", "2026-11-20T23:00:00Z"),
        ("20 Nov 2026 24:00", "2026-11-20T15:00:00Z"),
        ("20 Nov 2026", "2026-11-20"),
    ] {
        assert_eq!(dated(date, &seoul), expected, "{date}");
    }
}

#[test]
fn days_in_many_languages() {
    let rules = rules(Layout::Double);
    for date in [
        "20 November 2026",
        "November 20th, 2026",
        "Nov 20 '26",
        "20-Nov-26",
        "20 Nov 26",
        "2026-Nov-20",
        "11/20/2026",
        "20/11/2026",
        "11/20/26",
        "20.11.2026",
        "20.11.26",
        "20-11-2026",
        "2026. 11. 20.",
        "2026년 11월 20일 금요일",
        "2026年11月20日（金）",
        "２０２６年１１月２０日",
        "令和8年11月20日",
        "民國115年11月20日",
        "2026年11月20日 星期五",
        "Freitag, den 20. November 2026",
        "vendredi 20 novembre 2026",
        "viernes, 20 de noviembre de 2026",
        "venerdì 20 novembre 2026",
        "sexta-feira, 20 de novembro de 2026",
        "vrijdag 20 november 2026",
        "fredag den 20 november 2026",
        "piątek, 20 listopada 2026 r.",
        "pátek 20. listopadu 2026",
        "пятница, 20 ноября 2026 г.",
        "пʼятниця, 20 листопада 2026 року",
        "20 Kasım 2026 Cuma",
        "Thứ Sáu, ngày 20 tháng 11 năm 2026",
        "20 tháng mười một, 2026",
        "Jumat, 20 November 2026",
        "2026. november 20., péntek",
        "20. marraskuuta 2026",
    ] {
        assert_eq!(dated(date, &rules), "2026-11-20", "{date}");
    }
    for (date, expected) in [
        ("1er mars 2019", "2019-03-01"),
        ("8 Mai 2019", "2019-05-08"),
        ("8. März 2019", "2019-03-08"),
        ("8 października 2019", "2019-10-08"),
        ("8 září 2019", "2019-09-08"),
        ("8 травня 2019", "2019-05-08"),
        ("8 Ağustos 2019", "2019-08-08"),
        ("8 Agustus 2019", "2019-08-08"),
        ("8 févr. 2019", "2019-02-08"),
        ("8 ene. 2019", "2019-01-08"),
        ("8 out 2019", "2019-10-08"),
        ("3/8/2019", "2019-03-08"),
        ("3.8.2019", "2019-08-03"),
        ("8 Mar 99", "1999-03-08"),
    ] {
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
}

#[test]
fn days_in_names_and_first_blocks() {
    let page = |name: &str, first: &str| {
        let document = Document {
            name: name.to_owned(),
            bytes: format!("{first}\n\nText.\n\n\nB\n\nText.\n").into_bytes(),
            ..Document::default()
        };
        let page = tidings_reader::parse(&document, &rules(Layout::Double)).unwrap();
        page.published
            .map_or("none".to_owned(), |at| at.to_string())
    };
    for name in [
        "weekly-20-november-2026.txt",
        "20_nov_2026.txt",
        "20.11.2026.txt",
        "주간-2026년-11월-20일.txt",
        "20-листопада-2026.txt",
        "20-kasim-2026.txt",
    ] {
        assert_eq!(page(name, "A"), "2026-11-20", "{name}");
    }
    for first in [
        "Wochenschau vom 20. November 2026",
        "Новости за 20 ноября 2026 года",
        "Bản tin ngày 20 tháng 11 năm 2026",
        "Weekly 20.11.26",
        "Weekly of 11/20/26",
    ] {
        assert_eq!(page("page.txt", first), "2026-11-20", "{first}");
    }
    for first in [
        "Release 1.12.26 is out",
        "Host 10.11.12.13 is down",
        "In March 20 people came",
        "Open 24/7/365",
    ] {
        assert_eq!(page("page.txt", first), "none", "{first}");
    }
}

#[test]
fn days_of_weeks_and_years_and_moments_of_programs() {
    let rules = rules(Layout::Double);
    for (date, expected) in [
        ("2019-W47-5T08:00Z", "2019-11-22T08:00:00Z"),
        ("2019-W46-5T08:00:00+09:00", "2019-11-14T23:00:00Z"),
        ("2019W475T0800Z", "2019-11-22T08:00:00Z"),
        ("2019-W46-5", "2019-11-15"),
        ("2020-W53-7", "2021-01-03"),
        ("2019-319T08:00:00Z", "2019-11-15T08:00:00Z"),
        ("/Date(1573804800000)/", "2019-11-15T08:00:00Z"),
        ("/Date(1573804800000+0100)/", "2019-11-15T08:00:00Z"),
        ("@1573804800", "2019-11-15T08:00:00Z"),
        ("2019-W54-5T08:00Z", "none"),
        ("2019-366T08:00Z", "none"),
    ] {
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
}
