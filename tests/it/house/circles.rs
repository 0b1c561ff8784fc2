//! No file uses another one that uses it, straight or round about: whoever opens one can read what it stands on first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use regex::Regex;

use super::arrows::{code_of, paths_behind};
use super::{files, regex};

/// A file's place among the modules. A crate's own modules stand behind its name.
type Module = Vec<String>;

const CRATES: &[&str] = &["core", "reader", "store"];

/// What stands before a path that a file lends on.
static LENT: LazyLock<Regex> = LazyLock::new(|| regex(r"\bpub(?:\([^)]*\))? use "));

/// The beginning of any path.
static PATH: LazyLock<Regex> =
    LazyLock::new(|| regex(r"(?:^|[^0-9A-Za-z_:.])[a-z_][0-9A-Za-z_]*::"));

struct House {
    files: BTreeMap<Module, String>,
    /// What a module names that stands elsewhere.
    lent: BTreeMap<Module, BTreeMap<String, Vec<String>>>,
}

fn module_of(file: &str) -> Module {
    let path = file.trim_start_matches("src/").trim_end_matches(".rs");
    let mut module: Module = path.split('/').map(str::to_owned).collect();
    if module
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        module.pop();
    }
    if module
        .first()
        .is_some_and(|first| CRATES.contains(&first.as_str()))
    {
        module[0] = format!("tidings_{}", module[0]);
    }
    module
}

impl House {
    fn new(texts: &[(String, String)]) -> House {
        let files = texts
            .iter()
            .map(|(file, _)| (module_of(file), file.clone()));
        let mut house = House {
            files: files.collect(),
            lent: BTreeMap::new(),
        };
        for (file, text) in texts {
            let lent = house.lent.entry(module_of(file)).or_default();
            for path in paths_behind(&code_of(text), &LENT) {
                let Some(name) = path.last() else { continue };
                lent.insert(name.clone(), path.clone());
            }
        }
        house
    }

    /// The file in which what a path names stands; `None` if it is none of ours.
    fn resolve(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        let first = path.first()?.as_str();
        let (mut at, mut rest): (Module, &[String]) = match first {
            "crate" | "tidings" => {
                let own = from.first().filter(|first| first.starts_with("tidings_"));
                (own.into_iter().cloned().collect(), &path[1..])
            }
            "self" => (from.clone(), &path[1..]),
            "super" => {
                let ups = path.iter().take_while(|name| *name == "super").count();
                (from[..from.len().checked_sub(ups)?].to_vec(), &path[ups..])
            }
            _ if first.starts_with("tidings_") => (vec![first.to_owned()], &path[1..]),
            _ => (from.clone(), path),
        };
        let begins = rest.len();
        while let Some(name) = rest.first() {
            let mut further = at.clone();
            further.push(name.clone());
            if self.files.contains_key(&further) {
                (at, rest) = (further, &rest[1..]);
                continue;
            }
            if let Some(lent) = self.lent.get(&at).and_then(|lent| lent.get(name))
                && depth < 8
                && let Some(found) = self.resolve(&at, lent, depth + 1)
            {
                return Some(found);
            }
            break;
        }
        let is_relative = !["crate", "tidings", "self", "super"].contains(&first)
            && !first.starts_with("tidings_");
        // A name that leads nowhere is a library's, or the file's own.
        (!is_relative || rest.len() < begins).then_some(at)
    }

    fn uses(&self, texts: &[(String, String)]) -> BTreeMap<Module, BTreeSet<Module>> {
        let mut uses: BTreeMap<Module, BTreeSet<Module>> = BTreeMap::new();
        for (file, text) in texts {
            let module = module_of(file);
            let code = code_of(text);
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            // What is only lent on is no use.
            let own: Vec<&str> = code
                .split_inclusive(';')
                .filter(|piece| {
                    let piece = piece
                        .rsplit(['}', '\n'])
                        .find(|line| line.contains("use "))
                        .unwrap_or("");
                    !(piece.trim_start().starts_with("pub") && piece.contains(" use "))
                })
                .collect();
            let paths = paths_behind(&own.concat(), &PATH);
            for path in paths {
                if let Some(used) = self.resolve(&module, &path, 0)
                    && used != module
                    && self.files.contains_key(&used)
                {
                    uses.entry(module.clone()).or_default().insert(used);
                }
            }
        }
        uses
    }
}

/// The files that use themselves, straight or round about.
fn circles(texts: &[(String, String)]) -> Vec<String> {
    let house = House::new(texts);
    let uses = house.uses(texts);
    let is_in_circle = |module: &&Module| {
        let mut seen = BTreeSet::new();
        let mut left = vec![*module];
        while let Some(at) = left.pop() {
            for used in uses.get(at).into_iter().flatten() {
                if used == *module {
                    return true;
                }
                if seen.insert(used) {
                    left.push(used);
                }
            }
        }
        false
    };
    let found = uses.keys().filter(is_in_circle);
    found.map(|module| house.files[module].clone()).collect()
}

#[test]
fn files_stand_above_each_other() {
    let found = circles(&files("src"));
    assert!(found.is_empty(), "files in a circle: {found:?}");
}

#[test]
fn a_circle_is_seen() {
    let text = |file: &str, text: &str| (format!("src/{file}.rs"), text.to_owned());
    let straight = [
        text("mod", "mod a; mod b; mod c;"),
        text("a", "use crate::b::Thing;"),
        text("b", "use super::c::{self, Thing};"),
        text("c", "// use crate::a::Thing;"),
    ];
    assert_eq!(circles(&straight), Vec::<String>::new());
    let mut round = straight.clone();
    round[3] = text("c", "fn f() { crate::a::thing() }");
    assert_eq!(circles(&round), ["src/a.rs", "src/b.rs", "src/c.rs"]);
    // Through a name that the room lends.
    let lent = [
        text("mod", "mod a; mod b; pub use a::Thing;"),
        text("a", "use super::b::Other;"),
        text("b", "use super::Thing;"),
    ];
    assert_eq!(circles(&lent), ["src/a.rs", "src/b.rs"]);
}
