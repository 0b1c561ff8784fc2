//! Stories: labelled pairs, a labelled stream, and what no text may do.
//!
//! `stories/pairs.jsonl` and `stream.jsonl` are those of the shared data, `own.jsonl` was written besides.

use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::Value;
use tidings_core::item::story::{
    Candidate, Difference, Features, Key, Rarity, Unknown, Verdict, WINDOW_SECONDS, compare, join,
};

fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn moment(item: &Value) -> i64 {
    let written = item["published"].as_str().unwrap();
    written.parse::<Timestamp>().unwrap().as_second()
}

fn features(item: &Value) -> Features {
    let text = |key: &str| item[key].as_str().unwrap();
    Features::of(text("title"), text("summary"), text("source"), moment(item))
}

/// How well answers fit the truth.
#[derive(Default)]
struct Tally {
    both: f64,
    said: f64,
    truth: f64,
}

impl Tally {
    fn add(&mut self, truth: bool, said: bool) {
        self.both += f64::from(u8::from(truth && said));
        self.said += f64::from(u8::from(said));
        self.truth += f64::from(u8::from(truth));
    }

    #[track_caller]
    fn reaches(&self, precision: f64, recall: f64) {
        let (p, r) = (self.both / self.said, self.both / self.truth);
        println!("precision {p:.3}, recall {r:.3}");
        assert!(
            p >= precision && r >= recall,
            "precision {p:.3}, recall {r:.3}"
        );
    }
}

fn tally(pairs: &str) -> Tally {
    let mut tally = Tally::default();
    for pair in lines(pairs) {
        let (a, b) = (features(&pair["a"]), features(&pair["b"]));
        let verdict = compare(&a, &b, &Unknown);
        assert_eq!(verdict, compare(&b, &a, &Unknown), "{}", pair["id"]);
        let said = matches!(verdict, Verdict::Same(_));
        if said != (pair["label"] == "same") {
            println!("{} {verdict:?} {}", pair["id"], pair["why"]);
        }
        tally.add(pair["label"] == "same", said);
    }
    tally
}

#[test]
fn labelled_pairs_are_told_apart() {
    tally(include_str!("stories/pairs.jsonl")).reaches(0.98, 0.65);
}

#[test]
fn pairs_of_our_own_are_told_apart() {
    tally(include_str!("stories/own.jsonl")).reaches(0.98, 0.85);
}

/// The stories of the stream, each by its leader's place; only candidates that `is_found` are compared.
fn cluster(
    items: &[Features],
    moments: &[i64],
    is_found: impl Fn(usize, usize) -> bool,
) -> Vec<usize> {
    const HOURS: i64 = 72;
    let mut leaders: Vec<usize> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        let near: Vec<usize> = (0..at)
            .filter(|earlier| {
                moments[at] - moments[*earlier] < HOURS * 3_600 && is_found(*earlier, at)
            })
            .collect();
        let candidates = near.iter().map(|earlier| Candidate {
            item: &items[*earlier],
            leader: &items[leaders[*earlier]],
        });
        let joined = join(item, candidates, &Unknown).map(|chosen| leaders[near[chosen]]);
        leaders.push(joined.unwrap_or(at));
    }
    leaders
}

fn tally_stream(rows: &[Value], leaders: &[usize]) -> Tally {
    let mut tally = Tally::default();
    for one in 0..rows.len() {
        for other in 0..one {
            tally.add(
                rows[one]["story"] == rows[other]["story"],
                leaders[one] == leaders[other],
            );
        }
    }
    tally
}

#[test]
fn a_stream_falls_into_its_stories() {
    let rows = lines(include_str!("stories/stream.jsonl"));
    let items: Vec<Features> = rows.iter().map(features).collect();
    let moments: Vec<i64> = rows.iter().map(moment).collect();
    let leaders = cluster(&items, &moments, |_, _| true);
    tally_stream(&rows, &leaders).reaches(0.98, 0.65);
}

