// panva's oidc-provider with one public client and two people. Its routes, cookies and answers are its own.

import { generateKeyPairSync, randomUUID } from 'node:crypto';

import express from 'express';
import Provider from 'oidc-provider';

import { MemoryStore } from './adapter.mjs';
import { Faults, disruptions } from './faults.mjs';
import { observe } from './observe.mjs';
import { claimsOf, exists, interactions } from './people.mjs';
import {
  SCOPE,
  allowExtensionPages,
  clientMetadata,
  featureConfiguration,
  isExtensionPage,
  refreshTokenTtl,
} from './provider_features.mjs';
import { answerAs } from './response.mjs';

const DAY = 24 * 60 * 60;

/**
 * `issuer` ends in a slash unless the profile says otherwise: a client that glues "/.well-known" to it finds nothing.
 */
export function createProvider({ origin, record, ...options }) {
  const { profile, redirectUris } = options;
  const store = new MemoryStore();
  const faults = new Faults();
  const issuer = `${origin}${profile.issuer}`;
  const provider = new Provider(issuer, configuration({ ...options, origin, store }));
  allowExtensionPages(provider, redirectUris);
  const { mount = '' } = profile;
  /** Below the mount, as the middleware sees it. */
  const pathOf = (route) => provider.pathFor(route, { mountPath: '' });
  observe({ provider, record, pathOf });
  const more = (profile.middleware ?? []).map((middleware) => middleware({ provider, redirectUris, record, pathOf }));
  const middleware = [disruptions(faults, pathOf), answerAs(provider, profile), interactions(provider), ...more];
  for (const one of middleware) provider.use(one);
  profile.setUp?.(provider);
  return {
    provider,
    issuer,
    jwksUri: `${origin}${mount}${pathOf('jwks')}`,
    handler: mounted(provider, profile),
    commands: { ...commandsOf(store), ...faults.commands() },
  };
}

const commandsOf = (store) => ({
  end_sessions: () => ({ ended: store.endSessions() }),
  revoke_refresh_tokens: () => ({ revoked: store.revokeRefreshTokens() }),
});

function configuration({ origin, clientId, redirectUris, idTokenTtl, store, profile, features }) {
  const registered = redirectUris.filter((uri) => !isExtensionPage(uri));
  return {
    adapter: store.adapter,
    claims: {
      // Without a `jti` two refreshes within a second yield the same id_token, and revoking one would revoke both.
      openid: ['sub', 'jti', ...(profile.claimNames ?? [])],
      profile: ['name'],
      email: ['email', 'email_verified'],
    },
    clients: [
      {
        client_id: clientId,
        // Not `native`: those must confirm every authorization, so `prompt=none` would never succeed.
        application_type: 'web',
        redirect_uris: registered,
        ...(features.logout !== false && { post_logout_redirect_uris: registered }),
        id_token_signed_response_alg: 'RS256',
        ...clientMetadata({ features, profile }),
      },
    ],
    // A worker's POST to the token endpoint bears the extension's origin, which is never that of the redirect URI;
    // the library's default turns it down with `invalid_request`.
    clientBasedCORS: (ctx, origin) => origin.startsWith('chrome-extension://'),
    // Otherwise name and e-mail would only be had from the userinfo endpoint.
    conformIdTokenClaims: false,
    cookies: { keys: [randomUUID()] },
    ...(profile.metadata && { discovery: profile.metadata(origin) }),
    findAccount: (ctx, id) =>
      exists(id) && {
        accountId: id,
        claims: () => ({ jti: randomUUID(), ...claimsOf(id), ...profile.claims?.(id, ctx) }),
      },
    interactions: { url: (ctx, { uid }) => `${profile.mount ?? ''}/interaction/${uid}` },
    jwks: { keys: [signingKey()] },
    loadExistingGrant: (ctx) => loadExistingGrant(ctx, profile, features),
    pkce: { required: () => true },
    renderError,
    responseTypes: ['code', 'id_token token'],
    ...(profile.routes && { routes: profile.routes }),
    ttl: {
      AccessToken: idTokenTtl,
      AuthorizationCode: 60,
      Grant: DAY,
      IdToken: idTokenTtl,
      Interaction: 600,
      RefreshToken: refreshTokenTtl(features.refreshTokenTtl),
      Session: DAY,
    },
    ...featureConfiguration({ features, profile }),
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

/** Who signed in has agreed, so that a silent authorization needs nothing but the session. */
async function loadExistingGrant(ctx, { audience }, { refreshTokens, accessTokens }) {
  const { client, provider, session } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const existing = known && (await provider.Grant.find(known));
  if (existing) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope(refreshTokens ? SCOPE : 'openid profile email');
  if (accessTokens === 'jwt') grant.addResourceScope(audience, SCOPE);
  await grant.save();
  return grant;
}

/** The library's own error page loads a font from the internet. */
function renderError(ctx, { error, error_description }) {
  ctx.type = 'text';
  ctx.body = `${error}: ${error_description}`;
}

/** Below a path as the library's documentation has it: it finds its own URLs by what Express cut off. */
function mounted(provider, { mount, rewrite = {} }) {
  const callback = provider.callback();
  if (mount) return express().disable('x-powered-by').use(mount, callback);
  return (req, res) => {
    req.url = rewrite[req.url] ?? req.url;
    return callback(req, res);
  };
}
