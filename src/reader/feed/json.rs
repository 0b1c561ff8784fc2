//! What JSON Feed says of items beyond what the library takes from it: what an archive of our own knows, and pictures.

use serde::Deserialize;

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
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    banner_image: Option<String>,
}

impl Beside {
    /// The address of its picture.
    pub(crate) fn picture(&mut self) -> Option<String> {
        self.image.take().or(self.banner_image.take())
    }
}

/// What stands beside each item of a feed, in their order; nothing where the feed is broken.
pub(crate) fn beside(text: &str) -> Vec<Beside> {
    let whole: Option<Whole> = serde_json::from_str(text).ok();
    whole.map_or_else(Vec::new, |whole| whole.items)
}
