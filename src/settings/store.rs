//! `[store]`, and the variables that say where the store is: the one part of the configuration in which several places name
//! the same thing, so which of them wins is written down here.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use tidings_store::{ServerUrl, StoreAddress, UrlError};

use super::build::Builder;
use super::keys::PASSWORD_BELONGS_ELSEWHERE;
use super::model::StoreSettings;
use super::problems::{Problems, SettingsError, Spot};
use super::raw::{Entry, Text};
use super::redaction::Redaction;
use super::tokens::{COPY_URL, STORE_URL, secret};
use super::values;

/// The least and the most seconds of a lease: a holder has to renew it several times, and a dead one is to be replaced soon.
const LEASE: [u64; 2] = [3, 60];

impl Builder<'_> {
    pub(super) fn store(
        &mut self,
        entry: &Entry,
        environment: &BTreeMap<String, String>,
    ) -> Option<StoreSettings> {
        let address = self.address(entry, environment);
        let lease = entry.required("lease", self.problems);
        let lease = lease.and_then(|text| self.lease(&text));
        let mut keep = |key| {
            let text = entry.required(key, self.problems)?;
            values::duration_or(&text, "forever", self.problems)
        };
        let (keep_sent, keep_paused) = (keep("keep_sent"), keep("keep_paused"));
        Some(StoreSettings {
            address: address?,
            lease: lease?,
            keep_sent: keep_sent?,
            keep_paused: keep_paused?,
        })
    }

    /// `STORE_URL` wins over `url`, and `url` over the default `path`; a key's own variable wins over the other key in the
    /// file. Two that mean it equally are a mistake: the wrong one would be an empty store, which tells everybody everything
    /// anew.
    fn address(
        &mut self,
        entry: &Entry,
        environment: &BTreeMap<String, String>,
    ) -> Option<StoreAddress> {
        // Read in any case, so that no mistake in it is found only when the other is taken out.
        let path = entry.required("path", self.problems);
        let path = path.and_then(|text| self.file(&text));
        let url = entry.text("url").map(|text| self.url(&text));
        let given = given(STORE_URL, environment, self.current_dir, self.problems);
        let is_variable = |key| matches!(entry.spot(key), Some(Spot::Variable(_)));
        let (url_spot, path_spot) = (entry.spot("url"), entry.spot("path"));
        if let (Some(url), Some(path)) = (&url_spot, &path_spot)
            && is_variable("url") == is_variable("path")
        {
            self.both(url, path);
            return None;
        }
        match given {
            Ok(Some((variable, url))) => {
                if is_variable("path")
                    && let Some(path) = &path_spot
                {
                    self.both(&Spot::Variable(variable), path);
                    return None;
                }
                Some(StoreAddress::Server(url))
            }
            Ok(None) if url_spot.is_some() && !is_variable("path") => {
                url.flatten().map(StoreAddress::Server)
            }
            Ok(None) => path,
            Err(()) => None,
        }
    }

    fn both(&mut self, spot: &Spot, other: &Spot) {
        let reason = format!(
            "is set beside {other}, but a store is either a file or on a server. Keep one of the two."
        );
        self.problems.add(spot, &reason);
    }

    fn file(&mut self, text: &Text) -> Option<StoreAddress> {
        if StoreAddress::is_url(&text.value) {
            let (of, instead) = match &text.spot {
                _ if !StoreAddress::names_server(&text.value) => {
                    ("is a URL", "write its path alone")
                }
                Spot::Variable(_) => ("names a server", "STORE_URL is for that"),
                _ => ("names a server", "url is the key for that"),
            };
            let reason = format!("{of}, but has to name a file; {instead}.");
            self.problems.add(&text.spot, &reason);
            return None;
        }
        Some(StoreAddress::File(self.path(text)))
    }

    /// What the file says, or the key's own variable: neither is a place for a password.
    fn url(&mut self, text: &Text) -> Option<ServerUrl> {
        let folder = match text.spot {
            Spot::Variable(_) => self.current_dir,
            _ => self.folder,
        };
        match ServerUrl::parse(&text.value, folder) {
            Ok(url) if url.password().is_some() => {
                self.problems.add(&text.spot, PASSWORD_BELONGS_ELSEWHERE);
                None
            }
            Ok(url) => Some(url),
            Err(error) => {
                let file = match error {
                    UrlError::Scheme => " A file is named by path.",
                    _ => "",
                };
                let reason = format!("{error}.{file}");
                self.problems.add(&text.spot, &reason);
                None
            }
        }
    }

    fn lease(&mut self, text: &Text) -> Option<Duration> {
        let lease = values::duration(text, self.problems)?;
        let [least, most] = LEASE;
        if (least..=most).contains(&lease.as_secs()) {
            return Some(lease);
        }
        let reason = format!(
            "is {:?}, but has to be from {least}s to {most}s.",
            text.value
        );
        self.problems.add(&text.spot, &reason);
        None
    }
}

/// What `COPY_URL` says, or the file that `COPY_URL_FILE` names: where `tidings copy` copies to.
///
/// # Errors
/// What is wrong with it; no message shows it.
pub fn copy_url(
    environment: &BTreeMap<String, String>,
    current_dir: &Path,
) -> Result<Option<ServerUrl>, SettingsError> {
    let secrets = Redaction::of_environment(environment, current_dir);
    let mut problems = Problems::new(Path::new(""), secrets);
    match given(COPY_URL, environment, current_dir, &mut problems) {
        Ok(found) => Ok(found.map(|(_, url)| url)),
        Err(()) => Err(problems.into_error()),
    }
}

/// What a variable says, or the file that its twin names, with the one of the two that says it. That it is wrong is noted.
fn given(
    name: &str,
    environment: &BTreeMap<String, String>,
    current_dir: &Path,
    problems: &mut Problems,
) -> Result<Option<(String, ServerUrl)>, ()> {
    let (variable, address) = match secret(name, "address", environment, current_dir) {
        Ok(Some(found)) => found,
        Ok(None) => return Ok(None),
        Err((variable, reason)) => {
            problems.error(&Spot::Variable(variable), &reason);
            return Err(());
        }
    };
    match ServerUrl::parse(address.expose(), current_dir) {
        Ok(url) => Ok(Some((variable, url))),
        Err(error) => {
            problems.add(&Spot::Variable(variable), &format!("{error}."));
            Err(())
        }
    }
}
