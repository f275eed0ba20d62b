use super::*;

fn draft(issuer: &str) -> SettingsDraft {
    let mut draft = SettingsDraft::default();
    draft.set_text("provider.issuer", issuer);
    draft
}

fn metadata(issuer: &str, more: &str) -> Vec<u8> {
    let document = format!(
        r#"{{"issuer":"{issuer}","authorization_endpoint":"https://p.test/a","token_endpoint":"https://p.test/t",
        "jwks_uri":"https://p.test/k","response_types_supported":["code"]{more}}}"#
    );
    document.into_bytes()
}

fn look_up(typed: &str, issuer: &str, more: &str) -> LookUp {
    answered(200, metadata(issuer, more), &draft(typed))
}

#[test]
fn a_provider_is_told_by_its_name_and_what_it_supports() {
    let more = r#","code_challenge_methods_supported":["S256"],"scopes_supported":["openid","offline_access"],
        "end_session_endpoint":"https://p.test/l","id_token_signing_alg_values_supported":["RS256","ES256"]"#;
    let found = look_up("https://p.test/", "https://p.test/", more);
    assert_eq!(found.tone, Tone::Good);
    assert!(found.sentence.contains("p.test"), "{}", found.sentence);
    assert_eq!(found.fix, None);
    let chips: Vec<&str> = found.chips.iter().map(|chip| chip.text.as_str()).collect();
    assert_eq!(chips.last(), Some(&"RS256, ES256"));
    assert!(chips.contains(&text::text("options_chip_logout").as_str()));
    assert!(!chips.contains(&text::text("options_chip_dpop").as_str()));
    assert!(found.chips.iter().all(|chip| chip.there));
}

#[test]
fn many_algorithms_are_counted() {
    let more =
        r#","id_token_signing_alg_values_supported":["RS256","ES256","PS256","ES384","RS512"]"#;
    let found = look_up("https://p.test/", "https://p.test/", more);
    assert_eq!(found.chips.last().unwrap().text, "RS256, ES256, PS256 +2");
}

#[test]
fn what_the_code_flow_lacks_is_told() {
    let found = look_up("https://p.test/", "https://p.test/", "");
    let lacks: Vec<&Chip> = found.chips.iter().filter(|chip| !chip.there).collect();
    assert_eq!(lacks.len(), 2, "PKCE and refresh tokens: {lacks:?}");
}

#[test]
fn a_slash_too_many_or_too_few_is_mended_by_a_press() {
    let missing = look_up("https://p.test", "https://p.test/", "");
    assert_eq!(missing.tone, Tone::Bad);
    assert_eq!(missing.sentence, text::text("options_slash_missing"));
    assert_eq!(missing.fix, Some(Fix::Issuer("https://p.test/".to_owned())));
    let superfluous = look_up("https://p.test/x/", "https://p.test/x", "");
    assert_eq!(
        superfluous.sentence,
        text::text("options_slash_superfluous")
    );
    let mut draft = draft("https://p.test");
    missing.fix.unwrap().apply(&mut draft);
    assert_eq!(draft.text("provider.issuer"), "https://p.test/");
}

#[test]
fn another_name_is_offered_only_by_the_same_host() {
    let same = look_up("https://p.test/x", "https://p.test/y", "");
    assert_eq!(same.fix, Some(Fix::Issuer("https://p.test/y".to_owned())));
    let other = look_up("https://p.test/", "https://evil.test/", "");
    assert!(other.sentence.contains("evil.test"));
    assert_eq!(other.fix, None);
}

#[test]
fn k12_another_name_is_offered_only_where_a_provider_answers_to_it() {
    let typed = "https://p.test/tenant.example/policy/v2.0/";
    let named = "https://p.test/0000/v2.0/";
    let found = || look_up(typed, named, "");
    assert_eq!(issuer_to_confirm(&found(), typed).as_deref(), Some(named));
    let there = confirmed(found(), named, Some((200, metadata(named, ""))));
    assert_eq!(there, found());
    let unsupported = text::text_with("doctor_issuer_unsupported", &[named]);
    let otherwise = text::text_with("options_called_otherwise", &[named]);
    for (answer, sentence) in [
        (Some((404, Vec::new())), &unsupported),
        (Some((404, metadata(named, ""))), &unsupported),
        (Some((200, metadata(typed, ""))), &unsupported),
        (Some((200, b"<html>".to_vec())), &unsupported),
        (Some((503, Vec::new())), &otherwise),
        (None, &otherwise),
    ] {
        let nowhere = confirmed(found(), named, answer.clone());
        assert_eq!(nowhere.fix, None, "{answer:?}");
        assert_eq!(&nowhere.sentence, sentence, "{answer:?}");
    }
    // The same address, so that it is there.
    for (typed, named) in [
        ("https://p.test", "https://p.test/"),
        ("https://p.test/x/", "https://p.test/x"),
    ] {
        assert_eq!(issuer_to_confirm(&look_up(typed, named, ""), typed), None);
    }
}

#[test]
fn endpoints_elsewhere_are_offered_once() {
    let more = r#","revocation_endpoint":"https://r.test/x""#;
    let found = look_up("https://p.test/", "https://p.test/", more);
    let fix = found.fix.unwrap();
    assert!(fix.label().contains("https://r.test"));
    let mut draft = draft("https://p.test/");
    fix.apply(&mut draft);
    assert_eq!(
        draft.list("provider.endpoint_origins").unwrap(),
        ["https://r.test"]
    );
    let again = answered(200, metadata("https://p.test/", more), &draft);
    assert_eq!(again.fix, None);
}

#[test]
fn a_page_that_is_no_provider_is_told_so() {
    for (status, body, key) in [
        (404, "no", "error_metadata_not_found"),
        (200, "<html>", "error_metadata_malformed"),
        (503, "", "error_metadata_unavailable"),
    ] {
        let found = answered(status, body.as_bytes().to_vec(), &draft("https://p.test/"));
        assert_eq!((found.tone, found.sentence), (Tone::Bad, text::text(key)));
    }
}

#[test]
fn what_the_settings_ask_for_counts() {
    let mut draft = draft("https://p.test/");
    let body = metadata(
        "https://p.test/",
        r#","code_challenge_methods_supported":["plain"]"#,
    );
    assert_eq!(
        answered(200, body.clone(), &draft).sentence,
        text::text("error_metadata_pkce")
    );
    draft.set_text("provider.flow", "implicit");
    assert_eq!(answered(200, body, &draft).tone, Tone::Good);
}

#[test]
fn an_answer_that_was_kept_back_offers_to_ask_for_the_host() {
    let blocked = unanswered("https://p.test:8443/", false);
    assert_eq!(blocked.blocked.as_deref(), Some("p.test"));
    assert_eq!(blocked.tone, Tone::Plain);
    let unreachable = unanswered("https://p.test/", true);
    assert_eq!((unreachable.tone, unreachable.blocked), (Tone::Bad, None));
}

#[test]
fn only_what_may_be_an_issuer_is_asked() {
    for (typed, asked) in [
        ("https://p.test/", true),
        ("https://p", false),
        ("http://p.test/", false),
        ("p.test", false),
        ("https://p.test/.well-known/openid-configuration", false),
    ] {
        assert_eq!(can_ask(typed), asked, "{typed}");
    }
    assert!(matches!(before("p.test").fix, Some(Fix::Issuer(_))));
}
