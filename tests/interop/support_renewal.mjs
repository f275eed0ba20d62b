// What a renewal needs at every provider, for the self-tests.

import assert from 'node:assert/strict';

import { codeOf } from './support.mjs';

/** A silent authorization needs the session, a refresh token is good until it is revoked, and the log tells all three. */
export async function renewsWhileTheSessionLasts(servers, browser) {
  const { refresh_token } = await browser.signInWithCode();
  assert.ok(codeOf(await browser.authorize({ prompt: 'none', state: 's-2' })));
  const renewed = await browser.refresh(refresh_token);
  assert.ok(renewed.id_token);
  assert.equal((await servers.tell('revoke_refresh_tokens')).revoked, 1);
  assert.equal((await browser.refresh(renewed.refresh_token)).error, 'invalid_grant');

  assert.equal((await servers.tell('end_sessions')).ended, 1);
  const refused = await browser.authorize({ prompt: 'none', state: 's-3' });
  assert.equal(refused.searchParams.get('error'), 'login_required');
  const { authorizations } = await servers.tell('log');
  assert.deepEqual(
    authorizations.map(({ outcome }) => outcome),
    ['success', 'success', 'login_required'],
  );
  return refresh_token;
}
