//! How long it takes until somebody else sends.

use std::time::Duration;

use super::crew::{Crew, Setup};
use crate::fakes::clock::{now, pause};

const SETUP: Setup = Setup {
    members: 2,
    channels: 1,
    lease: "3s",
    rate: 30,
    seed: 1,
    cadence: |_| "daily 09:00",
};

/// What a planned stop may take on a busy machine; a second on one that has nothing else to do.
const SOON: Duration = Duration::from_secs(5);

/// Two processes that have sent something, and a headline that waits for its slot.
async fn ready(setup: &Setup) -> Option<(Crew, String)> {
    let mut crew = Crew::new(setup)?;
    for at in 0..crew.members.len() {
        crew.start(at);
    }
    let first = crew.write();
    crew.loaded().await;
    crew.pass_time();
    crew.arrived("telegram", &first).await;
    crew.arrived("discord", &first).await;
    let second = crew.write();
    crew.loaded().await;
    // What the first one left to be written down.
    pause(Duration::from_millis(500)).await;
    Some((crew, second))
}

/// For how long nothing is sent on a platform after its sender was killed.
async fn after_kill(platform: &str, setup: &Setup) -> Option<Duration> {
    let (mut crew, title) = ready(setup).await?;
    let holder = crew.held(&format!("chat:{platform}"), None).await;
    let begun = now();
    crew.kill(holder);
    crew.pass_time();
    let arrived = crew.arrived(platform, &title).await;
    Some(arrived.duration_since(begun))
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_killed_is_replaced_once_the_lease_is_over() {
    for platform in ["telegram", "discord"] {
        let Some(taken) = after_kill(platform, &SETUP).await else {
            return;
        };
        println!("{platform}: another process sends {taken:?} after a kill, with a lease of 3 s");
        assert!(taken < Duration::from_secs(10), "{platform}: {taken:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "waits for long leases"]
async fn with_the_usual_lease_nothing_is_sent_for_15_seconds_at_most() {
    let setup = Setup {
        lease: "10s",
        ..SETUP
    };
    for platform in ["telegram", "discord"] {
        let Some(taken) = after_kill(platform, &setup).await else {
            return;
        };
        println!("{platform}: another process sends {taken:?} after a kill, with a lease of 10 s");
        assert!(taken < Duration::from_secs(15), "{platform}: {taken:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_stops_as_planned_is_replaced_at_once() {
    let setup = Setup {
        lease: "10s",
        ..SETUP
    };
    for platform in ["telegram", "discord"] {
        let Some((mut crew, title)) = ready(&setup).await else {
            return;
        };
        let holder = crew.held(&format!("chat:{platform}"), None).await;
        let begun = now();
        crew.signal(holder, "-TERM");
        // Its own scheduler might still see it.
        crew.held(&format!("chat:{platform}"), Some(holder)).await;
        let held = now().duration_since(begun);
        crew.pass_time();
        let arrived = crew.arrived(platform, &title).await.duration_since(begun);
        println!(
            "{platform}: another process holds it {held:?} after a planned stop, and sends after {arrived:?}"
        );
        assert!(arrived < SOON, "{platform}: {arrived:?}\n{}", crew.log());
        crew.ended(holder).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_over_goes_on_at_the_pace_of_the_token() {
    let setup = Setup {
        channels: 30,
        rate: 5,
        ..SETUP
    };
    let Some((mut crew, title)) = ready(&setup).await else {
        return;
    };
    crew.telegram.enforce_limits(5, 1_000, 1_000);
    let holder = crew.held("chat:telegram", None).await;
    crew.pass_time();
    crew.arrived("telegram", &title).await;
    // Into the next second.
    pause(Duration::from_millis(1_500)).await;
    crew.signal(holder, "-TERM");
    crew.ended(holder).await;
    crew.rest().await;
    assert_eq!(crew.telegram.refused_by_limits(), 0, "{}", crew.log());
}
