//! Documents that come packed though nobody asked for that: `feed.xml.gz`, or a server that forgets to say so.

use std::io::{self, Read};

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use reqwest::header::{self, HeaderMap};

use super::error::FetchError;

/// How gzip begins (RFC 1952, section 2.3.1), with the only method that there is.
const GZIP: [u8; 3] = [0x1F, 0x8B, 8];

/// So often one document is packed at most: by whoever wrote it, and by the server.
const LAYERS: usize = 2;

/// The bytes of a document, unpacked by what they are; no more than `largest`.
pub(super) fn unpacked(
    mut bytes: Vec<u8>,
    headers: &HeaderMap,
    largest: usize,
) -> Result<Vec<u8>, FetchError> {
    let encoding = headers.get(header::CONTENT_ENCODING);
    let encoding = encoding
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    match encoding.trim().to_ascii_lowercase().as_str() {
        // With or without the frame of zlib: programs have never agreed.
        "deflate" if is_zlib(&bytes) => bytes = read(ZlibDecoder::new(&bytes[..]), largest)?,
        "deflate" => bytes = read(DeflateDecoder::new(&bytes[..]), largest)?,
        packed @ ("br" | "zstd" | "compress" | "x-compress") => {
            let what =
                format!("what the server sends is packed ({packed}), which it wasn't asked for");
            return Err(FetchError::Unreadable(what));
        }
        _ => {}
    }
    for _ in 0..LAYERS {
        if !bytes.starts_with(&GZIP) {
            break;
        }
        bytes = read(MultiGzDecoder::new(&bytes[..]), largest)?;
    }
    Ok(bytes)
}

/// Whether bytes have the two of zlib's header (RFC 1950, section 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..]
        if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

fn read(packed: impl Read, largest: usize) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    let most = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    match packed.take(most).read_to_end(&mut bytes) {
        Ok(_) if bytes.len() > largest => Err(FetchError::TooLarge(largest)),
        Ok(_) => Ok(bytes),
        // Zeros behind the end, or an end that was cut off: what was read is there.
        Err(error) if !bytes.is_empty() && error.kind() == io::ErrorKind::InvalidInput => Ok(bytes),
        Err(error) => Err(FetchError::Network(format!(
            "what it sends is incomplete or can't be unpacked: {error}"
        ))),
    }
}
