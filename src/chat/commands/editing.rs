//! What editors do to an item where they read it: correct it, move it, withdraw it, take it out of a story or put it into
//! one, and undo all that.

use jiff::SignedDuration;

use super::buttons::{Action, EditDeed};
use super::command::{CommandError, Reply, Request};
use crate::editing::items::{ItemDeed, LONGEST_SUMMARY, LONGEST_TITLE, Words};
use crate::editing::{self, Refusal, item_number, items, not_a_number};
use tidings_core::ids::{ChannelKey, DeedId, ItemId, SectionId};
use tidings_core::item::Item;
use tidings_core::language::{Localizer, Value};
use tidings_core::post::{Block, Line, Post, Span};
use tidings_core::section::Section;
use tidings_core::text;
use tidings_store::{Deed, DeedKind, OPERATOR, StoreError, WriteTx};

/// What was done within this time may be what overtook somebody who was writing.
const A_WHILE: SignedDuration = SignedDuration::from_hours(1);

/// What can be done to an item, as buttons under it. Only what readers see tells a story.
pub(super) fn deeds(
    request: &Request<'_>,
    item: &Item,
    is_seen: bool,
) -> Result<Vec<(String, String)>, CommandError> {
    let mut deeds = vec![
        ("button-correct", EditDeed::Correct(None)),
        ("button-move-item", EditDeed::Choose(0)),
        ("button-withdraw", EditDeed::Withdraw),
    ];
    if is_seen && request.db.story(item.story)?.len() > 1 {
        deeds.push(("button-split", EditDeed::Split));
    }
    if is_seen {
        deeds.push(("button-join", EditDeed::Join(None)));
    }
    let button = |(label, deed): (&str, EditDeed)| {
        let action = Action::Edit {
            item: item.id,
            deed,
        };
        offer(request, label, &action)
    };
    Ok(deeds.into_iter().filter_map(button).collect())
}

/// What an editor is told of an item that was withdrawn.
pub(super) fn withdrawn(request: &Request<'_>, id: ItemId) -> Result<Reply, CommandError> {
    let title = title(request, id)?;
    let action = Action::Edit {
        item: id,
        deed: EditDeed::Restore,
    };
    let restore = offer(request, "button-restore", &action);
    Ok(Reply {
        deeds: restore.into_iter().collect(),
        ..Reply::from(
            request
                .say
                .line("edit-is-withdrawn", &[("title", (&title).into())]),
        )
    })
}

pub(super) fn offer(
    request: &Request<'_>,
    label: &str,
    action: &Action,
) -> Option<(String, String)> {
    Some((request.say.text(label, &[]), action.encode()?))
}

fn title(request: &Request<'_>, id: ItemId) -> Result<String, StoreError> {
    let current = request.db.current(id)?;
    Ok(current.map(|item| item.title).unwrap_or_default())
}

