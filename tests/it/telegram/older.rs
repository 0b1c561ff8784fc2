//! A store that version 0.1.0 wrote before the house was rebuilt (migration 12): it opens, and goes on as if nothing had
//! happened. `tests/it/stores/telegram.sqlite` is what [`before`] left behind; a later version never writes it anew.

use std::path::Path;

use super::clockwork::{message_with, queue, settled};
use super::harness::Stage;
use crate::fakes::telegram::{Chat, FakeTelegram, Person};
use crate::ground::skipped_on_postgres;
use crate::harness::CONFIG;
use crate::stage::Fake;
use insta::assert_snapshot;

const STORE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/tests/it/stores/telegram.sqlite"
);

const NEWS: &str = "# Japan
     Ferries sail again | The first one left on time.
     # Arms control
     Inspectors get a calendar | It has thirteen months.
     # US-NK Relations
     Envoys agree on a table | It is round.";

/// Who was there, with the numbers that Telegram gave them.
struct People {
    ana: Person,
    ben: Person,
    cara: Person,
    group: Chat,
    quiet: Chat,
}

fn people(stage: &Stage) -> People {
    let ana = stage.server.person("Ana").known();
    let ben = stage.server.person("Ben").known();
    let cara = stage.server.person("Cara").known();
    let group = stage.server.supergroup("Korea watchers").with_owner(&ben);
    let quiet = stage.server.supergroup("Quiet room").with_owner(&ben);
    People {
        group: group.with_bot(),
        quiet: quiet.with_bot(),
        ana,
        ben,
        cara,
    }
}

/// The scene that the store is from: four places with settings of their own, a section that a page brought, a part that
/// somebody refused, news that waits behind a manager's pause, and a roundup that nobody has got yet.
async fn before(stage: &Stage) {
    let People {
        ana,
        ben,
        cara,
        group,
        quiet,
    } = people(stage);
    ana.asks("/settings locale ko").await;
    ana.asks("/timezone Asia/Seoul").await;
    ana.asks("/subscribe us-nk daily 09:00").await;
    ana.asks("/settings style summaries").await;
    group.asks(&ben, "/subscribe all instant").await;
    group.asks(&ben, "/settings cap 3").await;
    quiet.asks(&ben, "/subscribe japan instant").await;
    cara.asks("/subscribe japan instant").await;
    quiet.asks(&ben, "/pause").await;
    cara.blocks();
    stage.news("weekly-november-6-2026.txt", NEWS);
    message_with(&group, "Ferries sail again").await;
    stage
        .seen("Cara's refusal", || {
            stage.pause_of_address(&cara.id().to_string())
        })
        .await;
    ben.asks("/latest all 1").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "writes such a store anew; the one that is kept stays as its version wrote it"]
async fn a_store_is_written() {
    if skipped_on_postgres("the older versions kept files") {
        return;
    }
    let mut stage = Stage::new().await;
    before(&stage).await;
    let copy = std::env::temp_dir().join("tidings-telegram.sqlite");
    stage.app().store().blocking().backup(&copy, true).unwrap();
    stage.kill().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_an_older_version_goes_on() {
    if skipped_on_postgres("the older versions kept files") {
        return;
    }
    let mut stage = Stage::empty(&format!("{CONFIG}{}", FakeTelegram::FAST));
    let People {
        ana,
        ben,
        cara,
        group,
        quiet,
    } = people(&stage);
    stage.archive();
    stage.write("weekly-november-6-2026.txt", NEWS);
    stage.keep_store(Path::new(STORE));
    cara.blocks();
    stage.set("2026-11-06T21:00[UTC]");
    stage.start().await;
    settled(&stage).await;
    // What everybody had got stays got, although the documents lie there as new files.
    assert_eq!((group.sent(), ana.chat().sent()), (0, 0));
    stage.at("2026-11-07T00:00[UTC]");
    stage.run(ana.chat().wait_for_messages(1)).await;
    assert_snapshot!(ana.chat().transcript(), @"
    ── Tidings
    **뉴스 모음 · 11월 7일 토요일**

    **US–North Korea relations**
    • **Envoys agree on a table**  /read_8
    >> It is round.

    기사 1건 · 다음: 11월 8일(일) 09:00 Seoul
    [ 검색 ]
    ");
    assert_snapshot!(ana.asks("/subscriptions").await.text, @r"
        구독 목록 · Asia/Seoul 기준

        us-nk — US–North Korea relations · daily 09:00 · 다음 11월 8일(일) 09:00

        일정 바꾸기: /schedule us-nk daily 18:00 · 다음 모음 보기: /preview
    ");
    assert_snapshot!(group.asks(&ben, "/subscriptions").await.text, @r"
        This group follows · times in UTC

        all — all sections · instant

        /schedule all daily 09:00 changes a time · /preview shows the next roundup
    ");
    assert_snapshot!(group.asks(&ben, "/settings").await.text, @"
    Settings of this group

    style — headlines · what a roundup shows of an item, headlines or summaries
    silent — off · post without a sound
    previews — off · show previews of links
    locale — en · the language, en or ko
    cap — 3 · the most headlines of one roundup
    duplicates — off · every item of a story, and not only the first
    corrections — on · edit posts when a source corrects or takes back what they say
    buttons — on · buttons and menus under roundups

    /settings style summaries changes one · /timezone sets the zone
    ");
    assert_snapshot!(group.asks(&ben, "/sections").await.text, @"
    5 sections · 8 items

    us-nk — US–North Korea relations · 4 items · 6 Nov 2026
    inter-korean — Inter-Korean relations · 1 item · 4 Nov 2026
    japan — Japan · 2 items · 6 Nov 2026
    arms-control — Arms control · 1 item · 6 Nov 2026
    more — Other news · empty

    /latest us-nk shows one · /subscribe us-nk daily 09:00 follows it
    ");
    assert_snapshot!(group.asks(&ben, "/read 6").await.text, @"
    Ferries sail again

    The first one left on time.

    #6 · Japan · 6 Nov 2026 · from digests
    ");
    // What waited behind a manager's pause, and the part that was refused.
    assert!(stage.pause_of_address(&cara.id().to_string()).is_some());
    quiet.asks(&ben, "/resume").await;
    stage.run(message_with(&quiet, "Ferries sail again")).await;
    cara.unblocks();
    stage
        .run(message_with(&cara.chat(), "Ferries sail again"))
        .await;
    // News goes to those who follow it, through what the older version wrote.
    let sent = group.sent();
    stage.news(
        "weekly-november-7-2026.txt",
        "# Japan\n Squid counted | All of it.",
    );
    stage.run(message_with(&group, "Squid counted")).await;
    assert_eq!(group.sent(), sent + 1);
    assert_eq!(queue(&stage).dead, 0);
    stage.over().await;
}
