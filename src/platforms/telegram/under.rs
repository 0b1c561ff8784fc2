//! What hangs under a roundup: *Read* and *Search*. In a broadcast channel, where nobody can be answered alone, they are links
//! into a chat with the bot alone, which do the same there.

use crate::chat::commands::{Action, Button, Invocation, pack};
use tidings_core::ids::ItemId;
use tidings_core::post::{Block, Post, PostAction, PostButton};

/// The longest word behind `start=` (<https://core.telegram.org/bots/features#deep-linking>).
pub(super) const LONGEST_WORD: usize = 64;

/// The most letters that the items behind one button take: so many fit into a link, behind its word, and into the data of
/// a button that shares a page of them.
const MOST_PACKED: usize = 58;

/// The most buttons in a row that can be read on a phone.
const ROW: usize = 4;

/// What hangs under which message of a post: under the last one of each stretch what reads its headlines, and under the very
/// last one what an editor may do. `placement` tells which items each message shows.
pub(super) fn hanging(post: &Post, placement: &[Vec<i64>]) -> Vec<(usize, Vec<Vec<Button>>)> {
    let offers = post.blocks.iter().filter_map(|block| match block {
        Block::Offers(offers) => Some(offers),
        _ => None,
    });
    let offers: Vec<&PostButton> = offers.flatten().collect();
    let Some(last) = placement
        .len()
        .checked_sub(1)
        .filter(|_| !offers.is_empty())
    else {
        return Vec::new();
    };
    let mut hanging: Vec<(usize, Vec<Vec<Button>>)> = Vec::new();
    for stretch in post.stretches(placement) {
        let rows = reading(&offers, &headlines(&stretch.post));
        hanging.push((stretch.messages.end.saturating_sub(1), rows));
    }
    if hanging.last().is_none_or(|(at, _)| *at < last) {
        hanging.push((last, reading(&offers, &[])));
    }
    if let Some((_, rows)) = hanging.last_mut() {
        rows.extend(deeds(&offers));
    }
    hanging.retain(|(_, rows)| !rows.is_empty());
    hanging
}

/// The headlines of a stretch that weren't taken back, in their order.
fn headlines(stretch: &Post) -> Vec<ItemId> {
    let shown = stretch.blocks.iter().filter_map(|block| match block {
        Block::Entry(entry) if !entry.withdrawn => Some(ItemId::new(entry.id)),
        _ => None,
    });
    shown.collect()
}

/// The buttons of readers. More headlines than one button can name have several.
fn reading(offers: &[&PostButton], items: &[ItemId]) -> Vec<Vec<Button>> {
    let mut buttons = Vec::new();
    for offer in offers {
        match offer.deed {
            PostAction::Headlines => {
                let parts = parts(items);
                let is_several = parts.len() > 1;
                for (at, part) in parts.into_iter().enumerate() {
                    let label = match is_several {
                        true => format!("{} {}", offer.label, at + 1),
                        false => offer.label.clone(),
                    };
                    buttons.extend(Action::Summaries(part.to_vec()).button(label));
                }
            }
            PostAction::Search => buttons.extend(Action::Search.button(offer.label.clone())),
            PostAction::Summaries
            | PostAction::Read
            | PostAction::Open
            | PostAction::Review { .. } => {}
        }
    }
    buttons.chunks(ROW).map(<[Button]>::to_vec).collect()
}

/// Items in as few parts as each can be named by one button.
fn parts(items: &[ItemId]) -> Vec<&[ItemId]> {
    let mut parts = Vec::new();
    let mut rest = items;
    while !rest.is_empty() {
        let fits = |count: &usize| pack(&rest[..*count]).len() <= MOST_PACKED;
        let count = (1..=rest.len()).rev().find(fits).unwrap_or(1);
        parts.push(&rest[..count]);
        rest = &rest[count..];
    }
    parts
}

/// What an editor may do, two buttons in a row.
fn deeds(offers: &[&PostButton]) -> Vec<Vec<Button>> {
    let buttons = offers
        .iter()
        .filter_map(|offer| Action::of_review(&offer.deed)?.button(offer.label.clone()));
    let buttons: Vec<Button> = buttons.collect();
    buttons.chunks(2).map(<[Button]>::to_vec).collect()
}