/// Does what an editor wants, or asks for what is missing.
pub(super) fn run(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: &ChannelKey,
    item: ItemId,
    deed: &EditDeed,
) -> Result<Reply, CommandError> {
    let say = request.say;
    let mut title = title(request, item)?;
    let seen = match deed {
        EditDeed::Correct(Some((_, seen))) => Some(*seen),
        _ => None,
    };
    let deed = match deed {
        EditDeed::Correct(None) | EditDeed::Join(None) => {
            let asked = Prompt::of(item, deed).ok_or_else(|| refused(request, Refusal::Gone))?;
            return asked.reply(request);
        }
        EditDeed::Choose(from) => return choose(request, item, &title, *from),
        EditDeed::Correct(Some((words, _))) => ItemDeed::Correct(words.clone()),
        EditDeed::Join(Some(Ok(other))) => ItemDeed::Join(*other),
        EditDeed::Join(Some(Err(words))) => {
            return Err(CommandError::Mistake(not_a_number(request.say, words)));
        }
        EditDeed::Move(section) => ItemDeed::Move(*section),
        EditDeed::Withdraw => ItemDeed::Withdraw,
        EditDeed::Restore => ItemDeed::Restore,
        EditDeed::Split => ItemDeed::Split,
    };
    let done = match items::edit(db, item, &deed, seen, &editor.to_string(), request.now)? {
        Ok(done) => done,
        Err(refusal) => {
            // What a source changed is nobody's deed, and neither is what was done long ago.
            let last = db.last_deed_of_item(item)?;
            let last = last.filter(|last| request.now.duration_since(last.at) < A_WHILE);
            let since = last.filter(|_| refusal == Refusal::Overtaken);
            return Err(overtaken(request, refusal, since.as_ref())?);
        }
    };
    let section = |id: &SectionId| {
        let section = request.context.catalogue.get(*id);
        section.map_or_else(String::new, |section| request.title(section))
    };
    let kind = db.deed(done)?.map(|deed| deed.kind);
    if let ItemDeed::Correct(words) = &deed {
        title = text::join_lines(&words.title).into_owned();
    }
    let title = ("title", Value::Text(&title));
    let line = match &deed {
        // What waited was seen by nobody.
        ItemDeed::Withdraw if kind == Some(DeedKind::Drop) => say.line("review-dropped", &[title]),
        ItemDeed::Correct(_) => say.line("edit-corrected", &[title]),
        ItemDeed::Move(to) => {
            let section = section(to);
            say.line("edit-moved", &[title, ("section", (&section).into())])
        }
        ItemDeed::Withdraw => say.line("edit-withdrawn", &[title]),
        ItemDeed::Restore => say.line("edit-restored", &[title]),
        ItemDeed::Split => say.line("edit-split", &[title]),
        ItemDeed::Join(other) => say.line(
            "edit-joined",
            &[title, ("other", Value::Number(other.get()))],
        ),
    };
    Ok(Reply {
        deeds: offer(request, "button-undo", &Action::UndoDeed(done))
            .into_iter()
            .collect(),
        ..Reply::from(line)
    })
}

fn refused(request: &Request<'_>, refusal: Refusal) -> CommandError {
    CommandError::Mistake(refusal.line(request.say))
}

/// Why something isn't done, and what was done instead, by whom and when.
fn overtaken(
    request: &Request<'_>,
    refusal: Refusal,
    since: Option<&Deed>,
) -> Result<CommandError, StoreError> {
    let mut line = refusal.line(request.say);
    if let Some(since) = since {
        line.0.push(Span::Text(" ".to_owned()));
        line.0.extend(told(request, since)?.0);
    }
    Ok(CommandError::Mistake(line))
}

/// That a deed was undone before, by whom and when, where that is known.
fn undone_already(request: &Request<'_>, deed: Option<Deed>) -> Result<CommandError, StoreError> {
    let known = deed.and_then(|deed| {
        let undone = deed.undone?;
        undone.by.zip(undone.at)
    });
    let Some((by, at)) = known else {
        return Ok(refused(request, Refusal::Undone));
    };
    let zone = &request.zone_here()?;
    let (editor, at) = (
        who(request, &by)?,
        request.say.moment(at, request.now, zone),
    );
    let values = [("editor", Value::Text(&editor)), ("at", Value::Text(&at))];
    Ok(request.mistake("edit-undone-by", &values))
}

/// What was done, by whom and when.
fn told(request: &Request<'_>, deed: &Deed) -> Result<Line, StoreError> {
    let say = request.say;
    let subject = [("subject", Value::Text(&deed.subject))];
    let what = say.text(&format!("deed-{}", deed.kind.as_str()), &subject);
    let editor = who(request, &deed.by)?;
    let zone = &request.zone_here()?;
    let at = say.moment(deed.at, request.now, zone);
    let values = [
        ("deed", Value::Text(what.trim_end())),
        ("editor", Value::Text(&editor)),
        ("at", Value::Text(&at)),
    ];
    Ok(say.line("edit-since", &values))
}

