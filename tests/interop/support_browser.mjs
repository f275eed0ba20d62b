// What server.test.mjs and its neighbours need in place of Chromium, and of the client in it.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';

import { EXTENSION, REDIRECT_URI, codeOf, s256 } from './support.mjs';

/** A cookie jar that follows redirects and stops at the extension's redirect URI. */
export class Browser {
  cookies = new Map();
  attributes = new Map();
  verifier = randomBytes(32).toString('base64url');
  redirectUri = REDIRECT_URI;
  scope = 'openid profile email';
  /** A `DpopKey`, for a client with proofs of possession. */
  key;

  constructor(servers, members = {}) {
    Object.assign(this, members, { servers });
  }

  async signInWithCode(parameters) {
    const url = await this.signIn(parameters);
    return this.exchange(codeOf(url));
  }

  async signIn(parameters) {
    return this.follow(await this.submit(await this.openSignIn(parameters), 'grace', 'hopper'));
  }

  async openSignIn(parameters) {
    const page = await this.authorize(parameters);
    assert.match(page.pathname, /\/interaction\//);
    return page;
  }

  submit(page, login, password) {
    return this.send(page, { method: 'POST', body: new URLSearchParams({ login, password }) });
  }

  /** Ends at the redirect URI with the answer, or at the sign-in page. `undefined` leaves a parameter out. */
  async authorize(parameters) {
    return this.follow({ location: await this.authorizationUrl(this.request(parameters)) });
  }

  async authorizePushed(parameters) {
    const { status, json } = await this.post('pushed_authorization_request_endpoint', this.request(parameters));
    assert.equal(status, 201, JSON.stringify(json));
    const { request_uri } = json;
    const url = await this.authorizationUrl({ client_id: this.servers.client_id, request_uri });
    return this.follow({ location: url });
  }

  async authorizationUrl(parameters) {
    const url = new URL((await this.discover()).authorization_endpoint);
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
    return url.href;
  }

  /** The parameters of an authorization request. */
  request(parameters = {}) {
    const pkce = { code_challenge: s256(this.verifier), code_challenge_method: 'S256' };
    const all = {
      client_id: this.servers.client_id,
      redirect_uri: this.redirectUri,
      response_type: 'code',
      scope: this.scope,
      state: 's-1',
      // Without it, two id_tokens of one second are the same string, and the one is revoked with the other.
      nonce: randomBytes(16).toString('base64url'),
      ...(parameters.response_type ? {} : pkce),
      ...parameters,
    };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  }

  async follow({ location, from }) {
    const url = new URL(location, from);
    if (url.href.startsWith(this.redirectUri)) return url;
    const next = await this.send(url);
    return next.location ? this.follow(next) : url;
  }

  async exchange(code, origin = EXTENSION) {
    const { redirectUri: redirect_uri, verifier: code_verifier } = this;
    return (await this.token({ grant_type: 'authorization_code', redirect_uri, code, code_verifier }, origin)).json;
  }

  async refresh(refresh_token) {
    return (await this.token({ grant_type: 'refresh_token', refresh_token })).json;
  }

  token(parameters, origin) {
    return this.post('token_endpoint', { client_id: this.servers.client_id, ...parameters }, origin);
  }

  async post(endpoint, parameters, origin = EXTENSION) {
    const { [endpoint]: url } = await this.discover();
    const headers = { ...(origin && { origin }), ...(this.key && { dpop: await this.key.proof('POST', url) }) };
    const body = new URLSearchParams(parameters);
    const answer = await this.servers.tls.fetch(url, { method: 'POST', headers, body });
    const json = answer.headers['content-type']?.includes('json') ? JSON.parse(answer.body) : undefined;
    return { ...answer, json };
  }

  async discover() {
    const { tls, issuer } = this.servers;
    const answer = await tls.fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
    const metadata = JSON.parse(answer.body);
    assert.equal(metadata.issuer, issuer);
    return metadata;
  }

  async send(url, options = {}) {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await this.servers.tls.fetch(url, { ...options, headers: { ...options.headers, cookie } });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return { ...answer, location: answer.headers.location, from: url };
  }

  #keep(line) {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = pair.split('=');
    if (value) this.cookies.set(name, value);
    else this.cookies.delete(name);
    this.attributes.set(name, attributes.map((attribute) => attribute.toLowerCase()));
  }
}
