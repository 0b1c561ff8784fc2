//! JSON that a platform may say: either as it comes, or one of its samples, changed as the bytes say. So the fuzzer changes
//! what things mean, and doesn't only break the notation.

use serde_json::{Map, Value, json};

/// The most changes of one sample.
const MOST: usize = 16;

/// What the bytes say, if it is anything.
pub(super) fn said(bytes: &[u8], samples: &[Value]) -> Option<Value> {
    if bytes.first() == Some(&b'{') {
        return serde_json::from_slice(bytes).ok();
    }
    let (first, mut rest) = bytes.split_first()?;
    let mut said = samples[usize::from(*first) % samples.len()].clone();
    for _ in 0..MOST {
        let [at, how, more @ ..] = rest else { break };
        rest = more;
        let mut places = Vec::new();
        list(&said, &mut String::new(), &mut places);
        let place = &places[usize::from(*at) % places.len()];
        let (parent, key) = place.rsplit_once('/').unwrap_or(("", ""));
        let strange = match how % 24 {
            0 => {
                if let Some(fields) = said.pointer_mut(parent).and_then(Value::as_object_mut) {
                    fields.remove(key);
                }
                continue;
            }
            1 => Value::Null,
            2 => json!(true),
            3 => json!(false),
            4 => json!(-1),
            5 => json!(0),
            6 => json!(i64::MAX),
            7 => json!(u64::MAX),
            8 => json!(i64::MIN),
            9 => json!(1e300),
            10 => json!(""),
            11 => json!([]),
            12 => json!({}),
            13 => json!("18446744073709551615"),
            14 => json!("x".repeat(5_000)),
            15 => (0..100).fold(json!([]), |inner, _| json!([inner])),
            // Another part of it, or of another sample.
            16 => {
                let (which, more) = more.split_first()?;
                rest = more;
                said.pointer(&places[usize::from(*which) % places.len()])?
                    .clone()
            }
            17 => {
                let (which, more) = more.split_first()?;
                rest = more;
                let sample = &samples[usize::from(*which) % samples.len()];
                sample.pointer(place).cloned().unwrap_or_default()
            }
            // A field that isn't there yet.
            18 => {
                const NEW: [&str; 10] = [
                    "forward_origin",
                    "via_bot",
                    "is_automatic_forward",
                    "sender_chat",
                    "edit_date",
                    "migrate_to_chat_id",
                    "migrate_from_chat_id",
                    "left_chat_member",
                    "options",
                    "new",
                ];
                let (which, more) = more.split_first()?;
                rest = more;
                let name = NEW[usize::from(*which) % NEW.len()];
                if let Some(fields) = said.pointer_mut(place).and_then(Value::as_object_mut) {
                    let value = fields.get("chat").cloned().unwrap_or_else(|| json!(7));
                    fields.insert(name.to_owned(), value);
                }
                continue;
            }
            19 => {
                let (number, more) = more.split_first_chunk::<8>()?;
                rest = more;
                json!(i64::from_le_bytes(*number))
            }
            20 => {
                let (number, more) = more.split_first_chunk::<8>()?;
                rest = more;
                json!(u64::from_le_bytes(*number).to_string())
            }
            // All that is left is text.
            _ => {
                let text = String::from_utf8_lossy(rest).into_owned();
                rest = &[];
                json!(text)
            }
        };
        if let Some(value) = said.pointer_mut(place) {
            *value = strange;
        }
    }
    Some(said)
}

/// The paths of all values below the whole one.
fn list(value: &Value, at: &mut String, places: &mut Vec<String>) {
    places.push(at.clone());
    let mut go = |name: &str, value: &Value| {
        let length = at.len();
        at.push('/');
        at.push_str(&name.replace('~', "~0").replace('/', "~1"));
        list(value, at, places);
        at.truncate(length);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| go(name, value)),
        Value::Array(values) => {
            let numbered = values.iter().enumerate();
            numbered.for_each(|(at, value)| go(&at.to_string(), value));
        }
        _ => {}
    }
}

/// The fields of an object.
pub(super) fn fields(value: &Value) -> Option<&Map<String, Value>> {
    value.as_object()
}
