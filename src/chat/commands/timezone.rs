//! `/timezone [zone]`: show or set the channel's zone.

use super::arguments::{echo, unquote};
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind, Changes, Posting};
use tidings_core::language::Value;
use tidings_core::post::Post;
use tidings_core::schedule::{UnknownZone, Zone};
use tidings_store::WriteTx;

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "timezone",
    arguments: &[Argument {
        name: "zone",
        kind: ArgumentKind::Zone,
        required: false,
    }],
    example: "Asia/Seoul",
    run: Run::Writes(run),
    changes: Changes::With(1),
    posting: Posting::Told,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let name = unquote(words);
    if name.is_empty() {
        let channel = request.channel_row()?;
        return Ok(echo_zone(request, "timezone-is", &request.zone(channel.as_ref())).into());
    }
    let zone = Zone::told(name).map_err(
        |UnknownZone {
             nearest, is_hint, ..
         }| {
            let got = echo(name);
            let near = nearest.join(", ");
            let first = nearest.first().map_or("", String::as_str);
            let key = match nearest.as_slice() {
                [] => "no-zone",
                _ if is_hint => "no-zone-hint",
                _ => "no-zone-near",
            };
            let values = [
                ("got", Value::Text(&got)),
                ("near", (&near).into()),
                ("first", first.into()),
            ];
            request.mistake(key, &values)
        },
    )?;
    let mut channel = db.channel_or_new(&request.channel, request.now)?;
    channel.settings.timezone = Some(zone.clone());
    db.save_settings(channel.id, &channel.settings)?;
    let following = db.following(channel.id)?;
    let changes = following.rezone(&zone, request.now);
    db.apply_following(&channel, &changes, request.now)?;
    let next = request.coming(db, &channel)?;
    let mut post: Post = echo_zone(request, "timezone-set", &zone);
    post.blocks
        .extend(next.map(|next| request.coming_line(next, &zone)));
    Ok(post.into())
}

fn echo_zone(request: &Request<'_>, key: &str, zone: &Zone) -> Post {
    let time = request.say.moment(request.now, request.now, zone);
    let values = [("zone", Value::Text(zone.name())), ("time", (&time).into())];
    Post::line(request.say.line(key, &values))
}
