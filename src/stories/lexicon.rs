//! Words that decide, per language, as data (Long, for it is data). Each row says why it is there.

use std::sync::LazyLock;

use regex::Regex;

/// What an item is, besides plain news: it isn't the story that it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Genre {
    Opinion,
    Analysis,
    Interview,
    Correction,
}

/// Tags by which publishers mark what isn't plain news.
pub(super) const GENRES: &[(Genre, &[&str])] = &[
    (
        Genre::Opinion,
        &[
            "editorial",
            "opinion",
            "op-ed",
            "column",
            "commentary",
            "사설",
            "칼럼",
            "기고",
            "오피니언",
            "社説",
        ],
    ),
    (
        Genre::Analysis,
        &[
            "analysis",
            "news focus",
            "in focus",
            "explainer",
            "q&a",
            "포커스",
            "해설",
            "분석",
            "팩트체크",
            "解説",
        ],
    ),
    (Genre::Interview, &["interview", "인터뷰", "インタビュー"]),
    (
        Genre::Correction,
        &["correction", "corrected", "정정", "바로잡", "訂正"],
    ),
];

/// Signs by which agencies write states and institutions, and what they stand for: the same actor.
pub(super) const SIGNS: &[(&str, &str)] = &[
    ("北", "북한"),
    ("美", "미국"),
    ("與野", "여야"),
    ("檢", "검찰"),
    ("日", "일본"),
    ("中", "중국"),
    ("韓", "한국"),
    ("靑", "청와대"),
    ("與", "여당"),
    ("野", "야당"),
    ("軍", "군"),
    ("警", "경찰"),
];

/// Spellings of one actor in Latin letters.
pub(super) const SPELLINGS: &[(&str, &str)] = &[
    ("S. Korea", "South Korea"),
    ("N. Korea", "North Korea"),
    ("DPRK", "North Korea"),
    ("Gov't", "Government"),
    ("EE. UU.", "Estados Unidos"),
    ("EE.UU.", "Estados Unidos"),
    ("U.S.", "US"),
];

/// Numbers that are written as words, by language.
pub(super) const NUMERALS: &[(&str, u32)] = &[
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
    ("seis", 6),
    ("siete", 7),
    ("ocho", 8),
    ("nueve", 9),
    ("diez", 10),
    ("zwei", 2),
    ("drei", 3),
    ("vier", 4),
    ("fünf", 5),
    ("sechs", 6),
    ("sieben", 7),
    ("acht", 8),
    ("neun", 9),
    ("zehn", 10),
    ("deux", 2),
    ("trois", 3),
    ("quatre", 4),
    ("cinq", 5),
    ("sept", 7),
    ("huit", 8),
    ("neuf", 9),
    ("dix", 10),
];

/// Korean numerals before a counter.
pub(super) const KOREAN_NUMERALS: &[(&str, u32)] = &[
    ("한", 1),
    ("두", 2),
    ("세", 3),
    ("네", 4),
    ("다섯", 5),
    ("여섯", 6),
    ("일곱", 7),
    ("여덟", 8),
    ("아홉", 9),
    ("열", 10),
    ("석", 3),
    ("넉", 4),
];

/// What Koreans count with.
pub(super) const COUNTERS: &[&str] = &[
    "명", "척", "곳", "가구", "마리", "개", "채", "대", "건", "차례", "번", "시간", "달", "살",
    "구", "위",
];

/// Multiples, by language and by how tickers clip them.
pub(super) const SCALES: &[(&str, f64)] = &[
    ("thousand", 1e3),
    ("million", 1e6),
    ("mln", 1e6),
    ("m", 1e6),
    ("billion", 1e9),
    ("bn", 1e9),
    ("bln", 1e9),
    ("trillion", 1e12),
    ("trln", 1e12),
    ("trn", 1e12),
];

/// Ordinals as words: the first debate isn't the second.
pub(super) const ORDINALS: &[&str] = &[
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth",
];

pub(super) const WEEKDAYS: &[&str] = &[
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

pub(super) const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "aug",
    "sep",
    "sept",
    "oct",
    "nov",
    "dec",
];

/// Units of clock and calendar: they date a text, and are no figures of its event.
pub(super) const TIMES: &[&str] = &[
    "시", "분", "일", "월", "년", "時", "日", "月", "年", "a", "p", "am", "pm", "hours", "days",
    "day", "month", "months", "weeks", "years", "year",
];

