//! Messages of HTML that Telegram refuses for what they say, and what goes instead of them.

use super::autolink::without_links;
use super::html::{self, items, plain, units};
use super::pieces::MOST_UNITS;
use super::wire::Wire;
use crate::platforms::kit::simpler::{Renewed, Said, renewed, simpler};
use tidings_core::platform::Anew;

/// HTML of ours, or what is left of it as plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Html(String);

impl Said for Html {
    fn items(&self) -> Vec<Html> {
        items(&self.0)
            .into_iter()
            .map(|item| Html(item.to_owned()))
            .collect()
    }

    fn joined(items: &[Html]) -> Html {
        let whole: String = items.iter().map(|item| item.0.as_str()).collect();
        Html(whole.trim().to_owned())
    }

    fn plain(&self, with_links: bool) -> Html {
        // Plain text can't strike anything out: what was taken back isn't there.
        let kept = self
            .items()
            .into_iter()
            .filter(|item| item.is_struck() != Some(true));
        let kept: String = kept.map(|item| item.0).collect();
        Html(plain(kept.trim(), with_links))
    }

    fn fits(&self) -> bool {
        units(&self.0) <= MOST_UNITS
    }

    fn is_struck(&self) -> Option<bool> {
        let headline = self.0.trim_start().strip_prefix("• ")?;
        Some(headline.starts_with("<s>"))
    }
}

impl Wire {
    /// What goes instead of it: the same without its preview or its buttons, if these are refused; else the first message
    /// takes its place, and the last one has its buttons.
    pub(super) fn simpler(&self, refusal: &str) -> Vec<Wire> {
        if self.preview.is_some() && speaks_of_preview(refusal) {
            return vec![Wire {
                preview: None,
                ..self.clone()
            }];
        }
        if self.has_buttons() && speaks_of_buttons(refusal) {
            return vec![Wire {
                buttons: Vec::new(),
                ..self.clone()
            }];
        }
        let instead_of = self.instead_of.clone().map(Html);
        let said = Html(self.html.clone());
        let pieces = simpler(self.step, &said, instead_of.as_ref(), self.holds);
        let last = pieces.len().saturating_sub(1);
        let wires = pieces.into_iter().enumerate().map(|(at, piece)| Wire {
            html: piece.said.0,
            step: piece.step,
            holds: piece.holds,
            instead_of: piece.instead_of.map(|html| html.0),
            reply_to: self.reply_to.filter(|_| at == 0),
            edit: self.edit.filter(|_| at == 0),
            // It may be what was refused.
            preview: None,
            ephemeral: self.ephemeral.clone().map(|one| one.part(at)),
            buttons: if at == last {
                self.buttons.clone()
            } else {
                Vec::new()
            },
            ..self.clone()
        });
        wires.collect()
    }

    /// What it says, a piece of a message, where that says something else.
    pub(super) fn recut(&self, before: &Wire, after: &Wire, mark: Option<&str>) -> Anew {
        // Plain text has other items than what it was made of.
        if before.step.is_plain() || after.step.is_plain() {
            return Anew::Unknown;
        }
        let within = before.holds;
        let (before, after) = (Html(before.html.clone()), Html(after.html.clone()));
        match renewed(self.step, self.holds, within, &before, &after) {
            Renewed::Same => Anew::Same,
            Renewed::Unknown => Anew::Unknown,
            Renewed::Says { said, is_struck } => {
                let says = Wire {
                    html: self.marked(said.0, mark),
                    ..self.clone()
                };
                Anew::Says {
                    wire: says.to_text(),
                    is_withdrawn: is_struck,
                }
            }
        }
    }

    /// What it says, with a mark at its end where there is room for it.
    fn marked(&self, said: String, mark: Option<&str>) -> String {
        let Some(mark) = mark else { return said };
        let mark = match self.step.is_plain() {
            true => mark.to_owned(),
            false => html::Html::text(&without_links(mark)).within("i").text,
        };
        if said.is_empty() {
            return mark;
        }
        let marked = format!("{said}\n\n{mark}");
        let shown = match self.step.is_plain() {
            true => units(&marked),
            false => units(&plain(&marked, false)),
        };
        match shown <= MOST_UNITS {
            true => marked,
            false => said,
        }
    }
}