#[test]
fn keys_find_whom_a_scan_finds_among_few() {
    let rows = lines(include_str!("stories/stream.jsonl"));
    let items: Vec<Features> = rows.iter().map(features).collect();
    let moments: Vec<i64> = rows.iter().map(moment).collect();
    let keys: Vec<Vec<Key>> = items.iter().map(|item| item.keys(&Unknown)).collect();
    assert!(keys.iter().all(|keys| keys.len() <= 16));
    let common = |a: usize, b: usize| keys[a].iter().filter(|key| keys[b].contains(key)).count();
    let leaders = cluster(&items, &moments, |a, b| common(a, b) >= 2);
    tally_stream(&rows, &leaders).reaches(0.98, 0.65);
    let found: usize = (0..items.len())
        .map(|at| (0..at).filter(|earlier| common(*earlier, at) >= 2).count())
        .sum();
    println!(
        "{:.1} candidates an item",
        found as f64 / items.len() as f64
    );
    assert!(found < items.len() * 10, "{found}");
}

/// How rare words are in the stream itself.
struct Counted(std::collections::HashMap<Key, f32>, f32);

impl Rarity for Counted {
    fn share(&self, key: Key) -> Option<f32> {
        self.0.get(&key).map(|count| count / self.1)
    }
}

#[test]
fn a_corpus_that_knows_how_rare_words_are_does_no_harm() {
    let rows = lines(include_str!("stories/stream.jsonl"));
    let items: Vec<Features> = rows.iter().map(features).collect();
    let mut counted = Counted(std::collections::HashMap::new(), items.len() as f32);
    for key in items.iter().flat_map(|item| item.keys(&Unknown)) {
        *counted.0.entry(key).or_default() += 1.0;
    }
    let mut tally = Tally::default();
    for (one, row) in rows.iter().enumerate() {
        for other in 0..one {
            let said = matches!(
                compare(&items[one], &items[other], &counted),
                Verdict::Same(_)
            );
            tally.add(row["story"] == rows[other]["story"], said);
        }
    }
    tally.reaches(0.95, 0.3);
}

fn item(title: &str, summary: &str) -> Features {
    Features::of(title, summary, "Ashford Courier", 1_800_000_000)
}

#[test]
fn six_days_part_stories() {
    let title = "Seven climbers rescued from Kestrel Ridge after three nights";
    let at = |moment| Features::of(title, "", "Ashford Courier", moment);
    let window = i64::try_from(WINDOW_SECONDS).unwrap();
    let verdict = |moment| compare(&at(0), &at(moment), &Unknown);
    assert!(matches!(verdict(window - 1), Verdict::Same(_)));
    assert_eq!(verdict(window), Verdict::Differs(Difference::Moment));
    // Moments that no calendar has.
    assert_eq!(
        compare(&at(i64::MIN), &at(i64::MAX), &Unknown),
        Verdict::Differs(Difference::Moment)
    );
}

#[test]
fn a_word_is_no_event() {
    for title in [
        "",
        "News",
        "속보",
        "🔥",
        "🔥🔥 🚨",
        "7",
        "...",
        "[Breaking]",
        "(LEAD)",
        "- - -",
        "A",
        "\u{200D}",
    ] {
        let (one, other) = (item(title, ""), item(title, ""));
        assert!(
            !matches!(compare(&one, &other, &Unknown), Verdict::Same(_)),
            "{title}"
        );
    }
}

#[test]
fn a_figure_within_a_word_tells_members_of_a_series_apart() {
    for (one, other) in [
        (
            "Apollo8 crew visits harbour town of Dunmore",
            "Apollo9 crew visits harbour town of Dunmore",
        ),
        (
            "iPhone17 sales begin in Lisbon with long queues",
            "iPhone18 sales begin in Lisbon with long queues",
        ),
        (
            "Unit2a of Kestrel plant restarts after repair",
            "Unit2b of Kestrel plant restarts after repair",
        ),
        (
            "Headline1 about the opening of Dunmore bridge",
            "Headline12 about the opening of Dunmore bridge",
        ),
    ] {
        for summary in ["", "Hundreds came to see it."] {
            let verdict = compare(&item(one, summary), &item(other, summary), &Unknown);
            assert!(!matches!(verdict, Verdict::Same(_)), "{one}: {verdict:?}");
        }
    }
}

