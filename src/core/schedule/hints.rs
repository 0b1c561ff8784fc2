//! The zones that may be meant by what is no zone's name: an abbreviation, a country, an offset, a slip.

use std::collections::HashSet;

use super::zone_names::{fold, is_place, last_part};

/// What people write instead of a zone's name. The first column is folded; digits behind it, as in
/// `EST5`, make no difference.
const HINTS: &[(&str, &[&str])] = &[
    ("acst acdt", &["Australia/Adelaide", "Australia/Darwin"]),
    ("aest aedt", &["Australia/Sydney", "Australia/Brisbane"]),
    ("akst akdt", &["America/Anchorage"]),
    ("ast adt", &["America/Halifax", "America/Puerto_Rico"]),
    ("awst", &["Australia/Perth"]),
    ("brt brazil", &["America/Sao_Paulo"]),
    ("bst uk england britain", &["Europe/London"]),
    ("cest cet germany", &["Europe/Berlin", "Europe/Paris"]),
    ("cdt central", &["America/Chicago", "America/Winnipeg"]),
    (
        "cst",
        &["America/Chicago", "Asia/Shanghai", "America/Costa_Rica"],
    ),
    ("china beijing peking", &["Asia/Shanghai"]),
    ("eat", &["Africa/Nairobi"]),
    (
        "edt est eastern boston washington",
        &["America/New_York", "America/Toronto"],
    ),
    ("eest eet", &["Europe/Athens", "Europe/Kyiv"]),
    ("france", &["Europe/Paris"]),
    ("gst", &["Asia/Dubai"]),
    ("hst", &["Pacific/Honolulu"]),
    ("hkt", &["Asia/Hong_Kong"]),
    ("india mumbai delhi", &["Asia/Kolkata"]),
    ("ist", &["Asia/Kolkata", "Europe/Dublin", "Asia/Jerusalem"]),
    ("jst", &["Asia/Tokyo"]),
    ("kst korea south_korea busan", &["Asia/Seoul"]),
    ("mdt mst mountain", &["America/Denver", "America/Phoenix"]),
    ("met mest", &["Europe/Paris", "Europe/Berlin"]),
    ("msk", &["Europe/Moscow"]),
    ("north_korea", &["Asia/Pyongyang"]),
    ("nst ndt", &["America/St_Johns"]),
    ("nzst nzdt", &["Pacific/Auckland"]),
    (
        "pdt pst pacific san_francisco",
        &["America/Los_Angeles", "America/Vancouver"],
    ),
    ("pht", &["Asia/Manila"]),
    ("pkt", &["Asia/Karachi"]),
    ("sast", &["Africa/Johannesburg"]),
    ("sgt", &["Asia/Singapore"]),
    ("wet west", &["Europe/Lisbon", "Atlantic/Canary"]),
    ("wib", &["Asia/Jakarta"]),
    ("z", &["UTC"]),
];

/// Cities whose standard time is so many minutes ahead of UTC, for those who write an offset.
const OFFSETS: &[(i32, &[&str])] = &[
    (-600, &["Pacific/Honolulu"]),
    (-540, &["America/Anchorage"]),
    (-480, &["America/Los_Angeles", "America/Vancouver"]),
    (-420, &["America/Denver", "America/Phoenix"]),
    (-360, &["America/Chicago", "America/Mexico_City"]),
    (
        -300,
        &["America/New_York", "America/Bogota", "America/Lima"],
    ),
    (-240, &["America/Halifax", "America/Puerto_Rico"]),
    (-210, &["America/St_Johns"]),
    (
        -180,
        &["America/Sao_Paulo", "America/Argentina/Buenos_Aires"],
    ),
    (-60, &["Atlantic/Azores", "Atlantic/Cape_Verde"]),
    (0, &["UTC", "Europe/London", "Europe/Lisbon"]),
    (60, &["Europe/Paris", "Europe/Berlin", "Africa/Lagos"]),
    (120, &["Europe/Kyiv", "Africa/Johannesburg", "Africa/Cairo"]),
    (180, &["Europe/Istanbul", "Europe/Moscow", "Africa/Nairobi"]),
    (210, &["Asia/Tehran"]),
    (240, &["Asia/Dubai", "Asia/Tbilisi"]),
    (270, &["Asia/Kabul"]),
    (300, &["Asia/Karachi", "Asia/Tashkent"]),
    (330, &["Asia/Kolkata", "Asia/Colombo"]),
    (345, &["Asia/Kathmandu"]),
    (360, &["Asia/Dhaka"]),
    (390, &["Asia/Yangon"]),
    (420, &["Asia/Bangkok", "Asia/Jakarta", "Asia/Ho_Chi_Minh"]),
    (480, &["Asia/Shanghai", "Asia/Singapore", "Australia/Perth"]),
    (540, &["Asia/Seoul", "Asia/Tokyo"]),
    (570, &["Australia/Adelaide", "Australia/Darwin"]),
    (600, &["Australia/Sydney", "Australia/Brisbane"]),
    (720, &["Pacific/Auckland", "Pacific/Fiji"]),
];

