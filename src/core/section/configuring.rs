//! What the operator's configuration makes of the sections that there are.

use super::{Catalogue, Definition, Origin, Section};
use crate::ids::{SectionId, SectionSlug};
use crate::text;

/// One thing that changes about sections, so that they are in step with the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SectionChange<'a> {
    /// A section of the configuration is made, or becomes what it says, at this place.
    Configure(u32, &'a Definition),
    /// A section has left the configuration; it stays as if a heading had made it.
    Leave(SectionId),
    /// A hidden section is to be seen.
    Show(SectionId),
    /// A section that the configuration knows by another name becomes part of that one.
    Merge(&'a Section, &'a SectionSlug),
}

/// What brings the sections that there are in step with the configuration, in the order in which it is to be done. Nothing
/// where they are.
pub fn section_changes<'a>(
    sections: &'a [Section],
    definitions: &'a [Definition],
) -> Vec<SectionChange<'a>> {
    let mut changes = Vec::new();
    for (position, definition) in (0..).zip(definitions) {
        let is_so = sections.iter().any(|section| {
            section.slug == definition.slug
                && section.title == definition.title
                && section.origin == Origin::Configured(position)
                && section.merged_into.is_none()
        });
        if !is_so {
            changes.push(SectionChange::Configure(position, definition));
        }
    }
    let (configured, others): (Vec<_>, Vec<_>) = sections
        .iter()
        .partition(|section| definitions.iter().any(|d| d.slug == section.slug));
    let has_left = |section: &&&Section| matches!(section.origin, Origin::Configured(_));
    let left = others.iter().filter(has_left);
    changes.extend(left.map(|section| SectionChange::Leave(section.id)));
    // Who writes a section into the configuration wants it to be seen.
    let hidden = configured.iter().filter(|section| section.hidden);
    changes.extend(hidden.map(|section| SectionChange::Show(section.id)));
    for section in others {
        // A merged one holds nothing; what the configuration calls so wins by name.
        if section.origin == Origin::CatchAll || section.merged_into.is_some() {
            continue;
        }
        if let Some(into) = claimed_by(section, definitions) {
            if section.hidden {
                changes.push(SectionChange::Show(section.id));
            }
            changes.push(SectionChange::Merge(section, &into.slug));
        }
    }
    changes
}

impl Catalogue {
    /// The catalogue as it is to be once what is stored is in step with the configuration, which nobody has brought about
    /// yet. Nothing is stored in a store that there isn't.
    pub fn to_be(
        mut stored: Vec<Section>,
        mut led: Vec<(String, SectionId)>,
        definitions: &[Definition],
    ) -> Catalogue {
        let found = stored.clone();
        for change in section_changes(&found, definitions) {
            match change {
                SectionChange::Configure(position, definition) => {
                    configure(&mut stored, position, definition);
                }
                SectionChange::Leave(id) => {
                    change_section(&mut stored, id, |section| section.origin = Origin::Left);
                }
                SectionChange::Show(id) => {
                    change_section(&mut stored, id, |section| section.hidden = false);
                }
                SectionChange::Merge(section, into) => {
                    let Some(to) = id_of(&stored, into) else {
                        continue;
                    };
                    stored.retain(|other| other.id != section.id);
                    lead_on(&mut stored, section.id, to);
                    for (_, id) in led.iter_mut().filter(|(_, id)| *id == section.id) {
                        *id = to;
                    }
                }
            }
        }
        if !stored.iter().any(|s| s.origin == Origin::CatchAll) {
            let more = SectionSlug::more();
            let title = more.as_str().to_owned();
            add(&mut stored, more, title, Origin::CatchAll);
        }
        Catalogue::new(stored, &led, definitions)
    }
}

/// Has a section be what the configuration says, in the place that it has there.
fn configure(stored: &mut Vec<Section>, position: u32, definition: &Definition) {
    let origin = Origin::Configured(position);
    let Some(id) = id_of(stored, &definition.slug) else {
        let (slug, title) = (definition.slug.clone(), definition.title.clone());
        add(stored, slug, title, origin);
        return;
    };
    let mut was_merged_into = None;
    change_section(stored, id, |section| {
        section.title.clone_from(&definition.title);
        section.origin = origin;
        was_merged_into = section.merged_into.take();
    });
    // What came to it goes on to where it led until now.
    if let Some(into) = was_merged_into {
        lead_on(stored, id, into);
    }
}

fn id_of(stored: &[Section], slug: &SectionSlug) -> Option<SectionId> {
    let found = stored.iter().find(|section| section.slug == *slug);
    found.map(|section| section.id)
}

fn change_section(stored: &mut [Section], id: SectionId, change: impl FnOnce(&mut Section)) {
    if let Some(section) = stored.iter_mut().find(|section| section.id == id) {
        change(section);
    }
}

/// Has what was made part of a section be part of another one.
fn lead_on(stored: &mut [Section], from: SectionId, to: SectionId) {
    let merged = stored.iter_mut().filter(|s| s.merged_into == Some(from));
    for section in merged {
        section.merged_into = Some(to);
    }
}

/// Adds a section behind all others.
fn add(stored: &mut Vec<Section>, slug: SectionSlug, title: String, origin: Origin) {
    let last = stored.iter().map(|section| section.id.get()).max();
    stored.push(Section {
        id: SectionId::new(last.unwrap_or(0) + 1),
        slug,
        title,
        origin,
        hidden: false,
        merged_into: None,
    });
}