/// Whether a refusal is of what the preview is of.
fn speaks_of_preview(refusal: &str) -> bool {
    let refusal = refusal.to_lowercase();
    ["webpage", "web page", "link preview"]
        .iter()
        .any(|word| refusal.contains(word))
}

/// Whether a refusal is of what hangs under a message, and of nothing that it says.
fn speaks_of_buttons(refusal: &str) -> bool {
    let refusal = refusal.to_lowercase();
    ["button", "keyboard", "markup", "web app"]
        .iter()
        .any(|word| refusal.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wire(html: &str) -> Wire {
        Wire {
            html: html.to_owned(),
            buttons: vec![vec![("Older".to_owned(), "data".to_owned())]],
            edit: Some(7),
            ..Wire::default()
        }
    }

    /// Sends a message as Telegram would that refuses whatever holds some words; returns what arrives, what is given
    /// up, and how often it was tried.
    fn sent(html: &str, refuses: impl Fn(&Wire) -> bool) -> (Vec<Wire>, Vec<Wire>, usize) {
        let mut waiting = vec![wire(html)];
        let (mut arrived, mut dead, mut tries) = (Vec::new(), Vec::new(), 0);
        while !waiting.is_empty() {
            let next = waiting.remove(0);
            tries += 1;
            if !refuses(&next) {
                arrived.push(next);
                continue;
            }
            let simpler = next.simpler("Bad Request: can't parse entities");
            if simpler.is_empty() {
                dead.push(next);
            }
            waiting.splice(0..0, simpler);
        }
        (arrived, dead, tries)
    }

    fn roundup(count: usize) -> String {
        let mut html = "<b>Roundup</b>\n\n<b>Japan</b>".to_owned();
        for at in 0..count {
            html.push_str(&format!(
                "\n• <b><a href=\"https://example.org/{at}?a=1&amp;b=2\">Squid &lt;{at}&gt; counted</a></b>\n\
                 <blockquote expandable>First line.\n\n• Not an item.</blockquote>"
            ));
        }
        html.push_str("\n\n25 headlines");
        html
    }

    fn text(wires: &[Wire]) -> String {
        let text = |wire: &Wire| match wire.step.is_plain() {
            true => wire.html.clone(),
            false => plain(&wire.html, true),
        };
        wires.iter().map(text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_piece_of_a_piece_says_anew_what_it_holds_and_nothing_else() {
        let refusal = "Bad Request: can't parse entities";
        let whole = wire(&roundup(8));
        let renamed = |wire: &Wire, at: usize| Wire {
            html: wire.html.replace(
                &format!("Squid &lt;{at}&gt;"),
                &format!("Octopus &lt;{at}&gt;"),
            ),
            ..wire.clone()
        };
        // The second half, which was set aside and then refused.
        let half = whole.simpler(refusal)[0].simpler(refusal)[0].simpler(refusal)[1].clone();
        assert_eq!(half.step, crate::platforms::kit::simpler::Step::Half);
        let quarters = half.simpler(refusal);
        assert_eq!(quarters.len(), 2);
        let mut changed = 0;
        for at in 0..8 {
            let (before, after) = (half.clone(), renamed(&half, at));
            for quarter in &quarters {
                let holds = quarter.html.contains(&format!("Squid &lt;{at}&gt;"));
                let expected = match holds {
                    true => Anew::Says {
                        wire: renamed(quarter, at).to_text(),
                        is_withdrawn: false,
                    },
                    false => Anew::Same,
                };
                assert_eq!(quarter.recut(&before, &after, None), expected, "{at}");
                changed += usize::from(holds);
            }
        }
        assert!((3..=5).contains(&changed), "{changed}");
    }

    #[test]
    fn a_refused_preview_goes_alone_and_no_other_refusal_keeps_one() {
        let shown = Wire {
            previews: true,
            preview: Some("https://cdn.example/a.jpg".to_owned()),
            ..wire("<b>Japan</b>\n• One\n• Two")
        };
        let bare = Wire {
            preview: None,
            ..shown.clone()
        };
        assert_eq!(shown.simpler("Bad Request: WEBPAGE_CURL_FAILED"), [bare]);
        let plainer = shown.simpler("Bad Request: can't parse entities");
        assert!(!plainer.is_empty());
        assert!(plainer.iter().all(|wire| wire.preview.is_none()));
    }

    #[test]
    fn html_is_divided_at_headlines_and_never_within_a_quotation() {
        let html = roundup(3);
        let items = items(&html);
        assert_eq!(items.concat(), html);
        assert_eq!(items.len(), 6, "{items:#?}");
    }

    #[test]
    fn a_bad_word_costs_one_headline_of_25_and_the_others_keep_their_links() {
        for bad in [0, 11, 24] {
            let word = format!("Squid &lt;{bad}&gt; ");
            let said = format!("Squid <{bad}> ");
            let (arrived, dead, tries) = sent(&roundup(25), |wire| {
                wire.html.contains(&word) || wire.html.contains(&said)
            });
            let text = text(&arrived);
            for at in (0..25).filter(|at| *at != bad) {
                assert!(
                    text.contains(&format!("Squid <{at}> counted")),
                    "{at}: {text}"
                );
                assert!(text.contains(&format!("example.org/{at}?")), "{at}: {text}");
            }
            assert_eq!(dead.len(), 1);
            assert!(dead[0].html.contains(&said));
            assert!(tries <= 20, "{tries}");
        }
    }

    #[test]
    fn a_bad_address_costs_links_and_no_headline() {
        let (arrived, dead, tries) =
            sent(&roundup(25), |wire| wire.html.contains("example.org/11"));
        assert_eq!((arrived.len(), dead.len(), tries), (1, 0, 3));
        assert!(arrived[0].html.contains("Squid <24> counted"));
        assert!(!arrived[0].html.contains("example.org"));
    }

    #[test]
    fn what_only_its_form_is_refused_for_goes_as_plain_text_with_its_buttons() {
        let (arrived, dead, tries) = sent(&roundup(5), |wire| !wire.step.is_plain());
        assert_eq!((arrived.len(), dead.len(), tries), (1, 0, 2));
        assert!(arrived[0].has_buttons() && arrived[0].edit == Some(7));
        assert!(arrived[0].html.contains("(https://example.org/4?a=1&b=2)"));
    }

    #[test]
    fn buttons_that_are_refused_go() {
        let (arrived, dead, _) = sent(&roundup(5), |wire| wire.has_buttons());
        assert!(dead.is_empty() && text(&arrived).contains("Squid <4>"));
        for refusal in [
            "Bad Request: BUTTON_DATA_INVALID",
            "Bad Request: REPLY_MARKUP_INVALID",
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ] {
            let composed = wire(&roundup(5));
            let bare = Wire {
                buttons: Vec::new(),
                ..composed.clone()
            };
            assert_eq!(composed.simpler(refusal), vec![bare.clone()]);
            // What has none isn't refused for them.
            assert_ne!(bare.simpler(refusal), vec![bare.clone()]);
        }
    }

    #[test]
    fn a_text_whose_addresses_do_not_fit_comes_in_several_messages() {
        let long = "x".repeat(900);
        let html = roundup(12).replace("?a=1", &format!("?a={long}"));
        let (arrived, dead, _) = sent(&html, |wire| !wire.step.is_plain());
        assert!(dead.is_empty() && arrived.len() > 2);
        assert!(arrived.iter().all(|wire| units(&wire.html) <= MOST_UNITS));
        assert!((0..12).all(|at| text(&arrived).contains(&format!("Squid <{at}>"))));
    }

    #[test]
    fn everything_refused_ends() {
        let (arrived, dead, tries) = sent(&roundup(25), |_| true);
        assert!(arrived.is_empty());
        assert!(dead.len() >= 25 && tries < 100, "{} {tries}", dead.len());
        let (_, dead, _) = sent("", |_| true);
        assert_eq!(dead.len(), 1);
    }
}
