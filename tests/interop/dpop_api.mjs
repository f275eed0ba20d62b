// A protected API for the provider's access tokens, opaque or JWT, with or without proof of possession (RFC 9449).

import { createHash, randomUUID } from 'node:crypto';

import express from 'express';
import { EmbeddedJWK, calculateJwkThumbprint, jwtVerify } from 'jose';
import jwksRsa from 'jwks-rsa';

import { keyAmong } from './jose_api.mjs';
import { fingerprintOf } from './record.mjs';

const ALGORITHMS = ['ES256', 'RS256', 'PS256', 'Ed25519'];
/** How far a proof's `iat` may be off, either way, in seconds. */
const WINDOW = 60;

/** The API's nonces are its own: those of the provider are refused here, and the other way about. */
export class ApiNonces {
  current = randomUUID();

  change() {
    this.current = randomUUID();
  }
}

class Refusal extends Error {
  constructor(error, description) {
    super(description);
    this.error = error;
  }
}

export function dpopApi({ claims, keys }, record, { provider, audience, origin, nonces, echo }) {
  const tokens = { record, provider, audience, issuer: claims.issuer, keys: jwksRsa(keys) };
  const proofs = { seen: new Set(), origin, nonces };
  const app = express();
  app.disable('x-powered-by');
  app.use('/v1', authenticate(record, tokens, proofs), ...echo);
  return app;
}

function authenticate(record, tokens, proofs) {
  return async (req, res, next) => {
    const [scheme = null, token] = req.headers.authorization?.split(' ') ?? [];
    const entry = record.dpopCall({ scheme, proof: fingerprintOf(req.headers.dpop), outcome: null });
    if (proofs.nonces) res.set('dpop-nonce', proofs.nonces.current);
    try {
      const { sub, jkt } = await verifyToken(token, tokens);
      await verifyBinding({ scheme, token, jkt, req }, proofs);
      entry.outcome = 'success';
      req.auth = { sub };
    } catch (error) {
      if (!(error instanceof Refusal)) console.error(`dpop: ${error.stack}`);
      entry.outcome = error.error ?? 'server_error';
      return void refuse(res, scheme, error);
    }
    return next();
  };
}

/** Both schemes are welcome. What is wrong stands in the challenge of the one that was used (RFC 9449, section 7.2). */
function refuse(res, scheme, { error, message }) {
  if (!error) return res.status(500).end();
  // Without credentials there is nothing to be wrong about (RFC 6750, section 3.1).
  const why = error === 'missing_token' ? [] : [`error="${error}"`, `error_description="${message}"`];
  const isBearer = scheme?.toLowerCase() === 'bearer';
  const [ofDpop, ofBearer] = isBearer ? [[], why] : [why, []];
  res.append('www-authenticate', `DPoP ${[...ofDpop, `algs="${ALGORITHMS.join(' ')}"`].join(', ')}`);
  res.append('www-authenticate', ['Bearer', ofBearer.join(', ')].filter(Boolean).join(' '));
  return res.status(401).json({ error, message });
}

/** Whose token it is, and the thumbprint of the key that it is bound to. */
async function verifyToken(token, { record, provider, audience, issuer, keys }) {
  if (!token) throw new Refusal('missing_token', 'no access token');
  if (record.isRevoked(token)) throw new Refusal('invalid_token', 'revoked');
  if (token.split('.').length === 3) {
    const checks = { issuer, audience, typ: 'at+jwt', algorithms: ['RS256'] };
    const { payload } = await jwtVerify(token, keyAmong(keys), checks).catch((cause) => {
      throw new Refusal('invalid_token', cause.code ?? cause.name);
    });
    return { sub: payload.sub, jkt: payload.cnf?.jkt };
  }
  const known = await provider.AccessToken.find(token);
  if (!known) throw new Refusal('invalid_token', 'unknown, expired or revoked');
  return { sub: known.accountId, jkt: known.jkt };
}

/** RFC 9449, section 7.1 */
async function verifyBinding({ scheme, token, jkt, req }, proofs) {
  const isBound = scheme.toLowerCase() === 'dpop';
  if (!isBound && scheme.toLowerCase() !== 'bearer') throw new Refusal('invalid_token', 'unknown scheme');
  if (!isBound && jkt) throw new Refusal('invalid_token', 'bound to a key, but presented as a bearer token');
  if (!isBound) return;
  if (!jkt) throw new Refusal('invalid_token', 'not bound to a key');
  if ((await verifyProof(req, token, proofs)) !== jkt) throw new Refusal('invalid_dpop_proof', 'another key');
}

/** RFC 9449, section 4.3: the thumbprint of the proof's key. */
async function verifyProof(req, token, { seen, origin, nonces }) {
  const wrong = (what) => new Refusal('invalid_dpop_proof', what);
  const { dpop } = req.headers;
  if (!dpop) throw wrong('missing');
  // Node joins repeated headers with a comma, which no JWT contains.
  const proof = await jwtVerify(dpop, EmbeddedJWK, { typ: 'dpop+jwt', algorithms: ALGORITHMS }).catch((cause) => {
    throw wrong(cause.code ?? cause.name);
  });
  const { htm, htu, iat, jti, ath, nonce } = proof.payload;
  if (htm !== req.method) throw wrong('htm');
  if (withoutQuery(htu) !== withoutQuery(req.originalUrl, origin)) throw wrong('htu');
  if (!Number.isInteger(iat) || Math.abs(Date.now() / 1000 - iat) > WINDOW) throw wrong('iat');
  if (ath !== createHash('sha256').update(token).digest('base64url')) throw wrong('ath');
  // After what makes the proof wrong for good, before `jti`: the next one with the nonce has another.
  if (nonces && nonce !== nonces.current) throw new Refusal('use_dpop_nonce', 'a nonce is required');
  if (typeof jti !== 'string' || jti === '' || seen.has(jti)) throw wrong('jti');
  seen.add(jti);
  return calculateJwkThumbprint(proof.protectedHeader.jwk);
}

function withoutQuery(address, base) {
  const url = URL.parse(String(address), base);
  return url && `${url.origin}${url.pathname}`;
}
