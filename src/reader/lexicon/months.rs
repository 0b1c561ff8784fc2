//! What months, weekdays and the words around dates are called, short, long and inflected.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Each month's names in English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish,
/// Czech and Slovak, Russian, Ukrainian and Bulgarian, Turkish, Indonesian, Finnish, Hungarian, Romanian and Greek, in
/// lower case. Korean, Japanese, Chinese and Vietnamese count their months.
const MONTHS: [&str; 12] = [
    "january jan januar jänner jän janvier janv enero ene gennaio genn gen janeiro januari styczeń stycznia sty leden \
     ledna led január januára январь января январе янв січень січня січ януари ocak oca tammikuu tammikuuta ianuarie \
     ian ιανουαρίου ιανουάριος ιαν",
    "february feb februar feber février févr fév fevrier fevr fev febrero febbraio febb fevereiro februari luty lutego \
     lut únor února úno február februára февраль февраля феврале фев февр лютий лютого лют февруари şubat şub subat \
     febr helmikuu helmikuuta februarie φεβρουαρίου φεβρουάριος φεβ",
    "march mar märz mär mrz maerz mars marzo março marco maart mrt marts marzec marca březen března bře marec март \
     марта марте мар березень березня бер mart maret márc március maaliskuu maaliskuuta martie μαρτίου μάρτιος μαρ",
    "april apr avril avr abril abr aprile kwiecień kwietnia kwi duben dubna dub apríl apríla апрель апреля апреле апр \
     квітень квітня квіт кві април nisan nis ápr április huhtikuu huhtikuuta aprilie απριλίου απρίλιος απρ",
    "may mai mayo maggio magg mag maio mei maj maja květen května kvě máj mája май мая мае травень травня трав тра \
     mayıs mayis május toukokuu toukokuuta μαΐου μάιος μαΐ",
    "june jun juni juin junio giugno giu junho czerwiec czerwca cze červen června čvn jún júna июнь июня июне июн \
     червень червня черв чер юни haziran haz június kesäkuu kesäkuuta iunie ιουνίου ιούνιος ιουν",
    "july jul juli juillet juil julio luglio lug julho lipiec lipca lip červenec července čvc júl júla июль июля июле \
     июл липень липня лип юли temmuz tem július heinäkuu heinäkuuta iulie ιουλίου ιούλιος ιουλ",
    "august aug août aout aoû agosto ago augustus augusti sierpień sierpnia sie srpen srpna srp augusta август августа \
     августе авг серпень серпня серп сер ağustos ağu agustos agustus agu agt augusztus elokuu elokuuta αυγούστου \
     αύγουστος αυγ",
    "september sep sept septembre septiembre setiembre set settembre sett setembro wrzesień września wrz září zář \
     septembra сентябрь сентября сентябре сен сент вересень вересня вер септември eylül eyl eylul szeptember szept \
     syyskuu syyskuuta septembrie σεπτεμβρίου σεπτέμβριος σεπ",
    "october oct oktober okt octobre octubre ottobre ott outubro out październik października paź říjen října říj \
     október októbra октябрь октября октябре окт жовтень жовтня жовт жов октомври ekim eki lokakuu lokakuuta \
     octombrie οκτωβρίου οκτώβριος οκτ",
    "november nov novembre noviembre novembro listopad listopada listopadu lis novembra ноябрь ноября ноябре ноя нояб \
     листопад листопада лист лис ноември kasım kas kasim nopember marraskuu marraskuuta noiembrie νοεμβρίου \
     νοέμβριος νοε",
    "december dec dezember dez décembre déc decembre diciembre dic dicembre dezembro desember des grudzień grudnia gru \
     prosinec prosince pro decembra декабрь декабря декабре дек грудень грудня груд гру декември aralık ara aralik \
     joulukuu joulukuuta decembrie δεκεμβρίου δεκέμβριος δεκ",
];

/// Vietnamese months that are written out, behind `tháng`.
pub(crate) const OF_VIETNAM: [&[&str]; 12] = [
    &["giêng", "một"],
    &["hai"],
    &["ba"],
    &["tư", "bốn"],
    &["năm"],
    &["sáu"],
    &["bảy"],
    &["tám"],
    &["chín"],
    &["mười"],
    &["mười", "một"],
    &["mười", "hai"],
];

