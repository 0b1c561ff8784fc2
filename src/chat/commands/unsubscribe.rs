//! `/unsubscribe <section|all>`: stop following.

use jiff::{SignedDuration, Timestamp};

use super::arguments::echo;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind};
use tidings_core::channel::{ChannelRow, SubscriptionRow, Target};
use tidings_core::language::Value;
use tidings_core::post::{Block, Post};
use tidings_store::{StoreError, WriteTx};

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "unsubscribe",
    arguments: &[Argument {
        name: "section",
        kind: ArgumentKind::SectionOrAll,
        required: true,
    }],
    example: "{section}",
    run: Run::Writes(run),
    ..CommandSpec::CHANGE
};

/// Whoever ends `all` twice within this time has tapped twice: what is followed by itself stays.
const TWICE: SignedDuration = SignedDuration::from_mins(1);

/// What was ended, and what is left.
#[derive(Default)]
pub(super) struct Ended {
    targets: Vec<Target>,
    left: Vec<SubscriptionRow>,
    /// Parts that come all the same.
    pub(super) on_their_way: usize,
}

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let (target, rest) = request.target("unsubscribe", words)?;
    if !rest.is_empty() {
        let (rest, slug) = (echo(rest), request.target_slug(target));
        let values = [("rest", Value::Text(&rest)), ("slug", (&slug).into())];
        return Err(request.mistake("left-over", &values));
    }
    let Ended {
        targets: ended,
        left,
        on_their_way,
    } = match request.channel_row()? {
        Some(channel) => end(request, db, &channel, target)?,
        None => Ended::default(),
    };
    let names = |targets: &mut dyn Iterator<Item = Target>| {
        let names = targets.map(|target| request.target_name(target));
        let names = names.collect::<Result<Vec<String>, StoreError>>();
        names.map(|names| names.join(", "))
    };
    let all = left.iter().find(|row| row.target == Target::All);
    let all = all.filter(|_| target != Target::All);
    let comes_with_all = all.is_some();
    let section = request.section_of(target);
    let is_left_out = section.zip(all).is_some_and(|(section, all)| {
        let filter = all.filter.as_ref();
        filter.is_some_and(|filter| filter.leaves_out(&section.slug))
    });
    let filter = all.and_then(|all| request.without_in_all(all, target));
    let left = names(&mut left.iter().map(|row| row.target))?;
    let title = if ended.is_empty() {
        request.target_name(target)?
    } else {
        names(&mut ended.iter().copied())?
    };
    let key = match (ended.is_empty(), left.is_empty()) {
        (true, _) if is_left_out => "unsubscribe-left-out",
        (false, _) if is_left_out => "unsubscribed",
        (true, _) if comes_with_all => "unsubscribe-with-all",
        (false, _) if comes_with_all => "unsubscribed-still-with-all",
        (true, true) => "follows-nothing",
        (true, false) => "not-subscribed",
        (false, true) => "unsubscribed-last",
        (false, false) => "unsubscribed",
    };
    // A section to go on with is another one than that which isn't wanted.
    let slug = if comes_with_all {
        let mut sections = request.context.catalogue.sections().iter();
        let other = sections.find(|section| Some(section.id) != target.section());
        other.map_or_else(|| request.target_slug(target), |s| s.slug.to_string())
    } else {
        request.target_slug(target)
    };
    let values = [
        ("title", Value::Text(&title)),
        ("left", (&left).into()),
        ("slug", (&slug).into()),
        (
            "filter",
            Value::Command(filter.as_deref().unwrap_or_default()),
        ),
    ];
    let mut post = Post::line(request.say.line(key, &values));
    if on_their_way > 0 && !comes_with_all {
        let count = [("count", on_their_way.into())];
        post.push(Block::Line(
            request.say.line("unsubscribed-on-its-way", &count),
        ));
    }
    Ok(post.into())
}

/// Ends a subscription; those to sections together, where `all` isn't followed and is to end.
pub(super) fn end(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    channel: &ChannelRow,
    target: Target,
) -> Result<Ended, StoreError> {
    let rows = db.subscriptions(channel.id)?;
    let is_slip = |left: Timestamp| request.now.duration_since(left).abs() < TWICE;
    // Without a subscription to `all`, “all” are all that there are.
    let targets: Vec<Target> =
        if target != Target::All || rows.iter().any(|row| row.target == Target::All) {
            vec![target]
        } else if db.left_all_at(channel.id)?.is_some_and(is_slip) {
            Vec::new()
        } else {
            let sections = rows.iter().filter(|row| row.target.watch().is_none());
            sections.map(|row| row.target).collect()
        };
    let mut ended = Vec::new();
    for target in targets {
        let following = db.following(channel.id)?;
        let Some(changes) = following.unsubscribe(target) else {
            continue;
        };
        db.apply_following(channel, &changes, request.now)?;
        if target == Target::All {
            db.note_left_all(channel.id, request.now)?;
        }
        ended.push(target);
    }
    let mut left = db.subscriptions(channel.id)?;
    left.sort_by_key(|row| row.target.watch());
    // What other subscriptions have a share in still comes.
    let on_their_way = match (ended.is_empty(), left.is_empty()) {
        (true, _) => 0,
        (false, true) => db.withdraw(channel.id)?,
        (false, false) => db.on_their_way(channel.id)?,
    };
    Ok(Ended {
        targets: ended,
        left,
        on_their_way,
    })
}
