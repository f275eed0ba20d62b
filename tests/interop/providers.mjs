// The providers that the program can start, by the names of their packages.

import { djangoProvider } from './django.mjs';
import { createProvider } from './provider.mjs';

/**
 * Each takes the origin at which it will be found, the record and the options, and gives `issuer`, `jwksUri`, the
 * `handler` of requests and the `commands` that it obeys; `algorithms`, where its tokens are not signed with RS256.
 */
export const PROVIDERS = {
  'django-oauth-toolkit': djangoProvider,
  'oidc-provider': createProvider,
};
