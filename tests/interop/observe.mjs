// Listens to the provider, by its own events and from in front of its endpoints.

import { fingerprintOf } from './record.mjs';

export function observe({ provider, record, pathOf }) {
  authorizations({ provider, record, pathOf });
  requests({ provider, record, pathOf });
  logouts({ provider, record, pathOf });
  provider.on('server_error', (ctx, error) => console.error(`provider: ${ctx.path}: ${error.stack}`));
}

/**
 * An authorization that asks the user to sign in is one, not two: the resume fills in its outcome. What was pushed
 * stands in the entry as if it had been in the URL.
 */
function authorizations({ provider, record, pathOf }) {
  const waiting = new Map();
  const pushed = new Map();
  const entryOf = (ctx) => ctx.state.authorization ?? waiting.get(ctx.oidc.entities.Interaction?.cid);
  const close = (ctx, outcome) => {
    const entry = entryOf(ctx);
    if (entry) entry.outcome = outcome;
  };

  provider.use(async (ctx, next) => {
    if (ctx.path === pathOf('authorization')) {
      const parameters = pushed.get(ctx.query.request_uri);
      ctx.state.authorization = record.authorization(parameters ?? ctx.query, Boolean(parameters));
    }
    await next();
  });
  provider.on('pushed_authorization_request.success', (ctx) => pushed.set(ctx.body.request_uri, ctx.oidc.body));
  provider.on('interaction.started', (ctx, { name }) => {
    const entry = entryOf(ctx);
    if (entry) waiting.set(ctx.oidc.entities.Interaction.cid, entry);
    close(ctx, `interaction:${name}`);
  });
  provider.on('authorization.success', (ctx, response) => {
    close(ctx, 'success');
    record.tokens('authorization', response);
  });
  provider.on('authorization.error', (ctx, { error }) => close(ctx, error));
  provider.on('grant.success', (ctx) => record.tokens('token', ctx.body));
  provider.on('server_error', (ctx) => close(ctx, 'server_error'));
}

/** The endpoints that the client calls itself. An entry stands where the request arrived; the answer completes it. */
function requests({ provider, record, pathOf }) {
  const entries = {
    token: () => record.grant(),
    pushed_authorization_request: () => record.pushedRequest(),
    revocation: () => record.revocation(),
  };
  const served = Object.keys(entries).filter((route) => has(pathOf, route));
  provider.use(async (ctx, next) => {
    const route = ctx.method === 'POST' && served.find((name) => ctx.path === pathOf(name));
    if (!route) return next();
    const entry = entries[route]();
    await next();
    const sent = ctx.oidc?.body ?? ctx.state.sent ?? {};
    if ('grant_type' in entry) {
      entry.grant_type = sent.grant_type ?? null;
      entry.refresh_token = fingerprintOf(sent.refresh_token);
    }
    if ('token' in entry) entry.token = fingerprintOf(sent.token);
    if ('dpop' in entry) entry.dpop = ctx.get('dpop') !== '';
    entry.outcome = ctx.status < 300 ? 'success' : (ctx.body?.error ?? `status ${ctx.status}`);
    return undefined;
  });
}

/** A sign-out at the provider's page is one entry, finished by the button. */
function logouts({ provider, record, pathOf }) {
  if (!has(pathOf, 'end_session')) return;
  const waiting = new Map();
  provider.use(async (ctx, next) => {
    if (ctx.path !== pathOf('end_session')) return next();
    const entry = (ctx.state.logout = record.logout(ctx.query));
    await next();
    if (ctx.status !== 200) return undefined;
    entry.outcome = 'confirmation';
    waiting.set(ctx.oidc.session.uid, entry);
    return undefined;
  });
  provider.on('end_session.error', (ctx, { error }) => {
    if (ctx.state.logout) ctx.state.logout.outcome = error;
  });
  provider.on('end_session.success', (ctx) => {
    const entry = waiting.get(ctx.oidc.session.uid);
    if (entry) entry.outcome = 'success';
  });
}

/** Whether the library serves this route: a feature that is off has none. */
function has(pathOf, route) {
  try {
    return Boolean(pathOf(route));
  } catch {
    return false;
  }
}
