//! The line to a server of PostgreSQL, kept from others: which certificates are taken, as libpq takes them.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::address::{ServerUrl, Tls};

/// Why a line can't be kept from others.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// The file of `sslrootcert` can't be read.
    #[error("the file {} that sslrootcert names can't be read: {source}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// It holds no certificate, or a broken one.
    #[error(
        "the file {} that sslrootcert names holds no certificate that can be read ({reason}); it has to be PEM text, as \
         the server's operator hands it out", file.display()
    )]
    NoCertificate {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The library can't.
    #[error("TLS can't be set up: {0}")]
    Setup(String),
}

impl ServerUrl {
    /// What makes the line safe; `None` where it is to be as it is. Reads the file of `sslrootcert`.
    ///
    /// # Errors
    /// [`TlsError`].
    pub(crate) fn connector(&self) -> Result<Option<MakeRustlsConnect>, TlsError> {
        // Given by hand: other crates of this process may have, or want, another one.
        let provider = Arc::new(ring::default_provider());
        let Some(verifier) = verifier(self.tls(), &provider)? else {
            return Ok(None);
        };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| TlsError::Setup(error.to_string()))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Some(MakeRustlsConnect::new(config)))
    }
}

fn verifier(tls: &Tls, provider: &Arc<CryptoProvider>) -> Result<Option<Verifier>, TlsError> {
    let trusted = match tls {
        Tls::Disable => return Ok(None),
        Tls::Prefer | Tls::Require => None,
        Tls::Verify { full, roots } => Some(Trusted::read(*full, roots.as_deref(), provider)?),
    };
    Ok(Some(Verifier {
        trusted,
        algorithms: provider.signature_verification_algorithms,
    }))
}

/// Looks at the certificate that a server shows.
#[derive(Debug)]
struct Verifier {
    /// With `None` any certificate will do: nobody listens in, but who the server is isn't known.
    trusted: Option<Trusted>,
    algorithms: WebPkiSupportedAlgorithms,
}

/// Whose certificates are taken.
#[derive(Debug)]
struct Trusted {
    chains: Arc<WebPkiServerVerifier>,
    /// The certificates of the operator's own file.
    own: Vec<CertificateDer<'static>>,
    /// Whether a certificate has to be for the host that was asked for.
    full: bool,
}

impl Trusted {
    fn read(
        full: bool,
        roots: Option<&Path>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Trusted, TlsError> {
        let (own, store) = match roots {
            Some(file) => {
                let own = certificates(file)?;
                let mut store = RootCertStore::empty();
                for certificate in &own {
                    store
                        .add(certificate.clone())
                        .map_err(|error| TlsError::NoCertificate {
                            file: file.to_owned(),
                            reason: error.to_string(),
                        })?;
                }
                (own, store)
            }
            None => {
                let public = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
                (Vec::new(), public.collect())
            }
        };
        let chains =
            WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone()).build();
        Ok(Trusted {
            chains: chains.map_err(|error| TlsError::Setup(error.to_string()))?,
            own,
            full,
        })
    }

