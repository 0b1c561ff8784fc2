//! What stands around the text of a web page and isn't part of it: what its elements are called, and what it says.

use crate::lexicon::systems::{ELEMENTS, NAMES, PARTS};
use std::sync::LazyLock;

use regex::Regex;
use scraper::node::Element;

use tidings_core::text;

/// Whether a style keeps an element from being seen, as newsletters hide what mail programs preview. (A font without
/// size is on many a frame around text that has one.)
pub(crate) fn hides(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let told = || {
        let told = style.split(';').filter_map(|one| one.split_once(':'));
        told.map(|(own, value)| {
            let value = value.trim().trim_end_matches("!important").trim();
            (own.trim(), value)
        })
    };
    let says = |name: &str, values: &[&str]| {
        told().any(|(own, value)| own == name && values.contains(&value))
    };
    let is_away = |(own, value): (&str, &str)| {
        matches!(own, "left" | "top" | "text-indent") && value.starts_with("-999")
    };
    const NOTHING: [&str; 4] = ["0", "0px", "0pt", "0em"];
    says("display", &["none"])
        || says("visibility", &["hidden", "collapse"])
        || says("mso-hide", &["all"])
        || says("opacity", &["0", "0.0", "0%"])
        || says("overflow", &["hidden"])
            && ["max-height", "height", "max-width", "width"]
                .iter()
                .any(|side| says(side, &NOTHING))
        || says("color", &["transparent"])
        || told().any(is_away)
        || is_of_its_ground(told)
}

/// Whether text has the colour of what it stands on: white on white.
fn is_of_its_ground<'s, I: Iterator<Item = (&'s str, &'s str)>>(told: impl Fn() -> I) -> bool {
    let colour = |value: &'s str| match value {
        "white" => "fff".to_owned(),
        "black" => "000".to_owned(),
        _ => match value.strip_prefix('#') {
            // `#ffffff` is `#fff`.
            Some(hex)
                if hex.len() == 6
                    && (0..3).all(|at| hex.as_bytes()[2 * at] == hex.as_bytes()[2 * at + 1]) =>
            {
                hex.bytes().step_by(2).map(char::from).collect()
            }
            Some(hex) => hex.to_owned(),
            None => value.replace(' ', ""),
        },
    };
    let last = |names: &[&str]| told().filter(|(own, _)| names.contains(own)).last();
    match (last(&["color"]), last(&["background", "background-color"])) {
        (Some((_, text)), Some((_, ground))) => colour(text) == colour(ground) && text != "inherit",
        _ => false,
    }
}

/// Whether an element is of a kind that never belongs to the text, or isn't shown.
pub(crate) fn is_element(element: &Element) -> bool {
    // Ghost's bookmarks are figures, and items.
    let is_bookmark = element.classes().any(|name| name == "kg-bookmark-card");
    ELEMENTS.contains(&element.name()) && !is_bookmark
        || element.attr("hidden").is_some()
        || element.attr("style").is_some_and(hides)
}

/// Whether what an element is called says so: that can be wrong, so whatever holds much of a page is its text.
pub(crate) fn is_called(element: &Element) -> bool {
    if matches!(
        element.name(),
        "body" | "html" | "main" | "article" | "li" | "a" | "h1" | "h2" | "h3" | "h4"
    ) {
        return false;
    }
    let mut names = element.classes().chain(element.id());
    element.name() == "form"
        || names.any(|name| {
            let name = name.to_ascii_lowercase();
            NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part))
        })
}

