//! What people ask, and what they are answered.

use super::Bot;
use crate::chat::commands;
use crate::chat::commands::{
    Action, Argument, Followed, Invocation, ListPage, Prompt, Reply, Request, Run, Suggestion,
    Typing, Unparsed, Who,
};
use crate::editing::items;
use crate::sign_in::{Person, Secret};
use tidings_core::channel::{ChannelRow, Pause, PausedBy};
use tidings_core::ids::{ChannelKey, DeedId};
use tidings_core::item::Item;
use tidings_core::language::{Locale, Localizer};
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{Line, Place};
use tidings_core::schedule::Zone;
use tidings_core::text;
use tidings_store::{DeedKind, NewDeed, ReadTx, StoreError, WriteTx};

/// Somebody who asks.
#[derive(Clone, Debug)]
pub struct Requester {
    /// The channel that a command acts on.
    pub channel: ChannelKey,
    /// Whether they may change what it follows.
    pub manager: bool,
    /// Who they are, by what the configuration calls people.
    pub person: Option<ChannelKey>,
    /// What they call themselves, where the platform says it.
    pub name: Option<String>,
    /// The language of a private answer; without it, the channel's.
    pub locale: Option<Locale>,
    /// Whether the channel is a chat with them alone.
    pub private: bool,
    /// What the platform knows of the channel at this moment, for one that nothing is kept about yet.
    pub note: Option<String>,
    /// The place that the channel is part of, where the platform has such places.
    pub part_of: Option<ChannelKey>,
    /// What the platform knows to keep posts from the channel at this moment, said so that it can be mended.
    pub hindrance: Option<Line>,
    /// Why the platform took nothing for the channel until this very question was asked, if that was so.
    pub lifted: Option<Pause>,
}

impl Requester {
    /// Somebody who is answered in the channel's language.
    pub fn in_channel(channel: &ChannelKey, manager: bool) -> Requester {
        Requester {
            channel: channel.clone(),
            manager,
            person: None,
            name: None,
            locale: None,
            private: false,
            note: None,
            part_of: None,
            hindrance: None,
            lifted: None,
        }
    }
}

/// What is kept about a place where something is asked, as it was when it was asked.
#[derive(Clone, Debug, Default)]
pub struct Met {
    /// The place, if anything is kept about it.
    pub row: Option<ChannelRow>,
    /// Whether what came in was answered already.
    pub is_handled: bool,
}

impl Met {
    /// Why the platform took nothing for the place until this was asked, if that was so.
    pub fn stopped(&self) -> Option<&Pause> {
        let pause = self.row.as_ref()?.pause.as_ref();
        pause.filter(|pause| pause.by == PausedBy::Platform)
    }

    /// The language that somebody has set there.
    pub fn language(&self) -> Option<Locale> {
        self.row.as_ref()?.settings.locale
    }
}

/// What is kept of a command as a deed.
#[derive(Clone, Copy)]
pub struct Doing<'d> {
    /// What it is.
    pub kind: DeedKind,
    /// By whom: see [`NewDeed::by`].
    pub by: &'d str,
    /// What is kept of the channel as it was, as JSON.
    pub before: fn(Option<&ChannelRow>) -> String,
    /// What is kept of the answer, as JSON.
    pub after: fn(&Reply) -> String,
}

/// An answer, and who says what stands around it.
pub struct Spoken<'b> {
    /// The answer.
    pub reply: Reply,
    /// Speaks the language that it is in.
    pub say: Localizer<'b>,
}

/// Why a change wasn't made.
enum Undone {
    /// The asker can mend it, or was told that we have to; with the language in which.
    Told(Box<Reply>, Locale),
    Failed(StoreError),
}

impl From<StoreError> for Undone {
    fn from(error: StoreError) -> Undone {
        Undone::Failed(error)
    }
}

impl Bot {
    /// What is kept about a place where something is asked, in one look; `event` is what the platform knows it by, where
    /// it may come again.
    pub async fn meet(
        &self,
        platform: &dyn ChatPlatform,
        place: &ChannelKey,
        event: Option<u64>,
    ) -> Result<Met, StoreError> {
        let known = self.store.read(|db| {
            Ok(Met {
                row: db.channel(place)?,
                is_handled: match event {
                    Some(event) => db.is_handled(platform.name(), event)?,
                    None => false,
                },
            })
        });
        known.await
    }

