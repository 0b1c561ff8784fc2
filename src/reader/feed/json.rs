//! What JSON Feed says of items beyond what the library takes from it: what an archive of our own knows, and pictures.

use serde::Deserialize;
use serde_json::Value;

use tidings_core::item::Archived;

#[derive(Deserialize)]
struct Whole {
    #[serde(default)]
    items: Vec<Beside>,
}

/// What stands beside an item.
#[derive(Default, Deserialize)]
pub(crate) struct Beside {
    /// What an archive of our own says of it.
    #[serde(default, rename = "_tidings")]
    pub(crate) own: Option<Archived>,
    // Whatever stands there: a slip in it isn't one in what stands beside.
    #[serde(default)]
    image: Value,
    #[serde(default)]
    banner_image: Value,
}

impl Beside {
    /// What an archive of our own says in another format.
    pub(crate) fn of_archive(own: Option<Archived>) -> Beside {
        Beside {
            own,
            ..Beside::default()
        }
    }

    /// The addresses of its pictures, as they are written.
    pub(crate) fn pictures(&self) -> impl Iterator<Item = &str> {
        let told = [&self.image, &self.banner_image].into_iter();
        told.filter_map(Value::as_str)
    }
}

/// What stands beside each item of a feed, in their order; nothing where the feed is broken.
pub(crate) fn beside(text: &str) -> Vec<Beside> {
    let whole: Option<Whole> = serde_json::from_str(text).ok();
    whole.map_or_else(Vec::new, |whole| whole.items)
}