/// Returns true if a section was in the configuration, and isn't any more, under no name.
pub fn is_left(section: &Section, definitions: &[Definition]) -> bool {
    matches!(section.origin, Origin::Left | Origin::Configured(_))
        && section.merged_into.is_none()
        && definitions.iter().all(|d| d.slug != section.slug)
        && claimed_by(section, definitions).is_none()
}

/// The configured section that knows another one's heading.
fn claimed_by<'d>(section: &Section, definitions: &'d [Definition]) -> Option<&'d Definition> {
    let names = [
        text::fold_name(&section.title),
        text::fold_name(section.slug.as_str()),
    ];
    definitions.iter().find(|definition| {
        definition
            .headings
            .iter()
            .map(String::as_str)
            .chain([definition.title.as_str(), definition.slug.as_str()])
            .any(|name| names.contains(&text::fold_name(name)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(id: i64, slug: &str, origin: Origin, hidden: bool) -> Section {
        Section {
            id: SectionId::new(id),
            slug: SectionSlug::from_stored(slug.to_owned()).expect("a slug"),
            title: slug.to_uppercase(),
            origin,
            hidden,
            merged_into: None,
        }
    }

    fn definition(slug: &str, headings: &[&str]) -> Definition {
        Definition {
            slug: SectionSlug::from_stored(slug.to_owned()).expect("a slug"),
            title: slug.to_uppercase(),
            headings: headings.iter().map(|&heading| heading.to_owned()).collect(),
            phrases: Vec::new(),
        }
    }

    #[test]
    fn what_is_in_step_stays() {
        let sections = [
            section(1, "economy", Origin::Configured(0), false),
            section(2, "sport", Origin::Discovered, true),
            section(3, "gone", Origin::Left, false),
            section(4, "more", Origin::CatchAll, false),
        ];
        let definitions = [definition("economy", &["Money"])];
        assert_eq!(section_changes(&sections, &definitions), []);
        assert!(is_left(&sections[2], &definitions));
        assert!(!is_left(&sections[1], &definitions));
    }

    #[test]
    fn a_new_configuration_takes_over_what_it_knows_by_any_name() {
        let sections = [
            section(1, "economy", Origin::Configured(0), false),
            section(2, "money", Origin::Discovered, true),
            section(3, "sport", Origin::Configured(1), false),
            section(4, "culture", Origin::Discovered, true),
            section(5, "more", Origin::CatchAll, false),
        ];
        let definitions = [
            definition("culture", &[]),
            definition("markets", &["Money", "Economy"]),
        ];
        let into = &definitions[1].slug;
        assert_eq!(
            section_changes(&sections, &definitions),
            [
                SectionChange::Configure(0, &definitions[0]),
                SectionChange::Configure(1, &definitions[1]),
                SectionChange::Leave(SectionId::new(1)),
                SectionChange::Leave(SectionId::new(3)),
                SectionChange::Show(SectionId::new(4)),
                SectionChange::Merge(&sections[0], into),
                SectionChange::Show(SectionId::new(2)),
                SectionChange::Merge(&sections[1], into),
            ]
        );
        assert!(!is_left(&sections[0], &definitions));
        assert!(is_left(&sections[2], &definitions));
    }
    #[test]
    fn a_catalogue_to_be_is_as_a_store_will_be() {
        let merged = Section {
            merged_into: Some(SectionId::new(2)),
            ..section(6, "shares", Origin::Discovered, false)
        };
        let sections = vec![
            section(1, "economy", Origin::Configured(0), false),
            section(2, "money", Origin::Discovered, true),
            section(3, "sport", Origin::Configured(1), false),
            section(5, "more", Origin::CatchAll, false),
            merged,
        ];
        let led = vec![("Coins".to_owned(), SectionId::new(2))];
        let definitions = [
            definition("culture", &["Stage"]),
            definition("markets", &["Money", "Economy"]),
        ];
        let catalogue = Catalogue::to_be(sections, led, &definitions);
        let shown: Vec<&str> = catalogue
            .sections()
            .iter()
            .map(|section| section.slug.as_str())
            .collect();
        assert_eq!(shown, ["culture", "markets", "sport", "more"]);
        for (name, slug) in [
            ("Stage", "culture"),
            ("Coins", "markets"),
            ("economy", "markets"),
            ("shares", "markets"),
            ("Sport", "sport"),
        ] {
            let found = catalogue.find_exactly(name);
            let found = found.map(|section| section.slug.as_str());
            assert_eq!(found, Some(slug), "{name}");
        }
        let empty = Catalogue::to_be(Vec::new(), Vec::new(), &definitions);
        assert_eq!(empty.sections().len(), 3);
    }

    #[test]
    fn a_merged_section_is_configured_anew_by_its_slug_alone() {
        let merged = |id, slug, into| Section {
            merged_into: Some(SectionId::new(into)),
            ..section(id, slug, Origin::Discovered, false)
        };
        let sections = [
            section(1, "japan", Origin::Discovered, false),
            merged(2, "tokyo-desk", 1),
            merged(3, "weather", 1),
        ];
        let definitions = [
            definition("rain", &["Weather"]),
            definition("tokyo-desk", &[]),
        ];
        assert_eq!(
            section_changes(&sections, &definitions),
            [
                SectionChange::Configure(0, &definitions[0]),
                SectionChange::Configure(1, &definitions[1]),
            ]
        );
        assert!(!is_left(&sections[1], &definitions));
    }
}
