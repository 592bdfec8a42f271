import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CountedRun, countRuns, RUN_OUTCOMES } from '../../../src/observe/count-runs.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { parseExposition, valueIn } from '../../support/exposition.ts';

const KIND = 'message-transmission';
const AT_MS = Date.UTC(2026, 0, 1);
const GOES_ON = ['retry', 'throttled'];

const run: fc.Arbitrary<CountedRun> = fc.record({
  kind: fc.constantFrom(KIND, 'card-delivery'),
  tenantId: fc.constantFrom('acme', 'globex', undefined),
  outcome: fc.constantFrom(...RUN_OUTCOMES),
  latencyMs: fc.integer({ min: -5000, max: 100_000_000 }),
  atMs: fc.constant(AT_MS),
});

describe('the counter of runs', () => {
  test('has kind, tenant and outcome, and a latency for each ended job', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(run, { maxLength: 30 }), async (runs) => {
        const scraped = await scrapeAfter(runs);

        for (const { kind, tenantId, outcome } of runs) {
          const same = runs.filter(
            (other) => other.kind === kind && other.tenantId === tenantId && other.outcome === outcome,
          );
          const labels = { kind, tenant: tenantId ?? '-', outcome };
          expect(valueIn(scraped, 'gwm_jobs_total', labels)).toBe(same.length);
        }
        const ends = runs.filter(({ kind, outcome }) => kind === KIND && !GOES_ON.includes(outcome));
        const measured = valueIn(scraped, 'gwm_job_latency_seconds_count', { kind: KIND });
        expect(measured ?? 0).toBe(ends.length);
      }),
      { numRuns: 30 },
    );
  });

  test('measures in seconds, and never below 0', async () => {
    const scraped = await scrapeAfter([
      { kind: KIND, tenantId: 'acme', outcome: 'delivered', latencyMs: 1500, atMs: AT_MS },
      { kind: KIND, tenantId: 'acme', outcome: 'delivered', latencyMs: -4000, atMs: AT_MS },
    ]);

    expect(valueIn(scraped, 'gwm_job_latency_seconds_sum', { kind: KIND })).toBe(1.5);
  });

  test('measures how long a delivered job waited before its request', async () => {
    const delivered = { kind: KIND, tenantId: 'acme', outcome: 'delivered', atMs: AT_MS } as const;
    const scraped = await scrapeAfter([
      { ...delivered, latencyMs: 1500, requestMs: 500 },
      { ...delivered, latencyMs: 100, requestMs: 300 },
      { ...delivered, outcome: 'failed', latencyMs: 9000 },
    ]);

    expect(valueIn(scraped, 'gwm_job_wait_seconds_sum', { kind: KIND })).toBe(1);
    expect(valueIn(scraped, 'gwm_job_wait_seconds_count', { kind: KIND })).toBe(2);
  });

  test('has every outcome from the start, so that the first dead letter is an increase', async () => {
    const scraped = await scrapeAfter([
      { kind: KIND, tenantId: 'acme', outcome: 'delivered', latencyMs: 1, atMs: AT_MS },
    ]);
    const counts = RUN_OUTCOMES.map((outcome) =>
      valueIn(scraped, 'gwm_jobs_total', { kind: KIND, tenant: 'acme', outcome }),
    );

    expect(counts).toEqual([1, 0, 0, 0, 0, 0]);
  });
});

async function scrapeAfter(runs: readonly CountedRun[]) {
  const metrics = createMetrics();
  const count = countRuns(metrics);
  for (const each of runs) count(each);
  return parseExposition(await metrics.registry.metrics());
}
