//! What sites and newsletters say around their texts.

/// Headings behind which nothing of the page's own comes, folded. A headline may begin like one: `Written by prisoners: …`.
pub(crate) const BEHIND_THE_PAGE: &str = r"^(?:(?:\d+ )?(?:comments?|responses?|thoughts on .*|repl(?:y|ies))|leave a (?:reply|comment)|add your comment|discussion about this post|member discussion|keep reading|stay informed|read more|more posts|more from (?:(?:the|our|this) )?(?:[^ ]+ ?){1,2}|written by (?:[^ ]+ ?){1,3}|recommended(?: from .*| for you)?|related(?: posts| articles| stories| content)?|you (?:may|might) also like|about the author|recent (?:posts|content)|most (?:read|viewed|popular|shared|commented)|read next|up next|next up|(?:previous|past|older|more|other) (?:digests|issues|editions|newsletters|roundups)|popular (?:posts|articles|stories)|trending(?: now)?|support us|donate(?: now| today)?|newsletter|subscribe(?: (?:now|here|today|free|for free)|(?: now)? to .{1,40}| (?:by|via|for) (?:e ?mail|rss|free|updates|our|the|more).*)?|sign up(?: (?:now|here|today|free|for free)| (?:to|for) (?:our|the|my|this|free|e ?mail|weekly|daily|news ?letters?|updates|alerts)(?: .*)?)?|share(?: this)?(?: (?:post|article|story|page|digest|issue|newsletter))?(?: (?:on|via) .*)?|tags|댓글(?: ?\d+(?: ?[개건])?| ?(?:쓰기|달기|남기기|작성|목록|보기))?|관련 ?글|태그|최근 ?글|.* 카테고리의 다른 글)$";

/// Paragraphs that are none of the text, whole sentences or not, folded.
pub(crate) const SAID_IN_ANY_CASE: &str = r"^(?:copyright (?:c )?\d{4}|all rights reserved|last (?:updated|modified)|thanks? (?:you )?for reading|like what you read|view this email|our mailing address|want to change how you receive|you are receiving this|this post is public|your email address will not be published|join \d+ other|comments powered by|you (?:received|re receiving|got|get) this|subscribe to (?:our|the|my) |was this (?:e ?mail )?forwarded to you|.* all rights reserved|(?:the post|this (?:digest|article|newsletter)) .*(?:appeared first|first appeared) on|(?:this (?:digest|newsletter|roundup|edition|issue) (?:was|is) )?(?:compiled|edited|curated) by |(?:like|follow|find|join) us on (?:facebook|twitter|x|instagram|linkedin|youtube|social media)|이 블로그 |.*무단 ?전재)";

/// Those that are none of it unless they are sentences, folded. Headlines begin like them: `12 views of Seoul`.
pub(crate) const SAID_UNLESS_SENTENCES: &str = r"^(?:(?:\d+ (?:views?|comments?|likes?|shares?|replies|min(?:ute)?s? read) ?)+(?:so far|ago|on .*)?|no comments(?: yet)?|powered by (?:[^ ]+ ?){1,3}|contact us(?: (?:at|for|by|via|with|here|today|if) .*)?|copyright(?: c .*| notice| policy)?|support (?:our work|us)|(?:(?:privacy policy|privacy|terms(?: of (?:use|service))?|cookies?|contact|about|imprint|advertise) ?){2,}|become a member|join now|subscribe(?: (?:now|here|today|free|for free)|(?: now)? to .{1,40}| (?:by|via|for|in|on|with|and|or) .*)?|sign (?:up|in)|log ?in(?: (?:to|with|or|here|now) .*)?|share|reply|tweet|print|email|facebook|twitter|instagram|linkedin|youtube|website|rss|back to top|(?:(?:previous|next|older|newer)(?: posts?| articles?| page)? ?)+|(?:(?:share|like|tweet|email|print|facebook|twitter|instagram|linkedin|youtube|whatsapp|rss) ?){2,}|(?:(?:share(?: this)?(?: on| via)?|copy(?: link| url)?|link|url ?복사|링크 ?복사|주소 ?복사|공유|like|tweet|email|print|facebook|페이스북|twitter|트위터|x|instagram|linkedin|youtube|whatsapp|kakao(?: ?talk)?|카카오(?:톡|스토리)|line|naver(?: blog)?|네이버(?: ?블로그)?|band|밴드|reddit|pinterest|bluesky|threads|mastodon|messenger|pocket|rss) ?){3,}|like loading|(?:please )?follow us(?: on)? .*|(?:see|view|show|browse) all(?: (?:[^ ]+ ){0,3}(?:posts?|articles?|stories|comments?|replies|issues?|news|archives?|digests?|editions?|results?|entries|headlines|episodes|topics|tags|categories|authors?))?(?: (?:by|from|in|on) .{1,30})?|unsubscribe(?: .*)?|manage (?:your )?(?:preferences|subscription)s?.*|공유하기|맨 위로|게시글 관리|공감|구독하기|목록)$";

