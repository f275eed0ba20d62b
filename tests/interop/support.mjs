// What server.test.mjs needs in place of the Rust test and of Chromium.

import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const REDIRECT_URI = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';
const EXTENSION = 'chrome-extension://abcdefghijklmnopabcdefghijklmnop';

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

  write(line) {
    this.child.stdin.write(`${line}\n`);
  }

  async read() {
    const { value } = await this.lines.next();
    assert.doesNotMatch(value, /eyJ/, 'a token on the control channel');
    return JSON.parse(value);
  }

  async tell(command) {
    this.#id += 1;
    this.write(JSON.stringify({ id: this.#id, do: command }));
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

/** A cookie jar that follows redirects and stops at the extension's redirect URI. */
export class Browser {
  cookies = new Map();
  attributes = new Map();
  verifier = randomBytes(32).toString('base64url');

  constructor(servers) {
    this.servers = servers;
  }

  async signInWithCode() {
    const url = await this.follow(await this.submit(await this.openSignIn(), 'grace', 'hopper'));
    return this.exchange(codeOf(url));
  }

  async openSignIn() {
    const page = await this.authorize();
    assert.match(page.pathname, /^\/interaction\//);
    return page;
  }

  submit(page, login, password) {
    return this.#send(page, { method: 'POST', body: new URLSearchParams({ login, password }) });
  }

  /** Ends at the redirect URI with the answer, or at the sign-in page. `undefined` leaves a parameter out. */
  async authorize(parameters = {}) {
    const url = new URL((await this.#discover()).authorization_endpoint);
    const pkce = { code_challenge: s256(this.verifier), code_challenge_method: 'S256' };
    const all = {
      client_id: this.servers.client_id,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      scope: 'openid profile email',
      state: 's-1',
      // Without it, two id_tokens of one second are the same string, and the one is revoked with the other.
      nonce: randomBytes(16).toString('base64url'),
      ...(parameters.response_type ? {} : pkce),
      ...parameters,
    };
    for (const [name, value] of Object.entries(all)) if (value !== undefined) url.searchParams.set(name, value);
    return this.follow({ location: url.href });
  }

  async follow({ location, from }) {
    const url = new URL(location, from);
    if (url.href.startsWith(REDIRECT_URI)) return url;
    const next = await this.#send(url);
    return next.location ? this.follow(next) : url;
  }

  async exchange(code, origin = EXTENSION) {
    const { token_endpoint } = await this.#discover();
    const answer = await this.servers.tls.fetch(token_endpoint, {
      method: 'POST',
      headers: { origin },
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        client_id: this.servers.client_id,
        redirect_uri: REDIRECT_URI,
        code,
        code_verifier: this.verifier,
      }),
    });
    return JSON.parse(answer.body);
  }

  async #discover() {
    const answer = await this.servers.tls.fetch(new URL('.well-known/openid-configuration', this.servers.issuer));
    const metadata = JSON.parse(answer.body);
    assert.equal(metadata.issuer, this.servers.issuer);
    return metadata;
  }

  async #send(url, options = {}) {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ');
    const answer = await this.servers.tls.fetch(url, { ...options, headers: { cookie } });
    for (const line of answer.headers['set-cookie'] ?? []) this.#keep(line);
    return { ...answer, location: answer.headers.location, from: url };
  }

  #keep(line) {
    const [pair, ...attributes] = line.split('; ');
    const [name, value] = pair.split('=');
    if (value) this.cookies.set(name, value);
    else this.cookies.delete(name);
    this.attributes.set(name, attributes.map((attribute) => attribute.toLowerCase()));
  }
}

export const codeOf = (url) => url.searchParams.get('code');
export const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
export const fingerprint = (token) => sha256(token).digest('hex').slice(0, 8);
/** The `at_hash` of OpenID Connect Core 3.2.2.9 for RS256. */
export const halfHash = (token) => sha256(token).digest().subarray(0, 16).toString('base64url');

const s256 = (verifier) => sha256(verifier).digest('base64url');
const sha256 = (value) => createHash('sha256').update(value);
