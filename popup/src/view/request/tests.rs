use super::*;

fn draft(url: &str) -> RequestDraft {
    RequestDraft {
        method: "POST".to_owned(),
        url: url.to_owned(),
        ..RequestDraft::default()
    }
}

fn with_header(name: &str, value: &str) -> RequestDraft {
    RequestDraft {
        headers: vec![Header {
            name: name.to_owned(),
            value: value.to_owned(),
        }],
        ..draft("https://api.example/")
    }
}

#[test]
fn only_writing_methods_have_a_body() {
    let with_body: Vec<_> = METHODS
        .into_iter()
        .filter(|method| has_body(method))
        .collect();
    assert_eq!(with_body, ["POST", "PUT", "PATCH"]);
    let mut draft = draft("https://api.example/");
    draft.body = "1".to_owned();
    assert_eq!(draft.payload(), Some("1"));
    draft.method = "GET".to_owned();
    assert_eq!(draft.payload(), None);
}

#[test]
fn the_content_type_is_guessed_unless_a_header_names_it() {
    let mut draft = with_header("X-One", "1");
    assert_eq!(draft.guessed_type(|_| true), None, "no body");
    draft.body = "{}".to_owned();
    assert_eq!(draft.guessed_type(|_| true), Some("application/json"));
    assert_eq!(
        draft.guessed_type(|_| false),
        Some("text/plain;charset=UTF-8")
    );
    draft.headers[0].name = "Content-Type".to_owned();
    assert_eq!(draft.guessed_type(|_| true), None);
}

#[test]
fn a_header_that_is_pasted_whole_is_taken_apart() {
    let mut draft = with_header("", "old");
    draft.name_header(0, "X-Custom");
    assert_eq!(draft.header("x-custom"), Some("old"));
    draft.name_header(0, "Authorization: Bearer a:b");
    assert_eq!(draft.header("authorization"), Some("Bearer a:b"));
    draft.name_header(7, "nowhere");
}

/// The draft as it comes back from the store.
fn stored(draft: &RequestDraft) -> RequestDraft {
    serde_json::from_str(&serde_json::to_string(draft).unwrap()).unwrap()
}

#[test]
fn values_of_authorization_and_cookie_are_not_stored_however_they_are_written() {
    for (name, expected) in [
        ("Authorization", ""),
        (" AUTHORIZATION ", ""),
        ("Cookie", ""),
        ("Proxy-Authorization", ""),
        // Half typed.
        ("", ""),
        ("authorizatio", ""),
        ("Coo", ""),
        ("Accept", "value"),
        ("X-Authorization", "value"),
        ("Cookies", "value"),
    ] {
        let stored = stored(&with_header(name, "value"));
        assert_eq!(stored, with_header(name, expected));
    }
}

#[test]
fn a_header_whose_value_was_not_stored_is_not_sent_empty() {
    let draft = stored(&with_header("Authorization", "Bearer a"));
    assert_eq!(draft.lost(), Some("Authorization"));
    assert_eq!(draft.named().count(), 0);
    let draft = with_header("X-Empty", "");
    assert_eq!(draft.lost(), None);
    assert_eq!(draft.named().count(), 1);
}
