//! How fast pages are read: `cargo bench --bench documents`.

mod made;
mod seed;

use divan::Bencher;
use divan::counter::BytesCount;
use jiff::Timestamp;
use tidings_reader::{Document, Layout, Rules, parse};

const SIZE: usize = 50_000_000;

fn main() {
    divan::main();
}

fn rules(layout: Layout) -> Rules {
    let headings = [
        "US-NK Relations",
        "Inter-Korean Relations",
        "South Korea News",
        "Economy",
        "Japan",
    ];
    Rules::new(layout, headings, ["The weekly is funded by"])
}

fn read(bencher: Bencher<'_, '_>, page: String, layout: Layout) {
    let rules = rules(layout);
    let document = Document {
        name: "2026-11-20.txt".into(),
        bytes: page.into_bytes(),
        seen: Timestamp::UNIX_EPOCH,
        ..Document::default()
    };
    bencher
        .counter(BytesCount::new(document.bytes.len()))
        .bench_local(|| {
            parse(divan::black_box(&document), &rules).map_or(0, |page| page.drafts.len())
        });
}

#[divan::bench(args = [Layout::Double, Layout::Single], sample_count = 5)]
fn ordinary(bencher: Bencher<'_, '_>, layout: Layout) {
    read(bencher, made::page(&mut seed::Seed(1), SIZE / 640), layout);
}

#[divan::bench(sample_count = 5)]
fn one_line(bencher: Bencher<'_, '_>) {
    read(bencher, "word ".repeat(SIZE / 5), Layout::Double);
}

#[divan::bench(sample_count = 5)]
fn blank_lines(bencher: Bencher<'_, '_>) {
    read(bencher, "\n".repeat(SIZE), Layout::Double);
}

#[divan::bench(sample_count = 5)]
fn ten_million_paragraphs(bencher: Bencher<'_, '_>) {
    read(bencher, "a\n\n".repeat(10_000_000), Layout::Double);
}

#[divan::bench(sample_count = 3)]
fn ten_million_items(bencher: Bencher<'_, '_>) {
    read(bencher, "a\n\n\n".repeat(10_000_000), Layout::Double);
}

/// A feed as publishers write them, to be read by us and by the library alone.
fn feed() -> String {
    let item = |at: usize| {
        format!(
            "<item><guid isPermaLink=\"false\">{at}</guid><title>Headline number {at} &amp;amp; what follows</title>\
             <link>https://news.example/{at}?utm_source=feed</link><category>Economy</category>\
             <pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate><description><![CDATA[<p>The <b>ministry</b> said on \
             Friday that &ldquo;nothing&rdquo; is decided.</p><p>A second paragraph says <a \
             href=\"https://news.example/more\">more</a> of the same, and a third one less.</p>]]></description></item>"
        )
    };
    let items: String = (0..2_000).map(item).collect();
    format!("<rss version=\"2.0\"><channel><title>W</title>{items}</channel></rss>")
}

#[divan::bench(sample_count = 20)]
fn feed_read_by_us(bencher: Bencher<'_, '_>) {
    read(bencher, feed(), Layout::Double);
}

#[divan::bench(sample_count = 20)]
fn feed_read_by_the_library_alone(bencher: Bencher<'_, '_>) {
    let feed = feed();
    bencher
        .counter(BytesCount::new(feed.len()))
        .bench_local(|| {
            feed_rs::parser::parse(divan::black_box(feed.as_bytes()))
                .map_or(0, |feed| feed.entries.len())
        });
}