/// Korean particles and endings, the longest first: they say what a noun does, not which it is.
pub(super) const PARTICLES: &[&str] = &[
    "으로부터",
    "이라고",
    "에서는",
    "에게서",
    "으로써",
    "으로서",
    "라고",
    "에서",
    "에게",
    "으로",
    "까지",
    "부터",
    "처럼",
    "보다",
    "마다",
    "조차",
    "께서",
    "이나",
    "에는",
    "로는",
    "은",
    "는",
    "이",
    "가",
    "을",
    "를",
    "의",
    "에",
    "로",
    "와",
    "과",
    "도",
    "만",
    "서",
    "께",
    "나",
];

/// English words that carry no meaning of their own.
pub(super) const STOP: &str = " a an the and or of in on at to for from by with as is are was were be been has have had \
    it its his her their they he she this that these those after before over under into out off up down than then \
    when while about against between during not no new said says say will would could may might can who which what \
    why how all any some more most other another also only just first last one per via amid among near vs versus ";

/// English words that half of all news are made of, in their stems: that two texts share one says little.
pub(super) const COMMON: &str = " people man woman men women person year month week day today time state government \
    ministry minister president official company companies compan firm country countr national city cities court town \
    police report agency agenc group world north south east west korea korean seoul us united china japan american plan \
    talk deal law bill case market percent million billion won home house school life work end start back high top \
    record rise fall open clos close hit make tak take call find found show get giv give hold held set mov move win lead \
    leader member party part public local foreign international security military police fire water power energy \
    economy econom business price money bank tax trade health hospital doctor student child children family famil vote \
    elect election mayor lawmaker assembly parliament service worker union strik strike office department head chief \
    director team game league match cup final season player score goal injur kill dead die death miss rescu search ship \
    boat vessel ferry car bus train line road bridge build land sea island river mountain weather rain storm heat air \
    system data app online software version releas support user use study research researcher scientist university test \
    launch statement spokesperson source accord thursday friday saturday sunday monday tuesday wednesday ";

/// A row of phrases, as one expression over text in lower case.
type Row = LazyLock<Regex>;

macro_rules! row {
    // What a row is about is said for whoever reads it.
    ($about:literal, $words:literal) => {
        LazyLock::new(|| Regex::new($words).expect("a row of the lexicon"))
    };
}

/// What takes something back or disputes it: whoever says that isn't the one who said it first.
static REVERSAL: Row = row!(
    "reversal",
    r"\b(den(y|ies|ied|ial)|groundless|refut\w+|retract\w*|withdraws? claim|annul\w*|contrary to|call(s|ed)? off|cancel\w*|postpone\w*|correct(s|ed|ion))\b|부인|사실무근|취소|철회|정정|번복|否認|打ち消|撤回"
);

/// Denial in the titles themselves.
static NOT: Row = row!(
    "not",
    r"\b(not|no|never|without|nicht|keine?)\b|n't\b|않|(^|\s)안\s|없|못|ない"
);

/// Outcomes that exclude each other.
static OPPOSITES: [(Row, Row); OPPOSITES_LEN] = [
    (
        row!(
            "confirmed",
            r"\b(confirm|admit|acknowledg|claim)\w*|인정|認める|認め"
        ),
        row!(
            "denied",
            r"\b(den(y|ies|ied)|groundless|refut\w*|dismiss\w*|retract\w*|withdraw\w*)\b|부인|사실무근|否認|일축|철회"
        ),
    ),
    (
        row!(
            "passed",
            r"\b(approv|adopt|ratif|accept|endors|agree)\w*|\bpass(es|ed)?\b|가결|통과|승인|합의|타결|可決"
        ),
        row!(
            "rejected",
            r"\b(reject|refus|veto|collaps)\w*|\b(vot\w*|turn\w*) down\b|\bfail\w* to agree|부결|거부|반려|결렬|무산|否決"
        ),
    ),
    (
        row!("succeeded", r"\bsucce\w*|성공|成功"),
        row!("failed", r"\bfail\w*|실패|失敗"),
    ),
    (
        row!("guilty", r"\b(convict|guilty)\w*|유죄|有罪"),
        row!("not guilty", r"\b(acquit\w*|not guilty|innocent)|무죄|無罪"),
    ),
    (
        row!(
            "won",
            r"\b(beats?|wins?|won|victory|edges?)\b|승리|꺾|역전승"
        ),
        row!(
            "lost",
            r"\b(loses?|lost|defeat(ed)? by)\b|패배|무승부|완패|역전패"
        ),
    ),
    (
        row!(
            "up",
            r"\b(rise|rises|rose|jumps?|soars?|gains?|increases?|raises?|hikes?|higher)\b|상승|급등|인상|증가"
        ),
        row!(
            "down",
            r"\b(falls?|fell|drops?|slumps?|plunges?|declines?|decreases?|cuts?|lower|slash\w*)\b|하락|급락|인하|감소"
        ),
    ),
    (
        row!(
            "begun",
            r"\b(begins?|starts?|launch\w*|goes? on strike|opens?)\b|돌입|시작|개막|착수|개시"
        ),
        row!(
            "ended",
            r"\b(ends?|ended|over|suspend\w*|closes?|call(s|ed)? off|cancel\w*)\b|종료|끝|폐막|중단|취소"
        ),
    ),
    (
        row!("missing", r"\bmissing\b|실종"),
        row!(
            "found",
            r"\b(bod(y|ies)|found dead|found alive)\b|숨진 채|주검|시신"
        ),
    ),
    (
        row!("caught", r"\b(arrest|detain|caught)\w*|검거|붙잡|체포|구속"),
        row!(
            "sought",
            r"\b(seek|hunt|search for|at large|flee|fled)\w*|추적|수배|달아나|도주"
        ),
    ),
];

