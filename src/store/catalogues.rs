//! The sections, held in memory for as long as nobody changes them.

use std::sync::Arc;

use parking_lot::RwLock;

use crate::{Store, StoreError};
use tidings_core::section::{Catalogue, Definition};

/// The sections as they are now, whichever process found them.
pub struct Catalogues {
    store: Arc<Store>,
    definitions: Vec<Definition>,
    held: RwLock<(i64, Arc<Catalogue>)>,
}

impl Catalogues {
    /// Of a store whose sections are configured like this.
    pub fn new(store: Arc<Store>, definitions: Vec<Definition>) -> Catalogues {
        Catalogues {
            store,
            definitions,
            held: RwLock::new((-1, Arc::new(Catalogue::default()))),
        }
    }

    /// The sections as the configuration has them.
    pub fn definitions(&self) -> &[Definition] {
        &self.definitions
    }

    /// The sections at this moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn current(&self) -> Result<Arc<Catalogue>, StoreError> {
        let version = self.store.read(|db| db.sections_version())?;
        {
            let held = self.held.read();
            if held.0 == version {
                return Ok(held.1.clone());
            }
        }
        let (stored, led) = self
            .store
            .read(|db| Ok::<_, StoreError>((db.sections()?, db.led_headings()?)))?;
        let catalogue = Arc::new(Catalogue::new(stored, &led, &self.definitions));
        *self.held.write() = (version, catalogue.clone());
        Ok(catalogue)
    }
}
