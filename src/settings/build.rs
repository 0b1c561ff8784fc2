//! Builds the settings from what was read, and checks what only shows when keys are seen together:
//! names that are given twice, headings that two sections claim, sections that aren't there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::keys::{DEFAULTS, DISCORD, HTTP, OPERATOR, SECTION, SOURCE, STORE, TELEGRAM};
use super::problems::{Problems, Spot, nearest};
use super::raw::{Entry, Raw, Text};
use super::{
    Defaults, DiscordSettings, FILES, Layout, Operator, PlatformSettings, Section, Settings,
    Source, SourceKind, Store, TelegramSettings, Webhook, environment, values,
};
use crate::ids::SectionSlug;

/// Turns checked shapes into types. `None` always means that a problem has been noted.
pub(super) struct Builder<'a> {
    /// Where the file's relative paths start.
    pub(super) folder: &'a Path,
    /// Where the variables' relative paths start.
    pub(super) current_dir: &'a Path,
    pub(super) problems: &'a mut Problems,
}

impl Builder<'_> {
    // Every part is built before the first `?`, so that no mistake hides another.
    pub(super) fn settings(
        &mut self,
        file: &Path,
        raw: &Raw,
        environment: &BTreeMap<String, String>,
    ) -> Option<Settings> {
        let store = self.store(&raw.single(&STORE));
        let operator = self.operator(&raw.single(&OPERATOR));
        let http = raw.single(&HTTP).text("listen");
        let http = http.map(|text| values::listen_near(&text, self.problems));
        let defaults = self.defaults(&raw.single(&DEFAULTS));
        let telegram = self.telegram(&raw.single(&TELEGRAM));
        let discord = self.discord(&raw.single(&DISCORD));
        let sections = self.sections(raw.many(&SECTION));
        let sources = self.sources(raw.many(&SOURCE), raw.many(&SECTION));
        let tokens = environment::tokens(environment, self.current_dir, self.problems);
        Some(Settings {
            file: file.to_owned(),
            store: store?,
            operator: operator?,
            http: http.flatten(),
            defaults: defaults?,
            telegram: telegram?,
            discord: discord?,
            sections,
            sources,
            tokens,
        })
    }

    fn path(&self, text: &Text) -> PathBuf {
        match text.spot {
            Spot::Variable(_) => self.current_dir.join(&text.value),
            _ => self.folder.join(&text.value),
        }
    }

    fn store(&mut self, entry: &Entry) -> Option<Store> {
        let path = entry.required("path", self.problems);
        let path = path.map(|text| self.path(&text));
        let mut keep = |key| {
            let text = entry.required(key, self.problems)?;
            values::duration_or(&text, "forever", self.problems)
        };
        let (keep_sent, keep_paused) = (keep("keep_sent"), keep("keep_paused"));
        Some(Store {
            path: path?,
            keep_sent: keep_sent?,
            keep_paused: keep_paused?,
        })
    }

    fn operator(&mut self, entry: &Entry) -> Option<Operator> {
        let notify = entry.text("notify");
        let notify = notify.map(|text| values::channel(&text, self.problems));
        let failing = entry.required("failing", self.problems);
        let failing = failing.and_then(|text| values::duration(&text, self.problems));
        let quiet = entry.required("quiet", self.problems);
        let quiet = quiet.and_then(|text| values::duration_or(&text, "off", self.problems));
        Some(Operator {
            notify: notify.flatten(),
            failing: failing?,
            quiet: quiet?,
        })
    }

    fn defaults(&mut self, entry: &Entry) -> Option<Defaults> {
        let timezone = entry.required("timezone", self.problems);
        let timezone = timezone.and_then(|text| values::zone(&text, self.problems));
        let locale = entry.required("locale", self.problems);
        let locale = locale.and_then(|text| values::locale(&text, self.problems));
        let when = entry.required("when", self.problems);
        let when = when.and_then(|text| values::cadence(&text, self.problems));
        Some(Defaults {
            timezone: timezone?,
            locale: locale?,
            when: when?,
        })
    }

    fn telegram(&mut self, entry: &Entry) -> Option<TelegramSettings> {
        let server = self.platform(entry);
        let webhook = self.webhook(entry);
        let mut rate = |key| {
            let text = entry.required(key, self.problems)?;
            values::rate(&text, self.problems)
        };
        let (rate, chat_rate, group_rate) = (rate("rate"), rate("chat_rate"), rate("group_rate"));
        Some(TelegramSettings {
            server: server?,
            webhook: webhook?,
            rate: rate?,
            chat_rate: chat_rate?,
            group_rate: group_rate?,
        })
    }

    fn discord(&mut self, entry: &Entry) -> Option<DiscordSettings> {
        let server = self.platform(entry);
        let guilds = entry.list("guilds");
        let guilds = guilds
            .iter()
            .filter_map(|text| values::snowflake(text, self.problems))
            .collect();
        let shards = entry.required("shards", self.problems);
        let shards = shards.and_then(|text| values::shards(&text, self.problems));
        let rate = entry.required("rate", self.problems);
        let rate = rate.and_then(|text| values::rate(&text, self.problems));
        Some(DiscordSettings {
            server: server?,
            guilds,
            shards: shards?,
            rate: rate?,
        })
    }

    /// Both keys or neither.
    fn webhook(&mut self, entry: &Entry) -> Option<Option<Webhook>> {
        let (url, listen) = (entry.text("webhook_url"), entry.text("listen"));
        match (url, listen) {
            (None, None)
                if entry.spot("webhook_url").is_none() && entry.spot("listen").is_none() =>
            {
                Some(None)
            }
            (Some(url), Some(listen)) => {
                let url = values::webhook_url(&url, self.problems);
                let listen = values::listen(&listen, self.problems);
                Some(Some(Webhook {
                    url: url?,
                    listen: listen?,
                }))
            }
            (Some(url), None) => {
                let reason = "needs [telegram] listen as well: the address that this process listens on for \
                              it. Try: listen = \"127.0.0.1:8080\"";
                self.problems.add(&url.spot, reason);
                None
            }
            (None, Some(listen)) => {
                let reason =
                    "is only used with [telegram] webhook_url. Add that key, or take this one out.";
                self.problems.add(&listen.spot, reason);
                None
            }
            (None, None) => None,
        }
    }

    fn platform(&mut self, entry: &Entry) -> Option<PlatformSettings> {
        let text = entry.required("api_url", self.problems)?;
        let api_url = values::api_url(&text, self.problems)?;
        Some(PlatformSettings { api_url })
    }

    fn sections(&mut self, entries: &[Entry]) -> Vec<Section> {
        let mut slugs = BTreeMap::new();
        let mut claims = BTreeMap::new();
        let mut sections = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let slug = entry.required("slug", self.problems);
            let slug =
                slug.and_then(|text| values::slug(&text, self.problems).map(|slug| (text, slug)));
            let title = entry.required("title", self.problems);
            let headings = entry.list("headings");
            let phrases = entry.list("match");

            let mut claiming = Vec::new();
            if let Some((text, _)) = &slug
                && self.unique(&mut slugs, text, "slug")
            {
                claiming.push(text);
            }
            claiming.extend(&title);
            claiming.extend(&headings);
            for text in claiming {
                self.claim(&mut claims, index, text);
            }
            for phrase in &phrases {
                values::folded(phrase, self.problems);
            }
            if let (Some((_, slug)), Some(title)) = (slug, title) {
                sections.push(Section {
                    slug,
                    title: title.value,
                    headings: values::texts(headings),
                    phrases: values::texts(phrases),
                });
            }
        }
        sections
    }

    /// Notes who has a name first; false for whoever comes second.
    fn unique(&mut self, seen: &mut BTreeMap<String, Spot>, text: &Text, what: &str) -> bool {
        let Some(first) = seen.get(&text.value) else {
            seen.insert(text.value.clone(), text.spot.clone());
            return true;
        };
        let reason = format!("is the same as {first}. Give each its own {what}.");
        self.problems.add(&text.spot, &reason);
        false
    }

    /// A page's heading is looked up among slugs, titles and headings alike, so it must lead to one section.
    fn claim(&mut self, claims: &mut BTreeMap<String, (usize, Spot)>, index: usize, text: &Text) {
        let Some(folded) = values::folded(text, self.problems) else {
            return;
        };
        match claims.get(&folded) {
            Some((owner, first)) if *owner != index => {
                let reason = format!(
                    "{:?} is the same as {first} but for case, punctuation and spacing. \
                     Keep it in one section.",
                    text.value
                );
                self.problems.add(&text.spot, &reason);
            }
            Some(_) => {}
            None => {
                claims.insert(folded, (index, text.spot.clone()));
            }
        }
    }

    fn sources(&mut self, entries: &[Entry], sections: &[Entry]) -> Vec<Source> {
        let mut names = BTreeMap::new();
        // As they are written: a source that names a section with a wrong slug isn't wrong as well.
        let slugs: Vec<String> = sections
            .iter()
            .filter_map(|section| section.text("slug").map(|slug| slug.value))
            .collect();
        let built = entries.iter().filter_map(|entry| {
            let name = entry.required("name", self.problems);
            if let Some(name) = &name {
                self.unique(&mut names, name, "name");
                if name.value == FILES {
                    let reason =
                        "is kept for the files given to `tidings load`. Choose another name.";
                    self.problems.add(&name.spot, reason);
                }
            }
            self.source(entry, name, &slugs)
        });
        built.collect()
    }

    fn source(&mut self, entry: &Entry, name: Option<Text>, slugs: &[String]) -> Option<Source> {
        let kind = self.source_kind(entry);
        let stop_at = entry.list("stop_at");
        for phrase in &stop_at {
            values::folded(phrase, self.problems);
        }
        let layout = match entry.text("layout") {
            Some(text) => values::layout(&text, self.problems),
            None => Some(Layout::default()),
        };
        let poll = entry.required("poll", self.problems);
        let poll = poll.and_then(|text| values::duration(&text, self.problems));
        let max_age = entry.text("max_age");
        let max_age = max_age.map(|text| values::duration(&text, self.problems));
        let section = entry.text("section");
        let section = section.and_then(|text| self.source_section(&text, slugs));
        Some(Source {
            name: name?.value,
            kind: kind?,
            stop_at: values::texts(stop_at),
            layout: layout?,
            poll: poll?,
            section,
            max_age: max_age.flatten(),
        })
    }

    fn source_kind(&mut self, entry: &Entry) -> Option<SourceKind> {
        const ONLY: &str = "this version reads folders only";
        for key in ["url", "allow_private"] {
            if let Some(spot) = entry.spot(key) {
                let reason = format!("is for pages and feeds; {ONLY}. Take it out.");
                self.problems.add(&spot, &reason);
            }
        }
        let kind = entry.required("kind", self.problems)?;
        match kind.value.as_str() {
            "folder" => {
                let path = entry.required("path", self.problems)?;
                let path = self.path(&path);
                Some(SourceKind::Folder { path })
            }
            "page" | "feed" => {
                let reason = format!("is {:?}; {ONLY}. {}", kind.value, kind.example());
                self.problems.add(&kind.spot, &reason);
                None
            }
            _ => {
                values::choice(&kind, &["folder", "page", "feed"], self.problems);
                None
            }
        }
    }

    /// `None` for the catch-all `more` too: that is where items go when their source names no section.
    fn source_section(&mut self, text: &Text, slugs: &[String]) -> Option<SectionSlug> {
        if text.value == "more" {
            return None;
        }
        if slugs.contains(&text.value) {
            // A slug that doesn't parse has been reported where it is defined.
            return SectionSlug::parse(&text.value).ok();
        }
        let near = nearest(
            &text.value,
            slugs.iter().map(String::as_str).chain(["more"]),
        );
        let hint = near.map_or_else(
            || "Name the slug of a [[section]], or more.".to_owned(),
            |slug| format!("Did you mean {slug}?"),
        );
        let reason = format!("names no section: there is no {:?}. {hint}", text.value);
        self.problems.add(&text.spot, &reason);
        None
    }
}
