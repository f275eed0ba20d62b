// Starts the provider and the APIs and obeys the browser test that started this process. See README.md.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { MemoryStore } from './adapter.mjs';
import { APIS, reachKeys, verification } from './apis.mjs';
import { CLIENT_ID, createProvider } from './provider.mjs';
import { Record } from './record.mjs';

// Standard output belongs to the control channel, and oidc-provider prints notices with console.info.
globalThis.console = new console.Console(process.stderr, process.stderr);

const options = readOptions();
const record = new Record();
const store = new MemoryStore();

const origins = await start();
const COMMANDS = {
  revoke: () => ({ revoked: record.revokeAll() }),
  end_sessions: () => ({ ended: store.endSessions() }),
  log: () => record.toJSON(),
  clear_log: () => record.clear(),
};
// Whoever started this is gone when standard input closes; nothing here may outlive a test.
createInterface({ input: process.stdin })
  .on('line', (line) => say(obey(line)))
  .on('close', () => process.exit(0));
say({ ready: true, client_id: CLIENT_ID, ...origins });

function readOptions() {
  const { values } = parseArgs({
    options: {
      cert: { type: 'string' },
      key: { type: 'string' },
      'redirect-uri': { type: 'string', multiple: true },
      api: { type: 'string', multiple: true, default: Object.keys(APIS) },
      'id-token-ttl': { type: 'string', default: '3600' },
    },
  });
  const missing = ['cert', 'key', 'redirect-uri'].find((name) => !values[name]);
  if (missing) throw new Error(`--${missing} is required`);
  const unknown = values.api.find((name) => !Object.hasOwn(APIS, name));
  if (unknown) throw new Error(`--api ${unknown}: one of ${Object.keys(APIS).join(', ')}`);
  const idTokenTtl = Number(values['id-token-ttl']);
  if (!Number.isInteger(idTokenTtl) || idTokenTtl < 1) throw new Error('--id-token-ttl: whole seconds, at least 1');
  return {
    tls: { cert: readFileSync(values.cert), key: readFileSync(values.key) },
    redirectUris: values['redirect-uri'],
    apis: [...new Set(values.api)],
    idTokenTtl,
  };
}

async function start() {
  const { tls, redirectUris, idTokenTtl, apis } = options;
  // The issuer contains the port, so the port comes first and the provider is attached to it.
  const front = await listen(tls);
  const issuer = front.origin;
  const provider = createProvider({ issuer, redirectUris, idTokenTtl, store, record });
  front.attach(provider.callback());

  const checks = verification({ issuer, jwksUri: provider.urlFor('jwks'), audience: CLIENT_ID, ca: tls.cert });
  await reachKeys(checks);
  const urls = { issuer };
  for (const name of apis) {
    const api = await listen(tls);
    const app = APIS[name](checks, record);
    api.attach((req, res) => {
      record.apiCall(name, req, res);
      app(req, res);
    });
    urls[name] = `${api.origin}v1/`;
  }
  return urls;
}

/** A TLS server on a free loopback port, with nothing to answer yet. */
async function listen(tls) {
  const server = createServer(tls);
  // Longer than any test pauses: a browser that reuses a connection just as it is closed would see a failed call.
  server.keepAliveTimeout = 10 * 60 * 1000;
  await new Promise((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  return {
    origin: `https://localhost:${server.address().port}/`,
    attach: (handler) => server.on('request', handler),
  };
}

function obey(line) {
  let id = null;
  try {
    const command = JSON.parse(line);
    id = command.id ?? null;
    if (!Object.hasOwn(COMMANDS, command.do)) throw new Error(`unknown command: ${command.do}`);
    return { id, ok: true, ...COMMANDS[command.do]() };
  } catch (error) {
    return { id, ok: false, error: error.message };
  }
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
