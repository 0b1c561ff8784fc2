//! The platform: what posts look like, how a message is sent, and what people's lines are.
//!
//! Each request is a line of JSON on a connection of its own, and so is its answer. Who listens holds one connection on
//! which events come, and says which it has handled.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tidings::chat::commands::Invocation;
use tidings::chat::{Bot, Scope};
use tidings::delivery::{Sending, Transport};
use tidings::platforms::console::Screen;
use tidings::platforms::kit::pipeline::{self, Asked, Outcome, Question};
use tidings::platforms::kit::reader_limit::{Asking, Counted, IN_COMPANY, Questions};
use tidings::platforms::kit::refusals::Standstill;
use tidings::platforms::kit::simpler::{Holds, Said, Step, simpler};
use tidings::platforms::kit::trouble::{Trouble, tell_of};
use tidings::platforms::kit::{Introduction, Listening, Probing, Refused, Service, Share};
use tidings::task::{sleep, stopped};
use tidings_core::delivery::{Outgoing, SendError, Sent};
use tidings_core::ids::ChannelKey;
use tidings_core::language::Localizer;
use tidings_core::platform::ChatPlatform;
use tidings_core::post::{DeliveryOptions, Post};
use tidings_store::{Answer, StoreError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::sync::watch::Receiver;
use tokio::time::timeout;

pub(super) const NAME: &str = "lines";
const TITLE: &str = "Lines";

/// The longest message, in characters.
pub(super) const LONGEST: usize = 3_000;

const SCREEN: Screen = Screen {
    width: None,
    colour: false,
};

/// How long an answer of the server is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// The platform.
pub(super) struct Lines {
    pub(super) server: SocketAddr,
    questions: Questions,
    standstill: Standstill,
}

/// A message as it is kept.
#[derive(Clone, Default, Serialize, Deserialize)]
struct Wire {
    text: String,
    /// The event that it answers.
    re: Option<u64>,
    step: Step,
    instead_of: Option<String>,
}

/// Why the server doesn't do what it is asked.
enum Fault {
    /// It wasn't asked.
    Unreachable(String),
    /// It was asked, and didn't answer.
    Unanswered(String),
    Refused {
        whose: String,
        why: String,
        seconds: i64,
    },
}

impl Lines {
    pub(super) fn new(server: SocketAddr) -> Lines {
        Lines {
            server,
            questions: Questions::default(),
            standstill: Standstill::default(),
        }
    }

    /// Asks the server for something.
    async fn ask(&self, request: &Value) -> Result<Value, Fault> {
        let connected = TcpStream::connect(self.server).await;
        let mut stream = connected.map_err(|error| Fault::Unreachable(error.to_string()))?;
        let line = format!("{request}\n");
        let mut answer = String::new();
        let asking = async {
            stream.write_all(line.as_bytes()).await?;
            BufReader::new(stream).read_line(&mut answer).await
        };
        match timeout(PATIENCE, asking).await {
            Ok(Ok(1..)) => {}
            Ok(Ok(0)) => return Err(Fault::Unanswered("it hung up".to_owned())),
            Ok(Err(error)) => return Err(Fault::Unanswered(error.to_string())),
            Err(_) => return Err(Fault::Unanswered("it took too long".to_owned())),
        }
        let answer: Value =
            serde_json::from_str(&answer).map_err(|error| Fault::Unanswered(error.to_string()))?;
        match answer["refused"].as_str() {
            None => Ok(answer),
            Some(whose) => Err(Fault::Refused {
                whose: whose.to_owned(),
                why: answer["why"].as_str().unwrap_or_default().to_owned(),
                seconds: answer["seconds"].as_i64().unwrap_or(1),
            }),
        }
    }

    /// What a fault means for a message; the table of this platform's refusals.
    fn send_error(&self, fault: Fault) -> SendError {
        let (whose, why, seconds) = match fault {
            Fault::Unreachable(why) => return SendError::Transient(why),
            Fault::Unanswered(why) => return SendError::Unknown(why),
            Fault::Refused {
                whose,
                why,
                seconds,
            } => (whose, why, seconds),
        };
        match whose.as_str() {
            "pace" => SendError::RetryAfter(SignedDuration::from_secs(seconds)),
            "server" => SendError::Transient(why),
            "text" => SendError::Text(why),
            "account" => {
                let why = format!("{TITLE} refuses the bot itself: {why}");
                let wait = self.standstill.begins(&why, None);
                SendError::Standstill {
                    why,
                    wait: SignedDuration::try_from(wait).unwrap_or_default(),
                    asked: false,
                }
            }
            // What nobody knows is the channel's trouble.
            _ => SendError::ChannelRefused(why),
        }
    }

    async fn send_now(&self, message: &Outgoing) -> Result<Sent, SendError> {
        let wire: Wire = serde_json::from_str(&message.wire)
            .map_err(|error| SendError::Rejected(error.to_string()))?;
        let times = self.standstill.times();
        let request = json!({
            "do": "post", "room": message.channel.address(), "text": wire.text, "re": wire.re, "nonce": message.nonce,
        });
        let answer = self
            .ask(&request)
            .await
            .map_err(|fault| self.send_error(fault))?;
        self.standstill.is_over(times);
        Ok(Sent::as_message(answer["message"].to_string()))
    }

    /// Hears events until the connection ends. Answers what is asked, and says what it has handled.
    async fn hear(&self, bot: &Bot, trouble: &mut Trouble<'_>) -> io::Result<()> {
        let mut stream = TcpStream::connect(self.server).await?;
        stream.write_all(b"{\"do\":\"listen\"}\n").await?;
        let (read, mut write) = stream.into_split();
        let mut events = BufReader::new(read).lines();
        while let Some(line) = events.next_line().await? {
            let event: Value = serde_json::from_str(&line)?;
            trouble.ends().await;
            self.heard(bot, &event).await.map_err(io::Error::other)?;
            let done = format!("{}\n", json!({ "handled": event["event"] }));
            write.write_all(done.as_bytes()).await?;
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }

    async fn heard(&self, bot: &Bot, event: &Value) -> Result<(), StoreError> {
        let number = event["event"].as_u64().unwrap_or_default();
        let room = event["room"].as_str().unwrap_or_default();
        let Ok(place) = ChannelKey::new(NAME, room) else {
            return Ok(());
        };
        match event["bot"].as_str() {
            Some("removed") => {
                let why = "the bot was removed";
                return bot.mark_unreachable(&place, Scope::Place, why).await;
            }
            Some(_) => return bot.mark_reachable(&place, Scope::Place).await.map(|_| ()),
            None => {}
        }
        let met = bot.meet(self, &place, Some(number)).await?;
        if met.is_handled {
            return Ok(());
        }
        let line = event["text"].as_str().unwrap_or_default();
        let mut answer = Answer::default();
        if let Ok(invocation) = Invocation::parse(line) {
            let person = event["person"].as_i64().unwrap_or_default();
            let request = json!({ "do": "rights", "room": room, "person": person });
            let rights = self.ask(&request).await.ok();
            let line = Line {
                lines: self,
                place: &place,
                asked: Asked::Command(Ok(invocation)),
                number,
                person,
                manager: rights.map(|rights| rights["manager"] == true),
            };
            answer = pipeline::answer(bot, self, &met, &line).await?;
        }
        bot.handled(self, number, &answer).await
    }
}

/// A command that somebody typed.
struct Line<'l> {
    lines: &'l Lines,
    place: &'l ChannelKey,
    asked: Asked,
    number: u64,
    person: i64,
    /// Whether they administer the room; `None` where the server doesn't say.
    manager: Option<bool>,
}

impl Question for Line<'_> {
    type Answer = Answer;

    fn asked(&self) -> &Asked {
        &self.asked
    }

    fn place(&self) -> &ChannelKey {
        self.place
    }

    async fn limit(&self) -> Asking {
        if self.manager == Some(true) {
            return Asking::May;
        }
        let room = self.place.address().parse().unwrap_or_default();
        let asker = Counted::One(room, self.person);
        self.lines.questions.ask(asker, IN_COMPANY)
    }

    async fn rights(&self) -> Result<bool, &'static str> {
        match self.manager {
            Some(false) if self.asked.is_for_managers() => Err("only-administrators"),
            None if self.asked.is_for_managers() => Err("administrators-unknown"),
            manager => Ok(manager == Some(true)),
        }
    }

    fn too_much(&self, _: Localizer<'_>) -> Answer {
        Answer::default()
    }

    fn answer(&self, outcome: Outcome<'_>) -> Answer {
        let wires = wires(&outcome.reply.post, Some(self.number)).into_iter();
        Answer {
            messages: wires.map(|wire| (self.place.clone(), wire)).collect(),
            kind: outcome.kind(),
            asker: Some(self.person),
            is_first: outcome.is_last,
            ..Answer::default()
        }
    }
}

