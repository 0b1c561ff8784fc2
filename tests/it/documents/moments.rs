//! Moments and days as feeds and pages write them, in many languages, with zones and without.

use jiff::tz::TimeZone;
use tidings_reader::{Document, Layout, Rules, Selectors};

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

#[test]
fn parts_of_the_day_beside_times() {
    let rules = rules(Layout::Double).with_zone(Some(TimeZone::get("Asia/Seoul").unwrap()));
    for date in [
        "21 de noviembre de 2026, 9:05 p. m.",
        "21 de noviembre de 2026, 9:05\u{202F}p.\u{A0}m.",
        "21 de noviembre de 2026, 9:05 p.\u{202F}m.",
        "21 nov 2026 9:05 p.m.",
        "Nov 21, 2026 9.05 pm",
        "Nov 21, 2026, PM 9:05",
        "2026-11-21 下午9:05",
        "2026年11月21日下午9:05",
        "2026年11月21日21:05",
        "2026年11月21日 晚上9:05",
        "2026年11月21日 下午9点05分",
        "2026. 11. 21. 오후9:05",
        "2026-11-21 오후 9:05:00",
        "2026년 11월 21일 밤 9시 5분",
        "2026년 11월 21일 저녁 9시 5분",
        "2026/11/21 午後9:05",
        "2026年11月21日 夜9時5分",
        "9:05 CH, 21 tháng 11, 2026",
        "21/11/2026 9:05 tối",
        "21/11/2026 9 giờ 5 phút tối",
        "21 листопада 2026 р., 9:05 пп",
        "21. listopadu 2026 9:05 odp.",
        "21 Kasım 2026 ÖS 9:05",
        "21 November 2026 pukul 21.05",
        "21. november 2026 kl. 21.05.00",
        "21.11.2026 21.05",
        "21.11.2026 klo 21.05",
        "21. November 2026, 21.05 Uhr",
        "21 november 2026, 21.05 uur",
    ] {
        assert_eq!(dated(date, &rules), "2026-11-21T12:05:00Z", "{date}");
    }
    for (date, expected) in [
        ("21 nov 2026, 12:05 a. m.", "2026-11-20T15:05:00Z"),
        ("21 nov 2026, 12:05 p. m.", "2026-11-21T03:05:00Z"),
        ("2026-11-21 上午12:05", "2026-11-20T15:05:00Z"),
        ("2026-11-21 中午12:05", "2026-11-21T03:05:00Z"),
        ("2026-11-21 中午1:05", "2026-11-21T04:05:00Z"),
        ("2026-11-21 낮 11:05", "2026-11-21T02:05:00Z"),
        ("2026-11-21 凌晨1:05", "2026-11-20T16:05:00Z"),
        ("2026-11-21 밤 12:05", "2026-11-20T15:05:00Z"),
        ("2026-11-21 밤 1:05", "2026-11-20T16:05:00Z"),
        ("2026-11-21 오전9:05", "2026-11-21T00:05:00Z"),
        ("Sa 21.11.2026 12:05", "2026-11-21T03:05:00Z"),
        ("21.11.2026, Sa 12:05", "2026-11-21T03:05:00Z"),
        ("21.11.2026 9:05 Chur", "2026-11-21T00:05:00Z"),
    ] {
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
}

#[test]
fn zones_wherever_they_stand() {
    let rules = rules(Layout::Double);
    for date in [
        "2026-11-21 (UTC+9) 21:05",
        "UTC+9 2026-11-21 21:05",
        "(GMT +09:00) 2026-11-21 21:05",
        "+09:00 2026-11-21 21:05",
        "2026-11-21 (+09:00) 21:05",
        "2026-11-21 下午9:05 +08:30",
        "2026-11-21 下午9:05 (UTC+8:30)",
        "Sat Nov 21 2026 21:05:00 GMT+0900 (Korean Standard Time)",
        "21 Nov 2026, 9:05 p. m. JST",
    ] {
        let expected = match date.contains("8:30") {
            true => "2026-11-21T12:35:00Z",
            false => "2026-11-21T12:05:00Z",
        };
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
    for (date, expected) in [
        ("21:05 CH GMT+7 21/11/2026", "2026-11-21T14:05:00Z"),
        ("21/11/2026 9:05 CH GMT+7", "2026-11-21T14:05:00Z"),
        ("21 ноября 2026 г. в 21:05 МСК", "2026-11-21T18:05:00Z"),
        ("21 ноября 2026, 21:05 (мск)", "2026-11-21T18:05:00Z"),
        ("21 Kasım 2026 21:05 TSİ", "2026-11-21T18:05:00Z"),
        ("21 November 2026 pukul 21.05 WIB", "2026-11-21T14:05:00Z"),
        ("21 November 2026 21.05 WIB", "2026-11-21T14:05:00Z"),
        ("21.05 WIB, 21 November 2026", "2026-11-21T14:05:00Z"),
        ("21. nov. 2026 21.05.30 CET", "2026-11-21T20:05:30Z"),
        ("21.11.2026 21.05 +0100", "2026-11-21T20:05:00Z"),
        ("21.11.2026 21.05 Europe/Berlin", "2026-11-21T20:05:00Z"),
        ("2026-11-21 21:05 Etc/GMT+5", "2026-11-22T02:05:00Z"),
        // No times, and no zones.
        ("21.11.2026", "2026-11-21"),
        ("21.11.26 KST", "2026-11-21"),
        ("2026-11-21 21:05 ЫЫЫ", "2026-11-21"),
    ] {
        assert_eq!(dated(date, &rules), expected, "{date}");
    }
}

/// What stands under a headline, and what its item is dated by; the line itself where it is the title's.
fn under_a_headline(line: &str, rules: &Rules) -> String {
    let page = format!("Envoy Visits Town\n{line}\n\nShe came.\n\n\nSquid Counted\n\nMany.\n");
    let document = Document {
        name: "page.txt".to_owned(),
        bytes: page.into_bytes(),
        ..Document::default()
    };
    let page = tidings_reader::parse(&document, rules).unwrap();
    let draft = &page.drafts[0];
    match (draft.title.as_str(), draft.published) {
        ("Envoy Visits Town", Some(published)) => published.to_string(),
        (title, _) => title.to_owned(),
    }
}

#[test]
fn moments_under_headlines() {
    let plain = rules(Layout::Double);
    for (line, expected) in [
        ("Published Nov 21, 2026 9:05 PM KST", "2026-11-21T12:05:00Z"),
        (
            "Published 2026-11-21T23:30:00-10:00",
            "2026-11-22T09:30:00Z",
        ),
        (
            "Published: 2026-11-21T12:05:00.000Z",
            "2026-11-21T12:05:00Z",
        ),
        (
            "Published Nov 21, 2026 9:05 PM Asia/Seoul",
            "2026-11-21T12:05:00Z",
        ),
        ("21:05 KST, 21 November 2026", "2026-11-21T12:05:00Z"),
        ("2026-11-21 (UTC+9) 21:05", "2026-11-21T12:05:00Z"),
        ("입력 2026.11.21. 오후9:05 KST", "2026-11-21T12:05:00Z"),
        (
            "发布时间：2026年11月21日 晚上9:05 (GMT+9)",
            "2026-11-21T12:05:00Z",
        ),
        ("Thứ 7, 21/11/2026, 19:05 (GMT+7)", "2026-11-21T12:05:00Z"),
        ("Sabtu, 21 November 2026 19.05 WIB", "2026-11-21T12:05:00Z"),
        (
            "Опубликовано 21 ноября 2026 г., 15:05 МСК",
            "2026-11-21T12:05:00Z",
        ),
        (
            "By Ann Lee, November 21, 2026 9:05 PM KST",
            "2026-11-21T12:05:00Z",
        ),
        (
            "Zaterdag 21 november 2026 om 13:05 uur CET",
            "2026-11-21T12:05:00Z",
        ),
        ("Nov 21, 2026 21:05–22:30 KST", "2026-11-21T12:05:00Z"),
        ("Nov 21, 2026 21:05–22:30", "2026-11-21"),
        ("Nov 21, 2026 9:00–10:30", "2026-11-21"),
        ("Sat Nov 21 21:05:00 KST 2026", "2026-11-21T12:05:00Z"),
        // Without a zone, or with one that nobody knows, the day stays as it is written.
        ("Published Nov 21, 2026 9:05 PM", "2026-11-21"),
        ("Published Nov 21, 2026 9:05 p. m.", "2026-11-21"),
        ("Published 2026-11-21T23:30:00", "2026-11-21"),
        ("Published Nov 21, 2026", "2026-11-21"),
        ("Thứ 7 21 thg 11 2026", "2026-11-21"),
        ("T7, 21/11/2026", "2026-11-21"),
        // Words of a title.
        (
            "At 9:05 PM on Nov 21, 2026",
            "Envoy Visits Town At 9:05 PM on Nov 21, 2026",
        ),
        (
            "Nov 21, 2026 9:05 Korea",
            "Envoy Visits Town Nov 21, 2026 9:05 Korea",
        ),
    ] {
        assert_eq!(under_a_headline(line, &plain), expected, "{line}");
    }
    let seoul = plain.with_zone(Some(TimeZone::get("Asia/Seoul").unwrap()));
    for (line, expected) in [
        ("Published Nov 21, 2026 9:05 PM", "2026-11-21T12:05:00Z"),
        (
            "Published 2026-11-21T23:30:00-10:00",
            "2026-11-22T09:30:00Z",
        ),
        ("Published Nov 21, 2026", "2026-11-21"),
    ] {
        assert_eq!(under_a_headline(line, &seoul), expected, "{line}");
    }
}

#[test]
fn moments_on_web_pages() {
    let read = |page: &str, rules: &Rules| {
        let document = Document {
            name: "https://hanbit.example/weekly".to_owned(),
            bytes: page.as_bytes().to_vec(),
            address: "https://hanbit.example/weekly".parse().ok(),
            ..Document::default()
        };
        let page = tidings_reader::parse(&document, rules).unwrap();
        let days = page.drafts.iter().map(|draft| draft.published);
        days.map(|day| day.map_or("none".to_owned(), |day| day.to_string()))
            .collect::<Vec<_>>()
    };
    let page = "<html><body><main><h2>Japan</h2>
        <article><h3>Squid counted</h3><p>Many of them.</p><time datetime=\"2026-11-21T21:05:00+09:00\">Saturday</time></article>
        <article><h3>Boats lost</h3><p>Two of them.</p><time datetime=\"2026-11-21T21:05:00\">Saturday</time></article>
        <article><h3>Ferry returns</h3><p>Nov 21, 2026 9:05 PM KST</p><p>It is back.</p></article>
        <article><h3>Nets mended</h3><p>Nov 21, 2026 9:05 PM KST · Hankyoreh</p><p>All of them.</p></article>
        <article><h3>Pier painted</h3><p>In white.</p><time datetime=\"2026-11-21\">Saturday</time></article>
        </main></body></html>";
    let plain = rules(Layout::Double);
    let seoul = rules(Layout::Double).with_zone(Some(TimeZone::get("Asia/Seoul").unwrap()));
    let moment = "2026-11-21T12:05:00Z";
    let day = "2026-11-21";
    assert_eq!(read(page, &plain), [moment, day, moment, moment, day]);
    assert_eq!(read(page, &seoul), [moment, moment, moment, moment, day]);
    let by_selectors = |date: Option<&str>| Selectors {
        item: Some("article".to_owned()),
        date: date.map(str::to_owned),
        ..Selectors::default()
    };
    let rules = plain.clone().with_selectors(by_selectors(Some("time")));
    assert_eq!(read(page, &rules), [moment, day, "none", "none", day]);
    let rules = seoul.with_selectors(by_selectors(None));
    assert_eq!(read(page, &rules), [moment, moment, "none", "none", day]);
    let told = "<html><body>
        <article><h3>Squid counted</h3><i>Posted by Ann Lee on Nov 21, 2026 at 9:05 PM KST</i></article>
        <article><h3>Boats lost</h3><i>Nov 21, 2026 at 9:05 PM</i></article></body></html>";
    let rules = plain.with_selectors(by_selectors(Some("i")));
    assert_eq!(read(told, &rules), [moment, day]);
}
