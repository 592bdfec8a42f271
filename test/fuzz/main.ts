import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openFuzzedServer } from './fuzzed-server.ts';
import type { Measured } from './probe.ts';
import { runFuzz } from './run.ts';
import { CANARY } from './values.ts';

const { values } = parseArgs({
  options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const requests = Number(values.requests);
const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
if (!Number.isInteger(requests) || requests < 1 || !Number.isInteger(seed)) {
  console.error('--requests and --seed take whole numbers.');
  process.exit(2);
}
console.error(`fuzz: ${requests} requests, seed ${seed}`);

/** The first requests fill caches of the process and compile its code. */
const WARM_UP = Math.min(5000, requests / 10);
const STEP = Math.max(1, Math.floor((requests - WARM_UP) / 10));

/** Ctrl-C ends the run early, with a report of what was sent. */
const stopped = new AbortController();
process.once('SIGINT', () => stopped.abort());
process.once('SIGTERM', () => stopped.abort());

await using server = await openFuzzedServer();
const samples: Measured[] = [];
const startedAt = performance.now();
const report = await runFuzz({
  ...server.target,
  requests,
  seed,
  signal: stopped.signal,
  async onDone(done) {
    if (done < WARM_UP || (done - WARM_UP) % STEP !== 0) return;
    const measured = await server.measure();
    samples.push(measured);
    console.error(
      `${done} done: ${megabytes(measured.heapBytes)} MB heap, ${megabytes(measured.residentBytes)} MB resident`,
    );
  },
});
const hasCrashed = server.hasEnded();
const quiet = hasCrashed ? undefined : await server.settled();
const { faults, ...counts } = report;
for (const { fault, times, example } of faults) console.error(`\n${times} × ${fault}\n${example}`);
const isInLog = server.log().includes(CANARY);
if (isInLog) console.error('The log has a value of a caller.');
const complaints = server
  .log()
  .split('\n')
  .filter((line) => /"level":(50|60)/.test(line));
for (const line of complaints.slice(0, 5)) console.error(line);

const middle = samples[samples.length >> 1];
console.log(
  JSON.stringify({
    ...counts,
    seconds: Math.round((performance.now() - startedAt) / 1000),
    faults: faults.reduce((sum, { times }) => sum + times, 0),
    failures5xx: faults.filter(({ fault }) => fault.startsWith('status 5')).length,
    isCanaryInLog: isInLog,
    errorsInLog: complaints.length,
    heapMegabytes: { start: heapOf(samples[0]), middle: heapOf(middle), end: heapOf(quiet) },
    residentMegabytes: { start: residentOf(samples[0]), middle: residentOf(middle), end: residentOf(quiet) },
    sockets: { start: server.socketsAtStart, end: quiet?.sockets ?? null },
    redisCommandsPerSecondAtEnd: quiet?.commandsPerSecond ?? null,
    hasCrashed,
  }),
);
process.exitCode = faults.length > 0 || isInLog || hasCrashed ? 1 : 0;

function heapOf(measured: Measured | undefined): number | null {
  return measured ? megabytes(measured.heapBytes) : null;
}

function residentOf(measured: Measured | undefined): number | null {
  return measured ? megabytes(measured.residentBytes) : null;
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 104_857.6) / 10;
}
