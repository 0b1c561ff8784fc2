//! One story once: of what is new for a channel, what it isn't told again (design.md, “Stories”). Pure.

use tidings_store::{Retold, Untold};

/// What of a story that several tell a channel isn't told: all of it, where it has got the story; else all but what came
/// first of what it is to get. A report that comes first brings the item that it is of.
pub(super) fn untold(retold: &[Retold], has_got: &dyn Fn(i64) -> bool) -> Untold {
    let mut first: Vec<&Retold> = Vec::new();
    for one in retold.iter().filter(|one| !has_got(one.story)) {
        match first.iter_mut().find(|known| known.story == one.story) {
            Some(known) if one.order < known.order => *known = one,
            Some(_) => {}
            None => first.push(one),
        }
    }
    let is_first = |one: &Retold| first.iter().any(|known| known.order == one.order);
    let mut left_out: Vec<i64> = retold
        .iter()
        .filter(|one| !one.is_report && !is_first(one))
        .map(|one| one.item)
        .collect();
    left_out.sort_unstable();
    left_out.dedup();
    let brought = first.iter().filter(|one| one.is_report);
    Untold {
        left_out,
        brought: brought.map(|one| (one.item, one.section)).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tidings_core::ids::SectionId;

    fn item(item: i64, story: i64, order: i64) -> Retold {
        Retold {
            item,
            story,
            order,
            section: SectionId::new(1),
            is_report: false,
        }
    }

    fn report(item: i64, story: i64, order: i64) -> Retold {
        Retold {
            is_report: true,
            section: SectionId::new(2),
            ..self::item(item, story, order)
        }
    }

    #[test]
    fn what_came_first_leads() {
        let retold = [
            item(7, 7, 3),
            item(9, 7, 1),
            item(11, 11, 2),
            item(12, 7, 5),
        ];
        let untold = untold(&retold, &|_| false);
        assert_eq!(untold.left_out, [7, 12]);
        assert!(untold.brought.is_empty());
    }

    #[test]
    fn who_has_got_a_story_gets_nothing_of_it() {
        let retold = [
            item(7, 7, 3),
            item(9, 7, 4),
            item(11, 11, 2),
            report(7, 7, 5),
        ];
        let untold = untold(&retold, &|story| story == 7);
        assert_eq!(untold.left_out, [7, 9]);
        assert!(untold.brought.is_empty());
    }

    #[test]
    fn a_report_brings_what_it_is_of() {
        let brought = untold(&[report(7, 7, 5), item(9, 7, 6)], &|_| false);
        assert_eq!(brought.left_out, [9]);
        assert_eq!(brought.brought, [(7, SectionId::new(2))]);
        // Beside the item itself, it brings nothing.
        assert_eq!(
            untold(&[item(7, 7, 1), report(7, 7, 5)], &|_| false),
            Untold::default()
        );
    }
}
