// Starts the provider and the APIs and obeys the browser test that started this process. See README.md.

import { createServer } from 'node:https';
import { createInterface } from 'node:readline';

import { APIS, reachKeys, verification } from './apis.mjs';
import { ApiNonces } from './dpop_api.mjs';
import { readOptions } from './options.mjs';
import { PROVIDERS } from './providers.mjs';
import { Record } from './record.mjs';

// Standard output belongs to the control channel, and oidc-provider prints notices with console.info.
globalThis.console = new console.Console(process.stderr, process.stderr);

const CLIENT_ID = 'evertoken-interop';

const options = readOptions();
const record = new Record();
const nonces = new ApiNonces();

const { commands, ...origins } = await start();
const COMMANDS = {
  ...commands,
  revoke: () => ({ revoked: record.revokeAll() }),
  change_api_nonce: () => nonces.change(),
  log: () => record.toJSON(),
  clear_log: () => record.clear(),
};
// Whoever started this is gone when standard input closes; nothing here may outlive a test.
let answered = Promise.resolve();
createInterface({ input: process.stdin })
  .on('line', (line) => {
    answered = answered.then(async () => say(await obey(line)));
  })
  .on('close', () => process.exit(0));
say({ ready: true, client_id: CLIENT_ID, ...origins });

async function start() {
  const { tls, apis, provider: name, ...rest } = options;
  const { audience } = options.profile;
  const { dpopNonce } = options.features;
  // The issuer contains the port, so the port comes first and the provider is attached to it.
  const front = await listen(tls);
  const created = await PROVIDERS[name]({ origin: front.origin, clientId: CLIENT_ID, record, ...rest });
  const { provider, issuer, commands, ...keys } = created;
  front.attach(created.handler);

  const checks = verification({ issuer, audience: CLIENT_ID, ca: tls.cert, ...keys });
  await reachKeys(checks);
  const urls = { issuer, audience, commands };
  for (const name of apis) {
    const api = await listen(tls);
    const app = APIS[name](checks, record, { provider, audience, origin: api.origin, nonces: dpopNonce && nonces });
    api.attach((req, res) => {
      record.apiCall(name, req, res);
      app(req, res);
    });
    urls[name] = `${api.origin}/v1/`;
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
    origin: `https://localhost:${server.address().port}`,
    attach: (handler) => server.on('request', handler),
  };
}

async function obey(line) {
  let id = null;
  try {
    const command = JSON.parse(line);
    id = command.id ?? null;
    if (!Object.hasOwn(COMMANDS, command.do)) throw new Error(`unknown command: ${command.do}`);
    return { id, ok: true, ...(await COMMANDS[command.do](command)) };
  } catch (error) {
    return { id, ok: false, error: error.message };
  }
}

function say(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
