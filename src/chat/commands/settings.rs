//! `/settings [name] [value]`: show or set how posts in this channel look.

use super::arguments::{echo, unquote};
use super::command::{CommandError, CommandSpec, Form, Reply, Request, Run, SettingMenu};
use super::spec::{Argument, ArgumentKind, Changes, Posting};
use tidings_core::channel::{ChannelSettings, DEFAULT_CAP, GREATEST_CAP, Style};
use tidings_core::language::{self, Locale, Value};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Block, Post};
use tidings_core::text;
use tidings_store::WriteTx;

/// Who is mentioned above roundups.
pub(super) const ROLE: &str = "role";

const NAMES: &[&str] = &[
    "style",
    "silent",
    "previews",
    ROLE,
    "locale",
    "cap",
    "publish",
    "duplicates",
    "corrections",
    BUTTONS,
    DISCUSS,
];

/// The text that echoes what was set.
const SET: &str = "setting-set";

/// Whether buttons hang under roundups.
const BUTTONS: &str = "buttons";

/// Whether a thread is opened under roundups.
pub(super) const DISCUSS: &str = "discuss";

/// Those that are chosen from a menu, the most used ones first: where there isn't room for all, the last ones are typed.
const MENUS: &[&str] = &[
    "style",
    "silent",
    "publish",
    "previews",
    BUTTONS,
    "locale",
    "duplicates",
];

pub(super) const SPEC: CommandSpec = CommandSpec {
    name: "settings",
    arguments: &[
        Argument {
            name: "name",
            kind: ArgumentKind::Choice(NAMES),
            required: false,
        },
        Argument {
            name: "value",
            kind: ArgumentKind::Text,
            required: false,
        },
    ],
    example: "style summaries",
    run: Run::Writes(run),
    changes: Changes::With(2),
    posting: Posting::Told,
    ..CommandSpec::CHANGE
};

fn run(request: &Request<'_>, db: &WriteTx<'_>, words: &str) -> Result<Reply, CommandError> {
    let (name, value) = words.split_once(char::is_whitespace).unwrap_or((words, ""));
    let folded = name.to_lowercase();
    let row = request.channel_row()?;
    let note = row.as_ref().and_then(|channel| channel.note.clone());
    let acting = acting(request.platform, note.as_deref().or(request.note));
    let before = row.map(|channel| channel.settings).unwrap_or_default();
    if folded.is_empty() {
        return Ok(Reply {
            form: form(request, &acting, &before, None),
            ..Reply::from(show_all(request, &acting, &before))
        });
    }
    let names = acting.join(", ");
    if NAMES.contains(&folded.as_str()) && !acting.contains(&folded.as_str()) {
        let values = [("name", (&folded).into()), ("names", (&names).into())];
        return Err(request.mistake("setting-not-here", &values));
    }
    let Some(name) = acting.iter().find(|known| **known == folded) else {
        let got = echo(name);
        let values = [("got", (&got).into()), ("names", (&names).into())];
        return Err(request.mistake("no-setting", &values));
    };
    let value = unquote(value);
    if value.is_empty() {
        let shown = value_of(request, name, &before);
        return Ok(echo_setting(request, "setting-is", name, &shown).into());
    }
    let mut settings = before;
    set(request, &mut settings, name, value)?;
    let channel = db.channel_or_new(&request.channel, request.now)?;
    db.save_settings(channel.id, &settings)?;
    let coming = request.coming(db, &channel)?;
    let zone = request.zone(Some(&channel));
    // A new language is heard at once.
    let spoken = Request {
        say: if *name == "locale" {
            request
                .context
                .texts
                .localizer(settings.language(request.context.defaults))
        } else {
            request.say
        },
        channel: request.channel.clone(),
        signs_in: request.signs_in.clone(),
        ..*request
    };
    let shown = value_of(&spoken, name, &settings);
    let mut post = Post::line(echo_setting(&spoken, SET, name, &shown));
    post.blocks
        .extend(coming.map(|coming| spoken.coming_line(coming, &zone)));
    Ok(Reply {
        form: form(&spoken, &acting, &settings, Some(&post)),
        ..Reply::from(post)
    })
}

/// The settings that act in a channel: what does nothing there isn't offered, nor promised.
pub(super) fn acting(platform: &dyn ChatPlatform, note: Option<&str>) -> Vec<&'static str> {
    let acts =
        |name: &&&str| platform.heeds(name, note) && (**name != BUTTONS || platform.has_buttons());
    NAMES.iter().filter(acts).copied().collect()
}

/// The values of a setting that are words.
pub(super) fn choices(platform: &dyn ChatPlatform, name: &str) -> Vec<&'static str> {
    let is_shown = |style: &Style| *style != Style::Cards || platform.has_cards();
    match name.to_lowercase().as_str() {
        "style" => Style::ALL
            .into_iter()
            .filter(is_shown)
            .map(Style::name)
            .collect(),
        "silent" | "previews" | "publish" | "duplicates" | "corrections" | BUTTONS | DISCUSS => {
            vec!["on", "off"]
        }
        "locale" => Locale::all().map(Locale::code).collect(),
        _ => Vec::new(),
    }
}

