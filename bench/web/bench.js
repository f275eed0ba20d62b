// A contestant: how it gets its first tokens, and how it calls an API.
import "./course.js";

/** Takes part with `call(url, init)`, which ends with a status, as soon as `begin()` has tokens. */
export async function takePart(begin, call) {
  globalThis.bench = { call, state: "beginning" };
  try {
    if ((await begin()) !== "elsewhere") bench.state = "ready";
  } catch (error) {
    bench.state = `failed: ${error.message ?? JSON.stringify(error)}`;
  }
}

/** Reads an answer to its end. */
export async function statusOf(response) {
  await response.arrayBuffer();
  return response.status;
}
