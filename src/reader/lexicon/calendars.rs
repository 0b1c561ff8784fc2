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

/// What stands between the first of several days and the last.
pub(crate) const RANGES: [char; 5] = ['-', '–', '—', '~', '〜'];

/// The part of the day that a clock of twelve hours is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// From midnight on.
    Morning,
    /// From shortly before noon on: its eleven is before, its one is behind.
    Noon,
    /// From noon on.
    Afternoon,
    /// From the evening on until it dawns: its twelve is midnight, its one is behind that.
    Night,
}

/// What parts of the day are called beside a time, in small letters without points; of two that begin alike the longer first.
pub(crate) const PARTS: &[(&str, Part)] = &[
    ("am", Part::Morning),
    ("pm", Part::Afternoon),
    ("오전", Part::Morning),
    ("새벽", Part::Morning),
    ("아침", Part::Morning),
    ("낮", Part::Noon),
    ("오후", Part::Afternoon),
    ("저녁", Part::Night),
    ("밤", Part::Night),
    ("午前", Part::Morning),
    ("朝", Part::Morning),
    ("昼", Part::Noon),
    ("午後", Part::Afternoon),
    ("夕方", Part::Afternoon),
    ("夜中", Part::Night),
    ("夜", Part::Night),
    ("上午", Part::Morning),
    ("凌晨", Part::Morning),
    ("清晨", Part::Morning),
    ("早上", Part::Morning),
    ("早晨", Part::Morning),
    ("中午", Part::Noon),
    ("下午", Part::Afternoon),
    ("傍晚", Part::Afternoon),
    ("晚上", Part::Night),
    ("晚间", Part::Night),
    ("晚間", Part::Night),
    ("sáng", Part::Morning),
    ("sa", Part::Morning),
    ("trưa", Part::Noon),
    ("chiều", Part::Afternoon),
    ("ch", Part::Afternoon),
    ("tối", Part::Night),
    ("đêm", Part::Night),
    ("дп", Part::Morning),
    ("пп", Part::Afternoon),
    ("dop", Part::Morning),
    ("odp", Part::Afternoon),
    ("öö", Part::Morning),
    ("ös", Part::Afternoon),
];

/// Parts of the day that stand behind a time only: in front `Sa` is a Saturday.
pub(crate) const BEHIND_TIMES: [&str; 2] = ["sa", "ch"];

/// `09:00:00.5`, `9시 30분`, `kl. 9.30`, `9.30 Uhr`, `9h30`, `9 am`. Before the hour letters may stand that aren't those of ASCII,
/// for Han and Hangul need no space.
pub(crate) const CLOCKS: &str = r"(?xi)
          (?: (?-u:\b) | T ) (?P<h>\d{1,2}) : (?P<m>\d{2}) (?: : (?P<s>\d{2}) (?: [.,]\d+ )? )?
        | (?P<hc>\d{1,2}) \s? (?: [시時时点點] | giờ )
            (?: \s? (?P<mc>\d{1,2}) \s? (?: [분分] | phút ) (?: \s? (?P<sc>\d{1,2}) \s? [초秒] )? )?
        | \b (?: kl\.? | klo | klokken | klockan | um | godz\.? | pukul | jam | ore | saat ) \s?
            (?P<hp>\d{1,2}) [.:] (?P<mp>\d{2}) (?: [.:] (?P<sp>\d{2}) )? \b
        | (?-u:\b) (?P<hu>\d{1,2}) \. (?P<mu>[0-5]\d) (?: \. (?P<su>[0-5]\d) )? \s?
            (?: (?P<halfu> [ap] (?: \.\s? )? m \b \.? ) | (?: Uhr | uur | hs? ) \b )
        | (?-u:\b) (?P<hf>\d{1,2}) \s? h \s? (?P<mf>\d{2})? \b
        | (?-u:\b) (?P<ha>\d{1,2}) (?: \s? (?P<half> [ap] (?: \.\s? )? m \b \.? ) | \s Uhr )";

/// `21.05`, `21.05.30`, which may be many things.
pub(crate) const POINTED_CLOCKS: &str =
    r"(?-u:\b)(?P<h>\d{1,2})\.(?P<m>[0-5]\d)(?:\.(?P<s>[0-5]\d))?(?-u:\b)";
