//! What everybody's roundups are made with.

use std::collections::BTreeMap;

use tidings_core::channel::Defaults;
use tidings_core::language::{Locale, Texts};
use tidings_core::post::Line;
use tidings_core::section::Catalogue;

/// What everybody's roundups are made with.
#[derive(Clone, Copy)]
pub struct ComposeContext<'p> {
    /// The sections, in the order in which a roundup shows them.
    pub catalogue: &'p Catalogue,
    /// What holds for channels that set nothing.
    pub defaults: &'p Defaults,
    /// The texts.
    pub texts: &'p Texts,
    /// What readers call sources whose label is configured.
    pub labels: &'p BTreeMap<String, String>,
}

impl<'p> ComposeContext<'p> {
    /// What is said of headlines that are left out of a section.
    pub(super) fn rest(&self, locale: Locale) -> impl Fn(usize, Option<&str>) -> Line + use<'p> {
        let say = self.texts.localizer(locale);
        move |count, slug| {
            let values = [
                ("count", count.into()),
                ("slug", slug.unwrap_or_default().into()),
            ];
            say.line("roundup-more", &values)
        }
    }
}
