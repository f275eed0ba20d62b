//! An OpenID provider that keeps books: which code was used, which refresh token is still good, whose token is whose.

use std::collections::BTreeMap;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

pub const ISSUER: &str = "https://provider.test/";
pub const CLIENT_ID: &str = "client";
/// What every secret of the provider begins with, so that one that leaks is found.
pub const SECRET_MARK: &str = "zq-";

pub type Parameters = BTreeMap<String, String>;

pub fn parameters(text: &str) -> Parameters {
    form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// What becomes of a refresh token that is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It stays good.
    Never,
    /// It ends, and using it again ends all that came from it.
    Strict,
    /// The same, but for a minute it is good again.
    Grace,
}

/// What kind of provider it is.
#[derive(Clone, Copy, Debug)]
pub struct Manners {
    /// How far its clock is ahead, in milliseconds.
    pub ahead: i64,
    /// Answers say what its clock shows.
    pub tells_time: bool,
    pub lifetime_s: i64,
    pub refresh_tokens: bool,
    pub rotation: Rotation,
    pub dpop: bool,
    pub dpop_nonce: bool,
    pub requires_pushed_requests: bool,
}

/// Whose it is, and since when.
#[derive(Clone, Debug)]
pub struct Issued {
    pub user: &'static str,
    /// By an honest clock.
    pub at: i64,
    expires_at: i64,
    pub revoked: bool,
    pub is_id_token: bool,
}

#[derive(Clone, Copy, Debug)]
struct Login {
    user: &'static str,
    at_s: i64,
}

#[derive(Debug)]
struct Code {
    request: Parameters,
    login: Login,
    used: bool,
    silent: bool,
}

#[derive(Clone, Debug)]
struct RefreshToken {
    family: u64,
    login: Login,
    used_at: Option<i64>,
}

/// What an answer of the token endpoint means for the refresh token that the worker holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Brings {
    Nothing,
    /// This one is to be stored.
    RefreshToken {
        old: String,
        new: String,
    },
    /// The one that was sent is no longer good.
    Refusal {
        old: String,
    },
}

pub struct Answer {
    pub status: u16,
    pub body: String,
    pub brings: Brings,
}

pub struct Provider {
    pub manners: Manners,
    /// Who has a session there, as the browser's cookies say.
    session: Option<Login>,
    codes: BTreeMap<String, Code>,
    pushed: BTreeMap<String, Parameters>,
    refresh_tokens: BTreeMap<String, RefreshToken>,
    ended_families: Vec<u64>,
    tokens: BTreeMap<String, Issued>,
    serial: u64,
    /// By an honest clock.
    now: i64,
    /// A code that was sent to the token endpoint twice.
    pub reused_code: bool,
}

impl Provider {
    pub fn new(manners: Manners) -> Self {
        Self {
            manners,
            session: None,
            codes: BTreeMap::new(),
            pushed: BTreeMap::new(),
            refresh_tokens: BTreeMap::new(),
            ended_families: Vec::new(),
            tokens: BTreeMap::new(),
            serial: 0,
            now: 0,
            reused_code: false,
        }
    }

    pub fn set_time(&mut self, honest: i64) {
        self.now = honest;
    }

    /// What its clock shows.
    pub fn clock(&self) -> i64 {
        self.now + self.manners.ahead
    }

    /// Somebody types a password, or the session there ends.
    pub fn set_session(&mut self, user: Option<&'static str>) {
        let at_s = self.clock() / 1000;
        self.session = user.map(|user| Login { user, at_s });
    }

    pub fn issued(&self, token: &str) -> Option<&Issued> {
        self.tokens.get(token)
    }

    /// An API that asks gets this answer.
    pub fn believes(&self, token: &str, wants_id_token: bool) -> bool {
        self.tokens.get(token).is_some_and(|token| {
            !token.revoked && token.is_id_token == wants_id_token && self.now < token.expires_at
        })
    }

    /// No access token or id_token of before is good any more.
    pub fn revoke_tokens(&mut self) {
        for token in self.tokens.values_mut() {
            token.revoked = true;
        }
    }

    /// No refresh token of before is good any more.
    pub fn revoke_refresh_tokens(&mut self) {
        for token in self.refresh_tokens.values() {
            self.ended_families.push(token.family);
        }
    }

    /// Whether the token endpoint would take it.
    pub fn accepts(&self, refresh_token: &str) -> bool {
        self.refresh_tokens.get(refresh_token).is_some_and(|token| {
            !self.ended_families.contains(&token.family) && self.is_unused(token)
        })
    }

