//! Discovered sections are mended by two presses.

use tidings::sign_in::Person;

use super::{Desk, Page, Visitor, config, editor};
use crate::harness::{Chat, page};

/// How a section stands as its forms have it.
async fn seen(visitor: &Visitor<'_>, slug: &str) -> String {
    let page = visitor.get("/dashboard/sections").await.text;
    let form = format!("action=\"/dashboard/sections/{slug}/merge\"");
    let form = page.split(&form).nth(1);
    let form = form.unwrap_or_else(|| panic!("no form for {slug}: {page}"));
    let value = form.split("name=\"seen\" value=\"").nth(1).unwrap();
    value.split('"').next().unwrap().to_owned()
}

impl Visitor<'_> {
    /// Does something to a section as it was seen.
    async fn mends(&self, path: &str, seen: &str, form: &[(&str, &str)]) -> Page {
        let mut whole = vec![("seen", seen)];
        whole.extend(form);
        self.post(&format!("/dashboard/sections/{path}"), &whole)
            .await
    }

    /// Does something to a section as it is seen now; what the page then says.
    async fn mended(&self, slug: &str, deed: &str, form: &[(&str, &str)]) -> String {
        let seen = seen(self, slug).await;
        let done = self.mends(&format!("{slug}/{deed}"), &seen, form).await;
        assert_eq!(done.status, 303, "{}", done.text);
        self.sees(done.header("location")).await
    }
}

/// The number of a section.
async fn section(chat: &Chat, slug: &str) -> String {
    let catalogue = chat.app().catalogues().current().await.unwrap();
    catalogue.by_slug(slug).unwrap().id.to_string()
}

/// A heading that is none, as the seeds have one, and another.
fn discovered() -> Chat {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page(
            "# Japan
             Squid counted | All of them.
             # Hanbit is <b>funded</b> by
             Nobody gave | Nothing.
             # Ferries
             Ferries sail | Twice a day.",
        ),
    );
    chat.load();
    chat
}

