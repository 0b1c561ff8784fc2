//! `/pause`: stop deliveries; nothing is lost.

use super::{Failure, Reply, Request, Spec, Who};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::language::Value;
use tidings_core::post::Line;
use tidings_store::StoreError;

pub(super) const SPEC: Spec = Spec {
    name: "pause",
    who: Who::Managers,
    arguments: &[],
    run: |request, _| run(request),
};

fn run(request: &Request<'_>) -> Result<Reply, Failure> {
    let before = request.store.write(|db| {
        let channel = db.channel_or_new(&request.channel, request.now)?;
        let by_manager = |pause: &Pause| pause.by == PausedBy::Manager;
        if !channel.pause.as_ref().is_some_and(by_manager) {
            let pause = Pause {
                by: PausedBy::Manager,
                since: request.now,
                reason: None,
            };
            db.set_pause(channel.id, Some(&pause))?;
            return Ok(None);
        }
        Ok::<_, StoreError>(Some(channel))
    })?;
    Ok(
        match before.and_then(|channel| request.pause_line(&channel)) {
            Some(line) => line.into(),
            None => request.say.line("paused", &[]).into(),
        },
    )
}

impl Request<'_> {
    /// Why nothing is delivered, if nothing is.
    pub(super) fn pause_line(&self, channel: &ChannelRow) -> Option<Line> {
        let pause = channel.pause.as_ref()?;
        let since = self
            .say
            .moment(pause.since, self.now, &self.zone(Some(channel)));
        let reason = pause.reason.clone().unwrap_or_default();
        let values = [("since", Value::Text(&since)), ("reason", (&reason).into())];
        Some(match pause.by {
            PausedBy::Manager => self.say.line("paused-since", &values),
            PausedBy::Platform => self.say.line("paused-by-platform", &values),
        })
    }
}
