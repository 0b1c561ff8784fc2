//! What editors and the operator change by hand, and the way back.

pub mod sections;
