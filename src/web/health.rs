//! Metrics and health over HTTP, for the operator's own tools. Nothing of it changes anything.

use std::iter;
use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;

use crate::listener::Bounded;
use crate::metrics::Metrics;
use crate::status::{OutboxStanding, Sharing};
use crate::task::{AFTER_FAILURE, Broken, Clock, sleep, stopped};
use tidings_store::{Store, StoreError};

/// What the OpenMetrics text is called (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// What is served: how the process stands.
pub struct Health {
    /// The store.
    pub store: Arc<Store>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// What time it is.
    pub clock: Arc<Clock>,
    /// Loops that broke.
    pub broken: Arc<Broken>,
    /// The platforms that run.
    pub platforms: Vec<&'static str>,
    /// Whether everything configured was loaded once.
    pub loaded: Receiver<bool>,
    /// Says when the process is about to end.
    pub stop: Receiver<bool>,
    /// Where it is served, once it is.
    pub served_at: Arc<OnceLock<SocketAddr>>,
}

/// Serves `/metrics`, `/healthz` and `/readyz` until told to stop.
pub async fn serve(health: Arc<Health>, address: SocketAddr, mut stop: Receiver<bool>) {
    let listener = loop {
        match TcpListener::bind(address).await {
            Ok(listener) => break listener,
            Err(error) => {
                tracing::error!(%address, %error, "[http] listen: the address can't be listened on; it is tried again");
                tokio::select! {
                    () = sleep(AFTER_FAILURE) => {}
                    () = stopped(&mut stop) => return,
                }
            }
        }
    };
    // A port of 0 is the system's choice.
    let address = listener.local_addr().unwrap_or(address);
    let _ = health.served_at.set(address);
    tracing::info!(%address, "metrics and health");
    let served = axum::serve(Bounded::new(listener), routes(health));
    let served = served.with_graceful_shutdown(async move { stopped(&mut stop).await });
    if let Err(error) = served.await {
        tracing::error!(%error, "metrics aren't served any more");
    }
}

fn routes(health: Arc<Health>) -> Router {
    let metrics = {
        let health = health.clone();
        async move || {
            let Health {
                store,
                metrics,
                platforms,
                clock,
                ..
            } = &*health;
            let told = async {
                share(store, metrics, clock).await?;
                measured(store, metrics, platforms, clock.now()).await
            };
            match told.await {
                Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
                Err(error) => unwell(&error.to_string()),
            }
        }
    };
    let healthy = {
        let health = health.clone();
        async move || match health.store.data_version().await {
            Ok(_) => "well\n".into_response(),
            Err(error) => unwell(&error.to_string()),
        }
    };
    let ready = async move || {
        if *health.stop.borrow() {
            return unwell("stopping");
        }
        let broken = health.broken.list().into_iter();
        let broken = broken.chain(health.broken.unstored());
        let broken: Vec<String> = broken.map(|(name, why)| format!("{name}: {why}")).collect();
        if !broken.is_empty() {
            return unwell(&broken.join("\n"));
        }
        if !*health.loaded.borrow() {
            return unwell("the sources are still being loaded");
        }
        match health.store.read(|db| db.platforms()).await {
            Ok(platforms) => {
                // How the others stand, or stood when they were run last, is nothing of this process's.
                let is_own = |name: &str| health.platforms.contains(&name);
                let own = platforms.into_iter().filter(|known| is_own(&known.name));
                let trouble = own.into_iter().find_map(|platform| platform.trouble);
                trouble.map_or_else(|| "ready\n".into_response(), |(why, _)| unwell(&why))
            }
            Err(error) => unwell(&error.to_string()),
        }
    };
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(healthy))
        .route("/readyz", get(ready))
}

/// Counts who shares the store, where anybody may.
async fn share(store: &Store, metrics: &Metrics, clock: &Clock) -> Result<(), StoreError> {
    let sharing = store.read(|db| Sharing::read(db, iter::empty())).await?;
    if let Some(sharing) = sharing {
        metrics.shared(&sharing, clock.behind(sharing.now));
    }
    Ok(())
}

/// What was counted, with how the store stands at this moment.
pub async fn measured(
    store: &Store,
    metrics: &Metrics,
    platforms: &[&'static str],
    now: Timestamp,
) -> Result<String, StoreError> {
    for platform in platforms {
        let standing = store
            .read(|db| OutboxStanding::of(db, platform, now))
            .await?;
        metrics.stands(platform, &standing);
    }
    Ok(metrics.text())
}

fn unwell(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}
