// Proofs of possession, at the provider and at the API.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Servers, Tls, codeOf, fingerprint } from './support.mjs';
import { Browser } from './support_browser.mjs';
import { DpopKey } from './support_dpop.mjs';

const SCOPE = 'openid profile email offline_access';

let tls;
/** Proofs are possible, opaque access tokens. */
let servers;
/** Proofs are required and want nonces, JWT access tokens. */
let strict;

before(async () => {
  tls = Tls.generate();
  const required = { dpop: 'required', dpopNonce: true, accessTokens: 'jwt' };
  [servers, strict] = await Promise.all([
    Servers.startWith(tls, { dpop: true, refreshTokens: true }, '--api', 'dpop'),
    Servers.startWith(tls, required, '--api', 'dpop'),
  ]);
});

beforeEach(async () => {
  for (const one of [servers, strict]) {
    await one.tell('end_sessions');
    await one.tell('clear_log');
  }
});

after(async () => {
  tls?.remove();
  await Promise.all([servers?.stop(), strict?.stop()]);
});

const withKey = async (on, members) => new Browser(on, { ...members, key: await DpopKey.generate() });

const call = async (on, { key }, token, { scheme = 'DPoP', method = 'GET', path = 'orders', proof } = {}) => {
  const url = new URL(path, on.dpop);
  const dpop = proof ?? (await key.proof(method, url.href, { token }));
  return tls.fetch(url, { method, headers: { authorization: `${scheme} ${token}`, dpop } });
};

const refused = ({ status, headers }) => [status, headers['www-authenticate'].match(/error="(\w+)"/)[1]];

test('the_api_takes_a_bound_token_only_with_a_proof_of_its_key', async () => {
  const browser = await withKey(servers);
  const { access_token, token_type } = await browser.signInWithCode();
  assert.equal(token_type, 'DPoP');
  const answer = await call(servers, browser, access_token, { method: 'POST', path: 'orders?page=2' });
  assert.equal(JSON.parse(answer.body).sub, 'grace');
  const foreign = await withKey(servers);
  assert.deepEqual(refused(await call(servers, foreign, access_token)), [401, 'invalid_dpop_proof']);
  const unproved = await call(servers, browser, access_token, { scheme: 'Bearer' });
  assert.deepEqual(refused(unproved), [401, 'invalid_token']);
  assert.match(unproved.headers['www-authenticate'], /^DPoP algs="[^"]+", Bearer error="invalid_token"/);
  const { dpop_calls, api_calls, grants } = await servers.tell('log');
  assert.deepEqual(dpop_calls.map(({ scheme, outcome }) => [scheme, outcome]), [
    ['DPoP', 'success'],
    ['DPoP', 'invalid_dpop_proof'],
    ['Bearer', 'invalid_token'],
  ]);
  assert.match(dpop_calls[0].proof, /^[0-9a-f]{8}$/);
  const token = fingerprint(access_token);
  assert.deepEqual(api_calls[0], { api: 'dpop', method: 'POST', path: '/v1/orders', status: 200, token });
  assert.equal(grants[0].dpop, true);
});

test('the_api_refuses_every_proof_that_is_for_something_else_stale_or_used', async () => {
  const browser = await withKey(servers);
  const { access_token: token } = await browser.signInWithCode();
  const url = new URL('orders', servers.dpop).href;
  const { key } = browser;
  const long = Math.floor(Date.now() / 1000) - 600;
  const wrong = [
    key.proof('POST', url, { token }),
    key.proof('GET', `${url}/7`, { token }),
    key.proof('GET', url, {}),
    key.proof('GET', url, { token: 'another' }),
    key.proof('GET', url, { token, iat: long }),
    'not.a.proof',
  ];
  for (const proof of await Promise.all(wrong)) {
    assert.deepEqual(refused(await call(servers, browser, token, { proof })), [401, 'invalid_dpop_proof']);
  }
  const proof = await key.proof('GET', `${url}?ignored`, { token });
  assert.equal((await call(servers, browser, token, { proof })).status, 200);
  assert.deepEqual(refused(await call(servers, browser, token, { proof })), [401, 'invalid_dpop_proof']);
});

test('a_call_without_a_token_learns_both_schemes_and_a_revoked_token_is_refused', async () => {
  const bare = await servers.call('dpop', 'orders');
  assert.equal(bare.status, 401);
  assert.match(bare.headers['www-authenticate'], /^DPoP algs="[^"]+", Bearer$/);
  const browser = await withKey(servers);
  const { access_token } = await browser.signInWithCode();
  await servers.tell('revoke');
  assert.deepEqual(refused(await call(servers, browser, access_token)), [401, 'invalid_token']);
});

test('without_proofs_the_tokens_stay_bearer_tokens', async () => {
  const { access_token, token_type } = await new Browser(servers).signInWithCode();
  assert.equal(token_type, 'Bearer');
  assert.equal((await servers.call('dpop', 'orders', access_token)).status, 200);
});

test('a_refresh_token_of_a_public_client_is_bound_to_the_key_too', async () => {
  const browser = await withKey(servers, { scope: SCOPE });
  const { refresh_token } = await browser.signInWithCode();
  const { key } = browser;
  for (const other of [undefined, await DpopKey.generate()]) {
    browser.key = other;
    assert.equal((await browser.refresh(refresh_token)).error, 'invalid_grant');
  }
  browser.key = key;
  assert.equal((await browser.refresh(refresh_token)).token_type, 'DPoP');
});

test('provider_and_api_each_ask_for_their_own_nonce_and_a_retry_with_it_passes', async () => {
  const browser = await withKey(strict);
  const { key } = browser;
  const code = codeOf(await browser.signIn());
  const { redirectUri: redirect_uri, verifier: code_verifier } = browser;
  const exchange = { grant_type: 'authorization_code', redirect_uri, code, code_verifier };
  const asked = await browser.token(exchange);
  assert.deepEqual([asked.status, asked.json.error], [400, 'use_dpop_nonce']);
  assert.match(asked.headers['access-control-expose-headers'], /DPoP-Nonce/);
  key.nonce = asked.headers['dpop-nonce'];
  const { status, json } = await browser.token(exchange);
  assert.equal(status, 200, 'the code is not used up');

  assert.deepEqual(refused(await call(strict, browser, json.access_token)), [401, 'use_dpop_nonce']);
  key.nonce = (await call(strict, browser, json.access_token)).headers['dpop-nonce'];
  assert.equal((await call(strict, browser, json.access_token)).status, 200);
  await strict.tell('change_api_nonce');
  const stale = await call(strict, browser, json.access_token);
  assert.deepEqual(refused(stale), [401, 'use_dpop_nonce']);
  key.nonce = stale.headers['dpop-nonce'];
  assert.equal((await call(strict, browser, json.access_token)).status, 200);
  const { grants } = await strict.tell('log');
  assert.deepEqual(grants.map(({ dpop, outcome }) => [dpop, outcome]), [[true, 'use_dpop_nonce'], [true, 'success']]);
});

test('a_client_registered_for_proofs_gets_nothing_without_one', async () => {
  const browser = new Browser(strict);
  assert.equal((await browser.signInWithCode()).error, 'invalid_grant');
  const implicit = await browser.authorize({ response_type: 'id_token token', prompt: 'none' });
  assert.match(implicit.hash, /error=invalid_request/);
});
