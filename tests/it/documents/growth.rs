//! What reading costs grows no faster than the document, whatever its shape: counted in steps, not in time.

use tidings_reader::{Document, Layout, Rules, Selectors, parse_counted};

use super::shapes::{ARCHIVES, BY_HAND, DIGESTS, FEEDS, MAILS, PAGES, Shape};

fn steps(text: String, rules: &Rules) -> u64 {
    let document = Document {
        name: "hostile".to_owned(),
        bytes: text.into_bytes(),
        address: "https://news.example/".parse().ok(),
        ..Document::default()
    };
    parse_counted(&document, rules).1
}

#[track_caller]
fn grow_with_the_document(shapes: &[Shape], rules: &Rules) {
    const SIZE: usize = 15_000;
    for (name, shape) in shapes {
        let [small, large] = [SIZE, 4 * SIZE].map(|size| steps(shape(size), rules));
        assert!(small > 0, "{name} isn't counted");
        assert!(
            large <= 5 * small + 100_000,
            "{name}: {small} steps, and {large} where there is four times as much of it"
        );
    }
}

fn rules() -> Rules {
    Rules::new(Layout::Double, ["Japan", "Economy"], ["The end"])
}

#[test]
fn the_steps_of_every_kind_of_document_grow_with_it() {
    for shapes in [FEEDS, PAGES, BY_HAND, DIGESTS, MAILS, ARCHIVES] {
        grow_with_the_document(shapes, &rules());
    }
    grow_with_the_document(DIGESTS, &Rules::new(Layout::Single, ["Japan"], ["The end"]));
    let selectors = Selectors {
        item: Some("div, li".to_owned()),
        ..Selectors::default()
    };
    grow_with_the_document(PAGES, &rules().with_selectors(selectors));
}