    /// Whether there is one that the token endpoint would take.
    pub fn accepts_any(&self) -> bool {
        let mut names = self.refresh_tokens.keys();
        names.any(|name| self.accepts(name))
    }

    pub fn owner_of_refresh_token(&self, refresh_token: &str) -> Option<&'static str> {
        Some(self.refresh_tokens.get(refresh_token)?.login.user)
    }

    fn is_unused(&self, token: &RefreshToken) -> bool {
        token.used_at.is_none_or(|at| match self.manners.rotation {
            Rotation::Never => true,
            Rotation::Strict => false,
            Rotation::Grace => self.now < at + 60_000,
        })
    }

    /// Whether the code was got without anybody seeing a page.
    pub fn is_silent_code(&self, code: &str) -> bool {
        self.codes.get(code).is_some_and(|code| code.silent)
    }

    fn name(&mut self, kind: &str) -> String {
        self.serial += 1;
        format!("{SECRET_MARK}{kind}-{}", self.serial)
    }

    pub fn push(&mut self, request: Parameters) -> Answer {
        let uri = self.name("request");
        self.pushed.insert(uri.clone(), request);
        Answer {
            status: 201,
            body: format!(r#"{{"request_uri":"{uri}","expires_in":60}}"#),
            brings: Brings::Nothing,
        }
    }

    pub fn revoke(&mut self, form: &Parameters) -> Answer {
        let family = self
            .refresh_tokens
            .get(&form["token"])
            .map(|token| token.family);
        self.ended_families.extend(family);
        Answer {
            status: 200,
            body: String::new(),
            brings: Brings::Nothing,
        }
    }

    /// The authorization endpoint: where the browser is sent, once the person has done her part.
    pub fn authorize(&mut self, query: &str) -> Option<String> {
        let mut request = parameters(query);
        if let Some(uri) = request.get("request_uri") {
            request = self.pushed.remove(uri)?;
        }
        let silent = request.get("prompt").is_some_and(|prompt| prompt == "none");
        let code_flow = request["response_type"] == "code";
        let mut answer = form_urlencoded::Serializer::new(String::new());
        answer.append_pair("state", &request["state"]);
        match (self.session, code_flow) {
            (None, _) => {
                answer.append_pair("error", "login_required");
            }
            (Some(login), true) => {
                let code = self.name("code");
                answer.append_pair("code", &code);
                let redirect = request["redirect_uri"].clone();
                let code_of = Code {
                    request,
                    login,
                    used: false,
                    silent,
                };
                self.codes.insert(code, code_of);
                return Some(format!("{redirect}?{}", answer.finish()));
            }
            (Some(login), false) => {
                let (access_token, id_token) =
                    self.tokens(login, request.get("nonce").map(String::as_str));
                answer
                    .append_pair("access_token", &access_token)
                    .append_pair("id_token", &id_token)
                    .append_pair("token_type", "Bearer")
                    .append_pair("expires_in", &self.manners.lifetime_s.to_string());
            }
        }
        let separator = if code_flow { '?' } else { '#' };
        Some(format!(
            "{}{separator}{}",
            request["redirect_uri"],
            answer.finish()
        ))
    }

    /// The token endpoint.
    pub fn exchange(&mut self, form: &Parameters) -> Answer {
        match form["grant_type"].as_str() {
            "authorization_code" => self.exchange_code(form),
            _ => self.refresh(&form["refresh_token"]),
        }
    }

    fn exchange_code(&mut self, form: &Parameters) -> Answer {
        let challenge =
            Base64UrlUnpadded::encode_string(&Sha256::digest(form["code_verifier"].as_bytes()));
        let Some(code) = self.codes.get_mut(&form["code"]) else {
            return refusal(Brings::Nothing);
        };
        if code.used {
            self.reused_code = true;
            return refusal(Brings::Nothing);
        }
        code.used = true;
        if code.request["code_challenge"] != challenge
            || code.request["redirect_uri"] != form["redirect_uri"]
        {
            return refusal(Brings::Nothing);
        }
        let (login, nonce) = (code.login, code.request.get("nonce").cloned());
        let refresh_token = self.manners.refresh_tokens.then(|| {
            self.serial += 1;
            self.new_refresh_token(self.serial, login)
        });
        self.grant(login, nonce.as_deref(), refresh_token, Brings::Nothing)
    }

    fn refresh(&mut self, sent: &str) -> Answer {
        let old = sent.to_owned();
        let Some(token) = self.refresh_tokens.get(sent).cloned() else {
            return refusal(Brings::Refusal { old });
        };
        if !self.accepts(sent) {
            // Somebody has it who should not (RFC 9700 section 4.14.2).
            self.ended_families.push(token.family);
            return refusal(Brings::Refusal { old });
        }
        if self.manners.rotation == Rotation::Never {
            return self.grant(token.login, None, None, Brings::Nothing);
        }
        let new = self.new_refresh_token(token.family, token.login);
        let now = self.now;
        if let Some(token) = self.refresh_tokens.get_mut(sent) {
            token.used_at.get_or_insert(now);
        }
        let brings = Brings::RefreshToken {
            old,
            new: new.clone(),
        };
        self.grant(token.login, None, Some(new), brings)
    }

    fn new_refresh_token(&mut self, family: u64, login: Login) -> String {
        let name = self.name("rt");
        let token = RefreshToken {
            family,
            login,
            used_at: None,
        };
        self.refresh_tokens.insert(name.clone(), token);
        name
    }

    fn grant(
        &mut self,
        login: Login,
        nonce: Option<&str>,
        refresh_token: Option<String>,
        brings: Brings,
    ) -> Answer {
        let (access_token, id_token) = self.tokens(login, nonce);
        let kind = if self.manners.dpop { "DPoP" } else { "Bearer" };
        let lifetime = self.manners.lifetime_s;
        let refresh_token = refresh_token
            .map(|token| format!(r#","refresh_token":"{token}""#))
            .unwrap_or_default();
        Answer {
            status: 200,
            body: format!(
                r#"{{"access_token":"{access_token}","token_type":"{kind}","expires_in":{lifetime},"id_token":"{id_token}"{refresh_token}}}"#
            ),
            brings,
        }
    }

    fn tokens(&mut self, login: Login, nonce: Option<&str>) -> (String, String) {
        let access_token = self.name("at");
        let hash = Sha256::digest(&access_token);
        let at_hash = Base64UrlUnpadded::encode_string(&hash[..16]);
        let nonce = nonce
            .map(|nonce| format!(r#","nonce":"{nonce}""#))
            .unwrap_or_default();
        let iat = self.clock().div_euclid(1000);
        let claims = format!(
            r#"{{"iss":"{ISSUER}","aud":"{CLIENT_ID}","sub":"{user}","iat":{iat},"exp":{exp},"auth_time":{auth_time},"at_hash":"{at_hash}"{nonce}}}"#,
            user = login.user,
            exp = iat + self.manners.lifetime_s,
            auth_time = login.at_s,
        );
        let id_token = format!(
            "{HEADER}.{}.{}",
            Base64UrlUnpadded::encode_string(claims.as_bytes()),
            Base64UrlUnpadded::encode_string(SIGNATURE)
        );
        for (token, is_id_token) in [(&access_token, false), (&id_token, true)] {
            let issued = Issued {
                user: login.user,
                at: self.now,
                expires_at: self.now + self.manners.lifetime_s * 1000,
                revoked: false,
                is_id_token,
            };
            self.tokens.insert(token.clone(), issued);
        }
        (access_token, id_token)
    }

    pub fn metadata(&self) -> String {
        let pushed = self.manners.requires_pushed_requests;
        format!(
            r#"{{"issuer":"{ISSUER}","authorization_endpoint":"{ISSUER}authorize","token_endpoint":"{ISSUER}token",
            "jwks_uri":"{ISSUER}jwks","revocation_endpoint":"{ISSUER}revoke","end_session_endpoint":"{ISSUER}logout",
            "pushed_authorization_request_endpoint":"{ISSUER}par","require_pushed_authorization_requests":{pushed}}}"#
        )
    }
}

/// `{"alg":"ES256","kid":"1"}`
const HEADER: &str = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ";
/// The one signature that is good.
pub const SIGNATURE: &[u8] = b"signed by the provider of the simulation";
/// Nothing is signed with it; it only has to be a point on its curve.
pub const KEY_SET: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"1","use":"sig","x":"GyknFGOISUOAb2sLpg2FrKLUIB8Ug0rdzqpry4pQELM","y":"Stooq7HwWswuMw7RvSb9O1jY1zMhSvKPMgB5c9b8Tuc"}]}"#;

fn refusal(brings: Brings) -> Answer {
    Answer {
        status: 400,
        body: r#"{"error":"invalid_grant"}"#.to_owned(),
        brings,
    }
}
