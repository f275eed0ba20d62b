// Refresh tokens, their revocation, and signing out, as a client sees them.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { REDIRECT_URI, Servers, Tls, claimsOf, codeOf, fingerprint } from './support.mjs';
import { Browser } from './support_browser.mjs';

const SCOPE = 'openid profile email offline_access';

let tls;
let servers;

before(async () => {
  tls = Tls.generate();
  servers = await Servers.startWith(tls, { refreshTokens: true }, '--api', 'dpop');
});

beforeEach(async () => {
  await servers.tell('end_sessions');
  await servers.tell('clear_log');
});

after(async () => {
  tls?.remove();
  await servers?.stop();
});

const signedIn = async () => {
  const browser = new Browser(servers, { scope: SCOPE });
  return { browser, first: await browser.signInWithCode() };
};

test('offline_access_yields_a_refresh_token_without_a_consent_page_and_each_use_rotates_it', async () => {
  const { browser, first } = await signedIn();
  assert.equal(first.scope, SCOPE);
  const second = await browser.refresh(first.refresh_token);
  const third = await browser.refresh(second.refresh_token);
  const tokens = [first, second, third].map(({ refresh_token }) => fingerprint(refresh_token));
  assert.equal(new Set(tokens).size, 3);
  assert.equal(claimsOf(third.id_token).name, 'Grace Hopper');
  assert.equal(claimsOf(third.id_token).nonce, claimsOf(first.id_token).nonce);
  assert.notEqual(third.id_token, second.id_token, 'within one second too');
  assert.equal((await servers.call('dpop', 'orders', third.access_token)).status, 200);

  const { grants, issued, token_requests } = await servers.tell('log');
  const grant = (grant_type, refresh_token) => ({ grant_type, refresh_token, dpop: false, outcome: 'success' });
  const refreshed = tokens.slice(0, 2).map((token) => grant('refresh_token', token));
  assert.deepEqual(grants, [grant('authorization_code', null), ...refreshed]);
  assert.deepEqual(issued.map(({ refresh_token }) => refresh_token), tokens);
  assert.equal(token_requests, 3);
});

test('without_offline_access_in_the_scope_and_in_the_implicit_flow_there_is_no_refresh_token', async () => {
  const browser = new Browser(servers);
  assert.equal((await browser.signInWithCode()).refresh_token, undefined);
  const url = await browser.authorize({ response_type: 'id_token token', prompt: 'none', scope: SCOPE });
  const answer = new URLSearchParams(url.hash.slice(1));
  assert.equal(answer.get('scope'), 'openid profile email');
  const silent = await browser.authorize({ prompt: 'none', scope: SCOPE });
  assert.ok((await browser.exchange(codeOf(silent))).refresh_token);
});

test('a_refresh_token_used_twice_revokes_its_successor_and_the_access_token_but_not_the_session', async () => {
  const { browser, first } = await signedIn();
  const second = await browser.refresh(first.refresh_token);
  for (const { refresh_token } of [first, second]) {
    assert.equal((await browser.refresh(refresh_token)).error, 'invalid_grant');
  }
  assert.equal((await servers.call('dpop', 'orders', second.access_token)).status, 401);
  const { grants } = await servers.tell('log');
  const outcomes = ['success', 'success', 'invalid_grant', 'invalid_grant'];
  assert.deepEqual(grants.map(({ outcome }) => outcome), outcomes);
  assert.ok((await browser.exchange(codeOf(await browser.authorize({ prompt: 'none' })))).refresh_token);
});

test('refresh_tokens_outlive_the_session_and_end_by_command', async () => {
  const { browser, first } = await signedIn();
  await servers.tell('end_sessions');
  const second = await browser.refresh(first.refresh_token);
  assert.ok(second.refresh_token);
  assert.ok((await servers.tell('revoke_refresh_tokens')).revoked >= 1);
  assert.equal((await browser.refresh(second.refresh_token)).error, 'invalid_grant');
});

test('a_refresh_token_expires_and_rotation_does_not_prolong_it', async () => {
  const brief = await Servers.startWith(tls, { refreshTokens: true, refreshTokenTtl: 5 }, '--api', 'dpop');
  const browser = new Browser(brief, { scope: SCOPE });
  const first = await browser.signInWithCode();
  const issuedAt = Date.now();
  const second = await browser.refresh(first.refresh_token);
  assert.ok(second.refresh_token);
  await sleep(issuedAt + 6100 - Date.now());
  assert.equal((await browser.refresh(second.refresh_token)).error, 'invalid_grant');
  await brief.stop();
});

