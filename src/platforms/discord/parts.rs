//! The parts of a roundup: what each says, as cards or with embeds, and what hangs under it.

use super::card::Cards;
use super::card_layout;
use super::components::{Menu, SEARCH};
use super::limits::{LABEL, fit};
use super::render::{Commands, foot, is_one_section, laid_out, role_number};
use super::wire::Wire;
use crate::chat::commands::{Action, Preview};
use tidings_core::ids::ItemId;
use tidings_core::post::{Block, DeliveryOptions, Post, PostAction, PostButton};

/// The parts of a roundup as the ledger keeps them.
pub(super) fn wires(post: &Post, options: &DeliveryOptions) -> Vec<String> {
    let parts = Parts::of(post, options);
    let wires = match parts.pages() {
        Some(pages) => parts.of_cards(pages),
        None => parts.of_messages(post, true),
    };
    wires.iter().map(Wire::to_text).collect()
}

/// The items that each part shows.
pub(super) fn placement(post: &Post, options: &DeliveryOptions) -> Vec<Vec<i64>> {
    let numbers = |items: Vec<ItemId>| items.into_iter().map(ItemId::get).collect();
    match Parts::of(post, options).pages() {
        Some(pages) => pages.into_iter().map(|page| numbers(page.items)).collect(),
        None => {
            let messages = laid_out(post, &Commands::new(), is_one_section(post)).into_iter();
            let items = messages.map(|message| message.embeds.into_iter().flat_map(|e| e.items));
            items.map(|items| numbers(items.collect())).collect()
        }
    }
}

/// Whether what a post is called depends on what its only headline says.
fn is_named_by_headline(post: &Post) -> bool {
    let is_name = |block: &Block| matches!(block, Block::Name(_));
    let entries = post.blocks.iter();
    let entries = entries.filter(|block| matches!(block, Block::Entry(_)));
    post.blocks.iter().any(is_name) && entries.count() == 1
}

/// How many messages of cards a preview takes at most, behind the one that says what it is: an answer takes three.
const PREVIEWED: usize = 2;

/// A roundup that isn't posted yet as its cards; `None` where it would have none, or takes too many messages for an answer.
pub(super) fn previewed(preview: &Preview) -> Option<Vec<Cards>> {
    let pages = Parts::of(&preview.roundup, &preview.options).pages()?;
    let cards: Vec<Cards> = pages.into_iter().map(|page| page.cards).collect();
    (cards.len() <= PREVIEWED).then_some(cards)
}

/// What the parts of a roundup have in common.
struct Parts<'p> {
    post: &'p Post,
    options: &'p DeliveryOptions,
    title: String,
    renames: bool,
    sections: Vec<(String, String)>,
    role: Option<String>,
    offers: &'p [PostButton],
}

impl<'p> Parts<'p> {
    fn of(post: &'p Post, options: &'p DeliveryOptions) -> Parts<'p> {
        let title = post.blocks.iter().find_map(|block| match block {
            Block::Title { text, .. } | Block::Name(text) => Some(text.clone()),
            _ => None,
        });
        let sections = post.blocks.iter().filter_map(|block| match block {
            Block::Section { title, slug, .. } => Some((slug.clone(), title.clone())),
            _ => None,
        });
        let offers = post.blocks.iter().find_map(|block| match block {
            Block::Offers(offers) => Some(offers.as_slice()),
            _ => None,
        });
        Parts {
            post,
            options,
            title: title.unwrap_or_default(),
            renames: is_named_by_headline(post)
                && post
                    .blocks
                    .iter()
                    .any(|block| matches!(block, Block::Mark(_))),
            sections: sections.collect(),
            role: options.role.as_deref().and_then(role_number),
            offers: offers.unwrap_or_default(),
        }
    }

    /// Its messages as cards; `None` where it has none.
    fn pages(&self) -> Option<Vec<card_layout::Page>> {
        match self.options.cards {
            true => card_layout::pages(self.post, self.offers, foot(self.post)),
            false => None,
        }
    }

    /// All of a part but what it says. One ping is enough, and one thread.
    fn part(&self, items: &[ItemId], is_first: bool) -> Wire {
        let readable = self.readable(items);
        Wire {
            title: self.title.clone(),
            renames: self.renames && is_first,
            sections: self.sections.clone(),
            silent: self.options.silent,
            publish: self.options.publish,
            discuss: self.options.discuss && is_first,
            role: self.role.clone().filter(|_| is_first),
            buttons: self.buttons(&readable),
            menu: self.menu(&readable),
            ..Wire::default()
        }
    }

    /// What is said by all of the post, or by a part of it, with embeds.
    fn of_messages(&self, post: &Post, is_first: bool) -> Vec<Wire> {
        let messages = laid_out(post, &Commands::new(), is_one_section(self.post));
        let parts = messages.into_iter().enumerate().map(|(at, mut message)| {
            let items = message.embeds.iter().flat_map(|embed| embed.items.clone());
            let items: Vec<ItemId> = items.collect();
            let part = self.part(&items, is_first && at == 0);
            if let Some(role) = &part.role {
                // Room is left for it: see `HEAD`.
                message.content = format!("<@&{role}> {}", message.content)
                    .trim_end()
                    .to_owned();
            }
            Wire { message, ..part }
        });
        parts.collect()
    }

    fn of_cards(&self, pages: Vec<card_layout::Page>) -> Vec<Wire> {
        let parts = pages.into_iter().enumerate().map(|(at, page)| {
            let without_cards = self.of_messages(
                &Post {
                    blocks: page.blocks,
                },
                at == 0,
            );
            let part = self.part(&page.items, at == 0);
            let mut cards = page.cards;
            if let Some(role) = &part.role {
                cards.prefix(&format!("<@&{role}>"));
            }
            Wire {
                cards: Some(cards),
                without_cards,
                ..part
            }
        });
        parts.collect()
    }

    /// Those of some items that weren't taken back.
    fn readable(&self, items: &[ItemId]) -> Vec<ItemId> {
        let is_withdrawn = |item: &ItemId| {
            let mut blocks = self.post.blocks.iter();
            blocks.any(|block| {
                matches!(block, Block::Entry(entry) if entry.withdrawn && entry.id == item.get())
            })
        };
        let readable = items.iter().filter(|item| !is_withdrawn(item));
        readable.copied().collect()
    }

    /// The buttons under a message; what doesn't fit into a button isn't offered.
    fn buttons(&self, items: &[ItemId]) -> Vec<(String, String)> {
        let button = |offer: &PostButton| {
            let data = match offer.deed {
                PostAction::Summaries if items.is_empty() => None,
                PostAction::Summaries => Action::Summaries(items.to_vec()).encode(),
                PostAction::Search => Some(SEARCH.to_owned()),
                PostAction::Headlines | PostAction::Read | PostAction::Open => None,
                PostAction::Review { .. } => Action::of_review(&offer.deed)?.encode(),
            };
            Some((fit(&offer.label, LABEL), data?))
        };
        self.offers.iter().filter_map(button).collect()
    }

    /// The menu of its headlines.
    fn menu(&self, items: &[ItemId]) -> Option<Menu> {
        let offer = |offer: &&PostButton| offer.deed == PostAction::Read;
        let offer = self.offers.iter().find(offer)?;
        let headlines = self.post.blocks.iter().filter_map(|block| match block {
            Block::Entry(entry) => Some((ItemId::new(entry.id), entry.title.as_str())),
            _ => None,
        });
        let shown = headlines.filter(|(item, _)| items.contains(item));
        Menu::of(&offer.label, shown)
    }
}
