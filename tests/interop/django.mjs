// django-oauth-toolkit, in a process of its own behind the TLS front.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { front } from './front.mjs';

const PROGRAM = fileURLToPath(new URL('django/provider.py', import.meta.url));
/** Where `cargo xtask test` installs the packages. */
const PYTHON = fileURLToPath(new URL('../../target/interop/django/bin/python', import.meta.url));

export async function djangoProvider({ origin, clientId, record, redirectUris, idTokenTtl, features }) {
  const { grant = 'code', silent = true } = features;
  const site = await Site.start({
    client_id: clientId,
    redirect_uris: redirectUris,
    ttl: idTokenTtl,
    grant,
    silent,
  });
  const issuer = `${origin}/o`;
  const answer = (message) => site.answer(message);
  const discovery = { method: 'GET', url: '/o/.well-known/openid-configuration', headers: { host: new URL(origin).host } };
  const metadata = JSON.parse((await site.answer(discovery)).body.toString());
  return {
    issuer,
    jwksUri: metadata.jwks_uri,
    handler: front({ answer, metadata, record, redirectUris }),
    commands: {
      end_sessions: () => site.tell('end_sessions'),
      revoke_refresh_tokens: () => site.tell('revoke_refresh_tokens'),
    },
  };
}

/** The Python process. It ends with this one, by the end of its standard input. */
class Site {
  #child;
  #lines;
  #port;

  static async start(options) {
    const site = new Site();
    // Without byte code, which would be left beside the sources.
    site.#child = spawn(PYTHON, ['-B', PROGRAM, JSON.stringify(options)], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(site.#child, 'spawn').catch((cause) => {
      throw new Error('the Python packages are not installed: `cargo xtask test` does', { cause });
    });
    site.#lines = createInterface({ input: site.#child.stdout })[Symbol.asyncIterator]();
    site.#port = (await site.#read()).port;
    return site;
  }

  async tell(command) {
    this.#child.stdin.write(`${JSON.stringify({ do: command })}\n`);
    return this.#read();
  }

  async #read() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error('django-oauth-toolkit ended');
    return JSON.parse(value);
  }

  /** Hands a request on as a proxy does that ends TLS. */
  async answer({ method, url, headers, body }) {
    const outgoing = request({
      host: '127.0.0.1',
      port: this.#port,
      // A connection for each request: Django closes them without a word to a pool.
      agent: false,
      method,
      path: url,
      headers: { ...headers, connection: 'close', 'x-forwarded-proto': 'https' },
    });
    outgoing.end(body);
    const [incoming] = await once(outgoing, 'response');
    const { rawHeaders: raw } = incoming;
    const pairs = raw.flatMap((name, index) => (index % 2 ? [] : [[name, raw[index + 1]]]));
    return { status: incoming.statusCode, headers: pairs, body: await buffer(incoming) };
  }
}
