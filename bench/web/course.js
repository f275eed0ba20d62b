// What every contestant's page is asked to do. `bench.call(url, init)` is the contestant's own way to call the API; it
// ends with the status, when the whole body was read.
const PATIENCE_MS = 60_000;

/** A body of so many bytes that no text decodes, so that the API does not echo it. */
const bodyOf = (bytes) => (bytes ? { method: "POST", body: new Blob([new Uint8Array(bytes).fill(255)]) } : undefined);

globalThis.course = {
  /** `count` calls, one after the other: the milliseconds of each. */
  async series(url, count, bytes) {
    const times = [];
    for (let made = 0; made < count; made++) {
      const init = bodyOf(bytes);
      const from = performance.now();
      const status = await bench.call(url, init);
      times.push(performance.now() - from);
      if (status !== 200) throw new Error(`answered ${status}`);
    }
    return times;
  },

  /** `count` calls at once: the milliseconds until the last has its 200; null when that takes longer than a minute. */
  async storm(url, count) {
    let answered = 0;
    const failed = {};
    const call = async () => {
      const status = await bench.call(url).catch((error) => String(error.message));
      if (status === 200) answered++;
      else failed[status] = (failed[status] ?? 0) + 1;
    };
    const from = performance.now();
    let timer;
    const late = new Promise((resolve) => (timer = setTimeout(resolve, PATIENCE_MS, "late")));
    const ended = await Promise.race([Promise.all(Array.from({ length: count }, call)), late]);
    clearTimeout(timer);
    return { ms: ended === "late" ? null : performance.now() - from, answered, failed };
  },
};
