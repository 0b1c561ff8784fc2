//! The sections, held in memory for as long as nobody changes them.

use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;

use crate::{ReadTx, Store, StoreError};
use tidings_core::ids::SectionSlug;
use tidings_core::section::{Catalogue, Definition};

/// The sections as they are now, whichever process found them.
pub struct Catalogues {
    store: Arc<Store>,
    definitions: Vec<Definition>,
    held: RwLock<(i64, Arc<Catalogue>)>,
}

impl Catalogues {
    /// Of a store whose sections are configured like this: what is stored is brought in step first. Blocks, for the
    /// beginning of a process. Also returns from which discovered section to which configured one items and subscriptions
    /// moved.
    pub fn configured(
        store: Arc<Store>,
        definitions: Vec<Definition>,
        now: Timestamp,
    ) -> Result<(Catalogues, Vec<(SectionSlug, SectionSlug)>), StoreError> {
        let blocking = store.blocking();
        let moved = if blocking.read(|db| db.is_configured(&definitions))? {
            Vec::new()
        } else {
            blocking.write(|db| db.configure_sections(&definitions, now))?
        };
        let catalogues = Catalogues::new(store, definitions);
        catalogues
            .store
            .blocking()
            .read(|db| catalogues.within(db))?;
        Ok((catalogues, moved))
    }

    /// Of a store whose sections are configured like this already.
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
    pub async fn current(&self) -> Result<Arc<Catalogue>, StoreError> {
        self.store.read(|db| self.within(db)).await
    }

    /// The sections as a transaction sees them that hasn't changed any itself: what it changed might never be.
    pub fn within(&self, db: &ReadTx<'_>) -> Result<Arc<Catalogue>, StoreError> {
        let version = db.sections_version()?;
        {
            let held = self.held.read();
            if held.0 == version {
                return Ok(held.1.clone());
            }
        }
        let (stored, led) = (db.sections()?, db.led_headings()?);
        let catalogue = Arc::new(Catalogue::new(stored, &led, &self.definitions));
        *self.held.write() = (version, catalogue.clone());
        Ok(catalogue)
    }
}
