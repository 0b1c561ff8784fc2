//! What goes into statements and comes out of rows, alike on both engines.
//!
//! Our columns are of four kinds: whole numbers of 64 bits, of which yes and no are two, numbers with a fraction, texts and
//! bytes. A parameter has its kind from its Rust type, whether or not there is a value: PostgreSQL must know it before it sees one.

use std::borrow::Cow;
use std::error::Error as StdError;

use rusqlite::types::{FromSql, ToSqlOutput, Value, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql as FromServer, IsNull, ToSql as ToServer, Type};

use super::outcome::Error;
use crate::error::StoreError;

/// What kind of value something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Real,
    Text,
    Bytes,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Param<'a> {
    Null(Kind),
    Int(i64),
    Real(f64),
    Text(Cow<'a, str>),
    Bytes(&'a [u8]),
    /// A number that no column holds.
    TooLarge,
}

impl Param<'_> {
    /// The type that PostgreSQL knows it by.
    pub(super) fn server_type(&self) -> Type {
        match self {
            Param::Int(_) | Param::TooLarge | Param::Null(Kind::Int) => Type::INT8,
            Param::Real(_) | Param::Null(Kind::Real) => Type::FLOAT8,
            Param::Text(_) | Param::Null(Kind::Text) => Type::TEXT,
            Param::Bytes(_) | Param::Null(Kind::Bytes) => Type::BYTEA,
        }
    }
}

/// What can be a parameter.
pub(crate) trait ToParam {
    /// The parameter.
    fn to_param(&self) -> Param<'_>;
}

/// What has a kind even where it has no value.
pub(crate) trait Kinded {
    /// The kind.
    const KIND: Kind;
}

macro_rules! whole_numbers {
    ($($number:ty),*) => {$(
        impl ToParam for $number {
            fn to_param(&self) -> Param<'_> {
                i64::try_from(i128::from(*self)).map_or(Param::TooLarge, Param::Int)
            }
        }

        impl Kinded for $number {
            const KIND: Kind = Kind::Int;
        }
    )*};
}

whole_numbers!(i64, i32, u64, u32, u16, u8, bool);

impl ToParam for usize {
    fn to_param(&self) -> Param<'_> {
        i64::try_from(*self).map_or(Param::TooLarge, Param::Int)
    }
}

impl ToParam for f64 {
    fn to_param(&self) -> Param<'_> {
        Param::Real(*self)
    }
}

impl ToParam for str {
    /// The text without U+0000, which PostgreSQL can't hold; the same on both engines, so that they hold the same.
    fn to_param(&self) -> Param<'_> {
        Param::Text(if self.contains('\0') {
            Cow::Owned(self.replace('\0', ""))
        } else {
            Cow::Borrowed(self)
        })
    }
}

impl ToParam for String {
    fn to_param(&self) -> Param<'_> {
        self.as_str().to_param()
    }
}

impl ToParam for Cow<'_, str> {
    fn to_param(&self) -> Param<'_> {
        (**self).to_param()
    }
}

impl ToParam for [u8] {
    fn to_param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl ToParam for Vec<u8> {
    fn to_param(&self) -> Param<'_> {
        Param::Bytes(self)
    }
}

impl<T: ToParam + ?Sized> ToParam for &T {
    fn to_param(&self) -> Param<'_> {
        (**self).to_param()
    }
}

impl<T: ToParam + Kinded> ToParam for Option<T> {
    fn to_param(&self) -> Param<'_> {
        match self {
            Some(value) => value.to_param(),
            None => Param::Null(T::KIND),
        }
    }
}

macro_rules! kinds {
    ($($type:ty: $kind:ident),*) => {$(
        impl Kinded for $type {
            const KIND: Kind = Kind::$kind;
        }
    )*};
}

kinds!(usize: Int, f64: Real, str: Text, String: Text, Cow<'_, str>: Text, [u8]: Bytes, Vec<u8>: Bytes);

impl<T: Kinded + ?Sized> Kinded for &T {
    const KIND: Kind = T::KIND;
}

/// The parameters of a statement.
pub(crate) trait Params {
    /// All of them, in their order.
    fn params(&self) -> impl Iterator<Item = Param<'_>>;
}

impl Params for [&dyn ToParam; 0] {
    fn params(&self) -> impl Iterator<Item = Param<'_>> {
        std::iter::empty()
    }
}

impl<T: ToParam> Params for &[T] {
    fn params(&self) -> impl Iterator<Item = Param<'_>> {
        self.iter().map(ToParam::to_param)
    }
}

