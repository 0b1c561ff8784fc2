//! Which addresses are of the public internet: the others are nobody's business but their owners'.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use crate::addresses::clean_link;

/// Names without public addresses (<https://www.iana.org/assignments/special-use-domain-names>, and ICANN's `internal`).
const NOT_PUBLIC: &[&str] = &[
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "test",
    "invalid",
    "example",
    "onion",
    "alt",
];

/// Whether an address is of the public internet. What isn't: loopback, private, link-local (where clouds keep their
/// metadata), shared, multicast, documentation, benchmarking, reserved and unspecified ones
/// (<https://www.iana.org/assignments/iana-ipv4-special-registry>, `…ipv6-special-registry`).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_loopback()
        || address.is_private()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_broadcast()
        || address.is_documentation()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(v4) = embedded_v4(address) {
        return is_public_v4(v4);
    }
    let first = address.segments()[0];
    // 2000::/3 is all of global unicast; in it, 2001:db8::/32 and 3fff::/20 are for documentation, 2001::/23 for
    // protocols.
    (0x2000..0x4000).contains(&first)
        && !(first == 0x2001 && address.segments()[1] == 0xdb8)
        && !(first == 0x2001 && address.segments()[1] < 0x200)
        && !(first == 0x3fff && address.segments()[1] < 0x1000)
}

/// The address of the older kind that one of the newer kind stands for: mapped, compatible, NAT64, 6to4.
fn embedded_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = address.segments();
    let last = Ipv4Addr::from((u32::from(s[6]) << 16) | u32::from(s[7]));
    match s {
        [0, 0, 0, 0, 0, 0xffff, ..] | [0x64, 0xff9b, 0, 0, 0, 0, ..] => Some(last),
        [0, 0, 0, 0, 0, 0, high, _] if high > 0 => Some(last),
        [0x2002, a, b, ..] => Some(Ipv4Addr::from((u32::from(a) << 16) | u32::from(b))),
        _ => None,
    }
}

/// A link as it is kept, if it leads to the public internet as far as it says so itself: nobody looks its name up. One that
/// holds a name or a password leads nowhere that others should be led to.
pub fn public_link(href: &str) -> Option<String> {
    let link = clean_link(None, href)?;
    let url = Url::parse(&link).ok()?;
    let is_led_on = match url.host()? {
        Host::Ipv4(address) => is_public(address.into()),
        Host::Ipv6(address) => is_public(address.into()),
        Host::Domain(name) => is_public_name(name),
    };
    (is_led_on && url.username().is_empty() && url.password().is_none()).then_some(link)
}

fn is_public_name(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    let is_within = |of: &&str| {
        let before = name.strip_suffix(*of);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    };
    name.contains('.') && !NOT_PUBLIC.iter().any(is_within)
}

/// The first http or https link in a text, with what stands before and behind it.
pub fn first_link(text: &str) -> Option<(&str, &str, &str)> {
    let folded = text.to_ascii_lowercase();
    let begins = ["http://", "https://"];
    let start = begins.iter().filter_map(|scheme| folded.find(scheme));
    let start = start.min()?;
    let rest = &text[start..];
    let is_end =
        |c: char| c.is_whitespace() || c.is_control() || "<>\"“”«»「」『』`|\\".contains(c);
    let mut open = [0usize; 2];
    let end = rest.char_indices().find(|(_, c)| {
        let (kind, opens) = match c {
            '(' => (0, true),
            ')' => (0, false),
            '[' => (1, true),
            ']' => (1, false),
            c => return is_end(*c),
        };
        if opens {
            open[kind] += 1;
            return false;
        }
        // A bracket that wasn't opened in the link stands around it.
        let is_own = open[kind] > 0;
        open[kind] = open[kind].saturating_sub(1);
        !is_own
    });
    let link = &rest[..end.map_or(rest.len(), |(at, _)| at)];
    let link = link.trim_end_matches([
        '.', ',', ';', ':', '!', '?', '\'', '’', '*', '_', '~', '…', '。', '、',
    ]);
    Some((&text[..start], link, &rest[link.len()..]))
}

#[cfg(test)]
mod tests {
    use super::{first_link, public_link};

    #[test]
    fn the_first_link_is_found_without_what_stands_around_it() {
        for (text, link) in [
            ("https://example.org/a", "https://example.org/a"),
            ("see HTTPS://example.org/a, then", "HTTPS://example.org/a"),
            ("(http://example.org/a)", "http://example.org/a"),
            (
                "[here](https://example.org/a_(b)) and more",
                "https://example.org/a_(b)",
            ),
            (
                "<https://example.org/a> https://example.net",
                "https://example.org/a",
            ),
            ("**https://example.org/a**", "https://example.org/a"),
            (
                "https://example.org/?q=[x]&y=1.",
                "https://example.org/?q=[x]&y=1",
            ),
            (
                "http://example.org https://example.net",
                "http://example.org",
            ),
        ] {
            assert_eq!(
                first_link(text).map(|(_, link, _)| link),
                Some(link),
                "{text}"
            );
        }
        assert_eq!(first_link("example.org or ftp://example.org"), None);
        let around = first_link("look: https://example.org/a, good");
        assert_eq!(around, Some(("look: ", "https://example.org/a", ", good")));
    }

    #[test]
    fn a_link_is_public_as_far_as_it_says_so() {
        for link in [
            "https://example.org/news",
            "http://93.184.216.34/",
            "https://[2606:2800:220:1::1]/",
            "https://localhost.example.org/",
        ] {
            assert!(public_link(link).is_some(), "{link}");
        }
        for link in [
            "http://localhost/",
            "http://127.0.0.1:8080/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://[::1]/",
            "http://[::ffff:192.168.1.1]/",
            "http://printer/",
            "http://printer.local./",
            "https://db.internal/",
            "https://ana:secret@example.org/",
            "ftp://example.org/",
            "javascript:alert(1)",
            "https://",
        ] {
            assert_eq!(public_link(link), None, "{link}");
        }
    }
}
