// The same library, arranged as well-known providers are where a client can tell. What it cannot imitate stands in
// README.md.

import { auth0 } from './auth0.mjs';

const TENANT = '5f3c2b1e-8d64-4a0f-9b57-c0d1e2f3a4b5';

const BEARER_ONLY = { dpop: false, par: false };

/**
 * `issuer`: what stands behind the origin. `mount`: the path below which all routes lie. `audience`: of access tokens
 * in JWT format. `answersWithIss`: whether authorization responses carry `iss` (RFC 9207). `features`: defaults of
 * `--options`.
 */
export const PROFILES = {
  plain: { issuer: '/', audience: 'https://api.evertoken.test/' },

  keycloak: {
    issuer: '/realms/demo',
    mount: '/realms/demo',
    audience: 'urn:keycloak:account',
    routes: {
      authorization: '/protocol/openid-connect/auth',
      end_session: '/protocol/openid-connect/logout',
      jwks: '/protocol/openid-connect/certs',
      pushed_authorization_request: '/protocol/openid-connect/ext/par/request',
      revocation: '/protocol/openid-connect/revoke',
      token: '/protocol/openid-connect/token',
      userinfo: '/protocol/openid-connect/userinfo',
    },
    framed: false,
    features: { refreshTokens: 'always', accessTokens: 'jwt', dpop: false },
  },

  okta: {
    issuer: '/oauth2/default',
    mount: '/oauth2/default',
    audience: 'api://default',
    routes: {
      authorization: '/v1/authorize',
      end_session: '/v1/logout',
      jwks: '/v1/keys',
      pushed_authorization_request: '/v1/par',
      revocation: '/v1/revoke',
      token: '/v1/token',
      userinfo: '/v1/userinfo',
    },
    answersWithIss: false,
    features: { refreshTokens: true, accessTokens: 'jwt' },
  },

  entra: {
    issuer: `/${TENANT}/v2.0`,
    audience: 'https://graph.evertoken.test/',
    routes: {
      authorization: `/${TENANT}/oauth2/v2.0/authorize`,
      end_session: `/${TENANT}/oauth2/v2.0/logout`,
      jwks: `/${TENANT}/discovery/v2.0/keys`,
      token: `/${TENANT}/oauth2/v2.0/token`,
      userinfo: '/oidc/userinfo',
    },
    // Only the metadata lie below the issuer; the endpoints are its siblings.
    rewrite: { [`/${TENANT}/v2.0/.well-known/openid-configuration`]: '/.well-known/openid-configuration' },
    answersWithIss: false,
    claimNames: ['oid', 'tid', 'ver'],
    claims: (id) => ({ oid: `oid-${id}`, tid: TENANT, ver: '2.0' }),
    middleware: [crossOriginOnly],
    features: { ...BEARER_ONLY, refreshTokens: true, revocation: false, accessTokens: 'jwt' },
  },

  google: {
    issuer: '',
    audience: 'https://apis.evertoken.test/',
    routes: {
      authorization: '/o/oauth2/v2/auth',
      jwks: '/oauth2/v3/certs',
      token: '/token',
      userinfo: '/v1/userinfo',
    },
    scopes: ['openid'],
    secret: true,
    features: { ...BEARER_ONLY, logout: false, refreshTokens: false },
  },

  auth0: {
    issuer: '/',
    audience: 'https://api.evertoken.test/',
    routes: {
      authorization: '/authorize',
      jwks: '/.well-known/jwks.json',
      pushed_authorization_request: '/oauth/par',
      revocation: '/oauth/revoke',
      token: '/oauth/token',
      userinfo: '/userinfo',
    },
    answersWithIss: false,
    ...auth0,
    features: { ...BEARER_ONLY, logout: false, refreshTokens: true, webMessage: true, accessTokens: 'jwt' },
  },
};

/** AADSTS9002327: the code of a single-page application is redeemed by a cross-origin request or not at all. */
function crossOriginOnly({ pathOf }) {
  return async (ctx, next) => {
    if (ctx.path !== pathOf('token') || ctx.method !== 'POST' || ctx.get('origin')) return next();
    ctx.status = 400;
    ctx.body = {
      error: 'invalid_request',
      error_description:
        "AADSTS9002327: Tokens issued for the 'Single-Page Application' client-type may only be redeemed via " +
        'cross-origin requests.',
    };
    return undefined;
  };
}
