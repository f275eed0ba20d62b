// django-oauth-toolkit behind its front, with plain HTTPS in place of the browser.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';

import { Servers, Tls, claimsOf, fingerprint } from './support.mjs';
import { Browser } from './support_browser.mjs';
import { formOf } from './support_forms.mjs';
import { renewsWhileTheSessionLasts } from './support_renewal.mjs';

const DJANGO = { provider: 'django-oauth-toolkit' };

let tls;
/** Most tests share this one; its sessions and its log are fresh for each. */
let servers;

before(async () => {
  tls = Tls.generate();
  servers = await Servers.startWith(tls, DJANGO);
});

beforeEach(async () => {
  for (const command of ['end_sessions', 'revoke_refresh_tokens', 'clear_log']) await servers.tell(command);
});

after(async () => {
  tls?.remove();
  await servers?.stop();
});

/** Django's own form, then the toolkit's own question. */
class DjangoBrowser extends Browser {
  async signIn(parameters) {
    const login = await this.#page(await this.authorize(parameters));
    assert.match(login.url.pathname, /^\/admin\/login\/$/);
    const next = await this.follow(await this.#answer(login, { username: 'grace', password: 'hopper' }));
    // Who has agreed is not asked again as long as a token of that time lives.
    if (next.href.startsWith(this.redirectUri)) return next;
    return this.follow(await this.#answer(await this.#page(next), { allow: 'Authorize' }));
  }

  async #answer({ url, body }, filled) {
    // Django compares it with the host, over TLS.
    const headers = { referer: url.href };
    const answer = await this.send(url, { method: 'POST', body: formOf(body, filled), headers });
    assert.equal(answer.status, 302, answer.body);
    return answer;
  }

  async #page(url) {
    return { url, ...(await this.send(url)) };
  }
}

test('its_own_pages_sign_in_and_both_apis_accept_the_id_token', async () => {
  const browser = new DjangoBrowser(servers);
  const { id_token, access_token, refresh_token } = await browser.signInWithCode();
  const { iss, aud, name } = claimsOf(id_token);
  assert.deepEqual({ iss, aud, name }, { iss: servers.issuer, aud: servers.client_id, name: 'Grace Hopper' });
  for (const api of ['express', 'koa']) assert.equal((await servers.call(api, 'orders', id_token)).status, 200);

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
});

test('a_silent_authorization_needs_the_session_and_a_refresh_token_is_good_for_one_use', async () => {
  const browser = new DjangoBrowser(servers);
  const used = await renewsWhileTheSessionLasts(servers, browser);
  assert.equal((await browser.refresh(used)).error, 'invalid_grant');
});

test('without_a_validator_of_the_site_a_silent_authorization_is_a_fault_of_the_provider', async () => {
  const plain = await Servers.startWith(tls, { ...DJANGO, silent: false });
  try {
    const browser = new DjangoBrowser(plain);
    await browser.signInWithCode();
    await browser.authorize({ prompt: 'none', state: 's-2' });
    const { authorizations } = await plain.tell('log');
    assert.equal(authorizations.at(-1).outcome, 'status 500');
  } finally {
    await plain.stop();
  }
});

test('the_implicit_flow_is_one_of_an_application_of_its_own', async () => {
  const implicit = await Servers.startWith(tls, { ...DJANGO, grant: 'implicit' });
  try {
    const url = await new DjangoBrowser(implicit).signIn({ response_type: 'id_token token' });
    const { id_token } = Object.fromEntries(new URLSearchParams(url.hash.slice(1)));
    assert.equal((await implicit.call('express', 'orders', id_token)).status, 200);
    const { issued } = await implicit.tell('log');
    assert.equal(issued[0].id_token, fingerprint(id_token));
  } finally {
    await implicit.stop();
  }
});