    /// Speaks the language in which somebody is answered at a place: their own, else the place's.
    pub fn localizer_at(&self, met: &Met, theirs: Option<Locale>) -> Localizer<'_> {
        let usual = self.settings.defaults.locale;
        let locale = theirs.or_else(|| met.language()).unwrap_or(usual);
        self.texts.localizer(locale)
    }

    /// The zone that a place's times are shown in.
    pub fn zone(&self, met: &Met) -> Zone {
        let defaults = &self.settings.defaults;
        let row = met.row.as_ref();
        row.map_or(&defaults.timezone, |row| row.settings.zone(defaults))
            .clone()
    }

    /// Answers a command.
    ///
    /// # Errors
    /// As for [`Bot::invoke`].
    pub async fn command(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        manager: bool,
        line: &str,
    ) -> Result<Reply, StoreError> {
        let asker = Requester::in_channel(channel, manager);
        let asked = Invocation::parse(line);
        Ok(self.invoke(platform, &asker, &asked).await?.reply)
    }

    /// Answers what somebody asked, in one transaction.
    ///
    /// # Errors
    /// [`StoreError`], if there is no transaction, or if a change can't be kept; everything else is answered.
    pub async fn invoke(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        asked: &Result<Invocation, Unparsed>,
    ) -> Result<Spoken<'_>, StoreError> {
        let writes = |asked: &&Invocation| {
            let may = asker.manager || asked.spec.who == Who::Everyone;
            may && matches!(asked.spec.run, Run::Writes(_))
        };
        let Some(change) = asked.as_ref().ok().filter(writes) else {
            let answer = |request: &Request<'_>| commands::answer(request, asked);
            let spoken = self.ask(platform, asker, answer).await?;
            if asker.manager
                && asked
                    .as_ref()
                    .is_ok_and(|asked| asked.spec.who == Who::Managers)
            {
                self.wake_all();
            }
            return Ok(spoken);
        };
        let carry_out =
            |request: &Request<'_>, db: &WriteTx<'_>| commands::carry_out(request, db, change);
        let spoken = self.change(platform, asker, carry_out).await?;
        self.wake_all();
        Ok(spoken)
    }

    /// Does a manager's command for somebody whose deeds are kept, in one transaction with the deed. Returns what was answered,
    /// and the deed's number if anything was done.
    ///
    /// # Errors
    /// As for [`Bot::invoke`].
    pub async fn do_as(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        asked: &Invocation,
        doing: Doing<'_>,
    ) -> Result<(Reply, Option<DeedId>), StoreError> {
        let done = self.store.write(|db| {
            let locale = self.language(db, asker)?;
            let before = db.channel(&asker.channel)?;
            let carry_out = |request: &Request<'_>| commands::carry_out(request, db, asked);
            let reply = self.with_request(db, platform, asker, locale, &carry_out)?;
            if reply.failed {
                return Err(Undone::Told(Box::new(reply), locale));
            }
            let pause = |row: &Option<ChannelRow>| row.as_ref().and_then(|row| row.pause.clone());
            let is_done = match (doing.kind, &before) {
                (DeedKind::PostNow, Some(row)) => {
                    !reply.idle && row.pause.is_none() && !db.subscriptions(row.id)?.is_empty()
                }
                (DeedKind::PostNow, None) => false,
                _ => pause(&before) != pause(&db.channel(&asker.channel)?),
            };
            if !is_done {
                return Ok((reply, None));
            }
            let deed = NewDeed {
                by: doing.by,
                kind: doing.kind,
                subject: &asker.channel.to_string(),
                before: &(doing.before)(before.as_ref()),
                after: &(doing.after)(&reply),
                ..NewDeed::PLAIN
            };
            let deed = db.record_deed(&deed, self.now())?;
            Ok((reply, Some(deed)))
        });
        let done = match done.await {
            Ok(done) => done,
            Err(Undone::Told(reply, _)) => (*reply, None),
            Err(Undone::Failed(error)) => return Err(error),
        };
        self.wake_all();
        Ok(done)
    }

    /// Something was changed: a roundup may be due, or on its way.
    fn wake_all(&self) {
        self.wake.schedule();
        self.wake.outbox();
    }

    /// Does what a button says.
    ///
    /// # Errors
    /// As for [`Bot::invoke`].
    pub async fn press_button(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        action: &Action,
    ) -> Result<Spoken<'_>, StoreError> {
        let editor = self.editor(asker).filter(|_| asker.private);
        if let Some(editor) = editor
            && (action.is_editors() || *action == Action::SignIn)
        {
            self.note_name(editor, asker).await?;
        }
        if action.is_editors() {
            let done = |request: &Request<'_>, db: &WriteTx<'_>| {
                commands::editors_deed(request, db, editor, action)
            };
            let spoken = self.change(platform, asker, done).await?;
            self.wake_all();
            return Ok(spoken);
        }
        if let (Action::SignIn, Some(web)) = (action, &self.settings.web) {
            let secret = Secret::new()
                .map_err(|error| StoreError::CannotOpen(format!("no randomness: {error}")))?;
            let bring = |request: &Request<'_>, db: &WriteTx<'_>| {
                commands::sign_in(request, db, web.base(), &secret)
            };
            return self.change(platform, asker, bring).await;
        }
        let Some(target) = action.follows().filter(|_| asker.manager) else {
            let press = |request: &Request<'_>| commands::press(request, action);
            return self.ask(platform, asker, press).await;
        };
        let follow =
            |request: &Request<'_>, db: &WriteTx<'_>| commands::follow(request, db, target);
        let spoken = self.change(platform, asker, follow).await?;
        self.wake_all();
        Ok(spoken)
    }

    /// Keeps what an editor calls themselves: others are told by it who did what.
    async fn note_name(&self, editor: &ChannelKey, asker: &Requester) -> Result<(), StoreError> {
        let (editor, name) = (
            editor.to_string(),
            shown_name(asker.name.as_deref().unwrap_or_default()),
        );
        let known = self.store.read(|db| db.editor_name(&editor)).await?;
        if !name.is_empty() && known.as_ref() != Some(&name) {
            self.store
                .write(|db| db.name_editor(&editor, &name))
                .await?;
        }
        Ok(())
    }

    /// By what the configuration calls somebody, if they are an editor.
    fn editor<'r>(&self, asker: &'r Requester) -> Option<&'r ChannelKey> {
        let editors = &self.settings.operator.editors;
        let person = asker.person.as_ref();
        person.filter(|person| editors.contains(person))
    }

    /// As whom somebody may sign in to the dashboard, where there is one: in a chat with the bot alone, the operator where they
    /// are told of trouble, editors where they are asked.
    fn signs_in(&self, platform: &dyn ChatPlatform, asker: &Requester) -> Option<Person> {
        let has_dashboard = self.settings.web.as_ref().is_some_and(|web| web.dashboard);
        if !has_dashboard || !asker.private {
            return None;
        }
        let told = self.settings.operator.notify.as_ref();
        let own = asker.person.as_ref();
        let own = own.map(|person| platform.person(person.address()));
        if told.is_some_and(|told| *told == asker.channel || Some(told) == own.as_ref()) {
            return Some(Person::Operator);
        }
        self.editor(asker).cloned().map(Person::Editor)
    }

    /// What an item says of which an editor is asked something, and how it stands; `None` for anybody else, and where there is no such item.
    pub async fn prompted(
        &self,
        person: &ChannelKey,
        prompt: Prompt,
    ) -> Result<Option<(Item, i64)>, StoreError> {
        if !self.settings.operator.editors.contains(person) {
            return Ok(None);
        }
        let state = self.store.read(|db| items::state(db, prompt.item()));
        Ok(state.await?.map(|state| (state.known.item, state.seen)))
    }

    /// Shows a later page of a list.
    ///
    /// # Errors
    /// As for [`Bot::invoke`].
    pub async fn show_page(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        page: &ListPage,
    ) -> Result<Reply, StoreError> {
        let asker = Requester::in_channel(channel, false);
        let turn = |request: &Request<'_>| commands::show_page(request, page);
        Ok(self.ask(platform, &asker, turn).await?.reply)
    }

    async fn ask(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        answer: impl Fn(&Request<'_>) -> Reply,
    ) -> Result<Spoken<'_>, StoreError> {
        let asked = self.store.ask(|db| {
            let locale = self.language(db, asker)?;
            let answered = self.with_request(db, platform, asker, locale, &answer)?;
            Ok::<_, StoreError>((answered, locale))
        });
        let (reply, locale) = asked.await?;
        let say = self.texts.localizer(locale);
        Ok(Spoken { reply, say })
    }

    async fn change(
        &self,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        carry_out: impl Fn(&Request<'_>, &WriteTx<'_>) -> Reply,
    ) -> Result<Spoken<'_>, StoreError> {
        let changed = self.store.write(|db| {
            let before = self.language(db, asker)?;
            let carry_out = |request: &Request<'_>| carry_out(request, db);
            let reply = self.with_request(db, platform, asker, before, &carry_out)?;
            if reply.failed {
                return Err(Undone::Told(Box::new(reply), before));
            }
            if let Some(note) = &asker.note {
                db.note_channel(&asker.channel, note, asker.part_of.as_ref())?;
            }
            // It may have changed the language.
            Ok((reply, self.language(db, asker)?))
        });
        let (reply, locale) = match changed.await {
            Ok(changed) => changed,
            Err(Undone::Told(reply, locale)) => (*reply, locale),
            Err(Undone::Failed(error)) => return Err(error),
        };
        let say = self.texts.localizer(locale);
        Ok(Spoken { reply, say })
    }

    /// The language in which somebody is answered.
    fn language(&self, db: &ReadTx<'_>, asker: &Requester) -> Result<Locale, StoreError> {
        if let Some(locale) = asker.locale {
            return Ok(locale);
        }
        let defaults = &self.settings.defaults;
        let row = db.channel(&asker.channel)?;
        Ok(row.map_or(defaults.locale, |row| row.settings.language(defaults)))
    }

    fn with_request(
        &self,
        db: &ReadTx<'_>,
        platform: &dyn ChatPlatform,
        asker: &Requester,
        locale: Locale,
        answer: &dyn Fn(&Request<'_>) -> Reply,
    ) -> Result<Reply, StoreError> {
        let catalogue = self.catalogues.within(db)?;
        let place = if asker.private {
            Place::Private
        } else {
            let kept = db.channel(&asker.channel)?.and_then(|row| row.note);
            let note = asker.note.as_ref().or(kept.as_ref());
            platform.place(&asker.channel, note.map(String::as_str))
        };
        Ok(answer(&Request {
            db,
            context: self.compose_context(&catalogue),
            platform,
            channel: asker.channel.clone(),
            person: asker.person.as_ref(),
            manager: asker.manager,
            private: asker.private,
            note: asker.note.as_deref(),
            hindrance: asker.hindrance.as_ref(),
            lifted: asker.lifted.as_ref(),
            say: self.texts.localizer(locale).at(place),
            sources: &self.settings.sources,
            editor: self.editor(asker).filter(|_| asker.private),
            signs_in: self.signs_in(platform, asker),
            editors: &self.settings.operator.editors,
            commands: commands::ALL,
            now: self.now(),
            loading: self.is_loading(),
        }))
    }

    /// Values that somebody may mean who has typed so much of an argument, the likeliest first.
    pub async fn suggest(
        &self,
        locale: Locale,
        argument: &Argument,
        typed: &str,
        most: usize,
    ) -> Result<Vec<Suggestion>, StoreError> {
        let catalogue = self.catalogues.current().await?;
        let say = self.texts.localizer(locale);
        Ok(commands::suggest(&catalogue, say, argument, typed, most))
    }

    /// Values that somebody may mean who types an argument that depends on what a channel follows.
    pub async fn suggest_known(
        &self,
        channel: &ChannelKey,
        argument: &Argument,
        section: &str,
        typed: &str,
    ) -> Result<Vec<Suggestion>, StoreError> {
        let found = self.store.ask(|db| {
            let catalogue = self.catalogues.within(db)?;
            let followed = followed(db, channel)?;
            Ok(commands::suggest_known(
                &catalogue, &followed, argument, section, typed,
            ))
        });
        found.await
    }

    /// What may be meant by the end of a line that is typed on a platform where nothing completes them, and from which byte on it is typed instead.
    pub async fn complete(
        &self,
        platform: &dyn ChatPlatform,
        channel: &ChannelKey,
        manager: bool,
        line: &str,
        most: usize,
    ) -> Result<(usize, Vec<Suggestion>), StoreError> {
        let asker = Requester::in_channel(channel, manager);
        let completed = self.store.ask(|db| {
            let catalogue = self.catalogues.within(db)?;
            let say = self.texts.localizer(self.language(db, &asker)?);
            let followed = followed(db, channel)?;
            let typing = Typing {
                platform,
                manager,
                followed: &followed,
                has_editors: !self.settings.operator.editors.is_empty(),
                line,
            };
            Ok(commands::complete(&catalogue, say, typing, most))
        });
        completed.await
    }
}

/// Letters of somebody's name that others are told.
const LONGEST_NAME: usize = 40;

/// What somebody calls themselves, as others are told: one line of no great length.
fn shown_name(name: &str) -> String {
    let line = text::join_lines(name);
    text::beginning(&line, LONGEST_NAME).trim_end().to_owned()
}

fn followed(db: &ReadTx<'_>, channel: &ChannelKey) -> Result<Followed, StoreError> {
    let Some(channel) = db.channel(channel)? else {
        return Ok(Followed::default());
    };
    let rows = db.subscriptions(channel.id)?;
    let watches = rows.iter().filter_map(|row| row.target.watch());
    let watches = watches.map(|watch| db.watch_words(watch));
    Ok(Followed {
        watches: watches.collect::<Result<_, _>>()?,
        rows,
    })
}
