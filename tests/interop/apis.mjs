// The two protected APIs of the article the project began from: express-jwt and koa-jwt, each with its own 401. And one
// for access tokens, which those two know nothing of.

import { Agent } from 'node:https';

import { bodyParser } from '@koa/bodyparser';
import express from 'express';
import { expressjwt } from 'express-jwt';
import jwksRsa from 'jwks-rsa';
import Koa from 'koa';
import koaJwt from 'koa-jwt';

import { dpopApi } from './dpop_api.mjs';
import { joseApi } from './jose_api.mjs';

// Above the 16 MiB up to which Evertoken keeps a body for the resend, so that the larger ones arrive too.
const LIMIT = '20mb';

/** What both APIs ask of a token; the keys come over TLS from the provider's own JWKS endpoint. */
export function verification({ issuer, jwksUri, audience, ca, algorithms = ['RS256'] }) {
  return {
    claims: { algorithms, audience, issuer },
    keys: { jwksUri, cache: true, requestAgent: new Agent({ ca, family: 4 }) },
  };
}

/** Fails where the APIs would: better at the start than as a 401 that looks like a bad token. */
export const reachKeys = ({ keys }) => jwksRsa(keys).getSigningKeys();

function expressApi({ claims, keys }, record) {
  const app = express();
  // Otherwise express puts a stack trace into the 401. It still prints one to standard error, as it would anywhere.
  app.set('env', 'production');
  app.use(
    '/v1',
    expressjwt({
      ...claims,
      secret: jwksRsa.expressJwtSecret(keys),
      isRevoked: (req) => record.isRevoked(req.headers.authorization.split(' ')[1]),
    }),
    ...echo('express'),
  );
  return app;
}

/** Answers with what arrived, once somebody else has put the claims into `req.auth`. */
const echo = (api) => [
  express.json({ limit: LIMIT, strict: false }),
  express.urlencoded({ limit: LIMIT }),
  express.text({ limit: LIMIT }),
  (req, res) => {
    const path = req.originalUrl.split('?')[0];
    const { auth, method, query, body = null } = req;
    res.json({ api, sub: auth.sub, method, path, query, body });
  },
];

function koaApi({ claims, keys }, record) {
  const app = new Koa();
  app.use((ctx, next) => (/^\/v1(\/|$)/.test(ctx.path) ? next() : undefined));
  app.use(
    koaJwt({
      ...claims,
      secret: jwksRsa.koaJwtSecret(keys),
      isRevoked: async (ctx, decoded, token) => record.isRevoked(token),
    }),
  );
  app.use(
    bodyParser({
      enableTypes: ['json', 'form', 'text'],
      parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
      jsonLimit: LIMIT,
      formLimit: LIMIT,
      textLimit: LIMIT,
      jsonStrict: false,
    }),
  );
  app.use((ctx) => {
    const { method, path, query } = ctx;
    // The parser answers `{}` where it parsed nothing; only `rawBody` tells that from a body of `{}`.
    const body = ctx.request.rawBody ? ctx.request.body : null;
    ctx.body = { api: 'koa', sub: ctx.state.user.sub, method, path, query, body };
  });
  return app.callback();
}

export const APIS = {
  express: expressApi,
  koa: koaApi,
  jose: (checks, record) => joseApi(checks, record, { echo: echo('jose') }),
  dpop: (checks, record, options) => dpopApi(checks, record, { ...options, echo: echo('dpop') }),
};
