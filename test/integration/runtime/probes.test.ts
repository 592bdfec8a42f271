import { expect, test } from 'vitest';
import { metricsUrlOf, startGwm, startWorker } from '../../support/gwm.ts';
import { freePort } from '../../support/listen.ts';
import { openLoadingRedis } from '../../support/loading-redis.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

/** So that a heartbeat lives for half a second. */
const QUICK = { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' };

test('a worker is alive and not ready while Redis is away, and ready again afterwards', async () => {
  const redis = await openOwnRedis();
  const system = await openSystem({ redis });
  const ask = statusAt(await metricsUrlOf(await startWorker(system, { ...QUICK, METRICS_PORT: '0' })));

  expect([await ask('/healthz'), await ask('/readyz')]).toEqual([200, 200]);
  await redis.kill('SIGSTOP');
  await waitFor(async () => (await ask('/readyz')) === 503, { what: 'a worker that is not ready' });
  expect(await ask('/healthz')).toBe(200);
  await redis.kill('SIGCONT');
  await waitFor(async () => (await ask('/readyz')) === 200, { what: 'a worker that is ready again' });
});

test('a worker answers probes while it waits for a Redis that loads its data', async () => {
  const redis = await openLoadingRedis();
  const system = await openSystem({ redis });
  const port = String(await freePort());
  const ask = statusAt(`http://127.0.0.1:${port}/metrics`);
  await redis.load();

  const worker = startGwm(['worker'], { env: { ...system.environment, METRICS_PORT: port } });
  await waitFor(async () => (await ask('/healthz').catch(() => 0)) === 200, { what: 'a live worker' });
  expect([await ask('/readyz'), await ask('/metrics')]).toEqual([503, 503]);

  await redis.finish();
  await worker.line(/"worker started"/);
  await waitFor(async () => (await ask('/readyz')) === 200, { what: 'a worker that is ready' });
  expect(await ask('/metrics')).toBe(200);
});

function statusAt(metrics: string) {
  return async (path: string) => (await fetch(new URL(path, metrics))).status;
}