    fn verify(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chains = &self.chains;
        match chains.verify_server_cert(certificate, between, host, ocsp_response, now) {
            // Names are looked at last, so the rest is in order.
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) if !self.full => {}
            // A certificate that is its own authority, as many a server's is; the library takes none for both. How long
            // it is valid was looked at before. An error that has a name of its own is none of this kind.
            Err(Error::InvalidCertificate(CertificateError::Other(_)))
                if self.own.iter().any(|own| own == certificate) =>
            {
                if self.full {
                    verify_server_name(&ParsedCertificate::try_from(certificate)?, host)?;
                }
            }
            other => return other,
        }
        Ok(ServerCertVerified::assertion())
    }
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let text = std::fs::read(file).map_err(|source| TlsError::Unreadable {
        file: file.to_owned(),
        source,
    })?;
    let broken = |reason: String| TlsError::NoCertificate {
        file: file.to_owned(),
        reason,
    };
    let found: Vec<_> = CertificateDer::pem_slice_iter(&text)
        .collect::<Result<_, _>>()
        .map_err(|error| broken(error.to_string()))?;
    if found.is_empty() {
        return Err(broken("there is none".to_owned()));
    }
    Ok(found)
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match &self.trusted {
            Some(trusted) => trusted.verify(certificate, between, host, ocsp_response, now),
            None => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;
    use std::time::Duration;

    use rustls::client::danger::ServerCertVerifier;
    use rustls::crypto::ring;
    use rustls::pki_types::{ServerName, UnixTime};

    use super::{certificates, verifier};
    use crate::address::ServerUrl;

    fn file(name: &str) -> std::path::PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("certificates")
            .join(name)
    }

    /// Whether a server's certificate is taken by what a URL asks for.
    fn is_taken(query: &str, shown: &str, host: &str, now: UnixTime) -> bool {
        let text = format!("postgres://db.example.org/d?{query}");
        let url = ServerUrl::parse(&text, &file("")).unwrap();
        let verifier = verifier(url.tls(), &Arc::new(ring::default_provider())).unwrap();
        let shown = certificates(&file(shown)).unwrap();
        let host = ServerName::try_from(host).unwrap();
        let taken = verifier.map(|verifier| {
            verifier
                .verify_server_cert(&shown[0], &[], &host, &[], now)
                .is_ok()
        });
        taken.unwrap()
    }

    #[test]
    fn a_certificate_is_looked_at_as_far_as_is_asked_for() {
        let (right, wrong) = ("db.example.org", "other.example.org");
        let now = UnixTime::since_unix_epoch(Duration::from_secs(1_800_000_000));
        let late = UnixTime::since_unix_epoch(Duration::from_secs(9_000_000_000));
        let (full, chain) = ("sslmode=verify-full", "sslmode=verify-ca");
        for (mode, roots, shown, host, now, expected) in [
            ("sslmode=require", "", "own.pem", wrong, late, true),
            ("sslmode=prefer", "", "signed.pem", wrong, late, true),
            (full, "authority.pem", "signed.pem", right, now, true),
            (full, "authority.pem", "signed.pem", wrong, now, false),
            (full, "authority.pem", "signed.pem", right, late, false),
            (full, "authority.pem", "own.pem", right, now, false),
            (full, "", "signed.pem", right, now, false),
            (chain, "authority.pem", "signed.pem", wrong, now, true),
            (chain, "authority.pem", "signed.pem", wrong, late, false),
            (chain, "own.pem", "signed.pem", right, now, false),
            // One that is its own authority.
            (full, "own.pem", "own.pem", right, now, true),
            (full, "own.pem", "own.pem", wrong, now, false),
            (full, "own.pem", "own.pem", right, late, false),
            (chain, "own.pem", "own.pem", wrong, now, true),
            (chain, "own.pem", "own.pem", wrong, late, false),
        ] {
            let query = match roots {
                "" => mode.to_owned(),
                roots => format!("{mode}&sslrootcert={roots}"),
            };
            assert_eq!(
                is_taken(&query, shown, host, now),
                expected,
                "{query}, {shown} for {host}"
            );
        }
    }

    #[test]
    fn a_file_without_certificates_is_named() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("empty.pem"), "nothing\n").unwrap();
        for (name, said) in [
            ("empty.pem", "holds no certificate"),
            ("missing.pem", "can't be read"),
        ] {
            let text = format!("postgres://db/d?sslmode=verify-full&sslrootcert={name}");
            let url = ServerUrl::parse(&text, folder.path()).unwrap();
            let Err(error) = url.connector() else {
                panic!("{name} was taken");
            };
            let error = error.to_string();
            assert!(error.contains(said) && error.contains(name), "{error}");
        }
        let url = ServerUrl::parse("postgres://db/d?sslmode=disable", folder.path()).unwrap();
        assert!(url.connector().unwrap().is_none());
        let url = ServerUrl::parse("postgres://db/d?sslrootcert=system", folder.path()).unwrap();
        assert!(url.connector().unwrap().is_some());
    }
}
