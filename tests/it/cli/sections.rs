//! `tidings sections`: what headings discovered is merged, renamed, hidden and shown again.

use std::fs;
use std::path::Path;

use insta::assert_snapshot;

use super::Shell;
use crate::harness::{CONFIG, page};

/// A store with two pages, one of which has headings that nobody configured.
fn discovered() -> Shell {
    let shell = Shell::new();
    shell.write(
        "digests/2026-11-04.txt",
        page(
            "# Tokyo Desk\nSquid counted | All of them.\n# Hanbit is paid for by\nA lighthouse | It shines.\n\
             # US-NK Relations\nEnvoys met | In Geneva.",
        ),
    );
    shell.run(&["load"]).code(0);
    shell
}

fn slugs(shell: &Shell) -> Vec<(String, i64)> {
    let listed = shell.run(&["sections", "--json"]).code(0).out;
    let rows = listed.lines().map(|line| {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let slug = row["slug"].as_str().unwrap().to_owned();
        (slug, row["items"].as_i64().unwrap())
    });
    rows.filter(|(_, items)| *items > 0).collect()
}

#[test]
fn a_merged_section_gives_its_items_its_followers_and_its_heading() {
    let shell = discovered();
    shell
        .type_into(&["chat"], "/subscribe tokyo-desk instant\n")
        .code(0);
    let said = shell
        .run(&["sections", "merge", "tokyo-desk", "japan"])
        .code(0)
        .out;
    assert_eq!(
        said,
        "“Tokyo Desk” is part of japan now: 1 item, and what comes under that heading from now on\n"
    );
    shell.write(
        "digests/2026-11-05.txt",
        page(
            "# Tokyo Desk\nCrabs counted | These too.\n# US-NK Relations\nEnvoys left | By train.",
        ),
    );
    let chat = shell
        .type_into(&["chat"], "/subscriptions\n/latest japan\n")
        .code(0)
        .out;
    assert!(chat.contains("Crabs counted"), "{chat}");
    assert!(chat.contains("japan"), "{chat}");
    assert!(!chat.contains("tokyo-desk"), "{chat}");
    assert_eq!(
        slugs(&shell),
        [
            ("us-nk".into(), 2),
            ("japan".into(), 2),
            ("hanbit-is-paid-for-by".into(), 1)
        ]
    );
}

