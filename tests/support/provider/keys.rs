//! Keys that sign nothing but these tests' tokens, one for each family of algorithms.

use base64ct::{Base64, Encoding};
use jsonwebtoken::{Algorithm, EncodingKey};
use serde_json::{Value, json};

/// P-256
const ES256: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7i+GPb59aBi94GGJ0bSCtxe3hx4VANxnTxByCG8EZEmhRANCAAQbKScUY4hJQ4BvawumDYWsotQgHxSDSt3OqmvLilAQs0raKKux8FrMLjMO0b0m/TtY2NczIUryjzIAeXPW/E7n";
const ES256_X: &str = "GyknFGOISUOAb2sLpg2FrKLUIB8Ug0rdzqpry4pQELM";
const ES256_Y: &str = "Stooq7HwWswuMw7RvSb9O1jY1zMhSvKPMgB5c9b8Tuc";

/// P-256, of somebody who is not the provider.
const STRANGER: &str = "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgobNA2eZmf272VC5jTxKNmAWJODe9+OxYqArczsB/8cOhRANCAATjEWJSpi+T0lQcUgqiB6nnRkXFsYP+0tObi3CzappSkbde13LABWHzGLZ+peM5p1ivKZB5AvXjJfuaAQ6Q5WFz";
const STRANGER_X: &str = "4xFiUqYvk9JUHFIKogep50ZFxbGD_tLTm4tws2qaUpE";
const STRANGER_Y: &str = "t17XcsAFYfMYtn6l4zmnWK8pkHkC9eMl-5oBDpDlYXM";

/// P-384
const ES384: &str = "MIG2AgEAMBAGByqGSM49AgEGBSuBBAAiBIGeMIGbAgEBBDB1PslaS2c3+74anRZ/gEYmaPPqKhyahtJxT1LQnRkWUMBH5Dg16K4Lf0OMshRWqyqhZANiAAQuWUKBVooZ+C604zz18ehCsR5fLgKeSnZi0uIKaa+0o3KFim4cfm78uCfbOboL6x/dUrKK5ujNhAPuaTupOcgfGX2jeGnNtvWftIMyPCrekRTNEFF84TJVoD8NJVxOaOY=";
const ES384_X: &str = "LllCgVaKGfgutOM89fHoQrEeXy4Cnkp2YtLiCmmvtKNyhYpuHH5u_Lgn2zm6C-sf";
const ES384_Y: &str = "3VKyiubozYQD7mk7qTnIHxl9o3hpzbb1n7SDMjwq3pEUzRBRfOEyVaA_DSVcTmjm";

/// Ed25519
const ED25519: &str = "MC4CAQAwBQYDK2VwBCIEIJ8qk4/PiAfRZwX1ymCVEGlSQD+9umpTigwPRqBj8Qs5";
const ED25519_X: &str = "MhNrwKn8Y6KN4_vwk2-HuH9-f20HVPcu3hY_4stp6Ds";

