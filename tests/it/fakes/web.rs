//! A web server whose pages a test decides, and that remembers what it was asked.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};

use super::clock::now;

/// What is answered for a path, with or without its query.
#[derive(Clone, Default)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether it is behind a wall that wants to see its own cookie again.
    pub(crate) wall: bool,
}

impl Reply {
    pub(crate) fn page(body: impl AsRef<[u8]>) -> Reply {
        Reply {
            status: 200,
            headers: Vec::new(),
            body: body.as_ref().to_vec(),
            wall: false,
        }
    }

    pub(crate) fn status(status: u16) -> Reply {
        Reply {
            status,
            ..Reply::default()
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Reply {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// One request, as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) at: Instant,
}

#[derive(Default)]
struct World {
    pages: BTreeMap<String, Reply>,
    asked: Vec<Asked>,
}

/// The server, as a test holds it.
#[derive(Clone)]
pub(crate) struct Site {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
}

impl Site {
    /// A server on a free port of this machine.
    pub(crate) fn start() -> Site {
        let world = Arc::new(Mutex::new(World::default()));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let theirs = world.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                let routes = Router::new().fallback(answer).with_state(theirs);
                axum::serve(listener, routes).await.unwrap();
            });
        });
        Site { address, world }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn set(&self, path: &str, reply: Reply) {
        let mut world = self.world.lock().unwrap();
        world.pages.insert(path.to_owned(), reply);
    }

    /// What was asked for, but for `robots.txt`.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        let world = self.world.lock().unwrap();
        let pages = world
            .asked
            .iter()
            .filter(|asked| asked.path != "/robots.txt");
        pages.cloned().collect()
    }

    /// How often `robots.txt` was asked for.
    pub(crate) fn robots_asked(&self) -> usize {
        let world = self.world.lock().unwrap();
        let robots = world
            .asked
            .iter()
            .filter(|asked| asked.path == "/robots.txt");
        robots.count()
    }
}

async fn answer(State(world): State<Arc<Mutex<World>>>, request: Request) -> Response<Body> {
    let mut world = world.lock().unwrap();
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let uri = request.uri();
    let whole = uri.path_and_query().map_or("", |whole| whole.as_str());
    let reply = world
        .pages
        .get(whole)
        .or_else(|| world.pages.get(&path))
        .cloned()
        .unwrap_or(Reply::status(404));
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let own = |name: &str| {
        reply
            .headers
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.as_str())
    };
    let same = |asked: &str, told: &str| header(asked).is_some() && header(asked) == own(told);
    let unchanged = same("if-none-match", "etag") || same("if-modified-since", "last-modified");
    world.asked.push(Asked {
        path,
        headers: headers.clone(),
        at: now(),
    });
    if reply.wall && header("cookie") != Some("ok=1") {
        return Response::builder()
            .status(302)
            .header("location", request.uri().path())
            .header("set-cookie", "ok=1; Path=/")
            .body(Body::empty())
            .unwrap();
    }
    let status = if unchanged { 304 } else { reply.status };
    let mut response = Response::builder().status(status);
    for (name, value) in &reply.headers {
        response = response.header(*name, value);
    }
    let body = if unchanged { Vec::new() } else { reply.body };
    response.body(Body::from(body)).unwrap()
}
