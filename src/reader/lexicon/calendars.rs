//! What years, months, days and hours are called where numbers count them.

/// How eras of East Asia begin, as the year before their first one.
pub(crate) const ERAS: [(&str, i16); 6] = [
    ("令和", 2018),
    ("平成", 1988),
    ("昭和", 1925),
    ("民國", 1911),
    ("民国", 1911),
    ("중화민국", 1911),
];

/// Behind a year's number.
pub(crate) const YEARS: [&str; 2] = ["년", "年"];

/// Behind a month's number.
pub(crate) const MONTHS: [&str; 2] = ["월", "月"];

/// Behind a day's number.
pub(crate) const DAYS: [&str; 4] = ["일", "日", "号", "號"];

/// The half of the day, by the clock's hour of twelve.
pub(crate) const HALVES_OF_DAYS: &str =
    r"(?i)(?:(?P<after>\d\s?p\.?m\b|오후|午後|下午|\bCH\b|chiều)|\d\s?a\.?m\b|오전|午前|上午)";

/// `09:00:00.5`, `9시 30분`, `kl. 9.30`, `9.30 Uhr`, `9h30`, `9 am`
pub(crate) const CLOCKS: &str = r"(?xi)
          (?:\b|T) (?P<h>\d{1,2}) : (?P<m>\d{2}) (?: : (?P<s>\d{2}) (?: [.,]\d+ )? )?
        | (?P<hc>\d{1,2}) \s? [시時时点點] \s? (?: (?P<mc>\d{1,2}) \s? [분分] \s? (?: (?P<sc>\d{1,2}) \s? [초秒] )? )?
        | \b (?: kl\.? | um ) \s? (?P<hp>\d{1,2}) [.:] (?P<mp>\d{2}) \b
        | \b (?P<hu>\d{1,2}) \. (?P<mu>\d{2}) \s Uhr
        | \b (?P<hf>\d{1,2}) \s? h \s? (?P<mf>\d{2})? \b
        | \b (?P<ha>\d{1,2}) \s? (?: [ap]\.?m\b | Uhr )";
