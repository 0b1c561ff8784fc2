//! The parameters of a call, however they were sent: JSON, a form, or in the address.

use serde_json::{Map, Value};
use url::form_urlencoded;

use super::params::Method;
use crate::fakes::http::Incoming;

/// The method's parameters.
pub(super) fn parameters(incoming: &Incoming, method: &Method) -> Result<Value, String> {
    let mut all = Map::new();
    for (name, value) in form_urlencoded::parse(incoming.query.as_bytes()) {
        let read = method.read_form(&name, &value);
        all.insert(name.into_owned(), read);
    }
    let body = incoming.body.trim_ascii();
    if body.is_empty() {
        return Ok(all.into());
    }
    if let Some((_, boundary)) = incoming.header("content-type").split_once("boundary=") {
        for (name, value) in multipart(body, boundary.trim_matches('"')) {
            let read = method.read_form(&name, &value);
            all.insert(name, read);
        }
    } else if incoming
        .header("content-type")
        .starts_with("application/x-www-form-urlencoded")
    {
        for (name, value) in form_urlencoded::parse(body) {
            let read = method.read_form(&name, &value);
            all.insert(name.into_owned(), read);
        }
    } else {
        if !incoming
            .header("content-type")
            .starts_with("application/json")
        {
            return Err(format!(
                "a body of type \"{}\"",
                incoming.header("content-type")
            ));
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(given)) => all.extend(given),
            Ok(other) => return Err(format!("a body that isn't an object: {other}")),
            Err(error) => return Err(format!("a body that isn't JSON: {error}")),
        }
    }
    Ok(all.into())
}

fn multipart(body: &[u8], boundary: &str) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(body);
    let delimiter = format!("--{boundary}");
    let parts = text.split(&*delimiter).skip(1);
    let fields = parts.filter_map(|part| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once("name=\"")?;
        let (name, _) = name.split_once('"')?;
        Some((name.to_owned(), value.trim_end_matches("\r\n").to_owned()))
    });
    fields.collect()
}
