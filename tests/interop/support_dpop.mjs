// A client's key for proofs of possession.

import { randomUUID } from 'node:crypto';

import { SignJWT, calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';

import { s256 } from './support.mjs';

export class DpopKey {
  /** Put into every proof until the server names another. */
  nonce;

  static async generate() {
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const jwk = await exportJWK(publicKey);
    return Object.assign(new DpopKey(), { privateKey, jwk, thumbprint: await calculateJwkThumbprint(jwk) });
  }

  proof(htm, htu, { token, ...claims } = {}) {
    const ath = token && s256(token);
    return new SignJWT({ jti: randomUUID(), htm, htu, ath, nonce: this.nonce, ...claims })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: this.jwk })
      .setIssuedAt(claims.iat)
      .sign(this.privateKey);
  }
}
