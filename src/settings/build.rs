//! Builds the settings from what was read, and checks what only shows when keys are seen together:
//! names that are given twice, headings that two sections claim, sections that aren't there.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::keys::{
    DEFAULTS, DISCORD, FETCH, HTTP, OPERATOR, SECTION, SOURCE, STORE, TELEGRAM, WEB,
};
use super::model::{
    DiscordSettings, FetchBounds, Operator, PlatformSettings, Section, Settings, TelegramSettings,
    WebSettings, Webhook,
};
use super::problems::{Problems, Spot};
use super::raw::{Entry, Raw, Text};
use super::{tokens, values};
use tidings_core::channel::Defaults;
use tidings_store::StoreAddress;

/// Items that a document from the web may hold, unless the configuration says otherwise: fifty times what feeds hold.
const MOST_ITEMS: usize = 5_000;

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
        let store = self.store(&raw.single(&STORE), environment);
        let operator = self.operator(&raw.single(&OPERATOR));
        let fetch = self.fetch(&raw.single(&FETCH));
        let http = raw.single(&HTTP).text("listen");
        let http = http.map(|text| values::listen_near(&text, self.problems));
        let web = self.web(&raw.single(&WEB));
        let defaults = self.defaults(&raw.single(&DEFAULTS));
        let telegram = self.telegram(&raw.single(&TELEGRAM));
        let discord = self.discord(&raw.single(&DISCORD));
        if let (Some(store), Some(discord)) = (&store, &discord)
            && matches!(store.address, StoreAddress::Server(_))
            && discord.shards.is_some()
            && let Some(text) = raw.single(&DISCORD).text("shards")
        {
            let reason = "is a range, but processes that share a store on a server divide the shards among themselves. Say \"auto\", or \
                          how many there are";
            self.problems.add(&text.spot, reason);
        }
        let sections = self.sections(raw.many(&SECTION));
        let sources = self.sources(raw.many(&SOURCE), raw.many(&SECTION));
        if raw.single(&OPERATOR).list("editors").is_empty() {
            for text in raw
                .many(&SOURCE)
                .iter()
                .filter_map(|entry| entry.text("hold"))
            {
                let reason = "is set, but nobody is there to look: name them in [operator] editors, such as \
                              editors = [\"telegram:123456789\"], or leave hold out";
                self.problems.add(&text.spot, reason);
            }
        }
        let tokens = tokens::tokens(environment, self.current_dir, self.problems);
        if let (Some(web), Some(telegram)) = (&web, &telegram) {
            let webhook = telegram.webhook.as_ref().map(|webhook| webhook.listen);
            self.listen_apart(
                raw,
                &[http.flatten(), web.as_ref().map(|web| web.listen), webhook],
            );
        }
        Some(Settings {
            file: file.to_owned(),
            store: store?,
            operator: operator?,
            fetch: fetch?,
            http: http.flatten(),
            web: web?,
            defaults: defaults?,
            telegram: telegram?,
            discord: discord?,
            sections,
            sources,
            tokens,
            fingerprint: raw.fingerprint(&[&DEFAULTS, &SECTION, &SOURCE, &OPERATOR]),
        })
    }

    pub(super) fn path(&self, text: &Text) -> PathBuf {
        match text.spot {
            Spot::Variable(_) => self.current_dir.join(&text.value),
            _ => self.folder.join(&text.value),
        }
    }

    fn operator(&mut self, entry: &Entry) -> Option<Operator> {
        let notify = entry.text("notify");
        let notify = notify.map(|text| values::channel(&text, self.problems));
        let failing = entry.required("failing", self.problems);
        let failing = failing.and_then(|text| values::duration(&text, self.problems));
        let quiet = entry.required("quiet", self.problems);
        let quiet = quiet.and_then(|text| values::duration_or(&text, "off", self.problems));
        let editors = entry.list("editors").into_iter();
        let editors = editors.filter_map(|text| values::editor(&text, self.problems));
        let editors = editors.collect();
        Some(Operator {
            notify: notify.flatten(),
            editors,
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
                              it. Try: listen = \"127.0.0.1:8081\"";
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

    /// The pages with all that they need, or none of it.
    fn web(&mut self, entry: &Entry) -> Option<Option<WebSettings>> {
        let listen = entry.text("listen");
        let listen =
            listen.map(|text| (text.spot.clone(), values::listen_near(&text, self.problems)));
        let url = entry.text("url");
        let url = url.map(|text| (text.spot.clone(), values::web_url(&text, self.problems)));
        let mut is_wrong = entry.is_unreadable("archive");
        let mut is_on = |key| {
            let text = entry.text(key)?;
            let flag = values::flag(&text, self.problems);
            is_wrong |= flag.is_none();
            flag?.then_some(text)
        };
        let (archive, dashboard) = (is_on("archive"), is_on("dashboard"));
        let Some(asked_for) = archive.as_ref().or(dashboard.as_ref()) else {
            let given = [
                listen.as_ref().map(|(spot, _)| spot),
                url.as_ref().map(|(spot, _)| spot),
            ];
            for spot in given.into_iter().flatten().filter(|_| !is_wrong) {
                let reason = "is only used with [web] archive or dashboard. Add archive = true to serve the archive, \
                              dashboard = true to serve the dashboard, or take this key out.";
                self.problems.add(spot, reason);
            }
            let is_nothing = listen.is_none() && url.is_none() && !is_wrong;
            return is_nothing.then_some(None);
        };
        for (key, what, is_there) in [
            (
                "listen",
                "the address that this process listens on",
                listen.is_some(),
            ),
            (
                "url",
                "the address at which people see the pages",
                url.is_some(),
            ),
        ] {
            if !is_there && !entry.is_unreadable(key) {
                let example = WEB.keys.iter().find(|known| known.name == key);
                let example = example.map_or(String::new(), |key| key.assignment());
                let reason = format!("needs [web] {key} as well: {what}. Try: {example}");
                self.problems.add(&asked_for.spot, &reason);
            }
        }
        let (url_spot, url) = url?;
        let web = WebSettings {
            listen: listen?.1?,
            url: url?,
            archive: archive.is_some(),
            dashboard: dashboard.is_some(),
        };
        if web.dashboard && web.url.scheme() == "http" && !web.is_on_loopback() {
            let reason = "begins with http://, but over that others could read who signs in to the dashboard. Put a \
                          server that speaks https in front and name its https:// address, or leave dashboard out.";
            self.problems.add(&url_spot, reason);
        }
        Some(Some(web))
    }

    /// Metrics, pages and the webhook each have an address of their own.
    fn listen_apart(&mut self, raw: &Raw, addresses: &[Option<SocketAddr>; 3]) {
        let tables = [&HTTP, &WEB, &TELEGRAM];
        let known: Vec<_> = tables.iter().zip(addresses).collect();
        for (at, (table, address)) in known.iter().enumerate() {
            let before = known[..at].iter();
            let alike = before.clone().find(|(_, other)| {
                address
                    .zip(**other)
                    .is_some_and(|(one, other)| are_alike(one, other))
            });
            if let Some((other, _)) = alike
                && let Some(spot) = raw.single(table).spot("listen")
            {
                let reason = format!(
                    "is the address of [{}] listen as well. Give each a port of its own.",
                    other.name
                );
                self.problems.add(&spot, &reason);
            }
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
    pub(super) fn unique(
        &mut self,
        seen: &mut BTreeMap<String, Spot>,
        text: &Text,
        what: &str,
    ) -> bool {
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

    fn fetch(&mut self, entry: &Entry) -> Option<FetchBounds> {
        let host_pause = entry.required("host_pause", self.problems)?;
        let host_pause = values::duration_or(&host_pause, "0s", self.problems);
        let patience = entry.required("patience", self.problems)?;
        let patience = values::duration(&patience, self.problems);
        let largest = entry.required("largest", self.problems)?;
        let largest = values::size(&largest, self.problems);
        let items = match entry.text("items") {
            Some(text) => values::count(&text, self.problems),
            None => Some(MOST_ITEMS),
        };
        Some(FetchBounds {
            host_pause: host_pause?.unwrap_or_default(),
            patience: patience?,
            largest: largest?,
            items: items?,
        })
    }
}

/// Whether two listeners can't both have their addresses. A port of 0 is the system's choice.
fn are_alike(one: SocketAddr, other: SocketAddr) -> bool {
    let is_all = |address: SocketAddr| address.ip().is_unspecified();
    one.port() == other.port()
        && one.port() != 0
        && (one.ip() == other.ip() || is_all(one) || is_all(other))
}
