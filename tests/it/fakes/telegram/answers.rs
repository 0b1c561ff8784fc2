//! What the server answers.

use serde_json::{Value, json};

/// A refusal, in the words of the real server.
#[derive(Debug, Clone)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) description: String,
    pub(super) parameters: Option<Value>,
    /// Why no well-behaved bot would have asked this; nothing if it couldn't know.
    pub(super) violation: Option<String>,
}

pub(super) type Answer = Result<Value, Refusal>;

impl Refusal {
    pub(super) fn new(code: u16, description: &str) -> Self {
        Self {
            code,
            description: description.to_owned(),
            parameters: None,
            violation: None,
        }
    }

    /// A 400.
    pub(super) fn bad(description: &str) -> Self {
        Self::new(400, &format!("Bad Request: {description}"))
    }

    /// A 403.
    pub(super) fn forbidden(description: &str) -> Self {
        Self::new(403, &format!("Forbidden: {description}"))
    }

    /// A 409.
    pub(super) fn conflict(description: &str) -> Self {
        Self::new(409, &format!("Conflict: {description}"))
    }

    pub(super) fn with(mut self, parameters: Value) -> Self {
        self.parameters = Some(parameters);
        self
    }

    pub(super) fn because(mut self, violation: impl Into<String>) -> Self {
        self.violation = Some(violation.into());
        self
    }
}

/// Status and body of an answer.
pub(super) fn render(answer: &Answer) -> (u16, Vec<u8>) {
    match answer {
        Ok(result) => (
            200,
            json!({ "ok": true, "result": result })
                .to_string()
                .into_bytes(),
        ),
        Err(refusal) => {
            let mut body = json!({
                "ok": false,
                "error_code": refusal.code,
                "description": refusal.description,
            });
            if let Some(parameters) = &refusal.parameters {
                body["parameters"] = parameters.clone();
            }
            (refusal.code, body.to_string().into_bytes())
        }
    }
}
