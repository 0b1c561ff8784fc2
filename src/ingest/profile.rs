//! How the documents of one source are read.

use jiff::tz::TimeZone;
use xxhash_rust::xxh3::xxh3_64;

use crate::settings::{Settings, SourceKind, SourceSettings};
use tidings_core::ids::FILES;
use tidings_core::section::{Definition, Phrase};
use tidings_reader::{Layout, Rules, Selectors};

/// Raised when a document parser learns something: then pages are read again although they are unchanged.
pub(super) const READER_VERSION: u32 = 13;

/// How the documents of one source are read.
#[derive(Clone, Debug)]
pub struct ReadingProfile {
    /// What the parsers have to know.
    pub rules: Rules,
    /// The source's name in the configuration.
    pub name: String,
    /// What readers call the source, where the configuration says so.
    pub label: Option<String>,
    /// The slug of the section of items that nothing else places.
    pub section: Option<String>,
    /// Items whose titles hold one of these aren't loaded.
    pub ignore: Vec<Phrase>,
    /// Where the days of first sights are reckoned.
    pub zone: TimeZone,
    /// Whether archives that Tidings wrote are put back as they were: where somebody names the file.
    pub restores: bool,
    /// Of everything above and of the sections: where it is another one, documents are read again.
    pub hash: i64,
}

impl ReadingProfile {
    /// Gathers what a source's parsers have to know.
    fn new(
        definitions: &[Definition],
        layout: Layout,
        stop_at: &[String],
        section: Option<String>,
        selectors: &Selectors,
    ) -> ReadingProfile {
        let headings = definitions.iter().flat_map(|definition| {
            [definition.slug.as_str(), definition.title.as_str()]
                .into_iter()
                .chain(definition.headings.iter().map(String::as_str))
        });
        let mut fingerprint = format!("{READER_VERSION}\n{layout:?}\n{stop_at:?}\n{section:?}\n");
        if *selectors != Selectors::default() {
            fingerprint.push_str(&format!("{selectors:?}\n"));
        }
        for definition in definitions {
            fingerprint.push_str(&format!(
                "{}\n{}\n{:?}\n{:?}\n",
                definition.slug, definition.title, definition.headings, definition.phrases
            ));
        }
        ReadingProfile {
            rules: Rules::new(layout, headings, stop_at.iter().map(String::as_str))
                .with_selectors(selectors.clone()),
            name: FILES.to_owned(),
            label: None,
            section,
            ignore: Vec::new(),
            zone: TimeZone::UTC,
            restores: false,
            hash: xxh3_64(fingerprint.as_bytes()).cast_signed(),
        }
    }

    /// What the parsers of a configured source have to know.
    pub fn of(
        source: &SourceSettings,
        definitions: &[Definition],
        settings: &Settings,
    ) -> ReadingProfile {
        let section = source.section.as_ref().map(ToString::to_string);
        let mut reading = ReadingProfile::new(
            definitions,
            source.layout,
            &source.stop_at,
            section,
            &source.selectors,
        );
        let mut fingerprint = reading.hash.to_string();
        if let SourceKind::Web { .. } = source.kind {
            // A document that held too much is read again where the bound is another one.
            let most = settings.fetch.items;
            reading.rules = reading.rules.with_most_items(most);
            fingerprint.push_str(&format!(" {most}"));
        }
        if let Some(zone) = &source.timezone {
            reading.rules = reading.rules.with_zone(Some(zone.tz().clone()));
            fingerprint.push_str(&format!(" {}", zone.name()));
        }
        if !source.ignore.is_empty() {
            let phrases = source.ignore.iter();
            reading.ignore = phrases.filter_map(|phrase| Phrase::new(phrase)).collect();
            fingerprint.push_str(&format!(" {:?}", source.ignore));
        }
        reading.name.clone_from(&source.name);
        reading.label.clone_from(&source.label);
        let zone = source.timezone.as_ref();
        reading.zone = zone.unwrap_or(&settings.defaults.timezone).tz().clone();
        reading.hash = xxh3_64(fingerprint.as_bytes()).cast_signed();
        reading
    }

    /// How files are read that belong to no source: with every source's footers, and in the layout that all
    /// of them agree on.
    pub fn for_files(settings: &Settings, definitions: &[Definition]) -> ReadingProfile {
        let stop_at: Vec<String> = settings
            .sources
            .iter()
            .flat_map(|source| source.stop_at.iter().cloned())
            .collect();
        let single = !settings.sources.is_empty()
            && settings.sources.iter().all(|s| s.layout == Layout::Single);
        let layout = if single {
            Layout::Single
        } else {
            Layout::Double
        };
        ReadingProfile {
            restores: true,
            zone: settings.defaults.timezone.tz().clone(),
            ..ReadingProfile::new(definitions, layout, &stop_at, None, &Selectors::default())
        }
    }
}

#[cfg(test)]
mod tests {
    use tidings_reader::{Layout, Selectors};

    /// Fingerprints are made of these texts: other ones would have every page of every archive read anew.
    #[test]
    fn what_fingerprints_are_made_of_stays_as_it_is() {
        let selectors = Selectors {
            item: Some("article".to_owned()),
            ..Selectors::default()
        };
        let texts = format!("{:?} {:?} {selectors:?}", Layout::Double, Layout::Single);
        assert_eq!(
            texts,
            "Double Single Selectors { item: Some(\"article\"), title: None, summary: None, link: None, section: None, \
             date: None }"
        );
    }
}
