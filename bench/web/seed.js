// The seed's stack, as its article has it: axios interceptors, and auth0-js `renewAuth` with a callback page.
import { WebAuth } from "auth0-js";
import axios from "axios";
import { takePart } from "./bench.js";
import { options } from "./seed-options.js";

const auth0 = new WebAuth(options());
let token;

function refreshToken() {
  return new Promise((resolve, reject) => {
    const request = { scope: "openid", redirectUri: config.seed_callback, usePostMessage: true };
    auth0.renewAuth(request, (error, result) => {
      const problem = error ?? (result?.idToken ? undefined : (result ?? {}));
      if (problem) reject(new Error(problem.errorDescription ?? problem.error ?? JSON.stringify(problem)));
      else resolve((token = result.idToken));
    });
  });
}

const api = axios.create();

api.interceptors.request.use((config) => {
  if (token) config.headers.Authorization = `Bearer ${token}`;
  return config;
});

api.interceptors.response.use(undefined, (error) => {
  if (error.response?.status !== 401 || error.config.__isRetryRequest) throw error;
  return refreshToken().then((newToken) => {
    error.config.__isRetryRequest = true;
    error.config.headers.Authorization = `Bearer ${newToken}`;
    return axios(error.config);
  });
});

takePart(refreshToken, async (url, init) => {
  const { status } = await api.request({ url, method: init?.method, data: init?.body });
  return status;
});
