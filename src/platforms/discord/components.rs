//! Buttons and menus under messages. All that one needs to know is in its data, so it works after a restart.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::limits::{
    CHOICE, CHOICES, CUSTOM_ID, INPUT_LABEL, LABEL, PLACEHOLDER, ROW, TEXT, fit, length,
};
use crate::chat::commands::{Action, Button, Field, Form, Invocation, Reply, SettingMenu};
use crate::platforms::kit::sharing::{self, Shared};
use tidings_core::ids::ItemId;
use tidings_core::language::Localizer;

/// What a button that asks for words to search carries, and the form that it opens.
pub(super) const SEARCH: &str = "search";

/// The field of that form.
pub(super) const WORDS: &str = "words";

/// What the menu of sections carries; the choice says the rest.
const SECTIONS: &str = "sections";

/// What the menu of a roundup's headlines carries; the choice is an item's number.
const READ: &str = "read";

/// In front of the line that a menu's choice completes to a command.
const SET: char = '=';

// Kinds of components (https://docs.discord.com/developers/components/reference#component-object-component-types).
const ACTION_ROW: u8 = 1;
const BUTTON: u8 = 2;
const STRING_SELECT: u8 = 3;
const TEXT_INPUT: u8 = 4;

// Styles of buttons (https://docs.discord.com/developers/components/reference#button-button-styles).
const PRIMARY: u8 = 1;
const SECONDARY: u8 = 2;
const LINK: u8 = 5;

/// What somebody did with a component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pressed {
    /// A button, or a choice of a menu.
    Do(Action),
    /// Shows everybody what a command answers, or what a button leads to.
    Share(Shared),
    /// Asks for words to search.
    Search,
    /// Shows an item that was chosen.
    Read(Invocation),
    /// Sets what was chosen in a form.
    Set(Invocation),
}

impl Pressed {
    /// Reads a component's data, and the choice of a menu; `None` if it is none of ours.
    pub(super) fn read(data: &str, choice: Option<&str>) -> Option<Pressed> {
        if data == SEARCH {
            return Some(Pressed::Search);
        }
        if let Some(shared) = Shared::read(data) {
            return Some(Pressed::Share(shared));
        }
        if data == READ {
            let item = choice?.parse().ok()?;
            return Some(Pressed::Read(Invocation::read(item)));
        }
        if let Some(line) = data.strip_prefix(SET) {
            let set = Invocation::parse(&format!("{line} {}", choice?));
            return set.ok().map(Pressed::Set);
        }
        let data = if data == SECTIONS { choice? } else { data };
        Action::decode(data).map(Pressed::Do)
    }
}

/// A row of buttons, from labels and data.
pub(super) fn row<'b>(buttons: impl Iterator<Item = (&'b str, &'b str)>) -> Value {
    let buttons: Vec<Value> = buttons
        .map(|(label, data)| button(label, data, SECONDARY))
        .collect();
    json!({ "type": ACTION_ROW, "components": buttons })
}

fn button(label: &str, data: &str, style: u8) -> Value {
    json!({ "type": BUTTON, "style": style, "label": fit(label, LABEL), "custom_id": data })
}

/// A button that opens an address.
pub(super) fn link_button(label: &str, url: &str) -> Value {
    json!({ "type": BUTTON, "style": LINK, "label": fit(label, LABEL), "url": url })
}

/// The headlines of a roundup's message, one of which is chosen to be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Menu {
    /// What it says before one is chosen.
    placeholder: String,
    /// The headlines, and the numbers of their items.
    options: Vec<(String, String)>,
}

impl Menu {
    /// A menu of as many headlines as one can hold; `None` for none.
    pub(super) fn of<'h>(
        placeholder: &str,
        headlines: impl Iterator<Item = (ItemId, &'h str)>,
    ) -> Option<Menu> {
        let mut options: Vec<(String, String)> = Vec::new();
        for (item, title) in headlines {
            let value = item.to_string();
            let is_there = options.iter().any(|(_, known)| *known == value);
            if !is_there && !title.trim().is_empty() && options.len() < CHOICES {
                options.push((fit(title, CHOICE), value));
            }
        }
        (!options.is_empty()).then(|| Menu {
            placeholder: fit(placeholder, PLACEHOLDER),
            options,
        })
    }

    /// What it says, and what can be chosen.
    pub(super) fn shown(&self) -> (String, Vec<String>) {
        let labels = self.options.iter().map(|(label, _)| label.clone());
        (self.placeholder.clone(), labels.collect())
    }

    /// The row that it takes.
    pub(super) fn row(&self) -> Value {
        let option = |(label, value): &(String, String)| json!({ "label": label, "value": value });
        let options: Vec<Value> = self.options.iter().map(option).collect();
        let menu = json!({
            "type": STRING_SELECT, "custom_id": READ, "options": options, "placeholder": self.placeholder,
        });
        json!({ "type": ACTION_ROW, "components": [menu] })
    }
}

