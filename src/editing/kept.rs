//! What a deed keeps of what was before, and of what is since: JSON, written and read.

use serde::{Deserialize, Serialize};

use tidings_store::StoreError;

pub(super) fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::unexpected("what was done", error))
}

pub(super) fn read<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|_| StoreError::unexpected("what was done", text))
}
