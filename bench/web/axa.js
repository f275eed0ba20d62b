// `@axa-fr/oidc-client` on a web page: its service worker holds the tokens and attaches them. It renews by the refresh
// token, before a token expires; after a 401 it is asked to.
import { OidcClient, OidcLocation } from "@axa-fr/oidc-client";
import { statusOf, takePart } from "./bench.js";

const client = OidcClient.getOrCreate(() => fetch, new OidcLocation())(
  {
    client_id: config.client_id,
    redirect_uri: config.axa,
    scope: "openid offline_access",
    authority: config.issuer.replace(/\/$/, ""),
    authority_configuration: {
      issuer: config.issuer,
      authorization_endpoint: `${config.issuer}authorize`,
      token_endpoint: `${config.issuer}token`,
      revocation_endpoint: `${config.issuer}revoke`,
      end_session_endpoint: `${config.issuer}logout`,
      userinfo_endpoint: `${config.issuer}userinfo`,
    },
    service_worker_relative_url: "/app/OidcServiceWorker.js",
    service_worker_register: () => navigator.serviceWorker.register("/app/OidcServiceWorker.js"),
    service_worker_keep_alive_path: "/app/",
    service_worker_only: true,
  },
  "bench",
);

let renewing;
const renew = () => (renewing ??= client.renewTokensAsync().finally(() => (renewing = undefined)));
const authorized = client.fetchWithTokens(fetch);

takePart(
  async () => {
    if (new URLSearchParams(location.search).has("code")) {
      await client.loginCallbackAsync();
      history.replaceState(null, "", location.pathname);
      return undefined;
    }
    await client.loginAsync("/");
    return "elsewhere";
  },
  async (url, init) => {
    const response = await authorized(url, init);
    if (response.status !== 401) return statusOf(response);
    await renew();
    return statusOf(await authorized(url, init));
  },
);
