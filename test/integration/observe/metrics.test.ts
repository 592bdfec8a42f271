import { beforeAll, describe, expect, test } from 'vitest';
import { parseExposition, type ScrapedMetric, valueIn } from '../../support/exposition.ts';
import { metricsUrlOf, startGwm, startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { message, openSystem, type System } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

/** The fields of a message of this file. */
interface Fields {
  readonly tenantId: string;
  readonly conversationId?: string;
}

const TENANTS = ['acme', 'globex', 'hooli', 'initech', 'umbrella'];
const NOTHING = { delivered: 0, failed: 0, expired: 0, held: 0, retry: 0, throttled: 0 };

type Scraped = ReadonlyMap<string, ScrapedMetric>;

describe('the metrics of a worker', () => {
  let system: System;
  let worker: TestProcess;

  beforeAll(async () => {
    system = await openSystem({ tenants: [...TENANTS, 'gone'] });
    await system.writeTenants(TENANTS);
    worker = await startWorker(system, { METRICS_PORT: '0' });
  });

  test('count a delivery once, with its latency', async () => {
    const enqueuedAtMs = performance.now();
    await run({ tenantId: 'acme' });

    const scraped = await scrapeUntil((now) => countOf(now, 'acme', 'delivered') === 1);

    expect(outcomesOf(scraped, 'acme')).toEqual({ ...NOTHING, delivered: 1 });
    const latencySeconds = valueIn(scraped, 'gwm_job_latency_seconds_sum', { kind: KIND }) ?? 0;
    expect(latencySeconds).toBeGreaterThan(0);
    expect(latencySeconds).toBeLessThan((performance.now() - enqueuedAtMs) / 1000);
    expect(valueIn(scraped, 'gwm_job_wait_seconds_count', { kind: KIND })).toBe(1);
    expect(valueIn(scraped, 'gwm_tokens_fetched_total', { tenant: 'acme', result: 'fetched' })).toBe(1);
  });

  test('count failed attempts and the dead letter', async () => {
    await system.sandbox.inject({ operations: { 'message.send': { errors: [{ status: 503, rate: 1 }] } } });
    await run({ tenantId: 'globex' });
    await system.sandbox.inject({});

    const scraped = await scrapeUntil((now) => countOf(now, 'globex', 'failed') === 1);

    const { retry, ...others } = outcomesOf(scraped, 'globex');
    expect({ ...others, retry: 0 }).toEqual({ ...NOTHING, failed: 1 });
    expect(retry).toBeGreaterThan(0);
  });

  test('count a 429 apart from failed attempts', async () => {
    await system.sandbox.inject({
      operations: { 'message.send': { errors: [{ status: 429, rate: 1, times: 1, retryAfterSeconds: 1 }] } },
    });
    await run({ tenantId: 'hooli' });

    const scraped = await scrapeUntil((now) => countOf(now, 'hooli', 'delivered') === 1);

    expect(outcomesOf(scraped, 'hooli')).toEqual({ ...NOTHING, delivered: 1, throttled: 1 });
  });

  test('count an expired message', async () => {
    await system.expire(KIND, message({ tenantId: 'initech' }));

    const scraped = await scrapeUntil((now) => countOf(now, 'initech', 'expired') === 1);

    expect(outcomesOf(scraped, 'initech')).toMatchObject({ delivered: 0, failed: 0, expired: 1 });
  });

  test('count a delivery once when its report is repeated', async () => {
    const jobId = await run({ tenantId: 'umbrella' });
    await (await system.queues.of(KIND, 'umbrella').getJob(jobId))?.retry('completed');
    await worker.line(/"endedBefore":true/);
    await run({ tenantId: 'umbrella', conversationId: 'conv-afterwards' });

    const scraped = await scrapeUntil((now) => (countOf(now, 'umbrella', 'delivered') ?? 0) > 1);

    expect(countOf(scraped, 'umbrella', 'delivered')).toBe(2);
  });

  test('have no label for an unknown tenant', async () => {
    await run({ tenantId: 'gone' });

    const scraped = await scrapeUntil((now) => countOf(now, '-', 'failed') === 1);

    const tenants = (scraped.get('gwm_jobs_total')?.samples ?? []).map(({ labels }) => labels['tenant']);
    expect(tenants).not.toContain('gone');
  });

  /**
   * Enqueues one message and waits for its end.
   * @returns the id of its job.
   */
  async function run(fields: Fields): Promise<string> {
    const { jobIds } = await system.openProducer().enqueue(KIND, message(fields));
    await system.ended(jobIds[0], { tenantId: fields.tenantId });
    return jobIds[0] ?? '';
  }

  async function scrapeUntil(isThere: (scraped: Scraped) => boolean): Promise<Scraped> {
    const url = await metricsUrlOf(worker);
    const probe = async () => {
      const response = await fetch(url);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
      const scraped = parseExposition(await response.text());
      return isThere(scraped) ? scraped : undefined;
    };
    return await waitFor(probe, { what: 'the count' });
  }
});

describe('a worker', () => {
  test('logs the address of its metrics at its start, and serves none after its stop', async () => {
    const worker = await startWorker(await openSystem(), { METRICS_PORT: '0' });
    const url = await metricsUrlOf(worker);
    expect((await fetch(url)).status).toBe(200);

    worker.kill('SIGTERM');

    expect(await worker.exit).toEqual({ code: 0, signal: null });
    await expect(fetch(url)).rejects.toThrow();
  });

  test('serves no metrics without a port', async () => {
    const worker = await startWorker(await openSystem());

    expect(JSON.parse(await worker.line(/"worker started"/))).not.toHaveProperty('metrics');
  });

  test('does not start if its port is taken, with an error in plain words', async () => {
    const system = await openSystem();
    const { port } = new URL(await metricsUrlOf(await startWorker(system, { METRICS_PORT: '0' })));

    const second = startGwm(['worker'], { env: { ...system.environment, METRICS_PORT: port } });

    expect(await second.exit).toEqual({ code: 69, signal: null });
    expect(second.stderr.join('\n')).toMatch(
      new RegExp(
        `^Cannot serve metrics on 127\\.0\\.0\\.1 port ${port} \\(.*\\)\\. Set METRICS_HOST and METRICS_PORT`,
      ),
    );
    expect(second.stderr.join('\n')).not.toMatch(/^\s+at /m);
    expect(second.stdout.join('\n')).not.toContain('worker started');
  });
});

function countOf(scraped: Scraped, tenant: string, outcome: string): number | undefined {
  return valueIn(scraped, 'gwm_jobs_total', { kind: KIND, tenant, outcome });
}

function outcomesOf(scraped: Scraped, tenant: string): Record<string, number> {
  const own = (scraped.get('gwm_jobs_total')?.samples ?? []).filter(
    ({ labels }) => labels['tenant'] === tenant,
  );
  return Object.fromEntries(own.map(({ labels, value }) => [labels['outcome'], value]));
}
