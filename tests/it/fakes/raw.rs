//! A web server that says exactly what a test writes, byte by byte, and misbehaves where it is told to.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What becomes of a request.
#[derive(Clone)]
pub(crate) enum Answer {
    /// These bytes, and the connection is closed.
    Bytes(Vec<u8>),
    /// These bytes, and then nothing more, for ever.
    Hang(Vec<u8>),
    /// These bytes over and over.
    Endless(Vec<u8>, Vec<u8>),
}

/// The server, as a test holds it.
pub(crate) struct Raw {
    address: SocketAddr,
    answers: Arc<Mutex<Vec<Answer>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Raw {
    /// A server that gives these answers in turn, and the last one again and again.
    pub(crate) fn start(answers: Vec<Answer>) -> Raw {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let raw = Raw {
            address: listener.local_addr().unwrap(),
            answers: Arc::new(Mutex::new(answers)),
            asked: Arc::default(),
        };
        let (answers, asked) = (raw.answers.clone(), raw.asked.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answers, asked) = (answers.clone(), asked.clone());
                std::thread::spawn(move || serve(stream.unwrap(), &answers, &asked));
            }
        });
        raw
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The heads of the requests so far, in lower case.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, answers: &Mutex<Vec<Answer>>, asked: &Mutex<Vec<String>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if !matches!(stream.read(&mut byte), Ok(1)) {
            return;
        }
        head.push(byte[0]);
    }
    asked
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&head).to_lowercase());
    let answer = {
        let mut answers = answers.lock().unwrap();
        match answers.len() {
            1 => answers[0].clone(),
            _ => answers.remove(0),
        }
    };
    match answer {
        Answer::Bytes(bytes) => {
            let _ = stream.write_all(&bytes);
        }
        Answer::Hang(bytes) => {
            let _ = stream.write_all(&bytes);
            // Until the other end has had enough.
            while matches!(stream.read(&mut byte), Ok(1)) {}
        }
        Answer::Endless(bytes, again) => {
            let _ = stream.write_all(&bytes);
            while stream.write_all(&again).is_ok() {}
        }
    }
}
