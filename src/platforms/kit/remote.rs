//! Commands about another channel than the one in which they are given.

use crate::chat::commands;
use tidings_core::post::{Block, Span};

/// Commands that an answer about another channel suggests would act where it is read: they get the channel's name.
pub(in crate::platforms) fn name_channel(block: &mut Block, channel: &str) {
    let name = |text: &mut String| {
        for spec in commands::ALL.iter().filter(|spec| spec.elsewhere) {
            let command = format!("/{}", spec.name);
            let mut named = String::new();
            let mut rest = text.as_str();
            while let Some(at) = rest.find(&command) {
                let end = at + command.len();
                named.push_str(&rest[..end]);
                rest = &rest[end..];
                // What stands in quotes is what somebody typed.
                let is_quoted = text[..text.len() - rest.len() - command.len()].ends_with('“');
                if !is_quoted && !rest.starts_with(char::is_alphanumeric) {
                    named.push_str(&format!(" {channel}"));
                }
            }
            named.push_str(rest);
            *text = named;
        }
    };
    let lines = match block {
        Block::Line(line) => std::slice::from_mut(line),
        Block::Hints(lines) => lines.as_mut_slice(),
        // Everything else may be source text.
        _ => return,
    };
    for span in lines.iter_mut().flat_map(|line| &mut line.0) {
        match span {
            Span::Text(text) | Span::Bold(text) | Span::Moment { text, .. } => name(text),
        }
    }
}