#[tokio::test(flavor = "multi_thread")]
async fn discovered_sections_are_listed_with_what_can_be_done() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    insta::assert_snapshot!(editor.sees("/dashboard/sections").await, @"
    Sections
    Sections that the configuration names are changed there. Those that headings have made can be mended here.
    Hanbit is &lt;b&gt;funded&lt;/b&gt; by
    hanbit-is-b-funded-b-by discovered 1 item 5 Nov 2026Mend
    Make it part of
    Ferries
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Merge
    Title
    Rename
    Hide
    Ferries
    ferries discovered 1 item 5 Nov 2026Mend
    Make it part of
    Hanbit is &lt;b&gt;funded&lt;/b&gt; by
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Merge
    Title
    Rename
    Hide
    US–North Korea relations
    us-nk configured 0 items
    Inter-Korean relations
    inter-korean configured 0 items
    Japan
    japan configured 1 item 5 Nov 2026
    Other news
    more holds what no other section takes 0 items
    ");
    let html = editor.get("/dashboard/sections").await.text;
    assert!(!html.contains("<b>"), "{html}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_section_is_merged_renamed_hidden_and_all_that_undone() {
    let mut chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    let japan = section(&chat, "japan").await;
    let merged = editor.mended("ferries", "merge", &[("into", &japan)]).await;
    assert!(
        merged.starts_with("Merged the section Ferries\nUndo\n"),
        "{merged}"
    );
    assert!(chat.say("/latest japan").contains("Ferries sail"));
    assert_eq!(desk.get("/s/ferries", "").await.status, 308);
    editor.does("/dashboard/undo", &[("deed", "1")]).await;
    assert!(!chat.say("/latest japan").contains("Ferries sail"));
    let renamed = editor
        .mended("ferries", "rename", &[("title", "Boats")])
        .await;
    assert!(renamed.contains("\nBoats\nferries "), "{renamed}");
    editor.does("/dashboard/undo", &[("deed", "2")]).await;
    let hidden = editor.mended("ferries", "hide", &[]).await;
    assert!(
        hidden.starts_with("Hid the section Ferries\nUndo\n"),
        "{hidden}"
    );
    assert_eq!(desk.get("/s/ferries", "").await.status, 410);
    let shown = editor.mended("ferries", "show", &[]).await;
    assert!(
        shown.starts_with("Showed the section Ferries again\n"),
        "{shown}"
    );
    assert_eq!(desk.get("/s/ferries", "").await.status, 200);
    editor.does("/dashboard/undo", &[("deed", "4")]).await;
    assert_eq!(desk.get("/s/ferries", "").await.status, 410);
    let twice = editor.post("/dashboard/undo", &[("deed", "4")]).await;
    assert_eq!(twice.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_configuration_says_is_refused() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    // Its page offers no form, so nothing was seen of it; whoever makes one up knows what it would say.
    let known = chat.app().store().blocking().read(|db| {
        let known = db.sections()?;
        let japan = known
            .iter()
            .find(|section| section.slug.as_str() == "japan");
        tidings::editing::sections::seen(db, japan.unwrap())
    });
    let japan = known.unwrap().to_string();
    for (deed, form) in [
        ("hide", ("x", "")),
        ("rename", ("title", "Nippon")),
        ("merge", ("into", "1")),
    ] {
        let refused = editor
            .mends(&format!("japan/{deed}"), &japan, &[form])
            .await;
        assert_eq!(refused.status, 409, "{deed}");
        assert!(
            refused.said().contains("stands in the configuration"),
            "{}",
            refused.said()
        );
    }
    let ferries = seen(&editor, "ferries").await;
    for path in ["nothing/hide", "ferries/eat", "ferries/merge"] {
        let page = editor.mends(path, &ferries, &[]).await;
        assert_eq!(page.status, 404, "{path}");
    }
    let taken = editor
        .mends("ferries/rename", &ferries, &[("title", "Japan")])
        .await;
    assert_eq!(taken.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_dont_overwrite_each_others_sections() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let one = desk.sign_in(&chat, &editor()).await;
    let other = desk.sign_in(&chat, &Person::Operator).await;
    // Both look at it at the same time.
    let seen_by_both = seen(&other, "ferries").await;
    one.mended("ferries", "rename", &[("title", "Boats")]).await;
    let late = other
        .mends("ferries/rename", &seen_by_both, &[("title", "Ships")])
        .await;
    assert_eq!(late.status, 409);
    insta::assert_snapshot!(late.said(), @"
    That wasn’t done
    It was changed meanwhile, so nothing was done. Look at it again.
    Renamed the section Ferries · telegram:77 · Fri 6 Nov 12:00
    What you wrote:
    Ships
    Back
    ");
    let japan = section(&chat, "japan").await;
    for (deed, form) in [("hide", None), ("merge", Some(("into", japan.as_str())))] {
        let path = format!("ferries/{deed}");
        let form = Vec::from_iter(form);
        let late = other.mends(&path, &seen_by_both, &form).await;
        assert_eq!(late.status, 409, "{deed}");
        // Without what was seen nothing is done at all.
        let path = format!("/dashboard/sections/{path}");
        assert_eq!(other.post(&path, &form).await.status, 404, "{deed}");
    }
    assert_eq!(desk.get("/s/ferries", "").await.status, 200);
    // What is part of it by now would go with it.
    let before = seen(&other, "ferries").await;
    let ferries = section(&chat, "ferries").await;
    one.mended("hanbit-is-b-funded-b-by", "merge", &[("into", &ferries)])
        .await;
    let late = other.mends("ferries/hide", &before, &[]).await;
    assert_eq!(late.status, 409);
    assert!(
        late.said().contains("Merged the section Hanbit"),
        "{}",
        late.said()
    );
    // What was undone is a change as well.
    let before = seen(&other, "ferries").await;
    one.does("/dashboard/undo", &[("deed", "2")]).await;
    let late = other.mends("ferries/hide", &before, &[]).await;
    assert_eq!(late.status, 409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_to_a_section_is_undone_on_its_page() {
    let chat = discovered();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    let japan = section(&chat, "japan").await;
    editor
        .mended("ferries", "rename", &[("title", "Boats")])
        .await;
    editor.mended("ferries", "merge", &[("into", &japan)]).await;
    editor.mended("hanbit-is-b-funded-b-by", "hide", &[]).await;
    // An editor sees no list of deeds, and comes back later.
    let sections = editor.sees("/dashboard/sections").await;
    insta::assert_snapshot!(sections, @"
    Sections
    Sections that the configuration names are changed there. Those that headings have made can be mended here.
    Hanbit is &lt;b&gt;funded&lt;/b&gt; by
    hanbit-is-b-funded-b-by discovered 1 item hidden
    Hid the section Hanbit is &lt;b&gt;funded&lt;/b&gt; by · telegram:77 · Fri 6 Nov 12:00
    UndoMend
    Make it part of
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Merge
    Title
    Rename
    Show
    US–North Korea relations
    us-nk configured 0 items
    Inter-Korean relations
    inter-korean configured 0 items
    Japan
    japan configured 2 items 5 Nov 2026 with ferries
    Merged the section Boats · telegram:77 · Fri 6 Nov 12:00
    Undo
    Other news
    more holds what no other section takes 0 items
    ");
    // A deed that another one stands on says so, and whose that is.
    let refused = editor.post("/dashboard/undo", &[("deed", "1")]).await;
    assert_eq!(refused.status, 409);
    insta::assert_snapshot!(refused.said(), @"
    That wasn’t done
    “ferries” is part of japan.
    Merged the section Boats · telegram:77 · Fri 6 Nov 12:00
    Back
    ");
    for deed in ["2", "1", "3"] {
        let undone = editor.does("/dashboard/undo", &[("deed", deed)]).await;
        assert!(undone.starts_with("Undone: "), "{undone}");
    }
    let sections = editor.sees("/dashboard/sections").await;
    assert!(!sections.contains("Undo"), "{sections}");
    let twice = editor.post("/dashboard/undo", &[("deed", "3")]).await;
    assert_eq!(twice.status, 409);
    insta::assert_snapshot!(twice.said(), @"
    That wasn’t done
    That has been undone already.
    Undone: Hid the section Hanbit is &lt;b&gt;funded&lt;/b&gt; by · telegram:77 · Fri 6 Nov 12:00
    Back
    ");
}
