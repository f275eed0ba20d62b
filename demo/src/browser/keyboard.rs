//! The page as a keyboard and screen reader user perceives it: keys go in, roles and accessible names come out.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use thirtyfour::Key;

use super::Browser;

/// More tab stops than any of our pages has.
const MOST_STOPS: usize = 120;

/// The focused element, as the browser describes it to assistive software.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Focused {
    /// Its role, such as `button`.
    pub role: String,
    /// Its accessible name.
    pub name: String,
}

impl Browser {
    /// Presses a key, such as [`Key::Enter`], or types a text.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn keys(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        let keys = keys.into();
        let chain = self.web.action_chain();
        Ok(chain.send_keys(keys).perform().await?)
    }

    /// Presses `key` while Control is held down.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn control(&self, key: Key) -> Result<()> {
        let chain = self.web.action_chain().key_down(Key::Control);
        let chain = chain.send_keys(key + "").key_up(Key::Control);
        Ok(chain.perform().await?)
    }

    /// The focused element; `None` when it is the page itself.
    ///
    /// # Errors
    /// When the browser cannot be asked.
    pub async fn focused(&self) -> Result<Option<Focused>> {
        let tree = self
            .web
            .cdp()
            .send_raw("Accessibility.getFullAXTree", json!({}))
            .await?;
        let nodes = tree["nodes"].as_array().context("no accessibility tree")?;
        let has_focus = |node: &&Value| {
            let properties = node["properties"].as_array().into_iter().flatten();
            let mut focused = properties.filter(|property| property["name"] == "focused");
            node["role"]["value"] != "RootWebArea"
                && focused.any(|property| property["value"]["value"] == true)
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(nodes.iter().find(has_focus).map(|node| Focused {
            role: text(&node["role"]["value"]),
            name: text(&node["name"]["value"]),
        }))
    }

    /// Presses Tab until the element with this accessible name has the focus; returns its role.
    ///
    /// # Errors
    /// When the focus does not get there; the error lists the elements that had it.
    pub async fn tab_to(&self, name: &str) -> Result<String> {
        let mut stops = Vec::new();
        for _ in 0..MOST_STOPS {
            self.keys(Key::Tab + "").await?;
            match self.focused().await? {
                Some(focused) if focused.name == name => return Ok(focused.role),
                Some(focused) => stops.push(focused.name),
                None => {}
            }
        }
        stops.dedup();
        bail!("the keyboard does not get to \"{name}\", only to {stops:?}")
    }
}
