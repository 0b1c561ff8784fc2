//! Roles that posts mention, as long as there are any.

use super::Bot;
use tidings_core::channel::ChannelRow;
use tidings_core::ids::ChannelKey;
use tidings_store::StoreError;

impl Bot {
    /// Takes the roles out of the settings of a place's channels that aren't there any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_roles(
        &self,
        place: &ChannelKey,
        is_role: &dyn Fn(&str) -> bool,
    ) -> Result<(), StoreError> {
        let is_gone = |row: &ChannelRow| {
            let role = row.settings.role.as_deref();
            role.is_some_and(|role| !is_role(role))
        };
        let channels = self.store.read(|db| db.channels_within(place))?;
        for row in channels.into_iter().filter(is_gone) {
            let mut settings = row.settings.clone();
            settings.role = None;
            self.store.write(|db| db.save_settings(row.id, &settings))?;
            tracing::info!(channel = %row.key, "the role that posts mentioned is gone; nobody is mentioned there now");
        }
        Ok(())
    }
}
