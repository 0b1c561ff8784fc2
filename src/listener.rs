//! A listener for whoever connects from outside: only so many connections at a time, none of which may take its time.
//! Behind it stand the metrics and the updates that a platform brings; the rest of serving is the library's.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::serve::Listener;
use parking_lot::Mutex;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep, sleep_until};

use tidings_core::bounds::{CONNECTIONS, REQUEST_TIME};

/// The connections that are open, the one that has waited longest for an answer first; whoever lets go of a sender
/// closes its connection.
type Open = Arc<Mutex<VecDeque<(u64, oneshot::Sender<()>)>>>;

/// A listener that keeps few connections, and those only as long as they ask.
pub struct Bounded {
    listener: TcpListener,
    open: Open,
    accepted: u64,
}

impl Bounded {
    /// The same listener, with bounds.
    pub fn new(listener: TcpListener) -> Bounded {
        Bounded {
            listener,
            open: Open::default(),
            accepted: 0,
        }
    }
}

impl Listener for Bounded {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        self.accepted += 1;
        let (sender, closed) = oneshot::channel();
        let mut open = self.open.lock();
        // Whoever has kept us waiting longest makes room for whoever comes.
        while open.len() >= CONNECTIONS.most {
            open.pop_front();
        }
        open.push_back((self.accepted, sender));
        drop(open);
        let connection = Connection {
            stream,
            number: self.accepted,
            open: self.open.clone(),
            closed,
            late: Box::pin(sleep_until(Instant::now() + REQUEST_TIME.time())),
        };
        (connection, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

/// One connection. From its beginning, and from each answer on, it has so long to ask.
pub struct Connection {
    stream: TcpStream,
    number: u64,
    open: Open,
    closed: oneshot::Receiver<()>,
    late: Pin<Box<Sleep>>,
}

impl Connection {
    /// Ends it when its time is over, or its place is needed.
    fn poll_end(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        if Pin::new(&mut self.closed).poll(context).is_ready() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        match self.late.as_mut().poll(context) {
            Poll::Ready(()) => Err(io::ErrorKind::TimedOut.into()),
            Poll::Pending => Ok(()),
        }
    }

    /// An answer has been written: it may ask again.
    fn answered(&mut self) {
        self.late
            .as_mut()
            .reset(Instant::now() + REQUEST_TIME.time());
        let mut open = self.open.lock();
        if let Some(at) = open.iter().position(|(number, _)| *number == self.number)
            && let Some(own) = open.remove(at)
        {
            open.push_back(own);
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let number = self.number;
        self.open.lock().retain(|(other, _)| *other != number);
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_end(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_end(context)?;
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(_))) {
            self.answered();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
