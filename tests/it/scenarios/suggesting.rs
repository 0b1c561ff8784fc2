//! What is kept of suggestions, and for how long; and `/suggest` on the console.

use super::{Chat, library};
use crate::harness::CONFIG;
use insta::assert_snapshot;
use jiff::SignedDuration;

/// A bot with an editor elsewhere.
fn edited() -> Chat {
    let mut chat = library();
    chat.configure(&format!(
        "{CONFIG}[operator]\neditors = [\"telegram:123456789\"]\n"
    ));
    chat
}

/// All that stands in a table, as text.
fn kept(chat: &Chat, table: &str) -> Vec<String> {
    let rows = chat.ground.rows(&format!("SELECT * FROM {table}"));
    let texts = rows.into_iter().map(|row| {
        let values = row.into_iter().map(Option::unwrap_or_default);
        values.collect::<Vec<_>>().join(" ")
    });
    texts.collect()
}

#[test]
fn who_suggests_is_kept_nowhere_and_nothing_for_ever() {
    let mut chat = edited();
    assert_snapshot!(chat.say("/suggest https://example.org/envoys It matters"), @"Sent to the editors. You can suggest 2 more today.");
    let suggestions = kept(&chat, "suggestions").concat();
    assert!(suggestions.contains("It matters"), "until it is told");
    let counted = kept(&chat, "suggested");
    assert_eq!(counted.len(), 1);
    for row in counted.iter().chain([&suggestions]) {
        assert!(!row.contains("local"), "{row}");
    }
    // It is told by whoever runs the editors' platform.
    assert_eq!(kept(&chat, "untold_suggestions"), ["telegram 1"]);
    // To be forgotten doesn't begin the day anew.
    chat.say("/forget yes");
    assert_snapshot!(chat.say("/suggest https://example.org/ferries"), @"Sent to the editors. You can suggest 1 more today.");
    chat.wait(SignedDuration::from_hours(24));
    chat.keep_up(None);
    assert_eq!(kept(&chat, "suggested").len(), 0);
    assert_snapshot!(chat.say("/suggest https://example.org/ferries"), @"The editors have this link already.");
    // A clock has to go on steadily for a day before anything is erased by it.
    for hours in [30 * 24, 12, 12] {
        chat.wait(SignedDuration::from_hours(hours));
        chat.keep_up(None);
    }
    for table in ["suggestions", "untold_suggestions", "suggested"] {
        assert_eq!(kept(&chat, table).len(), 0, "{table}");
    }
    // After a month it may be worth another look.
    assert_snapshot!(chat.say("/suggest https://example.org/ferries"), @"Sent to the editors. You can suggest 2 more today.");
}

#[test]
fn without_editors_it_is_not_there() {
    let mut chat = library();
    let help = chat.say("/help");
    assert!(!help.contains("/suggest"), "{help}");
    assert_snapshot!(chat.say("/suggest https://example.org/envoys"), @"There is nobody here to suggest anything to: the operator has named no editors.");
    assert_snapshot!(chat.say("/sugest https://example.org/envoys"), @"There is no command /sugest. /help lists those there are.");
    let mut chat = edited();
    let help = chat.say("/help");
    assert!(help.contains("/suggest <link>"), "{help}");
    assert_snapshot!(chat.say("/help suggest"), @"
      /suggest <link>   send a link to the editors
    For example: /suggest https://example.org/news
    ");
    assert_snapshot!(chat.say("/suggest"), @"Which link? Try: /suggest https://example.org/news");
}
