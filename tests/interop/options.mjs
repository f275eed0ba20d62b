// What the program is started with. See README.md.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { APIS } from './apis.mjs';
import { PROFILES } from './profiles.mjs';
import { PROVIDERS } from './providers.mjs';

const isBoolean = (value) => typeof value === 'boolean';
const isSeconds = (value) => Number.isInteger(value) && value >= 1;
const oneOf = (...values) => (value) => values.includes(value);

/** The members of `--options` for each provider. What is absent stays as the library has it. */
const FEATURES = {
  'oidc-provider': {
    accessTokens: oneOf('opaque', 'jwt'),
    dpop: oneOf(false, true, 'required'),
    dpopNonce: isBoolean,
    logout: isBoolean,
    par: oneOf(false, true, 'required'),
    profile: oneOf(...Object.keys(PROFILES)),
    refreshTokens: oneOf(false, true, 'always'),
    refreshTokenTtl: isSeconds,
    revocation: isBoolean,
    webMessage: isBoolean,
  },
  'better-auth': {},
  'django-oauth-toolkit': { grant: oneOf('code', 'implicit'), silent: isBoolean },
};

export function readOptions() {
  const { values } = parseArgs({
    options: {
      cert: { type: 'string' },
      key: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      api: { type: 'string', multiple: true },
      'id-token-ttl': { type: 'string', default: '3600' },
      options: { type: 'string', default: '{}' },
    },
  });
  const missing = ['cert', 'key', 'redirect-uri'].find((name) => !values[name]);
  if (missing) throw new Error(`--${missing} is required`);
  const idTokenTtl = Number(values['id-token-ttl']);
  if (!isSeconds(idTokenTtl)) throw new Error('--id-token-ttl: whole seconds, at least 1');
  const { provider = 'oidc-provider', ...given } = JSON.parse(values.options);
  if (!Object.hasOwn(PROVIDERS, provider)) throw new Error(`--options: provider: ${JSON.stringify(provider)}`);
  for (const [name, value] of Object.entries(given)) {
    if (!FEATURES[provider][name]?.(value)) throw new Error(`--options: ${name}: ${JSON.stringify(value)}`);
  }
  const profile = PROFILES[given.profile ?? 'plain'];
  const features = { refreshTokenTtl: 24 * 60 * 60, ...profile.features, ...given };
  if (features.dpopNonce && !features.dpop) throw new Error('--options: dpopNonce: there is no nonce without dpop');
  return {
    tls: { cert: readFileSync(values.cert), key: readFileSync(values.key) },
    redirectUris: values['redirect-uri'],
    apis: apis(values.api, features),
    idTokenTtl,
    provider,
    profile,
    // Whoever holds refresh tokens must be able to give them back.
    features: { revocation: Boolean(features.refreshTokens), ...features },
  };
}

function apis(named = ['express', 'koa'], { dpop }) {
  const unknown = named.find((name) => !Object.hasOwn(APIS, name));
  if (unknown) throw new Error(`--api ${unknown}: one of ${Object.keys(APIS).join(', ')}`);
  return [...new Set(dpop ? [...named, 'dpop'] : named)];
}
