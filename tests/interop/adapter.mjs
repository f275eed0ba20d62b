// oidc-provider's storage port, in memory. Its own in-memory adapter cannot list sessions, and the tests must be able
// to end them behind the browser's back. Expiry is left to the provider's models, which check it on every read.

const GRANTABLE = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken']);

export class MemoryStore {
  #models = new Map();

  /** Passed to the provider as its `adapter` factory. */
  adapter = (name) => {
    const rows = new Map();
    this.#models.set(name, rows);
    const findBy = (key, value) => [...rows.values()].find((row) => row[key] === value);
    return {
      upsert: async (id, payload) => void rows.set(id, payload),
      find: async (id) => rows.get(id),
      findByUid: async (uid) => findBy('uid', uid),
      findByUserCode: async (userCode) => findBy('userCode', userCode),
      consume: async (id) => void (rows.get(id).consumed = Math.floor(Date.now() / 1000)),
      destroy: async (id) => void rows.delete(id),
      revokeByGrantId: async (grantId) => this.#revokeByGrantId(grantId),
    };
  };

  /** The browser keeps its cookie, but the cookie now names nothing. */
  endSessions() {
    const sessions = this.#models.get('Session');
    const ended = sessions?.size ?? 0;
    sessions?.clear();
    return ended;
  }

  /** As an administrator would: every one of them is unknown from now on, access tokens and sessions stay. */
  revokeRefreshTokens() {
    const tokens = this.#models.get('RefreshToken');
    // A used one is kept only so that its reuse is noticed.
    const revoked = [...(tokens?.values() ?? [])].filter(({ consumed }) => !consumed).length;
    tokens?.clear();
    return revoked;
  }

  #revokeByGrantId(grantId) {
    for (const name of GRANTABLE) {
      const rows = this.#models.get(name) ?? new Map();
      for (const [id, row] of rows) if (row.grantId === grantId) rows.delete(id);
    }
  }
}
