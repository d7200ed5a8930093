//! TLS: the certificate that the server shows, and the key that goes with it.

use std::fmt;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem};
use thiserror::Error;
use tokio_rustls::TlsAcceptor;

/// Why TLS cannot be spoken. Each message reads after "could not".
#[derive(Debug, Error)]
pub enum TlsError {
    /// A file could not be read, or is no PEM.
    #[error("read {path}: {error}")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        error: pem::Error,
    },
    /// The certificate or the key cannot be used, or they do not go together.
    #[error("speak TLS: {0}")]
    Unusable(#[from] rustls::Error),
}

/// TLS 1.2 and 1.3 with one certificate, which is read again when its files have changed.
#[derive(Clone)]
pub struct Tls(Arc<Shown>);

/// What is shown, and from which files.
struct Shown {
    certificate: PathBuf,
    key: PathBuf,
    /// Held while the files are looked at.
    read: Mutex<Read>,
}

/// What was read last that could be used.
struct Read {
    config: Arc<ServerConfig>,
    /// By what the files are known again that were read last, whatever came of it.
    stamps: [Stamp; 2],
}

/// A file as it stood; none where it is not there.
type Stamp = Option<(u64, i64, i64, u64)>;

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl Tls {
    /// Reads a certificate, with those that lead from it to an authority, and its private key; both are PEM.
    ///
    /// # Errors
    /// [`TlsError`] with the file.
    pub fn read(certificate: &Path, key: &Path) -> Result<Self, TlsError> {
        let stamps = [stamp(certificate), stamp(key)];
        let read = Mutex::new(Read { config: config(certificate, key)?, stamps });
        Ok(Self(Arc::new(Shown { certificate: certificate.to_owned(), key: key.to_owned(), read })))
    }

    /// Reads the files again, whether or not they seem to have changed.
    ///
    /// # Errors
    /// [`TlsError`] with the file; then what was read last is shown on.
    pub fn read_again(&self) -> Result<(), TlsError> {
        let Shown { certificate, key, read } = &*self.0;
        let (stamps, config) = ([stamp(certificate), stamp(key)], config(certificate, key)?);
        *read.lock().unwrap_or_else(PoisonError::into_inner) = Read { config, stamps };
        Ok(())
    }

    /// What accepts a connection. Files that have changed are read before; where they cannot be used, as while the second
    /// one is not there yet, what was read last is shown on.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        let Shown { certificate, key, read } = &*self.0;
        let mut read = read.lock().unwrap_or_else(PoisonError::into_inner);
        let stamps = [stamp(certificate), stamp(key)];
        if read.stamps != stamps {
            read.stamps = stamps;
            match config(certificate, key) {
                Ok(config) => read.config = config,
                Err(error) => tracing::error!(%error, "could not use the certificate that changed"),
            }
        }
        TlsAcceptor::from(Arc::clone(&read.config))
    }
}

fn stamp(path: &Path) -> Stamp {
    let found = fs::metadata(path).ok()?;
    Some((found.ino(), found.mtime(), found.mtime_nsec(), found.len()))
}

fn config(certificate: &Path, key: &Path) -> Result<Arc<ServerConfig>, TlsError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |error| TlsError::File { path, error }
    };
    let chain = CertificateDer::pem_file_iter(certificate).and_then(Iterator::collect);
    let chain: Vec<CertificateDer<'static>> = chain.map_err(failed(certificate))?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(failed(key))?;
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()));
    let config = config.with_safe_default_protocol_versions()?.with_no_client_auth();
    let mut config = config.with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
