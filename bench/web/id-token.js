// The check of an id_token: the worker's own, `jose`'s and `idtoken-verifier`'s. All have the key set at hand.
import IdTokenVerifier from "idtoken-verifier";
import { SignJWT, createLocalJWKSet, exportJWK, generateKeyPair, jwtVerify } from "jose";
import initialize, { Check } from "evertoken-check";
import { takePart } from "./bench.js";

const ISSUER = "https://provider.test/";
const CLIENT = "client";
const SUBJECT = "auth0|5f7c8ec7c33c6c004bbafe82";
const NONCE = "3q2-7w8LvX0mYpJd9sKfZt1rQhUeBn5c";

/** What of the three checks a token signed with `algorithm`; idtoken-verifier knows RS256 alone. */
async function checksFor(algorithm) {
  const { publicKey, privateKey } = await generateKeyPair(algorithm);
  const key = { ...(await exportJWK(publicKey)), kid: "1", alg: algorithm, use: "sig" };
  const keys = { keys: [key] };
  const claims = { nonce: NONCE, name: "Ada Lovelace", email: "ada@example.test", picture: "https://provider.test/ada.png" };
  const token = await new SignJWT(claims)
    .setProtectedHeader({ typ: "JWT", alg: algorithm, kid: "1" })
    .setIssuer(ISSUER)
    .setAudience(CLIENT)
    .setSubject(SUBJECT)
    .setIssuedAt()
    .setExpirationTime("10h")
    .sign(privateKey);
  const own = new Check(JSON.stringify(keys), ISSUER, CLIENT, NONCE);
  const set = createLocalJWKSet(keys);
  const checks = {
    Evertoken: () => own.verify(token, Date.now()),
    async jose() {
      const { payload } = await jwtVerify(token, set, { issuer: ISSUER, audience: CLIENT, clockTolerance: 60 });
      if (payload.nonce !== NONCE) throw new Error("another nonce");
      return payload.sub;
    },
  };
  if (algorithm === "RS256") {
    const jwksURI = URL.createObjectURL(new Blob([JSON.stringify(keys)]));
    const verifier = new IdTokenVerifier({ issuer: ISSUER, audience: CLIENT, jwksURI, jwksCache: new Map() });
    checks["idtoken-verifier"] = () =>
      new Promise((resolve, reject) =>
        verifier.verify(token, NONCE, (error, payload) => (error ? reject(error) : resolve(payload.sub))),
      );
  }
  return checks;
}

const checks = {};

/** Milliseconds of one check, out of `count` checks one after the other. */
globalThis.check = async (algorithm, name, count) => {
  const check = checks[algorithm][name];
  const from = performance.now();
  for (let made = 0; made < count; made++) {
    if ((await check()) !== SUBJECT) throw new Error(`${name}: another subject`);
  }
  return (performance.now() - from) / count;
};

takePart(async () => {
  await initialize({ module_or_path: "check.wasm" });
  for (const algorithm of ["RS256", "ES256", "EdDSA"]) checks[algorithm] = await checksFor(algorithm);
});
