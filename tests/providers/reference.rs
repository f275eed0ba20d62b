//! The reference of all settings, and the words for any provider.

use std::collections::BTreeSet;

use evertoken::settings::{Build, Reason, Settings};
use serde_json::{Value, json};

use crate::guide::{Guide, example};
use crate::support::{Fault, ProviderBehavior};

const PAGE: &str = include_str!("../../docs/providers/README.md");

/// The rows of the table of all settings, cell by cell; the key without its marks.
fn rows() -> Vec<Vec<&'static str>> {
    let (_, table) = PAGE.split_once("## All settings").expect("the table");
    let rows = table.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = |row: &'static str| {
        let (key, others) = row.split_once('`').expect("a key in its marks");
        let others = others.split('|').skip(1).map(str::trim);
        std::iter::once(key).chain(others).collect()
    };
    rows.map(cells).collect()
}

fn keys() -> Vec<&'static str> {
    rows().iter().map(|row| row[0]).collect()
}

/// The key within its section.
fn last_part(key: &str) -> &str {
    key.rsplit_once('.').map_or(key, |(_, last)| last)
}

#[test]
fn the_least_settings_work_with_any_provider() {
    let guide = Guide::follow(&example(PAGE), |behavior| {
        *behavior = ProviderBehavior {
            refresh_tokens: true,
            ..ProviderBehavior::default()
        };
    });
    guide.sign_in_and_renew_by_every_way();
    assert_eq!(guide.call(), guide.last_id_token());
    guide.sign_out();
    assert!(guide.world.provider.logouts.borrow().is_empty());
}

#[test]
fn an_origin_that_oidc_provider_turns_down_shows_as_a_refused_token_request() {
    let guide = Guide::follow(&example(PAGE), |_| {});
    let refusal = json!({"error": "invalid_request"});
    guide
        .world
        .provider
        .fail(Fault::TokenEndpoint(400, refusal));
    assert_eq!(guide.sign_in_error(), "token_endpoint.refused");
}

/// The place of the setting `key`, in the first entry of a list.
fn at<'a>(settings: &'a mut Value, key: &str) -> &'a mut Value {
    key.split('.')
        .fold(settings, |parent, step| match step.strip_suffix("[]") {
            Some(list) => &mut parent[list][0],
            None => &mut parent[step],
        })
}

#[test]
fn every_key_of_the_reference_is_one() {
    for key in keys() {
        let mut settings = example(PAGE);
        // A fraction is of the wrong type everywhere.
        *at(&mut settings, key) = json!(0.5);
        let refusal = Settings::parse(&settings.to_string(), Build::Release);
        let refusal = refusal.expect_err("a fraction is no value");
        assert_eq!(refusal.path, key.replace("[]", "[0]"));
        assert_ne!(refusal.reason, Reason::Unknown, "{key}");
    }
}

#[test]
fn every_setting_is_in_the_reference() {
    let listed: BTreeSet<&str> = keys().iter().map(|key| last_part(key)).collect();
    let settings = Settings::parse(&example(PAGE).to_string(), Build::Release);
    // The fields bear the names of their keys.
    let fields = format!("{:#?}", settings.expect("the example is accepted"));
    let fields = fields
        .lines()
        .filter_map(|line| line.trim().split_once(": "));
    let fields: BTreeSet<&str> = fields
        .map(|(name, _)| name)
        .filter(|name| !["provider", "session", "expired_when"].contains(name))
        .collect();
    assert_eq!(listed, fields);
}

#[test]
fn the_defaults_of_the_reference_are_the_defaults() {
    let mut spelled_out = example(PAGE);
    for row in rows().iter().filter(|row| row[0].contains('.')) {
        let (key, default) = (row[0], row[2]);
        // One value, not words about several.
        let ["", value, ""] = default.split('`').collect::<Vec<_>>()[..] else {
            continue;
        };
        *at(&mut spelled_out, key) = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    }
    let parse = |settings: &Value| Settings::parse(&settings.to_string(), Build::Release);
    let defaults = parse(&spelled_out).expect("the defaults are accepted");
    assert_eq!(Ok(defaults), parse(&example(PAGE)));
}