static PATTERNS: LazyLock<[Regex; 3]> = LazyLock::new(|| {
    [
        // Headings behind which nothing of the page's own comes.
        r"^(?:(?:\d+ )?(?:comments?|responses?|thoughts on .*|repl(?:y|ies))|leave a (?:reply|comment)|add your comment|discussion about this post|member discussion|keep reading|stay informed|read more|more (?:posts|from .*)|written by .*|recommended(?: from .*| for you)?|related(?: posts| articles| stories| content)?|you (?:may|might) also like|about the author|recent (?:posts|content)|most (?:read|viewed|popular|shared|commented)|read next|up next|next up|(?:previous|past|older|more|other) (?:digests|issues|editions|newsletters|roundups)|popular (?:posts|articles|stories)|trending(?: now)?|support us|donate(?: now| today)?|newsletter|subscribe.*|sign up.*|share this.*|tags|댓글.*|관련 ?글|태그|최근 ?글|.* 카테고리의 다른 글)$",
        // Paragraphs that say it, whole sentences or not.
        r"^(?:copyright (?:c )?\d{4}|all rights reserved|last (?:updated|modified)|thanks? (?:you )?for reading|like what you read|view this email|our mailing address|want to change how you receive|you are receiving this|this post is public|your email address will not be published|join \d+ other|comments powered by|you (?:received|re receiving|got|get) this|subscribe to (?:our|the|my) |was this (?:e ?mail )?forwarded to you|.* all rights reserved|(?:the post|this (?:digest|article|newsletter)) .*(?:appeared first|first appeared) on|(?:this (?:digest|newsletter|roundup|edition|issue) (?:was|is) )?(?:compiled|edited|curated) by |(?:like|follow|find|join) us on (?:facebook|twitter|x|instagram|linkedin|youtube|social media)|이 블로그 |.*무단 ?전재)",
        // Those that do unless they are sentences.
        r"^(?:\d+ (?:views?|comments?|likes?|shares?|min read).*|no comments(?: yet)?|tags? .*|tagged .*|labels? .*|categor(?:y|ies) .*|powered by .*|posted (?:in|by|on|under) .*|filed under .*|contact us.*|copyright.*|support (?:our work|us)|(?:(?:privacy policy|privacy|terms(?: of (?:use|service))?|cookies?|contact|about|imprint|advertise) ?){2,}|become a member|join now|subscribe.*|sign (?:up|in)|log in.*|share|reply|tweet|print|email|facebook|twitter|instagram|linkedin|youtube|website|rss|back to top|(?:(?:previous|next|older|newer)(?: posts?| articles?| page)? ?)+|(?:(?:share|like|tweet|email|print|facebook|twitter|instagram|linkedin|youtube|whatsapp|rss) ?){2,}|like loading|(?:please )?follow us(?: on)? .*|(?:see|view|show) all(?: .{1,30})?|unsubscribe.*|manage (?:your )?(?:preferences|subscription)s?.*|공유하기|맨 위로|게시글 관리|공감|구독하기|목록)$",
    ]
    .map(|pattern| {
        #[expect(clippy::unwrap_used, reason = "constant patterns, covered by tests")]
        Regex::new(pattern).unwrap()
    })
});

/// Whether a heading, folded, is one behind which a page's own text has ended.
pub(crate) fn ends_page(folded: &str) -> bool {
    PATTERNS[0].is_match(folded)
}

/// Whether a heading, folded, stands over an advertisement.
pub(crate) fn is_advertised(folded: &str) -> bool {
    matches!(
        folded,
        "advertisement" | "sponsored" | "in partnership with" | "presented by" | "together with"
    )
}

/// Whether a paragraph is none of the text.
pub(crate) fn is_said(paragraph: &str, folded: &str) -> bool {
    PATTERNS[1].is_match(folded) && folded.len() < 200
        || PATTERNS[2].is_match(folded) && !text::ends_sentence(paragraph)
}

/// What links to a whole story are called, folded, beside what design.md names for texts.
static TO_THE_STORY: LazyLock<Regex> = LazyLock::new(|| {
    #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
    Regex::new(
        r"^(?:(?:read|see|view|get)(?: the)?(?: full| whole| entire| original)? (?:more|story|article|report|post|text|here)(?: (?:at|on|in|from) .{1,40}| here)?|read (?:on|it|more .{1,40})|learn more|find out more|read|more(?: here)?|(?:full|original|complete) (?:story|article|text|report)(?: here)?|continue reading(?: .*)?|source|link|here|기사 ?보기|기사 (?:원문|전문)|원문(?: ?보기)?|더 ?보기|더 읽기|자세히(?: 보기)?|전문 보기|계속 읽기|출처|링크)$",
    )
    .unwrap()
});

