//! The provider's key set (RFC 7517): which of its keys can be used, and which one signed a token.

use jsonwebtoken::jwk::{KeyOperations, PublicKeyUse};
use thiserror::Error;

use super::algorithm::JwsAlgorithm;
use crate::json::{JsonObject, Value};

pub use super::public_key::{Curve, PublicKey};

/// The most keys that are read from one set.
pub const MAX_KEYS: usize = 100;

/// The keys of a set that can verify a signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    id: Option<String>,
    algorithm: Option<JwsAlgorithm>,
    public: PublicKey,
}

/// Why no key was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum KeySetError {
    /// More than one key fits.
    #[error("more than one of the provider's keys could have signed the id_token")]
    Ambiguous,
    /// Not a JSON object with a list of at most [`MAX_KEYS`] `keys`, or it could not be fetched.
    #[error("the provider's key set cannot be read")]
    Malformed,
    /// No key fits, even after the set was fetched again.
    #[error("the id_token is signed with a key that the provider does not publish")]
    UnknownKey,
}

impl KeySet {
    /// Reads a JSON key set; keys that cannot be used are skipped one by one (RFC 7517 section 5).
    ///
    /// # Errors
    /// [`KeySetError::Malformed`].
    pub fn parse(json: &[u8]) -> Result<Self, KeySetError> {
        let mut set = JsonObject::parse(json).map_err(|_| KeySetError::Malformed)?;
        let Some(Value::Array(keys)) = set.take("keys") else {
            return Err(KeySetError::Malformed);
        };
        if keys.len() > MAX_KEYS {
            return Err(KeySetError::Malformed);
        }
        Ok(Self {
            keys: keys.into_iter().filter_map(Key::parse).collect(),
        })
    }

    /// The only key that can have signed a token with this header. The same key listed twice counts once. If the set has a
    /// single key without a `kid`, it is used whatever `kid` the token has: no other key can be meant.
    ///
    /// # Errors
    /// [`KeySetError::UnknownKey`] asks the caller to fetch the set again; [`KeySetError::Ambiguous`].
    pub fn select(
        &self,
        algorithm: JwsAlgorithm,
        key_id: Option<&str>,
    ) -> Result<&PublicKey, KeySetError> {
        let with_id = self.one(|key| key.fits(algorithm) && key.has_id(key_id));
        match with_id {
            Err(KeySetError::UnknownKey) if key_id.is_some() => {
                self.one(|key| key.fits(algorithm) && key.id.is_none())
            }
            found => found,
        }
    }

    fn one(&self, fits: impl Fn(&Key) -> bool) -> Result<&PublicKey, KeySetError> {
        let mut fitting = self.keys.iter().filter(|key| fits(key));
        let key = &fitting.next().ok_or(KeySetError::UnknownKey)?.public;
        match fitting.all(|other| other.public == *key) {
            true => Ok(key),
            false => Err(KeySetError::Ambiguous),
        }
    }
}

impl Key {
    fn parse(value: Value) -> Option<Self> {
        let key = JsonObject::try_from(value).ok()?;
        // Not as a whole `Jwk`: that one takes null for absent, and would lose a key for the type of a certificate's
        // member, which is ignored here.
        let usage = key.read("use").ok()?;
        let operations: Option<Vec<KeyOperations>> = key.read("key_ops").ok()?;
        let tells = |member: &&str| key.value(member).is_some_and(|value| !value.is_null());
        let usable = matches!(usage, None | Some(PublicKeyUse::Signature))
            && operations.is_none_or(|all| all.contains(&KeyOperations::Verify))
            && !["d", "p", "q", "k"].iter().any(tells);
        if !usable {
            return None;
        }
        let algorithm = match key.string("alg").ok()? {
            None => None,
            // By our own list: `KeyAlgorithm` is one and the same for `Ed25519` and for every name that it does not know.
            Some(name) => Some(JwsAlgorithm::from_name(name)?),
        };
        Some(Self {
            id: key.string("kid").ok()?.map(str::to_owned),
            algorithm,
            public: PublicKey::parse(key)?,
        })
    }

    fn fits(&self, algorithm: JwsAlgorithm) -> bool {
        self.public.fits(algorithm) && self.algorithm.is_none_or(|own| own == algorithm)
    }

