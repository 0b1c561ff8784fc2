//! The server of that chat: rooms with people, strict about what it is asked, and with faults on demand.

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};
use tidings::platforms::kit::Service;
use tidings::settings::Settings;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

use super::platform::{LONGEST, Lines, NAME};
use crate::contract::rooms::{Room, Rooms, Trouble, is_post};
use crate::fakes::clock::pause;
use crate::stage::{Fake, Stage};

/// The only room that there is.
const ROOM: &str = "7";
/// Its people: one who administers it, and one who doesn't.
const ANA: u64 = 1;
const BEN: u64 = 2;

/// What the bot may ask for.
#[derive(Deserialize)]
#[serde(tag = "do", rename_all = "lowercase", deny_unknown_fields)]
enum Request {
    Listen,
    Rights {
        room: String,
        person: u64,
    },
    Look {
        room: String,
    },
    Post {
        room: String,
        text: String,
        re: Option<u64>,
        nonce: String,
    },
}

#[derive(Clone)]
struct Message {
    text: String,
    re: Option<u64>,
}

#[derive(Default)]
struct World {
    messages: Vec<Message>,
    /// Names of messages that were taken, so that none is taken twice.
    nonces: BTreeMap<String, usize>,
    /// What nobody has handled yet, oldest first.
    events: VecDeque<Value>,
    last_event: u64,
    is_out: bool,
    next_meets: Option<Trouble>,
    refused_words: Option<String>,
    strange: usize,
    refuses_bot: bool,
    listeners: usize,
    /// What the bot did that it may not do.
    wrong: Vec<String>,
}

/// The server.
#[derive(Clone)]
pub(crate) struct Server {
    address: SocketAddr,
    world: Arc<Mutex<World>>,
    changed: Arc<Notify>,
}

impl Server {
    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap()
    }

    fn emit(&self, mut event: Value) -> u64 {
        let number = {
            let mut world = self.world();
            world.last_event += 1;
            event["event"] = world.last_event.into();
            event["room"] = ROOM.into();
            world.events.push_back(event);
            world.last_event
        };
        self.changed.notify_waiters();
        number
    }

    /// Waits until a look finds something.
    async fn until<T>(&self, what: &str, look: impl Fn(&World) -> Option<T>) -> T {
        for _ in 0..1_500 {
            let changed = self.changed.notified();
            if let Some(found) = look(&self.world()) {
                return found;
            }
            tokio::select! {
                () = changed => {}
                () = pause(Duration::from_millis(20)) => {}
            }
        }
        panic!("waited in vain for {what}");
    }

    async fn serve(self, stream: TcpStream) {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let Ok(Some(line)) = lines.next_line().await else {
            return;
        };
        let answer = match serde_json::from_str(&line) {
            Ok(Request::Listen) => {
                self.world().listeners += 1;
                self.changed.notify_waiters();
                // However it ends, nobody listens there any more.
                let _ = self.tell(&mut lines, &mut write).await;
                self.world().listeners -= 1;
                return;
            }
            Ok(request) => self.answer(request).await,
            Err(error) => {
                self.world().wrong.push(format!("{line}: {error}"));
                Some(json!({ "refused": "text", "why": "it can't be read" }))
            }
        };
        if let Some(answer) = answer {
            let _ = write.write_all(format!("{answer}\n").as_bytes()).await;
        }
    }

    /// Tells events one after the other, each once it is heard that the one before was handled.
    async fn tell<R, W>(
        &self,
        lines: &mut tokio::io::Lines<R>,
        write: &mut W,
    ) -> std::io::Result<()>
    where
        R: tokio::io::AsyncBufRead + Unpin,
        W: tokio::io::AsyncWrite + Unpin,
    {
        loop {
            let event = loop {
                let changed = self.changed.notified();
                if let Some(event) = self.world().events.front().cloned() {
                    break event;
                }
                tokio::select! {
                    () = changed => {}
                    () = pause(Duration::from_millis(20)) => {}
                    gone = lines.next_line() => return gone.map(|_| ()),
                }
            };
            write.write_all(format!("{event}\n").as_bytes()).await?;
            let Some(_) = lines.next_line().await? else {
                return Ok(());
            };
            self.world().events.pop_front();
            self.changed.notify_waiters();
        }
    }

    /// `None` where the connection just ends.
    async fn answer(&self, request: Request) -> Option<Value> {
        let refused =
            |whose: &str, why: &str| Some(json!({ "refused": whose, "why": why, "seconds": 1 }));
        let (text, re, nonce) = match request {
            Request::Listen => return None,
            Request::Rights { room, person } => {
                assert_eq!(room, ROOM);
                return Some(json!({ "manager": person == ANA }));
            }
            Request::Look { room } => {
                assert_eq!(room, ROOM);
                return match self.world().is_out {
                    true => refused("room", "the bot isn't in the room"),
                    false => Some(json!({})),
                };
            }
            Request::Post {
                room,
                text,
                re,
                nonce,
            } => {
                assert_eq!(room, ROOM);
                (text, re, nonce)
            }
        };
        let met = {
            let mut world = self.world();
            if text.is_empty() || text.chars().count() > LONGEST {
                let letters = text.chars().count();
                world.wrong.push(format!("a message of {letters} letters"));
            }
            if world.is_out {
                return refused("room", "the bot isn't in the room");
            }
            if world.refuses_bot {
                return refused("account", "it is frozen");
            }
            if world
                .refused_words
                .as_ref()
                .is_some_and(|words| text.contains(words))
            {
                return refused("text", "nobody says that here");
            }
            if re.is_none() && world.strange > 0 {
                world.strange -= 1;
                return refused("moon", "the moon is full");
            }
            // What is answered to people meets nothing: the next post does.
            if re.is_none() {
                world.next_meets.take()
            } else {
                None
            }
        };
        match met {
            Some(Trouble::Busy) => return refused("pace", "too many messages"),
            Some(Trouble::Broken) => return refused("server", "something broke"),
            Some(Trouble::Reset) => return None,
            Some(Trouble::AnswerLost | Trouble::Slow) | None => {}
        }
        let number = {
            let mut world = self.world();
            let next = world.messages.len();
            match world.nonces.get(&nonce) {
                Some(known) => *known,
                None => {
                    world.nonces.insert(nonce, next);
                    world.messages.push(Message { text, re });
                    next
                }
            }
        };
        self.changed.notify_waiters();
        match met {
            Some(Trouble::AnswerLost) => return None,
            Some(Trouble::Slow) => pause(Duration::from_secs(10)).await,
            _ => {}
        }
        Some(json!({ "message": number }))
    }
}

