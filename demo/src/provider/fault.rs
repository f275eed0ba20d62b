//! Faults: what a provider, or the network before it, can do wrong.

/// A fault. It applies to every response until it is cleared, including those of interactive sign-ins and refreshes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `iss` of the id_token is the issuer with "1" appended.
    WrongIssuer,
    /// `aud` is the client id with "1" appended.
    WrongAudience,
    /// `nonce` is the request's with "1" appended; in a refresh, which has none, "1".
    WrongNonce,
    /// Every byte of the signature is XORed with 0x5A.
    WrongSignature,
    /// `state` of the authorization response is the request's with "1" appended.
    WrongState,
    /// `iss` of the authorization response (RFC 9207) is the issuer with "1" appended.
    WrongResponseIssuer,
    /// `issuer` of the metadata is the issuer with "1" appended.
    WrongMetadataIssuer,
    /// There is no `at_hash`.
    MissingAtHash,
    /// `at_hash` is the correct one with "1" appended.
    WrongAtHash,
    /// The header of the id_token says `alg: none`, and there is no signature.
    AlgNone,
    /// The header of the id_token names no key, and the key set holds one.
    MissingKid,
    /// The header of the id_token names no key, and the key set holds two of the same algorithm.
    MissingKidAmongSeveral,
    /// `sub` is the user's with "1" appended.
    OtherSubject,
    /// The token endpoint refuses refreshes, and nothing else, with this error code and status 400. The refresh token stays
    /// valid.
    RefuseRefresh(&'static str),
    /// The authorization endpoint answers 200 and a page with `X-Frame-Options: DENY`.
    FramingRefused,
    /// The authorization endpoint answers 200 and a page with
    /// `Content-Security-Policy: frame-ancestors 'none'`.
    FramingRefusedByCsp,
    /// No fault: answers are brought by an application, which asks its server for something and goes to the redirect URI so
    /// many milliseconds later.
    AnswerByScript(u32),
    /// The provider receives no cookies from a frame, as if they were not `SameSite=None` or third-party cookies were
    /// blocked.
    NoCookiesInFrames,
    /// The token endpoint processes requests, but sends no response before the fault is cleared: a refresh token is then
    /// used up, and its replacement has not arrived.
    HoldTokens,
    /// This endpoint answers 500.
    ServerError(Endpoint),
    /// This endpoint answers with this status, 400 to 599, and a page. Another number becomes 500.
    Status(Endpoint, u16),
    /// This endpoint answers 503, with this number of seconds in `Retry-After` (RFC 9110 section 10.2.3).
    RetryAfter(Endpoint, u32),
    /// This endpoint answers 307, and sends whoever asks there.
    Redirect(Endpoint, &'static str),
    /// This endpoint does not answer before the fault is cleared.
    Hang(Endpoint),
    /// This endpoint answers 200 and a page, as a captive portal does.
    HtmlPage(Endpoint),
}

/// An endpoint of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// `/jwks`.
    Keys,
    /// `/authorize`.
    Authorize,
    /// `/par`.
    Par,
    /// `/token`.
    Token,
    /// `/revoke`.
    Revoke,
}