/// What stands in front of the kinds that a story is of, or of who put it up; and whose it is.
pub(crate) const BEFORE_LABELS: &str = r"^(?i:tags?|tagged|labels?|categor(?:y|ies)|filed under|posted (?:in|by|on|under))(\s*[:：])?(?:\s|$)|^(?i:copyright\s+)?(?:(©|\([cC]\)))";

/// What links to a whole story are called, folded, beside what design.md names for texts.
pub(crate) const TO_THE_STORY: &str = r"^(?:(?:read|see|view|get)(?: the)?(?: full| whole| entire| original)? (?:more|story|article|report|post|text|here)(?: (?:at|on|in|from) .{1,40}| here)?|read (?:on|it|more .{1,40})|learn more|find out more|read|more(?: here)?|(?:full|original|complete) (?:story|article|text|report)(?: here)?|continue reading(?: .*)?|source|link|here|기사 ?보기|기사 (?:원문|전문)|원문(?: ?보기)?|더 ?보기|더 읽기|자세히(?: 보기)?|전문 보기|계속 읽기|출처|링크)$";

/// The first words of those that begin in ASCII: a test compares them.
pub(crate) const BEGINNINGS_TO_THE_STORY: [&str; 14] = [
    "read", "see", "view", "get", "learn", "find", "more", "full", "original", "complete",
    "continue", "source", "link", "here",
];

/// How newsletters end: a farewell, or what the law wants to be said behind them. Folded.
pub(crate) const SIGNS_OFF: &str = r"^(?:you (?:are|re) receiving this|you (?:received|got) this|this (?:e ?mail|newsletter) was sent to|to unsubscribe|unsubscribe|our mailing address|want to change how you receive|see you (?:next|soon|tomorrow|again)|that s (?:all|it) for (?:this|today|now)|until next (?:week|time)|thanks? (?:you )?for reading|have a (?:great|good|nice|lovely) (?:week|weekend|day)|수신 ?거부|본 메일은|이 메일은|配信停止|メール配信|このメール)";

/// `Source: Hankyoreh`
pub(crate) const NAMES_THE_OUTLET: &str = r"^[(\[]?(?i:sources?|via|read (?:more|on|the (?:story|article))|full (?:story|article)|출처|원문|기사 원문) ?: ?\S.{0,80}$";

/// What stands over a page's table of contents, folded.
pub(crate) const CONTENTS: [&str; 12] = [
    "in this issue",
    "in this edition",
    "in this newsletter",
    "contents",
    "table of contents",
    "on this page",
    "jump to",
    "menu",
    "navigation",
    "목차",
    "메뉴",
    "차례",
];

/// What leads to a site's pages before and after one, folded.
pub(crate) const TURNING: [&str; 30] = [
    "prev",
    "previous",
    "next",
    "older",
    "newer",
    "이전",
    "다음",
    "이전글",
    "다음글",
    "지난",
    "지난호",
    "前へ",
    "次へ",
    "前の",
    "次の",
    "上一页",
    "下一页",
    "zurück",
    "weiter",
    "précédent",
    "suivant",
    "précédente",
    "suivante",
    "anterior",
    "siguiente",
    "precedente",
    "successivo",
    "vorige",
    "volgende",
    "следующая",
];

/// What stands beside those, folded.
pub(crate) const PAGE: [&str; 26] = [
    "page",
    "pages",
    "post",
    "posts",
    "entries",
    "article",
    "articles",
    "story",
    "issue",
    "edition",
    "digest",
    "newsletter",
    "message",
    "글",
    "호",
    "of",
    "first",
    "last",
    "페이지",
    "처음",
    "마지막",
    "끝",
    "ページ",
    "seite",
    "página",
    "von",
];

/// What a site asks of its readers begins with one of these words.
pub(crate) const ASKING: [&str; 24] = [
    "become",
    "browse",
    "buy",
    "click",
    "contact",
    "donate",
    "download",
    "email",
    "follow",
    "forward",
    "get",
    "give",
    "join",
    "read",
    "see",
    "send",
    "share",
    "sign",
    "subscribe",
    "support",
    "tell",
    "unsubscribe",
    "view",
    "write",
];

/// The same in languages that don't part their words so.
pub(crate) const ASKING_BEGINNINGS: [&str; 5] = ["구독", "후원", "공유", "수신", "購読"];

/// Words of titles that are a collection's and no story's, folded.
pub(crate) const COLLECTIONS: [&str; 31] = [
    "digest",
    "digests",
    "newsletter",
    "newsletters",
    "bulletin",
    "roundup",
    "round up",
    "briefing",
    "briefings",
    "brief",
    "briefs",
    "headlines",
    "links",
    "weekly",
    "daily",
    "monthly",
    "issue",
    "edition",
    "news",
    "stories",
    "articles",
    "posts",
    "latest",
    "this week",
    "week in",
    "다이제스트",
    "뉴스레터",
    "브리핑",
    "뉴스",
    "소식",
    "모음",
];