#[test]
fn a_merged_section_is_named_beside_what_it_is_part_of() {
    let shell = discovered();
    shell
        .run(&["sections", "merge", "tokyo-desk", "hanbit-is-paid-for-by"])
        .code(0);
    shell
        .run(&["sections", "merge", "hanbit-is-paid-for-by", "japan"])
        .code(0);
    let listed = shell.run(&["sections", "--json"]).code(0).out;
    let japan = listed.lines().find(|line| line.contains("japan"));
    assert_snapshot!(japan.unwrap(), @r#"{"slug":"japan","title":"Japan","origin":"configured","items":2,"newest":"2026-11-04","hidden":false,"merged":["hanbit-is-paid-for-by","tokyo-desk"]}"#);
    assert!(
        listed
            .lines()
            .all(|line| !line.contains("\"slug\":\"tokyo-desk"))
    );
    let listed = shell.run(&["sections"]).code(0).out;
    let japan = listed.lines().find(|line| line.contains("Japan"));
    assert_snapshot!(japan.unwrap(), @"japan  2026-11-04  2 items  configured, with hanbit-is-paid-for-by, tokyo-desk  Japan");
    // It is merged no more, and stands for the other one where something is merged into it.
    shell
        .run(&["sections", "merge", "tokyo-desk", "us-nk"])
        .code(2)
        .says(&["“tokyo-desk” is part of hanbit-is-paid-for-by."]);
    shell.write(
        "digests/2026-11-06.txt",
        page("# Osaka Desk\nWhales counted | All.\n# US-NK Relations\nEnvoys left | By train."),
    );
    shell.run(&["load"]).code(0);
    let said = shell
        .run(&["sections", "merge", "osaka-desk", "tokyo-desk"])
        .code(0)
        .out;
    assert!(
        said.contains("“Osaka Desk” is part of japan now: 1 item"),
        "{said}"
    );
    let items = shell
        .run(&["items", "--section", "osaka-desk", "--json"])
        .code(0)
        .out;
    assert_eq!(items.lines().count(), 3, "{items}");
}

#[test]
fn a_footer_that_was_taken_for_a_heading_is_cured_for_good() {
    let digests = Path::new(env!("CARGO_MANIFEST_DIR")).join("config/digests");
    let sample = |name: &str| fs::read_to_string(digests.join(name)).unwrap();
    const FOOTER: &str = "Hanbit Weekly is funded by";
    for cure in [
        vec!["hide", "hanbit-weekly-is-funded-by"],
        vec!["merge", "hanbit-weekly-is-funded-by", "more"],
    ] {
        let shell = Shell::new();
        shell.write(
            "tidings.toml",
            CONFIG.replace(&format!("stop_at = [\"{FOOTER}\"]"), ""),
        );
        for name in ["weekly-news-roundup-november-6-2026.txt", "2026-11-13.txt"] {
            shell.write(&format!("digests/{name}"), sample(name));
        }
        shell.run(&["load"]).code(0);
        let listed = shell.run(&["sections"]).code(0).out;
        assert!(listed.contains(FOOTER), "{listed}");
        let call: Vec<&str> = ["sections"].into_iter().chain(cure.clone()).collect();
        shell.run(&call).code(0);
        // The next page has it as well.
        let next = "korea-news-roundup-november-20-2026.txt";
        shell.write(&format!("digests/{next}"), sample(next));
        let chat = shell.type_into(&["chat"], "/sections\n/latest\n").code(0);
        assert!(!chat.out.contains("unded by"), "{cure:?}: {}", chat.out);
        assert!(!chat.err.contains("unded by"), "{cure:?}: {}", chat.err);
    }
}

#[test]
fn a_renamed_section_keeps_its_slug_and_its_heading() {
    let shell = discovered();
    let said = shell
        .run(&["sections", "rename", "tokyo-desk", "From  Tokyo"])
        .code(0)
        .out;
    assert_eq!(said, "tokyo-desk is called “From Tokyo” now\n");
    shell.write(
        "digests/2026-11-05.txt",
        page("# Tokyo Desk\nCrabs counted | These too.\n# From Tokyo\nEnvoys left | By train."),
    );
    shell.run(&["load"]).code(0);
    assert!(slugs(&shell).contains(&("tokyo-desk".into(), 3)));
    let taken = shell
        .run(&["sections", "rename", "tokyo-desk", "japan"])
        .code(2);
    taken.says(&["tidings sections merge tokyo-desk japan"]);
}

#[test]
fn a_hidden_section_is_neither_listed_nor_found_nor_pushed_until_it_is_shown() {
    let shell = discovered();
    shell
        .type_into(&["chat"], "/subscribe all instant\n")
        .code(0);
    let said = shell
        .run(&["sections", "hide", "hanbit-is-paid-for-by"])
        .code(0)
        .out;
    assert_eq!(said, "hanbit-is-paid-for-by is hidden, with 1 item\n");
    shell.write(
        "digests/2026-11-05.txt",
        page("# Hanbit is paid for by\nA windmill | It turns.\n# US-NK Relations\nEnvoys left | By train."),
    );
    let chat = shell
        .type_into(
            &["chat"],
            "/sections\n/latest\n/search lighthouse\n/latest hanbit-is-paid-for-by\n",
        )
        .code(0)
        .out;
    assert!(chat.contains("Envoys left"), "{chat}");
    for hidden in ["windmill", "A lighthouse", "paid for by\n"] {
        assert!(!chat.contains(hidden), "{hidden} in {chat}");
    }
    let listed = shell.run(&["sections"]).code(0).out;
    assert!(
        listed.contains("2 items  discovered, hidden  Hanbit is paid for by"),
        "{listed}"
    );
    shell
        .run(&["sections", "show", "hanbit-is-paid-for-by"])
        .code(0);
    let chat = shell.type_into(&["chat"], "/search windmill\n").code(0).out;
    assert!(chat.contains("A windmill"), "{chat}");
    assert!(
        !chat.contains("Roundup"),
        "nothing is pushed for that: {chat}"
    );
}

#[test]
fn what_the_configuration_says_of_a_section_only_the_file_changes() {
    let shell = discovered();
    for (call, said) in [
        (
            vec!["merge", "us-nk", "japan"],
            "“us-nk” stands in the configuration; move its headings",
        ),
        (vec!["rename", "us-nk", "Talks"], "change its title there"),
        (vec!["hide", "more"], "holds what no other section takes"),
        (
            vec!["hide", "mars"],
            "there is no section “mars”; `tidings sections` lists",
        ),
        (
            vec!["merge", "tokyo-desk", "tokyo-desk"],
            "merged into itself",
        ),
        (vec!["rename", "tokyo-desk", "…"], "a title needs a letter"),
    ] {
        let call: Vec<&str> = ["sections"].into_iter().chain(call).collect();
        shell.run(&call).code(2).says(&[said]);
    }
}

#[test]
fn a_section_that_leaves_the_configuration_while_it_is_followed_is_named() {
    let shell = Shell::with_pages();
    shell.run(&["load"]).code(0);
    shell
        .type_into(&["chat"], "/subscribe japan daily 09:00\n")
        .code(0);
    let config = std::fs::read_to_string(shell.path("tidings.toml")).unwrap();
    let without = config.replace(
        "[[section]]\nslug = \"japan\"\ntitle = \"Japan\"\nmatch = [\"Tokyo\"]\n",
        "",
    );
    assert_ne!(config, without);
    shell.write("tidings.toml", &without);
    // Before the store knows of it, and after.
    for _ in 0..2 {
        let check = shell.run(&["check"]).code(0).out;
        assert!(check.contains("! section japan: 1 channel"), "{check}");
        let chat = shell.type_into(&["chat"], "/subscriptions\n").code(0);
        assert!(chat.out.contains("no longer filled"), "{}", chat.out);
        chat.says(&["isn't configured any more", "japan"]);
    }
    shell.write("tidings.toml", &config);
    let chat = shell.type_into(&["chat"], "/subscriptions\n").code(0);
    assert!(!chat.out.contains("no longer filled"), "{}", chat.out);
    assert!(!chat.err.contains("isn't configured"), "{}", chat.err);
}

#[test]
fn a_check_files_under_the_sections_that_a_load_would() {
    let shell = Shell::with_pages();
    // An empty store, which knows nothing of the configuration.
    shell.run(&["retry"]).code(0);
    let check = shell.run(&["check"]).code(0).out;
    assert!(check.contains(" in japan"), "{check}");
    assert!(!check.contains("japan (new)"), "{check}");
    shell.run(&["load"]).code(0);
    let config = std::fs::read_to_string(shell.path("tidings.toml")).unwrap();
    let birds = "[[section]]\nslug = \"birds\"\ntitle = \"Birds\"\nheadings = [\"Bird news\"]\nmatch = [\"heron\"]\n";
    shell.write("tidings.toml", format!("{config}\n{birds}"));
    shell.write(
        "digests/2026-11-05.txt",
        page("# Bird news\nA swan swims | It swims."),
    );
    shell.write(
        "digests/2026-11-06.txt",
        page("The heron flies | It flies."),
    );
    let check = shell.run(&["check"]).code(0).out;
    assert!(
        check.contains("2 in birds") && !check.contains("(new)"),
        "{check}"
    );
    let written = "UPDATE sections SET title = 'x' WHERE slug = 'birds'";
    assert_eq!(shell.ground.execute(written), 0);
    shell.run(&["load"]).code(0);
    let items = shell.run(&["items", "--json"]).code(0).out;
    assert_eq!(items.matches("\"section\":\"birds\"").count(), 2, "{items}");
}

#[test]
fn names_that_are_words_of_the_chat_lose_nothing() {
    let shell = Shell::new();
    shell.write(
        "tidings.toml",
        "[store]\npath = \"data/tidings.db\"\n[[section]]\nslug = \"other\"\ntitle = \"Other\"\nheadings = [\"More\"]\n\
         [[section]]\nslug = \"everything\"\ntitle = \"Everything else\"\n[[section]]\nslug = \"5\"\ntitle = \"Five\"\n\
         [[source]]\nname = \"digests\"\nkind = \"folder\"\npath = \"digests\"\n\
         [[source]]\nname = \"again\"\nkind = \"folder\"\npath = \"digests/../digests\"\n\
         [operator]\nnotify = \"telegram:5\"\n",
    );
    // What is warned of isn't refused.
    let check = shell.run(&["check"]).code(0).out;
    for warning in [
        "! section 5: `/latest 5` shows it",
        "! source again: its folder is that of the source digests",
        "! operator.notify: nobody is told at telegram:5, since TELEGRAM_TOKEN isn't set",
    ] {
        assert!(check.contains(warning), "{warning} isn't in {check}");
    }
    shell.write(
        "digests/2026-11-04.txt",
        page("# More\nSquid counted | All of them.\n# Everything\nA lighthouse | It shines."),
    );
    let json = shell.run(&["load", "--json"]).code(0);
    assert!(!json.err.contains("made a new section"), "{}", json.err);
    let typed = "/subscribe everything\n/subscribe more\n/subscribe all hourly\n/subscriptions\n/latest more\n/latest other\n";
    let chat = shell.type_into(&["chat"], typed).code(0).out;
    for line in [
        "now follows Everything else, daily 09:00",
        "now follows Other news, daily 09:00",
        "now follows all sections, hourly",
        "Nothing in Other news yet.",
    ] {
        assert!(chat.contains(line), "{line} isn't in {chat}");
    }
    assert!(chat.contains("Squid counted"), "{chat}");
}
