//! A stage with a fake Telegram.

use crate::fakes::telegram::{Chat, FakeTelegram, Person};
use crate::harness::CONFIG;
use crate::stage::{self, Fake};

pub(crate) type Stage = stage::Stage<FakeTelegram>;

/// A stage with a server of before Bot API 9.5, which knows neither ephemeral messages nor moments.
pub(crate) async fn on_an_older_server() -> Stage {
    let mut stage = Stage::empty(&format!("{CONFIG}{}", FakeTelegram::FAST));
    stage.archive();
    stage.server.is_older();
    stage.start().await;
    stage
}

/// A supergroup with the bot, and its owner.
pub(crate) fn owned_group(stage: &Stage) -> (Chat, Person) {
    let ana = stage.server.person("Ana");
    let group = stage
        .server
        .supergroup("Korea watchers")
        .with_owner(&ana)
        .with_bot();
    (group, ana)
}

impl Fake for FakeTelegram {
    const NAME: &'static str = "telegram";

    const FAST: &'static str = r#"
[telegram]
rate = "off"
chat_rate = "off"
group_rate = "off"
"#;

    fn begin() -> Self {
        FakeTelegram::start()
    }

    fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("TELEGRAM_TOKEN", self.token().to_owned()),
            ("TIDINGS_TELEGRAM__API_URL", self.api_url()),
        ]
    }

    async fn is_listened_to(&self) {
        self.wait_for_poll().await;
    }

    fn is_content(&self) {
        self.assert_clean();
        assert_eq!(self.unanswered_callbacks(), Vec::<String>::new());
    }
}
