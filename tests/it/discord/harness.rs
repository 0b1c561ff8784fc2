//! A stage with a fake Discord.

use crate::fakes::discord::FakeDiscord;
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
