//! Pictures of wire texts: what a platform would show of a message, in neutral blocks, so that a page can show it too.

/// A piece of text as it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// What it says.
    pub text: String,
    /// Whether it is stressed.
    pub bold: bool,
    /// Whether it leans.
    pub italic: bool,
    /// Whether it is struck out.
    pub struck: bool,
    /// Where it leads.
    pub link: Option<String>,
}

impl Run {
    /// Plain text.
    pub fn plain(text: impl Into<String>) -> Run {
        Run {
            text: text.into(),
            ..Run::default()
        }
    }
}

/// What is shown, from top to bottom. Lines end where texts have line ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// Text.
    Text(Vec<Run>),
    /// A heading.
    Heading(Vec<Run>),
    /// Small print.
    Small(Vec<Run>),
    /// What is folded up, or set off.
    Quote(Vec<Run>),
    /// A card in a colour.
    Card {
        /// The colour of its side, as red, green and blue.
        colour: Option<u32>,
        /// What is on it.
        shown: Vec<Shown>,
    },
    /// Buttons beside each other.
    Buttons(Vec<String>),
    /// A menu: what it says, and what can be chosen.
    Menu(String, Vec<String>),
}

impl Shown {
    /// What it says, without how it looks.
    pub fn text(&self) -> String {
        match self {
            Shown::Text(runs) | Shown::Heading(runs) | Shown::Small(runs) | Shown::Quote(runs) => {
                runs.iter().map(|run| run.text.as_str()).collect()
            }
            Shown::Card { shown, .. } => {
                let texts: Vec<String> = shown.iter().map(Shown::text).collect();
                texts.join("\n")
            }
            Shown::Buttons(labels) => labels.join(" "),
            Shown::Menu(placeholder, _) => placeholder.clone(),
        }
    }
}