/// What an event leads to is an event of its own: where one title says so and the other text doesn't, they are two.
static AFTERMATHS: [Row; AFTERMATHS_LEN] = [
    row!(
        "law",
        r"\b(su(e|es|ed|ing)|lawsuits?|acquit\w*|indict\w*|convict\w*)\b|소송|기소|提訴"
    ),
    row!("appeal", r"\bappeals?\b|항소|상고|控訴|上告"),
    row!(
        "probe",
        r"\b(probe|raid(s|ed)?|inquiry|investigat\w+)\b|압수수색|수사|捜索"
    ),
    row!("fine", r"\bfine(s|d)\b|과징금|과태료|벌금"),
    row!("wider", r"\b(widen\w*|expand\w*)\b|확대|拡大"),
    row!("aftershock", r"\baftershocks?\b|여진|余震"),
    row!(
        "funeral",
        r"\b(funeral|mourn\w*|farewell to|burial|laid to rest|coffin)\b|영결식|장례|발인|葬儀"
    ),
    row!(
        "reaction",
        r"\b(urges?|condemn\w*|welcom\w*|react\w*|respond\w*|praises?|criticiz\w*|slams?)\b|촉구|규탄|반발|환영|유감|논평|批判|非難"
    ),
    row!("vote ahead", r"찬반투표|\bto vote\b|\bheute\b"),
    row!(
        "candidate",
        r"\b(release candidate|beta|alpha|rc ?\d)\b|베타|back in service|\breopen\w*|운행 재개|정상화"
    ),
];

/// Software that is out.
static RELEASED: Row = row!(
    "released",
    r"\b(releas\w*|available|is out|ships|lands)\b|배포|출시|공개"
);

/// Which rows a text says, as bits in the order of [`rows`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Said(u64);

fn rows() -> impl Iterator<Item = &'static Row> {
    [&REVERSAL, &NOT, &RELEASED]
        .into_iter()
        .chain(AFTERMATHS.iter())
        .chain(OPPOSITES.iter().flat_map(|(one, other)| [one, other]))
}

/// The first row of [`AFTERMATHS`], and the first of [`OPPOSITES`].
const FIRST_AFTERMATH: usize = 3;
const FIRST_OPPOSITE: usize = FIRST_AFTERMATH + AFTERMATHS_LEN;
const AFTERMATHS_LEN: usize = 10;
const OPPOSITES_LEN: usize = 9;

impl Said {
    /// Looks for every row once, so that comparing with many texts looks for none.
    pub(super) fn in_text(lower: &str) -> Said {
        let bits = rows().zip(0..).filter(|(row, _)| row.is_match(lower));
        Said(bits.fold(0, |said, (_, bit)| said | 1 << bit))
    }

    fn has(self, row: usize) -> bool {
        self.0 >> row & 1 == 1
    }

    /// Whether something is taken back or disputed.
    pub(super) fn reverses(self) -> bool {
        self.has(0)
    }

    /// Whether something isn't so.
    pub(super) fn negates(self) -> bool {
        self.has(1)
    }

    /// Whether software is out.
    pub(super) fn releases(self) -> bool {
        self.has(2)
    }

    /// Whether it tells of something that an event led to and that the other text doesn't tell.
    pub(super) fn leads_beyond(self, other: Said) -> bool {
        let aftermaths = ((1 << AFTERMATHS_LEN) - 1) << FIRST_AFTERMATH;
        self.0 & !other.0 & aftermaths != 0
    }

    /// The outcomes that each of the opposites has here: the first, the second, or neither (or both).
    pub(super) fn outcomes(self) -> [Option<bool>; OPPOSITES_LEN] {
        std::array::from_fn(|at| {
            let row = FIRST_OPPOSITE + 2 * at;
            match (self.has(row), self.has(row + 1)) {
                (true, false) => Some(true),
                (false, true) => Some(false),
                _ => None,
            }
        })
    }
}
