// Bare `fetch` with a token that stays good: the floor. Beside an empty worker it is the floor of a worker.
import { statusOf, takePart } from "./bench.js";
import { silentIdToken } from "./silent.js";

let token;

takePart(
  async () => {
    token = await silentIdToken();
  },
  async (url, init) => statusOf(await fetch(url, { ...init, headers: { authorization: `Bearer ${token}` } })),
);
