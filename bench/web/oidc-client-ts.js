// axios with `axios-auth-refresh`, and `oidc-client-ts` for silent renewal.
import axios from "axios";
import { createAuthRefresh } from "axios-auth-refresh";
import { InMemoryWebStorage, UserManager, WebStorageStateStore } from "oidc-client-ts";
import { takePart } from "./bench.js";

const manager = new UserManager({
  authority: config.issuer,
  client_id: config.client_id,
  redirect_uri: config.oidc_callback,
  silent_redirect_uri: config.oidc_callback,
  scope: "openid",
  automaticSilentRenew: false,
  userStore: new WebStorageStateStore({ store: new InMemoryWebStorage() }),
});
const api = axios.create();
let token;

const renew = async () => {
  const user = await manager.signinSilent();
  token = user.id_token;
};

api.interceptors.request.use((request) => {
  request.headers.Authorization = `Bearer ${token}`;
  return request;
});

const refresh = async (failed) => {
  await renew();
  failed.response.config.headers.Authorization = `Bearer ${token}`;
};

// By default it gives up every call whose 401 comes while it refreshes: of a hundred calls at once, 99.
createAuthRefresh(api, refresh, { deduplicateRefresh: false });

takePart(renew, async (url, init) => {
  const { status } = await api.request({ url, method: init?.method, data: init?.body });
  return status;
});
