// What an Auth0 tenant has beside OpenID Connect: `audience`, `organization` and its own sign-out.

import { errors } from 'oidc-provider';

export const ORGANIZATION = 'org_evertoken';

/** The organization of each grant: a code is exchanged long after the request that named it is gone. */
const organizations = new Map();

export const auth0 = {
  /** An access token for an API is only had by asking for it; without `audience` it is opaque and for userinfo. */
  audienceOf: ({ oidc: { params } }) => params.audience,
  unknownAudience: (audience) => new errors.AccessDenied(undefined, `Service not found: ${audience}`),
  extraParams: {
    audience: null,
    organization(ctx, value) {
      if (value === undefined || value === ORGANIZATION) return;
      throw new errors.InvalidRequest(`parameter organization is invalid: ${value}`);
    },
  },
  claims(id, { oidc: { params, grant } }) {
    const organization = params.organization ?? organizations.get(grant?.jti);
    return organization ? { org_id: organization } : {};
  },
  claimNames: ['org_id'],
  /** By which a client knows an Auth0 tenant, also behind a domain of its own. */
  metadata: (origin) => ({ mfa_challenge_endpoint: `${origin}/mfa/challenge` }),
  setUp(provider) {
    provider.on('authorization.success', ({ oidc: { params, grant } }) => {
      organizations.set(grant.jti, params.organization);
    });
  },
  middleware: [logout],
};

/** `/v2/logout` asks nothing and stands in no metadata. Refresh tokens survive it, as they do at Auth0. */
function logout({ provider, redirectUris, record }) {
  return async (ctx, next) => {
    if (ctx.path !== '/v2/logout') return next();
    const { client_id = null, returnTo } = ctx.query;
    const entry = record.logout({ client_id, post_logout_redirect_uri: returnTo });
    if (!redirectUris.includes(returnTo)) {
      entry.outcome = 'invalid_request';
      ctx.status = 400;
      ctx.body = 'invalid_request: The "returnTo" querystring parameter is not an allowed URL.';
      return undefined;
    }
    const session = await provider.Session.get(ctx);
    if (session.accountId) await session.destroy();
    ctx.cookies.set(provider.cookieName('session'), null);
    entry.outcome = 'success';
    return ctx.redirect(returnTo);
  };
}
