//! Keeps archive and dashboard served: on a listener of their own, with its bounds, and again where its port was taken.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{Response, StatusCode};
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tokio::task::JoinSet;

use super::answer::Answer;
use super::archive::Archive;
use super::dashboard::Dashboard;
use super::style::{style, style_path};
use crate::listener::Bounded;
use crate::task::{AFTER_FAILURE, Broken, sleep, stopped, supervise};

/// What the operator is told of an address that can't be listened on.
const TAKEN: &str = "[web] listen";

/// What is served: either, or both.
#[derive(Clone)]
pub struct Faces {
    /// For everybody.
    pub archive: Option<Arc<Archive>>,
    /// For editors and whoever runs the bot.
    pub dashboard: Option<Arc<Dashboard>>,
}

impl Faces {
    async fn answer(&self, request: Request) -> Response<Body> {
        if let Some(dashboard) = &self.dashboard
            && Dashboard::has(request.uri().path())
        {
            return dashboard.answer(request).await;
        }
        let (method, uri, headers) = (request.method(), request.uri(), request.headers());
        if let Some(archive) = &self.archive {
            return archive.answer(method, uri, headers).await;
        }
        let answer = match uri.path() {
            "/robots.txt" => {
                let nothing = "User-agent: *\nDisallow: /\n";
                Answer::new("text/plain; charset=utf-8", nothing.to_owned())
            }
            path if path == style_path() => style(),
            _ => Answer::plain(StatusCode::NOT_FOUND, "nothing here"),
        };
        answer.send(method, headers)
    }
}

/// Serves pages until told to stop. Where they are served is told once they are.
pub async fn serve_pages(
    faces: Faces,
    address: SocketAddr,
    served_at: Arc<OnceLock<SocketAddr>>,
    broken: Arc<Broken>,
    mut stop: Receiver<bool>,
) {
    let mut besides = JoinSet::new();
    if let Some(dashboard) = &faces.dashboard {
        let (dashboard, stopped) = (dashboard.clone(), stop.clone());
        let work = move || dashboard.clone().do_what_is_asked(stopped.clone());
        let name = "what the dashboard is asked".to_owned();
        besides.spawn(supervise(broken.clone(), name, stop.clone(), work));
    }
    let listener = loop {
        match TcpListener::bind(address).await {
            Ok(listener) => break listener,
            Err(error) => {
                let why = format!("{address} can't be listened on: {error}");
                if broken.is_taken(TAKEN, &why) {
                    tracing::error!("{TAKEN}: {why}. It is tried again");
                }
                tokio::select! {
                    () = sleep(AFTER_FAILURE) => {}
                    () = stopped(&mut stop) => return,
                }
            }
        }
    };
    broken.is_listened_on(TAKEN);
    // A port of 0 is the system's choice.
    let address = listener.local_addr().unwrap_or(address);
    let _ = served_at.set(address);
    let (archive, dashboard) = (faces.archive.is_some(), faces.dashboard.is_some());
    tracing::info!(%address, archive, dashboard, "pages on the web");
    let routes = Router::new().fallback(async move |request: Request| faces.answer(request).await);
    let served = axum::serve(Bounded::new(listener), routes);
    let served = served.with_graceful_shutdown(async move { stopped(&mut stop).await });
    if let Err(error) = served.await {
        tracing::error!(%error, "pages on the web aren't served any more");
    }
}