    fn has_id(&self, key_id: Option<&str>) -> bool {
        key_id.is_none_or(|id| self.id.as_deref() == Some(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ec(extra: &str) -> String {
        let coordinate = "A".repeat(43);
        format!(r#"{{"kty":"EC","crv":"P-256","x":"{coordinate}","y":"{coordinate}"{extra}}}"#)
    }

    fn other(extra: &str) -> String {
        ec(extra).replacen(&"A".repeat(43), &("B".to_owned() + &"A".repeat(42)), 1)
    }

    fn set(keys: &[String]) -> KeySet {
        KeySet::parse(format!(r#"{{"keys":[{}]}}"#, keys.join(",")).as_bytes()).unwrap()
    }

    #[test]
    fn a_key_that_cannot_be_used_costs_only_itself() {
        let bad = [
            r#""text""#.to_owned(),
            "{}".to_owned(),
            r#"{"kty":"oct","k":"AAAA"}"#.to_owned(),
            ec(r#","use":"enc""#),
            ec(r#","key_ops":["encrypt"]"#),
            ec(r#","d":"AAAA""#),
            ec(r#","alg":"HS256""#),
            ec("").replace(r#""EC""#, r#"{"EC":null}"#),
            ec("").replace(r#""P-256""#, r#"{"P-256":null}"#),
            ec("").replace("EC", "OKP"),
            ec(r#","key_ops":{"verify":null}"#),
            ec("").replace("P-256", "P-384"),
            format!(r#"{{"kty":"RSA","n":"_{}","e":"AQAB"}}"#, "A".repeat(170)), // 1,024 bits
            format!(r#"{{"kty":"RSA","n":"_{}","e":"AQ"}}"#, "A".repeat(341)),
            format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, "A".repeat(342)), // zeros in front
        ];
        assert_eq!(set(&bad), KeySet::default());
        let with_a_good_one: Vec<String> = bad.into_iter().chain([ec("")]).collect();
        assert!(
            set(&with_a_good_one)
                .select(JwsAlgorithm::Es256, None)
                .is_ok()
        );
    }

    #[test]
    fn a_member_that_is_ignored_costs_no_key() {
        for extra in [
            r#","d":null,"p":null,"q":null,"k":null"#,
            r#","x5c":"text""#,
            r#","x5t":5"#,
            r#","x5u":null"#,
            r#","key_ops":["verify","other"]"#,
            r#","n":5"#,
            r#","unknown":{}"#,
        ] {
            let keys = set(&[ec(extra)]);
            assert!(keys.select(JwsAlgorithm::Es256, None).is_ok(), "{extra}");
        }
        let named = format!(
            r#"{{"kty":"OKP","crv":"Ed25519","x":"{}","alg":"Ed25519"}}"#,
            "A".repeat(43)
        );
        assert!(set(&[named]).select(JwsAlgorithm::EdDsa, None).is_ok());
    }

    #[test]
    fn a_token_without_a_kid_is_checked_with_the_only_key_that_fits() {
        assert!(
            set(&[ec(r#","kid":"1""#)])
                .select(JwsAlgorithm::Es256, None)
                .is_ok()
        );
        let two = set(&[ec(r#","kid":"1""#), other(r#","kid":"2""#)]);
        assert_eq!(
            two.select(JwsAlgorithm::Es256, None),
            Err(KeySetError::Ambiguous)
        );
        assert!(two.select(JwsAlgorithm::Es256, Some("2")).is_ok());
    }

    #[test]
    fn a_key_id_of_two_keys_is_ambiguous_and_one_key_that_stands_twice_is_not() {
        let two = set(&[ec(r#","kid":"1""#), other(r#","kid":"1""#)]);
        assert_eq!(
            two.select(JwsAlgorithm::Es256, Some("1")),
            Err(KeySetError::Ambiguous)
        );
        let twice = set(&[ec(r#","kid":"1""#), ec(r#","kid":"1""#)]);
        assert!(twice.select(JwsAlgorithm::Es256, Some("1")).is_ok());
    }

    #[test]
    fn a_key_without_an_id_is_meant_where_it_is_the_only_one() {
        let one = set(&[ec(""), other(r#","kid":"2""#)]);
        let nameless = set(&[ec("")]);
        let nameless = nameless.select(JwsAlgorithm::Es256, None);
        assert_eq!(one.select(JwsAlgorithm::Es256, Some("1")), nameless);
        let two = set(&[ec(""), other("")]);
        assert_eq!(
            two.select(JwsAlgorithm::Es256, Some("1")),
            Err(KeySetError::Ambiguous)
        );
        let null = set(&[ec(r#","use":null,"key_ops":null,"alg":null,"kid":null"#)]);
        assert!(null.select(JwsAlgorithm::Es256, Some("1")).is_ok());
    }

    #[test]
    fn a_key_is_not_used_for_an_algorithm_that_is_not_its_own() {
        let keys = set(&[ec("")]);
        assert_eq!(
            keys.select(JwsAlgorithm::Rs256, None),
            Err(KeySetError::UnknownKey)
        );
        assert_eq!(
            keys.select(JwsAlgorithm::Es384, None),
            Err(KeySetError::UnknownKey)
        );
    }

    #[test]
    fn what_is_not_a_key_set_is_malformed() {
        for json in ["", "[]", "{}", r#"{"keys":{}}"#, r#"{"keys":[],"keys":[]}"#] {
            assert_eq!(
                KeySet::parse(json.as_bytes()),
                Err(KeySetError::Malformed),
                "{json}"
            );
        }
    }
}
