//! What a question costs: it is answered from one look at where it was asked, one at what is asked for, and one note that
//! it is answered.

use std::fs;
use std::sync::Arc;

use serde_json::{Value, json};
use tidings::ingest::Recheck;
use tidings::platforms::{discord, telegram};
use tidings::runtime::App;
use tidings::settings::Settings;
use tidings::task::Clock;

use crate::ground::{Ground, open_store};
use crate::harness::{CONFIG, block_on, loaded, moment, page};

fn settings(ground: &Ground) -> Settings {
    let tokens = [
        (
            "TELEGRAM_TOKEN",
            "1234567:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDtests",
        ),
        (
            "DISCORD_TOKEN",
            "MTIzNDU2Nzg5MDEyMzQ1Njc4.GabcdE.tests-tests-tests-tests-tests-tests",
        ),
    ];
    ground.settings_with(tokens.map(|(name, value)| (name, value.to_owned())))
}

fn bot(ground: &Ground) -> App {
    fs::write(ground.at("tidings.toml"), CONFIG).unwrap();
    let digests = ground.at("digests");
    fs::create_dir(&digests).unwrap();
    let news =
        page("# Japan\nSquid counted | All of them.\n# US-NK Relations\nEnvoys met | Twice.");
    fs::write(digests.join("2026-11-06.txt"), news).unwrap();
    let settings = settings(ground);
    let store = open_store(&settings);
    let now = moment("2026-11-06T12:00[UTC]");
    let bot = App::new(settings, store, Arc::new(Clock::new(move || now))).unwrap();
    assert_eq!(loaded(&bot, Recheck::Touched)[0].new, 2);
    bot
}

/// A message in somebody's private chat, and the number of its update.
fn written(number: u64, text: &str) -> Value {
    let ana = json!({ "id": 42, "is_bot": false, "first_name": "Ana", "language_code": "ko" });
    json!({
        "update_id": number,
        "message": {
            "message_id": number, "date": moment("2026-11-06T12:00[UTC]").as_second(), "text": text, "from": ana,
            "chat": { "id": 42, "type": "private", "first_name": "Ana" },
        },
    })
}

#[test]
fn a_line_in_a_private_chat_takes_three_transactions() {
    let ground = Ground::new();
    let bot = bot(&ground);
    let mut telegram =
        telegram::rehearsal::Rehearsal::new(&settings(&ground), "TidingsBot").unwrap();
    let mut costs = |number: u64, text: &str| {
        let before = bot.store().transactions();
        let handled = block_on(async { telegram.hear(bot.bot(), &written(number, text)) });
        assert!(handled, "{text}");
        bot.store().transactions() - before
    };
    for (number, text) in (1..).zip([
        "/latest",
        "/latest japan 2",
        "/read 1",
        "/sections",
        "/search squid",
        "/subscriptions",
        "/status",
        "/help",
        "/subscribe japan daily 09:00",
        "/latest",
        "/settings locale ko",
        "/timezone Asia/Seoul",
        "/preview",
        "/unsubscribe all",
        "/forget yes",
        "/nonsense",
    ]) {
        assert_eq!(costs(number, text), 3, "{text}");
    }
    // What comes again is known by the first look.
    assert_eq!(costs(1, "/latest"), 1);
}

#[test]
fn an_interaction_takes_two_transactions() {
    let ground = Ground::new();
    let bot = bot(&ground);
    let mut discord = discord::rehearsal::Rehearsal::new(&settings(&ground), "Tidings").unwrap();
    let interaction = |id: usize, name: &str| {
        json!({
            "op": 0, "s": 1, "t": "INTERACTION_CREATE",
            "d": {
                "id": id.to_string(), "application_id": "2", "type": 2, "token": "t", "version": 1, "channel_id": "4", "locale": "ko",
                "context": 1, "channel": { "id": "4", "type": 1 }, "app_permissions": "2048", "entitlements": [],
                "authorizing_integration_owners": { "0": "0" }, "attachment_size_limit": 0,
                "user": { "id": "5", "username": "ana" }, "data": { "id": "7", "name": name, "type": 1 },
            },
        })
    };
    for (at, name) in ["latest", "sections", "status", "pause"]
        .into_iter()
        .enumerate()
    {
        let before = bot.store().transactions();
        assert!(block_on(async {
            discord.hear(bot.bot(), &interaction(at + 1, name))
        }));
        assert_eq!(bot.store().transactions() - before, 2, "{name}");
    }
}
