//! Conditions on settings that concern more than the kind of one value.

use serde_json::{Map, Value};

use super::build::Build;
use super::reason::Reason;
use crate::renewal_method::RenewalMethodId;

type Siblings = Map<String, Value>;

/// A scope without `openid` brings no id_token (OIDC Core 3.1.2.1).
pub(super) fn scope_has_openid(scope: &Value, _: &Siblings, _: Build) -> Result<(), Reason> {
    let mut values = scope.as_str().unwrap_or_default().split(' ');
    hold(values.any(|value| value == "openid"), Reason::NoOpenid)
}

/// Tokens never stand in a query (OAuth 2.0 Multiple Response Types 3).
pub(super) fn no_tokens_in_a_query(
    mode: &Value,
    provider: &Siblings,
    _: Build,
) -> Result<(), Reason> {
    let holds = mode != "query" || !is_implicit(provider);
    hold(holds, Reason::TokensInQuery)
}

/// Only the token endpoint binds a token to a key (RFC 9449 section 5).
pub(super) fn dpop_needs_the_code_flow(
    dpop: &Value,
    provider: &Siblings,
    _: Build,
) -> Result<(), Reason> {
    let holds = dpop != true || !is_implicit(provider);
    hold(holds, Reason::DpopWithoutCode)
}

/// Renewal methods that are for development are refused in any other build.
pub(super) fn methods_of_the_build(
    ladder: &Value,
    _: &Siblings,
    build: Build,
) -> Result<(), Reason> {
    let names = ladder.as_array().into_iter().flatten();
    let mut methods = names.filter_map(|name| RenewalMethodId::from_name(name.as_str()?));
    let holds = build == Build::Development || !methods.any(|method| method.is_for_development());
    hold(holds, Reason::DevelopmentOnly)
}

/// Every key is a path to a member of a JSON document: names with dots between them, `[*]` for any entry of a list.
pub(super) fn names_members(members: &Value, _: &Siblings, _: Build) -> Result<(), Reason> {
    let is_path = |path: &str| {
        let names = path.replace("[*]", "");
        // The document itself may be a list.
        let names = names.strip_prefix('.').unwrap_or(&names);
        !names.bytes().any(|byte| b"[]*".contains(&byte))
            && names.split('.').all(|name| !name.is_empty())
    };
    hold(keys(members).all(is_path), Reason::NotAMember)
}

/// Every key is the name of a header: a token (RFC 9110 section 5.6.2) of the characters that names in use have.
pub(super) fn names_headers(headers: &Value, _: &Siblings, _: Build) -> Result<(), Reason> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(fits);
    hold(keys(headers).all(is_name), Reason::NotAHeader)
}

fn keys(map: &Value) -> impl Iterator<Item = &str> {
    let members = map.as_object().into_iter().flatten();
    members.map(|(key, _)| key.as_str())
}

fn is_implicit(provider: &Siblings) -> bool {
    provider.get("flow").is_some_and(|flow| flow == "implicit")
}

fn hold(holds: bool, reason: Reason) -> Result<(), Reason> {
    if holds { Ok(()) } else { Err(reason) }
}
