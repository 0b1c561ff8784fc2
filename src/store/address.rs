//! Where a store is: in a file, or on a server of PostgreSQL, which a URL names as libpq has them
//! (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS>).
//!
//! The URL is read here and not by the driver: what the driver passes over (a parameter twice, several sockets, how a
//! certificate is verified) is refused by its name, and no error shows a piece of a password that was written in the wrong way.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio_postgres::Config;
use tokio_postgres::config::{ChannelBinding, Host, SslMode, TargetSessionAttrs};

use super::{belongings, place};

/// What a server's address begins with.
const SCHEMES: [&str; 2] = ["postgres://", "postgresql://"];

/// The port where none is named.
const PORT: u16 = 5432;

/// The name under which the server lists our connections, unless the URL says another.
const APPLICATION: &str = "tidings";

/// How long one attempt to reach a host may take, unless the URL says otherwise: the next host has to get its turn within
/// a lease.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// The longest `connect_timeout` that a URL may ask for, in seconds.
const LONGEST_CONNECT_TIMEOUT: u64 = 60;

/// After so long a silence the other end is asked whether it is there, and so often, this far apart. A machine that went
/// away says no goodbye.
const KEEPALIVE: (Duration, Duration, u32) = (Duration::from_secs(10), Duration::from_secs(3), 3);

/// How long what was sent may go without the other machine's receipt.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Parameters that a URL may have.
const KNOWN: [&str; 11] = [
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "sslmode",
    "sslrootcert",
    "connect_timeout",
    "application_name",
    "target_session_attrs",
    "channel_binding",
];

/// Parameters that libpq knows, or people write, and what to do instead.
const REFUSED: [(&str, &str); 15] = [
    (
        "options",
        "poolers refuse what is set at the start of a session: set it for the role, with ALTER ROLE … SET",
    ),
    ("hostaddr", "write the number as the host"),
    (
        "ssl",
        "write sslmode=require, or better sslmode=verify-full",
    ),
    ("sslcert", "Tidings signs in with a password"),
    ("sslkey", "Tidings signs in with a password"),
    ("sslpassword", "Tidings signs in with a password"),
    (
        "passfile",
        "the password stands in the URL, and that in STORE_URL or STORE_URL_FILE",
    ),
    ("service", "write out what the service stands for"),
    ("servicefile", "write out what the service stands for"),
    ("keepalives", "Tidings sets it itself"),
    ("keepalives_idle", "Tidings sets it itself"),
    ("keepalives_interval", "Tidings sets it itself"),
    ("keepalives_count", "Tidings sets it itself"),
    ("tcp_user_timeout", "Tidings sets it itself"),
    ("client_encoding", "it is always UTF8"),
];

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreAddress {
    /// An SQLite database; neither the file nor its folder need exist yet.
    File(PathBuf),
    /// A database on a server of PostgreSQL.
    Server(ServerUrl),
}

impl StoreAddress {
    /// Returns true if a text is meant to name a server, well or badly.
    pub fn names_server(text: &str) -> bool {
        behind_scheme(text).is_some()
    }

    /// Returns true if a text is a URL, of whatever kind, and so isn't the path of a file.
    pub fn is_url(text: &str) -> bool {
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    }

    /// The file, if the store is one.
    pub fn file(&self) -> Option<&Path> {
        match self {
            StoreAddress::File(path) => Some(path),
            StoreAddress::Server(_) => None,
        }
    }

    /// Returns true if both are one store, as far as that shows without asking a server.
    pub fn is_same_as(&self, other: &StoreAddress) -> bool {
        match (self, other) {
            (StoreAddress::File(one), StoreAddress::File(other)) => {
                one == other || belongings::belongs_to(one, other)
            }
            (StoreAddress::Server(one), StoreAddress::Server(other)) => {
                one.place() == other.place()
            }
            _ => false,
        }
    }

    /// What keeps a store from being the file that it names, or from becoming it, and what to do about that.
    pub fn why_not_a_file(&self) -> Option<String> {
        place::check(self.file()?).err()
    }

