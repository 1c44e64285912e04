//! The HTTP client that every service shares: TLS, proxies, certificate authorities. It knows no service.
//!
//! Proxies are those that every AWS tool takes from the environment: `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`.

use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// A client; with a bundle of certificate authorities, these are trusted in place of the system's.
pub(super) fn client(bundle: Option<&[u8]>) -> Result<SharedHttpClient, String> {
    let mut tls = TlsContext::builder();
    if let Some(bundle) = bundle {
        check(bundle)?;
        tls = tls.with_trust_store(TrustStore::empty().with_pem_certificate(bundle));
    }
    let tls = tls.build().map_err(|error| error.to_string())?;
    Ok(Builder::new().build_with_connector_fn(move |settings, components| {
        let mut connector = Connector::builder();
        connector.set_connector_settings(settings.cloned());
        connector.set_sleep_impl(components.and_then(|components| components.sleep_impl()));
        let connector = connector.proxy_config(ProxyConfig::from_env());
        connector.tls_provider(Provider::Rustls(CryptoMode::Ring)).tls_context(tls.clone()).build()
    }))
}

/// The client takes a bundle without looking, and panics where it is none.
fn check(bundle: &[u8]) -> Result<(), String> {
    let mut known = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(bundle) {
        let certificate = certificate.map_err(|error| format!("it is not PEM: {error}"))?;
        known.add(certificate).map_err(|error| format!("a certificate in it cannot be read: {error}"))?;
    }
    if known.is_empty() { Err("there is no certificate in it".to_owned()) } else { Ok(()) }
}
