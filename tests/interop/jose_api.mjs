// An API for id_tokens of any algorithm: express-jwt and koa-jwt know no EdDSA. Only the checks are the library's.

import express from 'express';
import { importSPKI, jwtVerify } from 'jose';
import jwksRsa from 'jwks-rsa';

/** The key that a token names, out of the provider's own. */
export const keyAmong =
  (keys) =>
  async ({ kid, alg }) =>
    importSPKI((await keys.getSigningKey(kid)).getPublicKey(), alg);

export function joseApi({ claims, keys }, record, { echo }) {
  const key = keyAmong(jwksRsa(keys));
  const app = express();
  app.disable('x-powered-by');
  app.use('/v1', authenticate(key, claims, record), ...echo);
  return app;
}

function authenticate(key, claims, record) {
  return async (req, res, next) => {
    const token = /^Bearer (.+)$/.exec(req.headers.authorization ?? '')?.[1];
    const refuse = (challenge) => res.status(401).set('www-authenticate', challenge).json({ error: challenge });
    if (!token) return void refuse('Bearer');
    try {
      req.auth = (await jwtVerify(token, key, claims)).payload;
      if (!record.isRevoked(token)) return next();
    } catch (error) {
      console.error(`jose: ${error.stack}`);
    }
    return void refuse('Bearer error="invalid_token"');
  };
}