impl Fake for Server {
    const NAME: &'static str = NAME;
    const FAST: &'static str = "";

    fn begin() -> Server {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let server = Server {
            address: listener.local_addr().unwrap(),
            world: Arc::default(),
            changed: Arc::default(),
        };
        let listener = TcpListener::from_std(listener).unwrap();
        let serving = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serving.clone().serve(stream));
            }
        });
        server
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    fn services(&self, _: &Settings) -> Vec<Arc<dyn Service>> {
        vec![Arc::new(Lines::new(self.address))]
    }

    async fn is_listened_to(&self) {
        let listens = |world: &World| (world.listeners > 0).then_some(());
        self.until("somebody who listens", listens).await;
    }

    fn is_content(&self) {
        assert_eq!(self.world().wrong, Vec::<String>::new());
    }
}

/// The room, with somebody who administers it and somebody who doesn't.
pub(crate) struct Hall(Server);

impl Hall {
    async fn says(&self, person: u64, line: &str) -> String {
        let said = self.0.emit(json!({ "person": person, "text": line }));
        let answered = |world: &World| {
            // It is all there once the event is handled and nothing of it waits any more.
            let is_handled = world.events.iter().all(|event| event["event"] != said);
            let answers = world
                .messages
                .iter()
                .filter(|message| message.re == Some(said));
            let text: String = answers.map(|message| message.text.as_str()).collect();
            (is_handled && !text.is_empty()).then_some(text)
        };
        self.0.until("an answer", answered).await
    }
}

impl Rooms for Server {
    type Room = Hall;

    async fn room(stage: &Stage<Server>) -> Hall {
        Hall(stage.server.clone())
    }
}

impl Room for Hall {
    type Server = Server;

    /// The server knows a message again by its name.
    const REPEATS: usize = 0;

    fn address(&self) -> String {
        ROOM.to_owned()
    }

    async fn manager(&self, line: &str) -> String {
        self.says(ANA, line).await
    }

    async fn reader(&self, line: &str) -> String {
        self.says(BEN, line).await
    }

    fn posts(&self) -> Vec<String> {
        let world = self.0.world();
        let posts = world.messages.iter().filter(|message| message.re.is_none());
        posts
            .map(|message| message.text.replace('\u{2060}', ""))
            .filter(|text| is_post(text))
            .collect()
    }

    fn said(&self) -> String {
        let world = self.0.world();
        world
            .messages
            .iter()
            .map(|message| message.text.clone() + "\n")
            .collect()
    }

    fn messages(&self) -> usize {
        self.0.world().messages.len()
    }

    fn pinged(&self) -> Vec<String> {
        let world = self.0.world();
        let words = world
            .messages
            .iter()
            .flat_map(|message| message.text.split_whitespace());
        let is_name = |word: &str| {
            let name = word.trim_start_matches('<').strip_prefix('@');
            name.is_some_and(|name| name.starts_with(char::is_alphanumeric))
        };
        words
            .filter(|word| is_name(word))
            .map(str::to_owned)
            .collect()
    }

    fn next_post_meets(&self, trouble: Trouble) {
        self.0.world().next_meets = Some(trouble);
    }

    fn refuses_texts_with(&self, words: &str) {
        self.0.world().refused_words = Some(words.to_owned());
    }

    fn refuses_strangely(&self, times: usize) {
        self.0.world().strange = times;
    }

    fn refuses_the_bot(&self) {
        self.0.world().refuses_bot = true;
    }

    fn throw_out(&self) {
        self.0.world().is_out = true;
        self.0.emit(json!({ "bot": "removed" }));
    }

    fn take_back(&self) {
        self.0.world().is_out = false;
        self.0.emit(json!({ "bot": "added" }));
    }
}
