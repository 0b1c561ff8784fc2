//! Reading a configuration: the file, the environment over it, and everything that is wrong with both.

use std::collections::BTreeMap;
use std::path::Path;

use super::build::Builder;
use super::environment;
use super::model::Settings;
use super::problems::{self, Problems, SettingsError, Spot, cause};
use super::raw::{self, Raw};
use super::redaction::Redaction;

/// Reads the configuration `file` and lays `environment` over it.
///
/// Relative paths in the file are taken from the file's folder, those in variables from `current_dir`, and
/// so is `file` itself. A `~` is an ordinary character.
///
/// # Errors
/// Every independent mistake in the file and in the variables, never only the first. No message shows a
/// token or an address, which may hold one.
pub fn load(
    file: &Path,
    environment: &BTreeMap<String, String>,
    current_dir: &Path,
) -> Result<Settings, SettingsError> {
    let mut problems = Problems::new(file, Redaction::of_environment(environment, current_dir));
    let absolute = current_dir.join(file);
    let mut raw = match read(&absolute) {
        Ok(text) => raw::read(&text, &mut problems),
        Err(reason) => {
            problems.error(&Spot::File, &reason);
            Raw::default()
        }
    };
    environment::override_scalars(&mut raw, environment, &mut problems);
    let mut builder = Builder {
        folder: absolute.parent().unwrap_or(current_dir),
        current_dir,
        problems: &mut problems,
    };
    let settings = builder.settings(file, &raw, environment);
    match settings {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(problems.into_error()),
    }
}

fn read(file: &Path) -> Result<String, String> {
    const HOW: &str = "Name the configuration with --config FILE or TIDINGS_CONFIG.";
    let bytes = problems::read(file).map_err(|e| format!("{}. {HOW}", cause(&e)))?;
    String::from_utf8(bytes).map_err(|e| {
        let valid = &e.as_bytes()[..e.utf8_error().valid_up_to()];
        let line = valid.iter().filter(|&&byte| byte == b'\n').count() + 1;
        format!("line {line} is not UTF-8 text. Save the file as UTF-8.")
    })
}