test('revocation_ends_a_refresh_token_and_its_access_token', async () => {
  const { browser, first } = await signedIn();
  const { client_id } = servers;
  const gone = await browser.post('revocation_endpoint', { client_id, token: first.refresh_token });
  assert.equal(gone.status, 200);
  assert.equal((await browser.post('revocation_endpoint', { client_id, token: 'unknown' })).status, 200);
  assert.equal((await browser.refresh(first.refresh_token)).error, 'invalid_grant');
  assert.equal((await servers.call('dpop', 'orders', first.access_token)).status, 401);
  const { revocations } = await servers.tell('log');
  const tokens = [first.refresh_token, 'unknown'].map(fingerprint);
  assert.deepEqual(revocations, tokens.map((token) => ({ token, outcome: 'success' })));
});

test('signing_out_asks_by_one_button_returns_to_the_extension_and_spares_offline_tokens', async () => {
  const { browser, first } = await signedIn();
  const { end_session_endpoint } = await browser.discover();
  const url = new URL(end_session_endpoint);
  const state = { post_logout_redirect_uri: REDIRECT_URI, state: 'bye' };
  url.search = new URLSearchParams({ id_token_hint: first.id_token, ...state });
  const page = await browser.send(url);
  assert.equal(page.body.match(/<button/g).length, 1);
  assert.doesNotMatch(page.body, /<script/);
  const [, action] = page.body.match(/action="([^"]+)"/);
  const [, xsrf] = page.body.match(/name="xsrf" value="([^"]+)"/);
  const body = new URLSearchParams({ xsrf, logout: 'yes' });
  const answer = await browser.send(new URL(action), { method: 'POST', body });
  assert.equal(answer.location, `${REDIRECT_URI}?state=bye`);
  const silent = await browser.authorize({ prompt: 'none' });
  assert.equal(silent.searchParams.get('error'), 'login_required');
  assert.ok((await browser.refresh(first.refresh_token)).refresh_token, 'revoke them, or they stay');

  url.searchParams.set('post_logout_redirect_uri', 'https://elsewhere.test/');
  assert.equal((await browser.send(url)).status, 400);
  const { logouts } = await servers.tell('log');
  const id_token_hint = fingerprint(first.id_token);
  const logout = (uri, outcome) => ({ id_token_hint, client_id: null, post_logout_redirect_uri: uri, outcome });
  const wanted = [logout(REDIRECT_URI, 'success'), logout('https://elsewhere.test/', 'invalid_request')];
  assert.deepEqual(logouts, wanted);
});

test('a_lost_answer_has_used_the_refresh_token_up_and_a_failing_endpoint_has_not', async () => {
  const { browser, first } = await signedIn();
  await servers.tell('fail_token_requests', { count: 1, status: 503, retry_after: 7 });
  const failed = await browser.token({ grant_type: 'refresh_token', refresh_token: first.refresh_token });
  assert.deepEqual([failed.status, failed.headers['retry-after']], [503, '7']);
  await servers.tell('lose_token_responses');
  await assert.rejects(browser.refresh(first.refresh_token));
  await servers.tell('lose_token_responses', { begun: true });
  await assert.rejects(browser.refresh(first.refresh_token));
  assert.equal((await browser.refresh(first.refresh_token)).error, 'invalid_grant');
  const { grants } = await servers.tell('log');
  const outcomes = ['success', 'status 503', 'success', 'invalid_grant', 'invalid_grant'];
  assert.deepEqual(grants.map(({ outcome }) => outcome), outcomes);
  assert.equal(grants[1].refresh_token, fingerprint(first.refresh_token));
});

test('a_held_token_request_stands_in_the_log_and_is_answered_once_it_is_released', async () => {
  const { browser, first } = await signedIn();
  await servers.tell('hold_token_requests');
  const answer = browser.refresh(first.refresh_token);
  for (;;) {
    const { grants } = await servers.tell('log');
    if (grants.length === 2) {
      assert.equal(grants[1].outcome, null);
      break;
    }
  }
  await servers.tell('release_token_requests');
  assert.ok((await answer).refresh_token);
});
