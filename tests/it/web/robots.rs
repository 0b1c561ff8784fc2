//! What `robots.txt` says, as RFC 9309 has it, and what is kept of it.

use std::time::Duration;

use tidings::ingest::web::rules::Rules;

use super::later;
use crate::fakes::web::{Reply, Site};
use crate::harness::{CONFIG, Chat};

fn allow(robots: &str, path: &str) -> bool {
    Rules::read(robots.as_bytes()).allow(path)
}

#[test]
fn the_longest_rule_of_our_group_counts() {
    let robots = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUSER-AGENT: Tidings/1.0 # us\n\
                  Disallow: /private # not for us\nAllow: /private/digest$\nDisallow: /*.pdf\nallow:\nDisallow:\n\
                  Crawl-delay: 2.5\n\nUser-agent: else\nDisallow: /weekly\n\nUser-agent: tidings\nDisallow: /late\n";
    for (path, is_allowed) in [
        ("/", true),
        ("/weekly", true),
        ("/private", false),
        ("/private/x", false),
        ("/private/digest", true),
        ("/private/digest/2", false),
        ("/a/b.pdf?x=1", false),
        ("/late/1", false),
        ("/robots.txt", true),
    ] {
        assert_eq!(allow(robots, path), is_allowed, "{path}");
    }
    assert_eq!(
        Rules::read(robots.as_bytes()).delay,
        Duration::from_millis(2_500)
    );
    assert!(!allow("User-agent: *\rDisallow: /a", "/a"));
    assert!(allow("Disallow: /\nUser-agent: x\nDisallow: /", "/a"));
    assert!(allow("<html>User-agent: *</html>", "/a"));
    assert!(allow(
        "User-agent: *\nDisallow: /\nUser-agent: tidings\n",
        "/a"
    ));
    assert!(allow("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a"));
}

#[test]
fn a_path_is_compared_however_it_is_spelt() {
    for (pattern, path) in [
        ("/%7ekim", "/~kim"),
        ("/뉴스", "/%EB%89%B4%EC%8A%A4/1"),
        ("/a%2fb", "/a%2Fb"),
        ("*/x*y*$", "/a/x1y2"),
        ("/a*", "/ab"),
        ("/100%", "/100%"),
    ] {
        let robots = format!("User-agent: *\nDisallow: {pattern}\n");
        assert!(!allow(&robots, path), "{pattern} {path}");
    }
    assert!(allow("User-agent: *\nDisallow: /a*b$\n", "/a/bc"));
}

#[test]
fn a_long_one_is_read_and_little_of_it_kept() {
    let others: String = (0..12_000)
        .map(|at| format!("User-agent: bot{at}\nDisallow: /{at}/*/x\n"))
        .collect();
    let robots = format!("{others}User-agent: *\nDisallow: /weekly\n");
    assert!((400_000..500_000).contains(&robots.len()));
    let rules = Rules::read(robots.as_bytes());
    assert!(!rules.allow("/weekly") && rules.allow("/1/2/x"));
    assert!(rules.size() < 100);
    // Stars without end are looked for once each.
    let stars = format!("User-agent: *\nDisallow: /{}b\n", "*a".repeat(200_000));
    assert!(Rules::read(stars.as_bytes()).allow(&format!("/{}", "a".repeat(8_000))));
}

#[test]
fn so_much_is_kept_of_all_sites_and_no_more() {
    const SITES: usize = 18;
    let asked = |rules: &str| -> usize {
        let sites: Vec<Site> = (0..SITES).map(|_| Site::start()).collect();
        let (head, _) = CONFIG.split_once("[[source]]").unwrap();
        let mut config = format!("[fetch]\nhost_pause = \"0s\"\n{head}");
        for (at, site) in sites.iter().enumerate() {
            site.set(
                "/robots.txt",
                Reply::page(format!("User-agent: *\n{rules}")),
            );
            site.set(
                "/",
                Reply::page("<html><body><h3>Squid</h3><p>Counted.</p>"),
            );
            config.push_str(&format!(
                "[[source]]\nname = \"s{at}\"\nkind = \"page\"\nurl = \"{}\"\nallow_private = [\"127.0.0.1\"]\n",
                site.url("/")
            ));
        }
        let mut chat = Chat::with(&config);
        chat.load();
        later(&mut chat);
        sites.iter().map(Site::robots_asked).sum()
    };
    assert_eq!(asked("Disallow: /private\n"), SITES);
    // Eighteen times half a megabyte isn't kept: some are asked anew.
    let long = format!("Disallow: /{}\n", "x".repeat(4_000)).repeat(130);
    assert!(asked(&long) > SITES);
}
