// What the servers saw, in order. It keeps fingerprints, never tokens: the log is printed.

import { createHash } from 'node:crypto';

/** The first eight hex digits of a token's SHA-256: enough to tell two tokens apart, nothing to call an API with. */
export const fingerprint = (token) => createHash('sha256').update(token).digest('hex').slice(0, 8);

/** As the log has a token that may be absent. */
export const fingerprintOf = (token) => (token ? fingerprint(token) : null);

export class Record {
  #lists = empty();
  #known = new Set();
  #revoked = new Set();

  /** Each of these returns its entry, so that the outcome can be filled in when the answer is there. */
  authorization({ prompt = null, response_type = null, code_challenge_method = null, response_mode }, pushed) {
    return this.#add('authorizations', {
      prompt,
      response_type,
      pkce: code_challenge_method,
      ...(response_mode && { response_mode }),
      ...(pushed && { pushed }),
      outcome: null,
    });
  }

  pushedRequest() {
    return this.#add('pushed_requests', { dpop: false, outcome: null });
  }

  grant() {
    return this.#add('grants', { grant_type: null, refresh_token: null, dpop: false, outcome: null });
  }

  logout({ id_token_hint, client_id = null, post_logout_redirect_uri = null }) {
    const hint = fingerprintOf(id_token_hint);
    return this.#add('logouts', { id_token_hint: hint, client_id, post_logout_redirect_uri, outcome: null });
  }

  revocation() {
    return this.#add('revocations', { token: null, outcome: null });
  }

  dpopCall(entry) {
    return this.#add('dpop_calls', entry);
  }

  tokens(from, { id_token, access_token, refresh_token }) {
    const tokens = [id_token, access_token].filter(Boolean);
    if (tokens.length === 0) return;
    for (const token of tokens) this.#known.add(fingerprint(token));
    this.#add('issued', {
      from,
      id_token: fingerprintOf(id_token),
      access_token: fingerprintOf(access_token),
      ...(refresh_token && { refresh_token: fingerprint(refresh_token) }),
    });
  }

  /** Watches one API call from the outside, so that the libraries under it stay as they are. */
  apiCall(api, req, res) {
    const credentials = req.headers.authorization?.split(' ')[1];
    const entry = this.#add('api_calls', {
      api,
      method: req.method,
      path: req.url.split('?')[0],
      status: null,
      token: fingerprintOf(credentials),
    });
    // The status is noted before the first byte leaves, so a log asked for by whoever read the answer already has it.
    const { writeHead } = res;
    res.writeHead = function (status, ...rest) {
      entry.status = status;
      return writeHead.call(this, status, ...rest);
    };
  }

  /** By fingerprint and not by `iat`, whose seconds are too coarse to part a token from its successor. */
  revokeAll() {
    for (const known of this.#known) this.#revoked.add(known);
    return this.#revoked.size;
  }

  isRevoked(token) {
    return this.#revoked.has(fingerprint(token));
  }

  /** Forgets what was seen, not what was revoked. */
  clear() {
    this.#lists = empty();
  }

  toJSON() {
    return { ...this.#lists, token_requests: this.#lists.grants.length };
  }

  #add(list, entry) {
    this.#lists[list].push(entry);
    return entry;
  }
}

const empty = () => ({
  authorizations: [],
  pushed_requests: [],
  grants: [],
  issued: [],
  api_calls: [],
  dpop_calls: [],
  logouts: [],
  revocations: [],
});