/// Who did something, as an editor is told.
pub(super) fn who(request: &Request<'_>, by: &str) -> Result<String, StoreError> {
    Ok(match by {
        OPERATOR => request.say.text("deed-operator", &[]),
        by if request
            .editor
            .is_some_and(|editor| editor.to_string() == by) =>
        {
            request.say.text("deed-you", &[])
        }
        by => request.db.editor_name(by)?.unwrap_or_else(|| by.to_owned()),
    })
}

/// The sections that an item may be filed under, from one on.
fn choose(
    request: &Request<'_>,
    item: ItemId,
    title: &str,
    from: usize,
) -> Result<Reply, CommandError> {
    let state = items::state(request.db, item)?;
    let state = state.ok_or_else(|| refused(request, Refusal::Gone))?;
    let sections = request.context.catalogue.sections().iter();
    let others: Vec<&Section> = sections
        .filter(|section| section.id != state.known.section)
        .collect();
    let edit = |deed| Action::Edit { item, deed };
    let choice = |section: &&Section| {
        let deed = EditDeed::Move(section.id);
        (request.title(section), edit(deed))
    };
    let choices = request.some_choices(&others, from, choice, |from| edit(EditDeed::Choose(from)));
    Ok(Reply {
        choices,
        ..Reply::from(request.say.line("edit-where", &[("title", title.into())]))
    })
}

/// Undoes what an editor did.
pub(super) fn undo(
    request: &Request<'_>,
    db: &WriteTx<'_>,
    editor: &ChannelKey,
    deed: DeedId,
) -> Result<Reply, CommandError> {
    let undone = match editing::undo(db, deed, &editor.to_string(), request.now)? {
        Ok(undone) => undone,
        Err(Refusal::Undone) => return Err(undone_already(request, db.deed(deed)?)?),
        Err(refusal) => {
            let known = db.deed(deed)?.filter(|_| refusal.is_overtaken());
            let since = match &known {
                Some(known) => editing::since(db, known)?,
                None => None,
            };
            return Err(overtaken(request, refusal, since.as_ref())?);
        }
    };
    let key = match undone {
        DeedKind::Withdraw => "review-undone-withdrawal",
        DeedKind::Move => "review-undone-move",
        DeedKind::Drop => "review-undone-drop",
        DeedKind::Correct => "edit-undone-correction",
        DeedKind::Restore => "edit-undone-restoring",
        _ => "edit-undone",
    };
    Ok(request.say.line(key, &[]).into())
}

/// Something that an editor is asked to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prompt {
    /// What an item is to say.
    Words(ItemId),
    /// The number of an item whose story another one tells.
    Number(ItemId),
}

/// A field of a form in which it is written, where a platform has forms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// By what it is told from others.
    pub name: &'static str,
    /// What is written there.
    pub label: String,
    /// What stands there already.
    pub value: String,
    /// Whether it takes several lines.
    pub is_long: bool,
    /// Whether something must stand there.
    pub is_required: bool,
    /// How many characters it may have.
    pub most: usize,
}

const TITLE: &str = "title";
const SUMMARY: &str = "summary";
const LINK: &str = "link";
const NUMBER: &str = "number";

/// Written instead of a summary, or behind the word for a link, it takes that away.
const NOTHING: &str = "-";

/// An answer that begins with it goes on where the summary ends: a message holds less than a summary may.
const GOES_ON: char = '+';

/// Stands unseen at the end of a question's first line. No text of a source holds it (`text::join_lines`), so no headline
/// is taken for a question.
const OURS: &str = "\u{2066}\u{2069}";

/// The longest summary that is repeated in a question, in characters.
const SHOWN: usize = 2_000;

impl Prompt {
    fn of(item: ItemId, deed: &EditDeed) -> Option<Prompt> {
        match deed {
            EditDeed::Correct(None) => Some(Prompt::Words(item)),
            EditDeed::Join(None) => Some(Prompt::Number(item)),
            _ => None,
        }
    }

    /// What a button asks for; `None` if it asks for nothing.
    pub fn of_action(action: &Action) -> Option<Prompt> {
        match action {
            Action::Edit { item, deed } => Prompt::of(*item, deed),
            _ => None,
        }
    }