/// At most three zones that an abbreviation, an offset or a country may mean; `None` for everything else.
pub(super) fn hinted(name: &str, wanted: &str) -> Option<Vec<String>> {
    let owned = |zones: &[&str]| zones.iter().map(|&zone| zone.to_owned()).collect();
    if let Some(minutes) = offset_minutes(name) {
        let row = OFFSETS.iter().find(|(offset, _)| *offset == minutes);
        return row.map(|(_, zones)| owned(zones));
    }
    let word = wanted.trim_end_matches(|c: char| c.is_ascii_digit());
    let hint = HINTS
        .iter()
        .find(|(words, _)| words.split(' ').any(|known| known == word));
    hint.map(|(_, zones)| owned(zones))
}

/// At most three zones whose names are near to a folded one.
pub(super) fn near(wanted: &str, names: &[String]) -> Vec<String> {
    let mut near: Vec<(f64, &String)> = names
        .iter()
        .map(|name| (likeness(wanted, &fold(name)), name))
        .filter(|(likeness, _)| *likeness >= LIKELY)
        .collect();
    // The database's names that aren't places (US/Pacific) are old ones, so they come last.
    near.sort_by(|a, b| {
        let by_place = is_place(b.1).cmp(&is_place(a.1));
        b.0.total_cmp(&a.0).then(by_place)
    });
    let best = near.first().map_or(0.0, |(likeness, _)| *likeness);
    let mut seen = HashSet::new();
    near.into_iter()
        // Behind a good match, a poor one only confuses.
        .filter(|(likeness, _)| *likeness > best - 0.1)
        .filter(|(_, name)| seen.insert(last_part(name)))
        .map(|(_, name)| name.clone())
        .take(3)
        .collect()
}

/// Reads `+09:00`, `-5`, `utc+9`, `GMT-0330` as minutes ahead of UTC.
fn offset_minutes(name: &str) -> Option<i32> {
    let lower = name.trim().to_ascii_lowercase();
    let bare = lower
        .strip_prefix("utc")
        .or_else(|| lower.strip_prefix("gmt"))
        .unwrap_or(&lower)
        .trim_start();
    let (sign, rest) = match bare.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, bare.strip_prefix(['-', '−'])?),
    };
    let digits = rest.trim().replace(':', "");
    if !(1..=4).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let minutes = match digits.len() {
        1 | 2 => number * 60,
        _ => number / 100 * 60 + number % 100,
    };
    Some(sign * minutes)
}

/// The least closeness of a name that is worth suggesting.
const LIKELY: f64 = 0.7;

/// How few letters part two words, from 0 to 1. Words of very different lengths aren't compared: they
/// can't come close, and a search looks at every name there is.
fn closeness(a: &str, b: &str) -> f64 {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if (short as f64) < LIKELY * long as f64 {
        return 0.0;
    }
    strsim::normalized_damerau_levenshtein(a, b)
}

/// How alike a folded input and a folded name are, from 0 to 1: as a whole, or by the city alone.
fn likeness(wanted: &str, name: &str) -> f64 {
    let city = last_part(name);
    let begun = wanted.len() >= 3 && (city.starts_with(wanted) || name.starts_with(wanted));
    if begun {
        return 0.95;
    }
    let city = closeness(last_part(wanted), city);
    let whole = closeness(wanted, name);
    // A wrong continent before the right city still names the city.
    (city * 0.99).max(whole)
}