/// What the title of the one is about, the other one mentions: that makes them no one story.
#[test]
fn members_of_a_series_that_name_each_other_are_several_stories() {
    for [one, below, other, other_below] in [
        [
            "Round 1 of talks ends in Geneva",
            "The delegations will meet again for round 2 next week.",
            "Round 2 of talks ends in Geneva",
            "The delegations met for round 1 last week.",
        ],
        [
            "Line 4 closed for repairs",
            "Line 9 runs as usual.",
            "Line 9 closed for repairs",
            "Line 4 runs again.",
        ],
        [
            "Magnitude 5.1 quake hits Hokkaido",
            "The quake struck at a depth of 10 km.",
            "Magnitude 5.3 quake hits Hokkaido",
            "It follows a magnitude 5.1 quake in the same place.",
        ],
        [
            "Lottery draw 1201",
            "The next draw is 1202.",
            "Lottery draw 1202",
            "The next draw is 1203.",
        ],
        [
            "Bitcoin falls below 90,000 dollars",
            "It stood at 95,000 dollars a week ago.",
            "Bitcoin falls below 85,000 dollars",
            "It fell below 90,000 dollars on Monday.",
        ],
        [
            "Group A: results of matchday 2",
            "Matchday 3 is on Sunday; Group B plays on Monday.",
            "Group B: results of matchday 2",
            "Matchday 3 is on Monday; Group A plays on Sunday.",
        ],
        [
            "제1차 실무회담 제네바에서 종료",
            "양측은 다음 주 제2차 실무회담을 열기로 했다.",
            "제2차 실무회담 제네바에서 종료",
            "양측은 지난주 제1차 실무회담을 열었다.",
        ],
        [
            "Second round of talks ends in Geneva",
            "A third round is planned.",
            "Third round of talks ends in Geneva",
            "The second round ended on Monday.",
        ],
        [
            "Test headline number 1",
            "Summary of headline number 1, before number 2.",
            "Test headline number 2",
            "Summary of headline number 2, before number 3.",
        ],
        [
            "Article 1 about trade talks",
            "Text of article 1. See article 2.",
            "Article 2 about trade talks",
            "Text of article 2. See article 3.",
        ],
        [
            "Envoy visits city 1",
            "City 1 follows city 0.",
            "Envoy visits city 2",
            "City 2 follows city 1.",
        ],
        [
            "Burst doc 0",
            "It is told at length in paragraph 0 of 2.",
            "Burst doc 2",
            "It is told at length in paragraph 0 of 4.",
        ],
        [
            "Day 4 of the strike",
            "Day 5 begins with a march.",
            "Day 5 of the strike",
            "Day 6 begins with a march.",
        ],
        [
            "Missile test 3 reported",
            "North Korea carried out test 3, after test 2 last week.",
            "Missile test 4 reported",
            "North Korea carried out test 4, after test 3 last week.",
        ],
        ["제목 1", "본문 1, 다음은 2.", "제목 2", "본문 2, 다음은 3."],
        [
            "Release 1.2 of the toolkit",
            "It replaces 1.1.",
            "Release 1.3 of the toolkit",
            "It replaces 1.2.",
        ],
        [
            "Headline A1",
            "Text A1, before A2.",
            "Headline A2",
            "Text A2, before A3.",
        ],
        [
            "코스피 2,490 마감",
            "전날 2,470에서 올랐다.",
            "코스피 2,510 마감",
            "전날 2,490에서 올랐다.",
        ],
        [
            "Part 1: Life on the border",
            "Part 2 follows tomorrow.",
            "Part 2: Life on the border",
            "Part 1 came yesterday.",
        ],
    ] {
        let verdict = compare(&item(one, below), &item(other, other_below), &Unknown);
        assert!(!matches!(verdict, Verdict::Same(_)), "{one}: {verdict:?}");
    }
}

