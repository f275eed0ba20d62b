// Drives server.mjs as the browser test does, with plain HTTPS in place of the browser.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { Servers, Tls, claimsOf, codeOf, fingerprint, halfHash } from './support.mjs';
import { Browser } from './support_browser.mjs';

// Long enough for a busy machine to make two calls with a fresh token.
const ID_TOKEN_TTL = 5;

let tls;
/** Most tests share this one; its sessions and its log are fresh for each. */
let servers;
/** Another provider, whose tokens live for seconds. */
let other;

before(async () => {
  tls = Tls.generate();
  [servers, other] = await Promise.all([Servers.start(tls), Servers.start(tls, '--id-token-ttl', ID_TOKEN_TTL)]);
});

beforeEach(async () => {
  await servers.tell('end_sessions');
  await servers.tell('clear_log');
});

after(async () => {
  tls?.remove();
  await Promise.all([servers?.stop(), other?.stop()]);
});

test('code_flow_with_pkce_signs_in_and_both_apis_accept_the_id_token', async () => {
  const browser = new Browser(servers);
  const { id_token, access_token, expires_in } = await browser.signInWithCode();
  const claims = claimsOf(id_token);
  assert.equal(claims.iss, servers.issuer);
  assert.ok(servers.issuer.endsWith('/'));
  assert.equal(claims.aud, servers.client_id);
  assert.equal(claims.name, 'Grace Hopper');
  assert.equal(claims.email, 'grace@evertoken.test');
  assert.equal(expires_in, 3600);

  for (const api of ['express', 'koa']) {
    const answer = await servers.call(api, 'orders?page=2', id_token, { method: 'POST', json: { a: [1] } });
    assert.equal(answer.status, 200);
    assert.deepEqual(JSON.parse(answer.body), {
      api,
      sub: 'grace',
      method: 'POST',
      path: '/v1/orders',
      query: { page: '2' },
      body: { a: [1] },
    });
  }

  const log = await servers.tell('log');
  const token = fingerprint(id_token);
  assert.deepEqual(log.authorizations, [{ prompt: null, response_type: 'code', pkce: 'S256', outcome: 'success' }]);
  assert.equal(log.token_requests, 1);
  assert.deepEqual(log.issued, [{ from: 'token', id_token: token, access_token: fingerprint(access_token) }]);
  assert.deepEqual(log.api_calls, [
    { api: 'express', method: 'POST', path: '/v1/orders', status: 200, token },
    { api: 'koa', method: 'POST', path: '/v1/orders', status: 200, token },
  ]);
});

test('a_revoked_token_gets_the_401_of_each_library_and_the_next_token_passes', async () => {
  const browser = new Browser(servers);
  const { id_token } = await browser.signInWithCode();
  assert.ok((await servers.tell('revoke')).revoked >= 1);
  const renewed = await browser.exchange(codeOf(await browser.authorize({ prompt: 'none' })));

  for (const api of ['express', 'koa']) {
    assert.equal((await servers.call(api, 'orders', id_token)).status, 401);
    assert.equal((await servers.call(api, 'orders', renewed.id_token)).status, 200);
  }
  const { api_calls } = await servers.tell('log');
  assert.deepEqual(api_calls.map(({ status }) => status), [401, 200, 401, 200]);
});

test('a_missing_foreign_or_malformed_token_gets_a_401_and_an_unknown_path_a_404', async () => {
  const foreign = await new Browser(other).signInWithCode();
  for (const api of ['express', 'koa']) {
    for (const token of [undefined, 'not.a.token', foreign.id_token]) {
      assert.equal((await servers.call(api, 'orders', token)).status, 401);
    }
    const beside = await tls.fetch(new URL('/v1x/orders', servers[api]));
    assert.equal(beside.status, 404);
  }
  const { api_calls } = await servers.tell('log');
  assert.deepEqual(api_calls.at(-1), { api: 'koa', method: 'GET', path: '/v1x/orders', status: 404, token: null });
});

test('an_expired_token_gets_a_401', async () => {
  const { id_token, expires_in } = await new Browser(other).signInWithCode();
  assert.equal(expires_in, ID_TOKEN_TTL);
  for (const api of ['express', 'koa']) assert.equal((await other.call(api, 'orders', id_token)).status, 200);
  await sleep((claimsOf(id_token).exp + 1) * 1000 - Date.now());
  for (const api of ['express', 'koa']) assert.equal((await other.call(api, 'orders', id_token)).status, 401);
});

test('prompt_none_is_silent_while_the_session_lives_and_says_login_required_after', async () => {
  const browser = new Browser(servers);
  await browser.signInWithCode();
  const silent = await browser.authorize({ prompt: 'none' });
  assert.ok((await browser.exchange(codeOf(silent))).id_token);

  assert.ok((await servers.tell('end_sessions')).ended >= 1);
  const refused = await browser.authorize({ prompt: 'none' });
  assert.equal(refused.searchParams.get('error'), 'login_required');
  assert.equal(refused.searchParams.get('iss'), servers.issuer);

  const { authorizations, token_requests } = await servers.tell('log');
  assert.deepEqual(authorizations.map(({ outcome }) => outcome), ['success', 'success', 'login_required']);
  assert.equal(token_requests, 2);
});

