//! The integration tests: one binary, so that it links once.
#![allow(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod archive;
mod browser;
mod cases;
mod chaos;
mod cli;
mod contract;
mod crash;
mod dashboard;
mod differential;
mod discord;
mod documents;
mod fairness;
mod fakes;
mod fuzzed;
mod ground;
mod harness;
mod house;
mod lines;
mod observed;
mod postgres;
mod rolling;
mod scenarios;
mod schedules;
mod searching;
mod server;
mod settings;
mod stage;
mod statements;
mod stories;
mod supervised;
mod telegram;
mod transactions;
mod two_engines;
mod web;
