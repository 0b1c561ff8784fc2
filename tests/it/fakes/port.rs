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

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::process::Command;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// Begins processes until it is dropped.
    struct Beginning(Arc<AtomicBool>);

    impl Beginning {
        fn new() -> Beginning {
            let over = Arc::new(AtomicBool::new(false));
            for _ in 0..4 {
                let over = Arc::clone(&over);
                std::thread::spawn(move || {
                    while !over.load(Ordering::Relaxed) {
                        Command::new("true").status().unwrap();
                    }
                });
            }
            Beginning(over)
        }
    }

    impl Drop for Beginning {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }

    /// Until it has become another program, a new process holds what this one has open, listeners among it.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_port_is_kept_while_processes_begin() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let serve = async |listener: TcpListener| loop {
            let _ = listener.accept().await;
        };
        let port = Port::new(Handle::current(), address, tokio::spawn(serve(listener)));
        let beginning = Beginning::new();
        for _ in 0..100 {
            port.go_down().await;
            port.come_back(serve).await;
        }
        drop(beginning);
    }
}
