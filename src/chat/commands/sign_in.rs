//! The way to the dashboard, for whom it is: a button under `/status`, and the link that it brings.

use super::buttons::Action;
use super::command::{CommandError, Reply, Request};
use crate::sign_in::{LINK_WORKS, Secret, make_link};
use tidings_core::post::{Block, Post};
use tidings_store::WriteTx;

/// The button, for whom it is.
pub(super) fn button(request: &Request<'_>) -> Option<(String, String)> {
    request.signs_in.as_ref()?;
    let label = request.say.text("button-dashboard", &[]);
    Some((label, Action::SignIn.encode()?))
}

/// A fresh link, for whom it is; `base` is where people see the pages.
pub(super) fn run(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    base: &str,
    secret: &Secret,
) -> Result<Reply, CommandError> {
    let Some(person) = &request.signs_in else {
        return Err(request.mistake("sign-in-not-yours", &[]));
    };
    let link = make_link(db, base, secret, person, request.now)?;
    let minutes = [("minutes", LINK_WORKS.as_mins().into())];
    let mut post = Post::line(request.say.line("sign-in-link", &minutes));
    post.push(Block::Link(link));
    Ok(post.into())
}