const WEEKDAYS: &str = "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday \
     sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so lundi mardi \
     mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim lunes martes miércoles miercoles jueves \
     viernes sábado sabado domingo mié jue vie sáb dom lunedì martedì mercoledì giovedì venerdì sabato domenica gio \
     sab segunda terça quarta quinta sexta feira seg ter qua qui sex maandag dinsdag woensdag donderdag vrijdag \
     zaterdag zondag ma wo vr za zo måndag tisdag onsdag torsdag fredag lördag söndag mån tis ons tors fre lör sön \
     mandag tirsdag lørdag søndag poniedziałek wtorek środa środę czwartek piątek sobota sobotę niedziela niedzielę \
     pon wt śr czw pt sob niedz nd pondělí úterý středa středu čtvrtek pátek sobotu neděle neděli po út st čt pá ne \
     понедельник вторник среда среду четверг пятница пятницу суббота субботу воскресенье пн вт ср чт пт сб вс \
     понеділок вівторок середа середу четвер п ятниця пʼятниця ятницю субота суботу неділя неділю нд pazartesi salı \
     çarşamba perşembe cuma cumartesi pazar pzt sal çar per cum cmt paz thứ hai ba tư năm sáu bảy chủ nhật senin \
     selasa rabu kamis jumat sabtu minggu sen sel rab kam jum min 월요일 화요일 수요일 목요일 금요일 토요일 일요일 월 화 수 \
     목 금 토 일 月曜日 火曜日 水曜日 木曜日 金曜日 土曜日 日曜日 月曜 火曜 水曜 木曜 金曜 土曜 日曜 月 火 水 木 金 土 日 \
     星期一 星期二 星期三 星期四 星期五 星期六 星期日 星期天 周一 周二 周三 周四 周五 周六 周日 週一 週二 週三 週四 週五 \
     週六 週日";

/// What may stand between a day, its month and its year.
const BETWEEN: &str = "of de del d di do da den the le el il am dem v го г р r roku року года năm";

/// What stands between the first of several days and the last.
pub(crate) const UNTIL: [&str; 6] = ["to", "through", "thru", "till", "til", "until"];

/// What stands before a date that says what is dated.
const BEFORE: &str = "last published posted updated modified date dated on first veröffentlicht erschienen aktualisiert \
     stand datum vom publié publiée publie mis à jour paru publicado publicada actualizado fecha pubblicato aggiornato \
     data em atualizado geplaatst gepubliceerd bijgewerkt op publicerad uppdaterad opublikowano publikováno \
     aktualizováno vydáno опубликовано обновлено дата опубліковано оновлено yayınlanma yayın tarihi tarih güncelleme \
     đăng ngày cập nhật lúc diterbitkan diperbarui tanggal pada 입력 수정 게시 등록 작성 발행 일자 날짜 게시일 작성일 등록일 \
     입력일 발행일 기사입력 최종수정 승인 업데이트 송고 公開 公開日 更新 更新日 掲載 投稿 投稿日 配信 配信日 日時 公開日時 \
     更新日時 投稿日時 发布 发布于 发布时间 更新于 更新时间 发表时间 發布 發佈 發布時間 發佈時間 更新時間 日期 时间 時間 发表";

/// What stands behind a date beside numbers: the words of a clock.
const CLOCK: &str = "at am pm a p m h um uhr kl klo klokken klockan à alle ore godz saat giờ phút lúc pukul jam o v в у às las \
     hs z om 오전 오후 시 분 초 午前 午後 上午 下午 時 分 秒 时 点 點 uur hod";

/// What a day of the week is called in front of its number, from 2 for Monday to 7 for Saturday, as Vietnam counts them.
const NUMBERED_WEEKDAYS: [&str; 3] = ["thứ", "th", "t"];

static OF_MONTHS: LazyLock<HashMap<&str, i8>> = LazyLock::new(|| {
    let numbered = (1_i8..).zip(MONTHS);
    numbered
        .flat_map(|(number, names)| names.split_whitespace().map(move |name| (name, number)))
        .collect()
});

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

static OF_WEEKDAYS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(WEEKDAYS));
static OF_BETWEEN: LazyLock<HashSet<&str>> = LazyLock::new(|| set(BETWEEN));
static OF_BEFORE: LazyLock<HashSet<&str>> = LazyLock::new(|| set(BEFORE));
static OF_CLOCKS: LazyLock<HashSet<&str>> = LazyLock::new(|| set(CLOCK));

/// The month that is called so, in lower case.
pub(crate) fn month(word: &str) -> Option<i8> {
    OF_MONTHS.get(word).copied()
}

/// Whether a day of the week is called so.
pub(crate) fn is_weekday(word: &str) -> bool {
    OF_WEEKDAYS.contains(word)
}

/// Whether a word and a number behind it are a day of the week: `Thứ 7`, `T7`.
pub(crate) fn is_numbered_weekday(word: &str, number: u32) -> bool {
    NUMBERED_WEEKDAYS.contains(&word) && (2..=7).contains(&number)
}

/// Whether a word may stand between a day, its month and its year.
pub(crate) fn joins(word: &str) -> bool {
    OF_BETWEEN.contains(word)
}

/// Whether a word in front of a date says what is dated.
pub(crate) fn introduces(word: &str) -> bool {
    OF_BEFORE.contains(word) || joins(word) || is_weekday(word)
}

/// Whether a word behind a date belongs to it or to a time.
pub(crate) fn follows(word: &str) -> bool {
    OF_CLOCKS.contains(word) || joins(word) || is_weekday(word)
}
