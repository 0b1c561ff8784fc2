//! Fields that a platform may change tomorrow: what can't be read of them counts as not said, and costs nothing else of
//! the answer that they are part of.

use serde::de::{Deserialize, DeserializeOwned, Deserializer};
use serde_json::Value;

/// A field, or its default where it isn't what is expected. For `#[serde(default, deserialize_with)]`.
pub fn field<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned + Default,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

/// A list, without those of its members that aren't what is expected.
pub fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Array(members) = Value::deserialize(deserializer)? else {
        return Ok(Vec::new());
    };
    let read = members
        .into_iter()
        .filter_map(|member| serde_json::from_value(member).ok());
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    #[derive(Debug, PartialEq, serde::Deserialize)]
    struct Answer {
        id: u64,
        #[serde(default, deserialize_with = "super::field")]
        title: Option<String>,
        #[serde(default, deserialize_with = "super::list")]
        roles: Vec<u64>,
    }

    #[test]
    fn what_has_changed_costs_nothing_else() {
        for (body, title, roles) in [
            (r#"{"id":1}"#, None, vec![]),
            (
                r#"{"id":1,"title":"a","roles":[2,3]}"#,
                Some("a"),
                vec![2, 3],
            ),
            (
                r#"{"id":1,"title":{"text":"a"},"roles":[2,"x",{"id":3},4]}"#,
                None,
                vec![2, 4],
            ),
            (r#"{"id":1,"title":null,"roles":{"2":true}}"#, None, vec![]),
        ] {
            let read: Answer = serde_json::from_str(body).unwrap();
            let title = title.map(str::to_owned);
            assert_eq!(
                read,
                Answer {
                    id: 1,
                    title,
                    roles
                },
                "{body}"
            );
        }
        assert!(serde_json::from_str::<Answer>(r#"{"id":"one"}"#).is_err());
    }
}
