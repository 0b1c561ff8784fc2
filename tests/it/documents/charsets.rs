//! Charsets: one code for files, feeds, pages and mail.

use encoding_rs::{
    BIG5, EUC_JP, EUC_KR, Encoding, GB18030, ISO_2022_JP, KOI8_R, SHIFT_JIS, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1254,
};
use tidings_reader::{Document, Layout};

use super::rules;

/// The title of the first item of a document.
fn title(name: &str, bytes: Vec<u8>, charset: Option<&str>) -> String {
    let document = Document {
        name: name.to_owned(),
        bytes,
        charset: charset.map(str::to_owned),
        ..Document::default()
    };
    match tidings_reader::parse(&document, &rules(Layout::Double)) {
        Ok(page) => page.drafts[0].title.clone(),
        Err(why) => why.to_string(),
    }
}

fn feed(declared: &str, title: &str) -> String {
    format!(
        "<?xml version=\"1.0\"{declared}?><rss version=\"2.0\"><channel><item><title>{title}</title></item></channel></rss>"
    )
}

const TEXTS: [(&str, &Encoding, &str); 14] = [
    ("ms949", EUC_KR, "철도 연결 논의 재개, 다음 주 회담"),
    (
        "KS_C_5601-1987",
        EUC_KR,
        "철도 연결 논의 재개, 다음 주 회담",
    ),
    ("cp949", EUC_KR, "철도 연결 논의 재개, 다음 주 회담"),
    ("UHC", EUC_KR, "철도 연결 논의 재개, 다음 주 회담"),
    ("cp932", SHIFT_JIS, "新しいクレーンが三日で完成した"),
    ("Shift_JIS", SHIFT_JIS, "新しいクレーンが三日で完成した"),
    ("euc-jp", EUC_JP, "新しいクレーンが三日で完成した"),
    ("ISO-2022-JP", ISO_2022_JP, "新しいクレーンが三日で完成した"),
    ("cp936", GB18030, "新的起重机在两天内完工"),
    ("Big5-HKSCS", BIG5, "新的起重機在兩天內完工"),
    ("koi8-r", KOI8_R, "Новый кран поставили за два дня"),
    ("CP1251", WINDOWS_1251, "Новый кран поставили за два дня"),
    ("windows-1250", WINDOWS_1250, "Nový jeřáb stál za dva dny"),
    ("iso-8859-9", WINDOWS_1254, "Yeni vinç iki günde kuruldu"),
];

#[test]
fn whoever_says_it() {
    for (label, encoding, text) in TEXTS {
        let of = |text: &str| encoding.encode(text).0.into_owned();
        let declared = format!(" encoding=\"{label}\"");
        assert_eq!(
            title("feed", of(&feed(&declared, text)), None),
            text,
            "{label}, declared"
        );
        assert_eq!(
            title("feed", of(&feed("", text)), Some(label)),
            text,
            "{label}, told"
        );
        // Another's word that the bytes contradict is none.
        assert_eq!(
            title("feed", of(&feed(&declared, text)), Some("utf-8")),
            text,
            "{label}, utf-8"
        );
        assert_eq!(
            title("feed", of(&feed(&declared, text)), Some("us-ascii")),
            text,
            "{label}, ascii"
        );
        assert_eq!(
            title("feed", of(&feed(&declared, text)), Some("iso-8859-1")),
            text,
            "{label}, latin"
        );
        // What is UTF-8 is UTF-8, whatever is said of it.
        let utf8 = feed(&declared, text).into_bytes();
        for told in [None, Some("us-ascii"), Some("iso-8859-1"), Some(label)] {
            assert_eq!(title("feed", utf8.clone(), told), text, "{label}, {told:?}");
        }
        let page = format!(
            "<html><head><meta charset=\"{label}\"></head><body><h2>Japan</h2><h3>{text}</h3><p>A.</p></body></html>"
        );
        assert_eq!(title("page", of(&page), None), text, "{label}, page");
        let digest = format!("{text}\n\n{text}\n\n\n{text}\n\n{text}\n");
        assert_eq!(
            title("page.txt", of(&digest), Some(label)),
            text,
            "{label}, text"
        );
    }
    let french = WINDOWS_1252
        .encode("Le nouveau chargeur a été posé à l’été")
        .0
        .into_owned();
    let page = [
        b"<html><body><h2>Japan</h2><h3>",
        french.as_slice(),
        b"</h3><p>A.</p></body></html>",
    ]
    .concat();
    assert_eq!(
        title("page", page, Some("iso-8859-1")),
        "Le nouveau chargeur a été posé à l’été"
    );
}

#[test]
fn a_mark_says_better_than_a_server_which_byte_comes_first() {
    let text = "Japan\n\n\nSquid counted again\n\nMany words.\n";
    let little = text.encode_utf16().flat_map(u16::to_le_bytes);
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(little).collect();
    let big = text.encode_utf16().flat_map(u16::to_be_bytes);
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(big).collect();
    for told in ["utf-16", "utf-16le", "utf-16be", "unicode", "utf-8"] {
        for bytes in [&little, &big] {
            assert_eq!(
                title("page.txt", bytes.clone(), Some(told)),
                "Squid counted again",
                "{told}"
            );
        }
    }
}
