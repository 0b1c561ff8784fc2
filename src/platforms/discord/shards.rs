//! How the connections to the gateway stand: which of them are up, and since when others aren't.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use serenity::all::ShardStageUpdateEvent;
use serenity::gateway::ConnectionStage;
use tokio::time::{Instant, sleep_until};

/// How long a shard may be without a connection until that is said.
const DISCONNECTED: Duration = Duration::from_secs(10);

/// How long it may take to be connected at first. Shorter, since serenity goes round in circles where a shard is
/// refused; longer than the five seconds that have to lie between two introductions.
const BEGINNING: Duration = Duration::from_secs(6);

/// After how long it is said again.
const AGAIN: Duration = Duration::from_secs(60);

/// Between two shards that serenity begins.
const BETWEEN_SHARDS: Duration = Duration::from_secs(5);

/// How each shard of this process stands.
pub(super) struct ShardStates {
    shards: HashMap<u32, ShardState>,
    /// How many there are in all, those of other processes included.
    total: u32,
}

struct ShardState {
    connected: bool,
    /// Since when it is, or isn't.
    since: Instant,
    /// How long it may be without.
    patience: Duration,
}

impl ShardStates {
    /// Shards that aren't connected yet.
    pub(super) fn expecting(shards: RangeInclusive<u32>, total: u32) -> ShardStates {
        let (first, now) = (*shards.start(), Instant::now());
        let state = |shard: u32| ShardState {
            connected: false,
            since: now + BETWEEN_SHARDS * (shard - first),
            patience: BEGINNING,
        };
        ShardStates {
            shards: shards.map(|shard| (shard, state(shard))).collect(),
            total,
        }
    }

    pub(super) fn total(&self) -> u32 {
        self.total
    }

    pub(super) fn note(&mut self, update: &ShardStageUpdateEvent) {
        let Some(state) = self.shards.get_mut(&update.shard_id.0) else {
            return;
        };
        let connected = update.new == ConnectionStage::Connected;
        if connected != state.connected {
            state.since = Instant::now();
            state.patience = DISCONNECTED;
        }
        state.connected = connected;
    }

    pub(super) fn connected(&mut self, shard: u32) {
        if let Some(state) = self.shards.get_mut(&shard) {
            state.connected = true;
        }
    }

    pub(super) fn all_connected(&self) -> bool {
        self.shards.values().all(|shard| shard.connected)
    }

    /// That a shard has no connection was said. It is said again after a while: that another one is connected must not make it
    /// look well.
    pub(super) fn said(&mut self, shard: u32) {
        if let Some(state) = self.shards.get_mut(&shard) {
            state.since = Instant::now();
            state.patience = AGAIN;
        }
    }

    /// Waits until a shard has been without a connection for long, and that wasn't said for a while.
    pub(super) fn overdue(&self) -> impl Future<Output = u32> + use<> {
        let waiting = self.shards.iter().filter(|(_, shard)| !shard.connected);
        let first = waiting.map(|(id, shard)| (shard.since + shard.patience, *id));
        let first = first.min();
        async move {
            match first {
                Some((at, shard)) => {
                    sleep_until(at).await;
                    shard
                }
                None => std::future::pending().await,
            }
        }
    }
}
