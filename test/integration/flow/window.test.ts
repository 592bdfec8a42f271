import { describe, expect, test } from 'vitest';
import { work } from '../../support/flow/crew.ts';
import { type CountingServer, createGcraServer, createWindowServer } from '../../support/flow/minute.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { Reply, Run, World } from '../../support/flow/world-shapes.ts';

const ALLOWED = 60;
const LIMIT = { capacity: ALLOWED, ratePerSecond: ALLOWED / 60 };
const MINUTE_MS = 60_000;

/** A world with a backlog, whose requests reach the server when they leave. */
async function openAt(server: CountingServer, limit = LIMIT, jobs = 400) {
  const world = openWorld();
  for (const bucketClass of ['platform', 'messages'] as const) {
    const bucket = { tenantId: 'acme', bucketClass };
    await world.flow.configure(bucket, { inFlight: 1000, ...limit }, { countsTogether: true });
  }
  await world.accept(Array.from({ length: jobs }, (_, n) => ({ id: `j${n}`, lane: `l${n}` })));
  const answers = new Map<string, Reply>();
  const reply = ({ job: { id } }: Run): Reply => answers.get(id) ?? { kind: 'failed' };
  /** The server takes each request at the moment of its grant, in order. */
  const send = (atMs: number): Reply => {
    const { isRefused, allowance } = server.take(atMs);
    if (isRefused) return { kind: 'throttled', retryAfterMs: 1000 };
    return { kind: 'sent', allowance: { ...allowance, sentAtMs: atMs } };
  };
  let seen = 0;
  const answerOf = (run: Run): Reply => {
    for (const { id, atMs } of world.grants.slice(seen)) answers.set(id, send(atMs));
    seen = world.grants.length;
    return reply(run);
  };
  return {
    world,
    /** The server takes a request of the test. */
    send,
    run(forMs: number, answerMs: number) {
      seen = world.grants.length;
      return work(world, forMs, { answerMs, reply: answerOf });
    },
  };
}

/** Grants in each minute since the first one. */
function perMinute({ grants }: World, minutes: number): number[] {
  const first = grants[0]?.atMs ?? 0;
  return Array.from(
    { length: minutes },
    (_, n) => grants.filter(({ atMs }) => Math.floor((atMs - first) / MINUTE_MS) === n).length,
  );
}

describe('a server with fixed windows', () => {
  test.for([10, 900, 4000])(
    'is used to the full and never refuses, with answers after %d ms',
    async (answerMs) => {
      const server = createWindowServer(ALLOWED);
      const { world, run } = await openAt(server);

      await run(3 * MINUTE_MS, answerMs);

      expect(server.refused).toBe(0);
      for (const sent of perMinute(world, 3)) expect(sent).toBeGreaterThanOrEqual(ALLOWED - 3);
    },
  );

  test('refuses hardly more than the requests under way if another program uses its token', async () => {
    const server = createWindowServer(ALLOWED);
    const { world, run } = await openAt(server);
    for (let n = 0; n < ALLOWED / 2; n++) server.take(world.now());

    await run(2 * MINUTE_MS, 100);

    // Of the burst that leaves before the first answer, half is refused. Then the bucket knows.
    expect(server.refused).toBeLessThanOrEqual(ALLOWED / 2 + 1);
  });

  test('that allows less than the tenants file teaches the bucket its own limit', async () => {
    const server = createWindowServer(ALLOWED / 2);
    const { world, run } = await openAt(server);

    await run(3 * MINUTE_MS, 50);

    const [, second = 0, third = 0] = perMinute(world, 3);
    expect(Math.max(second, third)).toBeLessThanOrEqual(ALLOWED / 2 + 1);
  });
});

test('a GCRA is used at its rate, and not in bursts of a minute', async () => {
  const server = createGcraServer(ALLOWED);
  const { world, run } = await openAt(server);

  await run(3 * MINUTE_MS, 50);

  expect(server.refused).toBe(0);
  const [, second = 0, third = 0] = perMinute(world, 3);
  expect(second).toBeGreaterThanOrEqual(ALLOWED - 3);
  expect(third).toBeGreaterThanOrEqual(ALLOWED - 3);
  const late = world.grants.filter(({ atMs }) => atMs > (world.grants[0]?.atMs ?? 0) + 70_000);
  const gaps = late.slice(1).map(({ atMs }, n) => atMs - (late[n]?.atMs ?? 0));
  expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * (MINUTE_MS / ALLOWED));
});

