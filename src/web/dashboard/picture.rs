//! Pictures of messages as their platforms would show them.

use maud::{Markup, html};

use tidings_core::picture::{Run, Shown};

/// A message.
pub(super) fn message(shown: &[Shown]) -> Markup {
    html! {
        div.message { @for block in shown { (of(block)) } }
    }
}

fn of(block: &Shown) -> Markup {
    match block {
        Shown::Text(runs) => html! { p dir="auto" { (lines(runs)) } },
        Shown::Heading(runs) => html! { p.heading dir="auto" { (lines(runs)) } },
        Shown::Small(runs) => html! { p.small dir="auto" { (lines(runs)) } },
        Shown::Quote(runs) => html! { blockquote dir="auto" { (lines(runs)) } },
        Shown::Card { colour, shown } => html! {
            div.card {
                // A style in the page would be a style from anywhere: the colour is an element of its own.
                @if let Some(colour) = colour {
                    svg.side viewBox="0 0 4 100" preserveAspectRatio="none" aria-hidden="true" {
                        rect width="4" height="100" fill=(format!("#{colour:06x}"));
                    }
                }
                div { @for block in shown { (of(block)) } }
            }
        },
        Shown::Buttons(labels) => html! {
            p.buttons { @for label in labels { span { (label) } } }
        },
        Shown::Menu(placeholder, options) => html! {
            details.menu {
                summary { (placeholder) }
                ul { @for option in options { li dir="auto" { (option) } } }
            }
        },
    }
}

fn lines(runs: &[Run]) -> Markup {
    html! {
        @for run in runs {
            @match run.link.as_deref().filter(|link| is_safe(link)) {
                Some(link) => { a href=(link) rel="noopener noreferrer" { (styled(run)) } }
                None => { (styled(run)) }
            }
        }
    }
}

fn styled(run: &Run) -> Markup {
    let said = html! { (run.text) };
    let said = if run.struck {
        html! { s { (said) } }
    } else {
        said
    };
    let said = if run.italic {
        html! { i { (said) } }
    } else {
        said
    };
    if run.bold {
        html! { b { (said) } }
    } else {
        said
    }
}

/// Returns true if a link leads to the web, and not to a script.
fn is_safe(link: &str) -> bool {
    link.starts_with("https://") || link.starts_with("http://")
}
