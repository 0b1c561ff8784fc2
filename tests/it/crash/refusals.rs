//! What the platforms refuse in the crash test: some headlines beside others, so that what holds them goes in pieces, and some
//! wherever they stand, so that their pieces are set aside.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fakes::discord::{self, FakeDiscord};
use crate::fakes::telegram::{self, FakeTelegram};

/// Refused beside other headlines.
const ALONE: &str = "alone";

/// Refused wherever it stands.
pub(super) const NOWHERE: &str = "nowhere";

/// A document's headline about a section.
pub(super) fn headline(number: usize, slug: &str) -> String {
    let place = match (number % 4, slug) {
        (1 | 3, "us-nk") => ALONE,
        (0 | 2, "inter-korean") => NOWHERE,
        _ => "somewhere",
    };
    format!("Squid {number:04} is counted {place} in {slug}")
}

/// From now on they are refused, in messages and in what messages become.
pub(super) fn inject(telegram: &FakeTelegram, discord: &FakeDiscord) {
    for method in ["sendMessage", "editMessageText"] {
        let fault = telegram::Fault::on(method).meeting(is_refused).always();
        telegram.inject(fault.answer(400, "Bad Request: can't parse entities"));
    }
    for route in ["POST channels/*/messages", "PATCH channels/*/messages/*"] {
        let fault = discord::Fault::on(route).meeting(is_refused).always();
        discord.inject(fault.answer(400, 50_035, "Invalid Form Body"));
    }
}

fn is_refused(body: &Value) -> bool {
    let text = body.to_string();
    let headlines: BTreeSet<&str> = text
        .split("Squid ")
        .skip(1)
        .filter_map(|rest| {
            let (words, slug) = rest.split_once(" in ")?;
            let slug = slug.split(|c: char| !c.is_ascii_lowercase()).next()?;
            rest.get(..words.len() + " in ".len() + slug.len())
        })
        .collect();
    let holds = |place: &str| headlines.iter().any(|headline| headline.contains(place));
    holds(NOWHERE) || headlines.len() > 1 && holds(ALONE)
}
