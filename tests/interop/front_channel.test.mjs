// Pushed requests and the response modes.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { runInNewContext } from 'node:vm';

import { EXTENSION, Servers, Tls, codeOf } from './support.mjs';
import { Browser } from './support_browser.mjs';

const CALLBACK = `${EXTENSION}/offscreen/callback.html`;

let tls;
/** Requests must be pushed. */
let pushing;
let posting;

before(async () => {
  tls = Tls.generate();
  [pushing, posting] = await Promise.all([
    Servers.startWith(tls, { par: 'required', refreshTokens: true }, '--api', 'dpop'),
    Servers.startWith(tls, { webMessage: true, par: false }, '--api', 'dpop', '--redirect-uri', CALLBACK),
  ]);
});

beforeEach(async () => {
  for (const one of [pushing, posting]) {
    await one.tell('end_sessions');
    await one.tell('clear_log');
  }
});

after(async () => {
  tls?.remove();
  await Promise.all([pushing?.stop(), posting?.stop()]);
});

/** Runs the page's script as the child of a window, and tells what it posted there. */
function posted({ body }) {
  const messages = [];
  const [, script] = body.match(/<script>(.*)<\/script>/s);
  const element = { parentElement: { removeChild() {} } };
  const parent = { postMessage: (message, origin) => messages.push({ message, origin }) };
  const window = { parent, close() {}, document: { scripts: [element] } };
  runInNewContext(script.replace('(this, this.document)', '(window, window.document)'), { window });
  assert.equal(messages.length, 1);
  // Of another context: no object of it is of a class of this one.
  return structuredClone(JSON.parse(JSON.stringify(messages[0])));
}

test('a_request_that_must_be_pushed_is_refused_in_the_url_and_works_once_pushed', async () => {
  const browser = new Browser(pushing, { scope: 'openid offline_access' });
  assert.equal((await browser.discover()).require_pushed_authorization_requests, true);
  const bare = await browser.authorize();
  assert.equal(bare.searchParams.get('error'), 'invalid_request');

  const page = await browser.authorizePushed({ response_mode: 'fragment' });
  const url = await browser.follow(await browser.submit(page, 'grace', 'hopper'));
  const code = new URLSearchParams(url.hash.slice(1)).get('code');
  assert.ok((await browser.exchange(code)).refresh_token);
  assert.ok(codeOf(await browser.authorizePushed({ prompt: 'none' })));

  const { authorizations, pushed_requests } = await pushing.tell('log');
  const entry = { prompt: null, response_type: 'code', pkce: 'S256' };
  assert.deepEqual(authorizations, [
    { ...entry, outcome: 'invalid_request' },
    { ...entry, response_mode: 'fragment', pushed: true, outcome: 'success' },
    { ...entry, prompt: 'none', pushed: true, outcome: 'success' },
  ]);
  assert.deepEqual(pushed_requests, Array(2).fill({ dpop: false, outcome: 'success' }));
});

test('a_pushed_request_serves_one_authorization_and_a_bad_one_is_refused_at_once', async () => {
  const browser = new Browser(pushing);
  await browser.follow(await browser.submit(await browser.authorizePushed(), 'grace', 'hopper'));
  const { client_id } = pushing;
  const parameters = browser.request({ prompt: 'none' });
  const { json } = await browser.post('pushed_authorization_request_endpoint', parameters);
  const url = await browser.authorizationUrl({ client_id, request_uri: json.request_uri });
  assert.ok(codeOf(await browser.follow({ location: url })));
  // The library no longer knows what was asked, so there is no `state`; it knows the one registered redirect URI.
  const again = (await browser.follow({ location: url })).searchParams;
  assert.deepEqual([again.get('error'), again.get('state')], ['invalid_request_uri', null]);

  const bad = browser.request({ redirect_uri: 'https://elsewhere.test/' });
  const refused = await browser.post('pushed_authorization_request_endpoint', bad);
  assert.deepEqual([refused.status, refused.json.error], [400, 'invalid_request']);
});

test('without_par_the_metadata_have_no_such_endpoint', async () => {
  const metadata = await new Browser(posting).discover();
  assert.equal(metadata.pushed_authorization_request_endpoint, undefined);
  assert.ok(metadata.response_modes_supported.includes('web_message'));
});

test('web_message_posts_the_answer_to_the_page_of_the_extension_and_nowhere_else', async () => {
  const browser = new Browser(posting);
  await browser.signInWithCode();
  browser.redirectUri = CALLBACK;
  const silent = browser.request({ prompt: 'none', response_mode: 'web_message' });
  const page = await browser.send(await browser.authorizationUrl(silent));
  assert.equal(page.status, 200);
  assert.equal(page.headers['x-frame-options'], undefined);
  const { message, origin } = posted(page);
  assert.equal(origin, CALLBACK, 'whose origin is the extension');
  assert.equal(message.type, 'authorization_response');
  const { code, state, iss } = message.response;
  assert.deepEqual([state, iss], ['s-1', posting.issuer]);
  assert.ok((await browser.exchange(code)).id_token);

  await posting.tell('end_sessions');
  const refused = await browser.send(await browser.authorizationUrl(silent));
  assert.equal(refused.status, 400);
  assert.equal(posted(refused).message.response.error, 'login_required');
  const { authorizations } = await posting.tell('log');
  const entry = { prompt: 'none', response_type: 'code', pkce: 'S256', response_mode: 'web_message' };
  assert.deepEqual(authorizations.slice(1), ['success', 'login_required'].map((outcome) => ({ ...entry, outcome })));
});

test('a_page_of_the_extension_may_be_the_redirect_uri_of_any_mode_and_no_other_extension', async () => {
  const browser = new Browser(posting);
  await browser.signInWithCode();
  browser.redirectUri = CALLBACK;
  assert.ok(codeOf(await browser.authorize({ prompt: 'none' })));
  const fragment = await browser.authorize({ prompt: 'none', response_type: 'id_token token' });
  assert.ok(new URLSearchParams(fragment.hash.slice(1)).get('id_token'));
  for (const redirect_uri of [CALLBACK.replace('abc', 'bbc'), `${CALLBACK}?x`]) {
    const url = await browser.authorizationUrl(browser.request({ redirect_uri, prompt: 'none' }));
    const answer = await browser.send(url);
    assert.deepEqual([answer.status, answer.body.split(':')[0]], [400, 'invalid_redirect_uri']);
  }
});
