// better-auth with its OAuth provider plugin, in this process behind the front.

import { randomBytes } from 'node:crypto';

import { oauthProvider } from '@better-auth/oauth-provider';
import { betterAuth } from 'better-auth';
import { memoryAdapter } from 'better-auth/adapters/memory';
import { getAuthTables } from 'better-auth/db';
import { jwt } from 'better-auth/plugins';

import { front } from './front.mjs';
import { loginPageFor } from './pages.mjs';
import { PEOPLE } from './people.mjs';

const LOGIN = '/sign-in';

export async function betterAuthProvider({ origin, clientId, record, redirectUris, idTokenTtl }) {
  const database = {};
  const auth = create({ origin, clientId, database, idTokenTtl });
  await register(auth, redirectUris);
  // Of those who have only just been made known.
  database.session = [];
  const metadata = await auth.api.getOpenIdConfig();
  return {
    issuer: metadata.issuer,
    jwksUri: metadata.jwks_uri,
    algorithms: metadata.id_token_signing_alg_values_supported,
    handler: front({ answer: answers(auth, origin), metadata, record, redirectUris }),
    commands: {
      end_sessions: () => ({ ended: take(database, 'session').length }),
      revoke_refresh_tokens: () => {
        const usable = take(database, 'oauthRefreshToken').filter(({ revoked }) => !revoked);
        return { revoked: usable.length };
      },
    },
  };
}

function create({ origin, clientId, database, idTokenTtl }) {
  const options = {
    baseURL: origin,
    secret: randomBytes(32).toString('base64url'),
    database: memoryAdapter(database),
    // The usual one wants eight letters.
    emailAndPassword: { enabled: true, minPasswordLength: 6 },
    telemetry: { enabled: false },
    plugins: [
      jwt(),
      oauthProvider({
        loginPage: LOGIN,
        // The client skips it.
        consentPage: '/consent',
        accessTokenExpiresIn: idTokenTtl,
        idTokenExpiresIn: idTokenTtl,
        generateClientId: () => clientId,
      }),
    ],
  };
  for (const { modelName } of Object.values(getAuthTables(options))) database[modelName] = [];
  return betterAuth(options);
}

/** The people, and the client as the guide has it registered, which is a person's to do. */
async function register(auth, redirectUris) {
  let signedUp;
  for (const { email, name, password } of Object.values(PEOPLE)) {
    signedUp = await auth.api.signUpEmail({ body: { email, name, password }, asResponse: true });
  }
  const [cookie] = signedUp.headers.getSetCookie()[0].split(';');
  await auth.api.adminCreateOAuthClient({
    headers: new Headers({ cookie }),
    body: {
      token_endpoint_auth_method: 'none',
      redirect_uris: redirectUris,
      post_logout_redirect_uris: redirectUris,
      grant_types: ['authorization_code', 'refresh_token'],
      scope: 'openid profile email offline_access',
      skip_consent: true,
      enable_end_session: true,
    },
  });
}

/** The rows of a table, which is empty from now on: as an administrator would. */
function take(database, table) {
  const rows = database[table];
  database[table] = [];
  return rows;
}

function answers(auth, origin) {
  const page = () => new Response(loginPageFor('/api/auth/sign-in/email'), { headers: { 'content-type': 'text/html' } });
  return async ({ method, url, headers, body }) => {
    const request = new Request(`${origin}${url}`, { method, headers, ...(body.length && { body }) });
    const answer = new URL(request.url).pathname === LOGIN ? page() : await auth.handler(request);
    return { status: answer.status, headers: [...answer.headers], body: Buffer.from(await answer.arrayBuffer()) };
  };
}
