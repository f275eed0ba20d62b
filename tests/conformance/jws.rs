//! The id_token as a signed object, before any claim is read (B10, B13 to B15).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde_json::json;

use crate::refusal::{FLOWS, accepted, fault, header, refused, refused_unseen};
use crate::support::{Fault, Signing, World};

fn encode(text: &str) -> String {
    Base64UrlUnpadded::encode_string(text.as_bytes())
}

/// The three segments of a token.
fn segments(token: &str) -> [&str; 3] {
    let segments: Vec<&str> = token.split('.').collect();
    segments.try_into().unwrap()
}

type Forge = fn(String) -> String;

const TEXTS: [(&str, Forge); 22] = [
    ("one segment", |token| segments(&token)[0].to_owned()),
    ("two segments", |token| {
        token.rsplit_once('.').unwrap().0.to_owned()
    }),
    ("four segments", |token| format!("{token}.AAAA")),
    ("five segments", |token| format!("{token}.AAAA.AAAA")),
    ("no header", |token| {
        token.replacen(segments(&token)[0], "", 1)
    }),
    ("no payload", |token| {
        token.replacen(segments(&token)[1], "", 1)
    }),
    ("no signature", |token| {
        token.replacen(segments(&token)[2], "", 1)
    }),
    ("only dots", |_| "..".to_owned()),
    ("a dot before", |token| format!(".{token}")),
    ("a dot behind", |token| format!("{token}.")),
    ("two dots", |token| token.replacen('.', "..", 1)),
    ("a space before", |token| format!(" {token}")),
    ("a space behind", |token| format!("{token} ")),
    ("a space within", |token| token.replacen('.', ". ", 1)),
    ("a line break behind", |token| format!("{token}\n")),
    ("padding", |token| format!("{token}==")),
    ("padding of the header", |token| {
        token.replacen('.', "=.", 1)
    }),
    ("plus signs", |token| {
        token.replacen(segments(&token)[2], "++++", 1)
    }),
    ("slashes", |token| {
        token.replacen(segments(&token)[2], "////", 1)
    }),
    ("bits behind the end", |token| {
        // The last character of 64 encoded bytes has two bits of data; its other four bits must be zero.
        let (text, last) = token.split_at(token.len() - 1);
        let next = match last {
            "A" => "B",
            "Q" => "R",
            "g" => "h",
            _ => "x",
        };
        format!("{text}{next}")
    }),
    ("flattened JSON", |token| {
        let [protected, payload, signature] = segments(&token);
        json!({"protected": protected, "payload": payload, "signature": signature}).to_string()
    }),
    ("not a token", |_| "null".to_owned()),
];

#[test]
fn b10_serialization() {
    for (what, forge) in TEXTS {
        refused_unseen(what, "id_token.segments", |world| {
            world.provider.forge_id_token(forge);
        });
    }
    let empty = |world: &World| world.provider.forge_id_token(|_| String::new());
    refused("code", "empty", "token_endpoint.malformed", empty);
    refused("implicit", "empty", "response.incomplete", empty);
    refused_unseen("encrypted", "id_token.alg", |world| {
        world.provider.forge_id_token(|_| {
            let header = encode(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#);
            format!("{header}.AAAA.AAAA.AAAA.AAAA")
        });
    });
}

#[test]
fn b13_critical_extensions() {
    for crit in [
        json!(["x"]),
        json!([]),
        json!("x"),
        json!(null),
        json!(["exp"]),
    ] {
        refused_unseen("crit", "id_token.crit", header("crit", crit));
    }
    for b64 in [false, true] {
        refused_unseen("b64", "id_token.crit", header("b64", json!(b64)));
        refused_unseen("b64", "id_token.crit", |world| {
            world.provider.forge_header(move |header| {
                header["crit"] = json!(["b64"]);
                header["b64"] = json!(b64);
            });
        });
    }
}

#[test]
fn b14_type() {
    for typ in [
        "at+jwt",
        "logout+jwt",
        "dpop+jwt",
        "application/at+jwt",
        "JWS",
        "JWT ",
        "",
    ] {
        refused_unseen(typ, "id_token.typ", header("typ", json!(typ)));
    }
    refused_unseen("typ", "id_token.header", header("typ", json!(1)));
    for typ in ["JWT", "jwt", "application/jwt", "application/JWT"] {
        accepted("code", typ, header("typ", json!(typ)));
    }
    accepted("code", "no typ", |world| {
        world
            .provider
            .forge_header(|header| drop(header.as_object_mut().unwrap().remove("typ")));
    });
}

/// The order of P-256: valid r and s are greater than zero and less than the order.
const ORDER: [u8; 32] = [
    0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xBC, 0xE6,
    0xFA, 0xAD, 0xA7, 0x17, 0x9E, 0x84, 0xF3, 0xB9, 0xCA, 0xC2, 0xFC, 0x63, 0x25, 0x51,
];

type Resign = fn(&[u8], Vec<u8>) -> Vec<u8>;

/// Replacements for the valid signature (r, s) over the input.
const SIGNATURES: [(&str, Resign); 11] = [
    ("one bit", |_, good| [&good[..63], &[good[63] ^ 1]].concat()),
    ("one byte less", |_, good| good[..63].to_vec()),
    ("half", |_, good| good[..32].to_vec()),
    ("one byte more", |_, good| [&good[..], &[0]].concat()),
    ("twice", |_, good| good.repeat(2)),
    ("another key", |input, _| {
        Signing::strangers_signature(input)
    }),
    ("all zero", |_, _| vec![0; 64]),
    ("r is zero", |_, good| [&[0; 32], &good[32..]].concat()),
    ("s is zero", |_, good| [&good[..32], &[0; 32]].concat()),
    ("r is the order", |_, good| [&ORDER, &good[32..]].concat()),
    ("s is the order", |_, good| [&good[..32], &ORDER].concat()),
];

#[test]
fn b15_signature() {
    for flow in FLOWS {
        refused(flow, "XOR", "id_token.signature", fault(Fault::Signature));
        for (what, forge) in SIGNATURES {
            refused(flow, what, "id_token.signature", |world| {
                world.provider.forge_signature(forge);
            });
        }
    }
}