    /// Returns true if there can't be a store yet, because there is no file. What a server has, only asking it tells.
    pub fn is_missing(&self) -> bool {
        // What can't be looked at may be there.
        let about = self.file().map(std::fs::metadata);
        about.is_some_and(|about| {
            about.is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound)
        })
    }
}

/// As people and logs may see it: without a password.
impl fmt::Display for StoreAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreAddress::File(path) => path.display().fmt(f),
            StoreAddress::Server(url) => url.fmt(f),
        }
    }
}

/// The address of a database on a server. Neither `Display` nor `Debug` shows its password.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerUrl {
    config: Box<Config>,
    tls: Tls,
    shown: String,
}

/// How the line to the server is kept from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Tls {
    /// Not at all.
    Disable,
    /// Where the server can do it, whoever it is.
    Prefer,
    /// Always, whoever the server is.
    Require,
    /// Always, and the server has to show a certificate that somebody trusted has signed.
    Verify {
        /// Whether the certificate has to be for the host that was asked for.
        full: bool,
        /// The file of those who are trusted; with `None` they are the public authorities.
        roots: Option<PathBuf>,
    },
}

/// Why a text isn't the address of a server. Each reads on as a sentence about it, and none shows a piece of it that may be
/// a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// It begins otherwise.
    #[error(
        "has to begin with postgres:// or postgresql://, such as postgres://tidings@db.example.org/tidings"
    )]
    Scheme,
    /// A space, a line break, or what can't be seen.
    #[error("holds a space or a control character; a space is written %20")]
    Space,
    /// Signs that mean something stand where they are only letters.
    #[error(
        "has an @ where none belongs: within a user, a password or a value, @ is written %40, : is %3A, / is %2F, ? is \
         %3F and % is %25"
    )]
    Unescaped,
    /// `%` without a byte behind it, or bytes that are no text.
    #[error(
        "has a % with no two hexadecimal digits behind it, or one that stands for no text; a % itself is written %25"
    )]
    Encoding,
    /// There is no host, or not between two commas.
    #[error(
        "names no host; write one behind // or @, or the folder of the server's socket as ?host=/run/postgresql"
    )]
    NoHost,
    /// A host that is neither a name nor a number nor a folder.
    #[error("has a host that is neither a name nor a number; a number with colons stands in [ ]")]
    Host,
    /// A socket is of this machine, so it can't be one of several.
    #[error("has the folder of a socket beside other hosts; name one or the other")]
    Sockets,
    /// A port that is none.
    #[error("has a port that isn't a number from 1 to 65535")]
    Port,
    /// Neither one port nor one for each host.
    #[error("has neither one port nor one for each host")]
    Ports,
    /// A parameter without a value.
    #[error("has a parameter without =; parameters are written ?name=value&name=value")]
    NoValue,
    /// A parameter that stands there twice.
    #[error("has the parameter {0} twice; keep one")]
    Twice(&'static str),
    /// A parameter that has no place here.
    #[error("has the parameter {name}, which isn't read: {instead}; take it out")]
    Refused {
        /// Its name.
        name: &'static str,
        /// What is done instead of it.
        instead: &'static str,
    },
    /// A parameter that nobody knows.
    #[error("has the parameter {name:?}, which Tidings doesn't know; known are {known}", known = KNOWN.join(", "))]
    Unknown {
        /// Its name.
        name: String,
    },
    /// A parameter whose value can't be.
    #[error("has a {name} that isn't {wanted}")]
    Value {
        /// Its name.
        name: &'static str,
        /// What it may be.
        wanted: &'static str,
    },
    /// Certificates of authorities, and nobody who looks at them.
    #[error(
        "has sslrootcert, but verifies nothing by it; write sslmode=verify-full as well, or verify-ca where the \
         certificate is for another name"
    )]
    RootsUnused,
    /// Anybody has a certificate of a public authority.
    #[error(
        "has sslmode=verify-ca without an authority of its own; write sslrootcert=FILE as well, or sslmode=verify-full"
    )]
    NoRoots,
    /// As before, with the public authorities named.
    #[error(
        "has sslrootcert=system with an sslmode that takes any certificate of a public authority; write \
         sslmode=verify-full"
    )]
    WeakRoots,
}

