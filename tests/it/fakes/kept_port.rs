//! A fake's port stays its own while it listens to nobody.

use std::net::Ipv4Addr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::net::TcpListener;
use tokio::runtime::Handle;

use super::port::Port;

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
