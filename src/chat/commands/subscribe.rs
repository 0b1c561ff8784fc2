//! `/subscribe <section|all> [when]`: follow a section.

use jiff::Timestamp;

use super::arguments::another_time;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind, Posting};
use tidings_core::channel::{ChannelRow, Following, SubscriptionRow, Target};
use tidings_core::language::Value;
use tidings_core::post::{Block, Line, Post};
use tidings_core::schedule::Zone;
use tidings_store::{ReadTx, StoreError, WriteTx};

/// How many of the coming slots an answer names.
const SLOTS: usize = 3;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "subscribe",
    arguments: &[
        Argument {
            name: "section",
            kind: ArgumentKind::SectionOrAll,
            required: true,
        },
        Argument {
            name: "when",
            kind: ArgumentKind::When,
            required: false,
        },
    ],
    example: "{section} daily 09:00",
    takes_role: true,
    run: Run::Writes(run),
    posting: Posting::Needed,
    ..CommandSpec::CHANGE
};

pub(super) fn run(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    words: &str,
) -> Result<Reply, CommandError> {
    let (target, when) = request.target("subscribe", words)?;
    let slug = request.target_slug(target);
    let wanted = if when.is_empty() {
        request.context.defaults.when.clone()
    } else {
        request.cadence(when, &format!("/subscribe {slug}"))?
    };
    let channel = request.channel_to_follow(db)?;
    let zone = request.zone(Some(&channel));
    let following = db.following(channel.id)?;
    let newest = db.newest_push()?;
    let (row, is_new) = match following.find(target) {
        Some(row) => (row.clone(), false),
        None => {
            let mut row = following.begin(target, wanted.clone(), &zone, newest, request.now);
            if request.is_left_out_of_all(&following, target) {
                row.cursor = newest;
            }
            (row, true)
        }
    };
    if is_new {
        db.save_subscription(&channel, &row, request.now)?;
    }
    let is_usual_zone = channel.settings.timezone.is_none();
    let paused = request.still_paused(&channel);
    if !is_new {
        let now = row.cadence.to_string();
        // What was wished for; else some other time.
        let other = if when.is_empty() || row.cadence == wanted {
            another_time(&row.cadence).to_owned()
        } else {
            wanted.to_string()
        };
        let title = request.target_name(target)?;
        let values = [
            ("slug", Value::Text(&slug)),
            ("title", (&title).into()),
            ("when", (&now).into()),
            ("zone", zone.name().into()),
            ("example", (&other).into()),
        ];
        let key = if row.cadence.is_instant() {
            "already-subscribed-instant"
        } else {
            "already-subscribed"
        };
        return Ok(request.say.line(key, &values).into());
    }
    let mut post = request.followed("subscribed", &row, &zone)?;
    if is_usual_zone && row.cadence.has_times() {
        // An example that would change nothing is none.
        let example = ["Asia/Seoul", "Europe/London"];
        let example = example.iter().find(|name| **name != zone.name());
        let values = [
            ("zone", Value::Text(zone.name())),
            ("example", example.copied().unwrap_or_default().into()),
        ];
        post.push(Block::Line(request.say.line("times-in", &values)));
    }
    let key = if target == Target::All {
        "hint-latest-all"
    } else {
        "hint-latest"
    };
    let values = [("slug", (&slug).into())];
    post.blocks.extend(paused.map(Block::Line));
    post.push(request.hints(&[(key, &values), ("hint-subscriptions", &[])]));
    Ok(post.into())
}

/// What a channel gets next, after something of it was changed.
pub(super) enum Coming {
    /// A roundup at this moment.
    At(Timestamp),
    /// Nothing, since its deliveries are paused, or for what the platform is known to lack; said so.
    Paused(Line),
}

