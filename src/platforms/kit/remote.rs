//! Commands about another channel than the one in which they are given.

use crate::chat::commands;
use tidings_core::post::{Block, Span};

/// Commands that an answer about another channel suggests would act where it is read: they get the channel's name.
pub fn name_channel(block: &mut Block, about: &str) {
    let lines = match block {
        Block::Line(line) => std::slice::from_mut(line),
        Block::Hints(lines) => lines.as_mut_slice(),
        _ => return,
    };
    for span in lines.iter_mut().flat_map(|line| &mut line.0) {
        if let Span::Command { name, channel, .. } = span
            && commands::find(name).is_some_and(|spec| spec.elsewhere)
        {
            *channel = Some(about.to_owned());
        }
    }
}
