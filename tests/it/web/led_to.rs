//! What an index leads to and the pages behind a page, where they fail: asked for again, told, and no news of what stood
//! there at first.

use jiff::SignedDuration;

use super::{config, later, reader};
use crate::fakes::web::{Reply, Site};
use crate::ground::Ground;
use crate::harness::Chat;
use crate::postgres::shared;

const INDEX: &str = "kind = \"page\"\nfollow = \"h2.t\"";

fn page(body: &str) -> Reply {
    Reply::page(format!("<html><body>{body}</body></html>"))
}

fn index(links: &[&str]) -> Reply {
    let link = |link: &&str| format!("<h2 class=\"t\"><a href=\"{link}\">Weekly</a></h2>");
    page(&links.iter().map(link).collect::<String>())
}

fn item(title: &str) -> String {
    format!("<h3>{title}</h3><p>There is something to say of it.</p>")
}

fn digest(title: &str) -> Reply {
    digest_and(title, "")
}

fn digest_and(title: &str, more: &str) -> Reply {
    let item = item(title);
    page(&format!("<article><h2>Japan</h2>{item}</article>{more}"))
}

fn sorry() -> Reply {
    page("<h1>Checking your browser</h1>")
}

/// Lets what has failed several times come again.
fn much_later(chat: &mut Chat) -> String {
    chat.wait(SignedDuration::from_hours(30));
    chat.load()
}

/// Asserts that of all that is read nothing is asked for again but the index.
#[track_caller]
fn rests(site: &Site, chat: &mut Chat) {
    let before = site.asked().len();
    later(chat);
    assert_eq!(paths_since(site, before), ["/"]);
}

fn paths_since(site: &Site, before: usize) -> Vec<String> {
    let asked = site.asked().into_iter().skip(before);
    asked.map(|asked| asked.path).collect()
}

#[test]
fn an_index_that_leads_nowhere_at_first_is_no_first_pass() {
    let site = Site::start();
    site.set("/", page("<h1>Maintenance</h1><p>Back soon.</p>"));
    let mut chat = reader(&site, INDEX, "/");
    assert!(
        chat.say("/status")
            .contains("has never been loaded: the selector"),
        "{}",
        chat.say("/status")
    );
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    site.set("/", index(&["/weekly-november-6-2026"]));
    assert_eq!(
        much_later(&mut chat),
        "web: 1 new, 0 updated, 0 unchanged, 0 pushed"
    );
    assert_eq!(chat.posted(), "");
    site.set("/weekly-november-13-2026", digest("Boats lost"));
    site.set(
        "/",
        index(&["/weekly-november-13-2026", "/weekly-november-6-2026"]),
    );
    assert!(much_later(&mut chat).contains("1 pushed"));
    assert!(chat.posted().contains("Boats lost"));
}

#[test]
fn what_stood_on_a_page_that_failed_at_first_is_no_news_when_it_comes() {
    let site = Site::start();
    let on = |page: &str| format!("<a rel=\"next\" href=\"{page}\">Older</a>");
    site.set(
        "/weekly",
        digest_and("Squid counted", &on("/weekly/page/2/")),
    );
    site.set("/weekly/page/2/", Reply::status(500));
    site.set("/weekly/page/3/", digest("Ferry sails"));
    let mut chat = reader(&site, "kind = \"page\"", "/weekly");
    site.set(
        "/weekly/page/2/",
        digest_and("Boats lost", &on("/weekly/page/3/")),
    );
    assert_eq!(
        later(&mut chat),
        "web: 2 new, 0 updated, 1 unchanged, 0 pushed"
    );
    // What comes there from now on is some.
    site.set(
        "/weekly/page/2/",
        page(&format!(
            "<article><h2>Japan</h2>{}{}</article>",
            item("Mayor votes"),
            item("Boats lost")
        )),
    );
    assert!(later(&mut chat).contains("1 pushed"));
    assert!(chat.posted().contains("Mayor votes"));
}

#[test]
fn what_an_index_page_that_failed_at_first_leads_to_is_no_news() {
    let site = Site::start();
    let older = "<a rel=\"next\" href=\"/page/2/\">Older</a>";
    let mut first = index(&["/weekly-november-6-2026"]);
    first.body.extend(older.as_bytes());
    site.set("/", first.clone());
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    site.set("/page/2/", Reply::status(500));
    let mut chat = reader(&site, INDEX, "/");
    let said = later(&mut chat);
    assert!(said.contains("/page/2/: the server answers 500"), "{said}");
    site.set("/page/2/", index(&["/weekly-october-30-2026"]));
    site.set("/weekly-october-30-2026", digest("Boats lost"));
    assert_eq!(
        later(&mut chat),
        "web: 1 new, 0 updated, 0 unchanged, 0 pushed"
    );
    assert!(chat.say("/status").contains("is well"));
    rests(&site, &mut chat);
}

