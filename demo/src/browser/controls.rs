//! Buttons and fields, found by their accessible names.

use anyhow::{Result, ensure};
use serde_json::json;
use thirtyfour::{Key, WebElement};

use super::Browser;

const BUTTONS: &str = "button, [role=button], [type=submit]";
const FIELDS: &str = "input, textarea, select";

/// The first visible element of a kind with this accessible name.
const FIND: &str = "
    const [selector, name] = arguments;
    const text = (element) => element?.textContent.replace(/\\s+/g, ' ').trim();
    const nameOf = (element) =>
        element.getAttribute('aria-label')
        ?? text(document.getElementById(element.getAttribute('aria-labelledby')))
        ?? (element.labels?.length ? text(element.labels[0]) : null)
        ?? (text(element) || element.value);
    const found = [...document.querySelectorAll(selector)]
        .find((element) => nameOf(element) === name && element.checkVisibility());
    // Scrolled to the center, so that no sticky bar covers it.
    found?.scrollIntoView({ block: 'center', behavior: 'instant' });
    return found ?? null;";

impl Browser {
    /// Clicks the button with this accessible name, as soon as it is enabled.
    ///
    /// # Errors
    /// When it cannot within 30 s.
    pub async fn press(&self, name: &str) -> Result<()> {
        self.until(&format!("pressing \"{name}\""), async || {
            let Some(button) = self.element(BUTTONS, name).await? else {
                return Ok(None);
            };
            if !button.is_enabled().await? {
                return Ok(None);
            }
            Ok(Some(button.click().await?))
        })
        .await
    }

    /// Whether there is an enabled button with this accessible name.
    ///
    /// # Errors
    /// When the page cannot be asked.
    pub async fn can_press(&self, name: &str) -> Result<bool> {
        match self.element(BUTTONS, name).await? {
            Some(button) => Ok(button.is_enabled().await?),
            None => Ok(false),
        }
    }

    /// Types `text` into the field with this label, or selects the option `text` there.
    ///
    /// # Errors
    /// When there is no such field within 30 s.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        self.until(&format!("filling in \"{label}\""), async || {
            let Some(field) = self.element(FIELDS, label).await? else {
                return Ok(None);
            };
            if field.tag_name().await? == "select" {
                let choose = "
                    arguments[0].value = arguments[1];
                    arguments[0].dispatchEvent(new Event('input', { bubbles: true }));
                    arguments[0].dispatchEvent(new Event('change', { bubbles: true }));";
                self.web
                    .execute(choose, vec![field.to_json()?, json!(text)])
                    .await?;
            } else {
                // Selects the old text and types over it, because clearing a field sends the page no event. It is selected
                // by script, because a keyboard shortcut may be lost while a page comes back to the front.
                let select = "arguments[0].focus(); arguments[0].select();";
                self.web.execute(select, vec![field.to_json()?]).await?;
                field.send_keys(Key::Backspace + text).await?;
                let shown = field.value().await?.unwrap_or_default();
                ensure!(shown == text, "the field shows \"{shown}\"");
            }
            Ok(Some(()))
        })
        .await
    }

    async fn element(&self, selector: &str, name: &str) -> Result<Option<WebElement>> {
        let found = self
            .web
            .execute(FIND, vec![json!(selector), json!(name)])
            .await?;
        if found.json().is_null() {
            Ok(None)
        } else {
            Ok(Some(found.element()?))
        }
    }
}
