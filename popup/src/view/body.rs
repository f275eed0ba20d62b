//! The body of an answer, as far as it can be shown.

use serde::{Deserialize, Serialize};

/// A body, as far as it can be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    /// Text that is valid JSON.
    Json(String),
    /// Any other text.
    Text(String),
    /// A picture, in Base64 (RFC 4648 section 4).
    Image(String),
    /// Bytes that are neither text nor a picture.
    Binary,
    /// The connection broke while it came.
    Broken,
    /// It was too long to be stored.
    NotStored,
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl Body {
    /// The body of an answer with this `Content-Type`. `is_json` says whether a text is valid JSON, and `base64` encodes
    /// (RFC 4648 section 4). SVG is text, and shown as that.
    #[must_use]
    pub fn of(
        bytes: &[u8],
        content_type: &str,
        is_json: impl FnOnce(&str) -> bool,
        base64: impl FnOnce(&[u8]) -> String,
    ) -> Self {
        let media_type = media_type(content_type);
        if media_type.starts_with("image/") && media_type != "image/svg+xml" {
            return Self::Image(base64(bytes));
        }
        // As other tools do it: no text has this byte, and nearly every file for programs does.
        if bytes.contains(&0) {
            return Self::Binary;
        }
        let text = String::from_utf8_lossy(bytes);
        let text = text.trim_start_matches('\u{feff}').to_owned();
        match is_json(&text) {
            true => Self::Json(text),
            false => Self::Text(text),
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Json(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The media type within a content type.
#[must_use]
pub fn media_type(content_type: &str) -> &str {
    content_type
        .split(';')
        .next()
        .unwrap_or_default()
        .trim_ascii()
}

/// The part of `text` that is shown at first (bytes), where it is too long; the page must stay quick.
#[must_use]
pub fn cut(text: &str, shown: usize) -> &str {
    text.get(..text.floor_char_boundary(shown)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &str) -> Body {
        Body::Text(body.to_owned())
    }

    fn of(bytes: &[u8], content_type: &str) -> Body {
        let is_json = |text: &str| text.starts_with('{');
        Body::of(bytes, content_type, is_json, |_| "iVBOR".to_owned())
    }

    #[test]
    fn a_long_body_is_cut_between_characters() {
        let long = ["a", &"ü".repeat(100)].concat();
        assert_eq!(cut(&long, 100).len(), 99);
        assert_eq!(cut(&long, 1_000), long);
    }

    #[test]
    fn a_body_is_what_its_type_and_its_bytes_say() {
        let image = || Body::Image("iVBOR".to_owned());
        for (bytes, content_type, expected) in [
            (&b"\x89PNG\0"[..], "image/png", image()),
            (b"\xff\xd8", "image/jpeg; q=1", image()),
            (b"<svg/>", "image/svg+xml", text("<svg/>")),
            (b"%PDF\0", "application/pdf", Body::Binary),
            (b"a", "", text("a")),
            (
                b"\xef\xbb\xbf{}",
                "application/json",
                Body::Json("{}".to_owned()),
            ),
            (b"caf\xe9", "text/plain", text("caf\u{fffd}")),
        ] {
            assert_eq!(of(bytes, content_type), expected, "{content_type}");
        }
    }
}
