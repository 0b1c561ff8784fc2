//! What somebody's line asks for: which row of the table, with which words.

use super::named;
use super::spec::{Changes, Who};

/// Whether a line of chat asks for a change, where a manager gives it, and not only for an answer.
pub fn is_change(line: &str) -> bool {
    let line = line.trim().trim_start_matches('/').to_lowercase();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
    let Some(spec) = named(name) else {
        return false;
    };
    // “/settings_style” has its word behind an underscore.
    let words = rest.split_whitespace().count() + usize::from(name != spec.name);
    match spec.changes {
        Changes::Never => false,
        Changes::With(least) => spec.who == Who::Managers && words >= least,
        Changes::Beginning(link) => rest.starts_with(link),
    }
}

#[cfg(test)]
mod tests {
    use super::is_change;

    #[test]
    fn questions_of_managers_are_no_changes() {
        for line in [
            "/subscribe us-nk",
            "/Pause",
            "/forget yes",
            "/roundup",
            "/timezone Asia/Seoul",
            "/settings style summaries",
            "/settings_style summaries",
            "/start sub_us-nk",
        ] {
            assert!(is_change(line), "{line}");
        }
        for line in [
            "/latest",
            "/preview",
            "/timezone",
            "/settings",
            "/settings style",
            "/start",
            "/start latest_us-nk",
            "/nonsense",
            "",
        ] {
            assert!(!is_change(line), "{line}");
        }
    }
}