#[test]
fn a_digest_that_failed_is_asked_for_until_it_can_be_read() {
    for failure in [sorry(), Reply::status(500), Reply::status(404)] {
        let site = Site::start();
        site.set("/", index(&["/weekly-november-6-2026"]));
        site.set("/weekly-november-6-2026", digest("Squid counted"));
        let mut chat = reader(&site, INDEX, "/");
        site.set(
            "/",
            index(&["/weekly-november-13-2026", "/weekly-november-6-2026"]),
        );
        site.set("/weekly-november-13-2026", failure);
        for _ in 0..3 {
            let said = later(&mut chat);
            assert!(said.contains("/weekly-november-13-2026"), "{said}");
            assert!(chat.say("/status").contains("1 document can’t be read"));
        }
        let before = site.asked().len();
        site.set("/weekly-november-13-2026", digest("Boats lost"));
        assert_eq!(
            later(&mut chat),
            "web: 1 new, 0 updated, 0 unchanged, 1 pushed"
        );
        assert_eq!(
            paths_since(&site, before),
            ["/", "/weekly-november-13-2026"]
        );
        assert!(chat.posted().contains("Boats lost"));
        assert!(chat.say("/status").contains("is well"));
        rests(&site, &mut chat);
    }
}

#[test]
fn so_it_is_on_a_server() {
    let Some(server) = shared() else { return };
    let site = Site::start();
    site.set("/", index(&["/weekly-november-6-2026"]));
    let source = format!("{INDEX}\nurl = \"{}\"", site.url("/"));
    let mut chat = Chat::on(Ground::on(server), &config(&source));
    for _ in 0..2 {
        let said = later(&mut chat);
        assert!(said.contains("the server answers 404"), "{said}");
        assert!(chat.say("/status").contains("1 document can’t be read"));
    }
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    assert!(later(&mut chat).contains("1 new"));
    assert!(chat.say("/status").contains("is well"));
}

#[test]
fn a_digest_comes_whole_though_a_further_page_of_it_failed() {
    for failure in [sorry(), Reply::status(503)] {
        let site = Site::start();
        site.set("/", index(&["/weekly-november-6-2026"]));
        site.set("/weekly-november-6-2026", digest("Squid counted"));
        let mut chat = reader(&site, INDEX, "/");
        site.set(
            "/",
            index(&["/weekly-november-13-2026", "/weekly-november-6-2026"]),
        );
        let on = "<a rel=\"next\" href=\"/weekly-november-13-2026/page/2/\">2</a>";
        site.set("/weekly-november-13-2026", digest_and("Boats lost", on));
        site.set("/weekly-november-13-2026/page/2/", failure);
        assert!(later(&mut chat).contains("1 pushed"));
        assert!(chat.posted().contains("Boats lost"));
        let said = chat.say("/status");
        assert!(
            said.contains("its further page") && said.contains("1 document can’t"),
            "{said}"
        );
        site.set("/weekly-november-13-2026/page/2/", digest("Ferry sails"));
        assert_eq!(
            later(&mut chat),
            "web: 1 new, 0 updated, 1 unchanged, 1 pushed"
        );
        assert!(chat.posted().contains("Ferry sails"));
        assert!(chat.say("/status").contains("is well"));
    }
}

#[test]
fn what_an_index_doesnt_lead_to_any_more_is_no_trouble() {
    let site = Site::start();
    site.set("/", index(&["/weekly-november-6-2026", "/about"]));
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    let mut chat = reader(&site, INDEX, "/");
    assert!(
        chat.say("/status")
            .contains("/about: the server answers 404")
    );
    site.set("/", index(&["/weekly-november-6-2026"]));
    later(&mut chat);
    assert!(chat.say("/status").contains("is well"));
}

#[test]
fn a_busy_server_isnt_asked_for_the_rest_and_has_its_pause() {
    let site = Site::start();
    site.set("/", index(&["/one", "/two", "/three"]));
    site.set("/one", Reply::status(429).with("retry-after", "7200"));
    site.set("/two", digest("Squid counted"));
    site.set("/three", digest("Boats lost"));
    let mut chat = reader(&site, INDEX, "/");
    assert_eq!(paths_since(&site, 0), ["/", "/one"]);
    chat.wait(SignedDuration::from_mins(110));
    chat.load();
    assert_eq!(site.asked().len(), 2);
    chat.wait(SignedDuration::from_mins(30));
    // It may be busy with that one alone: the others come first. They stood there at first.
    assert!(
        chat.load()
            .contains("2 new, 0 updated, 0 unchanged, 0 pushed")
    );
    assert_eq!(paths_since(&site, 2), ["/", "/two", "/three", "/one"]);
}

