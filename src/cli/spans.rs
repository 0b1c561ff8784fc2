//! How long something takes, or ago it was, as people say it.

use jiff::SignedDuration;

/// A time in the unit that fits; `None` for less than a minute.
pub(super) fn span(time: SignedDuration) -> Option<String> {
    let (count, unit) = match time.as_mins() {
        ..1 => return None,
        minutes @ 1..60 => (minutes, "minute"),
        minutes @ 60..2_160 => (minutes / 60, "hour"),
        minutes => ((minutes + 720) / 1_440, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    Some(format!("{count} {unit}{plural}"))
}

/// How long ago something was.
pub(super) fn since(ago: SignedDuration) -> String {
    span(ago).map_or_else(|| "just now".to_owned(), |span| format!("{span} ago"))
}
