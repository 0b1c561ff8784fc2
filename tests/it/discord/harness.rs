//! A stage with a fake Discord.

use crate::fakes::discord::{FakeDiscord, Person};
use crate::stage::{self, Fake};

pub(crate) type Stage = stage::Stage<FakeDiscord>;

impl Fake for FakeDiscord {
    const NAME: &'static str = "discord";

    const FAST: &'static str = r#"
[discord]
rate = "off"
"#;

    fn begin() -> Self {
        FakeDiscord::start()
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("DISCORD_TOKEN", self.token().to_owned()),
            ("TIDINGS_DISCORD__API_URL", self.api_url()),
        ]
    }

    async fn is_listened_to(&self) {
        self.wait_for_shards(1).await;
        self.wait_for("the commands", |world| {
            (!world.commands.is_empty()).then_some(())
        })
        .await;
    }

    fn is_content(&self) {
        self.assert_clean();
        assert_eq!(
            self.unanswered(),
            Vec::<u64>::new(),
            "interactions without an answer"
        );
    }
}

/// What is asked in a channel, and what is answered.
pub(super) async fn said(person: &Person, channel: u64, lines: &[&str]) -> String {
    let mut said = Vec::new();
    for line in lines {
        let answer = person.asks(channel, line).await;
        said.push(format!("> {line}\n{answer}\n"));
    }
    said.join("\n").replace("(only you can see this)\n", "")
}
