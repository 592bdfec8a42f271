import { describe, expect, test } from 'vitest';
import { createRecentReader, type Recent } from '../../../src/counts/recent.ts';
import { summaryOf } from '../../../src/counts/summary.ts';
import type { LayoutState } from '../../../src/redis/layout.ts';
import { setCounts } from './stage.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

function stage() {
  const counts = setCounts();
  const reader = createRecentReader(counts);
  const delivered = async (tenantId = 'acme') =>
    deliveredIn((await reader.of(counts.clock.now())).get(tenantId));
  return { ...counts, reader, delivered };
}

function deliveredIn(recent: Recent | undefined) {
  return recent && [recent.minute.get('delivered') ?? 0, recent.hour.get('delivered') ?? 0];
}

describe('the recent counts of all tenants', () => {
  test('follow what workers add, in the open spans and in those that have just ended', async () => {
    const { clock, worker, run, delivered } = stage();
    const counting = worker();
    counting.count(run());
    counting.count(run({ kind: 'card-delivery' }));
    await counting.flush();
    expect(await delivered()).toEqual([2, 2]);

    counting.count(run());
    clock.advance(SECOND);
    counting.count(run());
    await counting.flush();
    expect(await delivered()).toEqual([4, 4]);
    expect(await delivered('globex')).toBeUndefined();
  });

  test('lose a count when its time is over', async () => {
    const { clock, worker, run, delivered } = stage();
    const counting = worker();
    counting.count(run());
    await counting.flush();

    expect(await delivered()).toEqual([1, 1]);
    clock.advance(70 * SECOND);
    expect(await delivered()).toEqual([0, 1]);
    clock.advance(58 * MINUTE);
    expect(await delivered()).toEqual([0, 1]);
    clock.advance(16 * MINUTE);
    expect(await delivered()).toBeUndefined();
  });

  test('have what comes late, after five minutes at most', async () => {
    const { clock, worker, run, delivered } = stage();
    const counting = worker();
    counting.count(run());
    await counting.flush();
    const then = clock.now();
    clock.advance(10 * SECOND);
    expect(await delivered()).toEqual([1, 1]);

    counting.count(run({ atMs: then }));
    await counting.flush();
    clock.advance(5 * MINUTE);
    expect(await delivered()).toEqual([0, 2]);
  });

  test('are those of windows, without job latencies', async () => {
    const { clock, worker, run, windows, reader } = stage();
    const counting = worker();
    for (const requestMs of [5, 80, 700]) counting.count(run({ requestMs }));
    counting.count(run({ outcome: 'throttled' }));
    await counting.flush();

    const recent = (await reader.of(clock.now())).get('acme');
    const { counts, latency, jobLatency } = summaryOf(recent?.hour ?? new Map());

    const { hour } = await windows();
    expect({ counts, latency }).toEqual({ counts: hour.counts, latency: hour.latency });
    expect(jobLatency).toBeNull();
  });

  test('come from both partitions of a tenant that moves', async () => {
    const { keys, client, clock, worker, run, delivered } = stage();
    const counting = worker();
    counting.count(run());
    await counting.flush();
    const from = keys.layout.homeOf('acme');
    keys.layout.replace(movingFrom(keys.layout.state, from, 1 - from));
    counting.count(run());
    await counting.flush();

    expect(keys.layout.placesOf('acme')).toHaveLength(2);
    expect(await delivered()).toEqual([2, 2]);
    // A move merges the counts, and lists no hash.
    const slot = `q${Math.floor(clock.now() / (15 * MINUTE))}`;
    await client.del(keys.activeCounts(1 - from, slot));
    expect(await delivered()).toEqual([2, 2]);
  });
});

function movingFrom(state: LayoutState, from: number, to: number): LayoutState {
  const move = { from, to, step: 'leaving', version: 1 } as const;
  return { ...state, version: 1, homes: new Map([['acme', { at: to, move }]]) };
}

test('the second look at many tenants reads only what may have changed', async () => {
  const { clock, client, worker, run, reader } = stage();
  const counting = worker();
  for (let tenant = 0; tenant < 50; tenant++) counting.count(run({ tenantId: `tenant-${tenant}` }));
  await counting.flush();
  // The connection has commands of its own.
  await client.ping();
  const commands = countCommands(client);

  await reader.of(clock.now());
  const first = commands.take();
  clock.advance(30 * SECOND);
  await reader.of(clock.now());
  const second = commands.take();

  // Seven slices, and the one of five quarters that is listed.
  expect(first).toEqual({ smembers: 10, hgetall: 50 * 8 });
  // Those that were not long over: the quarter, the slice of that time, and three more since.
  expect(second).toEqual({ smembers: 10, hgetall: 50 * 5 });
  clock.advance(SECOND);
  await reader.of(clock.now());
  // The open slice, and the one that has just ended.
  expect(commands.take()).toEqual({ smembers: 10, hgetall: 50 * 2 });
});

/** Counts the commands that a client hands to its pipelines and connection. */
function countCommands(client: ReturnType<typeof setCounts>['client']) {
  let counted: Record<string, number> = {};
  const send = client.sendCommand.bind(client);
  client.sendCommand = ((command: { readonly name: string }, ...rest: []) => {
    counted[command.name] = (counted[command.name] ?? 0) + 1;
    return send(command as never, ...rest);
  }) as never;
  return {
    take() {
      const taken = counted;
      counted = {};
      return taken;
    },
  };
}
