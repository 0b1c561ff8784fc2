//! Stories: pairs of headlines that tell of one event and pairs that don't, and what the labelled data measure.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use tidings::stories::{SAME, STILL_SAME, Telling, likeness};

const HOUR: i64 = 3_600;

#[track_caller]
fn judged(a: (&str, &str), b: (&str, &str), hours: i64) -> bool {
    let (one, other) = (Telling::new(a.0, a.1), Telling::new(b.0, b.1));
    let said = likeness(&one, &other, hours * HOUR);
    let turned = likeness(&other, &one, -hours * HOUR);
    assert_eq!(
        said, turned,
        "the order of the two decides nothing: {a:?}, {b:?}"
    );
    said.is_some_and(|likeness| likeness >= SAME)
}

#[test]
fn one_event_told_twice_is_one_story() {
    for (a, b) in [
        (
            (
                "[Breaking] Ferry Blue Heron runs aground off Geoje",
                "All 48 aboard are safe, the coast guard said.",
            ),
            (
                "Ferry Blue Heron Runs Aground Off Geoje; 48 Aboard Safe",
                "",
            ),
        ),
        (
            (
                "Miryang council rejects dam on Danjang Stream 9-4",
                "Four members wanted the money.",
            ),
            (
                "Danjang Stream dam voted down by Miryang councilors",
                "Nine voted against it, four for it.",
            ),
        ),
        (
            (
                "Sandstone 5.2.0 released",
                "The build tool reads lock files twice as fast.",
            ),
            (
                "Released: Sandstone 5.2.0",
                "Lock files are read twice as fast by the build tool.",
            ),
        ),
        (
            (
                "[속보] 거제 앞바다서 여객선 '푸른왜가리호' 좌초",
                "승객 48명은 모두 안전하다.",
            ),
            (
                "거제 앞바다 여객선 푸른왜가리호 좌초…승객 48명 무사",
                "해경은 19일 새벽 구조를 마쳤다.",
            ),
        ),
        (
            (
                "밀양시의회, 단장천 댐 동의안 부결…반대 9·찬성 4",
                "댐은 지어지지 않는다.",
            ),
            (
                "단장천 댐 밀양시의회서 부결",
                "시의회는 19일 반대 9표, 찬성 4표로 댐 동의안을 돌려보냈다.",
            ),
        ),
        (
            (
                "US, Seoul to pay $1.2 billion for Icheon range",
                "The sum covers 12 years.",
            ),
            (
                "U.S., Seoul to Pay $1.2bn for Icheon Range",
                "The sum covers twelve years.",
            ),
        ),
    ] {
        assert!(judged(a, b, 3), "one story: {a:?} and {b:?}");
    }
}

#[test]
fn what_differs_in_a_fact_is_another_story() {
    for (what, a, b) in [
        (
            "a number",
            "Toll of Hadong bus crash rises to 5",
            "Toll of Hadong bus crash rises to 8",
        ),
        (
            "an ordinal",
            "Heo, Mun trade barbs in first Ulsan debate",
            "Heo, Mun trade barbs in second Ulsan debate",
        ),
        (
            "a line",
            "Busan subway Line 2 halted by smoke",
            "Busan subway Line 4 halted by smoke",
        ),
        (
            "a version",
            "Sandstone 5.2.0 released",
            "Sandstone 5.2.1 released",
        ),
        (
            "a place",
            "Market fire in Hadong destroys 12 stalls",
            "Market fire in Miryang destroys 12 stalls",
        ),
        (
            "a party",
            "Blue Tide Party elects new leader in Ulsan",
            "Red Sky Party elects new leader in Ulsan",
        ),
        (
            "a denial",
            "Onbit in talks to buy Lumen Foods",
            "Onbit denies talks to buy Lumen Foods",
        ),
        (
            "an outcome",
            "Court convicts Mun Gil-su over harbor bribes",
            "Court acquits Mun Gil-su over harbor bribes",
        ),
        (
            "an announcement",
            "Leaders to meet on fish quotas in Busan",
            "Leaders meet on fish quotas in Busan",
        ),
        (
            "a comment",
            "Seoul ends naval pact with Lisbon",
            "[Editorial] Seoul ends naval pact with Lisbon",
        ),
        (
            "an aftermath",
            "Chemical leak at Onsan plant injures 6",
            "Prosecutors raid Onsan plant over chemical leak",
        ),
        (
            "a number",
            "하동 버스 사고 사망자 5명으로 늘어",
            "하동 버스 사고 사망자 8명으로 늘어",
        ),
        (
            "which of a series",
            "한일 어업 2차 협상 부산서 개최",
            "한일 어업 3차 협상 부산서 개최",
        ),
        (
            "a place",
            "하동 전통시장서 불…점포 12곳 타",
            "밀양 전통시장서 불…점포 12곳 타",
        ),
        (
            "an outcome",
            "단장천 댐 동의안 밀양시의회서 가결",
            "단장천 댐 동의안 밀양시의회서 부결",
        ),
        (
            "who did it",
            "하동, 밀양에 3-2 역전승…단독 선두",
            "밀양, 하동에 3-2 역전승…단독 선두",
        ),
        (
            "a denial",
            "정부, 단장천 댐 재검토",
            "정부 \"단장천 댐 재검토, 사실무근\"",
        ),
    ] {
        assert!(!judged((a, ""), (b, ""), 3), "differs in {what}: {a} / {b}");
    }
}

