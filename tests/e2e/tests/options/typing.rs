//! What the user is typing is left to them.

use anyhow::Result;
use serde_json::json;

use crate::{SAVED, eval, page, until};

#[tokio::test]
async fn a_number_is_put_in_order_when_its_field_is_left_and_the_caret_stays_until_then()
-> Result<()> {
    let bare = page(&[], json!({ "saved": SAVED })).await?;
    let browser = &bare.browser;
    let type_in_front = "
        document.querySelectorAll('details')[3].open = true;
        const field = document.getElementById('session.renewal_timeout_s');
        field.focus();
        document.execCommand('insertText', false, '5 ');
        field.setSelectionRange(0, 0);
        document.execCommand('insertText', false, '0');
        return [field.value, field.selectionStart];";
    assert_eq!(eval(browser, type_in_front).await?, json!(["05 ", 1]));
    browser.shows("There are unsaved changes.").await?;
    let tidied = "
        document.activeElement.blur();
        return document.getElementById('session.renewal_timeout_s').value === '5'";
    until(browser, "the number in order", tidied).await?;
    bare.browser.close().await
}
