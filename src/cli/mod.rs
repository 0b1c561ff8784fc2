//! What `tidings` can be called with, and the exit codes: 0 done, 1 failed at run time, 2 wrong usage or
//! configuration. Standard output carries results only; everything else goes to standard error.

mod bars;
mod chat;
mod check;
mod context;
mod conversation;
mod copy;
mod dashboard;
mod editor;
mod export;
mod findings;
mod folding;
mod forget;
mod import;
mod invite;
mod items;
mod load;
mod log;
mod run;
mod sections;
mod sharing;
mod spans;
mod starting;
mod status;
mod stored;
mod systemd;

use std::borrow::Cow;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use tidings::settings::Redaction;
use tidings_core::ids::ItemId;
use tidings_store::OpenMode;
use tokio::signal::unix::{SignalKind, signal};

use self::context::{CliContext, CliError};
use self::log::LogFormat;

/// Carries news digests into chat.
#[derive(Parser)]
#[command(name = "tidings", version, about, disable_help_subcommand = true)]
#[command(
    after_help = "Without a command, tidings runs the bot: every platform whose token is set; with none set, the \
                  console chat on a terminal.\n\nExit codes: 0 done, 1 failed at run time, 2 wrong usage or \
                  configuration.\nTokens: TELEGRAM_TOKEN, DISCORD_TOKEN, or TELEGRAM_TOKEN_FILE, DISCORD_TOKEN_FILE.\n\
                  A store on PostgreSQL: STORE_URL, or STORE_URL_FILE.\n\
                  Every configured value can be overridden: TIDINGS_STORE__PATH=/var/lib/tidings/tidings.db"
)]
struct Arguments {
    /// The configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "TIDINGS_CONFIG",
        default_value = "config/tidings.toml"
    )]
    config: PathBuf,
    /// Log more (-vv: still more)
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    verbose: u8,
    /// How the log is written
    #[arg(long, global = true, value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
    #[command(subcommand)]
    command: Option<Call>,
}

