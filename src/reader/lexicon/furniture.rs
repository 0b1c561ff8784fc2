//! What sites write around every text, whatever it says.

/// Blocks that are a site's furniture, folded. Only a block that is nothing else is dropped.
pub(crate) const FURNITURE: &[&str] = &[
    "share this",
    "share this article",
    "share this page",
    "share this post",
    "share this story",
    "share this on",
    "share on facebook",
    "share on linkedin",
    "share on twitter",
    "share on x",
    "share via email",
    "click to share on facebook",
    "click to share on twitter",
    "click to share on x",
    "click to email this to a friend",
    "email this",
    "print this",
    "tweet this",
    "like this",
    "like this loading",
    "like loading",
    "follow us",
    "please follow us",
    "advertisement",
];
