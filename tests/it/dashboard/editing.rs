//! What editors do to items, and to what somebody else did meanwhile.

use tidings::sign_in::Person;

use super::{Desk, Visitor, config, editor};
use crate::archive::number_in;
use crate::harness::{Chat, channel, page};

/// Two sections with three items, one of them in a script of its own.
fn filed() -> Chat {
    let mut chat = Chat::with(&config(""));
    chat.drop_file(
        "2026-11-05.txt",
        page(
            "# US-NK Relations
             Door plate made | It is made of brass. Nobody knows why.
             # Japan
             Squid <b>counted</b> | All of them. READ MORE https://example.org/squid
             Octopus counted | Some of them.",
        ),
    );
    chat.load();
    chat
}

/// The value of a hidden field of a page.
async fn field(visitor: &Visitor<'_>, path: &str, name: &str) -> String {
    let page = visitor.get(path).await.text;
    let found = page.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let found = found.unwrap_or_else(|| panic!("no field {name}: {page}"));
    found.split('"').next().unwrap().to_owned()
}

struct Editing<'v> {
    visitor: &'v Visitor<'v>,
    path: String,
}

impl Editing<'_> {
    /// Does something to the item as it is seen now.
    async fn does(&self, deed: &str, form: &[(&str, &str)]) -> String {
        let seen = field(self.visitor, &self.path, "seen").await;
        let mut whole = vec![("seen", seen.as_str())];
        whole.extend(form);
        self.visitor
            .does(&format!("{}/{deed}", self.path), &whole)
            .await
    }

    /// The same where it is refused; why.
    async fn is_refused(&self, deed: &str, form: &[(&str, &str)]) -> String {
        let seen = field(self.visitor, &self.path, "seen").await;
        let mut whole = vec![("seen", seen.as_str())];
        whole.extend(form);
        let page = self
            .visitor
            .post(&format!("{}/{deed}", self.path), &whole)
            .await;
        assert_eq!(page.status, 409, "{}", page.text);
        page.said()
    }
}

