//! The one place where this crate draws random numbers.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ring::rand::{SecureRandom as _, SystemRandom};

/// 256 random bits, base64url.
pub(crate) fn random_text() -> String {
    let mut bytes = [0; 32];
    #[expect(
        clippy::expect_used,
        reason = "no server can run on a machine without randomness"
    )]
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system has no randomness");
    Base64UrlUnpadded::encode_string(&bytes)
}