#[test]
fn the_operator_is_told_of_an_index_and_of_digests_that_fail() {
    let site = Site::start();
    site.set("/", index(&["/weekly-november-6-2026"]));
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    let source = format!("{INDEX}\nurl = \"{}\"", site.url("/"));
    let told = "[operator]\nnotify = \"console:local\"\n";
    let mut chat = Chat::with(&format!("{}{told}", config(&source)));
    chat.load();
    site.set("/", index(&["/weekly-november-13-2026"]));
    later(&mut chat);
    assert_eq!(chat.keep_up(None), "");
    chat.wait(SignedDuration::from_hours(7));
    chat.load();
    let said = chat.keep_up(None);
    assert!(
        said.contains("1 document hasn’t been readable for a while")
            && said.contains("/weekly-november-13-2026: the server answers 404"),
        "{said}"
    );
    site.set("/weekly-november-13-2026", digest("Boats lost"));
    later(&mut chat);
    assert!(chat.keep_up(None).contains("Over: Source web"));
    // An index without a link.
    site.set("/", page("<h1>Maintenance</h1>"));
    later(&mut chat);
    let said = chat.say("/status");
    assert!(said.contains("finds no link in the page"), "{said}");
    much_later(&mut chat);
    let said = chat.keep_up(None);
    assert!(
        said.contains("Source web hasn’t been readable for a while: the selector"),
        "{said}"
    );
}

#[test]
fn digests_that_differ_in_a_key_alone_are_different_and_their_keys_stay_secret() {
    for name in ["key", "article_key", "token", "auth", "sig"] {
        let site = Site::start();
        let links = [101, 102, 103].map(|at| format!("/view?{name}={at}"));
        let named: Vec<&str> = links.iter().map(String::as_str).collect();
        site.set(&links[0], digest("Squid counted"));
        site.set(&links[1], digest("Boats lost"));
        site.set(&links[2], sorry());
        site.set("/", index(&named));
        let mut chat = reader(&site, INDEX, "/");
        let latest = chat.say("/latest japan");
        assert!(
            latest.contains("Squid counted") && latest.contains("Boats lost"),
            "{latest}"
        );
        let said = chat.say("/status") + &later(&mut chat);
        assert!(
            said.contains(&format!("/view?{name}=...")) && !said.contains("103"),
            "{said}"
        );
        site.set(&links[2], digest("Ferry sails"));
        assert!(later(&mut chat).contains("1 new"));
        rests(&site, &mut chat);
    }
}

#[test]
fn who_asks_to_sign_in_is_no_digest() {
    let site = Site::start();
    site.set("/", index(&["/weekly-november-6-2026"]));
    let older = "<a rel=\"next\" href=\"/older\">Older</a>";
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    site.set(
        "/login",
        page("<h2><a href=\"/signup\">Sign up here for free</a></h2><p>Log in.</p>"),
    );
    let mut chat = reader(&site, INDEX, "/");
    site.set(
        "/",
        index(&["/weekly-november-13-2026", "/weekly-november-6-2026"]),
    );
    let login = || Reply::status(302).with("location", "/login");
    site.set("/weekly-november-13-2026", login());
    let said = later(&mut chat);
    assert!(
        said.contains("/login, where nothing is known of this source"),
        "{said}"
    );
    assert_eq!(chat.posted(), "");
    site.set("/weekly-november-13-2026", digest_and("Boats lost", older));
    // Neither is it a further page.
    site.set("/older", login());
    let said = later(&mut chat);
    assert!(
        said.contains("1 pushed") && said.contains("its further page"),
        "{said}"
    );
    assert!(!chat.posted().contains("Sign up"));
    site.set("/older", digest("Ferry sails"));
    assert!(later(&mut chat).contains("1 pushed"));
    assert!(chat.posted().contains("Ferry sails"));
}

#[test]
fn a_redirect_leads_to_a_digest_that_is_headed_like_its_link() {
    let site = Site::start();
    site.set("/", index(&["/weekly-november-6-2026"]));
    site.set("/weekly-november-6-2026", digest("Squid counted"));
    let mut chat = reader(&site, INDEX, "/");
    let link = "<h2 class=\"t\"><a href=\"/short\">Weekly of the <b>13th November</b></a></h2>";
    site.set("/", page(link));
    site.set("/short", Reply::status(302).with("location", "/long"));
    site.set(
        "/long",
        digest_and("Boats lost", "<h1>Weekly of the 13th November, 2026</h1>"),
    );
    let said = later(&mut chat);
    assert!(said.contains("1 pushed"), "{said}");
    assert!(chat.posted().contains("Boats lost"));
}
