import { faultsOf } from './judge.ts';
import { createRandom } from './random.ts';
import { type FuzzRequest, fuzzRequest, type Known } from './requests.ts';
import { TARGETS } from './targets.ts';
import { exchange, type Outcome } from './wire.ts';

export interface FuzzOptions {
  readonly port: number;
  readonly requests: number;
  readonly seed: number;
  readonly secrets: readonly string[];
  readonly receiverUrl: string;
  /** Requests under way at the same time. */
  readonly atOnce?: number;
  /** Ends the run early. */
  readonly signal?: AbortSignal;
  /** Called after each request, with the number of those that are done. */
  readonly onDone?: (done: number) => Promise<void> | void;
}

export interface FuzzReport {
  readonly requests: number;
  readonly seed: number;
  /** How many answers had each status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Ends of exchanges: answered, closed by the server, or left by the fuzzer. */
  readonly ends: Readonly<Record<string, number>>;
  /** Routes of the API that gave an answer below 400, of all routes. */
  readonly reached: number;
  readonly routes: number;
  /** The request with the longest time until its end. */
  readonly slowest: { readonly ms: number; readonly label: string };
  /** Each once, with an example of a request. */
  readonly faults: readonly { readonly fault: string; readonly times: number; readonly example: string }[];
}

const AT_ONCE = 24;
const KNOWN_IDS = 200;

/** Sends requests of any form, and judges each answer. The same seed sends nearly the same requests. */
export async function runFuzz(options: FuzzOptions): Promise<FuzzReport> {
  const { port, requests, seed, secrets, receiverUrl, atOnce = AT_ONCE, onDone, signal } = options;
  const random = createRandom(seed);
  const known: Known = { secrets, receiverUrl, ids: [] };
  const statuses: Record<string, number> = {};
  const ends: Record<string, number> = {};
  const reached = new Set<string>();
  const faults = new Map<string, { times: number; example: string }>();
  let slowest = { ms: 0, label: '' };
  let sent = 0;
  let done = 0;

  const one = async () => {
    const request = fuzzRequest(random, known);
    const startedAt = performance.now();
    const outcome = await exchange(port, {
      ...request,
      bytes: request.parts,
      isHead: request.method === 'HEAD',
    });
    count(ends, outcome.end);
    const tookMs = performance.now() - startedAt;
    if (tookMs > slowest.ms) slowest = { ms: Math.round(tookMs), label: request.label };
    for (const { status } of outcome.answers) count(statuses, String(status));
    if (outcome.answers.some(({ status }) => status < 400)) reached.add(routeOf(request));
    for (const fault of faultsOf(request, outcome)) noteFault(faults, fault, request);
    learn(known.ids, outcome);
    done++;
    await onDone?.(done);
  };
  const lane = async () => {
    while (sent < requests && !signal?.aborted) {
      sent++;
      await one();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return {
    requests: done,
    seed,
    statuses,
    ends,
    slowest,
    reached: TARGETS.filter(({ name }) => reached.has(name)).length,
    routes: TARGETS.length,
    faults: [...faults].map(([fault, { times, example }]) => ({ fault, times, example })),
  };
}

function routeOf({ label }: FuzzRequest): string {
  return label.split(' ', 2).join(' ');
}

function count(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}

function noteFault(
  faults: Map<string, { times: number; example: string }>,
  fault: string,
  { label, parts }: FuzzRequest,
): void {
  // Ids and texts differ from one to the next.
  const kind = fault.slice(0, 60);
  const known = faults.get(kind);
  if (known) known.times++;
  else
    faults.set(kind, {
      times: 1,
      example: `${label}: ${fault}\n${Buffer.concat(parts).toString('latin1').slice(0, 1500)}`,
    });
}

/** Later requests use the ids of jobs that were accepted. */
function learn(ids: string[], { answers }: Outcome): void {
  for (const { status, body } of answers) {
    if (status >= 300) continue;
    for (const [, id = ''] of body
      .toString('latin1', 0, 5000)
      .matchAll(/"(?:id|jobId|endpointId)":"([\w-]{10,80})"/g)) {
      if (ids.length < KNOWN_IDS) ids.push(id);
      else ids[(ids.length % KNOWN_IDS) | 0] = id;
    }
  }
}
