//! What an item says, written down: a sixth of what it takes as JSON, which is longer than all the rest of an item.
//!
//! Lines of texts that tabs part; neither stands in a text that was read. The first line tells how the item is told and when;
//! behind it six lines tell of its title, and six of its summary.

use std::fmt::Write as _;

use compact_str::CompactString;

use super::features::Features;
use super::figures::{Figure, Role};
use super::reading::{Reading, Telling, Token, TokenKind};

/// How an item is told, as a letter.
const fn letter_of_telling(telling: Telling) -> char {
    match telling {
        Telling::Report => 'r',
        Telling::Opinion => 'o',
        Telling::Explainer => 'e',
        Telling::Correction => 'c',
    }
}

const TELLINGS: [Telling; 4] = [
    Telling::Report,
    Telling::Opinion,
    Telling::Explainer,
    Telling::Correction,
];

/// What a figure says, as a letter.
const fn letter_of_role(role: Role) -> char {
    match role {
        Role::Amount => 'a',
        Role::Ordinal => 'o',
        Role::Member => 'm',
        Role::Score => 's',
        Role::Version => 'v',
        Role::Day => 'd',
        Role::Month => 'n',
        Role::Weekday => 'w',
        Role::Clock => 'c',
        Role::Year => 'y',
    }
}

const ROLES: [Role; 10] = [
    Role::Amount,
    Role::Ordinal,
    Role::Member,
    Role::Score,
    Role::Version,
    Role::Day,
    Role::Month,
    Role::Weekday,
    Role::Clock,
    Role::Year,
];

/// Stands before a token that the item takes as known.
const BACKGROUND: char = '*';

impl Features {
    /// Writes it down, in some 200 bytes, or 500 where the summary is as long as a digest's.
    pub fn written(&self) -> String {
        let (_, source, text) = self.order;
        let mut out = String::with_capacity(1_024);
        // A string takes whatever is written.
        let _ = write!(
            out,
            "{}{}\t{}\t{source:x}\t{text:x}",
            letter_of_telling(self.telling),
            u8::from(self.is_update),
            self.moment
        );
        for reading in [&self.title, &self.summary] {
            write_reading(&mut out, reading);
        }
        out
    }

    /// Reads what was [written](Features::written); `None` if that is none.
    pub fn read(written: &str) -> Option<Features> {
        let mut lines = written.split('\n');
        let mut head = lines.next()?.split('\t');
        let mut how = head.next()?.chars();
        let letter = how.next()?;
        let mut tellings = TELLINGS.into_iter();
        let telling = tellings.find(|telling| letter_of_telling(*telling) == letter)?;
        let is_update = match how.as_str() {
            "0" => false,
            "1" => true,
            _ => return None,
        };
        let moment = head.next()?.parse().ok()?;
        let mut hash = || u64::from_str_radix(head.next()?, 16).ok();
        let (source, text) = (hash()?, hash()?);
        let (title, summary) = (read_reading(&mut lines)?, read_reading(&mut lines)?);
        let is_all = head.next().is_none() && lines.next().is_none();
        is_all.then(|| {
            let order = (moment, source, text);
            Features::made(telling, is_update, title, summary, order)
        })
    }
}

fn write_reading(out: &mut String, reading: &Reading) {
    let is = [
        reading.is_announcement,
        reading.is_future,
        reading.is_second,
    ];
    let flags = is
        .iter()
        .rev()
        .fold(0, |flags, is| flags * 2 + u8::from(*is));
    let _ = write!(out, "\n{flags}");
    for texts in [&reading.announced, &reading.editions, &reading.small] {
        write_row(out, texts, |out, text| out.push_str(text));
    }
    write_row(out, &reading.sides, |out, side| {
        let _ = write!(out, "{side}");
    });
    write_row(out, &reading.tokens, write_token);
}

fn write_row<T>(out: &mut String, row: &[T], write: impl Fn(&mut String, &T)) {
    for (at, one) in row.iter().enumerate() {
        out.push(if at == 0 { '\n' } else { '\t' });
        write(out, one);
    }
    if row.is_empty() {
        out.push('\n');
    }
}

