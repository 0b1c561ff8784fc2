//! Requests held against Discord's own description of its API, where a copy of that lies beside the project: the part
//! of JSON Schema that it uses.

use std::path::Path;
use std::sync::OnceLock;

use serde_json::Value;

/// The description; `None` where there is no copy.
fn description() -> Option<&'static Value> {
    static READ: OnceLock<Option<Value>> = OnceLock::new();
    let read = || {
        let beside =
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/specs/discord-openapi.json");
        let text = std::fs::read(beside).ok()?;
        Some(serde_json::from_slice(&text).expect("the description is JSON"))
    };
    READ.get_or_init(read).as_ref()
}

/// What is wrong with a request's body; `None` if nothing is, or if there is nothing to hold it against.
pub(super) fn wrong(verb: &str, path: &str, body: &Value) -> Option<String> {
    let whole = description()?;
    let operation = operation(whole, verb, path)?;
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    if schema.is_null() {
        return (!body.is_null()).then(|| "a body where none is described".to_owned());
    }
    check(whole, schema, body, "body").err()
}

/// The operation of the path that fits best: one with the most words of its own.
fn operation<'d>(whole: &'d Value, verb: &str, path: &str) -> Option<&'d Value> {
    let parts: Vec<&str> = path.split('/').collect();
    let paths = whole["paths"].as_object()?.iter();
    let fitting = paths.filter_map(|(template, operations)| {
        let pieces: Vec<&str> = template.trim_start_matches('/').split('/').collect();
        let fits = pieces.len() == parts.len()
            && pieces
                .iter()
                .zip(&parts)
                .all(|(piece, part)| piece.starts_with('{') || piece == part);
        let own = pieces
            .iter()
            .filter(|piece| !piece.starts_with('{'))
            .count();
        fits.then_some((own, operations))
    });
    let (_, operations) = fitting.max_by_key(|(own, _)| *own)?;
    operations.get(verb.to_lowercase())
}

fn check(whole: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema["$ref"].as_str() {
        let pointer = name.trim_start_matches('#');
        let referred = whole
            .pointer(pointer)
            .ok_or_else(|| format!("{name} isn't described"))?;
        return check(whole, referred, value, at);
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[key].as_array() {
            let tried: Vec<Result<(), String>> = choices
                .iter()
                .map(|choice| check(whole, choice, value, at))
                .collect();
            if !tried.iter().any(Result::is_ok) {
                let why: Vec<String> = tried.into_iter().filter_map(Result::err).collect();
                return Err(format!("{at} fits none of: {}", why.join(" | ")));
            }
        }
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        check(whole, part, value, at)?;
    }
    check_type(schema, value, at)?;
    for (key, fits) in [("const", schema.get("const")), ("enum", schema.get("enum"))] {
        let allowed = match fits {
            Some(Value::Array(values)) if key == "enum" => values.contains(value),
            Some(only) => only == value,
            None => true,
        };
        if !allowed {
            return Err(format!("{at} is {value}"));
        }
    }
    match value {
        Value::Object(fields) => check_fields(whole, schema, fields, at),
        Value::Array(items) => {
            check_size(schema, ["minItems", "maxItems"], items.len(), at)?;
            let Some(schema) = schema.get("items") else {
                return Ok(());
            };
            let mut each = items.iter().enumerate();
            each.try_for_each(|(number, item)| {
                check(whole, schema, item, &format!("{at}[{number}]"))
            })
        }
        Value::String(text) => {
            check_size(schema, ["minLength", "maxLength"], text.chars().count(), at)
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap_or_default();
            let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
            let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
            if (least..=most).contains(&number) {
                Ok(())
            } else {
                Err(format!("{at} is {number}"))
            }
        }
        _ => Ok(()),
    }
}

fn check_type(schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(is),
        _ => true,
    };
    if fits {
        Ok(())
    } else {
        Err(format!("{at} isn't {}", schema["type"]))
    }
}

fn check_size(schema: &Value, keys: [&str; 2], size: usize, at: &str) -> Result<(), String> {
    let bound = |key: &str| {
        schema[key]
            .as_u64()
            .and_then(|bound| usize::try_from(bound).ok())
    };
    let [least, most] = keys.map(bound);
    if least.is_some_and(|least| size < least) || most.is_some_and(|most| size > most) {
        return Err(format!("{at} has {size}"));
    }
    Ok(())
}

fn check_fields(
    whole: &Value,
    schema: &Value,
    fields: &serde_json::Map<String, Value>,
    at: &str,
) -> Result<(), String> {
    for name in schema["required"].as_array().into_iter().flatten() {
        if name.as_str().is_some_and(|name| !fields.contains_key(name)) {
            return Err(format!("{at}.{name} is missing"));
        }
    }
    let Some(known) = schema["properties"].as_object() else {
        let more = schema
            .get("additionalProperties")
            .filter(|more| more.is_object());
        return more.map_or(Ok(()), |more| {
            fields
                .iter()
                .try_for_each(|(name, value)| check(whole, more, value, &format!("{at}.{name}")))
        });
    };
    for (name, value) in fields {
        // The description wants a number, Discord's prose and serenity a text.
        if name == "default_member_permissions" && value.is_string() {
            continue;
        }
        let Some(schema) = known.get(name) else {
            return Err(format!("{at}.{name} isn't described"));
        };
        check(whole, schema, value, &format!("{at}.{name}"))?;
    }
    Ok(())
}
