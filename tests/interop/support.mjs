// What server.test.mjs needs in place of the Rust test and of Chromium.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const REDIRECT_URI = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';
export const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

/** A certificate for localhost, and requests that trust nothing else. */
export class Tls {
  static generate() {
    const folder = mkdtempSync(join(tmpdir(), 'evertoken-interop-'));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    // The shape that rcgen gives the browser tests: self-signed, yet no authority.
    const shape = ['-addext', 'subjectAltName=DNS:localhost', '-addext', 'basicConstraints=critical,CA:FALSE'];
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key];
    const subject = ['-subj', '/CN=localhost', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...newKey, ...subject, ...shape, '-out', cert], { stdio: 'ignore' });
    const agent = new Agent({ ca: readFileSync(cert), family: 4 });
    return Object.assign(new Tls(), { folder, cert, key, agent });
  }

  async fetch(url, { method = 'GET', headers = {}, body } = {}) {
    const form = body instanceof URLSearchParams && { 'content-type': 'application/x-www-form-urlencoded' };
    const outgoing = request(url, { method, headers: { ...form, ...headers }, agent: this.agent });
    outgoing.end(body?.toString());
    const [incoming] = await once(outgoing, 'response');
    return { status: incoming.statusCode, headers: incoming.headers, body: await text(incoming) };
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The program under test, and its control channel. */
export class Servers {
  #id = 0;

  static async start(tls, ...options) {
    const program = fileURLToPath(new URL('server.mjs', import.meta.url));
    const fixed = ['--cert', tls.cert, '--key', tls.key, '--redirect-uri', REDIRECT_URI];
    const child = spawn(process.execPath, [program, ...fixed, ...options]);
    const complaints = text(child.stderr);
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done) throw new Error(await complaints);
    return Object.assign(new Servers(), JSON.parse(first.value), { tls, child, lines, complaints });
  }

  /** With these members of `--options`, and the other command line options after them. */
  static startWith(tls, features, ...options) {
    return Servers.start(tls, '--options', JSON.stringify(features), ...options);
  }

  write(line) {
    this.child.stdin.write(`${line}\n`);
  }

  async read() {
    const { value } = await this.lines.next();
    assert.doesNotMatch(value, /eyJ/, 'a token on the control channel');
    return JSON.parse(value);
  }

  async tell(command, more = {}) {
    this.#id += 1;
    this.write(JSON.stringify({ id: this.#id, do: command, ...more }));
    const answer = await this.read();
    assert.equal(answer.id, this.#id);
    return answer;
  }

  call(api, path, token, { json, headers, ...rest } = {}) {
    return this.tls.fetch(new URL(path, this[api]), {
      ...rest,
      ...(json && { body: JSON.stringify(json) }),
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(json && { 'content-type': 'application/json' }),
        ...headers,
      },
    });
  }

  /** Standard input is the lifeline: closing it must be enough. */
  async stop() {
    this.child.stdin.end();
    const [code] = await once(this.child, 'exit');
    assert.equal(code, 0);
    assert.doesNotMatch(await this.complaints, /eyJ/, 'a token on standard error');
  }
}

export const codeOf = (url) => url.searchParams.get('code');
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
export const fingerprint = (token) => sha256(token).digest('hex').slice(0, 8);
/** The `at_hash` of OpenID Connect Core 3.2.2.9 for RS256. */
export const halfHash = (token) => sha256(token).digest().subarray(0, 16).toString('base64url');

export const s256 = (value) => sha256(value).digest('base64url');
const sha256 = (value) => createHash('sha256').update(value);
