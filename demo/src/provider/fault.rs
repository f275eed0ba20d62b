//! Faults: what a provider, or the network before it, can do wrong.

/// A fault. It spoils every answer until it is cleared, of interactive sign-ins and refreshes too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `iss` of the id_token is the issuer and a "1".
    WrongIssuer,
    /// `aud` is the client id and a "1".
    WrongAudience,
    /// `nonce` is the request's and a "1"; in a refresh, which has none, "1".
    WrongNonce,
    /// Every byte of the signature is XORed with 0x5A.
    WrongSignature,
    /// `state` of the authorization response is the request's and a "1".
    WrongState,
    /// `iss` of the authorization response (RFC 9207) is the issuer and a "1".
    WrongResponseIssuer,
    /// `issuer` of the metadata is the issuer and a "1".
    WrongMetadataIssuer,
    /// There is no `at_hash`.
    MissingAtHash,
    /// `at_hash` is the right one and a "1".
    WrongAtHash,
    /// The header of the id_token says `alg: none`, and there is no signature.
    AlgNone,
    /// The header of the id_token names no key, and the key set holds one.
    MissingKid,
    /// The header of the id_token names no key, and the key set holds two of the same algorithm.
    MissingKidAmongSeveral,
    /// `sub` is the user's and a "1".
    OtherSubject,
    /// The token endpoint refuses refreshes, and nothing else, with this error code and status 400. The
    /// refresh token stays as good as it was.
    RefuseRefresh(&'static str),
    /// The authorization endpoint answers 200 and a page with `X-Frame-Options: DENY`.
    FramingRefused,
    /// The authorization endpoint answers 200 and a page with
    /// `Content-Security-Policy: frame-ancestors 'none'`.
    FramingRefusedByCsp,
    /// The provider's cookies do not arrive from a frame, as where they are not `SameSite=None` or third-party cookies
    /// are blocked.
    NoCookiesInFrames,
    /// The token endpoint does its work, but no answer leaves it before the fault is cleared: a refresh
    /// token is used up, and its successor is on the way.
    HoldTokens,
    /// This endpoint answers 500.
    ServerError(Endpoint),
    /// This endpoint answers with this status, 400 to 599, and a page. Another number makes a 500.
    Status(Endpoint, u16),
    /// This endpoint answers 503, and asks to be left alone for so many seconds (RFC 9110 section 10.2.3).
    RetryAfter(Endpoint, u32),
    /// This endpoint does not answer before the fault is cleared.
    Hang(Endpoint),
    /// This endpoint answers 200 and a page, as a captive portal does.
    HtmlPage(Endpoint),
}

/// A place where the provider is asked.
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
