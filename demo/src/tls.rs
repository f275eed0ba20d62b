//! One self-signed certificate per run. Only the run's browser profile trusts it, by the hash of its public key.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use base64ct::{Base64, Encoding as _};
use rcgen::{CertifiedKey, PublicKeyData as _};
use ring::digest::{SHA256, digest};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// The host names of the certificate; each resolves to this machine.
pub const NAMES: [&str; 4] = ["localhost", "127.0.0.1", "evil.test", "localhost.evil.test"];

/// A certificate and its key, made for one run.
#[derive(Clone)]
pub struct Certificate {
    server: Arc<ServerConfig>,
    der: CertificateDer<'static>,
    key: Arc<[u8]>,
    spki_hash: String,
}

impl Certificate {
    /// Makes a P-256 key and a certificate for [`NAMES`].
    ///
    /// # Errors
    /// When the system has no randomness.
    pub fn generate() -> Result<Self> {
        let CertifiedKey { cert, signing_key } =
            rcgen::generate_simple_self_signed(NAMES.map(str::to_owned))
                .context("no certificate could be made")?;
        let spki = digest(&SHA256, &signing_key.subject_public_key_info());
        let key: Arc<[u8]> = signing_key.serialize_der().into();
        let server_key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
        let cryptography = Arc::new(rustls::crypto::ring::default_provider());
        let mut server = ServerConfig::builder_with_provider(cryptography)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![cert.der().clone()], server_key)?;
        server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            server: Arc::new(server),
            der: cert.der().clone(),
            key,
            spki_hash: Base64::encode_string(spki.as_ref()),
        })
    }

    /// The configuration for servers: HTTP/2 and HTTP/1.1 by ALPN.
    #[must_use]
    pub fn server_config(&self) -> Arc<ServerConfig> {
        Arc::clone(&self.server)
    }

    /// The certificate as a PEM file, for servers in other processes and for clients that must trust them.
    #[must_use]
    pub fn certificate_pem(&self) -> String {
        pem("CERTIFICATE", &self.der)
    }

    /// Its private key as a PEM file (PKCS #8).
    #[must_use]
    pub fn private_key_pem(&self) -> String {
        pem("PRIVATE KEY", &self.key)
    }

    /// Base64 of the SHA-256 of the SubjectPublicKeyInfo, as Chromium's
    /// `--ignore-certificate-errors-spki-list` takes it.
    #[must_use]
    pub fn spki_hash(&self) -> &str {
        &self.spki_hash
    }
}

/// Encodes as PEM (RFC 7468), in lines of 64 characters.
fn pem(label: &str, der: &[u8]) -> String {
    let lines: String = der
        .chunks(48)
        .map(|line| Base64::encode_string(line) + "\n")
        .collect();
    format!("-----BEGIN {label}-----\n{lines}-----END {label}-----\n")
}
