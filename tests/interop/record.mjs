// What the servers saw, in order. It keeps fingerprints, never tokens: the log is printed.

import { createHash } from 'node:crypto';

/** The first eight hex digits of a token's SHA-256: enough to tell two tokens apart, nothing to call an API with. */
export const fingerprint = (token) => createHash('sha256').update(token).digest('hex').slice(0, 8);

export class Record {
  authorizations = [];
  tokenRequests = 0;
  issued = [];
  apiCalls = [];
  #known = new Set();
  #revoked = new Set();

  /** The entry is returned so that its outcome can be filled in when the provider answers. */
  authorization({ prompt = null, response_type = null, code_challenge_method = null }) {
    const entry = { prompt, response_type, pkce: code_challenge_method, outcome: null };
    this.authorizations.push(entry);
    return entry;
  }

  tokens(from, { id_token, access_token }) {
    if (!id_token) return;
    this.#known.add(fingerprint(id_token));
    this.issued.push({
      from,
      id_token: fingerprint(id_token),
      access_token: access_token ? fingerprint(access_token) : null,
    });
  }

  /** Watches one API call from the outside, so that the libraries under it stay as they are. */
  apiCall(api, req, res) {
    const credentials = req.headers.authorization?.split(' ')[1];
    const entry = {
      api,
      method: req.method,
      path: req.url.split('?')[0],
      status: null,
      token: credentials ? fingerprint(credentials) : null,
    };
    this.apiCalls.push(entry);
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
    this.authorizations = [];
    this.tokenRequests = 0;
    this.issued = [];
    this.apiCalls = [];
  }

  toJSON() {
    const { authorizations, tokenRequests: token_requests, issued, apiCalls: api_calls } = this;
    return { authorizations, token_requests, issued, api_calls };
  }
}
