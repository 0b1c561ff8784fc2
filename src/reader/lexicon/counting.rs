//! What counts titles beside digits.

/// Letters that Koreans count by.
pub(crate) const KOREAN: &str = "가나다라마바사아자차카타파하";

/// The numerals of Chinese and Japanese.
pub(crate) const HAN: &str = "一二三四五六七八九十百";
