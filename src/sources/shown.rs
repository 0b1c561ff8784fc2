//! Addresses as others may see them: some hold a name and password, or a key.

use url::Url;

/// An address without a name and password.
pub fn without_credentials(mut address: Url) -> Url {
    // Only addresses without a host refuse, and have neither.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address
}

/// Parameters whose values are keys.
const SECRET: &[&str] = &[
    "token",
    "key",
    "secret",
    "auth",
    "password",
    "sig",
    "signature",
];

/// An address as logs and lists show it: without name and password, and without the values of keys.
pub fn shown(address: &Url) -> String {
    let mut address = without_credentials(address.clone());
    let shown = address.query().map(|query| {
        let hidden = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, value)) if !value.is_empty() && is_secret(name) => format!("{name}=..."),
            _ => pair.to_owned(),
        });
        hidden.collect::<Vec<_>>().join("&")
    });
    address.set_query(shown.as_deref());
    address.into()
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let mut words = name.split(['_', '-', '.']);
    words.any(|word| SECRET.iter().any(|secret| word.ends_with(secret)))
}
