import { describe, expect, test } from 'vitest';
import { openOwnRedis } from '../../support/own-redis.ts';
import { openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { openServer } from './stage.ts';

describe('health', () => {
  test('reports that the process answers, and that it is ready', async () => {
    const { url } = await openServer(await openSystem());

    expect(await ask(`${url}/healthz`)).toEqual([200, { status: 'ok' }]);
    expect(await ask(`${url}/readyz`)).toEqual([
      200,
      // The Redis of the tests has no append-only file.
      {
        status: 'ok',
        checks: { redis: 'ok' },
        warnings: [expect.stringMatching(/^appendonly of Redis is off/)],
      },
    ]);
  });

  test('needs no login', async () => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: 'a long password' });

    expect(await ask(`${url}/healthz`)).toEqual([200, { status: 'ok' }]);
    expect((await ask(`${url}/readyz`))[0]).toBe(200);
  });

  test('follows the state of Redis', async () => {
    const redis = await openOwnRedis();
    const { url } = await openServer(await openSystem({ redis }));
    expect((await ask(`${url}/readyz`))[0]).toBe(200);

    await redis.kill();
    await waitFor(async () => (await ask(`${url}/readyz`))[0] === 503, {
      what: 'a server that is not ready',
    });
    expect(await ask(`${url}/readyz`)).toEqual([
      503,
      { status: 'unavailable', checks: { redis: 'no answer' } },
    ]);
    expect(await ask(`${url}/healthz`)).toEqual([200, { status: 'ok' }]);

    await redis.restart();
    await waitFor(async () => (await ask(`${url}/readyz`))[0] === 200, {
      what: 'a server that is ready again',
    });
  });

  test('answers in time while Redis hangs', async () => {
    const redis = await openOwnRedis();
    const { url } = await openServer(await openSystem({ redis }));
    await redis.kill('SIGSTOP');

    expect((await ask(`${url}/readyz`))[0]).toBe(503);

    await redis.kill('SIGCONT');
    await waitFor(async () => (await ask(`${url}/readyz`))[0] === 200, {
      what: 'a server that is ready again',
    });
  });
});

async function ask(address: string): Promise<[number, unknown]> {
  const response = await fetch(address, { signal: AbortSignal.timeout(60_000) });
  return [response.status, await response.json()];
}
