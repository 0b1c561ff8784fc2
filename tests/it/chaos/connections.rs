//! Shards that processes share: each is one process's at a time, and whoever hears a question answers it.

use super::crew::{Crew, Setup};
use crate::fakes::discord::{FakeDiscord, World};

const SETUP: Setup = Setup {
    members: 2,
    channels: 1,
    lease: "3s",
    rate: 30,
    seed: 1,
    cadence: |_| "daily 09:00",
};

/// Somebody in a server asks, and is answered.
async fn is_answered(discord: &FakeDiscord, channel: u64) {
    let said = discord.reader("Ben").asks(channel, "/sections").await;
    assert!(said.contains("us-nk"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn shards_are_shared_taken_over_and_divided_anew() {
    let Some(mut crew) = Crew::new(&SETUP) else {
        return;
    };
    let discord = crew.discord.clone();
    discord.with(|world| {
        world.shards = 2;
        world.is_strict_with_shards = true;
        world.max_concurrency = 16;
    });
    // One in each shard.
    let places = ["One", "Two"].map(|name| {
        discord.with(|world| world.next_shard());
        discord.text(discord.guild(name), "news")
    });
    crew.start(0);
    crew.start(1);
    discord.wait_for_shards(2).await;
    for place in places {
        is_answered(&discord, place).await;
    }
    let lost = crew.held("gateway:discord:0/2", None).await;
    crew.kill(lost);
    for shard in ["gateway:discord:0/2", "gateway:discord:1/2"] {
        crew.held(shard, None).await;
    }
    discord.wait_for_shards(2).await;
    for place in places {
        is_answered(&discord, place).await;
    }
    // Discord advises many more: whoever looks after the account next has them all begun anew.
    crew.start(lost);
    discord.with(|world| world.shards = 5);
    let account = crew.held("chat:discord", None).await;
    crew.signal(account, "-TERM");
    crew.ended(account).await;
    crew.held("gateway:discord:4/5", None).await;
    let last = |world: &World| world.divided.contains(&[4, 5]).then_some(());
    discord.wait_for("the last of five shards", last).await;
    assert_eq!(discord.violations(), Vec::<String>::new());
}