/// Each of a series mentions the next one, so that each is near to the one before: none leads them all.
#[test]
fn a_series_is_no_chain_of_one_story() {
    for (title, below) in [
        (
            "Article {} about trade talks",
            "Text of article {}. See article {next}.",
        ),
        ("Round {} of talks ends", "Round {next} begins next week."),
        ("Line {} closed for repairs", "Line {next} runs as usual."),
        ("제목 {}", "본문 {}, 다음은 {next}."),
        ("Envoy visits city {}", "City {next} follows city {}."),
        (
            "Chapter {} of the long story",
            "Chapter {next} comes tomorrow in the long story.",
        ),
        (
            "Breaking: event {}",
            "Event {} happened before event {next}.",
        ),
        ("Update {}", "After update {} comes update {next}."),
        (
            "Headline {} of batch 2",
            "Summary {} of batch 2, not {next}.",
        ),
        (
            "Minister opens bridge {} in Busan",
            "The bridge is the {}th; bridge {next} is next.",
        ),
    ] {
        let of = |text: &str, at: usize| {
            let next = (at + 1).to_string();
            text.replace("{}", &at.to_string()).replace("{next}", &next)
        };
        let items: Vec<Features> = (1..=12)
            .map(|at| item(&of(title, at), &of(below, at)))
            .collect();
        let leaders = cluster(&items, &[0; 12], |_, _| true);
        assert!(leaders.iter().copied().eq(0..12), "{title}: {leaders:?}");
    }
}

/// What stands in one place of two titles and differs, whatever lies below them.
#[test]
fn what_differs_in_one_place_parts_two_stories() {
    for row in [
        // One of a thing, and a number of them
        "Missing skier found dead on Mount Brenn | Two missing skiers found dead on Mount Brenn",
        "Climber killed in fall near Ostrava | Three climbers killed in fall near Ostrava",
        "Bomb found at Delmar station | 4 bombs found at Delmar station",
        "Man arrested over Riverside fire | Two men arrested over Riverside fire",
        "Last body recovered from Genoa collapse | Two more bodies recovered from Genoa collapse",
        // Members of a series by Roman numerals
        "“Lost Cities” Part I opens in Lund museum | “Lost Cities” Part II opens in Lund museum",
        "Skylab II module reaches orbit at night | Skylab III module reaches orbit at night",
        "Harbor extension phase III approved in Lund | Harbor extension phase 2 approved in Lund",
        "Samkwang Q2 profit jumps on chips | Samkwang third-quarter profit jumps on chips",
        // A small word that ends or reverses it
        "Drought declared in Andora valley | Drought declared over in Andora valley",
        "Strike declared at Port Hollis | Strike is over at Port Hollis",
        "Minister ruled in for leadership race | Minister ruled out for leadership race",
        "Sanctions phased in on Rudnia coal | Sanctions phased out on Rudnia coal",
        "태풍 ‘노을’ 북상…제주 호우특보 | 태풍 ‘노을’ 소멸…제주 호우특보 해제",
        // Tens with ones behind them, in words
        "울산 화학공장 화재로 7명 사망 | 울산 화학공장 화재로 열한 명 사망",
        "울산 화학공장 화재로 열 명 사망 | 울산 화학공장 화재로 열두 명 사망",
        "울산 화학공장 화재로 열한 명 사망 | 울산 화학공장 화재로 스물두 명 사망",
        // Turned round behind an equal beginning
        "여자배구 현진, 흥일에 3-1 승 | 여자배구 흥일, 현진에 3-1 승",
        // One with a small word for a name
        "이 대통령, 광복절 경축사서 통합 강조 | 윤 대통령, 광복절 경축사서 통합 강조",
        "한 전 총리, 광복절 행사 참석 | 이 전 총리, 광복절 행사 참석",
        // Who takes for known what the other reports
        "Istria bourse falls after Voss election win | Voss wins election in Istria",
    ] {
        let (one, other) = row.split_once(" | ").unwrap();
        for summary in ["", "Officials in the city said so."] {
            let verdict = compare(&item(one, summary), &item(other, summary), &Unknown);
            assert!(!matches!(verdict, Verdict::Same(_)), "{row}: {verdict:?}");
        }
    }
}

