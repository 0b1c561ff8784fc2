//! Looking for something again and again, each time further on, in one pass over a text.

use memchr::memmem;

/// Where something comes next. Whoever searches anew from each place passes over the rest of the text as often.
pub(crate) struct Ahead<'f> {
    finder: &'f memmem::Finder<'f>,
    found: Option<usize>,
    is_over: bool,
}

impl<'f> Ahead<'f> {
    pub(crate) fn of(finder: &'f memmem::Finder<'f>) -> Ahead<'f> {
        Ahead {
            finder,
            found: None,
            is_over: false,
        }
    }

    /// The first one from `from` on, which may not become less from call to call.
    pub(crate) fn behind(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        if self.is_over || self.found.is_some_and(|at| at >= from) {
            return self.found.filter(|at| *at >= from);
        }
        self.found = self.finder.find(&bytes[from..]).map(|length| from + length);
        self.is_over = self.found.is_none();
        self.found
    }
}
