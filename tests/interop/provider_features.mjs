// Each of `--options` in the library's terms: what it adds to the configuration, and to the one client.

import { randomBytes } from 'node:crypto';

import { decodeJwt } from 'jose';

import { logoutPage, signedOutPage } from './pages.mjs';

/** What the one person's consent covers, for the provider itself and for the API behind access tokens in JWT format. */
export const SCOPE = 'openid profile email offline_access';

/** The parts of the client's registration that depend on the options. */
export function clientMetadata({ features, profile }) {
  const { dpop, par, refreshTokens } = features;
  // An authorization endpoint sees no proof, so the library refuses to register both.
  const implicit = dpop !== 'required';
  return {
    response_types: ['code', ...(implicit ? ['id_token token'] : [])],
    grant_types: ['authorization_code', ...(implicit ? ['implicit'] : []), ...(refreshTokens ? ['refresh_token'] : [])],
    ...(dpop === 'required' && { dpop_bound_access_tokens: true }),
    ...(par === 'required' && { require_pushed_authorization_requests: true }),
    // A secret that nobody is told: what is left to a public client is the implicit flow.
    ...(profile.secret
      ? { token_endpoint_auth_method: 'client_secret_post', client_secret: randomBytes(32).toString('base64url') }
      : { token_endpoint_auth_method: 'none' }),
  };
}

export function featureConfiguration({ features, profile }) {
  return {
    extraParams: { ...profile.extraParams, ...(features.refreshTokens && { offline_access: keepOfflineAccess }) },
    features: {
      devInteractions: { enabled: false },
      ...pushedRequests(features.par),
      ...proofsOfPossession(features),
      ...logout(features.logout ?? true),
      ...accessTokens(features.accessTokens, profile),
      revocation: { enabled: features.revocation },
      // Experimental in the library, which wants to be told that one knows which draft this is.
      webMessageResponseMode: { enabled: features.webMessage ?? false, ack: 'individual-draft-01' },
    },
    ...refreshTokens(features.refreshTokens, profile),
  };
}

/**
 * The library drops `offline_access` from every request without `prompt=consent`, whatever the type of the client.
 * OpenID Connect Core, section 11, wants that prompt unless something else permits offline access. Here something does:
 * consent is taken as given. `issueRefreshToken` could do without the scope, but then every authorization would yield a
 * refresh token, asked for or not, which would end with the browser's session. The check of an extra parameter is the
 * one hook between the dropping and the grant; nobody has to send the parameter.
 */
function keepOfflineAccess(ctx) {
  const { params, entities, body, client } = ctx.oidc;
  const pushed = entities.PushedAuthorizationRequest;
  const asked = pushed ? decodeJwt(pushed.request).scope : (body ?? ctx.query).scope;
  if (!asked?.split(' ').includes('offline_access') || !params.response_type.includes('code')) return;
  if (!client.grantTypeAllowed('refresh_token')) return;
  params.scope = [...new Set([...params.scope.split(' '), 'offline_access'])].join(' ');
}

function refreshTokens(wanted, { scopes }) {
  return {
    ...(scopes && { scopes }),
    // By default the library rotates those of public clients only while they are not bound to a key.
    rotateRefreshToken: true,
    ...(wanted === 'always' && { issueRefreshToken: (ctx, client) => client.grantTypeAllowed('refresh_token') }),
  };
}

/** Absent, pushed requests are possible: the library's own default. */
const pushedRequests = (par) =>
  par === undefined
    ? {}
    : {
        pushedAuthorizationRequests: {
          enabled: Boolean(par),
          requirePushedAuthorizationRequests: par === 'required',
        },
      };

/** Absent, proofs are accepted without a nonce: the library's own default. */
const proofsOfPossession = ({ dpop, dpopNonce = false }) =>
  dpop === undefined
    ? {}
    : { dPoP: { enabled: Boolean(dpop), nonceSecret: randomBytes(32), requireNonce: () => dpopNonce } };

const logout = (enabled) => ({
  rpInitiatedLogout: {
    enabled,
    logoutSource: (ctx, form) => void (ctx.body = logoutPage(form)),
    postLogoutSuccessSource: (ctx) => void (ctx.body = signedOutPage()),
  },
});

/** For JWTs the library needs to know an API ("resource server"); all else is opaque. */
function accessTokens(format, { audience, audienceOf = () => audience, unknownAudience }) {
  if (format !== 'jwt') return {};
  return {
    resourceIndicators: {
      enabled: true,
      // At the authorization endpoint; a token request has the API of its code.
      defaultResource: (ctx, client, oneOf) => oneOf?.[0] ?? audienceOf(ctx),
      getResourceServerInfo(ctx, resource) {
        if (resource !== audience) throw unknownAudience?.(resource) ?? new Error(`no such API: ${resource}`);
        // The scopes of OpenID Connect too: they would be missing from the answer's `scope` otherwise.
        return { audience, scope: SCOPE, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'RS256' } } };
      },
      // Otherwise `openid` among the scopes means a token for userinfo.
      useGrantedResource: () => true,
    },
  };
}

/** As the library's default: rotation does not prolong a public client's refresh token, unless it is bound to a key. */
export function refreshTokenTtl(seconds) {
  return (ctx, token) => {
    const rotated = ctx?.oidc?.entities.RotatedRefreshToken;
    return rotated && !token.isSenderConstrained() ? rotated.remainingTTL : seconds;
  };
}

/**
 * A page of an extension may be a redirect URI, which `response_mode=web_message` needs: the library posts to the
 * origin of the redirect URI, and an extension's document has no other. A registration takes no such URI: those of a
 * `web` client must be http(s), and a `native` client must confirm every authorization, so `prompt=none` would never
 * succeed. So they are left out of the registration and allowed in the two methods that decide at each request.
 */
export function allowExtensionPages(provider, redirectUris) {
  const { prototype } = provider.Client;
  for (const method of ['redirectUriAllowed', 'postLogoutRedirectUriAllowed']) {
    const registered = prototype[method];
    prototype[method] = function (uri) {
      return (isExtensionPage(uri) && redirectUris.includes(uri)) || registered.call(this, uri);
    };
  }
}

export const isExtensionPage = (uri) => uri.startsWith('chrome-extension://');
