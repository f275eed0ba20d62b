/** For a provider on this machine instead of an Auth0 tenant. An extension's pages have no cookies for the state. */
export const options = () => ({
  domain: new URL(config.issuer).host,
  clientID: config.client_id,
  responseType: "token id_token",
  redirectUri: config.seed_callback,
  __tryLocalStorageFirst: true,
});