/// The newest deed.
fn newest_deed(chat: &Chat) -> String {
    let deeds = chat.app().store().blocking().read(|db| db.deeds(None, 1));
    let deeds: Vec<_> = deeds.unwrap();
    deeds[0].id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn items_are_found() {
    let mut chat = filed();
    // Loaded later, and older.
    chat.drop_file("2026-11-04.txt", page("# Japan\nFerry sails | It is late."));
    chat.load();
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    insta::assert_snapshot!(editor.sees("/dashboard/items").await, @"
    Items
    Words, or a number
    Which
    that readers see
    that wait for editors
    that were withdrawn
    Search
    Door plate made
    #1 US–North Korea relations digests 5 Nov 2026
    Squid &lt;b&gt;counted&lt;/b&gt;
    #2 Japan digests 5 Nov 2026
    Octopus counted
    #3 Japan digests 5 Nov 2026
    Ferry sails
    #4 Japan digests 4 Nov 2026
    ");
    let behind = editor.sees("/dashboard/items?after=2").await;
    assert!(
        behind.contains("Octopus") && behind.contains("Ferry") && !behind.contains("Squid"),
        "{behind}"
    );
    let found = editor.sees("/dashboard/items?q=count%2A").await;
    assert!(
        found.contains("Squid") && !found.contains("Door"),
        "{found}"
    );
    let number = number_in(chat.app(), "Octopus counted");
    let found = editor
        .sees(&format!("/dashboard/items?q=%23{number}"))
        .await;
    assert!(
        found.contains("Octopus") && !found.contains("Squid"),
        "{found}"
    );
    for nothing in ["q=zebra", "list=withdrawn", "list=held&q=squid", "q=%22"] {
        let found = editor.sees(&format!("/dashboard/items?{nothing}")).await;
        assert_eq!(
            found.contains("There is no such item."),
            nothing != "q=%22",
            "{nothing}: {found}"
        );
    }
    let html = editor
        .get("/dashboard/items?q=%22%3E%3Cscript%3E")
        .await
        .text;
    assert!(!html.contains("<script") && !html.contains("<b>"), "{html}");
    for path in ["x", "0", "999", "-1"] {
        let page = editor.get(&format!("/dashboard/items/{path}")).await;
        assert_eq!(page.status, 404, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_corrected_and_that_undone() {
    let mut chat = filed();
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &editor()).await;
    let number = number_in(chat.app(), "Squid <b>counted</b>");
    let path = format!("/dashboard/items/{number}");
    let squid = Editing {
        visitor: &visitor,
        path: path.clone(),
    };
    insta::assert_snapshot!(visitor.sees(&path).await, @"
    Squid &lt;b&gt;counted&lt;/b&gt;
    #2 Japan digests 5 Nov 2026
    Correct
    Title
    Summary (an empty line between paragraphs)
    All of them.
    Link (empty: none)
    Correct
    Move
    Section
    US–North Korea relations
    Inter-Korean relations
    Japan
    Other news
    Move
    Withdraw
    Readers don’t see it any more, and where it was posted it is struck out.
    Withdraw
    Story
    Nothing else tells the same.
    Number of an item that tells the same
    Join
    ");
    let words = [
        ("title", "Squid <i>recounted</i>"),
        ("summary", "One paragraph.\r\n\r\nAnd another."),
        ("link", "https://example.org/squid/2"),
    ];
    let corrected = squid.does("correct", &words).await;
    assert!(
        corrected.starts_with("Corrected “Squid &lt;b&gt;counted&lt;/b&gt;”\nUndo\n"),
        "{corrected}"
    );
    let shown = chat.say(&format!("/read {number}"));
    assert!(
        shown.contains("Squid <i>recounted</i>") && shown.contains("And another."),
        "{shown}"
    );
    let html = visitor.get(&path).await.text;
    assert!(!html.contains("<i>") && !html.contains("<b>"), "{html}");
    for (title, link, why) in [
        ("", "", "a letter or a digit"),
        (" ?! ", "", "a letter or a digit"),
        ("Squid", "javascript:alert(1)", "address"),
    ] {
        let refused = squid
            .is_refused("correct", &[("title", title), ("link", link)])
            .await;
        assert!(refused.contains(why), "{refused}");
    }
    let undone = visitor
        .does("/dashboard/undo", &[("deed", &newest_deed(&chat))])
        .await;
    assert!(undone.starts_with("Undone: Corrected “Squid"), "{undone}");
    let shown = chat.say(&format!("/read {number}"));
    assert!(
        shown.contains("Squid <b>counted</b>") && shown.contains("https://example.org/squid\n"),
        "{shown}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_item_is_moved_withdrawn_and_restored() {
    let mut chat = filed();
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &editor()).await;
    let number = number_in(chat.app(), "Octopus counted");
    let path = format!("/dashboard/items/{number}");
    let octopus = Editing {
        visitor: &visitor,
        path: path.clone(),
    };
    let catalogue = chat.app().catalogues().current().await.unwrap();
    let us = catalogue.by_slug("us-nk").unwrap().id.to_string();
    let moved = octopus.does("move", &[("section", &us)]).await;
    assert!(
        moved.starts_with("Moved “Octopus counted”\nUndo\n"),
        "{moved}"
    );
    assert!(chat.say("/latest us-nk").contains("Octopus counted"));
    visitor
        .does("/dashboard/undo", &[("deed", &newest_deed(&chat))])
        .await;
    assert!(!chat.say("/latest us-nk").contains("Octopus counted"));
    let withdrawn = octopus.does("withdraw", &[]).await;
    assert!(
        withdrawn.starts_with("Withdrew “Octopus counted”\nUndo\n"),
        "{withdrawn}"
    );
    assert!(!chat.say("/latest japan").contains("Octopus counted"));
    assert_eq!(desk.get(&format!("/i/{number}"), "").await.status, 410);
    let listed = visitor
        .sees("/dashboard/items?list=withdrawn&q=octopus")
        .await;
    assert!(listed.contains("Octopus counted"), "{listed}");
    insta::assert_snapshot!(visitor.sees(&path).await, @"
    Octopus counted
    #3 Japan digests 5 Nov 2026
    This was withdrawn; readers don’t see it.
    Withdrew “Octopus counted” · telegram:77 · Fri 6 Nov 12:00
    Undo
    Restore
    Story
    Nothing else tells the same.
    ");
    let restored = octopus.does("restore", &[]).await;
    assert!(
        restored.starts_with("Restored “Octopus counted”\n"),
        "{restored}"
    );
    assert_eq!(desk.get(&format!("/i/{number}"), "").await.status, 200);
    // What is undone of a restoration is a withdrawal.
    visitor
        .does("/dashboard/undo", &[("deed", &newest_deed(&chat))])
        .await;
    assert_eq!(desk.get(&format!("/i/{number}"), "").await.status, 410);
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_are_joined_and_split() {
    let chat = filed();
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &editor()).await;
    let (squid, octopus) = (
        number_in(chat.app(), "Squid <b>counted</b>"),
        number_in(chat.app(), "Octopus counted"),
    );
    let octopus = Editing {
        visitor: &visitor,
        path: format!("/dashboard/items/{octopus}"),
    };
    let joined = octopus
        .does("join", &[("other", &format!("#{squid}"))])
        .await;
    assert!(
        joined.starts_with("Joined “Octopus counted” to a story\nUndo\n"),
        "{joined}"
    );
    assert!(
        joined.contains("Squid &lt;b&gt;counted&lt;/b&gt; (leads)"),
        "{joined}"
    );
    let again = octopus
        .is_refused("join", &[("other", &squid.to_string())])
        .await;
    assert!(again.contains("one story"), "{again}");
    let split = octopus.does("split", &[]).await;
    assert!(split.contains("Nothing else tells the same."), "{split}");
    let undone = visitor
        .does("/dashboard/undo", &[("deed", &newest_deed(&chat))])
        .await;
    assert!(undone.contains("(leads)"), "{undone}");
    for (wrong, why) in [
        ("", "The number is missing."),
        ("x", "“x” isn’t an item’s number."),
        ("0", "no item of that number"),
        ("999", "no item of that number"),
    ] {
        let refused = octopus.is_refused("join", &[("other", wrong)]).await;
        assert!(refused.starts_with("That wasn’t done\n"), "{refused}");
        assert!(refused.contains(why), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_editors_dont_overwrite_each_other() {
    let chat = filed();
    let desk = Desk::of(&chat).await;
    let one = desk.sign_in(&chat, &editor()).await;
    let other = desk.sign_in(&chat, &Person::Operator).await;
    let path = format!(
        "/dashboard/items/{}",
        number_in(chat.app(), "Octopus counted")
    );
    // Both look at it at the same time.
    let seen = field(&other, &path, "seen").await;
    let octopus = Editing {
        visitor: &one,
        path: path.clone(),
    };
    octopus
        .does(
            "correct",
            &[("title", "Octopus recounted"), ("summary", "Some of them.")],
        )
        .await;
    let words = [
        ("seen", seen.as_str()),
        ("title", "Octopuses counted"),
        ("summary", "Mine."),
    ];
    let overtaken = other.post(&format!("{path}/correct"), &words).await;
    assert_eq!(overtaken.status, 409);
    insta::assert_snapshot!(overtaken.said(), @"
    That wasn’t done
    It was changed meanwhile, so nothing was done. Look at it again.
    Corrected “Octopus counted” · telegram:77 · Fri 6 Nov 12:00
    What you wrote:
    Octopuses counted
    Mine.
    Back
    ");
    // Without what was seen nothing is done at all.
    let blind = other.post(&format!("{path}/withdraw"), &[]).await;
    assert_eq!(blind.status, 404);
    // Nor does one undo what another has changed since.
    let first = newest_deed(&chat);
    let seen = field(&other, &path, "seen").await;
    other
        .does(
            &format!("{path}/correct"),
            &[
                ("seen", &seen),
                ("title", "Octopuses counted"),
                ("summary", "Some of them."),
            ],
        )
        .await;
    let undo = one.post("/dashboard/undo", &[("deed", &first)]).await;
    assert_eq!(undo.status, 409);
    insta::assert_snapshot!(undo.said(), @"
    That wasn’t done
    It was changed meanwhile, so nothing was done. Look at it again.
    Corrected “Octopus recounted” · the operator · Fri 6 Nov 12:00
    Back
    ");
    let shown = one.sees(&path).await;
    assert!(shown.starts_with("Octopuses counted\n"), "{shown}");
    // The list says whose each was.
    let deeds = other.sees("/dashboard/deeds").await;
    assert!(
        deeds.contains("telegram:77") && deeds.contains("the operator"),
        "{deeds}"
    );
    // Whoever has said in chat what they are called is called so, in the list and to themselves.
    let store = chat.app().store();
    let named = store.write(|db| db.name_editor("telegram:77", "Fay <Lee>"));
    named.await.unwrap();
    let deeds = other.get("/dashboard/deeds").await.text;
    assert!(deeds.contains(">Fay &lt;Lee&gt; (telegram:77)<"), "{deeds}");
    let (now, private) = (chat.app().now(), channel("telegram:77"));
    let noted = store.write(|db| db.channel_or_new(&private, now));
    noted.await.unwrap();
    let channels = other.sees("/dashboard/channels").await;
    assert!(
        channels.contains("Fay &lt;Lee&gt; (telegram:77)"),
        "{channels}"
    );
    let page = one.get("/dashboard").await.text;
    assert!(
        page.contains("Fay &lt;Lee&gt;") && !page.contains("telegram:77"),
        "{page}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_too_late_is_told_what_has_changed() {
    let mut chat = filed();
    let desk = Desk::of(&chat).await;
    let one = desk.sign_in(&chat, &editor()).await;
    let other = desk.sign_in(&chat, &Person::Operator).await;
    let (squid, octopus) = (
        number_in(chat.app(), "Squid <b>counted</b>"),
        number_in(chat.app(), "Octopus counted"),
    );
    let path = format!("/dashboard/items/{octopus}");
    let words = [("title", "Mine"), ("summary", "Some of them.")];
    let late = async |seen: &str| {
        let mut whole = vec![("seen", seen)];
        whole.extend(words);
        let late = other.post(&format!("{path}/correct"), &whole).await;
        assert_eq!(late.status, 409);
        late.said().lines().nth(2).unwrap().to_owned()
    };
    // Something that was undone.
    let by_one = Editing {
        visitor: &one,
        path: path.clone(),
    };
    by_one.does("withdraw", &[]).await;
    let seen = field(&other, &path, "seen").await;
    one.does("/dashboard/undo", &[("deed", "1")]).await;
    insta::assert_snapshot!(late(&seen).await, @"Undone: Withdrew “Octopus counted” · telegram:77 · Fri 6 Nov 12:00");
    // Something that its source did.
    let seen = field(&other, &path, "seen").await;
    chat.at("2026-11-06T13:00[UTC]");
    chat.drop_file(
        "2026-11-05.txt",
        page(
            "# US-NK Relations
             Door plate made | It is made of brass. Nobody knows why.
             # Japan
             Squid <b>counted</b> | All of them. READ MORE https://example.org/squid
             Octopus counted | All of them but one.",
        ),
    );
    chat.load();
    insta::assert_snapshot!(late(&seen).await, @"Its source has changed it · Fri 6 Nov 13:00");
    // What somebody did to another item of its story.
    let seen = field(&one, &path, "seen").await;
    let number = squid.to_string();
    let joining = [("seen", seen.as_str()), ("other", number.as_str())];
    one.does(&format!("{path}/join"), &joining).await;
    let by_other = Editing {
        visitor: &other,
        path: format!("/dashboard/items/{squid}"),
    };
    by_other.does("split", &[]).await;
    let refused = one.post("/dashboard/undo", &[("deed", "2")]).await;
    assert_eq!(refused.status, 409);
    insta::assert_snapshot!(refused.said(), @"
    That wasn’t done
    It was changed meanwhile, so nothing was done. Look at it again.
    Split “Squid &lt;b&gt;counted&lt;/b&gt;” from its story · the operator · Fri 6 Nov 13:00
    Back
    ");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_of_what_was_withdrawn_goes_on() {
    /// More than a page looks through.
    const MANY: usize = 5_400;
    let chat = filed();
    let octopus = number_in(chat.app(), "Octopus counted");
    chat.ground.execute(&format!(
        "INSERT INTO items (section_id, source_id, document_id, position, rank, title, summary, title_key, seen_at, removed)
             WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {MANY})
             SELECT section_id, source_id, document_id, 0, -x, 'Walrus ' || x, '', 0, seen_at, 1
             FROM n CROSS JOIN (SELECT * FROM items WHERE id = 1) AS first"
    ));
    chat.ground.execute(&format!(
        "UPDATE items SET removed = 1 WHERE id = {octopus}"
    ));
    let desk = Desk::of(&chat).await;
    let editor = desk.sign_in(&chat, &editor()).await;
    let page = editor
        .get("/dashboard/items?list=withdrawn&q=octopus")
        .await;
    assert!(
        page.said().contains("5000 items were looked through"),
        "{}",
        page.said()
    );
    let next = page
        .links()
        .into_iter()
        .find(|link| link.contains("after="));
    let next = next.unwrap().replace("&amp;", "&");
    let rest = editor.get(&next).await;
    assert!(rest.said().contains("Octopus counted"), "{}", rest.said());
    assert!(!rest.text.contains("rel=\"next\""));
    assert!(!rest.said().contains("looked through"), "{}", rest.said());
    // Where more is found than a page holds, nothing is left out either.
    let mut found = 0;
    let mut next = Some("/dashboard/items?list=withdrawn&q=walrus+1".to_owned());
    while let Some(path) = next {
        let page = editor.get(&path).await;
        found += page.said().matches("Walrus 1").count();
        let link = page
            .links()
            .into_iter()
            .find(|link| link.contains("after="));
        next = link.map(|link| link.replace("&amp;", "&"));
    }
    let expected = (1..=MANY).filter(|number| number.to_string().contains('1'));
    let beginning = expected
        .clone()
        .filter(|number| number.to_string().starts_with('1'));
    assert!(
        found >= beginning.count() && found <= expected.count(),
        "{found}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_done_and_undone_makes_pages_newer() {
    let mut chat = filed();
    let desk = Desk::of(&chat).await;
    let visitor = desk.sign_in(&chat, &editor()).await;
    let path = format!("/i/{}", number_in(chat.app(), "Door plate made"));
    let octopus = number_in(chat.app(), "Octopus counted");
    let octopus = Editing {
        visitor: &visitor,
        path: format!("/dashboard/items/{octopus}"),
    };
    let modified = async || desk.get(&path, "").await.header("last-modified").to_owned();
    assert_eq!(modified().await, "Fri, 06 Nov 2026 12:00:00 GMT");
    chat.at("2026-11-06T13:00[UTC]");
    octopus.does("withdraw", &[]).await;
    assert_eq!(modified().await, "Fri, 06 Nov 2026 13:00:00 GMT");
    chat.at("2026-11-06T14:00[UTC]");
    visitor.does("/dashboard/undo", &[("deed", "1")]).await;
    assert_eq!(modified().await, "Fri, 06 Nov 2026 14:00:00 GMT");
    // A store that hasn't noted it yet tells the same.
    chat.ground
        .execute("DELETE FROM facts WHERE name = 'deeds_changed_at'");
    assert_eq!(modified().await, "Fri, 06 Nov 2026 14:00:00 GMT");
}
