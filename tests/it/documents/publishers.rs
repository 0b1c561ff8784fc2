//! Pages as publishing systems make them: what stands around the digest stays out, and its sections are found however
//! they are set.

use insta::assert_snapshot;
use tidings_reader::{Document, Layout};

use super::kinds::day;
use super::rules;
use crate::harness::moment;

fn read_at(address: &str, page: &str) -> String {
    let document = Document {
        name: address.to_owned(),
        bytes: page.as_bytes().to_vec(),
        seen: moment("2026-11-21T12:00[UTC]"),
        address: Some(address.parse().unwrap()),
        charset: None,
    };
    match tidings_reader::parse(&document, &rules(Layout::Double)) {
        Err(wrong) => wrong.reason.to_string(),
        Ok(page) => {
            let lines = page.drafts.iter().map(|draft| {
                format!(
                    "{} | {} | {} | {} | {}",
                    draft.published.unwrap_or_else(|| day(&document, &page)),
                    draft.heading.as_deref().unwrap_or("-"),
                    draft.title,
                    draft.summary.replace("\n\n", " / "),
                    draft.link.as_deref().unwrap_or("-")
                )
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn a_blog_with_all_that_blogs_have_around_a_post() {
    let page = "<html><head><title>Weekly (November 20, 2026) - Hanbit</title></head><body class=\"single\">
        <nav><ul><li><a href=\"/\">Home</a></li></ul></nav><main><article class=\"post tag-news\"><h1>Weekly</h1>
        <div class=\"entry-content\"><p>Here is the week.</p>
        <h3><strong>Japan</strong></h3>
        <p><strong>Squid counted</strong></p>
        <p>The counters went out in the morning. <a href=\"https://a.example/squid?utm_source=w&amp;ref=w.example\">READ MORE</a></p>
        <h3><strong>Harbours and boats</strong></h3>
        <p><strong>Ferry returns</strong></p><p>After two years it is back. (<a href=\"https://b.example/ferry\">Source</a>)</p>
        <div class=\"sharedaddy sd-sharing-enabled\"><h3>Share this:</h3><ul><li>X</li></ul></div>
        <div class=\"jp-relatedposts\"><h3>Related</h3><h4><a href=\"/old\">An old post</a></h4><p>About something else.</p></div>
        </div></article>
        <div id=\"comments\"><h2>2 thoughts on “Weekly”</h2><p>Thanks!</p></div></main>
        <aside><h2>Recent Posts</h2><ul><li><a href=\"/x\">X</a></li></ul></aside><footer>Copyright</footer></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly", page), @"
    2026-11-20 | Japan | Squid counted | The counters went out in the morning. | https://a.example/squid
    2026-11-20 | Harbours and boats | Ferry returns | After two years it is back. | https://b.example/ferry
    ");
}

#[test]
fn sections_that_are_set_like_their_headlines() {
    let page = "<html><body><h1>Weekly</h1><div class=\"text\"><p><b>Japan</b><br><br>
        <b><a href=\"https://a.example/squid\">Squid counted</a></b><br>Many of them.<br><br>
        <b><a href=\"https://a.example/boats\">Boats lost</a></b><br>Two of them.<br><br>
        <b>Harbours and boats</b><br><br>
        <b><a href=\"https://b.example/ferry\">Ferry returns</a></b><br>It is back.<br>기사 전문은 내일 나온다.<br><br></p>
        <p><a href=\"https://b.example/ferry\">기사 보기</a></p></div><div class=\"foot\">Contact us: a@b.example</div></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid counted | Many of them. | https://a.example/squid
    2026-11-20 | Japan | Boats lost | Two of them. | https://a.example/boats
    2026-11-20 | Harbours and boats | Ferry returns | It is back. / 기사 전문은 내일 나온다. | https://b.example/ferry
    ");
}

#[test]
fn sections_that_are_set_like_their_summaries() {
    let page = "<html><body><div id=\"main\"><h2>Weekly (November 20, 2026)</h2><div>by Ann | No comments</div>
        <p>Japan</p><p>&nbsp;</p>
        <p><a href=\"https://a.example/squid\">Squid counted</a></p><p>Many of them.</p><p>&nbsp;</p>
        <p>Harbours and boats</p><p>&nbsp;</p>
        <p><a href=\"https://b.example/ferry\">Ferry returns</a></p><p>It is back.</p>
        <div class=\"tags\">Tags: <a href=\"/t\">sea</a></div></div></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly", page), @"
    2026-11-20 | Japan | Squid counted | Many of them. | https://a.example/squid
    2026-11-20 | Harbours and boats | Ferry returns | It is back. | https://b.example/ferry
    ");
}

#[test]
fn a_newsletter_whose_own_name_sounds_like_furniture() {
    let page = "<html><body><div class=\"main\"><article class=\"typography newsletter-post post\">
        <div class=\"post-header\"><h1>Weekly</h1><div>Nov 20, 2026</div></div>
        <div class=\"available-content\"><div class=\"body markup\"><p>Good morning.</p>
        <div class=\"subscription-widget\"><p>Thanks for reading! Subscribe for free.</p></div>
        <h2>Japan</h2><p><strong>Squid counted</strong></p><p>Many of them.</p>
        <h2>Harbours and boats</h2><p><strong>Ferry returns</strong></p><p>It is back.</p>
        <p>Thanks for reading! This post is public so feel free to share it.</p></div></div></article>
        <div class=\"comments-section\"><h4>Discussion about this post</h4><p>Great.</p></div></div></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/p/weekly", page), @"
    2026-11-20 | Japan | Squid counted | Many of them. | -
    2026-11-20 | Harbours and boats | Ferry returns | It is back. | -
    ");
}

#[test]
fn headlines_that_are_set_like_their_summaries() {
    let page = "<html><body><main><h1>Weekly</h1><h2>Japan</h2><p>Squid counted</p>
        <p>Many of them are left. <a href=\"https://a.example/squid\">READ MORE</a></p><p>Boats lost</p>
        <p>Two of them were found.</p><h2>Harbours and boats</h2><p>Ferry returns</p><p>It is back after two years.
        <a href=\"https://b.example/ferry\">READ MORE</a></p></main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid counted | Many of them are left. | https://a.example/squid
    2026-11-20 | Japan | Boats lost | Two of them were found. | -
    2026-11-20 | Harbours and boats | Ferry returns | It is back after two years. | https://b.example/ferry
    ");
}

#[test]
fn headlines_with_an_outlet_and_a_date() {
    let page = "<html><body><main><h1>Weekly</h1><h2>1. Japan</h2>
        <p><strong><a href=\"https://a.example/squid\">Squid counted</a></strong> (Hankyoreh)</p><p>Many of them.</p>
        <p><strong>Boats lost</strong></p><p>November 4, 2026 | Yonhap</p><p>Two of them.</p><p>Source: <a
        href=\"https://a.example/boats\">Yonhap</a></p>
        <h2>2. Harbours</h2><p><strong>Ferry returns</strong></p><p>It is back.</p></main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid counted (Hankyoreh) | Many of them. | https://a.example/squid
    2026-11-04 | Japan | Boats lost | Two of them. | https://a.example/boats
    2026-11-20 | Harbours | Ferry returns | It is back. | -
    ");
}

#[test]
fn headlines_at_the_beginning_of_their_summaries() {
    let page = "<html><body><main><h1>Weekly</h1><h2>Japan</h2>
        <p><b><a href=\"https://a.example/squid\">Squid are counted again</a>.</b> Many of them are left in the sea.</p>
        <p><b><a href=\"https://a.example/boats\">Boats lost</a>.</b> Two of them were found in the harbour.</p>
        <p><b><a href=\"https://a.example/ferry\">Ferry returns to the island</a>:</b> It is back after two years.</p></main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid are counted again | Many of them are left in the sea. | https://a.example/squid
    2026-11-20 | Japan | Boats lost | Two of them were found in the harbour. | https://a.example/boats
    2026-11-20 | Japan | Ferry returns to the island | It is back after two years. | https://a.example/ferry
    ");
}

#[test]
fn lists_within_lists_and_tables_of_contents() {
    let page = "<html><body><main><h1>Weekly</h1><p><b>In this issue:</b></p><ul><li><a href=\"#j\">Japan</a></li>
        <li>Harbours</li></ul><ul><li><b>Japan</b><ul><li><a href=\"https://a.example/squid\">Squid counted</a> – Many of them.</li></ul></li>
        <li><b>Harbours</b><ul><li><a href=\"https://b.example/ferry\">Ferry returns</a> – It is back.</li></ul></li></ul></main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid counted | Many of them. | https://a.example/squid
    2026-11-20 | Harbours | Ferry returns | It is back. | https://b.example/ferry
    ");
}

#[test]
fn cards_with_all_that_cards_have() {
    let page = "<html><body><main><section><header><h2>Japan</h2><a href=\"/all\">See all</a></header><article>
        <a href=\"https://a.example/squid\"><img src=\"t.jpg\" alt=\"\"></a><span class=\"kicker\">News</span>
        <h3><a href=\"https://a.example/squid\">Squid counted</a> <sup><a href=\"#n1\">[1]</a></sup></h3><p>Many of them.</p>
        <div><time datetime=\"2026-11-04\">November 4, 2026</time> · <span>Hankyoreh</span></div></article></section>
        <p>© 2026 Hanbit. All rights reserved.</p><p>« Previous | Next »</p></main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"2026-11-04 | Japan | Squid counted | Many of them. | https://a.example/squid");
}

#[test]
fn where_a_page_goes_on_and_where_only_the_blog_does() {
    let next = |address: &str, link: &str| {
        let document = Document {
            bytes: format!("<html><body>{link}<p>Text</p></body></html>").into_bytes(),
            address: Some(address.parse().unwrap()),
            ..Document::default()
        };
        tidings_reader::html::links::next_page(&document).map(|url| url.path().to_owned())
    };
    let here = "https://hanbit.example/weekly/";
    for link in [
        "<a rel=\"next\" href=\"/weekly/page/2/\">Older</a>",
        "<link rel=\"next\" href=\"/weekly/page/2/\">",
        "<div class=\"post-navigation\"><a rel=\"next\" href=\"/weekly/page/2/\">2</a></div>",
        "<a class=\"next page-numbers\" href=\"page/2/\">Next</a>",
        "<a href=\"/other/page/2/\">Elsewhere</a><div><a href=\"/weekly/page/3/\">3</a><a href=\"/weekly/page/2/\">Older posts</a></div>",
    ] {
        assert_eq!(
            next(here, link).as_deref(),
            Some("/weekly/page/2/"),
            "{link}"
        );
    }
    let second = "https://hanbit.example/weekly/page/2/";
    assert_eq!(next(second, "<a href=\"/weekly/\">1</a>"), None);
    let third = "<a href=\"/weekly/page/2/\">2</a><a href=\"/weekly/page/3/\">3</a>";
    assert_eq!(next(second, third).as_deref(), Some("/weekly/page/3/"));
    let dated = "https://hanbit.example/2026/11/20/page";
    let on = "<a href=\"/2026/11/20/page/page/2\">2</a>";
    assert_eq!(next(dated, on).as_deref(), Some("/2026/11/20/page/page/2"));
    let queried = "<a href=\"?page=2&amp;a=1\">2</a><a href=\"?page=2\">2</a>";
    assert_eq!(next(here, queried).as_deref(), Some("/weekly/"));
    assert_eq!(
        next(here, "<a rel=\"next\" href=\"/weekly-part-two\">On</a>").as_deref(),
        Some("/weekly-part-two")
    );
    for link in [
        "<nav class=\"post-navigation\"><a rel=\"next\" href=\"/other-post/\">A post</a></nav>",
        "<link rel=\"next\" title=\"A post\" href=\"/other-post/\">",
        "<a rel=\"next\" href=\"https://elsewhere.example/weekly/page/2/\">Older</a>",
    ] {
        assert_eq!(next(here, link), None, "{link}");
    }
}

#[test]
fn sections_over_headlines_that_begin_their_summaries() {
    let page = "<html><body><div><h1>Weekly</h1><p><strong>Sea:</strong></p>
        <p>• <a href=\"https://a.example/squid\">Squid are counted again</a> – Many of them are left.</p>
        <p>• <a href=\"https://a.example/boats\">Boats lost</a>: two of them were found in the harbour.</p>
        <p><strong>JAPAN:</strong></p>
        <p>• <a href=\"https://b.example/ferry\">Ferry returns to the island</a> – It is back after two years.</p></div></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Sea | Squid are counted again | Many of them are left. | https://a.example/squid
    2026-11-20 | Sea | Boats lost | two of them were found in the harbour. | https://a.example/boats
    2026-11-20 | JAPAN | Ferry returns to the island | It is back after two years. | https://b.example/ferry
    ");
}

#[test]
fn empty_lines_say_what_belongs_together() {
    for page in [
        "<html><body><article><p>Japan</p><p>&nbsp;</p><p>Squid counted</p><p>Many of them.</p><p>&nbsp;</p><p>Sea</p>
         <p>&nbsp;</p><p>Ferry returns</p><p>It is back.</p><p>&nbsp;</p></article></body></html>",
        "<html><body><article><p><b>Japan</b></p><p>&nbsp;</p><p>Squid counted</p><p>Many of them.</p><p>&nbsp;</p><p><b>Sea</b></p>
         <p>&nbsp;</p><p>Ferry returns</p><p>It is back.</p></article></body></html>",
        "<html><body><article><h1>Weekly</h1><div>Japan<br><br><br>Squid counted<br><br>Many of them.<br><br><br>Sea<br><br><br>
         Ferry returns<br><br>It is back.<br><br><br></div></article></body></html>",
        "<html><body><pre>\nJapan\n\n\nSquid counted\n\nMany of them.\n\n\nSea\n\n\nFerry returns\n\nIt is\nback.\n</pre></body></html>",
    ] {
        let read = read_at("https://hanbit.example/weekly-november-20-2026", page);
        let expected = "2026-11-20 | Japan | Squid counted | Many of them. | -\n\
                        2026-11-20 | Sea | Ferry returns | It is back. | -";
        assert_eq!(read, expected, "{page}");
    }
}

#[test]
fn dates_that_items_have_of_their_own() {
    let page = "<html><body><main><h2>Japan</h2>
        <article><time datetime=\"2026-11-02\">2 Nov</time><h3>Squid counted</h3><p>Many of them.</p></article>
        <article><span>2026-11-03</span><h3>Boats lost</h3><p>Two of them.</p></article>
        <article><h3>Nets mended</h3><p>Posted on November 4, 2026 by Ann Lee</p><p>All of them.</p></article>
        <article><h3>Ferry returns</h3><p>It is back.</p><p><time datetime=\"2026-11-05T09:00:00Z\">Thursday</time> · 3 comments</p></article>
        <h2>Sea</h2><ul><li><a href=\"https://a.example/pier\">Pier painted</a> <time datetime=\"2026-11-06\">2026-11-06</time><p>In white.</p></li></ul>
        </main></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-02 | Japan | Squid counted | Many of them. | -
    2026-11-03 | Japan | Boats lost | Two of them. | -
    2026-11-04 | Japan | Nets mended | All of them. | -
    2026-11-05T09:00:00Z | Japan | Ferry returns | It is back. | -
    2026-11-06 | Sea | Pier painted | In white. | https://a.example/pier
    ");
}

#[test]
fn what_newsletters_end_with() {
    let read = |end: &str| {
        let page = format!(
            "<html><body><article><h2>Japan</h2><h3>Boats lost</h3><p>Two of them.</p>{end}</article></body></html>"
        );
        read_at("https://hanbit.example/weekly-november-20-2026", &page)
    };
    for end in [
        "<p>You are receiving this email because you signed up.<br>12 Jong-ro, Seoul</p><p><a href=\"#\">Unsubscribe</a></p>",
        "<p>See you next week,<br>Ann</p>",
        "<p>That's all for this week. Thank you.</p><p>Ann</p>",
        "<p>This email was sent to you@example.org</p><p>12 Jong-ro, Seoul</p>",
        "<p>수신거부는 여기에서</p>",
        "<p>Privacy Policy | Terms of Use | Contact</p>",
        "<hr><p>This digest was compiled by Ann Lee.</p>",
        "<address>12 Jong-ro, Seoul</address>",
        "<h2>Read next</h2><ul><li><a href=\"/x\">Another</a></li></ul>",
        "<h3>Previous digests</h3><p><a href=\"/x\">November 13</a></p>",
        "<div class=\"author\"><h3>Ann Lee</h3><p>Ann reads the news.</p></div>",
        "<p>Like us on Facebook</p>",
    ] {
        assert_eq!(
            read(end),
            "2026-11-20 | Japan | Boats lost | Two of them. | -",
            "{end}"
        );
    }
}

#[test]
fn headings_that_fold_and_cards_of_ghost() {
    let page = "<html><body><div class=\"accordion\"><h2><button class=\"btn\">Japan</button></h2>
        <h3>Squid counted</h3><p>Many of them.</p><div class=\"kg-card kg-button-card\"><a class=\"kg-btn\"
        href=\"https://a.example/squid\">Read the article</a></div>
        <details><summary>Sea</summary><h3>Ferry returns</h3><p>It is back. <a href=\"https://b.example/ferry\">Read →</a></p>
        </details></div></body></html>";
    assert_snapshot!(read_at("https://hanbit.example/weekly-november-20-2026", page), @"
    2026-11-20 | Japan | Squid counted | Many of them. | https://a.example/squid
    2026-11-20 | Sea | Ferry returns | It is back. | https://b.example/ferry
    ");
}