macro_rules! arrays {
    ($($count:literal),*) => {$(
        impl<T: ToParam> Params for [T; $count] {
            fn params(&self) -> impl Iterator<Item = Param<'_>> {
                self.iter().map(ToParam::to_param)
            }
        }
    )*};
}

impl<A: ToParam, B: ToParam> Params for (A, B) {
    fn params(&self) -> impl Iterator<Item = Param<'_>> {
        [self.0.to_param(), self.1.to_param()].into_iter()
    }
}

impl<A: ToParam, B: ToParam, C: ToParam> Params for (A, B, C) {
    fn params(&self) -> impl Iterator<Item = Param<'_>> {
        [self.0.to_param(), self.1.to_param(), self.2.to_param()].into_iter()
    }
}

// Not for all lengths at once: then nothing would tell of what the empty array is.
arrays!(1, 2, 3, 4, 5, 6);

impl rusqlite::ToSql for Param<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Param::Null(_) => ToSqlOutput::Owned(Value::Null),
            Param::Int(number) => ToSqlOutput::Owned(Value::Integer(*number)),
            Param::Real(number) => ToSqlOutput::Owned(Value::Real(*number)),
            Param::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Param::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Param::TooLarge => {
                return Err(rusqlite::Error::ToSqlConversionFailure(TOO_LARGE.into()));
            }
        })
    }
}

const TOO_LARGE: &str = "a number is too large for a column";

impl ToServer for Param<'_> {
    fn to_sql(
        &self,
        _: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn StdError + Sync + Send>> {
        match self {
            Param::Null(_) => return Ok(IsNull::Yes),
            Param::Int(number) => out.extend_from_slice(&number.to_be_bytes()),
            Param::Real(number) => out.extend_from_slice(&number.to_be_bytes()),
            Param::Text(text) => out.extend_from_slice(text.as_bytes()),
            Param::Bytes(bytes) => out.extend_from_slice(bytes),
            Param::TooLarge => return Err(TOO_LARGE.into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    tokio_postgres::types::to_sql_checked!();
}

/// A column's value as PostgreSQL's wire has it.
pub(crate) struct Wire<'a> {
    kind: Type,
    bytes: Option<&'a [u8]>,
}

impl<'a> FromServer<'a> for Wire<'a> {
    fn from_sql(kind: &Type, bytes: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Wire {
            kind: kind.clone(),
            bytes: Some(bytes),
        })
    }

    fn from_sql_null(kind: &Type) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Wire {
            kind: kind.clone(),
            bytes: None,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A column's value as SQLite keeps it.
pub(super) fn stored(value: ValueRef<'_>) -> Result<Param<'_>, Error> {
    Ok(match value {
        ValueRef::Null => Param::Null(Kind::Text),
        ValueRef::Integer(number) => Param::Int(number),
        ValueRef::Real(number) => Param::Real(number),
        ValueRef::Text(bytes) => {
            let text = std::str::from_utf8(bytes);
            let broken = |_| StoreError::Query("a text isn't UTF-8".to_owned());
            text.map_err(broken)?.to_param()
        }
        ValueRef::Blob(bytes) => Param::Bytes(bytes),
    })
}

impl<'a> Wire<'a> {
    /// The value, of whatever kind it is.
    pub(super) fn value(&self) -> Result<Param<'a>, Error> {
        let Some(bytes) = self.bytes else {
            return Ok(Param::Null(Kind::Text));
        };
        Ok(match self.kind {
            Type::BYTEA => Param::Bytes(bytes),
            Type::FLOAT8 => Param::Real(f64::from_wire(self)?),
            Type::INT8 => Param::Int(self.integer()?),
            _ => self.text()?.to_param(),
        })
    }

    fn bytes(&self) -> Result<&'a [u8], Error> {
        self.bytes.ok_or_else(|| self.unfit("nothing"))
    }

    fn unfit(&self, what: &str) -> Error {
        Error::Store(StoreError::Query(format!(
            "a column of type {} holds {what}",
            self.kind
        )))
    }

    /// A whole number, whatever PostgreSQL made of it on the way: sums are numeric, conditions boolean, literals int4.
    fn integer(&self) -> Result<i64, Error> {
        let bytes = self.bytes()?;
        let number = match self.kind {
            Type::INT8 => bytes.try_into().ok().map(i64::from_be_bytes),
            Type::INT4 => bytes
                .try_into()
                .ok()
                .map(|bytes| i64::from(i32::from_be_bytes(bytes))),
            Type::INT2 => bytes
                .try_into()
                .ok()
                .map(|bytes| i64::from(i16::from_be_bytes(bytes))),
            Type::BOOL => bytes.first().map(|byte| i64::from(*byte != 0)),
            Type::NUMERIC => whole_numeric(bytes),
            _ => None,
        };
        number.ok_or_else(|| self.unfit("no whole number"))
    }

    fn text(&self) -> Result<&'a str, Error> {
        match self.kind {
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::BPCHAR | Type::UNKNOWN => {
                std::str::from_utf8(self.bytes()?).map_err(|_| self.unfit("no text"))
            }
            _ => Err(self.unfit("no text")),
        }
    }
}