/// A link that begins a chat with the bot, and says a word there.
pub(super) fn start_link(bot: &str, word: &str) -> String {
    format!("https://t.me/{bot}?start={word}")
}

/// The link that does in a chat with the bot alone what a button of a reader does; `None` for any other.
pub(super) fn link_of(bot: &str, action: &Action) -> Option<String> {
    let word = match action {
        Action::Summaries(items) => Invocation::link_to(items),
        Action::Search => Invocation::link_to_search().to_owned(),
        _ => return None,
    };
    (word.len() <= LONGEST_WORD).then(|| start_link(bot, &word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chat::commands::MOST_DATA;
    use tidings_core::post::Entry;

    fn post(ids: impl Iterator<Item = i64>, deeds: &[PostAction]) -> Post {
        let entry = |id| {
            Block::Entry(Entry {
                id,
                title: format!("Ferry {id} sails"),
                ..Entry::default()
            })
        };
        let offer = |deed: &PostAction| PostButton {
            label: "Read".to_owned(),
            deed: *deed,
        };
        let mut post = Post {
            blocks: ids.map(entry).collect(),
        };
        post.push(Block::Offers(deeds.iter().map(offer).collect()));
        post
    }

    #[test]
    fn however_many_headlines_there_are_each_is_behind_a_button_whose_data_and_link_fit() {
        for step in [1, 30, 1_000, 1_000_000_000] {
            let ids: Vec<i64> = (1..=100).map(|at| 1_000_000 + at * step).collect();
            let hanging = hanging(
                &post(ids.iter().copied(), &[PostAction::Headlines]),
                std::slice::from_ref(&ids),
            );
            let [(0, rows)] = hanging.as_slice() else {
                panic!("{hanging:?}")
            };
            let mut named = Vec::new();
            for button in rows.concat() {
                let action = Action::decode(&button.data).unwrap();
                let link = link_of("TidingsBot", &action).unwrap();
                let word = link.split_once("start=").unwrap().1;
                assert!(word.len() <= LONGEST_WORD, "{word}");
                assert!(
                    button.data.len() + "!q99.".len() - 1 <= MOST_DATA,
                    "{button:?}"
                );
                let Action::Summaries(items) = action else {
                    panic!("{action:?}")
                };
                named.extend(items.iter().map(|item| item.get()));
            }
            assert_eq!(named, ids, "{step}");
        }
    }

    #[test]
    fn what_is_taken_back_is_behind_no_button() {
        let deeds = [PostAction::Headlines, PostAction::Search];
        let mut roundup = post(1..=2, &deeds);
        let placement = [vec![1, 2]];
        for (withdrawn, data) in [(None, "pBB"), (Some(0), "pC"), (Some(1), "w")] {
            if let Some(Block::Entry(entry)) = withdrawn.map(|at: usize| &mut roundup.blocks[at]) {
                entry.withdrawn = true;
            }
            let hanging = hanging(&roundup, &placement);
            assert_eq!(hanging[0].1[0][0].data, data);
        }
    }

    #[test]
    fn each_stretch_has_its_own_and_a_message_that_goes_on_has_none() {
        let deeds = [PostAction::Headlines, PostAction::Search];
        let roundup = post(1..=4, &deeds);
        let hanging = hanging(&roundup, &[vec![1, 2], vec![2, 3], vec![4]]);
        let data = |rows: &Vec<Vec<Button>>| rows.concat()[0].data.clone();
        let shown: Vec<_> = hanging.iter().map(|(at, rows)| (*at, data(rows))).collect();
        assert_eq!(shown, [(1, "pBBB".to_owned()), (2, "pE".to_owned())]);
        // What has no headline of its own is searched from all the same.
        let bare = super::hanging(&post(0..0, &deeds), &[vec![]]);
        assert_eq!((bare.len(), data(&bare[0].1)), (1, "w".to_owned()));
        assert_eq!(super::hanging(&post(1..=4, &[]), &[vec![1, 2, 3, 4]]), []);
    }
}
