// The library arranged as well-known providers: what a client meets at each.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import { REDIRECT_URI, Servers, Tls, claimsOf, codeOf } from './support.mjs';
import { Browser } from './support_browser.mjs';

const OFFLINE = 'openid profile email offline_access';

let tls;

before(() => {
  tls = Tls.generate();
});

after(() => tls?.remove());

/** A server for one test. */
async function at(profile, work, more = {}) {
  const servers = await Servers.startWith(tls, { profile, ...more }, '--api', 'express', '--api', 'dpop');
  try {
    await work(servers, new URL(servers.issuer).origin);
  } finally {
    await servers.stop();
  }
}

/** Signs in, calls both APIs, and renews silently. */
async function codeFlow(servers, members, parameters) {
  const browser = new Browser(servers, members);
  const answer = await browser.signInWithCode(parameters);
  assert.equal(claimsOf(answer.id_token).iss, servers.issuer);
  // It puts `at_hash` only where the access token comes from the authorization endpoint.
  assert.equal(claimsOf(answer.id_token).at_hash, undefined);
  assert.equal((await servers.call('express', 'orders', answer.id_token)).status, 200);
  assert.equal((await servers.call('dpop', 'orders', answer.access_token)).status, 200);
  const silent = await browser.authorize({ ...parameters, prompt: 'none' });
  assert.ok(codeOf(silent));
  return { browser, answer, silent };
}

