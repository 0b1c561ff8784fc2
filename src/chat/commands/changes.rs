//! Which commands change something: those go before questions, and are carried out however late they come.

use super::{Spec, Who, named};

/// What follows `/start` in the link that subscribes a group to a section.
const HERE: &str = "sub_";

/// Whether a line of chat asks for a change, where a manager gives it, and not only for an answer.
pub fn is_change(line: &str) -> bool {
    let line = line.trim().trim_start_matches('/').to_lowercase();
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((&line, ""));
    let Some(spec) = named(name) else {
        return false;
    };
    // “/settings_style” has its word behind an underscore.
    let words = rest.split_whitespace().count() + usize::from(name != spec.name);
    match spec.name {
        "preview" => false,
        "timezone" => words > 0,
        // One word shows the setting, two set it.
        "settings" => words > 1,
        "start" => rest.starts_with(HERE),
        _ => spec.who == Who::Managers,
    }
}

/// Whether what a command answers is worth something only where the bot may post.
pub fn promises_posts(spec: &Spec) -> bool {
    matches!(spec.name, "subscribe" | "schedule" | "resume")
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