/// That what lies below a title names the other party, too, makes them no one.
#[test]
fn another_party_in_the_same_place_is_another_story() {
    for [one, below, other, other_below] in [
        [
            "Boeing wins order for 40 jets from Orient Air",
            "Airbus had bid, too.",
            "Airbus wins order for 40 jets from Orient Air",
            "Boeing had bid, too.",
        ],
        [
            "Regulator fines Boeing over door plugs",
            "Airbus isn't affected.",
            "Regulator fines Airbus over door plugs",
            "Boeing isn't affected.",
        ],
        [
            "현대차, 유럽 판매 12만대",
            "기아는 9만대를 팔았다.",
            "기아, 유럽 판매 9만대",
            "현대차는 12만대를 팔았다.",
        ],
    ] {
        let verdict = compare(&item(one, below), &item(other, other_below), &Unknown);
        assert!(matches!(verdict, Verdict::Differs(_)), "{one}: {verdict:?}");
    }
}

/// What looks like such a difference, and is how another desk says it.
#[test]
fn another_wording_is_one_story() {
    for [one, below, other, other_below] in [
        [
            "Skiers found dead on Mount Brenn",
            "Rescuers searched for three days.",
            "Two skiers found dead on Mount Brenn",
            "Rescuers searched for three days.",
        ],
        [
            "Two-car crash closes A12 near Harlow",
            "Nobody was hurt.",
            "Two cars crash, closing A12 near Harlow",
            "Nobody was hurt.",
        ],
        [
            "Harbor extension phase II approved by Norvik council",
            "Work starts in May.",
            "Norvik council clears phase 2 of harbor extension",
            "Work is to start in May.",
        ],
        [
            "Samkwang Q2 profit jumps 12 percent on chips",
            "It reached 3.1 trillion won.",
            "Samkwang second-quarter profit jumps 12% on chips",
            "Profit was 3.1 trillion won.",
        ],
        [
            "Samkwang Electronics second-quarter profit 3.1 trillion won",
            "It rose 12 percent.",
            "삼광전자 2분기 영업이익 3조1천억원",
            "작년보다 12% 늘었다.",
        ],
        [
            "Strike over at Port Hollis as dockers accept pay deal",
            "Work resumes on Monday.",
            "Strike ends at Port Hollis as dockers accept pay deal",
            "Work resumes on Monday.",
        ],
        [
            "Magnitude 4.4 earthquake hits Yeongdeok",
            "It struck at 1:02 a.m. Sunday at a depth of 9 km.",
            "4.4-magnitude quake shakes Yeongdeok at night",
            "No one was hurt, firefighters said.",
        ],
        [
            "에볼라 유행 종료 선포…루삼바",
            "42일간 환자가 없었다.",
            "루삼바 \"에볼라 유행 끝났다\" 선포",
            "42일째 새 환자가 없다.",
        ],
        [
            "Ship sinks off Wando with 11 sailors aboard",
            "All were saved.",
            "Ship sinks near Wando with 11 sailors aboard",
            "All were saved.",
        ],
        [
            "Minister Hale resigns over expenses row",
            "She had paid for a boat.",
            "Minister Hale resigns after expenses row",
            "She had paid for a boat.",
        ],
        [
            "Kremlin names Orlov defence minister",
            "Russia's president signed the decree.",
            "Russia names Orlov defence minister",
            "The Kremlin published the decree.",
        ],
        [
            "이 대통령, 일본 총리와 회담",
            "셔틀 외교를 재개한다.",
            "이재명 대통령, 일본 총리와 회담",
            "셔틀외교를 재개하기로 했다.",
        ],
        [
            "Hundreds evacuated after dam breaks near Brumal",
            "The village of Orlo was flooded.",
            "Dam breaks near Brumal, hundreds evacuated",
            "The village of Orlo is under water.",
        ],
    ] {
        let verdict = compare(&item(one, below), &item(other, other_below), &Unknown);
        assert!(matches!(verdict, Verdict::Same(_)), "{one}: {verdict:?}");
    }
}

#[test]
fn a_leader_that_differs_keeps_an_item_out_of_its_story() {
    let leader = item(
        "Fire guts Hotel Marlow in Dunmore, 3 dead",
        "It began in the laundry.",
    );
    let member = item(
        "Hotel Marlow in Dunmore gutted by fire",
        "The fire began in the laundry of the hotel.",
    );
    let new = item(
        "Fire guts Hotel Marlow in Dunmore, 5 dead",
        "It began in the laundry.",
    );
    let by_itself = Candidate {
        item: &member,
        leader: &member,
    };
    assert_eq!(join(&new, [by_itself], &Unknown), Some(0));
    let led = Candidate {
        item: &member,
        leader: &leader,
    };
    assert_eq!(join(&new, [led], &Unknown), None);
    assert_eq!(join(&new, [], &Unknown), None);
}

