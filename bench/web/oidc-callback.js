import { UserManager } from "oidc-client-ts";

new UserManager({ authority: config.issuer, client_id: config.client_id, redirect_uri: config.oidc_callback }).signinSilentCallback();
