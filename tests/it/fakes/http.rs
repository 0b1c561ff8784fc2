//! Just enough of HTTP/1.1, by hand: a fault must be able to take the bare connection away.

use std::collections::BTreeMap;
use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const MOST: usize = 4 << 20;

#[derive(Debug)]
pub(crate) struct Incoming {
    pub(crate) verb: String,
    pub(crate) path: String,
    pub(crate) query: String,
    /// By their names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: Vec<u8>,
    pub(crate) keep_alive: bool,
}

/// A connection, with what was read of the next request already.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    buffer: Vec<u8>,
}

fn broken(why: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

impl Incoming {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

impl Connection {
    pub(crate) fn new(stream: TcpStream) -> io::Result<Self> {
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4096),
        })
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.stream.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ if self.buffer.len() > MOST => Err(broken("the request is too large")),
            _ => Ok(()),
        }
    }

    /// The next request; none when the client has hung up between two.
    pub(crate) async fn read(&mut self) -> io::Result<Option<Incoming>> {
        let mut seen = 0;
        let head_end = loop {
            let from = seen.min(self.buffer.len()).saturating_sub(3);
            if let Some(at) = find(&self.buffer[from..], b"\r\n\r\n") {
                break from + at;
            }
            seen = self.buffer.len();
            if let Err(error) = self.fill().await {
                return if seen == 0 { Ok(None) } else { Err(error) };
            }
        };
        let head = String::from_utf8_lossy(&self.buffer[..head_end]).into_owned();
        self.buffer.drain(..head_end + 4);
        let mut lines = head.split("\r\n");
        let mut first = lines.next().unwrap_or_default().split(' ');
        let verb = first.next().unwrap_or_default().to_owned();
        let target = first
            .next()
            .ok_or_else(|| broken("the request line has no target"))?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let mut incoming = Incoming {
            verb,
            path: path.to_owned(),
            query: query.to_owned(),
            headers: BTreeMap::new(),
            body: Vec::new(),
            keep_alive: true,
        };
        let (mut length, mut chunked) = (0, false);
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            let value = value.trim();
            let name = name.to_ascii_lowercase();
            match name.as_str() {
                "content-length" => {
                    length = value
                        .parse()
                        .map_err(|_| broken("a wrong Content-Length"))?
                }
                "transfer-encoding" => chunked = value.eq_ignore_ascii_case("chunked"),
                "connection" => incoming.keep_alive = !value.eq_ignore_ascii_case("close"),
                _ => {}
            }
            incoming.headers.insert(name, value.to_owned());
        }
        incoming.body = if chunked {
            self.chunks().await?
        } else {
            self.take(length).await?
        };
        Ok(Some(incoming))
    }

    async fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        if length > MOST {
            return Err(broken("the body is too large"));
        }
        while self.buffer.len() < length {
            self.fill().await?;
        }
        Ok(self.buffer.drain(..length).collect())
    }

    async fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line_end = loop {
                match find(&self.buffer, b"\r\n") {
                    Some(at) => break at,
                    None => self.fill().await?,
                }
            };
            let line: Vec<u8> = self.buffer.drain(..line_end + 2).collect();
            let line = String::from_utf8_lossy(&line);
            let size = line.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16).map_err(|_| broken("a wrong chunk size"))?;
            let chunk = self.take(size.saturating_add(2)).await?;
            body.extend_from_slice(&chunk[..size]);
            if size == 0 {
                return Ok(body);
            }
        }
    }

    /// Writes an answer; only its first bytes if `cut` says so.
    pub(crate) async fn write(
        &mut self,
        status: u16,
        headers: &[(&str, String)],
        body: &[u8],
        cut: bool,
        keep_alive: bool,
    ) -> io::Result<()> {
        let more: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let kind = if matches!(body.first(), Some(b'{' | b'[')) {
            "application/json"
        } else {
            "text/html"
        };
        let connection = if keep_alive { "keep-alive" } else { "close" };
        let head = format!(
            "HTTP/1.1 {status} {}\r\nServer: nginx/1.18.0\r\nContent-Type: {kind}\r\n\
             Content-Length: {}\r\nConnection: {connection}\r\n{more}\r\n",
            reason(status),
            body.len(),
        );
        let mut answer = head.into_bytes();
        let end = if cut { body.len() / 2 } else { body.len() };
        answer.extend_from_slice(&body[..end]);
        self.stream.write_all(&answer).await?;
        self.stream.flush().await
    }

    /// The client sees "connection reset by peer".
    pub(crate) fn reset(self) {
        // Where it can't be set, the client sees an ordinary close, which is as wrong for it.
        let _ = self.stream.set_zero_linger();
    }

    /// Ends when the client hangs up; never, if it says more instead.
    pub(crate) async fn hung_up(&self) {
        let mut byte = [0];
        match self.stream.peek(&mut byte).await {
            Ok(0) | Err(_) => {}
            Ok(_) => std::future::pending().await,
        }
    }
}

fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len())
        .position(|window| window == needle)
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        502 => "Bad Gateway",
        _ => "Unknown",
    }
}
