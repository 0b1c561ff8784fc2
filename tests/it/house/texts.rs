//! The texts for people: the same in every language, all of them said, and none said that isn't there.

use std::collections::{BTreeMap, BTreeSet};

use tidings::chat::commands;
use tidings_core::language::Locale;
use tidings_store::DeedKind;

use super::{files, regex};

/// The messages of a Fluent file with the variables of each, and with the messages that it refers to.
fn messages(locale: Locale) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let (variable, reference) = (regex(r"\$([a-z]+)"), regex(r"\{ ([a-z-]+) \}"));
    let mut messages: BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> = BTreeMap::new();
    let start = regex(r"^([a-z][a-z-]*) =");
    let mut key = String::new();
    for line in locale.source().lines() {
        if let Some(found) = start.captures(line) {
            key = found[1].to_owned();
            assert!(
                !messages.contains_key(&key),
                "{key} stands twice in {locale:?}"
            );
            messages.insert(key.clone(), Default::default());
        }
        if line.starts_with('#') || key.is_empty() {
            continue;
        }
        let (variables, references) = messages.get_mut(&key).unwrap();
        variables.extend(
            variable
                .captures_iter(line)
                .map(|found| found[1].to_owned()),
        );
        references.extend(
            reference
                .captures_iter(line)
                .map(|found| found[1].to_owned()),
        );
    }
    // A message takes what those take that it refers to.
    for _ in 0..3 {
        let before = messages.clone();
        for (variables, references) in messages.values_mut() {
            for reference in references.iter() {
                variables.extend(before[reference].0.iter().cloned());
            }
        }
    }
    // Every message is told where it is said.
    for (variables, _) in messages.values_mut() {
        variables.remove("place");
    }
    messages
}

#[test]
fn all_languages_have_the_same_texts_with_the_same_variables() {
    let mut english = messages(Locale::default());
    english.retain(|key, _| !key.starts_with("word-"));
    assert!(english.len() > 100);
    for locale in Locale::all() {
        // What people type is each language's own affair.
        let mut other = messages(locale);
        other.retain(|key, _| !key.starts_with("word-"));
        let keys = |of: &BTreeMap<String, _>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&other), keys(&english), "{locale:?}");
        for (key, (variables, _)) in &other {
            assert_eq!(variables, &english[key].0, "{key} in {locale:?}");
        }
    }
}

/// A Korean particle takes one of two forms, by the sound before it. How a word from outside sounds isn't known, and both
/// forms, `을(를)`, read like a form to be filled in.
#[test]
fn no_korean_particle_depends_on_a_word_from_outside() {
    let both = regex(r"[은이을과](?:\([는가를와]\))|\(으\)로");
    let behind_one =
        regex(r"\$[a-z]+ \}(?:\*\*|”)*(?:은|는|이|가|을|를|과|와|으로|로)(?:[ .,:]|$)");
    for line in Locale::parse("ko").unwrap().source().lines() {
        assert!(!both.is_match(line), "{line}");
        assert!(!behind_one.is_match(line), "{line}");
    }
}

