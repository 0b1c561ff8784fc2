//! `/forget`: erase all that is kept about this channel, after a confirmation.

use super::arguments::unquote;
use super::command::{CommandError, CommandSpec, Reply, Request, Run};
use super::spec::{Argument, ArgumentKind};
use tidings_core::language;
use tidings_store::WriteTx;

/// The word that confirms.
const YES: &str = "yes";

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "forget",
    arguments: &[Argument {
        name: "confirmation",
        kind: ArgumentKind::Choice(&[YES]),
        required: false,
    }],
    example: "yes",
    run: Run::Writes(run),
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let Some(channel) = request.channel_row()? else {
        return Ok(request.say.line("nothing-to-forget", &[]).into());
    };
    if !language::is_yes(&unquote(words).to_lowercase()) {
        let count = db.subscriptions(channel.id)?.len();
        let values = [("count", count.into())];
        return Ok(request.say.line("forget-sure", &values).into());
    }
    db.erase_channel(&channel)?;
    Ok(request.say.line("forgotten", &[]).into())
}
