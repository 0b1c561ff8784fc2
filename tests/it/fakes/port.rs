//! A port that a fake server listens on, and keeps while it doesn't.

use std::future::Future;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// The port of a server that may go down and come back.
pub(crate) struct Port {
    runtime: Handle,
    address: SocketAddr,
    listening: Mutex<Option<JoinHandle<()>>>,
    /// Bound, but deaf, while nobody listens: whoever connects is refused, and nobody else is given the port meanwhile.
    kept: Mutex<Option<TcpSocket>>,
}

impl Port {
    pub(crate) fn new(runtime: Handle, address: SocketAddr, listening: JoinHandle<()>) -> Port {
        Port {
            runtime,
            address,
            listening: Mutex::new(Some(listening)),
            kept: Mutex::new(None),
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where the server runs.
    pub(crate) fn runtime(&self) -> &Handle {
        &self.runtime
    }

    /// Closes it and every connection: the next attempt to connect is refused.
    pub(crate) async fn go_down(&self) {
        let listening = self.listening.lock().take();
        if let Some(task) = listening {
            task.abort();
            // Being cancelled is what was asked.
            let _ = task.await;
            *self.kept.lock() = Some(keep(self.address).await);
        }
    }

    /// Listens on it again.
    pub(crate) async fn come_back<S>(&self, serve: impl FnOnce(TcpListener) -> S + Send + 'static)
    where
        S: Future<Output = ()> + Send + 'static,
    {
        const WAITING: u32 = 1_024;
        let kept = self.kept.lock().take().expect("it is down");
        // Whoever connects as soon as this is over gets through.
        let listener = self.runtime.spawn(async move { kept.listen(WAITING) });
        let listener = listener.await.expect("the fake server runs");
        let listener = listener.expect("the port is ours");
        let listening = self.runtime.spawn(serve(listener));
        *self.listening.lock() = Some(listening);
    }
}

/// Binds a port whose listener has just been closed.
///
/// A process that another test begins holds what this one has open until it has become the other program: so long the
/// listener is there, and the port in use.
async fn keep(address: SocketAddr) -> TcpSocket {
    const TRIES: usize = 1_000;
    for _ in 0..TRIES {
        let kept = TcpSocket::new_v4().expect("a socket");
        kept.set_reuseaddr(true).expect("connections may linger");
        match kept.bind(address) {
            Ok(()) => return kept,
            Err(error) if error.kind() == ErrorKind::AddrInUse => {
                super::clock::pause(Duration::from_millis(5)).await;
            }
            Err(error) => panic!("{address} can't be kept: {error}"),
        }
    }
    panic!("{address} is somebody else's");
}
