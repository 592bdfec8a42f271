/**
 * For `NODE_OPTIONS=--import`: a worker process whose handlers do what a poisoned message says. The
 * request of a message is the only value with these fields that is turned into JSON.
 */
const { stringify } = JSON;

interface Request {
  readonly metadata?: object;
  readonly body?: { readonly content?: unknown };
}

/** Longer than the lock of the row. */
const BLOCKED_MS = 6000;
const GIBIBYTE = 2 ** 30;
const kept: unknown[] = [];

const ACTS: Readonly<Record<string, () => void>> = {
  throw() {
    throw new Error('poison');
  },
  hang() {
    const endMs = performance.now() + BLOCKED_MS;
    while (performance.now() < endMs);
  },
  allocate() {
    // Numbers are in the heap of V8, which has a limit.
    for (let bytes = 0; bytes < GIBIBYTE; bytes += 8e6) kept.push(Array.from({ length: 1e6 }, Math.random));
  },
  kill() {
    process.kill(process.pid, 'SIGKILL');
  },
};

JSON.stringify = ((value: Request, ...rest: []) => {
  const content = value?.metadata && value.body?.content;
  if (typeof content === 'string' && content.startsWith('poison: ')) ACTS[content.slice(8)]?.();
  return stringify(value, ...rest);
}) as typeof JSON.stringify;