test('keycloak_has_a_path_in_its_issuer_refresh_tokens_for_the_session_and_refuses_frames', () =>
  at('keycloak', async (servers, origin) => {
    assert.equal(servers.issuer, `${origin}/realms/demo`);
    const { browser, answer, silent } = await codeFlow(servers);
    assert.equal(silent.searchParams.get('iss'), servers.issuer);
    const metadata = await browser.discover();
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.equal(metadata.token_endpoint, `${servers.issuer}/protocol/openid-connect/token`);
    assert.equal(metadata.end_session_endpoint, `${servers.issuer}/protocol/openid-connect/logout`);

    const stranger = new Browser(servers);
    const page = await stranger.openSignIn();
    assert.match(page.href, /\/realms\/demo\/interaction\//);
    const { headers } = await stranger.send(page);
    assert.equal(headers['x-frame-options'], 'SAMEORIGIN');
    assert.match(headers['content-security-policy'], /frame-ancestors 'self'/);

    const { refresh_token } = await browser.refresh(answer.refresh_token);
    await servers.tell('end_sessions');
    assert.equal((await browser.refresh(refresh_token)).error, 'invalid_grant');
  }));

test('okta_has_a_path_in_its_issuer_and_refresh_tokens_for_offline_access', () =>
  at('okta', async (servers, origin) => {
    assert.equal(servers.issuer, `${origin}/oauth2/default`);
    const { browser, answer, silent } = await codeFlow(servers);
    assert.equal(silent.searchParams.has('iss'), false);
    assert.equal(answer.refresh_token, undefined);
    assert.equal(claimsOf(answer.access_token).aud, 'api://default');
    const metadata = await browser.discover();
    assert.equal(metadata.authorization_endpoint, `${servers.issuer}/v1/authorize`);
    assert.equal(metadata.authorization_response_iss_parameter_supported, undefined);
    const { refresh_token } = await browser.exchange(codeOf(await browser.authorize({ scope: OFFLINE })));
    const renewed = await browser.refresh(refresh_token);
    assert.equal(renewed.scope, OFFLINE);
    assert.equal((await browser.refresh(refresh_token)).error, 'invalid_grant');
  }));

test('entra_has_its_endpoints_beside_the_issuer_and_redeems_codes_only_across_origins', () =>
  at('entra', async (servers, origin) => {
    const { browser, answer, silent } = await codeFlow(servers, { scope: OFFLINE });
    const [, tenant] = servers.issuer.match(/\/([0-9a-f-]{36})\/v2\.0$/);
    const claims = claimsOf(answer.id_token);
    assert.deepEqual([claims.tid, claims.ver, claims.oid], [tenant, '2.0', 'oid-grace']);
    assert.equal(silent.searchParams.has('iss'), false);
    const metadata = await browser.discover();
    assert.equal(metadata.token_endpoint, `${origin}/${tenant}/oauth2/v2.0/token`);
    assert.equal(metadata.jwks_uri, `${origin}/${tenant}/discovery/v2.0/keys`);
    assert.equal(metadata.revocation_endpoint, undefined);
    assert.equal(metadata.pushed_authorization_request_endpoint, undefined);

    const { refresh_token } = answer;
    const sameOrigin = await browser.token({ grant_type: 'refresh_token', refresh_token }, null);
    assert.match(sameOrigin.json.error_description, /^AADSTS9002327/);
    assert.ok((await browser.refresh(refresh_token)).refresh_token);

    const fragment = await browser.authorize({ prompt: 'none', response_mode: 'fragment' });
    assert.ok(new URLSearchParams(fragment.hash.slice(1)).get('code'));
    await servers.tell('end_sessions');
    const refused = await browser.authorize({ prompt: 'none', response_mode: 'fragment' });
    const error = new URLSearchParams(refused.hash.slice(1));
    assert.deepEqual([error.get('error'), error.get('state'), error.get('iss')], ['login_required', 's-1', null]);
  }));

test('google_serves_a_public_client_by_the_implicit_flow_alone', () =>
  at('google', async (servers, origin) => {
    assert.equal(servers.issuer, origin);
    const browser = new Browser(servers);
    const url = await browser.signIn({ response_type: 'id_token token' });
    const answer = new URLSearchParams(url.hash.slice(1));
    assert.equal((await servers.call('express', 'orders', answer.get('id_token'))).status, 200);
    const metadata = await browser.discover();
    assert.equal(metadata.jwks_uri, `${origin}/oauth2/v3/certs`);
    assert.equal(metadata.end_session_endpoint, undefined);
    assert.ok(!metadata.grant_types_supported.includes('refresh_token'));
    const { error } = await browser.exchange(codeOf(await browser.authorize({ prompt: 'none', scope: OFFLINE })));
    assert.equal(error, 'invalid_client');
  }));

test('auth0_gives_an_access_token_for_the_audience_asked_for_and_names_the_organization', () =>
  at('auth0', async (servers, origin) => {
    assert.equal(servers.issuer, `${origin}/`);
    const { audience } = servers;
    const asked = { audience, organization: 'org_evertoken', scope: OFFLINE };
    const { browser, answer, silent } = await codeFlow(servers, {}, asked);
    assert.equal(claimsOf(answer.access_token).aud, audience);
    assert.equal(claimsOf(answer.id_token).org_id, 'org_evertoken');
    assert.equal(silent.searchParams.has('iss'), false);
    const renewed = await browser.refresh(answer.refresh_token);
    assert.equal(claimsOf(renewed.id_token).org_id, 'org_evertoken');
    assert.equal(claimsOf(renewed.access_token).aud, audience);

    const posting = browser.request({ ...asked, prompt: 'none', response_mode: 'web_message' });
    const { body } = await browser.send(await browser.authorizationUrl(posting));
    assert.match(body, /"code":/);
    assert.doesNotMatch(body, /"iss":/);

    const plain = await browser.exchange(codeOf(await browser.authorize({ prompt: 'none' })));
    assert.equal(plain.access_token.split('.').length, 1);
    assert.equal(claimsOf(plain.id_token).org_id, undefined);
    const elsewhere = await browser.authorize({ prompt: 'none', audience: 'https://elsewhere.test/' });
    assert.equal(elsewhere.searchParams.get('error'), 'access_denied');
    const foreign = await browser.authorize({ prompt: 'none', organization: 'org_other' });
    assert.equal(foreign.searchParams.get('error'), 'invalid_request');
    const implicit = await browser.authorize({ response_type: 'id_token token', prompt: 'none', audience });
    const fragment = new URLSearchParams(implicit.hash.slice(1));
    assert.equal(claimsOf(fragment.get('access_token')).aud, audience);
  }));

test('auth0_signs_out_at_a_path_of_its_own_without_asking', () =>
  at('auth0', async (servers, origin) => {
    const browser = new Browser(servers);
    await browser.signInWithCode({ scope: OFFLINE });
    const { end_session_endpoint, mfa_challenge_endpoint, response_modes_supported } = await browser.discover();
    assert.equal(end_session_endpoint, undefined);
    assert.equal(mfa_challenge_endpoint, `${origin}/mfa/challenge`);
    assert.ok(response_modes_supported.includes('web_message'));
    const url = new URL('/v2/logout', origin);
    url.search = new URLSearchParams({ client_id: servers.client_id, returnTo: 'https://elsewhere.test/' });
    assert.equal((await browser.send(url)).status, 400);
    assert.ok(codeOf(await browser.authorize({ prompt: 'none' })));
    url.searchParams.set('returnTo', REDIRECT_URI);
    assert.equal((await browser.send(url)).location, REDIRECT_URI);
    const silent = await browser.authorize({ prompt: 'none' });
    assert.equal(silent.searchParams.get('error'), 'login_required');
    const { logouts } = await servers.tell('log');
    assert.deepEqual(logouts.map(({ outcome }) => outcome), ['invalid_request', 'success']);
  }));

test('a_profile_is_only_a_set_of_defaults', () =>
  at(
    'keycloak',
    async (servers) => {
      const { answer, browser } = await codeFlow(servers, { scope: OFFLINE });
      assert.equal(answer.access_token.split('.').length, 1);
      await servers.tell('end_sessions');
      assert.ok((await browser.refresh(answer.refresh_token)).access_token);
      assert.ok((await browser.discover()).dpop_signing_alg_values_supported);
    },
    { accessTokens: 'opaque', dpop: true },
  ));
