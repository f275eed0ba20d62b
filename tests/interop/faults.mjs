// Trouble at the token endpoint, by command: what a client must survive and no healthy provider shows.

import { text } from 'node:stream/consumers';

export class Faults {
  #lost = { count: 0, begun: false };
  #failing = { count: 0, status: 503 };
  #gate = Promise.resolve();
  #open = null;

  /**
   * The next answers are lost on their way, after the provider has done its part: a refresh token is used up. Where
   * nothing of an answer came, Chromium sends a request again by itself that went over a connection used before; not
   * where it has `begun`.
   */
  loseTokenResponses({ count = 1, begun = false }) {
    this.#lost = { count, begun };
  }

  /** The next token requests are answered with this status before the provider sees them. */
  failTokenRequests({ count = 1, status = 503, retry_after }) {
    this.#failing = { count, status, retryAfter: retry_after };
  }

  /** Token requests wait from now on, before the provider sees them: a test can do more while one is under way. */
  holdTokenRequests() {
    if (this.#open) return;
    this.#gate = new Promise((resolve) => {
      this.#open = resolve;
    });
  }

  releaseTokenRequests() {
    this.#open?.();
    this.#open = null;
  }

  /** By the names of README.md. */
  commands() {
    return {
      lose_token_responses: (command) => this.loseTokenResponses(command),
      fail_token_requests: (command) => this.failTokenRequests(command),
      hold_token_requests: () => this.holdTokenRequests(),
      release_token_requests: () => this.releaseTokenRequests(),
    };
  }

  released() {
    return this.#gate;
  }

  takeFailure() {
    return this.#failing.count-- > 0 ? this.#failing : undefined;
  }

  takeLoss() {
    return this.#lost.count-- > 0 ? this.#lost : undefined;
  }
}

export function disruptions(faults, pathOf) {
  return async (ctx, next) => {
    if (ctx.path !== pathOf('token') || ctx.method !== 'POST') return next();
    await faults.released();
    const failure = faults.takeFailure();
    if (failure) {
      // For the log: what the client presented counts, whether the provider saw it or not.
      ctx.state.sent = Object.fromEntries(new URLSearchParams(await text(ctx.req)));
      ctx.status = failure.status;
      if (failure.retryAfter !== undefined) ctx.set('retry-after', String(failure.retryAfter));
      ctx.body = 'out of order';
      return undefined;
    }
    await next();
    const loss = faults.takeLoss();
    if (!loss) return undefined;
    ctx.respond = false;
    const { socket } = ctx.req;
    if (!loss.begun) return socket.destroy();
    ctx.res.writeHead(ctx.status, { 'content-type': 'application/json', 'content-length': 1000 });
    return ctx.res.write('{', () => socket.destroy());
  };
}
