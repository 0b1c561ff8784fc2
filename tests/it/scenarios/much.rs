//! Whoever asks for much: what is refused, and what is cut to what can be read.

use insta::assert_snapshot;

use super::{library, page};

#[test]
fn whoever_asks_for_too_much_is_told_so() {
    let mut chat = library();
    let said = chat.say(&format!("/search {}", "korea ".repeat(600)));
    assert_snapshot!(said, @"That is more than can be searched for at once: at most 20 words and 200 characters.");
    for much in [
        "a-".repeat(21),
        format!("\"{}\"", "korea ".repeat(21)),
        "북".repeat(201),
    ] {
        assert_eq!(chat.say(&format!("/search {much}")), said);
    }
    let most = "envoys ".repeat(20);
    assert!(chat.say(&format!("/search {most}")).contains("Envoys meet"));
    assert!(
        chat.say(&format!("/search \"{}\"", "x ".repeat(20)))
            .contains("Nothing found")
    );
    let long = format!("/subscribe {}", "x ".repeat(2_000));
    assert!(
        chat.say(&long).contains("no section"),
        "{}",
        chat.say(&long)
    );
    let long = format!("/latest {}", "x".repeat(4_000));
    assert!(
        chat.say(&long).contains("no section"),
        "{}",
        chat.say(&long)
    );
    let long = format!("/{}", "x".repeat(4_000));
    assert!(chat.say(&long).contains("/help"), "{}", chat.say(&long));
    assert_snapshot!(
        chat.say(&format!("/search {}", "x".repeat(5_000))),
        @"That is more than 4096 characters. Say it in fewer."
    );
}

#[test]
fn nobody_waits_while_a_document_is_read_that_takes_its_time() {
    let mut chat = library();
    for (name, line) in [
        ("question.html", "/latest us-nk"),
        ("change.html", "/subscribe us-nk daily 09:00"),
    ] {
        let text = format!("<html><body><p>{}", "&".repeat(150_000));
        chat.drop_file(name, text);
        let answered = chat.answered_while_loading(line);
        assert!(answered > 2, "{line} was answered {answered} times");
    }
}

#[test]
fn of_many_sections_those_with_news_are_listed() {
    let mut chat = library();
    for at in 0..50 {
        let day = 1 + at % 9;
        chat.drop_file(
            &format!("2026-11-0{day}-{at}.txt"),
            page(&format!(
                "# Heading number {at}\nItem of it {at} | It is so."
            )),
        );
    }
    chat.load();
    let said = chat.say("/sections");
    let listed = said
        .lines()
        .filter(|line| line.contains("Heading number"))
        .count();
    assert_eq!(listed, 37, "{said}");
    assert!(said.contains("55 sections"), "{said}");
    assert!(
        said.contains(
            "15 more sections, with older items. A part of its name finds each: /latest name"
        ),
        "{said}"
    );
    assert!(
        said.contains("us-nk") && said.contains("Heading number 8 "),
        "{said}"
    );
    assert!(!said.contains("Heading number 0 "), "{said}");
    assert!(
        chat.say("/latest heading number 0")
            .contains("Item of it 0")
    );
}