impl ServerUrl {
    /// Reads an address; a relative `sslrootcert` begins in `folder`.
    ///
    /// # Errors
    /// [`UrlError`], which says how to mend it.
    pub fn parse(text: &str, folder: &Path) -> Result<ServerUrl, UrlError> {
        let parts = Parts::read(text)?;
        let hosts = parts.hosts()?;
        let socket = match hosts.as_slice() {
            [(host, _)] => is_socket(host),
            several if several.iter().any(|(host, _)| is_socket(host)) => {
                return Err(UrlError::Sockets);
            }
            _ => false,
        };
        let tls = parts.tls(folder)?;
        // As libpq: what goes through a socket stays on the machine.
        let tls = if socket { Tls::Disable } else { tls };
        let mut config = Config::new();
        for (host, port) in &hosts {
            if is_socket(host) {
                config.host_path(host);
            } else {
                config.host(host);
            }
            config.port(*port);
        }
        if let Some(user) = &parts.user {
            config.user(user);
        }
        if let Some(password) = &parts.password {
            config.password(password);
        }
        if let Some(database) = &parts.database {
            config.dbname(database);
        }
        let (idle, interval, retries) = KEEPALIVE;
        config
            .application_name(parts.value("application_name").unwrap_or(APPLICATION))
            .connect_timeout(parts.connect_timeout()?)
            .target_session_attrs(parts.target(hosts.len())?)
            .channel_binding(parts.channel_binding()?)
            .keepalives(true)
            .keepalives_idle(idle)
            .keepalives_interval(interval)
            .keepalives_retries(retries)
            .tcp_user_timeout(UNACKNOWLEDGED)
            .ssl_mode(match tls {
                Tls::Disable => SslMode::Disable,
                Tls::Prefer => SslMode::Prefer,
                Tls::Require | Tls::Verify { .. } => SslMode::Require,
            });
        Ok(ServerUrl {
            config: Box::new(config),
            tls,
            shown: parts.shown(&hosts),
        })
    }

    /// What the driver needs to connect, but for [`ServerUrl::connector`].
    pub(crate) fn config(&self) -> Config {
        (*self.config).clone()
    }

    /// How the line is kept from others.
    pub(crate) fn tls(&self) -> &Tls {
        &self.tls
    }

    /// Returns true if the line to each of its hosts stays on this machine.
    pub(crate) fn is_local(&self) -> bool {
        self.config.get_hosts().iter().all(|host| match host {
            Host::Unix(_) => true,
            Host::Tcp(name) => {
                let address = name.parse::<IpAddr>();
                name == "localhost" || address.is_ok_and(|address| address.is_loopback())
            }
        })
    }

    /// The hosts, their ports and the database, which is the user's own where none is named.
    fn place(&self) -> (&[Host], &[u16], Option<&str>) {
        let config = &self.config;
        let database = config.get_dbname().or(config.get_user());
        (config.get_hosts(), config.get_ports(), database)
    }

    /// The password, for those who keep it out of texts.
    pub fn password(&self) -> Option<&str> {
        let password = self.config.get_password()?;
        std::str::from_utf8(password).ok()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServerUrl").field(&self.shown).finish()
    }
}

/// What stands behind the scheme, whose letters mean the same in either case, if it is one of ours.
fn behind_scheme(text: &str) -> Option<&str> {
    SCHEMES.iter().find_map(|scheme| {
        let (begins, rest) = text.split_at_checked(scheme.len())?;
        begins.eq_ignore_ascii_case(scheme).then_some(rest)
    })
}

fn is_socket(host: &str) -> bool {
    host.starts_with('/')
}

