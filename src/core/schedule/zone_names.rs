//! How the names of time zones are compared.

/// The city of a name: `Seoul` of `Asia/Seoul`.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// Whether a name is a place on a continent or in an ocean; `US/Central` and `EST5EDT` aren't.
pub(super) fn is_place(name: &str) -> bool {
    const AREAS: [&str; 10] = [
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    name.split_once('/')
        .is_some_and(|(area, _)| AREAS.contains(&area))
}

/// Case, spaces and hyphens don't tell names apart.
pub(super) fn fold(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    words.join("_").to_lowercase().replace('-', "_")
}
