//! The texts that users read, in the browser's language, from Chrome's `_locales`.
//!
//! In the extension Chrome picks the language. Natively the texts come from the same files, in English or in the language
//! of [`in_language`], so that tests read the same texts as users.

#[cfg(not(target_arch = "wasm32"))]
mod files;

#[cfg(not(target_arch = "wasm32"))]
pub use self::files::{in_language, languages};

/// The text with this key; the key itself if there is none, which a test prevents.
#[must_use]
pub fn text(key: &str) -> String {
    text_with(key, &[])
}

/// The text with this key, with its placeholders `$1` to `$9` filled in.
#[must_use]
pub fn text_with(key: &str, substitutions: &[&str]) -> String {
    find(key, substitutions).unwrap_or_else(|| key.to_owned())
}

/// The text with this key, if there is one.
#[must_use]
pub fn find(key: &str, substitutions: &[&str]) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    let found = evertoken_webext::i18n::message(key, substitutions);
    #[cfg(not(target_arch = "wasm32"))]
    let found = files::message(key, substitutions);
    Some(found).filter(|found| !found.is_empty())
}

/// The singular or plural text: `key_one` for 1, otherwise `key_other` with the number as `$1`.
#[must_use]
pub fn counted(key: &str, number: usize) -> String {
    match number {
        1 => text(&[key, "_one"].concat()),
        _ => text_with(&[key, "_other"].concat(), &[&number.to_string()]),
    }
}
