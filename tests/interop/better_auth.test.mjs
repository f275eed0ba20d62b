// better-auth behind the front, with plain HTTPS in place of the browser.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Servers, Tls, claimsOf, fingerprint } from './support.mjs';
import { Browser } from './support_browser.mjs';
import { renewsWhileTheSessionLasts } from './support_renewal.mjs';

let tls;
let servers;

before(async () => {
  tls = Tls.generate();
  servers = await Servers.startWith(tls, { provider: 'better-auth' }, '--api', 'jose');
});

beforeEach(async () => {
  for (const command of ['end_sessions', 'revoke_refresh_tokens', 'clear_log']) await servers.tell(command);
});

after(async () => {
  tls?.remove();
  await servers?.stop();
});

/** The page's script in a few lines. */
class BetterAuthBrowser extends Browser {
  scope = 'openid profile email offline_access';

  async signIn(parameters) {
    const page = await this.authorize(parameters);
    assert.equal(page.pathname, '/sign-in');
    const filled = { email: 'grace@evertoken.test', password: 'hopper', oauth_query: page.search.slice(1) };
    const headers = { 'content-type': 'application/json', origin: page.origin };
    const url = new URL('/api/auth/sign-in/email', page);
    const answer = await this.send(url, { method: 'POST', headers, body: JSON.stringify(filled) });
    return this.follow({ location: JSON.parse(answer.body).url, from: page });
  }
}

test('its_sign_in_brings_an_id_token_by_eddsa_that_the_api_accepts', async () => {
  const browser = new BetterAuthBrowser(servers);
  const { id_token, access_token, refresh_token } = await browser.signInWithCode();
  const { iss, aud } = claimsOf(id_token);
  assert.deepEqual({ iss, aud }, { iss: servers.issuer, aud: servers.client_id });
  const answer = await servers.call('jose', 'orders', id_token);
  assert.equal(answer.status, 200, answer.body);
  const [head] = id_token.split('.');
  assert.equal(JSON.parse(Buffer.from(head, 'base64url')).alg, 'EdDSA');

  const log = await servers.tell('log');
  assert.deepEqual(log.authorizations, [{ prompt: null, response_type: 'code', pkce: 'S256', outcome: 'success' }]);
  assert.deepEqual(log.issued, [
    {
      from: 'token',
      id_token: fingerprint(id_token),
      access_token: fingerprint(access_token),
      refresh_token: fingerprint(refresh_token),
    },
  ]);
  assert.ok((await servers.tell('revoke')).revoked >= 1);
  assert.equal((await servers.call('jose', 'orders', id_token)).status, 401);
});

test('a_silent_authorization_needs_the_session_and_a_refresh_token_is_good_for_one_use', async () => {
  const browser = new BetterAuthBrowser(servers);
  const used = await renewsWhileTheSessionLasts(servers, browser);
  assert.equal((await browser.refresh(used)).error, 'invalid_grant');
});

test('it_asks_before_it_ends_the_session_and_leads_back', async () => {
  const browser = new BetterAuthBrowser(servers);
  const { id_token } = await browser.signInWithCode();
  const url = new URL((await browser.discover()).end_session_endpoint);
  const { client_id } = servers;
  const asked = { id_token_hint: id_token, client_id, post_logout_redirect_uri: browser.redirectUri };
  url.search = new URLSearchParams(asked);
  const navigation = { 'sec-fetch-mode': 'navigate', accept: 'text/html' };
  const page = await browser.send(url, { headers: navigation });
  assert.match(page.body, />Confirm logout<\/button>/);
  const outcomes = async () => (await servers.tell('log')).logouts.map(({ outcome }) => outcome);
  assert.deepEqual(await outcomes(), ['confirmation']);
  const confirm = new URL(`${url.pathname}/confirm`, url);
  const headers = { ...navigation, origin: url.origin };
  const body = new URLSearchParams({ action: 'confirm' });
  const left = await browser.send(confirm, { method: 'POST', body, headers });
  assert.ok(left.location.startsWith(browser.redirectUri));
  assert.deepEqual(await outcomes(), ['success']);
  assert.equal((await servers.tell('end_sessions')).ended, 0);
});