/// The menus of a form, each in a row of its own.
fn menus(form: &Form) -> Vec<Value> {
    let row = |menu: &SettingMenu| {
        let options = menu.options.iter().take(CHOICES);
        let options = options.map(|(value, label, is_set)| {
            json!({ "label": fit(label, CHOICE), "value": value, "default": is_set })
        });
        let select = json!({
            "type": STRING_SELECT, "custom_id": format!("{SET}{}", menu.line),
            "options": options.collect::<Vec<_>>(),
        });
        json!({ "type": ACTION_ROW, "components": [select] })
    };
    form.menus.iter().take(ROW).map(row).collect()
}

/// What stands under an answer: a menu of sections, and a row of buttons. `share` is what a Share button is to
/// show, as a command or a button's data.
pub(super) fn under(reply: &Reply, say: Localizer<'_>, share: Option<&str>) -> Vec<Value> {
    if let Some(form) = &reply.form {
        return menus(form);
    }
    let mut rows = Vec::new();
    let mut buttons: Vec<Value> = Vec::new();
    let (menu, way_back) = match reply.sections.as_slice() {
        [(None, label)] => (None, Action::Open(None).button(label.clone())),
        sections => (menu(sections, say), None),
    };
    rows.extend(menu);
    rows.extend(choices(reply, say));
    let mut add = |made: &Button, style| buttons.push(button(&made.label, &made.data, style));
    for made in way_back.iter().chain(&reply.pages(say)) {
        add(made, SECONDARY);
    }
    for (label, data) in &reply.deeds {
        let made = Button {
            label: label.clone(),
            data: data.clone(),
        };
        add(&made, SECONDARY);
    }
    if let Some(made) = reply.follow_button(say) {
        add(&made, PRIMARY);
    }
    let shared = share.map(sharing::data);
    if let Some(data) = shared.filter(|data| length(data) <= CUSTOM_ID) {
        let label = say.text("button-share", &[]);
        buttons.push(button(&label, &data, SECONDARY));
    }
    buttons.truncate(ROW);
    if !buttons.is_empty() {
        rows.push(json!({ "type": ACTION_ROW, "components": buttons }));
    }
    rows
}

/// What else can be chosen, as a menu.
fn choices(reply: &Reply, say: Localizer<'_>) -> Option<Value> {
    let option =
        |(label, data): &(String, String)| json!({ "label": fit(label, CHOICE), "value": data });
    let options: Vec<Value> = reply.choices.iter().map(option).take(CHOICES).collect();
    if options.is_empty() {
        return None;
    }
    let menu = json!({
        "type": STRING_SELECT, "custom_id": SECTIONS, "options": options, "placeholder": say.text("choose", &[]),
    });
    Some(json!({ "type": ACTION_ROW, "components": [menu] }))
}

fn menu(
    sections: &[(Option<tidings_core::ids::SectionId>, String)],
    say: Localizer<'_>,
) -> Option<Value> {
    let options: Vec<Value> = sections
        .iter()
        .filter_map(|(section, title)| {
            let value = Action::Open(*section).encode()?;
            Some(json!({ "label": fit(title, CHOICE), "value": value }))
        })
        .take(CHOICES)
        .collect();
    if options.is_empty() {
        return None;
    }
    let placeholder = say.text("sections-choose", &[]);
    let menu = json!({
        "type": STRING_SELECT, "custom_id": SECTIONS, "options": options, "placeholder": placeholder,
    });
    Some(json!({ "type": ACTION_ROW, "components": [menu] }))
}

/// The form that asks for words to search.
pub(super) fn search_form(say: Localizer<'_>) -> Value {
    let input = json!({
        "type": TEXT_INPUT, "custom_id": WORDS, "style": 1, "label": say.text("search-label", &[]),
        "min_length": 1, "max_length": CHOICE, "required": true,
    });
    json!({
        "custom_id": SEARCH,
        "title": say.text("button-search", &[]),
        "components": [{ "type": ACTION_ROW, "components": [input] }],
    })
}

/// A form for what an editor is asked to write; `data` is the button's, which says what is asked. A text that is longer
/// than a field takes has none, and stays as it is.
pub(super) fn prompt_form(data: &str, title: &str, fields: &[Field]) -> Value {
    let fields = fields.iter().filter(|field| length(&field.value) <= TEXT);
    let rows = fields.map(|field| {
        let mut input = json!({
            "type": TEXT_INPUT, "custom_id": field.name, "style": if field.is_long { 2 } else { 1 },
            "label": fit(&field.label, INPUT_LABEL), "max_length": TEXT.min(field.most), "required": field.is_required,
        });
        if !field.value.is_empty() {
            input["value"] = json!(field.value);
        }
        json!({ "type": ACTION_ROW, "components": [input] })
    });
    json!({
        "custom_id": data,
        "title": fit(title, INPUT_LABEL),
        "components": rows.collect::<Vec<_>>(),
    })
}