/// Every literal of src that could be the key of a text, and what formats of keys there are.
fn literals() -> BTreeSet<String> {
    let literal = regex(r#""([a-z]+(?:-[a-z]+)*)""#);
    let mut found = BTreeSet::new();
    for (_, text) in files("src") {
        found.extend(
            literal
                .captures_iter(&text)
                .map(|found| found[1].to_owned()),
        );
    }
    found
}

/// Keys that are put together when they are needed.
fn composed() -> BTreeSet<String> {
    let commands = commands::ALL
        .iter()
        .map(|spec| format!("command-{}", spec.name));
    let settings = [
        "style",
        "silent",
        "previews",
        "role",
        "locale",
        "cap",
        "publish",
        "duplicates",
        "corrections",
        "buttons",
        "discuss",
    ]
    .map(|name| format!("setting-{name}"));
    let spans = ["in", "ago"]
        .into_iter()
        .flat_map(|kind| ["now", "minutes", "hours", "days"].map(|unit| format!("{kind}-{unit}")));
    let fields = [
        "minute",
        "hour",
        "day-of-month",
        "month",
        "day-of-week",
        "pattern",
    ]
    .map(|field| format!("cron-{field}"));
    let followed = ["subscribed", "rescheduled", "watched", "rewatched"];
    let instant = followed
        .into_iter()
        .flat_map(|key| ["instant", "window"].map(|kind| format!("{key}-{kind}")));
    let names = commands::ALL
        .iter()
        .map(|spec| format!("name-{}", spec.name));
    let arguments = commands::ALL.iter().flat_map(|spec| spec.arguments);
    let options = arguments
        .map(|argument| argument.name)
        .chain(["channel", "role"])
        .flat_map(|name| [format!("option-{name}"), format!("option-name-{name}")]);
    let deeds = DeedKind::all()
        .iter()
        .map(|(_, word)| format!("deed-{word}"));
    commands
        .chain(deeds)
        .chain(settings)
        .chain(spans)
        .chain(instant)
        .chain(fields)
        .chain(names)
        .chain(options)
        .collect()
}

#[test]
fn every_text_is_used_and_every_used_text_exists() {
    let english = messages(Locale::default());
    let (literals, composed) = (literals(), composed());
    let referred: BTreeSet<&String> = english
        .values()
        .flat_map(|(_, references)| references)
        .collect();
    let unused: Vec<&String> = english
        .keys()
        .filter(|key| {
            let asked = key.strip_prefix("word-").unwrap_or(key);
            !literals.contains(asked) && !composed.contains(*key) && !referred.contains(key)
        })
        .collect();
    assert_eq!(unused, Vec::<&String>::new(), "nobody says these");
    for key in composed.iter().chain(referred) {
        assert!(english.contains_key(key), "there is no text {key}");
    }
    // What is said by its key, and what looks like nothing but a key where texts are chosen.
    let said = regex(r#"(?:\btext|\bline|\bmistake)\(\s*"([a-z-]+)""#);
    let chosen = regex(r#""([a-z]+(?:-[a-z]+)+)""#);
    let not_keys = ["us-nk", "inter-korean"];
    for (name, text) in files("src") {
        if ["src/settings/", "src/store/"]
            .iter()
            .any(|other| name.starts_with(other))
        {
            continue;
        }
        let speaks = name.starts_with("src/commands/") || name.starts_with("src/roundups/");
        let patterns = [Some(&said), speaks.then_some(&chosen)];
        for pattern in patterns.into_iter().flatten() {
            for found in pattern.captures_iter(&text) {
                let key = &found[1];
                assert!(
                    english.contains_key(key) || not_keys.contains(&key),
                    "{name}: there is no text {key}"
                );
            }
        }
    }
}

/// Words of a language stand in its file, what documents say in the reader's lexicon; elsewhere the code speaks none, so
/// that a language is a file and a line. Comments and tests may.
#[test]
fn no_code_but_the_languages_speaks_korean_chinese_or_japanese() {
    let letters = regex(
        "[\u{1100}-\u{11FF}\u{3041}-\u{309F}\u{30A1}-\u{30FA}\u{3130}-\u{318F}\u{4E00}-\u{9FFF}\u{AC00}-\u{D7A3}]",
    );
    let own = [
        "src/core/language/",
        "src/core/text.rs",
        "src/reader/lexicon/",
    ];
    let mut spoken = Vec::new();
    let all = files("src");
    assert!(all.len() > 100);
    for (name, text) in all {
        if own.iter().any(|own| name.starts_with(own)) || !name.ends_with(".rs") {
            continue;
        }
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let lines = code.lines().map(str::trim_start);
        for line in lines.filter(|line| !line.starts_with("//")) {
            if letters.is_match(line) {
                spoken.push(format!("{name}: {line}"));
            }
        }
    }
    assert_eq!(spoken, Vec::<String>::new());
}