    /// What asks for it.
    pub fn asking(self) -> Action {
        let deed = match self {
            Prompt::Words(_) => EditDeed::Correct(None),
            Prompt::Number(_) => EditDeed::Join(None),
        };
        Action::Edit {
            item: self.item(),
            deed,
        }
    }

    /// The item that it is about.
    pub fn item(self) -> ItemId {
        let (Prompt::Words(item) | Prompt::Number(item)) = self;
        item
    }

    /// The first line of the question, by which an answer to it is known.
    fn head(self, say: Localizer<'_>) -> String {
        let key = match self {
            Prompt::Words(_) => "edit-correct-title",
            Prompt::Number(_) => "edit-join-title",
        };
        say.text(key, &[("number", Value::Number(self.item().get()))])
    }

    /// The question as a message, which is answered by another one.
    fn reply(self, request: &Request<'_>) -> Result<Reply, CommandError> {
        let say = request.say;
        let state = items::state(request.db, self.item())?;
        let state = state.ok_or_else(|| refused(request, Refusal::Gone))?;
        let mut post = Post::line(Line::plain(format!("{}{OURS}", self.head(say))));
        match self {
            Prompt::Words(_) => {
                let item = &state.known.item;
                for key in [
                    "edit-correct-how",
                    "edit-correct-summary",
                    "edit-correct-link",
                    "edit-correct-now",
                ] {
                    post.push(Block::Line(say.line(key, &[])));
                }
                post.push(Block::Line(Line::plain(item.title.clone())));
                // The question is one message: what doesn't fit stays as it is unless it is written anew.
                let summary = Some(item.summary.as_str());
                let summary = summary.filter(|summary| summary.chars().count() <= SHOWN);
                let paragraphs = summary.unwrap_or("…").split("\n\n");
                let paragraphs = paragraphs.filter(|paragraph| !paragraph.is_empty());
                post.blocks
                    .extend(paragraphs.map(|text| Block::Paragraph(text.to_owned())));
                post.blocks.extend(item.link.clone().map(Block::Link));
            }
            Prompt::Number(_) => post.push(Block::Line(say.line("edit-join-how", &[]))),
        }
        let asks = match self {
            Prompt::Words(_) => "edit-title",
            Prompt::Number(_) => "edit-number",
        };
        Ok(Reply {
            asks: Some(say.text(asks, &[])),
            ..Reply::from(post)
        })
    }