/// A numeric value that is a whole number. Its wire form: how many digits to the base of 10,000, the first one's power, the sign,
/// the decimals that are shown, and the digits, two bytes each (PostgreSQL's `numeric_send`).
fn whole_numeric(bytes: &[u8]) -> Option<i64> {
    let mut words = bytes
        .chunks_exact(2)
        .map(|pair| i16::from_be_bytes([pair[0], pair[1]]));
    let (count, weight) = (words.next()?, words.next()?);
    let sign = match words.next()? {
        0 => 1_i64,
        0x4000 => -1,
        _ => return None,
    };
    words.next()?;
    let mut number: i64 = 0;
    for place in 0..=weight {
        let digit = if place < count { words.next()? } else { 0 };
        number = number
            .checked_mul(10_000)?
            .checked_add(sign * i64::from(digit))?;
    }
    // What is behind the point must be nothing.
    let is_whole = words.all(|digit| digit == 0);
    is_whole.then_some(number)
}

/// What can be read out of a column of either engine.
pub(crate) trait FromColumn: FromSql + Sized {
    /// Reads it as PostgreSQL sends it.
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error>;
}

macro_rules! whole_columns {
    ($($number:ty),*) => {$(
        impl FromColumn for $number {
            fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
                let number = wire.integer()?;
                <$number>::try_from(number).map_err(|_| wire.unfit(&number.to_string()))
            }
        }
    )*};
}

whole_columns!(u64, u32, u16, u8, i32, usize);

impl FromColumn for i64 {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        wire.integer()
    }
}

impl FromColumn for bool {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        Ok(wire.integer()? != 0)
    }
}

impl FromColumn for f64 {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        match wire.kind {
            Type::FLOAT8 => wire
                .bytes()?
                .try_into()
                .map(f64::from_be_bytes)
                .map_err(|_| wire.unfit("no number")),
            _ => Err(wire.unfit("no number with a fraction")),
        }
    }
}

impl FromColumn for String {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        wire.text().map(str::to_owned)
    }
}

impl FromColumn for Vec<u8> {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        wire.bytes().map(<[u8]>::to_vec)
    }
}

impl<T: FromColumn> FromColumn for Option<T> {
    fn from_wire(wire: &Wire<'_>) -> Result<Self, Error> {
        match wire.bytes {
            Some(_) => T::from_wire(wire).map(Some),
            None => Ok(None),
        }
    }
}

/// Numbers as the text of one of PostgreSQL's arrays.
pub(crate) fn array(numbers: impl IntoIterator<Item = i64>) -> String {
    let mut text = String::from("{");
    for number in numbers {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&number.to_string());
    }
    text.push('}');
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail where it stands")]
mod tests {
    use super::*;

    fn numeric(words: &[i16]) -> Option<i64> {
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_be_bytes()).collect();
        whole_numeric(&bytes)
    }

    #[test]
    fn sums_are_whole_numbers_again() {
        assert_eq!(numeric(&[0, 0, 0, 0]), Some(0));
        assert_eq!(numeric(&[1, 0, 0, 0, 42]), Some(42));
        assert_eq!(numeric(&[2, 1, 0x4000, 0, 1, 2]), Some(-10_002));
        // Zeros at the end aren't sent.
        assert_eq!(numeric(&[1, 2, 0, 0, 3]), Some(300_000_000));
        assert_eq!(
            numeric(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5807]),
            Some(i64::MAX)
        );
        assert_eq!(numeric(&[5, 4, 0, 0, 922, 3372, 368, 5477, 5808]), None);
        // One half.
        assert_eq!(numeric(&[1, -1, 0, 1, 5_000]), None);
    }

    #[test]
    fn a_text_is_the_same_in_both_engines() {
        assert_eq!("a\0b".to_param(), Param::Text("ab".into()));
        assert_eq!(None::<&str>.to_param(), Param::Null(Kind::Text));
        assert_eq!(u64::MAX.to_param(), Param::TooLarge);
    }
}
