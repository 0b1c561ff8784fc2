//! Sources that move: what redirects mean for where a source is asked for, and what they bring.

use jiff::SignedDuration;

use super::{config, feed, reader};
use crate::fakes::web::{Reply, Site};
use crate::harness::Chat;

fn paths(site: &Site) -> Vec<String> {
    site.asked().into_iter().map(|asked| asked.path).collect()
}

fn hours(chat: &mut Chat, hours: i64) -> String {
    chat.wait(SignedDuration::from_hours(hours));
    chat.load()
}

/// What `tidings status` says.
fn status(chat: &Chat, how: &[&str]) -> String {
    let mut command = chat.ground.command(&["status"]);
    let output = command.args(how).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_move_is_believed_after_three_days_and_taken_back_when_the_address_answers() {
    let site = Site::start();
    site.set("/old", feed(&[("1", "Squid counted")]));
    site.set("/new", feed(&[("1", "Squid counted")]));
    let mut chat = reader(&site, "kind = \"feed\"", "/old");
    site.set("/old", Reply::status(301).with("location", "/new"));
    for _ in 0..6 {
        hours(&mut chat, 12);
    }
    let said = chat.say("/status");
    assert!(
        said.contains(&format!(
            "{} leads to {}",
            site.url("/old"),
            site.url("/new")
        )),
        "{said}"
    );
    let (said, json) = (status(&chat, &[]), status(&chat, &["--json"]));
    let leads = format!("{} leads to {}", site.url("/old"), site.url("/new"));
    assert!(
        said.contains(&format!("    it is moving: {leads}")),
        "{said}"
    );
    let moved = format!(
        "\"moved\":{{\"from\":\"{}\",\"to\":\"{}\",\"since\":\"2",
        site.url("/old"),
        site.url("/new")
    );
    assert!(json.contains(&moved), "{json}");
    assert_eq!(paths(&site).len(), 1 + 6 * 2);
    hours(&mut chat, 12);
    let said = chat.say("/status");
    assert!(
        said.contains("has moved for good") && said.contains(&site.url("/new")),
        "{said}"
    );
    let (said, json) = (status(&chat, &[]), status(&chat, &["--json"]));
    assert!(
        said.contains(&format!("    it has moved for good: {leads}")),
        "{said}"
    );
    assert!(json.contains("\"since\":null"), "{json}");
    // From now on the new one, and once a day the old one.
    let before = paths(&site).len();
    hours(&mut chat, 2);
    assert_eq!(paths(&site)[before..], ["/new"]);
    hours(&mut chat, 23);
    assert_eq!(paths(&site)[before + 1..], ["/old", "/new"]);
    // Where it has moved may fail; then the old one is asked.
    site.set("/new", Reply::status(500));
    site.set("/old", feed(&[("2", "Boats lost"), ("1", "Squid counted")]));
    let said = hours(&mut chat, 2);
    assert!(said.contains("1 new"), "{said}");
    assert!(chat.posted().contains("Boats lost"));
    assert!(!chat.say("/status").contains("moved for good"));
}

#[test]
fn what_a_redirect_brings_is_read_once_it_is_the_sources() {
    let site = Site::start();
    let page =
        |items: &str| Reply::page(format!("<html><body><h2>Japan</h2>{items}</body></html>"));
    site.set(
        "/page",
        page("<h3><a href=\"/1\">Squid counted</a></h3><p>Many.</p>"),
    );
    let mut chat = reader(&site, "kind = \"page\"", "/page");
    site.set("/page", Reply::status(302).with("location", "/login"));
    site.set(
        "/login",
        page("<h3>Forgot your password?</h3><p>We send another one.</p>"),
    );
    for _ in 0..8 {
        let said = hours(&mut chat, 30);
        assert!(
            said.contains("/login, where nothing is known of this source"),
            "{said}"
        );
    }
    assert!(!chat.say("/status").contains("moved"));
    // Once it has something of the source's it is the source, even when that is gone.
    site.set("/login", page("<h3><a href=\"/2\">Boats lost</a></h3><p>Two.</p><h3><a href=\"/1\">Squid counted</a></h3><p>Many.</p>"));
    assert!(hours(&mut chat, 30).contains("1 new"));
    assert!(chat.posted().contains("Boats lost"));
    site.set(
        "/login",
        page("<h3><a href=\"/3\">Ferry sails</a></h3><p>At noon.</p>"),
    );
    assert!(hours(&mut chat, 30).contains("1 new"));
    assert!(chat.posted().contains("Ferry sails"));
    // At the very first fetch nobody knows better.
    let mut chat = Chat::with(&config(&format!(
        "kind = \"page\"\nurl = \"{}\"",
        site.url("/page")
    )));
    assert!(chat.load().contains("1 new"));
}
