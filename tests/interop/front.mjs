// Stands before a provider that has no events to listen to: hands every request on, writes down what a client asked and
// what came of it, and changes neither.

import { buffer } from 'node:stream/consumers';

import { fingerprintOf } from './record.mjs';

/** Of one connection, or written anew with the body. */
const OF_THE_CONNECTION = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

/**
 * `answer` takes `{ method, url, headers, body }` and gives `{ status, headers, body }`, `headers` as pairs and `body` as
 * a Buffer. `metadata` are the provider's own.
 */
export function front({ answer, metadata, record, redirectUris }) {
  const watch = new Watch({ metadata, record, redirectUris });
  const serve = async (req, res) => {
    const message = { method: req.method, url: req.url, headers: req.headers, body: await buffer(req) };
    const end = watch.begin(message);
    const { status, headers, body } = await answer(message);
    end({ status, headers, body });
    for (const [name, value] of headers) {
      if (!OF_THE_CONNECTION.includes(name.toLowerCase())) res.appendHeader(name, value);
    }
    res.writeHead(status).end(body);
  };
  return (req, res) =>
    void serve(req, res).catch((error) => {
      // A browser that closes a window cuts its requests off: no reason to end.
      console.error(`provider: ${error.stack}`);
      res.destroy();
    });
}

class Watch {
  #record;
  #redirectUris;
  #endpoints;
  /** The entries of authorizations by their `state`: one that asks the user comes to the endpoint twice. */
  #authorizations = new Map();
  #leaving;

  constructor({ metadata, record, redirectUris }) {
    this.#record = record;
    this.#redirectUris = redirectUris;
    const pathOf = (endpoint) => metadata[endpoint] && new URL(metadata[endpoint]).pathname;
    this.#endpoints = new Map([
      [`GET ${pathOf('authorization_endpoint')}`, (query) => this.#authorization(query)],
      [`GET ${pathOf('end_session_endpoint')}`, (query) => this.#logout(query)],
      [`POST ${pathOf('token_endpoint')}`, (query, message) => this.#grant(message)],
      [`POST ${pathOf('revocation_endpoint')}`, (query, message) => this.#revocation(message)],
    ]);
  }

  /** Notes the request, and gives what is to be called with the answer. */
  begin(message) {
    const { pathname, searchParams } = new URL(message.url, 'https://localhost');
    const query = Object.fromEntries(searchParams);
    const end = this.#endpoints.get(`${message.method} ${pathname}`)?.(query, message);
    return (answer) => {
      if (!this.#returns(answer)) end?.(answer);
    };
  }

  #authorization(query) {
    const known = this.#authorizations.get(query.state);
    const entry = known ?? this.#record.authorization(query, false);
    this.#authorizations.set(query.state, entry);
    return ({ status }) => {
      entry.outcome = status < 400 ? 'interaction' : `status ${status}`;
    };
  }

  #logout(query) {
    const entry = this.#record.logout(query);
    this.#leaving = entry;
    return ({ status }) => {
      entry.outcome = status < 400 ? 'confirmation' : `status ${status}`;
    };
  }

  #grant({ headers, body }) {
    const sent = new URLSearchParams(body.toString());
    const entry = this.#record.grant();
    entry.grant_type = sent.get('grant_type');
    entry.refresh_token = fingerprintOf(sent.get('refresh_token'));
    entry.dpop = headers.dpop !== undefined;
    return (answer) => {
      const said = jsonOf(answer);
      if (answer.status < 300) this.#record.tokens('token', said);
      entry.outcome = outcomeOf(answer, said);
    };
  }

  #revocation({ body }) {
    const entry = this.#record.revocation();
    entry.token = fingerprintOf(new URLSearchParams(body.toString()).get('token'));
    return (answer) => {
      entry.outcome = outcomeOf(answer, jsonOf(answer));
    };
  }

  /** Whether an answer leads back to the client, and what it says there: from whatever page of the provider it comes. */
  #returns(answer) {
    const location = answer.headers.find(([name]) => name.toLowerCase() === 'location')?.[1] ?? jsonOf(answer).url;
    if (!this.#redirectUris.some((uri) => location?.startsWith(uri))) return false;
    const { search, hash } = new URL(location);
    const said = Object.fromEntries([...new URLSearchParams(search), ...new URLSearchParams(hash.slice(1))]);
    const authorization = this.#authorizations.get(said.state);
    this.#authorizations.delete(said.state);
    if (authorization) this.#record.tokens('authorization', said);
    const entry = authorization ?? this.#leaving;
    if (entry) entry.outcome = said.error ?? 'success';
    return true;
  }
}

const outcomeOf = ({ status }, said) => (status < 300 ? 'success' : (said.error ?? `status ${status}`));

/** The members of a body of JSON, of which some providers make their redirections too. Some call nothing JSON as well. */
function jsonOf({ headers, body }) {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1];
  return type?.includes('json') && body.length > 0 ? (JSON.parse(body.toString()) ?? {}) : {};
}