#[derive(Subcommand)]
enum Call {
    /// Run the bot: every platform whose token is set
    Run,
    /// Chat on the console: load the sources, then answer commands from standard input
    Chat {
        /// Who you are: a manager may change what the console follows, a reader may not
        #[arg(long = "as", value_enum, value_name = "WHO", default_value_t = chat::Role::Manager)]
        asker: chat::Role,
    },
    /// Load the configured sources once, or the given files
    Load {
        /// Files, or folders of files
        paths: Vec<PathBuf>,
        /// Push what is new in files that belong to no source
        #[arg(long, requires = "paths")]
        push: bool,
        /// Print what was done as JSON
        #[arg(long)]
        json: bool,
    },
    /// List stored items, newest first
    Items {
        /// Only of this section
        #[arg(long, value_name = "SLUG")]
        section: Option<String>,
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
    },
    /// Validate configuration, database, sources and tokens
    Check,
    /// Show sources, queue, refused parts and next roundups
    Status {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Copy the database while it is in use
    Backup {
        /// The copy, which must not exist yet
        file: PathBuf,
        /// Replace a file of this name
        #[arg(long)]
        force: bool,
    },
    /// Copy the whole store into an empty one, a file or a database on PostgreSQL, and verify it
    Copy {
        /// Where to; an address with a password comes in COPY_URL or COPY_URL_FILE
        #[arg(long, value_name = "URL|FILE")]
        to: Option<String>,
    },
    /// Take an item out of the archive; it isn't loaded again
    Remove {
        /// The item's number
        #[arg(value_name = "ID", value_parser = clap::value_parser!(i64).range(1..))]
        id: i64,
    },
    /// List the sections, or mend those that headings have discovered
    #[command(args_conflicts_with_subcommands = true)]
    Sections {
        /// Print JSON Lines
        #[arg(long)]
        json: bool,
        #[command(subcommand)]
        deed: Option<sections::Deed>,
    },
    /// Print a link that signs in to the dashboard once, within ten minutes
    Dashboard {
        /// End all sessions, and all links that weren't used
        #[arg(long)]
        sign_out: bool,
    },
    /// Erase all that is kept about a channel, as /forget does
    Forget {
        /// The channel as `tidings status` writes it, such as discord:123 or telegram:-100123/45
        #[arg(value_name = "CHANNEL", allow_hyphen_values = true)]
        channel: String,
    },
    /// Send parts again that were refused for good
    Retry {
        /// Only these, by the numbers that `tidings status` shows
        #[arg(value_name = "PART", value_parser = clap::value_parser!(i64).range(1..))]
        parts: Vec<i64>,
    },
    /// Write all items as a feed, or the sources as OPML
    Export {
        /// What is written
        #[arg(long, value_enum, default_value_t = export::Format::Json)]
        format: export::Format,
    },
    /// Print a list of sources (OPML) as configuration
    Import {
        /// The list, as another program exported it
        #[arg(value_name = "OPML")]
        file: PathBuf,
    },
    /// Print the links by which the bot is added to servers and groups
    Invite,
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

pub(crate) fn main() -> ExitCode {
    let arguments = match read_arguments() {
        Ok(arguments) => arguments,
        Err(wrong) => {
            let said = wrong.to_string();
            return match Redaction::default().text(&said) {
                // As it is, with its colours.
                Cow::Borrowed(_) => wrong.exit(),
                Cow::Owned(said) => {
                    let _ = write!(io::stderr(), "{said}");
                    ExitCode::from(2)
                }
            };
        }
    };
    let log = log::Log::default();
    let (config, verbose) = (arguments.config.clone(), arguments.verbose > 0);
    let world = CliContext::new(config, verbose, log.clone());
    let redaction = world.as_ref().map(|world| world.redaction.clone());
    let redaction = redaction.unwrap_or_default();
    log::start(
        arguments.verbose,
        arguments.log_format,
        &log,
        redaction.clone(),
    );
    let done = survive_full_disks()
        .and(world)
        .and_then(|world| call(&arguments, &world));
    log.end();
    let failure = match done {
        Ok(()) => return ExitCode::SUCCESS,
        Err(failure) => failure,
    };
    if is_broken_pipe(&failure) {
        // Whoever read our output has seen enough.
        return ExitCode::SUCCESS;
    }
    let code = match failure {
        CliError::Usage(_) | CliError::Settings(_) => 2,
        _ => 1,
    };
    let text = failure.to_string();
    if !text.is_empty() {
        // Nobody is left to tell if this fails.
        let _ = writeln!(io::stderr(), "tidings: {}", redaction.text(&text));
    }
    ExitCode::from(code)
}

/// What the program was called with. Help is wrapped for eyes, and not for what else reads it.
fn read_arguments() -> Result<Arguments, clap::Error> {
    let mut command = Arguments::command();
    if !io::stdout().is_terminal() {
        command = command.term_width(0);
    }
    let read = command.try_get_matches_from_mut(std::env::args_os());
    read.and_then(|found| {
        Arguments::from_arg_matches(&found).map_err(|wrong| wrong.format(&mut command))
    })
}

/// Raised when a file grows beyond a limit. Unhandled it would end the process; handled, the write fails and
/// the store says so. The number is Linux's and the BSDs' (signal(7)).
const SIGXFSZ: i32 = 25;

/// Has a write beyond a limit fail like any other. The handler stays once it is there.
fn survive_full_disks() -> Result<(), CliError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let _context = runtime.enter();
    let _signals = signal(SignalKind::from_raw(SIGXFSZ))?;
    Ok(())
}

fn is_broken_pipe(failure: &CliError) -> bool {
    let CliError::Other(error) = failure else {
        return false;
    };
    error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

fn call(arguments: &Arguments, world: &CliContext) -> Result<(), CliError> {
    match arguments.command.as_ref().unwrap_or(&Call::Run) {
        Call::Run => run::run(world),
        Call::Chat { asker } => chat::chat(world, *asker, chat::Beside::Nothing, OpenMode::Call),
        Call::Load { paths, push, json } => load::load(world, paths, *push, *json),
        Call::Items { section, json } => items::items(world, section.as_deref(), *json),
        Call::Check => check::check(world, world.verbose),
        Call::Status { json } => status::status(world, *json),
        Call::Invite => invite::invite(world),
        Call::Backup { file, force } => stored::backup(world, file, *force),
        Call::Copy { to } => copy::copy(world, to.as_deref()),
        Call::Dashboard { sign_out: false } => dashboard::link(world),
        Call::Dashboard { sign_out: true } => dashboard::sign_out(world),
        Call::Forget { channel } => forget::forget(world, channel),
        Call::Remove { id } => stored::remove(world, ItemId::new(*id)),
        Call::Sections { json, deed } => sections::sections(world, deed.as_ref(), *json),
        Call::Retry { parts } => stored::retry(world, parts),
        Call::Import { file } => import::import(world, file),
        Call::Export { format } => export::export(world, *format),
        Call::Completions { shell } => {
            let mut command = Arguments::command();
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut command, "tidings", &mut script);
            Ok(io::stdout().write_all(&script)?)
        }
    }
}
