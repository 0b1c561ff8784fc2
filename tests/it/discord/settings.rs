//! Settings as a form: menus that show what is set, and change it at once.

use insta::assert_snapshot;

use super::harness::Stage;
use crate::harness::row;
use tidings_core::channel::Style;
use tidings_core::ids::ChannelKey;

fn key(channel: u64) -> ChannelKey {
    ChannelKey::new("discord", &channel.to_string()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_manager_sets_what_is_chosen_in_the_form() {
    let mut stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let ana = discord.manager("Ana");
    let form = ana.gives(news, "/settings");
    assert_snapshot!(form.answer().await, @"
    (only you can see this)
    **Settings of this channel**
    **style** — headlines · what a roundup shows of an item: headlines, summaries, or cards with pictures
    **silent** — off · post without a sound
    **role** — off · who is mentioned by a roundup
    **locale** — en · the language, en or ko
    **cap** — 25 · the most headlines of one roundup
    **duplicates** — off · every item of a story, and not only the first
    **corrections** — on · edit posts when a source corrects or takes back what they say
    **buttons** — on · buttons and menus under roundups
    **discuss** — off · a thread under each roundup, to talk about it

    -# what you choose below is set at once · /settings cap 10 sets the others (role, cap, corrections, discuss) · /timezone sets the zone
    ⟨✓ style: headlines | style: summaries | style: cards⟩
    ⟨silent: on | ✓ silent: off⟩
    ⟨✓ buttons: on | buttons: off⟩
    ⟨✓ locale: en | locale: ko⟩
    ⟨duplicates: on | ✓ duplicates: off⟩
    ");
    let shown = form.message().await;
    let chosen = ana.chooses(news, &shown, "style: cards");
    assert_snapshot!(chosen.answer().await, @"
    (only you can see this)
    style is now **cards** (what a roundup shows of an item).

    **Settings of this channel**
    **style** — cards · what a roundup shows of an item: headlines, summaries, or cards with pictures
    **silent** — off · post without a sound
    **role** — off · who is mentioned by a roundup
    **locale** — en · the language, en or ko
    **cap** — 25 · the most headlines of one roundup
    **duplicates** — off · every item of a story, and not only the first
    **corrections** — on · edit posts when a source corrects or takes back what they say
    **buttons** — on · buttons and menus under roundups
    **discuss** — off · a thread under each roundup, to talk about it

    -# what you choose below is set at once · /settings cap 10 sets the others (role, cap, corrections, discuss) · /timezone sets the zone
    ⟨style: headlines | style: summaries | ✓ style: cards⟩
    ⟨silent: on | ✓ silent: off⟩
    ⟨✓ buttons: on | buttons: off⟩
    ⟨✓ locale: en | locale: ko⟩
    ⟨duplicates: on | ✓ duplicates: off⟩
    ");
    assert!(chosen.is_in_place());
    let kept = |stage: &Stage| row(stage.app(), &key(news)).unwrap().settings;
    assert_eq!(kept(&stage).style, Some(Style::Cards));
    stage.restart().await;
    let shown = chosen.message().await;
    let silent = ana.chooses(news, &shown, "silent: on");
    assert!(silent.answer().await.contains("✓ style: cards"));
    assert_eq!(kept(&stage).silent, Some(true));
    // A new language is heard at once.
    let spoken = ana.chooses(news, &silent.message().await, "locale: ko");
    assert_snapshot!(spoken.answer().await, @"
    (only you can see this)
    locale 설정을 바꿨습니다: **ko** · 여기에 올리는 글의 언어

    **이 채널의 설정**
    **style** — cards · 모음에 보일 것: headlines(제목), summaries(요약), cards(사진이 있는 카드)
    **silent** — 켜짐 · 소리 없이 올리기
    **role** — 꺼짐 · 모음에서 멘션할 역할
    **locale** — ko · 언어: en 또는 ko
    **cap** — 25 · 모음 하나의 최대 기사 수
    **duplicates** — 꺼짐 · 같은 소식을 첫 기사만이 아니라 모두 받기
    **corrections** — 켜짐 · 출처가 고치거나 철회한 소식을 올린 글에서도 고치기
    **buttons** — 켜짐 · 모음 아래의 버튼과 메뉴
    **discuss** — 꺼짐 · 모음마다 이야기를 나눌 스레드 열기

    -# 아래에서 고르면 바로 바뀝니다 · 나머지(role, cap, corrections, discuss): /settings cap 10 · 시간대 정하기: /timezone
    ⟨style: headlines | style: summaries | ✓ style: cards⟩
    ⟨✓ silent: 켜짐 | silent: 꺼짐⟩
    ⟨✓ buttons: 켜짐 | buttons: 꺼짐⟩
    ⟨locale: en | ✓ locale: ko⟩
    ⟨duplicates: 켜짐 | ✓ duplicates: 꺼짐⟩
    ");
    let buttons = ana.chooses(news, &spoken.message().await, "buttons: 꺼짐");
    buttons.answer().await;
    assert_eq!(kept(&stage).buttons, Some(false));
    assert!(discord.messages(news).is_empty());
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_asked_for_at_every_choice() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let news = discord.text(discord.guild("Korea watchers"), "news");
    let (ana, ben) = (discord.manager("Ana"), discord.reader("Ben"));
    let form = ana.gives(news, "/settings").message().await;
    let chosen = ben.chooses(news, &form, "style: cards");
    assert_snapshot!(chosen.answer().await, @"
    (only you can see this)
    Only those with the permission Manage Server can change what this server’s channels follow.
    ");
    assert!(!chosen.is_in_place());
    assert!(row(stage.app(), &key(news)).is_none());
    let asked = ben.asks(news, "/settings").await;
    assert!(
        asked.contains("Manage Server") && !asked.contains('⟨'),
        "{asked}"
    );
    stage.over().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_room_in_the_form_is_typed() {
    let stage = Stage::new().await;
    let discord = stage.server.clone();
    let guild = discord.guild("Korea watchers");
    let (news, office) = (
        discord.announcements(guild, "news"),
        discord.text(guild, "office"),
    );
    let ana = discord.manager("Ana");
    assert_snapshot!(ana.asks(news, "/settings").await, @"
    (only you can see this)
    **Settings of this channel**
    **style** — headlines · what a roundup shows of an item: headlines, summaries, or cards with pictures
    **silent** — off · post without a sound
    **role** — off · who is mentioned by a roundup
    **locale** — en · the language, en or ko
    **cap** — 25 · the most headlines of one roundup
    **publish** — off · publish posts to followers
    **duplicates** — off · every item of a story, and not only the first
    **corrections** — on · edit posts when a source corrects or takes back what they say
    **buttons** — on · buttons and menus under roundups
    **discuss** — off · a thread under each roundup, to talk about it

    -# what you choose below is set at once · /settings cap 10 sets the others (role, cap, duplicates, corrections, discuss) · /timezone sets the zone
    ⟨✓ style: headlines | style: summaries | style: cards⟩
    ⟨silent: on | ✓ silent: off⟩
    ⟨publish: on | ✓ publish: off⟩
    ⟨✓ buttons: on | buttons: off⟩
    ⟨✓ locale: en | locale: ko⟩
    ");
    // A menu acts where it is; about another channel there is none.
    let elsewhere = ana.asks(office, &format!("/settings channel:{news}")).await;
    assert!(
        elsewhere.contains("Settings of") && !elsewhere.contains('⟨'),
        "{elsewhere}"
    );
    // What was typed is answered by itself.
    let typed = ana.asks(news, "/settings name:style value:cards").await;
    assert!(!typed.contains('⟨'), "{typed}");
    let own = ana.dm();
    let alone = ana.asks(own, "/settings").await;
    assert!(alone.contains('⟨') && !alone.contains("publish"), "{alone}");
    stage.over().await;
}