fn write_token(out: &mut String, token: &Token) {
    if token.is_background {
        out.push(BACKGROUND);
    }
    let kind = match &token.kind {
        TokenKind::Name => 'N',
        TokenKind::Word => 'W',
        TokenKind::Common => 'C',
        TokenKind::Concept => 'M',
        TokenKind::Run => 'R',
        TokenKind::Negation => 'X',
        TokenKind::Figure(figure) => {
            let role = letter_of_role(figure.role);
            let Figure {
                of, value, written, ..
            } = &**figure;
            let _ = write!(out, "F{role}{value} {written} {of}");
            return;
        }
    };
    out.push(kind);
    out.push_str(&token.text);
}

fn read_reading<'w>(lines: &mut impl Iterator<Item = &'w str>) -> Option<Reading> {
    let flags = flags(lines.next()?)?;
    let mut texts = || Some(row(lines.next()?).map(CompactString::from).collect());
    let (announced, editions, small) = (texts()?, texts()?, texts()?);
    let sides = row(lines.next()?).map(str::parse);
    let sides = sides.collect::<Result<_, _>>().ok()?;
    let tokens = row(lines.next()?).map(read_token);
    Some(Reading {
        is_announcement: flags & 1 != 0,
        is_future: flags & 2 != 0,
        is_second: flags & 4 != 0,
        announced,
        editions,
        small,
        sides,
        tokens: tokens.collect::<Option<_>>()?,
    })
}

fn flags(written: &str) -> Option<u8> {
    written.parse().ok().filter(|flags| *flags < 8)
}

fn row(line: &str) -> impl Iterator<Item = &str> {
    let texts = (!line.is_empty()).then(|| line.split('\t'));
    texts.into_iter().flatten()
}

fn read_token(written: &str) -> Option<Token> {
    let bare = written.strip_prefix(BACKGROUND);
    let (is_background, written) = (bare.is_some(), bare.unwrap_or(written));
    let mut letters = written.chars();
    let kind = match letters.next()? {
        'N' => TokenKind::Name,
        'W' => TokenKind::Word,
        'C' => TokenKind::Common,
        'M' => TokenKind::Concept,
        'R' => TokenKind::Run,
        'X' => TokenKind::Negation,
        'F' => {
            let letter = letters.next()?;
            let mut roles = ROLES.into_iter();
            let role = roles.find(|role| letter_of_role(*role) == letter)?;
            let mut parts = letters.as_str().splitn(3, ' ');
            let value = parts.next()?.parse().ok()?;
            let (written, of) = (parts.next()?.into(), parts.next()?.into());
            let figure = Figure {
                role,
                of,
                value,
                written,
            };
            return Some(Token::figured(figure, is_background));
        }
        _ => return None,
    };
    Some(Token {
        text: letters.as_str().into(),
        kind,
        is_background,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn again(features: &Features) -> Option<Features> {
        Features::read(&features.written())
    }

    #[test]
    fn what_is_written_is_read() {
        let features = Features::of(
            "UPDATE 2: Seoul won't delay launch of Nuri 2.1 after talks, 62,418 won a ticket",
            "누리호 3차 발사 8월 21일 오후 4:30. Three engineers, two of them from Line 4 … 2-1",
            "wire",
            -5,
        );
        assert_eq!(again(&features), Some(features.clone()));
        assert!(features.written().len() * 4 < serde_json::to_string(&features).unwrap().len());
    }

    #[test]
    fn what_was_not_written_so_is_none() {
        let written = Features::of("Two of 3 trains late", "", "wire", 7).written();
        assert!(Features::read(&written).is_some());
        for none in [
            "",
            "{}",
            &written[1..],
            &written[..written.len() / 2],
            &format!("{written}\n"),
            &written.replace("Fa", "Fz"),
            &written.replacen("\t7\t", "\tseven\t", 1),
        ] {
            assert_eq!(Features::read(none), None, "{none:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_an_item_says_is_read_again(title in any::<String>(), summary in "(\\PC|[ \t\n0-9:.,$-]|won|to|not|after|Line|세 명|월){0,60}") {
            let features = Features::of(&title, &summary, "wire", 1_795_000_000);
            prop_assert_eq!(again(&features), Some(features));
        }
    }
}
