//! Sections that headings have discovered become part of others, get better titles, are hidden, and come back.

use insta::assert_snapshot;
use tidings::chat::Requester;
use tidings::chat::commands::Action;
use tidings::editing::sections::{self as editing, Refusal};
use tidings::platforms::console::Console;
use tidings_core::channel::Target;
use tidings_core::ids::DeedId;
use tidings_store::{DeedKind, OPERATOR, StoreError, WriteTx};

use super::{library, news};
use crate::fakes::clock::Dice;
use crate::harness::{CONFIG, Chat, PLAIN, block_on, page};

type Done<T> = Result<T, Refusal>;

impl Chat {
    fn edit<T>(&self, edit: impl Fn(&WriteTx<'_>) -> Result<Done<T>, StoreError>) -> Done<T> {
        self.app().store().blocking().write(|db| edit(db)).unwrap()
    }

    pub(crate) fn merge(&self, from: &str, into: &str) -> Done<DeedId> {
        let (from, into) = (self.section(from), self.section(into));
        self.edit(|db| editing::merge(db, from, into, OPERATOR, self.app().now()))
    }

    fn rename(&self, slug: &str, title: &str) -> Done<DeedId> {
        let section = self.section(slug);
        self.edit(|db| {
            let catalogue = self.app().catalogues().within(db)?;
            editing::rename(db, &catalogue, section, title, OPERATOR, self.app().now())
        })
    }

    pub(crate) fn undo(&self, deed: DeedId) -> Done<()> {
        self.edit(|db| {
            let deed = db.deed(deed)?.expect("a deed");
            editing::undo(db, &deed, "telegram:7", self.app().now())
        })
    }

    /// Why something isn't done, in words.
    fn refused<T>(&self, done: Done<T>) -> String {
        let refusal = done.err().expect("a refusal");
        refusal.line(self.app().localizer()).to_text()
    }

    /// Presses a button that was made earlier.
    fn press(&self, action: &Action) -> String {
        let requester = Requester::in_channel(&Console::channel(), true);
        let console = self.console();
        let bot = self.app().bot();
        let pressed = bot.press_button(&*console, &requester, action);
        PLAIN.show(&block_on(pressed).unwrap().reply.post)
    }

    /// Each section with its items, as readers see them.
    fn holdings(&mut self, slugs: &[&str]) -> Vec<String> {
        let mut held: Vec<String> = slugs
            .iter()
            .map(|slug| self.say(&format!("/latest {slug} 25")))
            .collect();
        held.push(self.say("/subscriptions"));
        held
    }
}

#[test]
fn what_a_merged_section_is_called_means_the_other_one() {
    let mut chat = library();
    let gardens = chat.section("garden-shows");
    let old = [
        Action::Open(Some(gardens)),
        Action::Follow(Target::Section(gardens)),
    ];
    let deed = chat.merge("garden-shows", "japan").unwrap();
    assert_snapshot!(chat.say("/latest garden-shows"), @"
    Japan   3 of 3, newest first
      #5  30 Oct 2026   Squid counted together
      #6  30 Oct 2026   Persimmons sorted by sound
      #7  30 Oct 2026   Ferns come back
    /read 5 shows an item
    ");
    assert_eq!(chat.say("/latest japan"), chat.say("/latest garden shows"));
    // Buttons that were made before, and links with its number.
    assert!(chat.press(&old[0]).contains("Persimmons sorted by sound"));
    assert!(chat.press(&old[1]).contains("now follows Japan"));
    assert_eq!(
        chat.say(&format!("/latest #-{gardens}")),
        chat.say("/latest japan")
    );
    // It isn't listed, and isn't counted.
    let sections = chat.say("/sections");
    assert!(!sections.contains("garden-shows"), "{sections}");
    // What stands under its heading is the other one's.
    news(&mut chat, "2026-11-06.txt", "Garden Shows", &["Moss shown"]);
    let post = chat.tick_at("2026-11-07T09:00[UTC]");
    assert_snapshot!(post, @"
    Roundup · Saturday 7 November
    Japan
      #8  Moss shown
    1 headline · next: Sun 8 Nov 09:00 UTC
    ");
    // The way back: with what came later, and without a push.
    chat.undo(deed).unwrap();
    let gardens = chat.say("/latest garden-shows");
    assert!(gardens.contains("Moss shown") && gardens.contains("Ferns come back"));
    let japan = chat.say("/latest japan");
    assert!(
        !japan.contains("Moss") && japan.contains("Squid counted"),
        "{japan}"
    );
    assert_eq!(chat.tick_at("2026-11-08T09:00[UTC]"), "");
    assert_eq!(chat.undo(deed), Err(Refusal::Undone));
    let kept = chat.app().store().blocking().read(|db| db.deed(deed));
    let kept = kept.unwrap().unwrap();
    assert_eq!(
        (kept.kind, &*kept.subject),
        (DeedKind::Merge, "Garden Shows")
    );
    assert_eq!(kept.undone.unwrap().by.as_deref(), Some("telegram:7"));
}

#[test]
fn who_followed_a_merged_section_follows_it_again() {
    let mut chat = library();
    chat.say("/subscribe garden-shows daily 18:00");
    news(&mut chat, "2026-11-05.txt", "Garden Shows", &["Moss shown"]);
    let before = chat.say("/subscriptions");
    let deed = chat.merge("garden-shows", "japan").unwrap();
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in UTC
      japan   Japan   daily 18:00 · next Fri 6 Nov 18:00
    /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    ");
    news(&mut chat, "2026-11-06.txt", "Japan", &["Squid counted"]);
    news(
        &mut chat,
        "2026-11-07.txt",
        "Garden Shows",
        &["Lichen shown"],
    );
    chat.undo(deed).unwrap();
    assert_eq!(chat.say("/subscriptions"), before);
    assert_snapshot!(chat.tick_at("2026-11-06T18:00[UTC]"), @"
    Roundup · Friday 6 November
    Garden Shows
      #10  Lichen shown
      #8   Moss shown
    2 headlines · next: Sat 7 Nov 18:00 UTC
    ");
    // What a manager changed meanwhile is about both.
    let deed = chat.merge("garden-shows", "japan").unwrap();
    chat.say("/schedule japan daily 20:00");
    chat.undo(deed).unwrap();
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in UTC
      japan          Japan          daily 20:00 · next Fri 6 Nov 20:00
      garden-shows   Garden Shows   daily 20:00 · next Fri 6 Nov 20:00
    /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    ");
    // What they ended doesn't come back.
    chat.say("/unsubscribe japan");
    let deed = chat.merge("garden-shows", "japan").unwrap();
    chat.say("/unsubscribe japan");
    chat.undo(deed).unwrap();
    assert_snapshot!(chat.say("/subscriptions"), @"This channel follows nothing yet. Try: /subscribe us-nk daily 09:00");
}

#[test]
fn a_slot_that_passed_while_a_section_was_merged_is_nothing_to_catch_up_with() {
    let mut chat = library();
    chat.say("/subscribe japan daily 20:00");
    chat.say("/subscribe garden-shows daily 14:00");
    let deed = chat.merge("garden-shows", "japan").unwrap();
    chat.at("2026-11-06T15:00[UTC]");
    news(&mut chat, "2026-11-06.txt", "Garden Shows", &["Moss shown"]);
    chat.undo(deed).unwrap();
    assert_eq!(chat.posted(), "");
    assert!(chat.tick_at("2026-11-06T20:00[UTC]").contains("Moss shown"));
    let subscriptions = chat.say("/subscriptions");
    assert!(subscriptions.contains("daily 14:00"), "{subscriptions}");
}

#[test]
fn chains_of_merges_are_followed_and_undone_from_their_end() {
    let mut chat = library();
    news(&mut chat, "2026-11-05.txt", "Moss Desk", &["Moss shown"]);
    chat.say("/subscribe moss-desk daily 18:00");
    let before = chat.holdings(&["moss-desk", "garden-shows", "japan"]);
    let first = chat.merge("moss-desk", "garden-shows").unwrap();
    let second = chat.merge("garden-shows", "japan").unwrap();
    assert_eq!(chat.say("/latest moss-desk"), chat.say("/latest japan"));
    news(&mut chat, "2026-11-06.txt", "Moss Desk", &["Lichen shown"]);
    assert!(chat.say("/latest japan").contains("Lichen shown"));
    // Neither is merged again, and nothing into what is part of another one.
    let refused = chat.merge("moss-desk", "us-nk");
    assert_snapshot!(chat.refused(refused), @"“moss-desk” is part of garden-shows.");
    let chained = chat.undo(first);
    assert_snapshot!(chat.refused(chained), @"“garden-shows” is part of japan since; undo that first.");
    chat.undo(second).unwrap();
    assert!(!chat.say("/latest japan").contains("Lichen shown"));
    assert!(chat.say("/latest garden-shows").contains("Lichen shown"));
    assert_eq!(
        chat.say("/latest moss-desk"),
        chat.say("/latest garden-shows")
    );
    chat.undo(first).unwrap();
    assert!(chat.say("/latest moss-desk").contains("Lichen shown"));
    let after = chat.holdings(&["garden-shows", "japan"]);
    assert_eq!(after, before[1..]);
}

#[test]
fn filters_follow_a_merge_there_and_back() {
    let mut chat = library();
    chat.say("/subscribe all");
    chat.say("/filter all #garden-shows squid");
    let before = chat.say("/filter all");
    let deed = chat.merge("garden-shows", "japan").unwrap();
    assert!(chat.say("/filter all").contains("#japan squid"));
    chat.undo(deed).unwrap();
    assert_eq!(chat.say("/filter all"), before);
    // One that was changed meanwhile stays.
    let deed = chat.merge("garden-shows", "japan").unwrap();
    chat.say("/filter all #garden-shows whales");
    chat.undo(deed).unwrap();
    assert!(chat.say("/filter all").contains("#japan whales"));
}

#[test]
fn a_section_that_is_configured_later_wins_for_what_is_new() {
    for configured in [
        "slug = \"garden-shows\"\ntitle = \"Gardens\"",
        "slug = \"gardens\"\ntitle = \"Garden Shows\"",
        "slug = \"gardens\"\ntitle = \"Gardens\"\nheadings = [\"Garden Shows\"]",
    ] {
        let mut chat = library();
        let deed = chat.merge("garden-shows", "japan").unwrap();
        chat.configure(&CONFIG.replace(
            "[[source]]",
            &format!("[[section]]\n{configured}\n[[source]]"),
        ));
        news(&mut chat, "2026-11-06.txt", "Garden Shows", &["Moss shown"]);
        let gardens = chat.say("/latest gardens");
        assert!(gardens.contains("Moss shown"), "{configured}: {gardens}");
        assert!(!chat.say("/latest japan").contains("Moss shown"));
        if configured.contains("\"garden-shows\"") {
            let refused = chat.undo(deed);
            assert_eq!(
                chat.refused(refused),
                "“garden-shows” stands in the configuration; only the file changes it."
            );
        }
    }
}

#[test]
fn a_discovered_section_that_the_configuration_takes_over_takes_its_merged_ones_along() {
    let mut chat = library();
    news(&mut chat, "2026-11-05.txt", "Moss Desk", &["Moss shown"]);
    let deed = chat.merge("moss-desk", "garden-shows").unwrap();
    chat.configure(&CONFIG.replace(
        "title = \"Japan\"",
        "title = \"Japan\"\nheadings = [\"Garden Shows\"]",
    ));
    assert_eq!(chat.say("/latest moss-desk"), chat.say("/latest japan"));
    assert!(chat.say("/latest japan").contains("Moss shown"));
    chat.undo(deed).unwrap();
    assert!(chat.say("/latest moss-desk").contains("Moss shown"));
    assert!(!chat.say("/latest japan").contains("Moss shown"));
}

#[test]
fn a_hidden_section_rests_and_comes_back_without_a_push() {
    let mut chat = library();
    chat.say("/subscribe garden-shows instant");
    chat.say("/subscribe all daily 18:00");
    let hidden =
        chat.edit(|db| editing::hide(db, chat.section("garden-shows"), OPERATOR, chat.app().now()));
    news(&mut chat, "2026-11-06.txt", "Garden Shows", &["Moss shown"]);
    assert_eq!(chat.posted(), "");
    assert!(!chat.say("/search moss shown").contains("#"));
    assert!(chat.say("/latest garden-shows").contains("no section"));
    chat.undo(hidden.unwrap()).unwrap();
    assert_eq!(chat.tick_at("2026-11-06T18:00[UTC]"), "");
    assert!(chat.say("/latest garden-shows").contains("Moss shown"));
    // From now on as before.
    news(
        &mut chat,
        "2026-11-07.txt",
        "Garden Shows",
        &["Lichen shown"],
    );
    assert!(chat.posted().contains("Lichen shown"));
    let shown =
        chat.edit(|db| editing::show(db, chat.section("garden-shows"), OPERATOR, chat.app().now()));
    assert_eq!(chat.refused(shown), "“garden-shows” is shown already.");
}

#[test]
fn what_was_hidden_is_hidden_again_once_its_merge_is_undone() {
    let mut chat = library();
    chat.hide("garden-shows");
    let deed = chat.merge("garden-shows", "japan").unwrap();
    assert!(chat.say("/latest japan").contains("Ferns come back"));
    chat.undo(deed).unwrap();
    assert!(chat.say("/latest garden-shows").contains("no section"));
    assert!(!chat.say("/latest japan").contains("Ferns come back"));
    assert!(!chat.say("/search ferns").contains("Ferns come back"));
    // And what becomes part of something that is hidden later comes out of it.
    let mut chat = library();
    news(&mut chat, "2026-11-05.txt", "Moss Desk", &["Moss shown"]);
    let deed = chat.merge("moss-desk", "garden-shows").unwrap();
    chat.hide("garden-shows");
    assert!(chat.say("/latest moss-desk").contains("no section"));
    chat.undo(deed).unwrap();
    assert!(chat.say("/search moss shown").contains("Moss shown"));
    assert!(chat.say("/sections").contains("6 items"));
    let into_hidden = chat.merge("moss-desk", "garden-shows");
    assert_snapshot!(chat.refused(into_hidden), @"“garden-shows” is hidden; show it first, or hide the other one.");
}

#[test]
fn a_title_is_taken_back_unless_it_is_another_one_by_then() {
    let mut chat = library();
    let first = chat.rename("garden-shows", "Gardens").unwrap();
    assert!(chat.say("/latest gardens").contains("Ferns come back"));
    let second = chat.rename("garden-shows", "Parks and gardens").unwrap();
    let overtaken = chat.undo(first);
    assert_snapshot!(chat.refused(overtaken), @"garden-shows has got another title since: “Parks and gardens”.");
    chat.undo(second).unwrap();
    chat.undo(first).unwrap();
    assert!(chat.say("/sections").contains("Garden Shows"));
    for title in ["Japan", "…", &"a".repeat(101)] {
        let refused = chat.rename("garden-shows", title);
        assert!(refused.is_err(), "{title}");
    }
    let of_the_file = chat.rename("japan", "Tokyo");
    assert_snapshot!(chat.refused(of_the_file), @"“japan” stands in the configuration; only the file changes it.");
    let catch_all = chat.merge("more", "japan");
    assert_snapshot!(chat.refused(catch_all), @"“more” holds what no other section takes, and stays as it is.");
}

#[test]
fn every_name_that_a_merged_section_had_means_the_other_one() {
    let mut chat = library();
    chat.rename("garden-shows", "Parks").unwrap();
    let deed = chat.merge("garden-shows", "japan").unwrap();
    let japan = chat.say("/latest japan");
    for name in ["garden-shows", "Garden Shows", "parks"] {
        assert_eq!(chat.say(&format!("/latest {name}")), japan, "{name}");
    }
    news(&mut chat, "2026-11-06.txt", "Garden Shows", &["Moss shown"]);
    news(&mut chat, "2026-11-07.txt", "Parks", &["Lichen shown"]);
    let japan = chat.say("/latest japan");
    assert!(
        japan.contains("Moss") && japan.contains("Lichen"),
        "{japan}"
    );
    // Its title is nobody else's.
    news(&mut chat, "2026-11-05.txt", "Tree Desk", &["An oak"]);
    let taken = chat.rename("tree-desk", "Parks");
    assert_snapshot!(chat.refused(taken), @"“Parks” is what japan is called; merging makes one of the two.");
    chat.undo(deed).unwrap();
    let parks = chat.say("/latest parks");
    assert!(
        parks.contains("Moss") && parks.contains("Lichen"),
        "{parks}"
    );
}

#[test]
fn what_an_editor_filed_stays_where_they_put_it() {
    let mut chat = library();
    let deed = chat.merge("garden-shows", "japan").unwrap();
    let moved =
        "UPDATE items SET filed_by_editor = 1, came_by = NULL WHERE title = 'Ferns come back'";
    assert_eq!(chat.ground.execute(moved), 1);
    chat.undo(deed).unwrap();
    assert!(chat.say("/latest japan").contains("Ferns come back"));
    assert!(chat.say("/latest garden-shows").contains("Persimmons"));
}

/// What a merge that is undone leaves is what there would be without it: whatever was followed, and whatever came before
/// it and meanwhile.
#[test]
fn a_merge_that_is_undone_was_never_there() {
    const SECTIONS: [(&str, &str); 4] = [
        ("garden-shows", "Garden Shows"),
        ("moss-desk", "Moss Desk"),
        ("japan", "Japan"),
        ("us-nk", "US-NK Relations"),
    ];
    const FOLLOWED: [&str; 5] = ["all", "garden-shows", "moss-desk", "japan", "us-nk"];
    let mut posts = 0;
    for seed in 0..12 {
        let mut dice = Dice::new(seed);
        let mut draw = |sides: u32| (dice.fraction() * f64::from(sides)) as usize;
        let mut chats = [library(), library()];
        for chat in &mut chats {
            news(chat, "2026-11-01.txt", "Moss Desk", &["Moss of old"]);
        }
        for section in FOLLOWED {
            let cadence = ["", "daily 18:00", "daily 20:00", "instant"][draw(4)];
            for chat in chats.iter_mut().filter(|_| !cadence.is_empty()) {
                chat.say(&format!("/subscribe {section} {cadence}"));
            }
        }
        let mut number = 0;
        let mut arrive =
            |chats: &mut [Chat; 2], documents: usize, draw: &mut dyn FnMut(u32) -> usize| {
                for _ in 0..documents {
                    number += 1;
                    let (_, heading) = SECTIONS[draw(4)];
                    for chat in chats.iter_mut() {
                        let name = format!("2026-11-06-{number}.txt");
                        let titles = [format!("Whales {number}"), format!("Seals {number}")];
                        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
                        news(chat, &name, heading, &titles);
                    }
                }
            };
        arrive(&mut chats, 2, &mut draw);
        let into = ["japan", "moss-desk"][draw(2)];
        let deed = chats[0].merge("garden-shows", into).unwrap();
        let other = (draw(2) == 0 && into == "japan").then(|| {
            // One more, which is undone first.
            chats[0].merge("moss-desk", "japan").unwrap()
        });
        arrive(&mut chats, 3, &mut draw);
        for deed in other.into_iter().chain([deed]) {
            chats[0].undo(deed).unwrap();
        }
        arrive(&mut chats, 1, &mut draw);
        let [merged, never] = chats.each_mut().map(|chat| {
            let mut all = chat.holdings(&["garden-shows", "moss-desk", "japan", "us-nk"]);
            all.push(chat.say("/sections"));
            for moment in ["12:00", "18:00", "20:00"] {
                all.push(chat.tick_at(&format!("2026-11-06T{moment}[UTC]")));
            }
            all
        });
        assert_eq!(merged, never, "seed {seed}");
        posts += merged
            .iter()
            .rev()
            .take(3)
            .filter(|post| !post.is_empty())
            .count();
    }
    assert!(posts > 10, "{posts}");
}

#[test]
fn a_page_that_is_read_again_says_by_which_section_its_items_come() {
    let mut chat = library();
    let deed = chat.merge("garden-shows", "japan").unwrap();
    let under = |heading: &str| page(&format!("# {heading}\nMoss shown | It is green."));
    chat.drop_file("2026-11-06.txt", under("Japan")).load();
    chat.drop_file("2026-11-06.txt", under("Garden Shows"))
        .load();
    chat.undo(deed).unwrap();
    assert!(chat.say("/latest garden-shows").contains("Moss shown"));
}

#[test]
fn a_title_that_was_a_slip_means_nothing_once_it_is_undone() {
    let mut chat = library();
    let slip = chat.rename("garden-shows", "Quebec").unwrap();
    chat.undo(slip).unwrap();
    news(&mut chat, "2026-11-06.txt", "Quebec", &["Maple counted"]);
    assert!(chat.say("/latest quebec").contains("Maple counted"));
    assert!(!chat.say("/latest garden-shows").contains("Maple"));
    assert!(chat.rename("garden-shows", "All").is_err());
    // What was done to it since has to be undone first.
    let hidden = editing::hide;
    let section = chat.section("garden-shows");
    let now = chat.app().now();
    let first = chat.edit(|db| hidden(db, section, OPERATOR, now)).unwrap();
    chat.edit(|db| editing::show(db, section, OPERATOR, now))
        .unwrap();
    let third = chat
        .edit(|db| hidden(db, section, "telegram:7", now))
        .unwrap();
    assert_eq!(chat.undo(first), Err(Refusal::Overtaken));
    assert_eq!(chat.undo(third), Ok(()));
}

#[test]
fn who_follows_a_section_that_is_hidden_now_can_change_that() {
    let mut chat = library();
    chat.say("/subscribe garden-shows daily 09:00");
    chat.say("/subscribe japan daily 18:00");
    chat.hide("garden-shows");
    assert_snapshot!(chat.say("/subscriptions"), @"
    This channel follows   times in UTC
      japan          Japan          daily 18:00 · next Fri 6 Nov 18:00
      garden-shows   Garden Shows   daily 09:00 · nothing comes for now: the publisher has hidden this section
    /schedule japan daily 09:00 changes a time · /preview shows the next roundup
    ");
    assert_snapshot!(chat.say("/schedule garden-shows daily 10:00"), @"
    This channel now gets Garden Shows, daily 10:00 (UTC). Next roundup: Sat 7 Nov 10:00, in 22 hours, if there is news by then.
    After that: Sun 8 Nov 10:00, Mon 9 Nov 10:00.
    ");
    assert_snapshot!(chat.say("/filter Garden Shows ferns"), @"This channel now gets from Garden Shows only what the filter wants: ferns. What it leaves out doesn’t come later either. To end it: /filter garden-shows off");
    assert_snapshot!(chat.say("/unsubscribe garden-shows"), @"This channel no longer follows Garden Shows. It still follows Japan.");
    // Who doesn't follow it hears nothing of it.
    assert_snapshot!(chat.say("/unsubscribe garden-shows"), @"There is no section “garden-shows”. /sections lists all 4.");
    assert_snapshot!(chat.say("/subscribe garden-shows"), @"There is no section “garden-shows”. /sections lists all 4.");
}
