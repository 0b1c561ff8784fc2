//! A bot that does only what a test tells it to.

use std::io;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::super::FakeTelegram;

/// One request on a connection of its own.
pub(super) async fn call(
    server: &FakeTelegram,
    method: &str,
    body: &Value,
) -> io::Result<(u16, Value)> {
    let path = format!("/bot{}/{method}", server.token());
    let (status, text) = exchange(server, "POST", &path, &body.to_string()).await?;
    let body = serde_json::from_str(&text).map_err(io::Error::other)?;
    Ok((status, body))
}

pub(super) async fn exchange(
    server: &FakeTelegram,
    verb: &str,
    path: &str,
    body: &str,
) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(server.address()).await?;
    let length = body.len();
    let request = format!(
        "{verb} {path} HTTP/1.1\r\nHost: fake\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Ok((status.ok_or(io::ErrorKind::InvalidData)?, body.to_owned()))
}

/// The result of a call that must succeed.
pub(super) async fn ok(server: &FakeTelegram, method: &str, body: Value) -> Value {
    let (status, answer) = call(server, method, &body).await.expect("an answer");
    assert_eq!(
        (status, &answer["ok"]),
        (200, &json!(true)),
        "{method} {body}: {answer}"
    );
    answer["result"].clone()
}

/// Code and description of a call that must fail.
pub(super) async fn refused(server: &FakeTelegram, method: &str, body: Value) -> (u16, String) {
    let (status, answer) = call(server, method, &body).await.expect("an answer");
    assert_eq!(answer["ok"], false, "{method} {body}: {answer}");
    assert_eq!(answer["error_code"], status);
    (
        status,
        answer["description"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

pub(super) async fn send(server: &FakeTelegram, chat: i64, text: &str) -> Value {
    ok(
        server,
        "SendMessage",
        json!({ "chat_id": chat, "text": text }),
    )
    .await
}
