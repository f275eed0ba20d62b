use super::*;

/// What providers write, as their documentation and people's reports of it have it.
const TEXTS: [(&str, Blame); 25] = [
    // Auth0
    (
        "<h1>Oops!, something went wrong</h1><p>Callback URL mismatch.</p>",
        Blame::RedirectUri,
    ),
    (
        "https://id.chromiumapp.org/ is not in the list of allowed callback URLs",
        Blame::RedirectUri,
    ),
    ("Unknown client: abc", Blame::Client),
    ("Service not found: https://api.test/", Blame::Audience),
    // Okta
    (
        "The &#39;redirect_uri&#39; parameter must be a Login redirect URI in the client app settings",
        Blame::RedirectUri,
    ),
    ("Invalid value for 'client_id' parameter.", Blame::Client),
    // Entra ID
    (
        "AADSTS50011: The redirect URI 'https://x/' specified in the request does not match the redirect URIs configured for the application 'abc'.",
        Blame::RedirectUri,
    ),
    (
        "AADSTS700016: Application with identifier 'abc' was not found in the directory 'Contoso'.",
        Blame::Client,
    ),
    (
        "AADSTS500011: The resource principal named api://x was not found",
        Blame::Audience,
    ),
    (
        "AADSTS70011: The provided value for the input parameter 'scope' is not valid.",
        Blame::Scope,
    ),
    (
        "AADSTS9002326: Cross-origin token redemption is permitted only for the 'Single-Page Application' client-type.",
        Blame::Origin,
    ),
    (
        "AADSTS7000218: The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
        Blame::Secret,
    ),
    // Keycloak
    (
        r#"<p class="instruction">Invalid parameter: redirect_uri</p>"#,
        Blame::RedirectUri,
    ),
    ("<p>Client not found.</p>", Blame::Client),
    ("Client disabled.", Blame::Client),
    ("Invalid scopes: openid x", Blame::Scope),
    ("Invalid origin", Blame::Origin),
    // Google
    ("Error 400: redirect_uri_mismatch", Blame::RedirectUri),
    (
        "Error 401: invalid_client The OAuth client was not found.",
        Blame::Client,
    ),
    ("client_secret is missing.", Blame::Secret),
    // oidc-provider, Authelia, OpenIddict and IdentityServer
    (
        "invalid_redirect_uri: redirect_uri did not match any of the client's registered redirect_uris",
        Blame::RedirectUri,
    ),
    (
        "error: invalid_client, error_description: client is invalid",
        Blame::Client,
    ),
    (
        "origin https://x not allowed for client: abc",
        Blame::Origin,
    ),
    (
        "The &#x27;redirect_uri&#x27; parameter does not match any of the OAuth 2.0 Client&#x27;s pre-registered &#x27;redirect_uris&#x27;.",
        Blame::RedirectUri,
    ),
    (
        "An OpenID Connect error has occurred invalid_client Invalid redirect_uri",
        Blame::RedirectUri,
    ),
];

#[test]
fn the_words_of_providers_are_understood() {
    for (text, blame) in TEXTS {
        assert_eq!(of_phrases(text), Some(blame), "{text}");
    }
}

#[test]
fn a_page_that_names_one_of_the_two_blames_it() {
    let blamed = |text| of_error_page(text);
    assert_eq!(
        blamed("Bad Request: callback URL"),
        Some(Blame::RedirectUri)
    );
    assert_eq!(blamed("The client may not sign in."), Some(Blame::Client));
    assert_eq!(blamed("Wrong client or redirect URI"), None);
    assert_eq!(blamed("Something went wrong"), None);
    assert_eq!(blamed("Our clientele"), None);
}

#[test]
fn a_page_that_repeats_the_request_blames_nothing() {
    let echo = r#"<a href="/login?client_id=app&amp;redirect_uri=https%3A%2F%2Fx%2F">Sign in</a>
        <script>{"redirect_uri":"https://x/","client_id":"app"}</script> client_id%3Dapp"#;
    assert_eq!(of_error_page(echo), None);
}

#[test]
fn the_same_page_has_the_same_fingerprint_whatever_its_numbers() {
    let page =
        |id: &str, text: &str| format!("<p>{text}</p><small>Request {id} at 12:05:17</small>");
    assert_eq!(
        fingerprint(&page("4f2a9b", "Try again")),
        fingerprint(&page("99c01d", "Try again"))
    );
    assert_ne!(
        fingerprint(&page("4f2a9b", "Try again")),
        fingerprint(&page("4f2a9b", "Come back"))
    );
}

proptest::proptest! {
    #[test]
    fn no_page_makes_it_panic(text in ".{0,120}") {
        let _ = of_error_page(&text);
        let _ = fingerprint(&text);
    }
}
