import { describe, expect, test } from 'vitest';
import {
  allDelivered,
  CARDS,
  CHANGES,
  EMBEDS,
  expectNothingLeft,
  lastLineOf,
  ownRedis,
  PLATFORM_MESSAGES,
  ROLLOUTS,
  SYNCS,
  untilAllEnded,
  writeMessages,
} from '../support/demo.ts';
import { startGwm } from '../support/gwm.ts';
import { watchLeftovers } from '../support/leftovers.ts';
import type { TestProcess } from '../support/processes.ts';
import { waitFor } from '../support/wait-for.ts';

/**
 * The number of concurrent calls to the receiver for each tenant (WEBHOOK_ENDPOINT_CONCURRENCY).
 */
const CALLS_AT_A_TIME = 20;

describe('gwm demo', () => {
  test('delivers everything although a worker is killed', async () => {
    const leftovers = await watchLeftovers();
    const file = await writeMessages(400, 4);
    const demo = startGwm(['demo', '--json', '--messages', file], { env: ownRedis(leftovers) });
    const workers = /processes (\d+) and \d+/.exec(await demo.line(/Workers .*processes/));
    await untilAccepted(demo, 80);

    process.kill(Number(workers?.[1]), 'SIGKILL');

    expect(await demo.exit).toEqual({ code: 0, signal: null });
    expect(demo.stderr.join('\n')).toMatch(/was ended by SIGKILL; a new one takes its place/);
    const { queues, ingest, callbacks, sandbox } = lastLineOf(demo);
    expect(queues).toEqual(allDelivered({ messages: 400, tenants: 4 }));
    expect(ingest).toEqual({ library: 246 + PLATFORM_MESSAGES, http: 134, cloudEvents: 20, replayed: 134 });
    // Each message arrived once, except those that the worker was sending.
    expect(sandbox.accepted - sandbox.duplicates).toBe(400 + PLATFORM_MESSAGES + 4 * CARDS + CHANGES);
    expect(sandbox.outOfOrder).toBe(0);
    // Every ended job has one callback, except those that the worker was calling.
    const jobs = 400 + PLATFORM_MESSAGES + 4 * (CARDS + EMBEDS) + ROLLOUTS + SYNCS;
    expect(callbacks).toMatchObject({ verified: jobs, failed: 0 });
    expect(callbacks.duplicates).toBeLessThanOrEqual(4 * CALLS_AT_A_TIME);
    await expectNothingLeft(leftovers);
  });

  test('exits cleanly on Ctrl-C, and leaves nothing behind', async () => {
    const leftovers = await watchLeftovers();
    const file = await writeMessages(400, 1);
    const demo = startGwm(['demo', '--messages', file], { env: ownRedis(leftovers) });
    await untilAccepted(demo, 1);

    demo.kill('SIGINT');

    expect(await demo.exit).toEqual({ code: 130, signal: null });
    expect(demo.stderr).toEqual([]);
    await expectNothingLeft(leftovers);
  });

  test('takes its processes along when it is killed', async () => {
    const leftovers = await watchLeftovers();
    const file = await writeMessages(400, 1);
    const demo = startGwm(['demo', '--messages', file], {
      env: { ...ownRedis(leftovers), SHUTDOWN_TIMEOUT: '1s' },
    });
    await untilAccepted(demo, 1);
    expect((await leftovers.processes()).length).toBeGreaterThanOrEqual(5);

    demo.kill('SIGKILL');
    await demo.exit;

    await untilAllEnded(leftovers);
  });

  test('names the part that ended unexpectedly, and exits 1', async () => {
    const leftovers = await watchLeftovers();
    const file = await writeMessages(400, 1);
    const demo = startGwm(['demo', '--messages', file], { env: ownRedis(leftovers) });
    await untilAccepted(demo, 1);
    const sandbox = (await leftovers.processes()).find((line) => line.includes('main.js sandbox'));

    process.kill(Number.parseInt(sandbox ?? '', 10), 'SIGKILL');

    expect(await demo.exit).toEqual({ code: 1, signal: null });
    expect(demo.stderr.join('\n')).toBe('The sandbox was ended by SIGKILL.');
    await expectNothingLeft(leftovers);
  });
});

async function untilAccepted(demo: TestProcess, count: number): Promise<void> {
  const stats = /http:\S+/.exec(await demo.line(/Sandbox .*http/))?.[0] ?? '';
  const accepted = async () => ((await (await fetch(stats)).json()) as { accepted: number }).accepted;
  await waitFor(async () => (await accepted()) >= count, { what: `${count} messages` });
}