#[test]
fn long_titles_and_many_equal_ones_cost_little() {
    let words = [
        "Dunmore harbor pilots strike 41 ",
        "속초 호텔 화재 3명 ",
        "東都電鉄運賃値上",
        "9",
        "-",
        "🔥",
        "(",
        "a.b.",
        "&amp;",
    ];
    let long: Vec<Features> = words
        .iter()
        .map(|word| word.repeat(5_000 / word.chars().count() + 1))
        .map(|title| item(&title, &title))
        .collect();
    for one in &long {
        assert!(serde_json::to_string(one).unwrap().len() < 60_000);
        assert!(one.keys(&Unknown).len() <= 16);
        for other in &long {
            compare(one, other, &Unknown);
        }
    }
    // One story, said five hundred times in an hour: it stays one, whatever 50 candidates the store finds.
    let said: Vec<Features> = (0..500)
        .map(|at| {
            Features::of(
                "Mine collapse in Ister kills 11 workers",
                "Rescuers search for two more.",
                "Ashford Courier",
                at * 7,
            )
        })
        .collect();
    let mut leaders = Vec::new();
    for (at, new) in said.iter().enumerate() {
        let near = at.saturating_sub(50)..at;
        let candidates = near.clone().map(|earlier| Candidate {
            item: &said[earlier],
            leader: &said[0],
        });
        leaders.push(join(new, candidates, &Unknown).map(|_| 0).unwrap_or(at));
    }
    assert!(leaders.iter().all(|leader| *leader == 0));
}

fn texts() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "Dunmore",
        "fire",
        "kills",
        "3",
        "three",
        "11",
        "1,204",
        "4.1.7",
        "2-1",
        "CVE-2026-40112",
        "to",
        "not",
        "M5.8",
        "%",
        "$48m",
        "May 4",
        "Sept. 1",
        "3:22 a.m.",
        "[Breaking]",
        "(LEAD)",
        "Editorial:",
        "UPDATE 2:",
        "Hae-rin",
        "U.S.",
        "'s",
        "속초",
        "호텔에서",
        "화재",
        "3명",
        "1조2천억원",
        "제3차",
        "2호기",
        "8일",
        "만에",
        "오전 7시",
        "석",
        "달",
        "[속보]",
        "(종합2보)",
        "第2回",
        "協議",
        "値上げ",
        "12隻",
        "99999999999999999999억",
        "🔥",
        "&#x41;",
        "&#xFFFFFFFF;",
        "–",
        "-",
        "…",
        "\u{202E}",
    ]);
    prop_oneof![
        3 => prop::collection::vec(words, 0..14).prop_map(|words| words.join(" ")),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn comparing_is_symmetric_and_deterministic(
        a in (texts(), texts(), 0..20_i64), b in (texts(), texts(), 0..20_i64),
    ) {
        let of = |(title, summary, hours): &(String, String, i64)| {
            Features::of(title, summary, "Ashford Courier", hours * 3_600)
        };
        let (x, y) = (of(&a), of(&b));
        prop_assert_eq!(&x, &of(&a));
        prop_assert_eq!(x.keys(&Unknown), of(&a).keys(&Unknown));
        let verdict = compare(&x, &y, &Unknown);
        prop_assert_eq!(verdict, compare(&y, &x, &Unknown));
        prop_assert_eq!(verdict, compare(&of(&a), &of(&b), &Unknown));
        // What is stored and read again compares alike.
        let stored: Features = serde_json::from_str(&serde_json::to_string(&x).unwrap()).unwrap();
        prop_assert_eq!(&stored, &x);
    }

    #[test]
    fn an_item_differs_from_none_of_its_copies(title in texts(), summary in texts()) {
        let verdict = compare(&item(&title, &summary), &item(&title, &summary), &Unknown);
        prop_assert!(!matches!(verdict, Verdict::Differs(_)), "{:?}", verdict);
    }
}