/// A URL taken apart, its texts decoded.
#[derive(Default)]
struct Parts {
    user: Option<String>,
    password: Option<String>,
    database: Option<String>,
    /// Those before the path, or those that `host` names instead; an empty one is none.
    hosts: Vec<String>,
    /// As they are written; an empty one is the usual one.
    ports: Vec<String>,
    /// Other parameters, in their order.
    others: Vec<(&'static str, String)>,
}

impl Parts {
    fn read(text: &str) -> Result<Parts, UrlError> {
        let rest = behind_scheme(text).ok_or(UrlError::Scheme)?;
        if rest.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(UrlError::Space);
        }
        let mut parts = Parts::default();
        let rest = match rest.split_once('@') {
            Some((account, rest)) => {
                // A sign of a password that wasn't written as it has to be: its pieces would be taken for a host, or for a
                // parameter that an error names.
                if account.contains(['/', '?']) || rest.contains('@') {
                    return Err(UrlError::Unescaped);
                }
                let (user, password) = match account.split_once(':') {
                    Some((user, password)) => (user, Some(password)),
                    None => (account, None),
                };
                parts.user = some(decoded(user)?);
                parts.password = password.map(decoded).transpose()?.and_then(some);
                rest
            }
            None => rest,
        };
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (hosts, database) = place.split_once('/').unwrap_or((place, ""));
        for host in hosts.split(',') {
            let (host, port) = host_and_port(host)?;
            parts.hosts.push(decoded(host)?);
            parts.ports.push(decoded(port)?);
        }
        parts.database = some(decoded(database)?);
        let mut seen = Vec::new();
        for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
            let (name, value) = parameter.split_once('=').ok_or(UrlError::NoValue)?;
            let name = known(&decoded(name)?)?;
            if seen.contains(&name) {
                return Err(UrlError::Twice(name));
            }
            seen.push(name);
            parts.set(name, decoded(value)?);
        }
        Ok(parts)
    }

    /// As in libpq, a parameter wins over what stands before it.
    fn set(&mut self, name: &'static str, value: String) {
        let list = |value: &str| value.split(',').map(str::to_owned).collect();
        match name {
            "user" => self.user = some(value),
            "password" => self.password = some(value),
            "dbname" => self.database = some(value),
            "host" => self.hosts = list(&value),
            "port" => self.ports = list(&value),
            _ if value.is_empty() => {}
            _ => self.others.push((name, value)),
        }
    }

    fn value(&self, name: &str) -> Option<&str> {
        let other = self.others.iter().find(|(other, _)| *other == name);
        other.map(|(_, value)| value.as_str())
    }

    /// The hosts with their ports, at least one.
    fn hosts(&self) -> Result<Vec<(String, u16)>, UrlError> {
        let ports: Vec<u16> = self
            .ports
            .iter()
            .map(|port| match port.as_str() {
                "" => Ok(PORT),
                port => match port.parse() {
                    Ok(0) | Err(_) => Err(UrlError::Port),
                    Ok(port) => Ok(port),
                },
            })
            .collect::<Result<_, _>>()?;
        if ports.len() != 1 && ports.len() != self.hosts.len() {
            return Err(UrlError::Ports);
        }
        let ports = ports.iter().copied().cycle();
        let hosts = self.hosts.iter().zip(ports).map(|(host, port)| {
            if host.is_empty() {
                return Err(UrlError::NoHost);
            }
            let is_name = |host: &str| {
                host.chars()
                    .all(|c| c.is_alphanumeric() || "-_.".contains(c))
            };
            if !is_socket(host) && !is_name(host) && host.parse::<IpAddr>().is_err() {
                return Err(UrlError::Host);
            }
            Ok((host.clone(), port))
        });
        hosts.collect()
    }

    fn tls(&self, folder: &Path) -> Result<Tls, UrlError> {
        const MODES: [&str; 5] = ["disable", "prefer", "require", "verify-ca", "verify-full"];
        let mode = self.value("sslmode");
        if mode.is_some_and(|mode| !MODES.contains(&mode)) {
            return Err(UrlError::Value {
                name: "sslmode",
                wanted: "disable, prefer, require, verify-ca or verify-full",
            });
        }
        match (self.value("sslrootcert"), mode) {
            (Some("system"), None | Some("verify-full")) | (None, Some("verify-full")) => {
                Ok(Tls::Verify {
                    full: true,
                    roots: None,
                })
            }
            (Some("system"), Some(_)) => Err(UrlError::WeakRoots),
            // As libpq: whoever names an authority wants it to be asked.
            (Some(file), Some(mode @ ("require" | "verify-ca" | "verify-full"))) => {
                Ok(Tls::Verify {
                    full: mode == "verify-full",
                    roots: Some(folder.join(file)),
                })
            }
            (Some(_), _) => Err(UrlError::RootsUnused),
            (None, Some("verify-ca")) => Err(UrlError::NoRoots),
            (None, Some("disable")) => Ok(Tls::Disable),
            (None, Some("require")) => Ok(Tls::Require),
            (None, _) => Ok(Tls::Prefer),
        }
    }

    fn connect_timeout(&self) -> Result<Duration, UrlError> {
        let Some(text) = self.value("connect_timeout") else {
            return Ok(CONNECT_TIMEOUT);
        };
        match text.parse() {
            Ok(seconds @ 1..=LONGEST_CONNECT_TIMEOUT) => Ok(Duration::from_secs(seconds)),
            _ => Err(UrlError::Value {
                name: "connect_timeout",
                wanted: "a number of seconds from 1 to 60",
            }),
        }
    }

    /// Among several hosts the one that may be written to is wanted, since the others only follow it.
    fn target(&self, hosts: usize) -> Result<TargetSessionAttrs, UrlError> {
        match self.value("target_session_attrs") {
            None if hosts > 1 => Ok(TargetSessionAttrs::ReadWrite),
            None | Some("any") => Ok(TargetSessionAttrs::Any),
            // The one that leads is the one that may be written to.
            Some("read-write" | "primary") => Ok(TargetSessionAttrs::ReadWrite),
            Some(_) => Err(UrlError::Value {
                name: "target_session_attrs",
                wanted: "any, read-write or primary: the store is written to",
            }),
        }
    }

    fn channel_binding(&self) -> Result<ChannelBinding, UrlError> {
        match self.value("channel_binding") {
            Some("disable") => Ok(ChannelBinding::Disable),
            None | Some("prefer") => Ok(ChannelBinding::Prefer),
            Some("require") => Ok(ChannelBinding::Require),
            Some(_) => Err(UrlError::Value {
                name: "channel_binding",
                wanted: "disable, prefer or require",
            }),
        }
    }

    /// The URL anew, without the password.
    fn shown(&self, hosts: &[(String, u16)]) -> String {
        let mut shown = SCHEMES[0].to_owned();
        if let Some(user) = &self.user {
            shown.push_str(&encoded(user, ""));
            shown.push('@');
        }
        let mut parameters: Vec<(&str, String)> = Vec::new();
        match hosts {
            [(host, port)] if is_socket(host) => {
                parameters.push(("host", host.clone()));
                if *port != PORT {
                    parameters.push(("port", port.to_string()));
                }
            }
            hosts => {
                let places = hosts.iter().map(|(host, port)| {
                    let host = match host.contains(':') {
                        true => format!("[{host}]"),
                        false => host.clone(),
                    };
                    match *port {
                        PORT => host,
                        port => format!("{host}:{port}"),
                    }
                });
                shown.push_str(&places.collect::<Vec<_>>().join(","));
            }
        }
        if let Some(database) = &self.database {
            shown.push('/');
            shown.push_str(&encoded(database, ""));
        }
        let others = self.others.iter();
        parameters.extend(others.map(|(name, value)| (*name, value.clone())));
        for (at, (name, value)) in parameters.iter().enumerate() {
            shown.push(if at == 0 { '?' } else { '&' });
            shown.push_str(&format!("{name}={}", encoded(value, "/:")));
        }
        shown
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

/// `host`, `host:5432`, `[::1]:5432`, as they are written; what isn't there is empty.
fn host_and_port(text: &str) -> Result<(&str, &str), UrlError> {
    let Some(number) = text.strip_prefix('[') else {
        let (host, port) = text.split_once(':').unwrap_or((text, ""));
        return Ok((host, port));
    };
    let (host, port) = number.split_once(']').ok_or(UrlError::Host)?;
    match port.strip_prefix(':') {
        Some(port) => Ok((host, port)),
        None if port.is_empty() => Ok((host, "")),
        None => Err(UrlError::Host),
    }
}

/// The parameter of a name.
fn known(name: &str) -> Result<&'static str, UrlError> {
    if let Some(known) = KNOWN.into_iter().find(|known| *known == name) {
        return Ok(known);
    }
    let refused = REFUSED.into_iter().find(|(refused, _)| *refused == name);
    Err(match refused {
        Some((name, instead)) => UrlError::Refused { name, instead },
        None => UrlError::Unknown {
            name: name.to_owned(),
        },
    })
}

