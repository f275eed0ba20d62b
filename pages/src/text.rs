//! The words that people read, in the browser's language: Chrome's `_locales`.
//!
//! In the extension Chrome picks the language. Natively the words come from the same files: English, or what
//! [`in_language`] names, so that tests read what people do.

#[cfg(not(target_arch = "wasm32"))]
mod files;

#[cfg(not(target_arch = "wasm32"))]
pub use self::files::{in_language, languages};

/// The text `key`; the key itself where it has none, which a test keeps from happening.
#[must_use]
pub fn text(key: &str) -> String {
    text_with(key, &[])
}

/// The text `key` with its places `$1` to `$9` filled in.
#[must_use]
pub fn text_with(key: &str, substitutions: &[&str]) -> String {
    find(key, substitutions).unwrap_or_else(|| key.to_owned())
}

/// The text `key`, if there is one.
#[must_use]
pub fn find(key: &str, substitutions: &[&str]) -> Option<String> {
    #[cfg(target_arch = "wasm32")]
    let found = evertoken_webext::i18n::message(key, substitutions);
    #[cfg(not(target_arch = "wasm32"))]
    let found = files::message(key, substitutions);
    Some(found).filter(|found| !found.is_empty())
}

/// One or several: `key_one` for 1, else `key_other` with the number at `$1`.
#[must_use]
pub fn counted(key: &str, number: usize) -> String {
    match number {
        1 => text(&[key, "_one"].concat()),
        _ => text_with(&[key, "_other"].concat(), &[&number.to_string()]),
    }
}
