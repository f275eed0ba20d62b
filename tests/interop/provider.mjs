// panva's oidc-provider with one public client and two people. Its routes, cookies and answers are its own.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';

import Provider from 'oidc-provider';

import { loginPage } from './login_page.mjs';

export const CLIENT_ID = 'evertoken-interop';

const DAY = 24 * 60 * 60;

/** Two, so that a test can sign in as somebody else. */
const PEOPLE = {
  grace: { password: 'hopper', name: 'Grace Hopper', email: 'grace@evertoken.test' },
  ada: { password: 'lovelace', name: 'Ada Lovelace', email: 'ada@evertoken.test' },
};

/** `issuer` ends in a slash: a client that glues "/.well-known" to it finds nothing. */
export function createProvider({ issuer, redirectUris, idTokenTtl, store, record }) {
  const provider = new Provider(issuer, configuration({ redirectUris, idTokenTtl, store }));
  observe(provider, record);
  provider.use(interactions(provider));
  return provider;
}

function configuration({ redirectUris, idTokenTtl, store }) {
  return {
    adapter: store.adapter,
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    clients: [
      {
        client_id: CLIENT_ID,
        // Not `native`: those must confirm every authorization, so `prompt=none` would never succeed.
        application_type: 'web',
        grant_types: ['authorization_code', 'implicit'],
        response_types: ['code', 'id_token token'],
        redirect_uris: redirectUris,
        token_endpoint_auth_method: 'none',
        id_token_signed_response_alg: 'RS256',
      },
    ],
    // A worker's POST to the token endpoint bears the extension's origin, which is never that of the redirect URI;
    // the library's default turns it down with `invalid_request`.
    clientBasedCORS: (ctx, origin) => origin.startsWith('chrome-extension://'),
    // Otherwise name and e-mail would only be had from the userinfo endpoint.
    conformIdTokenClaims: false,
    cookies: { keys: [randomUUID()] },
    features: { devInteractions: { enabled: false } },
    findAccount: (ctx, id) => PEOPLE[id] && { accountId: id, claims: () => claimsOf(id) },
    interactions: { url: (ctx, { uid }) => `/interaction/${uid}` },
    jwks: { keys: [signingKey()] },
    loadExistingGrant,
    pkce: { required: () => true },
    renderError,
    responseTypes: ['code', 'id_token token'],
    ttl: {
      AccessToken: idTokenTtl,
      AuthorizationCode: 60,
      Grant: DAY,
      IdToken: idTokenTtl,
      Interaction: 600,
      Session: DAY,
    },
  };
}

function signingKey() {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), alg: 'RS256', use: 'sig' };
}

function claimsOf(id) {
  const { name, email } = PEOPLE[id];
  return { sub: id, name, email, email_verified: true };
}

/** Who signed in has agreed, so that a silent authorization needs nothing but the session. */
async function loadExistingGrant(ctx) {
  const { client, provider, session } = ctx.oidc;
  const known = session.grantIdFor(client.clientId);
  const existing = known && (await provider.Grant.find(known));
  if (existing) return existing;
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid profile email');
  await grant.save();
  return grant;
}

/** The library's own error page loads a font from the internet. */
function renderError(ctx, { error, error_description }) {
  ctx.type = 'text';
  ctx.body = `${error}: ${error_description}`;
}

function interactions(provider) {
  return async (ctx, next) => {
    if (!ctx.path.startsWith('/interaction/')) return next();
    const { prompt } = await provider.interactionDetails(ctx.req, ctx.res);
    const result = prompt.name === 'login' ? await signIn(ctx) : { consent: {} };
    if (!result) return undefined;
    ctx.status = 303;
    return ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result));
  };
}

/** The result for the provider, or nothing after answering with the form. */
async function signIn(ctx) {
  ctx.set('cache-control', 'no-store');
  ctx.body = loginPage();
  if (ctx.method !== 'POST') return undefined;
  const form = new URLSearchParams(await text(ctx.req));
  const [login, password] = [form.get('login'), form.get('password')];
  if (Object.hasOwn(PEOPLE, login) && PEOPLE[login].password === password) return { login: { accountId: login } };
  ctx.status = 403;
  ctx.body = loginPage('This user name and password do not match.');
  return undefined;
}

/**
 * Listens to the provider's own events. An authorization that asks the user to sign in is one, not two: the resume
 * fills in its outcome.
 */
function observe(provider, record) {
  const entries = new Map();
  const entryOf = (ctx) => ctx.state.authorization ?? entries.get(ctx.oidc.entities.Interaction?.cid);
  const close = (ctx, outcome) => {
    const entry = entryOf(ctx);
    if (entry) entry.outcome = outcome;
  };

  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth') ctx.state.authorization = record.authorization(ctx.query);
    if (ctx.path === '/token' && ctx.method === 'POST') record.tokenRequests += 1;
    await next();
  });
  provider.on('interaction.started', (ctx, { name }) => {
    const entry = entryOf(ctx);
    if (entry) entries.set(ctx.oidc.entities.Interaction.cid, entry);
    close(ctx, `interaction:${name}`);
  });
  provider.on('authorization.success', (ctx, response) => {
    close(ctx, 'success');
    record.tokens('authorization', response);
  });
  provider.on('authorization.error', (ctx, { error }) => close(ctx, error));
  provider.on('grant.success', (ctx) => record.tokens('token', ctx.body));
  provider.on('server_error', (ctx, error) => {
    close(ctx, 'server_error');
    console.error(`provider: ${ctx.path}: ${error.stack}`);
  });
}