impl Request<'_> {
    /// The channel that begins to follow something, made where it is missing. In a chat with one person it gets that in
    /// the language in which they ask.
    pub(super) fn channel_to_follow(&self, db: &WriteTx<'_>) -> Result<ChannelRow, StoreError> {
        let mut channel = db.channel_or_new(&self.channel, self.now)?;
        let spoken = self.say.locale();
        if self.private && channel.settings.language(self.context.defaults) != spoken {
            channel.settings.locale = Some(spoken);
            db.save_settings(channel.id, &channel.settings)?;
        }
        Ok(channel)
    }

    /// Whether nothing of a target has come with `all`, so that nothing of it waits there.
    fn is_left_out_of_all(&self, following: &Following, target: Target) -> bool {
        let all = following.find(Target::All);
        let filter = all.and_then(|all| all.filter.as_ref());
        let id = target.section();
        let section = id.and_then(|id| self.context.catalogue.get(id));
        filter
            .zip(section)
            .is_some_and(|(filter, section)| filter.leaves_out(&section.slug))
    }

    /// What a channel gets next; `None` where it follows nothing, or everything as it comes.
    pub(super) fn coming(
        &self,
        db: &ReadTx<'_>,
        channel: &ChannelRow,
    ) -> Result<Option<Coming>, StoreError> {
        let rows = db.subscriptions(channel.id)?;
        if rows.is_empty() {
            return Ok(None);
        }
        if let Some(paused) = self.still_paused(channel) {
            return Ok(Some(Coming::Paused(paused)));
        }
        let next = rows.iter().filter_map(|row| row.next_roundup(self.now));
        let next = next.min();
        Ok(next.map(Coming::At))
    }

    /// That in words.
    pub(super) fn coming_line(&self, coming: Coming, zone: &Zone) -> Block {
        Block::Line(match coming {
            Coming::Paused(why) => why,
            Coming::At(next) => {
                let moment = self.say.moment(next, self.now, zone);
                let wait = self.say.wait(next, self.now);
                let values = [("moment", Value::Text(&moment)), ("wait", (&wait).into())];
                self.say.line("next-roundup", &values)
            }
        })
    }

    /// Echoes a subscription that was made or changed, with its next three times.
    pub(super) fn followed(
        &self,
        key: &str,
        row: &SubscriptionRow,
        zone: &Zone,
    ) -> Result<Post, StoreError> {
        let title = self.target_name(row.target)?;
        let when = row.cadence.to_string();
        let mut values: Vec<(&str, Value<'_>)> = vec![
            ("title", (&title).into()),
            ("when", (&when).into()),
            ("zone", zone.name().into()),
        ];
        let slots = row.cadence.upcoming(self.now, zone.tz(), SLOTS);
        let mut moments = slots
            .iter()
            .map(|slot| self.say.moment(*slot, self.now, zone));
        let Some(first) = moments.next() else {
            let key = format!("{key}-instant");
            return Ok(Post::line(self.say.line(&key, &values)));
        };
        let wait = self.say.wait(slots[0], self.now);
        if let Some((from, to)) = row.cadence.window() {
            let end = row.open_until.filter(|_| row.is_open(self.now));
            let end = end.map(|end| self.say.moment(end, self.now, zone));
            let state_key = match end {
                Some(_) => "window-is-open",
                None => "window-is-closed",
            };
            let end = end.unwrap_or_default();
            let state = [
                ("end", Value::Text(&end)),
                ("next", (&first).into()),
                ("wait", (&wait).into()),
            ];
            let state = self.say.text(state_key, &state);
            values.extend([
                ("from", from.into()),
                ("to", to.into()),
                ("state", (&state).into()),
            ]);
            let key = format!("{key}-window");
            return Ok(Post::line(self.say.line(&key, &values)));
        }
        values.extend([("next", (&first).into()), ("wait", (&wait).into())]);
        let mut post = Post::line(self.say.line(key, &values));
        let later: Vec<String> = moments.collect();
        if !later.is_empty() {
            let later = later.join(", ");
            let values = [("moments", (&later).into())];
            post.push(Block::Line(self.say.line("then", &values)));
        }
        Ok(post)
    }
}
