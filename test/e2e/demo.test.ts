import { describe, expect, test } from 'vitest';
import { openRedis } from '../../src/redis/connect.ts';
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
  STEPS,
  SYNCS,
  writeMessages,
} from '../support/demo.ts';
import { runGwm, startGwm } from '../support/gwm.ts';
import { watchLeftovers } from '../support/leftovers.ts';
import { openOwnRedis } from '../support/own-redis.ts';
import { startProcess } from '../support/processes.ts';
import { openReceiver } from '../support/receiver.ts';
import { message } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

describe('gwm demo', () => {
  test('delivers a file in the Redis of REDIS_URL, prints the result on its last line, and leaves nothing behind', async () => {
    const redis = await openOwnRedis();
    const client = await openRedis({ url: redis.url, role: 'caller' });
    await client.set('of another program', 'stays');
    const leftovers = await watchLeftovers();
    const file = await writeMessages(60, 3);
    const demo = startGwm(['demo', '--json', '--messages', file], {
      env: { ...leftovers.env, REDIS_URL: redis.url },
    });
    await waitFor(async () => (await client.dbsize()) > 30, { what: 'its keys' });

    expect(await demo.exit).toEqual({ code: 0, signal: null });

    expect(demo.stdout).toHaveLength(1);
    expect(lastLineOf(demo)).toEqual({
      queues: allDelivered({ messages: 60, tenants: 3 }),
      ingest: { library: 20 + PLATFORM_MESSAGES, http: 20, cloudEvents: 20, replayed: 20 },
      callbacks: { verified: 93 + PLATFORM_MESSAGES, failed: 0, duplicates: 0 },
      sandbox: expect.objectContaining({
        accepted: 78 + CHANGES + PLATFORM_MESSAGES,
        duplicates: 0,
        outOfOrder: 0,
        rateLimited: 0,
      }),
      dialects: { guest: 78 + CHANGES, platform: PLATFORM_MESSAGES },
      audit: { ownRecords: 93 + STEPS + PLATFORM_MESSAGES, syncedRecords: 20, verified: true },
      seconds: expect.any(Number),
    });
    expect(await client.keys('*')).toEqual(['of another program']);
    client.disconnect();
    await expectNothingLeft(leftovers);
  });

  test('reports lines with errors by every way, delivers the others to its own receiver, and exits 1', async () => {
    const leftovers = await watchLeftovers();
    const receiver = await openReceiver();
    const expired = JSON.stringify(message({ tenantId: 'tenant-0', expiresAt: '2020-01-01T00:00:00Z' }));
    const elsewhere = JSON.stringify(message({ tenantId: 'tenant-0', callback: { url: receiver.url } }));
    // Lines 1 to 11 come by the library, up to 32 by HTTP, up to 52 as CloudEvents, then by the library.
    const changed = new Map([
      [3, elsewhere],
      [6, '{"tenantId": "tenant-0"'],
      [7, expired],
      [15, elsewhere],
      [20, '{"tenantId": "tenant-0"'],
      [21, expired],
      [33, expired],
      [34, elsewhere],
      [39, expired],
      [51, expired],
      [52, '["tenant-0"]'],
    ]);
    const file = await writeMessages(63, 1, (lines) => {
      for (const [line, text] of changed) lines[line - 1] = text;
    });

    const demo = startGwm(['demo', '--json', '--messages', file], { env: ownRedis(leftovers) });

    expect(await demo.exit).toEqual({ code: 1, signal: null });
    const reported = demo.stderr.filter((line) => line.includes('message-transmission, line'));
    const isExpired = expect.stringMatching(/^expiresAt: expected a time in the future/);
    expect(reported.map(errorOf)).toEqual([
      [6, 'expected JSON, one job on the line'],
      [7, isExpired],
      [20, 'expected JSON, one job on the line'],
      [21, isExpired],
      [52, 'expected an object'],
      [33, isExpired],
      [39, isExpired],
      [51, isExpired],
    ]);
    const { queues, ingest, callbacks } = lastLineOf(demo);
    const messages = 55 + PLATFORM_MESSAGES;
    expect(queues['message-transmission']).toEqual({ enqueued: messages, delivered: messages, failed: 0 });
    expect(ingest).toEqual({ library: 20 + PLATFORM_MESSAGES, http: 19, cloudEvents: 16, replayed: 19 });
    expect(callbacks).toEqual({
      verified: messages + CARDS + EMBEDS + ROLLOUTS + SYNCS,
      failed: 0,
      duplicates: 0,
    });
    expect(receiver.received).toEqual([]);
    await expectNothingLeft(leftovers);
  });

  test('prints a table for people, and with --keep commands that work in another terminal', async () => {
    const leftovers = await watchLeftovers();
    const file = await writeMessages(30, 3);
    // Only one worker can listen on this port. The demo has two.
    const env = { ...ownRedis(leftovers), METRICS_PORT: '9464' };
    const demo = startGwm(['demo', '--keep', '--messages', file], { env });
    await demo.line(/audit verify$/);

    const [curl = ''] = demo.stdout.filter((line) => line.startsWith('curl '));
    const posted = JSON.parse(await outputOf(curl)) as { id: string; status: string };
    const [, address, key] = /^curl (\S+)\/v1\/messages -H 'Authorization: Bearer (\S+)'/.exec(curl) ?? [];
    const commands = demo.stdout.slice(demo.stdout.findIndex((line) => line.startsWith('export ')));
    const said = await outputOf(commands.join('\n'));

    const text = demo.stdout.join('\n');
    expect(text).toMatch(/Board {5}http:\/\/127\.0\.0\.1:\d+\/board/);
    expect(text).toMatch(/message-transmission .* 70 .* 70 .* 0 /);
    expect(text).toMatch(/card-delivery .* 18 .* 18 .* 0 /);
    expect(text).toMatch(/embed-generation .* 12 .* 12 .* 0 /);
    expect(text).toMatch(/config-rollout .* 2 .* 2 .* 0 /);
    expect(text).toMatch(/audit-sync .* 1 .* 1 .* 0 /);
    expect(text).toMatch(/webhook-delivery .* 103 .* 103 .* 0 /);
    expect(text).toContain(
      'The library handed over 50 messages, HTTP 10, CloudEvents 10; the API replayed 10 that came again.\n' +
        'The sandbox accepted 110 messages, cards and changes, 0 of them twice, 0 out of order.\n' +
        '70 of them came in the dialect guest, 40 in the dialect platform.\n' +
        'The receiver verified 103 callbacks, 0 failed, 0 came twice.\n' +
        'The audit store has 125 records of our own and 20 of the sandbox; its chains of hashes are whole.\n',
    );
    expect(text).toContain(`API  ${address}/v1, and a page to try it at ${address}/docs\nKey  ${key}\n`);
    expect(posted.status).toBe('accepted');
    await untilDelivered(`${address}/v1/jobs/${posted.id}`, key ?? '');
    expect(said).toMatch(/tenant-0 [\s\S]*"jobId"[\s\S]*the chain is sound/);

    demo.kill('SIGINT');

    expect(await demo.exit).toEqual({ code: 0, signal: null });
    await expectNothingLeft(leftovers);
  });

  test('reports a file that it cannot use in plain words', async () => {
    const leftovers = await watchLeftovers();
    const empty = await writeMessages(0, 1);
    const { env } = leftovers;

    const missing = await runGwm(['demo', '--messages', '/nowhere/messages.ndjson'], { env });
    const nothing = await runGwm(['demo', '--messages', empty], { env });
    const standardInput = await runGwm(['demo', '--messages', '-'], { env, stdin: empty });

    expect(missing).toMatchObject({ code: 3, stdout: '' });
    expect(missing.stderr).toMatch(/^The file \/nowhere\/messages\.ndjson cannot be read: ENOENT/);
    expect(missing.stderr).not.toMatch(/^\s+at /m);
    expect(nothing).toMatchObject({ code: 1, stdout: '', stderr: `${empty} has no messages.` });
    expect(standardInput).toMatchObject({ code: 2, stdout: '' });
    expect(standardInput.stderr).toMatch(/^The demo reads its messages more than once/);
    await expectNothingLeft(leftovers);
  });
});

/** The number of a line and its error. */
function errorOf(report: string): [number, string] {
  const [, line, error = ''] = /line (\d+): (.*)$/.exec(report) ?? [];
  return [Number(line), error];
}

/** Runs lines in a shell, as a person pastes them. */
async function outputOf(lines: string): Promise<string> {
  const shell = startProcess('sh', ['-ec', lines]);
  expect(await shell.exit).toEqual({ code: 0, signal: null });
  return shell.stdout.join('\n');
}

/** Waits until a worker has delivered a job. */
async function untilDelivered(address: string, key: string): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const state = async () => ((await (await fetch(address, { headers })).json()) as { state: string }).state;
  await waitFor(async () => (await state()) === 'completed', { what: 'the delivery of a message' });
}