describe('a token that is revoked, so that the next one opens a window of its own', () => {
  /** A server that counts from the start again when a token is replaced. */
  function createRenewedServer(): CountingServer & { renew(): void } {
    const tokens = [createWindowServer(ALLOWED)];
    return {
      renew: () => tokens.unshift(createWindowServer(ALLOWED)),
      take: (nowMs) => (tokens[0] as CountingServer).take(nowMs),
      get refused() {
        return tokens.reduce((sum, { refused }) => sum + refused, 0);
      },
    };
  }

  test.for([
    [5, 10],
    [20, 10],
    [20, 4000],
    [29, 900],
    [45, 10],
    [58, 900],
  ] as const)('after %d s leads to no refusal, with answers after %d ms', async ([seconds, answerMs]) => {
    const server = createRenewedServer();
    const { world, run } = await openAt(server, LIMIT, ALLOWED / 2);
    await run(seconds * 1000, answerMs);
    server.renew();
    await accept(world, 400);

    await run(3 * MINUTE_MS, answerMs);

    expect(server.refused).toBe(0);
    expect(world.grants.length).toBeGreaterThanOrEqual(2.5 * ALLOWED);
  });

  test('is believed although the answer to a request with the old one comes later', async () => {
    const server = createRenewedServer();
    const { world, run, send } = await openAt(server, LIMIT, 20);
    const slow = await world.start('j0');
    const late = send(world.now());
    for (let n = 1; n < 10; n++) await world.work(`j${n}`, send(world.now()));
    world.pass(10_000);
    server.renew();
    for (let n = 10; n < 20; n++) await world.work(`j${n}`, send(world.now()));
    world.pass(2000);
    await world.conclude(slow, late);
    await world.leave(slow);
    await accept(world, 400);

    await run(2 * MINUTE_MS, 10);

    expect(server.refused).toBe(0);
    expect(world.grants.length).toBeGreaterThanOrEqual(2 * ALLOWED);
  });

  async function accept(world: World, count: number): Promise<void> {
    await world.accept(Array.from({ length: count }, (_, n) => ({ id: `more${n}`, lane: `more${n}` })));
  }
});

describe('a tenant whose classes are counted together', () => {
  test('has one bucket for all of them, and lanes follow it', async () => {
    const world = openWorld();
    await world.configure('acme', { capacity: 1, ratePerSecond: 0.001 });
    await world.accept(Array.from({ length: 20 }, (_, n) => ({ id: `j${n}`, lane: `l${n}` })));
    const limit = { capacity: 100, ratePerSecond: 100 };
    for (const bucketClass of ['messages', 'cards', 'platform'] as const) {
      await world.flow.configure({ tenantId: 'acme', bucketClass }, limit, { countsTogether: true });
    }
    const status = (bucketClass: 'messages' | 'cards' | 'platform') =>
      world.flow.status({ tenantId: 'acme', bucketClass });

    expect(await status('messages')).toEqual(await status('platform'));
    expect((await status('cards')).lanesReserved).toBeGreaterThan(0);
    await world.flow.pause({ tenantId: 'acme', bucketClass: 'cards' }, 60_000, 'by hand');
    expect((await status('messages')).reason).toBe('by hand');
    await world.resume('acme');
    await world.reconcile();
    await work(world, 60_000, { until: () => [...world.jobs.values()].every(({ end }) => end === 'sent') });
    expect([...world.jobs.values()].filter(({ end }) => end !== 'sent')).toEqual([]);
  });

  test('goes back to a bucket for each class', async () => {
    const world = openWorld();
    const limit = { capacity: 100, ratePerSecond: 100 };
    const configure = async (countsTogether: boolean) => {
      for (const bucketClass of ['messages', 'cards', 'platform'] as const) {
        await world.flow.configure({ tenantId: 'acme', bucketClass }, limit, { countsTogether });
      }
    };
    await configure(true);
    await world.pause('acme', 60_000);
    await world.accept(Array.from({ length: 20 }, (_, n) => ({ id: `j${n}`, lane: `l${n}` })));
    await configure(false);

    await work(world, 60_000, { until: () => [...world.jobs.values()].every(({ end }) => end === 'sent') });

    expect([...world.jobs.values()].filter(({ end }) => end !== 'sent')).toEqual([]);
    const { lanesWaiting, lanesReserved } = await world.flow.status({
      tenantId: 'acme',
      bucketClass: 'platform',
    });
    expect(lanesWaiting + lanesReserved).toBe(0);
  });
});
