//! A site's `robots.txt`.

use std::time::Duration;

use tidings::ingest::web::rules::Rules;
use tidings_core::bounds::ROBOTS_SIZE;

/// What is said to others before and behind.
const OTHERS: [&str; 2] = [
    "User-agent: otherbot\nDisallow: /\n\n",
    "\nAllow:\nUser-agent: otherbot\nDisallow: /\n",
];

/// The file itself.
pub(super) fn hold(bytes: &[u8]) {
    let rules = Rules::read(bytes);
    assert_eq!(rules, Rules::read(bytes));
    assert!(rules.delay <= Duration::from_secs(30), "{:?}", rules.delay);
    assert!(rules.size() <= 4 * ROBOTS_SIZE.most, "{}", rules.size());
    assert!(rules.allow("/robots.txt"));
    if bytes.len() < ROBOTS_SIZE.most / 2 {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let [before, behind] = OTHERS.map(str::as_bytes);
        let among_others = [before, text, behind].concat();
        assert_eq!(
            rules,
            Rules::read(&among_others),
            "others' rules are none of ours"
        );
    }
    // The paths that it speaks of, and some more.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(10_000)]);
    let named = text
        .lines()
        .take(20)
        .filter_map(|line| line.split_once(':'));
    let named = named
        .map(|(_, path)| path.trim())
        .filter(|path| path.starts_with('/'));
    for path in named.chain(["/", "/feed.xml", "/a/b?c=d"]) {
        let allowed = rules.allow(path);
        assert_eq!(allowed, rules.allow(path));
        // However its letters are spelt, it is the same path.
        let spelt: String = path
            .char_indices()
            .map(|(at, c)| match c {
                'a'..='z' if at % 2 == 1 => format!("%{:02x}", c as u32),
                c => c.to_string(),
            })
            .collect();
        if !path.contains('%') && path.is_ascii() {
            assert_eq!(allowed, rules.allow(&spelt), "{path} and {spelt}");
        }
    }
}
