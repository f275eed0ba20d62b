use std::process::Command;

use super::*;
use crate::view::request::Header;

/// What breaks out of quotes, if anything does.
const NASTY: [&str; 9] = [
    "it's \"quoted\" \\ and \\\\",
    "'; rm -rf / #",
    "$(id) `id` ${HOME} !! %s",
    "line\nbreak\r\n\ttab",
    "</script><!-- \u{2028}\u{2029}",
    "@/etc/passwd",
    "ünïcode 日本 🦀",
    "'''",
    "\\'",
];

fn draft(method: &str, url: &str, headers: &[(&str, &str)], body: &str) -> RequestDraft {
    let header = |(name, value): &(&str, &str)| Header {
        name: (*name).to_owned(),
        value: (*value).to_owned(),
    };
    RequestDraft {
        method: method.to_owned(),
        url: url.to_owned(),
        headers: headers.iter().map(header).collect(),
        body: body.to_owned(),
    }
}

/// The words that a shell makes of a command.
fn words(command: &str) -> Vec<String> {
    let print = ["printf '%s\\0' ", command].concat();
    let output = Command::new("sh").arg("-c").arg(print).output().unwrap();
    assert!(output.status.success(), "{command}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.split_terminator('\0').map(str::to_owned).collect()
}

#[test]
fn a_plain_get_is_one_line() {
    let draft = draft("GET", " https://api.example/v1 ", &[], "not sent");
    assert_eq!(
        as_fetch(&draft, None),
        "await fetch(\"https://api.example/v1\");"
    );
    assert_eq!(
        as_curl(&draft, None),
        "curl --globoff 'https://api.example/v1'"
    );
}

#[test]
fn method_headers_and_body_are_written_out() {
    let draft = draft("POST", "https://api.example/", &[("X-One", "1")], "{}");
    assert_eq!(
        as_fetch(&draft, Some("application/json")),
        "await fetch(\"https://api.example/\", {\n  method: \"POST\",\n  headers: [[\"X-One\", \"1\"], [\"content-type\", \"application/json\"]],\n  body: \"{}\",\n});"
    );
    assert_eq!(
        as_curl(&draft, Some("application/json")),
        "curl --globoff 'https://api.example/' \\\n  -X 'POST' \\\n  -H 'X-One: 1' \\\n  -H 'content-type: application/json' \\\n  --data-raw '{}'"
    );
}

#[test]
fn no_token_is_copied() {
    let secrets = [
        ("Authorization", "Bearer eyJ"),
        ("cookie", "sid=eyJ"),
        (" AUTHORIZATION ", "eyJ"),
    ];
    let draft = draft("POST", "https://api.example/", &secrets, "{}");
    for code in [as_fetch(&draft, None), as_curl(&draft, None)] {
        assert!(!code.contains("eyJ"), "{code}");
        assert!(
            !code.to_ascii_lowercase().contains("authorization"),
            "{code}"
        );
    }
}

#[test]
fn a_shell_reads_back_what_was_meant() {
    for nasty in NASTY {
        let header = nasty.replace(['\n', '\r', '\t'], " ");
        let draft = draft("PUT", nasty, &[("X-Nasty", &header)], nasty);
        let curl = as_curl(&draft, None);
        let expected = [
            "curl",
            "--globoff",
            nasty.trim(),
            "-X",
            "PUT",
            "-H",
            &["X-Nasty: ", header.trim()].concat(),
            "--data-raw",
            nasty,
        ];
        assert_eq!(words(&curl), expected, "{curl}");
    }
}

#[test]
fn a_string_of_javascript_reads_back_as_what_was_meant() {
    for nasty in NASTY {
        let literal = literal(nasty);
        // JSON's strings are among those of JavaScript.
        let read: String = serde_json::from_str(&literal).unwrap();
        assert_eq!(read, nasty);
        for raw in ["\n", "\r", "\u{2028}", "<"] {
            assert!(!literal.contains(raw), "{literal}");
        }
    }
}

#[test]
fn curl_sends_an_empty_header_and_awaits_no_body_of_a_head() {
    let draft = draft("HEAD", "https://api.example/", &[("X-Empty", "")], "");
    assert!(as_curl(&draft, None).ends_with(" \\\n  --head \\\n  -H 'X-Empty;'"));
}
