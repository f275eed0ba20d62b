//! A TLS server for one axum router on loopback. It stops when it is dropped.

use std::net::Ipv4Addr;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::header::DATE;
use axum::response::Response;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use crate::clock::http_date;
use crate::provider::Shared;
use crate::tls::Certificate;

/// The server's task. Dropping it stops the server, its connections and their handlers.
pub(crate) struct Server(JoinHandle<()>);

impl Drop for Server {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Binds `port` on loopback, or any free port for 0, so that the address is known before the router is built.
pub(crate) async fn bind(port: u16) -> Result<(TcpListener, u16)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("port {port} cannot be had"))?;
    let port = listener.local_addr()?.port();
    Ok((listener, port))
}

pub(crate) fn serve(listener: TcpListener, certificate: &Certificate, router: Router) -> Server {
    let acceptor = TlsAcceptor::from(certificate.server_config());
    Server(tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                accepted = listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        connections.spawn(converse(stream, acceptor.clone(), router.clone()));
                    }
                }
                Some(_) = connections.join_next() => {}
            }
        }
    }))
}

/// Sets `Date` of a response by the provider's clock; hyper adds its own `Date` only if there is none.
pub(crate) async fn date(State(provider): State<Arc<Shared>>, mut response: Response) -> Response {
    let now = provider.state().core.clock();
    if let Ok(date) = HeaderValue::from_str(&http_date(now)) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// Serves one connection. Errors are ignored: the client reports them, for example a browser that does not trust the
/// certificate.
async fn converse(stream: TcpStream, acceptor: TlsAcceptor, router: Router) {
    let _ = stream.set_nodelay(true);
    let Ok(stream) = acceptor.accept(stream).await else {
        return;
    };
    let _ = auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .await;
}