/// RSA, 2,048 bits.
const RSA: &str = "MIIEowIBAAKCAQEAnUZ55D/waEwQPSr13oSby7Ad+9jsw+zYZavxjymGo5XReFIz7ApAIWEPdzkNUsrgtKxZcD9uk3iZKEHMfeDjNlZ0xggEGTUeYiuTwTKLM6agJv3rspHjgZlu2B00vH2aR0pQ4Wj6kUYcP9bFLjV2odNk4cVGjsEh/EQNDV70lSavt3XYvn+Abk9mPKh4rFIR08sRN5PkrMe96kramwJscwFB4OtPr3fH6qED0y5G3emMYcIyoD6QcrdjZ3LblTT8DQfY9WYCRHKu4fyFXDxmh1kfGKcQrHD3Tl7b+ozHcjMnBnMyvxlP3EfZBjzHR/cQSsARpR1xvWjunxL7ej6NOQIDAQABAoIBABA9fh9dotuCOeMMaUXITQt5bNSGuobOEYJeK5wW3k+iDCFFNmtXRkwBaRwXM2hV3reJXIBEweGkgFwx1IXjD6iawNrPamztQ+1AhrSvyBlV9A+oBLX0bpkBWPrOo+rFetrbB620WLtg5qXeQuTZ9x1lZh4SGuO+zwhCQVQczAYNRoMNTN9kHDB/IYi2qMpFySgkVRYYzaDKFtg+LAAEgyZBKFKeMSTgqip7Cfvx3gT7UIhB/0A0TmcGw1ln1sOUDLBvUbRPU0lLtjfF6FTohcrsO1kcjfsHES67a+Y7/MUnOG831l+XTZx+LRiSVCNt5YzUKjUXo2uiAW2qTsavk8kCgYEAyaYhYjUhMFGUMGlmsdPrSu0gdC5Ve7Lx1TpJzWwqHjr5v+6qFvSzKI9eVnc6lUjyd/ddbWG6SZ6a8x3ugSq66DfQrjeEuHZdgUyT9uw/dF7EnI11WWjGGmgFqE3ItJ1xu5IAaqVT20Q7dR6I33PvRwecvywC8may7uzOYO48ff8CgYEAx6qLKpNRaqUkcuMC+Xm08+uHIk2kdRJCKd3W4DXCxk8RbBCGB09XbzHn5U7+sMsPb0Vz5Tbq0fZ9vsnDF5T3NHkwuxXOPOT+kykptMpKd+q3baL6xbsQ3dcrOoW0puAA7/CeDEot3itPsMua6WanSSWEJl4ZfpWhGjbUfNn/ZMcCgYAchck3EPjO0ts5Nc9229juUjhC9sLUqm0WkhYaXnBeskzdXy7j7FzjIdRgOqEouJbDbVPjwu0MuMiGFvfDgX3KlwqHegbl6Kg1P9W2GZioJzd8RW4R5YYP+iLCua3oDlUmCPLSIuyHmVEnsdf+c3GnBGahi+Im02v/67MNduVLlQKBgEOZ9WZj3IP8B9wyCjbHQ0H2s5kkqpLMrMQaDP96lEiqSp7I9WgSL+tA/V/BIDBhgAdPf47SyixuhWKMU1ZvpEcK5TnihyJM8fiHTkyc1RvGx3YCYV+DF5HUoRk+XczGOOsED67fiqoXBfM47GkrzWXRou2OnJkkNhh3Cfh/op3PAoGBAIppL5QQlcKE0runkgH2Knj3YVKwSOMYQhTgHocxvxy6/0WXnLhZQvdjwH+U4uYaYDq97yyliCpW9Qk3X7NiYGPHs+/DIIV7mh7vqkZjv0fkFpnWnDglyxY9VLshXuMr66dexSylx9lr4TpwxlDsib96iLjXdtkwfVUfDQDhQEO9";
pub const RSA_N: &str = "nUZ55D_waEwQPSr13oSby7Ad-9jsw-zYZavxjymGo5XReFIz7ApAIWEPdzkNUsrgtKxZcD9uk3iZKEHMfeDjNlZ0xggEGTUeYiuTwTKLM6agJv3rspHjgZlu2B00vH2aR0pQ4Wj6kUYcP9bFLjV2odNk4cVGjsEh_EQNDV70lSavt3XYvn-Abk9mPKh4rFIR08sRN5PkrMe96kramwJscwFB4OtPr3fH6qED0y5G3emMYcIyoD6QcrdjZ3LblTT8DQfY9WYCRHKu4fyFXDxmh1kfGKcQrHD3Tl7b-ozHcjMnBnMyvxlP3EfZBjzHR_cQSsARpR1xvWjunxL7ej6NOQ";

/// The provider's key for this algorithm.
pub(super) fn signing_key(algorithm: Algorithm) -> EncodingKey {
    match algorithm {
        Algorithm::ES256 => EncodingKey::from_ec_der(&der(ES256)),
        Algorithm::ES384 => EncodingKey::from_ec_der(&der(ES384)),
        Algorithm::EdDSA => EncodingKey::from_ed_der(&der(ED25519)),
        _ => EncodingKey::from_rsa_der(&der(RSA)),
    }
}

/// A P-256 key that the provider does not publish.
pub(super) fn strangers_key() -> EncodingKey {
    EncodingKey::from_ec_der(&der(STRANGER))
}

/// The public half of the stranger's key.
pub(super) fn strangers_public_key() -> Value {
    json!({"kty": "EC", "crv": "P-256", "x": STRANGER_X, "y": STRANGER_Y})
}

/// The public half of the provider's key for this algorithm.
pub(super) fn public_key(algorithm: Algorithm) -> Value {
    match algorithm {
        Algorithm::ES256 => json!({"kty": "EC", "crv": "P-256", "x": ES256_X, "y": ES256_Y}),
        Algorithm::ES384 => json!({"kty": "EC", "crv": "P-384", "x": ES384_X, "y": ES384_Y}),
        Algorithm::EdDSA => json!({"kty": "OKP", "crv": "Ed25519", "x": ED25519_X}),
        _ => json!({"kty": "RSA", "n": RSA_N, "e": "AQAB"}),
    }
}

fn der(text: &str) -> Vec<u8> {
    Base64::decode_vec(text).unwrap()
}