/// A text without its `%`s. A byte of zero is none: the protocol ends texts with it.
fn decoded(text: &str) -> Result<String, UrlError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let pair = digit(rest.next()).zip(digit(rest.next()));
        let byte = pair.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        bytes.push(byte.filter(|byte| *byte != 0).ok_or(UrlError::Encoding)?);
    }
    String::from_utf8(bytes).map_err(|_| UrlError::Encoding)
}

/// A text as a URL has it, but for some signs that mean nothing where it stands.
fn encoded(text: &str, plain: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let letter = char::from(byte);
        if letter.is_ascii_alphanumeric() || "-_.~".contains(letter) || plain.contains(letter) {
            encoded.push(letter);
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use tokio_postgres::config::{ChannelBinding, Host, SslMode, TargetSessionAttrs};

    use super::{KNOWN, REFUSED, ServerUrl, StoreAddress, Tls, UrlError};

    const FOLDER: &str = "/etc/tidings";

    fn read(text: &str) -> Result<ServerUrl, UrlError> {
        ServerUrl::parse(text, Path::new(FOLDER))
    }

    #[track_caller]
    fn good(text: &str) -> ServerUrl {
        read(text).unwrap_or_else(|error| panic!("{text} {error}"))
    }

    fn hosts(url: &ServerUrl) -> Vec<String> {
        let config = url.config();
        let host = |host: &Host| match host {
            Host::Tcp(name) => name.clone(),
            Host::Unix(folder) => folder.display().to_string(),
        };
        let ports = config.get_ports().iter();
        let hosts = config.get_hosts().iter().zip(ports);
        hosts
            .map(|(name, port)| format!("{} {port}", host(name)))
            .collect()
    }

    #[test]
    fn a_whole_url_is_read() {
        let url = good(
            "postgresql://me%40work:s%2Fsame%3A@db.example.org:5433/my%20news?connect_timeout=3&application_name=bot\
             &target_session_attrs=read-write&channel_binding=require&sslmode=require",
        );
        let config = url.config();
        assert_eq!(config.get_user(), Some("me@work"));
        assert_eq!(url.password(), Some("s/same:"));
        assert_eq!(config.get_dbname(), Some("my news"));
        assert_eq!(hosts(&url), ["db.example.org 5433"]);
        assert_eq!(config.get_connect_timeout(), Some(&Duration::from_secs(3)));
        assert_eq!(config.get_application_name(), Some("bot"));
        assert_eq!(
            config.get_target_session_attrs(),
            TargetSessionAttrs::ReadWrite
        );
        assert_eq!(config.get_channel_binding(), ChannelBinding::Require);
        assert_eq!(config.get_ssl_mode(), SslMode::Require);
        assert_eq!(*url.tls(), Tls::Require);
    }

    #[test]
    fn what_isnt_said_is_usual() {
        let url = good("postgres://db");
        let config = url.config();
        assert_eq!(hosts(&url), ["db 5432"]);
        assert_eq!((config.get_user(), config.get_dbname()), (None, None));
        assert_eq!(url.password(), None);
        assert_eq!(config.get_application_name(), Some("tidings"));
        assert_eq!(config.get_options(), None);
        assert_eq!(*url.tls(), Tls::Prefer);
        assert_eq!(config.get_target_session_attrs(), TargetSessionAttrs::Any);
        assert!(config.get_keepalives() && config.get_tcp_user_timeout().is_some());
        assert!(config.get_connect_timeout().is_some());
    }

    #[test]
    fn hosts_are_several_or_a_socket() {
        for (text, expected) in [
            (
                "postgres://a,b:5433,[::1]:7/d",
                &["a 5432", "b 5433", "::1 7"][..],
            ),
            ("postgres://me@/d?host=a,b&port=1,2", &["a 1", "b 2"]),
            ("postgres://me@/d?host=a,b&port=7", &["a 7", "b 7"]),
            ("postgres://me@:5433/d?host=a,b", &["a 5433", "b 5433"]),
            (
                "postgres:///d?host=/run/postgresql",
                &["/run/postgresql 5432"],
            ),
            ("postgres://%2Frun%2Fpg:5433/d", &["/run/pg 5433"]),
            ("postgres://a:1/d?host=b", &["b 1"]),
            ("postgres://127.0.0.1/d", &["127.0.0.1 5432"]),
            ("PostgreSQL://a/d", &["a 5432"]),
        ] {
            assert_eq!(hosts(&good(text)), expected, "{text}");
        }
        let several = good("postgres://a,b/d").config();
        assert_eq!(
            several.get_target_session_attrs(),
            TargetSessionAttrs::ReadWrite
        );
        // Nothing leaves the machine.
        let socket = good("postgres:///d?host=/run/pg&sslmode=require");
        assert_eq!(*socket.tls(), Tls::Disable);
        assert_eq!(socket.config().get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn certificates_are_verified_as_libpq_does() {
        let verify = |full, roots: Option<&str>| Tls::Verify {
            full,
            roots: roots.map(PathBuf::from),
        };
        for (query, expected) in [
            ("sslmode=disable", Ok(Tls::Disable)),
            ("sslmode=prefer", Ok(Tls::Prefer)),
            ("sslmode=verify-full", Ok(verify(true, None))),
            ("sslrootcert=system", Ok(verify(true, None))),
            (
                "sslmode=verify-full&sslrootcert=ca.pem",
                Ok(verify(true, Some("/etc/tidings/ca.pem"))),
            ),
            (
                "sslmode=verify-ca&sslrootcert=/ca.pem",
                Ok(verify(false, Some("/ca.pem"))),
            ),
            (
                "sslmode=require&sslrootcert=/ca.pem",
                Ok(verify(false, Some("/ca.pem"))),
            ),
            ("sslmode=verify-ca", Err(UrlError::NoRoots)),
            ("sslrootcert=ca.pem", Err(UrlError::RootsUnused)),
            (
                "sslmode=require&sslrootcert=system",
                Err(UrlError::WeakRoots),
            ),
        ] {
            let url = read(&format!("postgres://db/d?{query}"));
            assert_eq!(url.map(|url| url.tls().clone()), expected, "{query}");
        }
    }

    #[test]
    fn mistakes_are_named_and_show_no_password() {
        for (text, said) in [
            ("mysql://db/d", "has to begin with postgres://"),
            ("db.example.org", "has to begin with postgres://"),
            ("postgres://", "names no host"),
            ("postgres://me:kxkxkx@/d", "names no host"),
            ("postgres://a,,b/d", "names no host"),
            ("postgres://a b/d", "holds a space"),
            ("postgres://me:kxk@xkx@db/d", "has an @"),
            ("postgres://me:kxk/xkx@db/d", "has an @"),
            ("postgres://me:1?kxkxkx=x@db/d", "has an @"),
            ("postgres://me:kxk%xkx@db/d", "has a %"),
            ("postgres://me:kxkxkx%00@db/d", "has a %"),
            ("postgres://me:kxkxkx%ff@db/d", "has a %"),
            ("postgres://d!b/d", "has a host"),
            ("postgres://[::1/d", "has a host"),
            ("postgres://[1::]x/d", "has a host"),
            ("postgres://db:kxkxkx/d", "has a port"),
            ("postgres://db:0/d", "has a port"),
            (
                "postgres://db/d?host=a,b,c&port=1,2",
                "has neither one port",
            ),
            ("postgres:///d?host=/run,db", "has the folder of a socket"),
            ("postgres://db/d?sslmode", "has a parameter without ="),
            (
                "postgres://db/d?user=a&user=b",
                "has the parameter user twice",
            ),
            ("postgres://db/d?options=-c", "has the parameter options"),
            (
                "postgres://db/d?pgbouncer=true",
                "has the parameter \"pgbouncer\"",
            ),
            ("postgres://db/d?sslmode=verify", "has a sslmode that isn't"),
            ("postgres://db/d?connect_timeout=0", "has a connect_timeout"),
            (
                "postgres://db/d?target_session_attrs=read-only",
                "has a target_session_attrs",
            ),
            (
                "postgres://db/d?channel_binding=yes",
                "has a channel_binding",
            ),
        ] {
            let error = read(text).unwrap_err();
            for shown in [error.to_string(), format!("{error:?}")] {
                assert!(
                    !shown.contains("kxk") && !shown.contains("xkx"),
                    "{text}: {shown}"
                );
            }
            let shown = error.to_string();
            assert!(shown.starts_with(said), "{text}: {shown}");
        }
        for (name, _) in REFUSED {
            assert!(!KNOWN.contains(&name), "{name}");
        }
    }

    #[test]
    fn what_has_a_scheme_is_no_file() {
        for (text, is_url, names_server) in [
            ("postgres://db/d", true, true),
            ("POSTGRESQL://db/d", true, true),
            ("postgress://me:kxk@db/d", true, false),
            ("sqlite:///news.db", true, false),
            ("mysql+ssl://db", true, false),
            ("news.db", false, false),
            ("../data/a://b", false, false),
            ("://b", false, false),
            ("오징어://b", false, false),
            ("postgres:/", false, false),
        ] {
            assert_eq!(StoreAddress::is_url(text), is_url, "{text}");
            assert_eq!(StoreAddress::names_server(text), names_server, "{text}");
        }
    }

    #[test]
    fn one_store_is_known_by_where_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str| StoreAddress::File(folder.path().join(name));
        std::fs::write(folder.path().join("a.db"), "").unwrap();
        assert!(file("a.db").is_same_as(&file("./a.db")));
        assert!(file("a.db").is_same_as(&file("a.db-wal")));
        assert!(file("new.db").is_same_as(&file("new.db")));
        assert!(!file("a.db").is_same_as(&file("b.db")));
        let one = StoreAddress::Server(good("postgres://me:sesame@db/me?sslmode=require"));
        for (text, is_same) in [
            ("postgres://you@db:5432/me", true),
            ("postgres://me@db", true),
            ("postgres://you@db", false),
            ("postgres://me@db:5433/me", false),
            ("postgres://me@db2/me", false),
        ] {
            let other = StoreAddress::Server(good(text));
            assert_eq!(one.is_same_as(&other), is_same, "{text}");
        }
        assert!(!one.is_same_as(&file("a.db")));
    }

    #[test]
    fn it_is_shown_without_its_password() {
        for (text, shown) in [
            ("postgresql://me:sesame@db:5432/d", "postgres://me@db/d"),
            ("postgres://db/d?password=sesame", "postgres://db/d"),
            (
                "postgres://me:sesame@a,b:5433/d?user=you%3A&password=sesame&sslmode=require",
                "postgres://you%3A@a,b:5433/d?sslmode=require",
            ),
            (
                "postgres://me:sesame@/d?host=/run/pg&port=5433&application_name=a%20b",
                "postgres://me@/d?host=/run/pg&port=5433&application_name=a%20b",
            ),
            (
                "postgres://[::1]:7/%C3%A9%0A",
                "postgres://[::1]:7/%C3%A9%0A",
            ),
            ("postgres://%2Frun%2Fa%2Cb", "postgres://?host=/run/a%2Cb"),
        ] {
            let url = good(text);
            assert_eq!(url.to_string(), shown);
            assert!(!format!("{url:?} {:?}", url.config()).contains("sesame"));
            if shown.contains("%2C") {
                // A list knows no other comma.
                continue;
            }
            let again = good(shown);
            assert_eq!(again.to_string(), shown);
            let mut without = url.config();
            without.password("");
            let mut with = again.config();
            with.password("");
            assert_eq!(with, without, "{text}");
        }
    }
}
