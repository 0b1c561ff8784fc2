//! Metrics and health over HTTP, for the operator's own tools. Nothing of it changes anything.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::Router;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tokio::task::block_in_place;

use super::Bot;
use crate::listener::Bounded;
use crate::task::{AFTER_FAILURE, sleep, stopped};
use tidings_store::StoreError;

/// What the OpenMetrics text is called (<https://prometheus.io/docs/specs/om/open_metrics_spec/>).
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Serves `/metrics`, `/healthz` and `/readyz` until told to stop.
pub(super) async fn serve(
    bot: Arc<Bot>,
    address: SocketAddr,
    platforms: Vec<&'static str>,
    loaded: Receiver<bool>,
    mut stop: Receiver<bool>,
) {
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
    let _ = bot.served_at.set(address);
    tracing::info!(%address, "metrics and health");
    let served = axum::serve(Bounded::new(listener), routes(bot, platforms, loaded));
    let served = served.with_graceful_shutdown(async move { stopped(&mut stop).await });
    if let Err(error) = served.await {
        tracing::error!(%error, "metrics aren't served any more");
    }
}

fn routes(bot: Arc<Bot>, platforms: Vec<&'static str>, loaded: Receiver<bool>) -> Router {
    let metrics = {
        let bot = bot.clone();
        async move || match block_in_place(|| bot.measured(&platforms)) {
            Ok(text) => ([(header::CONTENT_TYPE, OPEN_METRICS)], text).into_response(),
            Err(error) => unwell(&error.to_string()),
        }
    };
    let health = {
        let bot = bot.clone();
        async move || match block_in_place(|| bot.store().data_version()) {
            Ok(_) => "well\n".into_response(),
            Err(error) => unwell(&error.to_string()),
        }
    };
    let ready = async move || {
        if bot.stopping.load(Ordering::Relaxed) {
            return unwell("stopping");
        }
        let broken = bot.broken.list().into_iter();
        let broken: Vec<String> = broken.map(|(name, why)| format!("{name}: {why}")).collect();
        if !broken.is_empty() {
            return unwell(&broken.join("\n"));
        }
        if !*loaded.borrow() {
            return unwell("the sources are still being loaded");
        }
        match block_in_place(|| bot.store().read(|db| db.platforms())) {
            Ok(platforms) => {
                let trouble = platforms.into_iter().find_map(|platform| platform.trouble);
                trouble.map_or_else(|| "ready\n".into_response(), |(why, _)| unwell(&why))
            }
            Err(error) => unwell(&error.to_string()),
        }
    };
    Router::new()
        .route("/metrics", get(metrics))
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
}

impl Bot {
    /// What was counted, with how the store stands at this moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn measured(&self, platforms: &[&'static str]) -> Result<String, StoreError> {
        let now = self.now();
        let since =
            |at: Option<Timestamp>| at.map_or(SignedDuration::ZERO, |at| now.duration_since(at));
        for platform in platforms {
            let (due, queue) = self
                .store()
                .read(|db| Ok::<_, StoreError>((db.next_due(platform)?, db.queue_of(platform)?)))?;
            let age = since(queue.oldest);
            self.metrics.stands(platform, since(due), &queue, age);
        }
        Ok(self.metrics.text())
    }
}

fn unwell(why: &str) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, format!("{why}\n")).into_response()
}
