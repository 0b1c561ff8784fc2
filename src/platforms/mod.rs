//! The platforms: one list, one folder each. Nothing outside of this folder knows which there are.

pub mod console;

/// One row of the platform table.
pub struct Spec {
    /// Its name, the first half of its channels' keys.
    pub name: &'static str,
    /// The environment variable that holds its token; `None` where it needs none.
    pub token: Option<&'static str>,
    /// Whether this version speaks it.
    pub spoken: bool,
}

/// Every platform.
pub const ALL: &[Spec] = &[
    console::SPEC,
    Spec {
        name: "telegram",
        token: Some("TELEGRAM_TOKEN"),
        spoken: false,
    },
    Spec {
        name: "discord",
        token: Some("DISCORD_TOKEN"),
        spoken: false,
    },
];
