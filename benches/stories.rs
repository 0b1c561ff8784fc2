//! What stories cost an item: `cargo bench --bench stories`. Its features are made, and it is compared with the fifty
//! candidates that an index finds at most.

use divan::Bencher;
use jiff::Timestamp;
use serde_json::Value;
use tidings_core::item::story::{Candidate, Features, Unknown, join};

const STREAM: &str = include_str!("../tests/it/stories/stream.jsonl");
const CANDIDATES: usize = 50;

fn main() {
    divan::main();
}

/// Titles, summaries, sources and moments.
fn rows() -> Vec<(String, String, String, i64)> {
    let rows = STREAM.lines().map(|line| {
        let row: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let moment: Timestamp = text("published").parse().expect("a moment");
        (
            text("title"),
            text("summary"),
            text("source"),
            moment.as_second(),
        )
    });
    rows.collect()
}

fn features(rows: &[(String, String, String, i64)]) -> Vec<Features> {
    let of = |(title, summary, source, moment): &(String, String, String, i64)| {
        Features::of(title, summary, source, *moment)
    };
    rows.iter().map(of).collect()
}

/// 300 items read, with their keys.
#[divan::bench(sample_count = 20)]
fn features_of_300_items(bencher: Bencher<'_, '_>) {
    let rows = rows();
    bencher.bench_local(|| {
        let items = features(divan::black_box(&rows));
        items
            .iter()
            .map(|item| item.keys(&Unknown).len())
            .sum::<usize>()
    });
}

/// Each of the last 250 items of the stream with the fifty before it: far more alike than what an archive holds.
#[divan::bench(sample_count = 20)]
fn comparing_250_items_with_50_each(bencher: Bencher<'_, '_>) {
    let items = features(&rows());
    bencher.bench_local(|| {
        let joined = (CANDIDATES..items.len()).filter(|at| {
            let before = &items[at - CANDIDATES..*at];
            let candidates = before.iter().map(|item| Candidate { item, leader: item });
            join(&items[*at], candidates, &Unknown).is_some()
        });
        joined.count()
    });
}

/// A title and a summary of 5,000 characters, read and compared with fifty of their kind.
#[divan::bench(sample_count = 20)]
fn long_texts(bencher: Bencher<'_, '_>) {
    let text = "Dunmore harbor pilots strike over 41 pay rows ".repeat(110);
    let others: Vec<Features> = (0..50)
        .map(|at| Features::of(&format!("{at} {text}"), &text, "wire", at))
        .collect();
    bencher.bench_local(|| {
        let new = Features::of(divan::black_box(&text), &text, "wire", 60);
        let candidates = others.iter().map(|item| Candidate { item, leader: item });
        join(&new, candidates, &Unknown)
    });
}
