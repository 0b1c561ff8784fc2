//! Keeps the archive served: on a listener of its own, with its bounds, and again where its port was taken.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::extract::Request;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;

use super::archive::Archive;
use crate::listener::Bounded;
use crate::task::{AFTER_FAILURE, Broken, sleep, stopped};

/// What the operator is told of an address that can't be listened on.
const TAKEN: &str = "[web] listen";

/// Serves an archive until told to stop. Where it is served is told once it is.
pub async fn serve_archive(
    archive: Arc<Archive>,
    address: SocketAddr,
    served_at: Arc<OnceLock<SocketAddr>>,
    broken: Arc<Broken>,
    mut stop: Receiver<bool>,
) {
    let mut is_told = false;
    let listener = loop {
        match TcpListener::bind(address).await {
            Ok(listener) => break listener,
            Err(error) => {
                if !is_told {
                    let why = format!("{address} can't be listened on: {error}");
                    broken.broke(TAKEN, &why);
                    is_told = true;
                }
                tokio::select! {
                    () = sleep(AFTER_FAILURE) => {}
                    () = stopped(&mut stop) => return,
                }
            }
        }
    };
    broken.is_well(TAKEN);
    // A port of 0 is the system's choice.
    let address = listener.local_addr().unwrap_or(address);
    let _ = served_at.set(address);
    tracing::info!(%address, "the archive");
    let routes = Router::new().fallback(async move |request: Request| {
        archive
            .answer(request.method(), request.uri(), request.headers())
            .await
    });
    let served = axum::serve(Bounded::new(listener), routes);
    let served = served.with_graceful_shutdown(async move { stopped(&mut stop).await });
    if let Err(error) = served.await {
        tracing::error!(%error, "the archive isn't served any more");
    }
}
