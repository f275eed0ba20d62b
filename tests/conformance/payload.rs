//! The signed payload (B16).

use crate::refusal::{FLOWS, accepted, refused};
use crate::support::World;

/// Replaces the opening brace of the payload by this text.
fn beginning(text: String) -> impl Fn(&World) {
    move |world| {
        let text = text.clone().into_bytes();
        world
            .provider
            .forge_payload(move |payload| [&text, &payload[1..]].concat());
    }
}

fn payload(forge: fn(Vec<u8>) -> Vec<u8>) -> impl Fn(&World) {
    move |world| world.provider.forge_payload(forge)
}

#[test]
fn b16_payload() {
    let deep = |text: &str| {
        format!(
            r#"{{"x":{}{text}{},"#,
            "[".repeat(10_000),
            "]".repeat(10_000)
        )
    };
    for flow in FLOWS {
        let malformed = |what: &str, forge: &dyn Fn(&World)| {
            refused(flow, what, "id_token.claims", forge);
        };
        let marked = beginning("\u{feff}{".to_owned());
        accepted(flow, "a byte order mark, signed with the rest", marked);
        malformed(
            "not UTF-8",
            &payload(|good| [b"{\"x\":\"\xff\",", &good[1..]].concat()),
        );
        malformed(
            "an array",
            &payload(|good| [b"[", &good[..], b"]"].concat()),
        );
        malformed("a text", &payload(|_| b"\"client\"".to_vec()));
        malformed("null", &payload(|_| b"null".to_vec()));
        malformed(
            "something behind",
            &payload(|good| [&good[..], b"x"].concat()),
        );
        malformed("another object", &payload(|good| good.repeat(2)));
        malformed("cut off", &payload(|good| good[..good.len() - 1].to_vec()));
        for twice in [
            r#"{"iss":"https://other.test/","#,
            r#"{"iss":"https://provider.test/","#,
            r#"{"nonce":"other","#,
            r#"{"aud":"client","#,
            r#"{"\u0061ud":"client","#,
        ] {
            malformed(twice, &beginning(twice.to_owned()));
        }
        malformed("nested 10,000 deep", &beginning(deep("1")));
        malformed(
            "too large a number",
            &beginning(r#"{"x":1e400,"#.to_owned()),
        );
    }
}

#[test]
fn b16_size() {
    // A token of 64 KiB can contain a payload of 48 KiB, less the header and the signature.
    let padding = |bytes: usize| beginning(format!(r#"{{"x":"{}","#, "x".repeat(bytes)));
    for flow in FLOWS {
        accepted(flow, "48,500 bytes", padding(48_500));
        refused(flow, "49,500 bytes", "id_token.too_large", padding(49_500));
    }
    refused("implicit", "5 MB", "id_token.too_large", padding(5_000_000));
    // The response of the token endpoint has its own size limit.
    refused("code", "5 MB", "network.too_large", padding(5_000_000));
}
