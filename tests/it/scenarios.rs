//! Conversations with a bot, from a digest in its folder to the post that a channel reads.

mod all_and_one;
mod archive;
mod bad_input;
mod completing;
mod delivering;
mod editing;
mod filters;
mod following;
mod holding;
mod moving;
mod much;
mod operations;
mod pauses;
mod reading;
mod roundups;
mod sections;
mod stories;
mod suggesting;
mod waiting;
mod watches;
mod windows;

use crate::harness::{Chat, page};

/// A bot with a small archive: seven items of two days, all of the baseline.
fn library() -> Chat {
    let mut chat = Chat::new();
    chat.drop_file(
        "weekly-october-30-2026.txt",
        page(
            "# US-NK Relations
             Envoys meet in Geneva for a second day | The envoys agreed to a third. | A “second room” is planned.
             U.S. letter draws a reply | It was three pages long.
             # Japan
             Squid counted together | Research vessels will count from January.
             # Garden Shows
             Persimmons sorted by sound | A tap tells a ripe fruit.
             Ferns come back | They grow in the shade.",
        ),
    );
    chat.drop_file(
        "weekly-november-4-2026.txt",
        page(
            "# Between the Koreas
             남북관계 회복을 위한 실무 회의 열려 | 회의는 개성 공단에서 열렸다.
             # US-NK Relations
             Liaison office gets a door plate | It is made of brass.",
        ),
    );
    chat.load();
    chat
}

/// One more headline about squid in Japan.
fn squid(chat: &mut Chat, number: u32) {
    let (name, title) = (
        format!("2026-11-{number:02}-squid.txt"),
        format!("Squid {number}"),
    );
    news(chat, &name, "Japan", &[&title]);
}

/// Loads a page of one section with one item for each title.
fn news(chat: &mut Chat, name: &str, heading: &str, titles: &[&str]) {
    let lines: Vec<String> = titles
        .iter()
        .map(|title| format!("{title} | What there is to say of it."))
        .collect();
    let text = page(&format!("# {heading}\n{}", lines.join("\n")));
    chat.drop_file(name, text).load();
}
