//! What the driver's errors mean to us.

use tokio_postgres::error::SqlState;

use super::outcome::Error;
use crate::error::StoreError;

pub(super) fn failure(error: tokio_postgres::Error) -> Error {
    Error::Store(trouble(&error))
}

/// What an error of the driver's means to us.
pub(super) fn trouble(error: &tokio_postgres::Error) -> StoreError {
    match error.as_db_error() {
        Some(told) => told_trouble(told.code(), told.message().to_owned()),
        None => own_trouble(error),
    }
}

/// What the server tells, by its code (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn told_trouble(code: &SqlState, text: String) -> StoreError {
    match *code {
        SqlState::QUERY_CANCELED => StoreError::TooMuch,
        SqlState::LOCK_NOT_AVAILABLE
        | SqlState::T_R_DEADLOCK_DETECTED
        | SqlState::T_R_SERIALIZATION_FAILURE => StoreError::Busy,
        SqlState::DISK_FULL => StoreError::Full,
        SqlState::IO_ERROR | SqlState::DATA_CORRUPTED | SqlState::INDEX_CORRUPTED => {
            StoreError::Disk(text)
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => StoreError::Standby(text),
        // The server's own words, which may be in another language: then the general advice has to do.
        SqlState::INVALID_AUTHORIZATION_SPECIFICATION
            if text.ends_with("no encryption") && !text.contains("[local]") =>
        {
            StoreError::TlsWanted(text)
        }
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            StoreError::Refused(text)
        }
        SqlState::INVALID_CATALOG_NAME => StoreError::NoDatabase(text),
        SqlState::INSUFFICIENT_PRIVILEGE => StoreError::NoRights {
            said: text,
            grant: "GRANT owner_of_schema_tidings TO user".to_owned(),
        },
        SqlState::INVALID_SQL_STATEMENT_NAME | SqlState::DUPLICATE_PSTATEMENT => {
            StoreError::Unfit(format!(
                "a pooler in transaction mode stands between, and loses prepared statements ({text}); name the server itself, \
                 let the pooler keep them (PgBouncer 1.21 or newer: max_prepared_statements = 600), or pool by session"
            ))
        }
        SqlState::TOO_MANY_CONNECTIONS => StoreError::Crowded(text),
        SqlState::ADMIN_SHUTDOWN
        | SqlState::CRASH_SHUTDOWN
        | SqlState::CANNOT_CONNECT_NOW
        | SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT => StoreError::Unreachable(text),
        ref code if code.code().starts_with("08") || code.code().starts_with("57P") => {
            StoreError::Unreachable(text)
        }
        ref code => StoreError::Query(format!("{text} ({})", code.code())),
    }
}

/// What the driver says by itself. Its kinds aren't told apart but by their words.
fn own_trouble(error: &tokio_postgres::Error) -> StoreError {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(deeper) = source {
        let deeper_text = deeper.to_string();
        if !text.contains(&deeper_text) {
            text = format!("{text}: {deeper_text}");
        }
        if is_distrust(deeper) {
            return StoreError::Untrusted(deeper_text);
        }
        source = deeper.source();
    }
    if text.starts_with("error performing TLS handshake: server does not support TLS") {
        StoreError::NoTls("sslmode wants it".to_owned())
    } else if text.starts_with("invalid configuration") || text.starts_with("authentication error")
    {
        StoreError::Refused(text)
    } else if error.is_closed() || is_of_connection(error) {
        StoreError::Unreachable(text)
    } else {
        StoreError::Query(text)
    }
}

/// Whether a certificate is what was wrong.
fn is_distrust(error: &(dyn std::error::Error + 'static)) -> bool {
    let within = error
        .downcast_ref::<std::io::Error>()
        .and_then(std::io::Error::get_ref)
        .and_then(|within| within.downcast_ref::<rustls::Error>());
    matches!(within, Some(rustls::Error::InvalidCertificate(_)))
}

/// Whether the connection is what failed: it wasn't made, or it was lost.
fn is_of_connection(error: &tokio_postgres::Error) -> bool {
    let mut source = std::error::Error::source(error);
    while let Some(deeper) = source {
        if deeper.is::<std::io::Error>() {
            return true;
        }
        source = deeper.source();
    }
    // Its kinds aren't told apart but by their words.
    error.to_string().starts_with("error connecting")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_tells_says_how_to_mend_it() {
        let told = |code: SqlState| told_trouble(&code, "so it is".to_owned()).to_string();
        assert_eq!(
            told(SqlState::DISK_FULL),
            "the disk is full; make room, nothing was damaged"
        );
        assert!(told(SqlState::IO_ERROR).ends_with("(so it is); check the disk"));
        assert!(told(SqlState::TOO_MANY_CONNECTIONS).contains("raise its max_connections"));
        assert!(told(SqlState::READ_ONLY_SQL_TRANSACTION).contains("target_session_attrs"));
        assert!(told(SqlState::ADMIN_SHUTDOWN).contains("see that it runs"));
        assert!(told(SqlState::UNDEFINED_TABLE).contains("42P01"));
    }
}
