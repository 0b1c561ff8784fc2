//! Documents that come packed though nobody asked for that: `feed.xml.gz`, or a server that forgets to say so.

use std::io::Read;

use flate2::bufread::GzDecoder;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use reqwest::header::{self, HeaderMap};

use super::error::FetchError;
use tidings_core::bounds::GZIP_MEMBERS;

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
        bytes = members(&bytes, largest)?;
    }
    Ok(bytes)
}

/// Whether bytes have the two of zlib's header (RFC 1950, section 2.2).
fn is_zlib(bytes: &[u8]) -> bool {
    matches!(bytes, [method, flags, ..]
        if method & 0x0F == 8 && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

/// What the members of a gzip file hold together (RFC 1952, section 2.2); what stands behind them, zeros mostly, is left out.
fn members(packed: &[u8], largest: usize) -> Result<Vec<u8>, FetchError> {
    let mut rest = packed;
    let mut bytes = Vec::new();
    for _ in 0..GZIP_MEMBERS.most {
        let mut member = GzDecoder::new(rest);
        read_on(&mut member, &mut bytes, largest)?;
        rest = member.into_inner();
        if !rest.starts_with(&GZIP) {
            return Ok(bytes);
        }
    }
    let most = GZIP_MEMBERS.most;
    Err(FetchError::Unreadable(format!(
        "it is packed in more than {most} pieces"
    )))
}

fn read(mut packed: impl Read, largest: usize) -> Result<Vec<u8>, FetchError> {
    let mut bytes = Vec::new();
    read_on(&mut packed, &mut bytes, largest)?;
    Ok(bytes)
}

/// Reads to the end, behind what was read before.
fn read_on(packed: &mut impl Read, bytes: &mut Vec<u8>, largest: usize) -> Result<(), FetchError> {
    let most = largest.saturating_add(1).saturating_sub(bytes.len());
    match packed.take(most as u64).read_to_end(bytes) {
        Ok(_) if bytes.len() > largest => Err(FetchError::TooLarge(largest)),
        Ok(_) => Ok(()),
        Err(error) => Err(FetchError::Network(format!(
            "what it sends is incomplete or can't be unpacked: {error}"
        ))),
    }
}
