//! What the operator's configuration makes of the sections that there are.

use super::{Definition, Origin, Section};
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
        text::fold(&section.title),
        text::fold(section.slug.as_str()),
    ];
    definitions.iter().find(|definition| {
        definition
            .headings
            .iter()
            .map(String::as_str)
            .chain([definition.title.as_str(), definition.slug.as_str()])
            .any(|name| names.contains(&text::fold(name)))
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
