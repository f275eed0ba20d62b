// Three ways to call an API, as a page of an extension would write them: none knows of tokens or renewals.

import axios from './axios.min.js';

const JSON_HEADERS = { 'content-type': 'application/json' };

const callers = {
  async fetch(method, url, json) {
    const sent = json === null ? {} : { headers: JSON_HEADERS, body: JSON.stringify(json) };
    const response = await fetch(url, { method, ...sent });
    return { status: response.status, body: parse(await response.text()) };
  },

  XMLHttpRequest: (method, url, json) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      request.onload = () => resolve({ status: request.status, body: parse(request.responseText) });
      request.onerror = () => reject(new Error('XMLHttpRequest failed'));
      if (json !== null) request.setRequestHeader('content-type', JSON_HEADERS['content-type']);
      request.send(json === null ? null : JSON.stringify(json));
    }),

  axios: (method, url, json) => byAxios({ method, url, data: json ?? undefined }),
  // By default axios takes XMLHttpRequest where there is one.
  'axios over fetch': (method, url, json) => byAxios({ method, url, data: json ?? undefined, adapter: 'fetch' }),
};

/** axios throws for a 401; what the API answered is in the error. */
async function byAxios(config) {
  const { status, data } = await axios(config).catch((error) => {
    if (!error.response) throw error;
    return error.response;
  });
  return { status, body: data };
}

/** As axios does by default: JSON where it is some, else the text. */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

globalThis.call = async (caller, method, url, json) => {
  const started = performance.now();
  const answer = await callers[caller](method, url, json);
  return { ...answer, milliseconds: performance.now() - started };
};