/// Whether a paragraph, folded, ends a newsletter: a farewell, or what the law wants to be said behind it.
pub(crate) fn signs_off(folded: &str) -> bool {
    static FAREWELL: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(
            r"^(?:you (?:are|re) receiving this|you (?:received|got) this|this (?:e ?mail|newsletter) was sent to|to unsubscribe|unsubscribe|our mailing address|want to change how you receive|see you (?:next|soon|tomorrow|again)|that s (?:all|it) for (?:this|today|now)|until next (?:week|time)|thanks? (?:you )?for reading|have a (?:great|good|nice|lovely) (?:week|weekend|day)|수신 ?거부|본 메일은|이 메일은|配信停止|メール配信|このメール)",
        )
        .unwrap()
    });
    folded.len() < 300 && FAREWELL.is_match(folded)
}

/// Whether a paragraph that ends in a link names whose story it is: `Source: Hankyoreh`.
pub(crate) fn names_the_outlet(paragraph: &str) -> bool {
    static SOURCE: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::unwrap_used, reason = "a constant pattern, covered by tests")]
        Regex::new(r"^[(\[]?(?i:sources?|via|read (?:more|on|the (?:story|article))|full (?:story|article)|출처|원문|기사 원문) ?: ?\S.{0,80}$").unwrap()
    });
    paragraph.contains(':') && SOURCE.is_match(paragraph)
}

/// Whether a heading or a line, folded, stands over the page's table of contents.
pub(crate) fn is_contents(folded: &str) -> bool {
    matches!(
        folded,
        "in this issue"
            | "in this edition"
            | "in this newsletter"
            | "contents"
            | "table of contents"
            | "on this page"
            | "jump to"
            | "menu"
            | "navigation"
            | "목차"
            | "메뉴"
            | "차례"
    )
}

/// Whether a linked text is a name for the whole story.
pub(crate) fn names_the_story(text: &str) -> bool {
    /// No such name is longer, folded, in bytes.
    const LONGEST: usize = 119;
    begins_like_a_name(text)
        && text::fold_within(text, LONGEST).is_some_and(|folded| TO_THE_STORY.is_match(&folded))
}

/// Whether a text's first word may be the first of [`TO_THE_STORY`]: nearly every headline is told from a name by it,
/// without being folded.
fn begins_like_a_name(text: &str) -> bool {
    const FIRST: [&str; 14] = [
        "read", "see", "view", "get", "learn", "find", "more", "full", "original", "complete",
        "continue", "source", "link", "here",
    ];
    let start = text.trim_start_matches(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric());
    let end = start.find(|c: char| !c.is_ascii_alphanumeric());
    let (word, rest) = start.split_at(end.unwrap_or(start.len()));
    // What isn't ASCII may be folded to anything, and `R.E.A.D.` is put together.
    let is_more =
        rest.starts_with(|c: char| !c.is_ascii()) || word.len() == 1 && rest.starts_with('.');
    is_more || FIRST.iter().any(|first| word.eq_ignore_ascii_case(first))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// What a text begins with decides nothing that its whole wouldn't.
        #[test]
        fn a_name_is_known_by_its_first_word(parts in prop::collection::vec(
            prop::sample::select(vec![
                "read", "Read", "R.E.A.D.", "more", "MORE", "ｒead", "rea\u{301}d", "the", "story", "here", "Source",
                "원문", "기사 원문", "»", "→", "(", "[", " ", ".", "-", "'", ":", "\u{200B}", "link", "2", "full", "보기",
            ]),
            0..6,
        )) {
            for text in [parts.concat(), parts.join(" ")] {
                let whole = TO_THE_STORY.is_match(&text::fold(&text));
                prop_assert_eq!(names_the_story(&text), whole, "{}", text);
            }
        }
    }
}
