import { expect, test } from 'vitest';
import { createApiKeys } from '../../../src/access/api-keys.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { runFuzz } from '../../fuzz/run.ts';
import { CANARY } from '../../fuzz/values.ts';
import { startGwm } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { openSystem } from '../../support/system.ts';

/** `npm run fuzz -- --seed N` sends other requests, and many more of them. */
const SEED = 4711;
const REQUESTS = 1500;

test(`answers ${REQUESTS} odd requests with seed ${SEED}, and quotes none of their values`, async () => {
  const system = await openSystem({ tenants: [{ id: 'acme', callback: {} }, 'globex'] });
  const apiKeys = createApiKeys({ client: system.client, keys: system.keys, clock: systemClock });
  const all = await apiKeys.create({ name: 'all', tenants: 'all', scopes: ['admin'] });
  const one = await apiKeys.create({ name: 'one', tenants: ['acme'], scopes: ['send', 'read', 'operate'] });
  const serve = startGwm(['serve'], {
    env: { ...system.environment, HTTP_PORT: '0', API_RATE: '100000', API_BURST: '1000000' },
  });
  const [, port = ''] = /:(\d+), board/.exec(await serve.line(/listening on/)) ?? [];
  const { url } = await openReceiver();

  const report = await runFuzz({
    port: Number(port),
    requests: REQUESTS,
    seed: SEED,
    secrets: [all.secret, one.secret],
    receiverUrl: url,
  });

  expect(report.faults).toEqual([]);
  expect(report.requests).toBe(REQUESTS);
  serve.kill();
  const { code } = await serve.exit;
  const log = [...serve.stdout, ...serve.stderr].join('\n');
  expect(log).not.toContain(CANARY);
  expect(log).not.toContain('a request failed');
  // It ends in order, so it did not crash before.
  expect(code).toBe(0);
});
