//! What becomes of a statement.

use crate::error::StoreError;

/// What a statement can fail with.
#[derive(Debug)]
pub(crate) enum Error {
    /// There is no row, and one was asked for.
    NoRows,
    /// Everything else.
    Store(StoreError),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Error {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Error::NoRows,
            error => Error::Store(error.into()),
        }
    }
}

impl From<Error> for StoreError {
    fn from(error: Error) -> StoreError {
        match error {
            Error::NoRows => StoreError::Query("there is no such row".to_owned()),
            Error::Store(error) => error,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Error {
        Error::Store(error)
    }
}

/// What a statement yields.
pub(crate) type Result<T> = std::result::Result<T, Error>;

/// Where there may be no row.
pub(crate) trait OptionalExtension<T> {
    /// `None` where there is none.
    fn optional(self) -> Result<Option<T>>;
}

impl<T> OptionalExtension<T> for Result<T> {
    fn optional(self) -> Result<Option<T>> {
        match self {
            Ok(value) => Ok(Some(value)),
            Err(Error::NoRows) => Ok(None),
            Err(error) => Err(error),
        }
    }
}