impl Wire {
    fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A post as messages: as the console shows it, as many of its lines in a message as fit.
fn texts(post: &Post) -> Vec<String> {
    let mut texts = vec![String::new()];
    // An @ that is followed by nothing mentions nobody.
    let shown = SCREEN.show(post).replace('@', "@\u{2060}");
    for line in shown.split_inclusive('\n') {
        let letters: Vec<char> = line.chars().collect();
        for piece in letters.chunks(LONGEST) {
            let piece: String = piece.iter().collect();
            match texts.last_mut() {
                Some(text) if text.chars().count() + piece.chars().count() <= LONGEST => {
                    text.push_str(&piece);
                }
                _ => texts.push(piece),
            }
        }
    }
    texts
}

/// These as they are kept, in answer to an event.
fn wires(post: &Post, re: Option<u64>) -> Vec<String> {
    let wire = |text| Wire {
        text,
        re,
        ..Wire::default()
    };
    let texts = texts(post).into_iter();
    texts.map(|text| wire(text).to_text()).collect()
}

/// A text as it is put more simply: it is plain already, so its lines are what parts it.
#[derive(Clone, PartialEq)]
struct Text(String);

impl Said for Text {
    fn items(&self) -> Vec<Text> {
        self.0
            .lines()
            .map(|line| Text(format!("{line}\n")))
            .collect()
    }

