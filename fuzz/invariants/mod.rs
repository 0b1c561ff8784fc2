//! What has to hold whatever comes from outside: one list of doors, by which the fuzzer comes, and a short walk of the tests.
//! Each panics if something that others rely on doesn't hold.

mod chat;
mod configuration;
mod documents;
mod events;
mod lists;
mod robots;
mod script;
mod updates;
mod world;

/// One way in.
pub struct Door {
    /// The fuzz target of the same name.
    pub name: &'static str,
    /// Takes bytes as they may come.
    pub hold: fn(&[u8]),
}

const fn door(name: &'static str, hold: fn(&[u8])) -> Door {
    Door { name, hold }
}

/// Every way in.
pub const ALL: &[Door] = &[
    door("feed", |bytes| documents::hold("feed", bytes)),
    door("page", |bytes| documents::hold("page", bytes)),
    door("markdown", |bytes| documents::hold("markdown", bytes)),
    door("mail", |bytes| documents::hold("mail", bytes)),
    door("digest", |bytes| documents::hold("digest", bytes)),
    door("chat", chat::hold),
    door("lists", lists::hold),
    door("robots", robots::hold),
    door("configuration", configuration::hold),
    door("updates", updates::hold),
    door("events", events::hold),
];

/// Holds what has to hold behind one door.
///
/// # Panics
/// If it doesn't.
pub fn hold(name: &str, bytes: &[u8]) {
    match ALL.iter().find(|door| door.name == name) {
        Some(door) => (door.hold)(bytes),
        None => panic!("there is no door {name}"),
    }
}