#[test]
fn a_rubric_that_comes_round_is_no_story() {
    let forecast = "[Weather] Heat warning across country";
    let (monday, tuesday) = (
        "Highs of 34 degrees on Monday.",
        "Highs of 34 degrees on Tuesday.",
    );
    assert!(!judged((forecast, monday), (forecast, tuesday), 24));
    let same = (
        "Miryang council rejects dam on Danjang Stream 9-4",
        "Nobody is surprised.",
    );
    assert!(judged(same, same, 143), "a weekly digest retells");
    assert!(!judged(same, same, 144), "after six days it is another one");
}

#[test]
fn what_has_little_to_say_is_like_nothing() {
    for title in [
        "",
        "!",
        "🔥",
        "a",
        "The",
        "x".repeat(5_000).as_str(),
        &"가".repeat(5_000),
    ] {
        let telling = Telling::new(title, "");
        assert!(
            likeness(&telling, &telling, 0).is_none_or(|likeness| likeness < SAME)
                || title.len() > 4_000
        );
    }
}

fn labelled(name: &str) -> Option<Vec<Value>> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/stories")
        .join(name);
    let text = fs::read_to_string(file).ok()?;
    Some(
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect(),
    )
}

fn telling(item: &Value) -> Telling {
    let text = |key: &str| item[key].as_str().unwrap();
    Telling::new(text("title"), text("summary"))
}

fn published(item: &Value) -> i64 {
    item["published"]
        .as_str()
        .unwrap()
        .parse::<Timestamp>()
        .unwrap()
        .as_second()
}

/// Precision and recall of what was said against the truth.
fn score(judgements: impl Iterator<Item = (bool, bool)>) -> (f64, f64) {
    let (mut both, mut said, mut truth) = (0.0, 0.0, 0.0);
    for (true_, said_) in judgements {
        both += f64::from(u8::from(true_ && said_));
        said += f64::from(u8::from(said_));
        truth += f64::from(u8::from(true_));
    }
    (both / f64::max(said, 1.0), both / f64::max(truth, 1.0))
}

#[test]
fn labelled_pairs_are_told_apart() {
    let Some(pairs) = labelled("pairs.jsonl") else {
        println!("skipped: there is no ../shared/stories");
        return;
    };
    let (precision, recall) = score(pairs.iter().map(|pair| {
        let (a, b) = (&pair["a"], &pair["b"]);
        let said = likeness(&telling(a), &telling(b), published(a) - published(b));
        (
            pair["label"] == "same",
            said.is_some_and(|likeness| likeness >= SAME),
        )
    }));
    println!("pairs: precision {precision:.3}, recall {recall:.3}");
    assert!(
        precision >= 0.98 && recall >= 0.6,
        "precision {precision:.3}, recall {recall:.3}"
    );
}

#[test]
fn a_labelled_stream_falls_into_its_stories() {
    let Some(items) = labelled("stream.jsonl") else {
        println!("skipped: there is no ../shared/stories");
        return;
    };
    let tellings: Vec<Telling> = items.iter().map(telling).collect();
    let like = |one: usize, other: usize| {
        likeness(
            &tellings[one],
            &tellings[other],
            published(&items[one]) - published(&items[other]),
        )
    };
    let mut leaders: HashMap<usize, usize> = HashMap::new();
    for new in 0..items.len() {
        let best = (0..new)
            .filter_map(|known| {
                Some((
                    like(known, new).filter(|likeness| *likeness >= SAME)?,
                    known,
                ))
            })
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let leader = best
            .map(|(_, known)| leaders[&known])
            .filter(|leader| like(*leader, new).is_some_and(|likeness| likeness >= STILL_SAME));
        leaders.insert(new, leader.unwrap_or(new));
    }
    let pairs = (0..items.len()).flat_map(|one| (0..one).map(move |other| (one, other)));
    let (precision, recall) = score(pairs.map(|(one, other)| {
        (
            items[one]["story"] == items[other]["story"],
            leaders[&one] == leaders[&other],
        )
    }));
    println!("stream: precision {precision:.3}, recall {recall:.3}");
    assert!(
        precision >= 0.98 && recall >= 0.6,
        "precision {precision:.3}, recall {recall:.3}"
    );
}
