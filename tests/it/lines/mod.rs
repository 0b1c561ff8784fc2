//! A third platform, as small as one can be: a chat of lines over TCP. It shows what a platform has to bring, and that the
//! house has room for one (CONTRIBUTING.md, “A platform”): the contract of all platforms holds on it.

mod platform;
mod server;

pub(crate) use server::Server;

#[test]
fn a_platform_is_four_hundred_lines_at_most() {
    assert!(include_str!("platform.rs").lines().count() < 400);
}
