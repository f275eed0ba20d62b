// The providers that the program can start, by the names of their packages.

/** None is loaded but the one that is started: some take their time. */
const from = (module, name) => async (options) => (await import(module))[name](options);

/**
 * Each takes the origin at which it will be found, the record and the options, and gives `issuer`, `jwksUri`, the
 * `handler` of requests and the `commands` that it obeys; `algorithms`, where its tokens are not signed with RS256.
 */
export const PROVIDERS = {
  'better-auth': from('./better_auth.mjs', 'betterAuthProvider'),
  'django-oauth-toolkit': from('./django.mjs', 'djangoProvider'),
  'oidc-provider': from('./provider.mjs', 'createProvider'),
};
