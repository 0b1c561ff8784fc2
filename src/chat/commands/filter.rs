//! `/filter <section|all> <words|off>`: what of a subscription is wanted.

use super::arguments::echo;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind, Changes};
use tidings_core::bounds::{FILTER_LENGTH, FILTER_TERMS};
use tidings_core::channel::{Filter, FilterError, SubscriptionRow, Target};
use tidings_core::ids::ALL;
use tidings_core::language::Value;
use tidings_core::post::{Block, Post};
use tidings_store::{StoreError, WriteTx};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "filter",
    arguments: &[
        Argument {
            name: "section",
            kind: ArgumentKind::SectionOrAll,
            required: true,
        },
        Argument {
            name: "words",
            kind: ArgumentKind::Filter,
            required: false,
        },
    ],
    example: "{section} summit, envoy* -squid",
    changes: Changes::With(2),
    run: Run::Writes(run),
    ..CommandSpec::CHANGE
};

/// How it is said what a filter is.
const IS: (&str, &str) = ("filter-is", "filter-is-none");

/// How it is said what it is from now on.
const SET: (&str, &str) = ("filter-set", "filter-set-none");

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let (target, typed) = request.target("filter", words)?;
    let channel = request.channel_row()?;
    let rows = match &channel {
        Some(channel) => db.subscriptions(channel.id)?,
        None => Vec::new(),
    };
    let own = rows.iter().find(|row| row.target == target);
    let Some((channel, row)) = channel.as_ref().zip(own) else {
        return Err(request.has_no_filter(target, &rows)?);
    };
    if typed.is_empty() {
        return Ok(request.filter_line(row, IS)?.into());
    }
    let filter = if Filter::is_off(typed) {
        if row.filter.is_none() {
            return Ok(request.filter_line(row, IS)?.into());
        }
        None
    } else {
        Some(request.filter(target, typed)?)
    };
    let row = SubscriptionRow {
        filter,
        ..row.clone()
    };
    db.save_subscription(channel, &row, request.now)?;
    let mut post = request.filter_line(&row, SET)?;
    let paused = request.still_paused(channel);
    post.blocks.extend(paused.map(Block::Line));
    Ok(post.into())
}

impl Request<'_> {
    /// Says what filter a subscription has, by the first text, or that it has none, by the second.
    fn filter_line(
        &self,
        row: &SubscriptionRow,
        (some, none): (&str, &str),
    ) -> Result<Post, StoreError> {
        let (title, slug) = (self.target_name(row.target)?, self.target_slug(row.target));
        let filter = row.filter.as_ref().map(ToString::to_string);
        let values = [
            ("title", Value::Text(&title)),
            ("slug", (&slug).into()),
            ("filter", filter.as_deref().unwrap_or_default().into()),
        ];
        let key = if filter.is_some() { some } else { none };
        Ok(Post::line(self.say.line(key, &values)))
    }

    /// That a target has no subscription that could be filtered, and what could be done instead.
    fn has_no_filter(
        &self,
        target: Target,
        rows: &[SubscriptionRow],
    ) -> Result<CommandError, StoreError> {
        let (slug, title) = (self.target_slug(target), self.target_name(target)?);
        let all = rows.iter().find(|row| row.target == Target::All);
        if let Some(instead) = all.and_then(|all| self.without_in_all(all, target)) {
            let values = [
                ("title", Value::Text(&title)),
                ("slug", (&slug).into()),
                ("filter", Value::Command(&instead)),
            ];
            return Ok(self.mistake("filter-comes-with-all", &values));
        }
        let when = self.context.defaults.when.to_string();
        let values = [
            ("slug", Value::Text(&slug)),
            ("title", (&title).into()),
            ("when", (&when).into()),
        ];
        Ok(self.mistake("schedule-not-subscribed", &values))
    }

    /// The command by which `all` brings nothing of a section any more.
    pub(super) fn without_in_all(&self, all: &SubscriptionRow, target: Target) -> Option<String> {
        let section = self.context.catalogue.get(target.section()?)?;
        let filter = Filter::without(all.filter.as_ref(), &section.slug);
        Some(format!("/filter {ALL} {filter}"))
    }

    /// Reads a filter.
    fn filter(&self, target: Target, typed: &str) -> Result<Filter, CommandError> {
        let named = |name: &str| {
            let section = self.section(name).ok().filter(|_| target == Target::All);
            section.map(|section| section.slug.clone())
        };
        let got = echo(typed);
        let slug = self.target_slug(target);
        let values = [("got", Value::Text(&got)), ("slug", (&slug).into())];
        let error = match Filter::parse(typed, named) {
            Ok(filter) => return Ok(filter),
            Err(error) => error,
        };
        Err(match error {
            FilterError::TooMuch => {
                let values = [
                    ("terms", FILTER_TERMS.most.into()),
                    ("letters", FILTER_LENGTH.most.into()),
                ];
                self.mistake("filter-too-much", &values)
            }
            FilterError::NoWord => self.mistake("filter-no-word", &values),
            FilterError::LoneMinus => self.mistake("filter-lone-minus", &values),
            FilterError::Both(term) => self.mistake("filter-both", &[("term", Value::Text(&term))]),
            FilterError::NoSection(name) if target == Target::All => match self.section(&name) {
                Err(failure) => failure,
                Ok(_) => self.mistake("filter-no-word", &values),
            },
            FilterError::NoSection(name) => {
                let name = echo(&name);
                let values = [("name", Value::Text(&name)), ("slug", (&slug).into())];
                self.mistake("filter-section-in-section", &values)
            }
        })
    }
}

/// The subscription that a section's name means, among those of a channel.
pub(super) fn followed_as<'r>(
    rows: &'r [SubscriptionRow],
    catalogue: &tidings_core::section::Catalogue,
    name: &str,
) -> Option<&'r SubscriptionRow> {
    let target = if catalogue.is_all(name) {
        Target::All
    } else {
        Target::Section(catalogue.find_exactly(name)?.id)
    };
    rows.iter().find(|row| row.target == target)
}