test('implicit_flow_returns_both_tokens_in_the_fragment_whatever_their_order_in_the_request', async () => {
  const browser = new Browser(servers);
  await browser.signInWithCode();
  for (const response_type of ['token id_token', 'id_token token']) {
    const url = await browser.authorize({ response_type, prompt: 'none', nonce: 'n-1' });
    assert.equal(url.search, '');
    const answer = new URLSearchParams(url.hash.slice(1));
    const claims = claimsOf(answer.get('id_token'));
    assert.equal(claims.nonce, 'n-1');
    assert.equal(claims.at_hash, halfHash(answer.get('access_token')));
    assert.equal(claims.name, 'Grace Hopper');
    assert.equal((await servers.call('koa', 'orders', answer.get('id_token'))).status, 200);
  }
  const { authorizations, token_requests, issued } = await servers.tell('log');
  const asSent = { prompt: 'none', response_type: 'token id_token', pkce: null, outcome: 'success' };
  assert.deepEqual(authorizations.at(-2), asSent);
  assert.equal(token_requests, 1);
  assert.equal(issued.filter(({ from }) => from === 'authorization').length, 2);

  await servers.tell('end_sessions');
  const refused = await browser.authorize({ response_type: 'token id_token', prompt: 'none', nonce: 'n-2' });
  assert.equal(new URLSearchParams(refused.hash.slice(1)).get('error'), 'login_required');
});

test('the_provider_refuses_a_code_flow_without_pkce_and_a_wrong_verifier', async () => {
  const browser = new Browser(servers);
  const { verifier } = browser;
  await browser.signInWithCode();
  const bare = await browser.authorize({ prompt: 'none', code_challenge: undefined, code_challenge_method: undefined });
  assert.equal(bare.searchParams.get('error'), 'invalid_request');
  const code = codeOf(await browser.authorize({ prompt: 'none' }));
  browser.verifier = randomBytes(32).toString('base64url');
  assert.notEqual(browser.verifier, verifier);
  assert.equal((await browser.exchange(code)).error, 'invalid_grant');
});

test('the_token_endpoint_serves_an_extension_worker_and_no_web_page', async () => {
  const browser = new Browser(servers);
  await browser.signInWithCode();
  const refused = await browser.exchange(codeOf(await browser.authorize({ prompt: 'none' })), 'https://page.test');
  assert.equal(refused.error, 'invalid_request');
});

test('a_wrong_password_shows_the_form_again_and_another_person_may_sign_in', async () => {
  const browser = new Browser(servers);
  const form = await browser.openSignIn();
  assert.equal((await browser.submit(form, 'grace', 'wrong')).status, 403);
  const url = await browser.follow(await browser.submit(form, 'ada', 'lovelace'));
  assert.equal(claimsOf((await browser.exchange(codeOf(url))).id_token).sub, 'ada');
});

test('an_unfinished_sign_in_is_logged_as_an_interaction', async () => {
  await new Browser(servers).openSignIn();
  const { authorizations } = await servers.tell('log');
  assert.deepEqual(authorizations.map(({ outcome }) => outcome), ['interaction:login']);
});

test('the_session_cookie_is_secure_http_only_and_lax', async () => {
  const browser = new Browser(servers);
  await browser.signInWithCode();
  const cookie = browser.attributes.get('_session');
  for (const wanted of ['secure', 'httponly', 'samesite=lax', 'path=/']) assert.ok(cookie.includes(wanted), wanted);
});

test('bodies_of_text_forms_and_many_megabytes_come_back_whole', async () => {
  const { id_token } = await new Browser(servers).signInWithCode();
  const large = 'x'.repeat(17 * 1024 * 1024);
  const send = async (api, type, body) => {
    const headers = { 'content-type': type };
    const answer = await servers.call(api, 'echo', id_token, { method: 'PUT', headers, body });
    return JSON.parse(answer.body).body;
  };
  for (const api of ['express', 'koa']) {
    assert.equal(await send(api, 'text/plain', 'plain'), 'plain');
    assert.equal(await send(api, 'application/json', '"scalar"'), 'scalar');
    assert.deepEqual(await send(api, 'application/x-www-form-urlencoded', 'a=1'), { a: '1' });
    assert.equal((await send(api, 'text/plain', large)).length, large.length);
    assert.equal(JSON.parse((await servers.call(api, 'echo', id_token)).body).body, null);
  }
});

test('a_bad_command_is_answered_and_the_next_one_obeyed', async () => {
  assert.equal((await servers.tell('sing')).ok, false);
  servers.write('not json');
  const answer = await servers.read();
  assert.deepEqual([answer.id, answer.ok], [null, false]);
  assert.equal((await servers.tell('log')).ok, true);
});

test('only_the_named_api_starts_and_a_wrong_option_ends_the_program', async () => {
  const one = await Servers.start(tls, '--api', 'koa');
  assert.equal(one.express, undefined);
  assert.ok(one.koa.endsWith('/v1/'));
  await one.stop();
  await assert.rejects(Servers.start(tls, '--api', 'hapi'));
  await assert.rejects(Servers.startWith(tls, { refreshToken: true }), /refreshToken: true/);
  await assert.rejects(Servers.startWith(tls, { profile: 'okto' }), /okto/);
  await assert.rejects(Servers.startWith(tls, { dpopNonce: true }), /dpopNonce/);
});