    fn joined(items: &[Text]) -> Text {
        Text(items.iter().map(|item| item.0.as_str()).collect())
    }

    fn plain(&self, _: bool) -> Text {
        self.clone()
    }

    fn fits(&self) -> bool {
        self.0.chars().count() <= LONGEST
    }
}

impl ChatPlatform for Lines {
    fn name(&self) -> &'static str {
        NAME
    }

    fn render(&self, post: &Post, _: &DeliveryOptions) -> Vec<String> {
        wires(post, None)
    }

    fn simpler(&self, wire: &str, _refusal: &str) -> Vec<String> {
        let Ok(wire) = serde_json::from_str::<Wire>(wire) else {
            return Vec::new();
        };
        let instead_of = wire.instead_of.clone().map(Text);
        let text = Text(wire.text.clone());
        // Nothing is edited here, so which lines a message holds doesn't matter.
        let pieces = simpler(wire.step, &text, instead_of.as_ref(), Holds::All);
        let wires = pieces.into_iter().map(|piece| Wire {
            text: piece.said.0,
            step: piece.step,
            instead_of: piece.instead_of.map(|text| text.0),
            re: wire.re,
        });
        wires.map(|wire| wire.to_text()).collect()
    }
}

impl Transport for Lines {
    fn send<'a>(&'a self, message: &'a Outgoing) -> Sending<'a> {
        Box::pin(self.send_now(message))
    }

    fn halted(&self) -> Option<String> {
        self.standstill.why()
    }
}

impl Service for Lines {
    fn listen<'a>(&'a self, bot: Arc<Bot>, _: Share, mut stop: Receiver<bool>) -> Listening<'a> {
        Box::pin(async move {
            let mut trouble = Trouble::new(self, TITLE, &bot);
            let hearing = async {
                loop {
                    if let Err(error) = self.hear(&bot, &mut trouble).await {
                        let why = format!("{TITLE} can't be heard: {error}");
                        sleep(trouble.begins(&why).await).await;
                    }
                }
            };
            tokio::select! {
                ended = hearing => ended,
                never = tell_of(&self.standstill, self, TITLE, &bot) => match never {},
                () = stopped(&mut stop) => Ok::<(), Refused>(()),
            }
        })
    }

    fn introduce(&self) -> Introduction<'_> {
        Box::pin(async { Ok("the bot".to_owned()) })
    }

    fn probe<'a>(&'a self, channel: &'a ChannelKey) -> Probing<'a> {
        Box::pin(async {
            let request = json!({ "do": "look", "room": channel.address() });
            self.ask(&request).await.is_ok()
        })
    }
}
