//! What a chat user reads and types: one Fluent file a language.
//!
//! `**` in a message stresses what is between; a text that comes from outside (a title, a user's words) is
//! an argument, and nothing in an argument is taken for markup. A language is a file and a line in `locale.rs`: the file
//! holds also the words that people type in it. How [people say when](when) becomes the canonical text of a schedule.

mod dates;
mod locale;
mod texts;
pub mod when;
mod words;

pub use locale::Locale;
pub use texts::{BadTexts, Localizer, Texts, Value};
pub use words::{is_everything, is_yes, switch};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::{Cadence, Zone};

    /// `pseudo.ftl` and its line in `locale.rs` are all that the program knows of this language.
    #[test]
    fn a_language_is_a_file_and_a_line() {
        let pseudo = Locale::parse("qps-PLOC").expect("a language");
        assert_eq!(pseudo.tags(), ["qps-PLOC"]);
        let texts = Texts::new().expect("texts");
        let say = texts.localizer(pseudo);
        assert_eq!(say.text("in-now", &[]), "[ñóŵ]");
        let english = texts.localizer(Locale::default());
        let values = [("count", Value::Number(3))];
        assert_eq!(
            say.text("in-hours", &values),
            english.text("in-hours", &values)
        );
        assert_eq!(switch("ón"), Some(true));
        assert_eq!(switch("óff"), Some(false));
        assert!(is_yes("yés") && is_everything("áll"));
        let when = Cadence::parse("évery mónday 9 clóck").expect("a cadence");
        assert_eq!(when.to_string(), "weekly mon 09:00");
        assert!(when::can_begin("évery"));
        let unknown = Zone::told("ÑÓWHERE").expect_err("no zone's name");
        assert_eq!(unknown.nearest, ["Asia/Kathmandu"]);
    }
}