    /// The question that a message of ours asked, by its first line.
    pub fn asked_by<'s>(
        text: &str,
        speakers: impl Iterator<Item = Localizer<'s>>,
    ) -> Option<Prompt> {
        let head = text.lines().next()?.trim().strip_suffix(OURS)?;
        let (_, rest) = head.split_once('#')?;
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let item = ItemId::new(rest[..digits].parse().ok()?);
        let asked = [Prompt::Words(item), Prompt::Number(item)];
        let speakers: Vec<Localizer<'_>> = speakers.collect();
        let is_asked = |prompt: &Prompt| speakers.iter().any(|say| prompt.head(*say) == head);
        asked.into_iter().find(is_asked)
    }

    /// The form in which it is written, and what it is called. What stands there is what the item says by now.
    pub fn form(self, say: Localizer<'_>, now: &Item) -> (String, Vec<Field>) {
        let field = |name, key: &str, value: &str| Field {
            name,
            label: say.text(key, &[]),
            value: value.to_owned(),
            is_long: name == SUMMARY,
            is_required: matches!(name, TITLE | NUMBER),
            most: match name {
                TITLE => LONGEST_TITLE.max(value.chars().count()),
                _ => LONGEST_SUMMARY,
            },
        };
        let fields = match self {
            Prompt::Words(_) => vec![
                field(TITLE, "edit-title", &now.title),
                field(SUMMARY, "edit-summary", &now.summary),
                field(LINK, "edit-link", now.link.as_deref().unwrap_or_default()),
            ],
            Prompt::Number(_) => vec![field(NUMBER, "edit-number", "")],
        };
        (self.head(say), fields)
    }

    /// What is done with the fields of a form; what has no field stays as it is.
    pub fn filled(
        self,
        (now, seen): (&Item, i64),
        field: impl Fn(&str) -> Option<String>,
    ) -> Action {
        let link = || now.link.clone().unwrap_or_default();
        let deed = match self {
            Prompt::Words(_) => {
                let words = Words {
                    title: field(TITLE).unwrap_or_else(|| now.title.clone()),
                    summary: field(SUMMARY).unwrap_or_else(|| now.summary.clone()),
                    link: field(LINK).unwrap_or_else(link),
                };
                EditDeed::Correct(Some((words, seen)))
            }
            Prompt::Number(_) => {
                EditDeed::Join(Some(item_number(&field(NUMBER).unwrap_or_default())))
            }
        };
        Action::Edit {
            item: self.item(),
            deed,
        }
    }

    /// What is done with a message that answers the question: its first paragraph is the title, the rest the summary; its last
    /// line is the link, if that is only an address or says that it is one, in the words of one of the `speakers`. What isn't
    /// written stays as it is. What begins with `+` is more of the summary.
    pub fn answered<'s>(
        self,
        text: &str,
        now: (&Item, i64),
        speakers: impl Iterator<Item = Localizer<'s>>,
    ) -> Action {
        let text = text.replace("\r\n", "\n");
        let labels: Vec<String> = speakers
            .map(|say| say.text("edit-link", &[]).to_lowercase())
            .collect();
        let (words, link) = match text.trim_end().rsplit_once('\n') {
            Some((before, last)) => (before, link_of(last, &labels)),
            None => ("", link_of(&text, &labels)),
        };
        let words = match link {
            Some(_) => words,
            None => text.as_str(),
        };
        let mut paragraphs: Vec<String> = Vec::new();
        for paragraph in words.split("\n\n") {
            let lines = paragraph.lines().map(str::trim);
            let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
            if !lines.is_empty() {
                paragraphs.push(lines.join(" "));
            }
        }
        let goes_on = paragraphs.first().and_then(|first| {
            let rest = first.strip_prefix(GOES_ON)?;
            // `+3 %` begins a headline.
            let is_sign = rest.is_empty() || rest.starts_with(' ');
            is_sign.then(|| rest.trim().to_owned())
        });
        let (title, summary) = match goes_on {
            Some(first) => {
                let old = [now.0.summary.clone(), first].into_iter();
                let all = old.chain(paragraphs.into_iter().skip(1));
                let all: Vec<String> = all.filter(|paragraph| !paragraph.is_empty()).collect();
                (None, Some(all.join("\n\n")))
            }
            None => {
                let mut paragraphs = paragraphs.into_iter();
                let title = paragraphs.next();
                let rest: Vec<String> = paragraphs.collect();
                let summary = match rest.as_slice() {
                    [] => None,
                    [nothing] if nothing == NOTHING => Some(String::new()),
                    _ => Some(rest.join("\n\n")),
                };
                (title, summary)
            }
        };
        self.filled(now, |name| match name {
            TITLE => title.clone(),
            SUMMARY => summary.clone(),
            LINK => link.clone(),
            _ => Some(text.clone()),
        })
    }
}

/// The address that a line says, which is only that or has one of some labels in front; empty where the label stands before
/// [`NOTHING`]. `None` if it says none.
fn link_of(line: &str, labels: &[String]) -> Option<String> {
    let line = line.trim();
    let labelled = line.split_once([':', '：']).and_then(|(label, rest)| {
        let label = label.trim().to_lowercase();
        labels.contains(&label).then(|| rest.trim())
    });
    if let Some(address) = labelled {
        return Some(match address {
            NOTHING => String::new(),
            // Whether it is one is found out where it is set.
            address => address.to_owned(),
        });
    }
    let is_address = line.starts_with("http://") || line.starts_with("https://");
    (is_address && !line.contains(char::is_whitespace)).then(|| line.to_owned())
}
