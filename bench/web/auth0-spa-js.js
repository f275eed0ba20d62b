// `@auth0/auth0-spa-js` on a web page. It renews by an iframe (`web_message`) and knows nothing of a 401.
import { Auth0Client } from "@auth0/auth0-spa-js";
import { statusOf, takePart } from "./bench.js";

const client = new Auth0Client({
  domain: new URL(config.issuer).host,
  clientId: config.client_id,
  authorizationParams: { redirect_uri: config.web_message },
});

async function call(url, init, cacheMode) {
  const token = await client.getTokenSilently({ cacheMode });
  const response = await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } });
  if (response.status !== 401 || cacheMode === "off") return statusOf(response);
  return call(url, init, "off");
}

takePart(
  () => client.getTokenSilently(),
  (url, init) => call(url, init),
);
