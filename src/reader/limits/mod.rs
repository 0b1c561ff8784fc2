//! What a document may be made of, and how much reading one may cost.

pub(crate) mod bounds;
pub(crate) mod parts;
pub(crate) mod steps;
pub(crate) mod work;