fn set(
    request: &Request<'_>,
    settings: &mut ChannelSettings,
    name: &str,
    value: &str,
) -> Result<(), CommandError> {
    let folded = value.to_lowercase();
    let wrong = |choices: &str, example: &str| {
        let got = echo(value);
        request.mistake(
            "bad-setting",
            &[
                ("name", name.into()),
                ("got", (&got).into()),
                ("choices", choices.into()),
                ("example", example.into()),
            ],
        )
    };
    let listed = || {
        let choices = choices(request.platform, name);
        wrong(&choices.join(", "), choices.first().unwrap_or(&""))
    };
    let switch = || language::switch(&folded).map(Some).ok_or_else(listed);
    match name {
        "style" => {
            let style = Style::parse(&folded).ok_or_else(listed)?;
            if style == Style::Cards && !request.platform.has_cards() {
                let choices = choices(request.platform, name).join(", ");
                let values = [("choices", (&choices).into())];
                return Err(request.mistake("cards-not-here", &values));
            }
            settings.style = Some(style);
        }
        "silent" => settings.silent = switch()?,
        "previews" => settings.previews = switch()?,
        "publish" => settings.publish = switch()?,
        "duplicates" => settings.duplicates = switch()?,
        "corrections" => settings.corrections = switch()?,
        BUTTONS => settings.buttons = switch()?,
        DISCUSS => settings.discuss = switch()?,
        "role" => {
            settings.role = match folded.as_str() {
                "off" | "none" => None,
                _ => {
                    let role = request.platform.role(value);
                    Some(role.ok_or_else(|| wrong("off, @role", "off"))?)
                }
            };
        }
        "locale" => {
            settings.locale = Some(Locale::named(&folded).ok_or_else(listed)?);
        }
        _ => {
            // Full-width digits are what an East Asian keyboard writes.
            let digits: String = text::compatible(&folded).collect();
            let cap = digits
                .parse()
                .ok()
                .filter(|cap| (1..=GREATEST_CAP).contains(cap));
            let usual = DEFAULT_CAP.to_string();
            settings.cap = Some(cap.ok_or_else(|| wrong(&format!("1–{GREATEST_CAP}"), &usual))?);
        }
    }
    Ok(())
}

fn value_of(request: &Request<'_>, name: &str, settings: &ChannelSettings) -> String {
    let switch = |on: Option<bool>| request.say.text(on_or_off(on.unwrap_or(false)), &[]);
    match name {
        "style" => settings.style.unwrap_or_default().name().to_owned(),
        BUTTONS => switch(Some(settings.buttons.unwrap_or(true))),
        DISCUSS => switch(settings.discuss),
        "silent" => switch(settings.silent),
        "previews" => switch(settings.previews),
        "publish" => switch(settings.publish),
        "duplicates" => switch(settings.duplicates),
        "corrections" => switch(Some(settings.corrections.unwrap_or(true))),
        "role" => settings
            .role
            .clone()
            .unwrap_or_else(|| request.say.text("off", &[])),
        "locale" => settings
            .language(request.context.defaults)
            .code()
            .to_owned(),
        _ => settings.cap.unwrap_or(DEFAULT_CAP).to_string(),
    }
}

fn on_or_off(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// What a setting is about.
fn about(request: &Request<'_>, name: &str) -> String {
    let key = match name {
        "style" if request.platform.has_cards() => "setting-style-cards".to_owned(),
        name => format!("setting-{name}"),
    };
    request.say.text(&key, &[])
}

/// The settings with menus that change them, where the platform has menus; under what was `changed` by one, if anything was.
fn form(
    request: &Request<'_>,
    names: &[&'static str],
    settings: &ChannelSettings,
    changed: Option<&Post>,
) -> Option<Form> {
    let acting = MENUS.iter().filter(|name| names.contains(name));
    let shown: Vec<&str> = acting.take(request.platform.menus()).copied().collect();
    if shown.is_empty() {
        return None;
    }
    let menu = |name: &&str| {
        let set = value_of(request, name, settings);
        let option = |value: &'static str| {
            let said = match value {
                "on" | "off" => request.say.text(value, &[]),
                value => value.to_owned(),
            };
            (value.to_owned(), format!("{name}: {said}"), said == set)
        };
        SettingMenu {
            line: format!("/{} {name}", SPEC.name),
            options: choices(request.platform, name)
                .into_iter()
                .map(option)
                .collect(),
        }
    };
    let others: Vec<&str> = names
        .iter()
        .filter(|name| !shown.contains(name))
        .copied()
        .collect();
    let mut post = changed.cloned().unwrap_or_default();
    post.blocks.extend(table(request, names, settings));
    let mut hints = vec![request.say.line("hint-settings-menus", &[])];
    if !others.is_empty() {
        let others = others.join(", ");
        let values = [("names", (&others).into())];
        hints.push(request.say.line("hint-settings-others", &values));
    }
    hints.push(request.say.line("hint-timezone", &[]));
    post.push(Block::Hints(hints));
    Some(Form {
        post,
        menus: shown.iter().map(menu).collect(),
    })
}

fn show_all(request: &Request<'_>, names: &[&str], settings: &ChannelSettings) -> Post {
    let mut post = Post {
        blocks: table(request, names, settings),
    };
    post.push(request.hints(&[("hint-settings", &[]), ("hint-timezone", &[])]));
    post
}

fn table(request: &Request<'_>, names: &[&str], settings: &ChannelSettings) -> Vec<Block> {
    let title = Block::Title {
        text: request.say.text("settings-title", &[]),
        note: None,
    };
    let rows = names.iter().map(|name| Block::Row {
        name: (*name).to_owned(),
        text: value_of(request, name, settings),
        details: vec![about(request, name)],
    });
    std::iter::once(title).chain(rows).collect()
}

fn echo_setting(
    request: &Request<'_>,
    key: &str,
    name: &str,
    value: &str,
) -> tidings_core::post::Line {
    // Who has just chosen needs no list of what there is to choose from.
    let about = match (key, name) {
        (SET, "style") => request.say.text("setting-style-now", &[]),
        (SET, "locale") => request.say.text("setting-locale-now", &[]),
        _ => about(request, name),
    };
    let values = [
        ("name", Value::Text(name)),
        ("value", value.into()),
        ("about", (&about).into()),
    ];
    request.say.line(key, &values)
}
