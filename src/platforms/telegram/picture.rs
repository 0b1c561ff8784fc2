//! What people see of a message in Telegram, for pages that show it.

use super::wire::Wire;
use tidings_core::picture::{Run, Shown};

/// What is shown of a message.
pub(super) fn of(wire: &Wire) -> Vec<Shown> {
    let mut shown = of_html(&wire.html);
    let rows = wire.buttons.iter();
    shown.extend(rows.map(|row| {
        let labels = row.iter().map(|(label, _)| label.clone());
        Shown::Buttons(labels.collect())
    }));
    shown
}

/// Our own HTML, whose tags are few and always closed.
fn of_html(html: &str) -> Vec<Shown> {
    let mut shown = Vec::new();
    let mut runs = Vec::new();
    let mut style = Run::default();
    let mut rest = html;
    while !rest.is_empty() {
        let end = rest.find('<').unwrap_or(rest.len());
        let (text, behind) = rest.split_at(end);
        if !text.is_empty() {
            runs.push(Run {
                text: unescaped(text),
                ..style.clone()
            });
        }
        let Some(length) = behind.find('>') else {
            break;
        };
        let tag = &behind[1..length];
        rest = &behind[length + 1..];
        match tag {
            "b" | "/b" => style.bold = tag == "b",
            "i" | "/i" => style.italic = tag == "i",
            "s" | "/s" => style.struck = tag == "s",
            "/a" => style.link = None,
            "/blockquote" => {
                shown.push(Shown::Quote(std::mem::take(&mut runs)));
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            }
            _ if tag.starts_with("blockquote") => end_text(&mut shown, &mut runs),
            _ => {
                if let Some(href) = tag.strip_prefix("a href=\"") {
                    style.link = Some(unescaped(href.trim_end_matches('"')));
                }
            }
        }
    }
    end_text(&mut shown, &mut runs);
    shown
}

/// A quotation stands on lines of its own, so what stands before it needs no line end.
fn end_text(shown: &mut Vec<Shown>, runs: &mut Vec<Run>) {
    if let Some(last) = runs.last_mut() {
        last.text.truncate(last.text.trim_end_matches('\n').len());
        if last.text.is_empty() {
            runs.pop();
        }
    }
    if runs.iter().any(|run| !run.text.is_empty()) {
        shown.push(Shown::Text(std::mem::take(runs)));
    }
    runs.clear();
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_the_html_says() {
        let html = "<b>Roundup</b>\n• <b><a href=\"https://a.example/?x=1&amp;y=2\">A &lt;b&gt; &amp; c</a></b>\n<blockquote expandable>Quoted &amp;amp;</blockquote>\n<s>• gone</s>";
        let shown = of_html(html);
        let said: Vec<String> = shown.iter().map(Shown::text).collect();
        assert_eq!(said, ["Roundup\n• A <b> & c", "Quoted &amp;", "• gone"]);
        let Some(Shown::Text(runs)) = shown.first() else {
            panic!("{shown:?}");
        };
        assert_eq!(
            runs.last(),
            Some(&Run {
                text: "A <b> & c".to_owned(),
                bold: true,
                link: Some("https://a.example/?x=1&y=2".to_owned()),
                ..Run::default()
            })
        );
        assert!(matches!(shown.last(), Some(Shown::Text(runs)) if runs[0].struck));
    }
}
